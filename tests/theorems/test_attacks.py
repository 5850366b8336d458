"""Attempts to derive what is false. Each of them has to be refused."""

import pytest
from rule_uses import (
    A,
    E,
    K,
    P,
    S,
    a,
    b,
    c,
    f,
    g,
    h,
    k,
    kappa,
    m,
    n,
    nu,
    p,
    pi,
    s,
    u,
    v1,
    w,
    x,
    y,
    z,
)

from boundcheck.errors import BoundcheckError
from boundcheck.math import Abs, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    Implies,
    In,
    Ind,
    Largest,
    Mean,
    Norm,
    Sum,
    ThereIs,
    function,
    independent,
    samples,
)
from boundcheck.theorems.kernel.sequent import Refused, derive
from boundcheck.theorems.language.binding import closing, opened
from boundcheck.theorems.language.expr import bound, made, number, symbol
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.heads import WrongSort
from boundcheck.theorems.language.sorts import NAT, REAL, law, space
from boundcheck.theorems.rules.all_rules import RULES
from boundcheck.theorems.rules.arithmetic_rule import question

assert RULES


def assumed(*formulas):
    return [derive("assume", formula=formula) for formula in formulas]


def refused(rule, *formulas, match=None, **data):
    with pytest.raises(BoundcheckError, match=match):
        derive(rule, *assumed(*formulas), **data)


# -- what does not exist ---------------------------------------------------------------------------


def test_an_infinite_mean_is_no_number():
    """E u - E u == 0 says that E u exists."""
    with pytest.raises(Refused, match="exists is not shown"):
        question(assumed(), (E(f(x)) - E(f(x))).eq(0))
    question(assumed(Exists(E(f(x)))), (E(f(x)) - E(f(x))).eq(0))


def test_dividing_by_a_mean_takes_a_mean_that_is_not_zero():
    asked = question(assumed(Exists(E(f(x)))), (E(f(x)) / E(f(x))).eq(1))
    assert asked.statement.relation.left.op == "div"  # so the prover has to show that it is not 0


def test_a_term_that_does_not_exist_is_put_for_no_variable():
    refused("instantiate", Forall(z, z.eq(z)), value=1 / w, match="exists is not shown")
    refused("instantiate", Forall(z, z.eq(z)), value=log(w))
    refused("instantiate", Forall(z, z.eq(z)), value=E(f(x)))
    refused("instantiate", Forall(z, z.eq(z)), value=Largest(a(m), (m, k, n)))
    refused("introduce", number(0).eq(0), formula=ThereIs(z, number(0).eq(0)), value=sqrt(w))


def test_existence_inside_a_body_is_not_existence():
    """Mean(1/u(x, y)) exists for a law: that says nothing of 1/u at a point."""
    refused("existence", Exists(Mean(1 / f(x), (x, pi))), term=1 / f(x))
    refused("existence", Implies(z >= 0, 1 / w >= 0), term=1 / w)
    refused("existence", Ind(1 / w >= 0).eq(1), term=1 / w)
    refused("existence", Forall(z, 1 / z >= 0), term=1 / w)


def test_a_law_that_does_not_exist_has_no_points():
    """All of its points have every property, vacuously."""
    at = made("apply", None, (symbol("G", _to_law()), 1 / z))
    refused("average", Forall(w, FALSE, [In(w, at)]), goal=FALSE, law=at, match="not shown")
    mean = Mean(w * w, (w, at))
    refused("integrable", Forall(w, Abs(w * w) <= z, [In(w, at)]), mean=mean, bound=z)
    refused("inhabited", law=at)


def _to_law():
    from boundcheck.theorems.language.sorts import function as function_sort

    return function_sort((REAL,), law(REAL))


def test_a_function_is_replaced_by_total_ones_only():
    th = derive("assume", formula=f(x) >= 0)
    for body in (1 / g(x), log(g(x)), sqrt(g(x)), E(g(x)), Largest(a(m), (m, k, n))):
        with pytest.raises(Refused, match="exists for all arguments"):
            derive("substitute", th, values={f: function(x, body)})


