"""Regression tests of a review of the certified norms: each was wrong, or ended in
a traceback, on the day in its name."""

import time
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import fmpq

from boundcheck import (
    BoundcheckError,
    IllPosed,
    Network,
    Proved,
    Undecided,
    lp_norm,
    norm_bound,
    prove,
    symbols,
)
from boundcheck.enclosure.arrays.models import Models
from boundcheck.enclosure.cubature import cubature
from boundcheck.enclosure.cubature.cubature import Integrand, lp, moments, variable
from boundcheck.enclosure.cubature.ridges import Ridges
from boundcheck.exact.terms.activation import Activation, Piece
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.term import substitute
from boundcheck.norms.supremum import NotReached


def known(f, p, on, **options):
    """The ends, also where the width was not reached."""
    try:
        found = lp_norm(f, p, on, **options)
    except NotReached as error:
        found = error.enclosure
    return found.lower, found.upper


def mp(q):
    return mpmath.inf if q is None else mpmath.mpf(int(q.p)) / int(q.q)


def exact(v):
    return fmpq(*float(v).as_integer_ratio())


# -- remainders that underflowed to 0 --------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "function"),
    [
        ("log(10**120*x)", lambda x: mpmath.log(mpmath.mpf(10) ** 120 * x)),
        ("10**78/(10**78*x)", lambda x: 1 / x),
        ("sqrt(10**125*x)/10**62", lambda x: mpmath.sqrt(10 * x)),
    ],
)
def test_2026_11_22_remainders_of_huge_arguments_are_kept(f, function):
    """1/least³ and the like overflowed to 1/inf = 0, and with it the whole truncation error."""
    lower, upper = known(f, 2, "x in [1, 30]", budget=0.3)
    with mpmath.workdps(30):
        true = mpmath.sqrt(mpmath.quad(lambda x: function(x) ** 2, mpmath.linspace(1, 30, 12)) / 29)
        assert mp(lower) <= true <= mp(upper)


# -- what is undefined -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    ["tanh(log(x))", "x + 0*atan(log(x))", "sign(sqrt(x))", "log(x)**0", "1 + x*0*erf(1/(x-x))"],
)
def test_2026_11_22_bounded_functions_of_what_is_undefined(f):
    """Undefined on half of the box or more, and yet these had norms, and
    `norm_bound` was proved."""
    with pytest.raises(NotReached) as caught:
        lp_norm(f, 2, "x in [-1, 1]", budget=0.3)
    assert caught.value.enclosure.upper is None
    assert not isinstance(prove(norm_bound(f, 2, on="x in [-1, 1]"), budget=0.3), Proved)


def test_2026_11_22_a_power_of_0_is_1_where_its_base_is_defined():
    assert lp_norm("(2 + x)**0", 2, "x in [-1, 1]").lower > fmpq(999, 1000)


# -- underflow in the sums -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "square"), [("cos(3*x)", 0.5 + mpmath.sin(6) / 12), ("1 + x/10", 1 + mpmath.mpf(1) / 300)]
)
@pytest.mark.parametrize("size", ["1e-160", "4e-161", "5e-162"])
def test_2026_11_22_squares_that_underflow(f, square, size):
    """P² was rounded up, and δ² to 0: some lower bounds were too large by a tenth."""
    (root,) = substitute((parse_term(f"{size}*({f})"),), {"x": variable(0)})
    seen = []

    def tick(norm):
        seen.append(norm)
        if len(seen) > 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lp(Integrand(root, (), 1), fmpq(2), 0.01, tick)
    true = mpmath.mpf(size) * mpmath.sqrt(square)
    assert all(n.lower <= true <= n.upper for n in seen)


def test_2026_11_22_squares_that_are_rounded_up_below_the_doubles():
    """1.3² 2^-1074 is rounded to 2^-1073."""
    a = np.array([1.3 * 2.0**-537])
    low, high, _ = moments(Models.of(a, np.zeros((1, 1))), fmpq(2))
    assert exact(low[0]) <= exact(a[0]) ** 2 <= exact(high[0])


# -- activations of a user's own -------------------------------------------------------------------


class Steep(Activation):
    """1000000 t + 1000, with a corner at 0."""

    name = "steep"

    @staticmethod
    def pieces():
        return Piece(None, lambda t: t * 1000000 + 1000), Piece(0, lambda t: t * 999999 + 1000)

    def derivative_range(self, lower, upper):
        return fmpq(999999), fmpq(1000000)


