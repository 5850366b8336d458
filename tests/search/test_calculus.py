"""Proofs by the rules of the calculus: found, checked again from their JSON form, and
rejected where they are broken."""

import copy
import json

import pytest

from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.rewrite import has_period
from boundcheck.exact.terms.box import Box, conditions
from boundcheck.exact.terms.parser import parse_relation, parse_term
from boundcheck.search.calculus.attempts import deepening, new_search, used
from boundcheck.search.completion import Completer as Checker

TRUE = [
    ("1 + x <= exp(x)", "x in (-oo,oo)", ""),
    ("exp(x) <= 1/(1-x)", "x in (-oo,1)", ""),
    ("Abs(exp(x) - 1) <= exp(Abs(x)) - 1", "x in (-oo,oo)", ""),
    ("log(1+x) <= x", "x in (-1,oo)", ""),
    ("x/(1+x) <= log(1+x)", "x in (-1,oo)", ""),
    ("log(n+1) - log(n) < 1/n", "n in (0,oo)", ""),
    ("log(x) <= 2*sqrt(x)/E", "x in (0,oo)", ""),
    ("x*log(x) >= -1/E", "x in (0,oo)", ""),
    ("x**(1/x) <= exp(1/E)", "x in (0,oo)", ""),
    ("sin(x) >= 2*x/pi", "x in [0,pi/2]", ""),
    ("sin(x) <= 4*x*(pi-x)/pi**2", "x in [0,pi]", ""),
    ("x <= tan(x)", "x in [0,pi/2)", ""),
    ("2*sin(x) + tan(x) >= 3*x", "x in [0,pi/2)", ""),
    ("3*sin(x) <= x*(2 + cos(x))", "x in [0,oo)", ""),
    ("sin(x) + cos(x) <= sqrt(2)", "x in (-oo,oo)", ""),
    ("3*x <= asin(x)*(2 + sqrt(1-x**2))", "x in [0,1]", ""),
    ("asin(x) + acos(x) == pi/2", "x in [-1,1]", ""),
    ("atan(x) + atan(1/x) == pi/2", "x in (0,oo)", ""),
    ("pi/2 - 1/x < atan(x)", "x in (0,oo)", ""),
    ("Abs(atan(x)) < pi/2", "x in (-oo,oo)", ""),
    ("3*x <= atan(x)*(1 + 2*sqrt(1+x**2))", "x in [0,oo)", ""),
    ("cosh(x) <= exp(x**2/2)", "x in (-oo,oo)", ""),
    ("sinh(x)**3 >= x**3*cosh(x)", "x in [0,oo)", ""),
    ("sqrt(1+x) <= 1 + x/2", "x in [-1,oo)", ""),
    ("sqrt(n+1) - sqrt(n) < 1/(2*sqrt(n))", "n in (0,oo)", ""),
    ("log(1+exp(x)) > relu(x)", "x in (-oo,oo)", ""),
    ("(1+1/n)**n <= E", "n in [1,oo)", ""),
    ("erfc(x) <= exp(-x**2)", "x in [0,oo)", ""),
    ("erfc(x) < exp(-x**2)/(x*sqrt(pi))", "x in (0,oo)", ""),
    ("-x*log(x) - (1-x)*log(1-x) >= 4*log(2)*x*(1-x)", "x in (0,1)", ""),
    ("x*log(x/y) >= x - y", "x in (0,oo), y in (0,oo)", ""),
    ("x*log(x/y) + (1-x)*log((1-x)/(1-y)) >= 2*(x-y)**2", "x in (0,1), y in (0,1)", ""),
    (
        "a*log(a/c) + b*log(b/d) >= (a+b)*log((a+b)/(c+d))",
        "a in (0,oo), b in (0,oo), c in (0,oo), d in (0,oo)",
        "",
    ),
    ("x*y <= exp(x) + y*log(y) - y", "x in (-oo,oo), y in (0,oo)", ""),
    ("x - y <= (x+y)/2*(log(x) - log(y))", "x in (0,oo), y in (0,oo)", "x >= y"),
    ("x*exp(-a*x) <= 1/(E*a)", "x in [0,oo)", "a > 0"),
    ("x**a <= a*x + 1 - a", "x in (0,oo), a in [0,1]", ""),
    ("exp(t*x) <= 1 - x + x*exp(t)", "x in [0,1], t in (-oo,oo)", ""),
    ("(a+b)**p <= a**p + b**p", "a in (0,oo), b in (0,oo), p in (0,1]", ""),
    ("Abs(sin(x) - sin(y)) <= Abs(x - y)", "x in (-oo,oo), y in (-oo,oo)", ""),
]


