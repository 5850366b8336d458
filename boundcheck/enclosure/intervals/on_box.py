"""Enclosures of an expression on a box, by the interval extension of each operation."""

from __future__ import annotations

import math
from collections.abc import Mapping

from flint import arb, ctx

from boundcheck.enclosure.intervals import ball_functions as f
from boundcheck.enclosure.intervals.at_point import at_point, cost, terms_of_sum
from boundcheck.enclosure.intervals.interval import End, Interval, Unclear, interval, middle
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.activation import Piece
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Term, number, postorder, substitute
from boundcheck.exact.terms.work import spend

_BY_BALLS = ("call", "pow", "sum", "integral")
_HUGE = 10**9  # an exponent


def on_box(
    root: Term, box: Mapping[str, Interval], bits: int = 64, *, loose: bool = False
) -> Interval:
    """An interval that contains every value of `root` on the box.

    Args:
        loose: enclose the values at the points where `root` is defined, and do not ask where
            that is. To be used where it is known that `root` is defined at all points that matter
            (see `exact.terms.defined`).

    Raises:
        DomainError: `root` has no real value anywhere on the box.
        Unclear: it may have none somewhere on the box.
        Unsupported: there is no method for this kind of term.
    """
    return all_on_box(root, box, bits, loose=loose)[root]


def all_on_box(
    root: Term, box: Mapping[str, Interval], bits: int = 64, *, loose: bool = False
) -> dict[Term, Interval]:
    """As `on_box`, for every node of `root`."""
    with ctx.workprec(bits):
        done: dict[Term, Interval] = {}
        for node in postorder(root):
            spend(6.5 if node.op != "call" else 8 + 4 * cost(node.payload, bits))
            try:
                # a constant: balls are as good as any interval
                if not node.free and node.op in _BY_BALLS:
                    try:
                        done[node] = interval(at_point(node, {}, bits + 20))
                        continue
                    except (Unclear, Unsupported):
                        pass
                done[node] = _on_box(node, [done[a] for a in node.args], box, bits, loose)
            except DomainError as error:
                raise DomainError(error.reason, brief(node)) from None
        return done


def _on_box(
    node: Term, args: list[Interval], box: Mapping[str, Interval], bits: int, loose: bool
) -> Interval:
    match node.op:
        case "rational":
            return interval(node.payload)
        case "symbol":
            return box[node.payload]
        case "constant":
            return interval(arb.pi() if node.payload == "pi" else arb.const_e())
        case "add":
            return args[0] + args[1]
        case "sub":
            return args[0] - args[1]
        case "mul":
            return args[0].square() if node.args[0] is node.args[1] else args[0] * args[1]
        case "neg":
            return -args[0]
        case "div":
            if loose:
                return args[0] * args[1].reciprocal_where_defined()
            if args[1].lower == 0 and args[1].upper == 0:
                raise DomainError("division by zero", brief(node))
            return args[0] / args[1]
        case "pow":
            return _power_where_defined(node, *args) if loose else _power_on_box(node, *args)
        case "call":
            if node.payload in ("Min", "Max"):
                return (f.minimum if node.payload == "Min" else f.maximum)(*args)
            return (f.where_defined if loose else f.on_interval)(node.payload, args[0])
        case "activate":
            return _activate_on_box(node, args, loose)
        case "sum":
            limits = [middle(a) if a.is_point() else None for a in args]
            total = interval(0)
            for k in terms_of_sum(node, limits):
                total = total + on_box(
                    substitute((node.payload.body,), {node.payload.name: number(k)})[0],
                    box,
                    bits,
                    loose=loose,
                )
            return total
        case "integral":
            binder = node.payload
            inside = {**box, binder.name: args[0].hull(args[1])}
            return (args[1] - args[0]) * on_box(binder.body, inside, bits)
    raise Unsupported(f"there is no method yet for {brief(node)}")


def _power_on_box(node: Term, a: Interval, b: Interval) -> Interval:
    exponent = node.args[1]
    if exponent.op == "rational" and exponent.payload.q == 1:
        if abs(exponent.payload) > _HUGE:
            raise Unclear("a huge power")
        if exponent.payload < 0 and a.lower == 0 and a.upper == 0:
            raise DomainError("division by zero (0 to a negative power)", brief(node))
        return a.power(int(exponent.payload.p))
    if a.upper < 0:
        raise DomainError("a negative number to a power that is no written integer", brief(node))
    if a.lower < 0 or (a.lower == 0 and not b.lower > 0):
        raise Unclear("a real power of a base that may not be positive")
    return _power_of_positive(a, b)


def _power_where_defined(node: Term, a: Interval, b: Interval) -> Interval:
    exponent = node.args[1]
    if exponent.op == "rational" and exponent.payload.q == 1:
        n = int(exponent.payload.p)
        if abs(n) <= _HUGE:
            return a.power(n) if n >= 0 else a.power(-n).reciprocal_where_defined()
        if a.lower < 0:  # it is defined there
            return Interval(-math.inf, math.inf)
    if a.upper < 0:
        return Interval(-math.inf, math.inf)
    return _power_of_positive(Interval(arb(0), a.upper) if a.lower < 0 else a, b)


def _power_of_positive(a: Interval, b: Interval) -> Interval:
    """exp(b log a) for a >= 0, where 0 to a positive power is 0."""
    if a.upper == 0:
        return interval(0)
    low = Interval(
        -math.inf if a.lower == 0 else f.on_interval("log", a).lower,
        f.where_defined("log", a).upper,
    )
    return f.on_interval("exp", b * low)


def _activate_on_box(node: Term, args: list[Interval], loose: bool = False) -> Interval:
    t, *parameters = args
    for p in parameters if node.payload.positive and not loose else ():
        if p.upper <= 0:
            raise DomainError(
                f"{node.payload.name} with a parameter that is not positive", brief(node)
            )
        if not p.lower > 0:
            raise Unclear("a parameter may not be positive")
    pieces = node.payload.pieces(*parameters)
    if node.payload.increasing and all(p.is_point() for p in parameters):
        return Interval(_end_value(pieces, t.lower).lower, _end_value(pieces, t.upper).upper)
    result: Interval | None = None
    for k, piece in enumerate(pieces):
        stop = pieces[k + 1].start if k + 1 < len(pieces) else None
        if (stop is not None and t.lower >= stop) or (
            piece.start is not None and t.upper < piece.start
        ):
            continue
        low = t.lower if piece.start is None or t.lower >= piece.start else arb(piece.start)
        high = t.upper if stop is None or t.upper <= stop else arb(stop)
        part = interval(piece.formula(Interval(low, high)))
        result = part if result is None else result.hull(part)
    if result is None:
        raise Unclear("an empty range")
    return result


def _end_value(pieces: tuple[Piece, ...], end: End) -> Interval:
    if isinstance(end, float):  # the formula itself bounds its limit: it is monotone on its piece
        outer = pieces[0] if end < 0 else pieces[-1]
        start = arb(-1 if end < 0 else 1)
        return interval(outer.formula(Interval(end, start) if end < 0 else Interval(start, end)))
    k = sum(bool(end >= p.start) for p in pieces[1:])
    return interval(pieces[k].formula(Interval(end, end)))
