"""Arithmetic over symbols and *atoms* (exp(x), log(x), sqrt(x), x**p, ...) as one rational
function, and that in factors."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from flint import fmpq

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.rational_function import (
    Poly,
    Ratio,
    coefficients,
    degree,
    factored,
    ring,
)
from boundcheck.exact.terms.term import (
    Term,
    add,
    div,
    is_number,
    mul,
    neg,
    number,
    postorder,
    power,
    sub,
)

_MAX_TERMS = 300
_MAX_WORK = 20_000
_ARITHMETIC = ("rational", "symbol", "add", "sub", "mul", "div", "neg")
_ONE = number(1)


def factors(root: Term) -> tuple[fmpq, tuple[tuple[Term, int], ...]]:
    """`c` and pairs `(f, k)` with `root = c ∏ f**k`, after normalisation of `root`."""
    form = Form(root)
    c, above = _factored(form.value.num)
    d, below = _factored(form.value.den)
    parts = [*above, *((f, -k) for f, k in below)]
    return c / d, tuple((form.term(f), k) for f, k in parts)


def expanded(root: Term) -> tuple[tuple[Term, ...], Ratio, list[tuple[int, int, Ratio]]]:
    """The leaves of `root`, the rational function of them that it is, and (k, q, u)
    where leaf k is u**(1/q)."""
    form = Form(root)
    roots = ((k, _root(leaf)) for k, leaf in enumerate(form.leaves))
    return (
        tuple(form.leaves),
        form.value,
        [(k, found[1], form.known[found[0]]) for k, found in roots if found],
    )


# -- the rational function -------------------------------------------------------------------------


class Form:
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


def integer_power(node: Term) -> bool:
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
        if node.op != "symbol" and (node.op in _ARITHMETIC or integer_power(node)):
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


# -- in factors ------------------------------------------------------------------------------------


def collect(root: Term) -> Term:
    """Arithmetic over atoms as `c ∏ f**k / ∏ g**k`, powers of one base as one (`_joined`).

    Raises:
        Unsupported: it would have too many terms, or divides by zero identically.
    """
    if root.op in ("symbol", "rational", "constant"):
        return root
    form = Form(root)
    c, above = _factored(form.value.num)
    d, below = _factored(form.value.den)
    c = c / d
    if c == 0:
        return number(0)
    sign, parts = _joined(
        [(form.term(f), k) for f, k in above] + [(form.term(f), -k) for f, k in below]
    )
    top, bottom = number(abs(c).p), number(abs(c).q)
    for f, e in parts:
        if isinstance(e, Term):
            top = mul(top, power(f, e))
        elif e > 0:
            top = mul(top, power(f, number(e)))
        else:
            bottom = mul(bottom, power(f, number(-e)))
    value = top if is_number(bottom, 1) else div(top, bottom)
    return neg(value) if (c < 0) != (sign < 0) else value


def _joined(parts: Sequence[tuple[Term, int]]) -> tuple[int, list[tuple[Term, int | Term]]]:
    """A sign and a product, with all powers of a base that has a variable exponent as one:
    x**p x**q / x is x**(p + q - 1), in its place."""
    bases = {base: k for k, (f, _) in enumerate(parts) for base in [variable_power(f)[0]] if base}
    if not bases:
        return 1, list(parts)
    sign, found, exponents = 1, [], dict.fromkeys(bases, number(0))
    for f, k in parts:
        base, e = variable_power(f)
        if base is None:
            base, e = root_of(f) or (f, _ONE)
            if base not in bases and neg(base) in bases and e is _ONE:
                base, sign = neg(base), sign * (-1) ** k
        if base in bases:
            exponents[base] = add(exponents[base], mul(number(k), e))
        else:
            found.append((f, k))
    return sign, [*found, *((b, collect(e)) for b, e in exponents.items())]


def variable_power(f: Term) -> tuple[Term | None, Term]:
    """(u, e) where a factor is u**e, or a root of that, with an exponent that is no number;
    else (None, 1)."""
    if f.op == "pow" and not is_number(f.args[1]):
        return f.args[0], f.args[1]
    inner = root_of(f)
    if inner is None:
        return None, _ONE
    base, e = variable_power(inner[0])
    return base, mul(e, inner[1])


def root_of(f: Term) -> tuple[Term, Term] | None:
    """(u, 1/q) where a factor is u**(1/q)."""
    found = _root(f)
    return None if found is None else (found[0], number(fmpq(1, found[1])))
