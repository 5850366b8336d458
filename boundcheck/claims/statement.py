"""Statements: the closed set of things that a claim can assert.

identity, inequality                              see `claims.comparison`
shape(network, depth=..., widths=..., width=...)  the size of a network
norm_bound(f, bound, p=2, on=box)                 a network minus its target, in L^p or
                                                  in the supremum
fails(statement, at={...}, given=...)             false, for every value of the symbols
cited(text, reference)                            an assumption
uses(claim_id)                                    what this claim builds on
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from flint import fmpq

from boundcheck.claims.comparison import Comparison, Hypotheses, side_of
from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.difference import Difference, Part
from boundcheck.exact.networks.network import FunctionLike, Network
from boundcheck.exact.networks.shape import Shape
from boundcheck.exact.terms.box import Box, BoxLike, ConditionsLike, conditions
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import (
    Relation,
    SympyLike,
    Term,
    TermLike,
    TextOrTerm,
    number,
    term,
)


@dataclass(frozen=True)
class ShapeStatement:
    """Each expectation, a relation between sizes, holds for all values of the symbols."""

    shape: Shape
    expectations: tuple[tuple[str, Relation], ...]
    given: Hypotheses = ()
    kind = "shape"

    def text(self) -> str:
        """The statement in one line."""
        parts = [f"{name} {r.op} {r.right}" for name, r in self.expectations]
        return f"({self.shape}): " + ", ".join(dict.fromkeys(parts))


@dataclass(frozen=True)
class NormBound:
    """‖f‖_p <= `bound` on the box: in L^p of its uniform probability, or the
    supremum where `p` is None."""

    f: FunctionLike
    bound: Term
    p: fmpq | None
    on: Box
    kind = "norm bound"

    @property
    def parts(self) -> tuple[tuple[int, Part], ...]:
        """f as a sum of networks and expressions, each with its sign 1 or -1."""
        return self.f.parts if isinstance(self.f, Difference) else ((1, self.f),)

    def text(self) -> str:
        """The statement in one line."""
        names = [
            str(f.shape) if isinstance(f, Network) else f if isinstance(f, str) else str(term(f))
            for _, f in self.parts
        ]
        signs = [
            "" if s > 0 and k == 0 else " + " if s > 0 else " - "
            for k, (s, _) in enumerate(self.parts)
        ]
        whole = "".join(f"{s}({n})" for s, n in zip(signs, names, strict=True))
        return (
            f"norm of {whole} in L^{'oo' if self.p is None else self.p} <= {self.bound}, "
            f"on {self.on}"
        )


@dataclass(frozen=True)
class Failure:
    """For all symbols that satisfy `given`: `inner` is false, with the witness `at`."""

    inner: Comparison
    at: Mapping[str, Term]
    given: Hypotheses = ()
    kind = "failure"

    def text(self) -> str:
        """The statement in one line."""
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


Statement: TypeAlias = (
    Comparison | ShapeStatement | NormBound | Failure | Citation | Use | TheoremStatement
)


def shape(
    net: Network | Shape,
    *,
    given: ConditionsLike = (),
    **expected: TermLike | Sequence[TermLike],
) -> ShapeStatement:
    """The sizes of a network, or of all networks of a `Shape`.

    Args:
        net: a network, or a shape whose widths may be symbols.
        given: hypotheses about the symbols.
        expected: `depth`, `affine_maps`, `inputs`, `outputs`, `parameters`: exactly this
            number; `widths`: exactly these; `width`: exactly; `max_depth`, `max_width`,
            `max_parameters`: at most.

    Raises:
        BoundcheckError: another size, none, or the parameters of a `Shape`.

    >>> from boundcheck import gates, prove, symbols
    >>> prove(shape(gates.division("1/2", 1, 1), depth=2, widths=(4, 2))).name
    'proved'
    >>> n = symbols("n")
    >>> prove(shape(Shape.of(2, (n, 4, 2), 1), depth=3, max_width=n, given=n >= 4)).name
    'proved'
    """
    size = net.shape if isinstance(net, Network) else net
    relations: list[tuple[str, Relation]] = []
    for name, value in expected.items():
        if name == "widths":
            wanted = tuple(term(v) for v in value)  # type: ignore[union-attr]
            relations.append(("depth", Relation(number(size.depth), "==", number(len(wanted)))))
            relations += [
                (f"width {k}", Relation(a, "==", b))
                for k, (a, b) in enumerate(zip(size.widths, wanted, strict=False), start=1)
            ]
            continue
        attribute = name.removeprefix("max_")
        if attribute not in ("depth", "affine_maps", "inputs", "outputs", "parameters", "width"):
            raise BoundcheckError(
                f"{name!r} is not a size; use depth, affine_maps, widths, width, max_width, "
                "inputs, outputs, parameters"
            )
        if attribute == "parameters" and not isinstance(net, Network):
            raise BoundcheckError(
                "the number of parameters is a property of a network, not of a shape"
            )
        have = term(getattr(net if attribute == "parameters" else size, attribute))
        relations.append(
            (attribute, Relation(have, "<=" if name.startswith("max_") else "==", term(value)))
        )
    if not relations:
        raise BoundcheckError("shape() expects nothing; say for instance depth=2, widths=(4, 2)")
    return ShapeStatement(size, tuple(relations), conditions(given))


def norm_bound(
    f: FunctionLike, bound: TextOrTerm, *, p: ExactLike | SympyLike = 2, on: BoxLike = None
) -> NormBound:
    """‖f‖_p <= bound, where f is what `lp_norm` and `sup_norm` take.

    Args:
        f: a network minus its target, or any other difference, network or expression.
        bound: a constant: a number, a text or a sympy expression.
        p: 1 <= p < ∞, or `oo` (sympy's, or the text) for the supremum.
        on: a box or a text, with finite ends.

    Raises:
        BoundcheckError: a bound with variables, or p < 1.

    >>> from boundcheck import prove
    >>> prove(norm_bound("exp(x) - 1 - x", "3/4", p="oo", on="x in [-1, 1]")).name
    'proved'
    >>> prove(norm_bound("exp(x) - 1 - x", "1/4", p=2, on="x in [-1, 1]")).name
    'proved'
    """
    size = side_of(bound)
    if size.free:
        raise BoundcheckError(
            f"the bound {size} contains {', '.join(sorted(size.free))}; it must be a constant"
        )
    exponent = None if str(p) in ("oo", "inf") else rational(p)
    if exponent is not None and exponent < 1:
        raise BoundcheckError(f"p = {p}; a norm needs 1 <= p <= oo")
    return NormBound(f, size, exponent, Box.of(on))


def fails(
    inner: Comparison,
    *,
    at: Mapping[str, TextOrTerm] | Mapping[Term, TextOrTerm],
    given: ConditionsLike = (),
) -> Failure:
    """`inner` is false for all values of the symbols that satisfy `given`, because it
    fails at the point `at`.

    Args:
        inner: an identity or inequality.
        at: a value, in terms of the symbols, for some of the variables.
        given: hypotheses about the symbols that remain.

    Raises:
        BoundcheckError: `inner` is another statement.

    >>> from boundcheck import inequality, prove
    >>> false = inequality("x**2 >= a*x", on="x in [0, a]", given="a > 0")
    >>> prove(fails(false, at={"x": "a/2"}, given="a > 0")).name
    'proved'
    """
    if not isinstance(inner, Comparison):
        raise BoundcheckError("fails() takes an identity or an inequality")
    return Failure(inner, {str(n): side_of(v) for n, v in at.items()}, conditions(given))


def cited(statement: str, reference: str) -> Citation:
    """An assumption: what is assumed, and where it is proved.

    Raises:
        BoundcheckError: an empty statement or reference.

    >>> from boundcheck import prove
    >>> prove(cited("a continuous function on [0, 1] has a maximum", "Weierstrass")).name
    'assumed'
    """
    if not statement.strip() or not reference.strip():
        raise BoundcheckError("cited() needs the statement in words and its reference")
    return Citation(statement, reference)


@runtime_checkable
class _HasId(Protocol):
    """A claim."""

    @property
    def id(self) -> str: ...


def uses(claim: str | _HasId) -> Use:
    """The claim named (by its id, or the claim itself) is part of this one's proof, in words: its
    assumptions are inherited, and the claim that yields this is steps.

    >>> from boundcheck import claim, inequality
    >>> @claim(source="folklore")
    ... def quarter(x):
    ...     \"\"\"x(1 - x) is at most 1/4, since squares are not negative.\"\"\"
    ...     yield inequality(x * (1 - x) <= "1/4", on="x in [0, 1]")
    ...     yield uses("textbook.squares")
    >>> [s.text() for s in quarter.statements()]
    ['x*(1 - x) <= 1/4, on x in [0, 1]', 'uses textbook.squares']
    """
    return Use(claim if isinstance(claim, str) else claim.id)
