"""What has to hold so that a term is defined: its obligations, innermost first."""

from __future__ import annotations

from boundcheck.errors import Unsupported
from boundcheck.exact.terms.activation import SHIPPED
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import (
    Relation,
    Term,
    add,
    call,
    is_number,
    neg,
    number,
    postorder,
    sub,
)

_ZERO, _ONE = number(0), number(1)
NONZERO = "!="
"""The sign of an obligation that a term be different from zero; the others are `>` and `>=`."""


def obligations(*roots: Term) -> tuple[Relation, ...]:
    """Relations `u op 0`, op one of `>`, `>=`, `!=`, that together imply
    that every root is defined.

    They are sufficient, not always necessary: gamma is taken on positive numbers. A power whose
    exponent is no written number is defined for positive bases, and is 0 for the base 0 where the
    exponent is positive: so the base is >= 0, and the larger one of both is > 0.

    Raises:
        Unsupported: an integral, a sum, or an activation of a user's, whose
            own domain is not known.
    """
    found: dict[Relation, None] = {}
    for node in postorder(*roots):
        for relation in _of(node):
            if not _evident(relation):
                found[relation] = None
    return tuple(found)


def _of(node: Term) -> list[Relation]:
    if node.op == "div":
        return [Relation(node.args[1], NONZERO, _ZERO)]
    if node.op == "pow":
        return _power(*node.args)
    if node.op == "call":
        return _call(node.payload, *node.args)
    if node.op == "activate":
        if node.payload not in SHIPPED.values():
            raise Unsupported(f"where {brief(node)} is defined is not known")
        return [Relation(p, ">", _ZERO) for p in node.args[1:]] if node.payload.positive else []
    if node.op in ("sum", "integral"):
        raise Unsupported(f"where {brief(node)} is defined is not known")
    return []


def _power(base: Term, exponent: Term) -> list[Relation]:
    if exponent.op == "rational":
        if exponent.payload.q == 1:
            return [] if exponent.payload >= 0 else [Relation(base, NONZERO, _ZERO)]
        return [Relation(base, ">=" if exponent.payload > 0 else ">", _ZERO)]
    if base.op == "constant" or (is_number(base) and base.payload > 0):
        return []
    not_negative = Relation(base, ">=", _ZERO)
    if exponent.op == "constant":
        return [not_negative]
    return [not_negative, Relation(call("Max", base, exponent), ">", _ZERO)]


def _call(name: str, *args: Term) -> list[Relation]:
    u = args[0]
    match name:
        case "log" | "gamma" | "loggamma":
            return [Relation(u, ">", _ZERO)]
        case "sqrt" | "cbrt":
            return [Relation(u, ">=", _ZERO)]
        case "factorial":
            return [Relation(add(u, _ONE), ">", _ZERO)]
        case "asin" | "acos":
            return [Relation(sub(_ONE, u), ">=", _ZERO), Relation(add(_ONE, u), ">=", _ZERO)]
        case "tan":
            return [Relation(call("cos", u), NONZERO, _ZERO)]
    return []


def _evident(relation: Relation) -> bool:
    """Whether the obligation is about a number, and met."""
    u = relation.left
    if u.op == "constant":
        return True
    if not is_number(u):
        return False
    return bool({NONZERO: u.payload != 0, ">": u.payload > 0, ">=": u.payload >= 0}[relation.op])


def alternatives(relation: Relation) -> tuple[Relation, ...]:
    """Relations each of which implies this one."""
    u = relation.left
    if relation.op == NONZERO:
        return Relation(u, ">", _ZERO), Relation(neg(u), ">", _ZERO)
    if relation.op == ">" and u.op == "call" and u.payload == "Max":
        return (*(Relation(a, ">", _ZERO) for a in u.args), relation)
    return (relation,)
