"""Taylor forms in one variable, with balls as coefficients.

For f smooth on X = [m - r, m + r] and x = m + t, Taylor's theorem with Lagrange's remainder says

    f(x) ∈ c_0 + c_1 t + ... + c_(n-1) t^(n-1) + C_n t^n,   |t| <= r,

with c_k the coefficients of f at m and C_n an enclosure of f^(n)/n! over all of X: the n-th
coefficient of the power series of f whose constant term is the ball X. A few boxes of high order do
what thousands of intervals do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from flint import arb, arb_series, ctx, fmpq

from boundcheck.enclosure.intervals.interval import Interval, Unclear, down, up
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Term, postorder
from boundcheck.exact.terms.work import spend

Series: TypeAlias = arb | arb_series
"""A value of a Taylor form: a ball, where it is constant, or a power series of balls."""

Operation: TypeAlias = Callable[..., Series]
"""A node's operation, on the values of its operands."""

_Step: TypeAlias = arb | tuple[Operation, tuple[int, ...], bool] | None
"""A ball; an operation, where its operands are, and whether it may be undefined; None for
the variable."""


def _quotient(a: Series, b: Series) -> Series:
    """a/b where b cannot be 0 (flint takes 0/b to be 0 for any b)."""
    first = b.coeffs()[0] if isinstance(b, arb_series) and b.length() else b
    if isinstance(first, arb_series) or first.contains(0):
        raise Unclear("division by a ball around 0")
    return a / b


def _power(a: Series, b: Series) -> Series:
    """a**b for a > 0, also where b is 0: a logarithm that is unbounded is so before it is
    multiplied by 0."""
    log = _series(a).log()
    if not all(c.is_finite() for c in log):
        raise Unclear("a power of a ball that may not be positive")
    return (log * b).exp()


def _cosh(u: arb_series) -> arb_series:
    e = u.exp()
    return (e + 1 / e) / 2


def _sinh(u: arb_series) -> arb_series:
    e = u.exp()
    return (e - 1 / e) / 2


def _tanh(u: arb_series) -> arb_series:
    return 1 - 2 / ((2 * u).exp() + 1)


_CALLS: dict[str, Callable[[arb_series], arb_series]] = {
    **{
        n: getattr(arb_series, n)
        for n in ("exp", "log", "sqrt", "sin", "cos", "tan", "atan", "erf", "erfc", "gamma")
    },
    **{n: getattr(arb_series, n) for n in ("asin", "acos")},
    "loggamma": arb_series.lgamma,
    "factorial": lambda u: (u + 1).gamma(),
    "cosh": _cosh,
    "sinh": _sinh,
    "tanh": _tanh,
    "cbrt": lambda u: (u.log() / 3).exp(),
}


_SPECIAL = ("gamma", "loggamma", "factorial")
_CALL_WORK, _SPECIAL_WORK = 3.0, 20.0
_TOTAL = ("exp", "sin", "cos", "atan", "erf", "erfc", "cosh", "sinh", "tanh")


Constant: TypeAlias = Callable[[Term, Mapping[str, fmpq | arb], int], fmpq | arb]
"""How a term without variables is evaluated to so many bits: `at_point`, which rests on
this file for integrals."""


