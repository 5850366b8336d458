"""Symbolic derivatives of terms: the formula, which holds wherever it is defined itself."""

from __future__ import annotations

from collections.abc import Callable

from boundcheck.errors import Unsupported
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import (
    Binder,
    Term,
    add,
    call,
    constant,
    div,
    integral,
    is_number,
    mul,
    neg,
    number,
    postorder,
    power,
    sub,
    substitute,
    summation,
)

_ZERO, _ONE, _TWO = number(0), number(1), number(2)

_OUTER: dict[str, Callable[[Term], Term]] = {
    "exp": lambda u: call("exp", u),
    "log": lambda u: div(_ONE, u),
    "sqrt": lambda u: div(_ONE, mul(_TWO, call("sqrt", u))),
    "cbrt": lambda u: div(_ONE, mul(number(3), power(call("cbrt", u), _TWO))),
    "sin": lambda u: call("cos", u),
    "cos": lambda u: neg(call("sin", u)),
    "tan": lambda u: add(_ONE, power(call("tan", u), _TWO)),
    "asin": lambda u: div(_ONE, call("sqrt", sub(_ONE, power(u, _TWO)))),
    "acos": lambda u: div(number(-1), call("sqrt", sub(_ONE, power(u, _TWO)))),
    "atan": lambda u: div(_ONE, add(_ONE, power(u, _TWO))),
    "sinh": lambda u: call("cosh", u),
    "cosh": lambda u: call("sinh", u),
    "tanh": lambda u: sub(_ONE, power(call("tanh", u), _TWO)),
    "erf": lambda u: div(mul(_TWO, call("exp", neg(power(u, _TWO)))), call("sqrt", constant("pi"))),
    "erfc": lambda u: div(
        mul(number(-2), call("exp", neg(power(u, _TWO)))), call("sqrt", constant("pi"))
    ),
}


def derivative(root: Term, name: str) -> Term:
    """∂root/∂name, unsimplified but for zeros and ones.

    Where root is defined on a neighbourhood and the result is defined too, the
    result is the derivative.

    Raises:
        Unsupported: an operation that is not differentiable everywhere (Abs, Min, floor,
            an activation) or whose derivative the grammar cannot say (gamma), applied to
            something that depends on `name`.
    """
    done: dict[Term, Term] = {}
    for node in postorder(root):
        done[node] = _ZERO if name not in node.free else _node(node, name, done)
    return done[root]


def _node(node: Term, name: str, done: dict[Term, Term]) -> Term:
    d = [done[a] for a in node.args]
    match node.op:
        case "symbol":
            return _ONE
        case "add":
            return add(*d)
        case "sub":
            return neg(d[1]) if is_number(d[0], 0) else sub(*d)
        case "neg":
            return neg(d[0])
        case "mul":
            return add(_times(d[0], node.args[1]), _times(node.args[0], d[1]))
        case "div":
            a, b = node.args
            if is_number(d[1], 0):
                return div(d[0], b)
            return div(sub(_times(d[0], b), _times(a, d[1])), power(b, _TWO))
        case "pow":
            return _power(node, *d)
        case "call" if node.payload in _OUTER:
            return _times(_OUTER[node.payload](node.args[0]), d[0])
        case "sum" if not any(name in a.free for a in node.args):
            binder: Binder = node.payload
            return summation(derivative(binder.body, name), binder.name, *node.args)
        case "integral" if name not in node.payload.body.free or name == node.payload.name:
            body, bound = node.payload.body, node.payload.name
            lower, upper = (substitute((body,), {bound: a})[0] for a in node.args)
            return sub(_times(upper, d[1]), _times(lower, d[0]))
        case "integral":
            inner = integral(derivative(node.payload.body, name), node.payload.name, *node.args)
            if not any(name in a.free for a in node.args):
                return inner
    raise Unsupported(f"there is no formula for the derivative of {brief(node)}")


def _times(a: Term, b: Term) -> Term:
    return _ZERO if is_number(a, 0) or is_number(b, 0) else mul(a, b)


def _power(node: Term, da: Term, db: Term) -> Term:
    a, b = node.args
    if is_number(db, 0):
        return _times(mul(b, power(a, sub(b, _ONE))), da)
    return mul(node, add(_times(db, call("log", a)), _times(div(b, a), da)))
