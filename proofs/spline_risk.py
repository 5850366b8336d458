"""The excess risk of the class of splines, d = 1, from its parts: steps.

Setting, class and constants are those of `boundcheck.theory.formulas.approximation.splines` and
`end_to_end`. g1 and g2 are the interpolants of f1 and f2 at n + 1 equidistant knots of [-R, R],
h = 2R/n. K is the kernel exp(-z²/2), z = (y - √ᾱ u)/σ, f2 = E K, f1 = E u K, with the mean over u.
"""

from boundcheck import Box, claim, identity, inequality, symbols, uses
from boundcheck.math import Abs, diff, exp, oo, sqrt
from boundcheck.theory.formulas import end_to_end, oracle
from boundcheck.theory.formulas.approximation import splines
from boundcheck.theory.formulas.approximation.positivity import inverse, kappa
from boundcheck.theory.formulas.approximation.splines import slope
from boundcheck.theory.formulas.diffusion import w
from boundcheck.theory.formulas.end_to_end import approximation, off_box
from boundcheck.theory.formulas.oracle import b
from boundcheck.theory.formulas.ratio import n
from boundcheck.theory.formulas.shallow import M, R, d, mass, sigma

SOURCE = "derived here"

h, H, norm, z = symbols("h H norm z")


@claim(source=SOURCE)
def green_function(p, q, x, y):
    """chord - K at x in [p, q] is the integral of G(x, y) K''(y) over [p, q], where
    G(x, y) = (y - p)(q - x)/(q - p) for y <= x and (x - p)(q - y)/(q - p) for y >= x.

    (y - p) K'(y) - K(y) and (q - y) K'(y) + K(y) are antiderivatives. With K'' = 1 it says that
    the integral of G(x, y) over y, and so that over x, is (x - p)(q - x)/2 <= (q - p)²/8.
    """
    yield uses("textbook.calculus")
    K = exp(-(y**2) / 2)
    bend, curve = -y * K, (y**2 - 1) * K
    line = Box.reals("p", "q", "y")
    yield identity(diff(K, y), bend, on=Box.reals("y"))
    yield identity(diff((y - p) * bend - K, y), (y - p) * curve, on=line)
    yield identity(diff((q - y) * bend + K, y), (q - y) * curve, on=line)
    inside = [p <= x, x <= q, p < q]
    half = (x - p) * (q - x) / 2
    both = ((q - x) * (x - p) ** 2 / 2 + (x - p) * (q - x) ** 2 / 2) / (q - p)
    yield identity(both, half, on=Box.reals("p", "q", "x"), given=inside)
    yield inequality(half, "<=", (q - p) ** 2 / 8, on=Box.reals("p", "q", "x"), given=inside)


@claim(source=SOURCE)
def square_of_a_gap(s, k, c, j, e, S, P):
    """e² <= 4b² P S for e = |f1 - g1| + b|f2 - g2| at x, where P is the integral of G(x, y) f2(y)
    and S that of G(x, y) E (K''/K)² K(y).

    At each y and u, 2|K''| <= j K + (K''/K)² K/j for every j > 0, with |u| <= b for f1;
    the integral and the mean of that, e <= b(j P + S/j), is least for j = √(S/P). c is K'', k is K,
    s is u.
    """
    yield uses("spline_risk.green_function")
    yield uses("textbook.expectation")
    given = [k > 0, j > 0, b >= 0, Abs(s) <= b]
    young = b * (j * k + (c / k) ** 2 * k / j) / 2
    yield inequality(Abs(s * c), "<=", young, on=Box.reals("s", "c"), given=given)
    best = [b >= 0, P > 0, S > 0, e >= 0, e <= b * (sqrt(S / P) * P + S / sqrt(S / P))]
    yield inequality(e**2, "<=", 4 * b**2 * P * S, given=best)


@claim(source=SOURCE)
def moment(t):
    """E (ε² - 1)² = 2 for a standard normal ε, so that κ times the integral over all y of
    E (K''/K)² K is 2/σ⁴, K'' being the second derivative in y.

    (ε² - 1)² exp(-ε²/2) is 2 exp(-ε²/2) plus the derivative of a function that is 0 at ±∞.
    """
    yield uses("textbook.calculus")
    bell = exp(-(t**2) / 2)
    rest = -(t**3 + t) * bell
    yield identity(diff(rest, t), ((t**2 - 1) ** 2 - 2) * bell, on=Box.reals("t"))
    yield inequality(Abs(rest), "<=", 4 / t, on=Box(t=(1, oo)))
    yield identity(
        ((t / sigma) ** 2 - 1) / sigma**2,
        (t**2 - sigma**2) / sigma**4,
        on=Box.reals("t"),
        given=[sigma > 0],
    )


