"""A theorem as a statement: what it says is known when its proof has been run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Protocol


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


class Shown(Protocol):
    """A theorem that was derived, as far as it is shown to people.

    Attributes:
        text, latex: the theorem with its declarations and hypotheses.
        hypotheses: each as text.
        conclusion: as text.
        axioms: pairs of a statement and its reference.
        uses: ids of the theorems that its proof uses.
        unused: hypotheses that were given and that no step uses.
        steps: how many rules were applied.
        inhabited: whether an example was shown to fulfil all hypotheses, or there are none.
    """

    @property
    def text(self) -> str: ...
    @property
    def latex(self) -> str: ...
    @property
    def hypotheses(self) -> Sequence[str]: ...
    @property
    def conclusion(self) -> str: ...
    @property
    def axioms(self) -> Sequence[tuple[str, str]]: ...
    @property
    def uses(self) -> Sequence[str]: ...
    @property
    def unused(self) -> Sequence[str]: ...
    @property
    def steps(self) -> int: ...
    @property
    def inhabited(self) -> bool: ...
    def within(self, width: int) -> str:
        """The text, in lines that are that long where it can be done."""
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
    kind = "theorem"

    def derive(self, budget: float) -> Shown:
        """The theorem; its proof is run once."""
        if self.shown is None:
            self.shown = self.prove(budget)
        return self.shown

    def text(self) -> str:
        """The theorem in words and symbols, or that it has not been derived."""
        if self.shown is None:
            return f"the theorem {self.name}, which has not been derived"
        return self.shown.text
