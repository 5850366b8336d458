"""Powers and exponentials in normal form: exponents as sums, bases as products.

    u**(a + b) = u**a u**b      u**(k a) = (u**a)**k for an integer k, u**(a/q) = (u**a)**(1/q)
    (u v)**a = u**a v**a        for u, v >= 0
    (u**a)**b = u**(a b)        exp(a)**b = exp(a b)      exp(a log(u)) = u**a

A power of one base becomes a product of powers of atoms u**m with monomials m, so that all that
cancel in a rational function do. At u = 0 some of these have no value where u**e has one:
x**(p - 1) = x**p/x. Let a term and its normal form be defined at a point where u = 0, with u**e,
e > 0, in the term. Both are rational functions of symbols and atoms, the same one once each u**e
is written as a product of powers of u**m, and once s**q = v for roots s of v. Move the symbols and
atoms that are no roots a little, each by itself, so that u is not zero, and the roots and the u**m
with them, all in complex numbers: as u tends to 0 so does |u|**e, hence u**e tends to its value,
and the rational functions tend to theirs, whose denominators are not zero at the point. So they
are equal there.

That takes a u that is zero only on a thin set of values of symbols and atoms. For a u that is zero
in normal form, 0**e is 0 wherever it is defined. And where roots occur in u, it may be zero for all
values: sqrt(x)*sqrt(y) - sqrt(x*y). Such powers stay whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flint import fmpq, fmpz

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.forms import (
    Form,
    collect,
    factors,
    integer_power,
    root_of,
    variable_power,
)
from boundcheck.exact.algebra.rational_function import Poly
from boundcheck.exact.terms.rational import whole_root
from boundcheck.exact.terms.term import (
    Term,
    call,
    constant,
    div,
    is_number,
    mul,
    neg,
    number,
    power,
)


@dataclass(frozen=True)
class How:
    """How a normal form is made.

    Attributes:
        positive: whether a term is known to be >= 0 wherever it is defined.
        apart: take powers with variable exponents apart; else they are atoms as they are.
    """

    positive: Callable[[Term], bool]
    apart: bool


_MAX_SPLIT = 6
_MAX_DEGREE = 20
_MAX_INDEX = 60
_LONG = 10**12
_ZERO, _ONE = number(0), number(1)


def never_negative(f: Term) -> bool:
    """Whether the operation has no value below 0."""
    if f.op == "call":
        return f.payload in ("exp", "sqrt", "cbrt")
    return f.op == "constant" or (f.op == "pow" and not integer_power(f))


# -- powers ----------------------------------------------------------------------------------------


def real_power(base: Term, exponent: Term, how: How) -> Term:
    """base**exponent, whose operands are normal, as a product of powers of atoms."""
    if exponent.op == "rational":
        return _rational_power(base, exponent.payload, how)
    if is_number(base, 0) or is_number(base, 1):
        return base
    if base.op == "constant" and base.payload == "E":
        return exponential(exponent, how)
    if not how.apart:
        return power(base, exponent)
    try:
        pieces = list(_bases(base, how))
    except Unsupported:
        return power(base, exponent)
    value = _ONE
    for u, k in pieces:
        value = mul(value, _of_one_base(u, mul(number(k), exponent), how))
    return value


def _bases(base: Term, how: How) -> Iterator[tuple[Term, int]]:
    """(u, k) such that base is the product of the u**k and, wherever it is >= 0, each u is, if it
    is defined: so base**e is the product of the u**(k e)."""
    c, parts = factors(base)
    sign, known, unknown = 1 if c > 0 else -1, [], []
    for f, k in parts:
        if never_negative(f) or how.positive(f):
            known.append((f, k))
        elif how.positive(neg(f)):
            known.append((collect(neg(f)), k))
            sign *= (-1) ** k
        else:
            unknown.append((f, k))
    if sign < 0 and not unknown:
        yield base, 1  # it is <= 0
        return
    yield from primes(abs(c))
    if not unknown:
        yield from known
        return
    kept = [(f, k) for f, k in known if f.op == "constant" or (f.op, f.payload) == ("call", "exp")]
    rest = [fk for fk in known if fk not in kept] + unknown
    yield from kept
    if len(rest) == 1 and rest[0][1] % 2:
        (f, k) = rest[0]
        yield collect(neg(f)) if sign < 0 else f, k
        return
    product = number(sign)
    for f, k in rest:
        product = mul(product, power(f, number(k)))
    yield collect(product), 1


def primes(q: fmpq) -> Iterator[tuple[Term, int]]:
    """Prime factors of a positive number, with their multiplicities; numbers that are
    too long stay whole."""
    for n, sign in ((q.p, 1), (q.q, -1)):
        if n > _LONG:
            yield number(n), sign
        elif n > 1:
            yield from ((number(p), sign * int(k)) for p, k in fmpz(n).factor())


def _of_one_base(u: Term, exponent: Term, how: How) -> Term:
    """u**exponent, by the monomials of the exponent."""
    if u.op == "constant" and u.payload == "E":
        return exponential(exponent, how)
    if u.op == "call" and u.payload == "exp":
        return exponential(mul(u.args[0], exponent), how)
    base, e = variable_power(u)
    if base is None:
        base, e = root_of(u) or (u, _ONE)
    if base is not u:
        return real_power(base, collect(mul(e, exponent)), how)
    if u.op != "symbol" and any(root_of(leaf) for leaf in Form(u).leaves):
        return power(u, collect(exponent))
    form = Form(exponent)
    below = form.value.den / form.value.den.leading_coefficient()
    above = form.value.num / form.value.den.leading_coefficient()
    whole, rest = divmod(above, below)
    terms = [(over, m, c) for p, over in ((whole, None), (rest, below)) for m, c in _monomials(p)]
    if len(terms) > _MAX_SPLIT or any(abs(c.p) > _MAX_DEGREE for _, _, c in terms):
        return power(u, collect(exponent))
    value = _ONE
    for over, m, c in terms:
        t = form.term(m) if over is None else collect(div(form.term(m), form.term(over)))
        value = mul(value, _of_one_monomial(u, t, c, how))
    return value


def _monomials(p: Poly) -> Iterator[tuple[Poly, fmpq]]:
    context = p.context()
    for exponents, c in p.terms():
        yield context.from_dict({exponents: fmpq(1)}), fmpq(c)


def _of_one_monomial(u: Term, t: Term, c: fmpq, how: How) -> Term:
    """u**(c t), as a power of a root of u**t."""
    if is_number(t, 1):
        return _rational_power(u, c, how)
    atom, q = power(u, t), int(c.q)
    if q > 1:
        atom = call("sqrt", atom) if q == 2 else power(atom, number(fmpq(1, q)))
    return power(atom, number(c.p))


def _rational_power(base: Term, exponent: fmpq, how: How) -> Term:
    q = int(exponent.q)
    root = power(base, number(fmpq(1, q)))
    if q == 2:
        root = square_root(base, how)
    elif 2 < q <= _MAX_INDEX:
        root = radical(base, q, how) or root
    return power(root, number(exponent.p))


# -- roots -----------------------------------------------------------------------------------------


def square_root(u: Term, how: How) -> Term:
    """sqrt(f**2 g) = |f| sqrt(g), and sqrt(c g) = sqrt(c) sqrt(g) for c = pi or E,
    and for squares of numbers; roots of powers with variable exponents are such powers."""
    c, parts = factors(u)
    whole = [v.isqrt() for v in (c.p, c.q)] if c > 0 else [fmpz(1), fmpz(1)]
    square = fmpq(*whole) if c == fmpq(*whole) ** 2 else fmpq(1)
    inside, outside = number(c / square**2), number(square)
    for f, k in parts:
        base, e = variable_power(f)
        if how.apart and base is not None:
            half = collect(mul(e, number(fmpq(k, 2))))
            outside = mul(outside, real_power(base, half, how))
            continue
        known = f.op == "constant" or how.positive(f)
        outside = _times(outside, call("Abs", f) if k // 2 % 2 and not known else f, k // 2)
        if f.op == "constant":
            outside = _times(outside, call("sqrt", f), k % 2)
        else:
            inside = _times(inside, f, k % 2)
    if is_number(outside, 1):
        return call("sqrt", u)
    if is_number(inside):
        return mul(outside, _root_of_number(inside))
    return mul(outside, call("sqrt", inside))


def _root_of_number(n: Term) -> Term:
    if n.payload > 0:
        root = fmpq(n.payload.p.isqrt(), n.payload.q.isqrt())
        if root**2 == n.payload:
            return number(root)
    return call("sqrt", n)


def radical(u: Term, q: int, how: How) -> Term | None:
    """(f**(q k + r))**(1/q) = f**k (f**r)**(1/q) where f >= 0; None where nothing comes out
    of the root."""
    c, parts = factors(u)
    if not any(
        (k // q and how.positive(f)) or (how.apart and variable_power(f)[0]) for f, k in parts
    ):
        return None  # also where only a number would come out
    top, bottom = (whole_root(v, q) for v in (c.p, c.q))
    whole = top is not None and bottom is not None
    inside, outside = (number(1), number(fmpq(top, bottom))) if whole else (number(c), number(1))
    for f, k in parts:
        base, e = variable_power(f)
        if how.apart and base is not None:
            share = collect(mul(e, number(fmpq(k, q))))
            outside = mul(outside, real_power(base, share, how))
            continue
        out = k // q if how.positive(f) else 0
        inside, outside = _times(inside, f, k - q * out), _times(outside, f, out)
    if is_number(inside, 1):
        return outside
    return mul(outside, call("cbrt", inside) if q == 3 else power(inside, number(fmpq(1, q))))


def _times(product: Term, f: Term, k: int) -> Term:
    return mul(product, power(f, number(k))) if k else product


# -- exponentials ----------------------------------------------------------------------------------


def exponential(u: Term, how: How) -> Term:
    """exp of a sum, as a product of powers of exp(monomial/q), and of u where it is exp(log(u))."""
    form = Form(u)
    r = form.value
    if r.is_zero():
        return _ONE
    if not r.den.is_constant() or len(r.num) > _MAX_SPLIT:
        u = collect(u)
        if u.op == "neg" or (is_number(u) and u.payload < 0):
            return div(_ONE, call("exp", collect(neg(u))))
        return call("exp", u)
    value = _ONE
    for m, c in _monomials(r.num):
        logs = [k for k, e in enumerate(next(iter(m.monoms()))) if e and _is_log(form.leaves[k])]
        plain = m.total_degree() == 1 and c.q == 1
        if len(logs) == 1 and m.degrees()[logs[0]] == 1 and (how.apart or plain):
            inside = form.leaves[logs[0]].args[0]
            e = mul(number(c), form.term(m / m.context().gen(logs[0])))
            value = mul(value, real_power(inside, collect(e), how))
        else:
            value = mul(value, power(_exp_of(form.term(m), fmpq(1, c.q)), number(c.p)))
    return value


def _is_log(leaf: Term) -> bool:
    return leaf.op == "call" and leaf.payload == "log"


def _exp_of(monomial: Term, unit: fmpq) -> Term:
    if is_number(monomial, 1):
        return constant("E") if unit == 1 else call("exp", number(unit))
    return call("exp", monomial if unit == 1 else div(monomial, number(1 / unit)))
