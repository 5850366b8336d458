"""More attempts to derive what is false: each of them has to be refused.

Those that once went through come first, with what they led to.
"""

import pytest
from derivations import by_arithmetic
from rule_uses import N1, A, E, K, a, f, g, k, n, nu, p, pi, s, u, v1, v2, w, x, y, z

from boundcheck.claims.verdict import Proved
from boundcheck.errors import BoundcheckError
from boundcheck.math import Abs, sqrt
from boundcheck.search.ladder import compare
from boundcheck.theorems.author.words import (
    Exists,
    Forall,
    Implies,
    In,
    Ind,
    Integral,
    Largest,
    Mean,
    Norm,
    Sum,
    ThereIs,
    dot,
    first,
    function,
    natceil,
    pair,
    samples,
    second,
    sequence,
)
from boundcheck.theorems.kernel.sequent import Refused, derive
from boundcheck.theorems.language.expr import expr, made, number, symbol
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.heads import WrongSort
from boundcheck.theorems.language.sorts import NAT, REAL, law, seq, space, vec
from boundcheck.theorems.language.sorts import function as function_sort
from boundcheck.theorems.language.sorts import pair as pair_sort
from boundcheck.theorems.rules.all_rules import RULES
from boundcheck.theorems.rules.arithmetic_rule import question
from boundcheck.theorems.rules.mean_rules import exchange_conditions, mean_of_sum_conditions

assert RULES

HALF = expr("1/2")
G = symbol("G", function_sort((REAL,), REAL))
pairs = symbol("Q", function_sort((REAL,), pair_sort(REAL, REAL)))
r = symbol("r", seq(REAL))
j = symbol("j", NAT)


def assumed(*formulas):
    return [derive("assume", formula=formula) for formula in formulas]


def refused(rule, *formulas, match=None, **data):
    with pytest.raises(BoundcheckError, match=match):
        derive(rule, *assumed(*formulas), **data)


def says_that_it_exists(t, part):
    """exists(t) |- exists(part), for a strict part of t."""
    return derive("existence", *assumed(Exists(t)), term=part)


# -- holes that were closed ------------------------------------------------------------------------


def test_a_real_number_that_is_there_is_no_natural_one():
    """It led to |- 0 >= 1: there is t : Real with t == 1/2, and no k : Nat."""
    equal = by_arithmetic(HALF.eq(HALF))
    there = derive("introduce", equal, formula=ThereIs(z, z.eq(HALF)), value=HALF)
    (half,) = assumed(k.eq(HALF))
    one = derive("next_number", by_arithmetic(number(0) < k, half))
    small = by_arithmetic(number(0) >= 2 * (1 - k), one)
    false = derive("rewrite", half, small, template=function(k, number(0) >= 2 * (1 - k)))
    assert false.concl == FALSE
    with pytest.raises(Refused, match="of sort Real"):
        derive("eliminate", there, false, variable=k)
    natural = symbol("both", pair_sort(NAT, REAL))
    both = symbol("both", pair_sort(REAL, REAL))
    (there,) = assumed(ThereIs(both, first(both).eq(HALF)))
    with pytest.raises(Refused, match="of sort"):
        derive("eliminate", there, *assumed(first(natural) >= 0), variable=natural)


def test_a_function_that_does_not_look_at_its_argument():
    """exists(G(1/z)) |- exists(1/z) became exists(0) |- exists(1/z)."""
    for new in (number(0), Ind(w > 0), Integral(w, (z, 0, 1)) * 0 + 1):
        with pytest.raises(Refused):
            derive("substitute", says_that_it_exists(G(1 / z), 1 / z), values={G: function(w, new)})
    th = says_that_it_exists(G(1 / z), 1 / z)
    looks = derive("substitute", th, values={G: function(w, 2 * w)})
    assert looks.hyps == (Exists(2 * (1 / z)),)
    known = derive("substitute", th, *assumed(z.eq(1 / z)), values={G: function(w, number(0))})
    assert known.hyps == (Exists(number(0)), z.eq(1 / z))  # where 1/z exists, it may
    below = says_that_it_exists(Sum(G(1 / j), (j, 0, n)), n)
    with pytest.raises(Refused, match="exists is not shown"):
        derive("substitute", below, values={G: function(w, number(0))})
    bound = says_that_it_exists(Sum(G(j), (j, 0, n)), n)
    derive("substitute", bound, values={G: function(w, number(0))})


