"""Equal forms of a term: other functions, one branch of |u|, the period of sines."""

from __future__ import annotations

from collections.abc import Callable

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.normal import normal, vanishes
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.term import (
    Term,
    add,
    call,
    div,
    is_number,
    neg,
    number,
    postorder,
    rebuild,
    sub,
)

_ONE, _TWO = number(1), number(2)


def _e(u: Term) -> Term:
    return call("exp", u)


_FORMS: dict[str, dict[str, Callable[[Term], Term]]] = {
    "tan": {"tan": lambda u: div(call("sin", u), call("cos", u))},
    "exp": {
        "sinh": lambda u: div(sub(_e(u), _e(neg(u))), _TWO),
        "cosh": lambda u: div(add(_e(u), _e(neg(u))), _TWO),
        "tanh": lambda u: div(sub(_e(u), _e(neg(u))), add(_e(u), _e(neg(u)))),
    },
    "cosh": {"tanh": lambda u: div(call("sinh", u), call("cosh", u))},
}


def rewritten(root: Term, form: str) -> Term:
    """`root` with tan as sin/cos ("tan"), or hyperbolic functions by exp ("exp"); defined
    exactly where `root` is."""
    table = _FORMS[form]
    done: dict[Term, Term] = {}
    for node in postorder(root):
        args = tuple(done[a] for a in node.args)
        known = node.op == "call" and node.payload in table
        done[node] = table[node.payload](*args) if known else rebuild(node, args) if args else node
    return done[root]


def branches(node: Term) -> list[tuple[Term, list[tuple[Term, str]]]]:
    """What |u|, Max(a, b), Min(a, b) or an activation is, and the signs (v, op) that
    together make it so: `v op 0`."""
    if node.op == "call" and node.payload == "Abs":
        (u,) = node.args
        return [(u, [(u, ">=")]), (neg(u), [(neg(u), ">=")])]
    if node.op == "call" and node.payload in ("Max", "Min"):
        a, b = node.args
        first = sub(a, b) if node.payload == "Max" else sub(b, a)
        return [(a, [(first, ">=")]), (b, [(neg(first), ">=")])]
    if node.op != "activate":
        return []
    t, *parameters = node.args
    pieces = node.payload.pieces(*parameters)
    found: list[tuple[Term, list[tuple[Term, str]]]] = []
    for k, piece in enumerate(pieces):
        needs = [] if piece.start is None else [(sub(t, number(piece.start)), ">=")]
        if k + 1 < len(pieces):
            stop = number(pieces[k + 1].start)
            continuous = vanishes(sub(piece.formula(stop), pieces[k + 1].formula(stop)))
            needs.append((sub(stop, t), ">=" if continuous else ">"))
        found.append((piece.formula(t), needs))
    return found


def has_period(root: Term, name: str) -> bool:
    """Whether `name` occurs only in sin, cos or tan of k name + c with integers k: then
    adding 2 pi changes nothing."""
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if name not in node.free or node in seen:
            continue
        seen.add(node)
        if node.op == "call" and node.payload in ("sin", "cos", "tan"):
            if not _affine(node.args[0], name):
                return False
        elif node.op in ("add", "sub", "mul", "div", "neg", "pow", "call"):
            stack.extend(node.args)
        else:
            return False
    return True


def _affine(u: Term, name: str) -> bool:
    """Whether u = k name + c, as it is written, with an integer k."""
    for node in postorder(u):
        if name not in node.free or node.op in ("symbol", "add", "sub", "neg"):
            continue
        scaled = node.op == "mul" and any(is_number(a) for a in node.args)
        if not scaled and not (node.op == "div" and is_number(node.args[1])):
            return False
    try:
        slope = normal(derivative(u, name))
    except Unsupported:
        return False
    return is_number(slope) and bool(slope.payload.q == 1)
