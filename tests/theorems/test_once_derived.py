"""What the kernel once derived, and is false. Each derivation has to be refused."""

import pytest
from derivations import by_arithmetic
from rule_uses import E, K, X, a, c, d, f, function_sort, g, h, j, k, n, nu, pi, r, u, w, x, y, z

from boundcheck import BoundcheckError
from boundcheck.math import Abs
from boundcheck.theorems.author.words import (
    Exists,
    Forall,
    Implies,
    In,
    Mean,
    Norm,
    Sum,
    ThereIs,
    function,
    natceil,
    pair,
    second,
    sequence,
)
from boundcheck.theorems.kernel.sequent import Refused, derive
from boundcheck.theorems.language.binding import abstracted
from boundcheck.theorems.language.expr import number, symbol
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import NAT, REAL, seq, space, vec
from boundcheck.theorems.language.sorts import pair as pairs

half = number("1/2")


def assumed(*formulas):
    return [derive("assume", formula=formula) for formula in formulas]


def refused(rule, *formulas, match=None, **data):
    with pytest.raises(BoundcheckError, match=match):
        derive(rule, *assumed(*formulas), **data)


def test_the_value_of_an_elimination_has_the_sort_of_the_binder():
    """1/2 <= 0: some real number is 1/2, and it was taken to be a natural one."""
    there = derive("introduce", by_arithmetic(half.eq(half)), formula=ThereIs(z, z.eq(half)),
                   value=half)  # fmt: skip
    (assumption,) = assumed(k.eq(half))
    below = derive("next_number", by_arithmetic(k < 1, assumption))
    zero = by_arithmetic(k <= 0, below)
    false = derive("rewrite", assumption, zero, template=abstracted((z,), z <= 0))
    assert false.concl == (half <= 0)
    with pytest.raises(Refused, match="the value is of sort Real"):
        derive("eliminate", there, false, variable=k)


def test_a_divisor_is_not_averaged():
    """E f/E g <= c from f/g <= c: let f, g be 1, 1 or 0, -4/5 with the same probability, c = 1."""
    quotient = E(f(x)) / E(g(x))
    exist = [Exists(E(f(x))), Exists(E(g(x)))]
    pointwise = Forall(x, f(x) / g(x) <= c, [In(x, pi)])
    refused("average", pointwise, *exist, goal=quotient <= c, law=pi, match="is not")
    th = derive("average", *assumed(Forall(x, f(x) / E(g(x)) <= c, [In(x, pi)]), *exist),
                goal=quotient <= c, law=pi)  # fmt: skip
    assert th.concl == (quotient <= c)
    bounded = Forall(x, Abs(h(x)) <= f(x) / g(x), [In(x, pi)])
    refused("integrable", bounded, *exist, mean=E(h(x)), bound=quotient, match="is not")


def test_a_divisor_is_no_norm_at_a_point():
    one, other = Norm(f(x), 1, (x, pi)), Norm(g(x), 1, (x, pi))
    goal = Norm(h(x), 1, (x, pi)) <= one / other
    conditions = [number(1) >= 1, 1 / other >= 0, Exists(one), Exists(other)]
    pointwise = Forall(x, Abs(h(x)) <= Abs(f(x)) / Abs(g(x)), [In(x, pi)])
    refused("minkowski", pointwise, *conditions, goal=goal, match="is not")
    right = Forall(x, Abs(h(x)) <= Abs(f(x)) / other, [In(x, pi)])
    assert derive("minkowski", *assumed(right, *conditions), goal=goal).concl == goal


def test_a_divisor_is_no_term_of_a_sum():
    one, other = Sum(a(j), (j, 1, n)), Sum(d(j), (j, 1, n))
    pointwise = Forall(j, a(j) / d(j) <= c * a(j), [number(1) <= j, j <= n])
    refused(
        "add_up", pointwise, Exists(1 / other), match="is not",
        goal=one / other <= c * one, low=number(1), high=n,
    )  # fmt: skip


def test_the_one_index_of_a_range_exists():
    index = natceil(1 / z)
    refused("single", term=Sum(1, (j, index, index)), match="exists is not shown")
    (why,) = assumed(Exists(index))
    assert derive("single", why, term=Sum(1, (j, index, index))).concl.args[1] == number(1)


