"""Experiments: what they measure agrees with independent computations, and stays below
bounds that are re-derived."""

import json
import math

import mpmath
import numpy as np
import pytest
import torch
from flint import fmpq

from boundcheck.constructions.marginal_pairs import positivity
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import decimal
from boundcheck.experiments import (
    chain,
)
from boundcheck.experiments import (
    ddpm_experiment as ddpm,
)
from boundcheck.experiments import (
    erm_experiment as erm,
)
from boundcheck.experiments import (
    record as document,
)
from boundcheck.experiments.data import data_of
from boundcheck.experiments.predictor import Choice, Predictor, target
from boundcheck.experiments.quadrature import line, power
from boundcheck.experiments.runs import NAMES, run
from boundcheck.report.tables.measured_table import table
from boundcheck.report.typeset.formats import FORMATS
from boundcheck.settings import Settings, parse_settings

CHOICE = Choice(k=8, reach=fmpq(4), c=fmpq(1, 1000), M=fmpq(2) ** 40, seed=0)


def settings(name, *texts):
    return Settings(name, parse_settings(texts))


@pytest.fixture(scope="module")
def line_run():
    return run("ddpm", ["T=4,k=16,samples=5000"])


@pytest.fixture(scope="module")
def plane_run():
    return run("ddpm", ["d=2,betas=1/5;1/2;3/5,k=6,samples=3000"])


@pytest.fixture(scope="module")
def trained():
    return run("erm", ["m=64;512;4096,k=2,repeats=2,steps=100"])


# -- data and quadrature ---------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_the_posterior_agrees_with_mpmath(d, share):
    data = data_of(settings("ddpm", f"d={d}"))
    x = np.random.default_rng(0).uniform(-6, 6, (12, d))
    density, means = data.posterior(x, share)
    atoms, chances = data.arrays()
    with mpmath.workdps(40):
        for at, q, mean in zip(x, density, means, strict=True):
            gaps = [
                sum(
                    (mpmath.mpf(v) - mpmath.sqrt(share) * c) ** 2
                    for v, c in zip(at, u, strict=True)
                )
                for u in atoms
            ]
            parts = [
                p * mpmath.exp(-g / (2 * (1 - mpmath.mpf(share))))
                for p, g in zip(chances, gaps, strict=True)
            ]
            whole = sum(parts)
            assert q == pytest.approx(
                float(whole * (2 * mpmath.pi * (1 - mpmath.mpf(share))) ** (-mpmath.mpf(d) / 2)),
                rel=1e-10,
            )
            for i in range(d):
                assert mean[i] == pytest.approx(
                    float(sum(p * u[i] for p, u in zip(parts, atoms, strict=True)) / whole),
                    rel=1e-9,
                )


def test_rules_integrate_polynomials_and_jumps():
    rule = line([-1, 0.3, 2], 0.5)
    assert rule.weights @ rule.nodes[:, 0] ** 11 == pytest.approx((2**12 - 1) / 12, rel=1e-13)
    assert rule.weights @ (rule.nodes[:, 0] > 0.3) == pytest.approx(1.7, rel=1e-13)
    square = power(rule, 2)
    f = square.nodes[:, 0] ** 2 * square.nodes[:, 1]
    assert square.weights @ f == pytest.approx(3 * 1.5, rel=1e-13)
    assert (np.diff(rule.nodes[:, 0]) > 0).all()


