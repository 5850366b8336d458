"""A normal form: one rational function, in factors, of symbols and *atoms*
(exp(x), log(x), sqrt(x), ...).

`normal(t)` equals `t` wherever both are defined. It decides that many transcendental expressions
vanish, and it makes derivatives short: that of x log(x) - x becomes log(x). What it uses, besides
the arithmetic of rational functions:

    exp(a + b) = exp(a) exp(b)      exp(-a) = 1/exp(a)      exp(k a) = exp(a)**k for an integer k
    log(a b) = log(a) + log(b)      log(exp(a)) = a         (where the new side is defined)
    powers with any exponents, as `exact.algebra.exponents` says
    log(gamma(u)) = loggamma(u) for u > 0, and gamma at multiples of 1/2 in terms of sqrt(pi)
    (a**(1/q))**q = a               (a**q b)**(1/q) = a b**(1/q) for a >= 0 (sqrt: |a| b**(1/2))
"""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.exponents import (
    How,
    exponential,
    never_negative,
    primes,
    radical,
    real_power,
    square_root,
)
from boundcheck.exact.algebra.forms import collect, factors, integer_power
from boundcheck.exact.terms.term import (
    Term,
    add,
    call,
    constant,
    div,
    is_number,
    mul,
    neg,
    number,
    postorder,
    rebuild,
)

_MAX_INDEX = 60
_ARITHMETIC = ("rational", "symbol", "add", "sub", "mul", "div", "neg")
_ONE = number(1)


def normal(root: Term, positive: Callable[[Term], bool] = lambda _: False) -> Term:
    """The normal form of `root`: with powers whose exponents are variable as they are, or taken
    apart, where something cancels then.

    Args:
        positive: whether a term is known to be >= 0 wherever it is defined.

    Raises:
        Unsupported: it would have too many terms, or divides by zero identically.
    """
    whole = _normal(root, How(positive, apart=False))
    if not any(map(_comes_apart, postorder(root))):
        return whole
    try:
        apart = _normal(root, How(positive, apart=True))
    except Unsupported:
        return whole
    return apart if _size(apart) < _size(whole) else whole


def _comes_apart(node: Term) -> bool:
    """Whether it is a power with a variable exponent, or an exponential that may be one."""
    if node.op == "call" and node.payload == "exp":
        return any(n.op == "call" and n.payload == "log" for n in postorder(node))
    return node.op == "pow" and node.args[1].op != "rational"


def _size(root: Term) -> int:
    return sum(1 for _ in postorder(root))


def _normal(root: Term, how: How) -> Term:
    done: dict[Term, Term] = {}
    for node in postorder(root):
        if node.op in _ARITHMETIC or integer_power(node):
            done[node] = rebuild(node, tuple(done[a] for a in node.args)) if node.args else node
        else:
            args = tuple(collect(done[a]) for a in node.args)
            done[node] = _atom(rebuild(node, args) if args else node, how)
    return collect(done[root])


def vanishes(root: Term) -> bool:
    """Whether the normal form is zero: then `root` is, wherever it is defined."""
    try:
        return is_number(normal(root), 0)
    except Unsupported:
        return False


# -- atoms -----------------------------------------------------------------------------------------


def _atom(node: Term, how: How) -> Term:
    """The canonical form of one operation that is not arithmetic, its operands being normal."""
    if node.op == "pow":
        return real_power(node.args[0], node.args[1], how)
    if node.op == "call" and node.payload == "exp":
        return exponential(node.args[0], how)
    if node.op == "call" and node.payload == "log":
        return _log(node.args[0], how)
    if node.op == "call" and is_number(node.args[0]):
        return _value(node)
    if node.op == "call" and node.payload in ("sin", "cos", "tan"):
        known = _wave(node.payload, node.args[0])
        if known is not None:
            return known
    if node.op == "call" and node.payload == "sqrt":
        return square_root(node.args[0], how)
    if node.op == "call" and node.payload == "cbrt":
        return radical(node.args[0], 3, how) or node
    if node.op == "call" and node.payload in _ODD | _EVEN and _leads_negative(node.args[0]):
        turned = call(node.payload, collect(neg(node.args[0])))
        return neg(turned) if node.payload in _ODD else turned
    return node


_ODD, _EVEN = {"sin", "tan", "asin", "atan", "sinh", "tanh", "erf"}, {"cos", "cosh", "Abs"}


def _leads_negative(t: Term) -> bool:
    return t.op == "neg" or (is_number(t) and t.payload < 0)


def _value(node: Term) -> Term:
    zero = {
        **dict.fromkeys(_ODD, 0),
        "cos": 1,
        "cosh": 1,
        "erfc": 1,
        "Abs": 0,
        "sqrt": 0,
        "cbrt": 0,
    }
    if is_number(node.args[0], 0) and node.payload in zero:
        return number(zero[node.payload])
    q = node.args[0].payload
    if node.payload in ("gamma", "loggamma", "factorial"):
        return _gamma(node, q)
    angle = _ANGLES.get((node.payload, int(q.p), int(q.q)))
    if angle is not None:
        return collect(mul(number(angle), constant("pi")))
    if node.payload == "sqrt" and q > 0:
        top, bottom = q.p.isqrt(), q.q.isqrt()
        if top * top == q.p and bottom * bottom == q.q:
            return number(fmpq(top, bottom))
    if node.payload in _ODD | _EVEN and q < 0:
        turned = _value(call(node.payload, number(-q)))
        return neg(turned) if node.payload in _ODD else turned
    return node


