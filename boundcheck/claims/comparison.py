"""Comparisons: an identity or an inequality at every point of a set.

identity(left, right, on=box, given=...)          equal on the box
inequality(left, "<=", right, on=box, given=...)  or a text, or a sympy relation
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flint import arb, ctx

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import End, Interval, Unclear, down, up
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.terms.box import Box, BoxLike, ConditionsLike, Range, RelationLike, conditions
from boundcheck.exact.terms.parser import Side, parse_relation, parse_term
from boundcheck.exact.terms.term import Relation, Term, TextOrTerm, term

Hypotheses = tuple[Relation, ...]
_BITS = 96


@dataclass(frozen=True)
class Comparison:
    """`relation` holds at every point of `on` where `given` holds.

    >>> s = inequality("x**2 <= a*x", on="x in [0, a]", given="a > 0")
    >>> s.kind, s.names, s.text()
    ('inequality', ('x', 'a'), 'x**2 <= a*x, on x in [0, a], given a > 0')
    >>> print(*s.hypotheses, sep=", ")
    a > 0, x >= 0, x <= a
    """

    relation: Relation
    on: Box
    given: Hypotheses = ()

    @property
    def kind(self) -> str:
        """`identity` or `inequality`."""
        return "identity" if self.relation.op == "==" else "inequality"

    @cached_property
    def hypotheses(self) -> Hypotheses:
        """`given`, and the box as relations."""
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
        """The statement in one line."""
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


def side_of(value: TextOrTerm) -> Term:
    """A term from a text or from what `term` takes."""
    return parse_term(value) if isinstance(value, str) else term(value)


def identity(
    left: TextOrTerm, right: TextOrTerm, *, on: BoxLike = None, given: ConditionsLike = ()
) -> Comparison:
    """`left == right` at every point of the box.

    Args:
        left, right: numbers, texts, sympy expressions or terms.
        on: a `Box` or a text such as `"x in [0, 1]"`; its ends may contain symbols.
        given: hypotheses about symbols: texts or relations.

    Raises:
        BoundcheckError: a text outside the grammar, an unknown symbol, a bad box.

    >>> from boundcheck import prove
    >>> prove(identity("1/(1 - x)", "1 + x/(1 - x)", on="x in [-1, 1)")).name
    'proved'
    >>> prove(identity("exp(log(x))", "x", on="x in [-1, 1]")).name
    'ill-posed'
    """
    return _checked(
        Comparison(Relation(side_of(left), "==", side_of(right)), Box.of(on), conditions(given))
    )


def inequality(
    left: TextOrTerm | RelationLike,
    op: str | None = None,
    right: TextOrTerm | None = None,
    *,
    on: BoxLike = None,
    given: ConditionsLike = (),
) -> Comparison:
    """`left op right` at every point of the box; or one argument that is a text or a relation.

    Args:
        left, op, right: two sides with one of `< <= > >=` between them.
        on, given: as for `identity`.

    Raises:
        BoundcheckError: an unknown symbol, no relation, or what `identity` refuses.

    >>> from boundcheck import prove, symbols
    >>> x = symbols("x")
    >>> prove(inequality(x / (1 + x), "<", 1, on="x in [0, oo)")).name
    'proved'
    >>> prove(inequality("2*a*b <= a**2/e + e*b**2", on=Box.reals("a", "b"), given="e > 0")).name
    'proved'
    """
    if op is not None:
        if op not in ("<", "<=", ">", ">="):
            raise BoundcheckError(f"{op!r} is not an inequality sign; use < <= > >=")
        relation = Relation(side_of(left), op, side_of(right))
    elif isinstance(left, str):
        relation = parse_relation(left)
    else:
        (relation,) = conditions(left)  # type: ignore[arg-type]  # refuses a term
    return _checked(Comparison(relation, Box.of(on), conditions(given)))


def stated(relation: RelationLike, on: BoxLike = None, given: ConditionsLike = ()) -> Comparison:
    """The comparison that a text or a relation states.

    Raises:
        BoundcheckError: a text outside the grammar, an unknown symbol, an empty range.

    >>> stated("x**2 == x*x", on="x in [0, 1]").kind
    'identity'
    """
    (found,) = (parse_relation(relation),) if isinstance(relation, str) else conditions(relation)
    return _checked(Comparison(found, Box.of(on), conditions(given)))


def _checked(statement: Comparison) -> Comparison:
    statement.check()
    return statement
