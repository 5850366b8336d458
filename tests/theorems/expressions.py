"""Random well-sorted expressions, with all heads, for property tests.

`expressions()` draws terms and formulas, `formulas()` and `terms(sort)` one kind of them. Names of
symbols and of bound variables come from one small pool, so that names clash often; a free symbol
of one name may occur with several sorts unless `clashing=False`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import strategies as st

from boundcheck.theorems.language.binding import closing, substituted
from boundcheck.theorems.language.expr import Expr, constant, made, number, symbol
from boundcheck.theorems.language.heads import CALLS
from boundcheck.theorems.language.sorts import (
    FORMULA,
    NAT,
    REAL,
    Sort,
    function,
    law,
    network,
    pair,
    seq,
    space,
    vec,
)
from boundcheck.theorems.notation.names import names_of

NAMES = ("x", "y", "x2", "f0", "f_0", "j", "n", "pi", "E", "mu", "s", "Gamma", "X", "err", "xbar")
POINTS = (
    REAL,
    NAT,
    space("X"),
    space("Y"),
    vec("H"),
    seq(REAL),
    seq(space("X")),
    seq(seq(NAT)),
    pair(REAL, NAT),
    pair(space("X"), vec("H")),
)
"""Sorts of points: what has laws."""

NETWORKS = (network("relu"), network("signrelu"))
_RANGES = ("sum", "product", "largest", "smallest")
_NUMBERS = (*map(Fraction, (0, 1, 2, 12, -1, -3)), Fraction(1, 2), Fraction(-7, 3), Fraction(5, 4))


def formulas(depth: int = 4, clashing: bool = True) -> st.SearchStrategy[Expr]:
    """Formulas."""
    return terms(FORMULA, depth, clashing)


def expressions(depth: int = 4, clashing: bool = True) -> st.SearchStrategy[Expr]:
    """Formulas, and terms of every sort."""
    laws = tuple(law(s) for s in POINTS)
    sorts = (FORMULA, REAL, FORMULA, *POINTS, *laws, *NETWORKS)
    return st.sampled_from(sorts).flatmap(lambda s: terms(s, depth, clashing))


@st.composite
def terms(draw: st.DrawFn, sort: Sort, depth: int = 4, clashing: bool = True) -> Expr:
    """Terms of a sort (or of Nat, where it is Real)."""
    return _Build(draw, clashing).term(sort, depth)


@st.composite
def sequents(draw: st.DrawFn, depth: int = 3) -> tuple[tuple[Expr, ...], Expr]:
    """Hypotheses and a conclusion over the same symbols, no two of one name."""
    build = _Build(draw, clashing=False)
    hyps = tuple(build.term(FORMULA, depth) for _ in range(draw(st.integers(0, 3))))
    return tuple(dict.fromkeys(hyps)), build.term(FORMULA, depth)


def renamed(e: Expr) -> Expr:
    """The expression with its symbols and spaces called as they are printed."""
    names = names_of([e])
    symbols = {symbol(n, s): shown for (n, s), shown in names.symbols.items()}
    return substituted(
        e, {old: symbol(new, old.sort) for old, new in symbols.items() if old.data != new}
    )


@dataclass
class _Build:
    draw: st.DrawFn
    clashing: bool
    scope: list[Expr] = field(default_factory=list)
    sorts: dict[str, Sort] = field(default_factory=dict)
    count: int = 0
    quantifiers: bool = True

    def pick(self, *options):
        return self.draw(st.sampled_from(options))

    def symbol(self, sort: Sort) -> Expr:
        near = [v for v in self.scope if v.sort == sort]
        if near and self.draw(st.booleans()):
            return self.pick(*near)
        if self.clashing:
            return symbol(self.pick(*NAMES), sort)
        free = [n for n in NAMES if self.sorts.get(n, sort) == sort and n not in ("pi", "E")]
        name = self.pick(*free) if free else f"v{len(self.sorts)}"
        self.sorts[name] = sort
        return symbol(name, sort)

    def bind(self, head: str, sort: Sort, make, *outside: Expr) -> Expr:
        self.count += 1
        variable = symbol(f"·{self.count}", sort)
        self.scope.append(variable)
        body = make()
        self.scope.pop()
        return closing(head, variable, body, *outside, hint=self.pick(*NAMES))

    def term(self, sort: Sort, depth: int) -> Expr:
        if sort == FORMULA:
            return self.formula(depth)
        if depth <= 0:
            return self.leaf(sort)
        kinds = ["leaf", "apply", "at", "half", *_OWN.get(sort.kind, ())]
        if sort.kind in ("law", "network"):
            kinds = [k for k in kinds if k not in ("at", "half")]
        kind = self.pick(*kinds)
        if kind == "leaf":
            return self.leaf(sort)
        if kind == "apply":
            given = tuple(self.pick(*POINTS) for _ in range(self.pick(1, 1, 2)))
            f = self.symbol(function(given, sort))
            return f(*(self.term(s, depth - 2) for s in given))
        if kind == "at":
            return self.term(seq(sort), depth - 1)(self.term(NAT, depth - 2))
        if kind == "half":
            half = self.pick("first", "second")
            other = self.pick(*POINTS)
            both = pair(sort, other) if half == "first" else pair(other, sort)
            return made(half, None, (self.term(both, depth - 1),))
        return getattr(self, f"_{sort.kind}")(sort, kind, depth - 1)

    def leaf(self, sort: Sort) -> Expr:
        if sort == NAT and self.draw(st.booleans()):
            return number(abs(self.pick(*_NUMBERS).numerator))
        if sort == REAL and (k := self.draw(st.integers(0, 5))) < 3:
            return constant(self.pick("pi", "E")) if k == 2 else number(self.pick(*_NUMBERS))
        return self.symbol(sort)

    def _real(self, sort: Sort, kind: str, depth: int) -> Expr:
        some = self.pick(REAL, REAL, NAT)
        a = lambda: self.term(some, depth)  # noqa: E731
        r = lambda: self.term(REAL, depth)  # noqa: E731
        points = self.pick(*POINTS)
        match kind:
            case "neg":
                return made("neg", None, (a(),))
            case "npow":
                return made("npow", None, (a(), self.term(NAT, depth)))
            case "call":
                name = self.pick(*sorted(CALLS), "Min", "Max", "Abs")
                return made("call", name, tuple(a() for _ in range(CALLS[name])))
            case "dot":
                return made("dot", None, tuple(self.term(vec("H"), depth) for _ in "ab"))
            case "mean":
                mu = self.term(law(points), depth)
                return self.bind("mean", points, r, mu)
            case "prob":
                mu = self.term(law(points), depth)
                return self.bind("mean", points, lambda: self.ind(depth), mu)
            case "norm":
                mu, p = self.term(law(points), depth), a()
                return self.bind("norm", points, r, mu, p)
            case "range":
                ends = [self.term(NAT, depth) for _ in "ab"]
                return self.bind(self.pick(*_RANGES), NAT, a, *ends)
            case "integral":
                return self.bind("integral", REAL, r, a(), a())
            case "ind":
                return self.ind(depth)
            case "value":
                n, i = self.term(self.pick(*NETWORKS), depth), self.term(NAT, depth)
                return made("value", None, (n, i, self.term(seq(REAL), depth)))
        return made(kind, None, (a(), a()))

    def ind(self, depth: int) -> Expr:
        before, self.quantifiers = self.quantifiers, False
        found = made("ind", None, (self.formula(depth),))
        self.quantifiers = before
        return found

    def _nat(self, sort: Sort, kind: str, depth: int) -> Expr:
        a = lambda: self.term(NAT, depth)  # noqa: E731
        match kind:
            case "natceil":
                return made("natceil", None, (self.term(REAL, depth),))
            case "depth" | "width":
                return made(kind, None, (self.term(self.pick(*NETWORKS), depth),))
            case "Min" | "Max":
                return made("call", kind, (a(), a()))
            case "range":
                ends = a(), a()
                return self.bind(self.pick(*_RANGES), NAT, a, *ends)
        return made(kind, None, (a(), a()))

    def _vec(self, sort: Sort, kind: str, depth: int) -> Expr:
        if kind == "vneg":
            return made("vneg", None, (self.term(sort, depth),))
        first = self.term(REAL if kind == "vscale" else sort, depth)
        return made(kind, None, (first, self.term(sort, depth)))

    def _pair(self, sort: Sort, kind: str, depth: int) -> Expr:
        return made(
            "pair", None, (self.exactly(sort.parts[0], depth), self.exactly(sort.parts[1], depth))
        )

    def exactly(self, sort: Sort, depth: int) -> Expr:
        """A number term of sort Real may turn out natural; a pair has to be of just this sort."""
        found = self.term(sort, depth)
        return found if found.sort == sort else self.symbol(sort)

    def _seq(self, sort: Sort, kind: str, depth: int) -> Expr:
        of = sort.parts[0]
        if of == NAT:
            return self.symbol(sort)
        return self.bind("sequence", NAT, lambda: self.term(of, depth))

    def _law(self, sort: Sort, kind: str, depth: int) -> Expr:
        of = sort.parts[0]
        if of.kind == "pair":
            first = self.term(law(of.parts[0]), depth)
            return self.bind(
                "joint", of.parts[0], lambda: self.term(law(of.parts[1]), depth), first
            )
        if of.kind == "seq":
            return self.bind("independent", NAT, lambda: self.term(law(of.parts[0]), depth))
        return self.symbol(sort)

    def formula(self, depth: int) -> Expr:
        kinds = ["relation", "relation", "equation", "member", "defined"]
        if depth > 0:
            kinds += ["and", "and", "implies"]
            if self.quantifiers:
                kinds += ["forall", "exists", "in law", "in range", "merged"] * 2
        kind, below = self.pick(*kinds), depth - 1
        match kind:
            case "relation":
                sign = self.pick("<", "<=", ">", ">=", "==")
                return made("relation", sign, (self.term(REAL, below), self.term(REAL, below)))
            case "equation":
                sort = self.pick(*POINTS, *NETWORKS)
                return self.exactly(sort, below).eq(self.exactly(sort, below))
            case "member":
                sort = self.pick(*POINTS)
                return made(
                    "member", None, (self.exactly(sort, below), self.term(law(sort), below))
                )
            case "defined":
                return made("defined", None, (self.term(self.pick(*POINTS), below),))
            case "and" | "implies":
                return made(kind, None, (self.formula(below), self.formula(below)))
            case "forall" | "exists":
                sort = self.pick(*POINTS, *NETWORKS, law(space("X")))
                return self.bind(kind, sort, lambda: self.formula(below))
        return self.usual(kind, below)

    def usual(self, kind: str, depth: int) -> Expr:
        """The forms of quantified formulas that have texts of their own."""
        head = self.pick("forall", "exists")
        join = self.pick(*(["implies"] if head == "forall" else ["and", "left"]))

        def joined(*parts: Expr) -> Expr:
            if join == "left":
                whole = parts[0]
                for p in (*parts[1:], self.formula(depth - 1)):
                    whole = made("and", None, (whole, p))
                return whole
            whole = parts[-1]
            for p in reversed(parts[:-1]):
                whole = made(join, None, (p, whole))
            return whole

        if kind == "in range":
            ends = [self.term(NAT, depth) for _ in "ab"]
            return self.bind(
                head,
                NAT,
                lambda: joined(
                    ends[0] <= self.scope[-1], self.scope[-1] <= ends[1], self.formula(depth)
                ),
            )
        sort = self.pick(*POINTS)
        if kind == "merged":
            inner = lambda: self.bind(head, sort, lambda: self.formula(depth))  # noqa: E731
            return self.bind(head, sort, inner)
        mu = self.term(law(sort), depth)
        member = lambda: made("member", None, (self.scope[-1], mu))  # noqa: E731
        if self.draw(st.booleans()):
            inner = lambda: self.bind(head, sort, lambda: joined(member(), self.formula(depth)))  # noqa: E731
            return self.bind(head, sort, lambda: joined(member(), inner()))
        return self.bind(head, sort, lambda: joined(member(), self.formula(depth)))


_KINDS = """
real: add add sub mul mul div neg npow rpow call call dot mean mean prob norm range range
real: integral ind value
nat: add mul npow natceil depth width Min Max range
vec: vadd vsub vneg vscale
pair: pair pair
seq: sequence
law: law law
"""
"""How terms of a sort can be made, beside what every sort has."""

_OWN: dict[str, list[str]] = {}
for line in _KINDS.split("\n"):
    of, _, kinds = line.partition(": ")
    _OWN.setdefault(of, []).extend(kinds.split())
