"""Rules for integrals: `Integral(u, (t, a, b))` is that of Lebesgue over [a, b].

It exists if and only if a and b exist, a <= b, u exists at every t from a to b, and is integrable.
"""

from __future__ import annotations

from boundcheck.theorems.kernel.affine_terms import Which, combination, replaced
from boundcheck.theorems.kernel.calculus import derivative
from boundcheck.theorems.kernel.existence import exists, fresh, known_from
from boundcheck.theorems.kernel.sequent import Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import Lambda, closing, opened
from boundcheck.theorems.language.expr import Expr, made, number
from boundcheck.theorems.language.formulas import conjunction, defined, for_all
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theorems.rules.mean_rules import WEAK


def _between(t: Expr, low: Expr, high: Expr) -> list[Expr]:
    return [low <= t, t <= high]


def integrals_over(low: Expr, high: Expr) -> Which:
    """Whether an expression is an integral over that interval."""
    return lambda e: e.head == "integral" and e.args[:2] == (low, high)


def antiderivative_condition(function: Lambda, integrand: Lambda, low: Expr, high: Expr) -> Expr:
    """What has to hold so that a function is an antiderivative of another one from a to b: for all
    t from a to b it exists, and its derivative is the other one."""
    demand(function.sorts == integrand.sorts == (REAL,), "functions of a real variable")
    t = fresh(REAL, (function.body, integrand.body, low, high))
    slope = derivative(function(t), t)
    return for_all(
        t, conjunction(defined(function(t)), slope.eq(integrand(t))), _between(t, low, high)
    )


@rule
def primitive(
    order: Theorem,
    slopes: Theorem,
    *,
    function: Lambda,
    integrand: Lambda,
    low: Expr,
    high: Expr,
) -> Sequent:
    """Integral(f, (t, a, b)) == F(b) - F(a), from a <= b and, for all t from a to b, exists(F(t))
    and F'(t) == f(t), F' by the rules of calculus.

    F is made of operations that are continuous where they exist, so it is continuous on [a, b],
    and F' is its derivative inside; F' exists on all of [a, b], so that it is continuous and
    bounded there, and the fundamental theorem of calculus holds.
    """
    demand(order.concl == (low <= high), lambda: f"{order.concl!r} is not {low <= high!r}")
    wanted = antiderivative_condition(function, integrand, low, high)
    demand(slopes.concl == wanted, lambda: f"{slopes.concl!r} is not {wanted!r}")
    t = fresh(REAL, (integrand.body, low, high))
    whole = closing("integral", t, integrand(t), low, high)
    return Sequent(all_hyps((order, slopes)), whole.eq(function(high) - function(low)))


def integral_at_points(goal: Expr, low: Expr, high: Expr) -> Expr:
    """What has to hold for all t from a to b, so that a relation between integrals holds: the
    relation with each integral replaced by its integrand."""
    demand(goal.head == "relation" and goal.data in WEAK, lambda: f"{goal!r} is not <=, >= or ==")
    t, which = fresh(REAL, (goal, low, high)), integrals_over(low, high)
    sides = tuple(replaced(side, which, lambda m: opened(m, t)) for side in goal.args)
    return for_all(t, made("relation", goal.data, sides), _between(t, low, high))


@rule
def integrate(pointwise: Theorem, *known: Theorem, goal: Expr, low: Expr, high: Expr) -> Sequent:
    """L <= R (or >=, ==), integrals over one interval with factors, from the same at every t with
    each integral replaced by its integrand.

    Nothing but such integrals, times factors that exist: a constant would count with the length of
    the interval. The integrals exist.
    """
    terms = known_from(known)
    for side in goal.args:
        parts = combination(side, integrals_over(low, high))
        for c in parts.constants:
            demand(c == number(0), lambda: f"{c!r} is no integral over the interval")
        for factor, integral in parts.pairs:
            demand(exists(factor, terms), lambda: f"that the factor {factor!r} exists is not shown")
            demand(integral in terms, lambda: f"that {integral!r} exists is not shown")
    wanted = integral_at_points(goal, low, high)
    demand(pointwise.concl == wanted, lambda: f"{pointwise.concl!r} is not {wanted!r}")
    return Sequent(all_hyps((pointwise, *known)), goal)


def bounded_condition(integral: Expr, bound: Expr) -> Expr:
    """What has to hold so that an integral exists: a bound of its integrand."""
    demand(integral.head == "integral", lambda: f"{integral!r} is no integral")
    t = fresh(REAL, (integral, bound))
    low, high = integral.args[:2]
    return for_all(t, abs(opened(integral, t)) <= bound, _between(t, low, high))


@rule
def integral_exists(order: Theorem, pointwise: Theorem, *, integral: Expr, bound: Expr) -> Sequent:
    """exists(Integral(u, (t, a, b))), from a <= b and Abs(u) <= B for t from a to b, B without t.

    u exists on the interval, since the relation is true there; it is Borel and bounded.
    """
    wanted = bounded_condition(integral, bound)
    low, high = integral.args[:2]
    demand(order.concl == (low <= high), lambda: f"{order.concl!r} is not {low <= high!r}")
    demand(pointwise.concl == wanted, lambda: f"{pointwise.concl!r} is not {wanted!r}")
    return Sequent(all_hyps((order, pointwise)), defined(integral))