def test_a_kernel_that_does_not_look_at_its_point():
    L = symbol("L", function_sort((REAL,), law(REAL)))
    th = says_that_it_exists(Mean(w, (w, L(1 / z))), 1 / z)
    constant = function(w, symbol("mu", law(REAL)))
    with pytest.raises(Refused, match="exists is not shown"):
        derive("substitute", th, values={L: constant})


def test_a_sequence_that_does_not_look_at_its_place():
    """r(natceil(1/z)) became 0, which exists; now it stays a place of a sequence."""
    place = natceil(1 / z)
    kept = made("at", None, (sequence(j, 0), place))
    assert kept.head == "at"
    th = says_that_it_exists(r(place), 1 / z)
    assert derive("substitute", th, values={r: sequence(j, 0)}).hyps == (Exists(kept),)
    (th,) = assumed(Forall(r, Implies(Exists(r(place)), Exists(1 / z))))
    found = derive("instantiate", th, value=sequence(j, 0))
    assert found.concl == Implies(Exists(kept), Exists(1 / z))
    looks = derive("instantiate", th, value=sequence(j, a(j)))
    assert looks.concl == Implies(Exists(a(place)), Exists(1 / z))
    assert sequence(j, 0)(k + 1) == number(0)


def test_half_a_pair_does_not_hide_the_other_half():
    """first(pair(0, 1/z)) became 0."""
    assert first(pair(x, y)) == x
    assert second(pair(x, f(x))) == f(x)
    th = says_that_it_exists(first(pairs(1 / z)), 1 / z)
    found = derive("substitute", th, values={pairs: function(w, pair(number(0), w))})
    assert found.hyps == (Exists(first(pair(number(0), 1 / z))),)
    assert first(pair(number(0), 1 / z)) != number(0)
    at_one = derive("substitute", found, values={z: number(1)})
    assert at_one.hyps == (Exists(number(0)),)


def test_the_one_index_of_a_range_exists():
    """|- Sum(1, (j, natceil(1/z), natceil(1/z))) == 1, so that 1/z existed for all z."""
    place = natceil(1 / z)
    refused("single", term=Sum(1, (j, place, place)), match="exists is not shown")
    refused(
        "single", Exists(a(place)), term=Largest(number(2), (j, n, n + 0 * k)), match="one index"
    )
    derive("single", *assumed(Exists(place)), term=Sum(1, (j, place, place)))


def test_a_symbol_with_the_name_of_a_new_one():
    """The law of x has ·1 in it, which was the name of the new symbol for y (for the index)."""
    inner = symbol("·1", y.sort)
    laws = symbol("laws", function_sort((y.sort,), law(x.sort)))
    mean = Mean(Mean(u(x, y), (y, nu)), (x, laws(inner)))
    for condition in exchange_conditions(mean):
        assert inner in condition.free
    found = derive("exchange", *assumed(*exchange_conditions(mean)), mean=mean)
    assert found.concl.args[1] == Mean(Mean(u(x, y), (x, laws(inner))), (y, nu))

    index = symbol("·1", NAT)
    numbered = symbol("numbered", function_sort((NAT,), law(x.sort)))
    mean = Mean(Sum(A(j, x), (j, 1, n)), (x, numbered(index)))
    conditions = mean_of_sum_conditions(mean)
    assert all(index in condition.free for condition in conditions)
    found = derive("mean_of_sum", *assumed(*conditions), mean=mean)
    assert found.concl.args[1] == Sum(Mean(A(j, x), (x, numbered(index))), (j, 1, n))


def test_vectors_become_nothing_but_vectors():
    """u, v and 2u - v are three vectors if u is not v: so that a space with two points had three.
    The statement has no operation of vectors in it."""
    three = symbol("w", vec("H"))
    distinct = Implies(v1.eq(v2), FALSE)
    found = ThereIs(three, Implies(three.eq(v1), FALSE), Implies(three.eq(v2), FALSE))
    th = derive("discharge", *assumed(found), formula=distinct)
    for other in (space("X"), REAL, NAT, seq(REAL)):
        with pytest.raises(Refused, match="the space H cannot be"):
            derive("substitute", th, values={}, spaces={"H": other})
    for formula in (
        Exists(symbol("T", function_sort((v1.sort,), REAL))(v1)),
        Forall(three, z >= 0),
    ):
        with pytest.raises(Refused, match="the space H cannot be"):
            derive("substitute", *assumed(formula), values={}, spaces={"H": NAT})
    moved = derive("substitute", th, values={}, spaces={"H": vec("F")})
    assert v1 not in moved.free
    derive("substitute", *assumed(f(x) >= 0), values={}, spaces={"X": v1.sort})


