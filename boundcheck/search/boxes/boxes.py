"""Several variables: branch and bound over whole batches of boxes.

Each round bounds a batch by the interval extension and by the mean-value form, drops what is
proved, looks at the centres for violations, and cuts the rest where the slope times the width is
largest. What comes out is a bisection tree that the checker replays in balls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof, Proved, Undecided, Verdict
from boundcheck.enclosure.arrays.doubles import doubles
from boundcheck.enclosure.arrays.floats import below, mul
from boundcheck.enclosure.arrays.shaped import Float64, Int
from boundcheck.enclosure.arrays.tape import Corners, Tape
from boundcheck.enclosure.intervals.balls import Balls, ball
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.enclosure.intervals.interval import Interval, Unclear, down, halfway, up
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Relation
from boundcheck.exact.terms.work import OutOfBudget, grace, share, spend
from boundcheck.search.boxes.touching import Convex, convex_points
from boundcheck.search.calculus.attempts import new_search
from boundcheck.search.calculus.tools.visible import definedness
from boundcheck.search.completion import Completer
from boundcheck.search.points.refute import judge
from boundcheck.search.problem import Problem

MAX_BOXES = 1_000_000
_CELLS = 1 << 17
_SOME = 96
_MAX_BALLS = 1500
_MAX_HALVED = 30
_LATE = 2000
_MAX_VARIABLES = 10  # a tree names a variable by one digit

PerBox: TypeAlias = Float64[np.ndarray, " boxes"]
Nodes: TypeAlias = Int[np.ndarray, " boxes"]
Batch: TypeAlias = tuple[Corners, Corners, Nodes]
"""Boxes, and their nodes in the tree."""
AnyBatch: TypeAlias = tuple[
    Float64[np.ndarray, "names _"], Float64[np.ndarray, "names _"], Int[np.ndarray, " _"]
]
"""Of a size that has nothing to do with others."""


@dataclass
class Search:
    """The state of a search for one inequality; `code[k]` is the leaf or
    the variable cut at node k."""

    goal: Comparison
    tape: Tape
    loose: bool
    code: list[str] = field(default_factory=lambda: [""])
    children: dict[int, int] = field(default_factory=dict)
    boxes: int = 0
    bound: float = math.inf
    open: list[AnyBatch] = field(default_factory=list)
    stuck: Batch | None = None
    current: Batch | None = None
    volume: float = 0.0
    touching: list[Convex] | None = None
    level: list[int] = field(default_factory=lambda: [0])
    why: str = ""

    def progress(self) -> str:
        """The share of the volume that is done, and the least bound among what is proved."""
        bound = f", gap >= {self.bound:.3g} there" if math.isfinite(self.bound) else ""
        return f"{self.boxes} boxes, {100 * self.volume:.1f} % of the volume proved{bound}"

    def prefix(self) -> str:
        """The tree in the checker's notation."""
        found, todo = [], [0]
        while todo:
            k = todo.pop()
            found.append(self.code[k])
            if k in self.children:
                todo += [self.children[k] + 1, self.children[k]]
        return "".join(found)


def few_balls(problem: Problem) -> Verdict | None:
    """The interval extension in balls on a few hundred boxes: what a small problem needs,
    in a millisecond or two."""
    goal = goals.goal_of(problem.statement)
    relations = goals.cases(goal.relation)
    names = goal.on.names
    hull = {n: doubles(x) for n, x in goal.hull.items()}
    if goal.given or goal.relation.op == "==" or not 1 < len(names) <= 6:
        return None
    if not all(math.isfinite(e) for x in hull.values() for e in x):
        return None
    parts, boxes = [], 0
    margin: Enclosure | None = None
    for relation in relations:
        found = _by_balls(replace(goal, relation=relation), hull)
        if found is None:
            return None
        tree, count, known = found
        parts.append(_proof(hull, tree, "leaf by leaf"))
        boxes += count
        margin = known if margin is None else _least(margin, known)
    return Proved(method=f"balls, {boxes} boxes", margin=margin, proof=_together(parts))


