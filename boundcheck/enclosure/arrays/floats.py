"""Arrays of intervals with float64 ends, rounded outward.

numpy rounds to nearest; `below` and `above` move a result outward past its proven error.
The proofs assume IEEE-754 `+ - * / sqrt` in double precision, rounded to nearest, and nothing else:
no library function, no fused operation either way. Subnormal results may be flushed to zero
(torch can switch that on, for a whole thread); where subnormal *inputs* are read as zero as
well, pass data from elsewhere through `settled` first. Every function here returns settled
intervals for settled intervals.

Evaluation is loose: a result contains f(t) for every t of the interval at which f is defined,
and is [-inf, inf] where f is defined nowhere.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays.shaped import Bool, Float64, Numbers

Array: TypeAlias = Float64[Numbers, "*#shape"]
"""Of any shape; but all in one signature, masks and pairs included, can be broadcast to one."""
Mask: TypeAlias = Bool[Numbers, "*#shape"]
Pair: TypeAlias = tuple[Array, Array]
"""Lower and upper ends; never NaN; a lower end is never inf, an upper end never -inf."""
Columns: TypeAlias = tuple[
    Float64[np.ndarray, "columns boxes"], Float64[np.ndarray, "columns boxes"]
]
Rows: TypeAlias = tuple[Float64[np.ndarray, "rows boxes"], Float64[np.ndarray, "rows boxes"]]
"""Of a matrix: what it is applied to, and the outcome."""

MAX = sys.float_info.max
NORMAL = sys.float_info.min  # 2**-1022
TINY = 4 * NORMAL
U = 2.0**-53
"""The unit roundoff: one operation is wrong by at most U times its result, or by
NORMAL where that underflows."""

# Freed at once, this tells glibc to keep up to 32 MiB of freed memory: larger temporaries are
# otherwise given back to the system and faulted in again each time, which makes everything
# here three times as slow.
np.empty(2**21)

F = TypeVar("F", bound=Callable[..., Any])


def quiet(function: F) -> F:
    """Decorates public functions: overflow, 0 * inf and the like are meant."""
    return np.errstate(all="ignore")(
        function
    )  # one object each: they are not re-entrant before numpy 2


def below(s: Array, error: Array | float = U, absolute: Array | float = TINY) -> Array:
    """A lower bound of every x with |x - s| <= error |s| + (1-2U) absolute - 2 NORMAL;
    absolute is at least TINY.

    Let e be the factor below and t = fl(fl(|s| e) + absolute). An underflow loses at most NORMAL,
    so t >= (|s| e (1-U) - NORMAL + absolute)(1-U). The last subtraction is wrong by at most
    U(|s| + t) + NORMAL, hence

        result <= s + U|s| - (1-U) t + NORMAL <= s - |s| (e (1-3U) - U) - (1-2U) absolute + 2 NORMAL

    and e (1-3U) - U >= error, since e >= (error + U)(1 + 13U) after its own two roundings. By
    default this covers one operation: an error of U|s|, or of NORMAL where it underflows. s = inf
    stands for an overflow, where x >= MAX (1 - error): it is read as MAX.
    """
    s = np.minimum(s, MAX)
    t = np.abs(s) * ((error + U) * (1 + 16 * U)) + absolute
    return s - t


def above(s: Array, error: Array | float = U, absolute: Array | float = TINY) -> Array:
    """An upper bound of x: the mirror image of `below`."""
    s = np.maximum(s, -MAX)
    t = np.abs(s) * ((error + U) * (1 + 16 * U)) + absolute
    return s + t


def at_least(lower: Array, where: Mask, value: float) -> Array:
    """The lower end, raised to a value that is known to be a lower bound there."""
    return np.where(where & (lower < value), value, lower)


def at_most(upper: Array, where: Mask, value: float) -> Array:
    """The upper end, cut to a value that is known to be an upper bound there."""
    return np.where(where & (upper > value), value, upper)


def unbounded(x: Pair, where: Mask) -> Pair:
    """The interval, and [-inf, inf] where the mask is set."""
    return np.where(where, -np.inf, x[0]), np.where(where, np.inf, x[1])


# -- exact numbers -------------------------------------------------------------------------------


def from_exact(q: fmpq) -> tuple[float, float]:
    """The doubles around a rational number: itself if it is one, not subnormal."""
    if 0 < abs(q) < _exactly(NORMAL):
        return (0.0, NORMAL) if q > 0 else (-NORMAL, 0.0)
    lower = upper = nearest(q)
    while lower > -math.inf and (lower == math.inf or _exactly(lower) > q):
        lower = math.nextafter(lower, -math.inf)
    while upper < math.inf and (upper == -math.inf or _exactly(upper) < q):
        upper = math.nextafter(upper, math.inf)
    return lower, upper


def nearest(q: fmpq) -> float:
    """A double close to q, for use with an exact check; infinite beyond the range."""
    try:
        return int(q.p) / int(q.q)
    except OverflowError:
        return math.inf if q > 0 else -math.inf


def _exactly(x: float) -> fmpq:
    return fmpq(*x.as_integer_ratio())


def settled(x: Pair) -> Pair:
    """Subnormal ends moved outward to 0 or +-NORMAL, whatever the processor
    does with subnormal numbers."""
    return _settled(x[0], False, -NORMAL), _settled(x[1], True, NORMAL)


def _settled(end: Array, inner: bool, outer: float) -> Array:
    bits = np.asarray(end, np.float64).view(np.int64)
    magnitude = bits & 0x7FFFFFFFFFFFFFFF
    subnormal = (magnitude > 0) & (magnitude < 1 << 52)
    return np.where(subnormal, np.where((bits < 0) == inner, 0.0, outer), end)


# -- arithmetic ----------------------------------------------------------------------------------


@quiet
def add(x: Pair, y: Pair) -> Pair:
    """x + y. The sum of non-negative numbers stays so exactly, as does
    that of non-positive ones."""
    lower, upper = below(x[0] + y[0]), above(x[1] + y[1])
    return at_least(lower, (x[0] >= 0) & (y[0] >= 0), 0.0), at_most(
        upper, (x[1] <= 0) & (y[1] <= 0), 0.0
    )


def neg(x: Pair) -> Pair:
    return -x[1], -x[0]


def sub(x: Pair, y: Pair) -> Pair:
    return add(x, neg(y))


@quiet
def mul(x: Pair, y: Pair) -> Pair:
    """x * y. Where its sign is known from those of x and y, the end at 0 is exact.

    An end 0 times inf stands for 0: NaN is skipped, as another corner gives the 0,
    unless all corners are NaN.
    """
    (a, b), (c, d) = x, y
    corners = a * c, a * d, b * c, b * d
    lower = np.fmin(np.fmin(corners[0], corners[1]), np.fmin(corners[2], corners[3]))
    upper = np.fmax(np.fmax(corners[0], corners[1]), np.fmax(corners[2], corners[3]))
    rises, falls = _signs(a >= 0, b <= 0, c >= 0, d <= 0)
    lower, upper = below(lower), above(upper)
    return np.where(rises & ~(lower > 0), 0.0, lower), np.where(
        falls & ~(upper < 0), 0.0, upper
    )  # also for NaN


def _signs(x_rises: Mask, x_falls: Mask, y_rises: Mask, y_falls: Mask) -> tuple[Mask, Mask]:
    """Where xy >= 0 is certain and where xy <= 0 is, from x >= 0, x <= 0, y >= 0, y <= 0."""
    zero = (x_rises & x_falls) | (y_rises & y_falls)
    return (x_rises & y_rises) | (x_falls & y_falls) | zero, (x_rises & y_falls) | (
        x_falls & y_rises
    ) | zero


@quiet
def scale_by_exact(x: Pair, factor: float) -> Pair:
    """x times a finite double, which is exact."""
    if factor in (1, -1):
        return x if factor > 0 else neg(x)
    c = np.asarray(factor, np.float64)
    return mul(x, (c, c))


def square(x: Pair) -> Pair:
    return power(x, 2)


def power(x: Pair, n: int) -> Pair:
    """x**n for any integer n; 0**0 is 1."""
    if n < 0:
        return reciprocal(power(x, -n))
    if n == 0:
        return np.ones_like(x[0]), np.ones_like(x[1])
    return x if n == 1 else _power(absolute(x) if n % 2 == 0 else x, n)


@quiet
def _power(x: Pair, n: int) -> Pair:
    """x**n, n > 1, where it increases: by repeated multiplication at the ends.

    Without underflow, a product of m factors carries m-1 factors 1+d with |d| <= U, so its error
    relative to the result is at most (m-1)U / (1-(m-1)U) <= mU for m <= 2**26. If an intermediate
    power underflows then |x| < 1, so that it and all later ones, computed or exact, are below
    NORMAL(1+mU); if one overflows, |x| > 1 and the exact power is above MAX(1-mU) as well.
    Larger powers are further from 1 than the last m of their parity.
    """
    low, high = x
    m = min(n, 2**26 - n % 2)
    lower, upper = below(_raise(low, m), m * U), above(_raise(high, m), m * U)
    if m < n:
        lower = np.where(low < -1, -np.inf, np.where((low >= 0) & (low < 1), 0.0, lower))
        upper = np.where(high > 1, np.inf, np.where((high <= 0) & (high > -1), 0.0, upper))
    return at_least(lower, low >= 0, 0.0), at_most(upper, high <= 0, 0.0)


def _raise(x: Array, n: int) -> Array:
    result: Array | None = None
    while True:
        if n & 1:
            result = x if result is None else result * x
        n >>= 1
        if not n:
            assert result is not None
            return result
        x = x * x


@quiet
def reciprocal(x: Pair) -> Pair:
    """1/x. An end at 0 is approached from inside; the signs of zeros do not matter."""
    low, high = x
    lower = below(-1 / (0.0 - high))  # 0 - high is +0 at either zero, so that its quotient is inf
    upper = above(1 / (low + 0.0))
    lower, upper = at_least(lower, low >= 0, 0.0), at_most(upper, high <= 0, 0.0)
    return unbounded((lower, upper), ((low < 0) & (high > 0)) | ((low == 0) & (high == 0)))


def divide(x: Pair, y: Pair) -> Pair:
    lower, upper = mul(x, reciprocal(y))
    return unbounded((lower, upper), (y[0] == 0) & (y[1] == 0))


def absolute(x: Pair) -> Pair:
    low, high = x
    return np.maximum(np.maximum(low, -high), 0.0), np.maximum(-low, high)


def minimum(x: Pair, y: Pair) -> Pair:
    return np.minimum(x[0], y[0]), np.minimum(x[1], y[1])


def maximum(x: Pair, y: Pair) -> Pair:
    return np.maximum(x[0], y[0]), np.maximum(x[1], y[1])


def hull(x: Pair, y: Pair) -> Pair:
    return np.minimum(x[0], y[0]), np.maximum(x[1], y[1])


# -- matrices ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matrix:
    """An exact matrix A as doubles: |A - mid| <= rad entry by entry; no entry is subnormal."""

    mid: Float64[np.ndarray, "rows columns"]
    rad: Float64[np.ndarray, "rows columns"]
    rises: Bool[np.ndarray, "rows 1"]
    """The rows without negative entries, as a column."""
    falls: Bool[np.ndarray, "rows 1"]
    """The rows without positive entries, as a column."""


def matrix(rows: Sequence[Sequence[fmpq]]) -> Matrix:
    """The matrix of exact entries; rad is 0 where the entry is a double."""
    shape = (len(rows), len(rows[0]) if rows else 0)
    mid, rad = np.zeros(shape), np.zeros(shape)
    least = _exactly(NORMAL)
    for i, row in enumerate(rows):
        for j, q in enumerate(row):
            near = nearest(q)
            if abs(q) < least:
                near = 0.0
            near = max(-MAX, min(MAX, near))
            mid[i, j] = near
            rad[i, j] = from_exact(abs(q - _exactly(near)))[1]
    rises = np.array([[all(q >= 0 for q in row)] for row in rows], bool).reshape(shape[0], 1)
    falls = np.array([[all(q <= 0 for q in row)] for row in rows], bool).reshape(shape[0], 1)
    return Matrix(mid, rad, rises, falls)


def growth(n: int) -> float:
    """(n+4)U >= gamma_n + 2U, where gamma_n = nU/(1-nU), for n <= 2**26: the
    error of a sum of n products.

    A computed sum of n products, in any order and with or without fused operations, is the sum
    of the products times 1+d with |d| <= gamma_n (Higham, Accuracy and Stability of Numerical
    Algorithms, 3.1), but for underflow.
    """
    if n > 2**26:
        raise ValueError(f"{n} columns are too many: at most 2**26")
    return (n + 4) * U


@quiet
def matmul(weight: Matrix, x: Columns) -> Rows:
    """The products A x for x in a box, columns of x apart: as midpoint and radius.

    Let c be any doubles and r >= |x - c|, W = mid, n the number of columns, g = growth(n).
    For A and x inside,

        |Ax - fl(Wc)| <= |W| r + rad (|c| + r) + gamma_n |W||c| + E,

    where E bounds underflow: each product and each partial sum loses at most NORMAL, which grows
    by at most 1+gamma_n; 2n of them are less than n TINY. The radius fl(|W| v) + fl(rad (|c| + r))
    with v = fl(r + g|c|) is itself computed: it is at least (1-gamma_n)(1-U)**4 times its
    exact value, less 2n TINY for underflow. Both are made up for by the factor 1 + 4g and by
    (n+1) 4 TINY, with room for two more roundings: that of fl(high - c) or fl(c - low) in r,
    and U times the radius of the last sum, whose U |fl(Wc)| is in g - gamma_n. A c that is
    subnormal may be read as 0, a distance from it and g|c| may be flushed: r is 3 NORMAL and more
    above fl(high - c) and fl(c - low).

    Infinite ends are kept out of the products; a row that uses one is [-inf, inf],
    as is one that overflows.
    """
    low, high = x
    n = weight.mid.shape[1]
    g = growth(n)
    infinite = ~(np.isfinite(low) & np.isfinite(high))
    touched: Mask | None = None
    if infinite.any():
        used = ((weight.mid != 0) | (weight.rad != 0)).astype(np.float64)
        touched = used @ infinite.astype(np.float64) > 0
        low, high = np.where(infinite, 0.0, low), np.where(infinite, 0.0, high)
    c = 0.5 * low + 0.5 * high
    r = np.maximum(high - c, c - low) + 2 * TINY
    size = np.abs(c)
    middle = weight.mid @ c
    radius = np.abs(weight.mid) @ (r + g * size)
    if weight.rad.any():
        radius = radius + weight.rad @ (size + r)
    radius = radius * (1 + 4 * g) + (n + 1) * 4 * TINY
    lower, upper = middle - radius, middle + radius
    positive, negative = np.asarray((x[0] >= 0).all(axis=0)), np.asarray((x[1] <= 0).all(axis=0))
    rises, falls = _signs(weight.rises, weight.falls, positive, negative)
    lower, upper = at_least(lower, rises, 0.0), at_most(upper, falls, 0.0)
    lost = ~(np.isfinite(middle) & np.isfinite(radius))
    return unbounded((lower, upper), lost if touched is None else lost | touched)
