"""The files that describe a problem: points as CSV, parameters as TOML; neither is trusted."""

import os
from pathlib import Path

import pytest
from flint import fmpq
from problems import problem

from boundcheck.cli import main
from boundcheck.errors import BoundcheckError
from boundcheck.theory.risk import problem_files as files
from boundcheck.theory.risk.problem_files import read_config, read_points


def test_points_as_spreadsheets_write_them(tmp_path):
    path = tmp_path / "points.csv"
    path.write_bytes(b"\xef\xbb\xbf0.1, -2\r\n+.3,1E-1\r\n  \r\n")
    assert read_points(path) == [(fmpq(1, 10), fmpq(-2)), (fmpq(3, 10), fmpq(1, 10))]
    path.write_text("1,2\n,\n")  # a line with commas is not blank: its numbers are missing
    with pytest.raises(BoundcheckError, match="line 2: '' is no finite number"):
        read_points(path)
    path.write_bytes(b"\xef\xbb\xbf[data]\nd = 2\n")
    assert read_config(path) == {"d": "2"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no points"),
        ("1,2\n3,x\n", "line 2: 'x' is no finite number"),
        (
            "x,y\n1,2\n",
            (
                "line 1: 'x' is no finite number; each line has numbers, separated by commas, "
                "and there is no hea"
            ),
        ),
        ("1\nnan\n", "line 2: 'nan' is no finite number"),
        ("1\ninf\n", "line 2: 'inf' is no finite number"),
        ("1,2\n4,5\n3\n", "the first point has 2 coordinates, point 3 has 1"),
        ("1,2\n3\n", "the first point has 2 coordinates, point 2 has 1"),
    ],
)
def test_bad_points(tmp_path, content, message):
    path = tmp_path / "points.csv"
    path.write_text(content)
    with pytest.raises(BoundcheckError) as caught:
        problem(f"data={path},m=5")
    assert message in str(caught.value)
    with pytest.raises(BoundcheckError, match="must be a CSV file"):
        read_points(tmp_path / "missing.csv")


CONFIG = """
[data]
atoms = [[0, 0], ["1/2", -0.5]]
[schedule]
T = 20
beta_1 = 1e-3
beta_T = 0.25
[sample]
m = 1000000
"""


def test_a_configuration(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(CONFIG)
    found = read_config(path)
    assert found == {
        "atoms": "0:0;1/2:-0.5",
        "T": "20",
        "beta_1": "1e-3",
        "beta_T": "0.25",
        "m": "1000000",
    }
    (tmp_path / "points.csv").write_text("1\n")
    path.write_text('[data]\ndata = "points.csv"\n')
    assert read_points(tmp_path / "points.csv") == [(1,)]
    assert read_config(path)["data"] == str(tmp_path / "points.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[data", "is no TOML file"),
        ("[datta]\nd = 1\n", "did you mean data"),
        (
            "d = 1\n",
            "[d] is no table of a configuration; there are [data], [schedule], [network], [sample]",
        ),
        ("[data]\nB = true\n", "B = True; it must be a number, a text or a list"),
        ("[data]\natoms = []\n", "is an empty list"),
        ("[schedule]\nTT = 3\n", "[schedule] has no TT"),
    ],
)
def test_bad_configurations(tmp_path, content, message):
    path = tmp_path / "run.toml"
    path.write_text(content)
    with pytest.raises(BoundcheckError) as caught:
        read_config(path)
    assert message in str(caught.value)


# -- files that are not trusted --------------------------------------------------------------------


def test_pipes_devices_and_large_files_are_refused_unread(tmp_path, monkeypatch, capsys):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        for read in (read_points, read_config):
            with pytest.raises(BoundcheckError, match="cannot be read: it is not a file"):
                read(path)
    assert main(["bound", "--config", str(pipe)]) == 3
    assert "it is not a file" in capsys.readouterr().err
    file = tmp_path / "file"
    file.write_text("0.5\n" * 100)
    monkeypatch.setattr(files, "MOST_BYTES", {"data": 100, "--config": 100})
    for read in (read_points, read_config):
        with pytest.raises(BoundcheckError, match="is larger than 100 bytes; it is not read"):
            read(file)


def test_points_are_counted_while_they_are_read(tmp_path, monkeypatch):
    path = tmp_path / "points.csv"
    monkeypatch.setattr(files, "LARGEST_DIMENSION", 100)
    path.write_text(",".join(["1"] * 101) + "\nno number")
    with pytest.raises(
        BoundcheckError, match="the points have 101 coordinates; at most 100 are possible"
    ):
        read_points(path)
    path.write_text("1,2\n" * 3 + "no number")
    for name, most in (("MOST_POINTS", 2), ("MOST_NUMBERS", 5)):
        with monkeypatch.context() as patch:
            patch.setattr(files, name, most)
            with pytest.raises(
                BoundcheckError, match="has more than .* points or .* numbers; take fewer of them"
            ):
                read_points(path)
    path.write_text("١\n")
    with pytest.raises(BoundcheckError, match="line 1: '١' is no finite number"):
        read_points(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[data]\natoms = [[[1, 2]], [[3, 4]]]",
            r"atoms = \[1, 2\]; it must be a number, a text or a list of them",
        ),
        ("[schedule]\nT = " + "9" * 5000, "is no TOML file: Exceeds the limit"),
    ],
)
def test_configurations_that_were_misread_or_ended_in_a_traceback(tmp_path, text, message):
    path = tmp_path / "bound.toml"
    path.write_text(text)
    with pytest.raises(BoundcheckError, match=message):
        read_config(path)
