"""Rules about hypotheses: some are left out, one is added, an equation is used up, or all of them
contradict each other.

What the rules make of a goal stands here as well; the search asks the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from boundcheck.checking.goals import (
    Rejected,
    bounded,
    box_of,
    gap_goal,
    goal_of,
    range_of,
    with_range,
)
from boundcheck.checking.rule import Checks, place
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.exact.algebra.normal import vanishes
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.parser import Side, parse_relation, parse_term
from boundcheck.exact.terms.term import (
    OPPOSITE,
    Relation,
    Term,
    add,
    div,
    is_number,
    mul,
    number,
    postorder,
    sub,
    substitute,
    symbol,
)

_ZERO, _ONE = number(0), number(1)
_OPEN = Side(None, True)
_ENDS = ("lower", "upper")
_FAILS = {**{op: (other,) for op, other in OPPOSITE.items()}, "==": ("<", ">")}


def subset(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """Fewer hypotheses: of `given` some, of the ranges some, of these perhaps one end.

    What is left is about the variables that are left, and so is the relation. A point of the set
    satisfies what is left, so its coordinates that are left are a point of the new set, where both
    sides have the same values: they are defined and the relation holds, as the new goal says. That
    the old set may be empty does no harm, and no sign of the relation matters.
    """
    checks.check(subset_goal(goal, proof["on"], proof["given"]), proof["proof"])


def equation(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A hypothesis gives a variable v as a term t in the other ones, which replaces it everywhere.

    The hypothesis is v == t or t == v; or its two sides differ by c (v - t), where c is not zero
    and c and t are defined on the set (checked, all of it). So at each point of the set t is
    defined and is v. The sides of the relation, and of the other hypotheses, the ends of the range
    of v among them, have the same values there with t in place of v, where they are defined. So the
    other coordinates of the point lie in the new set, on which the new goal shows that both sides
    are defined and the relation holds, whatever its sign. The new set may be larger: nothing is
    concluded from it. With v in place of t both sides are defined in the same places, but for a
    power whose exponent becomes a number: there that they are is checked.
    """
    at = solution(checks, goal, proof)
    if not defined and writes_exponent(goal, proof["variable"], at):
        checks.define(goal, proof)
    checks.check(equation_goal(goal, proof["given"], proof["variable"], at), proof["proof"])