def goal(statement, on="", given=""):
    return goal_of(Comparison(parse_relation(statement), Box.of(on), conditions(given)))


def check(g, proof):
    Checker().check(g, json.loads(json.dumps(proof)))


FALSE = [
    ("1 + x < exp(x)", "x in (-oo,oo)", ""),
    ("log(x) < x - 1", "x in (0,oo)", ""),
    ("sin(x) >= 0.6367*x", "x in [0,pi/2]", ""),
    ("cosh(x) <= exp(x**2/2.001)", "x in (-oo,oo)", ""),
    ("atan(x) <= 1.5707963", "x in [0,oo)", ""),
    ("pi/2 - 1/(2*x) < atan(x)", "x in (0,oo)", ""),
    ("x*log(x/y) > x - y", "x in (0,oo), y in (0,oo)", ""),
    ("x*log(x/y) + (1-x)*log((1-x)/(1-y)) >= 2.001*(x-y)**2", "x in (0,1), y in (0,1)", ""),
    ("sin(x) + cos(x) < sqrt(2)", "x in (-oo,oo)", ""),
    ("x - y <= (x+y)/2*(log(x) - log(y))", "x in (0,oo), y in (0,oo)", ""),
]
CONSTANT, INTERVAL, ALGEBRA = {"by": "constant"}, {"by": "interval"}, {"by": "algebra"}


def monotone(end, face, slope, name="x", **extra):
    return {"by": "monotone", "variable": name, "end": end, "face": face, "slope": slope, **extra}


def split(at, below, above, name="x", **extra):
    return {"by": "split", "variable": name, "at": at, "parts": [below, above], **extra}


EXP = split("0", monotone("upper", CONSTANT, INTERVAL), monotone("lower", CONSTANT, INTERVAL))
ABS = split(
    "0",
    {"by": "branch", "node": "Abs(x)", "branch": 1, "signs": [INTERVAL], "proof": INTERVAL},
    {"by": "branch", "node": "Abs(x)", "branch": 0, "signs": [INTERVAL], "proof": INTERVAL},
)
GOOD = {
    "exp": (("exp(x) >= 1 + x", "x in (-oo,oo)"), EXP),
    "tail": (
        ("atan(x) < pi/2", "x in (-oo,oo)"),
        monotone("upper", CONSTANT, ALGEBRA, strict="slope"),
    ),
    "abs": (("x*Abs(x) + 1 >= 1 - Abs(x)**2", "x in [0,oo)"), None),
    "inverse": (("1/x >= 0", "x in [2,oo)"), {"by": "inverse", "variable": "x", "proof": INTERVAL}),
    "factors": (
        ("-(x+1)*x >= 0", "x in [-1,0]"),
        {
            "by": "factors",
            "parts": [{"sign": "-", "proof": INTERVAL}, {"sign": "+", "proof": INTERVAL}],
        },
    ),
    "period": (
        ("sin(x) >= -1", "x in (-oo,oo)"),
        {"by": "period", "variable": "x", "proof": INTERVAL},
    ),
    "bound": (
        ("x - y >= 0", "x in (0,oo), y in (0,oo)", "x >= y"),
        {"by": "bound", "given": 0, "variable": "x", "proof": ALGEBRA},
    ),
    "symbolic split": (("(x-y)**2 >= 0", "x in (0,1), y in (0,1)"), split("y", ALGEBRA, ALGEBRA)),
    "squares": (
        ("1 + x >= sqrt(1 + 2*x)", "x in [0,oo)"),
        {
            "by": "squares",
            "left": "1 + x",
            "right": "sqrt(1 + 2*x)",
            "positive": INTERVAL,
            "proof": INTERVAL,
        },
    ),
    "exponentials": (
        ("log(1 + exp(x)) > x", "x in (-oo,oo)"),
        {"by": "exponentials", "left": "log(1 + exp(x))", "right": "x", "proof": INTERVAL},
    ),
    "sum": (
        ("x + exp(x) > 0", "x in [0,oo)"),
        {"by": "sum", "terms": ["exp(x)", "x"], "parts": [INTERVAL, INTERVAL]},
    ),
    "power": (("sqrt(x) > 0", "x in (0,1]"), {"by": "power", "proof": {"by": "algebra"}}),
}
GOOD["abs"] = (("Abs(x) >= 0", "x in (-oo,oo)"), ABS)


