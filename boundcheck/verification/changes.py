"""What a later run proves less of than a snapshot, and what more.

**Numbers are enclosures**, and how narrow they are depends on the search: for one and the same
margin one run may print [0.1, 0.3] and another [0.2, 0.25]. [D] If the old number lies in [l, u]
and the new one in [l', u'], then u' < l proves that it fell and l' > u that it rose; intervals that
meet prove neither, and are no difference. So the noise of the search never fails, and what fails
is a fact. The price: a change within the enclosures is not seen (a margin known from 0 to 1 cannot
fall). Both runs are compared as they are printed, so a change below the printed digits is none.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from boundcheck.claims.verdict import SEVERITY
from boundcheck.documents import JsonObject
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.verification.snapshot import DIGITS, RecordedClaim, RecordedStatement

_Pair: TypeAlias = tuple[RecordedStatement, RecordedStatement]
_Key: TypeAlias = Callable[[RecordedStatement], Hashable]
_SUCCESSES = [kind.name for kind in SEVERITY if not kind.exit_code]


@dataclass(frozen=True)
class Change:
    """One difference between a snapshot and a later run.

    Attributes:
        claim: the id of the claim.
        what: "claim", "label", "verdict", "axiom", "statement", "constant" or "margin".
        was, now: the two values as texts; empty for what is not there.
        worse: less is proved than before, or something else is.
        statement: the text of the statement that it is about, if it is about one.

    >>> was = RecordedClaim(id="young", label="D", verdict="proved", axioms=(), statements=())
    >>> (gone,) = changes([was], [])
    >>> gone.claim, gone.what, gone.was, gone.worse
    ('young', 'claim', 'proved', True)
    >>> gone.as_json()["now"] is None
    True
    """

    claim: str
    what: str
    was: str
    now: str
    worse: bool
    statement: str = ""

    def as_json(self) -> JsonObject:
        """The fields; None for what is not there."""
        return {
            "claim": self.claim,
            "statement": self.statement or None,
            "what": self.what,
            "was": self.was or None,
            "now": self.now or None,
            "worse": self.worse,
        }


def changes(
    old: Iterable[RecordedClaim],
    new: Iterable[RecordedClaim],
    selected: Callable[[str], bool] = lambda _: True,
) -> tuple[Change, ...]:
    """What differs, the worse first.

    Worse are: a claim or a statement that is gone, and a text that changed (whether the new one
    says more is not decided here, except for constants); a label that changed; a verdict that
    fell, from proved to steps, from there to assumed, from there to a failure, or from one failure
    to another; a new axiom; and, where the verdict is the same, a constant or a margin that
    certainly says less (see above). A verdict, an axiom, a constant or a margin can also get
    better, and what is new is no regression; but a claim that was one formula and now has words
    beside it, since something was added, fell to steps.

    Args:
        selected: which claims of `old` are missed where `new` lacks them.

    >>> from dataclasses import replace
    >>> was = RecordedClaim(id="young", label="D", verdict="proved", axioms=(), statements=())
    >>> now = replace(was, verdict="undecided")
    >>> [(change.was, change.now, change.worse) for change in changes([was], [now])]
    [('proved', 'undecided', True)]
    """
    before, after = {c.id: c for c in old}, {c.id: c for c in new}
    found: list[Change] = []
    for claim_id, was in before.items():
        if claim_id in after:
            found += _of_claim(was, after[claim_id])
        elif selected(claim_id):
            found.append(Change(claim_id, "claim", was.verdict, "", True))
    found += [
        Change(i, "claim", "", now.verdict, False) for i, now in after.items() if i not in before
    ]
    return tuple(sorted(found, key=lambda c: not c.worse))


def _of_claim(was: RecordedClaim, now: RecordedClaim) -> Iterator[Change]:
    if was.label != now.label:
        yield Change(now.id, "label", was.label or "none", now.label or "none", True)
    gone, come = (
        dict.fromkeys(a for a in p.axioms if a not in q.axioms) for p, q in ((was, now), (now, was))
    )
    yield from (Change(now.id, "axiom", "", a, True) for a in come)
    yield from (Change(now.id, "axiom", a, "", False) for a in gone)
    found = list(_of_statements(was, now))
    yield from found
    if was.verdict != now.verdict and not any(
        c.what == "verdict" for c in found
    ):  # what it uses holds it back
        yield _of_verdicts(now.id, was.verdict, now.verdict)


def _of_statements(was: RecordedClaim, now: RecordedClaim) -> Iterator[Change]:
    """Statements with the same text are compared, then those with the same text but for
    a constant, then the rest."""
    old, new = (
        [s for s in c.statements if s.kind != "cited"] for c in (was, now)
    )  # axioms have been compared
    if any(s.kind == "error" for s in (*old, *new)):
        return  # a claim that raises states nothing; its verdict says so
    same, old, new = _paired(old, new, lambda s: (s.kind, s.text))
    moved, old, new = _paired(
        old, new, lambda s: s.constant and (s.kind, s.constant.of, s.constant.upper)
    )
    restated, old, new = _paired(old, new, lambda s: s.kind)
    for a, b in same:
        yield from _of_same(now.id, a, b)
    for a, b in moved:
        yield from _of_constants(now.id, a, b)
    yield from (Change(now.id, "statement", a.text, b.text, True) for a, b in restated)
    yield from (Change(now.id, "statement", s.text, "", True) for s in old)
    yield from (Change(now.id, "statement", "", s.text, False) for s in new)


def _paired(
    old: list[RecordedStatement], new: list[RecordedStatement], key: _Key
) -> tuple[list[_Pair], list[RecordedStatement], list[RecordedStatement]]:
    """Statements whose keys (not None) are equal, in order, and what is left of both lists."""
    waiting: dict[Hashable, deque[RecordedStatement]] = defaultdict(deque)
    for s in old:
        waiting[key(s)].append(s)
    pairs, left = [], []
    for s in new:
        if key(s) is not None and waiting[key(s)]:
            pairs.append((waiting[key(s)].popleft(), s))
        else:
            left.append(s)
    taken = {id(s) for s, _ in pairs}
    return pairs, [s for s in old if id(s) not in taken], left


def _of_same(claim_id: str, was: RecordedStatement, now: RecordedStatement) -> Iterator[Change]:
    if was.verdict != now.verdict:
        yield _of_verdicts(claim_id, was.verdict, now.verdict, now.text)
    elif was.margin is not None and now.margin is not None and _direction(was.margin, now.margin):
        fell = _direction(was.margin, now.margin) < 0
        yield Change(
            claim_id, "margin", was.margin.text(DIGITS), now.margin.text(DIGITS), fell, now.text
        )


def _of_constants(
    claim_id: str, was: RecordedStatement, now: RecordedStatement
) -> Iterator[Change]:
    """A constant is no better, or worse, than one that is not proved: then the verdicts say it all.

    The margins differ as well and are not compared: a sharper bound has the smaller one.
    """
    assert was.constant is not None
    assert now.constant is not None
    if was.verdict != now.verdict:
        yield _of_verdicts(claim_id, was.verdict, now.verdict, now.text)
    elif direction := _direction(was.constant.value, now.constant.value):
        worse = direction > 0 if now.constant.upper else direction < 0
        was_text, now_text = was.constant.value.text(DIGITS), now.constant.value.text(DIGITS)
        yield Change(claim_id, "constant", was_text, now_text, worse, now.constant.of)
    else:
        yield Change(claim_id, "statement", was.text, now.text, True)


def _of_verdicts(claim_id: str, was: str, now: str, text: str = "") -> Change:
    return Change(claim_id, "verdict", was, now, _rank(now) <= _rank(was), text)


def _rank(verdict: str) -> int:
    """How much it says: assumed is 1, steps 2, proved 3; no failure is better than another one."""
    return _SUCCESSES.index(verdict) + 1 if verdict in _SUCCESSES else 0


def _direction(was: Enclosure, now: Enclosure) -> int:
    """-1 where the number certainly fell, 1 where it certainly rose, 0 where the
    enclosures meet."""
    if now.upper is not None and was.lower is not None and now.upper < was.lower:
        return -1
    return 1 if now.lower is not None and was.upper is not None and now.lower > was.upper else 0
