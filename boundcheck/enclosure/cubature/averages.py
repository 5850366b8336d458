"""Averages of |f| over cells, by Taylor models whose odd remainder is kept apart.

On a cell {c + r∘y : |y_i| <= 1} a function is written as

    f = P + o + e,    P = a + Σ_i g_i y_i + Σ_{i<=j} q_ij y_i y_j,
    o(-y) = -o(y), |o| <= odd,    |e| <= err.

Odd functions have the average 0, so that E f = a + Σ q_ii/3 + E e: terms of the third order do not
count, although they are not stored. Cells are the columns of arrays.

Rounding. A coefficient comes from at most 32 operations on numbers whose sizes sum to at most
`size`, so that it is wrong by at most 2^-48 size; with at most 15 coefficients (4 variables)
that makes less than ROUND size / 2. So does the rounding of `odd`, a sum of products
of numbers >= 0 that is at most 4 size: it belongs to err. For that of err, such a sum, too, there
is `upward`, and for underflows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from boundcheck.enclosure.arrays.floats import quiet
from boundcheck.enclosure.arrays.models import (
    ROUND,
    Linear,
    PerCell,
    Quadratic,
    linear_product,
    pairs,
    upward,
)

_UNDERFLOW = 2.0**-500
"""More than roots and quotients lose where squares are below 2^-1074."""


@dataclass(frozen=True)
class Expansion:
    """φ(a + h) = Σ_{j<4} c_j h^j + R: the coefficients, bounds of their errors, and one
    of |R|/h⁴ on the whole cell."""

    coefficients: Sequence[PerCell]
    errors: Sequence[PerCell | float]
    fourth: PerCell | float


@dataclass(frozen=True)
class Model:
    """One function on cells of at most 4 variables."""

    a: PerCell
    g: Linear
    q: Quadratic
    odd: PerCell
    err: PerCell

    @classmethod
    def affine(cls, a: PerCell, g: Linear) -> Model:
        d, count = g.shape
        return cls(a, g, np.zeros((d * (d + 1) // 2, count)), np.zeros(count), np.zeros(count))

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
        """At least |f - a|."""
        return upward(self.linear + self.curved + self.odd + self.err)

    @property
    def size(self) -> PerCell:
        """At least |f|."""
        return upward(np.abs(self.a) + self.spread)

    @property
    def mean_square(self) -> PerCell:
        """At least E (f - a)²."""
        root = np.sqrt((self.g * self.g).sum(axis=0) / 3) + self.curved + self.odd + self.err
        return upward(root * root)

    def _rounded(
        self, a: PerCell, g: Linear, q: Quadratic, odd: PerCell, err: PerCell, size: PerCell
    ) -> Model:
        return Model(a, g, q, odd, upward(err + ROUND * size))

    def __add__(self, other: Model) -> Model:
        a, g, q = self.a + other.a, self.g + other.g, self.q + other.q
        return self._rounded(
            a, g, q, self.odd + other.odd, self.err + other.err, self.size + other.size
        )

    def scaled(self, low: float, high: float) -> Model:
        """t f for a constant t in [low, high]."""
        t = 0.5 * low + 0.5 * high
        err = abs(t) * self.err + max(high - t, t - low) * self.size
        return self._rounded(
            t * self.a, t * self.g, t * self.q, abs(t) * self.odd, err, abs(t) * self.size
        )

    def __mul__(self, other: Model) -> Model:
        x, y = self, other
        a, g = x.a * y.a, x.a * y.g + y.a * x.g
        q = x.a * y.q + y.a * x.q + linear_product(x.g, y.g)
        odd = np.abs(x.a) * y.odd + np.abs(y.a) * x.odd + x.linear * y.curved + x.curved * y.linear
        odd = odd + x.curved * y.odd + x.odd * y.curved
        err = x.curved * y.curved + x.linear * y.odd + x.odd * y.linear + x.odd * y.odd
        return self._rounded(a, g, q, odd, err + x.size * y.err + x.err * y.size, x.size * y.size)

    def composed(self, f: Expansion) -> Model:
        """φ∘f, where f - a = h = l + Q + o + e: linear, quadratic, odd and the rest.

        Of h², l² is stored, 2Q(l + o) is odd, and Q² + 2lo + o² is even. Of h³,
        (l + o)³ + 3(l + o)Q² is odd, and 3(l + o)²Q + Q³ is even. What has a factor e is at most
        2|h||e| in h² and 3h²|e| in h³.
        """
        value, slope, bend, third = f.coefficients
        c, o, e, h = self.curved, self.odd, self.err, self.spread
        lo = self.linear + o
        odd = (
            np.abs(slope) * o
            + np.abs(bend) * 2 * c * lo
            + np.abs(third) * (lo * lo * lo + 3 * lo * c * c)
        )
        err = np.abs(slope) * e + np.abs(bend) * (c * c + 2 * lo * o + 2 * h * e)
        err = (
            err
            + np.abs(third) * (3 * lo * lo * c + c * c * c + 3 * h * h * e)
            + f.fourth * (h * h) * (h * h)
        )
        err = err + f.errors[0] + h * (f.errors[1] + h * (f.errors[2] + h * f.errors[3]))
        size = np.abs(value) + h * (np.abs(slope) + h * (np.abs(bend) + h * np.abs(third)))
        q = slope * self.q + bend * linear_product(self.g, self.g)
        return self._rounded(value, slope * self.g, q, odd, err, size)

    @quiet
    def mean_size(self, more: PerCell) -> tuple[PerCell, PerCell]:
        """Bounds of the average E|f + r| for any r with E|r| <= more; y is uniform in [-1, 1]^d.

        Write P = X + Z, X = m + g·y, m = E P = a + Σ q_ii/3, S = Σ g_i²/3, so that E Z² = Σ_i
        4q_ii²/45 + Σ_{i<j} q_ij²/9, and let G = max |g_i| and T = S - G²/3. Up to err + more,

            E|f| >= |m|,    and
            E|f| = |m|      where linear + curved + odd <= |a|, as P + o has one sign;

        and, up to odd, E|P| <= (m² + S + E Z²)^(1/2) and E|P| differs from E|X| by at
        most (E Z²)^(1/2), where

            E|X| <= (G² + m² + T)/(2G),    with equality where |m| + Σ|g_i| - G <= G,
            E|X| >= (G² + m²)/(2G)    where |m| <= G:

        the average of |t + Gy| over y is (G² + t²)/(2G) for |t| <= G, less beyond, and convex in t.
        Where rounding makes a condition hold though it nearly does not, the averages are
        wrong by less than ROUND |f|.
        """
        g = np.abs(self.g)
        mean, z = self.a, np.zeros_like(self.a)
        for row, (i, j) in zip(self.q, pairs(len(g)), strict=True):
            mean = mean + row / 3 if i == j else mean
            z = z + row * row * (4 / 45 if i == j else 1 / 9)
        m, bend, squares = np.abs(mean), np.sqrt(z), (g * g).sum(axis=0) / 3
        G = g.max(axis=0)
        rest = np.sort(g, axis=0)[:-1]
        more_than_flat = (rest * rest).sum(axis=0) / (6 * G)
        flat = (G * G + m * m) / (2 * G)
        exact = m + rest.sum(axis=0) <= G
        low = np.where(m <= G, flat + np.where(exact, more_than_flat, 0.0), 0.0) - bend - self.odd
        high = np.fmin(np.sqrt(m * m + squares + z), flat + more_than_flat + bend) + self.odd
        settled = self.linear + self.curved + self.odd <= np.abs(self.a)
        low, high = np.where(settled, m, np.fmax(m, low)), np.where(settled, m, high)
        slack = upward(self.err + more + ROUND * self.size) + _UNDERFLOW
        return np.maximum(low - slack, 0.0), high + slack


def inverse_power(x: Model, n: int) -> Model:
    """x^(-n/2), n >= 1, where x >= 1 and its model has a >= 1."""
    coefficients = [_root_power(x.a, n)]
    for k in range(3):
        coefficients.append(coefficients[k] * (-(n / 2 + k) / (k + 1)) / x.a)
    least = np.maximum(x.a - x.spread, 1.0)
    e = n / 2
    fourth = e * (e + 1) * (e + 2) * (e + 3) / 24 * _root_power(least, n + 8)
    errors = [2.0**-50 * (n + 8) * np.abs(c) for c in coefficients]
    return x.composed(Expansion(coefficients, errors, fourth))


def _root_power(t: PerCell, n: int) -> PerCell:
    """t^(-n/2), with n + 1 roundings."""
    root = np.sqrt(t)
    value = 1 / root
    for _ in range(n - 1):
        value = value / root
    return value