# -- attempts that always failed -------------------------------------------------------------------


def undefined(goal, *formulas):
    """Arithmetic looks at a goal only if the terms in it are shown to exist."""
    try:
        asked = question(assumed(*formulas), goal)
    except Refused:
        return True
    return not isinstance(compare(asked.statement), Proved)


@pytest.mark.parametrize(
    ("goal", "given"),
    [
        (((1 / z) ** 0).eq(1), ()),
        ((0 * (1 / z)).eq(0), ()),
        ((1 / z - 1 / z).eq(0), ()),
        (Exists(sqrt(z) - sqrt(z)), ()),
        (made("rpow", None, (z, p)) >= 0, (p.eq(2),)),
        (made("rpow", None, (z, p)) >= 0, (p <= 2, p >= 2)),
        (made("rpow", None, (z, k)) >= 0, (k.eq(2),)),
        (made("rpow", None, (z, 0 * p + 2)) >= 0, ()),
        (made("rpow", None, (z, p)) >= 0, (p >= 0, z >= 0)),  # 0^0
        (dot((1 / z) * v1, v1).eq(dot(v1, v1) / z), ()),
        (dot(v1, v2).eq(0), (v1.eq(2 * v1),)),  # no equation of v1 is used that has v1 in it
    ],
)
def test_what_may_not_exist_is_not_proved(goal, given):
    assert undefined(goal, *given)


def test_powers_that_are_zero_contradict_nothing():
    """0^p is 0 for p > 0: from z^p == 0 nothing false follows."""
    assert undefined(FALSE, made("rpow", None, (z, p)).eq(0))
    assert undefined(z.eq(1), made("rpow", None, (z, p)).eq(0))


def test_a_hypothesis_about_one_k_is_no_induction():
    """Neither in the step, nor through a fact that is known there."""
    claim = Forall(k, a(k) >= 0, [k >= 0])
    step, order = assumed(a(k + 1) >= 0, a(k) >= 1)
    both = derive("part", derive("conjoin", step, order), side=0)
    discharged = derive("discharge", both, formula=a(k) >= 0)
    with pytest.raises(Refused, match="free in the hypothesis"):
        derive("generalise", discharged, variable=k)
    refused(
        "induction",
        a(natceil(1 / z)) >= 0,
        claim,
        formula=Forall(k, a(k) >= 0, [k >= natceil(1 / z)]),
    )


def test_an_eigenvariable_does_not_hide_in_what_is_known():
    there, known = assumed(ThereIs(z, z > w), Exists(1 / (z - 1)))
    inside = derive("instantiate", *assumed(Forall(p, p * p >= 0)), known, value=1 / (z - 1))
    kept = derive("part", derive("conjoin", *assumed(w >= 0), inside), side=0)
    with pytest.raises(Refused, match="may not be free"):
        derive("eliminate", there, kept, variable=z)


def test_a_mean_of_what_exists_almost_everywhere():
    """1/f(x) need not exist at a point of probability 0: nothing says that there is none."""
    bound = Forall(x, Abs(1 / f(x)) <= z, [In(x, pi), Abs(f(x)) > 0])
    refused("integrable", bound, mean=E(1 / f(x)), bound=z)
    refused("norm_exists", Exists(E(Abs(f(x)) ** 2)), norm=Norm(f(x), 2, (x, pi)), match=">= 1")


def test_a_constant_counts_with_its_range():
    low, high = number(0), z
    whole = Integral(G(w), (w, low, high))
    pointwise = Forall(w, G(w) <= p, [low <= w, w <= high])
    refused("integrate", pointwise, Exists(whole), goal=whole <= p, low=low, high=high)
    hidden = 2 * whole <= 2 * (whole + 0 * p) + p - p
    refused("integrate", Forall(w, hidden, []), Exists(whole), goal=hidden, low=low, high=high)


def test_a_primitive_across_a_pole():
    """Integral(-1/t², (t, -1, 1)) would be 2 - 0."""
    order = derive("assume", formula=number(-1) <= number(1))
    at = [number(-1) <= w, w <= number(1)]
    slopes = Forall(w, (-1 / w**2).eq(-1 / w**2), at)  # and where is exists(1/t)?
    data = {"low": number(-1), "high": number(1), "integrand": function(w, -1 / w**2)}
    with pytest.raises(Refused, match="is not"):
        derive("primitive", order, *assumed(slopes), function=function(w, 1 / w), **data)
    for outer in (Abs(w), made("call", "floor", (w,)), w**k, G(w)):
        with pytest.raises(Refused, match="derivative"):
            derive("primitive", order, *assumed(slopes), function=function(w, outer), **data)


