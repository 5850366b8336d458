"""The grammar's functions on arrays of intervals: see `floats` for what an enclosure is, and
for U, TINY, below, above.

exp, log, sin, cos, tan, atan, sinh, cosh and tanh are computed here from `+ - * /` alone,
each with a proof of its error. In these proofs, "wrong by eU" means |computed - exact| <= eU
|exact| + higher orders in U; what the orders and the second decimals add is below 0.01 U,
and every entry of ERRORS leaves at least 0.1 U more. Underflow adds at most NORMAL each time it
happens in a last step, which TINY covers; before that it meets a term of moderate size. The rare
functions are in `float_special`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from boundcheck.enclosure.arrays.float_special import (
    acos,
    asin,
    cbrt,
    erf,
    erfc,
    factorial,
    gamma,
    loggamma,
)
from boundcheck.enclosure.arrays.floats import (
    MAX,
    NORMAL,
    TINY,
    Array,
    Mask,
    Pair,
    U,
    above,
    absolute,
    at_least,
    at_most,
    below,
    divide,
    mul,
    quiet,
    unbounded,
)

ERRORS = {
    "exp": 3 * U,
    "log": 7 * U,
    "sin": 6 * U,
    "atan": 8 * U,
    "sinh": 6 * U,
    "cosh": 5 * U,
    "tanh": 12 * U,
}
"""Proven bounds of the relative errors of the kernels; the sine has an absolute one besides."""
REDUCTION = 4 * U
"""The absolute error of a sine whose argument was reduced."""

# Each constant is the double nearest to what it stands for; the "high" parts have so few bits that
# their products with the integers in use are exact. A test compares them with balls.
LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42fefa38p-1"), float.fromhex("0x1.ef35793c7673p-45")
PER_LN2 = float.fromhex("0x1.71547652b82fep+0")
PI2_HIGH, PI2_MIDDLE = float.fromhex("0x1.921fb544p+0"), float.fromhex("0x1.0b4611a6p-34")
PI2_LOW = float.fromhex("0x1.3198a2e037073p-69")
PI2 = math.pi / 2
ATAN = np.array(
    [
        float.fromhex(h)
        for h in (
            *("0x0.0p+0", "0x1.fd5ba9aac2f6ep-4", "0x1.f5b75f92c80ddp-3", "0x1.6f61941e4def1p-2"),
            *(
                "0x1.dac670561bb4fp-2",
                "0x1.1e00babdefeb4p-1",
                "0x1.4978fa3269ee1p-1",
                "0x1.700a7c5784634p-1",
            ),
            "0x1.921fb54442d18p-1",
        )
    ]
)
"""atan(k/8)."""

_EXP = [1 / math.factorial(k) for k in range(14)]
_SIN = [(-1) ** k / math.factorial(2 * k + 1) for k in range(11)]
_SINH = [1 / math.factorial(2 * k + 1) for k in range(10)]
_LOG = [1 / (2 * k + 1) for k in range(11)]
_ATAN = [(-1) ** k / (2 * k + 1) for k in range(7)]


def _polynomial(coefficients: list[float], z: Array) -> Array:
    """Horner's rule."""
    last, *rest = reversed(coefficients)
    p = z * last
    for c in rest[:-1]:
        p += c
        p *= z
    return p + rest[-1]


def _pin(y: Pair, x: Pair, at: float, value: float) -> Pair:
    """Uses that the function, which increases, has an exact value at a point."""
    return at_least(y[0], x[0] >= at, value), at_most(y[1], x[1] <= at, value)


def _within(y: Pair, least: float, most: float) -> Pair:
    return np.maximum(y[0], least), np.minimum(y[1], most)


# -- exp and log ---------------------------------------------------------------------------------


