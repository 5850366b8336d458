"""Beyond the ridge theorem, on a line: shallow networks whose error falls
faster than geometrically.

Where its argument is negative, a SignReLU neuron is a rational function with one pole. So N
of them are, on [-R, R],

    g(x) = A_0 + Σ_i A_i/|p_i - x|,      real poles p_i, |p_i| > R, all different,

that is P/q with q(x) = Π_i (p_i - x) and any polynomial P of degree at most N. A Gaussian
marginal f is entire: let P interpolate F = f q at the N + 1 zeros of the Chebyshev polynomial
T_(N+1)(x/R), and split P/q into partial fractions.

**The bound** [D]. Let E_r, r > 1, be the ellipse with foci ±R and semi-axes R(r ± 1/r)/2.
The Chebyshev coefficients of F are at most 2 max_(E_r) |F| r^-j (Bernstein); on the zeros
of T_(N+1) each T_j with j > N agrees with ±T_i for some i <= N or with 0; and so |F - P| <= 2
Σ_(j>N) 2 max |F| r^-j = 4 max |F| r^-N/(r - 1) on [-R, R]. With |f| <= |μ| exp((Im z)²/(2σ²))
and h = R(r + 1/r)/2, on [-R, R]

    |f - g| <= 4|μ| r^-N/(r - 1) exp(R²(r - 1/r)²/(8σ²))
               Π_pairs (p² + h²)/(p² - R²) Π_others (|p| + h)/(|p| - R).

The default poles have |p| >= 2√(R² + Nσ²), so that p² - R² > 4Nσ²; for an even N they are N/2
pairs ±p, whose product is at most exp((h² + R²)/(8σ²)). With r² = 16σ²N/(5R²), where that is
above 1, it follows that

    |f - g| <= 4|μ|/(r - 1) exp(3R²/(32σ²)) (5eR²/(16σ²N))^(N/2).

That beats every q^N: when N doubles, the last factor is squared and gains 2^-N on top.
(Rounding the coefficients adds a factor of at most 1 + 2^-20.) Farther poles are only a little
better, in the limit they are polynomials of degree N, and the coefficients grow like the N-th power
of the least |p|/R: exact arithmetic does not mind, doubles do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.constructions.marginal import Marginal, half_side
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.ball_maximum import BestFirst, bounder
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.interval import Interval, down, up
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks import gates
from boundcheck.exact.networks.line import formula, kinks
from boundcheck.exact.networks.network import Network, linear
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import Term, sub
from boundcheck.norms.supremum import NotReached

MAX_NEURONS = 512
_GRID = 2**20  # poles are rounded to this grid, relative to R
_ROUNDING = fmpq(1, 2**20)  # what rounding the coefficients adds, relative to the error
_MAX_BITS = 2**14
_BOXES = 100_000


@dataclass(frozen=True)
class Poles:
    """g(x) = A_0 + Σ_i A_i/|p_i - x| on [-R, R], and the network with one hidden layer that
    it is there.

    Attributes:
        network: N neurons ρ(1 - |p_i - x|/κ_i), κ_i = |p_i| - R, with the weights A_i/κ_i.
        poles: the p_i; beyond R on the right, below -R on the left.
        coefficients: A_0, ..., A_N; exact dyadic numbers.
        bits: a precision of balls that resolves the error.
    """

    network: Network
    marginal: Marginal
    R: fmpq
    poles: tuple[fmpq, ...]
    coefficients: tuple[fmpq, ...]
    bits: int

    @property
    def largest(self) -> fmpq:
        """max |A_i|: what floating point multiplies its rounding errors by."""
        return max(map(abs, self.coefficients))


def rational_approximation(
    marginal: Marginal, R: ExactLike, N: int, *, poles: Sequence[ExactLike] | None = None
) -> Poles:
    """A SignReLU network with one hidden layer of N neurons near a marginal on [-R, R]. [D]

    Args:
        marginal: of dimension 1.
        poles: N different rational numbers outside [-R, R]; by default `default_poles`.

    Raises:
        BoundcheckError: a marginal of several variables or one that vanishes, R <= 0, N
            outside 1..512, or wrong poles.
    """
    side, chosen = _checked(marginal, R, N, poles)
    for bits in _precisions(96 + 5 * N):
        with ctx.workprec(bits):
            coefficients = _fitted(marginal, side, chosen)
        if coefficients is not None:
            return Poles(
                _network(side, chosen, coefficients), marginal, side, chosen, coefficients, bits
            )
    raise BoundcheckError(
        f"the error cannot be told from 0 at {_MAX_BITS} bits; take a smaller N than {N}"
    )


def default_poles(marginal: Marginal, R: ExactLike, N: int) -> tuple[fmpq, ...]:
    """±L c_1/c_i with c_i = cos((2i - 1)π/(4m)) for i = 1, ..., m = ⌈N/2⌉, and L
    just above 2√(R² + Nσ²).

    Their reciprocals are the Chebyshev points of an interval, up to rounding the poles
    outward; that keeps the coefficients small. For an odd N, only the right one of
    the farthest pair is there.
    """
    side = rational(R)
    m = (N + 1) // 2
    square = 4 * (1 + N * marginal.variance / side**2)
    least = side * (math.isqrt(int((square * _GRID**2).floor())) + 1) / _GRID
    with ctx.workprec(128):
        cosines = [arb.cos_pi_fmpq(fmpq(2 * i + 1, 4 * m)) for i in range(m)]
        ratios = [
            fmpq((cosines[0] / c * _GRID).mid().fmpq().floor() + 1, _GRID) for c in cosines[1:]
        ]
    pairs = [least, *(least * r for r in ratios)]
    return tuple(sign * p for p in pairs for sign in (1, -1))[:N]


def certified(approximation: Poles, rtol: ExactLike = "1/100") -> Enclosure:
    """sup |network - f| on [-R, R], enclosed with upper - lower <= rtol * upper,
    by Taylor forms in balls.

    Every neuron's argument is first proved not to be positive, so that the network
    *is* a rational function.

    Raises:
        BoundcheckError: rtol is not between 0 and 1, or a neuron leaves its branch.
        NotReached: the limit of precision.
    """
    wanted, error, R = _tolerance(rtol), _error(approximation), approximation.R
    for bits in _precisions(approximation.bits):
        search = BestFirst(
            error, {"x": (-R, R)}, bounder(error, ("x",), bits, smooth=True), (1, -1), bits
        )
        with ctx.workprec(bits):
            box = Interval(down(arb(-R)), up(arb(R)))  # a little larger, far from the poles
        if search.run((box,), lambda least: wanted * max(least, fmpq(0)), _BOXES):
            return Enclosure(search.least, search.highest)
    raise _not_reached(rtol)


def _tolerance(rtol: ExactLike) -> fmpq:
    wanted = rational(rtol)
    if not 0 < wanted < 1:
        raise BoundcheckError(f"rtol = {rtol} is not between 0 and 1")
    return wanted


def _error(approximation: Poles) -> Term:
    return sub(
        as_rational_function(approximation.network, approximation.R),
        approximation.marginal.term(["x"]),
    )


def _precisions(bits: int) -> Iterator[int]:
    while bits <= _MAX_BITS:
        yield bits
        bits += bits // 2


def _not_reached(rtol: ExactLike) -> NotReached:
    return NotReached(
        f"rtol = {rtol} was not reached at {_MAX_BITS} bits; give a larger one",
        Enclosure(fmpq(0), None),
    )


def as_rational_function(network: Network, R: fmpq, name: str = "x") -> Term:
    """What a network with one input, output and hidden layer is on [-R, R], as
    a term without activations.

    Raises:
        BoundcheckError: a neuron passes from one branch to another inside.
    """
    if found := kinks(network, -R, R):
        raise BoundcheckError(
            f"a neuron is not on one branch: it changes at {min(found, key=abs)}, in [-{R}, {R}]"
        )
    return formula(network, -R, R, name)


def a_priori(
    marginal: Marginal, R: ExactLike, N: int, *, poles: Sequence[ExactLike] | None = None
) -> Enclosure:
    """[0, bound] with the bound above on sup |network - f|, its r chosen on a grid, and
    the coefficients' rounding. [D]

    No network is built. Raises as `rational_approximation`.
    """
    side, chosen = _checked(marginal, R, N, poles)
    others = set(chosen)
    with ctx.workprec(96):
        mass = arb(marginal.total_mass.upper)
        bounds = []
        for j in range(-24, 48):
            r = 1 + fmpq(5, 4) ** j
            half = side * (r + 1 / r) / 2
            growth = (arb(side**2 * (r - 1 / r) ** 2) / (8 * arb(marginal.variance))).exp()
            bound = 4 * mass * growth * arb(r) ** -N / arb(r - 1)
            for p in chosen:
                if -p not in others:
                    bound *= arb(abs(p) + half) / arb(abs(p) - side)
                elif p > 0:
                    bound *= arb(p**2 + half**2) / arb(p**2 - side**2)
            bounds.append((bound * (1 + arb(_ROUNDING))).upper())
    return Enclosure(
        fmpq(0), min(bounds).fmpq()
    )  # only the least: the others may have astronomic exponents


def float64_floor(approximation: Poles, points: int = 2001) -> float:
    """max |network in doubles - f| over equally spaced points. *Observed*, not a bound.

    The weights are rounded to doubles, the network is evaluated in doubles (infinite where that
    overflows), and its values are compared with f in balls.
    """
    first, last = approximation.network.layers
    w, b, v = (
        np.array([nearest(e) for e in row])
        for row in ([r[0] for r in first.weight], first.bias, last.weight[0])
    )
    R = nearest(approximation.R)
    x = np.linspace(-R, R, points)
    z = np.multiply.outer(x, w) + b
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.where(z < 0, z / (1 - np.minimum(z, 0)), z) @ v + nearest(last.bias[0])
    if not np.isfinite(values).all():
        return math.inf
    f = approximation.marginal.term(["x"])
    truth = [at_point(f, {"x": rational(float(t))}, 96) for t in x]
    return max(
        abs(float(arb(y) - arb(rational(float(g))))) for g, y in zip(values, truth, strict=True)
    )


def _checked(
    marginal: Marginal, R: ExactLike, N: int, poles: Sequence[ExactLike] | None
) -> tuple[fmpq, tuple[fmpq, ...]]:
    if marginal.dimension != 1:
        raise BoundcheckError(
            f"the marginal has d = {marginal.dimension} variables; poles on a line need d = 1"
        )
    side = half_side(R)
    if isinstance(N, bool) or not isinstance(N, int) or not 1 <= N <= MAX_NEURONS:
        raise BoundcheckError(f"N = {N} neurons; it must be an integer from 1 to {MAX_NEURONS}")
    marginal.check()
    if poles is None:
        return side, default_poles(marginal, side, N)
    chosen = tuple(map(rational, poles))
    inside = [p for p in chosen if abs(p) <= side]
    if inside:
        raise BoundcheckError(
            f"the pole {inside[0]} lies in [-{side}, {side}]; every pole must lie outside"
        )
    if len(chosen) != N or len(set(chosen)) != N:
        raise BoundcheckError(
            f"{len(set(chosen))} different poles for N = {N} neurons; the two numbers must agree"
        )
    return side, chosen


def _network(R: fmpq, poles: tuple[fmpq, ...], coefficients: tuple[fmpq, ...]) -> Network:
    distances = linear([[-1 if p > 0 else 1] for p in poles], [abs(p) for p in poles])
    reciprocals = gates.reciprocals([abs(p) - R for p in poles])
    return distances.then(reciprocals).then(linear([coefficients[1:]], [coefficients[0]]))


def _fitted(marginal: Marginal, R: fmpq, poles: tuple[fmpq, ...]) -> tuple[fmpq, ...] | None:
    """Dyadic coefficients that add at most 2^-20 times the interpolant's error; None
    where more bits are needed."""
    ideal, error = _interpolant(marginal, R, poles)
    if not error > 0:
        return None
    weights = [
        fmpq(1),
        *(1 / (abs(p) - R) for p in poles),
    ]  # how far an error of 1 in a coefficient reaches
    unit = error * _ROUNDING / sum(weights, fmpq(0))
    unit = fmpq(2) ** (int(unit.p).bit_length() - int(unit.q).bit_length() - 1)
    rounded = [fmpq((a.mid().fmpq() / unit + fmpq(1, 2)).floor()) * unit for a in ideal]
    moved = sum((w * abs(a - b) for w, a, b in zip(weights, ideal, rounded, strict=True)), arb(0))
    return tuple(rounded) if moved <= error * _ROUNDING else None


def _interpolant(marginal: Marginal, R: fmpq, poles: tuple[fmpq, ...]) -> tuple[list[arb], fmpq]:
    """A_0, ..., A_N of the ideal P/q as balls at the working precision, and a
    lower bound of its error.

    With w_k = f(x_k) q(x_k)/ω'(x_k), ω(x) = Π_k (x - x_k), the residue of P/q = A_0 + Σ
    a_i/(p_i - x) is a_i = ω(p_i) Σ_k w_k/(p_i - x_k) / Π_(j≠i) (p_j - p_i), and A_0 = (-1)^N Σ_k
    w_k is its limit at infinity.
    """
    N, bits, term = len(poles), ctx.prec, marginal.term(["x"])

    def f(x: arb) -> arb:
        return arb(at_point(term, {"x": x}, bits))

    p = [arb(a) for a in poles]
    nodes = [R * arb.cos_pi_fmpq(fmpq(2 * k + 1, 2 * N + 2)) for k in range(N + 1)]
    w = [
        f(x) * _product(a - x for a in p) / _product(x - y for j, y in enumerate(nodes) if j != k)
        for k, x in enumerate(nodes)
    ]
    found = [(-1) ** N * sum(w, arb(0))]
    for i, a in enumerate(p):
        total = sum((v / (a - x) for v, x in zip(w, nodes, strict=True)), arb(0))
        residue = (
            total
            * _product(a - x for x in nodes)
            / _product(b - a for j, b in enumerate(p) if j != i)
        )
        found.append(residue if poles[i] > 0 else -residue)
    between = [R * arb.cos_pi_fmpq(fmpq(k, N + 1)) for k in range(N + 2)]  # where T_(N+1) is ±1
    gaps = [
        sum((c / abs(a - x) for c, a in zip(found[1:], p, strict=True)), found[0] - f(x))
        for x in between
    ]
    return found, max(g.abs_lower().fmpq() for g in gaps)


def _product(factors: Iterable[arb]) -> arb:
    total = arb(1)
    for x in factors:
        total *= x
    return total
