"""The oracle inequality for least squares, step by step. The constants are those of
`boundcheck.theory.formulas.oracle`.

In one coordinate |Y| <= b, f* = E[Y|X], |f| <= b, a = f - f*, and Z_f = (Y-f)² - (Y-f*)² with
the mean r_f over (X, Y) and the mean p_f over the samples. So p_f is the empirical risk of f less
that of f*, and E p_f = r_f for every f that does not depend on the samples. The steps: r = ‖f-f*‖²;
r_f <= 2p_f + 12bδ + D for all f at once, where D is the largest r_g - 2p_g over a net; E D is at
most `estimation`, or `estimation_sharp`; p of f̂ is at most that of a competitor plus eps.
"""

from boundcheck import Box, Q, claim, fails, identity, inequality, symbols, uses
from boundcheck.math import Abs, diff, exp, log, oo, sqrt
from boundcheck.theory.formulas import oracle
from boundcheck.theory.formulas.oracle import b, comparator, d, delta, eps, log_n, m

SOURCE = "derived here"
SHARPER = "derived here: no inequality of the literature is used"

f, g, h, y, a, r, s = symbols("f g h y a r s")
star = symbols("star")  # f* at some X
RATE = Q(1, 11)  # μb² for the exponent μ of the sharper bound


# -- one function, one sample ----------------------------------------------------------------------


@claim(source=SOURCE)
def mean_of_z():
    """E Z = ‖f-f*‖²: Z = a² - 2a(Y-f*), and E[Y-f*|X] = 0."""
    yield uses("textbook.expectation")
    z = (y - f) ** 2 - (y - star) ** 2
    yield identity(z, (f - star) ** 2 - 2 * (f - star) * (y - star), on=Box.reals("f", "star", "y"))


@claim(source=SOURCE)
def second_moment_of_z(v):
    """E Z² <= (16/3)b² ‖f-f*‖²: E[Z²|X] = a²(a² + 4v), v = Var(Y|X) <= b² - f*². At
    |f*| = b/3 there is equality.

    The mean of Z² is that of a⁴ - 4a³(Y-f*) + 4a²(Y-f*)², and the mean of Y - f* is 0.
    """
    yield uses("oracle.mean_of_z")
    square = a**4 - 4 * a**3 * (y - star) + 4 * a**2 * (y - star) ** 2
    yield identity((a**2 - 2 * a * (y - star)) ** 2, square, on=Box.reals("a", "y", "star"))
    given = [b > 0, v >= 0, v <= b**2 - star**2, Abs(star + a) <= b]
    yield inequality(
        a**2 * (a**2 + 4 * v),
        "<=",
        oracle.SECOND_MOMENT * a**2,
        on=Box.reals("a", "star"),
        given=given,
    )
    most = (b + star) ** 2 + 4 * (b**2 - star**2)
    yield identity(most.subs(star, b / 3), oracle.SECOND_MOMENT, given=[b > 0])


@claim(source=SOURCE)
def range_of_z():
    """EZ - Z <= 8b²: both r = ‖f-f*‖² and -Z are at most 4b²."""
    yield uses("oracle.mean_of_z")
    given = [b > 0, Abs(y) <= b, Abs(f) <= b, Abs(star) <= b]
    yield inequality((f - star) ** 2, "<=", 4 * b**2, given=given)
    yield inequality((y - star) ** 2 - (y - f) ** 2, "<=", oracle.RANGE - 4 * b**2, given=given)


# -- all functions: the net ------------------------------------------------------------------------


@claim(source=SOURCE)
def neighbours():
    """|Z_f - Z_g| <= 4bδ where |f-g| <= δ, so |r_f - r_g| <= 4bδ and |p_f - p_g| <= 4bδ.
    Only |f|, |g| <= b matters."""
    yield uses("textbook.expectation")
    given = [b > 0, Abs(y) <= b, Abs(f) <= b, Abs(g) <= b, Abs(f - g) <= delta]
    yield inequality(Abs((y - f) ** 2 - (y - g) ** 2), "<=", 4 * b * delta, given=given)


@claim(source=SOURCE)
def net(D, p, q, t):
    """r_f <= 2p_f + 12bδ + D for every f of the class, chosen by the samples or not, D = max
    (r_g - 2p_g) over the net.

    g is a neighbour of f in the net, p = p_f, q = p_g, r = r_f, t = r_g.
    """
    yield uses("oracle.neighbours")
    near = [b > 0, delta >= 0, r <= t + 4 * b * delta, q <= p + 4 * b * delta, t - 2 * q <= D]
    yield inequality(
        r, "<=", 2 * p + oracle.NET + D, on=Box.reals("p", "q", "D", "r", "t"), given=near
    )


