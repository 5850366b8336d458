"""sup_norm and maximum: the enclosures contain the values, and are as narrow as asked."""

import pytest
from containments import tried
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from random_networks import shallow
from strategies import rationals, terms

from boundcheck import BoundcheckError, Box, Network, ReLU, maximum, prove, sup_norm
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.work import at_most
from boundcheck.norms.supremum import NotDefined, NotReached


def width(found):
    return (found.upper - found.lower) / found.upper


@pytest.mark.parametrize(
    ("f", "on", "rtol", "norm"),
    [
        ("exp(x)", "x in [0,1]", "1e-6", "E"),
        (
            "exp(-x**2)-(1-x**2+x**4/2-x**6/6+x**8/24-x**10/120)",
            "x in [-1,1]",
            "1e-6",
            "exp(-1) - 11/30",
        ),
        ("sin(x)", "x in [0,10]", "1e-9", 1),
        ("x*(1-x)", "x in [0,1]", "1e-6", 0.25),
        ("-3 - x**2", "x in [-1,2]", "1e-6", 7),
        ("Abs(x)-x**2", "x in [-1,1]", "1e-3", 0.25),
        ("sqrt(x)-x", "x in [0,1]", "1e-3", 0.25),
        ("exp(-(x**2+y**2))*(1+x*y)", "x in [-2,2], y in [-2,2]", "1e-3", 1),
        ("signrelu(x*y)", "x in [-1,1], y in [-1,1]", "1e-3", 1),
    ],
)
def test_known_norms(f, on, rtol, norm):
    found = sup_norm(f, on, rtol=rtol)
    with ctx.workprec(300):
        exact = arb(at_point(parse_term(str(norm)), {}, 300))
        assert not exact < arb(found.lower)
        assert not exact > arb(found.upper)
    assert width(found) <= rational(rtol)


@pytest.mark.parametrize(
    ("f", "half", "expected"),
    [
        # approximation errors far below the rounding of doubles, relative to the function
        ("sin(x)-(x-x**3/6+x**5/120-x**7/5040+x**9/362880)", "1/64", "1e-25"),
        ("exp(x)-(1+x+x**2/2+x**3/6+x**4/24)", "1/1000", "1e-15"),
        ("cos(x)-(1-x**2/2+x**4/24)", "1/100", "1e-13"),
    ],
)
def test_cancellation(f, half, expected):
    found = sup_norm(f, f"x in [-{half},{half}]", rtol="1e-3")
    assert 0 < found.lower <= found.upper <= rational(expected)
    assert width(found) <= fmpq(1, 1000)
    with ctx.workprec(400):
        end = abs(at_point(parse_term(f), {"x": rational(half)}, 400))  # where these are largest
        assert arb(found.lower) <= end * (1 + fmpq(1, 10**6))
        assert not end > arb(found.upper)


@settings(max_examples=25)
@given(
    terms(functions=("exp", "sin", "cos", "sqrt", "atan"), max_leaves=6),
    rationals(3),
    rationals(3),
    rationals(3),
    rationals(3),
)
def test_random_expressions(t, a, b, c, d):
    if a == b or c == d:
        return
    box = Box(x=(min(a, b), max(a, b)), y=(min(c, d), max(c, d)))
    try:
        found = maximum(t, on=box, atol="1/10", budget=0.7)
    except NotReached as error:
        found = error.enclosure
    except (BoundcheckError, OverflowError):
        return
    for u in (a, b, (a + b) / 2, (2 * a + b) / 3):
        for v in (c, d, (c + d) / 2):
            try:
                value = at_point(t, {"x": u, "y": v}, 200)
            except (Unclear, DomainError, Unsupported):
                continue
            tried()
            assert found.upper is None or not value > found.upper
    if found.point is not None and found.lower is not None:
        value = at_point(t, dict(zip("xy", found.point, strict=True)), 200)
        assert not value < found.lower


