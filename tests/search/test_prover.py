"""The prover: verdicts on statements, their messages, and what was once wrong (dated)."""

import pytest
import sympy
from flint import ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from oracle import holds
from strategies import rationals, terms

from boundcheck import (
    BoundcheckError,
    Box,
    IllPosed,
    Network,
    Proved,
    Refuted,
    Shape,
    SignReLU,
    cited,
    fails,
    identity,
    inequality,
    prove,
    shape,
    symbols,
)
from boundcheck.exact.terms.parser import parse_relation
from boundcheck.exact.terms.term import Relation, call, number

a, n, x, y = symbols("a n x y")
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "=="])


def inequality_or_identity(relation, box):
    build = identity(relation.left, relation.right, on=box) if relation.op == "==" else None
    return build or inequality(relation.left, relation.op, relation.right, on=box)


@pytest.mark.parametrize(
    ("text", "on", "given_", "verdict"),
    [
        # the examples that the project was started with
        ("x*y <= (x**2+y**2)/2", "x in [-3,3], y in [-3,3]", "", "proved"),
        ("x**2 >= x", "x in [0,1]", "", "refuted"),
        ("1/x >= 0", "x in [-1,1]", "", "ill-posed"),
        ("sqrt(2)+sqrt(3) > pi", "", "", "proved"),
        ("sin(pi/6) == 1/2", "", "", "proved"),
        ("exp(x) <= 3", "x in [0,1]", "", "proved"),
        # constants
        ("pi == 22/7", "", "", "refuted"),
        ("sqrt(2)*sqrt(2) <= 2", "", "", "proved"),
        ("sqrt(2)*sqrt(2) < 2", "", "", "refuted"),
        ("9**9**9 > 1", "", "", "proved"),
        ("1/0 > 1", "", "", "ill-posed"),
        ("(pi + E)**2 == pi**2 + 2*pi*E + E**2", "", "", "proved"),
        ("exp(1) == E", "", "", "proved"),
        ("Sum(1/k**2, (k, 1, 100)) < pi**2/6", "", "", "proved"),
        ("floor(exp(-exp(100))) == 0", "", "", "proved"),
        # well-posedness comes first
        ("x/x == 1", "x in [-1,1]", "", "ill-posed"),
        ("x/x == 1", "x in [1,2]", "", "proved"),
        ("0*log(x) == 0", "x in [-1,1]", "", "ill-posed"),
        ("1/(x**2-2) >= 0", "x in [0,2]", "", "ill-posed"),
        ("1/(x-y) <= 5", "x in [0,1], y in [0,1]", "", "ill-posed"),
        ("1/(x-1/3) <= 5", "x in [0,1]", "", "ill-posed"),
        ("tan(x) >= x", "x in [0,2]", "", "ill-posed"),
        ("sqrt(x-1/2) >= 0", "x in [0,1]", "", "ill-posed"),
        ("x <= 1", "x in [0,1]", "x > 2", "ill-posed"),
        ("x <= 1", "x in [0,1]", "0 < log(0)", "ill-posed"),
        # families
        ("t/(1+M*t) <= 1/M", "t in [0,oo)", "M > 0", "proved"),
        ("a*b <= a**2/(2*e) + e*b**2/2", "a in (-oo,oo), b in (-oo,oo)", "e > 0", "proved"),
        ("x <= y", "x in [0,1], y in [x,2]", "", "proved"),
        ("x < y", "x in [0,1], y in [x,2]", "", "refuted"),
        ("x < y", "x in [0,1], y in (x,2]", "", "proved"),
        ("Abs(x+y) <= Abs(x)+Abs(y)", "x in (-oo,oo), y in (-oo,oo)", "", "proved"),
        ("x**3+y**3+z**3 >= 3*x*y*z", "x in [0,oo), y in [0,oo), z in [0,oo)", "", "proved"),
        ("(x**2-2)**2 > 0", "x in [-2,2]", "", "undecided"),
        ("x*(1-x) <= 0.2499999", "x in [0,1]", "", "refuted"),
        ("signrelu(x) > -1", "x in (-oo,oo)", "", "proved"),
        ("signrelu(x) >= -1/2", "x in (-oo,oo)", "", "refuted"),
        # branch and bound
        ("exp(-x**2)*(1+x*y) <= 2", "x in [-2,2], y in [-2,2]", "", "proved"),
        ("exp(-x**2) <= 1", "x in (-oo,oo)", "", "proved"),
        ("sin(x) <= 1/2", "x in [0,1]", "", "refuted"),
        ("1 + x < exp(x)", "x in [1/10,3]", "", "proved"),
    ],
)
def test_verdicts(text, on, given_, verdict):
    assert prove(text, on, given=given_, budget=3).name == verdict


