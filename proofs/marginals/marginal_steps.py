"""Shallow networks for Gaussian kernel marginals: the corner neurons alone in the sup-norm, and the
bounds in L^p for p > 2, as steps.

The theorem for p <= 2 is in `marginals`. These rest on more than it, which is not derived here: the
density of the ridge measure (`ridges`), symmetrisation and Khintchine's inequality, and Hoeffding's
at every x, where only the cells that meet v·x = b count. So they speak of cells: each face of the
cube is cut into k^(d-1) cells of side h = 2/k, and [0, Rd] into k of side h_b = Rd/k; in a cell
with the variation V_j the gap of the interpolation is sampled at n_j = ⌈n_s V_j/V⌉ points, n_s =
2d k^d. The statements hold for all real k >= 1 and d >= 1, so for the whole ones that are meant.
"""

from boundcheck import (
    Box,
    Q,
    ReLU,
    claim,
    fails,
    identity,
    inequality,
    symbols,
    uses,
)
from boundcheck.math import Abs, Max, Min, ceiling, diff, gamma, oo, sqrt
from boundcheck.theory.formulas import shallow
from boundcheck.theory.formulas.shallow import R, V, d, k, mass, p, sigma

SOURCE = "derived here"

t, w = symbols("t w")
HALF = Q(1, 2)
SIZES = [R > 0, k >= 1, d >= 1]
SLAB = R * (3 * d - 2) / k  # δ, the most by which v·x - b changes in a cell
DRAWS = 2 * d * k**d  # n_s
S2 = (
    R**2 * (d**2 + 4 * d - 4) / (4 * k**2)
)  # S², the largest variance of v·x - b over the corners of a cell
relu = ReLU()


# -- one cell --------------------------------------------------------------------------------------


@claim(source=SOURCE)
def jensen_gap(y, z, m):
    """For Z in [y, z] with the mean m: 0 <= E ReLU(Z) - ReLU(m) <= (z-y)/4, and
    it is 0 unless y < 0 < z.

    ReLU(Z) is at least Z and 0. ReLU lies below its chord, an affine function, so E ReLU(Z)
    is at most the chord at m. It is steps, since nobody has written it as a theorem yet.
    """
    chord = relu(y) + (relu(z) - relu(y)) / (z - y) * (m - y)
    inside = Box(y=(-oo, oo), z=(-oo, oo), m=(y, z))
    yield uses("textbook.expectation")
    yield inequality(relu(t), ">=", Max(t, 0), on=Box.reals("t"))
    yield inequality(relu(m), "<=", chord, on=inside, given=[y < z])
    yield inequality(chord - relu(m), "<=", (z - y) / 4, on=inside, given=[y < z])
    for one_sided in (y >= 0, z <= 0):
        yield identity(chord, relu(m), on=inside, given=[y < z, one_sided])


@claim(source=SOURCE)
def cell_and_strip(x, e, s, y, c, D, a):
    """A gap is 0 but for an event with a probability of at most δ/(2R), δ = R(3d-2)/k.

    In a cell v·x - b changes by at most δ, so a gap is 0 unless |t| <= δ/2 for t = v·x - b at
    the centre of the cell; v has a coordinate ±1, so given the other coordinates of x, t is uniform
    on an interval of length 2R. It is steps, since nobody has written it as a theorem yet.
    """
    h, h_b = 2 / k, R * d / k
    yield inequality(
        Abs(x * e), "<=", R * h / 2, on=Box(x=(-R, R), e=(-h / 2, h / 2)), given=[R > 0, k >= 1]
    )
    others = Box(s=((1 - d) * R * h / 2, (d - 1) * R * h / 2), e=(-h_b / 2, h_b / 2))
    yield inequality(Abs(s - e), "<=", SLAB / 2, on=others, given=SIZES)
    yield inequality(
        y * c, ">", 0, on=Box.reals("y"), given=[D > 0, Abs(c) > D / 2, Abs(y - c) <= D / 2]
    )
    common = Max(0, Min(a + R, D / 2) - Max(a - R, -D / 2))
    yield inequality(common / (2 * R), "<=", D / (2 * R), on=Box.reals("a"), given=[R > 0, D > 0])


