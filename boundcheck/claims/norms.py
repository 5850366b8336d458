"""Certified extremes: the supremum norm and the maximum of expressions, networks and their differences.

Upper bounds come from planes above the function on boxes (linear relaxations of networks, mean-value forms of
expressions), lower bounds from rigorous values at points, and branch and bound closes the gap. Where doubles are
too coarse, the function being much smaller than its parts, Taylor and mean-value forms in balls take over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from flint import arb, fmpq

from boundcheck.claims.certificate import save
from boundcheck.claims.functions import Function
from boundcheck.claims.prover import decide
from boundcheck.claims.statement import Comparison
from boundcheck.claims.verdict import Proved
from boundcheck.enclosure import extremes, forms
from boundcheck.enclosure.decimals import Enclosure
from boundcheck.enclosure.doubles import doubles
from boundcheck.enclosure.floats import above, below, from_exact, mul
from boundcheck.enclosure.relaxation import Above, Relaxed, widen
from boundcheck.enclosure.relaxation import middle as centre_of
from boundcheck.enclosure.tape import Tape
from boundcheck.errors import BoundcheckError, Unsupported
from boundcheck.exact.rational import rational
from boundcheck.exact.term import Relation, call, number
from boundcheck.exact.work import OutOfBudget, at_most

DEFAULT_BUDGET = 60.0
_JUMPS = ("floor", "ceiling", "sign")
_BITS = (64, 128, 256, 512, 1024)
Floats: TypeAlias = np.ndarray
Sign: TypeAlias = int


class NotReached(BoundcheckError):
    """The width asked for was not reached; `enclosure` is what is known."""

    def __init__(self, message: str, enclosure: Enclosure) -> None:
        super().__init__(message)
        self.enclosure = enclosure


@dataclass(frozen=True)
class Extreme(Enclosure):
    """An enclosure of an extreme value; `boxes` were bounded, and at `point` the lower bound is attained."""

    boxes: int = 0
    point: tuple[fmpq, ...] | None = None

    def __post_init__(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise AssertionError(f"internal error: a value between {self.lower} and {self.upper}")


def sup_norm(
    f: Any,
    on: Any = None,
    rtol: Any = 1e-3,
    *,
    budget: float = DEFAULT_BUDGET,
    certificate: str | Path | None = None,
) -> Extreme:
    """sup |f| over a box, enclosed: `upper - lower <= rtol * upper`.

    Args:
        f: an expression (a text, a sympy expression, a term), a network with one output, or a difference such as
            `"exp(-x**2)" - net`. The inputs of a network are the variables of the box in its order.
        on: a `Box` or a text, with finite ends.
        rtol: the relative width.
        budget: units of work, each about a second of one core, the same on every machine.
        certificate: a file for the certificate of `|f| <= upper`, which `boundcheck recheck` replays.

    Raises:
        NotReached: the budget was spent; it carries the enclosure found so far.
        BoundcheckError: bad input, or a function that is not defined everywhere on the box.
    """
    wanted = rational(rtol)
    if not 0 < wanted < 1:
        raise BoundcheckError(f"rtol = {rtol} is not between 0 and 1")
    function = Function(f, on)
    found = _extreme(function, _Tolerance(wanted, relative=True), (1, -1), budget, "rtol")
    if certificate is not None:
        _certify(function, found, budget, Path(certificate))
    return found


def _certify(f: Function, found: Extreme, budget: float, path: Path) -> None:
    """Prove |f| <= upper once more, in a form that the checker can replay."""
    statement = Comparison(Relation(call("Abs", f.whole()), "<=", number(found.upper)), f.box)
    verdict = decide(statement, budget)
    if not isinstance(verdict, Proved) or not isinstance(save(path, statement, verdict), Proved):
        raise NotReached(
            f"|f| <= {found.upper} was found by linear relaxations, but no certificate with {budget:g} units of work; "
            "give a larger budget or a larger rtol",
            found,
        )


def maximum(f: Any, on: Any = None, atol: Any = 1e-3, *, budget: float = DEFAULT_BUDGET) -> Extreme:
    """max f over a box, enclosed: `upper - lower <= atol`. Arguments and errors as for `sup_norm`."""
    wanted = rational(atol)
    if wanted <= 0:
        raise BoundcheckError(f"atol = {atol} is not positive")
    return _extreme(Function(f, on), _Tolerance(wanted, relative=False), (1,), budget, "atol")


@dataclass(frozen=True)
class _Tolerance:
    """How far apart the two bounds may be, given the lower one."""

    size: fmpq
    relative: bool

    def exact(self, least: fmpq) -> fmpq:
        return self.size * max(least, fmpq(0)) if self.relative else self.size

    def rough(self, least: float) -> float:
        """A double that is not larger."""
        wanted = float(arb(self.size)) * 0.999
        return wanted * max(least, 0.0) if self.relative else wanted


def _extreme(f: Function, tolerance: _Tolerance, signs: tuple[Sign, ...], budget: float, what: str) -> Extreme:
    coarse: Extreme | None = None
    try:
        with at_most(budget):
            if not f.networks:
                quick = _by_forms(f, tolerance, signs, few=True)
                if quick is not None:
                    return quick
            coarse = _by_planes(f, tolerance, signs)
            if coarse is not None and _reached(coarse, tolerance):
                return coarse
            fine = _by_forms(f, tolerance, signs)
            if fine is not None:
                return fine
    except OutOfBudget as error:
        coarse = getattr(error, "extreme", None) or coarse
    known = coarse or Extreme(None, None)
    if what == "rtol" and (known.lower is None or known.lower < 0):
        known = replace(known, lower=fmpq(0))  # |f| >= 0
    raise NotReached(
        f"{what} was not reached with the budget of {budget:g} units of work: the value is in {known}; "
        f"give a larger budget or a larger {what}",
        known,
    )


def _reached(found: Extreme, tolerance: _Tolerance) -> bool:
    if found.lower is None or found.upper is None:
        return False
    return bool(found.upper - found.lower <= tolerance.exact(found.lower))


# -- planes in doubles --------------------------------------------------------------------------------


class _Planes:
    """Planes above sign * f, and values at points."""

    def __init__(self, f: Function) -> None:
        self.networks = [(s, Relaxed(net)) for s, net in f.networks]
        self.tape = None if f.expression is None else Tape(f.expression, f.names)

    def above(self, lower: Floats, upper: Floats, sign: Sign) -> Above:
        parts = [net.above(lower, upper, 0, sign * s) for s, net in self.networks]
        if self.tape is not None:
            parts.append(_expression_above(self.tape, lower, upper, sign))
        total = parts[0]
        for p in parts[1:]:
            slope = total.slope + p.slope
            # |fl(a + b) - (a + b)| <= u |fl(a + b)| for each slope, times the radius
            slack = (np.abs(slope) * total.radius).sum(axis=0) * 2.0**-51
            with np.errstate(all="ignore"):
                value = widen(total.at_center + p.at_center, slack)
            fine = np.isfinite(value) & np.isfinite(slope).all(axis=0)
            total = Above(np.where(fine, slope, 0.0), np.where(fine, value, np.inf), total.center, total.radius)
        return total

    def at_least(self, points: Floats, sign: Sign) -> Floats:
        values = [net.at_least(points, 0, sign * s) for s, net in self.networks]
        if self.tape is not None:
            low, high = self.tape.values(points, points)
            clear = self.tape.defined(low, high)
            values.append(np.where(clear, low[self.tape.root] if sign > 0 else -high[self.tape.root], -np.inf))
        total = values[0]
        for v in values[1:]:
            total = below(total + v)
        return total

    def bending(self, found: Above, sign: Sign) -> Floats:
        scores = [net.bending(found.center, found.radius, 0, sign * s) for s, net in self.networks]
        return scores[0] if scores else np.abs(found.slope) * found.radius + found.radius


def _expression_above(tape: Tape, lower: Floats, upper: Floats, sign: Sign) -> Above:
    """f(x) <= f(c) + s (x - c) + Σ rad S_i r_i, for s in the middle of the slopes S."""
    centre, radius = centre_of(lower, upper)
    low, high = tape.values(lower, upper)
    ok = tape.defined(low, high)
    s_low, s_high = tape.slopes(low, high)
    value_low, value_high = tape.values(centre, centre)
    value = value_high[tape.root] if sign > 0 else -value_low[tape.root]
    with np.errstate(all="ignore"):
        slope = 0.5 * s_low + 0.5 * s_high
        spread = above(np.maximum(s_high - slope, slope - s_low))
        for k in range(len(slope)):
            value = above(value + mul((spread[k], spread[k]), (radius[k], radius[k]))[1])
        flat = high[tape.root] if sign > 0 else -low[tape.root]
        # the interval extension may be lower than the plane anywhere on the box
        reach = (np.abs(slope) * radius).sum(axis=0)
        better = ~(value + reach < flat)
        slope = np.where(better, 0.0, slope * sign)
        value = np.where(better, flat, value)
        fine = ok & np.isfinite(value) & np.isfinite(slope).all(axis=0)
    return Above(np.where(fine, slope, 0.0), np.where(fine, value, np.inf), centre, radius)


def _by_planes(f: Function, tolerance: _Tolerance, signs: tuple[Sign, ...]) -> Extreme | None:
    try:
        planes = _Planes(f)
    except Unsupported:
        return None
    lower, upper = zip(*(doubles(x) for x in f.hull.values()), strict=True)

    def bound(low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
        found = [planes.above(low, high, s) for s in signs]
        highest = np.stack([a.highest() for a in found])
        best = np.argmax(highest, axis=0)
        score = np.stack([planes.bending(a, s) for a, s in zip(found, signs, strict=True)]).max(axis=0)
        corners = np.stack([a.corner() for a in found])
        return highest.max(axis=0), score, corners[best, :, np.arange(len(best))].T

    def sample(points: Floats) -> Floats:
        if (inner[0] > inner[1]).any():  # there are no doubles in the box
            return np.full(points.shape[1], -np.inf)
        points[...] = np.clip(points, inner[0][:, None], inner[1][:, None])
        return np.max([planes.at_least(points, s) for s in signs], axis=0)

    inner = _inner(f)
    try:
        found = extremes.maximum(
            bound, sample, lower, upper, tolerance.rough, limit=3_000_000 if f.networks else 60_000
        )
    except OutOfBudget as error:
        error.extreme = _exact(error.extreme)  # type: ignore[attr-defined]
        raise
    return _exact(found)


def _inner(f: Function) -> tuple[Floats, Floats]:
    """The outermost doubles inside the box: points outside would be no samples of f there."""
    low = [from_exact(a)[1] for a, _ in f.inside.values()]
    high = [from_exact(b)[0] for _, b in f.inside.values()]
    return np.array(low), np.array(high)


def _exact(found: Any) -> Extreme:
    lower, upper = (fmpq(*e.as_integer_ratio()) if math.isfinite(e) else None for e in (found.lower, found.upper))
    point = None if found.point is None else tuple(fmpq(*float(p).as_integer_ratio()) for p in found.point)
    return Extreme(lower, upper, found.boxes, point)


def _by_forms(f: Function, tolerance: _Tolerance, signs: tuple[Sign, ...], few: bool = False) -> Extreme | None:
    """Taylor forms (mean-value forms in several variables) in balls, best first, at growing precision."""
    if few and len(f.names) != 1:
        return None
    whole = f.whole()
    for bits in _BITS[:3] if few else _BITS:
        try:
            form = forms.bounder(whole, f.names, bits, smooth=few)
        except Unsupported:
            return None
        search = forms.BestFirst(whole, f.inside, form, signs, bits)
        found = search.run(tuple(f.hull.values()), tolerance.exact, 400 if few else 200_000)
        if found is not None:
            return Extreme(*found, search.boxes, search.point)
    return None
