"""Expressions as they are said: with names for bound variables, chains of an operation as one, and
the usual abbreviations. Texts and LaTeX are made from phrases.

Nothing is lost: two expressions have the same phrase only if they are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from boundcheck.theorems.notation.names import Names
from boundcheck.theorems.notation.nodes import Node, SortLike, depends, spine

TERMS = {"add": "+", "vadd": "+", "sub": "-", "vsub": "-"}
FACTORS = {"mul": "*", "vscale": "*", "div": "/"}
RANGES = ("sum", "product", "largest", "smallest", "integral")


@dataclass(frozen=True)
class Phrase:
    """One thing that is said.

    Attributes:
        head: that of the expression, or one of the following. `name`: of a symbol or a bound
            variable. `terms`, `factors`: a chain of + and -, of * and /, its signs being `data`.
            `power`: `data` is its sign. `minus`. `prob`: the law and the formula. `iid`: the law of
            which there are independent samples. `forall`, `exists`: groups and the body. `group`:
            variables, and (`data` being sort, law, range) their sort, their law, or from where to
            where they go. `brackets`: brackets that have a meaning. `sort`: see `sort_phrase`.
        data: what it has beside its parts.
        parts: the parts.
        names: of the variables that it binds.
    """

    head: str
    data: Any = None
    parts: tuple[Phrase, ...] = ()
    names: tuple[str, ...] = ()


def phrase(e: Node, names: Names, around: tuple[str, ...] = ()) -> Phrase:
    """What an expression says; `around` are the variables of the binders around it, the innermost
    one last. A variable whose binder is missing is #0, #1, ..."""

    def said(a: Node) -> Phrase:
        return phrase(a, names, around)

    head, args = e.head, e.args
    if head == "symbol":
        return Phrase("name", names.symbols[e.data, e.sort])
    if head == "bound":
        missing = e.data - len(around)
        return Phrase("name", f"#{missing}" if missing >= 0 else around[-1 - e.data])
    if head in TERMS or head in FACTORS:
        signs = TERMS if head in TERMS else FACTORS
        chain = spine(e, signs)
        whole = "terms" if head in TERMS else "factors"
        return Phrase(
            whole, tuple(signs[h] for h, _ in chain[1:]), tuple(said(a) for _, a in chain)
        )
    if head in ("neg", "vneg"):
        return Phrase("minus", None, (said(args[0]),))
    if head in ("npow", "rpow"):
        sign = "**" if head == "npow" or _plainly_real(args[1]) else "^"
        return Phrase("power", sign, tuple(map(said, args)))
    if head == "call" and e.data in ("Min", "Max"):
        return Phrase("call", e.data, tuple(map(said, _nested(e))))
    if head == "and":
        return Phrase("and", None, tuple(said(a) for _, a in spine(e, ("and",))))
    if head == "implies":
        conditions = []
        while e.head == "implies":
            conditions.append(e.args[0])
            e = e.args[1]
        return Phrase("implies", None, tuple(map(said, (*conditions, e))))
    if head in ("forall", "exists"):
        return _quantified(e, names, around)
    if not e.binder:
        return Phrase(head, e.data, tuple(map(said, args)))
    return _binding(e, names, around)


def depth_of(p: Phrase) -> int:
    """How deep the parts of a phrase are nested."""
    depth, level = 0, [p]
    while level:
        depth += 1
        level = [a for q in level for a in q.parts]
    return depth


def sort_phrase(sort: SortLike, names: Names) -> Phrase:
    """A sort: `data` is its kind, `names` the space or the activation."""
    name = (names.spaces.get((sort.kind, sort.name), sort.name),) if sort.name else ()
    return Phrase("sort", sort.kind, tuple(sort_phrase(p, names) for p in sort.parts), name)


def _plainly_real(exponent: Node) -> bool:
    """Whether `**` with this exponent is a real power: see `power` in expr.py."""
    if exponent.sort.kind == "nat":
        return False
    return not (isinstance(exponent.data, Fraction) and exponent.data.denominator == 1)


