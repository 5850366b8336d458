"""What the end-to-end bound is about: data, schedule, network, sample; from parameters or a configuration file."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flint import fmpq

from boundcheck.errors import BoundcheckError, did_you_mean
from boundcheck.exact.rational import rational
from boundcheck.exact.settings import Settings, exact
from boundcheck.theory.kappa import LARGEST_DIMENSION
from boundcheck.theory.schedules import PARAMETERS as SCHEDULE
from boundcheck.theory.schedules import Schedule, schedule_of

PARAMETERS = ("d", "B", "second_moment", "atoms", "weights", "data", *SCHEDULE, "m", "M", "eps", "first", "sharp")
"""What `problem_of` reads."""
SECTIONS = {
    "data": ("d", "B", "second_moment", "atoms", "weights", "data"),
    "schedule": SCHEDULE,
    "network": ("M",),
    "sample": ("m", "eps", "first", "sharp"),
}
"""The tables of a configuration file, and the parameters in each."""
MOST_POINTS = 1_000_000
MOST_NUMBERS = 10_000_000
"""Coordinates of all points together."""
MOST_BYTES = {"data": 2**28, "--config": 2**24}
"""Of the files that are read."""
_LARGEST = fmpq(10) ** 100  # m, B, M, 1/B and 1/M: the search for good choices is one in doubles


@dataclass(frozen=True)
class Problem:
    """What the bound is about.

    Attributes:
        d: dimension of the data.
        B: they lie in [-B, B]^d.
        second_moment: E|x_0|² <= this.
        schedule: noise, and variances of the reverse steps.
        m: independent samples for each step.
        M: scale of the SignReLU neurons.
        eps: by how much the empirical risk may miss its minimum.
        first: the first step that counts: the model stops at x_(first-1).
        sharp: whether 11 B² log N/m replaces 16 B² (log N + 1)/m in the oracle inequality.
    """

    d: int
    B: fmpq
    second_moment: fmpq
    schedule: Schedule
    m: int
    M: fmpq
    eps: fmpq
    first: int
    sharp: bool


def problem_of(given: Settings) -> Problem:
    """The problem that parameters describe.

    The data: `d` and `B`, and `second_moment` if it is known to be below d B²; or all possible points, uniformly
    distributed unless `weights` are given: `atoms=0:0;1/2:-1/2`, or `data=FILE.csv`, a line for each. Points give d, B
    and the second moment; a stated B must contain them. The schedule: see `schedule_of`. `m` is needed, unless the data
    come from a file: then it is their number by default.

    Raises:
        BoundcheckError: a value that is missing or not admissible.
    """
    if given.has("atoms") and given.has("data"):
        raise BoundcheckError("atoms and data both give the points; leave one of them out")
    points: list[tuple[fmpq, ...]] = []
    if given.has("atoms"):
        points = [tuple(exact(v, "atoms") for v in row) for row in given.table("atoms")]
    elif given.has("data"):
        points = read_points(Path(given.text("data")))
    if given.has("weights") and not points:
        raise BoundcheckError("weights are probabilities of points; give the points too: atoms=... or data=...")
    d, B, moment = _points(given, points) if points else _support(given)
    schedule = schedule_of(given)
    _moderate("B", B, "scale the data")
    m = given.integer("m", len(points) if given.has("data") else None, least=1)
    if m > _LARGEST:
        raise BoundcheckError("m has more than 100 digits; the admissible range is 1 <= m <= 10**100")
    M, eps = given.rational("M", "2**40", above=0), given.rational("eps", "0")
    _moderate("M", M, "2**40 is usual")
    if eps < 0:
        raise BoundcheckError(f"eps = {eps}; the admissible range is eps >= 0")
    first = given.integer("first", min(2, schedule.T), least=1, most=schedule.T)
    return Problem(d, B, moment, schedule, m, M, eps, first, given.flag("sharp", False))


def _moderate(name: str, value: fmpq, remedy: str) -> None:
    if not 1 / _LARGEST <= value <= _LARGEST:
        shown = str(value) if value.height_bits() < 200 else "a number of many digits"
        raise BoundcheckError(f"{name} = {shown}; the admissible range is 1e-100 <= {name} <= 1e100: {remedy}")


def _support(given: Settings) -> tuple[int, fmpq, fmpq]:
    d = given.integer("d", 1, least=1, most=LARGEST_DIMENSION)
    B = given.rational("B", "1", above=0)
    moment = given.rational("second_moment", d * B**2, above=0)
    if moment > d * B**2:
        raise BoundcheckError(
            f"second_moment = {moment} is above d B^2 = {d * B**2}, which bounds E|x_0|^2 already; leave it out"
        )
    return d, B, moment


def _points(given: Settings, points: Sequence[tuple[fmpq, ...]]) -> tuple[int, fmpq, fmpq]:
    d = len(points[0])
    for place, row in enumerate(points, 1):
        if len(row) != d:
            raise BoundcheckError(
                f"the first point has {d} coordinates, point {place} has {len(row)}; all need the same number"
            )
    if d > LARGEST_DIMENSION:
        raise BoundcheckError(f"the points have {d} coordinates; at most {LARGEST_DIMENSION} are possible")
    if given.has("d") and given.integer("d", least=1) != d:
        raise BoundcheckError(f"d = {given.text('d')}, but the points have {d} coordinates; leave d out")
    if given.has("second_moment"):
        raise BoundcheckError("second_moment is computed from the points; leave it out")
    weights = [fmpq(1, len(points))] * len(points)
    if given.has("weights"):
        weights = [exact(v, "weights") for v in given.row("weights")]
        if len(weights) != len(points) or sum(weights, fmpq(0)) != 1 or min(weights) < 0:
            raise BoundcheckError(
                f"{len(weights)} weights with the sum {sum(weights, fmpq(0))} for {len(points)} points; each point "
                "needs one, not negative, and their sum must be 1 exactly"
            )
    largest = max(abs(v) for row in points for v in row)
    B = given.rational("B", largest, above=0) if given.has("B") or largest else fmpq(1)
    if largest > B:
        place = next(k for k, row in enumerate(points, 1) if max(map(abs, row)) > B)
        raise BoundcheckError(f"point {place} has a coordinate of size {largest}, above B = {B}; take B >= {largest}")
    moment = _sum([p * sum((v * v for v in row), fmpq(0)) for p, row in zip(weights, points, strict=True)])
    return d, B, moment


def _sum(values: list[fmpq]) -> fmpq:
    """By halves, so that sums with long denominators are few."""
    while len(values) > 1:
        values = [sum(values[k : k + 2], fmpq(0)) for k in range(0, len(values), 2)]
    return values[0]


def read_points(path: Path) -> list[tuple[fmpq, ...]]:
    """The points of a CSV file without header, a line for each, decimals read exactly; blank lines are skipped.

    Raises:
        BoundcheckError: no such file, no points, too many, or an entry that is no number.
    """
    points: list[tuple[fmpq, ...]] = []
    numbers = 0
    _check_file(path, f"data = {path}", MOST_BYTES["data"])
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:  # spreadsheets write a byte order mark
            for line, row in enumerate(csv.reader(stream), 1):
                if "".join(row).strip() or row[1:]:
                    numbers += len(row)
                    _check_size(path, len(points) + 1, len(row), numbers)
                    points.append(tuple(_number(v, path, line) for v in row))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise BoundcheckError(f"data = {path}: {reason}; it must be a CSV file with a point on each line") from None
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
            f"data = {path}: the points have {coordinates} coordinates; at most {LARGEST_DIMENSION} are possible"
        )
    if points > MOST_POINTS or numbers > MOST_NUMBERS:
        raise BoundcheckError(
            f"data = {path} has more than {MOST_POINTS} points or {MOST_NUMBERS} numbers; take fewer of them, or give "
            "d, B and second_moment instead"
        )


def _number(text: str, path: Path, line: int) -> fmpq:
    try:
        return rational(text.strip())
    except BoundcheckError:
        raise BoundcheckError(
            f"{path}, line {line}: {text.strip()[:40]!r} is no finite number; each line has numbers, separated by "
            "commas, and there is no header"
        ) from None


def read_config(path: Path) -> dict[str, str]:
    """The parameters in a TOML file with the tables [data], [schedule], [network], [sample]; decimals are exact.

    `data = "points.csv"` is relative to the file. Points and schedules can be written as lists.

    Raises:
        BoundcheckError: no such file, no TOML, an unknown table or key, or a value of another kind than numbers, texts
            and lists of them.
    """
    _check_file(path, f"--config {path}", MOST_BYTES["--config"])
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=str)
    except (OSError, UnicodeDecodeError) as error:
        raise BoundcheckError(f"--config {path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
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
                    f"{path}: [{section}] has no {key[:40]}; it takes {', '.join(SECTIONS[section])}"
                    f"{did_you_mean(key, SECTIONS[section])}"
                )
            found[key] = _text(value, f"{path}: {key}")
    if "data" in found:
        found["data"] = str(path.parent / found["data"])
    return found


def _text(value: Any, where: str) -> str:
    if isinstance(value, list):
        if not value:
            raise BoundcheckError(f"{where} is an empty list")
        return ";".join(
            ":".join(_entry(v, where) for v in row) if isinstance(row, list) else _entry(row, where) for row in value
        )
    return _entry(value, where)


def _entry(value: Any, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise BoundcheckError(
            f"{where} = {str(value)[:40]}; it must be a number, a text or a list of them, or of points"
        )
    return str(value)