def _least(a: Enclosure, b: Enclosure) -> Enclosure:
    """The enclosure of the smaller of two numbers."""
    lower = None if a.lower is None or b.lower is None else min(a.lower, b.lower)
    ends = [e for e in (a.upper, b.upper) if e is not None]
    return Enclosure(lower, min(ends, default=None))


def _by_balls(
    goal: Comparison, hull: dict[str, tuple[float, float]]
) -> tuple[str, int, Enclosure] | None:
    """The tree, the number of leaves, and the least gap."""
    names = goal.on.names
    strict = goal.relation.op == ">"
    try:
        program = Balls(goal.relation.gap(), names)
    except Unsupported:
        return None
    todo = [(tuple(hull[n] for n in names), 0)]
    code: list[str] = []
    least: arb | None = None
    worst = todo[0][0]
    # ends of 22 bits, halved at most 30 times: midpoints and radii are exact in doubles
    short = all(math.ldexp(e, 12).is_integer() and abs(e) < 2**10 for x in hull.values() for e in x)
    with ctx.workprec(53):
        while todo:
            box, depth = todo.pop()
            if len(code) > _MAX_BALLS or depth > _MAX_HALVED:
                return None
            value = program(
                [
                    arb(0.5 * (a + b), 0.5 * (b - a)) if short else ball(arb(a), arb(b))
                    for a, b in box
                ]
            )
            if value > 0 or (value >= 0 and not strict):
                low = value.lower()
                code.append("m")
                if least is None or low < least:
                    least, worst = low, box
                continue
            if len(code) % 64 == 40 and program([arb(halfway(a, b)) for a, b in box]) < 0:
                return None
            k = max(range(len(box)), key=lambda i: box[i][1] - box[i][0])
            a, b = box[k]
            cut = halfway(a, b)
            if not a < cut < b:
                return None
            code.append(str(k))
            todo.append(((*box[:k], (cut, b), *box[k + 1 :]), depth + 1))
            todo.append(((*box[:k], (a, cut), *box[k + 1 :]), depth + 1))
        assert least is not None
        high = program(
            [arb(halfway(a, b)) for a, b in worst]
        ).upper()  # inside: the hull is wider by rounding only
        if not high.is_finite():
            return None
    return "".join(code), sum(c == "m" for c in code), enclosure(Interval(down(least), up(high)))


def subdivide(problem: Problem) -> Verdict | None:
    """Prove an inequality on a box, part by part where an outer Abs or Max makes it
    several; None for an equality."""
    if problem.relation.op == "==":
        return None
    if len(problem.names) > _MAX_VARIABLES:
        problem.caps.append(
            f"branch and bound takes at most {_MAX_VARIABLES} variables, not {len(problem.names)}"
        )
        return None
    goal = goals.goal_of(problem.statement)
    parts: list[Proof] = []
    boxes, bound = 0, math.inf
    needs = _definedness(goal)
    for relation in goals.cases(goal.relation):
        part = replace(goal, relation=relation)
        try:
            search = Search(part, Tape(relation.gap(), goal.on.names), loose=needs is not None)
        except Unsupported as error:
            return Undecided(method="branch and bound", reason=str(error))
        found = _run(problem, search)
        boxes += search.boxes
        bound = min(bound, search.bound)
        if found is not None:
            return found
        hull = {n: doubles(x) for n, x in goal.hull.items()}
        tree = _proof(hull, search.prefix(), needs if needs is not None else "leaf by leaf")
        parts.append(
            {**tree, "touching": [c.proof for c in search.touching]} if search.touching else tree
        )
    margin = Enclosure(fmpq(*bound.as_integer_ratio()) if math.isfinite(bound) else None, None)
    proof = _together(parts) if len(parts) > 1 else parts[0]
    return Proved(
        method=f"branch and bound, {boxes} box{'es' * (boxes > 1)}", margin=margin, proof=proof
    )


