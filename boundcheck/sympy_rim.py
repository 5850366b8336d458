"""The rim: sympy expressions in, with a warning, and sympy expressions out."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

import sympy
from flint import fmpq

from boundcheck.errors import BoundcheckError, SympyWarning
from boundcheck.exact.terms import term as t
from boundcheck.exact.terms.activation import Activation
from boundcheck.exact.terms.parser import binomial, parse_name
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Relation, Term

_CALLS: dict[type[sympy.Function], str] = {
    getattr(sympy, name): name for name in t.FUNCTIONS if name not in ("sqrt", "cbrt")
}
_RELATIONS = {
    sympy.StrictLessThan: "<",
    sympy.LessThan: "<=",
    sympy.StrictGreaterThan: ">",
    sympy.GreaterThan: ">=",
    sympy.Equality: "==",
}
_PLAIN = (
    set(sympy.Symbol("x").assumptions0.items()),
    set(sympy.Symbol("x", real=True).assumptions0.items()),
)


class Applied(sympy.Function):
    """An activation applied to an argument, opaque to sympy; `rewrite(Piecewise)` opens it."""

    activation: type[Activation]
    is_real = True

    def _eval_rewrite_as_Piecewise(self, *args: sympy.Expr, **_: object) -> sympy.Expr:
        inner, *parameters = args
        cases = [
            (piece.formula(inner), True if piece.start is None else inner >= piece.start)
            for piece in reversed(self.activation.pieces(*parameters))
        ]
        return sympy.Piecewise(*cases)


_applied: dict[type[Activation], type[Applied]] = {}


def apply(activation: Activation, argument: sympy.Expr) -> sympy.Expr:
    """The sympy expression `activation(argument)`."""
    return applied_class(type(activation))(
        argument, *(to_sympy(t.term(p)) for p in activation.parameters)
    )


def applied_class(activation: type[Activation]) -> type[Applied]:
    if activation not in _applied:
        _applied[activation] = type(activation.name, (Applied,), {"activation": activation})
    return _applied[activation]


def from_sympy(expression: sympy.Basic) -> Term:
    """The term of a sympy expression, or of a sympy relation's side. Symbols
    are known by their names.

    It is that of what sympy left: `exp(log(x))` arrives as x, and `x/x` as 1. So
    there is a `SympyWarning`.

    Raises:
        BoundcheckError: a function or object outside the grammar, or a symbol that carries hidden
            hypotheses (`positive=True`, `integer=True`): those belong into `given`.
    """
    warn_of(expression)
    return _read(expression)


def _read(expression: sympy.Basic) -> Term:
    done: dict[sympy.Basic, Term] = {}
    stack = [(expression, False)]
    while stack:
        node, ready = stack.pop()
        if node in done:
            continue
        children = () if isinstance(node, (sympy.Integral, sympy.Sum)) else node.args
        if ready or not children:
            done[node] = _convert(node, [done[a] for a in children])
        else:
            stack.append((node, True))
            stack.extend((a, False) for a in children)
    return done[expression]


def warn_of(expression: sympy.Basic) -> None:
    """Say that an expression is what sympy left of it."""
    shown = str(expression)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    warnings.warn(
        f"{shown} comes from sympy, which simplifies what it is given: x/x is 1 there and "
        "exp(log(x)) is x, and where these have no meaning is forgotten. It is taken as "
        "it arrived; a text, or boundcheck.symbols with the functions of boundcheck.math, "
        "keeps every operation",
        SympyWarning,
        stacklevel=_level(),
    )


def _level() -> int:
    """How far up the user's line is, seen from `warn_of`."""
    frame, level = sys._getframe(2), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(
        "boundcheck."
    ):
        frame, level = frame.f_back, level + 1
    return level


def from_relation(relation: sympy.Basic) -> Relation:
    """The relation of a sympy relational such as `x <= 1`.

    Raises:
        BoundcheckError: not one of < <= > >= Eq. A relation that sympy has already decided arrives
            as true or false: state it as text, so that boundcheck decides it.
    """
    op = next((name for kind, name in _RELATIONS.items() if isinstance(relation, kind)), None)
    if op is None:
        raise BoundcheckError(
            f"{relation!r} is not a relation; use < <= > >= between expressions with symbols, "
            "a text, or identity(left, right): == compares two terms at once, and sympy "
            "decides what it can"
        )
    warn_of(relation)
    return Relation(_read(relation.lhs), op, _read(relation.rhs))