# -- binders ---------------------------------------------------------------------------------------


def test_nothing_is_captured():
    """From for all z there is w > z, not: there is w > w."""
    whole = Forall(z, ThereIs(w, w > z))
    (found,) = assumed(whole)
    made_of_w = derive("instantiate", found, value=w).concl
    assert made_of_w == ThereIs(c, c > w)
    assert w in made_of_w.free
    th = derive("assume", formula=Forall(y, Exists(Mean(u(x, y), (y, nu)))))
    swapped = derive("substitute", th, values={x: symbol("x2", space("X"))})
    assert symbol("x2", space("X")) in swapped.concl.free


@pytest.mark.parametrize("head", ["sum", "mean", "norm", "largest", "integral", "forall"])
def test_capture_under_every_binder(head):
    bodies = {
        "sum": lambda t: Sum(t + k, (k, 1, 3)),
        "mean": lambda t: Mean(t + z, (z, symbol("mu", law(REAL)))),
        "norm": lambda t: Norm(t + z, 2, (z, symbol("mu", law(REAL)))),
        "largest": lambda t: Largest(t + k, (k, 1, 3)),
        "integral": lambda t: closing("integral", z, t + z, number(0), number(1)),
        "forall": lambda t: Forall(z, t + z >= 0),
    }
    taken = k if head in ("sum", "largest") else z
    whole = Forall(w, Exists(bodies[head](w)) if head != "forall" else bodies[head](w))
    (th,) = assumed(whole)
    found = derive("instantiate", th, value=taken).concl
    inner = found.args[0] if head != "forall" else found
    assert taken in inner.free, "the term that was put in has been bound"


def test_loose_numbers_do_not_come_out():
    loose = made("relation", ">=", (bound(0, REAL), number(0)))
    refused("assume", formula=loose, match="not a closed formula")
    refused("absurd", FALSE, formula=loose)
    with pytest.raises(BoundcheckError, match="loose"):
        opened(Forall(z, z >= 0), bound(0, REAL))


def test_a_law_does_not_depend_on_what_it_binds():
    with pytest.raises(BoundcheckError, match="stands outside"):
        Mean(f(x), (x, _law_of_x()))
    with pytest.raises(Refused, match="depends on the outer variable"):
        derive("exchange", mean=E(Mean(u(x, y), (y, K(x)))))


def _law_of_x():
    from boundcheck.theorems.language.sorts import function as function_sort

    return symbol("L", function_sort((space("X"),), law(space("X"))))(x)


def test_eigenvariables():
    refused("generalise", z >= 0, variable=z, match="free in the hypothesis")
    there, held = assumed(ThereIs(z, z > w), z > w)
    with pytest.raises(Refused, match="may not be free"):
        derive("eliminate", there, held, variable=z)
    there, held = assumed(ThereIs(z, z > w), w > b)
    with pytest.raises(Refused, match="is not new"):
        derive("eliminate", there, held, variable=w)
    both = derive("conjoin", *assumed(z > w, z < b))
    hidden = derive("part", both, side=0)
    with pytest.raises(Refused, match="may not be free"):
        derive("eliminate", *assumed(ThereIs(z, z > w)), hidden, variable=z)


def test_elimination_works_where_it_may():
    there, held = assumed(ThereIs(z, And(z > w, w > b)), And(z > w, w > b))
    kept = derive("part", held, side=1)
    found = derive("eliminate", there, kept, variable=z)
    assert found.concl == (w > b)
    assert found.hyps == (there.concl,)


# -- means -----------------------------------------------------------------------------------------


def test_a_product_of_means_is_not_the_mean_of_the_product():
    goal = E(f(x)) * E(g(x)) <= E(f(x) * g(x))
    wrong = Forall(x, f(x) * g(x) <= f(x) * g(x), [In(x, pi)])
    refused(
        "average",
        wrong,
        *map(Exists, (E(f(x)), E(g(x)), E(f(x) * g(x)))),
        goal=goal,
        law=pi,
        match="not affine",
    )


