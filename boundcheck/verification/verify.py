"""Verification of claims: a verdict for every statement, then for every claim
with all that it rests on."""

from __future__ import annotations

import hashlib
import re
import signal
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from boundcheck.checking.certificate import save
from boundcheck.checking.goals import Rejected
from boundcheck.claims.claim import Claim
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.statement import Citation, Use
from boundcheck.claims.theorem_statement import Shown, TheoremStatement, TheoremText
from boundcheck.claims.verdict import IllPosed, Proved, Steps, Undecided, Verdict, together
from boundcheck.documents import JsonObject
from boundcheck.errors import BoundcheckError, SympyWarning
from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.verification.axioms import reachable
from boundcheck.verification.collect import Collection, claim_beside, collect, describe
from boundcheck.verification.decide import decide
from boundcheck.verification.stated_constant import StatedConstant, stated_constant


@dataclass(frozen=True)
class Checked:
    """A statement with its verdict, and its constant where it bounds something by a number.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> (checked,) = verify_one(quarter, budget=10).checked
    >>> checked.text, checked.verdict.name, checked.constant.value.text(), checked.as_json()["kind"]
    ('x*(1 - x) <= 1/4, on x in [0, 1]', 'proved', '0.25', 'inequality')
    """

    kind: str
    text: str
    verdict: Verdict
    constant: StatedConstant | None = None
    theorem: TheoremText | None = field(default=None, compare=False)

    def as_json(self) -> JsonObject:
        """The kind, the statement and the fields of the verdict; of a theorem, its parts, too."""
        found = {"kind": self.kind, "statement": self.text, **self.verdict.as_json()}
        if self.theorem is None:
            return found
        axioms = [{"statement": a, "reference": r} for a, r in self.theorem.axioms]
        return {
            **found,
            "text": self.theorem.text,
            "latex": self.theorem.latex,
            "hypotheses": list(self.theorem.hypotheses),
            "conclusion": self.theorem.conclusion,
            "axioms": axioms,
            "uses": list(self.theorem.uses),
        }


@dataclass(frozen=True)
class Result:
    """A claim with the verdicts of its statements.

    Attributes:
        checked: the statements with their verdicts, in order.
        verdict: what the verdicts of its statements, and of the claims that it uses, make of it:
            proved only where it is one statement and nothing else (see `claims.verdict.together`).
        axioms: the cited results that it rests on, directly or through other claims.
        rests_on: the ids of the claims that it uses.
        note: what holds it back where its own statements are proved, or what a reader has to know.
        seconds: wall-clock time spent.

    >>> from boundcheck import cited
    >>> statement = cited("a continuous function on [0, 1] has a maximum", "Weierstrass")
    >>> fact = Claim(id="maxima", build=lambda: [statement])
    >>> (result,) = verify([fact])
    >>> result.verdict.name, [a.reference for a in result.axioms], result.as_json()["id"]
    ('assumed', ['Weierstrass'], 'maxima')
    """

    claim: Claim
    checked: tuple[Checked, ...]
    rests_on: tuple[str, ...] = ()
    axioms: tuple[Citation, ...] = ()
    verdict: type[Verdict] = Undecided
    note: str = ""
    seconds: float = 0.0

    @property
    def formula(self) -> str:
        """The statement that is proved, as it is printed; empty where the claim is not proved.

        >>> from boundcheck import inequality
        >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
        >>> quarter = Claim(id="quarter", build=lambda: [statement], title="Parabolas are low.")
        >>> verify_one(quarter, budget=10).formula
        'x*(1 - x) <= 1/4, on x in [0, 1]'
        """
        return self.checked[0].text if self.verdict is Proved else ""

    def as_json(self) -> JsonObject:
        """The fields of `boundcheck verify --json`. What the author says stands under `words`."""
        return {
            "id": self.claim.id,
            "label": self.claim.label,
            "source": self.claim.source,
            "verdict": self.verdict.name,
            "formula": self.formula or None,
            "words": self.claim.title,
            "seconds": round(self.seconds, 4),
            "note": self.note,
            "statements": [c.as_json() for c in self.checked],
            "uses": list(self.rests_on),
            "axioms": [{"statement": a.statement, "reference": a.reference} for a in self.axioms],
        }


def verify(
    claims: Iterable[Claim],
    budget: float = DEFAULT_BUDGET,
    seen: Callable[[Checked], None] = lambda _: None,
    certificates: Path | None = None,
) -> Iterator[Result]:
    """The result of each claim, without what it uses (see `settle`).

    Args:
        budget: units of work for each statement (see `exact.terms.work`).
        seen: called after each statement.
        certificates: a folder for the certificate of each comparison that is proved.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> [result.verdict.name for result in verify([quarter])]
    ['proved']
    """
    for c in claims:
        yield verify_one(c, budget, seen, certificates)


