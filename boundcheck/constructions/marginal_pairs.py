"""The marginal pairs of diffusion models: the Bayes predictor E[x_0 | x_t = x] is f1(x)/f2(x)."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, ctx, fmpq

from boundcheck.constructions.marginal import Marginal, PointLike, ball, half_side, shown
from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import ExactLike, decimal, rational, whole_root
from boundcheck.exact.terms.term import Term, call, mul, number

_BITS = 128
_DIGITS = 3
_LEAST_EXPONENT = -1_000  # a smaller bound is of no use: below it doubles end


def ddpm_pair(
    points: Sequence[PointLike], weights: Sequence[ExactLike], abar: ExactLike
) -> tuple[Marginal, tuple[Marginal, ...]]:
    """f2 and (f1_1, ..., f1_d) of x_t = √ᾱ x_0 + √(1-ᾱ) ε, where x_0 is u_k with
    the probability p_k [D].

    With σ² = 1-ᾱ: f2(x) = Σ_k p_k exp(-|x - √ᾱ u_k|²/(2σ²)), and f1_i has the masses p_k
    u_k,i; atoms where that is 0 are left out. E[x_0,i | x_t = x] = f1_i(x)/f2(x) and
    |f1_i| <= `data_bound(points)` f2.

    Args:
        points: the data u_k, rational; numbers where d = 1, or sequences of d of them.
        weights: the probabilities p_k, rational, positive, with the sum 1.
        abar: ᾱ, rational, 0 < ᾱ < 1.

    Raises:
        BoundcheckError: ᾱ or a weight out of range, weights whose sum is not 1, or a coordinate
            that is 0 in every atom, so that its numerator vanishes.

    >>> f2, (f1,) = ddpm_pair([1, "-1/2"], ["1/4", "3/4"], abar="1/4")
    >>> f2.variance, f2.points, f1.masses
    (3/4, ((Term(1/2),), (Term(-1/4),)), (Term(1/4), Term(-3/8)))
    """
    share = rational(abar)
    if not 0 < share < 1:
        raise BoundcheckError(f"abar = {abar}; the admissible range is 0 < abar < 1")
    data = _data(points)
    chances = [rational(w) for w in weights]
    if len(chances) != len(data):
        raise BoundcheckError(
            f"{len(data)} atoms but {len(chances)} weights; the two numbers must agree"
        )
    for u, p in zip(data, chances, strict=True):
        if p <= 0:
            raise BoundcheckError(
                f"the atom {shown(u)} has the weight {p}; probabilities must be positive"
            )
    if sum(chances, fmpq(0)) != 1:
        raise BoundcheckError(
            f"the weights have the sum {sum(chances, fmpq(0))}; probabilities have the "
            "sum 1 exactly"
        )
    root = _root(share)
    atoms = [tuple(number(0) if v == 0 else mul(root, number(v)) for v in u) for u in data]
    numerators = []
    for i in range(len(data[0])):
        kept = [
            (atom, p * u[i]) for atom, u, p in zip(atoms, data, chances, strict=True) if u[i] != 0
        ]
        if not kept:
            raise BoundcheckError(
                f"coordinate {i + 1} of every atom is 0, so that its numerator f1 vanishes and "
                "its prediction is 0; leave that coordinate out"
            )
        numerators.append(
            Marginal.of([a for a, _ in kept], [m for _, m in kept], variance=1 - share)
        )
    return Marginal.of(atoms, chances, variance=1 - share), tuple(numerators)


def data_bound(points: Sequence[PointLike]) -> fmpq:
    """B = max_k |u_k|_∞: the data lie in [-B, B]^d, and |f1_i| <= B f2. [D]

    Raises:
        BoundcheckError: no points, or points of different dimensions.

    >>> data_bound([(1, "1/2"), ("-3/2", 0)])
    3/2
    """
    return max(abs(v) for u in _data(points) for v in u)


def positivity(f2: Marginal, R: ExactLike) -> fmpq:
    """A rational c > 0 with c <= f2 on [-R, R]^d, of three digits [D].

    The larger one of two lower bounds, both attained at corners of the box:
    Σ_k m_k exp(-Σ_i (R + |u_k,i|)²/(2σ²)), each atom at the corner that is farthest from it; and,
    by Jensen's inequality for the convex exp, m exp(-Σ_i ((R + |ū_i|)² + v_i)/(2σ²)) with m = Σ m_k
    and the mean ū and the variances v of the atoms under m_k/m.

    Raises:
        BoundcheckError: R <= 0, a mass that is not positive, or a bound below 2^-1000.

    >>> f2 = Marginal.of([0], [1], sigma=1)
    >>> positivity(f2, R=1)  # f2 >= exp(-1/2) = 0.6065...
    303/500
    """
    side = half_side(R)
    with ctx.workprec(_BITS):
        masses = [ball(m, _BITS) for m in f2.masses]
        for u, m, mass in zip(f2.points, f2.masses, masses, strict=True):
            if not mass > 0:
                raise BoundcheckError(
                    f"the atom {shown(u)} has the mass {m}; where positivity is required, "
                    "every mass must be positive"
                )
        atoms = [[ball(v, _BITS) for v in u] for u in f2.points]
        total = sum(masses, arb(0))
        farthest = [sum(((side + abs(v)) ** 2 for v in u), arb(0)) for u in atoms]
        spread = arb(0)
        for column in zip(*atoms, strict=True):
            mean = sum((m * v for m, v in zip(masses, column, strict=True)), arb(0)) / total
            variance = (
                sum((m * (v - mean) ** 2 for m, v in zip(masses, column, strict=True)), arb(0))
                / total
            )
            spread += (side + abs(mean)) ** 2 + variance
        scale = 2 * f2.variance
        bounds = [
            sum((m * (-t / scale).exp() for m, t in zip(masses, farthest, strict=True)), arb(0)),
            total * (-spread / scale).exp(),
        ]
        least = max(bound.lower() for bound in bounds)
        if not least > arb(2) ** _LEAST_EXPONENT:
            raise BoundcheckError(
                f"f2 is not known to be above 2^{_LEAST_EXPONENT} on [-{side}, "
                f"{side}]^{f2.dimension}; give a smaller R, a larger variance, or c itself"
            )
        return decimal(decimal_text(least.fmpq(), _DIGITS, up=False))


def _data(points: Sequence[PointLike]) -> list[tuple[fmpq, ...]]:
    data = [
        tuple(map(rational, u)) if isinstance(u, (list, tuple)) else (rational(u),) for u in points
    ]
    if not data:
        raise BoundcheckError("the data distribution has no atoms; give it at least one point")
    sizes = sorted({len(u) for u in data})
    if len(sizes) != 1 or sizes[0] == 0:
        raise BoundcheckError(
            f"the atoms have the dimensions {sizes}; they must agree and be at least 1"
        )
    return data


def _root(share: fmpq) -> Term:
    """√ᾱ, a rational number where it is one."""
    top, bottom = whole_root(share.p, 2), whole_root(share.q, 2)
    return (
        call("sqrt", number(share)) if top is None or bottom is None else number(fmpq(top, bottom))
    )