def _exp_at(x: Array, doublings: int = 0) -> Array:
    """2**doublings exp(x), wrong by 3U; x is first moved into [-760, 720], beyond which
    exp under- or overflows.

    With k the integer next to x / ln 2, r = x - k ln 2. k LN2_HIGH is exact, for LN2_HIGH is
    a multiple of 2**-42 and k < 2**11. So is d = x - k LN2_HIGH: k != 0 implies |x| > 0.34,
    so that d is a multiple of 2**-54, and |d| < 1/2. |k LN2_LOW| < 2**-33: r is wrong by 0.36 U in
    absolute terms, from the last subtraction, and |r| <= R = 0.3466.

    Horner: let b_i be the computed 1/i! + r b_(i+1) and e_i its error in units of U. Then e_i <=
    b_i + R (e_(i+1) + b_(i+1)) + 1/i! for i >= 3, and without the last term for 2, 1, 0, where 1/i!
    is exact. b_1, b_2, b_3, b_4 <= 1.196, 0.564, 0.183, 0.045 and e_4 <= 0.2 give e_3 <= 0.44,
    e_2 <= 0.78, e_1 <= 1.67 and e_0 <= b_0 + 0.994. As b_0 >= 0.707, this is 2.41 U relative
    to b_0; the remainder R**14/14! e**R is below 0.06 U. Together 2.41 + 0.36 + 0.06 = 2.83.
    The scaling by two powers of two is exact but for underflow in the second.
    """
    x = np.minimum(np.maximum(x, -760.0), 720.0)
    k = np.rint(x * PER_LN2)
    p = _polynomial(_EXP, (x - k * LN2_HIGH) - k * LN2_LOW)
    n = k.astype(np.int64) + doublings
    half = n >> 1
    return p * ((half + 1023) << 52).view(np.float64) * ((n - half + 1023) << 52).view(np.float64)


@quiet
def exp(x: Pair) -> Pair:
    lower, upper = below(_exp_at(x[0]), ERRORS["exp"]), above(_exp_at(x[1]), ERRORS["exp"])
    return _pin((np.maximum(lower, 0.0), upper), x, 0.0, 1.0)


def _log_at(x: Array) -> Array:
    """log x for NORMAL <= x < inf, wrong by 7U.

    x = 2**k m with 0.7071 <= m < 1.41422, from the bits. f = m - 1 is exact; s = f / (m + 1)
    is wrong by 2U and |s| <= 0.17158. log m = 2 s (1 + g), g = z/3 + z**2/5 + ...,
    z = s**2 <= 0.02944, g <= 0.0102. z is wrong by 5U, the sum g by 9U of itself, that is 0.1 U;
    the remainder is z**11/23 < 0.001 U. Adding 1 and the last product are wrong by U each:
    log m by 4.2 U, and by 1.46 U in absolute terms, as |log m| <= 0.3466. This is all if k = 0.

    If k != 0, |log x| >= 0.3465. k LN2_HIGH is exact; k LN2_LOW < 2**-33 contributes nothing
    to speak of; the inner sum is wrong by 0.35 U, both by 1.81 U, that is 5.3 U of the result;
    the last sum by U. Together 6.3 U.
    """
    bits = x.view(np.int64)
    k = (bits - 0x3FE6A09E00000000) >> 52
    m = (bits - (k << 52)).view(np.float64)
    s = (m - 1) / (m + 1)
    log = 2 * s * _polynomial(_LOG, s * s)
    n = k.astype(np.float64)
    return n * LN2_HIGH + (n * LN2_LOW + log)


@quiet
def log(x: Pair) -> Pair:
    """log on the positive part; a lower end that is subnormal is at least 2**-1074 > exp(-745)."""
    low, high = x
    lower = below(_log_at(np.maximum(low, NORMAL)), ERRORS["log"])
    lower = np.where(low < NORMAL, np.where(low > 0, -745.0, -np.inf), lower)
    upper = above(_log_at(np.minimum(np.maximum(high, NORMAL), MAX)), ERRORS["log"])
    lower, upper = _pin((lower, np.where(high > MAX, np.inf, upper)), x, 1.0, 0.0)
    return unbounded((lower, upper), high <= 0)


@quiet
def sqrt(x: Pair) -> Pair:
    lower, upper = below(np.sqrt(np.maximum(x[0], 0.0))), above(np.sqrt(np.maximum(x[1], 0.0)))
    y = _pin(_pin((np.maximum(lower, 0.0), upper), x, 0.0, 0.0), x, 1.0, 1.0)
    return unbounded(y, x[1] < 0)


