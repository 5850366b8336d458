"""Gamma and error functions on unbounded ranges: steps, limits, slopes from an end,
and the tactic."""

from copy import deepcopy

import mpmath
import pytest
from flint import fmpq
from within import within

from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.claims.comparison import stated
from boundcheck.claims.verdict import Proved
from boundcheck.enclosure.intervals.at_point import taylor_form
from boundcheck.enclosure.intervals.ball_functions import where_defined
from boundcheck.enclosure.intervals.interval import between
from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.gammas import as_sum, difference, limit_along
from boundcheck.exact.algebra.normal import normal, vanishes
from boundcheck.exact.terms.parser import parse_term
from boundcheck.search.calculus.special import special
from boundcheck.search.completion import Completer as Checker
from boundcheck.search.problem import Problem

SUMS = (  # text, step
    ("loggamma(x+1) - (x+1/2)*log(x) + x - log(2*pi)/2", {"x": 1}),
    ("loggamma(x+1) - loggamma(x+s) - (1-s)*log(x) + s/x", {"x": 1}),
    ("loggamma(x) + loggamma(y) - 2*loggamma((x+y)/2)", {"x": 1, "y": 1}),
    ("loggamma(x) + loggamma(y) - 2*loggamma((x+y)/2)", {"x": 2, "y": 2}),
    ("loggamma(2*x+1) - 2*loggamma(x+1) + log(pi*x+1)/2 - x*log(4)", {"x": 1}),
    (
        "loggamma(3*x) - loggamma(x) - loggamma(x+1/3) - loggamma(x+2/3) - 3*x*log(3) + s*x/(x+1)",
        {"x": 1},
    ),
    ("(x+s)*log(x+3) - x*log(x+1) - s*log(2*x+5) + 7*x/(x+2)", {"x": 3}),
    ("s*log(x+1) - s*log(3*x) + y*log(y)", {"x": 2}),
)
POINTS = (
    {"x": "1.4", "y": "3", "s": "0.3"},
    {"x": "40", "y": "0.11", "s": "2.25"},
    {"x": "0.1", "y": "12", "s": "5"},
)


def value(root, point, far=0, step=None):
    """With mpmath, at p + far k."""
    step = step or {}
    at = {n: mpmath.mpf(q) + far * step.get(n, 0) for n, q in point.items()}
    names = {"log": mpmath.log, "loggamma": mpmath.loggamma, "pi": mpmath.pi, "sqrt": mpmath.sqrt}
    return eval(str(root).replace("/", "*one/"), {"one": mpmath.mpf(1), **names, **at})


@pytest.mark.parametrize(("text", "step"), SUMS)
def test_differences_and_limits_agree_with_mpmath(text, step):
    total = as_sum(normal(parse_term(text), lambda _: True))
    change = difference(total, step)
    assert "gamma" not in str(change)
    end = limit_along(total, step, lambda m: sign_of(m)[0] == 1)
    with mpmath.workdps(50):
        for point in POINTS:
            here = value(parse_term(text), point)
            assert abs(value(total.plain(), point) - here) < 1e-44
            assert abs(value(total.term(), point) - here) < 1e-44
            assert (
                abs(here + value(change, point) - value(parse_term(text), point, 1, step)) < 1e-44
            )
            far = value(parse_term(text), point, mpmath.mpf(10) ** 12, step)
            assert abs(far - value(end, point)) < 1e-9


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("loggamma(x)", {"x": 1}),  # infinite limits
        ("loggamma(x+1) - loggamma(x)", {"x": 1}),
        ("loggamma(x+1) - x*log(x) + x", {"x": 1}),
        ("2*loggamma(x) - loggamma(2*x) + 2*x", {"x": 1}),
        ("loggamma(x/2) - loggamma(x/2+1) + log(x)", {"x": 1}),  # steps that are not whole
        ("x*loggamma(x) - x*loggamma(x+1) + x*log(x)", {"x": 1}),  # coefficients that change
        ("loggamma(x**2) - loggamma(x**2+1) + 2*log(x)", {"x": 1}),
        ("loggamma(5-x) - loggamma(5-x)/2", {"x": 1}),  # the wrong way
        ("loggamma(y) - loggamma(y+1) + x - x", {"x": 1}),
        ("loggamma(x)**2", {"x": 1}),
        ("loggamma(x)*log(x)", {"x": 1}),
        ("1/loggamma(x)", {"x": 1}),
    ],
)
def test_what_has_no_limit_is_refused(text, step):
    def both():
        total = as_sum(normal(parse_term(text), lambda _: True))
        return difference(total, step), limit_along(total, step, lambda m: sign_of(m)[0] == 1)

    with pytest.raises(Unsupported):
        both()


