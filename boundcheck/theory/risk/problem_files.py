"""The files that describe a problem: points as CSV, parameters as TOML; neither is trusted."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from flint import fmpq

from boundcheck.errors import BoundcheckError, did_you_mean
from boundcheck.exact.terms.rational import rational
from boundcheck.theory.ridge.kappa import LARGEST_DIMENSION
from boundcheck.theory.risk.scheduler_config import read_scheduler
from boundcheck.theory.risk.schedules import PARAMETERS as SCHEDULE

SECTIONS = {
    "data": ("d", "B", "second_moment", "fisher", "atoms", "weights", "classes", "data"),
    "schedule": SCHEDULE,
    "network": ("M", "depth", "width", "theta"),
    "sample": ("m", "eps", "first"),
}
"""The tables of a configuration file, and the parameters in each."""
MOST_POINTS = 1_000_000
MOST_NUMBERS = 10_000_000
"""Coordinates of all points together."""
MOST_BYTES = {"data": 2**28, "--config": 2**24}
"""Of the files that are read."""


def read_points(path: Path) -> list[tuple[fmpq, ...]]:
    """The points of a CSV file without header, a line for each, decimals read exactly;
    blank lines are skipped.

    Raises:
        BoundcheckError: no such file, no points, too many, or an entry that is no number.
    """
    points: list[tuple[fmpq, ...]] = []
    numbers = 0
    _check_file(path, f"data = {path}", MOST_BYTES["data"])
    try:
        with path.open(
            newline="", encoding="utf-8-sig"
        ) as stream:  # spreadsheets write a byte order mark
            for line, row in enumerate(csv.reader(stream), 1):
                if "".join(row).strip() or row[1:]:
                    numbers += len(row)
                    _check_size(path, len(points) + 1, len(row), numbers)
                    points.append(tuple(_number(v, path, line) for v in row))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise BoundcheckError(
            f"data = {path}: {reason}; it must be a CSV file with a point on each line"
        ) from None
    if not points:
        raise BoundcheckError(f"data = {path} has no points; it must have one on each line")
    return points


def _check_file(path: Path, where: str, most: int) -> None:
    """Neither pipes nor devices, which may never end."""
    if path.exists() and not path.is_file():
        raise BoundcheckError(f"{where} cannot be read: it is not a file")
    if path.exists() and path.stat().st_size > most:
        raise BoundcheckError(f"{where} is larger than {most} bytes; it is not read")


def _check_size(path: Path, points: int, coordinates: int, numbers: int) -> None:
    if coordinates > LARGEST_DIMENSION:
        raise BoundcheckError(
            f"data = {path}: the points have {coordinates} coordinates; at most "
            f"{LARGEST_DIMENSION} are possible"
        )
    if points > MOST_POINTS or numbers > MOST_NUMBERS:
        raise BoundcheckError(
            f"data = {path} has more than {MOST_POINTS} points or {MOST_NUMBERS} numbers; "
            "take fewer of them, or give d, B and second_moment instead"
        )


def _number(text: str, path: Path, line: int) -> fmpq:
    try:
        return rational(text.strip())
    except BoundcheckError:
        raise BoundcheckError(
            f"{path}, line {line}: {text.strip()[:40]!r} is no finite number; each line has "
            "numbers, separated by commas, and there is no header"
        ) from None


def read_config(path: Path) -> dict[str, str]:
    """The parameters in a TOML file with the tables [data], [schedule], [network],
    [sample], or in a scheduler_config.json of diffusers; decimals are exact.

    `data = "points.csv"` is relative to the file. Points and schedules can be written as lists.

    Raises:
        BoundcheckError: no such file, no TOML, an unknown table or key, or a value of another kind
            than numbers, texts and lists of them.
    """
    _check_file(path, f"--config {path}", MOST_BYTES["--config"])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BoundcheckError(
            f"--config {path} cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from None
    if path.suffix == ".json":
        return read_scheduler(path, text)
    try:
        document = tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:  # no TOML, or an integer with thousands of digits
        raise BoundcheckError(f"--config {path} is no TOML file: {error}") from None
    found: dict[str, str] = {}
    for section, content in document.items():
        if section not in SECTIONS or not isinstance(content, dict):
            tables = ", ".join(f"[{s}]" for s in SECTIONS)
            raise BoundcheckError(
                f"{path}: [{section[:40]}] is no table of a configuration; there are {tables}"
                f"{did_you_mean(section, SECTIONS)}"
            )
        for key, value in content.items():
            if key not in SECTIONS[section]:
                raise BoundcheckError(
                    f"{path}: [{section}] has no {key[:40]}; it takes "
                    f"{', '.join(SECTIONS[section])}{did_you_mean(key, SECTIONS[section])}"
                )
            found[key] = _text(value, f"{path}: {key}")
    if "data" in found:
        found["data"] = str(path.parent / found["data"])
    return found


def _text(value: object, where: str) -> str:
    if isinstance(value, list):
        if not value:
            raise BoundcheckError(f"{where} is an empty list")
        return ";".join(
            ":".join(_entry(v, where) for v in row) if isinstance(row, list) else _entry(row, where)
            for row in value
        )
    return _entry(value, where)


def _entry(value: object, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise BoundcheckError(
            f"{where} = {str(value)[:40]}; it must be a number, a text or a list of them, "
            "or of points"
        )
    return str(value)