# -- circular functions --------------------------------------------------------------------------

FAR = 2.0**20
"""Sines of larger numbers are not computed."""
_NEAR = 2.0**-30


def _sine_at(x: Array, quarter: int) -> tuple[Array, Array]:
    """sin(x + quarter pi/2), quarter 0 or 1, for |x| <= FAR: a double and the
    absolute part of its error.

    x = r + j pi/2 with j even for the sine and odd for the cosine, |j| < 2**20; then the value
    is +-sin r. The quotient by pi is wrong by less than 2**-32, so |r| < 1.5709. PI2_HIGH and
    PI2_MIDDLE have at most 32 bits: their products with j are exact. If j = 0, r = x. Otherwise
    each of the three differences, all below 2, is wrong by at most U; j PI2_LOW < 2**-48 and
    what is left of pi/2, j 2**-122, add below 0.001 U. r is wrong by 3.01 U < REDUCTION, and so
    is its sine.

    sin r = r h(z), z = r**2 <= 2.468, h between 0.636 and 1. Horner: let b_i be the computed
    coefficient (-1)**i/(2i+1)! + z b_(i+1), and e_i its error in units of U. With the
    error U of z and of the coefficient, e_i <= |b_i| + z (e_(i+1) + 2 |b_(i+1)|) + 1/(2i+1)!, and
    |b_i| <= 1/(2i+1)!, for the terms alternate and decrease. e_3 <= 0.0005, e_2 <= 2/120 + 2.468
    (e_3 + 2/5040) <= 0.019, e_1 <= 2/6 + 2.468 (e_2 + 2/120) <= 0.422; for i = 0, where 1 is
    exact, e_0 <= h + 2.468 (e_1 + 2/6) <= h + 1.865. The remainder, z**11/23!, is below 0.01 U.
    Relative to h this is 1 + 1.875/0.636 = 3.95; the product with r adds 1. Together 4.95 U of
    the sine, plus the above.
    """
    half = np.rint(x * (1 / math.pi) - 0.5 * quarter)
    j = 2 * half + quarter
    r = ((x - j * PI2_HIGH) - j * PI2_MIDDLE) - j * PI2_LOW
    odd = half - 2 * np.floor(0.5 * half)
    sign = 1 - 2 * odd if quarter == 0 else 2 * odd - 1
    return sign * r * _polynomial(_SIN, r * r), np.where(j == 0, TINY, REDUCTION)


def _turns(x: Pair, shift: float) -> tuple[Array, Array, Mask]:
    """Integers first, last and a mask: unless it is set, any integer t/pi - shift with t
    in x is in (first, last].

    For |t| <= FAR the quotient, below 2**19, is wrong by less than 2**-32.
    """
    far = (x[0] < -FAR) | (x[1] > FAR)
    low, high = np.maximum(x[0], -FAR), np.minimum(x[1], FAR)
    return (
        np.floor(low * (1 / math.pi) - (shift + _NEAR)),
        np.floor(high * (1 / math.pi) - (shift - _NEAR)),
        far,
    )


def _wave(x: Pair, quarter: int) -> Pair:
    """sin or cos: extreme where t/pi - shift is an integer, 1 for even ones and -1 for odd ones."""
    a, error_a = _sine_at(np.minimum(np.maximum(x[0], -FAR), FAR), quarter)
    b, error_b = a, error_a
    if x[1] is not x[0]:  # the tangent asks for points
        b, error_b = _sine_at(np.minimum(np.maximum(x[1], -FAR), FAR), quarter)
    lower = np.minimum(below(a, ERRORS["sin"], error_a), below(b, ERRORS["sin"], error_b))
    upper = np.maximum(above(a, ERRORS["sin"], error_a), above(b, ERRORS["sin"], error_b))
    first, last, far = _turns(x, 0.5 * (1 - quarter))
    both = far | (last - first > 1)
    one = last > first
    even = 0.5 * last == np.floor(0.5 * last)
    lower, upper = (
        np.where(both | (one & ~even), -1.0, lower),
        np.where(both | (one & even), 1.0, upper),
    )
    return _within((lower, upper), -1.0, 1.0)


