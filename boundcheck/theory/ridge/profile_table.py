"""The ridge profile and its derivatives for whole arrays of float64, with a proven uniform error.

    F(s) = dʲ/dsʲ c_m(s) = Re iʲ ∫_0^∞ g(r) exp(irs) dr,      g(r) = r^p exp(-r²/2),   p = m + j

For |s| <= END: Taylor polynomials at the centres h/4. Moments bound all derivatives:
|F^(n)| is at most ∫ r^(p+n) exp(-r²/2) dr, so that the remainder at a distance of 1/8 is at most
8^-n/n! · 2^((p+n-1)/2) Γ((p+n+1)/2).

Beyond END: K integrations by parts give

    ∫ g exp(irs) dr = Σ_{k<K} g^(k)(0) (i/s)^(k+1) + (i/s)^K ∫ g^(K) exp(irs) dr

where g^(p+2l)(0) = (-1)^l (p+2l)!/(2^l l!) and the other derivatives at 0 vanish.
Since i^(j+p+2l+1) is i^(m+1) (-1)^(j+l), the sum contributes (-1)^((m+1)/2+j) (p+2l)!/(2^l l!)
s^-(p+2l+1) to F for odd m, and nothing for even m. The remainder is at most s^-K ∫ |g^(K)| dr.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.arrays.doubles import ball_above
from boundcheck.enclosure.arrays.floats import Array, U
from boundcheck.errors import BoundcheckError
from boundcheck.theory.ridge.profile import cosine_profile, sine_profile

END = 64
PER_UNIT = 4
REACH = fmpq(1, 2 * PER_UNIT)
LARGEST = 40
"""The largest m + j: up to there the remainder beyond END is far below the rounding errors."""
_PARTS = 14
_BITS = 58
"""Near the centres, the remainder is less than 2^-58 ∫ g dr: below the rounding errors."""


def derivative(m: int, j: int, s: arb) -> arb:
    """dʲ/dsʲ c_m(s), a ball at the working precision: c, -s, -c, s, c, ... of the order m + j."""
    value = cosine_profile(m + j, s) if j % 2 == 0 else sine_profile(m + j, s)
    return -value if j % 4 in (1, 2) else value


def moment(p: int) -> arb:
    """∫_0^∞ r^p exp(-r²/2) dr = 2^((p-1)/2) Γ((p+1)/2)."""
    return arb(2) ** fmpq(p - 1, 2) * arb(fmpq(p + 1, 2)).gamma()


@lru_cache(maxsize=32)
def profile_table(m: int, j: int = 0) -> Table:
    """The table of dʲ/dsʲ c_m, made once (about 0.1 s).

    Raises:
        BoundcheckError: m + j > 40, for which the tables are not made.
    """
    if m + j > LARGEST:
        raise BoundcheckError(
            f"the ridge profile of order {m + j} is beyond the tables, which end at {LARGEST}"
        )
    return Table(m, j)


class Table:
    """s ↦ F(s) = dʲ/dsʲ c_m(s) on arrays.

    Attributes:
        error: |values(s) - F(s)| <= error for every finite double s.
        largest: sup |F| <= largest.

    The error, for s = ±t with t <= END and the nearest centre h/4: x = t - h/4 is exact (h = 0,
    or Sterbenz's lemma as h/8 <= t <= h/2). Horner's rule with n coefficients, each wrong by 2U
    of itself, errs by at most γ_2n Σ|a_k||x|^k <= 4nU Σ|a_k| 8^-k. Beyond: with L coefficients
    and r = 1/t, a term c r^(p+1+2k) is made by at most p + 1 + 3L operations on r and c, and
    each of its p + 1 + 2k factors r is wrong by U: in all less than (2p + 6L + 8) U times the sum
    of the terms' sizes. The bounds are computed in doubles, from sums of less than 2^10 terms:
    `slack` covers that by far, and also that coefficients below 2^-900 are dropped, which with all
    underflows costs less than 2^-800, as the remainders and rounding errors are above 2^-700.
    """

    def __init__(self, m: int, j: int) -> None:
        self.m, self.j, self.p = m, j, m + j
        self.odd = j % 2 == 1
        with ctx.workprec(128 + 10 * self.p):
            sizes, cut = self._near()
            tail, remainder = self._far()
            rounding = 4 * len(self.near) * U * float(sizes.max())
            far_rounding = (2 * self.p + 6 * len(self.far) + 8) * U * tail
            slack = 1 + 2.0**-20
            self.error = max(cut + rounding, remainder + far_rounding) * slack
            peaks = np.append(sizes + cut, tail + remainder) * slack
        self._peaks = np.maximum.accumulate(peaks[::-1])[::-1]
        self.largest = float(self._peaks[0])

    def _near(self) -> tuple[Array, float]:
        """Σ|a_k| 8^-k for each centre, rounded, and the error besides rounding; makes the
        coefficients (n, centres)."""
        goal, n = moment(self.p) * arb(2) ** -_BITS, 1
        while not (cut := moment(self.p + n) * arb(REACH) ** n / arb(n).fac()) < goal:
            n += 1
        rows: Any = []
        for h in range(END * PER_UNIT + 1):
            centre = arb(fmpq(h, PER_UNIT))
            rows.append([derivative(self.m, self.j + k, centre) / arb(k).fac() for k in range(n)])
        found = np.array([[_settled(float(a.mid())) for a in row] for row in rows])
        self.near = np.ascontiguousarray(found.T[::-1])
        sizes = np.abs(found) @ float(REACH) ** np.arange(n)
        return sizes, ball_above(cut + n * max(a.rad() for row in rows for a in row))

    def _far(self) -> tuple[float, float]:
        """The sum of the terms' sizes at END, and the remainder; makes the coefficients
        of r^(p+1+2k)."""
        K = self.p + _PARTS
        terms = []
        if self.m % 2 == 1:
            sign = (-1) ** ((self.m + 1) // 2 + self.j)
            for k in range(_PARTS // 2):
                terms.append(sign * fmpq(math.factorial(self.p + 2 * k), 2**k * math.factorial(k)))
        self.far = np.array([float(arb(t).mid()) for t in reversed(terms)])
        sizes = sum(
            (abs(arb(t)) / arb(END) ** (self.p + 1 + 2 * k) for k, t in enumerate(terms)), arb(0)
        )
        return ball_above(sizes), ball_above(_rough(self.p, K) / arb(END) ** K)

    def values(self, s: Array) -> Array:
        """F at the doubles s, of any shape."""
        s = np.asarray(s, np.float64)
        t = np.abs(s)
        h = np.rint(np.minimum(t, END) * PER_UNIT).astype(np.intp)
        x = np.minimum(t, END + 0.125) - h * (1 / PER_UNIT)
        value = self.near[0].take(h)
        for row in self.near[1:]:
            value *= x
            value += row.take(h)
        beyond = t > END
        if beyond.any():
            value = np.where(beyond, self._beyond(np.maximum(t, END)), value)
        return np.copysign(1.0, s) * value if self.odd else value

    def _beyond(self, t: Array) -> Array:
        value = np.zeros_like(t)
        r = 1 / t
        for c in self.far:
            value = value * (r * r) + c
        for _ in range(self.p + 1):
            value = value * r
        return value

    def peak(self, t: Array) -> Array:
        """A bound of |F| on [t, ∞), for t >= 0: a decreasing step function."""
        h = np.rint(np.minimum(t, END + 1) * PER_UNIT).astype(np.intp)
        return self._peaks[np.minimum(h, len(self._peaks) - 1)]


def _settled(a: float) -> float:
    return a if abs(a) > 2.0**-900 else 0.0


def _rough(p: int, K: int) -> arb:
    """A bound of ∫_0^∞ |g^(K)| dr for g = r^p exp(-r²/2): g^(k) = P_k exp(-r²/2),
    where P_(k+1) = P_k' - r P_k."""
    coefficients = {p: 1}
    for _ in range(K):
        following: dict[int, int] = {}
        for e, c in coefficients.items():
            following[e + 1] = following.get(e + 1, 0) - c
            if e:
                following[e - 1] = following.get(e - 1, 0) + c * e
        coefficients = following
    return sum((arb(abs(c)) * moment(e) for e, c in coefficients.items()), arb(0))
