"""What proofs leave out, looked for: the checker itself searches nothing.

A tactic may write `{"by": "algebra"}` without saying how, and leave out why ends of ranges lie
inside them and operands are defined, where exact algebra shows it. `completed` puts that in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from boundcheck.checking import direct_rules
from boundcheck.checking.checker import RULES, Checker
from boundcheck.checking.goals import Rejected
from boundcheck.checking.rule import Checks, Rule
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.exact.cells.guide import BadChoice
from boundcheck.search.cells.exactly import decide_exactly

_ALGEBRA, _SIDE = 10.0, 1.0  # units of work: for a goal, and for a side condition


def completed(goal: Comparison, proof: Proof) -> Proof:
    """The proof with all that the checker wants to see; it has been checked.

    Raises:
        Rejected: it is no proof of the goal, or something is missing and was not found.
    """
    copy: dict[str, Any] = json.loads(json.dumps(proof))  # a tree: each part has its own goal
    Completer().check(goal, copy)
    return copy


def leads_to(goal: Comparison, outline: Proof, child: Comparison, ex_falso: bool = False) -> bool:
    """Whether the checker accepts a proof of a goal in which `DECIDED` stands for a proof of
    another one."""
    try:
        _Outline(child, ex_falso).check(goal, outline)
    except Rejected:
        return False
    return True


DECIDED: Proof = {"by": "decided"}


class _Outline(Checker):
    """A checker that takes one goal for proved."""

    def __init__(self, child: Comparison, ex_falso: bool) -> None:
        super().__init__(ex_falso)
        self.child = child

    def check(self, goal: Comparison, proof: Proof, defined: bool = False) -> None:
        if proof != DECIDED:
            super().check(goal, proof, defined)
        elif goal != self.child:
            raise Rejected(f"{goal.text()[:300]} is not what was decided")


def _algebra(checks: Checks, goal: Comparison, proof: Any, defined: bool) -> None:
    """The rule, after its choices have been looked for: those of a proof for a larger set, which
    the search reuses, do not fit."""
    if "script" in proof:
        try:
            return direct_rules.algebra(checks, goal, proof, defined)
        except (Rejected, BadChoice):
            pass
    found = decide_exactly(goal, _ALGEBRA)
    if found is None:
        raise Rejected(f"algebra does not show {goal.text()}")
    proof.update(found)
    direct_rules.algebra(checks, goal, proof, defined)


class Completer(Checker):
    """A checker that writes into the proof, a tree of dicts, what is missing in it."""

    rules: Mapping[str, Rule] = {**RULES, "algebra": _algebra}

    def sees(self, goal: Comparison) -> bool:
        """Whether a goal that is known to be defined may be left to be completed."""
        return self.at_once(goal) or decide_exactly(goal, _SIDE) is not None

    def missing(
        self, options: Sequence[Comparison], proof: Any, key: str, name: str | int
    ) -> Proof:
        for k, option in enumerate(options):
            found = decide_exactly(option, _SIDE)
            if found is None:
                continue
            if key == "inside":
                proof[key] = list(proof.get(key) or [])
                proof[key] += [None] * (int(name) + 1 - len(proof[key]))
                proof[key][name] = found
                return found
            shown = {"option": k, "proof": found}
            proof[key] = {**proof.get(key, {}), name: shown}
            return shown
        return super().missing(options, proof, key, name)