def verify_in_parallel(
    claims: Sequence[Claim], budget: float, jobs: int, certificates: Path | None = None
) -> Iterator[Result]:
    """As `verify`, in several processes, in the order in which they finish.

    Each process reads the files of its claims anew, so only ids, paths and results travel.

    >>> text = 'claim = [{id = "young", states = "2*x <= 1 + x**2", on = "x in [0, 9]"}]'
    >>> _ = Path("claims.toml").write_text(text)
    >>> found = collect(["claims.toml"]).claims
    >>> [result.verdict.name for result in verify_in_parallel(found, budget=10, jobs=1)]
    ['proved']
    """
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupts
    ) as pool:
        pending = {
            pool.submit(_verify_elsewhere, c.path, c.id, budget, certificates): c for c in claims
        }
        try:
            for future in as_completed(pending):
                yield replace(future.result(), claim=pending[future])
        except BaseException:
            for process in list(pool._processes.values()):  # do not wait for statements in progress
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children


def _verify_elsewhere(
    path: Path | None, claim_id: str, budget: float, certificates: Path | None
) -> Result:
    claim = collect([] if path is None else [path]).by_id(claim_id)
    return replace(
        verify_one(claim, budget, certificates=certificates), claim=Claim(claim_id, tuple)
    )


def verify_one(
    claim: Claim,
    budget: float,
    seen: Callable[[Checked], None] = lambda _: None,
    certificates: Path | None = None,
) -> Result:
    """Decide the statements of one claim; an error raised by the claim itself
    is reported as ill-posed.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/5", on="x in [0, 1]")
    >>> wrong = Claim(id="wrong", build=lambda: [statement])
    >>> verify_one(wrong, budget=10).verdict.name
    'refuted'
    """
    start = time.perf_counter()
    checked: list[Checked] = []
    uses: list[str] = []
    axioms: list[Citation] = []
    proofs: list[tuple[int, Comparison, Proved]] = []
    foreign: list[str] = []
    notes: list[str] = []
    derived: list[tuple[int, Shown]] = []
    try:
        with _from_sympy(foreign):
            statements = claim.statements()
        for statement in statements:
            if isinstance(statement, Use):
                uses.append(statement.claim)
                continue
            if isinstance(statement, Citation):
                axioms.append(statement)
            verdict = decide(statement, budget)  # a theorem is known when it has been derived
            done = Checked(statement.kind, statement.text(), verdict, stated_constant(statement))
            if isinstance(statement, TheoremStatement) and statement.shown is not None:
                texts = statement.shown.texts()
                done = replace(done, theorem=texts)
                derived.append((len(checked), statement.shown))
                axioms += [Citation(text, reference) for text, reference in texts.axioms]
                notes += [f"the hypothesis {h} is used in no step" for h in texts.unused]
            checked.append(done)
            seen(done)
            if (
                isinstance(statement, Comparison)
                and isinstance(done.verdict, Proved)
                and done.verdict.proof
            ):
                proofs.append((len(checked), statement, done.verdict))
    except (
        Exception,
        SystemExit,
    ) as error:  # the claim is the user's program; nothing it raises can look proved
        checked.append(
            Checked(
                "error",
                claim.states or claim.title,
                IllPosed(method="error", reason=describe(error, claim.path)),
            )
        )
    for k, statement, verdict in proofs if certificates is not None else ():
        assert certificates is not None
        written = save(certificates / f"{_file_name(claim.id)}.{k}.json", statement, verdict)
        checked[k - 1] = replace(checked[k - 1], verdict=written)
    for k, shown in derived if certificates is not None else ():
        assert certificates is not None
        path = certificates / f"{_file_name(claim.id)}.json"
        checked[k] = replace(checked[k], verdict=_kept(shown, path, checked[k].verdict))
    kind = together((type(c.verdict) for c in checked), words=bool(uses))
    note = "; ".join([*foreign[:1], *notes])
    return Result(
        claim, tuple(checked), tuple(uses), tuple(axioms), kind, note, time.perf_counter() - start
    )


def _kept(theorem: Shown, path: Path, verdict: Verdict) -> Verdict:
    """The verdict, after the derivation has been replayed and written."""
    try:
        theorem.save(path)
    except Rejected as error:
        reason = f"the derivation is not accepted when it is replayed: {error}"
        return Undecided(
            method="certificate", reason=reason, seconds=verdict.seconds, work=verdict.work
        )
    return verdict