def test_samples_in_laws_and_below_binders():
    """The k-th sample stands in the law of an inner mean: it is replaced there, too; as a whole, or
    at a place that is bound by anything but a range, it is refused."""
    S = samples(pi)
    inner = Mean(Mean(u(s(k), y), (y, K(s(n)))), (s, S))
    refused("coordinate", Exists(inner), mean=inner, place=k, match="differs")
    whole = Mean(Ind(In(s, S)), (s, S))
    refused("coordinate", Exists(whole), mean=whole, place=k, match="as a whole")
    chance = symbol("chance", law(NAT))
    drawn = Mean(Mean(f(s(j)), (j, chance)) * f(s(n)), (s, S))
    refused("coordinate", Exists(drawn), mean=drawn, place=n, match="differs")
    own = Mean(Sum(f(s(j)), (j, 1, n)) * f(s(n)), (s, S))
    refused("coordinate", Exists(own), k < n, mean=own, place=n, match="differs")


def test_fixed_means_stay_numbers():
    """E f E g <= E(f E g) is one thing, and f g <= ... at a point another one."""
    goal = (E(f(x)) * E(g(x))).eq(E(f(x) * g(x)))
    pointwise = Forall(x, (f(x) * E(g(x))).eq(f(x) * g(x)), [In(x, pi)])
    means = [Exists(E(t)) for t in (f(x), g(x), f(x) * g(x))]
    found = derive("average", *assumed(pointwise, *means), goal=goal, law=pi, fixed=(E(g(x)),))
    assert found.hyps[0] == pointwise  # g is constant, as the premise says
    wrong = Forall(x, (f(x) * g(x)).eq(f(x) * g(x)), [In(x, pi)])
    refused("average", wrong, *means, goal=goal, law=pi, fixed=(E(g(x)),))


def test_networks_that_do_not_exist():
    refused("pad", number(1) >= 1, base=N1)
    pick = symbol("pick", function_sort((REAL,), N1.sort))
    refused(
        "readout", base=pick(1 / z), inputs=n, outer=function((j, k), 1), offsets=function(j, 0)
    )
    partial = function((j, k), 1 / a(j))
    refused("readout", base=N1, inputs=n, outer=partial, offsets=function(j, 0), match="weights")
    place = natceil(1 / z)
    refused("readout", base=N1, inputs=place, outer=function((j, k), 1), offsets=function(j, 0))


def test_between_takes_values_that_exist():
    A_of = function(k, 1 / a(k))
    conditions = (1 / a(number(0)) <= z, z <= 1 / a(n), number(0) < n)
    partly = Forall(k, Exists(1 / a(k)), [number(0) <= k, k < n])
    refused("between", *conditions, partly, function=A_of, low=number(0), high=n, value=z)


def test_equations_of_vectors_with_factors_that_do_not_exist():
    refused("linear", goal=((1 / z) * v1).eq((1 / z) * v1), match="exists is not shown")
    refused("linear", goal=(0 * ((1 / z) * v1)).eq(0 * v1))
    refused("linear", (2 * v1).eq(v1), goal=(2 * v1).eq(3 * v1), match="is not shown")
    refused("square", vector=(1 / z) * v1)


def test_a_template_is_well_sorted():
    """k == z does not make a place of a sequence of a real number."""
    equal, at_k = assumed(k.eq(z), r(k) >= 0)
    with pytest.raises(WrongSort):
        function(z, made("at", None, (r, z)) >= 0)
    with pytest.raises(Refused, match="places of a sequence"):
        derive("rewrite", equal, at_k, template=function(k, r(k) >= 0))


def test_numbers_that_were_folded_existed():
    """t + 1 - 1 is t, of the sort Nat again; 0 t is no number."""
    assert k + 1 - 1 == k
    assert (k - 1).sort == REAL
    assert (k - 1 + 1).sort == NAT
    assert 0 * (1 / z) != number(0)
    assert made("npow", None, (1 / z, number(0))) != number(1)
    assert made("div", None, (number(1), number(0))).head == "div"
    assert number(0).eq(0) == number(0).eq(number(0))