def test_a_violation_of_1e_40_is_refuted():
    assert (
        prove("sqrt(2) <= 1.41421356237309504880168872420969807856967187537694", budget=3).name
        == "refuted"
    )
    assert prove("x <= 1 - 1/10**40", "x in [0,1]", budget=3).name == "refuted"


def test_the_pole_is_named():
    assert prove("1/x >= 0", "x in [-1,1]").detail() == "division by zero in 1/x, at x = 0"
    verdict = prove("1/(x**2-2) >= 0", "x in [0,2]")
    assert verdict.detail().startswith(
        "division by zero in 1/(x**2 - 2): x**2 - 2 changes sign between x = 1.41421"
    )


def test_witnesses_and_margins():
    refuted = prove("x**2 >= x", "x in [0,1]")
    assert holds(parse_relation("x**2 >= x"), refuted.witness.point) is False
    assert refuted.detail() == "at x = 1/2: left = 0.25, right = 0.5"
    proved = prove("exp(x) <= 3", "x in [0,1]")
    assert proved.margin.lower <= fmpq(28171817154095476464, 10**20) <= proved.margin.upper
    document = proved.as_json()
    assert set(document) >= {"verdict", "method", "seconds", "margin", "witness", "enclosure"}
    assert document["margin"]["lower"].startswith("0.28171817")


def test_verdicts_have_no_truth_value():
    for verdict in (prove("1 < 2"), prove("2 < 1"), prove("exp(1) == E"), prove("1/0 < 1")):
        with pytest.raises(TypeError, match="compare its type"):
            bool(verdict)


def test_sympy_relations_and_statements():
    assert isinstance(prove(x**2 <= 1, on="x in [-1,1]"), Proved)
    assert isinstance(prove(sympy.Eq((x + 1) ** 2, x**2 + 2 * x + 1), on=Box(x=(0, 1))), Proved)
    assert isinstance(prove(inequality(x, "<=", 1, on="x in [0,1]")), Proved)
    assert prove(cited("a thing", "a book")).name == "assumed"
    with pytest.raises(BoundcheckError, match="a box and hypotheses of its own"):
        prove(inequality(x, "<=", 1, on="x in [0,1]"), on="x in [0,1]")


@pytest.mark.parametrize(
    ("call_", "message"),
    [
        (lambda: prove("z <= 1", "x in [0,1]"), "unknown symbol z: give each a range"),
        (lambda: prove("x <= 1", "x in [1,0]"), "is reversed: 1 > 0"),
        (lambda: prove("x <= 1", "x in (1,1]"), "is empty"),
        (lambda: prove("x <= 1", "x in [sqrt(2),1]"), "is empty"),
        (lambda: prove("x <= 1", "x in [log(-1),1]"), "is not defined"),
        (lambda: prove("x <= 1", "x in [0,1]", budget=0), "must be positive"),
        (lambda: prove(3), "is not a relation"),
        (lambda: prove("x <= 1", on=7), "is not a box"),
        (lambda: Box(x=(0, float("nan"))), "an end point of x"),
        (lambda: Box(x=3), "give a pair"),
        (lambda: Box(x=(1, float("-inf"))), "it is empty"),
        (lambda: shape(Shape.of(1, [1], 1)), "expects nothing"),
        (lambda: shape(Shape.of(1, [1], 1), height=1), "'height' is not a size"),
        (lambda: shape(Shape.of(1, [1], 1), parameters=1), "a property of a network"),
        (lambda: prove(shape(Shape.of(2, [n], 1), widths=(n,))), "unknown symbol n"),
        (lambda: inequality(x, "!=", 1), "is not an inequality sign"),
        (lambda: cited("", "book"), "its reference"),
        (
            lambda: prove(
                fails(inequality(x, "<=", a, on="x in [0,1]", given="a > 0"), at={"x": 1})
            ),
            "does not say where a is",
        ),
    ],
)
def test_bad_input_says_what_and_how(call_, message):
    with pytest.raises(BoundcheckError, match=message):
        call_()


