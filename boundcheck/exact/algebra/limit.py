"""Limits at infinity of terms that are continuous wherever they are defined."""

from __future__ import annotations

from typing import TypeAlias

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.normal import normal
from boundcheck.exact.terms.term import (
    Term,
    call,
    constant,
    div,
    is_number,
    mul,
    neg,
    number,
    postorder,
    power,
    rebuild,
    substitute,
    symbol,
)

Limit: TypeAlias = Term | int | None
"""A finite limit, 1 for oo, -1 for -oo, or None: not seen."""

_ZERO, _ONE = number(0), number(1)
_HALF_PI = div(constant("pi"), number(2))
_AT_INFINITY: dict[str, tuple[Limit, Limit]] = {  # at -oo, at oo
    "exp": (_ZERO, 1),
    "atan": (neg(_HALF_PI), _HALF_PI),
    "tanh": (number(-1), _ONE),
    "erf": (number(-1), _ONE),
    "erfc": (number(2), _ZERO),
    "sinh": (-1, 1),
    "cosh": (1, 1),
    "Abs": (1, 1),
    "log": (None, 1),
    "sqrt": (None, 1),
    "cbrt": (None, 1),
}
_CONTINUOUS = (*_AT_INFINITY, "sin", "cos", "tan", "asin", "acos")
_ARITHMETIC = ("rational", "constant", "symbol", "add", "sub", "mul", "div", "neg", "pow")


def limit(root: Term, name: str, upper: bool = True) -> Term:
    """A term for the limit of `root` as `name` tends to oo (to -oo), if it is finite.

    It is the limit wherever the term is defined and `root` is defined for all large values of
    `name`: each operation below is continuous where its obligations hold (`exact.terms.defined`),
    and these are part of the term's being defined.

    Raises:
        Unsupported: the limit is infinite, or not seen.
    """
    if not upper:
        (root,) = substitute((root,), {name: neg(symbol(name))})
    done: dict[Term, Limit] = {}
    for node in postorder(root):
        done[node] = node if name not in node.free else _node(node, name, done)
    value = done[root]
    if not isinstance(value, Term):
        raise Unsupported(f"no finite limit is seen at {'oo' if upper else '-oo'}")
    return value


def _node(node: Term, name: str, done: dict[Term, Limit]) -> Limit:
    if node.op == "symbol":
        return 1
    args = [done[a] for a in node.args]
    found = None if None in args else _operation(node, args)
    if found is None and node.op in ("add", "sub"):
        found = _logarithms(node, name)
    return _rational(node, name) if found is None else found


def _operation(node: Term, args: list[Limit]) -> Limit:
    a = args[0]
    if node.op == "neg":
        return neg(a) if isinstance(a, Term) else -a if a is not None else None
    if node.op in ("add", "sub"):
        b = args[1]
        if isinstance(a, Term) and isinstance(b, Term):
            return rebuild(node, (a, b))
        side = b if isinstance(b, Term) or b is None or node.op == "add" else -b
        signs = {s for s in (a, side) if isinstance(s, int)}
        return signs.pop() if len(signs) == 1 else None
    if node.op == "mul":
        return _product(a, args[1])
    if node.op == "div":
        b = args[1]
        if isinstance(b, Term):
            return div(a, b) if isinstance(a, Term) else _product(a, b)
        return _ZERO if isinstance(a, Term) else None
    if node.op == "pow":
        return _power(node, a, args[1])
    if node.op == "call" and node.payload in _CONTINUOUS:
        if isinstance(a, Term):
            return call(node.payload, a)
        return _AT_INFINITY.get(node.payload, (None, None))[a == 1]
    return None


def _product(a: Limit, b: Limit) -> Limit:
    if isinstance(a, Term) and isinstance(b, Term):
        return mul(a, b)
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    finite, infinite = (a, b) if isinstance(a, Term) else (b, a)
    if isinstance(finite, Term) and isinstance(infinite, int):
        sign = _sign(finite)
        return sign * infinite if sign else None
    return None


def _sign(t: Term) -> int:
    """The sign of a closed product of numbers, pi, E and roots of such; 0 where it is not plain."""
    if is_number(t):
        return (t.payload > 0) - (t.payload < 0)
    if t.op == "constant":
        return 1
    if t.op == "neg":
        return -_sign(t.args[0])
    if t.op in ("mul", "div"):
        return _sign(t.args[0]) * _sign(t.args[1])
    if t.op == "call" and t.payload in ("sqrt", "exp"):
        return int(t.payload == "exp" and not t.free) or int(_sign(t.args[0]) > 0)
    return 0


def _power(node: Term, a: Limit, b: Limit) -> Limit:
    if isinstance(a, Term) and isinstance(b, Term):
        fixed = node.args[1] is b  # else 0**0 could come out, which is no limit
        return power(a, b) if fixed or (is_number(a) and a.payload > 0) else None
    if not isinstance(b, Term) or not is_number(b) or b.payload == 0:
        return None
    if b.payload < 0:
        return _ZERO
    return (
        1
        if a == 1 or (b.payload.q == 1 and b.payload.p % 2 == 0)
        else -1
        if b.payload.q == 1
        else None
    )


def _logarithms(node: Term, name: str) -> Limit:
    """log(u) - log(v) as log(u/v)."""
    u, v = node.args
    if not (node.op == "sub" and all(n.op == "call" and n.payload == "log" for n in (u, v))):
        return None
    inner = _rational(div(u.args[0], v.args[0]), name)
    return call("log", inner) if isinstance(inner, Term) else None


def _rational(node: Term, name: str) -> Limit:
    """A rational function, as one in 1/name at 0."""
    inside = [n for n in postorder(node) if name in n.free]
    if any(n.op not in _ARITHMETIC or (n.op == "pow" and not _whole(n.args[1])) for n in inside):
        return None
    new = next(n for n in (f"{name}_{k}" for k in range(1, 1000)) if n not in node.free)
    try:
        (flipped,) = substitute((node,), {name: div(_ONE, symbol(new))})
        (value,) = substitute((normal(flipped),), {new: _ZERO})
        normal(value)  # refuses what divides by zero: the limit is infinite
        return value  # its divisions stay, as obligations
    except Unsupported:
        return None


def _whole(t: Term) -> bool:
    return is_number(t) and t.payload.q == 1
