"""Rules for natural numbers: induction, what lies between, ceilings."""

from __future__ import annotations

from boundcheck.theorems.kernel.existence import exists, fresh, known_from
from boundcheck.theorems.kernel.sequent import Refused, Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import Lambda, opened
from boundcheck.theorems.language.expr import Expr, made, number
from boundcheck.theorems.language.formulas import conjunction, for_all, there_is
from boundcheck.theorems.language.sorts import NAT


@rule
def induction(base: Theorem, step: Theorem, *known: Theorem, formula: Expr) -> Sequent:
    """From P(a), and P(k) implies P(k + 1) for all k >= a: P(k) for all k >= a.

    `formula` is for all k : Nat. k >= a implies P(k), where a is of sort Nat, exists and has no k.
    Hypotheses of the step cannot have k free, since the step says for all k.
    """
    demand(formula.head == "forall" and formula.data == NAT, "no formula for all natural numbers")
    k = fresh(NAT, (formula,))
    whole = opened(formula, k)
    demand(whole.head == "implies" and whole.args[0].head == "relation", "no start is given")
    start, concl = whole.args
    demand(start.data == ">=" and start.args[0] == k, "the start is written k >= a")
    low = start.args[1]
    demand(
        low.sort == NAT and k not in low.free, lambda: f"{low!r} is no natural number to start from"
    )
    demand(exists(low, known_from(known)), lambda: f"that {low!r} exists is not shown")
    claim = Lambda((NAT,), formula.args[0].args[1])
    demand(base.concl == claim(low), lambda: f"{base.concl!r} is not {claim(low)!r}")
    wanted = for_all(k, claim(k + 1), [k >= low, concl])
    demand(step.concl == wanted, lambda: f"{step.concl!r} is not {wanted!r}")
    return Sequent(all_hyps((base, step, *known)), formula)


@rule
def next_number(th: Theorem) -> Sequent:
    """From k < l, both of sort Nat: k + 1 <= l.

    There is no natural number between k and k + 1.
    """
    if th.concl.head != "relation" or th.concl.data not in ("<", ">"):
        raise Refused(f"{th.concl!r} is not k < l")
    k, other = th.concl.args if th.concl.data == "<" else th.concl.args[::-1]
    demand(k.sort == NAT and other.sort == NAT, "both have to be natural numbers")
    return Sequent(th.hyps, k + 1 <= other)


@rule
def zero_or_next(*known: Theorem, value: Expr) -> Sequent:
    """From k >= 1 of sort Nat: there is l of sort Nat with k == l + 1.

    k - 1 is one.
    """
    demand(value.sort == NAT, lambda: f"{value!r} is no natural number")
    demand((value >= 1) in [t.concl for t in known], lambda: f"{value!r} >= 1 is not shown")
    other = fresh(NAT, (value,))
    return Sequent(all_hyps(known), there_is(other, value.eq(other + 1)))


@rule
def between(
    first: Theorem,
    last: Theorem,
    order: Theorem,
    all_exist: Theorem,
    *,
    function: Lambda,
    low: Expr,
    high: Expr,
    value: Expr,
) -> Sequent:
    """From A(a) <= x, x <= A(b), a < b of sort Nat: there is k with a <= k, k + 1 <= b,
    A(k) <= x and x <= A(k + 1).

    Take the last k < b with A(k) <= x; then k + 1 is b, or A(k + 1) > x. A(k) exists for every k
    from a to b. Nothing is said of A but that.
    """
    demand(function.sorts == (NAT,), "a function of a natural number")
    demand(low.sort == NAT and high.sort == NAT, "a and b are natural numbers")
    demand(first.concl == (function(low) <= value), lambda: f"{first.concl!r} is not A(a) <= x")
    demand(last.concl == (value <= function(high)), lambda: f"{last.concl!r} is not x <= A(b)")
    demand(order.concl == (low < high), lambda: f"{order.concl!r} is not a < b")
    k = fresh(NAT, (function.body, low, high, value))
    wanted = for_all(k, made("defined", None, (function(k),)), [low <= k, k <= high])
    demand(all_exist.concl == wanted, lambda: f"{all_exist.concl!r} is not {wanted!r}")
    found = conjunction(low <= k, k + 1 <= high, function(k) <= value, value <= function(k + 1))
    return Sequent(all_hyps((first, last, order, all_exist)), there_is(k, found))


@rule
def nat_ceiling(*known: Theorem, term: Expr) -> Sequent:
    """t <= natceil(t), and natceil(t) < t + 1 or natceil(t) == 0, in the form
    natceil(t) <= Max(0, t + 1), with < where t > -1 is known.

    natceil(t) is the least natural number that is at least t, where t exists.
    """
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    above = made("natceil", None, (term,))
    positive = (term > -1) in [t.concl for t in known] or (term >= 0) in [t.concl for t in known]
    most = above < term + 1 if positive else above <= made("call", "Max", (number(0), term + 1))
    return Sequent(all_hyps(known), conjunction(term <= above, most))


@rule
def ceiling(order: Theorem, *, term: Expr) -> Sequent:
    """natceil(t) == ceiling(t), from t > -1 or t >= 0.

    ceiling(t) is the least whole number that is at least t; it is not negative, as t > -1.
    """
    demand(order.concl in (term > -1, term >= 0), lambda: f"{order.concl!r} is not {term > -1!r}")
    above = made("natceil", None, (term,))
    return Sequent(order.hyps, above.eq(made("call", "ceiling", (term,))))


@rule
def archimedes(*known: Theorem, term: Expr) -> Sequent:
    """There is n of sort Nat with n >= t, where t exists.

    The natural numbers are not bounded.
    """
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    n = fresh(NAT, (term,))
    return Sequent(all_hyps(known), there_is(n, n >= term))
