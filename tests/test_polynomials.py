"""Polynomial and rational inequalities by exact methods, against sympy's real
roots and rational grids."""

import copy
import itertools

import pytest
import sympy
from flint import Ordering as FlintOrdering
from flint import fmpq, fmpq_mpoly_ctx, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st
from within import within

from boundcheck import prove
from boundcheck.checking import goals
from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved
from boundcheck.exact.algebra.bernstein import bernstein, halves
from boundcheck.exact.algebra.normal import normal
from boundcheck.exact.algebra.polynomial import polynomial as polynomial_of
from boundcheck.exact.algebra.polynomial import univariate
from boundcheck.exact.algebra.sturm import Span, isolate, keeps_sign, zeros_inside
from boundcheck.exact.algebra.sturm import negative_points as points_below
from boundcheck.exact.cells.orthant import Misfit, Orthant
from boundcheck.exact.terms.box import Box, conditions
from boundcheck.exact.terms.parser import parse_relation, parse_term
from boundcheck.exact.terms.work import at_most, left
from boundcheck.search.algebra.polynomials import Polynomials, negative_points, polynomial
from boundcheck.search.algebra.sos import ldl
from boundcheck.search.problem import Problem, holds

X = sympy.Symbol("x")


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


# -- one variable ----------------------------------------------------------------------------------

small = st.builds(fmpq, st.integers(-6, 6), st.integers(1, 4))
ends = st.one_of(st.none(), small)
sqrt_like = st.sampled_from(
    [[-2, 0, 1], [-3, 0, 1], [-1, -1, 1], [-2, 0, 0, 1]]
)  # irrational zeros
positive = st.sampled_from([[1, 0, 1], [1, 1, 1], [5, -4, 1]])
factor = st.one_of(st.builds(lambda r: [-r, fmpq(1)], small), sqrt_like, positive)


@st.composite
def products(draw):
    """c ∏ f**m with known kinds of factors."""
    p = fmpq_poly([draw(st.sampled_from([fmpq(1), fmpq(-1), fmpq(3, 2)]))])
    for _ in range(draw(st.integers(0, 3))):
        p *= fmpq_poly(draw(factor)) ** draw(st.integers(1, 3))
    return p


@st.composite
def spans(draw):
    a, b = draw(ends), draw(ends)
    if a is not None and b is not None and a > b:
        a, b = b, a
    closed = a == b
    return Span(a, b, not closed and draw(st.booleans()), not closed and draw(st.booleans()))


def to_sympy(p):
    return sympy.Poly([sympy.Rational(int(c.p), int(c.q)) for c in reversed(p.coeffs())] or [0], X)


def _inside(r, span):
    low = (
        span.lower is None
        or r > sympy.Rational(str(span.lower))
        or (r == sympy.Rational(str(span.lower)) and not span.lower_open)
    )
    high = (
        span.upper is None
        or r < sympy.Rational(str(span.upper))
        or (r == sympy.Rational(str(span.upper)) and not span.upper_open)
    )
    return bool(low) and bool(high)


def truth(p, span, strict):
    """By sympy's real roots: signs between neighbouring ones."""
    q = to_sympy(p)
    if q.is_zero:
        return not strict
    zeros = sorted(set(sympy.real_roots(q)) if q.degree() > 0 else set())
    if strict and any(_inside(r, span) for r in zeros):
        return False
    marks = [sympy.Rational(str(e)) for e in (span.lower, span.upper) if e is not None]
    cuts = sorted({*zeros, *marks})
    tests = (
        [cuts[0] - 1, cuts[-1] + 1, *((a + b) / 2 for a, b in itertools.pairwise(cuts))]
        if cuts
        else [sympy.Integer(0)]
    )
    tests += marks
    return not any(q.eval(t) < 0 for t in tests if _inside(t, span))


@settings(max_examples=80, deadline=None)
@given(products(), spans(), st.booleans())
def test_signs_in_one_variable_agree_with_sympy(p, span, strict):
    assert keeps_sign(p, span, strict) == truth(p, span, strict)


