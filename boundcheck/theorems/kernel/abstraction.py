"""What arithmetic sees of formulas: a comparison in which each opaque term is one real variable.

`Mean(u, (x, pi))`, `f(x)`, `dot(u, v)` and the like are opaque: nothing is known of them but what
the premises say, and that equal terms are equal. Inner products are expanded by bilinearity first,
so that those of a few vectors remain; an equation between vectors replaces one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from boundcheck.claims.comparison import Comparison
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import ReLU, SignReLU
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.parser import parse_name
from boundcheck.exact.terms.term import (
    Relation,
    Term,
    activate,
    add,
    call,
    div,
    mul,
    neg,
    number,
    power,
    sub,
    symbol,
)
from boundcheck.exact.terms.term import constant as exact_constant
from boundcheck.theorems.kernel.existence import Known, exists
from boundcheck.theorems.kernel.sequent import Refused
from boundcheck.theorems.language.expr import Expr, made
from boundcheck.theorems.language.expr import number as literal
from boundcheck.theorems.language.formulas import parts

_OPERATIONS = {"add": add, "sub": sub, "mul": mul, "div": div}
_LARGEST_POWER = 64


@dataclass
class Abstraction:
    """The translation of some premises and a goal.

    Attributes:
        statement: the comparison for the prover.
        meaning: the term that each of its variables stands for.
    """

    statement: Comparison
    meaning: dict[str, Expr]


def abstraction(
    premises: Iterable[Expr], goal: Expr, known: Known, opaque: Sequence[Expr] = ()
) -> Abstraction:
    """The comparison whose truth for all values of its variables makes the goal follow.

    Args:
        premises: formulas that are true; what is no relation between numbers or vectors is of no
            use here and is left out.
        goal: a relation between numbers, or `exists(t)` for a number t.
        known: terms that exist.
        opaque: terms that are to be opaque although arithmetic could look into them.

    Raises:
        Refused: the goal is of another form, or it has an opaque term that may not exist.
    """
    if goal.head == "defined" and goal.args[0].sort.numeric:
        goal = goal.args[0].eq(goal.args[0])
    if not _comparable(goal):
        raise Refused(f"{goal!r} is not a relation between numbers, so arithmetic has no say")
    view = _View(known, frozenset(opaque))
    given = [p for whole in premises for p in parts(whole)]
    for p in given:
        if p.data == "==" and p.args[0].sort.kind == "vec":
            view.equate(*p.args)
    view.strict = True
    relation = view.relation(goal)
    view.strict = False
    hypotheses = [view.relation(p) for p in given if _comparable(p)]
    hypotheses += [symbol(n) >= 0 for n, e in view.meaning.items() if e.sort.kind == "nat"]
    names = sorted(view.meaning, key=list(view.meaning).index)
    return Abstraction(
        Comparison(relation, Box.reals(*names), tuple(dict.fromkeys(hypotheses))), view.meaning
    )


def _comparable(p: Expr) -> bool:
    return p.head == "relation" and all(a.sort.numeric for a in p.args)


@dataclass
class _View:
    """Translates; `strict` while the goal is translated, whose opaque terms have to exist."""

    known: Known
    opaque: frozenset[Expr]
    strict: bool = False
    meaning: dict[str, Expr] = field(default_factory=dict)
    names: dict[Expr, Term] = field(default_factory=dict)
    vectors: dict[Expr, dict[Expr, Expr]] = field(default_factory=dict)
    order: dict[Expr, int] = field(default_factory=dict)

    def relation(self, p: Expr) -> Relation:
        assert isinstance(p.data, str)
        return Relation(self.term(p.args[0]), p.data, self.term(p.args[1]))

    def term(self, e: Expr) -> Term:
        if e in self.opaque or e.head == "symbol":
            return self.variable(e)
        match e.head:
            case "number":
                assert isinstance(e.data, Fraction)
                return number(e.data)
            case "constant":
                return exact_constant(str(e.data))
            case "add" | "sub" | "mul" | "div":
                return _OPERATIONS[e.head](self.term(e.args[0]), self.term(e.args[1]))
            case "neg":
                return neg(self.term(e.args[0]))
            case "call":
                return _called(str(e.data), [self.term(a) for a in e.args])
            case "npow":
                return self.natural_power(*e.args)
            case "rpow":
                return self.real_power(e)
            case "dot":
                return self.dot(e)
        return self.variable(e)

    def variable(self, e: Expr) -> Term:
        """The variable that stands for a term."""
        if self.strict and not exists(e, self.known):
            raise Refused(
                f"that {e!r} exists is not shown; name a premise that says so, or one in which it "
                "stands"
            )
        if e not in self.names:
            self.names[e] = symbol(self.name(e))
            self.meaning[self.names[e].payload] = e
        return self.names[e]

    def name(self, e: Expr) -> str:
        if e.head == "symbol":
            try:
                own = parse_name(str(e.data))
            except BoundcheckError:
                own = ""
            if own and own not in self.meaning:
                return own
        k = 1
        while f"q{k}" in self.meaning:
            k += 1
        return f"q{k}"

    def natural_power(self, base: Expr, exponent: Expr) -> Term:
        """Repeated multiplication by a literal number of times; other factors are opaque."""
        rest, times = exponent, Fraction(0)
        if exponent.head == "number":
            rest, times = literal(0), Fraction(exponent.data)  # type: ignore[arg-type]
        elif exponent.head == "add" and exponent.args[1].head == "number":
            rest, times = exponent.args[0], Fraction(exponent.args[1].data)  # type: ignore[arg-type]
        if times > _LARGEST_POWER and rest.head != "number":
            return self.variable(made("npow", None, (base, exponent)))
        repeated = power(self.term(base), number(times))
        if rest.head == "number":
            return repeated
        return mul(repeated, self.variable(made("npow", None, (base, rest))))

    def real_power(self, e: Expr) -> Term:
        """u^p exists for u > 0, and for u = 0 < p. Where p is a whole number, arithmetic would take
        it for repeated multiplication, so that there the term has to exist; so, too, where p is a
        constant that might be one."""
        base, exponent = e.args
        fraction = isinstance(exponent.data, Fraction) and exponent.data.denominator != 1
        if self.strict and not fraction and not exponent.free and not exists(e, self.known):
            raise Refused(f"that {e!r} exists is not shown")
        return power(self.term(base), self.term(exponent))

    # -- vectors -----------------------------------------------------------------------------------

    def dot(self, e: Expr) -> Term:
        u, v = e.args
        if self.strict and not (exists(u, self.known) and exists(v, self.known)):
            raise Refused(f"that {e!r} exists is not shown")
        left, right = self.combination(u), self.combination(v)
        whole: Term = number(0)
        for a, p in left.items():
            for b, q in right.items():
                whole = add(whole, mul(mul(self.term(p), self.term(q)), self.inner(a, b)))
        return whole

    def inner(self, a: Expr, b: Expr) -> Term:
        """The variable for the inner product of two vectors, in either order."""
        for x in (a, b):
            self.order.setdefault(x, len(self.order))
        first, second = sorted((a, b), key=self.order.__getitem__)
        e = made("dot", None, (first, second))
        if e not in self.names:
            self.names[e] = symbol(self.name(e))
            self.meaning[self.names[e].payload] = e
        return self.names[e]

    def combination(self, v: Expr) -> dict[Expr, Expr]:
        """A vector as a linear combination of vectors that are no sums."""
        found: dict[Expr, Expr] = {}
        for a, p in linear_parts(v):
            for b, q in self.vectors.get(a, {a: literal(1)}).items():
                scaled = p * q
                found[b] = found[b] + scaled if b in found else scaled
        return found

    def equate(self, u: Expr, v: Expr) -> None:
        """Use an equation of vectors to replace one of them, where one side is a single vector."""
        for a, other in ((u, v), (v, u)):
            if len(linear_parts(a)) != 1 or linear_parts(a)[0][0] != a:
                continue
            if a in self.vectors:
                continue
            found = self.combination(other)
            if a in found:
                continue
            self.vectors[a] = found
            for old in self.vectors.values():
                if a in old:
                    factor = old.pop(a)
                    for c, q in found.items():
                        scaled = factor * q
                        old[c] = old[c] + scaled if c in old else scaled
            return


def linear_parts(v: Expr, factor: Expr | None = None) -> list[tuple[Expr, Expr]]:
    """Vectors with their factors, which sum up to `factor` times v."""
    factor = literal(1) if factor is None else factor
    match v.head:
        case "vadd":
            return linear_parts(v.args[0], factor) + linear_parts(v.args[1], factor)
        case "vsub":
            return linear_parts(v.args[0], factor) + linear_parts(v.args[1], -factor)
        case "vneg":
            return linear_parts(v.args[0], -factor)
        case "vscale":
            scale = v.args[0] if factor == literal(1) else factor * v.args[0]
            return linear_parts(v.args[1], scale)
    return [(v, factor)]


def _called(name: str, args: list[Term]) -> Term:
    if name in ("relu", "signrelu"):
        return activate(ReLU() if name == "relu" else SignReLU(), args[0])
    return call(name, *args)