def lemma(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A relation that holds on the set becomes a hypothesis.

    It is shown as a goal of its own, with any sign, on the set as it is: so both of its sides are
    defined at each point and it holds there. With it as a hypothesis, or as the end of a range that
    had none, the set has the same points, and both sides of the goal are defined where they were.
    """
    relation = parse_relation(proof["relation"])
    checks.check(goal_of(replace(goal, relation=relation)), proof["shown"])
    checks.check(lemma_goal(goal, relation), proof["proof"], defined)


def absurd(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """Ex falso: nothing satisfies the hypotheses, so whatever is said of it holds.

    Shown is that 0 > 0 on the set, or that one hypothesis (`given`, or the `end` of a range)
    fails wherever the others hold: that one side is larger than the other one, on a set that
    contains all points in question and on which both sides are defined. So the set has no point;
    at each of its points both sides are defined and the relation holds, with any sign.
    """
    checks.check(absurd_goals(goal, proof)[place(proof.get("option", 0))], proof["proof"])


# -- what these rules make of a goal ---------------------------------------------------------------


def subset_goal(
    goal: Comparison, on: Mapping[str, Sequence[str]], given: Sequence[int]
) -> Comparison:
    """The goal with these ends of the ranges of these variables, and these of `given`."""
    ranges = []
    for name, ends in on.items():
        r = range_of(goal, name)
        if not isinstance(ends, (list, tuple)) or not all(e in _ENDS for e in ends):
            raise Rejected(f"{ends!r} are no ends of {r}")
        ranges.append(Range(name, *(getattr(r, e) if e in ends else _OPEN for e in _ENDS)))
    kept = tuple(goal.given[place(k)] for k in given)
    new = Comparison(goal.relation, box_of(ranges), kept)
    used = goal.relation.free.union(new.on.symbols_in_ends, *(h.free for h in kept))
    if not used <= set(on):
        raise Rejected(f"{', '.join(sorted(used - set(on)))} cannot be left out")
    return bounded(new)


def lemma_goal(goal: Comparison, relation: Relation) -> Comparison:
    """The goal with one more hypothesis, about its own variables."""
    if not relation.free <= set(goal.names):
        raise Rejected(f"{relation} has other variables than the goal")
    return bounded(replace(goal, given=(*goal.given, relation)))


def solution(checks: Checks, goal: Comparison, proof: Proof) -> Term:
    """What a variable is by an equation: checks that it is."""
    index, name = place(proof["given"]), proof["variable"]
    at = solved(goal, index, name)
    if at is None:
        at, times = parse_term(proof["value"]), parse_term(proof["times"])
        if not (at.free | times.free) <= set(goal.names):
            raise Rejected(f"{at}, or {times}, has other variables than the goal")
        checks.define(gap_goal(goal, add(at, div(_ONE, times))), proof, "solvable")
        h = goal.given[index]
        if h.op != "==" or not vanishes(sub(h.gap(), mul(times, sub(symbol(name), at)))):
            raise Rejected(f"{h} does not say that {name} is {at}")
    return at


def solved(goal: Comparison, index: int, name: str) -> Term | None:
    """t, where the hypothesis is the equation v == t or t == v and v is not in t."""
    h, v = goal.given[index], symbol(name)
    if h.op == "==":
        for one, other in ((h.left, h.right), (h.right, h.left)):
            if one is v and name not in other.free:
                return other
    return None


def writes_exponent(goal: Comparison, name: str, at: Term) -> bool:
    """Whether an exponent becomes a number: x**p is not defined for x < 0, and x**2 is."""
    exponents = {n.args[1] for n in postorder(goal.relation.gap()) if n.op == "pow"}
    put = (substitute((e,), {name: at})[0] for e in exponents if name in e.free)
    return any(is_number(e) for e in put)


def equation_goal(goal: Comparison, index: int, name: str, at: Term) -> Comparison:
    """The goal with a term in place of a variable; the range of the variable, and ends that
    mention it, become hypotheses."""
    old = range_of(goal, name)
    if name in at.free or not at.free <= set(goal.names):
        raise Rejected(f"{at} is not a term in the variables other than {name}")
    put, ranges = {name: at}, []
    given = [h for k, h in enumerate(goal.given) if k != index]
    for r in goal.on.ranges:
        kept = {}
        for which in _ENDS:
            side: Side = getattr(r, which)
            moved = side.value is not None and (r is old or name in side.value.free)
            given += [end_of(r, which)] if moved else []
            kept[which] = _OPEN if moved else side
        if r is not old:
            ranges.append(Range(r.name, **kept))
    return goal_of(
        Comparison(goal.relation.subs(put), box_of(ranges), tuple(h.subs(put) for h in given))
    )


def end_of(r: Range, which: str) -> Relation:
    """The end of a range as a relation."""
    side: Side = getattr(r, which)
    if side.value is None:
        raise Rejected(f"{r} has no {which} end")
    sign = (">" if side.open else ">=") if which == "lower" else ("<" if side.open else "<=")
    return Relation(symbol(r.name), sign, side.value)


def absurd_goals(goal: Comparison, proof: Mapping[str, Any]) -> list[Comparison]:
    """Goals each of which says that nothing satisfies the hypotheses: that the one which the proof
    names fails where the others hold, or else 0 > 0."""
    if "given" in proof:
        index = place(proof["given"])
        h = goal.given[index]
        rest = replace(goal, given=(*goal.given[:index], *goal.given[index + 1 :]))
    elif "end" in proof:
        name, which = proof["end"]
        r = range_of(goal, name)
        h = end_of(r, which)
        sides = {e: _OPEN if e == which else getattr(r, e) for e in _ENDS}
        rest = replace(goal, on=with_range(goal.on, Range(name, **sides), name))
    else:
        return [replace(goal, relation=Relation(_ZERO, ">", _ZERO))]
    return [goal_of(replace(rest, relation=Relation(h.left, op, h.right))) for op in _FAILS[h.op]]