@pytest.mark.parametrize(
    ("f", "on", "rtol", "message"),
    [
        (
            "x",
            "x in [0,oo)",
            "1e-3",
            "the range of x must have finite constant ends; give it some: x in [0, 1]",
        ),
        ("x + y", "x in [0,1]", "1e-3", "unknown symbol y: give it a range"),
        ("x", "x in [0,1]", "0", "rtol = 0 is not between 0 and 1"),
        ("1", "", "1e-3", "a norm needs a box with at least one variable: on='x in [0, 1]'"),
        (
            "1/x",
            "x in [-1,1]",
            "1e-3",
            "the function is not defined everywhere on the box: division by zero in 1/x",
        ),
    ],
)
def test_bad_input(f, on, rtol, message):
    with pytest.raises(BoundcheckError) as error:
        sup_norm(f, on, rtol=rtol, budget=2)
    assert str(error.value) == message


def test_sizes_have_to_fit():
    net = shallow(3, 2, ReLU())
    with pytest.raises(BoundcheckError, match="takes 2 inputs, but the box has 1 variable"):
        sup_norm(net, on="x in [0,1]")


@pytest.mark.parametrize(
    ("f", "on", "rtol", "budget", "message"),
    [
        (
            "sin(1/(x + 1/100))",
            "x in [0,1]",
            "1e-40",
            0.2,
            r"rtol was not reached with the budget of 0\.2 units of work: the value is in "
            r"\[0\.99.*, 1\.0.*\]; "
            "give a larger budget or a larger rtol",
        ),
        (
            "Abs(x - 1/3)",
            "x in [-1,1]",
            "1e-40",
            5,
            (
                r"rtol was not reached with balls of 1024 bits: the value is in \[1\.3.*, "
                r"1\.3.*\]; give a larger rtol"
            ),
        ),
        (
            "log(x)",
            "x in (0,4]",
            "1e-3",
            0.2,
            r"rtol was not reached with the budget of 0\.2 units of work: the value is in "
            r"\[.*, oo\]; "
            "give a larger budget or a larger rtol, or a box on which the function is bounded",
        ),
    ],
)
def test_what_cannot_be_reached_says_so(f, on, rtol, budget, message):
    with pytest.raises(NotReached, match=message + "$"):
        sup_norm(f, on, rtol=rtol, budget=budget)


@pytest.mark.parametrize("budget", [0, -1, float("nan")])
def test_budgets_are_positive(budget):
    with pytest.raises(
        BoundcheckError, match=f"the budget is {budget} units of work; it must be positive"
    ):
        sup_norm("x", "x in [0,1]", budget=budget)


@pytest.mark.parametrize(
    ("f", "on"),
    [
        ("floor(x) - floor(x)", "x in [0,3]"),  # an internal exception, once
        ("sin(x)**2 + cos(x)**2 - 1", "x in [0,5]"),
        ("exp(x + y) - exp(x)*exp(y)", "x in [-1,1], y in [-1,1]"),
        ("(x + 1)**2 - x**2 - 2*x - 1", "x in [-7,7]"),
        ("x - x", "x in [0,1]"),
        ("0*x", "x in [0,1]"),
        ("Max(x, y) - Min(x, y) - Abs(x - y)", "x in [-1,1], y in [-1,1]"),
        ("relu(x) + relu(-x) - Abs(x)", "x in [-1,1]"),
        ("sqrt(x**2) - Abs(x)", "x in [-1,1]"),
    ],
)
def test_functions_that_are_0_are_found_out_at_once(f, on):
    with at_most(1.0):  # it took all of its 60 units
        found = sup_norm(f, on)
    assert (found.lower, found.upper) == (0, 0)


@pytest.mark.parametrize(
    ("f", "on", "where"),
    [
        ("1/x", "x in [-2/3,4]", "1/x"),
        ("1/(x - y)", "x in [0,1], y in [0,1]", r"1/\(x - y\)"),
        ("x/(x**2 - 2)", "x in [0,2]", r"x/\(x\*\*2 - 2\)"),
        ("log(x)", "x in [0,1]", r"log\(x\)"),
        ("sqrt(x)", "x in [-1,1]", r"sqrt\(x\)"),
        ("1/(1 - exp(x))", "x in [-1,2]", r"1/\(1 - exp\(x\)\)"),
    ],
)
@pytest.mark.parametrize("extreme", [sup_norm, maximum])
def test_functions_with_poles_are_not_defined(extreme, f, on, where):
    with (
        at_most(1.0),
        pytest.raises(
            NotDefined, match=f"the function is not defined everywhere on the box: .*{where}"
        ),
    ):
        extreme(f, on)


