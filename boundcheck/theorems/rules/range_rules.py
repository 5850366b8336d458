"""Rules for sums, products and largest values over ranges of natural numbers a..b.

`Sum(u, (j, a, b))` exists if and only if a and b exist, and u does for every natural number j from
a to b; an empty sum is 0, an empty product 1; an empty range has no largest value.
"""

from __future__ import annotations

from boundcheck.theorems.kernel.affine_terms import Which, combination, listed, replaced
from boundcheck.theorems.kernel.existence import exists, fresh, known_from
from boundcheck.theorems.kernel.sequent import Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import closing, opened
from boundcheck.theorems.language.expr import Expr, made, number
from boundcheck.theorems.language.formulas import conjunction, defined, for_all, there_is
from boundcheck.theorems.language.sorts import NAT
from boundcheck.theorems.rules.mean_rules import WEAK

RANGES = ("sum", "product", "largest", "smallest")


def sums_over(low: Expr, high: Expr) -> Which:
    """Whether an expression is a sum over that range."""
    return lambda e: e.head == "sum" and e.args[:2] == (low, high)


def _checked(e: Expr, *heads: str) -> None:
    demand(e.head in heads, lambda: f"{e!r} is not of the kind {' or '.join(heads)}")


def _index(*avoiding: Expr) -> Expr:
    return fresh(NAT, avoiding)


def in_range(j: Expr, e: Expr) -> list[Expr]:
    """That j lies in the range of a sum."""
    return [e.args[0] <= j, j <= e.args[1]]


def at_indices(goal: Expr, low: Expr, high: Expr) -> Expr:
    """What has to hold for all indices, so that a relation between sums holds: the relation with
    each sum replaced by its term."""
    demand(goal.head == "relation" and goal.data in WEAK, lambda: f"{goal!r} is not <=, >= or ==")
    j, which = _index(goal, low, high), sums_over(low, high)
    sides = tuple(replaced(side, which, lambda m: opened(m, j)) for side in goal.args)
    return for_all(j, made("relation", goal.data, sides), [low <= j, j <= high])


@rule
def add_up(pointwise: Theorem, *known: Theorem, goal: Expr, low: Expr, high: Expr) -> Sequent:
    """L <= R (or >=, ==), sums over one range with factors, from the same for every index with each
    sum replaced by its term.

    Nothing but such sums, times factors: a constant would count once for every index. The factors
    exist by their form or as known, as an empty range says nothing about them; the terms exist
    since the relation is true for every index.
    """
    terms = known_from(known)
    for t in (low, high):
        demand(exists(t, terms), lambda: f"that {t!r} exists is not shown")
    for side in goal.args:
        parts = combination(side, sums_over(low, high))
        for c in parts.constants:
            demand(c == number(0), lambda: f"{c!r} is no sum over the range; write Sum({c!r}, ...)")
        for factor, _ in parts.pairs:
            demand(exists(factor, terms), lambda: f"that the factor {factor!r} exists is not shown")
    wanted = at_indices(goal, low, high)
    demand(pointwise.concl == wanted, lambda: f"{pointwise.concl!r} is not {wanted!r}")
    return Sequent(all_hyps((pointwise, *known)), goal)


@rule
def range_exists(pointwise: Theorem, *known: Theorem, term: Expr) -> Sequent:
    """exists(Sum(u)), from exists(u) for every index; for the largest value, from a <= b, too.

    Their meaning.
    """
    _checked(term, *RANGES)
    terms = known_from(known)
    for t in term.args[:2]:
        demand(exists(t, terms), lambda: f"that {t!r} exists is not shown")
    j = _index(term)
    wanted = for_all(j, defined(opened(term, j)), in_range(j, term))
    demand(pointwise.concl == wanted, lambda: f"{pointwise.concl!r} is not {wanted!r}")
    if term.head in ("largest", "smallest"):
        demand(
            (term.args[0] <= term.args[1]) in [k.concl for k in known],
            lambda: f"that the range of {term!r} is not empty is not shown",
        )
    return Sequent(all_hyps((pointwise, *known)), defined(term))


@rule
def term_exists(*known: Theorem, term: Expr) -> Sequent:
    """For every index exists(u), where Sum(u) exists.

    The meaning of exists(Sum(u)).
    """
    _checked(term, *RANGES)
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    j = _index(term)
    return Sequent(all_hyps(known), for_all(j, defined(opened(term, j)), in_range(j, term)))


_JOIN = {"sum": ("add", None), "product": ("mul", None)}


def _joined(head: str, a: Expr, b: Expr) -> Expr:
    if head in _JOIN:
        return made(_JOIN[head][0], None, (a, b))
    return made("call", "Max" if head == "largest" else "Min", (a, b))


def before(last: Expr) -> Expr:
    """b, where `last` is b + 1: a literal from 1 on, or t + p with such a literal p, so that what
    is one less is written as a natural number."""
    high = last - 1
    demand(high.sort == NAT, lambda: f"{last!r} is not b + 1")
    return high