class TaylorForm:
    """A term in one variable, compiled once into a straight-line program for power
    series; see `taylor_form`.

    Raises:
        Unsupported: another variable, or an operation that is not smooth.
    """

    def __init__(self, root: Term, name: str, bits: int, constant: Constant) -> None:
        self.bits, self.constant = bits, constant
        weights = [_work(n) for n in postorder(root) if name in n.free]
        self.work, self.special = sum(weights), sum(w == _SPECIAL_WORK for w in weights)
        self.calls = sum(w >= _CALL_WORK for w in weights)
        index: dict[Term, int] = {}
        self.program: list[_Step] = []
        with ctx.workprec(bits):
            for node in postorder(root):
                index[node] = len(self.program)
                self.program.append(self._step(node, name, index))

    def _step(self, node: Term, name: str, index: dict[Term, int]) -> _Step:
        """A ball where the node is constant, None for the variable, and an operation otherwise."""
        if node.op == "rational":
            return arb(node.payload)
        if name not in node.free:
            try:
                return arb(self.constant(node, {}, self.bits))
            except (Unclear, DomainError, KeyError):
                raise Unsupported(f"{node} is not a constant with a known value") from None
        if node.op == "symbol":
            return None
        operation = self._operation(node)
        partial = node.op in ("div", "pow") or (node.op == "call" and node.payload not in _TOTAL)
        return operation, tuple(index[a] for a in node.args), partial

    def _operation(self, node: Term) -> Operation:
        match node.op:
            case "add":
                return lambda a, b: a + b
            case "sub":
                return lambda a, b: a - b
            case "neg":
                return lambda a: -a
            case "mul":
                return lambda a, b: a * b
            case "div":
                return _quotient
            case "pow" if node.args[1].op == "rational" and node.args[1].payload.q == 1:
                n = int(node.args[1].payload.p)
                if abs(n) <= 64:
                    return lambda a, _: a**n if n >= 0 else 1 / a**-n
            case "pow":
                return _power
            case "call" if node.payload in _CALLS:
                call = _CALLS[node.payload]
                return lambda a: call(_series(a))
        raise Unsupported(f"there is no Taylor form for {node}")

    def series(self, start: arb, order: int) -> list[arb]:
        """The coefficients 0 .. order of the term at `start`, a point or a ball.

        Raises:
            Unclear: it may be undefined, or not smooth, somewhere in the ball.
        """
        spend(
            4
            + 0.2 * len(self.program)
            + self.work * (1.2 + order * (0.07 + order / 14_000) * (1 + self.bits / 400))
        )
        spend((0.09 * self.calls + 1.1 * self.special) * order**2 * self.bits / 1024)
        spend(self.special * self.bits**2 / 1800)
        cap = ctx.cap
        ctx.cap = order + 1
        try:
            with ctx.workprec(self.bits):
                x = arb_series([start, 1])
                values: list[Series] = []
                for step in self.program:
                    if step is None:
                        values.append(x)
                    elif isinstance(step, arb):
                        values.append(step)
                    else:
                        operation, at, partial = step
                        value = operation(*[values[k] for k in at])
                        if partial and not (
                            value.is_finite()
                            if isinstance(value, arb)
                            else all(c.is_finite() for c in value)
                        ):
                            raise Unclear(
                                "it may be undefined in the ball"
                            )  # at once: 0 times it would be 0
                        values.append(value)
                coefficients = (
                    values[-1].coeffs() if isinstance(values[-1], arb_series) else [values[-1]]
                )
        except (ZeroDivisionError, ValueError):
            raise Unclear("division by a ball around 0") from None
        finally:
            ctx.cap = cap
        if not all(c.is_finite() for c in coefficients):
            raise Unclear("a coefficient is unbounded")
        zero = arb(0)
        return coefficients + [zero] * (order + 1 - len(coefficients))

    def lower(self, low: fmpq, high: fmpq, order: int) -> arb:
        """A number below all values on [low, high]. Raises Unclear as `series`."""
        c, last, r = self._form(low, high, order)
        spend(14 + order * (1 + self.bits / 2000))
        with ctx.workprec(self.bits):
            return lowest(c, last, order, r).lower()

    def range(self, low: fmpq, high: fmpq, order: int) -> Interval:
        """An interval around all values on [low, high]. Raises Unclear as `series`."""
        c, last, r = self._form(low, high, order)
        spend(14 + 1.3 * order * (1 + self.bits / 2000))
        with ctx.workprec(self.bits):
            highest = lowest([-a for a in c], -last, order, r).lower()
            return Interval(down(lowest(c, last, order, r).lower()), up((-highest).upper()))

    def slope(self, low: fmpq, high: fmpq, order: int) -> arb:
        """A number below all values of the derivative on [low, high], order >= 2.
        Raises Unclear as `series`.

        The coefficients of f' are k c_k, and its remainder of order n - 1 is n
        times that of f of order n.
        """
        c, last, r = self._form(low, high, order)
        with ctx.workprec(self.bits):
            return lowest([k * c[k] for k in range(1, order)], order * last, order - 1, r).lower()

    def _form(self, low: fmpq, high: fmpq, order: int) -> tuple[list[arb], arb, arb]:
        """The coefficients at the middle, that of the remainder, and the radius."""
        with ctx.workprec(self.bits):
            middle = arb((low + high) / 2).mid()
            centre = middle.fmpq()
            r = arb(max(high - centre, centre - low)).upper()
            return self.series(middle, order - 1), self.series(arb(middle, r), order)[order], r


def _work(node: Term) -> float:
    """How much longer an operation takes than a product."""
    if node.op == "pow" and not (node.args[1].op == "rational" and node.args[1].payload.q == 1):
        return _CALL_WORK + 2
    if node.op == "call":
        return _SPECIAL_WORK if node.payload in _SPECIAL else _CALL_WORK
    return 2.5 if node.op in ("div", "pow") else 1.0


def _series(u: Series) -> arb_series:
    return u if isinstance(u, arb_series) else arb_series([u])


def lowest(c: list[arb], last: arb, order: int, r: arb) -> arb:
    """A lower bound of c_0 + c_1 t + ... + c_(order-1) t^(order-1) + last t^order over |t| <= r.

    The polynomial is least at an end where its slope visibly keeps its sign; otherwise its
    quadratic part is minimised exactly and the rest is bounded by its size.
    """
    tail = abs(last) * r**order
    if order % 2 == 0 and last >= 0:
        tail = arb(0)
    powers = [arb(1)]
    for _ in range(order):
        powers.append(powers[-1] * r)
    slope = c[1] if order > 1 else arb(0)
    bend = sum((k * abs(c[k]) * powers[k - 1] for k in range(2, order)), arb(0))
    if slope >= bend or -slope >= bend:
        t = -r if slope >= bend else r
        value = arb(0)
        for a in reversed(c[:order]):
            value = value * t + a
        return value - tail
    rest = sum((abs(c[k]) * powers[k] for k in range(3, order)), arb(0))
    q = c[2] if order > 2 else arb(0)
    base = c[0] - rest - tail
    if q > 0 and abs(slope) < 2 * q * r:
        return base - slope**2 / (4 * q)
    ends = slope * r
    return base - abs(ends) + (q * r**2 if not q > 0 else arb(0).min(q * r**2))