@pytest.mark.parametrize(
    ("f", "on"), [("log(x)", "x in (0,4]"), ("1/x", "x in [-1,0)"), ("x**x", "x in (0,2]")]
)
def test_an_open_end_is_no_pole(f, on):
    with pytest.raises(NotReached, match="a box on which the function is bounded"):
        maximum(f, on, budget=0.5)


@pytest.mark.parametrize(
    ("f", "on"),
    [
        ("sin(1/(x + 1/100))", "x in [0,1]"),
        ("sqrt(x) - x", "x in [0,1]"),
        ("exp(-(x**2 + y**2))*(1 + x*y)", "x in [-2,2], y in [-2,2]"),
        ("floor(3*x) - x", "x in [0,3]"),
        ("Abs(sin(30*x))", "x in [0,3]"),
    ],
)
def test_a_smaller_rtol_never_gives_less(f, on):
    """What was found is kept, when a method that is asked for more gives up."""
    at_ease = sup_norm(f, on, rtol="1e-3", budget=1)
    try:
        strained = sup_norm(f, on, rtol="1e-60", budget=1)
    except NotReached as error:
        strained = error.enclosure
    assert strained.upper - strained.lower <= at_ease.upper - at_ease.lower
    assert max(strained.lower, at_ease.lower) <= min(strained.upper, at_ease.upper)


# -- values at the ends of boxes and of the doubles ------------------------------------------------


@pytest.mark.parametrize(
    ("f", "on", "most"),
    [
        ("x", "x in [0,1/3]", "1/3"),
        ("x", "x in [0,pi]", "pi"),
        ("10**20*(x-1/3)", "x in [0,1/3]", "0"),
        ("1+10**20*Max(x-1/3,0)", "x in [0,1/3]", "1"),
        ("10**20*Max(x-1/3,0)+y", "x in [0,1/3], y in [0,1]", "1"),
    ],
)
def test_2026_11_22_values_are_taken_inside_the_box(f, on, most):
    found = maximum(f, on, atol="1e-3")
    assert prove(f"{found.lower} <= {most}").name == "proved"
    assert prove(f"{most} <= {found.upper}").name == "proved"


def test_2026_11_22_a_box_without_doubles():
    net = Network.from_layers(
        [([["100000000000000000000"]], ["-100000000000000000000/3"]), ([[1]], [0])], ReLU()
    )
    found = maximum(net, on="x in [1/3,1/3]", atol="1/100", budget=5)
    assert found.lower <= 0 <= found.upper


@pytest.mark.parametrize(
    ("f", "on", "message"),
    [
        ("sign(x)", "x in (-1,0)", "a function with jumps needs closed ranges"),
        ("x-y", "x in [0,y], y in [0,1]", "must be constants; a norm needs a box"),
    ],
)
def test_2026_11_22_norms_need_plain_boxes(f, on, message):
    with pytest.raises(BoundcheckError, match=message):
        maximum(f, on)


@pytest.mark.parametrize(
    ("f", "on"),
    [
        ("exp(-10**20*x**2)", "x in [-1,1]"),
        ("x*exp(-exp(10*x))", "x in [0,10]"),
        ("exp(10**18*(x-1/3))", "x in [0,1/3]"),
    ],
)
def test_2026_11_22_numbers_with_huge_exponents_do_not_end_the_process(f, on):
    found = sup_norm(f, on, rtol="1/10", budget=10)
    assert found.lower <= found.upper


def test_2026_11_22_a_bound_that_is_not_known_is_no_number():
    """It once stood for 2**2000, and exp(10**9) is larger."""
    for text in ("exp(-x)", "leakyrelu(1/exp(x))"):
        try:
            found = maximum(text, "x in [-1000000000, 0]", atol="1/10", budget=1)
        except BoundcheckError as error:
            found = getattr(error, "enclosure", None)
        assert found is None or found.upper is None or found.upper > 2**5000


@pytest.mark.parametrize("f", ["gamma(x+1) - x*gamma(x)", "sqrt(x)*sqrt(y) - sqrt(x*y)"])
def test_2026_11_30_what_nothing_tells_from_0_does_not_take_all_of_the_budget(f):
    with at_most(4), pytest.raises(NotReached, match="nothing tells the function from 0"):
        sup_norm(f, "x in [1,2], y in [1,2]")