@claim(source=SOURCE)
def squared_gap_is_sharp(a, b, e):
    """For Z = -a or b, EZ = 0: ∫G² = a²b²/(3(a+b)) <= (ab)^(3/2)/6, and no
    factor below 1/6 will do. It is steps, since nobody has written it as a theorem yet."""
    given = [a > 0, b > 0]
    G = (a * relu(b + t) + b * relu(t - a)) / (a + b) - relu(t)
    total = a**2 * b**2 / (3 * (a + b))
    left, right = a / (a + b) * relu(b + t), b / (a + b) * relu(a - t)
    yield uses("textbook.calculus")
    yield identity(G, left, on=Box(t=(-oo, 0)), given=given)
    yield identity(G, right, on=Box(t=(0, oo)), given=given)
    yield identity(diff((b + t) ** 3 / 3, t), (b + t) ** 2, on=Box.reals("b", "t"))
    yield identity(
        (a / (a + b)) ** 2 * b**3 / 3 + (b / (a + b)) ** 2 * a**3 / 3, total, given=given
    )
    yield inequality(total, "<=", a * b * sqrt(a * b) / 6, given=given)
    smaller = inequality(total, "<=", e * a * b * sqrt(a * b), given=[*given, e > 0])
    yield fails(smaller, at={a: 1, b: 1}, given=[e > 0, e < Q(1, 6)])


# -- all cells -------------------------------------------------------------------------------------


@claim(source=SOURCE)
def corner_part(y, b, h, x):
    """Without any draws the sup-norm error is at most D·A·S²/2, A the area of the
    cube: it falls like k^-2.

    For fixed v, interpolation in b errs only in the cell of the kink, and this integrates
    to at most h_b²/8; the error of interpolation in v integrates over b to half a variance,
    which is at most (d-1)R²/k². It is steps, since nobody has written it as a theorem yet.
    """
    yield uses("ridges.largest_density")
    yield uses("marginal_steps.jensen_gap")
    yield uses("textbook.calculus")
    gap = (1 - b / h) * relu(y) + b / h * relu(y - h) - relu(y - b)
    rising, falling = b * (1 - y / h), y * (1 - b / h)
    yield identity(gap, rising, on=Box(y=(0, h), b=(0, y)), given=[h > 0])
    yield identity(gap, falling, on=Box(y=(0, h), b=(y, h)), given=[h > 0])
    yield identity(diff(b**2 / 2 * (1 - y / h), b), rising, on=Box.reals("y", "b"), given=[h > 0])
    yield identity(
        diff(y * (b - b**2 / (2 * h)), b), falling, on=Box.reals("y", "b"), given=[h > 0]
    )
    area = y**2 / 2 * (1 - y / h) + y * ((h - h / 2) - (y - y**2 / (2 * h)))
    yield inequality(area, "<=", h**2 / 8, on=Box(y=(0, h)), given=[h > 0])
    variance = (2 / k) ** 2 * x**2 * w * (1 - w)
    yield inequality(
        variance, "<=", R**2 / k**2, on=Box(x=(-R, R), w=(0, 1)), given=[R > 0, k >= 1]
    )
    both = (R * d / k) ** 2 / 8 + (d - 1) * R**2 / k**2 / 2
    yield identity(both, S2 / 2, given=SIZES)
    yield identity(
        shallow.DENSITY * (d * 2**d) * S2 / 2,
        shallow.SUP_CORNER_SHARP,
        given=[*SIZES, mass > 0, sigma > 0],
    )


# -- 2 < p < ∞ -------------------------------------------------------------------------------------