def test_the_largest_mean_is_not_the_mean_of_the_largest():
    """max E <= E max holds, and E max <= max E does not."""
    largest = Largest(A(m, x), (m, 1, n))
    wrong = E(largest) <= Largest(E(A(m, x)), (m, 1, n))
    pointwise = Forall(x, largest <= Largest(A(m, x), (m, 1, n)), [In(x, pi)])
    refused("average", pointwise, Exists(E(largest)), goal=wrong, law=pi)


def test_the_range_of_a_sum_depends_on_no_sample():
    size = symbol("size", _to_nat())
    mean = E(Sum(A(m, x), (m, 1, size(x))))
    refused("mean_of_sum", Forall(m, Exists(E(A(m, x)))), mean=mean, match="depends")


def _to_nat():
    from boundcheck.theorems.language.sorts import function as function_sort

    return function_sort((space("X"),), NAT)


def test_samples_are_apart_only_where_that_is_shown():
    i = symbol("i", NAT)
    for body, place in (
        (f(s(k)) * g(s(n)), n),  # k may be n
        (Sum(f(s(i)), (i, 1, n)) * g(s(n)), n),  # the sum has s(n)
        (Sum(f(s(i + 1)), (i, 1, n)), n + 1),  # the last one is s(n + 1)
        (made("apply", None, (_of_sequence(), s)), n),  # the whole sequence
        (f(s(n)) * f(s(k + 1)), n),
    ):
        mean = Mean(body, (s, P))
        refused("coordinate", Exists(mean), mean=mean, place=place)


def _of_sequence():
    from boundcheck.theorems.language.sorts import function as function_sort

    return symbol("T", function_sort((s.sort,), REAL))


def test_a_place_that_depends_on_the_sample_is_not_apart():
    size = symbol("size", _to_nat())
    mean = Mean(f(s(size(s(1)))), (s, P))
    refused("coordinate", Exists(mean), mean=mean, place=number(2))


def test_fubini_takes_inner_means_everywhere():
    """Not only almost everywhere: a mean is of what exists at every point."""
    mean = E(Mean(u(x, y), (y, nu)))
    refused("exchange", Exists(E(Mean(Abs(u(x, y)), (y, nu)))), mean=mean)
    refused("exchange", Exists(mean), Forall(y, Exists(E(u(x, y)))), mean=mean)


def test_norms_below_one():
    goal = Norm(f(x) + g(x), p, (x, pi)) <= Norm(f(x), p, (x, pi)) + Norm(g(x), p, (x, pi))
    pointwise = Forall(x, Abs(f(x) + g(x)) <= Abs(f(x)) + Abs(g(x)), [In(x, pi)])
    exist = [Exists(Norm(t, p, (x, pi))) for t in (f(x), g(x))]
    refused("minkowski", pointwise, *exist, p > 0, goal=goal, match="p >= 1")
    derive("minkowski", *assumed(pointwise, *exist, p >= 1), goal=goal)


def test_a_strict_relation_is_not_averaged_as_a_weak_one():
    pointwise = Forall(x, f(x) < z, [In(x, pi)])
    refused("average", pointwise, Exists(E(f(x))), goal=E(f(x)) < z, law=pi)


# -- ranges and numbers ----------------------------------------------------------------------------


def test_empty_ranges():
    refused("attained", term=Largest(a(m), (m, k, n)))
    refused("existence", term=Largest(a(m), (m, k, n)))
    refused("count", low=k, high=n, value=z)
    refused("unroll", term=S(a(m), k, n + 1))
    refused("add_up", Forall(m, a(m) <= 1 / z), goal=S(a(m)) <= 1, low=number(1), high=n)


def test_a_sum_is_not_a_constant():
    """Sum(a) <= c from a(j) <= c is false for two terms."""
    j = symbol("j", NAT)
    pointwise = Forall(j, a(j) <= c, [number(1) <= j, j <= n])
    refused("add_up", pointwise, goal=Sum(a(j), (j, 1, n)) <= c, low=number(1), high=n)