# -- the predictor ---------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2])
def test_the_predictor_is_the_network_on_the_box_and_zero_outside(d):
    data = data_of(settings("ddpm", f"d={d}"))
    aim = target(data, 0.5, CHOICE)
    R = float(aim.R.p) / float(aim.R.q)
    assert pytest.approx(math.sqrt(0.5) + 4 * math.sqrt(0.5), abs=1e-3) == R
    built = Predictor(aim, CHOICE, 0)
    edge = torch.full((1, d), R, dtype=torch.float64)
    beyond = torch.full((1, d), math.nextafter(R, 9), dtype=torch.float64)
    assert (built(beyond) == 0).all()
    assert (built(edge) != 0).any()
    x = torch.rand(400, d, dtype=torch.float64) * 2 - 1
    _, means = data.posterior(x.numpy(), 0.5)
    assert np.abs(built(x).numpy() - means).max() < 0.2
    one_by_one = torch.cat([built(p[None]) for p in x[:5]])
    assert torch.allclose(built(x)[:5], one_by_one, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("d", "share", "k", "reach"), [(1, 0.5, 8, 4), (1, 0.0625, 256, 2), (2, 0.25, 6, 3)]
)
def test_the_bound_of_the_gap_agrees_with_mpmath(d, share, k, reach):
    data = data_of(settings("ddpm", f"d={d},B=2"))
    choice = Choice(k, fmpq(reach), fmpq(1, 1000), fmpq(2) ** 20, 0)
    aim = target(data, share, choice)
    with mpmath.workdps(30):
        s2, R, c, M, b = (
            1 - mpmath.mpf(share),
            mpmath.mpf(int(aim.R.p)) / int(aim.R.q),
            mpmath.mpf(int(aim.c.p)) / int(aim.c.q),
            2**20,
            2,
        )
        kappa = [4 * mpmath.exp(-0.5), mpmath.mpf("4.29321421281473")][d - 1]
        V = min(2 * R * (d + 2 * d * (d - 1) / mpmath.pi) / s2, kappa / mpmath.sqrt(s2))
        X = (d**2 + mpmath.mpf(4) * (d - 1) / 3) ** 2 + mpmath.mpf(64) * (d - 1) / 45
        l2 = (
            X ** mpmath.mpf("0.375")
            / (8 * mpmath.sqrt(3 * d))
            * V
            * R
            * mpmath.mpf(k) ** (-mpmath.mpf(d + 3) / 2)
        )
        e = 2 * b * (l2 + 3 * V / M) + mpmath.mpf(1 + b) / M
        size = (2 * R) ** d / (2 * mpmath.pi * s2) ** (mpmath.mpf(d) / 2)
        squared = {"positivity_free": 2 * b * size * (e + b * c), "weighted": size * e**2 / c}[
            aim.version
        ]
        off = d * b**2 * min(1, d * mpmath.exp(-((R - mpmath.sqrt(share) * b) ** 2) / (2 * s2)))
        bound = d * (mpmath.sqrt(squared) + mpmath.mpf(1) / M) ** 2 + off
        found = mpmath.mpf(int(aim.gap_bound.p)) / int(aim.gap_bound.q)
        assert abs(found - bound) <= 1e-9 * bound
    assert aim.c in (choice.c, positivity(aim.f2, aim.R))
    assert aim.version == ("weighted" if k == 256 else "positivity_free")
    if aim.version == "weighted":  # only where c is a lower bound of f2 on the box
        x = line([-float(R), float(R)], 0.01).nodes
        q, _ = data.posterior(x, share)
        assert (q * math.sqrt(2 * math.pi * (1 - share))).min() >= float(c)


def test_the_weighted_bound_is_used_where_it_is_smaller():
    data = data_of(settings("ddpm"))
    versions = {
        k: target(data, 1 / 16, Choice(k, fmpq(3), fmpq(1, 10**4), fmpq(2) ** 40, 0)).version
        for k in (2, 64)
    }
    assert versions == {2: "positivity_free", 64: "weighted"}