@contextmanager
def _from_sympy(seen: list[str]) -> Iterator[None]:
    """Collect what expressions from sympy give rise to, and let all other warnings pass."""
    with warnings.catch_warnings():
        show = warnings.showwarning

        def collect(
            message: Warning | str, category: type[Warning], *where: Any, **rest: Any
        ) -> None:
            if issubclass(category, SympyWarning):
                seen.append(str(message))
            else:
                show(message, category, *where, **rest)

        warnings.simplefilter("always", SympyWarning)
        warnings.showwarning = collect
        yield


def _file_name(claim_id: str) -> str:
    """The id as part of a file name: never a path, whatever a claims file says."""
    plain = re.sub(r"[^\w\-.]", "_", claim_id, flags=re.ASCII)[:100].lstrip(".")
    return (
        plain
        if plain == claim_id
        else f"{plain}-{hashlib.sha256(claim_id.encode()).hexdigest()[:8]}"
    )


def settle(results: Iterable[Result], examples: bool = True) -> tuple[Result, ...]:
    """Results with the claims that they use taken into account: their axioms are inherited, and
    a claim that rests on one that is not proved is not proved either. On steps rest steps at best.

    Args:
        examples: whether theorems without an example are to have a note; what uses them is among
            the results, then.

    >>> from boundcheck import uses
    >>> corollary = Claim(id="corollary", build=lambda: [uses("textbook.squares")])
    >>> (result,) = settle(verify([corollary]))
    >>> print(result.verdict.name, result.note, sep=": ")
    undecided: uses textbook.squares, which is not among the claims verified; name its file too
    """
    by_id = {r.claim.id: r for r in results}
    uses = {r.claim.id: r.rests_on for r in by_id.values()}
    settled = (_settled(r, by_id, reachable(r.claim.id, uses)) for r in by_id.values())
    return tuple(_with_examples(settled) if examples else settled)


def _with_examples(results: Iterable[Result]) -> list[Result]:
    """Results of theorems, with a note where neither an example shows that the hypotheses can hold,
    nor a theorem with an example uses this one."""
    found = list(results)
    theorems = {r.claim.id: c.theorem for r in found for c in r.checked if c.theorem is not None}
    uses = {i: t.uses for i, t in theorems.items()}
    inhabited = {i for i, t in theorems.items() if t.inhabited}
    inhabited |= {below for i in inhabited for below in reachable(i, uses)}
    missing = "no example shows that its hypotheses can hold"
    return [
        replace(r, note="; ".join(n for n in (r.note, missing) if n))
        if r.claim.id in theorems.keys() - inhabited
        else r
        for r in found
    ]


def _settled(result: Result, by_id: dict[str, Result], below: tuple[str, ...]) -> Result:
    axioms = list(result.axioms)
    note, kind = "", result.verdict
    lowered: type[Verdict]
    for claim_id in below:
        used = by_id.get(claim_id)
        if used is None:
            reason, lowered = (
                f"uses {claim_id}, which is not among the claims verified; name its file too",
                Undecided,
            )
        elif claim_id == result.claim.id:
            reason, lowered = "uses itself, directly or through other claims", IllPosed
        else:
            axioms += [a for a in used.axioms if a not in axioms]
            if used.verdict.exit_code == 0:
                if kind is Proved and used.verdict is Steps:
                    kind = Steps
                continue
            reason, lowered = f"uses {claim_id}, which is {used.verdict.name}", Undecided
        note = note or reason
        if kind.exit_code == 0:
            kind = lowered
    return replace(
        result,
        axioms=tuple(axioms),
        verdict=kind,
        note="; ".join(n for n in (result.note, note) if n),
    )


def with_dependencies(chosen: Collection, everything: Collection) -> list[Claim]:
    """The chosen claims and those that they use, in the order of the files; last those of other
    files, beside the one that uses them or among those that come with boundcheck.

    >>> text = 'claim = [{id = "one", states = "1 < 2"}, {id = "two", states = "2 < 3"}]'
    >>> _ = Path("claims.toml").write_text(text)
    >>> everything = collect(["claims.toml"])
    >>> [claim.id for claim in with_dependencies(everything.select("two"), everything)]
    ['two']
    """
    known, wanted = {c.id: c for c in everything.claims}, dict.fromkeys(c.id for c in chosen.claims)
    todo = list(chosen.claims)
    while todo:
        claim = todo.pop()
        for used in _uses(claim):
            if used not in known and claim.proof_file:
                try:
                    known[used] = claim_beside(claim.path, used)
                except BoundcheckError:  # it will be reported as missing
                    continue
            if used in known and used not in wanted:
                wanted[used] = None
                todo.append(known[used])
    return [c for c in known.values() if c.id in wanted]


def _uses(claim: Claim) -> tuple[str, ...]:
    try:
        return tuple(s.claim for s in claim.statements() if isinstance(s, Use))
    except (Exception, SystemExit):  # it will be reported when the claim itself is verified
        return ()
