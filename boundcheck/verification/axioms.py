"""The ledger of axioms: what each claim rests on that was not proved here, as
`#print axioms` tells in Lean; and whose words, which no machine reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from boundcheck.claims.claim import Claim
from boundcheck.claims.statement import Citation, Statement, Use
from boundcheck.claims.theorem_statement import TheoremStatement, TheoremText
from boundcheck.search.ladder import DEFAULT_BUDGET


@dataclass(frozen=True)
class Entry:
    """What one claim rests on.

    Attributes:
        claim: the claim.
        uses: ids of the claims that it uses, directly or through others.
        axioms: cited results among its own statements and those of the claims in `uses`.
        missing: ids that it uses and that were not found.
        hypotheses: of a theorem, those that say that something is there, such as networks that
            approximate: it is conditional on them.
        words: those of the claim and of `uses` that are more than one formula or one citation: what
            makes them a proof is said in words.

    >>> from boundcheck import uses
    >>> corollary = Claim(id="corollary", build=lambda: [uses("textbook.squares")])
    >>> (entry,) = ledger([corollary])
    >>> entry.uses, entry.axioms, entry.missing, entry.words
    (('textbook.squares',), (), ('textbook.squares',), ('corollary',))
    """

    claim: Claim
    uses: tuple[str, ...]
    axioms: tuple[Citation, ...]
    missing: tuple[str, ...]
    words: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()


def ledger(
    claims: Iterable[Claim], wanted: Callable[[str], bool] = lambda _: True
) -> tuple[Entry, ...]:
    """The entry of every claim that is wanted, by its id. Nothing is decided for it, but theorems
    are derived: before that nobody knows what they rest on.

    Raises:
        whatever the claims themselves raise while they are built, and a theorem that fails.

    >>> from boundcheck import cited
    >>> statement = cited("a continuous function on [0, 1] has a maximum", "Weierstrass")
    >>> fact = Claim(id="maxima", build=lambda: [statement])
    >>> [axiom.reference for axiom in ledger([fact])[0].axioms]
    ['Weierstrass']
    """
    known = {c.id: c for c in claims}
    statements = {c.id: c.statements() for c in known.values()}
    uses = {
        i: tuple(s.claim for s in found if isinstance(s, Use)) for i, found in statements.items()
    }
    entries = []
    for claim in known.values():
        if not wanted(claim.id):
            continue
        below = reachable(claim.id, uses)
        cited = [s for i in (claim.id, *below) for s in _assumed(statements.get(i, ()))]
        theorems = [t for i in (claim.id, *below) for t in _theorems(statements.get(i, ()))]
        below += tuple(u for t in theorems for u in t.uses if u not in below)
        missing = tuple(i for i in below if i not in known)
        words = tuple(i for i in dict.fromkeys((claim.id, *below)) if _words(statements.get(i, ())))
        assumed = tuple(
            h for t in _theorems(statements[claim.id]) for h in t.hypotheses if "there is " in h
        )
        entries.append(Entry(claim, below, tuple(dict.fromkeys(cited)), missing, words, assumed))
    return tuple(entries)


def _theorems(statements: Iterable[Statement]) -> list[TheoremText]:
    return [s.derive(DEFAULT_BUDGET).texts() for s in statements if isinstance(s, TheoremStatement)]


def _assumed(statements: Sequence[Statement]) -> list[Citation]:
    """What is cited, and the axioms of theorems, which have those of what they use."""
    own = [s for s in statements if isinstance(s, Citation)]
    return own + [Citation(text, by) for t in _theorems(statements) for text, by in t.axioms]


def _words(stated: Sequence[Statement]) -> bool:
    """Whether a claim is neither one formula, or theorem, nor citations alone."""
    if all(isinstance(s, Citation) for s in stated):
        return False
    return len(stated) > 1 or isinstance(stated[0], Use)


def together(name: str, entries: Sequence[Entry]) -> Entry:
    """What several claims rest on, as one entry with that name.

    >>> from boundcheck import cited
    >>> statement = cited("a continuous function on [0, 1] has a maximum", "Weierstrass")
    >>> fact = Claim(id="maxima", build=lambda: [statement])
    >>> together("the whole file", ledger([fact])).claim.id
    'the whole file'
    """
    inside = {e.claim.id for e in entries}
    uses, axioms, missing, words, hypotheses = (
        tuple(dict.fromkeys(x for e in entries for x in part(e)))
        for part in (
            lambda e: e.uses,
            lambda e: e.axioms,
            lambda e: e.missing,
            lambda e: e.words,
            lambda e: e.hypotheses,
        )
    )
    return Entry(
        replace(entries[0].claim, id=name, label=None),
        tuple(u for u in uses if u not in inside),
        axioms,
        missing,
        words,
        hypotheses,
    )


def reachable(start: str, uses: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every id that `start` uses, directly or through others, nearest first; `start`
    itself only in a circle.

    >>> reachable("main", {"main": ("lemma",), "lemma": ("squares",)})
    ('lemma', 'squares')
    """
    order: dict[str, None] = {}
    stack = list(reversed(uses.get(start, ())))
    while stack:
        current = stack.pop()
        if current not in order:
            order[current] = None
            stack.extend(reversed(uses.get(current, ())))
    return tuple(order)