def strict(applied, part):
    """exists(applied) implies exists(part): a function at what does not exist is nothing."""
    (assumption,) = assumed(Exists(applied))
    shown = derive("existence", assumption, term=part)
    return derive("discharge", shown, formula=Exists(applied))


def test_a_constant_function_does_not_make_its_argument_exist():
    """exists(1/0), by exists(F(1/z)) implies exists(1/z) for the function that is 5."""
    F = symbol("F", function_sort((REAL,), REAL))
    th = strict(F(1 / z), 1 / z)
    five = function(w, number(5))
    with pytest.raises(BoundcheckError, match="that the argument 1/z exists is not shown"):
        derive("substitute", th, values={F: five})
    (why,) = assumed(Exists(1 / z))
    there = derive("substitute", th, why, values={F: five})
    assert there.concl == Implies(Exists(number(5)), Exists(1 / z))
    assert there.hyps == (Exists(1 / z),)
    used = derive("substitute", th, values={F: function(w, w * 0)})
    assert used.concl == Implies(Exists(1 / z * 0), Exists(1 / z))


def test_a_function_under_a_binder_takes_arguments_that_exist():
    F = symbol("F", function_sort((REAL,), REAL))
    th = derive("generalise", strict(F(1 / z), 1 / z), variable=z)
    with pytest.raises(BoundcheckError, match="exists is not shown"):
        derive("substitute", th, values={F: function(w, number(5))})
    total = derive("generalise", strict(F(z * z), z * z), variable=z)
    assert derive("substitute", total, values={F: function(w, number(5))})


def test_a_mean_does_not_make_its_numbers_exist():
    """A body does not make what stands in it exist: f takes t to the mean of t over no point."""
    F = symbol("F", function_sort((X,), REAL))
    G = symbol("G", function_sort((REAL,), X))
    body = Mean(u(x, y), (y, nu))
    total = Forall(x, Exists(body))
    th = strict(F(G(1 / z)), 1 / z)
    with pytest.raises(BoundcheckError, match="exists is not shown"):
        derive("substitute", th, *assumed(total), values={F: function(x, body)})
    kernel = Mean(u(x, y), (y, K(x)))
    found = derive("substitute", th, *assumed(Forall(x, Exists(kernel))),
                   values={F: function(x, kernel)})  # fmt: skip
    assert found.concl.args[1] == Exists(1 / z)


def test_a_constant_sequence_does_not_make_its_place_exist():
    place = natceil(1 / z)
    th = strict(r(place), place)
    found = derive("substitute", th, values={r: sequence(j, number(5))})
    assert found.concl.args[0].args[0].head == "at"  # and not 5
    assert sequence(j, j * 2)(place) == place * 2
    assert sequence(j, number(5))(k) == number(5)


def test_a_sequence_of_terms_that_may_not_exist_is_not_read_at_a_place():
    whole = sequence(j, 1 / a(j))
    assert whole(k).head == "at"
    assert whole(k) != 1 / a(k)


def test_half_of_a_pair_is_read_where_the_other_half_exists():
    """second(F(1/z)) for F(t) = (t, 5) is no more than F(1/z) is."""
    F = symbol("F", function_sort((REAL,), pairs(REAL, NAT)))
    applied = second(F(1 / z))
    th = strict(applied, 1 / z)
    found = derive("substitute", th, values={F: function(w, pair(w, number(5)))})
    assert found.concl.args[0] == Exists(second(pair(1 / z, number(5))))
    assert second(pair(1 / z, number(5))).head == "second"
    assert second(pair(z, number(5))) == number(5)


def test_vectors_are_not_any_points():
    """Of two vectors that differ there is a third one; there are spaces with two points."""
    v1, v2 = symbol("v1", vec("H")), symbol("v2", vec("H"))
    th = derive("assume", formula=Implies(v1.eq(v2), FALSE))
    for other in (space("X"), REAL, NAT, seq(REAL), pairs(REAL, REAL)):
        with pytest.raises(BoundcheckError, match="the space H cannot be|is a space of vectors"):
            derive("substitute", th, values={}, spaces={"H": other})
    moved = derive("substitute", th, values={}, spaces={"H": vec("G")})
    assert {s.sort for s in moved.free} == {vec("G")}
    points = derive("assume", formula=Exists(f(x)))
    assert derive("substitute", points, values={}, spaces={"X": vec("H")})