def _definedness(goal: Comparison) -> Proof | None:
    """Proofs that both sides are defined on the whole set, if the checker
    accepts what the search finds."""
    try:
        with share(0.2):
            needs = definedness(new_search(), goal)
            if needs is not None:
                proof = {"defined": needs}
                Completer().define(goal, proof)
                needs = proof["defined"]
    except (Rejected, OutOfBudget):
        return None
    return needs


def _proof(hull: dict[str, tuple[float, float]], tree: str, defined: Proof | str) -> Proof:
    ends = {n: [_text(a), _text(b)] for n, (a, b) in hull.items()}
    return {"by": "boxes", "hull": ends, "tree": tree, "defined": defined}


def _together(parts: list[Proof]) -> Proof:
    return (
        parts[0] if len(parts) == 1 else {"by": "cases", "parts": parts, "defined": "part by part"}
    )


def _text(x: float) -> str:
    return str(fmpq(*x.as_integer_ratio())) if math.isfinite(x) else "oo" if x > 0 else "-oo"


def _run(problem: Problem, s: Search) -> Verdict | None:
    """None where the inequality is proved, and the verdict otherwise."""
    ends = np.array([doubles(s.goal.hull[n]) for n in s.goal.on.names])
    s.open = [(ends[:, :1].copy(), ends[:, 1:].copy(), np.zeros(1, np.int64))]
    hypotheses = _tapes(s.goal)
    problem.partial = lambda: _undecided(problem, s)
    size = max(32, min(4096, _CELLS // s.tape.count))
    try:
        while s.open:
            batch = _take(s.open, size)
            s.current = batch  # from here on it is not on the stack
            s.boxes += batch[2].size
            spend(200 + 2 * batch[2].size)
            if s.boxes > MAX_BOXES:
                s.why = f"{MAX_BOXES} boxes are all that this search takes"
                break
            if s.boxes % 8 == 0 or s.boxes > 1000:
                problem.watch(s.progress())
            if s.touching is None and s.boxes > _LATE and s.goal.relation.op == ">=":
                s.touching = convex_points(problem, s.goal)
            found = _round(problem, s, batch, hypotheses)
            s.current = None
            if found is not None:
                return found
            if s.stuck is not None:
                break
    except OutOfBudget:
        s.why = "the budget was spent; give a larger one"
    if s.current is not None:
        s.open.append(s.current)
    if not s.open and s.stuck is None and all(s.code):  # every node is cut or has its reason
        return None
    return _undecided(problem, s)


def _undecided(problem: Problem, s: Search) -> Undecided:
    left = s.stuck or (_some(s.open[-1], slice(1)) if s.open else None)
    if left is None:
        return Undecided(method="branch and bound", reason=f"no decision after {s.boxes} boxes")
    if np.isfinite(left[0]).all() and np.isfinite(left[1]).all():
        centre = 0.5 * left[0][:, 0] + 0.5 * left[1][:, 0]
        problem.worst = {
            n: fmpq(*float(c).as_integer_ratio())
            for n, c in zip(s.goal.on.names, centre, strict=True)
        }
    where = ", ".join(
        f"{n} in [{low:.6g}, {high:.6g}]"
        for n, low, high in zip(s.goal.on.names, left[0][:, 0], left[1][:, 0], strict=True)
    )
    known = [*([s.why] if s.why else []), *_least_known(problem, s, left)]
    reason = "; ".join([f"no decision after {s.boxes} boxes", *known])
    return Undecided(
        method="branch and bound", reason=reason, enclosure=_difference(problem), worst=where
    )


def _least_known(problem: Problem, s: Search, left: Batch) -> list[str]:
    """A lower bound of the gap, from the boxes that are done and those that are not."""
    low = s.bound
    try:
        with grace(problem.allowance):
            for lower, upper, _ in [*s.open, left]:
                low = min(low, float(s.tape.values(lower, upper)[0][s.tape.root].min()))
    except OutOfBudget:
        return []
    return [f"the gap is at least {low:.6g}"] if math.isfinite(low) else []


def _difference(problem: Problem) -> Enclosure | None:
    """right - left over the whole box."""
    try:
        with grace(problem.allowance):
            return enclosure(on_box(problem.difference(), problem.statement.hull))
    except (Unclear, DomainError, Unsupported, OutOfBudget):
        return None


def _take(stack: list[AnyBatch], size: int) -> Batch:
    """A batch from the top of the stack."""
    parts, count = [], 0
    while stack and count < size:
        part = stack.pop()
        room = size - count
        if part[2].size > room:
            stack.append(_some(part, slice(room, None)))
            part = _some(part, slice(room))
        parts.append(part)
        count += part[2].size
    if len(parts) == 1:
        return parts[0]
    lower, upper, node = zip(*parts, strict=True)
    return np.concatenate(lower, axis=1), np.concatenate(upper, axis=1), np.concatenate(node)


def _some(batch: AnyBatch, chosen: slice) -> Batch:
    lower, upper, node = batch
    return lower[:, chosen], upper[:, chosen], node[chosen]


def _tapes(goal: Comparison) -> list[tuple[Relation, Tape]]:
    """The hypotheses that are not ranges with constant ends."""
    found = []
    for h in goal.hypotheses:
        one_variable = h.left.op == "symbol" and not h.right.free
        if not one_variable:
            try:
                found.append((h, Tape(h.gap(), goal.on.names)))
            except Unsupported:
                continue
    return found


def _round(
    problem: Problem, s: Search, batch: Batch, hypotheses: list[tuple[Relation, Tape]]
) -> Verdict | None:
    lower, upper, node = batch
    strict = s.goal.relation.op == ">"
    for h, tape in hypotheses:
        low, high = tape.values(lower, upper)
        gap = high[tape.root]
        out = tape.defined(low, high) & ((gap < 0) | ((gap <= 0) & h.strict))
        if h.op == "==":
            out |= tape.defined(low, high) & (low[tape.root] > 0)
        _mark(s, node[out], "x")
        lower, upper, node = lower[:, ~out], upper[:, ~out], node[~out]
    if not node.size:
        return None
    for convex in s.touching or ():
        covered = convex.inside(lower, upper)
        _mark(s, node[covered], "c")
        s.bound = min(s.bound, 0.0) if covered.any() else s.bound
        lower, upper, node = lower[:, ~covered], upper[:, ~covered], node[~covered]
    if not node.size:
        return None
    low, high = s.tape.values(lower, upper)
    defined = s.tape.defined(low, high)
    value = low[s.tape.root]
    ok = defined | s.loose
    done = ok & ((value > 0) | ((value >= 0) & (not strict)))
    _mark(s, node[done], "m")
    s.bound = min(s.bound, float(value[done].min(initial=math.inf)))
    rest = ~done
    if not rest.any():
        return None
    lower, upper, node, defined = lower[:, rest], upper[:, rest], node[rest], defined[rest]
    slopes = s.tape.slopes(low[:, rest], high[:, rest])
    width = upper - lower
    centre, bound, peak = _mean_value(s.tape, lower, upper, slopes)
    done = defined & ((bound > 0) | ((bound >= 0) & (not strict)))
    _mark(s, node[done], "m")
    s.bound = min(s.bound, float(bound[done].min(initial=math.inf)))
    found = _violation(problem, s, centre, peak)
    if found is not None:
        return found
    rest = ~done
    if not rest.any():
        return None
    with np.errstate(all="ignore"):
        smear = np.maximum(np.abs(slopes[0]), np.abs(slopes[1])) * width
        smear = np.where(
            np.isfinite(smear), smear, np.where(np.isfinite(width), width * 1e100, np.inf)
        )
    _cut(s, lower[:, rest], upper[:, rest], node[rest], smear[:, rest])
    return None


def _mean_value(
    tape: Tape, lower: Corners, upper: Corners, slopes: tuple[Corners, Corners]
) -> tuple[Corners, PerBox, PerBox]:
    """Centres, the lower bounds f(c) + Σ S (x - c), and the upper ends of f(c).

    Where a slope has one sign, c is the end at which f is least in that variable, and its
    term is >= 0.
    """
    with np.errstate(all="ignore"):
        centre = np.where(
            slopes[0] >= 0, lower, np.where(slopes[1] <= 0, upper, 0.5 * lower + 0.5 * upper)
        )
    infinite = ~np.isfinite(centre)
    centre = np.where(
        infinite,
        np.where(np.isfinite(lower), lower, np.where(np.isfinite(upper), upper, 0.0)),
        centre,
    )
    low, high = tape.values(centre, centre)
    clear = tape.defined(low, high)
    bound = low[tape.root]
    left, right = below(lower - centre), -below(centre - upper)
    terms = mul(slopes, (np.minimum(left, 0.0), np.maximum(right, 0.0)))[0]
    # x - c keeps its sign exactly where c is an end
    terms = np.where((centre == lower) & (slopes[0] >= 0), 0.0, terms)
    terms = np.where((centre == upper) & (slopes[1] <= 0), 0.0, terms)
    for k in range(terms.shape[0]):
        bound = below(bound + terms[k])
    return centre, np.where(clear, bound, -math.inf), np.where(clear, high[tape.root], math.inf)


def _mark(s: Search, nodes: Nodes, what: str) -> None:
    for k in nodes.tolist():
        s.code[k] = what
        s.volume += 2.0 ** -s.level[k]


def _violation(problem: Problem, s: Search, centre: Corners, peak: PerBox) -> Verdict | None:
    """Judge the worst centre of the batch, where the gap is below 0 by the looks of it."""
    k = int(np.argmin(peak))
    if not peak[k] <= 0:
        return None
    point = {
        n: fmpq(*float(c).as_integer_ratio())
        for n, c in zip(s.goal.on.names, centre[:, k], strict=True)
    }
    return judge(problem, point) if problem.admits(point) else None


def _cut(s: Search, lower: Corners, upper: Corners, node: Nodes, smear: Corners) -> None:
    """Cut every box at least once, and several times while there are few."""
    while True:
        middle = _halfway(lower, upper)
        able = (lower < middle) & (middle < upper)
        score = np.where(able, smear, -1.0)
        across = np.argmax(score, axis=0)
        every = np.arange(node.size)
        if (score[across, every] < 0).any() or len(s.code) > 40 * MAX_BOXES:
            k = int(np.argmin(score[across, every]))
            s.why = (
                "a box as small as doubles allow is not decided"
                if score[across[k], k] < 0
                else "too many boxes"
            )
            s.stuck = lower[:, k : k + 1], upper[:, k : k + 1], node[k : k + 1]
            return
        first = len(s.code)
        fresh = np.arange(first, first + 2 * node.size, 2)
        for k, (n, v) in enumerate(zip(node.tolist(), across.tolist(), strict=True)):
            s.code[n] = str(v)
            s.children[n] = first + 2 * k
        s.code.extend([""] * (2 * node.size))
        s.level += [s.level[n] + 1 for n in node.tolist() for _ in (0, 1)]
        left, right = upper.copy(), lower.copy()
        left[across, every] = right[across, every] = middle[across, every]
        smear = smear.copy()
        smear[across, every] *= 0.5
        lower, upper = np.concatenate([lower, right], axis=1), np.concatenate([left, upper], axis=1)
        node, smear = np.concatenate([fresh, fresh + 1]), np.concatenate([smear, smear], axis=1)
        if node.size >= _SOME:
            break
    s.open.append((lower, upper, node))


def _halfway(lower: Corners, upper: Corners) -> Corners:
    """`halfway` for arrays."""
    with np.errstate(all="ignore"):
        middle = 0.5 * lower + 0.5 * upper
        middle = np.where(np.isneginf(lower) & np.isposinf(upper), 0.0, middle)
        middle = np.where(
            np.isneginf(lower) & np.isfinite(upper), np.minimum(2 * upper - 1, -1.0), middle
        )
        return np.where(
            np.isfinite(lower) & np.isposinf(upper), np.maximum(2 * lower + 1, 1.0), middle
        )