def _nested(e: Node) -> tuple[Node, ...]:
    """a, b, c of Max(Max(a, b), c)."""
    found: list[Node] = []
    function = e.data
    while e.head == "call" and e.data == function:
        found.append(e.args[1])
        e = e.args[0]
    return (e, *reversed(found))


def _binding(e: Node, names: Names, around: tuple[str, ...]) -> Phrase:
    """A binder that is no quantifier, its parts in their order."""
    outside = tuple(phrase(a, names, around) for a in e.args[:-1])
    body = e.args[-1]
    if e.head == "independent" and not depends(body, 0):
        return Phrase("iid", None, (phrase(body, names, (*around, "")),))
    name = names.bound(e.hint, around)
    head = e.head
    if head == "mean" and body.head == "ind":
        head, body = "prob", body.args[0]
    return Phrase(head, None, (*outside, phrase(body, names, (*around, name))), (name,))


# -- quantifiers -----------------------------------------------------------------------------------


def _quantified(e: Node, names: Names, around: tuple[str, ...]) -> Phrase:
    head, groups = e.head, list[Phrase]()
    rest: list[Node] = [e]
    while len(rest) == 1 and rest[0].head == head:
        e = rest[0]
        name = names.bound(e.hint, around)
        around = (*around, name)
        kind, domain, rest = (_for_all if head == "forall" else _there_is)(e)
        of = tuple(phrase(d, names, around) for d in domain)
        of = of or (sort_phrase(e.data, names),)
        if groups and (groups[-1].data, groups[-1].parts) == (kind, of):
            groups[-1] = Phrase("group", kind, of, (*groups[-1].names, name))
        else:
            groups.append(Phrase("group", kind, of, (name,)))
    said = tuple(phrase(a, names, around) for a in rest)
    if len(said) > 1:
        body = Phrase("and", None, said)
    elif groups[-1].data != "sort" and said[0].head == "and" and head == "exists":
        body = Phrase("brackets", None, said)
    else:
        body = said[0]
    return Phrase(head, None, (*groups, body))


def _for_all(e: Node) -> tuple[str, tuple[Node, ...], list[Node]]:
    """The kind of group, what it goes through, and the body."""
    body = e.args[0]
    if body.head == "implies":
        if law := _law_of(body.args[0]):
            return "law", law, [body.args[1]]
        inner = body.args[1]
        if inner.head == "implies" and (ends := _range_of(body.args[0], inner.args[0])):
            return "range", ends, [inner.args[1]]
    return "sort", (), [body]


def _there_is(e: Node) -> tuple[str, tuple[Node, ...], list[Node]]:
    """The same; of the body, what it says one by one."""
    body = e.args[0]
    chain = [a for _, a in spine(body, ("and",))]
    if len(chain) > 1 and (law := _law_of(chain[0])):
        return "law", law, chain[1:]
    if len(chain) > 2 and (ends := _range_of(*chain[:2])):
        return "range", ends, chain[2:]
    return "sort", (), [body]


def _law_of(condition: Node) -> tuple[Node, ...]:
    """The law, where a condition says that the variable is in it."""
    if condition.head != "member" or not _is_variable(condition.args[0]):
        return ()
    return () if depends(condition.args[1], 0) else (condition.args[1],)


def _range_of(lower: Node, upper: Node) -> tuple[Node, ...]:
    """The ends a and b, where the conditions say a <= j and j <= b of the variable j."""
    if not all(c.head == "relation" and c.data == "<=" for c in (lower, upper)):
        return ()
    (a, j), (i, b) = lower.args, upper.args
    if not (_is_variable(j) and _is_variable(i) and j.sort.kind == "nat"):
        return ()
    ends = (a, b)
    if any(end.sort.kind != "nat" or depends(end, 0) for end in ends):
        return ()
    return ends


def _is_variable(e: Node) -> bool:
    return bool(e.head == "bound" and e.data == 0)
