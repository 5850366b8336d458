"""The pairs of marginals of diffusion models: the Bayes predictor, positivity, refusals."""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import rationals

from boundcheck import BoundcheckError
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair, positivity

# -- pairs of marginals ----------------------------------------------------------------------------


DATA = [("1/2", "-1/3"), (0, 1), ("-3/4", 0)]
CHANCES = ["1/2", "1/3", "1/6"]


def at(f, *x):
    """A marginal at a point, by mpmath."""
    total = mpmath.mpf(0)
    for u, m in zip(f.points, f.masses, strict=True):
        gap = mpmath.fsum((mpmath.mpf(v) - mp(c)) ** 2 for v, c in zip(x, u, strict=True))
        total += mp(m) * mpmath.exp(-gap / (2 * mp(f.variance)))
    return total


def mp(constant):
    """A constant of the grammar, by sympy's text."""
    import sympy

    return mpmath.mpf(sympy.sympify(str(constant), rational=True).evalf(40))


@pytest.mark.parametrize("abar", ["1/2", "1/4", "9/10"])
def test_the_pair_gives_the_bayes_predictor(abar):
    """E[x_0 | x_t = x] from the joint density of x_0 and the noise, by the definition of x_t."""
    f2, numerators = ddpm_pair(DATA, CHANCES, abar)
    with mpmath.workdps(30):
        a = mp(abar)
        for x in [(0.3, -0.2), (1.0, 2.0), (-1.5, 0.25)]:
            likelihood = []
            for u, p in zip(DATA, CHANCES, strict=True):
                noise = [
                    (mpmath.mpf(v) - mpmath.sqrt(a) * mp(c)) / mpmath.sqrt(1 - a)
                    for v, c in zip(x, u, strict=True)
                ]
                likelihood.append(mp(p) * mpmath.exp(-(noise[0] ** 2 + noise[1] ** 2) / 2))
            for i in range(2):
                mean = mpmath.fsum(
                    w * mp(u[i]) for w, u in zip(likelihood, DATA, strict=True)
                ) / mpmath.fsum(likelihood)
                assert abs(at(numerators[i], *x) / at(f2, *x) - mean) < mpmath.mpf(10) ** -25
                assert abs(at(numerators[i], *x)) <= mp(data_bound(DATA)) * at(f2, *x)


def test_the_pair_is_exact():
    f2, (f1,) = ddpm_pair(["1/2", "-1/2", 0], ["1/4", "1/4", "1/2"], "1/4")
    assert f2 == Marginal.of(
        ["1/4", "-1/4", 0], ["1/4", "1/4", "1/2"], variance="3/4"
    )  # √(1/4) is rational
    assert f1 == Marginal.of(
        ["1/4", "-1/4"], ["1/8", "-1/8"], variance="3/4"
    )  # the atom at 0 is left out
    f2, _ = ddpm_pair(["1/2"], [1], "1/2")
    assert [str(u) for (u,) in f2.points] == ["sqrt(1/2)*(1/2)"]
    assert data_bound(DATA) == 1
    assert data_bound(["-3/2", 1]) * 2 == 3


@pytest.mark.parametrize(
    ("points", "weights", "abar", "message"),
    [
        ([1], [1], 0, "abar = 0; the admissible range is 0 < abar < 1"),
        ([1], [1], 1, "abar = 1; the admissible range is 0 < abar < 1"),
        ([], [], "1/2", "the data distribution has no atoms"),
        ([1, 2], [1], "1/2", "2 atoms but 1 weights"),
        ([1, (1, 2)], ["1/2", "1/2"], "1/2", "the atoms have the dimensions [1, 2]"),
        ([()], [1], "1/2", "the atoms have the dimensions [0]"),
        (
            [1, -1],
            ["3/2", "-1/2"],
            "1/2",
            "the atom -1 has the weight -1/2; probabilities must be positive",
        ),
        ([1, -1], [1, 0], "1/2", "the atom -1 has the weight 0; probabilities must be positive"),
        (
            [1, -1],
            [0.1, 0.9],
            "1/2",
            "probabilities have the sum 1 exactly",
        ),  # these doubles do not
        ([(1, 0), (2, 0)], ["1/2", "1/2"], "1/2", "coordinate 2 of every atom is 0"),
    ],
)
def test_bad_data_is_refused(points, weights, abar, message):
    with pytest.raises(BoundcheckError) as error:
        ddpm_pair(points, weights, abar)
    assert message in str(error.value)


# -- positivity ------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    st.lists(st.tuples(rationals(2), rationals(2), st.integers(1, 5)), min_size=1, max_size=4),
    st.fractions(Fraction(1, 5), 2, max_denominator=10),
    st.fractions(Fraction(1, 5), 2, max_denominator=10),
    st.lists(st.tuples(st.integers(-8, 8), st.integers(-8, 8)), min_size=1, max_size=5),
)
def test_positivity_is_a_lower_bound(atoms, sigma, R, grid):
    atoms = [a for a in atoms if max(abs(a[0]), abs(a[1])) <= 2] or [(0, 0, 1)]
    f2 = Marginal.of([(u, v) for u, v, _ in atoms], [m for _, _, m in atoms], sigma=sigma)
    c = mp(positivity(f2, R))
    assert c > 0
    corners = [(i, j) for i in (-8, 8) for j in (-8, 8)]
    with mpmath.workdps(30):
        for i, j in [*grid, *corners]:
            assert at(f2, mp(R * i / 8), mp(R * j / 8)) >= c


def test_positivity_is_attained_by_one_atom_and_by_two():
    """One atom: the value at the farthest corner. Two: Jensen's bound, which is
    twice the other one here."""
    one = Marginal.of([("1/2", "-1/4")], [2], sigma="1/2")
    with mpmath.workdps(30):
        exact = 2 * mpmath.exp(-2 * (mpmath.mpf("2.25") + mpmath.mpf("1.5625")))
        assert exact * mpmath.mpf("0.99") < mp(positivity(one, 1)) <= exact
        two, _ = ddpm_pair(["1/2", "-1/2"], ["1/2", "1/2"], "1/4")
        jensen = mpmath.exp(-(1 + mpmath.mpf(1) / 16) / mpmath.mpf("1.5"))
        assert jensen * mpmath.mpf("0.99") < mp(positivity(two, 1)) <= jensen


def test_positivity_keeps_the_nearest_atom():
    """An atom of small mass at 0 beats Jensen's bound where σ is small."""
    f2 = Marginal.of(["0", "2"], ["1/1000", "999/1000"], sigma="1/10")
    with mpmath.workdps(30):
        exact = at(f2, -1)  # the minimum over [-1, 1], of which the atom at 2 has almost nothing
        assert exact * mpmath.mpf("0.99") < mp(positivity(f2, 1)) <= exact


@pytest.mark.parametrize(
    ("masses", "R", "message"),
    [
        (
            [1, "-1/3"],
            1,
            (
                "the atom 1/2 has the mass -1/3; where positivity is required, every mass "
                "must be positive"
            ),
        ),
        ([1, 1], 0, "R = 0; it must be a positive number"),
        ([1, 1], 10**6, "f2 is not known to be above 2^-1000 on [-1000000, 1000000]^1"),
    ],
)
def test_positivity_is_refused(masses, R, message):
    with pytest.raises(BoundcheckError) as error:
        positivity(Marginal.of([0, "1/2"], masses, sigma=1), R)
    assert message in str(error.value)
