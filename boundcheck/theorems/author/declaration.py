"""`@theorem`: a function of a proof file that writes a theorem, as a claim."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from boundcheck.claims.claim import LABELS, Claim, Reading
from boundcheck.claims.theorem_statement import Number, TheoremStatement, TheoremText
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term
from boundcheck.rims import rim
from boundcheck.theorems.author.facts import Fact
from boundcheck.theorems.author.moved_numbers import Key, NumberAt, numbers, source
from boundcheck.theorems.author.proof import Proof
from boundcheck.theorems.author.vacuity import Example, contradicting, example_fails, says_nothing
from boundcheck.theorems.axioms.all_axioms import AXIOMS
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.sequent import Refused, Theorem
from boundcheck.theorems.language.expr import Expr
from boundcheck.theorems.language.heads import WrongSort
from boundcheck.theorems.notation.sequent_latex import sequent_display, sequent_latex
from boundcheck.theorems.notation.sequent_text import sequent_text
from boundcheck.theorems.records.theorem_certificate import save_theorem

_NARROW = 64  # columns, below a verdict in a terminal of 80


@dataclass(frozen=True)
class Finished:
    """A theorem that was derived; see `claims.theorem_statement.Shown`."""

    theorem: Theorem
    uses: Sequence[str]
    unused: Sequence[str]
    inhabited: bool
    stated: Mapping[Key, Expr]
    last: Key | None
    formulas: Sequence[Term]
    again: Callable[[Mapping[Key, Expr], Mapping[Term, Term], float], object]

    @property
    def hypotheses(self) -> tuple[str, ...]:
        return tuple(map(repr, self.theorem.hyps))

    @property
    def conclusion(self) -> str:
        return repr(self.theorem.concl)

    @property
    def axioms(self) -> tuple[tuple[str, str], ...]:
        found = [AXIOMS[n] for n in sorted(self.theorem.axioms)]
        return tuple((repr(a.formula), a.reference) for a in found)

    def texts(self) -> TheoremText:
        hyps, concl, axioms = self.theorem.hyps, self.theorem.concl, dict(self.axioms)
        return TheoremText(
            sequent_text(hyps, concl, axioms=axioms),
            sequent_text(hyps, concl, axioms=axioms, width=_NARROW),
            sequent_latex(hyps, concl, axioms=axioms),
            self.hypotheses,
            self.conclusion,
            self.axioms,
            tuple(dict.fromkeys(self.uses)),
            tuple(self.unused),
            self.inhabited,
        )

    @property
    def steps(self) -> int:
        return len(_steps(self.theorem))

    def _repr_latex_(self) -> str:
        return sequent_display(self.theorem.hyps, self.theorem.concl)

    def save(self, path: Path) -> None:
        save_theorem(path, self.theorem)

    def numbers(self) -> tuple[NumberAt, ...]:
        """The numbers of the conclusion and of the hypotheses, as the author wrote them."""
        wanted = [self.last] if self.last is not None else []
        used = set(self.theorem.hyps)
        wanted += [k for k, f in self.stated.items() if k[0] == "given" and f in used]
        return tuple(n for k in wanted for n in numbers(k, self.stated[k]))

    def still_derived(self, at: Number, value: Fraction, budget: float) -> str:
        assert isinstance(at, NumberAt)
        try:
            formula = at.moved(value)
        except BoundcheckError as error:
            return str(error)
        return self._fails({at.key: formula}, {}, budget)

    def with_formula(self, old: Term, new: Term, budget: float) -> str:
        """Why the proof does not go through with another formula of the theory; or empty."""
        return self._fails({}, {old: new}, budget)

    def _fails(self, changed: Mapping[Key, Expr], moved: Mapping[Term, Term], budget: float) -> str:
        try:
            self.again(changed, moved, budget)
        except (StepFailed, Refused, WrongSort) as error:
            return str(error)
        return ""


def _steps(theorem: Theorem) -> set[int]:
    seen: set[int] = set()
    stack = [theorem]
    while stack:
        t = stack.pop()
        if id(t) not in seen:
            seen.add(id(t))
            stack += t.premises
    return seen


def theorem(
    *, source: str, label: str = "D", reading: Reading | None = None
) -> Callable[[Callable[[Proof], Fact]], Claim]:
    """Declare a function `def name(t)` to write a theorem: it declares symbols, gives hypotheses,
    makes steps, and returns the fact that is the conclusion.

    Args:
        source: where the theorem comes from, in words.
        label: "P" claimed by the paper, "D" derived here, "C" cited.
        reading: of a claim of the paper, where the theorem decides one.

    Raises:
        BoundcheckError: an unknown label, or a function without a docstring.

    >>> from boundcheck.theorems.author.words import Forall
    >>> @theorem(source="folklore")
    ... def half(t):
    ...     \"\"\"x(1 - x) is at most 1/4.\"\"\"
    ...     x = t.real("x")
    ...     with t.let(x) as whole:
    ...         t.show(x * (1 - x) <= "1/4")
    ...     return whole.fact
    >>> (statement,) = half.statements()
    >>> statement.derive(10).conclusion
    'for all x : Real. x*(1 - x) <= 1/4'
    """
    if label not in LABELS:
        raise BoundcheckError(
            f"{label!r} is not a label; use " + ", ".join(f"{k} ({v})" for k, v in LABELS.items())
        )

    def declare(function: Callable[[Proof], Fact]) -> Claim:
        words = inspect.getdoc(function) or ""
        if not words.strip():
            raise BoundcheckError(
                f"the theorem {function.__name__} needs a docstring that says it in words"
            )
        path = inspect.getsourcefile(function)
        stem = Path(path).stem if path else function.__module__
        name = f"{stem}.{function.__name__}"
        file = Path(path) if path else None

        def prove(budget: float) -> Finished:
            return _proved(function, file, budget)

        statement = TheoremStatement(name, prove)
        return Claim(
            id=name,
            build=lambda: [statement],
            source=source,
            label=label,
            title=" ".join(words.split("\n\n")[0].split()),
            path=file,
            line=function.__code__.co_firstlineno,
            reading=reading,
        )

    return declare


def _proved(
    function: Callable[[Proof], Fact],
    file: Path | None,
    budget: float,
    changed: Mapping[Key, Expr] | None = None,
    moved: Mapping[Term, Term] | None = None,
) -> Finished:
    t = Proof(budget, lambda name, most: _other(file, name, most))
    t.changed, t.moved = changed or {}, moved or {}
    try:
        found = t.finished(function(t))
    except (StepFailed, Refused) as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if file is not None and Path(f.filename) == file]
        at = f" (line {own[-1].lineno} of {file.name})" if own and file is not None else ""
        raise StepFailed(f"{error}{at}") from error
    why = says_nothing(found)
    if why is not None:
        raise BoundcheckError(f"the theorem says nothing: {why}; state what is to be shown")
    for values, spaces in () if changed or moved else t.examples:
        why = example_fails(found, Example(values, spaces), budget)
        if why is not None:
            raise StepFailed(f"the example is none: {why}")
    if not (changed or moved or t.examples) and contradicting(found):
        raise BoundcheckError("its hypotheses contradict each other, so that it says nothing")
    used = set(found.hyps)
    unused = tuple(repr(g) for g in t.givens if g not in used)
    return Finished(
        found,
        tuple(t.used),
        unused,
        bool(t.examples) or not found.hyps,
        t.stated,
        source(found, t.steps),
        tuple(t.formulas),
        lambda changed, moved, most: _proved(function, file, most, changed, moved),
    )


def _other(file: Path | None, name: str, budget: float) -> Theorem:
    """The theorem of another claim of the same folder."""
    claim: Claim = rim("proofs").claim_beside(file, name)
    return theorem_of(claim, budget)


def theorem_of(claim: Claim, budget: float) -> Theorem:
    """The theorem that a claim derives.

    Raises:
        BoundcheckError: the claim is no theorem.
    """
    for s in claim.statements():
        if isinstance(s, TheoremStatement):
            shown = s.derive(budget)
            assert isinstance(shown, Finished)
            return shown.theorem
    raise BoundcheckError(f"{claim.id} is no theorem, so that nothing follows from it by a rule")