@settings(max_examples=80, deadline=None)
@given(products(), spans(), st.booleans())
def test_points_where_a_polynomial_is_negative(p, span, strict):
    found = list(points_below(p, span, strict))
    for x in found:
        assert _inside(sympy.Rational(str(x)), span)
        assert p(x) < 0 or (strict and p(x) == 0)
    if not truth(p, span, False):
        assert found


@settings(max_examples=60, deadline=None)
@given(products(), ends, ends)
def test_numbers_of_zeros_agree_with_sympy(p, a, b):
    if a is not None and b is not None and a >= b:
        return
    if p.degree() < 1:
        return
    inside = [r for r in set(sympy.real_roots(to_sympy(p))) if _inside(r, Span(a, b, True, True))]
    assert zeros_inside(p, a, b) == len(inside)
    s = p // p.gcd(p.derivative())
    boxes = isolate(s, a, b)
    assert len(boxes) == len(inside)
    for (low, high), r in zip(boxes, sorted(inside), strict=True):
        assert sympy.Rational(str(low)) < r < sympy.Rational(str(high))


@pytest.mark.parametrize(
    ("text", "on", "true"),
    [
        ("(x**2-2)**2 >= 0", "x in (-oo,oo)", True),
        ("x**4 - 4*x**2 + 4 >= 0", "x in (-oo,oo)", True),
        ("x**4 - 4*x**2 + 4 > 0", "x in (-oo,oo)", False),
        ("x**4 - 4*x**2 + 4 >= 10**-40", "x in (-oo,oo)", False),
        ("x**4 - 4*x**2 + 4 + 10**-40 > 0", "x in (-oo,oo)", True),
        ("x**3 >= 3*x - 2", "x in [-2,oo)", True),
        ("x**3 >= 3*x - 2", "x in [-2.0001,oo)", False),
        ("x > x**2", "x in (0,1)", True),
        ("x > x**2", "x in (0,1]", False),
        ("1/x + x >= 2", "x in (0,oo)", True),
        ("(x**2+1)/(x**2+x+1) <= 2", "x in (-oo,oo)", True),
        ("(x**2+1)/(x**2+x+1) < 2", "x in (-oo,oo)", False),
        ("Abs(8*x**4 - 8*x**2 + 1) <= 1", "x in [-1,1]", True),
        ("x**2 >= x**3/x", "x in [-1,1]", False),  # undefined at 0
    ],
)
def test_one_variable(text, on, true):
    found = verdict(text, on)
    assert isinstance(found, Proved) == true
    if true:
        assert accepts(goal_of(text, on), found.proof)
    elif "/" not in text:
        for point in negative_points(problem(text, on)):
            assert holds(parse_relation(text), point) is False


def test_a_tiny_violation_has_a_rational_witness():
    found = list(negative_points(problem("x**4 - 4*x**2 + 4 - 10**-40 >= 0", "x in (-oo,oo)")))
    assert found
    assert all(holds(parse_relation("x**4 - 4*x**2 + 4 - 10**-40 >= 0"), p) is False for p in found)


@settings(max_examples=60, deadline=None)
@given(products(), spans(), st.booleans())
def test_the_rule_for_one_variable_is_right(p, span, strict):
    if p.degree() < 1:
        return
    text = f"{to_sympy(p).as_expr()} {'>' if strict else '>='} 0"
    left = "-oo" if span.lower is None else span.lower
    right = "oo" if span.upper is None else span.upper
    on = (
        "x in "
        f"{'(' if span.lower is None or span.lower_open else '['}{left},"
        f"{right}{')' if span.upper is None or span.upper_open else ']'}"
    )
    assert accepts(goal_of(text, on), {"by": "sturm"}) == truth(p, span, strict)


# -- several variables -----------------------------------------------------------------------------

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


