"""A theorem as a statement: what it says is known when its proof has been run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term


class Number(Protocol):
    """An occurrence of a number in a theorem.

    Attributes:
        value: the number.
        role: what it does there.
    """

    @property
    def value(self) -> Fraction: ...
    @property
    def role(self) -> str: ...
    def marked(self) -> str:
        """Where it stands, in words."""
        ...


@dataclass(frozen=True)
class TheoremText:
    """A theorem that was derived, as texts.

    Attributes:
        text: the theorem with its declarations and hypotheses.
        narrow: the same, in lines that fit below a verdict in a terminal of 80 columns.
        latex: the same in LaTeX.
        hypotheses, conclusion: each in one line.
        axioms: pairs of a statement and its reference.
        uses: ids of the theorems that its proof uses.
        unused: hypotheses that were given and that no step uses.
        inhabited: whether an example was shown to fulfil all hypotheses, or there are none.
    """

    text: str
    narrow: str
    latex: str
    hypotheses: tuple[str, ...]
    conclusion: str
    axioms: tuple[tuple[str, str], ...] = ()
    uses: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    inhabited: bool = True


class Shown(Protocol):
    """A theorem that was derived.

    Attributes:
        steps: how many rules were applied.
        formulas: those of the theory that its proof reads.
    """

    @property
    def steps(self) -> int: ...
    @property
    def formulas(self) -> Sequence[Term]: ...
    def texts(self) -> TheoremText:
        """What is shown of it to people."""
        ...

    def numbers(self) -> Sequence[Number]:
        """The numbers of the conclusion and of the hypotheses."""
        ...

    def still_derived(self, at: Number, value: Fraction, budget: float) -> str:
        """Why the proof does not go through with another number in one place; empty if it does."""
        ...

    def save(self, path: Path) -> None:
        """Replay the whole derivation, and write it as a certificate."""
        ...


@dataclass
class TheoremStatement:
    """A theorem of a proof file.

    Attributes:
        name: the id of the claim.
        prove: runs the proof, with so many units of work for each question to the prover.
        shown: the theorem, once it has been derived.
    """

    name: str
    prove: Callable[[float], Shown]
    shown: Shown | None = field(default=None, repr=False)
    under_way: bool = field(default=False, repr=False)
    kind = "theorem"

    def derive(self, budget: float) -> Shown:
        """The theorem; its proof is run once.

        Raises:
            BoundcheckError: its proof uses the theorem itself, directly or through others.
        """
        if self.under_way:
            raise BoundcheckError(f"{self.name} uses itself; a theorem rests on others")
        if self.shown is None:
            self.under_way = True
            try:
                self.shown = self.prove(budget)
            finally:
                self.under_way = False
        return self.shown

    def text(self) -> str:
        """The theorem in words and symbols, or that it has not been derived."""
        if self.shown is None:
            return f"the theorem {self.name}, which has not been derived"
        return self.shown.texts().text
