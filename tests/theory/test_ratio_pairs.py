"""The ratio class: its bounds beside mpmath and beside `constants ratio`, and what it refuses."""

import pytest
from excess_again import kappa
from flint import arb, ctx, fmpq
from mpmath import mp, mpf

from boundcheck.errors import BoundcheckError
from boundcheck.theory.kernels.matern import Matern
from boundcheck.theory.kernels.normal_kernels import Bandwidths
from boundcheck.theory.kernels.ratio_pairs import RatioClass
from boundcheck.theory.theorems.constants import evaluate

BOX = {"d": 1, "R": fmpq(1), "b": fmpq(1), "c": fmpq(1, 10)}


@pytest.mark.parametrize("d", [1, 2, 5])
def test_bounds_are_the_constants_of_the_theorem(d):
    """`constants ratio` evaluates the same formulas with other precision and order."""
    given = {"R": "2", "sigma": "3/4", "b": "3/2", "c": "1/50", "mass": "2"}
    numbers = {name: fmpq(*map(int, (v + "/1").split("/")[:2])) for name, v in given.items()}
    found = RatioClass(d=d, **numbers).bounds(k=7, M=fmpq(2) ** 40)
    again = evaluate("ratio", {**given, "d": d, "k": 7, "M": "2**40"})
    assert set(found) > {"uniform", "weighted", "positivity_free", "trivial"}
    for name, bound in found.items():
        with ctx.workprec(200):
            low, high = (end.fmpq() for end in (bound.value.lower(), bound.value.upper()))
        value = again[name].value
        assert value.lower <= high
        assert low <= value.upper
        assert bound.shown_in


def test_uniform_against_mpmath():
    pairs = RatioClass(**{**BOX, "d": 2, "b": fmpq(3)}, sigma=fmpq(1, 2))
    found = pairs.bounds(k=9, M=fmpq(2) ** 30)
    with mp.workdps(30):
        V = min(2 * (2 + 4 / mp.pi) * 4, 2 * kappa(2))
        fourth = (4 + mpf(4) / 3) ** 2 + mpf(64) / 45
        l2 = fourth ** (mpf(3) / 8) / (8 * mp.sqrt(6)) * V / mpf(9) ** mpf("2.5")
        error = 6 * (l2 + 3 * V / mpf(2) ** 30) + 4 / mpf(2) ** 30
        assert float(found["error_l2"].value) == pytest.approx(float(error), rel=1e-12)
        assert float(found["uniform"].value) == pytest.approx(float(10 * error), rel=1e-12)
    assert float(pairs.variation()) == pytest.approx(float(V), rel=1e-12)


def test_another_kernel():
    """One bandwidth is the normal kernel, whose own bound is smaller; V counts as the mass does."""
    normal = RatioClass(**BOX, sigma=fmpq(1, 2))
    same = RatioClass(**BOX, kernel=Bandwidths(((fmpq(1), fmpq(1, 2)),)))
    assert normal.variation() < same.variation() < 1.3 * normal.variation()
    twice = RatioClass(**BOX, mass=fmpq(2), kernel=Matern(fmpq(3, 2)))
    once = RatioClass(**BOX, kernel=Matern(fmpq(3, 2)))
    assert float(twice.variation() / once.variation()) == pytest.approx(2)
    found = once.bounds(k=5, M=fmpq(2) ** 40)
    assert set(found) == {"error_l2", "uniform"}
    assert float(found["uniform"].value / found["error_l2"].value) == pytest.approx(10)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "sigma or kernel"),
        ({"sigma": fmpq(1), "kernel": Matern(fmpq(1))}, "sigma or kernel"),
        ({"sigma": fmpq(0)}, "sigma = 0; the admissible range is sigma > 0"),
        ({"sigma": fmpq(1), "R": fmpq(-1)}, "R = -1; the admissible range is R > 0"),
        ({"sigma": fmpq(1), "b": fmpq(-1)}, "b = -1; the admissible range is d >= 1, b >= 0"),
        ({"sigma": fmpq(1), "d": 0}, "d = 0, b = 1"),
        ({"sigma": fmpq(1), "c": fmpq(1)}, "c = 1; the admissible range is 0 < c < mass = 1"),
        ({"sigma": fmpq(1), "mass": fmpq(1, 20)}, "0 < c < mass = 1/20, since f2 <= mass"),
    ],
)
def test_what_is_refused(more, message):
    with pytest.raises(BoundcheckError, match=message):
        RatioClass(**{**BOX, **more})


def test_balls_are_refused_only_where_they_are_surely_wrong():
    unsure = arb(0).union(arb(1))
    RatioClass(**{**BOX, "c": unsure}, sigma=fmpq(1))
    with pytest.raises(BoundcheckError, match="since f2 <= mass"):
        RatioClass(**{**BOX, "c": arb(2)}, sigma=fmpq(1))
