"""Conditions of what rules have in common: existence, what arithmetic sees, derivatives, sorts."""

import pytest
from rule_uses import E, S, a, b, f, g, g1, j, k, n, pi, t, v1, v2, w, x, y, z

from boundcheck.claims.verdict import Proved
from boundcheck.errors import BoundcheckError
from boundcheck.math import Abs, Max, exp, floor, sqrt, tan
from boundcheck.search.ladder import compare
from boundcheck.theorems.author.words import And, Exists, Forall, Implies, In, Ind, ThereIs, dot
from boundcheck.theorems.kernel.calculus import derivative
from boundcheck.theorems.kernel.existence import exists, fresh, known_from
from boundcheck.theorems.kernel.sequent import Refused, derive
from boundcheck.theorems.language.binding import INTERNAL, abstracted, closing, substituted
from boundcheck.theorems.language.expr import bound, constant, made, number, symbol
from boundcheck.theorems.language.heads import WrongSort
from boundcheck.theorems.language.sorts import FORMULA, NAT, REAL, law, seq, vec
from boundcheck.theorems.language.sorts import function as function_sort
from boundcheck.theorems.language.sorts import pair as pairs
from boundcheck.theorems.rules.arithmetic_rule import question

i0 = symbol(f"{INTERNAL}0", NAT)
U = symbol("U", function_sort((REAL,), vec("H")))
v3 = symbol("v3", vec("H"))


def assumed(*formulas):
    return [derive("assume", formula=formula) for formula in formulas]


def proved(goal, *premises, opaque=()):
    return isinstance(compare(question(assumed(*premises), goal, opaque).statement), Proved)


# -- existence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "term",
    [
        1 / number(0), z / (w - w), 1 / (1 + z * z), f(x) / g(x), E(f(x)), sqrt(z), tan(z),
        S(1 / a(j)), S(a(j) / n), f, made("rpow", None, (z, w)), (1 / z) * v1, U(1 / z),
        closing("integral", t, t, z, w), closing("largest", j, a(j), k, n),
    ],
    ids=str,
)  # fmt: skip
def test_what_its_form_does_not_show_to_exist(term):
    assert not exists(term)


def test_what_its_form_shows_to_exist():
    for term in (z / 2, z / constant("pi"), S(a(j)), Abs(z), U(z), Ind(1 / z >= 0), 2 * v1):
        assert exists(term)


def test_a_new_symbol_is_none_of_what_is_known():
    """exists(1/a(i)) for one i is not exists(1/a(j)) for all j."""
    for known in ({1 / a(i0)}, {1 / a(i0), a(n)}):
        assert not exists(S(1 / a(j)), known)
    assert fresh(NAT, (a(i0) >= 0,)) != i0


def test_what_is_said_of_some_values_is_not_known():
    for formula in (
        Implies(z >= 0, 1 / w >= 0),
        Forall(z, 1 / w >= z),
        ThereIs(z, 1 / w >= z),
        Ind(1 / w >= 0).eq(1),
        S(1 / w) >= 0,
    ):
        assert 1 / w not in known_from(assumed(formula))
    both = known_from(assumed(And(z >= 0, And(g1(1 / w) >= 0, In(x, pi)))))
    assert {1 / w, x, pi} <= both
    assert g1 not in both


# -- what arithmetic sees --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "goal", [v1.eq(v1), x.eq(x), And(z * z >= 0, w * w >= 0), In(x, pi), Exists(v1)]
)
def test_arithmetic_is_about_numbers(goal):
    with pytest.raises(Refused, match="arithmetic has no say"):
        question(assumed(), goal)


def test_real_numbers_may_be_negative():
    asked = question(assumed(k >= 2), z + k >= 0)
    assert [str(r) for r in asked.statement.given] == ["k >= 2", "k >= 0"]
    assert not proved(z >= 0)
    assert proved(k >= 0)


def test_an_equation_of_numbers_says_nothing_of_vectors():
    assert not proved(dot(v1, v1).eq(0), z.eq(w))
    assert proved(z * z >= 0, Exists(v1), In(v1, symbol("mu", law(vec("H")))), Forall(v1, z >= 0))
    assert not proved(dot(v1, v2).eq(dot(v1, v1)), v1.eq(2 * v1))
    for trivial in (v1.eq(v1), v1.eq(v1 + 0 * v2), (v1 + v2).eq(v2 + v1)):
        assert not proved(dot(v1, v1).eq(0), trivial)
        assert not proved(dot(v1, v2).eq(0), trivial)
    assert not proved(dot(v1, v2).eq(dot(v1, v1)), (v1 + v3).eq(v2))
    assert not proved(dot(v1, v2).eq(dot(v1, v1)), v2.eq(v1 - v3), v1.eq(v2 + v3))
    assert proved(dot(v1, v2).eq(dot(v1, v1)), v1.eq(v2), v2.eq(v1), v1.eq(v3))
    assert proved(dot(v1, v2).eq(2 * dot(v2, v2)), v1.eq(2 * v2))
    assert proved(dot(v1, v3).eq(8 * dot(v2, v2)), v3.eq(2 * v1), v1.eq(2 * v2))
    assert proved(dot(v1, v3).eq(8 * dot(v2, v2)), v1.eq(2 * v2), v3.eq(2 * v1))