def test_failures_need_their_witness():
    square = inequality(x**2, ">=", x, on="x in [0, 1]")
    assert prove(fails(square, at={x: "1/2"})).name == "proved"
    assert prove(fails(square, at={x: 1})).name == "refuted"
    assert prove(fails(square, at={x: -2})).name == "refuted"  # outside the box
    assert prove(fails(identity(x, x, on="x in [0,1]"), at={x: "1/2"})).name == "refuted"


@given(
    terms(max_leaves=6),
    terms(max_leaves=4),
    SIGNS,
    rationals(4),
    rationals(4),
    rationals(4),
    rationals(4),
)
def test_verdicts_agree_with_an_independent_evaluation(left, right, op, p, q, r, s):
    box = Box(x=(min(p, q), max(p, q)), y=(min(r, s), max(r, s)))
    relation = Relation(left, op, right)
    verdict = prove(inequality_or_identity(relation, box), budget=0.5)
    corners = [
        {"x": u, "y": v} for u in (p, q, (p + q) / 2, (p + 2 * q) / 3) for v in (r, s, (r + s) / 2)
    ]
    known = [holds(relation, c) for c in corners]
    if verdict.name == "proved":
        assert all(k is True for k in known)
    if verdict.name == "refuted":
        assert holds(relation, verdict.witness.point) is False
    if all(k is False for k in known):
        assert verdict.name != "proved"


# -- what was once wrong ---------------------------------------------------------------------------


def test_2026_11_21_a_fact_was_taken_for_a_sum_of_terms():
    """`assume` set every term of a polynomial to zero that was only known to be <= 0 as a whole."""
    for text, on, given_ in (
        ("(x - 12345/100003)**2 >= 1/10**9", "", "x + y <= 4, x >= 0, y == 0"),
        ("x <= 0", "x in (-oo,oo), y in (-oo,oo)", "x**2 == 2*y**2"),
        ("x**4 <= 1", "x in (-oo,oo)", "x**2 == 2"),
    ):
        assert prove(text, on, given=given_, budget=1).name != "proved"
    assert prove("x <= 5", "x in [-1,1], y in [0,0]", given="x + y <= 4").name == "proved"
    assert prove("x >= 0", given="x**2 == 2, x > 0").name == "proved"


def test_2026_11_21_parameters_that_are_not_positive():
    """The monotone enclosure of an activation was used for parameters that make it decrease."""
    for text, on in (
        ("signrelu(x - 12345/100003, a) >= 1/10000", "x in [-1,2], a in [-2,-2]"),
        ("leakyrelu(x, sqrt(4)-3) + 10**6*(x+13717/10000)**2 >= 1372/1000", "x in [-2,-1]"),
    ):
        assert prove(text, on, budget=1).name == "ill-posed"


def test_2026_11_21_opaque_terms_follow_changes_of_coordinates():
    given_ = "A > 0, b >= 0, M > 0, E <= A*exp(r), F <= A*exp(r), E >= 0, F >= 0"
    assert prove("(E + b*F)/M <= (1+b)*A*exp(r)/M", "r in (-oo,oo)", given=given_).name == "proved"
    assert (
        prove("(E + b*F)/M <= (1+b)*A*exp(r)/(2*M)", "r in (-oo,oo)", given=given_).name
        == "refuted"
    )


def test_2026_11_21_enclosures_are_of_right_minus_left():
    verdict = prove("x**2000 + exp(x)*exp(-x) >= 1", "x in [-2,1e300]", budget=1)
    assert verdict.enclosure.lower is None  # 1 - x**2000 - ... is not bounded below


def test_2026_11_21_a_failure_with_either_sign_is_not_refuted():
    assert (
        prove(
            fails(identity(x, 0, on="x in [-5,5]"), at={x: a}, given="a**2 >= 1, a <= 3, a >= -3")
        ).name
        == "undecided"
    )


def test_2026_11_21_empty_cells_are_left_before_their_denominators_vanish():
    assert (
        prove("x <= y", "x in [0,y], y in [0,oo), a in [0,1]", given="1 <= y-a*x/3").name
        == "proved"
    )


def test_2026_11_21_parameters_that_may_vanish_are_not_counted():
    net = Network.from_layers(
        [([[1], [2]], [0, 0]), ([[call("sqrt", number(4)) - 2, 1]], [0])], SignReLU()
    )
    with pytest.raises(BoundcheckError, match="parameters are counted for rational weights only"):
        shape(net, parameters=4)


