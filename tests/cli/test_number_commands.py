"""The commands about numbers: the end-to-end bound, constants, experiments."""

import json
import re

import pytest
from commands import run
from problems import problem
from typer.testing import CliRunner

from boundcheck.cli import app
from boundcheck.report import bound as report


def test_bound_prints_terms_and_what_would_help(capsys, tmp_path):
    short = "T=10,beta_1=0.01,beta_T=0.5,m=10**9"
    code, out, err = run(capsys, "bound", "--set", short)
    assert (code, err) == (0, "")
    for word in (
        "approximation",
        "samples",
        "off_box",
        "zero",
        "prior term",
        "Bayes steps",
        "would reduce it",
    ):
        assert word in out
    config = tmp_path / "run.toml"
    config.write_text(
        '[schedule]\nT = 10\nbeta_1 = 0.01\nbeta_T = "0.9"\n[sample]\nm = 1000000000\n'
    )
    code, out, _ = run(capsys, "bound", "--config", str(config), "--set", "beta_T=0.5", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["settings"]["beta_T"] == "0.5"
    assert list(found["classes"])[:3] == ["uniform", "weighted", "positivity_free"]
    assert len(found["steps"]) == 9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "m=0"], "m = 0"),
        ([], "needs the parameter m"),
        (["--set", "m=5,TT=3"], "unknown parameter TT"),
        (["--config", "missing.toml", "--set", "m=5"], "missing.toml"),
    ],
)
def test_bound_refuses(capsys, arguments, message):
    code, out, err = run(capsys, "bound", *arguments)
    assert (code, out) == (3, "")
    assert message in err


def test_constants_of_the_diffusion_model(capsys):
    """The contract: lists over t, and their last value and sum beside them."""
    given = "T=1000,schedule=linear,beta_1=1e-4,beta_T=0.02,d=2"
    code, out, _ = run(capsys, "constants", "ddpm", "--set", given, "--json")
    assert code == 0
    found = json.loads(out)
    assert len(found["alpha_bar"]) == len(found["w"]) == 1000
    assert found["alpha_bar"][-1]["lower"] == found["alpha_bar_T"]["lower"]
    assert found["alpha_bar_T"]["upper"].startswith("4.0358")
    total = sum(float(w["lower"]) for w in found["w"])
    assert total == pytest.approx(float(found["w_sum"]["lower"]), rel=1e-9)
    assert float(found["prior_term"]["lower"]) > 0


def test_experiment_writes_numbers_and_a_picture(capsys, tmp_path):
    document, picture = tmp_path / "run.json", tmp_path / "run.svg"
    small = "k=4,T=3,samples=100"
    code, out, err = run(
        capsys, "experiment", "ddpm", "--set", small, "-o", str(document), "--plot", str(picture)
    )
    assert (code, err) == (0, "")
    assert "gap, measured" in out
    assert picture.read_text().count("<svg") == 1
    assert json.loads(document.read_text())["total"]["holds"]
    code, again, _ = run(capsys, "table", "measured", "--set", f"file={document}")
    assert (code, again) == (0, out)
    before = picture.read_bytes()
    run(capsys, "experiment", "ddpm", "--set", small, "--plot", str(tmp_path / "second.svg"))
    assert (tmp_path / "second.svg").read_bytes().count(b"\n") == before.count(b"\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ddpm", "--plot", "run.jpeg"], "a picture is called FILE.svg, FILE.pdf, FILE.png"),
        (["ddmp"], "did you mean ddpm"),
        (["ddpm", "--set", "B=1/2"], "B"),
        (["erm", "--set", "m=0"], "m"),
    ],
)
def test_experiment_refuses(capsys, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "experiment", *arguments, "-o", "run.json")
    assert (code, out) == (3, "")
    assert message in err
    assert not list(tmp_path.iterdir())


def test_a_measurement_above_its_bound_is_exit_code_1(capsys, monkeypatch):
    from boundcheck.experiments import record as document

    monkeypatch.setattr(document, "all_hold", lambda found: False)
    assert run(capsys, "experiment", "ddpm", "--set", "k=4,T=2,samples=100")[0] == 1


# -- what is printed -------------------------------------------------------------------------------


def test_what_is_printed():
    ran = CliRunner().invoke(app, ["bound", "--set", "m=1000,T=3,B=255"], env={"COLUMNS": "80"})
    assert ran.exit_code == 0
    assert "…" not in ran.output  # a number that lost its last digits is another number
    assert "nats on average over the samples" in ran.output


def test_what_is_chosen_is_told_from_what_is_bounded():
    ran = CliRunner().invoke(
        app, ["bound", "--set", "m=1000,T=3,d=64,atoms=" + ":".join(["1/1023"] * 64)]
    )
    assert "E|x_0|^2 <= 6.116e-5" in ran.output  # 64/1023^2 = 6.1154...e-5
    assert re.search(
        "smallest: affine at t = 2-3\n(.*\n)*.*of the excess, by the class affine.\n", ran.output
    )
    ran = CliRunner().invoke(app, ["bound", "--set", "m=10**15,T=3,d=2"])
    assert re.search(
        r"of the excess, by the class \w+. Chosen there: R = \S+, k = \d+, n = \d+, c = ",
        ran.output,
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("m=1000,T=3", "with first=3 the step t = 2 does not count"),
        ("m=1000,T=3,first=3", ""),
        ("m=1000,betas=0.5;0.001;0.9", ""),
    ],
)
def test_stopping_earlier_is_advised_where_it_helps(text, hint):
    """Where the first step has much of the excess: not the last step, nor where
    another one is the worst."""
    found = report.Bound.of(problem(text), {})
    ran = CliRunner().invoke(app, ["bound", "--set", text])
    assert (found.smallest.worst.t == found.problem.first < found.problem.schedule.T) == bool(hint)
    assert hint in ran.output
    assert ("Stopping earlier helps too" in ran.output) == bool(hint)


def test_bound_with_classes(capsys):
    atoms = "atoms=1;-1/2;-1,weights=1/2;1/4;1/4,classes=0;1;1"
    given = f"{atoms},m=10**4,T=6,beta_1=0.1,beta_T=0.5"
    code, out, _ = run(capsys, "bound", "--set", given)
    assert code == 0
    assert "With the class known, classes and their probabilities: 0 (1/2), 1 (1/2)" in out
    assert "mean over the classes of KL(law of x_1 || that of the model) <=" in out
    code, out, _ = run(capsys, "bound", "--set", given, "--json")
    found = json.loads(out)
    assert found["with_classes"]["probabilities"] == {"0": "1/2", "1": "1/2"}
    upper = [float(v["total"]["upper"]) for v in (found["with_classes"], found)]
    assert upper[0] < upper[1]
