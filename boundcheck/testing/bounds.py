"""`assert_bound`: a torch module against its target, with an allowance that is
certified and no tolerance.

    |module(x) - target(x)| <= bound + roundoff
            for every x of the box that is a number of the module's dtype [D]

`bound` is a certified bound of |net - target| on the box, net being the exact network that the
module stands for, and `roundoff` one of |module - net|. The test observes this at many points. At
each of them the module's output is the dyadic rational that it is, the target is enclosed at
growing precision, and the comparison is certain either way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product
from typing import Any

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.exact.terms.term import Term, term
from boundcheck.testing.modules import Subject
from boundcheck.testing.ordinals import Ordinals, refuse_other_ends
from boundcheck.testing.strategies import Point, points
from boundcheck.testing.targets import target_of
from boundcheck.torchnet.roundoff import Roundoff, roundoff_bound

_BITS = (96, 256, 1024, 4096)
_CORNERS = 64


@dataclass(frozen=True)
class Margin:
    """How close a module came to its allowance, at one point.

    Attributes:
        point: the value of each variable.
        output: the number of the output, from 1.
        value: what the module gave, exactly; a float where that is NaN or infinite.
        target: encloses the target's value.
        distance: encloses |value - target|; None where the value is not finite.
        allowance: encloses bound + roundoff.
        tried: how many points were tried in all.

    >>> from boundcheck import gates
    >>> seen = assert_bound(gates.reciprocal("1/2"), "1/x", 0, on="x in [1/2, 2]", examples=20)
    >>> seen.margin.lower >= 0, list(seen.point), seen.output, seen.tried >= 20
    (True, ['x'], 1, True)
    """

    point: Mapping[str, Fraction]
    output: int
    value: Fraction | float
    target: Enclosure
    distance: Enclosure | None
    allowance: Enclosure
    tried: int = 0

    @property
    def margin(self) -> Enclosure | None:
        """Encloses allowance - distance: negative where the bound fails; None where
        the value is not finite."""
        if self.distance is None:
            return None
        return Enclosure(
            *(
                _minus(a, b)
                for a, b in (
                    (self.allowance.lower, self.distance.upper),
                    (self.allowance.upper, self.distance.lower),
                )
            )
        )

    def __str__(self) -> str:
        at = ", ".join(f"{n} = {v}" for n, v in self.point.items())
        what = "the module gives" if self.output == 1 else f"output {self.output} of the module is"
        value = (
            str(self.value)
            if isinstance(self.value, float)
            else str(enclosure(rational(self.value)))
        )
        known = "" if self.distance is None else f", {self.distance} apart"
        return (
            f"at {at}: {what} {value}, the target is {self.target}{known}; allowed is "
            f"{self.allowance}"
        )


def _minus(a: fmpq | None, b: fmpq | None) -> fmpq | None:
    return None if a is None or b is None else a - b


class _Violation(Exception):
    def __init__(self, margin: Margin) -> None:
        super().__init__(str(margin))
        self.margin = margin


def assert_bound(
    module: Any,
    target: Any,
    bound: Any,
    on: Any,
    roundoff: Any = None,
    *,
    dtype: Any = None,
    examples: int | None = None,
) -> Margin:
    """Assert |module(x) - target(x)| <= bound + roundoff at up to 64 corners of the box and
    at points from hypothesis.

    Args:
        module: a `torch.nn.Module` on the CPU that maps tensors (1, d) to (1, m), or a `Network`,
            which is instantiated in `dtype`.
        target: an expression in the variables of the box (a text, sympy expression or term),
            a `Marginal`, a `Network`, or a list of m expressions and marginals.
        bound: a constant >= 0: a number, a text, a sympy expression, or an enclosure such as
            `sup_norm` returns, whose upper end counts. It bounds |net - target| on the box:
            net is the network, or `Network.from_torch(module)`.
        on: a `Box` or a text, in the order of the inputs; its ends must be numbers of the
            dtype (see `representable`).
        roundoff: a bound of |module - net|, likewise, or what `roundoff_bound` returns for a box
            that covers this one; by default that is called.
        dtype: of a `Network`, by default float64; the dtype of a module is that of its parameters.
        examples: how many points hypothesis draws, at least 1; by default what its profile says.

    Returns:
        The smallest margin that was seen, with its point.

    Raises:
        AssertionError: the bound certainly fails at some point; it names the simplest and
            the worst that were found.
        BoundcheckError: bad input; no round-off bound; a target that is not defined somewhere;
            a comparison that stays unclear at 4096 bits, because distance and allowance
            agree to that precision.

    >>> from boundcheck import gates
    >>> seen = assert_bound(gates.reciprocal("1/2"), "1/x", 0, on="x in [1/2, 2]", examples=20)
    >>> seen.distance.upper <= seen.allowance.upper
    True
    >>> assert_bound(gates.reciprocal("1/2"), "1/x", 0, on="x in [1/4, 2]")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    AssertionError: the bound fails at x = 1/4: ...
    """
    __tracebackhide__ = True
    if examples is not None and (type(examples) is not int or examples < 1):
        raise BoundcheckError(f"examples = {examples!r}; it must be an integer >= 1")
    check = _Check(module, target, bound, Box.of(on), roundoff, dtype)
    try:
        for corner in check.corners():
            check(corner)
        _search(check, examples)
    except _Violation as found:
        worst, shown = check.worst, [f"the bound fails {found.margin}", check.parts()]
        if worst is not None and worst.point != found.margin.point:
            shown.append(f"worst of {check.tried} points, {worst}")
        raise AssertionError("\n".join(shown)) from None
    assert check.worst is not None
    return replace(check.worst, tried=check.tried)


def _search(check: _Check, examples: int | None) -> None:
    """Points from hypothesis, which looks for small margins and, after a failure, for
    a simple point."""
    import hypothesis

    __tracebackhide__ = True
    quiet = [
        getattr(hypothesis.HealthCheck, n) for n in ("too_slow", "data_too_large", "nested_given")
    ]
    given: dict[str, Any] = {} if examples is None else {"max_examples": examples}

    # no database: its entries would belong to this function, whatever it is asked to check
    @hypothesis.settings(deadline=None, database=None, suppress_health_check=quiet, **given)
    @hypothesis.given(points(check.box, check.subject.format.dtype, check.subject.network))
    def holds(point: Point) -> None:
        hypothesis.target(check(point))

    try:
        holds()
    except hypothesis.errors.Flaky:
        raise BoundcheckError(
            "the module gives different values at one point; make it deterministic: "
            "module.eval(), no random numbers"
        ) from None


class _Check:
    """The comparison at one point, and the smallest margin so far."""

    def __init__(
        self, module: Any, target: Any, bound: Any, box: Box, roundoff: Any, dtype: Any
    ) -> None:
        if not box.ranges:
            raise BoundcheckError("the box has no variables; give it some: on='x in [0, 1]'")
        self.bound = _constant(bound, "bound")
        self.box = box
        self.target, self.outputs = target_of(target, box.names)
        self.subject = Subject.of(module, dtype)
        refuse_other_ends(box, Ordinals(self.subject.format))
        if isinstance(roundoff, Roundoff):
            self._refuse_elsewhere(roundoff)
        self.roundoff = _constant(self._certified() if roundoff is None else roundoff, "roundoff")
        self.allowance = lru_cache(maxsize=None)(self._allowance)
        self.tried = 0
        self.worst: Margin | None = None

    def _certified(self) -> Any:
        if self.subject.network is None:
            raise BoundcheckError(
                f"{self.subject.reason}; or give a bound of its own: roundoff=..."
            )
        return roundoff_bound(self.subject.network, self.subject.format.dtype, on=self.box)

    def _refuse_elsewhere(self, roundoff: Roundoff) -> None:
        """Refuse a round-off bound of another dtype or box; the names of the
        variables do not matter."""
        if roundoff.dtype != self.subject.format.name:
            raise BoundcheckError(
                f"the round-off bound is for {roundoff.dtype}, the module is in "
                f"{self.subject.format}"
            )
        mine, its = self.box.ranges, roundoff.box.ranges
        inside = Ordinals(self.subject.format).inside
        ends = [(*inside(a), *inside(b)) for a, b in zip(mine, its)]
        if len(mine) != len(its) or not all(
            first <= low and high <= last for low, high, first, last in ends
        ):
            raise BoundcheckError(
                f"the round-off bound is for {roundoff.box}, which does not cover {self.box}; "
                "call roundoff_bound with that box"
            )

    def corners(self) -> Iterator[Point]:
        """The corners of the box: all numbers of the dtype there, or the outermost
        ones inside an open range."""
        ordinals = Ordinals(self.subject.format)
        ends = [[fraction(ordinals.value(k)) for k in ordinals.inside(r)] for r in self.box.ranges]
        return islice(product(*ends), _CORNERS)

    def parts(self) -> str:
        """What the allowance consists of."""
        return f"the bound is {_shown(self.bound)}, the round-off {_shown(self.roundoff)}"

    def __call__(self, point: Point) -> float:
        """The largest distance/allowance among the outputs, roughly.

        Raises:
            _Violation: a distance is certainly larger than the allowance.
            BoundcheckError: not certain, or the target is not defined.
        """
        self.tried += 1
        values = self.subject(point, self.outputs)
        found = self._margins(point, values)
        for margin, _ in found:
            if self.worst is None or _smaller(margin, self.worst):
                self.worst = margin
        for margin, holds in found:
            if not holds:
                raise _Violation(margin)
        return max(_ratio(margin) for margin, _ in found)

    def _margins(self, point: Point, values: list[float]) -> list[tuple[Margin, bool]]:
        """For each output the margin, and whether the bound holds."""
        at = [rational(v) for v in point]
        named = dict(zip(self.box.names, point, strict=True))
        where = ", ".join(f"{n} = {v}" for n, v in named.items())
        for bits in _BITS:
            try:
                targets, allowance = self.target(at, bits), self.allowance(bits)
            except Unclear:
                continue
            except DomainError as error:
                raise BoundcheckError(
                    f"the target is not defined at {where}: {error}; choose another box"
                ) from None
            except Unsupported as error:
                raise BoundcheckError(
                    f"the target cannot be evaluated at {where}: {error}"
                ) from None
            with ctx.workprec(bits):
                rows = [_compared(v, t, allowance) for v, t in zip(values, targets, strict=True)]
                if all(holds is not None for _, holds in rows):
                    return [
                        (
                            Margin(named, k, _exact(v), enclosure(t), d, enclosure(allowance)),
                            bool(holds),
                        )
                        for k, (v, t, (d, holds)) in enumerate(
                            zip(values, targets, rows, strict=True), start=1
                        )
                    ]
        raise BoundcheckError(
            f"whether the bound holds at {where} is not clear at {_BITS[-1]} bits: distance and "
            "allowance agree, or the target has no value there; give a larger bound or another box"
        )

    def _allowance(self, bits: int) -> Value:
        with ctx.workprec(bits):
            return at_point(self.bound, {}, bits) + at_point(self.roundoff, {}, bits)


def _compared(
    value: float, target: Value, allowance: Value
) -> tuple[Enclosure | None, bool | None]:
    """The distance, and whether it is at most the allowance; None where that is not clear."""
    if not math.isfinite(value):
        return None, False
    distance = abs(rational(value) - target)
    if isinstance(distance, fmpq) and isinstance(allowance, fmpq):
        return enclosure(distance), bool(distance <= allowance)
    gap = arb(allowance) - arb(distance)
    return enclosure(distance), True if gap >= 0 else False if gap < 0 else None


def _exact(value: float) -> Fraction | float:
    return fraction(rational(value)) if math.isfinite(value) else value


def _smaller(one: Margin, other: Margin) -> bool:
    """Whether one margin is smaller; a value that is not finite is the worst."""
    a, b = one.margin, other.margin
    if a is None or b is None:
        return b is not None
    assert a.lower is not None
    assert b.lower is not None
    return bool(a.lower < b.lower)


def _ratio(margin: Margin) -> float:
    """distance/allowance as a double, to guide the search."""
    assert margin.distance is not None
    assert margin.distance.upper is not None
    assert margin.allowance.upper is not None
    return (
        float(arb(margin.distance.upper / margin.allowance.upper))
        if margin.allowance.upper
        else 0.0
    )


def _constant(value: Any, name: str) -> Term:
    """A bound as a constant term >= 0.

    Raises:
        BoundcheckError: not a constant, NaN, infinite or negative.
    """
    given = value
    if hasattr(value, "bound"):  # what `roundoff_bound` returns
        value = value.bound
    if isinstance(value, Enclosure):
        value = value.upper
    if value is None or str(value) in ("nan", "inf", "-inf", "oo", "-oo"):
        raise BoundcheckError(f"{name} = {given}; it must be a finite number >= 0")
    found = parse_term(value) if isinstance(value, str) else term(value)
    if found.free:
        raise BoundcheckError(
            f"{name} = {found} contains {', '.join(sorted(found.free))}; it must be a constant"
        )
    try:
        if at_point(found, {}, _BITS[0]) < 0:
            raise BoundcheckError(f"{name} = {found}; it must be a finite number >= 0")
    except (DomainError, Unclear, Unsupported) as error:
        raise BoundcheckError(f"{name} = {found} has no value: {error}") from None
    return found


def _shown(constant: Term) -> str:
    with ctx.workprec(_BITS[0]):
        return str(enclosure(at_point(constant, {}, _BITS[0])))