# -- the chain -------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2])
def test_densities_of_a_chain_with_a_constant_predictor_are_normal(d):
    """Then every step is affine: mean and variance of x_1 follow by hand."""
    case = ddpm.case_of(settings("ddpm", f"d={d},betas=1/5;1/2;3/5,k=2"))
    guess = np.array([0.25, -0.5])[:d]
    mean, variance = np.zeros(d), 1.0
    axis, rule = chain.grid(case.levels[-1], d, chain.RESOLUTIONS[d][1])
    density = chain.normal(rule.nodes)
    for level in reversed(case.levels[1:]):
        axis, following = chain.grid(case.levels[level.t - 2], d, chain.RESOLUTIONS[d][1])
        density = chain.pushed(level, rule, density, np.broadcast_to(guess, rule.nodes.shape), axis)
        rule = following
        mean, variance = (
            level.from_data * guess + level.from_state * mean,
            level.from_state**2 * variance + level.variance,
        )
    expected = np.exp(-((rule.nodes - mean) ** 2).sum(axis=1) / (2 * variance)) * (
        2 * np.pi * variance
    ) ** (-d / 2)
    assert np.abs(density - expected).max() < 1e-6
    points = chain.sample(
        case.levels,
        dict.fromkeys((2, 3), lambda x: torch.from_numpy(guess).expand_as(x)),
        d,
        40_000,
        0,
    )
    assert np.abs(points.mean(axis=0) - mean).max() < 5 * math.sqrt(variance / 40_000)
    assert points.var(axis=0) == pytest.approx(variance, rel=0.04)


