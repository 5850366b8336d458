"""Hypotheses that stay, and facts that are about one value and not about all: for rules that
`rule_uses.py` has no use of, and for places of samples."""

import pytest
from derivations import by_arithmetic
from rule_uses import a, c, k, m, n, number, p, q, r, symbol, w, z
from same_sorts import mu1, twice

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.author.words import (
    Exists,
    Forall,
    Implies,
    In,
    Mean,
    Sum,
    ThereIs,
    samples,
)  # fmt: skip
from boundcheck.theorems.kernel.sequent import derive
from boundcheck.theorems.language.binding import INTERNAL
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import NAT

i, j = symbol("i", NAT), symbol("j", NAT)
R = samples(mu1)


def assumed(*formulas):
    return [derive("assume", formula=formula) for formula in formulas]


def test_arithmetic_keeps_all_hypotheses():
    found = by_arithmetic(z + w >= 0, *assumed(z >= 1, w >= 0, q >= 5))
    assert found.hyps == (z >= 1, w >= 0, q >= 5)


def test_an_elimination_keeps_all_but_the_one():
    given = Implies(c >= 0, ThereIs(z, z > w))
    there = derive("detach", *assumed(given, c >= 0))
    kept = derive("part", derive("conjoin", *assumed(z > w, p >= 0)), side=1)
    found = derive("eliminate", there, kept, variable=z)
    assert found.concl == (p >= 0)
    assert found.hyps == (given, c >= 0, p >= 0)


def test_cases_keep_all_but_the_two():
    low = derive("part", derive("conjoin", *assumed(p >= 0, z <= 1 / w)), side=0)
    high = derive("part", derive("conjoin", *assumed(p >= 0, 1 / w < z)), side=0)
    high = derive("part", derive("conjoin", high, *assumed(q >= 5)), side=0)
    found = derive("cases", low, high, *assumed(Exists(1 / w)), left=z, right=1 / w)
    assert set(found.hyps) == {p >= 0, q >= 5, Exists(1 / w)}
    other = derive("cases", high, low, *assumed(Exists(1 / w)), left=z, right=1 / w)
    assert {z <= 1 / w, 1 / w < z} < set(other.hyps)  # each is let go in its own case alone


def test_a_step_under_a_hypothesis_about_one_number():
    """The hypotheses of the step stay, too."""
    base, step = assumed(a(number(0)) >= 0, Forall(k, a(k + 1) >= 0, [k >= 0, a(k) >= 0]))
    under = derive("part", derive("conjoin", step, *assumed(q >= 5)), side=0)
    found = derive("induction", base, under, formula=Forall(k, a(k) >= 0, [k >= 0]))
    assert found.hyps == (base.concl, step.concl, q >= 5)


def not_apart(body, place, *facts):
    mean = Mean(body, (r, R))
    inner = Forall(r, Exists(Mean(body, (z, mu1))), [In(r, R)])
    with pytest.raises(BoundcheckError, match="differs from the place"):
        derive("coordinate", *assumed(Exists(mean), inner, *facts), mean=mean, place=place)


def test_the_ranges_of_two_indices_are_two():
    """The inner sum is over places that are apart, and the outer one is not."""
    inner = Sum(r(j), (j, 1, 2))
    for body in (inner * r(i), r(i) * inner, inner + r(i + 1)):
        not_apart(Sum(body, (i, 1, 9)), number(5))
    not_apart(Sum(r(j), (j, 1, 2)) + Sum(r(j), (j, 4, 6)), number(5))
    not_apart(Sum(r(j), (j, 4, 6)) + Sum(r(j), (j, 1, 2)), number(5))


@pytest.mark.parametrize("place", range(4))
def test_a_fact_about_one_number_does_not_keep_an_index_apart(place):
    """The number has the name that the rule might take for the index."""
    one = symbol(f"{INTERNAL}{place}", NAT)
    not_apart(Sum(r(j), (j, 1, n)) * r(k), k, one < k)
    not_apart(Sum(Sum(r(j), (j, 1, n)) * r(i), (i, 1, 2)) * r(k), k, one < k, number(2) < k)


def test_places_are_apart_by_what_is_shown_alone():
    not_apart(r(k) * r(m), k)
    not_apart(r(k) * r(m), k, m <= k)
    not_apart(r(k + 1) * r(m + 2), k + 1, m < k)
    not_apart(r(k + 1) * r(k + 1 - 1 + m), k + 1)
    not_apart(r(k + n) * r(k), k + n)
    not_apart(Sum(r(j + 1), (j, 1, 2)) * r(number(3)), number(3))
    not_apart(Sum(r(2 * j), (j, 1, 2)) * r(number(4)), number(4))
    not_apart(twice * r(k), k)


def test_a_number_that_is_false_is_needed_for_anything():
    for formula in (number(0) >= 0, number(1) >= 0, number(1) >= 1):
        with pytest.raises(BoundcheckError, match="is not 0 >= 1"):
            derive("absurd", *assumed(formula), formula=FALSE)