# -- the fluctuations over the net, by Bernstein's inequality --------------------------------------


@claim(source=SOURCE)
def one_tail():
    """P(r_g - 2p_g > 16b²s/m) <= exp(-s) for each g, s >= 0: by Bernstein,
    r - p <= √(2·(16/3)b²rs/m) + 8b²s/(3m).

    The root is at most r/2 + (16/3)b²s/m, and 2(16/3 + 8/3) = 16. (The weaker form
    of the inequality, with twice the second term, would give 64/3.) The variance is
    at most the second moment.
    """
    yield uses("oracle.second_moment_of_z")
    yield uses("oracle.range_of_z")
    yield uses("textbook.bernstein")
    given = [b > 0, r >= 0, s >= 0, m >= 1]
    moment = oracle.SECOND_MOMENT
    yield inequality(sqrt(2 * moment * r * s / m), "<=", r / 2 + moment * s / m, given=given)
    linear = oracle.RANGE * s / (3 * m)
    yield identity(2 * (moment * s / m + linear), 16 * b**2 * s / m, given=given)


@claim(source=SOURCE)
def tail_integral(N, T):
    """E max(D, 0) <= 16b²(log N + 1)/m: P(D > 16b²s/m) <= min(1, N exp(-s)), the sum over the net.

    The integral of this over s >= 0 is log N + 1: up to log N the minimum is 1; from there
    to T the integral is 1 - N exp(-T).
    """
    yield uses("oracle.one_tail")
    yield uses("textbook.layer_cake")
    yield uses("textbook.calculus")
    primitive = -N * exp(-s)
    yield identity(diff(primitive, s), N * exp(-s), on=Box.reals("s"), given=[N >= 1])
    yield inequality(N * exp(-s), ">=", 1, on=Box(s=(0, log(N))), given=[N >= 1])
    yield identity(
        primitive.subs(s, T) - primitive.subs(s, log(N)),
        1 - N * exp(-T),
        on=Box.reals("T"),
        given=[N >= 1],
    )
    yield identity(
        16 * b**2 * (log_n + 1) / m, oracle.ESTIMATION, given=[b > 0, m >= 1, log_n >= 0]
    )


# -- the fluctuations over the net, by exponential moments -----------------------------------------


@claim(source=SHARPER)
def exponential_moment(q):
    """E exp(h(Y-f*)/b) <= exp(h²/2) given X, for every h: |Y| <= b and the mean
    of Y is f* (Hoeffding's lemma).

    Here y = Y/b and q = f*/b. The exponential lies below its chord on [-1, 1], which is affine
    in y. For h < 0 take -Y for Y.
    """
    yield uses("textbook.expectation")
    yield inequality(exp(h * y), "<=", _chord(y), on=Box(y=(-1, 1), h=(0, oo)))
    yield inequality(_chord(q), "<=", exp(q * h + h**2 / 2), on=Box(q=(-1, 1), h=(0, oo)))


def _chord(y):
    """The chord of exp(hy) over [-1, 1]."""
    return ((1 - y) * exp(-h) + (1 + y) * exp(h)) / 2


@claim(source=SHARPER)
def exponential_of_z(z):
    """E exp(-2μZ) <= 1 - μr for μ = 1/(11b²), r = E Z = E a²: 2μZ is 2μa² - h(Y-f*)/b
    with h = 4μab.

    Given X the mean is at most exp(-2μa² + h²/2), which with z = a²/b², 0 <= z <= 4, is at
    most 1 - z/11 = 1 - μa². For μ = 1/(10b²) this fails.
    """
    yield uses("oracle.mean_of_z")
    yield uses("oracle.exponential_moment")
    given = [b > 0]
    mu = RATE / b**2
    exponent = -2 * mu * a**2 + (4 * mu * a * b) ** 2 / 2
    yield identity(exponent, _exponent(RATE, a**2 / b**2), on=Box.reals("a"), given=given)
    yield inequality(exp(_exponent(RATE, z)), "<=", 1 - RATE * z, on=Box(z=(0, 4)))
    tenth = Q(1, 10)
    yield fails(
        inequality(exp(_exponent(tenth, z)), "<=", 1 - tenth * z, on=Box(z=(0, 4))), at={z: 4}
    )