def changed(proof, path, value):
    """The proof with one entry replaced, or removed where the value is None."""
    new = copy.deepcopy(proof)
    node = new
    for key in path[:-1]:
        node = node[key]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return new


BROKEN = [
    ("exp", ("parts", 0, "end"), "lower"),  # the wrong end, which is infinite
    ("exp", ("parts", 1, "end"), "upper"),
    ("exp", ("parts", 0, "face"), None),
    ("exp", ("parts", 0, "slope"), None),
    ("exp", ("parts", 0, "slope"), CONSTANT),
    ("exp", ("parts", 0, "variable"), "y"),
    ("exp", ("parts", 0), EXP["parts"][1]),
    ("exp", ("at",), "1"),  # the slope has the other sign on (0, 1]
    ("exp", ("at",), "1/(1-1)"),
    ("exp", ("by",), "interval"),
    ("exp", ("by",), "cases"),
    ("tail", ("strict",), "face"),
    ("tail", ("end",), "lower"),
    ("inverse", ("variable",), "t"),
    ("factors", ("parts", 0, "sign"), "+"),
    ("factors", ("parts", 1, "sign"), "-"),
    ("factors", ("parts",), [{"sign": "+", "proof": INTERVAL}]),
    ("bound", ("given",), 1),
    ("bound", ("variable",), "z"),
    ("symbolic split", ("at",), "y + 1/2"),  # not inside
    ("symbolic split", ("at",), "x"),
    ("symbolic split", ("at",), "z"),
    ("symbolic split", ("at",), "log(y - 1)"),
    ("squares", ("left",), "x"),
    ("squares", ("right",), "sqrt(1 + 2*x) + 0*log(x - 1)"),  # undefined somewhere
    ("exponentials", ("right",), "2*x"),
    ("sum", ("terms",), ["exp(x)", "x", "1"]),
    ("sum", ("strict",), 1),  # x is zero somewhere
    ("power", ("proof",), None),
    ("abs", ("parts", 0, "branch"), 0),
    ("abs", ("parts", 0, "signs"), []),
    ("abs", ("parts", 0, "node"), "x"),
]
ZERO = {"by": "normal", "proof": CONSTANT}
WRONG = [
    (("exp(x) > 1 + x", "x in (-oo,oo)"), EXP),
    (("exp(x) >= 1.001 + x", "x in (-oo,oo)"), EXP),
    (("exp(x) >= 1 + 1.001*x", "x in (-oo,oo)"), EXP),
    (("exp(-x) >= 1 + x", "x in (-oo,oo)"), EXP),
    (
        ("x > 0", "x in [0,1]"),
        monotone("lower", CONSTANT, INTERVAL, strict="slope"),
    ),  # zero at the closed end
    (("x > 0", "x in [0,1]"), monotone("lower", CONSTANT, INTERVAL, strict="face")),
    (("atan(x) < 3/2", "x in (-oo,oo)"), monotone("upper", CONSTANT, INTERVAL, strict="slope")),
    (("x <= 10", "x in (-oo,oo)"), monotone("upper", CONSTANT, INTERVAL)),  # no finite limit
    (("sin(x/2) >= -1/2", "x in (-oo,oo)"), {"by": "period", "variable": "x", "proof": INTERVAL}),
    (("sin(x) >= 0", "x in (0,oo)"), {"by": "period", "variable": "x", "proof": INTERVAL}),
    (
        ("x >= y", "x in (0,oo), y in (0,oo)", "x >= y/2"),
        {"by": "bound", "given": 0, "variable": "x", "proof": ALGEBRA},
    ),
    (("1/x >= 0", "x in [-1,1]"), split("0", INTERVAL, INTERVAL)),  # undefined at 0
    (("1/(x-y)**2 > 0", "x in (0,1), y in (0,1)"), split("y", INTERVAL, INTERVAL)),
    (("x - 1 >= sqrt(x**2)", "x in (-oo,oo)"), GOOD["squares"][1]),
    (
        ("x >= sqrt(x + 2)", "x in [-2,oo)"),
        {
            "by": "squares",
            "left": "x",
            "right": "sqrt(x + 2)",
            "positive": INTERVAL,
            "proof": ALGEBRA,
        },
    ),
    (("log(x) >= 0", "x in (0,oo)"), {"by": "power", "proof": INTERVAL}),
    (("tan(x) >= x", "x in [0,2]"), {"by": "rewrite", "form": "tan", "proof": INTERVAL}),
    (("x >= 0", "x in [0,1]"), {"by": "rewrite", "form": "nonsense", "proof": INTERVAL}),
    (
        ("Abs(x) <= x", "x in [-1,1]"),
        {"by": "branch", "node": "Abs(x)", "branch": 0, "signs": [INTERVAL], "proof": ZERO},
    ),
]