@pytest.mark.parametrize("pair", [(U(1 / z), v1), (v1, U(1 / z)), (v1 / z, v2), (v2, v1 / z)])
def test_an_inner_product_with_what_may_not_exist(pair):
    with pytest.raises(Refused, match="exists is not shown"):
        question(assumed(), dot(*pair).eq(dot(*pair)))


def test_powers_are_taken_apart_at_sums_alone():
    assert proved((z ** (k + 2)).eq(z**k * z * z))
    assert proved((z ** (k + n)).eq(z ** (k + n)))
    for exponent in (k * 2, k**2, closing("sum", j, j, number(1), number(2))):
        assert not proved((z**exponent).eq(z**k * z**2))
    assert not proved((z ** (k + 65)).eq(0))
    assert proved((z ** (k + 64)).eq(z**k * z**64))


def test_powers_of_negative_numbers():
    for exponent in (number(2), number(2) / 3 * 3, number(4) - 2):
        with pytest.raises(Refused, match="exists is not shown"):
            question(assumed(), made("rpow", None, (z, exponent)) >= 0)
    assert not proved(made("rpow", None, (z, number(1) / 2)) >= 0)
    assert proved(made("rpow", None, (z, number(1) / 2)) >= 0, z >= 1)


def test_symbols_with_names_that_arithmetic_takes():
    q1, q2, other = symbol("q1", REAL), symbol("q2", REAL), symbol(f"{INTERNAL}0", REAL)
    for terms in ((q1, f(x), q2), (f(x), q1, q2), (other, q1, g(x)), (q2, f(x), g(x), q1)):
        total = sum(terms[1:], terms[0])
        asked = question(assumed(), total >= 0)
        assert sorted(map(str, asked.meaning.values())) == sorted(map(str, terms))
        assert not proved(total >= terms[0])


# -- terms that are affine in means ----------------------------------------------------------------


@pytest.mark.parametrize("of", [lambda m: m**2, Abs, exp, lambda m: 1 / m, lambda m: Max(m, z)])
def test_a_mean_stands_nowhere_but_in_sums_and_products(of):
    """E(f)**2 >= z from f(x)**2 >= z, and the like: what is no sum is a number."""
    pointwise = Forall(x, of(f(x)) >= z, [In(x, pi)])
    with pytest.raises(Refused, match="is not"):
        derive("average", *assumed(pointwise, Exists(E(f(x)))), goal=of(E(f(x))) >= z, law=pi)


# -- derivatives -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "term",
    [
        made("rpow", None, (number(2), t)), made("rpow", None, (t, t)), made("npow", None, (t, k)),
        Abs(t), floor(t), tan(t), Max(t, z), a(made("natceil", None, (t,))),
        closing("integral", w, w, z, t), Ind(t >= 0), dot(t * v1, v1), S(t + j),
    ],
    ids=str,
)  # fmt: skip
def test_there_is_no_derivative(term):
    with pytest.raises(Refused, match="no rule for the derivative"):
        derivative(term, t)


# -- sorts -----------------------------------------------------------------------------------------


def test_theorems_are_closed_formulas():
    for wrong in (z, v1, bound(0, REAL) >= 0):
        with pytest.raises(BoundcheckError, match="not a closed formula|takes formulas"):
            derive("assume", formula=wrong)
        (false,) = assumed(number(0) >= 1)
        with pytest.raises(BoundcheckError, match="not a closed formula"):
            derive("absurd", false, formula=wrong)


def test_rules_take_what_their_signatures_say():
    th = assumed(z >= 0)[0]
    for data in ({"side": 0, "more": 1}, {}):
        with pytest.raises(Refused, match="part:"):
            derive("part", th, **data)
    with pytest.raises(Refused, match="part:"):
        derive("part", side=0)


def test_what_cannot_be_bound():
    for variable in (f, symbol("A", FORMULA), z + w, number(1)):
        with pytest.raises(BoundcheckError, match="no variable"):
            closing("forall", variable, z >= 0)
        with pytest.raises(BoundcheckError, match="no variable|only variables"):
            derive("generalise", *assumed(w >= 0), variable=variable)
    with pytest.raises(BoundcheckError, match="stands outside"):
        closing("sum", n, a(n), number(1), n)
    with pytest.raises(BoundcheckError, match="loose"):
        abstracted((z,), bound(0, REAL) + z * 0 + bound(1, REAL))


def test_what_a_symbol_is_not_replaced_by():
    (th,) = assumed(f(x) >= z)
    for values in (
        {z + w: z}, {k: z}, {z: x}, {x: y}, {f: abstracted((y,), w)}, {f: abstracted((x,), y)},
        {f: abstracted((x, y), w)}, {z: abstracted((x,), w)}, {f: z},
    ):  # fmt: skip
        with pytest.raises(BoundcheckError, match="cannot be replaced|is no symbol"):
            derive("substitute", th, values=values)
    with pytest.raises(WrongSort, match="cannot be replaced"):
        substituted(z, {z: bound(0, REAL)})