def _exponent(rate, z):
    return -2 * rate * z + (4 * rate) ** 2 * z / 2


@claim(source=SHARPER)
def sharper(D, c, x):
    """E D <= 11b² log N/m: E exp(mμ(r_g - 2p_g)) <= 1 for every g, so E exp(mμD) <= N;
    and E D' <= log E exp D'.

    The mean of a product of m independent factors is the product of the means (Fubini). x = μr is
    at most 4/11. D' is mμD, and c = log E exp(D') has E exp(D' - c) = 1.
    """
    yield uses("oracle.exponential_of_z")
    yield inequality((1 - x) ** m * exp(m * x), "<=", 1, on=Box(x=(0, 4 * RATE)), given=[m >= 1])
    yield inequality(D, "<=", c + exp(D - c) - 1, on=Box.reals("D", "c"))
    yield identity(
        log_n / (m * (RATE / b**2)), oracle.ESTIMATION_SHARP, given=[b > 0, m >= 1, log_n >= 0]
    )
    yield inequality(
        oracle.ESTIMATION_SHARP, "<=", oracle.ESTIMATION, given=[b > 0, m >= 1, log_n >= 0]
    )


# -- the theorem -----------------------------------------------------------------------------------


@claim(source=SOURCE)
def coordinates(R, S, G, D, p, j):
    """Σ r <= 2 Σ p + d·12bδ + Σ D over the d coordinates: sums over j of them, and one more.

    So only the whole empirical risk has to be compared, and the coordinates
    of f̂ may share parameters.
    """
    yield uses("oracle.net")
    sums = [2 * S + j * oracle.NET + G >= R, r <= 2 * p + oracle.NET + D]
    whole = 2 * (S + p) + (j + 1) * oracle.NET + (G + D)
    yield inequality(
        R + r,
        "<=",
        whole,
        on=Box.reals("R", "S", "G", "D", "p", "r"),
        given=[b > 0, delta >= 0, j >= 0, *sums],
    )


def _whole(bound, estimation):
    """From r <= 2S + d·12bδ + G, all sums over d coordinates: S of p for f̂, T of p
    for the competitor, G of D."""
    S, T, G = symbols("S T G")
    known = [b > 0, m >= 1, d >= 1, delta >= 0, log_n >= 0]
    compared = 2 * T + d * oracle.NET + G + 2 * eps
    chosen = [eps >= 0, T + eps >= S, r <= 2 * S + d * oracle.NET + G]
    yield inequality(r, "<=", compared, on=Box.reals("S", "T", "G", "r"), given=[*known, *chosen])
    means = {
        oracle.net: oracle.NET,
        oracle.estimation: estimation,
        oracle.estimation_sharp: estimation,
    }
    expected = [
        eps >= 0,
        comparator >= 0,
        comparator >= T,
        d * estimation >= G,
    ]  # T and G are expectations here
    yield inequality(
        compared, "<=", bound.subs(means), on=Box.reals("T", "G"), given=[*known, *expected]
    )


@claim(source=SOURCE)
def oracle_inequality():
    """E‖f̂-f*‖² <= 2‖f_0-f*‖² + d(12bδ + 16b²(log N + 1)/m) + 2 eps.

    f̂ has at most the empirical risk of f_0 plus eps, and f_0 does not depend on the samples,
    so that E p = ‖f_0-f*‖² for it. A minimiser up to eps over the class is compared with every
    f_0 of the class, so that the infimum may stand there. First for all samples, then for means.
    """
    yield uses("oracle.coordinates")
    yield uses("oracle.tail_integral")
    yield from _whole(oracle.ORACLE, oracle.ESTIMATION)


@claim(source=SHARPER)
def sharper_oracle_inequality():
    """The same with d(12bδ + 11b² log N/m)."""
    yield uses("oracle.coordinates")
    yield uses("oracle.sharper")
    yield from _whole(oracle.ORACLE_SHARP, oracle.ESTIMATION_SHARP)


@claim(source=SOURCE)
def trivial_predictor(R, j):
    """‖f*‖² <= d b², since |f*| <= b in each coordinate: sums over j of them, and one more."""
    given = [b > 0, Abs(star) <= b, j >= 0, j * b**2 >= R]
    yield inequality(
        R + star**2, "<=", oracle.TRIVIAL.subs(d, j + 1), on=Box.reals("R"), given=given
    )
