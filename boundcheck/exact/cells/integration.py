"""Definite integrals of rational functions with rational coefficients between
rational limits, in closed form.

Let n/d be the integrand in lowest terms. Where d has a zero between the limits or at one,
the integral diverges: near a zero of order k the integrand is c/(x - z)**k (1 + o(1))
with c != 0. Otherwise, with d = ∏ p**k in irreducible factors, n/d = q + Σ A_p/p**k (checked
by multiplying out), and

    ∫ c p**j dx    = c/(j+1) [p**(j+1)], and c [log |p|] for j = -1
                     (p = x + β, on one side of its zero)
    ∫ (mx+n)/p dx  = m/2 [log p] + (2n - mβ)/s [atan((2x+β)/s)],
                     (p = x² + βx + γ without real zero,
                      s = sqrt(4γ - β²))
"""

from __future__ import annotations

from flint import fmpq, fmpq_poly

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.rational_function import Poly, coefficients
from boundcheck.exact.algebra.sturm import zeros_inside
from boundcheck.exact.cells.scene import formal
from boundcheck.exact.terms.term import (
    Term,
    add,
    call,
    div,
    mul,
    number,
    postorder,
    rebuild,
    sub,
)

_MAX_DEGREE = 60


def diverges(node: Term) -> bool:
    """Whether an integral certainly has no value, as its integrand has a pole
    between the limits or at one."""
    found = _rational(node)
    return found is not None and _has_pole(*found[1:])


def without_integrals(root: Term) -> Term:
    """`root` with the integrals that have a closed form in it; equal to `root` where
    that is defined."""
    if not any(n.op == "integral" for n in postorder(root)):
        return root
    done: dict[Term, Term] = {}
    for node in postorder(root):
        known = _closed_form(node) if node.op == "integral" else None
        done[node] = known or (
            rebuild(node, tuple(done[a] for a in node.args)) if node.args else node
        )
    return done[root]


def _rational(node: Term) -> tuple[fmpq_poly, fmpq_poly, fmpq, fmpq] | None:
    """Numerator and denominator of the integrand in lowest terms, and the limits, two
    different numbers."""
    body, name = node.payload.body, node.payload.name
    if body.free - {name} or any(a.op != "rational" for a in node.args):
        return None
    lower, upper = (a.payload for a in node.args)
    try:
        value = formal(body)
    except (Unsupported, ZeroDivisionError):
        return None
    parts = [_univariate(p, name in body.free) for p in (value.num, value.den)]
    if lower == upper or parts[0] is None or parts[1] is None:
        return None
    return parts[0], parts[1], lower, upper


def _univariate(p: Poly, has_variable: bool) -> fmpq_poly | None:
    """A polynomial in the first generator alone; None where others occur:
    pi, exp(x) and the like."""
    if p.is_constant():
        return fmpq_poly([0 if p.is_zero() else p.leading_coefficient()])
    if not has_variable or any(p.degrees()[1:]) or p.degrees()[0] > _MAX_DEGREE:
        return None
    return fmpq_poly(
        [fmpq(0) if c.is_zero() else c.leading_coefficient() for c in coefficients(p, 0)]
    )


def _has_pole(below: fmpq_poly, lower: fmpq, upper: fmpq) -> bool:
    low, high = min(lower, upper), max(lower, upper)
    return bool(below(low) == 0 or below(high) == 0 or zeros_inside(below, low, high) > 0)


def _closed_form(node: Term) -> Term | None:
    found = _rational(node)
    if found is None or _has_pole(*found[1:]):
        return None
    above, below, lower, upper = found
    whole, rest = divmod(above, below)
    primitive = whole.integral()
    total: Term = number(primitive(upper) - primitive(lower))
    check = whole * below
    for f, k in below.numer().factor()[1]:
        p = fmpq_poly(f)
        p /= p[p.degree()]
        others = below // p**k
        part = (rest * others.xgcd(p**k)[1]) % p**k
        check += part * others
        piece = (
            _over_linear(part, p, k, lower, upper)
            if p.degree() == 1
            else _over_quadratic(part, p, k, lower, upper)
        )
        if piece is None:
            return None
        total = add(total, piece)
    return total if check == above else None


def _over_linear(part: fmpq_poly, p: fmpq_poly, k: int, lower: fmpq, upper: fmpq) -> Term:
    """∫ part/p**k for p = x + β."""
    a, b = p(lower), p(upper)
    total: Term = number(0)
    for j in range(k):
        part, c = divmod(part, p)
        if j == k - 1:
            total = add(total, mul(number(c[0]), call("log", number(abs(b / a)))))
        else:
            e = j - k + 1
            total = add(total, number(c[0] / e * (b**e - a**e)))
    return total


def _over_quadratic(part: fmpq_poly, p: fmpq_poly, k: int, lower: fmpq, upper: fmpq) -> Term | None:
    """∫ part/p for p = x² + βx + γ."""
    if p.degree() != 2 or k != 1 or (square := 4 * p[0] - p[1] ** 2) <= 0:
        return None
    n, m = part[0], part[1]
    top, bottom = square.p.isqrt(), square.q.isqrt()
    exact = top * top == square.p and bottom * bottom == square.q
    s = number(fmpq(top, bottom)) if exact else call("sqrt", number(square))
    arcs = [call("atan", div(number(2 * x + p[1]), s)) for x in (upper, lower)]
    log = mul(number(m / 2), call("log", number(p(upper) / p(lower))))
    return add(log, mul(div(number(2 * n - m * p[1]), s), sub(*arcs)))