def test_the_divergence_of_normal_laws():
    rule = line([-12, 12], 0.1)
    p, q = (
        np.exp(-((rule.nodes[:, 0] - m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v)
        for m, v in ((0.5, 0.5), (0, 1))
    )
    assert chain.divergence(rule.weights, p, q) == pytest.approx(
        (0.5 + 0.25 - 1 - math.log(0.5)) / 2, abs=1e-9
    )


@pytest.mark.parametrize("name", ["line_run", "plane_run"])
def test_what_is_measured_stays_below_its_bounds(name, request):
    found = request.getfixturevalue(name)
    assert document.all_hold(found)
    for row in found["rows"]:
        seen, bound = row["measured"], row["bound"]
        assert seen["change"] <= 0.2 * seen["gap"]
        assert fmpq(*seen["gap"].as_integer_ratio()) <= decimal(bound["gap"])
        assert 0 <= seen["bayes_step"] <= float(bound["bayes_step"])
        assert seen["excess"] == pytest.approx(row["w"] * seen["gap"])
    seen, bound = found["total"]["measured"], found["total"]["bound"]
    assert (
        0 < seen["divergence"] <= seen["sum"] <= float(bound["divergence"])
    )  # the chain rule, then the bounds
    assert seen["defect"] < 1e-6
    assert sum(float(bound[n]) for n in ("prior", "bayes_steps", "excess")) == pytest.approx(
        float(bound["divergence"]), rel=1e-4
    )


@pytest.mark.parametrize("name", ["line_run", "plane_run"])
def test_samples_agree_with_the_computed_density(name, request):
    found = request.getfixturevalue(name)
    histogram = found["total"]["histogram"]
    counts, masses = np.array(histogram["counts"]), np.array(histogram["masses"])
    assert counts.sum() == int(found["settings"]["samples"])
    assert masses.sum() == pytest.approx(1, abs=1e-6)
    noise = np.sqrt(masses * (1 - masses) / counts.sum())
    assert histogram["distance"] < 1.5 * math.sqrt(2 / math.pi) * noise.sum() / 2
    assert (np.abs(counts / counts.sum() - masses) < 5 * noise + 3 / counts.sum()).all()


def test_gap_and_mmse_agree_with_other_computations(line_run):
    """The gap by the midpoint rule, since rare x have the largest errors;
    E|x̂_0 - x_0|² = gap + mmse by simulation."""
    row = line_run["rows"][-1]
    case = ddpm.case_of(Settings("ddpm", line_run["settings"]))
    built = Predictor(case.targets[row["t"]], case.choice, case.choice.seed + row["t"])
    x = np.linspace(-9, 9, 20_001)[:, None]
    law, bayes = case.data.posterior(x, row["alpha_bar"])
    squares = (built(torch.from_numpy(x)).numpy() - bayes)[:, 0] ** 2
    assert (law * squares).sum() * 18 / 20_000 == pytest.approx(row["measured"]["gap"], rel=0.01)
    rng = np.random.default_rng(5)
    atoms, chances = case.data.arrays()
    x_0 = rng.choice(atoms[:, 0], 20_000, p=chances)
    x = (
        math.sqrt(row["alpha_bar"]) * x_0
        + math.sqrt(1 - row["alpha_bar"]) * rng.standard_normal(len(x_0))
    )[:, None]
    losses = (built(torch.from_numpy(x)).numpy()[:, 0] - x_0) ** 2
    assert abs(
        losses.mean() - row["measured"]["gap"] - row["measured"]["mmse"]
    ) < 5 * losses.std() / math.sqrt(len(x))


def test_the_step_of_the_bayes_predictor_agrees_with_simulation(line_run):
    """E log q(x_{t-1}|x_t) - E log N(x_{t-1}; the Bayes predictor's mean, σ_t²), where
    q(x_{t-1}|x_t) comes from Bayes."""
    case = ddpm.case_of(Settings("ddpm", line_run["settings"]))
    rng = np.random.default_rng(6)
    atoms, chances = case.data.arrays()

    def log_normal(x, mean, variance):
        return -((x - mean) ** 2) / (2 * variance) - math.log(2 * math.pi * variance) / 2

    for row in line_run["rows"]:
        t = row["t"]
        before, now = case.levels[t - 2], case.levels[t - 1]
        x_0 = rng.choice(atoms[:, 0], 100_000, p=chances)
        x_before = math.sqrt(before.alpha_bar) * x_0 + math.sqrt(
            1 - before.alpha_bar
        ) * rng.standard_normal(len(x_0))
        alpha = now.alpha_bar / before.alpha_bar
        x = math.sqrt(alpha) * x_before + math.sqrt(1 - alpha) * rng.standard_normal(len(x_0))
        law_before, _ = case.data.posterior(x_before[:, None], before.alpha_bar)
        law, bayes = case.data.posterior(x[:, None], now.alpha_bar)
        reverse = (
            np.log(law_before) + log_normal(x, math.sqrt(alpha) * x_before, 1 - alpha) - np.log(law)
        )
        model = log_normal(x_before, now.from_data * bayes[:, 0] + now.from_state * x, now.variance)
        gaps = reverse - model
        assert abs(gaps.mean() - row["measured"]["bayes_step"]) < 5 * gaps.std() / math.sqrt(len(x))


def test_a_wrong_predictor_is_caught(monkeypatch):
    class Zero(Predictor):
        def __call__(self, x):
            return torch.zeros_like(x) - 1

    monkeypatch.setattr(ddpm, "Predictor", Zero)
    found = run("ddpm", ["betas=1/5;1/2;3/5,k=32,samples=100"])
    over = [entry for entry in (*found["rows"], found["total"]) if not entry["holds"]]
    assert over
    for row in found["rows"]:
        seen, bound = row["measured"], decimal(row["bound"]["gap"])
        assert row["holds"] == (fmpq(*(seen["gap"] + seen["change"]).as_integer_ratio()) <= bound)
    assert not found["rows"][0]["holds"]
    assert not document.all_hold(found)
    assert f"above their bounds: {len(over)}." in FORMATS["markdown"](table(found))


def test_the_cosine_schedule():
    found = run("ddpm", ["schedule=cosine,T=3,k=8,samples=100"])
    assert [row["t"] for row in found["rows"]] == [2, 3]
    assert document.all_hold(found)


# -- empirical risk minimisation -------------------------------------------------------------------


def test_trained_predictors_stay_below_the_oracle_inequality(trained):
    assert document.all_hold(trained)
    for row in trained["rows"]:
        seen, bound = row["measured"], row["bound"]
        assert seen["risk"] <= seen["risk_of_comparator"]
        assert float(bound["excess"]) >= 2 * seen["comparator"] + float(bound["estimation"]) - 1e-3
        assert seen["mean"] == pytest.approx(sum(seen["excess"]) / len(seen["excess"]))
        assert seen["comparator"] <= float(bound["comparator"])
        assert row["parameters"] == 4 * row["neurons"] + 2
    means = [row["measured"]["mean"] for row in trained["rows"]]
    assert means[0] > means[-1]
    slope = np.polyfit(np.log([64, 512, 4096]), np.log(means), 1)[0]
    assert trained["total"]["measured"]["slope"] == pytest.approx(slope)
    assert trained["total"]["bound"]["exponent"] == "-1"


def test_the_bound_of_the_estimation_agrees_with_mpmath(trained):
    row = trained["rows"][1]
    with mpmath.workdps(30):
        P, n, m, Theta = row["parameters"], row["neurons"], row["m"], row["Theta"]
        c = mpmath.mpf(1) / 100
        delta = mpmath.mpf(11) * P / (12 * m)
        R = mpmath.mpf(trained["total"]["R"])
        argument = mpmath.ceil((1 + 2 * n * Theta * (R + 1)) * Theta * 2 / c / delta)
        bound = 12 * delta + 11 * P * mpmath.log(argument) / m
        found = mpmath.mpf(row["bound"]["estimation"])
        assert bound <= found <= bound * (1 + mpmath.mpf("1e-5"))


def test_training_stays_in_the_class_and_never_raises_the_empirical_risk():
    case = erm.case_of(settings("erm", "m=100,k=2"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    start = [p.detach().clone() for p in learner.shallow.parameters()]
    assert max(float(p.abs().max()) for p in start) <= learner.Theta
    x, y = erm._samples(case.targets[0], 100, [7])
    many, _ = erm._samples(case.targets[0], 10_000, [7])
    R = float(case.targets[0].R.p) / float(case.targets[0].R.q)
    assert (many.abs() <= R).all()
    assert 9_900 < len(many) < 10_000
    before, after = learner.train(x, y, 100, 60, 0)
    with torch.no_grad():
        assert after == float(((learner.predict(x) - y) ** 2).sum() / 100) < before
    learner.Theta = 1  # the projection binds
    learner.train(x, y, 100, 30, 0)
    moved = [
        p
        for p, old in zip(learner.shallow.parameters(), start, strict=True)
        if not torch.equal(p, old)
    ]
    assert not moved or all(
        float(p.detach().abs().max()) <= 1 for p in learner.shallow.parameters()
    )
    learner.reset()
    assert all(
        torch.equal(p, old) for p, old in zip(learner.shallow.parameters(), start, strict=True)
    )
    with torch.no_grad():
        assert float(((learner.predict(x) - y) ** 2).sum() / 100) == before


def test_training_that_goes_astray_keeps_the_comparator(monkeypatch):
    monkeypatch.setattr(erm, "_RATE", 1e3)
    case = erm.case_of(settings("erm", "m=2000,k=8"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    before, after = learner.train(*erm._samples(case.targets[0], 2000, [7]), 2000, 5, 0)
    assert after == before
    assert all(
        torch.equal(p, old)
        for p, old in zip(learner.shallow.parameters(), learner._comparator, strict=True)
    )


def test_the_comparator_is_the_constructed_ratio_network():
    case = erm.case_of(settings("erm", "k=2"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    built = Predictor(case.targets[0], case.choices[0], case.choices[0].seed)
    x = torch.linspace(-2.8, 2.8, 501, dtype=torch.float64)[:, None]
    with torch.no_grad():
        assert (learner.predict(x) - built(x)).abs().max() < 1e-9


def test_training_can_have_nothing_to_learn_from():
    case = erm.case_of(settings("erm", "m=5,k=1"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    none = torch.zeros(0, 1, dtype=torch.float64)
    assert learner.train(none, none, 5, 3, 0) == (0, 0)
    assert learner.excess(200) > 0


def test_one_size_of_sample_has_no_slope():
    found = run("erm", ["m=50,k=1,repeats=1,steps=5"])
    assert found["total"]["measured"]["slope"] is None
    assert "falls like" not in FORMATS["markdown"](table(found))


def test_growing_classes_have_another_exponent():
    found = run("erm", ["m=50;100,k=1;2,repeats=1,steps=5"])
    assert [row["k"] for row in found["rows"]] == [1, 2]
    assert found["total"]["bound"]["exponent"] == "-2/3"  # without positivity; -4/5 where f2 >= c


# -- documents and tables --------------------------------------------------------------------------


def test_documents_come_back_as_they_were_written(tmp_path, line_run, plane_run, trained):
    for found in (line_run, plane_run, trained):
        path = tmp_path / "found.json"
        path.write_text(document.text(found))
        assert document.load(path) == found
        assert set(found["versions"]) == {"boundcheck", "python", "numpy", "torch"}


def test_the_settings_of_a_document_give_it_again():
    texts = ["betas=1/5;1/2;3/5,k=4,samples=100,atoms=1/2;-1/3,weights=0.25;0.75,B=3/4,seed=3"]
    found = run("ddpm", texts)
    again = run("ddpm", [",".join(f"{name}={value}" for name, value in found["settings"].items())])
    assert again == found
    assert found["seed"] == 3
    assert (
        settings("ddpm", "T=2,beta_1=1/5").given.items()
        < ddpm.case_of(settings("ddpm", "T=2,beta_1=1/5")).settings.items()
    )
    assert ddpm.case_of(settings("ddpm", "k=2,T=2,schedule=cosine")).settings["most"] == "0.999"
    assert run("ddpm", [texts[0].replace("seed=3", "seed=4")])["rows"] != found["rows"]


def _changed(found, change):
    copy = json.loads(json.dumps(found))
    change(copy)
    return copy


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda d: d.pop("total"),
            "the document is not an object with the entries format, version, experiment",
        ),
        (
            lambda d: d.update(experiment="other"),
            "the document, experiment is 'other', not the name of an experiment",
        ),
        (lambda d: d.update(experiment=[1]), "not the name of an experiment"),
        (lambda d: d.update(seed=True), "the document, seed is 'True', not an integer >= 0"),
        (
            lambda d: d.update(settings={"k": 3}),
            "the document, settings is .* not an object of texts",
        ),
        (lambda d: d.update(rows=[]), "rows is not a list with entries"),
        (
            lambda d: d["rows"][1].update(extra=1),
            "rows, entry 2 is not an object with the entries t, ",
        ),
        (
            lambda d: d["rows"][0].update(w=float("nan")),
            "rows, entry 1, w is 'nan', not a finite number",
        ),
        (
            lambda d: d["rows"][0]["bound"].update(gap=0.1),
            "rows, entry 1, bound, gap is '0.1', not a decimal text >= 0",
        ),
        (lambda d: d["rows"][0]["bound"].update(gap="-1"), "gap is '-1', not a decimal text >= 0"),
        (
            lambda d: d["rows"][0]["bound"].update(gap="many"),
            "gap is 'many', not a decimal text >= 0",
        ),
        (lambda d: d["total"].update(holds=1), "total, holds is '1', not true or false"),
        (
            lambda d: d["total"]["histogram"].update(counts=[1.5]),
            "counts, entry 1 is '1.5', not an integer >= 0",
        ),
        (lambda d: d.update(version=2), "has version 2; this boundcheck reads version 1"),
        (
            lambda d: d.update(format="boundcheck.network"),
            "is not a boundcheck.experiment file; write one with",
        ),
    ],
)
def test_malformed_documents_are_refused(tmp_path, line_run, change, message):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(_changed(line_run, change)))
    with pytest.raises(BoundcheckError, match=message):
        document.load(path)


def test_tables_show_what_was_measured_and_round_bounds_up(line_run, plane_run, trained):
    for found, first in ((line_run, "t"), (plane_run, "t"), (trained, "m")):
        shown = table(found)
        assert [row[0] for row in shown.rows] == [row[first] for row in found["rows"]]
        for row, cells in zip(found["rows"], shown.rows, strict=True):
            named = dict(zip(shown.columns, cells, strict=True))
            name, key = ("gap, bound", "gap") if first == "t" else ("excess risk, bound", "excess")
            assert decimal(named[name]) >= decimal(row["bound"][key])
        assert any("no proof" in note for note in shown.notes)
        assert any(note == "Measured numbers above their bounds: none." for note in shown.notes)
        for form in FORMATS.values():
            assert form(shown)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("atoms=nan;1", "atoms = nan; it must be a rational number"),
        ("atoms=oo;1", "atoms = oo"),
        ("atoms=1;;2", "atoms = 1;;2; it has an empty entry"),
        ("atoms=1;2:3", "dimensions"),
        (
            "atoms=1;-1,weights=1/2;1/3",
            "the weights have the sum 5/6; probabilities have the sum 1 exactly",
        ),
        ("atoms=1;-1,weights=3/2;-1/2", "the weight -1/2; probabilities must be positive"),
        ("atoms=1;-1,weights=1", "2 atoms but 1 weights"),
        (
            "atoms=1;-3/2,B=1",
            r"the atom -3/2 lies outside \[-B, B\]\^1 with B = 1; give a larger B or leave it out",
        ),
        ("B=0", "B = 0; the admissible range is 0 < B"),
        ("d=3", "d = 3; it must be an integer from 1 to 2"),
        (
            "atoms=1:1:1",
            (
                "the atoms have 3 coordinates; densities are computed on grids, so at most 2 "
                "are possible"
            ),
        ),
        ("atoms=1;-1,d=2", "d = 2, but the first atom has 1 coordinates; the two must agree"),
        ("k=0", "k = 0; it must be an integer"),
        ("c=0", "c = 0; the admissible range is 0 < c < 1"),
        ("reach=-1", "reach = -1; the admissible range is 0 < reach < 30"),
        ("seed=-1", "seed = -1; it must be an integer from 0"),
        ("weight=1", "unknown parameter weight; .* did you mean weights"),
    ],
)
def test_bad_data_and_parameters_are_refused(name, texts, message):
    with pytest.raises(BoundcheckError, match=message):
        run(name, [texts])


@pytest.mark.parametrize(
    ("name", "texts", "message"),
    [
        ("ddpm", "T=0", "T = 0; it must be an integer from 1"),
        (
            "ddpm",
            "betas=1/2",
            "T = 1 steps; the experiment stops at x_1 and takes 2 to 100 of them",
        ),
        ("ddpm", "T=101", "T = 101 steps; the experiment stops at x_1 and takes 2 to 100 of them"),
        ("ddpm", "betas=1/2;2", "beta_2 = 2; the admissible range is 0 < beta_2 < 1"),
        ("ddpm", "beta_1=9/10", "beta_1 = 9/10 is above beta_T = 3/5"),
        ("ddpm", "schedule=linar", "schedule = linar; it must be one of linear, cosine"),
        (
            "ddpm",
            "beta_1=1e-6",
            "the step t = [0-9]+ needs a grid with [0-9]+ nodes along an axis, more than the 8192",
        ),
        (
            "ddpm",
            "d=2,k=120",
            (
                "k = 120 may need .* neurons, more than the 100000 that are evaluated on a grid; "
                "take a smaller k"
            ),
        ),
        ("ddpm", "samples=10", "samples = 10; it must be an integer from 100"),
        ("ddpm", "variance=beta", "unknown parameter variance"),
        ("erm", "m=0", "m = 0; it must be an integer from 1 to 1048576"),
        ("erm", "m=5/2", "m = 5/2; it must be an integer from 1"),
        ("erm", "m=100;10", "m = 100;10; the numbers of samples must increase"),
        (
            "erm",
            "m=10;100;1000,k=1;2",
            "2 entries k for 3 entries m; give one k for all, or one for each",
        ),
        ("erm", "d=2", "d = 2; the experiment erm is about d = 1"),
        ("erm", "abar=1", "abar = 1; the admissible range is 0 < abar < 1"),
        ("erm", "repeats=0", "repeats = 0; it must be an integer from 1 to 100"),
        ("dpm", "T=3", "'dpm' is no experiment; there are ddpm, erm; did you mean ddpm"),
    ],
)
def test_bad_parameters_of_an_experiment_are_refused(name, texts, message):
    with pytest.raises(BoundcheckError, match=message):
        run(name, [texts])
