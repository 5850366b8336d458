"""Networks for conditional densities: f1 in (x, y) beside f2 in x alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.stratified import stratified
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network, linear
from boundcheck.exact.terms.rational import ExactLike, rational


@dataclass(frozen=True)
class ConditionalPair:
    """p(y|x) = (2πσ_y²)^(-d_y/2) f1(x, y)/f2(x), for (X, Y) = (U, V) plus normal noise.

    Attributes:
        f1: in x and y' = (σ_x/σ_y) y, where the noise is isotropic.
        f2: in x.
        stretch: σ_x/σ_y.
    """

    f1: Marginal
    f2: Marginal
    stretch: fmpq

    @classmethod
    def of(
        cls,
        atoms: Sequence[Sequence[ExactLike]],
        weights: Sequence[ExactLike],
        *,
        d_x: int,
        sigma_x: ExactLike,
        sigma_y: ExactLike,
    ) -> ConditionalPair:
        """The pair for (U, V) at the atoms, whose first d_x coordinates are U.

        Raises:
            BoundcheckError: weights that are no probabilities, or atoms without a V.

        >>> atoms, weights = [(1, 1), (-1, 0)], ["1/2", "1/2"]
        >>> pair = ConditionalPair.of(atoms, weights, d_x=1, sigma_x=1, sigma_y=2)
        >>> pair.stretch, pair.f1.points, pair.f2.points
        (1/2, ((Term(1), Term(1/2)), (Term(-1), Term(0))), ((Term(1),), (Term(-1),)))
        """
        points = [[rational(v) for v in u] for u in atoms]
        chances = [rational(w) for w in weights]
        if len(chances) != len(points) or sum(chances, fmpq(0)) != 1 or min(chances) <= 0:
            raise BoundcheckError(
                f"{len(points)} atoms and {len(chances)} weights; each atom needs a positive "
                "weight, and their sum must be 1 exactly"
            )
        if any(len(u) != len(points[0]) or len(u) <= d_x for u in points):
            raise BoundcheckError(
                f"d_x = {d_x}; every atom needs d_x coordinates of x and at least one more of y"
            )
        one, two = rational(sigma_x), rational(sigma_y)
        if one <= 0 or two <= 0:
            raise BoundcheckError(f"sigma_x = {one}, sigma_y = {two}; both must be positive")
        stretch = one / two
        scaled = [[*u[:d_x], *(stretch * v for v in u[d_x:])] for u in points]
        f1 = Marginal.of(scaled, chances, sigma=one)
        f2 = Marginal.of([u[:d_x] for u in points], chances, sigma=one)
        return cls(f1, f2, stretch)

    def shallow(
        self, R: ExactLike, k_1: int, k_2: int, *, seed: int = 0, M: ExactLike = 2**40
    ) -> Network:
        """One hidden layer with the inputs x, y and the outputs g2, g1, on |x_i| <= R,
        |y_j| <= R σ_y/σ_x, with k_1 and k_2 cells along an edge.

        >>> pair = ConditionalPair.of([(1, 1)], [1], d_x=1, sigma_x=1, sigma_y=1)
        >>> net = pair.shallow(R=2, k_1=2, k_2=3)
        >>> net.inputs, net.outputs, net.depth
        (2, 2, 1)
        """
        d, d_x = self.f1.dimension, self.f2.dimension
        own = stratified(self.f1, R, k_1, seed=seed, M=M).network
        other = stratified(self.f2, R, k_2, seed=seed, M=M).network
        rows = [[int(i == j) for j in range(d)] for i in range(d_x)]
        factors = [fmpq(1)] * d_x + [self.stretch] * (d - d_x)
        rows += [[f if i == j else 0 for j in range(d)] for i, f in enumerate(factors)]
        return linear(rows).then(other.beside(own)).instantiate()