def test_values_of_gamma_in_normal_forms():
    for n in range(1, 30):
        half = f"({n}/2)"
        for text in (
            f"loggamma({half}) - log(gamma({half}))",
            f"gamma({half} + 1) - {half}*gamma({half})",
        ):
            assert vanishes(parse_term(text)), text
        with mpmath.workdps(50):
            known = value(normal(parse_term(f"loggamma({half})")), {})
            assert abs(known - mpmath.loggamma(mpmath.mpf(n) / 2)) < 1e-45
    assert str(normal(parse_term("factorial(6)"))) == "720"
    assert str(normal(parse_term("gamma(-1/2)"))) == "gamma(-1/2)"
    assert vanishes(parse_term("1/sqrt(4/pi) - sqrt(pi)/2"))
    assert vanishes(parse_term("sqrt(pi*(pi*x**2 + 4)) - sqrt(pi)*sqrt(pi*x**2 + 4)"))
    assert not vanishes(parse_term("sqrt(2*pi*x) - sqrt(pi)*sqrt(3*x)"))


@pytest.mark.parametrize(("name", "pole"), [("gamma", 0), ("loggamma", 0), ("factorial", -1)])
def test_right_of_the_pole(name, pole):
    exact = {
        "gamma": mpmath.gamma,
        "loggamma": mpmath.loggamma,
        "factorial": lambda x: mpmath.gamma(x + 1),
    }[name]
    with mpmath.workdps(50):
        for width in (fmpq(1, 9), fmpq(1), fmpq(146, 100), fmpq(3, 2), fmpq(7)):
            low = where_defined(name, between(fmpq(pole), pole + width)).lower
            least = min(
                exact(pole + mpmath.mpf(int(width.p)) / int(width.q) * k / 999)
                for k in range(1, 1000)
            )
            assert 0 <= least - mpmath.mpf(str(low.mid().str(30, radius=False))) < 1e-3


@pytest.mark.parametrize(
    "text", ["loggamma(x) + x*log(x)", "erfc(x)*exp(x**2)", "sqrt(x)*sin(3*x)"]
)
def test_slopes_are_below_the_derivative(text):
    form, root = taylor_form(parse_term(text), "x", 160), parse_term(text)
    names = {n: getattr(mpmath, n) for n in ("log", "exp", "erfc", "sin", "sqrt", "loggamma")}
    for low, high in ((fmpq(1, 2), fmpq(5, 8)), (fmpq(2), fmpq(9, 4)), (fmpq(7, 2), fmpq(4))):
        for order in (2, 3, 5, 9):
            below = float(form.slope(low, high, order))
            with mpmath.workdps(30):
                ends = [mpmath.mpf(int(q.p)) / int(q.q) for q in (low, high)]
                for k in range(21):
                    x = ends[0] + (ends[1] - ends[0]) * k / 20
                    assert (
                        mpmath.diff(lambda t: eval(str(root), {**names, "x": t}), x) > below - 1e-12
                    )