def test_2026_11_21_sympy_names_are_checked():
    with pytest.raises(BoundcheckError, match="sympy Dummy"):
        prove(sympy.Dummy("x") <= 1, on="x in [0,1]")
    with pytest.raises(BoundcheckError, match="is not a variable name"):
        prove(sympy.Eq(sympy.Symbol("#0"), 1))


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("exp(-exp(x)) > 0", "x in [0,100]"),
        ("exp(exp(x)) > 0", "x in [0,100]"), ("exp(x) >= 1", "x in [10**12,oo)"),
        ("cosh(x) >= 1", "x in [-10**14,10**14]"),
        ("x**x >= 1", "x in [1,10**14]"), ("gamma(10**30) > 1", ""),
        ("2**(10**12) > 1", ""), ("exp(-10**11) > 0", ""),
        ("exp(10**7) > 1", ""), ("factorial(10**6) > 1", ""),
        ("x**(10**9) >= 0", "x in [0,10]"), ("10**(10**x) >= 1", "x in [0,20]"),
        ("Sum(1/k**100, (k,1,9999)) < 2", ""),
        ("((x+y+1)**64)**64 >= 0", "x in [0,1], y in [0,1]"),
        ("*".join(["1e5000"] * 2000) + " > 1", ""),
        ("+".join(f"Abs(x+{i})" for i in range(30)) + " <= 10000", "x in [0,1]"),
    ],
)  # fmt: skip
def test_2026_11_21_sizes_that_aborted_the_process(text, on):
    assert prove(text, on, budget=5).name == "proved"


def test_2026_11_21_nested_sums_stop_with_the_budget():
    assert prove("Sum(Sum(j*k, (k,1,9999)), (j,1,9999)) > 0", budget=0.5).name == "undecided"


def test_verdicts_do_not_depend_on_the_global_precision():
    for bits in (2, 53, 300):
        with ctx.workprec(bits):
            assert prove("floor(-x) >= -1", "x in [1/3,1]").name in ("proved", "undecided")
            assert prove("exp(x) <= 3", "x in [0,1]").name == "proved"
            assert prove("sqrt(2)+sqrt(3) > pi").name == "proved"


def test_2026_11_22_reversed_sums_are_not_taken_as_empty():
    assert prove("Sum(k,(k,3,1)) == 0").name == "undecided"
    assert prove("Sum(k,(k,3,2)) == 0").name == "proved"


def test_2026_11_22_verdicts_are_not_asked_for_their_truth():
    assert prove("erfc(x) < exp(-x**2)/(x*sqrt(pi))", "x in (-1,oo)").name == "ill-posed"
    assert not isinstance(
        prove("signrelu(x) >= x/(-1/1000000000000+Abs(x))", "x in (-oo,oo)", budget=3), Proved
    )
    assert isinstance(prove("(sqrt(2)*sqrt(3)-sqrt(6))*x >= 1", "x in [0,1]"), Refuted)


def test_2026_11_22_points_beyond_the_doubles():
    """A candidate for a touching point beyond 1e308 ended in an OverflowError instead
    of a verdict."""
    text = "k**(-(d+3)/2)*n**(1/2+3/(2*d)) <= 2**((d+3)/2)*a**(1/2+3/(2*d))"
    verdict = prove(text, given="k >= 1, d >= 1, a >= 1, n >= 1, n <= a*(2*k)**d", budget=5)
    assert not isinstance(verdict, (Refuted, IllPosed))


def test_2026_11_30_a_hypothesis_that_no_split_settles():
    """It was split again and again, to a RecursionError."""
    assert isinstance(prove("x >= 0", "x in [0,1]", given="sign(x*(1-x)) <= 1"), Proved)


@pytest.mark.parametrize(
    "text",
    [
        "((x + x) - x) < Min(y, 3)",
        "x + 1 < y + 1",
        "x < Min(y, 3)",
        "2*x < 2*Min(y, 3)",
    ],
)
def test_2026_11_30_equality_on_the_edge_of_a_hypothesis_refutes(text):
    """Points where x <= y is an equality come from the cells, in the order of the hypotheses."""
    assert isinstance(prove(text, "x in (-2, 1), y in (0, 3)", given="x <= y"), Refuted)


@pytest.mark.parametrize("text", ["x*log(x) >= -2/E", "x*log(x) >= x - 2", "x*log(x) >= -1"])
def test_2026_11_30_proofs_for_a_larger_set_are_completed_anew(text):
    """Their choices by algebra do not fit to a part of the set."""
    assert isinstance(prove(text, "x in (0,oo)"), Proved)
