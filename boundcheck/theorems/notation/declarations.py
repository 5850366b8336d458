"""What a theorem declares: its spaces and symbols, in a fixed order, with the sets that laws live
on where a hypothesis says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.work import spend
from boundcheck.theorems.notation.names import Names, Spelled, names_of
from boundcheck.theorems.notation.nodes import Node, SortLike, each, tree_size
from boundcheck.theorems.notation.phrases import Phrase, depth_of, phrase, sort_phrase
from boundcheck.theorems.notation.plain_text import MOST_NODES

_ORDER = ("nat", "real", "space", "vec", "pair", "seq", "network", "function", "law")
_PLAIN = ("nat", "real", "space", "vec", "pair", "seq")

_MOST_DEPTH = 100
_DEEP = f"a formula is nested more than {_MOST_DEPTH} deep and not printed; name parts of it"


@dataclass(frozen=True)
class Declared:
    """Some symbols of one sort; of a law its set, too, as the name of a point and what is true of
    it."""

    names: tuple[str, ...]
    sort: Phrase
    point: str = ""
    true_of_it: Phrase | None = None


@dataclass(frozen=True)
class Said:
    """A theorem as it is said.

    Attributes:
        spaces: names of spaces of points.
        inner: names of real inner-product spaces.
        declared: the symbols.
        hypotheses: those that are in no declaration.
        conclusion: what follows.
    """

    spaces: tuple[str, ...]
    inner: tuple[str, ...]
    declared: tuple[Declared, ...]
    hypotheses: tuple[Phrase, ...]
    conclusion: Phrase


def said(hyps: Sequence[Node], concl: Node, spelled: Spelled = str) -> Said:
    """What a theorem says.

    Raises:
        BoundcheckError: it is too long to be read by anyone.
    """
    for e in (*hyps, concl):
        size = tree_size(e, MOST_NODES)
        spend(2 + 4 * size)
        if size >= MOST_NODES:
            raise BoundcheckError(
                f"a formula of more than {MOST_NODES} nodes is not printed; name parts of it"
            )
    try:
        found = _said(hyps, concl, names_of((*hyps, concl), spelled))
    except RecursionError:
        raise BoundcheckError(_DEEP) from None
    if any(depth_of(p) > _MOST_DEPTH for p in (*found.hypotheses, found.conclusion)):
        raise BoundcheckError(_DEEP)
    return found


def _said(hyps: Sequence[Node], concl: Node, names: Names) -> Said:
    supports: dict[Node, Node] = {}
    for h in hyps:
        law = _supported(h)
        if law is not None and law not in supports:
            supports[law] = h
    moved = {id(h) for h in supports.values()}
    return Said(
        *_spaces(names),
        _declared(frozenset[Node]().union(*(e.free for e in (*hyps, concl))), supports, names),
        tuple(phrase(h, names) for h in hyps if id(h) not in moved),
        phrase(concl, names),
    )


def _spaces(names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    by_kind: dict[str, list[str]] = {"space": [], "vec": []}
    for (kind, _), name in names.spaces.items():
        by_kind[kind].append(name)
    return tuple(sorted(by_kind["space"])), tuple(sorted(by_kind["vec"]))


def _declared(
    symbols: frozenset[Node], supports: dict[Node, Node], names: Names
) -> tuple[Declared, ...]:
    """Symbols of one sort together, numbers first, functions and laws last."""
    found: dict[object, Declared] = {}
    called = {s: names.symbols[s.data, s.sort] for s in symbols}
    for s in sorted(symbols, key=lambda s: (*_rank(s.sort), str(s.sort), _natural(called[s]))):
        sort = sort_phrase(s.sort, names)
        if s in supports:
            h = phrase(supports[s], names)
            group, formula = h.parts
            found[s] = Declared((called[s],), sort, group.names[0], formula)
        else:
            before = found.get(sort, Declared((), sort)).names
            found[sort] = Declared((*before, called[s]), sort)
    return tuple(found.values())


def _rank(sort: SortLike) -> tuple[int, bool, int]:
    """Kernels, which are functions to laws, stand after other functions."""
    kernel = sort.kind == "function" and sort.parts[-1].kind == "law"
    return _ORDER.index(sort.kind), kernel, len(sort.parts)


def _natural(name: str) -> tuple[str, int, str]:
    """x2 before x10."""
    base = name.rstrip("0123456789")
    return base, int(name[len(base) :] or 0) if len(name) - len(base) < 9 else 0, name


def _supported(h: Node) -> Node | None:
    """The law that lives on the set of x with A, where the hypothesis is `for all x in law. A` for
    a law that is a symbol, A being about x and about numbers and points, not about functions."""
    if h.head != "forall" or h.args[0].head != "implies":
        return None
    condition, formula = h.args[0].args
    if condition.head != "member" or condition.args[0].head != "bound":
        return None
    law = condition.args[1]
    about = each([formula])
    if law.head != "symbol" or any(_is_binder_of_formulas(e) for e in about):
        return None
    return law if all(s.sort.kind in _PLAIN for s in formula.free) and formula.loose else None


def _is_binder_of_formulas(e: Node) -> bool:
    return e.head in ("forall", "exists", "implies")
