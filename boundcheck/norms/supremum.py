"""Certified extremes: the supremum norm and the maximum of expressions, networks and their
differences.

Upper bounds come from planes above the function on boxes (linear relaxations of networks,
mean-value forms of expressions), lower bounds from rigorous values at points, and branch and bound
closes the gap. Where doubles are too coarse, the function being much smaller than its parts, Taylor
and mean-value forms in balls take over.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from flint import arb, fmpq

from boundcheck.checking.certificate import save
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import IllPosed, Proved
from boundcheck.enclosure.arrays.doubles import doubles
from boundcheck.enclosure.arrays.floats import from_exact
from boundcheck.enclosure.arrays.threads import single_threaded
from boundcheck.enclosure.intervals import ball_maximum as forms
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.rational_points import sign_at
from boundcheck.enclosure.networks import batch_maximum as extremes
from boundcheck.enclosure.networks.one_layer import Points, Values
from boundcheck.enclosure.networks.planes import Planes, Sign
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.networks.difference import Difference, Part
from boundcheck.exact.terms.box import BoxLike
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import Relation, call, number
from boundcheck.exact.terms.work import OutOfBudget, at_most, checked, left, refused, share
from boundcheck.norms.operands import Function
from boundcheck.search.ladder import compare, within
from boundcheck.search.points.poles import by_pole
from boundcheck.search.problem import Problem

DEFAULT_BUDGET = 60.0
_MOST_BOXES = 3_000_000  # of doubles: what fits into memory
_BITS = (64, 128, 256, 512, 1024)
_FEW = 400  # boxes of a first attempt in one variable
_PLACES = (
    fmpq(5, 17),
    fmpq(13, 31),
    fmpq(29, 37),
)  # of a range, where it is asked whether a function is 0
_UNIT = 1.0  # of work, for a side question: whether the function is 0, or undefined somewhere


class NotReached(BoundcheckError):
    """The width asked for was not reached; `enclosure` is what is known.

    >>> try:
    ...     sup_norm("sin(50*x*y)*exp(x)", on="x in [0,1], y in [0,1]", rtol="1e-9", budget=0.05)
    ... except NotReached as short:
    ...     known = short.enclosure
    >>> known.lower <= known.upper
    True
    """

    def __init__(self, message: str, enclosure: Enclosure) -> None:
        super().__init__(message)
        self.enclosure = enclosure


class NotDefined(BoundcheckError):
    """The function has no value somewhere on the box.

    >>> sup_norm("log(x)", on="x in [-1, 1]")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    boundcheck.norms.supremum.NotDefined: the function is not defined everywhere on the box: ...
    """

    def __init__(self, why: object) -> None:
        super().__init__(f"the function is not defined everywhere on the box: {why}")


@dataclass(frozen=True)
class Extreme(Enclosure):
    """An enclosure of an extreme value; `boxes` were bounded, and at `point` the
    lower bound is attained.

    >>> found = maximum("x*(1 - x)", on="x in [0, 1]", atol="1/1000")
    >>> found.lower <= fmpq(1, 4) <= found.upper, found.text(2)
    (True, '0.25')
    >>> len(found.point), found.boxes > 0
    (1, True)
    """

    boxes: int = 0
    point: tuple[fmpq, ...] | None = None

    def __post_init__(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise AssertionError(f"internal error: a value between {self.lower} and {self.upper}")


def sup_norm(
    f: Part | Difference,
    on: BoxLike = None,
    rtol: ExactLike = 1e-3,
    *,
    budget: float = DEFAULT_BUDGET,
    certificate: str | Path | None = None,
) -> Extreme:
    """sup |f| over a box, enclosed: `upper - lower <= rtol * upper`.

    Args:
        f: an expression (a text, a sympy expression, a term), a network with one output,
            or a difference such as `"exp(-x**2)" - net`. The inputs of a network are the variables
            of the box in its order.
        on: a `Box` or a text, with finite ends.
        rtol: the relative width.
        budget: units of work, each about a second of one core, the same on every machine.
        certificate: a file for the certificate of `|f| <= upper`, which
            `boundcheck recheck` replays.

    Raises:
        NotReached: the budget was spent, or no precision suffices; it carries
            the enclosure found so far.
        NotDefined: the function has no value somewhere on the box.
        BoundcheckError: bad input.

    >>> from boundcheck import Network, ReLU
    >>> hat = Network.from_layers([([[1], [1], [1]], [1, 0, -1]), ([[1, -2, 1]], [0])], ReLU())
    >>> sup_norm("exp(-x**2)" - hat, on="x in [-1, 1]", rtol="1e-6").text(3)
    '[0.367, 0.368]'
    >>> sup_norm("exp(x) - 1 - x - x**2/2", on="x in [-1/10, 1/10]").text(2)
    '[0.00017, 0.00018]'
    """
    wanted = rational(rtol)
    if not 0 < wanted < 1:
        raise BoundcheckError(f"rtol = {rtol} is not between 0 and 1")
    function = Function(f, on)
    found = _extreme(function, _Tolerance(wanted, relative=True), (1, -1), budget)
    if certificate is not None:
        _certify(function, found, budget, Path(certificate))
    return found


def _certify(f: Function, found: Extreme, budget: float, path: Path) -> None:
    """Prove |f| <= upper once more, in a form that the checker can replay."""
    statement = Comparison(Relation(call("Abs", f.whole()), "<=", number(found.upper)), f.box)
    verdict = within(budget, lambda: compare(statement))
    if not isinstance(verdict, Proved) or not isinstance(save(path, statement, verdict), Proved):
        raise NotReached(
            f"|f| <= {found.upper} was found by linear relaxations, but no certificate with "
            f"{budget:g} units of work; give a larger budget or a larger rtol",
            found,
        )


def maximum(
    f: Part | Difference,
    on: BoxLike = None,
    atol: ExactLike = 1e-3,
    *,
    budget: float = DEFAULT_BUDGET,
) -> Extreme:
    """max f over a box, enclosed: `upper - lower <= atol`. Arguments and
    errors as for `sup_norm`; atol > 0 is the absolute width.

    >>> maximum("x*exp(-x)", on="x in [0, 4]", atol="1e-6").text(4)
    '[0.3678, 0.3679]'
    """
    wanted = rational(atol)
    if wanted <= 0:
        raise BoundcheckError(f"atol = {atol} is not positive")
    return _extreme(Function(f, on), _Tolerance(wanted, relative=False), (1,), budget)


@dataclass(frozen=True)
class _Tolerance:
    """How far apart the two bounds may be, given the lower one."""

    size: fmpq
    relative: bool

    def __str__(self) -> str:
        return "rtol" if self.relative else "atol"

    def exact(self, least: fmpq) -> fmpq:
        return self.size * max(least, fmpq(0)) if self.relative else self.size

    def rough(self, least: float) -> float:
        """A double that is not larger."""
        wanted = float(arb(self.size)) * 0.999
        return wanted * max(least, 0.0) if self.relative else wanted


@single_threaded()
def _extreme(f: Function, tolerance: _Tolerance, signs: tuple[Sign, ...], budget: float) -> Extreme:
    checked(budget)
    search, before = _Search(f, tolerance, signs), refused()
    try:
        with suppress(OutOfBudget), at_most(budget):
            if search.reached():
                return search.known
    except DomainError as error:
        raise NotDefined(error) from None
    many = f"{_MOST_BOXES} boxes and " if search.known.boxes >= _MOST_BOXES else ""
    why, remedy = f"with {many}balls of {_BITS[-1]} bits", f"a larger {tolerance}"
    if search.hidden:
        why, remedy = "as nothing tells the function from 0", "a form that shows more"
    elif refused() > before:
        why, remedy = f"with the budget of {budget:g} units of work", f"a larger budget or {remedy}"
    if search.known.upper is None:
        remedy += ", or a box on which the function is bounded"
    raise NotReached(
        f"{tolerance} was not reached {why}: the value is in {search.known}; give {remedy}",
        search.known,
    )


def is_zero(f: Function) -> bool:
    """Whether a function is shown to be 0, within a unit of work."""
    with suppress(OutOfBudget, Unsupported), at_most(_UNIT):
        zero = Comparison(Relation(f.whole(), "==", number(0)), f.box)
        return isinstance(within(_UNIT, lambda: compare(zero)), Proved)
    return False


class _Search:
    """Several methods in turn, for one extreme.

    Attributes:
        known: the best that the methods have found, each by itself.
        hidden: whether nothing tells the function from 0, and that it is 0 could not be shown.
    """

    hidden = False

    def __init__(self, f: Function, tolerance: _Tolerance, signs: tuple[Sign, ...]) -> None:
        self.f, self.tolerance, self.signs = f, tolerance, signs
        self.known = Extreme(fmpq(0) if tolerance.relative else None, None)  # |f| >= 0

    def reached(self) -> bool:
        """Raises OutOfBudget; DomainError where the function has no value."""
        f = self.f
        if not f.networks and len(f.names) == 1 and self._forms(few=True):
            return True
        try:
            planes: Planes | None = Planes(f.networks, f.expression, f.names)
        except Unsupported:
            planes = None
        if self.tolerance.relative and not self.known.lower:
            if self._is_zero(planes):
                return True
            if self.hidden:
                with suppress(OutOfBudget), at_most(_UNIT):
                    if self._tried(planes):
                        return True
                if not self.known.lower:
                    return False
                self.hidden = False
        return self._tried(planes)

    def _tried(self, planes: Planes | None) -> bool:
        self._defined()
        if planes is not None and self._planes(planes):
            return True
        return self._forms()

    def _learn(
        self, lower: fmpq | None, upper: fmpq | None, boxes: int, point: tuple[fmpq, ...] | None
    ) -> bool:
        """Whether the tolerance is reached, now that this is known, too."""
        old = self.known
        better = lower is not None and (
            old.lower is None or lower > old.lower or (lower == old.lower and old.point is None)
        )
        self.known = Extreme(
            lower if better else old.lower,
            upper if old.upper is None or (upper is not None and upper < old.upper) else old.upper,
            old.boxes + boxes,
            point if better else old.point,
        )
        low, high = self.known.lower, self.known.upper
        return (
            low is not None and high is not None and bool(high - low <= self.tolerance.exact(low))
        )

    def _is_zero(self, planes: Planes | None) -> bool:
        """Whether the function is 0, where samples do not tell it from that: no
        relative width is ever reached."""
        f = self.f
        places = [
            tuple(a + (b - a) * s / (1 + k) for k, (a, b) in enumerate(f.inside.values()))
            for s in _PLACES
        ]
        if planes is not None:
            points = np.array([[float(arb(v)) for v in c] for c in places]).T
            if (_inside(f)(points, lambda p: planes.at_least(p, 1)) > 0).any():
                return False
            if (_inside(f)(points, lambda p: planes.at_least(p, -1)) > 0).any():
                return False
        with suppress(OutOfBudget, Unsupported), share(0.2), at_most(_UNIT):
            whole = f.whole()
            if any(sign_at(whole, dict(zip(f.names, c, strict=True))) for c in places):
                return False
            self.hidden = not is_zero(f)
            return not self.hidden and self._learn(fmpq(0), fmpq(0), 0, places[1])
        return False

    def _defined(self) -> None:
        """Look for a pole, where there is no upper bound yet."""
        if self.known.upper is not None or self.f.expression is None:
            return
        with suppress(OutOfBudget), share(0.2), at_most(_UNIT):
            found = by_pole(
                Problem(Comparison(Relation(self.f.whole(), "<=", number(0)), self.f.box))
            )
            if isinstance(found, IllPosed):
                raise NotDefined(found.reason)

    def _planes(self, planes: Planes) -> bool:
        """Planes in doubles; the balls get the rest of the budget, since
        they may be what is needed."""
        lower, upper = zip(*(doubles(x) for x in self.f.hull.values()), strict=True)
        inside = _inside(self.f)

        def bound(low: Points, high: Points) -> tuple[Values, Points, Points]:
            found = [planes.above(low, high, s) for s in self.signs]
            highest = np.stack([a.highest() for a in found])
            best = np.argmax(highest, axis=0)
            score = np.stack(
                [planes.bending(a, s) for a, s in zip(found, self.signs, strict=True)]
            ).max(axis=0)
            corners = np.stack([a.corner() for a in found])
            return highest.max(axis=0), score, corners[best, :, np.arange(len(best))].T

        def sample(points: Points) -> Values:
            return inside(
                points, lambda p: np.max([planes.at_least(p, s) for s in self.signs], axis=0)
            )

        try:
            with share(0.9 if self.f.networks else 0.5):
                found = extremes.maximum(
                    bound, sample, lower, upper, self.tolerance.rough, limit=_MOST_BOXES
                )
        except OutOfBudget as error:
            found = error.extreme  # type: ignore[attr-defined]
        low, high = (
            fmpq(*e.as_integer_ratio()) if math.isfinite(e) else None
            for e in (found.lower, found.upper)
        )
        point = (
            None if found.point is None else tuple(fmpq(*p.as_integer_ratio()) for p in found.point)
        )
        return self._learn(low, high, found.boxes, point)

    def _forms(self, few: bool = False) -> bool:
        """Taylor forms (mean-value forms in several variables) in balls, best
        first, at growing precision."""
        f, whole = self.f, self.f.whole()
        for bits in _BITS[:3] if few else _BITS:
            try:
                form = forms.bounder(whole, f.names, bits, smooth=few)
            except Unsupported:
                return False
            search = forms.BestFirst(whole, f.inside, form, self.signs, bits, f.owns)
            try:
                with share(0.3 if few else 0.4 if bits < _BITS[-1] else 1.0):
                    search.run(
                        tuple(f.hull.values()), self.tolerance.exact, _FEW if few else _MOST_BOXES
                    )
            except OutOfBudget:
                if not left():
                    raise
            finally:
                reached = self._learn(search.least, search.highest, search.boxes, search.point)
            if reached:
                return True
        return False


def _inside(f: Function) -> Callable[[Points, Callable[[Points], Values]], Values]:
    """Values at points that are moved to the outermost doubles inside the box: outside
    would be no samples of f."""
    low = np.array([from_exact(a)[1] for a, _ in f.inside.values()])
    high = np.array([from_exact(b)[0] for _, b in f.inside.values()])

    def values(points: Points, at: Callable[[Points], Values]) -> Values:
        if (low > high).any():  # there are no doubles in the box
            return np.full(points.shape[1], -np.inf)
        points[...] = np.clip(points, low[:, None], high[:, None])
        return at(points)

    return values