def test_2026_11_22_rounding_errors_grow_with_the_slopes_of_an_activation():
    """w x + b is near 0 because 2^40 x/3 and -2^40/9 cancel; its rounding
    error is multiplied by 10^6."""
    weight, bias = fmpq(2**40, 3), -fmpq(2**40, 9)
    net = Network.from_layers(
        [([[weight]] * 3, [bias, bias + 1, bias - 2]), ([["1/3", "2/7", "1/9"]], [0])], Steep()
    )
    layer = Ridges(*net.layers, net.activation)
    for k in range(20, 50):
        center, radius = np.array([[round(2**k / 3) / 2**k]]), np.array([[2.0**-k]])
        _, (m,), _ = layer.refined(layer.tree(), center, radius, np.zeros(1))
        for y in (fmpq(-1), fmpq(0), fmpq(1)):
            value = net.exactly([exact(center[0, 0]) + exact(radius[0, 0]) * y])[0]
            assert abs(value - exact(m.a[0]) - exact(m.g[0, 0]) * y) <= exact(m.err[0])


def test_2026_11_22_small_networks_with_an_activation_of_a_users_own():
    net = Network.from_layers([([[1]], [0]), ([["1/1000"]], [-1])], Steep())
    lower, upper = known(net, 2, "x in [0, 1]", rtol="1/100")
    true = mpmath.mpf(999999) / 1000 / mpmath.sqrt(3)
    assert mp(lower) <= true <= mp(upper) < 1.02 * true


def test_2026_11_22_deep_networks_with_an_activation_of_a_users_own():
    net = Network.from_layers([([[1]], [0]), ([[1]], [0]), ([[1]], [0])], Steep())
    with pytest.raises(NotReached, match="Steep is not for Taylor models.*give another form"):
        lp_norm(net, 2, "x in [0, 1]")


# -- messages instead of tracebacks ----------------------------------------------------------------


def test_2026_11_22_the_budget_also_ends_the_integrals_in_balls():
    """It left as a bare OutOfBudget."""
    with pytest.raises(NotReached):
        lp_norm("exp(x) - 1 - x - x**2/2", 2, "x in [-10**-9, 10**-9]", budget=1e-6)


@pytest.mark.parametrize("n", [2, 20])
def test_2026_11_22_weights_with_symbols_are_refused(n):
    a = symbols("a")
    net = Network.from_layers([([[a]] * n, [0] * n), ([[1] * n], [0])])
    with pytest.raises(BoundcheckError, match="the weights contain a; give them numbers"):
        lp_norm(net, 2, "x in [0, 1]")


def test_2026_11_22_weights_that_are_irrational():
    root = parse_term("sqrt(2)")
    net = Network.from_layers([([[root]] * 20, [0] * 20), ([["1/20"] * 20], [0])])
    lower, upper = known(net, 2, "x in [0, 1]")
    assert mp(lower) <= mpmath.sqrt(mpmath.mpf(2) / 3) <= mp(upper) < 1


@pytest.mark.parametrize("bound", ["1/0", "sqrt(-1)", "log(0)"])
def test_2026_11_22_bounds_that_are_undefined(bound):
    assert isinstance(prove(norm_bound("x", bound, on="x in [0, 1]")), IllPosed)


@pytest.mark.parametrize("bound", ["exp(exp(exp(10)))", "1/(sqrt(2)**2 - 2)"])
def test_2026_11_22_bounds_of_unclear_value(bound):
    assert isinstance(prove(norm_bound("x", bound, on="x in [0, 1]")), Undecided)


@pytest.mark.parametrize("budget", [0, -1, float("nan")])
def test_2026_11_22_budgets_are_positive(budget):
    with pytest.raises(BoundcheckError, match="units of work; it must be positive"):
        lp_norm("x", 2, "x in [0, 1]", budget=budget)


# -- time and memory -------------------------------------------------------------------------------


def layered(rng, *widths):
    return Network.from_layers(
        [
            (rng.integers(-9, 10, (b, a)).tolist(), rng.integers(-9, 10, b).tolist())
            for a, b in pairwise(widths)
        ]
    )


def test_2026_11_22_the_budget_ends_long_rounds():
    """200 outputs of a wide layer were probed one by one, which took a minute."""
    net, start = layered(np.random.default_rng(1), 1, 150, 150, 1), time.perf_counter()
    with pytest.raises(NotReached):
        lp_norm(net, 2, "x in [0, 1]", budget=1)
    assert time.perf_counter() - start < 6


def test_2026_11_22_memory_is_limited(monkeypatch):
    """Where nothing was known of any cell, all were halved at once, with all of their neurons."""
    monkeypatch.setattr(cubature, "MOST_NUMBERS", 2**20)
    monkeypatch.setattr(cubature, "WORK", 2**17)
    net, most = layered(np.random.default_rng(1), 1, 300, 1), []
    keep = cubature.Cells.joined.__func__

    def joined(cls, parts):
        found = keep(cls, parts)
        most.append(int(found.load.sum()))
        return found

    monkeypatch.setattr(cubature.Cells, "joined", classmethod(joined))
    with pytest.raises(NotReached, match="cells are too few.*give a larger rtol"):
        lp_norm("log(x - 2)" - net, 2, "x in [0, 1]", budget=30)
    assert 2**20 < max(most) < 2**20 + 2**19
