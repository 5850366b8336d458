"""Certified L^p norms of expressions, networks and their differences, with respect to the
uniform probability of a box.

Up to three or four variables: cubature with Taylor models in doubles
(`enclosure.cubature.cubature`). In one variable, where the function is so small beside its parts
that doubles cannot tell, Taylor forms in balls integrate |f|^p for even p.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from itertools import pairwise

from flint import arb, ctx, fmpq

from boundcheck.enclosure.arrays.models import MOST_VARIABLES
from boundcheck.enclosure.arrays.threads import single_threaded
from boundcheck.enclosure.cubature.cubature import (
    Integrand,
    Norm,
    TooCoarse,
    lp,
    ridge,
    variable,
)
from boundcheck.enclosure.cubature.ridges import Ridges
from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.enclosure.intervals.integral import integral
from boundcheck.enclosure.intervals.interval import Unclear, most, up
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.networks.affine import Affine
from boundcheck.exact.networks.difference import Difference, Part
from boundcheck.exact.networks.line import formula, kinks
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import SHIPPED
from boundcheck.exact.terms.box import BoxLike, Range, rational_ends
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import (
    Term,
    activate,
    add,
    mul,
    neg,
    number,
    power,
    sub,
    substitute,
    term,
)
from boundcheck.exact.terms.work import OutOfBudget, at_most, checked, refused, share
from boundcheck.norms.operands import Function
from boundcheck.norms.supremum import DEFAULT_BUDGET, NotReached, is_zero

WIDE = 16
"""Hidden layers with more neurons are treated as a whole; smaller ones are expanded,
which is of higher order."""
_BITS = (64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048)
_PROBES = 8  # points between two kinks that tell how large a function is


@single_threaded()
def lp_norm(
    f: Part | Difference,
    p: ExactLike = 2,
    on: BoxLike = None,
    rtol: ExactLike = 1e-2,
    *,
    networks: Mapping[str, Network] | None = None,
    budget: float = DEFAULT_BUDGET,
) -> Enclosure:
    """(∫ |f|^p dπ)^(1/p) for the uniform probability π of a box, enclosed:
    `upper - lower <= rtol * upper`.

    Args:
        f: an expression (a text, a sympy expression, a term), a network with one output,
            or a difference such as `"exp(-x**2)" - net`. The inputs of a network are the variables
            of the box in its order.
        p: 1 <= p < ∞, a rational number.
        on: a `Box` or a text, with rational ends and at most four variables.
        rtol: the relative width.
        networks: names that `f` may use for the outputs of networks at the box's variables:
            `{"g": net}`, or `{"g2, g1": net}` for a network with two outputs.
        budget: units of work, each about a second of one core, the same on every machine.

    Raises:
        NotReached: the budget was spent, doubles and the memory do not suffice, or there is no
            method for `f`; it carries the enclosure found so far.
        BoundcheckError: bad input.

    >>> from boundcheck import gates
    >>> lp_norm("x", p=2, on="x in [0, 1]", rtol="1e-5").text(3)  # 1/sqrt(3)
    '[0.577, 0.578]'
    >>> lp_norm("x" - gates.clip("1/4", 1, 2**10), on="x in [0, 1]", rtol="1/1000").text(2)
    '[0.072, 0.073]'
    """
    checked(budget)
    infinite = str(p) in ("oo", "inf")
    exponent, wanted = fmpq(0) if infinite else rational(p), rational(rtol)
    if exponent < 1:
        raise BoundcheckError(
            f"p = {p}; L^p norms need 1 <= p < oo (sup_norm is the one for p = oo)"
        )
    if not 0 < wanted < 1:
        raise BoundcheckError(f"rtol = {rtol} is not between 0 and 1")
    function = Function(f, on, networks or {})
    known = Norm(0.0, float("inf"), 0)

    def seen(norm: Norm) -> None:
        nonlocal known
        known = norm

    short = f" with the budget of {budget:g} units of work", "a larger budget or a larger rtol"
    why, remedy = short
    with suppress(OutOfBudget), at_most(budget):
        try:
            with share(0.5 if _for_balls(function, exponent) else 1.0):
                return _enclosure(lp(_integrand(function), exponent, float(arb(wanted)), seen))
        except TooCoarse as error:
            why, remedy = f" ({error})", "a larger rtol"
        except Unsupported as error:
            why, remedy = f" ({error})", "another form of the function"
        except OutOfBudget:
            pass
        if known.lower == 0 and is_zero(function):
            return Enclosure(fmpq(0), fmpq(0))
        before = refused()
        exact = _by_balls(function, exponent, wanted)
        if exact is not None:
            return exact
        if refused() > before:
            why, remedy = short
    raise NotReached(
        f"rtol was not reached{why}: the norm is in {_enclosure(known)}; give {remedy}",
        _enclosure(known),
    )


def _enclosure(norm: Norm) -> Enclosure:
    return Enclosure(
        rational(norm.lower), None if norm.upper == float("inf") else rational(norm.upper)
    )


def _integrand(f: Function) -> Integrand:
    """The function on the cube [-1, 1]^d: x = m + s y."""
    if len(f.names) > MOST_VARIABLES:
        raise BoundcheckError(f"{len(f.names)} variables; lp_norm takes at most {MOST_VARIABLES}")
    scales = [_scale(r) for r in f.ranges]
    inputs = [add(number(m), mul(number(s), variable(k))) for k, (m, s) in enumerate(scales)]
    layers: list[Ridges] = []
    values = dict(zip(f.names, inputs, strict=True))
    for names, net in f.named:
        values |= zip(names, _outputs(net, scales, inputs, layers), strict=True)
    total: Term | None = None if f.expression is None else substitute((f.expression,), values)[0]
    for sign, net in f.networks:
        (out,) = _outputs(net, scales, inputs, layers)
        signed = out if sign > 0 else neg(out)
        total = signed if total is None else sub(total, neg(signed))
    assert total is not None
    return Integrand(total, tuple(layers), len(inputs))


def _scale(r: Range) -> tuple[fmpq, fmpq]:
    """The middle and half the length of a range."""
    low, high = rational_ends(r) or (None, None)
    if low is None or high is None:
        raise BoundcheckError(f"the range of {r.name} must have rational ends for an L^p norm")
    if low == high:
        raise BoundcheckError(
            f"the range of {r.name} is one point, which has no uniform density; widen it"
        )
    return (low + high) / 2, (high - low) / 2


def _outputs(
    net: Network, scales: list[tuple[fmpq, fmpq]], inputs: list[Term], layers: list[Ridges]
) -> list[Term]:
    """The outputs of a network as terms; a wide first layer is added to `layers`."""
    rational_weights = not any(
        isinstance(e, Term) for layer in net.layers[:2] for e in layer.entries()
    )
    small = net.depth == 0 or (net.widths[0] <= WIDE and type(net.activation) in SHIPPED.values())
    if small or not rational_weights:
        return net.terms(inputs)
    d = len(scales)
    unit = tuple(
        tuple(s if i == j else fmpq(0) for j in range(d)) for i, (_, s) in enumerate(scales)
    )
    cube = Affine(unit, tuple(m for m, _ in scales))
    layers.append(Ridges(net.layers[0].after(cube), net.layers[1], net.activation))
    values = [ridge(len(layers) - 1, o) for o in range(net.layers[1].outputs)]
    for layer in net.layers[2:]:
        values = [term(v) for v in layer([activate(net.activation, v) for v in values])]
    return values


def _for_balls(f: Function, p: fmpq) -> bool:
    return len(f.names) == 1 and p.q == 1 and int(p.p) % 2 == 0


def _by_balls(f: Function, p: fmpq, rtol: fmpq) -> Enclosure | None:
    """One variable, an even p, expressions and shallow networks: integrals in
    balls between the kinks."""
    if not _for_balls(f, p):
        return None
    (name,), ((middle, half),) = f.names, (_scale(r) for r in f.ranges)
    for bits in _BITS:
        try:
            total = arb(0)
            pieces = _pieces(f, name, middle - half, middle + half)
            values = [v for low, high, t in pieces for v in _probes(t, name, low, high, bits)]
            largest = most(up(abs(v)) for v in values)
            if isinstance(largest, float):
                continue
            size = largest.fmpq()
            if any(v.rad() > rtol * size / 2**10 for v in values):
                continue  # too coarse to tell the function from its parts
            within = rtol * size ** int(p.p) * half / len(pieces) / 2**10
            with ctx.workprec(bits):
                for low, high, t in pieces:
                    body = power(t, number(p))
                    total += integral(
                        taylor_form(body, name, bits + 20), arb(low), arb(high), bits, within
                    )
                mean = total / arb(2 * half)
        except (Unclear, DomainError):
            continue
        except Unsupported:
            return None
        if not mean > 0:
            continue
        with ctx.workprec(bits):
            found = enclosure(mean.root(int(p.p)))
        if (
            found.lower is not None
            and found.upper is not None
            and found.upper - found.lower <= rtol * found.upper
        ):
            return found
    return None


def _pieces(f: Function, name: str, low: fmpq, high: fmpq) -> list[tuple[fmpq, fmpq, Term]]:
    """The function between the kinks of its networks, without activations of these."""
    networks = [net for _, net in f.networks] + [net for _, net in f.named]
    edges = sorted({low, high}.union(*(kinks(net, low, high) for net in networks)))
    pieces = []
    for a, b in pairwise(edges):
        named = {names[0]: formula(net, a, b, name) for names, net in f.named}
        total = number(0) if f.expression is None else substitute((f.expression,), named)[0]
        for sign, net in f.networks:
            out = formula(net, a, b, name)
            total = add(total, out if sign > 0 else neg(out))
        pieces.append((a, b, total))
    return pieces


def _probes(value: Term, name: str, low: fmpq, high: fmpq, bits: int) -> list[arb]:
    """The function at some points between low and high."""
    points = [low + (high - low) * fmpq(2 * k + 1, 2 * _PROBES) for k in range(_PROBES)]
    with ctx.workprec(bits):
        return [arb(at_point(value, {name: x}, bits)) for x in points]
