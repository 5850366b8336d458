"""Other forms of a gap that may be easier: guesses for the search, never evidence."""

from __future__ import annotations

from collections.abc import Iterator

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.forms import factors
from boundcheck.exact.algebra.normal import normal
from boundcheck.exact.algebra.rewrite import branches
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.term import (
    Term,
    add,
    call,
    div,
    is_number,
    mul,
    neg,
    number,
    postorder,
    power,
    replaced,
    sub,
    substitute,
    symbol,
)

_ONE = number(1)
_LOGARITHMIC = ("log", "atan", "asin", "acos", "erf", "erfc", "loggamma")
_ALGEBRAIC = ("sqrt", "cbrt", "Abs", "Min", "Max", "floor", "ceiling", "sign")


def algebraic(t: Term) -> bool:
    """Whether a term is made of arithmetic and roots of its variables."""
    return not any(
        n.free
        and (
            (n.op == "call" and n.payload not in _ALGEBRAIC)
            or (n.op == "pow" and n.args[1].free)
            or n.op in ("integral", "sum")
        )
        for n in postorder(t)
    )


def bounded_waves(t: Term) -> bool:
    return any(n.op == "call" and n.payload in ("sin", "cos") and n.free for n in postorder(t))


def linear_in(t: Term, atom: Term) -> tuple[Term, Term] | None:
    """(a, b) with t = a + b atom, both free of the atom."""
    name = "atom_0"
    try:
        inside = replaced(t, {atom: symbol(name)})
        slope = normal(derivative(inside, name))
        if name in slope.free:
            return None
        (rest,) = substitute((inside,), {name: number(0)})
        rest = normal(rest)
    except (Unsupported, ZeroDivisionError):
        return None
    if any(n is atom for n in (*postorder(slope), *postorder(rest))):
        return None
    return rest, slope


def parts(root: Term) -> tuple[Term | None, Term | None]:
    """(p, n) with root = p - n, the summands with a plus and those with a minus."""
    done: dict[Term, tuple[Term | None, Term | None]] = {}
    for t in postorder(root):
        if t.op == "neg":
            p, n = done[t.args[0]]
            done[t] = n, p
        elif t.op in ("add", "sub"):
            (p, n), (q, m) = (done[a] for a in t.args)
            done[t] = (_plus(p, q), _plus(n, m)) if t.op == "add" else (_plus(p, m), _plus(n, q))
        else:
            done[t] = t, None
    return done[root]


def _plus(a: Term | None, b: Term | None) -> Term | None:
    return b if a is None else a if b is None else add(a, b)


def steep_power(node: Term) -> bool:
    """Whether it is a power with a variable exponent."""
    return node.op == "pow" and bool(node.args[1].free)


def steep(node: Term) -> bool:
    """Whether a logarithm would simplify the node."""
    if node.op == "pow":
        return steep_power(node)
    return node.op == "call" and node.payload in ("exp", "cosh") and bool(node.free)


def coefficients(gap: Term, name: str) -> Iterator[Term]:
    """The factors of logarithms, arcs, ... : divided by them, the derivative has one
    transcendental function less."""
    for node in postorder(gap):
        if node.op == "call" and node.payload in _LOGARITHMIC and name in node.free:
            found = linear_in(gap, node)
            if found is not None and name in found[1].free:
                yield found[1]


def multipliers(gap: Term) -> Iterator[Term]:
    """Terms that may be positive, and after multiplication with which a derivative is simpler."""
    for node in postorder(gap):
        if node.op == "call" and node.payload in ("exp", "cosh", "cos") and node.free:
            yield div(_ONE, node)
    try:
        _, found = factors(gap)
    except Unsupported:
        return
    for f, k in found:
        if k < 0:
            yield power(f, number(-k))
    for f, k in found:
        if k > 0 and f.free and len(found) > 1:
            yield div(_ONE, f)
    for node in postorder(gap):
        if node.op == "pow" and node.args[1].free and node.args[0].op != "symbol":
            yield div(_ONE, node)


def with_branches(t: Term) -> list[Term]:
    """The nodes |u|, Max, Min and activations with variables, innermost first."""
    return [n for n in postorder(t) if n.free and branches(n)]


def isolated(f: Term, name: str) -> Iterator[Term]:
    """Where f is zero, as terms in the other variables: it is linear in one
    function of the variable."""
    seen = [n for n in postorder(f) if name in n.free and n.op in ("symbol", "call", "pow")]
    for atom in seen:
        found = linear_in(f, atom)
        if found is None or any(name in t.free for t in found) or is_number(found[1], 0):
            continue
        try:
            value = normal(neg(div(*found)))
            solved = _inverted(atom, name, value)
            if solved is not None:
                yield normal(solved)
        except (Unsupported, ZeroDivisionError):
            continue


def turning(gap: Term, name: str) -> Iterator[Term]:
    """Where a factor of the numerator is zero; with roots of the variable itself,
    as a function of the root."""
    root = call("sqrt", symbol(name))
    power_of = symbol(f"{name}_0")
    try:
        for f, k in factors(normal(gap))[1]:
            if k <= 0 or name not in f.free:
                continue
            yield from isolated(f, name)
            if any(n is root for n in postorder(f)):
                (other,) = substitute((f,), {name: power(power_of, number(2))})
                for g, m in factors(normal(other, lambda t: t is power_of))[1]:
                    if m > 0:
                        yield from (
                            normal(power(s, number(2))) for s in isolated(g, power_of.payload)
                        )
    except (Unsupported, ZeroDivisionError):
        return


def _inverted(node: Term, name: str, value: Term) -> Term | None:
    """`name` where node = value, if it occurs along one path."""
    while node.op != "symbol":
        inside = [k for k, a in enumerate(node.args) if name in a.free]
        if len(inside) != 1:
            return None
        (k,) = inside
        other = node.args[1 - k] if len(node.args) == 2 else _ONE
        step = _undone(node, k, other, value)
        if step is None:
            return None
        node, value = node.args[k], step
    return value


def _undone(node: Term, k: int, other: Term, value: Term) -> Term | None:
    match node.op, k:
        case "neg", _:
            return neg(value)
        case "add", _:
            return sub(value, other)
        case "sub", 0:
            return add(value, other)
        case "sub", 1:
            return sub(other, value)
        case "mul", _:
            return div(value, other)
        case "div", 0:
            return mul(value, other)
        case "div", 1:
            return div(other, value)
        case "pow", 0:
            return power(value, div(_ONE, other))
        case "pow", 1:
            return div(call("log", value), call("log", other))
        case "call", 0 if node.payload in ("exp", "log", "sqrt"):
            inverse = {"exp": "log", "log": "exp"}
            return (
                power(value, number(2))
                if node.payload == "sqrt"
                else call(inverse[node.payload], value)
            )
    return None
