"""Sums of logarithms and log-gammas along a step p -> p + k: differences, and
limits by Stirling's formula.

For g = r + Σ p_i log(q_i) + Σ c_j log Γ(u_j) and a step k where each u_j
grows by a whole number m_j:

    log Γ(u + m) = log Γ(u) + log(u) + ... + log(u + m - 1)                for u > 0   (DLMF 5.5.1)
    log Γ(u) = (u - 1/2) log(u) - u + log(2 pi)/2 + O(1/u)                 as u -> oo  (DLMF 5.11.1)

so g(p + k) - g(p) has no gammas where the c_j do not change, and the limit of g(p + n k)
as n -> oo is elementary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flint import fmpq

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.forms import expanded, polynomial_term
from boundcheck.exact.algebra.limit import limit
from boundcheck.exact.algebra.normal import normal, vanishes
from boundcheck.exact.algebra.rational_function import Poly
from boundcheck.exact.terms.term import (
    Term,
    add,
    call,
    constant,
    div,
    is_number,
    mul,
    number,
    sub,
    substitute,
    symbol,
)

_ZERO, _ONE, _HALF = number(0), number(1), number(fmpq(1, 2))
_MOST = 40
_ATOMS = ("log", "loggamma")
Step = Mapping[str, int]


@dataclass
class Sum:
    """rest + Σ p log(q) + Σ c log Γ(u), as pairs (q, p) and (u, c)."""

    rest: Term = _ZERO
    logs: list[tuple[Term, Term]] = field(default_factory=list)
    gammas: list[tuple[Term, Term]] = field(default_factory=list)

    def plain(self) -> Term:
        """The sum as it stands: defined exactly where all its parts are."""
        total = self.rest
        for q, p in self.logs:
            total = add(total, mul(p, call("log", q)))
        for u, c in self.gammas:
            total = add(total, mul(c, call("loggamma", u)))
        return total

    def term(self) -> Term:
        """The sum, with differences of logarithms, whose limits are easily seen."""
        total, rest = self.rest, _ZERO
        if self.logs:
            base = call("log", self.logs[0][0])
            for q, p in self.logs[1:]:
                total = add(total, mul(p, sub(call("log", q), base)))
                rest = add(rest, p)
            rest = normal(add(rest, self.logs[0][1]))
            total = total if is_number(rest, 0) else add(total, mul(rest, base))
        for u, c in self.gammas:
            total = add(total, mul(c, call("loggamma", u)))
        return total


def as_sum(root: Term) -> Sum:
    """A normal form as a sum, equal to it wherever both are defined.

    Raises:
        Unsupported: it is not linear in its logarithms and log-gammas.
    """
    leaves, value, _ = expanded(root)
    atoms = [k for k, t in enumerate(leaves) if t.free and t.op == "call" and t.payload in _ATOMS]
    parts: dict[int | None, dict[tuple[int, ...], fmpq]] = {}
    for exponents, c in value.num.terms():
        here = [k for k in atoms if exponents[k]]
        if len(here) > 1 or any(exponents[k] != 1 for k in here):
            raise Unsupported("it is not linear in its logarithms")
        left = tuple(0 if k in here else int(e) for k, e in enumerate(exponents))
        parts.setdefault(here[0] if here else None, {})[left] = c
    if any(e[k] for e, _ in value.den.terms() for k in atoms):
        raise Unsupported("it divides by a logarithm")
    below = polynomial_term(value.den, leaves)
    context = value.num.context()

    def over(p: Poly) -> Term:
        return normal(div(polynomial_term(p, leaves), below))

    found = Sum()
    for which, terms in parts.items():
        coefficient = over(context.from_dict(terms))
        if which is None:
            found.rest = coefficient
        else:
            kind = found.logs if leaves[which].payload == "log" else found.gammas
            kind.append((leaves[which].args[0], coefficient))
    return found


def difference(g: Sum, step: Step) -> Term:
    """g(p + k) - g(p), where all u_j are positive. Raises Unsupported where gammas remain."""
    total = sub(_moved(g.rest, step), g.rest)
    for q, p in g.logs:
        total = add(
            total, sub(mul(_moved(p, step), call("log", _moved(q, step))), mul(p, call("log", q)))
        )
    for u, c in g.gammas:
        if not vanishes(sub(_moved(c, step), c)):
            raise Unsupported(f"the coefficient {c} of a gamma changes")
        for i in range(_whole(u, step)):
            total = add(total, mul(c, call("log", add(u, number(i)))))
    return total


def limit_along(g: Sum, step: Step, positive: Callable[[Term], bool]) -> Term:
    """The limit of g(p + n k) as the integer n -> oo.

    With q(p + n k) = q + n m and p(p + n k) = p + n d, the terms of g at p + n k are, up to o(1),

        (p + n d) log(q + n m) = d n log(n) + p log(n) + d log(m) n + p log(m) + d q/m
        c log Γ(u + n m)       = c (m n log(n) + (u - 1/2) log(n) + m (log(m) - 1) n + (u - 1/2)
                               log(m) + log(2 pi)/2)

    What grows like n log(n) or log(n) has to vanish identically; what grows like n joins the rest.

    Raises:
        Unsupported: the limit is infinite, or not seen.
    """
    two_pi = call("log", mul(number(2), constant("pi")))
    fastest = slowest = linear = fixed = _ZERO
    for q, p in g.logs:
        m, d = _growth(q, step), _growth(p, step)
        if vanishes(m):
            if not vanishes(d):
                raise Unsupported("a logarithm that does not change has a coefficient that does")
            fixed = add(fixed, mul(p, call("log", q)))
            continue
        if m.free or not positive(m):
            raise Unsupported(f"{q} is not seen to grow")
        fastest, slowest = add(fastest, d), add(slowest, p)
        linear = add(linear, mul(d, call("log", m)))
        fixed = add(fixed, add(mul(p, call("log", m)), div(mul(d, q), m)))
    for u, c in g.gammas:
        m, d = number(_whole(u, step)), _growth(c, step)
        if is_number(m, 0) or not vanishes(d):
            raise Unsupported(f"loggamma({u}) is not seen to grow")
        past = sub(u, _HALF)
        fastest, slowest = add(fastest, mul(c, m)), add(slowest, mul(c, past))
        linear = add(linear, mul(mul(c, m), sub(call("log", m), _ONE)))
        fixed = add(fixed, mul(c, add(mul(past, call("log", m)), div(two_pi, number(2)))))
    if not (vanishes(fastest) and vanishes(slowest)):
        raise Unsupported("it grows like a logarithm, or does not tend to a limit")
    n = next(v for v in (f"n_{k}" for k in range(1000)) if v not in g.plain().free)
    (far,) = substitute(
        (g.rest,), {v: add(symbol(v), mul(number(k), symbol(n))) for v, k in step.items()}
    )
    return add(limit(add(far, mul(linear, symbol(n))), n), fixed)


def _moved(t: Term, step: Step) -> Term:
    return substitute((t,), {v: add(symbol(v), number(k)) for v, k in step.items()})[0]


def _growth(t: Term, step: Step) -> Term:
    """t(p + k) - t(p), which is the same at p + k: so t(p + n k) = t(p) + n times it."""
    d = normal(sub(_moved(t, step), t))
    if d.free & step.keys():
        raise Unsupported(f"{t} does not grow in equal steps")
    return d


def _whole(u: Term, step: Step) -> int:
    m = _growth(u, step)
    if not is_number(m) or m.payload.q != 1 or not 0 <= m.payload <= _MOST:
        raise Unsupported(f"{u} does not grow by a whole number")
    return int(m.payload)
