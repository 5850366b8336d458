"""A normal form: one rational function, in factors, of symbols and *atoms*
(exp(x), log(x), sqrt(x), ...).

`normal(t)` equals `t` wherever both are defined. It decides that many transcendental expressions
vanish, and it makes derivatives short: that of x log(x) - x becomes log(x). What it uses, besides
the arithmetic of rational functions:

    exp(a + b) = exp(a) exp(b)      exp(-a) = 1/exp(a)      exp(k a) = exp(a)**k for an integer k
    log(a b) = log(a) + log(b)      log(exp(a)) = a         exp(log(a)) = a
                                                            (where the new side is defined)
    log(gamma(u)) = loggamma(u) for u > 0, and gamma at multiples of 1/2 in terms of sqrt(pi)
    (a**(1/q))**q = a               (a**q b)**(1/q) = a b**(1/q) for a >= 0 (sqrt: |a| b**(1/2))
                                    a**b a**c = a**(b+c) is not used
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb

from flint import fmpq, fmpz

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.rational_function import (
    Poly,
    Ratio,
    coefficients,
    degree,
    factored,
    ring,
)
from boundcheck.exact.terms.rational import whole_root
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
    power,
    rebuild,
    sub,
)

Positive = Callable[[Term], bool]
_MAX_TERMS = 300
_MAX_WORK = 20_000
_MAX_SPLIT = 6
_MAX_INDEX = 60
_ARITHMETIC = ("rational", "symbol", "add", "sub", "mul", "div", "neg")


def normal(root: Term, positive: Positive = lambda _: False) -> Term:
    """The normal form of `root`.

    Args:
        positive: whether a term is known to be >= 0 wherever it is defined.

    Raises:
        Unsupported: it would have too many terms, or divides by zero identically.
    """
    done: dict[Term, Term] = {}
    for node in postorder(root):
        if node.op in _ARITHMETIC or _integer_power(node):
            done[node] = rebuild(node, tuple(done[a] for a in node.args)) if node.args else node
        else:
            args = tuple(_collect(done[a]) for a in node.args)
            done[node] = _atom(rebuild(node, args) if args else node, positive)
    return _collect(done[root])


def vanishes(root: Term) -> bool:
    """Whether the normal form is zero: then `root` is, wherever it is defined."""
    try:
        return is_number(normal(root), 0)
    except Unsupported:
        return False


def factors(root: Term) -> tuple[fmpq, tuple[tuple[Term, int], ...]]:
    """`c` and pairs `(f, k)` with `root = c ∏ f**k`, after normalisation of `root`."""
    form = _Form(root)
    c, above = _factored(form.value.num)
    d, below = _factored(form.value.den)
    parts = [*above, *((f, -k) for f, k in below)]
    return c / d, tuple((form.term(f), k) for f, k in parts)


def expanded(root: Term) -> tuple[tuple[Term, ...], Ratio, list[tuple[int, int, Ratio]]]:
    """The leaves of `root`, the rational function of them that it is, and (k, q, u)
    where leaf k is u**(1/q)."""
    form = _Form(root)
    roots = ((k, _root(leaf)) for k, leaf in enumerate(form.leaves))
    return (
        tuple(form.leaves),
        form.value,
        [(k, found[1], form.known[found[0]]) for k, found in roots if found],
    )


# -- the rational function -------------------------------------------------------------------------


class _Form:
    """A term as a rational function; generator k of the ring is `leaves[k]`,
    a symbol or an atom."""

    def __init__(self, root: Term) -> None:
        self.leaves = _leaves(root)
        context = ring([f"x{k}" for k in range(len(self.leaves))])
        one = context.constant(1)
        self.known = {
            leaf: Ratio(context.gen(k), one, reduced=True) for k, leaf in enumerate(self.leaves)
        }
        self.context = context
        try:
            value = self._value(root)
            for k, leaf in enumerate(self.leaves):
                if (found := _root(leaf)) is not None:
                    u = self._value(found[0])
                    value = _lower(value.num, k, found[1], u) / _lower(value.den, k, found[1], u)
        except ZeroDivisionError:
            raise Unsupported("it divides by an expression that is zero everywhere") from None
        self.value = value

    def _value(self, root: Term) -> Ratio:
        for node in postorder(root, done=self.known):
            args = [self.known[a] for a in node.args]
            if any(len(a.num) + len(a.den) > _MAX_WORK for a in args):
                raise Unsupported("the normal form has too many terms")
            self.known[node] = self._node(node, args)
        return self.known[root]

    def _node(self, node: Term, args: list[Ratio]) -> Ratio:
        match node.op:
            case "add":
                return args[0] + args[1]
            case "sub":
                return args[0] - args[1]
            case "mul":
                return args[0] * args[1]
            case "div":
                return args[0] / args[1]
            case "neg":
                return -args[0]
            case "pow":
                n = int(node.args[1].payload.p)
                if comb(len(args[0].num) + len(args[0].den) + abs(n), abs(n)) > _MAX_WORK:
                    raise Unsupported("the normal form has too many terms")
                return args[0] ** n
        one = self.context.constant(1)
        return Ratio(self.context.constant(node.payload), one, reduced=True)

    def term(self, p: Poly) -> Term:
        return polynomial_term(p, self.leaves)


def _integer_power(node: Term) -> bool:
    return node.op == "pow" and node.args[1].op == "rational" and node.args[1].payload.q == 1


def _leaves(root: Term) -> list[Term]:
    """Symbols and atoms below arithmetic, and those in the radicands of atoms that are roots."""
    found: dict[Term, None] = {}
    seen: set[Term] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node.op != "symbol" and (node.op in _ARITHMETIC or _integer_power(node)):
            stack.extend(node.args[:1] if node.op == "pow" else node.args)
        else:
            found[node] = None
            if (inner := _root(node)) is not None:
                stack.append(inner[0])
    return sorted(found, key=str)


def _root(atom: Term) -> tuple[Term, int] | None:
    """(u, q) where the atom is u**(1/q)."""
    if atom.op == "call" and atom.payload in ("sqrt", "cbrt"):
        return atom.args[0], 2 if atom.payload == "sqrt" else 3
    if atom.op == "pow" and atom.args[1].op == "rational" and atom.args[1].payload.p == 1:
        return atom.args[0], int(atom.args[1].payload.q)
    return None


def _lower(p: Poly, index: int, q: int, u: Ratio) -> Ratio:
    """`p` with generator**q replaced by u."""
    one = p.context().constant(1)
    if degree(p, index) < q:
        return Ratio(p, one, reduced=True)
    s = p.context().gen(index)
    total = Ratio(p.context().constant(0), one, reduced=True)
    for k, c in enumerate(coefficients(p, index)):
        total = total + Ratio(c * s ** (k % q), one, reduced=True) * u ** (k // q)
    return total


def _factored(p: Poly) -> tuple[fmpq, list[tuple[Poly, int]]]:
    if p.is_zero():
        return fmpq(0), []
    if len(p) > _MAX_TERMS:
        raise Unsupported(f"the normal form has {len(p)} terms")
    c, parts = factored(p)
    found = []
    for f, k in parts:
        if f.leading_coefficient() < 0:
            f, c = -f, -c if k % 2 else c
        found.append((f, k))
    return c, sorted(found, key=lambda fk: (len(fk[0]), str(fk[0])))


def polynomial_term(p: Poly, leaves: Sequence[Term]) -> Term:
    """The polynomial with a term for each generator of its ring."""
    total: Term | None = None
    for exponents, c in p.terms():
        product: Term | None = None
        for leaf, e in zip(leaves, exponents, strict=True):
            if e:
                part = power(leaf, number(e))
                product = part if product is None else mul(product, part)
        size = number(abs(c))
        piece = size if product is None else product if abs(c) == 1 else mul(size, product)
        if total is None:
            total = piece if c > 0 else neg(piece)
        else:
            total = add(total, piece) if c > 0 else sub(total, piece)
    return number(0) if total is None else total


def _collect(root: Term) -> Term:
    """Arithmetic over atoms as `c ∏ f**k / ∏ g**k`."""
    if root.op in ("symbol", "rational", "constant"):
        return root
    form = _Form(root)
    r = form.value
    c, above = _factored(r.num)
    d, below = _factored(r.den)
    c = c / d
    if c == 0:
        return number(0)
    top = _product(number(abs(c).p), above, form)
    bottom = _product(number(abs(c).q), below, form)
    value = top if is_number(bottom, 1) else div(top, bottom)
    return neg(value) if c < 0 else value


def _product(start: Term, parts: list[tuple[Poly, int]], form: _Form) -> Term:
    total = start
    for f, k in parts:
        total = mul(total, power(form.term(f), number(k)))
    return total


# -- atoms -----------------------------------------------------------------------------------------


def _atom(node: Term, positive: Positive) -> Term:
    """The canonical form of one operation that is not arithmetic, its operands being normal."""
    if node.op == "pow":
        return _real_power(node.args[0], node.args[1], positive)
    if node.op == "call" and node.payload == "exp":
        return _exp(node.args[0])
    if node.op == "call" and node.payload == "log":
        return _log(node.args[0], positive)
    if node.op == "call" and is_number(node.args[0]):
        return _value(node)
    if node.op == "call" and node.payload in ("sin", "cos", "tan"):
        known = _wave(node.payload, node.args[0])
        if known is not None:
            return known
    if node.op == "call" and node.payload == "sqrt":
        return _sqrt(node.args[0], positive)
    if node.op == "call" and node.payload == "cbrt":
        return _radical(node.args[0], 3, positive) or node
    if node.op == "call" and node.payload in _ODD | _EVEN and _leads_negative(node.args[0]):
        turned = call(node.payload, _collect(neg(node.args[0])))
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
        return _collect(mul(number(angle), constant("pi")))
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
        return (
            sub(_log_of_integer(product.p), _log_of_integer(product.q)) if log else number(product)
        )
    if not log:
        return mul(number(product), call("sqrt", constant("pi")))
    known = sub(_log_of_integer(product.p), _log_of_integer(product.q))
    return _collect(add(known, div(call("log", constant("pi")), number(2))))


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
    return _collect(div(sine, cosine)) if name == "tan" else sine if name == "sin" else cosine


def _sine(q: fmpq) -> Term | None:
    """sin(q pi)."""
    q = q - 2 * (q / 2).floor()
    sign, q = (-1, q - 1) if q >= 1 else (1, q)
    q = 1 - q if q > fmpq(1, 2) else q
    twice = {fmpq(0): 0, fmpq(1, 6): 1, fmpq(1, 4): 2, fmpq(1, 3): 3, fmpq(1, 2): 4}.get(q)
    if twice is None:
        return None
    return _collect(
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


def _real_power(base: Term, exponent: Term, positive: Positive) -> Term:
    if exponent.op == "rational":
        q = int(exponent.payload.q)
        root = (
            _sqrt(base, positive)
            if q == 2
            else _radical(base, q, positive)
            if 2 < q <= _MAX_INDEX
            else None
        )
        if root is not None and root is not call("sqrt", base):
            return power(root, number(exponent.payload.p))
        whole = power(power(base, number(fmpq(1, exponent.payload.q))), number(exponent.payload.p))
        if exponent.payload.q == 2:
            whole = power(call("sqrt", base), number(exponent.payload.p))
        return whole
    if is_number(base, 1):
        return number(1)
    if base.op == "constant" and base.payload == "E":
        return _exp(exponent)
    return power(base, exponent)


def _sqrt(u: Term, positive: Positive) -> Term:
    """sqrt(f**2 g) = |f| sqrt(g), and sqrt(c g) = sqrt(c) sqrt(g) for c = pi or E,
    and for squares of numbers."""
    c, parts = factors(u)
    whole = [v.isqrt() for v in (c.p, c.q)] if c > 0 else [fmpz(1), fmpz(1)]
    square = fmpq(*whole) if c == fmpq(*whole) ** 2 else fmpq(1)
    inside, outside = number(c / square**2), number(square)
    for f, k in parts:
        half = call("Abs", f) if k // 2 % 2 and not (f.op == "constant" or positive(f)) else f
        outside = _times(outside, half, k // 2)
        if f.op == "constant":
            outside = _times(outside, call("sqrt", f), k % 2)
        else:
            inside = _times(inside, f, k % 2)
    if is_number(outside, 1):
        return call("sqrt", u)
    if is_number(inside):
        return mul(outside, number(1) if is_number(inside, 1) else _value(call("sqrt", inside)))
    return mul(outside, call("sqrt", inside))


def _times(product: Term, f: Term, k: int) -> Term:
    return mul(product, power(f, number(k))) if k else product


def _radical(u: Term, q: int, positive: Positive) -> Term | None:
    """(f**(q k + r))**(1/q) = f**k (f**r)**(1/q) where f >= 0; None where nothing comes out
    of the root."""
    c, parts = factors(u)
    if not any(k // q and positive(f) for f, k in parts):
        return None  # also where only a number would come out
    top, bottom = (whole_root(v, q) for v in (c.p, c.q))
    whole = top is not None and bottom is not None
    inside, outside = (number(1), number(fmpq(top, bottom))) if whole else (number(c), number(1))
    for f, k in parts:
        out = k // q if positive(f) else 0
        inside, outside = _times(inside, f, k - q * out), _times(outside, f, out)
    if is_number(inside, 1):
        return outside
    return mul(outside, call("cbrt", inside) if q == 3 else power(inside, number(fmpq(1, q))))


def _exp(u: Term) -> Term:
    """exp of a sum, as a product of powers of exp(monomial/q)."""
    form = _Form(u)
    r = form.value
    if not r.den.is_constant() or len(r.num) > _MAX_SPLIT or r.is_zero():
        if r.is_zero():
            return number(1)
        if _leads_negative(u):
            return div(number(1), call("exp", _collect(neg(u))))
        return call("exp", u)
    value: Term = number(1)
    for exponents, c in r.num.terms():
        monomial = r.num.context().from_dict({exponents: fmpq(1)})
        value = mul(value, power(_exp_of(form.term(monomial), fmpq(1, c.q)), number(c.p)))
    return value


def _exp_of(monomial: Term, unit: fmpq) -> Term:
    if is_number(monomial, 1):
        return constant("E") if unit == 1 else call("exp", number(unit))
    if unit == 1 and monomial.op == "call" and monomial.payload == "log":
        return monomial.args[0]
    return call("exp", monomial if unit == 1 else div(monomial, number(1 / unit)))


def _log(u: Term, positive: Positive) -> Term:
    """log of a product, as a sum; numbers into primes."""
    c, parts = factors(u)
    if c <= 0 or not all(
        positive(f)
        or f.op == "constant"
        or (f.op == "call" and f.payload in ("exp", "sqrt", "cbrt"))
        for f, _ in parts
    ):
        return call("log", u)
    total = sub(_log_of_integer(c.p), _log_of_integer(c.q))
    for f, k in parts:
        total = add(total, mul(number(k), _log_of_factor(f, positive)))
    return _collect(total)


def _log_of_factor(f: Term, positive: Positive) -> Term:
    if f.op == "call" and f.payload == "exp":
        return f.args[0]
    if f.op == "pow" and not _integer_power(f):
        return mul(f.args[1], _log(f.args[0], positive))
    if f.op == "call" and f.payload in _LOG_OF_CALL:
        return _LOG_OF_CALL[f.payload](f.args[0], positive)
    return number(1) if f.op == "constant" and f.payload == "E" else call("log", f)


_LOG_OF_CALL: dict[str, Callable[[Term, Positive], Term]] = {
    "sqrt": lambda u, positive: div(_log(u, positive), number(2)),
    "cbrt": lambda u, positive: div(_log(u, positive), number(3)),
    "gamma": lambda u, _: call("loggamma", u),
    "factorial": lambda u, _: call("loggamma", _collect(add(u, number(1)))),
}
"""The logarithm of a positive value; Γ is defined at some u < 0 too, where this is not."""


def _log_of_integer(n: fmpz) -> Term:
    if n == 1:
        return number(0)
    if n > 10**12:
        return call("log", number(n))
    total: Term = number(0)
    for p, k in fmpz(n).factor():
        total = add(total, mul(number(k), call("log", number(p))))
    return total