@quiet
def sin(x: Pair) -> Pair:
    lower, upper = _wave(x, 0)
    lower = at_least(lower, (x[0] >= 0) & (x[1] <= 3), 0.0)
    return lower, at_most(upper, (x[1] <= 0) & (x[0] >= -3), 0.0)


@quiet
def cos(x: Pair) -> Pair:
    lower, upper = _wave(x, 1)
    return at_least(lower, (x[0] == 0) & (x[1] == 0), 1.0), upper


@quiet
def tan(x: Pair) -> Pair:
    """sin/cos at either end, where no pole is between them."""
    a, b = (x[0], x[0]), (x[1], x[1])
    lower, upper = divide(sin(a), cos(a))[0], divide(sin(b), cos(b))[1]
    return unbounded((lower, upper), ~_tan_defined(x))


@quiet
def _tan_defined(x: Pair) -> Mask:
    first, last, far = _turns(x, 0.5)
    return (first == last) & ~far


def _atan_at(x: Array) -> Array:
    """atan x, wrong by 8U.

    Let t = min(|x|, 1/|x|), c = i/8 next to t, w = (t - c) / (1 + t c), |w| <= 1/16;
    atan t = ATAN[i] + atan w. If i = 0, w = t. Otherwise t - c is exact, as t >= 1/16 is a multiple
    of 2**-56; 1 + tc is wrong by 1.5 U and w by 2.6 U. atan w = w (1 - z/3 + z**2/5 - ...),
    z = w**2 <= 1/256: the sum is wrong by 1.02 U, its remainder z**7/15 is below 0.01 U,
    and the product adds 1: atan w is wrong by 2.1 U if i = 0, and by 4.7 U, that is 0.3 U in
    absolute terms, otherwise.

    For |x| <= 1 and i > 0: ATAN[i] is wrong by half its last place, which is 1/16 U for i = 1,
    1/8 U for 2, and at most U/2 later. The value is at least atan((2i-1)/16), which is 0.0624,
    0.185 and 0.302 for i = 1, 2, 3: relative to it, both errors are at most 5.9 U, 2.3 U and 2.7 U,
    and the sum adds 1. Together 6.9 U. For |x| > 1 the value is at least pi/4: t is wrong by U,
    which adds at most U/2 to 0.3 U + U/2 + 0.8 U (the sum), PI2 is wrong by 0.56 U, and
    the difference by U of itself: 2.66/0.785 + 1 < 4.4 U.
    """
    size = np.abs(x)
    large = size > 1
    t = np.where(large, 1 / size, size)
    i = np.rint(8 * t)
    c = 0.125 * i
    w = (t - c) / (1 + t * c)
    a = np.take(ATAN, i.astype(np.intp), mode="clip") + w * _polynomial(_ATAN, w * w)
    return np.copysign(np.where(large, PI2 - a, a), x)


@quiet
def atan(x: Pair) -> Pair:
    return _pin(
        (below(_atan_at(x[0]), ERRORS["atan"]), above(_atan_at(x[1]), ERRORS["atan"])), x, 0.0, 0.0
    )


# -- hyperbolic functions ------------------------------------------------------------------------


def _halves(x: Array) -> tuple[Array, Array]:
    """exp|x|/2, wrong by 3U, and exp(-|x|)/2 from its reciprocal, wrong by 4U."""
    h = _exp_at(np.abs(x), -1)
    return h, 0.25 / h


def _small_sinh(x: Array) -> Array:
    """sinh x for |x| <= 1, wrong by 3U: x (1 + g), g = z/6 + z**2/120 + ... <= 0.1753, z = x**2.

    g is a sum of positive terms: the first is wrong by U for z, U for 1/6, U for the product
    and U for the sum with later ones, which weigh 1/20 as much: 0.76 U. Adding 1 is wrong by U of
    the sum, and so is the product. The remainder is below 0.001 U. Together 2.8 U.
    """
    return x * _polynomial(_SINH, x * x)