def test_induction():
    formula = Forall(k, a(k) >= 0, [k >= 1])
    step = Forall(k, Implies(k >= 1, a(k) >= 0, a(k + 1) >= 0))
    refused("induction", a(number(0)) >= 0, step, formula=formula)  # another start
    skips = Forall(k, Implies(k >= 2, a(k) >= 0, a(k + 1) >= 0))
    refused("induction", a(number(1)) >= 0, skips, formula=formula)  # no step from 1
    # a step that was shown under a hypothesis about k does not hold for all k
    th = derive("discharge", *assumed(a(k + 1) >= 0), formula=a(k) >= 0)
    with pytest.raises(Refused, match="free in the hypothesis"):
        derive("generalise", th, variable=k)
    half = symbol("t", REAL)
    real = Forall(half, half >= 0, [half >= number(0)])
    refused("induction", number(0) >= 0, real, formula=real)


def test_there_is_no_natural_number_between_real_ends():
    refused("next_number", z < w)
    with pytest.raises(WrongSort):
        Sum(a(m), (m, z, w))
    refused("attained", term=Largest(a(m), (m, 1, 0)))


def test_the_dimension_may_be_zero():
    """Nothing says that there is a vector other than 0."""
    refused("existence", term=v1 / z)
    asked = question(derive_square(), made("dot", None, (v1, v1)) > 0)
    assert asked.statement.given


def derive_square():
    return [derive("square", vector=v1)]


# -- powers ----------------------------------------------------------------------------------------


def test_two_heads_for_powers():
    """u^2 with a real exponent exists for u >= 0 only."""
    real = made("rpow", None, (z, number(2)))
    assert real != z**2
    with pytest.raises(Refused, match="exists is not shown"):
        question(assumed(), real >= 0)
    squared = made("rpow", None, (z, number(2) ** 1))
    with pytest.raises(Refused, match="exists is not shown"):
        question(assumed(), squared >= 0)
    hidden = made("rpow", None, (z, sqrt(number(4))))
    with pytest.raises(Refused, match="exists is not shown"):
        question(assumed(), hidden >= 0)
    th = derive("assume", formula=z**p >= 0)
    assert derive("substitute", th, values={p: number(2)}).concl == (real >= 0)


# -- names -----------------------------------------------------------------------------------------


def test_symbols_of_one_name_and_two_sorts_are_two():
    one, other = symbol("t", NAT), symbol("t", REAL)
    assert one != other
    asked = question(assumed(one >= 0), other >= 0)
    names = list(asked.meaning.values())
    assert names == [other, one]
    assert len(set(asked.meaning)) == 2


def test_what_looks_like_a_variable_of_the_kernel_is_kept_apart():
    q1 = symbol("q1", REAL)
    asked = question(assumed(q1 >= 0, Exists(E(f(x))), E(f(x)) >= 0), q1 + E(f(x)) >= 0)
    assert len(asked.meaning) == 2


def test_functions_are_not_quantified_over():
    with pytest.raises(BoundcheckError):
        Forall(f, f(x) >= 0)
    with pytest.raises(WrongSort):
        made("forall", f.sort, (f(x) >= 0,), "f")


def test_indicators_are_measurable():
    with pytest.raises(WrongSort, match="without quantifiers"):
        Ind(Forall(z, z >= f(x)))


def test_the_hypotheses_stay():
    th = derive("assume", formula=FALSE)
    found = derive("absurd", th, formula=z > z + 1)
    assert found.hyps == (FALSE,)
    assert derive("discharge", found, formula=FALSE).hyps == ()


def test_independent_laws_are_numbered():
    with pytest.raises(WrongSort):
        independent(z, symbol("M", _to_law())(z))
    assert samples(pi) == independent(symbol("i", NAT), pi)
    assert kappa(number(0)).sort == pi.sort
    assert h(x).sort == REAL
