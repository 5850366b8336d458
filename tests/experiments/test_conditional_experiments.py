"""Models that know a class or a value: what is measured agrees with other computations and stays
below its bounds."""

import json
import math

import numpy as np
import pytest
import torch
from conftest import PROOFS
from experiment_settings import settings

from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import decimal
from boundcheck.experiments import class_experiment as classes
from boundcheck.experiments import record as document
from boundcheck.experiments import value_experiment as values
from boundcheck.experiments.predictor import Predictor, upper
from boundcheck.experiments.runs import run
from boundcheck.experiments.training import SplineRatio, descend
from boundcheck.report.plots import plot
from boundcheck.report.tables.conditional_table import _CLAIMS
from boundcheck.report.tables.measured_table import table
from boundcheck.report.typeset.formats import FORMATS
from boundcheck.settings import Settings
from boundcheck.theory.risk.conditions.class_risk import class_risk, split
from boundcheck.verification.collect import collect

ATOMS, WEIGHTS = np.array([1, -0.5, -1]), np.array([0.5, 0.25, 0.25])
LABELS, VALUES, TAU = np.array([0, 1, 1]), np.array([1.0, 0.0, -1.0]), 0.5


@pytest.fixture(scope="module")
def trained():
    return run("classes", ["T=3,m=10**6,steps=40,repeats=2,n=60"])


@pytest.fixture(scope="module")
def built():
    return run("values", ["T=3,k=6"])


@pytest.fixture(params=["trained", "built"])
def found(request):
    return request.getfixturevalue(request.param)


def test_what_is_measured_stays_below_its_bounds(found):
    assert document.all_hold(found)
    for row in found["rows"]:
        seen, bound = row["measured"], row["bound"]
        for name in ("excess", "loss", "mmse", "bayes_step"):
            assert 0 < seen[name] <= float(bound[name])
        assert seen["mmse"] < 0.6 * seen["mmse_alone"]  # what the condition is worth
        assert seen["loss"] == pytest.approx(seen["excess"] / row["w"] + seen["mmse"], rel=1e-6)
        assert seen["change"] <= 0.1 * seen["excess"]
    seen, bound = found["total"]["measured"], found["total"]["bound"]
    assert 0 < seen["divergence"] <= seen["sum"] <= float(bound["divergence"])
    assert 0 < seen["prior"] <= float(bound["prior"])
    assert 0 < seen["bayes_steps"] <= float(bound["bayes_steps"])


def densities(x, share):
    """Of x_t given each atom."""
    sigma = math.sqrt(1 - share)
    z = (x - math.sqrt(share) * ATOMS[:, None]) / sigma
    return np.exp(-(z**2) / 2) / (sigma * math.sqrt(2 * math.pi))


def square_error(joint, h):
    """E|x_0 - E[x_0|seen]|² where `joint` has p_k times the density of what is seen."""
    total = joint.sum(axis=0)
    mean = (ATOMS[:, None] * joint).sum(axis=0) / total
    return float(((ATOMS[:, None] - mean) ** 2 * joint).sum() * h)


def test_errors_of_the_classes_by_the_midpoint_rule(trained):
    x, h = np.linspace(-9, 9, 9001, retstep=True)
    for row in trained["rows"]:
        joint = WEIGHTS[:, None] * densities(x, row["alpha_bar"])
        by_class = sum(square_error(joint * (y == LABELS)[:, None], h) for y in (0, 1))
        assert row["measured"]["mmse"] == pytest.approx(by_class, rel=1e-6)
        assert row["measured"]["mmse_alone"] == pytest.approx(square_error(joint, h), rel=1e-6)


def test_errors_with_a_value_by_the_midpoint_rule(built):
    x, h = np.linspace(-8, 8, 401, retstep=True)
    y, g = np.linspace(-4, 4, 401, retstep=True)
    bells = np.exp(-((y - VALUES[:, None]) ** 2) / (2 * TAU**2)) / (TAU * math.sqrt(2 * math.pi))
    for row in built["rows"]:
        joint = densities(x, row["alpha_bar"])[:, :, None] * bells[:, None]
        joint = (WEIGHTS[:, None, None] * joint).reshape(3, -1)
        error = square_error(joint, h * g)
        assert row["measured"]["mmse"] == pytest.approx(error, rel=1e-4)