CLAIMS = (
    ("gamma(x+1/2) < sqrt(x)*gamma(x)", "x in (0,oo)"),
    ("gamma(x+1)/gamma(x+1/3) < (x+1)**(2/3)", "x in (0,oo)"),
    ("sqrt(x+1/4) < gamma(x+1)/gamma(x+1/2)", "x in [0,oo)"),
    ("gamma(x+1)/gamma(x+1/2) <= sqrt(x+1/pi)", "x in [0,oo)"),
    ("x**(1-s) <= gamma(x+1)/gamma(x+s)", "x in (0,oo), s in (0,1)"),
    ("sqrt(2*pi*x)*(x/E)**x < gamma(x+1)", "x in (0,oo)"),
    ("gamma((x+y)/2)**2 <= gamma(x)*gamma(y)", "x in (0,oo), y in (0,oo)"),
    ("factorial(x) <= ((x+1)/2)**x", "x in [1,oo)"),
    ("factorial(x) <= x**x", "x in [1,oo)"),
    ("binomial(2*n, n)*sqrt(pi*n) < 4**n", "n in [1,oo)"),
    ("loggamma(x) + loggamma(x+1/2) == (1-2*x)*log(2) + log(pi)/2 + loggamma(2*x)", "x in (0,oo)"),
    ("Abs(loggamma(x) - (x-1/2)*log(x) + x - log(2*pi)/2) <= 1/(12*x)", "x in (0,oo)"),
    ("erfc(x) <= (exp(-2*x**2) + exp(-x**2))/2", "x in [0,oo)"),
    ("erfc(x) <= 2/sqrt(pi)*exp(-x**2)/(x + sqrt(x**2+4/pi))", "x in [0,oo)"),
    ("erf(x)**2 >= 1 - exp(-x**2)", "x in [0,oo)"),
)


def decide(text, on, units=4.0):
    return within(units, special, Problem(stated(text, on)))


@pytest.mark.parametrize(("text", "on"), CLAIMS)
def test_true_claims(text, on):
    assert isinstance(decide(text, on), Proved)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("gamma(x+1/2) < sqrt(x)*gamma(x)*(1 - 1/10**9)", "x in (0,oo)"),
        ("gamma(x+1)/gamma(x+1/3) < (x+1/6 - 1/10**6)**(2/3)", "x in (1,oo)"),
        ("sqrt(x+1/4+1/10**9) < gamma(x+1)/gamma(x+1/2)", "x in [0,oo)"),
        ("gamma(x+1)/gamma(x+1/2) <= sqrt(x+1/pi-1/10**9)", "x in [0,oo)"),
        ("gamma(x+1)/gamma(x+1/2) <= sqrt(x+1/4)", "x in [5,oo)"),
        ("gamma(x+1) < sqrt(2*pi*x)*(x/E)**x*exp(1/(12001*x/1000))", "x in (0,oo)"),
        ("gamma(x+1) < sqrt(2*pi*x)*(x/E)**x*(1 + 1/10**9)", "x in [1,oo)"),
        ("sqrt(2*pi*x)*(x/E)**x*(1 + 1/10**9) < gamma(x+1)", "x in [1,oo)"),
        ("x**(1-s) >= gamma(x+1)/gamma(x+s)", "x in (0,oo), s in (0,1)"),
        ("gamma((x+y)/2)**2 < gamma(x)*gamma(y)", "x in (0,oo), y in (0,oo)"),
        ("gamma((x+y)/2)**2 >= gamma(x)*gamma(y)", "x in (0,oo), y in (0,oo)"),
        ("factorial(x) < ((x+1)/2)**x", "x in [1,oo)"),
        ("factorial(x) <= ((x+1)/2)**x - 1/10**9", "x in [1,oo)"),
        ("binomial(2*n, n)*sqrt(pi*n+1/4-1/10**9) >= 4**n", "n in [1,oo)"),
        ("binomial(2*n, n)*sqrt(pi*n+pi/4+1/10**3) < 4**n", "n in [1,oo)"),
        (
            "loggamma(x) + loggamma(x+1/2) == (1-2*x)*log(2) + log(pi)/2 + 1/10**9 + loggamma(2*x)",
            "x in (0,oo)",
        ),
        ("loggamma(x) >= (x-1/2)*log(x) - x + log(2*pi)/2 + 1/(12*x)", "x in [1,oo)"),
        ("erfc(x) <= (exp(-2*x**2) + exp(-x**2))/2 - 1/10**9", "x in [0,oo)"),
        ("erfc(x) < (exp(-2*x**2) + exp(-x**2))/2", "x in [0,oo)"),
        ("erfc(x) <= 2/sqrt(pi)*exp(-x**2)/(x + sqrt(x**2+4/pi+1/10**9))", "x in [0,oo)"),
        ("erf(x)**2 >= 1 - exp(-x**2*(1 + 1/10**1))*9/10", "x in [0,oo)"),
        ("erf(x)**2 <= 1 - exp(-4*x**2/pi*(1 - 1/10**6))", "x in [0,oo)"),
    ],
)
def test_false_claims_are_not_proved(text, on):
    assert decide(text, on, 1.0) is None


