"""Statements: the closed set of things that a claim can assert.

identity(left, right, on=box, given=...)          equal on the box
inequality(left, "<=", right, on=box, given=...)  or a text, or a sympy relation
shape(network, depth=..., widths=..., width=...)  the size of a network
norm_bound(f, bound, p=2, on=box)                 a network minus its target, in L^p or in the supremum
fails(statement, at={...}, given=...)             false, for every value of the symbols
cited(text, reference)                            an assumption
uses(claim_id)                                    what this claim builds on
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from flint import arb, ctx, fmpq

from boundcheck.enclosure.evaluate import at_point, on_box
from boundcheck.enclosure.interval import End, Interval, Unclear, down, up
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.box import Box, Range, conditions
from boundcheck.exact.network import Difference, Network
from boundcheck.exact.parser import Side, parse_relation, parse_term
from boundcheck.exact.printer import brief
from boundcheck.exact.rational import rational
from boundcheck.exact.shape import Shape
from boundcheck.exact.term import Relation, Term, number, term

Hypotheses = tuple[Relation, ...]
_BITS = 96


@dataclass(frozen=True)
class Comparison:
    """`relation` holds at every point of `on` where `given` holds."""

    relation: Relation
    on: Box
    given: Hypotheses = ()

    @property
    def kind(self) -> str:
        return "identity" if self.relation.op == "==" else "inequality"

    @cached_property
    def hypotheses(self) -> Hypotheses:
        return (*self.given, *self.on.hypotheses())

    @property
    def names(self) -> tuple[str, ...]:
        """Every variable: those of the box, and the symbols of the hypotheses."""
        in_given = sorted(frozenset().union(*(h.free for h in self.given)) - set(self.on.names))
        return (*self.on.names, *in_given)

    @cached_property
    def hull(self) -> dict[str, Interval]:
        """An interval around the range of each variable, as far as its ends are constants."""
        found = {name: Interval(-math.inf, math.inf) for name in self.names}
        for r in self.on.ranges:
            found[r.name] = Interval(_end(r.lower, down, -math.inf), _end(r.upper, up, math.inf))
        for r in self.on.ranges:
            found[r.name] = _tightened(r, found)
        return found

    def text(self) -> str:
        where = [f"on {self.on}"] if self.on.names else []
        given = [f"given {', '.join(map(str, self.given))}"] if self.given else []
        return ", ".join([str(self.relation), *where, *given])

    def check(self) -> None:
        """Raises BoundcheckError where a symbol has neither a range nor a hypothesis."""
        known = set(self.names)
        unknown = sorted((self.relation.free | self.on.symbols_in_ends) - known)
        if unknown:
            some = ", ".join(f"{n} in (-oo,oo)" for n in unknown)
            raise BoundcheckError(
                f"unknown symbol{'s' if len(unknown) > 1 else ''} {', '.join(unknown)}: "
                f"give each a range (on: {some}) or a hypothesis"
            )


def says_nothing(s: Comparison) -> str | None:
    """Why a comparison says nothing: it is one term compared with itself, or one of its own hypotheses."""
    left, op, right = s.relation.left, s.relation.op, s.relation.right
    if left is right and left.op != "rational":  # two numbers may have been computed
        return f"both sides are {brief(left)}"
    same = {(left, op, right), (right, _MIRRORED[op], left)}
    if any((h.left, h.op, h.right) in same for h in s.given):
        return "it is one of its own hypotheses"
    return None


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


@dataclass(frozen=True)
class ShapeStatement:
    """Each expectation, a relation between sizes, holds for all values of the symbols."""

    shape: Shape
    expectations: tuple[tuple[str, Relation], ...]
    given: Hypotheses = ()
    kind = "shape"

    def text(self) -> str:
        return f"({self.shape}): " + ", ".join(f"{name} {r.op} {r.right}" for name, r in self.expectations)


@dataclass(frozen=True)
class NormBound:
    """‖f‖_p <= `bound` on the box: in L^p of its uniform probability, or the supremum where `p` is None."""

    f: Any
    bound: Term
    p: fmpq | None
    on: Box
    kind = "norm bound"

    @property
    def parts(self) -> tuple[tuple[int, Any], ...]:
        """f as a sum of networks and expressions, each with its sign 1 or -1."""
        return self.f.parts if isinstance(self.f, Difference) else ((1, self.f),)

    def text(self) -> str:
        names = [
            str(f.shape) if isinstance(f, Network) else f if isinstance(f, str) else str(term(f)) for _, f in self.parts
        ]
        signs = ["" if s > 0 and k == 0 else " + " if s > 0 else " - " for k, (s, _) in enumerate(self.parts)]
        whole = "".join(f"{s}({n})" for s, n in zip(signs, names, strict=True))
        return f"norm of {whole} in L^{'oo' if self.p is None else self.p} <= {self.bound}, on {self.on}"


@dataclass(frozen=True)
class Failure:
    """For all symbols that satisfy `given`: `inner` is false, with the witness `at`."""

    inner: Comparison
    at: Mapping[str, Term]
    given: Hypotheses = ()
    kind = "failure"

    def text(self) -> str:
        at = ", ".join(f"{n} = {v}" for n, v in self.at.items())
        given = f", given {', '.join(map(str, self.given))}" if self.given else ""
        return f"not ({self.inner.text()}), at {at or 'every value'}{given}"


@dataclass(frozen=True)
class Citation:
    """An assumption with its reference."""

    statement: str
    reference: str
    kind = "cited"

    def text(self) -> str:
        return self.statement


@dataclass(frozen=True)
class Use:
    """The claim that yields this rests on another claim."""

    claim: str
    kind = "use"

    def text(self) -> str:
        return f"uses {self.claim}"


Statement: TypeAlias = Comparison | ShapeStatement | NormBound | Failure | Citation | Use


def _end(side: Side, rounded: Callable[[arb], End], infinite: float) -> End:
    if side.value is None or side.value.free:  # a symbolic end is a hypothesis
        return infinite
    try:
        with ctx.workprec(_BITS):
            return rounded(arb(at_point(side.value, {}, _BITS)))
    except (Unclear, Unsupported, DomainError):
        return infinite  # a larger hull


def _tightened(r: Range, found: dict[str, Interval]) -> Interval:
    """What the symbolic ends of a range add, by the hull of the other variables."""
    low, high = found[r.name].lower, found[r.name].upper
    try:
        if r.lower.value is not None and r.lower.value.free:
            low = on_box(r.lower.value, found, _BITS).lower
        if r.upper.value is not None and r.upper.value.free:
            high = on_box(r.upper.value, found, _BITS).upper
    except (Unclear, Unsupported, DomainError, KeyError):
        return found[r.name]
    return Interval(low, high) if low <= high else found[r.name]


def _side(value: Any) -> Term:
    return parse_term(value) if isinstance(value, str) else term(value)


def identity(left: Any, right: Any, *, on: Any = None, given: Any = ()) -> Comparison:
    """`left == right` at every point of the box.

    Args:
        left, right: numbers, texts, sympy expressions or terms.
        on: a `Box` or a text such as `"x in [0, 1]"`; its ends may contain symbols.
        given: hypotheses about symbols: texts or relations.
    """
    return _checked(Comparison(Relation(_side(left), "==", _side(right)), Box.of(on), conditions(given)))


def inequality(left: Any, op: str | None = None, right: Any = None, *, on: Any = None, given: Any = ()) -> Comparison:
    """`left op right` at every point of the box; or one argument that is a text or a sympy relation.

    Raises:
        BoundcheckError: an unknown symbol, or no relation.
    """
    if op is not None:
        if op not in ("<", "<=", ">", ">="):
            raise BoundcheckError(f"{op!r} is not an inequality sign; use < <= > >=")
        relation = Relation(_side(left), op, _side(right))
    elif isinstance(left, str):
        relation = parse_relation(left)
    else:
        (relation,) = conditions(left)
    return _checked(Comparison(relation, Box.of(on), conditions(given)))


def stated(relation: Any, on: Any = None, given: Any = ()) -> Comparison:
    """The comparison that a text or a sympy relation states.

    Raises:
        BoundcheckError: a text outside the grammar, an unknown symbol, an empty range.
    """
    (found,) = (parse_relation(relation),) if isinstance(relation, str) else conditions(relation)
    return _checked(Comparison(found, Box.of(on), conditions(given)))


def shape(net: Network | Shape, *, given: Any = (), **expected: Any) -> ShapeStatement:
    """The sizes of a network, or of all networks of a `Shape`.

    Args:
        net: a network, or a shape whose widths may be symbols.
        given: hypotheses about the symbols.
        expected: `depth`, `affine_maps`, `inputs`, `outputs`, `parameters`: exactly this number; `widths`: exactly
            these; `width`: exactly; `max_depth`, `max_width`, `max_parameters`: at most.
    """
    size = net.shape if isinstance(net, Network) else net
    relations: list[tuple[str, Relation]] = []
    for name, value in expected.items():
        if name == "widths":
            wanted = tuple(term(v) for v in value)
            relations.append(("depth", Relation(number(size.depth), "==", number(len(wanted)))))
            relations += [
                (f"width {k}", Relation(a, "==", b))
                for k, (a, b) in enumerate(zip(size.widths, wanted, strict=False), start=1)
            ]
            continue
        attribute = name.removeprefix("max_")
        if attribute not in ("depth", "affine_maps", "inputs", "outputs", "parameters", "width"):
            raise BoundcheckError(
                f"{name!r} is not a size; use depth, affine_maps, widths, width, max_width, inputs, outputs, parameters"
            )
        if attribute == "parameters" and not isinstance(net, Network):
            raise BoundcheckError("the number of parameters is a property of a network, not of a shape")
        have = term(getattr(net if attribute == "parameters" else size, attribute))
        relations.append((attribute, Relation(have, "<=" if name.startswith("max_") else "==", term(value))))
    if not relations:
        raise BoundcheckError("shape() expects nothing; say for instance depth=2, widths=(4, 2)")
    return ShapeStatement(size, tuple(relations), conditions(given))


def norm_bound(f: Any, bound: Any, *, p: Any = 2, on: Any = None) -> NormBound:
    """‖f‖_p <= bound, where f is what `lp_norm` and `sup_norm` take.

    Args:
        f: a network minus its target, or any other difference, network or expression.
        bound: a constant: a number, a text or a sympy expression.
        p: 1 <= p < ∞, or `oo` (sympy's, or the text) for the supremum.
        on: a box or a text, with finite ends.

    Raises:
        BoundcheckError: a bound with variables, or p < 1.
    """
    size = _side(bound)
    if size.free:
        raise BoundcheckError(f"the bound {size} contains {', '.join(sorted(size.free))}; it must be a constant")
    exponent = None if str(p) in ("oo", "inf") else rational(p)
    if exponent is not None and exponent < 1:
        raise BoundcheckError(f"p = {p}; a norm needs 1 <= p <= oo")
    return NormBound(f, size, exponent, Box.of(on))


def fails(inner: Comparison, *, at: Mapping[str, Any], given: Any = ()) -> Failure:
    """`inner` is false for all values of the symbols that satisfy `given`, because it fails at the point `at`.

    Args:
        inner: an identity or inequality.
        at: a value, in terms of the symbols, for some of the variables.
        given: hypotheses about the symbols that remain.
    """
    if not isinstance(inner, Comparison):
        raise BoundcheckError("fails() takes an identity or an inequality")
    return Failure(inner, {str(n): _side(v) for n, v in at.items()}, conditions(given))


def cited(statement: str, reference: str) -> Citation:
    """An assumption: what is assumed, and where it is proved.

    Raises:
        BoundcheckError: an empty statement or reference.
    """
    if not statement.strip() or not reference.strip():
        raise BoundcheckError("cited() needs the statement in words and its reference")
    return Citation(statement, reference)


def uses(claim: Any) -> Use:
    """The claim named (by its id, or the claim itself) is part of this one's proof."""
    return Use(claim if isinstance(claim, str) else claim.id)


def _checked(statement: Comparison) -> Comparison:
    statement.check()
    return statement