def test_excess_with_a_value_by_the_midpoint_rule(built):
    """The network at points (x, y), beside the quotient of sums."""
    case = values.case_of(Settings("values", built["settings"]))
    aim, row = case.targets[3], built["rows"][-1]
    net = aim.predictor(case.data.B, case.choice, case.choice.seed + 3)
    x, h = np.linspace(-7, 7, 281, retstep=True)
    y, g = np.linspace(-4, 4, 161, retstep=True)
    bells = np.exp(-((y - VALUES[:, None]) ** 2) / (2 * TAU**2)) / (TAU * math.sqrt(2 * math.pi))
    joint = densities(x, row["alpha_bar"])[:, :, None] * bells[:, None]
    joint = (WEIGHTS[:, None, None] * joint).reshape(3, -1)
    scale = math.sqrt(1 - row["alpha_bar"]) / TAU
    grid = np.stack([a.ravel() for a in np.meshgrid(x, y * scale, indexing="ij")], axis=1)
    bayes = ATOMS @ joint / joint.sum(axis=0)
    gap = (net(torch.from_numpy(grid)).numpy()[:, 0] - bayes) ** 2 @ joint.sum(axis=0) * h * g
    assert row["w"] * gap == pytest.approx(row["measured"]["excess"], rel=0.03)


def test_the_excess_is_beside_the_bound_with_classes(trained):
    given = {**trained["settings"], "T": "3", "m": "10**6"}
    kept = ("atoms", "weights", "B", "classes", "schedule", "T", "beta_1", "beta_T", "m")
    risk = class_risk(split(Settings("bound", {name: given[name] for name in kept})))
    assert [s.t for s in risk.steps] == [row["t"] for row in trained["rows"]]
    for step, row in zip(risk.steps, trained["rows"], strict=True):
        assert row["bound"]["excess"] == decimal_text(upper(step.excess), 6, up=True)
        assert row["predictors"] == step.predictors == "affine, splines"


@pytest.mark.parametrize("n", [6, 30, 200])
def test_guidance(n):
    """P(y|x_t) by interpolation, beside the quotient of sums; the bound is not far above."""
    case = classes.case_of(settings("classes", f"T=3,m=100,n={n}"))
    x, h = np.linspace(-9, 9, 18001, retstep=True)
    for step in case.steps[1:]:
        (seen, coarse), bound = classes._guidance(case, step)
        share = float(step.alpha_bar)
        R = float(classes._side(case, step).p) / float(classes._side(case, step).q)
        knots, total = np.linspace(-R, R, n + 1), 0.0
        joint = WEIGHTS[:, None] * densities(x, share)
        at = WEIGHTS[:, None] * densities(knots, share)
        for y in (0, 1):
            own = np.interp(x, knots, at[y == LABELS].sum(axis=0))
            guess = np.where(np.abs(x) <= R, own / np.interp(x, knots, at.sum(axis=0)), 0)
            true = joint[y == LABELS].sum(axis=0) / joint.sum(axis=0)
            total += float(((guess - true) ** 2) @ joint.sum(axis=0) * h)
        assert seen == pytest.approx(total, rel=0.02)
        assert seen <= float(decimal(document.at_most(bound)))
        assert n < 200 or float(decimal(document.at_most(bound))) < 2 * seen
        assert abs(seen - coarse) < 0.02 * seen


def test_information_in_a_class():
    """Where the points of a class are far apart, its lower bound is not 0."""
    found = run("classes", ["atoms=3;-3;1;-1,classes=0;0;1;1,T=3,m=1000,n=20,repeats=1"])
    row = found["rows"][0]
    assert 0.4 < float(row["bound"]["information"]) < row["measured"]["information"] < 0.7
    assert document.all_hold(found)
    copy = json.loads(json.dumps(found))
    copy["rows"][0]["measured"]["information"] = 0.3
    with pytest.raises(document._Malformed, match="information is below the lower bound"):
        document._checked(copy)


# -- training --------------------------------------------------------------------------------------


def test_training_lowers_the_empirical_risk_within_the_class():
    rng = np.random.default_rng(1)
    net = SplineRatio(np.full(5, 0.25), np.full(5, 0.5), R=2.0, c=0.1, b=1.0)
    x = torch.from_numpy(rng.uniform(-2, 2, (2000, 1)))
    y = torch.sin(x)
    first, last = descend(net, net, net.project, (x, y, 4000), 100, 0)
    assert first == pytest.approx(float(((0.5 - y) ** 2).sum()) / 4000)
    with torch.no_grad():
        assert last == float(((net(x) - y) ** 2).sum()) / 4000 < first / 5
    low, high = net.values.detach()
    assert (low.abs() <= 1).all()
    assert (high >= 0).all()
    assert (high <= 1).all()
    assert not net(torch.tensor([[2.01], [-5.0]], dtype=torch.float64)).any()


