"""The ridge density of a Gaussian kernel marginal, in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.constructions.marginal import Marginal, ball
from boundcheck.enclosure.arrays.floats import Array
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import TextOrTerm
from boundcheck.theory.ridge.profile import cosine_profile
from boundcheck.theory.ridge.profile_table import profile_table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_CHUNK = 2**16


class Density:
    """The density of ν in f(x) = f(0) + ∇f(0)·x + ∫∫ ReLU(v·x - b) dν(v, b), for |x|_∞ <= R.

        dν/(dS db)(v, b) = -2 (2π)^(-d/2) σ^-2 |v|^-(d+2) Σ_k m_k c_{d+1}((b - v·u_k)/(σ|v|))

    v is on the surface of the cube |v|_∞ = 1 (where d = 1: v = ±1, dS the counting measure),
    0 <= b < R|v|_1, and |v| without an index is the Euclidean norm. The density does not depend
    on R. [D]: f(x) = E Σ_k m_k cos(ω·(x - u_k)) with ω normal of variance σ^-2, ω = rv, and
    Taylor's formula with integral remainder for each cosine in v·x.
    """

    def __init__(self, marginal: Marginal) -> None:
        self.marginal = marginal
        d = marginal.dimension
        self.table = profile_table(d + 1)
        with ctx.workprec(96):
            atoms = [[ball(c, 96) for c in u] for u in marginal.points]
            masses = [ball(m, 96) for m in marginal.masses]
            scale = -2 * (2 * arb.pi()) ** fmpq(-d, 2) / arb(marginal.variance)
            self._sigma = float(arb(marginal.variance).sqrt())
            self._points = np.array([[float(c) for c in u] for u in atoms])
            self._weights = np.array([float(m * scale) for m in masses])

    def values(self, v: ArrayLike, b: ArrayLike) -> Array:
        """The density at v (N, d) and b (N,), in float64 (N,): accurate to rounding, without
        a proven error."""
        v, b = np.asarray(v, np.float64), np.asarray(b, np.float64)
        d = self.marginal.dimension
        if v.ndim != 2 or v.shape[1] != d or b.shape != v.shape[:1]:
            raise BoundcheckError(
                f"v and b have the shapes {v.shape} and {b.shape}; they must be (N, {d}) and (N,)"
            )
        found = np.zeros(len(b))
        for k in range(0, len(b), _CHUNK):
            part = slice(k, k + _CHUNK)
            norm = np.sqrt((v[part] ** 2).sum(axis=1))
            for u, w in zip(self._points, self._weights, strict=True):
                found[part] += w * self.table.values((b[part] - v[part] @ u) / (self._sigma * norm))
            found[part] /= norm ** (d + 2)
        return found

    def exact(self, v: Sequence[arb | TextOrTerm], b: arb | TextOrTerm, bits: int = 128) -> arb:
        """The density at one point v (d numbers) and b, a ball: numbers are taken
        exactly, balls as they are."""
        d = self.marginal.dimension
        with ctx.workprec(bits):
            at, offset = [ball(c, bits) for c in v], ball(b, bits)
            if len(at) != d:
                raise BoundcheckError(f"v has {len(at)} components; it must have {d}")
            norm = sum((c * c for c in at), arb(0)).sqrt()
            sigma, total = arb(self.marginal.variance).sqrt(), arb(0)
            for u, m in zip(self.marginal.points, self.marginal.masses, strict=True):
                gap = offset - sum((c * ball(e, bits) for c, e in zip(at, u, strict=True)), arb(0))
                total += ball(m, bits) * cosine_profile(d + 1, gap / (sigma * norm))
            return (
                -2
                * (2 * arb.pi()) ** fmpq(-d, 2)
                / arb(self.marginal.variance)
                / norm ** (d + 2)
                * total
            )