@rule
def unroll(order: Theorem, *known: Theorem, term: Expr) -> Sequent:
    """Sum(u, (j, a, b + 1)) == Sum(u, (j, a, b)) + u(b + 1), from a <= b + 1; the same with * for
    products; with Max for largest values from a <= b. Instead of b + 1 there may be a number.

    The left side exists, so that every term does. The range a..b + 1 is a..b and b + 1, where
    a..b may be empty for sums and products.
    """
    _checked(term, *RANGES)
    low, last = term.args[:2]
    high = before(last)
    wanted = low <= last if term.head in _JOIN else low <= high
    demand(order.concl == wanted, lambda: f"{order.concl!r} is not {wanted!r}")
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    rest = made(term.head, term.data, (low, high, term.args[2]), term.hint)
    return Sequent(all_hyps((order, *known)), term.eq(_joined(term.head, rest, opened(term, last))))


@rule
def single(*known: Theorem, term: Expr) -> Sequent:
    """Sum(u, (j, a, a)) == u(a); the same for products, largest and smallest values.

    The range has one index, which exists, and so does the term.
    """
    _checked(term, *RANGES)
    terms, index = known_from(known), term.args[0]
    demand(index == term.args[1], lambda: f"the range of {term!r} has not just one index")
    demand(exists(index, terms), lambda: f"that {index!r} exists is not shown")
    demand(exists(opened(term, index), terms), "the one term may not exist")
    return Sequent(all_hyps(known), term.eq(opened(term, term.args[0])))


@rule
def empty(order: Theorem, *, term: Expr) -> Sequent:
    """Sum(u, (j, a, b)) == 0, and Product == 1, from b < a.

    There is no index; both ends exist, since the relation is true.
    """
    _checked(term, "sum", "product")
    demand(
        order.concl == (term.args[1] < term.args[0]),
        lambda: f"the range of {term!r} may have an index",
    )
    return Sequent(order.hyps, term.eq(0 if term.head == "sum" else 1))


@rule
def count(order: Theorem, *known: Theorem, low: Expr, high: Expr, value: Expr) -> Sequent:
    """Sum(c, (j, a, b)) == (b + 1 - a) c, from a <= b + 1, where c exists and has no j.

    The range has b + 1 - a indices.
    """
    demand(order.concl == (low <= high + 1), lambda: f"{order.concl!r} is not {low <= high + 1!r}")
    demand(exists(value, known_from(known)), lambda: f"that {value!r} exists is not shown")
    whole = made("sum", NAT, (low, high, value), "j")
    return Sequent(all_hyps((order, *known)), whole.eq((high + 1 - low) * value))


def _place(lower: Theorem, upper: Theorem, term: Expr, index: Expr) -> None:
    demand(lower.concl == (term.args[0] <= index), lambda: f"{index!r} may lie before the range")
    demand(upper.concl == (index <= term.args[1]), lambda: f"{index!r} may lie behind the range")


@rule
def among(lower: Theorem, upper: Theorem, *known: Theorem, term: Expr, index: Expr) -> Sequent:
    """From a <= k, k <= b: u(k) <= Largest(u, (j, a, b)), and >= for the smallest value.

    The largest value exists, and k is an index.
    """
    _checked(term, "largest", "smallest")
    _place(lower, upper, term, index)
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    value = opened(term, index)
    found = value <= term if term.head == "largest" else value >= term
    return Sequent(all_hyps((lower, upper, *known)), found)


@rule
def attained(*known: Theorem, term: Expr) -> Sequent:
    """There is an index j from a to b with u(j) == Largest(u, (j, a, b)).

    The largest of finitely many values that exist, at least one of them, is one of them.
    """
    _checked(term, "largest", "smallest")
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    j = _index(term)
    found = conjunction(*in_range(j, term), opened(term, j).eq(term))
    return Sequent(all_hyps(known), there_is(j, found))


@rule
def one_of_many(
    lower: Theorem, upper: Theorem, nonnegative: Theorem, *, term: Expr, index: Expr
) -> Sequent:
    """From a <= k, k <= b and u(j) >= 0 for every index: u(k) <= Sum(u, (j, a, b)).

    The relation is true for every index, so that every term and the sum exist; the other terms
    are not negative.
    """
    _checked(term, "sum")
    _place(lower, upper, term, index)
    j = _index(term)
    wanted = for_all(j, opened(term, j) >= 0, in_range(j, term))
    demand(nonnegative.concl == wanted, lambda: f"{nonnegative.concl!r} is not {wanted!r}")
    return Sequent(all_hyps((lower, upper, nonnegative)), opened(term, index) <= term)


@rule
def triangle(*known: Theorem, term: Expr) -> Sequent:
    """Abs(Sum(u)) <= Sum(Abs(u)), where the sum exists.

    The triangle inequality, term by term.
    """
    _checked(term, "sum")
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    j = _index(term)
    other = closing("sum", j, abs(opened(term, j)), *term.args[:2], hint=term.hint)
    return Sequent(all_hyps(known), abs(term) <= other)


def all_sums(e: Expr, low: Expr, high: Expr) -> list[Expr]:
    """The sums over a range that stand where a term is affine in them."""
    return listed(e, sums_over(low, high))