@claim(source=SOURCE)
def above_two_by_khintchine(Vj, N, m):
    """For 2 < p < ∞ the error is at most 2 B_p V (δ/4)(δ/(2R))^(1/p)/√n_s, which falls
    like k^-(d/2 + 1 + 1/p).

    After symmetrisation the sum of the squared terms is at most V/n_s times a sum of gap² with
    weights V_j/m, m = n_j, that add up to V, so that Jensen's inequality applies to its power p/2.
    It is steps, since it needs symmetrisation and Haagerup's constant in Khintchine's inequality,
    which are cited.
    """
    yield uses("marginal_steps.jensen_gap")
    yield uses("marginal_steps.cell_and_strip")
    yield uses("textbook.norms")
    yield uses("textbook.symmetrisation")
    yield uses("textbook.khintchine")
    yield inequality(
        (Vj / m) ** 2, "<=", V / N * (Vj / m), given=[V > 0, Vj > 0, N > 0, m >= N * Vj / V]
    )
    gap = SLAB / 4 * (SLAB / (2 * R)) ** (1 / p) / sqrt(DRAWS)
    yield identity(2 * shallow.B_P * V * gap, shallow.KHINTCHINE, given=[*SIZES, p > 2, V > 0])
    factor = R * (3 * d - 2) / 4 * ((3 * d - 2) / 2) ** (1 / p) / sqrt(2 * d)
    yield inequality(
        gap, "<=", factor * k ** (-d * (HALF + (1 + 1 / p) / d)), given=[*SIZES, p > 2]
    )


@claim(source=SOURCE)
def above_two_by_hoeffding(y, v, S, Vj, N, K, Q):
    """For 2 < p < ∞ the error is also at most c_hoeffding k^(-(d+3)/2): the full
    exponent, by Hoeffding at each x.

    A draw lies in [-S/2, S/2], as gap <= E|Z|/2 <= S/2, and only cells that meet v·x = b count:
    for each v a length of at most R(4d-2)/k in b. So the tails are those of the squared
    scale v = (S/2)² V D A R(4d-2)/(k n_s), A = d 2^d the area of the cube, and their p-th
    moment is at most K_p^p v^(p/2), by the substitution z = y²/(2v) in Euler's integral.
    Below, K is K_p and Q is Γ(d/2+1). It is steps, since it needs the layer-cake formula, which is
    cited, and the density of the ridge measure (`ridges`), which is steps.
    """
    yield uses("ridges.largest_density")
    yield uses("marginal_steps.jensen_gap")
    yield uses("jensen_gaps.height_of_a_gap")
    yield uses("stratified_sampling.variance_of_strata")
    yield uses("concentration.hoeffding_two_sided")
    yield uses("textbook.layer_cake")
    yield identity((R * d / k) ** 2 / 4 + (d - 1) * R**2 / k**2, S2, given=SIZES)
    yield identity(R * (d - 1) * (2 / k) + 2 * R * d / k, R * (4 * d - 2) / k, given=SIZES)
    draws, given = ceiling(N * Vj / V), [V > 0, Vj > 0, Vj <= V, N > 0, S > 0]
    yield inequality(
        draws * (Vj / draws * S) ** 2 / 4, "<=", V / N * Vj * (S / 2) ** 2, given=given
    )
    moment = p * (2 * v) ** (p / 2) * (y**2 / (2 * v)) ** (p / 2 - 1) * (y / v)
    yield inequality(2 * p * y ** (p - 1), "<=", moment, given=[p > 2, y > 0, v > 0])
    density = shallow.DENSITY.subs(gamma(d / 2 + 1), Q)
    scale = S2 / 4 * V * density * (d * 2**d) * R * (4 * d - 2) / (k * DRAWS)
    bound = shallow.C_HOEFFDING.subs(shallow.K_P, K).subs(gamma(d / 2 + 1), Q) * k ** (
        -shallow.EXPONENT
    )
    yield inequality(
        K * sqrt(scale), "<=", bound, given=[*SIZES, V > 0, mass > 0, sigma > 0, K > 0, Q > 0]
    )