def test_the_quotient_of_splines():
    top, bottom = np.array([0.5, -1.0, 0.25, 0.75]), np.array([0.5, 0.05, 0.25, 0.5])
    net = SplineRatio(top, bottom, R=1.5, c=0.1, b=1.0)
    x = np.linspace(-1.5, 1.5, 301)
    knots = np.linspace(-1.5, 1.5, 4)
    quotient = np.interp(x, knots, top) / np.maximum(np.interp(x, knots, bottom), 0.1)
    with torch.no_grad():
        seen = net(torch.from_numpy(x[:, None])).numpy()[:, 0]
    assert np.abs(seen - np.clip(quotient, -1, 1)).max() < 1e-12


def test_what_is_trained_counts_the_samples_of_its_class(monkeypatch):
    """Errors are divided by all m samples; those outside the box are left out."""
    seen = []
    monkeypatch.setattr(classes, "descend", lambda *given: seen.append(given[3]))
    run("classes", ["T=2,m=10**6,repeats=1,n=30"])
    ((x, y, m),) = seen
    assert m == 10**6
    assert 0.99 < len(x) / 500_000 < 1.005
    assert set(y[:, 0].tolist()) == {-0.5, -1.0}
    assert float(y.mean()) == pytest.approx(-0.75, abs=0.003)


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["classes", "values"])
def test_a_wrong_predictor_is_caught(monkeypatch, name):
    monkeypatch.setattr(classes, "_frozen", lambda _: lambda x: torch.zeros_like(x) - 9)
    monkeypatch.setattr(Predictor, "__call__", lambda _, x: torch.zeros_like(x[:, :1]) - 9)
    texts = {"classes": "T=2,m=10**6,steps=2,repeats=1,n=60", "values": "T=2,k=4"}[name]
    found = run(name, [texts])
    assert not found["rows"][0]["holds"]
    assert not document.all_hold(found)
    assert "above their bounds: 2." in FORMATS["markdown"](table(found))


def test_predictors_that_are_not_trained_here(monkeypatch):
    monkeypatch.setattr(classes, "_KNOWN", ("affine",))
    with pytest.raises(BoundcheckError, match="at t = 2 the smallest bound is that of splines"):
        classes.case_of(settings("classes", "T=2"))


# -- documents -------------------------------------------------------------------------------------


def test_documents_come_back_as_they_were_written(tmp_path, found):
    path = tmp_path / "found.json"
    path.write_text(document.text(found))
    assert document.load(path) == found


@pytest.mark.parametrize("name", ["loss", "bayes_step", "excess"])
def test_a_document_that_lies_is_refused(tmp_path, found, name):
    copy = json.loads(json.dumps(found))
    copy["rows"][0]["measured"][name] = 1e9
    path = tmp_path / "found.json"
    path.write_text(json.dumps(copy))
    with pytest.raises(BoundcheckError, match=f"but {name} is above the bound"):
        document.load(path)


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_tables_and_pictures(found, suffix):
    shown = table(found)
    for row, cells in zip(found["rows"], shown.rows, strict=True):
        named = dict(zip(shown.columns, cells, strict=True))
        assert decimal(named["w gap, bound"]) >= decimal(row["bound"]["excess"])
        assert decimal(named["loss, bound"]) >= decimal(row["bound"]["loss"])
        if "guidance" in row["bound"]:
            assert decimal(named["guidance, bound"]) >= decimal(row["bound"]["guidance"])
    assert any("no proof" in note for note in shown.notes)
    for form in FORMATS.values():
        assert form(shown)
    assert plot(found, suffix)


def test_the_claims_that_tables_name_exist():
    known = {c.id for c in collect([PROOFS]).claims}
    for text in _CLAIMS.values():
        named = [word.strip("(),") for word in text.split() if "." in word]
        assert len(named) > 5
        assert set(named) <= known


def test_the_settings_of_a_document_give_it_again():
    for name, texts in (("classes", "T=2,m=1000,n=10,repeats=1"), ("values", "T=2,k=2")):
        found = run(name, [texts])
        again = run(name, [",".join(f"{n}={v}" for n, v in found["settings"].items())])
        assert again == found