@claim(source=SOURCE)
def relative_error(e, P, S, f, total):
    """∫_Ω q (e/f2)² dx <= spline², e = |f1 - g1| + b|f2 - g2|.

    In a cell f2(y) <= H f2(x) with H = exp(2R slope/n), so P <= (h²/8) H f2(x) and e²/f2 <=
    4b² (h²/8) H S(x); the integral of S over x is at most h²/8 times that of E (K''/K)² K over y.
    Only one factor H is lost. total is κ times the integral of S over Ω.
    """
    yield uses("spline_risk.square_of_a_gap")
    yield uses("spline_risk.moment")
    given = [b >= 0, f > 0, S >= 0, h > 0, H >= 1]
    yield inequality(
        e**2 / f,
        "<=",
        4 * b**2 * h**2 / 8 * H * S,
        given=[*given, P >= 0, h**2 / 8 * H * f >= P, e**2 <= 4 * b**2 * P * S],
    )
    sizes = [n >= 1, R > 0, sigma > 0, b >= 0, slope >= 0]
    steep = exp(2 * R * slope / n)
    whole = 4 * b**2 * (2 * R / n) ** 2 / 8 * steep * total
    yield inequality(
        whole,
        "<=",
        splines.SPLINE**2,
        given=[*sizes, total >= 0, total <= (2 * R / n) ** 2 / 8 * 2 / sigma**4],
    )


@claim(source=SOURCE)
def smooth_neurons(coefficient, a):
    """SignReLU neurons of scale M add at most lambda/M to |f - g|: the neuron at -R is exact, and
    the n others have coefficients of at most h mass/σ², as the second difference of f at a knot,
    twice the gap of a chord over 2h, is at most h² mass/σ².

    a is that second difference.
    """
    yield uses("splines.chords_of_a_marginal")
    yield uses("activation.scaled_deficit")
    given = [n >= 1, R > 0, sigma > 0, M > 0, mass >= 0, h > 0]
    chord = mass * (2 * h) ** 2 / (8 * sigma**2)
    yield inequality(
        Abs(a) / h,
        "<=",
        h * mass / sigma**2,
        on=Box.reals("a"),
        given=[*given, Abs(a) / 2 <= chord],
    )
    yield identity(n * (2 * R / n) * mass / sigma**2, splines.LAMBDA, given=given)


@claim(source=SOURCE)
def two_bounds(spline, first, second):
    """√∫_Ω q |f1/f2 - r|² dx <= 1/M + the norm of (e + smooth)/f2, e as in `relative_error`: by
    e <= 2b sup at every point, or by its own norm.

    In L²(q) the function 1/f2 has the norm √(κ ∫_Ω dx/f2) <= √(kappa inverse), and 1/M at most the
    norm 1/M. first and second are bounds of the norm of f1/f2 - r.
    """
    yield uses("spline_risk.relative_error")
    yield uses("spline_risk.smooth_neurons")
    yield uses("splines.interpolant")
    yield uses("inverse_density.weighted_on_average")
    yield uses("ratio.smooth_clip_costs_little")
    yield uses("textbook.norms")
    given = [b >= 0, M > 0, kappa > 0, inverse > 0]
    root = sqrt(kappa * inverse)
    error = symbols("error")
    squared = splines.POINTWISE
    yield inequality(
        first**2,
        "<=",
        squared,
        given=[*given, error >= 0, first >= 0, first <= root * error + 1 / M],
    )
    smooth = symbols("smooth")
    known = [smooth >= 0, spline >= 0, second >= 0, second <= spline + root * smooth + 1 / M]
    yield inequality(second**2, "<=", splines.RELATIVE, given=[*given, *known])
    sup, Lambda = symbols("sup Lambda")
    plain = splines.ERROR.subs(splines.approximation, sup + Lambda / M)
    both = 2 * b * sup + splines.SMOOTH
    yield identity(plain, both, given=[*given, sup >= 0, Lambda >= 0])


@claim(source=SOURCE)
def one_step(inside, outside, a):
    """w_t E|x̂_0 - E[x_0|x_t]|² <= w (A (squared + eps) + net + estimation + off_box) = excess, as
    in `end_to_end.one_step`: R, n, M, delta, A and nu are free at each step.

    M is the scale of the neurons only, log_n falls in M, and no other parameter grows with it.
    off_box is that of `boundcheck.theory.formulas.approximation.positivity`.
    """
    yield uses("end_to_end.on_and_off_the_box")
    yield uses("spline_risk.two_bounds")
    yield uses("oracle.in_coordinates")
    yield uses("spline_class.covering_number")
    yield uses("off_box.tail")
    yield uses("log_density.tangent")
    yield uses("log_density.slopes")
    yield uses("inverse_density.second_moment")
    yield uses("inverse_density.integral")
    yield uses("diffusion_chain.error_decomposition")
    known = [
        w >= 0,
        oracle.A > 0,
        a <= approximation,
        inside <= oracle.ORACLE_DIAL.subs(d, 1).subs(oracle.comparator, a),
        outside <= off_box,
    ]
    box = Box.reals(
        *("A", "inside", "outside", "a", "approximation", "off_box", "net", "estimation", "eps")
    )
    excess = end_to_end.EXCESS.subs(d, 1)
    yield inequality(w * (inside + outside), "<=", excess, on=box, given=known)
