"""L^p norms: closed forms, what is undefined, and what is refused."""

import mpmath
import pytest
from flint import arb, ctx, fmpq
from norms_known import known, mpf_of

from boundcheck import BoundcheckError, Network, Proved, lp_norm, norm_bound, prove
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.parser import parse_term
from boundcheck.norms.supremum import NotReached

CLOSED = [
    ("x", 2, "x in [-1, 1]", "1/sqrt(3)"),
    ("x", 1, "x in [-1, 2]", "5/6"),
    ("x", 3, "x in [-1, 2]", "(17/12)**(1/3)"),
    ("x", "3/2", "x in [0, 1]", "(2/5)**(2/3)"),
    ("x*y", 4, "x in [-1, 2], y in [0, 1/3]", "(33/15/5/81)**(1/4)"),
    ("x + y", 4, "x in [-1, 1], y in [-1, 1]", "(2/5 + 6/9)**(1/4)"),
    ("exp(x)", 2, "x in [0, 1]", "sqrt((exp(2) - 1)/2)"),
    ("x - y", 5, "x in [0, 1], y in [0, 1]", "(1/21)**(1/5)"),
    ("sin(x)*z", 2, "x in [0, 1], z in [-1, 3]", "sqrt((1 - sin(2)/2)/2*7/3)"),
    ("x*y*z", 2, "x in [-1, 1], y in [-1, 1], z in [-1, 1]", "1/sqrt(27)"),
]


def norm_so_far(f, on, rtol, budget):
    try:
        return lp_norm(f, 2, on, rtol, budget=budget)
    except NotReached as error:
        return error.enclosure


@pytest.mark.parametrize(("f", "p", "on", "value"), CLOSED)
def test_closed_forms(f, p, on, value):
    found = lp_norm(f, p, on, rtol="1/200")
    assert found.upper - found.lower <= found.upper / 200
    with ctx.workprec(200):
        true = arb(at_point(parse_term(value), {}, 200))
        assert arb(found.lower) <= true <= arb(found.upper)


def test_far_below_the_rounding_of_doubles():
    """x³/6 up to a relative 1e-9, integrated in balls."""
    found = lp_norm("exp(x) - 1 - x - x**2/2", 2, "x in [-10**-9, 10**-9]", rtol="1/200")
    true = fmpq(1, 6 * 10**27)
    assert found.lower**2 * 7 <= true**2 * (1 + fmpq(1, 10**8))
    assert true**2 * (1 - fmpq(1, 10**8)) <= found.upper**2 * 7


@pytest.mark.parametrize(
    ("f", "p", "on", "options", "message"),
    [
        ("x", "1/2", "x in [0, 1]", {}, "p = 1/2; L.p norms need 1 <= p < oo"),
        ("x", 2, "x in [0, 1]", {"rtol": 0}, "rtol = 0 is not between 0 and 1"),
        ("x", 2, "x in [0, sqrt(2)]", {}, "the range of x must have rational ends"),
        ("x", 2, "x in [0, 0]", {}, "the range of x is one point"),
        (
            "a*b*c*d*e",
            2,
            ", ".join(f"{n} in [0, 1]" for n in "abcde"),
            {},
            "5 variables; lp_norm takes at most 4",
        ),
        ("x + y", 2, "x in [0, 1]", {}, "unknown symbol y: give it a range"),
        ("x", 2, "x in [0, oo)", {}, "must have finite constant ends"),
        (
            "x",
            2,
            "x in [0, 1]",
            {"networks": {"x": Network.from_layers([([[1]], [0])])}},
            "x names two things",
        ),
    ],
)
def test_bad_input(f, p, on, options, message):
    with pytest.raises(BoundcheckError, match=message):
        lp_norm(f, p, on, **options)


def test_what_is_not_reached_is_said():
    with pytest.raises(
        NotReached,
        match="rtol was not reached with the budget of 0.3 units of work: the norm is in",
    ) as caught:
        lp_norm(
            "exp(-50*(x**2 + y**2 + z**2))",
            2,
            on="x in [-3,3], y in [-3,3], z in [-3,3]",
            rtol="1e-9",
            budget=0.3,
        )
    known = caught.value.enclosure
    assert 0 <= known.lower <= known.upper


def test_a_pole_is_never_bounded():
    with pytest.raises(NotReached) as caught:
        lp_norm("1/x", 2, on="x in [-1, 1]", budget=1)
    assert caught.value.enclosure.upper is None


@pytest.mark.parametrize("f", ["1e-300*x", "1e-310*x*y"])
def test_what_rounding_hides_is_still_bounded(f):
    """No relative width, but an upper end that is small: enough for `norm_bound`."""
    with pytest.raises(NotReached, match="rounding errors of doubles are too large") as caught:
        lp_norm(f, 2, "x in [0, 1], y in [0, 1]")
    assert caught.value.enclosure.lower >= 0
    assert caught.value.enclosure.upper <= fmpq(1, 10**9)
    assert isinstance(prove(norm_bound(f, "10**-9", on="x in [0, 1], y in [0, 1]")), Proved)


# -- what was once wrong ---------------------------------------------------------------------------


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
        assert mpf_of(lower) <= true <= mpf_of(upper)


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


def test_2026_11_22_the_budget_also_ends_the_integrals_in_balls():
    """It left as a bare OutOfBudget."""
    with pytest.raises(NotReached):
        lp_norm("exp(x) - 1 - x - x**2/2", 2, "x in [-10**-9, 10**-9]", budget=1e-6)


@pytest.mark.parametrize("budget", [0, -1, float("nan")])
def test_2026_11_22_budgets_are_positive(budget):
    with pytest.raises(BoundcheckError, match="units of work; it must be positive"):
        lp_norm("x", 2, "x in [0, 1]", budget=budget)


def test_2026_11_30_lp_norms_keep_what_a_larger_rtol_gets():
    """With 1e-12 it stopped after a thousand cells."""
    wide, narrow = (
        norm_so_far("sin(9*x*y)*cos(8*y)", "x in [0,1], y in [0,1]", r, 1)
        for r in ("1e-3", "1e-12")
    )
    assert narrow.upper - narrow.lower <= wide.upper - wide.lower


@pytest.mark.parametrize("f", ["x - x", "sin(x)**2 + cos(x)**2 - 1", "exp(x)*exp(-x) - 1"])
@pytest.mark.parametrize("p", [1, 2])
def test_2026_11_30_lp_norms_of_0(f, p):
    found = lp_norm(f, p, "x in [0,1]")
    assert (found.lower, found.upper) == (0, 0)
