"""κ_d, the constant of the bound V <= κ_d/σ that holds on every box, enclosed to any precision. [D]

    κ_d = (2π)^(-d/2) |S^(d-1)| E|θ|_∞ ∫_R |c_(d+1)(s)| ds,
          θ uniform on the unit sphere, c_m the cosine profile.

The angular factor is a sum over the 2d faces of the cube, and an integral over one variable:

    |S^(d-1)| E|θ|_∞ = 2d ∫_{[-1,1]^(d-1)} (1 + |y|²)^(-(d+1)/2) dy
                     = 2d π^((d-1)/2)/Γ((d+1)/2) ∫_0^∞ 2x exp(-x²) erf(x)^(d-1) dx

(write the power as an integral over t of t^((d-1)/2) exp(-t(1 + |y|²))/Γ((d+1)/2),
integrate over y, put t = x²). Beyond d = 100, `kappa_at_most` is a formula at least κ_d, by an
argument in words (Plancherel and the mean of |θ|_∞); `proofs/ridges/ridge_variation.py` has its
numbers.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import isqrt

from flint import acb, arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.theory.formulas.approximation import ridge_variation
from boundcheck.theory.ridge.profile import cosine_profile, sine_profile

LARGEST_ENCLOSED = 100
"""Larger d would do, but nobody has tried them."""
LARGEST_DIMENSION = 10**6
"""Of `kappa_at_most`, whose work does not grow with d."""

_SCAN_BITS = 64


@lru_cache(maxsize=256)
def kappa(d: int, bits: int) -> arb:
    """κ_d as a ball that is accurate to `bits` bits. κ_1 = 4 exp(-1/2), κ_2 = 4.293...,
    κ_3 = 5.835...

    Raises:
        BoundcheckError: d is not an integer from 1 to 100.
    """
    if not 1 <= d <= LARGEST_ENCLOSED:
        raise BoundcheckError(
            f"d = {d}; κ_d is evaluated for integers d from 1 to {LARGEST_ENCLOSED}"
        )
    work = bits + 32 + 4 * d
    while True:
        with ctx.workprec(work):
            value = (2 * arb.pi()) ** fmpq(-d, 2) * angular_factor(d) * profile_mass(d)
        if value.rel_accuracy_bits() >= bits:
            return value
        work *= 2


def kappa_at_most(d: int, bits: int) -> arb:
    """A number at least κ_d, as a ball: κ_d itself up to d = 100, beyond it the formula
    `ridge_variation.KAPPA_AT_MOST` (1.39 κ_d at d = 3072), in O(1) work.

    Raises:
        BoundcheckError: d is not an integer from 1 to a million.

    >>> kappa_at_most(1, 53).str(6, radius=False), kappa_at_most(3072, 53).str(6, radius=False)
    ('2.42612', '649.736')
    """
    if not 1 <= d <= LARGEST_DIMENSION:
        raise BoundcheckError(
            f"d = {d}; κ_d is bounded for integers d from 1 to {LARGEST_DIMENSION}"
        )
    if d <= LARGEST_ENCLOSED:
        return kappa(d, bits)
    return arb(at_point(ridge_variation.KAPPA_AT_MOST, {"d": fmpq(d)}, bits))


def angular_factor(d: int) -> arb:
    """|S^(d-1)| E|θ|_∞, as a ball at the working precision; it is 2 for d = 1."""
    if d == 1:
        return arb(2)
    half, stop = fmpq(d - 1, 2), (arb(ctx.prec) * arb(2).log()).sqrt().mid()
    return 2 * d * arb.pi() ** half / arb(half + 1).gamma() * radial(d, stop)


def radial(d: int, stop: arb) -> arb:
    """∫_0^∞ 2x exp(-x²) erf(x)^(d-1) dx, integrated up to `stop` and bounded beyond, as a ball."""
    small = arb(2) ** -ctx.prec
    inside = acb.integral(
        lambda x, _: 2 * x * (-x * x).exp() * x.erf() ** (d - 1),
        acb(0),
        acb(stop),
        rel_tol=small,
        abs_tol=small,
    ).real
    beyond = arb(0).union(
        (-(stop**2)).exp()
    )  # erf <= 1, and the integral of 2x exp(-x²) from X on is exp(-X²)
    return inside + beyond


def profile_mass(d: int) -> arb:
    """∫_R |c_(d+1)(s)| ds, as a ball at the working precision.

    s_d' = c_(d+1) and s_d is odd, so it is the variation of s_d: 2 Σ_{i=0}^n
    |s_d(z_(i+1)) - s_d(z_i)|, where z_1 < ... < z_n are the positive zeros of c_(d+1),
    s_d(z_0) = s_d(0) = 0, and s_d tends to 0 = s_d(z_(n+1)) at infinity (Riemann and Lebesgue).
    """
    values = [arb(0), *(_sine_at_zero(d, low, high) for low, high in _zeros(d)), arb(0)]
    total = arb(0)
    for one, two in pairwise(values):
        total += abs(two - one)
    return 2 * total


@lru_cache(maxsize=256)
def _zeros(d: int) -> tuple[tuple[fmpq, fmpq], ...]:
    """Brackets of all positive zeros of c_m, m = d + 1: at the ends of each its signs differ.

    These are all: exp(z) c_m(√(2z)) is a multiple of ₁F₁(-m/2; 1/2; z) by Kummer's transformation.
    Its n-th derivative, n = ⌈m/2⌉, is a multiple of ₁F₁(n - m/2; n + 1/2; z), which is positive
    for z >= 0. By Rolle's theorem there are at most n zeros z > 0, and n sign changes are found.
    """
    m = d + 1
    count, step = (m + 1) // 2, fmpq(1, 4 + 4 * isqrt(m))  # the zeros are about π/√m apart
    found: list[tuple[fmpq, fmpq]] = []
    with ctx.workprec(_SCAN_BITS + 4 * m):
        last, rising = fmpq(0), False  # c_m(0) > 0
        s = fmpq(0)
        while len(found) < count:
            s += step
            if s > 10 + 4 * m:
                raise ArithmeticError(
                    f"c_{m} shows {len(found)} sign changes up to {s}, not {count}"
                )
            value = cosine_profile(m, arb(s))
            if value.contains(0):
                continue
            if (value < 0) != rising:
                found.append((last, s))
                rising = not rising
            last = s
    return tuple(found)


def _sine_at_zero(d: int, low: fmpq, high: fmpq) -> arb:
    """s_d at the zero z of c_(d+1) in the bracket.

    Newton's method guesses a point x, and different signs of c_(d+1) at x ± r
    prove that |z - x| <= r.
    """
    m = d + 1
    x = arb((low + high) / 2)
    for _ in range(4 + ctx.prec.bit_length()):
        x = (x + cosine_profile(m, x) / sine_profile(m + 1, x)).mid()
    r = arb(2) ** -(ctx.prec // 2)
    left, right = cosine_profile(m, x - r), cosine_profile(m, x + r)
    inside = low < x - r and x + r < high
    if not (inside and ((left < 0 and right > 0) or (left > 0 and right < 0))):
        raise ArithmeticError(f"Newton's method found no zero of c_{m} between {low} and {high}")
    return around(d, x, r)


def around(d: int, x: arb, r: arb) -> arb:
    """s_d at any zero z of c_(d+1) that is at most r away from x: it is stationary there.

    |s_d(z) - s_d(x)| <= r (|c_(d+1)(x)| + r sup|s_(d+2)|).
    """
    m = d + 1
    largest = (
        arb(2) ** fmpq(m, 2) * arb(fmpq(m + 2, 2)).gamma()
    )  # ∫_0^∞ r^(m+1) exp(-r²/2) dr >= |s_(m+1)|
    error = r * (abs(cosine_profile(m, x)) + r * largest)
    return sine_profile(d, x) + (-error).union(error)