@pytest.mark.parametrize(("statement", "on", "given"), TRUE)
def test_proofs_are_found_and_survive_json(statement, on, given):
    g = goal(statement, on, given)
    proof = deepening(new_search(), g)
    assert proof is not None
    check(g, proof)


@pytest.mark.parametrize(("statement", "on", "given"), FALSE)
def test_nothing_is_found_for_what_is_false(statement, on, given):
    assert deepening(new_search(), goal(statement, on, given)) is None


def test_rules_are_used():
    rules = set()
    for statement, on, given in TRUE:
        rules |= set(used(deepening(new_search(), goal(statement, on, given))))
    assert rules >= {
        "bound",
        "branch",
        "factors",
        "logarithms",
        "monotone",
        "normal",
        "period",
        "rewrite",
        "split",
    }


@pytest.mark.parametrize("name", GOOD)
def test_proofs_by_hand(name):
    statement, proof = GOOD[name]
    check(goal(*statement), proof)


@pytest.mark.parametrize(("name", "path", "value"), BROKEN)
def test_broken_proofs_are_rejected(name, path, value):
    statement, proof = GOOD[name]
    with pytest.raises(Rejected):
        check(goal(*statement), changed(proof, path, value))


@pytest.mark.parametrize(("statement", "proof"), WRONG)
def test_plausible_proofs_of_what_is_false_are_rejected(statement, proof):
    with pytest.raises(Rejected):
        check(goal(*statement), proof)


def test_a_face_is_only_where_the_range_is_not_empty():
    """x in [y, 1] makes y <= 1: without that the face sqrt(1 - y) would not be defined."""
    g = goal("x + sqrt(1 - y) >= y", "x in [y,1], y in (-oo,oo)")
    check(g, monotone("lower", ALGEBRA, INTERVAL))


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("sin(x)**2 + exp(cos(3*x + y))", True),
        ("sin(x/2)", False),
        ("x*sin(x)", False),
        ("sin(atan(x) + atan(1/x))", False),  # the slope of the inside is zero, but it jumps
        ("tan(2*x - 1)", True),
    ],
)
def test_periods(text, yes):
    assert has_period(parse_term(text), "x") is yes
