"""The total variation V = ‖ν‖ of the ridge density of a marginal, enclosed by adaptive cubature.

The symmetry (v, b) → (-v, -b) of the density leaves the d faces v_i = 1 with -R|v|_1 < b < R|v|_1.
With b = xR|v|_1,

    V = 2R σ^-2 (2π)^(-d/2) Σ_faces ∫∫ |A| dx dv,
    A = |v|_1 |v|^-(d+2) Σ_k m_k c_{d+1}((xR|v|_1 - v·u_k)/(σ|v|))

over x in [-1, 1] and the d - 1 free coordinates of v in [-1, 1] [D]. No cell crosses a plane
v_j = 0, so that |v|_1 is affine on it; on each the average of |A| is enclosed by a Taylor model.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product
from typing import TypeAlias

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.constructions.marginal import Marginal, ball, half_side
from boundcheck.constructions.strata import Integers
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.floats import Array
from boundcheck.enclosure.arrays.models import MOST_VARIABLES, TINY, pairs
from boundcheck.enclosure.cubature.averages import Expansion, Model, inverse_power
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.work import OutOfBudget, at_most, checked, spend
from boundcheck.norms.supremum import DEFAULT_BUDGET, NotReached
from boundcheck.theory.ridge.profile_table import profile_table

Ends: TypeAlias = tuple[float, float]

FARTHEST = 1e12
"""The largest R/σ and |u_k|/σ: cells for larger ones would be narrower than doubles can say."""
_BITS = 128
_CHUNK = 2**12
FINEST = 2.0**-52
"""The smallest radius: centers, odd multiples of radii in [-1, 1], are doubles."""
_SHARE = 0.7
"""The cells that are split in a round have at least this share of the gap."""


def total_variation(
    marginal: Marginal, R: ExactLike, rtol: ExactLike = 0.02, *, budget: float = DEFAULT_BUDGET
) -> Enclosure:
    """V = ∫∫ |dν| over |v|_∞ = 1, 0 <= b < R|v|_1 (see `Density`), enclosed:
    `upper - lower <= rtol * upper`.

    Args:
        marginal: f, in at most 4 dimensions.
        R: the half side of the box [-R, R]^d.
        rtol: the relative width.
        budget: units of work, each about a second of one core, the same on every machine.

    Raises:
        NotReached: the budget was spent; it carries the enclosure found so far.
        BoundcheckError: R <= 0, rtol outside (0, 1), more than 4 dimensions, the measure zero,
            R or an atom beyond 1e12 σ.

    >>> total_variation(Marginal.of([0], [1], sigma="1/2"), R=1, rtol="1/100").text(2)
    '[3.7, 3.8]'
    """
    side, wanted = half_side(R), rational(rtol)
    if not 0 < wanted < 1:
        raise BoundcheckError(f"rtol = {rtol} is not between 0 and 1")
    if marginal.dimension > MOST_VARIABLES:
        raise BoundcheckError(
            f"the total variation is enclosed in at most {MOST_VARIABLES} dimensions, "
            f"not {marginal.dimension}"
        )
    marginal.check()
    checked(budget)
    integrand = _Integrand(marginal, side)
    cells = integrand.start()
    with at_most(budget):
        return _refined(integrand, cells, wanted, budget)


def _refined(integrand: _Integrand, cells: _Cells, wanted: fmpq, budget: float) -> Enclosure:
    """From these cells on, within the budget around it."""
    while True:
        found = cells.total(integrand.scale)
        if (
            found.lower is not None
            and found.upper is not None
            and found.upper - found.lower <= wanted * found.upper
        ):
            return found
        try:
            cells = cells.refined(integrand)
        except OutOfBudget:
            raise NotReached(
                f"rtol was not reached with the budget of {budget:g} units of work: "
                f"the total variation is in {found}; give a larger budget or a larger rtol",
                found,
            ) from None


@dataclass(frozen=True)
class _Cells:
    """Cells center ± radius (d, N) of the free coordinates of v and x, their faces (N,),
    and bounds of ∫|A| (N,)."""

    face: Integers
    center: Array
    radius: Array
    lower: Array
    upper: Array
    score: Array
    """(d, N): how much A bends along each axis, roughly."""

    def total(self, scale: arb) -> Enclosure:
        """V, which is ∫|A| times a scale. A sum of N numbers >= 0 is wrong by
        less than 2NU of itself."""
        slack = len(self.face) * 2.0**-51
        with ctx.workprec(_BITS):
            low, high = (
                arb(float(a.sum())) * scale * (1 + t)
                for a, t in ((self.lower, -slack), (self.upper, slack))
            )
            return Enclosure(enclosure(low).lower, enclosure(high).upper)

    def refined(self, integrand: _Integrand) -> _Cells:
        """The cells with the largest gaps cut in two.

        Raises:
            OutOfBudget: they are too small for that, or the budget is spent.
        """
        gap = self.upper - self.lower
        order = np.argsort(-gap)
        cut = order[: 1 + int(np.searchsorted(np.cumsum(gap[order]), _SHARE * gap.sum()))]
        every = np.arange(len(cut))
        axis = np.argmax(self.score[:, cut], axis=0)
        left, radius = self.center[:, cut], self.radius[:, cut]
        radius[axis, every] *= 0.5
        if radius.min() < FINEST:
            raise OutOfBudget
        right = left.copy()
        left[axis, every] -= radius[axis, every]
        right[axis, every] += radius[axis, every]
        kept = np.ones(len(gap), bool)
        kept[cut] = False
        new = integrand.measured(
            np.tile(self.face[cut], 2), np.hstack([left, right]), np.hstack([radius, radius])
        )
        return _Cells(
            *(
                np.concatenate([a[..., kept], b], axis=-1)
                for a, b in zip(self._arrays(), new._arrays())
            )
        )

    def _arrays(self) -> tuple[np.ndarray, ...]:
        return self.face, self.center, self.radius, self.lower, self.upper, self.score


class _Integrand:
    """|A|, with masses divided by their total size; `scale` makes V of its integral."""

    def __init__(self, marginal: Marginal, R: fmpq) -> None:
        self.d = d = marginal.dimension
        with ctx.workprec(_BITS):
            masses = [ball(m, _BITS) for m in marginal.masses]
            mass = sum((abs(m) for m in masses), arb(0))
            self.scale = mass * 2 * arb(R) / arb(marginal.variance) * (2 * arb.pi()) ** fmpq(-d, 2)
            self.masses = [_ends(m / mass) for m in masses]
            sigma = arb(marginal.variance).sqrt()
            self.points = [[_ends(ball(c, _BITS) / sigma) for c in u] for u in marginal.points]
            self.reach = _ends(R / sigma)
        if max(map(abs, (*self.reach, *chain(*chain(*self.points))))) > FARTHEST:
            raise BoundcheckError(
                f"R or an atom is beyond {FARTHEST:g} σ, where σ² = {marginal.variance}; rescale"
            )
        self.tables = [profile_table(d + 1, j) for j in range(5)]

    def start(self) -> _Cells:
        """Each orthant of each face, for x <= 0 and for x >= 0."""
        orthants = [
            (face, *signs)
            for face in range(self.d)
            for signs in product((-0.5, 0.5), repeat=self.d)
        ]
        found = np.array(orthants).T
        return self.measured(found[0].astype(int), found[1:], np.full_like(found[1:], 0.5))

    def measured(self, face: Integers, center: Array, radius: Array) -> _Cells:
        """The cells with their bounds."""
        count = len(face)
        lower, upper, score = np.empty(count), np.empty(count), np.empty(center.shape)
        volume = np.prod(2 * radius, axis=0)  # a power of two
        for number in range(self.d):
            (here,) = np.nonzero(face == number)
            for k in range(0, len(here), _CHUNK):
                part = here[k : k + _CHUNK]
                spend((6000 + 2 * self.d * len(part)) * (1 + len(self.points)))
                with np.errstate(all="ignore"):
                    model, rest, score[:, part] = self._model(
                        number, center[:, part], radius[:, part]
                    )
                    low, high = model.mean_size(rest)
                known = np.isfinite(low) & np.isfinite(high)
                lower[part] = np.where(known, low * volume[part], 0.0)
                upper[part] = np.where(known, high * volume[part], np.inf)
        return _Cells(face, center, radius, lower, upper, score)

    def _model(self, face: int, center: Array, radius: Array) -> tuple[Model, Array, Array]:
        """On cells of one face: a model of A but for the profiles' remainders, a bound
        of their average, and scores."""
        d, count = center.shape
        *free, x = (_coordinate(center[i], radius, i) for i in range(d))
        one = Model.affine(np.ones(count), np.zeros((d, count)))
        length, square = one, one
        for y in free:
            sign = np.sign(y.a)
            length, square = length + Model.affine(sign * y.a, sign * y.g), square + y * y
        offset, inverse = (x * length).scaled(*self.reach), inverse_power(square, 1)
        total, rest, score = one.scaled(0.0, 0.0), np.zeros(count), radius * 2.0**-30
        for u, m in zip(self.points, self.masses, strict=True):
            p = offset
            for c, y in zip((u[face], *u[:face], *u[face + 1 :]), (one, *free), strict=True):
                p += y.scaled(-c[1], -c[0])
            s = p * inverse
            total += s.composed(self._profile(s.a)).scaled(*m)
            fourth = max(map(abs, m)) * self._fourth(s)
            rest = rest + fourth * s.spread**2 * s.mean_square
            score = score + fourth * s.spread**3 * np.abs(s.g)
        weight = length * inverse_power(square, d + 2)
        whole = weight * total
        return whole, weight.size * rest, score + _bending(whole)

    def _profile(self, s: Array) -> Expansion:
        """c_{d+1} at s, without its remainder."""
        values = [t.values(s) / n for t, n in zip(self.tables, (1, 1, 2, 6), strict=False)]
        return Expansion(values, [t.error for t in self.tables], 0.0)

    def _fourth(self, s: Model) -> Array:
        """At least the fourth derivative of c_{d+1} over 24, on the cell."""
        least = np.maximum(np.abs(s.a) - s.spread, 0.0) * (1 - 2.0**-40)
        return self.tables[4].peak(least) / 24


def _coordinate(center: Array, radius: Array, i: int) -> Model:
    slope = np.zeros_like(radius)
    slope[i] = radius[i]
    return Model.affine(center, slope)


def _bending(x: Model) -> Array:
    """What each axis contributes to the distance of E|f| from |E f|, roughly (d, N)."""
    g, axes = np.abs(x.g), np.arange(len(x.g))[:, None]
    found = np.zeros_like(g)
    for row, (i, j) in zip(np.abs(x.q), pairs(len(g)), strict=True):
        found[i] += row
        found[j] += row
    largest = g.max(axis=0) + TINY
    crossed = (np.abs(x.a) < x.linear) & (axes != np.argmax(g, axis=0))
    return found + np.where(crossed, g * g / (6 * largest), 0.0)


def _ends(value: arb) -> Ends:
    return ball_below(value), ball_above(value)
