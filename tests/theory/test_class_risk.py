"""The end-to-end bound for models that know the class: what the Bayes steps cost, by quadrature,
and what the classes count."""

from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings
from boundcheck.theory.risk.bayes_error import bayes_steps, prior_term
from boundcheck.theory.risk.classes.excess_risk import CLASSES, risks
from boundcheck.theory.risk.classes.step_risk import TERMS, smallest
from boundcheck.theory.risk.conditions.class_risk import (
    class_bayes_steps,
    class_prior_term,
    class_risk,
    split,
)
from boundcheck.theory.risk.risk_problem import problem_of

README = {"atoms": "1;-1/2;-1", "weights": "1/2;1/4;1/4", "m": "10**6", "T": "8"}
README |= {"beta_1": "0.05", "beta_T": "0.6"}


BY_COORDINATES = [c for c in CLASSES if c.by_coordinates]
"""The theorem on a class of the data is about one coordinate."""


def settings(**more):
    return Settings("bound", {**README, **more})


def mmse(atoms, weights, s):
    """E|x_0 - E[x_0 | √s x_0 + noise]|², on a grid."""
    y = np.linspace(-12, 12, 4001) + 0
    density = np.array(
        [w * np.exp(-((y - np.sqrt(s) * u) ** 2) / 2) for u, w in zip(atoms, weights, strict=True)]
    )
    total = density.sum(axis=0)
    mean = (np.array(atoms)[:, None] * density).sum(axis=0) / total
    square = (np.array(atoms)[:, None] ** 2 * density).sum(axis=0) / total
    return np.sum((square - mean**2) * total) * (y[1] - y[0]) / np.sqrt(2 * np.pi)


def true_steps(problem):
    """Σ (w_t mmse_t less half of the integral of mmse over snr), over t >= 2."""
    atoms = [float(u[0].p) / float(u[0].q) for _, u in problem.atoms]
    weights = [float(p.p) / float(p.q) for p, _ in problem.atoms]
    snr = [float(s.alpha_bar / (1 - s.alpha_bar)) for s in problem.schedule.steps(64)]
    total = 0.0
    for high, low in pairwise(snr):
        grid = np.linspace(low, high, 41)
        values = [mmse(atoms, weights, s) for s in grid]
        total += (high - low) / 2 * values[0] - np.trapezoid(values, grid) / 2
    return total


@pytest.mark.parametrize("classes", ["0;1;1", "a;b;a", "0;0;0", "0;1;2"])
def test_bayes_steps(classes):
    """What they cost on average over the classes is below the bound, and so is what a model costs
    that does not know the class."""
    found = split(settings(classes=classes))
    truth = sum(
        float(c.probability.p) / float(c.probability.q) * true_steps(c.problem) for c in found
    )
    bound, whole = float(class_bayes_steps(found)), problem_of(settings())
    assert truth <= bound <= float(bayes_steps(whole)) + 1e-12
    if classes == "0;1;1":
        assert 0 < bound < 20 * truth
    assert class_prior_term(found).overlaps(prior_term(whole))


def test_one_class_is_no_class():
    found, whole = split(settings(classes="7;7;7")), problem_of(settings())
    assert [(c.name, c.probability) for c in found] == [("7", fmpq(1))]
    alone = smallest(risks(whole, classes=BY_COORDINATES))
    assert class_risk(found).total().overlaps(alone.total())


def test_what_the_classes_count():
    """Two classes with the same data: the log N are added, the approximation counts once."""
    twice = {"atoms": "1;-1;1;-1", "weights": "1/4;1/4;1/4;1/4", "classes": "0;0;1;1"}
    found = class_risk(split(settings(**twice, m="10**9")))
    one = problem_of(settings(atoms="1;-1", weights="1/2;1/2", m="5*10**8"))
    half = smallest(risks(one, classes=BY_COORDINATES))
    factors = dict.fromkeys(TERMS, 1) | {"net": 2, "optimisation": 2}
    assert float(half.total("samples")) > 0
    for name in TERMS:
        assert float(found.total(name)) == pytest.approx(factors[name] * float(half.total(name)))
    assert float(found.total()) == pytest.approx(sum(float(found.total(n)) for n in TERMS))


def test_classes_without_probability():
    found = split(settings(weights="1/2;1/2;0", classes="0;0;1"))
    assert [c.name for c in found] == ["0"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"classes": "0;1"}, "2 classes for 3 atoms"),
        ({"classes": "0;;1"}, "empty entry"),
        ({"classes": "0;1;1", "variance": "best"}, "variance=best differs between the classes"),
        (
            {"atoms": "1:0;0:1;0:0", "classes": "0;1;1", "eps": "1/9"},
            "eps = 1/9 with classes in 2 dimensions",
        ),
    ],
)
def test_what_is_refused(given, message):
    with pytest.raises(BoundcheckError, match=message):
        split(settings(**given))


def test_classes_need_atoms():
    with pytest.raises(BoundcheckError, match="classes are those of the atoms"):
        split(Settings("bound", {"classes": "0", "m": "5"}))
