"""Values and slopes on a box, by reverse accumulation over exact-ended intervals.

Along the program every operation has slopes S with o(a', b') - o(a, b) = S_a (a' - a) + S_b
(b' - b) for operands in their ranges; together f(x) ∈ f(c) + Σ_i S_i (x_i - c_i). No derivative is
needed, so kinks of Abs, Min, Max and activations are no obstacle.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals import ball_functions as f
from boundcheck.enclosure.intervals.interval import End, Interval, Unclear, interval
from boundcheck.enclosure.intervals.on_box import all_on_box
from boundcheck.errors import Unsupported
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Term, postorder
from boundcheck.exact.terms.work import spend

_ZERO_ONE = Interval(arb(0), arb(1))


def slopes(
    root: Term, box: Mapping[str, Interval], bits: int = 64
) -> tuple[Interval, dict[str, Interval]]:
    """The values of `root` on the box, and for each variable an interval that
    contains every slope in it.

    Raises:
        Unclear: it may be undefined, or not Lipschitz, somewhere on the box.
        DomainError, Unsupported: as `on_box`.
    """
    values = all_on_box(root, box, bits)
    gradient = {name: interval(0) for name in box}
    spend(24 * len(values))
    with ctx.workprec(bits):
        weights: dict[Term, Interval] = {root: interval(1)}
        for node in reversed(list(postorder(root))):
            weight = weights.pop(node, None)
            if weight is None or not node.free:
                continue
            if node.op == "symbol":
                gradient[node.payload] = weight
                continue
            for k, slope in enumerate(_local(node, values)):
                a = node.args[k]
                if a.free:
                    part = weight * slope
                    weights[a] = weights[a] + part if a in weights else part
    return values[root], gradient


def _local(node: Term, v: Mapping[Term, Interval]) -> list[Interval]:
    """The slopes of one operation in each of its operands."""
    args = [v[a] for a in node.args]
    one = interval(1)
    match node.op:
        case "add":
            return [one, one]
        case "sub":
            return [one, -one]
        case "neg":
            return [-one]
        case "mul":
            if node.args[0] is node.args[1]:
                return [args[0], args[0]]
            return [args[1], args[0]]
        case "div":
            below = args[1].reciprocal()
            return [below, -(args[0] * below.square())]
        case "pow":
            return _power(node, args, v)
        case "activate":
            return [_activation(node, args)]
        case "call":
            return _call(node.payload, args, v[node])
    raise Unsupported(f"there is no slope for {brief(node)}")


def _power(node: Term, args: list[Interval], v: Mapping[Term, Interval]) -> list[Interval]:
    exponent = node.args[1]
    if exponent.op == "rational" and exponent.payload.q == 1:
        n = int(exponent.payload.p)
        return [interval(0) if n == 0 else args[0].power(n - 1) * interval(n)]
    if not args[0].lower > 0:
        raise Unclear("the slope of a real power near 0")
    return [v[node] * args[1] / args[0], v[node] * f.on_interval("log", args[0])]


def _activation(node: Term, args: list[Interval]) -> Interval:
    t = args[0]
    if any(a.op != "rational" for a in node.args[1:]):
        raise Unsupported(f"the parameters of {brief(node)} must be numbers")
    rho = node.payload(*(a.payload for a in node.args[1:]))
    low, high = rho.derivative_range(_rational(t.lower), _rational(t.upper))
    return interval(low).hull(interval(high))


def _rational(end: End) -> fmpq | None:
    return None if isinstance(end, float) else end.fmpq()


def _call(name: str, args: list[Interval], value: Interval) -> list[Interval]:
    x = args[0]
    match name:
        case "Min" | "Max":
            first = args[0] - args[1] if name == "Max" else args[1] - args[0]
            if first.lower > 0:
                return [interval(1), interval(0)]
            return [interval(0), interval(1)] if first.upper < 0 else [_ZERO_ONE, _ZERO_ONE]
        case "Abs":
            if x.lower >= 0:
                return [interval(1)]
            return [interval(-1) if x.upper <= 0 else Interval(arb(-1), arb(1))]
        case "exp":
            return [value]
        case "log":
            return [x.reciprocal()]
        case "sqrt":
            return [(value * interval(2)).reciprocal()]
        case "cbrt":
            return [(value.square() * interval(3)).reciprocal()]
        case "sin":
            return [f.on_interval("cos", x)]
        case "cos":
            return [-f.on_interval("sin", x)]
        case "tan":
            return [interval(1) + value.square()]
        case "atan":
            return [(interval(1) + x.square()).reciprocal()]
        case "asin" | "acos":
            inverse = f.on_interval("sqrt", interval(1) - x.square()).reciprocal()
            return [inverse if name == "asin" else -inverse]
        case "sinh":
            return [f.on_interval("cosh", x)]
        case "cosh":
            return [f.on_interval("sinh", x)]
        case "tanh":
            slope = interval(1) - value.square()
            return [Interval(arb(0) if slope.lower < 0 else slope.lower, slope.upper)]
        case "erf" | "erfc":
            slope = f.on_interval("exp", -x.square()) * interval(2 / arb.pi().sqrt())
            return [slope if name == "erf" else -slope]
        case "gamma" | "loggamma" | "factorial":
            return [_gamma(name, x, value)]
    raise Unsupported(f"there is no slope for {name}")


def _gamma(name: str, x: Interval, value: Interval) -> Interval:
    """Γ' = Γ ψ and (log Γ)' = ψ, with ψ increasing on x > 0."""
    if name == "factorial":
        x = x + 1
    if not x.lower > 0:
        raise Unclear("gamma near a pole")
    ends = [e if isinstance(e, float) else interval(e.digamma()) for e in (x.lower, x.upper)]
    low = ends[0].lower if isinstance(ends[0], Interval) else math.inf
    psi = Interval(low, ends[1].upper if isinstance(ends[1], Interval) else math.inf)
    return psi if name == "loggamma" else value * psi
