"""The value of an expression at a point: the exact rational, or a ball
around the irrational value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals import ball_functions as f
from boundcheck.enclosure.intervals.integral import integral
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.series import TaylorForm
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.activation import choose_piece
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Term, number, postorder, program, rebuild, substitute
from boundcheck.exact.terms.work import spend

Value: TypeAlias = fmpq | arb
_MAX_BITS = 50_000
_MAX_TERMS = 10_000
_LONG = 200  # bits, from which on exact arithmetic takes longer than the rest
_OFTEN = 50


def cost(name: str, bits: int) -> float:
    """About how many steps of work a function takes in balls of so many bits."""
    if name in ("gamma", "loggamma", "factorial"):
        return 1 + (bits / 150) ** 2
    if name in ("sqrt", "cbrt", "Abs", "Min", "Max", "floor", "ceiling", "sign"):
        return 0.5 + (bits / 3000) ** 1.5
    return 2 + (bits / 330) ** 2 if name in ("erf", "erfc") else 0.5 + (bits / 500) ** 1.9


def at_point(root: Term, point: Mapping[str, Value], bits: int = 64) -> Value:
    """The value at a point: the exact rational, or a ball around the irrational value.

    Args:
        point: a rational or a ball for every free symbol.
        bits: the working precision of the balls.

    Raises:
        DomainError: there is no real value; it names the sub-expression.
        Unclear: the ball is too wide to tell; more bits may do.
        Unsupported: there is no method for this kind of term.
    """
    with ctx.workprec(bits):
        return _run(root, {}, point)


def _run(root: Term, done: dict[Term, Value], point: Mapping[str, Value]) -> Value:
    work, plain = 3.0, 1 + (ctx.prec / 4000) ** 1.5
    for node in postorder(root, done=done) if done else program(root):
        value = _at_point(node, done, point)
        work += plain if node.op != "call" else plain + cost(node.payload, ctx.prec)
        if isinstance(value, fmpq):
            size = value.height_bits()
            work += 0.05 * size if size > _LONG else 0
            if size > _MAX_BITS:
                value = arb(value)  # exactness would cost more than it is worth
        done[node] = value
        if work > _OFTEN:
            spend(work)
            work = 0.0
    spend(work)
    return done[root]


def _at_point(node: Term, done: dict[Term, Value], point: Mapping[str, Value]) -> Value:
    args = [done[a] for a in node.args]
    match node.op:
        case "rational":
            return node.payload
        case "symbol":
            return point[node.payload]
        case "constant":
            return arb.pi() if node.payload == "pi" else arb.const_e()
        case "add":
            return args[0] + args[1]
        case "sub":
            return args[0] - args[1]
        case "mul":
            return args[0] * args[1]
        case "neg":
            return -args[0]
        case "div":
            return _divide(node, *args)
        case "pow":
            return _power(node, *args)
        case "call":
            return _call(node, args)
        case "activate":
            return _activate(node, done, point)
        case "sum":
            return _sum(node, args, point)
        case "integral":
            return _integral(node, args, point)
    raise Unsupported(f"there is no method yet for {brief(node)}")


def _divide(node: Term, a: Value, b: Value) -> Value:
    if isinstance(b, fmpq):
        if b == 0:
            raise DomainError("division by zero", brief(node))
        return a / b if isinstance(a, fmpq) else a / arb(b)
    if b.is_zero():  # the ball is the point 0
        raise DomainError("division by zero", brief(node))
    if b.contains(0):
        raise Unclear("division by a ball around 0")
    return a / b


def _power(node: Term, a: Value, b: Value) -> Value:
    written = node.args[1].op == "rational" and node.args[1].payload.q == 1
    if a == 0 if isinstance(a, fmpq) else a.is_zero():
        if isinstance(b, fmpq) and written and b == 0:
            return fmpq(1)
        if b > 0:
            return fmpq(0)
        if b < 0:
            raise DomainError("division by zero (0 to a negative power)", brief(node))
        if isinstance(b, fmpq):
            raise DomainError("0 to the power 0, which is not written as a number", brief(node))
        raise Unclear("0 to an unclear power")
    if written and isinstance(b, fmpq):
        n = b.p
        if isinstance(a, fmpq) and abs(n) * max(1, a.height_bits()) <= _MAX_BITS:
            return a ** int(n)
        base = arb(a)
        if n < 0 and base.contains(0):
            raise Unclear("a negative power of a ball around 0")
        return _finite(base ** arb(n))
    if isinstance(a, fmpq) and isinstance(b, fmpq) and a > 0 and b == 1:
        return a
    if a > 0:
        return _finite(arb(a) ** arb(b))
    if a < 0:
        raise DomainError("a negative number to a power that is no written integer", brief(node))
    raise Unclear("a real power of a base that may not be positive")


def _finite(x: arb) -> arb:
    if not x.is_finite():
        raise Unclear("the ball is unbounded")
    return x


def _call(node: Term, args: list[Value]) -> Value:
    name = node.payload
    if name in ("Min", "Max"):
        a, b = args
        if isinstance(a, fmpq) and isinstance(b, fmpq):
            return min(a, b) if name == "Min" else max(a, b)
        return arb(a).min(arb(b)) if name == "Min" else arb(a).max(arb(b))
    (x,) = args
    try:
        if isinstance(x, fmpq):
            reason = f.undefined(name, x)
            if reason is not None:
                raise DomainError(reason, brief(node))
            exact = f.exactly(name, x)
            if exact is not None:
                return exact
        return f.of_ball(name, arb(x))
    except DomainError as error:
        raise DomainError(error.reason, brief(node)) from None


def _activate(node: Term, done: dict[Term, Value], point: Mapping[str, Value]) -> Value:
    t, *parameters = (done[a] for a in node.args)
    for p in parameters if node.payload.positive else ():
        if p <= 0:
            raise DomainError(
                f"{node.payload.name} with a parameter that is not positive", brief(node)
            )
        if not p > 0:
            raise Unclear("a parameter may not be positive")
    pieces = node.payload.pieces(*parameters)
    if isinstance(t, fmpq):
        holds = choose_piece(pieces, t)
        return _run(_formula(node, pieces.index(holds)), done, point)
    starts = [p.start for p in pieces[1:]]
    if any(t.contains(s) for s in starts):
        below = [k for k, s in enumerate(starts) if not t < s]
        values = [arb(holds.formula(t)) for holds in pieces[below[0] : below[-1] + 2]]
        hull = values[0]
        for v in values[1:]:
            hull = hull.union(v)
        return _finite(hull)
    return _finite(arb(pieces[sum(bool(t >= s) for s in starts)].formula(t)))


def _formula(node: Term, k: int) -> Term:
    """The k-th piece of an activation applied to its operand, as a term: so that
    its divisions are checked."""
    inner, *parameters = node.args
    return node.payload.pieces(*parameters)[k].formula(inner)


def terms_of_sum(node: Term, args: Sequence[object]) -> range:
    """The integers over which a sum with these limits goes. Raises Unsupported."""
    ends = [a for a in args if isinstance(a, fmpq) and a.q == 1]
    if len(ends) != 2:
        raise Unsupported(f"the limits of {brief(node)} must be integers")
    first, last = (int(e.p) for e in ends)
    if last - first >= _MAX_TERMS:
        raise Unsupported(f"{brief(node)} has more than {_MAX_TERMS} terms")
    if last < first - 1:  # conventions differ: 0, or minus the terms in between
        raise Unsupported(f"the limits of {brief(node)} are reversed")
    return range(first, last + 1)


def _sum(node: Term, args: list[Value], point: Mapping[str, Value]) -> Value:
    total: Value = fmpq(0)
    for k in terms_of_sum(node, args):
        total = total + _run(
            substitute((node.payload.body,), {node.payload.name: number(k)})[0], {}, point
        )
        if isinstance(total, fmpq) and total.height_bits() > _MAX_BITS:
            total = arb(total)
    return total


def _integral(node: Term, limits: list[Value], point: Mapping[str, Value]) -> Value:
    binder = node.payload
    others = {n: v for n, v in point.items() if n in binder.body.free and n != binder.name}
    if any(not isinstance(v, fmpq) for v in others.values()):
        raise Unsupported(f"there is no method yet for {brief(node)} at such a point")
    (body,) = substitute((binder.body,), {n: number(v) for n, v in others.items()})
    lower, upper = (arb(v) for v in limits)
    return integral(taylor_form(body, binder.name, ctx.prec + 20), lower, upper, ctx.prec)


def taylor_form(root: Term, name: str, bits: int = 64) -> TaylorForm:
    """The Taylor form of a term in one variable, whose constants are evaluated here.

    Raises:
        Unsupported: another variable, or an operation that is not smooth.
    """
    return TaylorForm(root, name, bits, at_point)


def folded(root: Term) -> Term:
    """`root` with the parts that have no variables and an exact rational value,
    such as sqrt(4), as numbers.

    Not in exponents: x**2 is defined for all x, x**sqrt(4) for x > 0.
    """
    done: dict[Term, Term] = {}
    for node in postorder(root):
        args = tuple(done[a] for a in node.args)
        if node.op == "pow":
            args = (args[0], node.args[1])
        done[node] = rebuild(node, args) if args else node
        if node.op == "call" and not node.free and all(a.op == "rational" for a in args):
            try:
                value = at_point(done[node], {})
            except (DomainError, Unclear, Unsupported):
                continue
            if isinstance(value, fmpq):
                done[node] = number(value)
    return done[root]
