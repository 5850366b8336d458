"""Plain ball arithmetic on boxes: a few microseconds an operation, for small problems.

The operations of python-flint give a ball that is not finite wherever the function may be
undefined, and whatever is computed from it is not finite either. So a finite result also shows that
the term is defined on the whole box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Term, postorder
from boundcheck.exact.terms.work import spend

_NAMED = [
    "exp",
    "log",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "erfc",
    "gamma",
]
_CALLS: dict[str, Callable[..., arb]] = {
    **{n: getattr(arb, n) for n in _NAMED},
    "Abs": abs,
    "gamma": arb.gamma,
    "loggamma": arb.lgamma,
    "Min": arb.min,
    "Max": arb.max,
}


def _power(k: int) -> Callable[[arb], arb]:
    """a**k from the ends: the power of a wide ball as a ball would be much wider."""
    odd = k % 2

    def raised(a: arb) -> arb:
        if odd and not a.abs_lower() > 0:
            return (a.lower() ** k).union(a.upper() ** k)
        low, high = a.abs_lower() ** k, a.abs_upper() ** k
        value = low.union(high)
        return -value if odd and a < 0 else value

    return raised


class Balls:
    """A term compiled for balls.

    Raises:
        Unsupported: an operation that balls cannot do.
    """

    def __init__(self, root: Term, names: Sequence[str], bits: int = 53) -> None:
        index: dict[Term, int] = {}
        self.bits = bits
        self.start: list[arb | int] = []
        self.program: list[tuple[Callable[..., arb], tuple[int, ...]]] = []
        nodes = list(postorder(root))
        leaves = [n for n in nodes if not n.free or n.op == "symbol"]
        with ctx.workprec(bits):
            for n in leaves:
                index[n] = len(index)
                self.start.append(names.index(n.payload) if n.free else self._constant(n))
        for n in nodes:
            if n not in index:
                operation, operands = self._operation(n)
                index[n] = len(index)
                self.program.append((operation, tuple(index[a] for a in operands)))

    def _constant(self, n: Term) -> arb:
        if n.op == "rational":
            return arb(n.payload)
        try:
            return arb(at_point(n, {}, self.bits))
        except (Unclear, DomainError):
            raise Unsupported(f"{n} has no clear value") from None

    def _operation(self, n: Term) -> tuple[Callable[..., arb], tuple[Term, ...]]:
        match n.op:
            case "add":
                return arb.__add__, n.args
            case "sub":
                return arb.__sub__, n.args
            case "neg":
                return arb.__neg__, n.args
            case "div":
                return arb.__truediv__, n.args
            case "mul":
                return (_power(2), n.args[:1]) if n.args[0] is n.args[1] else (arb.__mul__, n.args)
            case "pow" if (
                n.args[1].op == "rational"
                and n.args[1].payload.q == 1
                and 0 < n.args[1].payload <= 64
            ):
                k = int(n.args[1].payload.p)
                return _power(k), n.args[:1]
            case "call" if n.payload in _CALLS:
                return _CALLS[n.payload], n.args
        raise Unsupported(f"{n} is not for balls")

    def __call__(self, box: Sequence[arb]) -> arb:
        """The value on a box of balls; call it under the working precision."""
        spend(2 + 0.15 * len(self.start) + 0.4 * len(self.program))
        values = [box[s] if isinstance(s, int) else s for s in self.start]
        for operation, at in self.program:
            values.append(
                operation(values[at[0]], values[at[1]])
                if len(at) == 2
                else operation(values[at[0]])
            )
        return values[-1]


def ball(low: fmpq | arb, high: fmpq | arb) -> arb:
    return arb(low).union(arb(high))