def _gamma(node: Term, q: fmpq) -> Term:
    """Γ or log Γ at a positive multiple of 1/2: (q-1) (q-2) ... down to
    Γ(1) = 1 or Γ(1/2) = sqrt(pi)."""
    q = q + 1 if node.payload == "factorial" else q
    if not 0 < q <= _MAX_INDEX or q.q > 2:
        return node
    product = fmpq(1)
    while q > 1:
        q = q - 1
        product = product * q
    log = node.payload == "loggamma"
    if q == 1:
        return _log_of_number(product) if log else number(product)
    if not log:
        return mul(number(product), call("sqrt", constant("pi")))
    known = _log_of_number(product)
    return collect(add(known, div(call("log", constant("pi")), number(2))))


_ANGLES = {
    ("asin", 1, 1): fmpq(1, 2),
    ("asin", 1, 2): fmpq(1, 6),
    ("acos", 1, 1): fmpq(0),
    ("acos", 1, 2): fmpq(1, 3),
    ("acos", 0, 1): fmpq(1, 2),
    ("acos", -1, 2): fmpq(2, 3),
    ("acos", -1, 1): fmpq(1),
    ("atan", 1, 1): fmpq(1, 4),
}
"""Arcs of numbers as multiples of pi; those of -1 and -1/2 follow where the function is odd."""


def _wave(name: str, u: Term) -> Term | None:
    """sin, cos or tan of a multiple of pi/6 or pi/4."""
    q = _of_pi(u)
    if q is None:
        return None
    sine, cosine = _sine(q), _sine(q + fmpq(1, 2))
    if sine is None or cosine is None or (name == "tan" and is_number(cosine, 0)):
        return None
    return collect(div(sine, cosine)) if name == "tan" else sine if name == "sin" else cosine


def _sine(q: fmpq) -> Term | None:
    """sin(q pi)."""
    q = q - 2 * (q / 2).floor()
    sign, q = (-1, q - 1) if q >= 1 else (1, q)
    q = 1 - q if q > fmpq(1, 2) else q
    twice = {fmpq(0): 0, fmpq(1, 6): 1, fmpq(1, 4): 2, fmpq(1, 3): 3, fmpq(1, 2): 4}.get(q)
    if twice is None:
        return None
    return collect(
        mul(number(fmpq(sign, 2)), _value(call("sqrt", number(twice))))
    )  # sin is sqrt(0, 1, 2, 3, 4)/2


def _of_pi(u: Term) -> fmpq | None:
    """The number q where u is written as q pi."""
    if u.op == "constant" and u.payload == "pi":
        return fmpq(1)
    if u.op == "neg":
        q = _of_pi(u.args[0])
        return None if q is None else -q
    if u.op == "mul" and is_number(u.args[0]):
        q = _of_pi(u.args[1])
        return None if q is None else q * u.args[0].payload
    if u.op == "div" and is_number(u.args[1]):
        q = _of_pi(u.args[0])
        return None if q is None else q / u.args[1].payload
    return None


def _log(u: Term, how: How) -> Term:
    """log of a product, as a sum; numbers into primes. One factor may have any sign: it is positive
    where the product is, as the others are not zero there."""
    c, parts = factors(u)
    unknown = [(f, k) for f, k in parts if not (how.positive(f) or never_negative(f))]
    if c == 0 or len(unknown) > 1 or (c < 0 and not unknown) or any(k % 2 == 0 for _, k in unknown):
        return call("log", u)
    if c < 0:
        c, parts = -c, tuple((collect(neg(f)) if (f, k) in unknown else f, k) for f, k in parts)
    total = _log_of_number(c)
    for f, k in parts:
        total = add(total, mul(number(k), _log_of_factor(f, how)))
    return collect(total)


def _log_of_factor(f: Term, how: How) -> Term:
    if f.op == "call" and f.payload == "exp":
        return f.args[0]
    if f.op == "pow" and not integer_power(f):
        return mul(f.args[1], _log(f.args[0], how))
    if f.op == "call" and f.payload in _LOG_OF_CALL:
        return _LOG_OF_CALL[f.payload](f.args[0], how)
    return _ONE if f.op == "constant" and f.payload == "E" else call("log", f)


_LOG_OF_CALL: dict[str, Callable[[Term, How], Term]] = {
    "sqrt": lambda u, how: div(_log(u, how), number(2)),
    "cbrt": lambda u, how: div(_log(u, how), number(3)),
    "gamma": lambda u, _: call("loggamma", u),
    "factorial": lambda u, _: call("loggamma", collect(add(u, number(1)))),
}
"""The logarithm of a positive value; Γ is defined at some u < 0 too, where this is not."""


def _log_of_number(q: fmpq) -> Term:
    """log of a positive number, by its prime factors."""
    total: Term = number(0)
    for p, k in primes(q):
        total = add(total, mul(number(k), call("log", p)))
    return total
