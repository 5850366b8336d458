"""All that is known of one claim: its verdict, what it rests on, and what uses it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from boundcheck.claims.claim import Claim
from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.documents import JsonObject
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term
from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.theory.formulas.formula_names import name_of
from boundcheck.verification.axioms import Entry, ledger
from boundcheck.verification.collect import Collection
from boundcheck.verification.verify import Result, settle, verify, with_dependencies


@dataclass(frozen=True)
class Exhibit:
    """A claim with all that is known of it.

    Attributes:
        result: its verdict, with all that it rests on taken into account.
        entry: what it assumes, and whose words it takes.
        named_by: ids of the claims whose proofs name it.
        formulas: the formulas of the theory that its proof reads, by their names: a number that is
            evaluated by one of them is the number of this theorem.
    """

    result: Result
    entry: Entry
    named_by: tuple[str, ...] = ()
    formulas: tuple[tuple[str, Term], ...] = ()

    @property
    def claim(self) -> Claim:
        return self.result.claim

    @property
    def place(self) -> str:
        """File and line; of an entry of a claims file, its number."""
        path = self.claim.path
        if path is None:
            return ""
        near = path.is_relative_to(Path.cwd())
        shown = path.relative_to(Path.cwd()) if near else path
        return (
            f"{shown}:{self.claim.line}"
            if self.claim.proof_file
            else f"{shown}, claim {self.claim.line}"
        )

    def as_json(self) -> JsonObject:
        """The fields of `boundcheck show --json`."""
        return {
            **self.result.as_json(),
            "place": self.place,
            "used_by": list(self.named_by),
            "formulas": {name: str(formula) for name, formula in self.formulas},
            "assumes_there_is": list(self.entry.hypotheses),
            "words_of": list(self.entry.words),
        }


def exhibit(
    claim_id: str,
    everything: Collection,
    budget: float = DEFAULT_BUDGET,
    watch: Callable[[str], None] = lambda _: None,
) -> Exhibit:
    """What is known of the claim of that id; it and what it uses are decided for it.

    Args:
        budget: units of work for each statement (see `exact.terms.work`).
        watch: called with the id of each claim before it is decided.

    Raises:
        BoundcheckError: there is no such claim; it names similar ones.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement], title="Parabolas are low.")
    >>> found = exhibit("quarter", Collection((quarter,), ()))
    >>> found.result.verdict.name, found.entry.axioms, found.named_by
    ('proved', (), ())
    """
    claim = everything.by_id(claim_id)
    claims = with_dependencies(Collection((claim,), ()), everything)
    results = []
    for c in claims:
        watch(c.id)
        results += list(verify([c], budget))
    result = next(r for r in settle(results, examples=False) if r.claim.id == claim.id)
    try:
        (entry,) = ledger(claims, lambda i: i == claim.id)
        statements = claim.statements()
    except BoundcheckError:  # the note of the result says what is wrong with it
        entry, statements = Entry(claim, (), (), ()), ()
    shown = [s.shown for s in statements if isinstance(s, TheoremStatement) and s.shown]
    formulas = tuple((name_of(f), f) for s in shown for f in s.formulas if name_of(f))
    return Exhibit(result, entry, named_by(claim.id, everything), formulas)


def named_by(claim_id: str, everything: Collection) -> tuple[str, ...]:
    """The claims of proof files in which the id stands: they use it. Nothing is derived for that,
    so that a name that a program puts together is not seen."""
    paths = {c.path for c in everything.claims if c.path is not None and c.proof_file}
    places = {path: _functions(path, claim_id) for path in sorted(paths)}
    return tuple(
        c.id
        for c in everything.claims
        if c.path in places and c.id != claim_id and c.id.partition(".")[2] in places[c.path]
    )


def _functions(path: Path, text: str) -> set[str]:
    """The names of the functions of a file in which a text stands."""
    source = path.read_text(encoding="utf-8")
    if text not in source:
        return set()
    return {
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and inner.value == text
    }