def _sinh_at(x: Array) -> Array:
    """sinh x, wrong by 6U: beyond 1, h - q with q/h <= 0.1354 by (3 + 4
    0.1354)/(1 - 0.1354) + 1 = 5.1 U."""
    h, q = _halves(x)
    return np.where(
        np.abs(x) <= 1, _small_sinh(np.minimum(np.maximum(x, -1.0), 1.0)), np.copysign(h - q, x)
    )


@quiet
def sinh(x: Pair) -> Pair:
    return _pin(
        (below(_sinh_at(x[0]), ERRORS["sinh"]), above(_sinh_at(x[1]), ERRORS["sinh"])), x, 0.0, 0.0
    )


def _cosh_at(x: Array) -> Array:
    """cosh x, wrong by 5U: h + q by 3.5 U from its parts, as q <= h, and U from the sum."""
    h, q = _halves(x)
    return h + q


@quiet
def cosh(x: Pair) -> Pair:
    y = absolute(x)
    lower, upper = below(_cosh_at(y[0]), ERRORS["cosh"]), above(_cosh_at(y[1]), ERRORS["cosh"])
    return _pin((np.maximum(lower, 1.0), upper), y, 0.0, 1.0)


def _tanh_at(x: Array) -> Array:
    """tanh x, wrong by 12U: sinh by 5.1 U, cosh by 4.5 U, the quotient by U.

    Beyond 40 it is computed at 40: there 1 - tanh is below 2**-114.
    """
    x = np.minimum(np.maximum(x, -40.0), 40.0)
    return _sinh_at(x) / _cosh_at(x)


@quiet
def tanh(x: Pair) -> Pair:
    y = below(_tanh_at(x[0]), ERRORS["tanh"]), above(_tanh_at(x[1]), ERRORS["tanh"])
    return _within(_pin(y, x, 0.0, 0.0), -1.0, 1.0)


# -- steps ---------------------------------------------------------------------------------------


def floor(x: Pair) -> Pair:
    return np.floor(x[0]), np.floor(x[1])


def ceiling(x: Pair) -> Pair:
    return np.ceil(x[0]), np.ceil(x[1])


def sign(x: Pair) -> Pair:
    return np.sign(x[0]), np.sign(x[1])


# -- powers and tables ---------------------------------------------------------------------------


@quiet
def real_power(x: Pair, y: Pair) -> Pair:
    """x**y = exp(y log x) for x > 0, and 0**y = 0 for y > 0; not defined elsewhere."""
    power = exp(mul(y, log(x)))
    zero = (x[1] == 0) & (y[0] > 0)
    lower, upper = np.where(zero, 0.0, power[0]), np.where(zero, 0.0, power[1])
    return unbounded((lower, upper), (x[1] <= 0) & ~zero)


def real_power_defined(x: Pair, y: Pair) -> Mask:
    return (x[0] > 0) | ((x[0] >= 0) & (y[0] > 0))


FUNCTIONS: dict[str, Callable[[Pair], Pair]] = {
    "exp": exp,
    "log": log,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "atan": atan,
    "asin": asin,
    "acos": acos,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "sqrt": sqrt,
    "cbrt": cbrt,
    "erf": erf,
    "erfc": erfc,
    "gamma": gamma,
    "loggamma": loggamma,
    "factorial": factorial,
    "floor": floor,
    "ceiling": ceiling,
    "sign": sign,
    "Abs": absolute,
}


def _not_zero(x: Pair) -> Mask:
    return (x[0] > 0) | (x[1] < 0)


DEFINED: dict[str, Callable[[Pair], Mask]] = {
    "div": _not_zero,
    "log": lambda x: x[0] > 0,
    "sqrt": lambda x: x[0] >= 0,
    "cbrt": lambda x: x[0] >= 0,
    "asin": lambda x: (x[0] >= -1) & (x[1] <= 1),
    "acos": lambda x: (x[0] >= -1) & (x[1] <= 1),
    "tan": _tan_defined,
    "gamma": lambda x: x[0] > 0,
    "loggamma": lambda x: x[0] > 0,
    "factorial": lambda x: x[0] > -1,
}
"""Where a partial function, or for "div" the reciprocal, is certain to be defined on
the whole closed interval."""