@pytest.mark.parametrize(("text", "on"), CLASSICS, ids=[t for t, _ in CLASSICS])
def test_classics(text, on):
    found = verdict(text, on)
    assert isinstance(found, Proved)
    assert accepts(goal_of(text, on), found.proof)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("cbrt(x*y*z) < (x+y+z)/3", "x in [0,oo), y in [0,oo), z in [0,oo)"),
        ("a/(b+c) + b/(c+a) + c/(a+b) > 3/2", "a in (0,oo), b in (0,oo), c in (0,oo)"),
        ("a/(b+c) + b/(c+a) + c/(a+b) >= 3/2", "a in [0,1], b in [0,1], c in [0,1]"),
        (
            "a*(a-b)*(a-c) + b*(b-c)*(b-a) + c*(c-a)*(c-b) >= 0",
            "a in (-oo,oo), b in (-oo,oo), c in (-oo,oo)",
        ),
        ("x**4*y**2 + x**2*y**4 - 3.0000001*x**2*y**2 + 1 >= 0", "x in (-oo,oo), y in (-oo,oo)"),
        ("x*y*(1-x) <= 1/4 - 10**-9", "x in [0,1], y in [0,1]"),
        ("x + y - x*y < 1", "x in [0,1], y in [0,1]"),
        ("Abs(1/x + x/2 - (3/2 + sqrt(2))/2) < (3/2 - sqrt(2))/2", "x in [1,2]"),
        ("sqrt(x) >= x", "x in [0,2]"),
        ("sqrt(x*y) <= 10*x + y/50", "x in [0,oo), y in [0,oo)"),
    ],
)
def test_false_ones_are_not_proved(text, on):
    assert within(1.0, polynomial, problem(text, on)) is None


