"""The proofs come with the package: commands find them in any folder, and say so."""

import tomllib
from pathlib import Path

import pytest
from commands import run

from boundcheck import BoundcheckError
from boundcheck.verification import collect

ROOT = Path(__file__).parents[2]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package elsewhere, and an empty folder to be in."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    package = tmp_path / "site" / "boundcheck"
    (package / "verification").mkdir(parents=True)
    monkeypatch.setattr(collect, "__file__", str(package / "verification" / "collect.py"))
    return package


def test_a_folder_here_wins(package, capsys):
    (package / collect.SHIPPED).mkdir()
    Path("proofs").mkdir()
    assert collect.default_proofs() == Path("proofs")
    assert capsys.readouterr().err == ""


def test_a_wheel_has_them_inside(package, capsys):
    (package / collect.SHIPPED).mkdir()
    (package.parent / "proofs").mkdir()
    assert collect.default_proofs() == package / collect.SHIPPED
    err = capsys.readouterr().err
    assert (
        err == f"no folder proofs here: taking what comes with boundcheck, {package / '_proofs'}\n"
    )


def test_the_sources_have_them_beside(package, capsys):
    (package.parent / "proofs").mkdir()
    (package.parent / "pyproject.toml").touch()
    assert collect.default_proofs() == package.parent / "proofs"
    assert "comes with boundcheck" in capsys.readouterr().err


def test_a_strangers_folder_is_not_taken(package):
    (package.parent / "proofs").mkdir()  # another package of that name
    with pytest.raises(BoundcheckError, match="there is no folder proofs here"):
        collect.default_proofs()


def test_the_wheel_is_told_where(package):
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = document["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["sources"] == {"proofs": f"boundcheck/{collect.SHIPPED}"}
    assert wheel["only-include"] == ["boundcheck", "proofs"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "-k", "gates.clip_gate"),
        ("axioms", "gates.clip_gate"),
        ("mutate", "-k", "gates.clip_gate", "--constants", "1"),
        ("table", "constants", "--set", "theorem=shallow,budget=1/10"),
    ],
    ids=lambda a: " ".join(a[:2]),
)
def test_commands_in_an_empty_folder(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 0
    assert out
    assert err == f"no folder proofs here: taking what comes with boundcheck, {ROOT / 'proofs'}\n"