def _convert(node: sympy.Basic, args: list[Term]) -> Term:
    if node.is_Symbol:
        if set(node.assumptions0.items()) not in _PLAIN:
            raise BoundcheckError(
                f"the symbol {node} carries hypotheses that sympy hides ({_hidden(node)}); "
                "use boundcheck.symbols and state them in given="
            )
        if isinstance(node, sympy.Dummy):
            raise BoundcheckError(
                f"{node!r} is a sympy Dummy, which has no name of its own; use boundcheck.symbols"
            )
        return t.symbol(parse_name(node.name))
    if node.is_Rational or node.is_Float:
        return t.number(rational(node) if node.is_Rational else _float(node))
    if node is sympy.pi:
        return t.constant("pi")
    if node is sympy.E:
        return t.constant("E")
    if isinstance(node, Applied):
        return t._make("activate", node.activation, tuple(args))
    if node.is_Add:
        return _fold(t.add, args)
    if node.is_Mul:
        return _product(args)
    if node.is_Pow:
        return _power(*args)
    if type(node) in _CALLS:
        return t.call(_CALLS[type(node)], *args)
    if isinstance(node, sympy.binomial):
        return binomial(*args)
    if (
        isinstance(node, (sympy.Integral, sympy.Sum))
        and len(node.limits) == 1
        and len(node.limits[0]) == 3
    ):
        name, lower, upper = node.limits[0]
        make = t.integral if isinstance(node, sympy.Integral) else t.summation
        return make(
            from_sympy(node.function),
            from_sympy(name).payload,
            from_sympy(lower),
            from_sympy(upper),
        )
    raise BoundcheckError(f"{node} ({type(node).__name__}) is outside the grammar of statements")


def _hidden(node: sympy.Symbol) -> str:
    extra = getattr(node, "_assumptions_orig", None) or dict(
        set(node.assumptions0.items()) - _PLAIN[0]
    )
    return ", ".join(f"{name}={value}" for name, value in sorted(extra.items()))


def _float(node: sympy.Float) -> fmpq:
    sign, mantissa, exponent, _ = node._mpf_
    return rational(int(-mantissa if sign else mantissa)) * rational(2) ** int(exponent)


def _fold(join: Callable[[Term, Term], Term], args: list[Term]) -> Term:
    result = args[0]
    for a in args[1:]:
        result = join(result, a)
    return result


def _product(args: list[Term]) -> Term:
    above = [a for a in args if not _is_reciprocal(a)]
    below = [a.args[1] for a in args if _is_reciprocal(a)]
    top = _fold(t.mul, above) if above else t.number(1)
    return t.div(top, _fold(t.mul, below)) if below else top


def _is_reciprocal(a: Term) -> bool:
    return a.op == "div" and t.is_number(a.args[0], 1)


def _power(base: Term, exponent: Term) -> Term:
    if base.op == "constant" and base.payload == "E":
        return t.call("exp", exponent)
    if exponent.op == "rational" and exponent.payload < 0:
        return t.div(t.number(1), _power(base, t.neg(exponent)))
    if exponent.op == "rational" and exponent.payload * 2 == 1:
        return t.call("sqrt", base)
    return t.power(base, exponent)


def to_sympy(value: Term) -> sympy.Expr:
    """The sympy expression of a term; sympy may simplify it on the way.

    Raises:
        BoundcheckError: sympy cannot hold it, such as a maximum with something infinite.
    """
    done: dict[Term, sympy.Expr] = {}
    for node in t.postorder(value):
        args = [done[a] for a in node.args]
        try:
            done[node] = _to_sympy(node, args)
        except (ValueError, TypeError) as error:
            raise BoundcheckError(f"sympy cannot express {node}: {error}") from None
    return done[value]


def _to_sympy(node: Term, args: list[sympy.Expr]) -> sympy.Expr:
    op = node.op
    if op == "rational":
        return sympy.Rational(int(node.payload.p), int(node.payload.q))
    if op == "symbol":
        return sympy.Symbol(node.payload, real=True)
    if op == "constant":
        return sympy.pi if node.payload == "pi" else sympy.E
    if op == "call":
        return getattr(sympy, node.payload)(*args)
    if op == "activate":
        return applied_class(node.payload)(*args)
    if op in ("integral", "sum"):
        make = sympy.Integral if op == "integral" else sympy.Sum
        return make(
            to_sympy(node.payload.body), (sympy.Symbol(node.payload.name, real=True), *args)
        )
    first = args[0]
    match op:
        case "add":
            return first + args[1]
        case "sub":
            return first - args[1]
        case "mul":
            return first * args[1]
        case "div":
            return first / args[1]
        case "neg":
            return -first
        case _:
            huge = first.is_Rational and args[1].is_Rational  # a small one was folded already
            return sympy.Pow(first, args[1], evaluate=not huge)
