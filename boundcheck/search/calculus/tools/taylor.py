"""One variable: bisection with Taylor forms of high order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flint import fmpq

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.checking.leaves import bisect, mean_value, texts
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof, Proved, Verdict
from boundcheck.enclosure.intervals.at_point import taylor_form
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.interval import End, Interval, Unclear, down
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.enclosure.intervals.series import TaylorForm
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.work import spend
from boundcheck.search.problem import Problem

_TROUBLE = (Unclear, DomainError, Unsupported)
_ORDER = 12
_DEPTH = 60
_FEW = 40


@dataclass
class Boxes:
    """A proof by boxes, a lower bound of the gap, and the number of leaves."""

    proof: Proof
    bound: fmpq
    boxes: int


def at_once(problem: Problem) -> Verdict | None:
    """A smooth inequality in one variable on a bounded range: a few Taylor forms."""
    goal = goals.goal_of(problem.statement)
    if len(goal.on.names) != 1 or goal.given or goal.relation.op == "==":
        return None
    if any(isinstance(e, float) for x in goal.hull.values() for e in (x.lower, x.upper)):
        return None
    parts, boxes, bound = [], 0, None
    relations = goals.cases(goal.relation)
    for relation in relations:
        found = taylor_tree(replace(goal, relation=relation), _FEW, defined=False)
        if found is None:
            return None
        parts.append(found.proof)
        boxes += found.boxes
        bound = found.bound if bound is None else min(bound, found.bound)
    proof = (
        parts[0] if len(parts) == 1 else {"by": "cases", "parts": parts, "defined": "part by part"}
    )
    many = f"{boxes} box{'es' * (boxes > 1)}"
    return Proved(method=f"Taylor forms, {many}", margin=Enclosure(bound, None), proof=proof)


def taylor_tree(
    goal: Comparison, max_boxes: int, *, bits: int = 64, defined: bool = True
) -> Boxes | None:
    """A tree of boxes that proves an inequality in one variable, or None."""
    (name,) = goal.on.names
    op = goal.relation.op
    if op == "==":
        return None
    gap = goal.relation.gap()
    try:
        form: TaylorForm | None = taylor_form(gap, name, bits)
    except Unsupported:
        form = None
    code: list[str] = []
    todo = [(goal.hull[name], 0)]
    boxes, bound = 0, None
    while todo:
        spend(5)
        x, depth = todo.pop()
        boxes += 1
        leaf, low = _leaf(goal, form, x, bits, defined)
        if leaf:
            code.append(leaf)
            bound = low if bound is None else min(bound, low)
            continue
        if depth >= _DEPTH or boxes > max_boxes:
            return None
        try:
            left, right = bisect(x)
        except Rejected:
            return None
        code.append("0")
        todo += [(right, depth + 1), (left, depth + 1)]
    proof = {
        "by": "boxes",
        "hull": texts(goal.hull),
        "bits": bits,
        "order": _ORDER,
        "tree": "".join(code),
    }
    if not defined:
        proof["defined"] = "leaf by leaf"
    assert bound is not None
    return Boxes(proof, bound, len(code) - code.count("0"))


def _leaf(
    goal: Comparison, form: TaylorForm | None, x: Interval, bits: int, defined: bool
) -> tuple[str, fmpq]:
    """The form that proves the goal on x, and the bound that it gives."""
    strict = goal.relation.op == ">"
    finite = not isinstance(x.lower, float) and not isinstance(x.upper, float)
    ways = "ti" if form is not None and finite else "im" if finite else "i"
    gap, box = goal.relation.gap(), {goal.on.names[0]: x}
    for what in ways:
        try:
            if what == "t":
                assert form is not None
                low: End = down(form.lower(x.lower.fmpq(), x.upper.fmpq(), _ORDER))  # type: ignore[union-attr]
            elif what == "i":
                low = on_box(gap, box, bits, loose=defined).lower
            else:
                low = mean_value(gap, box, bits).lower
        except _TROUBLE:
            continue
        if low > 0 or (low >= 0 and not strict):
            return what, fmpq(0) if isinstance(low, float) else low.fmpq()
    return "", fmpq(0)
