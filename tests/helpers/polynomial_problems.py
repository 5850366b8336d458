"""Polynomial inequalities as problems and goals, and forms of two variables."""

from flint import fmpq
from hypothesis import strategies as st
from within import within

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.terms.box import Box, conditions
from boundcheck.exact.terms.parser import parse_relation
from boundcheck.search.algebra.polynomials import polynomial
from boundcheck.search.completion import Completer as Checker
from boundcheck.search.problem import Problem


def problem(text, on=None, given=()):
    return Problem(Comparison(parse_relation(text), Box.of(on), conditions(given)))


def verdict(text, on=None, given=()):
    return within(5, polynomial, problem(text, on, given))


def goal_of(text, on=None, given=()):
    return goals.goal_of(problem(text, on, given).statement)


def accepts(goal, proof):
    try:
        Checker().check(goal, proof)
    except Rejected:
        return False
    return True


grids = [fmpq(k, 3) for k in range(-4, 5)]
forms = st.lists(
    st.tuples(st.integers(-3, 3), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5
)
CLASSICS = [
    ("cbrt(x*y*z) <= (x+y+z)/3", "x in [0,oo), y in [0,oo), z in [0,oo)"),
    ("(a*b*c*d)**(1/4) <= (a+b+c+d)/4", "a in [0,oo), b in [0,oo), c in [0,oo), d in [0,oo)"),
    (
        "6*a*b*c*d*f*g <= a**6+b**6+c**6+d**6+f**6+g**6",
        ", ".join(f"{v} in [0,oo)" for v in "abcdfg"),
    ),
    ("a/(b+c) + b/(c+a) + c/(a+b) >= 3/2", "a in (0,oo), b in (0,oo), c in (0,oo)"),
    ("a*(a-b)*(a-c) + b*(b-c)*(b-a) + c*(c-a)*(c-b) >= 0", "a in [0,oo), b in [0,oo), c in [0,oo)"),
    (
        "a**2*(a-b)*(a-c) + b**2*(b-c)*(b-a) + c**2*(c-a)*(c-b) >= 0",
        "a in (-oo,oo), b in (-oo,oo), c in (-oo,oo)",
    ),
    (
        "(a*x+b*y+c*z)**2 <= (a**2+b**2+c**2)*(x**2+y**2+z**2)",
        ", ".join(f"{v} in (-oo,oo)" for v in "abcxyz"),
    ),
    (
        "(a*x+b*y)**3 <= (a**3+b**3)*(x**(3/2)+y**(3/2))**2",
        ", ".join(f"{v} in [0,oo)" for v in "abxy"),
    ),
    ("x**4+y**4+z**4+1 >= 4*x*y*z", "x in (-oo,oo), y in (-oo,oo), z in (-oo,oo)"),
    ("x**4*y**2 + x**2*y**4 - 3*x**2*y**2 + 1 >= 0", "x in (-oo,oo), y in (-oo,oo)"),
    ("2*x**4 + 5*y**4 - x**2*y**2 + 2*x**3*y + 1 > x", "x in (-oo,oo), y in (-oo,oo)"),
    ("x*y*(1-x) <= 1/4", "x in [0,1], y in [0,1]"),
    ("x + y - x*y <= 1", "x in [0,1], y in [0,1]"),
    ("Abs(1/x + x/2 - (3/2 + sqrt(2))/2) <= (3/2 - sqrt(2))/2", "x in [1,2]"),
    ("a**3*b + b**3*c + c**3*a >= a*b*c*(a+b+c)", "a in [0,oo), b in [0,oo), c in [0,oo)"),
    ("1 - x**2 - y**2 + 2*x*y*(1 - x)*(1 - y) >= -3/2", "x in [-1,1], y in [-1,1]"),
]
