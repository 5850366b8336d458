"""Terms of +, -, *, / and integer powers as polynomials and rational functions in
given variables."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from flint import fmpq, fmpq_poly

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.rational_function import Poly, Ratio, ring
from boundcheck.exact.algebra.sturm import End, Span
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.term import Term, postorder

_MAX_TERMS = 20_000
_MAX_PRODUCT = 2_000_000


def fraction(root: Term, names: Sequence[str]) -> Ratio:
    """`root` as num/den in lowest terms, in the ring of `names`.

    Where `root` is defined, den is not zero and `root` is num/den: the rational functions without
    a pole at a point are a ring, which also has 1/f for f not zero there; and the denominator in
    lowest terms divides any other one.

    Raises:
        Unsupported: there are other operations or variables, too many terms, or a divisor
            that is zero everywhere.
    """
    context = ring(names)
    one = context.constant(1)
    known: dict[Term, Ratio] = {}
    for node in postorder(root):
        args = [known[a] for a in node.args]
        if any(len(a.num) + len(a.den) > _MAX_TERMS for a in args):
            raise Unsupported("a polynomial has too many terms")
        match node.op:
            case "rational":
                known[node] = Ratio(context.constant(node.payload), one, reduced=True)
            case "symbol" if node.payload in names:
                known[node] = Ratio(context.gen(list(names).index(node.payload)), one, reduced=True)
            case "add":
                known[node] = args[0] + args[1]
            case "sub":
                known[node] = args[0] - args[1]
            case "mul" if len(args[0].num) * len(args[1].num) <= _MAX_PRODUCT:
                known[node] = args[0] * args[1]
            case "neg":
                known[node] = -args[0]
            case "div" if not args[1].is_zero():
                known[node] = args[0] / args[1]
            case "pow" if _small(node, args[0]):
                n = int(node.args[1].payload.p)
                if n < 0 and args[0].is_zero():
                    raise Unsupported(f"{node} divides by zero")
                known[node] = args[0] ** n
            case _:
                raise Unsupported(f"{node} is not rational in {', '.join(names)}")
    return known[root]


def polynomial(root: Term, names: Sequence[str]) -> Poly:
    """`root` as a polynomial. Raises Unsupported where it is none."""
    r = fraction(root, names)
    if not r.den.is_one():
        raise Unsupported(f"{root} has a denominator")
    return r.num


def _small(node: Term, base: Ratio) -> bool:
    exponent = node.args[1]
    if exponent.op != "rational" or exponent.payload.q != 1 or abs(exponent.payload.p) > 200:
        return False
    n = abs(int(exponent.payload.p))
    return comb(max(len(base.num), len(base.den)) - 1 + n, n) <= _MAX_TERMS


def univariate(p: Poly) -> fmpq_poly:
    """A polynomial in a ring with one generator."""
    values: dict[int, fmpq] = {int(e[0]): fmpq(c) for e, c in p.terms()}
    return fmpq_poly([values.get(k, fmpq(0)) for k in range(max(values, default=-1) + 1)])


def span(r: Range, hull: tuple[End, End] = (None, None)) -> Span:
    """The range; an end that is no written number is replaced by that of `hull`,
    which has to lie outside."""
    ends = []
    for side, beyond in zip((r.lower, r.upper), hull, strict=True):
        exact = side.value is not None and side.value.op == "rational"
        ends.append(
            (side.value.payload, side.open) if exact and side.value is not None else (beyond, False)
        )
    return Span(ends[0][0], ends[1][0], ends[0][1], ends[1][1])