def test_a_law_is_on_points():
    for sort in (law(REAL), function_sort((REAL,), REAL), FORMULA):
        for of in (law, lambda s: function_sort((s,), REAL)):
            with pytest.raises(BoundcheckError, match="is not a sort of points"):
                of(sort)


# -- functions that exist for all arguments --------------------------------------------------------


def total(function, *known):
    """Refused, or not, in both rules that ask for it."""
    named = symbol("W", function_sort(function.sorts, REAL))
    args = [symbol(f"arg{k}", sort) for k, sort in enumerate(function.sorts)]
    derive("substitute", derive("assume", formula=named(*args) >= 0), *assumed(*known),
           values={named: function})  # fmt: skip


def test_a_function_exists_for_all_arguments_at_once():
    quotient = abstracted((z, w), 1 / (z - w + 1))
    total(quotient, Forall((z, w), Exists(1 / (z - w + 1))))
    for known in (
        Forall(z, Exists(1 / (z - z + 1))),
        Forall((z, z), Exists(1 / (z - z + 1))),
        Forall((w, z), Exists(1 / (z - w + 1))),
        Exists(1 / (z - w + 1)),
        Forall(z, Exists(1 / (z - w + 1))),
    ):
        with pytest.raises(Refused, match="exists for all arguments is not shown"):
            total(quotient, known)


def test_a_function_exists_for_all_arguments_not_for_one():
    """The one has the name that the rule might take for an argument."""
    for place in range(3):
        one = symbol(f"{INTERNAL}{place}", NAT)
        with pytest.raises(Refused, match="exists for all arguments is not shown"):
            total(abstracted((n,), 1 / a(n)), Exists(1 / a(one)))
        with pytest.raises(Refused, match="exists for all arguments is not shown"):
            total(abstracted((n,), 1 / a(n + one)), Forall(n, Exists(1 / a(n + n))))
        total(abstracted((n,), 1 / a(n + one)), Forall(n, Exists(1 / a(n + one))))


# -- what is put in a place ------------------------------------------------------------------------


def test_what_is_put_in_a_place_has_its_sort():
    (whole,) = assumed(Forall(k, k >= 0))
    for value in (z, number(-1), number(1) / 2, x, v1):
        with pytest.raises(BoundcheckError, match="the variable of forall has the sort Nat"):
            derive("instantiate", whole, value=value)
    (whole,) = assumed(Forall(x, f(x) >= 0))
    for value in (k, z, y):
        with pytest.raises(BoundcheckError, match="the variable of forall has the sort X"):
            derive("instantiate", whole, value=value)
    (whole,) = assumed(Forall(z, z * z >= 0))
    assert derive("instantiate", whole, value=k).concl == (k * k >= 0)


def test_sorts_that_stand_for_others():
    X, one, two = x.sort, pairs(REAL, NAT), pairs(NAT, REAL)
    for sort in (X, v1.sort, NAT, seq(REAL), one, law(REAL)):
        assert sort.accepts(sort)
    assert REAL.accepts(NAT)
    assert pairs(REAL, REAL).accepts(one)
    assert pairs(REAL, REAL).accepts(two)
    for sort, other in (
        (NAT, REAL), (X, NAT), (X, REAL), (REAL, X), (v1.sort, NAT), (seq(REAL), seq(NAT)),
        (one, two), (two, one), (one, pairs(REAL, REAL)), (law(REAL), law(NAT)), (X, y.sort),
        (pairs(X, NAT), pairs(NAT, NAT)), (one, NAT), (REAL, one),
    ):  # fmt: skip
        assert not sort.accepts(other), (sort, other)
    with pytest.raises(WrongSort, match="an argument has the sort"):
        f(k)
    with pytest.raises(BoundcheckError, match="is a space of vectors"):
        v1.sort.subs({"H": REAL})


def test_functions_take_as_many_arguments_as_they_have():
    two = abstracted((z, w), z >= w)
    for other in (two, abstracted((), z >= w)):
        with pytest.raises(BoundcheckError, match="a function of|one place"):
            derive("rewrite", *assumed(z.eq(w), z >= w), template=other)
    both = symbol("both", pairs(REAL, REAL))
    with pytest.raises(BoundcheckError, match="cannot be replaced"):
        derive("substitute", *assumed(Exists(both)), values={both: abstracted((z,), z)})


def test_an_argument_that_another_one_stands_for():
    """F(1/w, z) is z for the F that looks at its second argument alone, and exists where w is 0."""
    F = symbol("F", function_sort((REAL, REAL), REAL))
    for whole, body in ((F(1 / w, z), t), (F(z, 1 / w), b)):
        shown = derive("existence", *assumed(Exists(whole)), term=1 / w)
        for new in (body, body * body, Ind(b >= t) + body):
            with pytest.raises(BoundcheckError, match="the argument 1/w exists is not shown"):
                derive("substitute", shown, values={F: abstracted((b, t), new)})
        derive("substitute", shown, values={F: abstracted((b, t), b - t)})
