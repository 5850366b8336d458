"""Goals, and what each rule of the calculus makes of one; the checker and the
search ask the same functions.

A goal is a comparison with `>=`, `>` or `==`; its *gap* is the larger side minus the other one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flint import fmpq

from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import folded
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Rejected, Unsupported
from boundcheck.exact.algebra.forms import polynomial_term
from boundcheck.exact.algebra.limit import limit
from boundcheck.exact.algebra.normal import normal
from boundcheck.exact.algebra.polynomial import span
from boundcheck.exact.algebra.rewrite import has_period
from boundcheck.exact.algebra.sturm import End as RationalEnd
from boundcheck.exact.algebra.sturm import Span
from boundcheck.exact.cells.orthant import Orthant, space
from boundcheck.exact.terms.box import Box, Range
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.parser import Side, parse_relation
from boundcheck.exact.terms.rational import whole_root
from boundcheck.exact.terms.term import (
    Relation,
    Term,
    call,
    constant,
    div,
    mul,
    neg,
    number,
    postorder,
    power,
    rebuild,
    replaced,
    sub,
    substitute,
    symbol,
)
from boundcheck.exact.terms.unroll import unrolled_relation
from boundcheck.exact.terms.work import spend

_ZERO, _ONE = number(0), number(1)
_BITS = 96
_MAX_CASES = 64
_OPPOSITE = {"<": ">", "<=": ">="}
_TROUBLE = (Unclear, DomainError, Unsupported)


def goal_of(statement: Comparison) -> Comparison:
    """The statement with bounds such as `a > 0` as ranges of the box, sums written
    out, and never `<` or `<=`."""
    r = unrolled_relation(statement.relation)
    r = Relation(folded(r.left), r.op, folded(r.right))
    relation = Relation(r.right, _OPPOSITE[r.op], r.left) if r.op in _OPPOSITE else r
    return replace(bounded(statement), relation=relation)


def bounded(statement: Comparison) -> Comparison:
    """The statement with bounds such as `a > 0` as ranges of the box."""
    ranges = {n: Range(n, Side(None, True), Side(None, True)) for n in statement.names}
    ranges |= {x.name: x for x in statement.on.ranges}
    rest = []
    for h in statement.given:
        found = _bound(h)
        if found is None:
            rest.append(h)
            continue
        name, is_lower, side = found
        old = ranges[name]
        if (old.lower if is_lower else old.upper).value is not None:
            rest.append(h)
        else:
            ranges[name] = (
                Range(name, side, old.upper) if is_lower else Range(name, old.lower, side)
            )
    return Comparison(statement.relation, box_of(ranges.values()), tuple(rest))


def _bound(h: Relation) -> tuple[str, bool, Side] | None:
    """(name, whether it is a lower bound, the bound) where a hypothesis bounds
    one variable by a constant."""
    if h.op == "==":
        return None
    for one, other, flipped in ((h.left, h.right, False), (h.right, h.left, True)):
        if one.op == "symbol" and not other.free:
            return one.payload, (h.op in (">", ">=")) != flipped, Side(other, h.strict)
    return None


def box_of(ranges: Iterable[Range]) -> Box:
    """The box of these ranges, in the order of their ends or not."""
    box = Box()
    box.ranges = tuple(ranges)
    return box


def gap_goal(
    goal: Comparison, gap: Term, op: str | None = None, on: Box | None = None
) -> Comparison:
    """The goal `gap op 0` on the same set, or on another box."""
    return Comparison(Relation(gap, op or goal.relation.op, _ZERO), on or goal.on, goal.given)


def range_of(goal: Comparison, name: Any) -> Range:
    found = next((r for r in goal.on.ranges if r.name == name), None)
    if found is None:
        raise Rejected(f"{name} is not a variable of the goal")
    return found


def with_range(box: Box, new: Range | None, name: str) -> Box:
    """The box with another range for `name`, or without it."""
    kept = (r if r.name != name else new for r in box.ranges)
    return box_of(r for r in kept if r is not None)


# -- what the rules of the calculus make of a goal; the search asks these too ----------------------


def slope_goal(goal: Comparison, name: str, end: str, op: str) -> Comparison:
    """The slope of the gap in one variable, with its sign for `end`, inside the range."""
    r = range_of(goal, name)
    d = derivative(goal.relation.gap(), name)
    inside = Range(name, Side(r.lower.value, True), Side(r.upper.value, True))
    return gap_goal(goal, d if end == "lower" else neg(d), op, with_range(goal.on, inside, name))


def face_goal(goal: Comparison, name: str, end: str, op: str) -> Comparison:
    """The gap where the variable has its lower or upper end; its limit where that is infinite.

    The set is that of the other variables, where the range of this one is not empty: on it
    the closed end belongs to the goal's set.
    """
    r = range_of(goal, name)
    side = getattr(r, end)
    if side.value is None:
        gap = limit(goal.relation.gap(), name, end == "upper")
    else:
        (gap,) = substitute((goal.relation.gap(),), {name: side.value})
    return replace(
        gap_goal(goal, gap, op, with_range(goal.on, None, name)), given=_not_empty(goal, r)
    )


def instance_goal(
    goal: Comparison, parts: Mapping[str, str], known: Sequence[str]
) -> tuple[Comparison, list[Comparison]]:
    """The goal with parts of its sides as variables, and what is known of these: a general goal,
    of which it is an instance; and the goals that say that the known holds.

    Variables that are left in parts only are gone, with what is said of them.
    """
    sides = (goal.relation.left, goal.relation.right)
    nodes = {str(n): n for n in postorder(*sides)}
    values = {name: nodes[text] for name, text in parts.items()}
    if not values.keys().isdisjoint(goal.names):
        raise Rejected(f"{', '.join(values)} are not all new names")
    left, right = (replaced(s, {t: symbol(n) for n, t in values.items()}) for s in sides)
    inside = frozenset().union(*(t.free for t in values.values()))
    gone = inside - left.free - right.free
    ranges = [r for r in goal.on.ranges if r.name not in gone]
    ends = [e.value for r in ranges for e in (r.lower, r.upper) if e.value is not None]
    given = [h for h in goal.given if not h.free & gone]
    if any(e.free & gone for e in ends):
        raise Rejected("the range of another variable depends on what is gone")
    shown = [parse_relation(text) for text in known]
    everywhere = [Range(n, Side(None, True), Side(None, True)) for n in values]
    child = Comparison(
        Relation(left, goal.relation.op, right),
        box_of([*ranges, *everywhere]),
        (*given, *shown),
    )
    if not child.relation.free.union(*(h.free for h in shown)) <= set(child.on.names):
        raise Rejected("it mentions what is gone, or was never there")
    return bounded(child), [replace(goal, relation=h.subs(values)) for h in shown]


def edge_goals(goal: Comparison, name: str, end: str) -> tuple[Comparison, Comparison]:
    """The goal at a closed end of the range of a variable on which nothing else depends, and
    on the rest of the range."""
    r = range_of(goal, name)
    if end not in ("lower", "upper") or not free_of_hypotheses(goal, name):
        raise Rejected(f"there is no such end, or hypotheses depend on {name}")
    side: Side = getattr(r, end)
    if side.value is None or side.open:
        raise Rejected(f"the range {r} has no closed end there")
    here = Side(side.value, True)
    rest = Range(name, here, r.upper) if end == "lower" else Range(name, r.lower, here)
    return face_goal(goal, name, end, goal.relation.op), replace(
        goal, on=with_range(goal.on, rest, name)
    )


def _not_empty(goal: Comparison, r: Range) -> tuple[Relation, ...]:
    """The hypotheses, and that a range with a symbolic end is not empty, if the
    other ranges do not say so."""
    low, high = r.lower.value, r.upper.value
    if low is None or high is None or not (low.free | high.free):
        return goal.given
    strict = r.lower.open or r.upper.open
    for o in goal.on.ranges:
        for t, end, side in ((low, high, o.upper), (high, low, o.lower)):
            if t is symbol(o.name) and side.value is end and (side.open or not strict):
                return goal.given
    try:
        width = on_box(sub(high, low), goal.hull, _BITS, loose=True)
        if width.lower > 0 or (width.lower >= 0 and not strict):
            return goal.given
    except _TROUBLE:
        pass
    return (*goal.given, Relation(low, "<" if strict else "<=", high))


def without(goal: Comparison, name: str) -> Comparison:
    """The set of the other variables: without the hypotheses that mention this one."""
    given = tuple(h for h in goal.given if name not in h.free)
    return replace(goal, on=with_range(goal.on, None, name), given=given)


def inside_goals(
    goal: Comparison, r: Range, at: Term, open_: bool, sides: Sequence[str]
) -> list[Comparison]:
    """What says that `at`, a term in the other variables, lies inside the range on these sides.

    If `at` is an open end itself, or none, it may be an end of the range.
    """
    base, found = without(goal, r.name), []
    for which in sides:
        side: Side = getattr(r, which)
        if side.value is not None:
            gap = sub(at, side.value) if which == "lower" else sub(side.value, at)
            found.append(gap_goal(base, gap, ">" if side.open and not open_ else ">="))
    return found


def free_of_hypotheses(goal: Comparison, name: str) -> bool:
    """Whether nothing says anything about a variable but its own range, whose
    ends are in other variables."""
    ends = (e.value for r in goal.on.ranges for e in (r.lower, r.upper))
    return not any(name in h.free for h in goal.given) and not any(
        e is not None and name in e.free for e in ends
    )


def halves(goal: Comparison, name: str, at: Term) -> tuple[Comparison, Comparison]:
    r = range_of(goal, name)
    here = Side(at, False)
    below, above = Range(name, r.lower, here), Range(name, here, r.upper)
    return tuple(replace(goal, on=with_range(goal.on, part, name)) for part in (below, above))  # type: ignore[return-value]


def normal_goal(goal: Comparison, times: Term = _ONE) -> Comparison:
    hull = goal.hull

    def positive(t: Term) -> bool:
        try:
            return bool(on_box(t, hull, _BITS, loose=True).lower >= 0)
        except (*_TROUBLE, KeyError):
            return False

    return gap_goal(goal, normal(mul(goal.relation.gap(), times), positive))


def logarithm_goal(goal: Comparison, left: Term, right: Term) -> Comparison:
    return normal_goal(gap_goal(goal, sub(call("log", left), call("log", right))))


def exponential_goal(goal: Comparison, left: Term, right: Term) -> Comparison:
    return normal_goal(gap_goal(goal, sub(call("exp", left), call("exp", right))))


def squares_goal(goal: Comparison, left: Term, right: Term) -> Comparison:
    return normal_goal(gap_goal(goal, sub(mul(left, left), mul(right, right))))


def bound_goal(
    goal: Comparison, index: int, name: str
) -> tuple[Comparison, Term, list[Comparison]]:
    """The goal with a hypothesis as the end of a range, that end, and what it
    takes to forget the old one."""
    h, r = goal.given[index], range_of(goal, name)
    x = symbol(name)
    if h.op == "==" or (h.left is x) == (h.right is x):
        raise Rejected(f"{h} does not bound {name}")
    at = h.right if h.left is x else h.left
    which = "lower" if (h.op in (">", ">=")) == (h.left is x) else "upper"
    needs = inside_goals(goal, r, at, h.strict, [which])
    given = (*goal.given[:index], *goal.given[index + 1 :])
    side = Side(at, h.strict)
    new = Range(name, side, r.upper) if which == "lower" else Range(name, r.lower, side)
    return replace(goal, on=with_range(goal.on, new, name), given=given), at, needs


def period_goal(goal: Comparison, name: str) -> Comparison:
    """The goal on one period."""
    r = range_of(goal, name)
    whole = r.lower.value is None and r.upper.value is None
    if not whole or not free_of_hypotheses(goal, name) or not has_period(goal.relation.gap(), name):
        raise Rejected(f"nothing says that {name} has a period")
    pi = constant("pi")
    return replace(
        goal, on=with_range(goal.on, Range(name, Side(neg(pi), False), Side(pi, False)), name)
    )


def inverse_goal(goal: Comparison, name: str) -> Comparison:
    """The goal with v = a - 1 + 1/t for v >= a (v = b + 1 - 1/t for v <= b)."""
    r = range_of(goal, name)
    lower = r.lower.value is not None
    side = r.lower if lower else r.upper
    if side.value is None or (lower and r.upper.value is not None) or side.value.free:
        raise Rejected(f"the range {r} is not a half-line")
    taken = {*goal.names, *goal.relation.free, *goal.on.symbols_in_ends}
    new = next(n for n in (f"{name}_{k}" for k in range(1, 1000)) if n not in taken)
    t = symbol(new)
    value = side.value - 1 + div(_ONE, t) if lower else side.value + 1 - div(_ONE, t)
    put = {name: value}
    on = with_range(goal.on, Range(new, Side(_ZERO, True), Side(_ONE, side.open)), name).subs(put)
    return Comparison(goal.relation.subs(put), on, tuple(h.subs(put) for h in goal.given))


def powers_goal(goal: Comparison, exponents: Mapping[str, int]) -> Comparison:
    """The goal with v = u**k, u >= 0, for variables v >= 0 (u has the name of v)."""
    on, put = goal.on, {}
    for name, k in exponents.items():
        r = range_of(goal, name)
        if type(k) is not int or not 1 < k <= 60 or r.lower.value is None:
            raise Rejected(f"{name} may be negative, or {k} is not a root to take")
        ends = [_root_of_end(s, k) for s in (r.lower, r.upper)]
        on = with_range(on, Range(name, *ends), name)
        put[name] = power(symbol(name), number(k))
    return Comparison(goal.relation.subs(put), on.subs(put), tuple(h.subs(put) for h in goal.given))


def _root_of_end(side: Side, k: int) -> Side:
    if side.value is None:
        return side
    if side.value.op != "rational" or side.value.payload < 0:
        raise Rejected(f"the end {side.value} is not a rational number >= 0")
    top, bottom = whole_root(side.value.payload.p, k), whole_root(side.value.payload.q, k)
    if top is None or bottom is None:
        raise Rejected(f"{side.value} is not a power with the exponent {k}")
    return Side(number(fmpq(top, bottom)), side.open)


def orthant_goal(o: Orthant) -> Comparison:
    """The claim of a leaf of `signs` in variables of its own."""
    ranges = space(o.signs)
    gap = polynomial_term(o.p, [symbol(r.name) for r in ranges])
    return Comparison(Relation(gap, ">" if o.strict else ">=", _ZERO), box_of(ranges))


def exact_span(goal: Comparison, name: str) -> Span:
    """The range of a variable with rational ends, or a larger one."""
    r = range_of(goal, name)
    outer: list[RationalEnd] = [
        None if isinstance(e, float) else e.fmpq()
        for e in (goal.hull[name].lower, goal.hull[name].upper)
    ]
    return span(r, (outer[0], outer[1]))


def cases(relation: Relation) -> list[Relation]:
    """Relations that together are equivalent to this one (>= or >), without
    an outer Abs, Max or Min."""
    if relation.op == "==":
        return [relation]
    low, high = _extremes(relation.right, True), _extremes(relation.left, False)
    if len(low) * len(high) > _MAX_CASES:
        return [relation]
    return [Relation(h, relation.op, s) for h in high for s in low]


def _extremes(root: Term, largest: bool) -> list[Term]:
    """Terms of which `root` is the largest (the smallest): the root itself
    where they would be many."""
    known: dict[tuple[Term, bool], list[Term]] = {}
    stack = [(root, largest, False)]
    while stack:  # operands first; an operand may stand in many places
        t, high, ready = stack.pop()
        if (t, high) in known:
            continue
        below = _outer(t, high)
        if ready or not below:
            spend(3)
            known[t, high] = _options(t, high, [known[b] for b in below])
        else:
            stack.append((t, high, True))
            stack += [(*b, False) for b in below]
    return known[root, largest]


def _outer(t: Term, largest: bool) -> list[tuple[Term, bool]]:
    """The operands that are looked into, and whether for what is largest in them."""
    if t.op == "call" and t.payload == ("Max" if largest else "Min"):
        return [(a, largest) for a in t.args]
    if t.op == "neg":
        return [(t.args[0], not largest)]
    if t.op in ("add", "sub"):
        return [(t.args[0], largest), (t.args[1], largest == (t.op == "add"))]
    k = _scaled(t)
    return [] if k is None else [(t.args[k], largest == (t.args[1 - k].payload > 0))]


def _scaled(t: Term) -> int | None:
    """Which operand of a product or quotient is scaled by the other one,
    a number that is not zero."""
    for k in (0, 1) if t.op == "mul" else (0,) if t.op == "div" else ():
        if t.args[1 - k].op == "rational" and t.args[1 - k].payload != 0:
            return k
    return None


def _options(t: Term, largest: bool, below: list[list[Term]]) -> list[Term]:
    if t.op == "call" and t.payload == "Abs" and largest:
        return [t.args[0], neg(t.args[0])]
    if not below:
        return [t]
    if t.op == "call":
        found = list(dict.fromkeys(o for options in below for o in options))
    elif t.op == "neg":
        found = [neg(o) for o in below[0]]
    elif t.op in ("add", "sub"):
        if len(below[0]) * len(below[1]) > _MAX_CASES:
            return [t]
        found = [rebuild(t, (a, b)) for a in below[0] for b in below[1]]
    else:
        k = _scaled(t)
        found = [rebuild(t, (o, t.args[1]) if k == 0 else (t.args[0], o)) for o in below[0]]
    return found if len(found) <= _MAX_CASES else [t]
