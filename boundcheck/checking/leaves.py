"""Trees of boxes: why an inequality holds on each box of a bisection, replayed in balls."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flint import arb, ctx, fmpq

from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.enclosure.intervals.gradient import slopes
from boundcheck.enclosure.intervals.interval import (
    Interval,
    Unclear,
    absolute,
    between,
    down,
    halfway,
    interval,
    least,
    middle,
    most,
)
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.enclosure.intervals.series import TaylorForm
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.linear import collected
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Relation, Term, substitute

_BITS = 96
_MAX_BITS = 4096
_MAX_ORDER = 200
_TROUBLE = (Unclear, DomainError, Unsupported)


def positive(found: Interval, op: str) -> bool:
    if op == "==":
        return bool(found.lower == 0 and found.upper == 0)
    return bool(found.lower > 0 or (found.lower >= 0 and op == ">="))


def precision(proof: Proof, bits: int, order: int, least: int) -> tuple[int, int]:
    """The bits and the order, not below the least one, of the forms that a proof asks for."""
    bits, order = int(proof.get("bits", bits)), int(proof.get("order", order))
    if not (16 <= bits <= _MAX_BITS and least <= order <= _MAX_ORDER):
        raise Rejected(f"{bits} bits and order {order} are out of the question")
    return bits, order


@dataclass
class Tree:
    """A bisection tree in prefix notation: a digit halves that variable's
    range, a letter is a leaf.

    `i` the interval extension, `m` that or the mean-value form (both also with linear combinations
    collected), `t` a Taylor form, `x` a hypothesis fails on the whole box, `c` the gap is convex on
    the hull of the box and of a point where it and its gradient are zero.
    """

    goal: Comparison
    proof: Proof
    defined: bool

    def check(self) -> None:
        goal, proof = self.goal, self.proof
        self.names = list(goal.on.names)
        self.gap, self.op = goal.relation.gap(), goal.relation.op
        self.plain = collected(self.gap)
        self.bits, self.order = precision(proof, 64, 12, 1)
        self.form: TaylorForm | None = None
        self.touching = [Touching(self.gap, self.names, t) for t in proof.get("touching", ())]
        with ctx.workprec(_MAX_BITS):  # the ends as they are written, as the search had them
            hull = {n: between(*[_end(e) for e in proof["hull"][n]]) for n in self.names}
        for name, needed in goal.hull.items():
            if not (hull[name].lower <= needed.lower and hull[name].upper >= needed.upper):
                raise Rejected(f"the boxes do not cover the range of {name}")
        todo, code = [tuple(hull[n] for n in self.names)], iter(proof["tree"])
        while todo:
            box, what = todo.pop(), next(code, None)
            if (
                what is not None
                and what.isdigit()
                and what.isascii()
                and int(what) < len(self.names)
            ):
                k = int(what)
                todo += [(*box[:k], part, *box[k + 1 :]) for part in reversed(bisect(box[k]))]
            elif what not in tuple("imtxc") or not self._leaf(
                what, dict(zip(self.names, box, strict=True))
            ):
                raise Rejected(f"the leaf {what!r} does not hold on {box}")
        if next(code, None) is not None:
            raise Rejected("the tree has leaves that belong to no box")

    def _leaf(self, what: str, box: dict[str, Interval]) -> bool:
        if what == "x":
            return any(self._fails(h, box) for h in self.goal.hypotheses)
        if what == "t":
            return self._taylor(box)
        if what == "c":
            return self.op == ">=" and any(t.covers(box) for t in self.touching)
        try:
            if positive(on_box(self.gap, box, self.bits, loose=self.defined), self.op):
                return True
        except _TROUBLE:
            if not self.defined:
                return False
        # the gap is defined where it has to be, and there it is the collected term
        if positive(on_box(self.plain, box, self.bits, loose=True), self.op):
            return True
        return what == "m" and positive(mean_value(self.plain, box, self.bits), self.op)

    def _fails(self, h: Relation, box: dict[str, Interval]) -> bool:
        try:
            gap = on_box(h.gap(), box, self.bits)
        except _TROUBLE:
            return False
        return bool(
            gap.upper < 0 or (h.strict and gap.upper <= 0) or (h.op == "==" and gap.lower > 0)
        )

    def _taylor(self, box: dict[str, Interval]) -> bool:
        (name,) = self.names
        if self.form is None:
            self.form = taylor_form(self.gap, name, self.bits)
        x = box[name]
        if isinstance(x.lower, float) or isinstance(x.upper, float):
            raise Rejected(f"there is no Taylor form on the unbounded range {x}")
        low = self.form.lower(x.lower.fmpq(), x.upper.fmpq(), self.order)
        return positive(Interval(down(low), math.inf), self.op)


def bisect(x: Interval) -> tuple[Interval, Interval]:
    """The two halves of a range: cut at `halfway` where the ends are doubles, at
    `middle` where they are not."""
    ends = [e if isinstance(e, float) else float(e) for e in (x.lower, x.upper)]
    if all(math.isinf(e) or arb(e) == own for e, own in zip(ends, (x.lower, x.upper), strict=True)):
        cut = arb(halfway(*ends))
    else:
        with ctx.workprec(_MAX_BITS):
            cut = arb(middle(x))
    if not cut.is_exact() or not x.lower < cut < x.upper:
        raise Rejected(f"{x} cannot be halved")
    return Interval(x.lower, cut), Interval(cut, x.upper)


def _lowest(x: Interval, slope: Interval) -> fmpq:
    """Where to expand: at the end where the function is least, if the slope has one sign."""
    if slope.lower >= 0 and not isinstance(x.lower, float):
        return x.lower.fmpq()
    return x.upper.fmpq() if slope.upper <= 0 and not isinstance(x.upper, float) else middle(x)


def mean_value(gap: Term, box: Mapping[str, Interval], bits: int) -> Interval:
    """gap(c) + Σ S_i (x_i - c_i), cut down to the interval extension. Raises Unclear
    where it may be undefined."""
    values, gradient = slopes(gap, box, bits)
    with ctx.workprec(bits):
        centre = {n: interval(_lowest(x, gradient[n])) for n, x in box.items()}
        total = on_box(gap, centre, bits)
        for n, x in box.items():
            total = total + gradient[n] * (x - centre[n])
        return Interval(most((total.lower, values.lower)), least((total.upper, values.upper)))


def _end(text: Any) -> fmpq | None:
    if text in ("oo", "-oo"):
        return None
    if not isinstance(text, str):
        raise Rejected(f"the end {text!r} is not a text")
    return rational(text)


def texts(hull: Mapping[str, Interval]) -> dict[str, list[str]]:
    """A hull as `proof["hull"]` wants it."""

    def text(e: Any, infinite: str) -> str:
        return infinite if isinstance(e, float) else str(e.fmpq())

    return {n: [text(x.lower, "-oo"), text(x.upper, "oo")] for n, x in hull.items()}


class Touching:
    """A point where a gap is zero, with a basis in which its second derivatives are
    visibly definite around it.

    On a convex set with the point p, f(x) = 1/2 (x-p)ᵀ H(ξ) (x-p): f >= 0 where
    all H(ξ) are semidefinite.

    Raises:
        Rejected: the gap or its gradient is not zero at the point, by `sign_of`.
    """

    def __init__(self, gap: Term, names: list[str], proof: Mapping[str, Any]) -> None:
        at = {n: parse_term(proof["at"][n]) for n in names}
        gradient = [derivative(gap, n) for n in names]
        for t in (gap, *gradient):
            if sign_of(substitute((t,), at)[0])[0] != 0:
                raise Rejected("the gap or its gradient is not zero at the point")
        self.gap, self.names = gap, names
        self.point = {n: interval(at_point(at[n], {}, _BITS)) for n in names}
        self.bends = [[derivative(g, n) for n in names] for g in gradient]
        self.basis = [[rational(v) for v in row] for row in proof["basis"]]

    def covers(self, box: Mapping[str, Interval]) -> bool:
        """Whether the gap is shown to be >= 0 on a box."""
        hull = {n: box[n].hull(self.point[n]) for n in self.names}
        try:
            on_box(self.gap, hull, _BITS)  # defined everywhere around the point
            bends = [[on_box(t, hull, _BITS) for t in row] for row in self.bends]
        except _TROUBLE:
            return False
        return _definite(bends, self.basis)


def _definite(bends: list[list[Interval]], basis: list[list[fmpq]]) -> bool:
    """Whether BᵀHB is diagonally dominant with a diagonal >= 0 for every H inside:
    then H is positive semidefinite.

    B has to be a square matrix of that size and invertible, and is if it is triangular
    with a non-zero diagonal.
    """
    n = len(bends)
    if len(basis) != n or any(len(row) != n for row in basis):
        return False
    if any(basis[i][j] != 0 for i in range(n) for j in range(i)) or any(
        basis[i][i] == 0 for i in range(n)
    ):
        return False
    with ctx.workprec(_BITS):
        half = [[_combine(row, [basis[k][j] for k in range(n)]) for j in range(n)] for row in bends]
        columns = [[half[k][j] for k in range(n)] for j in range(n)]
        for i in range(n):
            row = [_combine(column, [basis[k][i] for k in range(n)]) for column in columns]
            beside = interval(0)
            for j in range(n):
                beside = beside + absolute(row[j]) if j != i else beside
            if not row[i].lower >= beside.upper:
                return False
    return True


def _combine(values: list[Interval], weights: list[fmpq]) -> Interval:
    total = interval(0)
    for v, w in zip(values, weights, strict=True):
        total = total + v * interval(w)
    return total