def test_hypotheses_as_weights():
    assert isinstance(
        verdict("x + y <= 2", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 <= 2"), Proved
    )
    assert isinstance(
        verdict("x*y <= 1/2", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 == 1"), Proved
    )
    assert verdict("x*y < 1/2", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 == 1") is None
    assert verdict("x + y <= 1.999", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 <= 2") is None


grids = [fmpq(k, 3) for k in range(-4, 5)]
forms = st.lists(
    st.tuples(st.integers(-3, 3), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5
)


@settings(max_examples=60, deadline=None)
@given(forms, st.sampled_from(["(-oo,oo)", "[0,oo)", "[-1,1]", "(0,1]"]), st.booleans())
def test_no_wrong_proof_on_a_grid(terms, where, strict):
    text = " + ".join(f"({c})*x**{i}*y**{j}" for c, i, j in terms) + (" > 0" if strict else " >= 0")
    on = f"x in {where}, y in {where}"
    found = within(0.3, polynomial, problem(text, on)) if _varies(text) else None
    if found is not None:
        stated = problem(text, on)
        for x, y in itertools.product(grids, grids):
            point = {"x": x, "y": y}
            if stated.admits(point):
                assert holds(stated.relation, point) is True


def _varies(text):
    return bool(normal(parse_relation(text).left).free)


# -- certificates that were tampered with ----------------------------------------------------------


def _changed(proof):
    """Copies of a proof with one text, number or list changed."""
    spots = []

    def walk(node, path):
        for k in node if isinstance(node, dict) else range(len(node)):
            v = node[k]
            if isinstance(v, (dict, list)):
                walk(v, [*path, k])
            spots.append([*path, k])

    walk(proof, [])
    for path in spots:
        made = copy.deepcopy(proof)
        node = made
        for k in path[:-1]:
            node = node[k]
        v = node[path[-1]]
        if path[-1] == "by" or (isinstance(v, str) and v in ("+", "-")):
            continue
        if isinstance(v, str):
            node[path[-1]] = v + " + 1"
        elif isinstance(v, int):
            node[path[-1]] = v + 1
        elif isinstance(v, list) and v:
            node[path[-1]] = v[:-1]
        else:
            continue
        yield path, made


@pytest.mark.parametrize("k", [0, 1, 3, 5, 6, 8, 10, 12], ids=str)
def test_changed_certificates_are_rejected(k):
    text, on = CLASSICS[k]
    goal, proof = goal_of(text, on), verdict(text, on).proof
    for path, made in _changed(proof):
        if "sorted" not in path and "times" not in path:
            assert not accepts(goal, made), path


@pytest.mark.parametrize(
    ("text", "on", "proof"),
    [
        ("x**2 >= 2*x", "x in (-oo,oo)", {"by": "sturm"}),
        ("x*y >= 0", "x in (-oo,oo), y in (-oo,oo)", {"by": "sturm"}),
        ("x**2 == x**2", "x in (-oo,oo)", {"by": "sturm"}),
        ("x + y >= 1/2", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "b"}),
        ("x + y > 0", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "b"}),
        ("x + y >= 0", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "0b"}),
        ("x + y >= 0", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "bb"}),
        ("x + y >= 0", "x in [0,oo), y in [0,oo)", {"by": "bernstein", "tree": "b"}),
        (
            "x >= y",
            "x in [0,oo), y in [0,oo)",
            {"by": "signs", "tree": {"sorted": [1, 0], "parts": ["+"]}},
        ),
        (
            "x >= y",
            "x in [0,oo), y in [0,oo)",
            {"by": "signs", "tree": {"order": [1, 0], "parts": ["+"]}},
        ),
        ("x > 0", "x in [0,oo)", {"by": "signs", "tree": "+"}),
        ("x*y >= 0", "x in (-oo,oo), y in [0,oo)", {"by": "signs", "tree": "+"}),
        ("x**2 >= x", "x in (-oo,oo)", {"by": "signs", "tree": {"one": 0, "parts": ["+", "+"]}}),
        (
            "x + y**2 > 0",
            "x in [0,oo), y in [0,oo)",
            {"by": "signs", "tree": {"scale": [0, 1], "parts": ["+"]}},
        ),
        (
            "x >= 0",
            "x in (-oo,oo)",
            {"by": "powers", "exponents": {"x": 2}, "proof": {"by": "interval"}},
        ),
        (
            "x >= 0",
            "x in [-1,oo)",
            {"by": "powers", "exponents": {"x": 2}, "proof": {"by": "interval"}},
        ),
        (
            "x**2 - 1 >= 0",
            "x in (-oo,oo)",
            {"by": "squares_sum", "squares": [["-1", "1", []], ["1", "x", []]]},
        ),
        ("x >= 0", "x in (-oo,oo)", {"by": "squares_sum", "squares": [["1", "sqrt(x)", []]]}),
        ("x**3 >= 0", "x in [-1,oo)", {"by": "squares_sum", "squares": [["1", "x**(3/2)", []]]}),
        (
            "x*0 + 1 >= 2",
            "x in (-oo,oo)",
            {"by": "squares_sum", "squares": [["1", "x/x", []], ["1", "1", []]]},
        ),
        ("x**2 > 0", "x in (-oo,oo)", {"by": "squares_sum", "squares": [["1", "x", []]]}),
        ("-x >= 0", "x in [0,1]", {"by": "squares_sum", "squares": [["-1", "1", [0]]]}),
        ("x >= 1", "x in [0,1]", {"by": "squares_sum", "squares": [], "zeros": [[0, "1"]]}),
        (
            "-1 >= x*0",
            "x in (-oo,oo)",
            {
                "by": "squares_sum",
                "squares": [["1", "1", []]],
                "times": "-1",
                "positive": {"by": "interval"},
            },
        ),
    ],
)
def test_wrong_certificates_are_rejected(text, on, proof):
    with pytest.raises(Rejected):
        Checker().check(goal_of(text, on), proof)


# -- the parts -------------------------------------------------------------------------------------


def _ring():
    return fmpq_mpoly_ctx.get(["x", "y"], FlintOrdering.degrevlex)


@settings(max_examples=30, deadline=None)
@given(forms)
def test_bernstein_coefficients_enclose_and_halve(terms):
    p = _ring().from_dict({(i, j): fmpq(c) for c, i, j in terms if c})
    box = [(fmpq(-1), fmpq(2)), (fmpq(1, 3), fmpq(1))]
    table = bernstein(p, box)
    corners = {(i, j): p(box[0][i], box[1][j]) for i in (0, 1) for j in (0, 1)}
    scale = next((table[-i, -j] / v for (i, j), v in corners.items() if v != 0), fmpq(1))
    assert all(table[-i, -j] == scale * v for (i, j), v in corners.items())
    for axis in (0, 1):
        mid = (box[axis][0] + box[axis][1]) / 2
        for side, half in enumerate(halves(table, axis)):
            part = list(box)
            part[axis] = (box[axis][0], mid) if side == 0 else (mid, box[axis][1])
            direct = bernstein(p, part)
            assert all(
                (a > 0) == (b > 0) and (a < 0) == (b < 0)
                for a, b in zip(half.flat, direct.flat, strict=True)
            )
    for s, t in itertools.product([fmpq(0), fmpq(1, 3), fmpq(1)], repeat=2):
        value = p(box[0][0] + 3 * s, box[1][0] + fmpq(2, 3) * t)
        assert int(table.min()) <= scale * value <= int(table.max())


def test_moves_need_their_conditions():
    x, y = _ring().gens()
    with pytest.raises(Misfit):
        Orthant(x - y, (">= 0", ">= 0"), False).parts({"sorted": [0, 1]})
    with pytest.raises(Misfit):
        Orthant(x * y, (">= 0", "real"), False).parts({"sorted": [0, 1]})
    with pytest.raises(Misfit):
        Orthant(x * y, (">= 0", "real"), False).parts({"order": [0, 1]})
    with pytest.raises(Misfit):
        Orthant(x, (">= 0", ">= 0"), True).parts({"one": 0})
    with pytest.raises(Misfit):
        Orthant(x, ("real", ">= 0"), False).parts({"scale": [1, 0]})
    with pytest.raises(Misfit):
        Orthant(x, (">= 0", ">= 0"), False).parts({"sign": 0})
    with pytest.raises(Misfit):
        Orthant(x, (">= 0", ">= 0"), False).parts({"order": [0, 5]})


@settings(max_examples=40, deadline=None)
@given(
    forms,
    st.sampled_from(["sign", "order", "one", "scale"]),
    st.sampled_from([(">= 0", "> 0"), ("real", "real")]),
)
def test_moves_cover(terms, kind, signs):
    """Where all parts are visibly >= 0, so is the polynomial on a grid."""
    p = _ring().from_dict({(i, j): fmpq(c) for c, i, j in terms if c})
    try:
        parts = Orthant(p, signs, False).parts({kind: [0] if kind in ("sign", "one") else [0, 1]})
    except Misfit:
        return
    if all(part.visible() for part in parts):
        points = grids if signs[0] == "real" else [fmpq(k, 3) for k in range(9)]
        assert all(p(a, b) >= 0 for a, b in itertools.product(points, points))


def test_ldl():
    q = [[fmpq(2), fmpq(1)], [fmpq(1), fmpq(1, 2)]]
    assert ldl(q) == [(fmpq(2), [fmpq(1), fmpq(1, 2)])]
    assert ldl([[fmpq(0), fmpq(1)], [fmpq(1), fmpq(5)]]) is None
    assert ldl([[fmpq(1), fmpq(2)], [fmpq(2), fmpq(1)]]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cbrt(x**3*y)", "x*cbrt(y)"),
        ("(x**4*y**4)**(1/4)", "x*y"),
        ("(8*x**3)**(1/3)", "2*x"),
        ("(x**6)**(1/4)", "x*(x**2)**(1/4)"),
        ("sqrt(x**2)", "x"),
        ("(x**2)**(3/2)", "x**3"),
        ("cbrt(x**3*z**3)", "x*cbrt(z**3)"),
    ],
)
def test_roots_of_powers(text, expected):
    assert normal(parse_term(text), lambda t: str(t) in ("x", "y")) is normal(parse_term(expected))


def test_the_search_gives_up_quickly():
    for text, on in [("exp(x) >= x", "x in (-oo,oo)"), ("sin(x*y) <= 1", "x in [0,1], y in [0,1]")]:
        with at_most(0.3):
            assert polynomial(problem(text, on)) is None
        assert left() > 0


def test_polynomials_of_terms():
    p = polynomial_of(parse_term("(x+1)**2/2 - x"), ["x"])
    assert univariate(p) == fmpq_poly([fmpq(1, 2), 0, fmpq(1, 2)])
    assert Polynomials().prove(goal_of("x**2 + 1 > 0", "x in (-oo,oo)")) is not None
    assert isinstance(prove("x**2 + 1 > 0", "x in (-oo,oo)"), Proved)
