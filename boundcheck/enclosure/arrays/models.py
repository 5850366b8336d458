"""Taylor models of degree 2 on arrays of cells.

On a cell {c + r∘y : |y_i| <= 1} a function is written as

    f = a + Σ_i g_i y_i + Σ_{i<=j} q_ij y_i y_j + e,    |e| <= err,

with doubles a, g, q, taken as they are, and err >= 0, which bounds the truncation and
every rounding error. Cells are the columns. A model of a function that may be undefined
on its cell has err = inf.

Rounding. A coefficient comes from at most 32 operations on numbers whose magnitudes sum to
at most some `size`, so that it is wrong by at most ROUND size / 4; there are few coefficients
(at most 4 variables: 15), the errors of which add up to ROUND size where `size` bounds the sum
of all magnitudes. `err` itself is a sum of products of numbers >= 0, with at most 256 roundings,
each relative; `upward` covers these, and underflows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from flint import arb, fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.float_functions import DEFINED, FUNCTIONS
from boundcheck.enclosure.arrays.shaped import Bool, Float64
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.activation import Activation, LeakyReLU, ReLU, SignReLU
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Term, postorder
from boundcheck.exact.terms.work import spend

PerCell: TypeAlias = Float64[np.ndarray, " cells"]
Linear: TypeAlias = Float64[np.ndarray, "variables cells"]
Quadratic: TypeAlias = Float64[np.ndarray, "pairs cells"]
Chosen: TypeAlias = Bool[np.ndarray, " cells"]

MOST_VARIABLES = 4
ROUND = 2.0**-43
TINY = 2.0**-900


def upward(err: PerCell) -> PerCell:
    """An upper bound of what `err` stands for; NaN is no bound."""
    return np.where(np.isnan(err), np.inf, err * (1 + 2.0**-40) + TINY)


@cache
def pairs(d: int) -> tuple[tuple[int, int], ...]:
    """The pairs i <= j, in the order of the rows of q."""
    return tuple((i, j) for i in range(d) for j in range(i, d))


def linear_product(g: Linear, h: Linear) -> Quadratic:
    """The quadratic coefficients of (Σ g_i y_i)(Σ h_i y_i)."""
    rows = [g[i] * h[i] if i == j else g[i] * h[j] + g[j] * h[i] for i, j in pairs(len(g))]
    return np.stack(rows) if rows else np.zeros((0, g.shape[1]))


@dataclass(frozen=True)
class Models:
    """One function on cells."""

    a: PerCell
    g: Linear
    q: Quadratic
    err: PerCell

    @classmethod
    def of(cls, a: PerCell, g: Linear, err: PerCell | float = 0.0) -> Models:
        """An affine model."""
        d, count = g.shape
        return cls(
            a,
            g,
            np.zeros((d * (d + 1) // 2, count)),
            np.broadcast_to(np.asarray(err, float), (count,)),
        )

    @property
    def linear(self) -> PerCell:
        """Σ |g_i|."""
        return np.abs(self.g).sum(axis=0)

    @property
    def curved(self) -> PerCell:
        """Σ |q_ij|."""
        return np.abs(self.q).sum(axis=0)

    @property
    def spread(self) -> PerCell:
        """At least |f - a| on the cell."""
        return upward(self.linear + self.curved + self.err)

    @property
    def size(self) -> PerCell:
        """At least |f| on the cell."""
        return upward(np.abs(self.a) + self.spread)

    def _rounded(self, a: PerCell, g: Linear, q: Quadratic, err: PerCell, size: PerCell) -> Models:
        return Models(a, g, q, upward(err + ROUND * size))

    def __neg__(self) -> Models:
        return Models(-self.a, -self.g, -self.q, self.err)

    def __add__(self, other: Models) -> Models:
        size = self.size + other.size
        return self._rounded(
            self.a + other.a, self.g + other.g, self.q + other.q, self.err + other.err, size
        )

    def __sub__(self, other: Models) -> Models:
        return self + -other

    def shifted(self, low: PerCell | float, high: PerCell | float) -> Models:
        """f + t for some t in [low, high] (which may differ from point to point)."""
        middle = 0.5 * low + 0.5 * high
        err = self.err + np.maximum(high - middle, middle - low)
        return self._rounded(
            self.a + middle, self.g, self.q, err, np.abs(self.a) + np.abs(middle) + np.abs(low)
        )

    def scaled(self, low: float, high: float) -> Models:
        """t f for a constant t in [low, high]."""
        middle = 0.5 * low + 0.5 * high
        spread = max(high - middle, middle - low) * (1 + 2.0**-50)
        size = self.size * abs(middle)
        err = abs(middle) * self.err + spread * self.size
        return self._rounded(middle * self.a, middle * self.g, middle * self.q, err, size)

    def __mul__(self, other: Models) -> Models:
        x, y = self, other
        a = x.a * y.a
        g = x.a * y.g + y.a * x.g
        q = x.a * y.q + y.a * x.q + linear_product(x.g, y.g)
        # what is dropped: linear times quadratic, quadratic times quadratic,
        # and everything with an err
        cut = x.linear * y.curved + x.curved * y.linear + x.curved * y.curved
        return self._rounded(a, g, q, cut + x.size * y.err + x.err * y.size, x.size * y.size)

    def range(self) -> fl.Pair:
        """An interval that contains all values: with no variable more than once, y_i² in [0, 1]."""
        low, high = self.a - self.linear, self.a + self.linear
        for row, (i, j) in zip(self.q, pairs(len(self.g)), strict=True):
            low = low + (np.minimum(row, 0.0) if i == j else -np.abs(row))
            high = high + (np.maximum(row, 0.0) if i == j else np.abs(row))
        slack = upward(self.err + ROUND * self.size)
        return _no_nan(fl.below(low - slack), fl.above(high + slack))

    def within(self, low: PerCell, high: PerCell) -> Models:
        """The constant model of an interval."""
        middle = 0.5 * low + 0.5 * high
        fine = np.isfinite(middle)
        middle = np.where(fine, middle, 0.0)
        err = np.where(fine, upward(np.maximum(high - middle, middle - low)), np.inf)
        return Models.of(middle, np.zeros_like(self.g), err)

    def where(self, chosen: Chosen, other: Models) -> Models:
        """This model where `chosen`, the other elsewhere."""
        pick = np.where
        return Models(
            *(pick(chosen, s, o) for s, o in zip(self._arrays(), other._arrays(), strict=True))
        )

    def tiled(self, count: int) -> Models:
        """So many copies of all cells, one after the other."""
        return Models(*(np.tile(v, count) for v in self._arrays()))

    def _arrays(self) -> tuple[PerCell, Linear, Quadratic, PerCell]:
        return self.a, self.g, self.q, self.err

    def composed(self, f: Jet) -> Models:
        """φ(self): with h = self - a, |h| <= H,
        φ(a + h) = φ(a) + φ'(a) h + φ''(a)/2 h² + R, |R| <= H³ max|φ'''|/6.

        h² is the square of the linear part up to (H - L)(H + L), L = Σ |g_i|.
        """
        linear, spread = self.linear, self.spread
        q = f.slope * self.q + f.curvature * linear_product(self.g, self.g)
        err = np.abs(f.slope) * self.err + np.abs(f.curvature) * (self.curved + self.err) * (
            spread + linear
        )
        err = err + spread * (
            spread * spread * f.third + f.error_of_slope + f.error_of_curvature * spread
        )
        size = np.abs(f.value) + (np.abs(f.slope) + np.abs(f.curvature) * spread) * spread
        return self._rounded(f.value, f.slope * self.g, q, err + f.error, size)


@dataclass(frozen=True)
class Jet:
    """φ, φ' and φ''/2 at a, with their errors, and a bound of |φ'''|/6 on all of the cell."""

    value: PerCell
    slope: PerCell
    curvature: PerCell
    third: PerCell
    error: PerCell
    error_of_slope: PerCell
    error_of_curvature: PerCell


def _no_nan(low: PerCell, high: PerCell) -> fl.Pair:
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


def _kernel(name: str, x: PerCell) -> tuple[PerCell, PerCell]:
    """The value of a function at doubles, and a bound of its error."""
    low, high = FUNCTIONS[name]((x, x))
    middle = 0.5 * low + 0.5 * high
    return middle, upward(np.maximum(high - middle, middle - low))


def _relative(x: PerCell) -> PerCell:
    """The error of a quotient or product of at most 8 correctly rounded operations."""
    return 2.0**-48 * np.abs(x) + TINY


def exp(x: Models) -> Models:
    value, error = _kernel("exp", x.a)
    top = FUNCTIONS["exp"]((x.a, fl.above(x.a + x.spread)))[1]
    return x.composed(Jet(value, value, value / 2, top / 6 * (1 + ROUND), error, error, error))


def sin(x: Models, *, quarter: bool = False) -> Models:
    """sin, or cos where `quarter` is set."""
    (value, e0), (slope, e1) = (
        _kernel(n, x.a) for n in (("cos", "sin") if quarter else ("sin", "cos"))
    )
    third = np.full_like(value, 1 / 6 * (1 + ROUND))
    return x.composed(Jet(value, -slope if quarter else slope, -value / 2, third, e0, e1, e0))


def reciprocal(x: Models) -> Models:
    """1/x, unknown where 0 may be among the values."""
    low, high = x.range()
    clear = (low > 0) | (high < 0)
    least = np.where(clear, np.maximum(low, -high), np.nan)
    a = np.where(clear, x.a, np.nan)
    value = 1 / a
    slope, curvature = -value * value, value * value * value
    third = (
        1 / (least * least * least * least) * (1 + ROUND) + TINY
    )  # where it overflows, below TINY
    return _known(
        x,
        clear,
        x.composed(Jet(value, slope, curvature, third, *map(_relative, (value, slope, curvature)))),
    )


def sqrt(x: Models) -> Models:
    low, _ = x.range()
    clear = low > 0
    least, a = np.where(clear, low, np.nan), np.where(clear, x.a, np.nan)
    value = np.sqrt(a)
    slope, curvature = 0.5 / value, -0.125 / (a * value)
    third = 1 / (16 * least * least * np.sqrt(least)) * (1 + ROUND) + TINY
    return _known(
        x,
        clear,
        x.composed(Jet(value, slope, curvature, third, *map(_relative, (value, slope, curvature)))),
    )


def log(x: Models) -> Models:
    low, _ = x.range()
    clear = low > 0
    least, a = np.where(clear, low, 1.0), np.where(clear, x.a, 1.0)
    value, error = _kernel("log", a)
    slope = 1 / a
    curvature = -0.5 * slope * slope
    third = 1 / (3 * least * least * least) * (1 + ROUND) + TINY
    return _known(
        x,
        clear,
        x.composed(Jet(value, slope, curvature, third, error, *map(_relative, (slope, curvature)))),
    )


def _known(x: Models, clear: Chosen, found: Models) -> Models:
    """The model where it is one; nothing is known elsewhere."""
    return found.where(
        clear & np.isfinite(found.err),
        x.within(np.full_like(x.a, -np.inf), np.full_like(x.a, np.inf)),
    )


def by_range(name: str, x: Models) -> Models:
    """Any function of the grammar, by its range on the cell alone."""
    box = x.range()
    low, high = FUNCTIONS[name](box)
    clear = np.isfinite(x.err)  # a bounded function of what is undefined is as undefined
    if name in DEFINED:
        clear = clear & DEFINED[name](box)
    return x.within(np.where(clear, low, -np.inf), np.where(clear, high, np.inf))


def absolute(x: Models) -> Models:
    """|x|, where the sign is open by the chord of |·| over the values."""
    return positive_part(x) + positive_part(-x)


def positive_part(x: Models) -> Models:
    """max(x, 0)."""
    return bent(x, 0.0)


def bent(x: Models, left: float) -> Models:
    """left x for x < 0 and x for x >= 0."""
    low, high = x.range()
    s, offset, above, below = bent_line(low, high, left)
    line = _line(x, s, offset, above, below)
    return x.where(low >= 0, x.scaled(left, left).where(high <= 0, line))


def _line(x: Models, slope: PerCell, offset: PerCell, above: PerCell, below: PerCell) -> Models:
    """slope x + offset + t with t in [-below, above]."""
    size = np.abs(slope) * x.size + np.abs(offset)
    found = x._rounded(slope * x.a + offset, slope * x.g, slope * x.q, np.abs(slope) * x.err, size)
    return found.shifted(-below, above)


def bent_line(
    low: PerCell, high: PerCell, left: float
) -> tuple[PerCell, PerCell, PerCell, PerCell]:
    """s, o and errors with s t + o - below <= ρ(t) <= s t + o + above on [low, high],
    ρ = left t | t with a kink at 0.

    The chord of the kink is a line L; ρ - L is linear on both sides of 0, and so
    extreme at low, 0 or high.
    """
    with np.errstate(all="ignore"):
        start = np.where(low < 0, left * low, low)
        s = (np.maximum(high, 0.0) + left * np.minimum(high, 0.0) - start) / (high - low)
        s = np.clip(
            np.where(np.isfinite(s), s, np.where(low < 0, left, 1.0)),
            min(left, 1.0),
            max(left, 1.0),
        )
        o = start - s * low
        ends = (0.0 - o, (left - s) * np.minimum(low, 0.0) - o, (1 - s) * np.maximum(high, 0.0) - o)
        above, below = np.maximum.reduce(ends), -np.minimum.reduce(ends)
    slack = 2.0**-49 * (np.abs(low) + np.abs(high)) * max(abs(left), 1.0) + TINY
    return s, o, upward(np.maximum(above, 0.0) + slack), upward(np.maximum(below, 0.0) + slack)


def soft(x: Models, alpha: tuple[float, float]) -> Models:
    """SignReLU, x for x >= 0 and α x/(1 - x) for x < 0, for some constant α in the interval."""
    low, high = x.range()
    least, most = alpha
    one = x.within(np.ones_like(low), np.ones_like(low))
    curve = (reciprocal(one - x.where(high < 0.5, -one)) - one).scaled(least, most)
    if least == most <= 1:
        mixed = _line(x, *soft_line(low, high, least))
    else:
        mixed = x.within(
            np.maximum(fl.below(most * np.minimum(low, 0.0)), -most), np.maximum(high, 0.0)
        )
    return x.where(low >= 0, curve.where(high <= 0, mixed))


def soft_line(
    low: PerCell, high: PerCell, alpha: float
) -> tuple[PerCell, PerCell, PerCell, PerCell]:
    """s, o and errors with s t + o - below <= ρ(t) <= s t + o + above on [low, high],
    for SignReLU with α <= 1.

    The line is the chord, or nearly; rounding makes it another line, and both errors are those
    of the line as it is. ρ is convex, so ρ - line is largest at an end. line - ρ is at most its
    maximum over all t <= 0 (for t >= 0 it decreases, since s <= 1): it is attained where ρ'(t) = s,
    or at 0 if s > α, with the value o + (√α - √min(s, α))². Rounding: the sums are wrong by some
    2^-51 times |low| + |high|, since s <= 1 and |ρ(t)| <= |t|; the root by 2^-52.
    """
    with np.errstate(all="ignore"):
        start, end = (
            np.where(t >= 0, t, alpha * t / (1 - np.minimum(t, 0.0))) for t in (low, high)
        )
        u = 1 - np.minimum(low, 0.0)
        s = (end - start) / (high - low)
        s = np.clip(np.where(np.isfinite(s), s, np.where(low >= 0, 1.0, alpha / (u * u))), 0.0, 1.0)
        o = start - s * low
        above = np.maximum(start - (s * low + o), end - (s * high + o))
        root = math.sqrt(alpha) - np.sqrt(np.minimum(s, alpha))
        below = np.maximum(o + root * root, 0.0)
        slack = 2.0**-47 * (np.abs(low) + np.abs(high) + root) + 2.0**-100
    return s, o, upward(np.maximum(above, 0.0) + slack), upward(below + slack)


# -- terms -----------------------------------------------------------------------------------------

_SMOOTH: dict[str, Callable[[Models], Models]] = {
    "exp": exp,
    "log": log,
    "sqrt": sqrt,
    "sin": sin,
    "cos": lambda x: sin(x, quarter=True),
    "Abs": absolute,
    "relu": positive_part,
}


def models(root: Term, leaves: Mapping[str, Models]) -> Models:
    """The model of a term, given models of its symbols (at least one).

    Raises:
        Unsupported: a sum, an integral, or an activation of a user's own.
    """
    done: dict[Term, Models] = {}
    some = next(iter(leaves.values()))
    with np.errstate(all="ignore"):
        for node in postorder(root):
            if node.free or node is root:
                spend(_cost(node, len(some.g) + len(some.q), len(some.a)))
                done[node] = _sane(_model(node, done, leaves, some))
    return done[root]


def _cost(node: Term, width: int, count: int) -> float:
    """Steps of work for an operation on so many models of so many coefficients."""
    if node.op == "activate" or (
        node.op == "call" and node.payload in ("Abs", "Max", "Min", "relu")
    ):
        return 400 + (0.2 + 0.015 * width) * count
    if node.op in ("call", "div", "pow"):
        return 200 + (0.09 + 0.008 * width) * count
    return 50 + (0.015 + 0.005 * width) * count


def _sane(x: Models) -> Models:
    fine = (
        np.isfinite(x.a)
        & np.isfinite(x.err)
        & np.isfinite(x.g).all(axis=0)
        & np.isfinite(x.q).all(axis=0)
    )
    if fine.all():
        return x
    a, g, q = (np.where(fine, v, 0.0) for v in (x.a, x.g, x.q))
    return Models(a, g, q, np.where(fine, x.err, np.inf))


def ends(constant: Term) -> tuple[float, float]:
    """Doubles around a term without variables; infinite ones where it has no clear value."""
    if constant.op == "rational":
        return fl.from_exact(constant.payload)
    try:
        value = at_point(constant, {}, 96)
    except (Unclear, DomainError):
        return -math.inf, math.inf
    return ball_below(arb(value)), ball_above(arb(value))


def _model(
    node: Term, done: Mapping[Term, Models], leaves: Mapping[str, Models], some: Models
) -> Models:
    if not node.free:
        low, high = ends(node)
        return some.within(np.full_like(some.a, low), np.full_like(some.a, high))
    if node.op == "symbol":
        return leaves[node.payload]
    args = node.args
    if node.op in ("add", "sub", "mul", "div") and not (args[0].free and args[1].free):
        return _with_constant(node, done)
    x = [done[a] for a in args if a.free]
    match node.op:
        case "neg":
            return -x[0]
        case "add":
            return x[0] + x[1]
        case "sub":
            return x[0] - x[1]
        case "mul":
            return x[0] * x[1]
        case "div":
            return x[0] * reciprocal(x[1])
        case "pow":
            return _power(node, done, some)
        case "call" if node.payload in ("Max", "Min"):
            one, two = (done[a] if a.free else _model(a, done, leaves, some) for a in args)
            return (
                two + positive_part(one - two)
                if node.payload == "Max"
                else two - positive_part(two - one)
            )
        case "call" if node.payload in _SMOOTH:
            return _SMOOTH[node.payload](x[0])
        case "call" if node.payload in FUNCTIONS:
            return by_range(node.payload, x[0])
        case "activate" if all(p.op == "rational" for p in args[1:]):
            return activated(node.payload, [p.payload for p in args[1:]], x[0])
    raise Unsupported(f"{brief(node)} is not for Taylor models")


def activated(rho: type[Activation], parameters: list[fmpq], x: Models) -> Models:
    if rho is ReLU:
        return positive_part(x)
    if rho is SignReLU:
        return soft(x, fl.from_exact(rho(*parameters).alpha))
    if rho is LeakyReLU:
        low, high = fl.from_exact(rho(*parameters).slope)
        line = bent(x, low)
        return line if low == high else line.shifted(-x.size * (high - low), x.size * (high - low))
    raise Unsupported(f"{rho.__name__} is not for Taylor models")


def _with_constant(node: Term, done: Mapping[Term, Models]) -> Models:
    one, two = node.args
    low, high = ends(two if one.free else one)
    x = done[one if one.free else two]
    if node.op in ("add", "sub"):
        if node.op == "sub" and one.free:
            low, high = -high, -low
        elif node.op == "sub":
            x = -x
        return x.shifted(np.full_like(x.a, low), np.full_like(x.a, high))
    if node.op == "div" and one.free:
        if low <= 0 <= high:
            return x.within(np.full_like(x.a, -np.inf), np.full_like(x.a, np.inf))
        low, high = 1 / high, 1 / low
        low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    return (reciprocal(x) if node.op == "div" and two.free else x).scaled(low, high)


def _power(node: Term, done: Mapping[Term, Models], some: Models) -> Models:
    base, exponent = node.args
    if exponent.op == "rational" and exponent.payload.q == 1 and abs(exponent.payload) <= 1024:
        n = int(exponent.payload.p)
        if n == 0:
            return (
                done[base].scaled(0.0, 0.0).shifted(1.0, 1.0)
            )  # 0**0 is 1, but what is undefined stays so
        whole = _repeated(done[base], abs(n))
        return whole if n > 0 else reciprocal(whole)
    if exponent.op == "rational" and exponent.payload == fmpq(1, 2):
        return sqrt(done[base])
    x, y = (done[t] if t.free else _model(t, done, {}, some) for t in (base, exponent))
    return exp(y * log(x))


def _repeated(x: Models, n: int) -> Models:
    if n == 1:
        return x
    half = _repeated(x, n // 2)
    return half * half * x if n % 2 else half * half