def proof_of(text, on):
    found = decide(text, on)
    assert isinstance(found, Proved)
    return goal_of(stated(text, on)), deepcopy(found.proof)


def inner(proof, rule):
    """The first part of a proof by a rule."""
    if isinstance(proof, dict):
        if proof.get("by") == rule:
            return proof
        proof = list(proof.values())
    for part in proof if isinstance(proof, list) else ():
        found = inner(part, rule)
        if found is not None:
            return found
    return None


def refuse(goal, proof):
    with pytest.raises(Rejected):
        Checker().check(goal, proof)


@pytest.mark.parametrize(
    "changes",
    [
        {"step": {}},
        {"step": {"x": 0}},
        {"step": {"x": -1}},
        {"step": {"y": 1}},
        {"step": {"x": "a"}},
        {"limit": {"by": "constant"}, "strict": "limit"},
        {"first": {"by": "interval"}},
        {"change": {"by": "interval"}},
        {"change": None},
    ],
)
def test_tampered_steps(changes):
    goal, proof = proof_of("sqrt(x+1/4) < gamma(x+1)/gamma(x+1/2)", "x in [0,oo)")
    Checker().check(goal, proof)
    inner(proof, "steps").update(changes)
    refuse(goal, proof)


def test_a_proof_for_another_goal():
    text, on = "gamma(x+1)/gamma(x+1/2) <= sqrt(x+1/pi)", "x in [0,oo)"
    _, proof = proof_of(text, on)
    for other in ("1/pi - 1/10**9", "1/4", "1/pi + 1/10**9 - x/10**9"):
        refuse(goal_of(stated(text.replace("1/pi", other), on)), proof)


def test_steps_need_a_set_that_they_do_not_leave():
    text = "sqrt(x+1/4) < gamma(x+1)/gamma(x+1/2)"
    _, proof = proof_of(text, "x in [0,oo)")
    Checker().check(goal_of(stated(text, "x in [1/7,oo)")), proof)
    for on, given in (
        ("x in [0,100]", ()),
        ("x in [0,oo), y in [x,oo)", ()),
        ("x in [0,oo), y in [0,9]", ("x*y < 5",)),
    ):
        refuse(goal_of(stated(text, on, given)), proof)


@pytest.mark.parametrize(
    ("text", "on", "end", "good"),
    [
        ("sin(x) >= 0", "x in [0,1]", "lower", True),
        ("sin(x) > 0", "x in (0,1]", "lower", True),
        ("sin(x) > 0", "x in [0,1]", "lower", False),
        ("sin(x) >= 0", "x in [0,2]", "lower", False),
        ("sin(x) >= 0", "x in [0,1]", "upper", False),
        ("cos(x) + 1 > 0", "x in [2,3]", "upper", True),
        ("1 - x - gamma(x) + x**2 >= 0", "x in [1,17/16]", "lower", True),
        ("sin(x) - 1/10**9 >= 0", "x in [0,1]", "lower", False),
        ("x*(x-1/10**3) >= 0", "x in [0,1]", "lower", False),
        ("x >= 0", "x in [0,oo)", "lower", False),
        ("x == 0", "x in [0,1]", "lower", False),
        ("x + y >= 0", "x in [0,1], y in [0,1]", "lower", False),
    ],
)
def test_ascent(text, on, end, good):
    goal, proof = goal_of(stated(text, on)), {"by": "ascent", "end": end}
    if good:
        Checker().check(goal, proof)
    else:
        refuse(goal, proof)
    refuse(goal, {**proof, "order": 1})
    refuse(goal, {**proof, "end": "middle"})
