"""Rules for expectations: monotone and linear, integrable, Fubini, a point below the mean.

`Mean(u, (x, law))` exists if and only if u exists at every point of the set of the law, and is
integrable. The set has probability 1, so that it is not empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from boundcheck.theorems.kernel.affine_terms import Which, listed, replaced
from boundcheck.theorems.kernel.existence import Known, exists, fresh, known_from
from boundcheck.theorems.kernel.sequent import Refused, Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import closing, opened
from boundcheck.theorems.language.expr import Expr, made
from boundcheck.theorems.language.formulas import conjunction, defined, for_all, member, there_is

WEAK = ("<=", ">=", "==")


def means_over(law: Expr, fixed: Sequence[Expr] = ()) -> Which:
    """Whether an expression is a mean over the law, and not one of those taken as numbers."""
    return lambda e: e.head == "mean" and e.args[0] == law and e not in fixed


def _point(law: Expr, *avoiding: Expr) -> Expr:
    demand(law.sort.kind == "law", lambda: f"{law!r} is no law")
    return fresh(law.sort.parts[0], (law, *avoiding))


def at_points(goal: Expr, law: Expr, fixed: Sequence[Expr] = ()) -> Expr:
    """What has to hold at all points of a law, so that a relation between means over it holds:
    the relation with each mean replaced by its integrand, but for means that are fixed numbers.

    Raises:
        Refused: the goal is not affine in the means, or is strict.
    """
    demand(goal.head == "relation" and goal.data in WEAK, lambda: f"{goal!r} is not <=, >= or ==")
    x, which = _point(law, goal), means_over(law, fixed)
    sides = tuple(replaced(side, which, lambda m: opened(m, x)) for side in goal.args)
    return for_all(x, made("relation", goal.data, sides), [member(x, law)])


def below_points(mean: Expr, bound: Expr) -> Expr:
    """What has to hold at all points so that a mean exists: |integrand| is at most the bound,
    each mean in it (over the same law) replaced by its integrand."""
    demand(mean.head == "mean", lambda: f"{mean!r} is no mean")
    law = mean.args[0]
    x = _point(law, mean, bound)
    above = replaced(bound, means_over(law), lambda m: opened(m, x))
    return for_all(x, abs(opened(mean, x)) <= above, [member(x, law)])


def _all_known(terms: list[Expr], known: Known) -> None:
    for t in terms:
        demand(exists(t, known), lambda: f"that {t!r} exists is not shown")


@rule
def average(
    pointwise: Theorem, *known: Theorem, goal: Expr, law: Expr, fixed: Sequence[Expr] = ()
) -> Sequent:
    """L <= R (or >=, ==), affine in means over a law, from the same at every point of its set with
    each mean replaced by its integrand.

    The law and the means exist. What is no mean, or is one of `fixed`, is a number that does not
    depend on the point: it exists, since the relation is true at some point, and its mean is
    itself, as the law is a probability. So both sides are the integrals of what stands point by
    point.
    """
    terms = [m for side in goal.args for m in listed(side, means_over(law, fixed))]
    _all_known([law, *terms], known_from(known))
    wanted = at_points(goal, law, fixed)
    demand(pointwise.concl == wanted, lambda: f"{pointwise.concl!r} is not {wanted!r}")
    return Sequent(all_hyps((pointwise, *known)), goal)


@rule
def integrable(pointwise: Theorem, *known: Theorem, mean: Expr, bound: Expr) -> Sequent:
    """exists(Mean(w)), from Abs(w) <= B at every point, B affine in integrands of means that exist.

    The relation is true, so that w exists at every point; B is integrable, and w is Borel.
    """
    wanted = below_points(mean, bound)
    law = mean.args[0]
    _all_known([law, *listed(bound, means_over(law))], known_from(known))
    demand(pointwise.concl == wanted, lambda: f"{pointwise.concl!r} is not {wanted!r}")
    return Sequent(all_hyps((pointwise, *known)), defined(mean))


@rule
def absolute(*known: Theorem, mean: Expr) -> Sequent:
    """exists(Mean(Abs(u))), where Mean(u) exists.

    A function is integrable if and only if its absolute value is.
    """
    demand(
        mean.head == "mean" and mean in known_from(known),
        lambda: f"that {mean!r} exists is not shown",
    )
    x = _point(mean.args[0], mean)
    return Sequent(all_hyps(known), defined(closing("mean", x, abs(opened(mean, x)), mean.args[0])))


@rule
def integrand(*known: Theorem, mean: Expr) -> Sequent:
    """For all points of the law exists(u), where Mean(u) (or Norm(u)) exists.

    The meaning of exists(Mean(u)).
    """
    demand(mean.head in ("mean", "norm"), lambda: f"{mean!r} is no mean")
    demand(mean in known_from(known), lambda: f"that {mean!r} exists is not shown")
    x = _point(mean.args[0], mean)
    return Sequent(all_hyps(known), for_all(x, defined(opened(mean, x)), [member(x, mean.args[0])]))


@rule
def inhabited(*known: Theorem, law: Expr) -> Sequent:
    """There is a point of the set of a law.

    Its probability is 1.
    """
    demand(exists(law, known_from(known)), lambda: f"that {law!r} exists is not shown")
    x = _point(law)
    return Sequent(all_hyps(known), there_is(x, member(x, law)))


@rule
def least(th: Theorem, *known: Theorem) -> Sequent:
    """From Mean(u) <= c (or <, >=, >): there is a point of the law's set with u <= c (...).

    Were u > c at every point of a set of probability 1, its mean would be > c. The mean exists,
    since the relation is true, and so does u at every point.
    """
    relation = th.concl
    demand(relation.head == "relation" and relation.data in ("<", "<=", ">", ">="), "no bound")
    mean, c = relation.args
    demand(mean.head == "mean", lambda: f"{mean!r} is no mean")
    x = _point(mean.args[0], mean, c)
    found = conjunction(
        member(x, mean.args[0]), made("relation", relation.data, (opened(mean, x), c))
    )
    return Sequent(all_hyps((th, *known)), there_is(x, found))


def _swapped(mean: Expr) -> tuple[Expr, Expr, Expr, Expr, Expr]:
    """For Mean(Mean(u, (y, nu)), (x, mu)): x, y, u, mu, nu with fresh symbols."""
    demand(mean.head == "mean", lambda: f"{mean!r} is no mean")
    x = _point(mean.args[0], mean)
    inner = opened(mean, x)
    demand(inner.head == "mean", lambda: f"{inner!r} is no mean")
    demand(
        x not in inner.args[0].free,
        lambda: f"the law {inner.args[0]!r} depends on the outer variable",
    )
    y = _point(inner.args[0], mean, x)
    return x, y, opened(inner, y), mean.args[0], inner.args[0]


def exchange_conditions(mean: Expr) -> tuple[Expr, Expr]:
    """What has to be known so that two means may be exchanged."""
    x, y, u, mu, nu = _swapped(mean)
    absolute = closing("mean", x, closing("mean", y, abs(u), nu), mu)
    inner = closing("mean", x, u, mu)
    return defined(absolute), for_all(y, defined(inner), [member(y, nu)])


@rule
def exchange(*known: Theorem, mean: Expr) -> Sequent:
    """Mean(Mean(u, (y, nu)), (x, mu)) == Mean(Mean(u, (x, mu)), (y, nu)), nu free of x.

    Fubini: the nested mean of Abs(u) exists, so that u exists on the product of the sets and is
    integrable there, and the inner means on the left exist for every x. Those on the right have to
    exist for every y, not only for almost every one: a mean is only of what exists everywhere.
    """
    facts = {t.concl for t in known}
    for condition in exchange_conditions(mean):
        demand(condition in facts, lambda: f"{condition!r} is not shown")
    x, y, u, mu, nu = _swapped(mean)
    outer = opened(mean, x)
    other = closing("mean", y, closing("mean", x, u, mu, hint=mean.hint), nu, hint=outer.hint)
    return Sequent(all_hyps(known), mean.eq(other))


def mean_of_sum_conditions(mean: Expr) -> tuple[Expr, ...]:
    """What has to be known so that the mean of a sum is the sum of the means."""
    x, j, u, law, low, high = _of_sum(mean)
    return (for_all(j, defined(closing("mean", x, u, law)), [low <= j, j <= high]),)


def _of_sum(mean: Expr) -> tuple[Expr, Expr, Expr, Expr, Expr, Expr]:
    demand(mean.head == "mean", lambda: f"{mean!r} is no mean")
    x = _point(mean.args[0], mean)
    total = opened(mean, x)
    demand(total.head == "sum", lambda: f"{total!r} is no sum")
    low, high = total.args[:2]
    demand(x not in low.free | high.free, "the range of the sum depends on the variable")
    j = fresh(total.data, (mean, x))  # type: ignore[arg-type]
    return x, j, opened(total, j), mean.args[0], low, high


@rule
def mean_of_sum(*known: Theorem, mean: Expr) -> Sequent:
    """Mean(Sum(u(j), (j, a, b)), (x, mu)) == Sum(Mean(u(j), (x, mu)), (j, a, b)).

    Every mean on the right exists, so that each u(j) exists on the whole set and is integrable;
    there are finitely many. The ends exist and do not depend on x; an empty sum is 0 on both sides.
    """
    terms, facts = known_from(known), {t.concl for t in known}
    x, j, u, law, low, high = _of_sum(mean)
    for condition in mean_of_sum_conditions(mean):
        demand(condition in facts, lambda: f"{condition!r} is not shown")
    for t in (low, high, law):
        demand(exists(t, terms), lambda: f"that {t!r} exists is not shown")
    inner = closing("mean", x, u, law, hint=mean.hint)
    return Sequent(
        all_hyps(known),
        mean.eq(closing("sum", j, inner, low, high, hint=opened(mean, x).hint)),
    )


@rule
def indicator_range(*, formula: Expr) -> Sequent:
    """0 <= Ind(A) and Ind(A) <= 1.

    It is 1 where A is true and 0 where it is false.
    """
    ind = made("ind", None, (formula,))
    return Sequent((), conjunction(ind >= 0, ind <= 1))


@rule
def indicator_true(th: Theorem) -> Sequent:
    """From A: Ind(A) == 1.

    Its meaning.
    """
    return Sequent(th.hyps, made("ind", None, (th.concl,)).eq(1))


OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@rule
def indicator_false(th: Theorem) -> Sequent:
    """From a > b: Ind(a <= b) == 0; likewise for the other signs.

    Of two opposite relations not both are true.
    """
    relation = th.concl
    if relation.head != "relation" or relation.data not in OPPOSITE:
        raise Refused(f"{relation!r} is no inequality")
    other = made("relation", OPPOSITE[str(relation.data)], relation.args)
    return Sequent(th.hyps, made("ind", None, (other,)).eq(0))
