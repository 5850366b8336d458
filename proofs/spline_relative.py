"""The error of splines relative to the density, in one dimension.

f1(x) = E s(u) K(x), f2(x) = E K(x), K(x) = exp(-z²/2), z = (x - u)/σ, |s| <= b; g1 and g2 are the
interpolants at n + 1 equidistant knots of [-R, R], h = 2R/n, e = |f1 - g1| + b|f2 - g2|. Of e the
mean of e²/f2 has nothing but the size of (K''/K)² K on average, which does not depend on where f2
is small. G is Green's function of a cell; see `spline_gaps`. The constants are those of
`boundcheck.theory.formulas.approximation.splines`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, erf, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Prob,
    Sum,
    function,
)
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas.approximation import positivity, splines

SOURCE = "derived here"
pi = constant("pi")
SORTS = {"X": REAL, "Y": REAL}


def bell(z):
    """exp(-z²/2)."""
    return exp(-(z**2) / 2)


def kernel(y, u, sigma):
    """K(y)."""
    return bell((y - u) / sigma)


def square(y, u, sigma):
    """K''(y)²/K(y)."""
    z = (y - u) / sigma
    return (z**2 - 1) ** 2 * bell(z) / sigma**4


def antiderivative(z):
    """Of (z² - 1)² exp(-z²/2)."""
    return sqrt(2 * pi) * erf(z / sqrt(number(2))) - (z**3 + z) * bell(z)


def on(a, b, y):
    """1 where a <= y <= b, else 0."""
    return Ind(a <= y) * Ind(y <= b)


def green(p, h, x, y):
    """G(x, y) in the cell [p, p + h]."""
    q = p + h
    return on(p, x, y) * ((y - p) * (q - x) / h) + on(x, q, y) * ((x - p) * (q - y) / h)


class Marginals:
    """The uniform law on [-R, R], f1 and f2."""

    def __init__(self, t, s=True):
        self.t, self.law, self.mu = t, t.law("Omega", REAL), t.law("mu", REAL)
        self.R, self.y, self.u, self.sigma, self.b, low, high = t.real("R y u sigma b l k")
        t.given(self.R > 0, self.sigma > 0)
        t.given(LivesOn(self.law, self.y, Abs(self.y) <= self.R))
        share = Prob(And(low <= self.y, self.y <= high), (self.y, self.law))
        share = share.eq((high - low) / (2 * self.R))
        limits = [low >= -self.R, low <= high, high <= self.R]
        t.given(Forall([low, high], share, given=limits))
        if s:
            self.s = t.function("s", REAL)
            self.bounded = t.given(LivesOn(self.mu, self.u, Abs(self.s(self.u)) <= self.b))
            t.given(self.b >= 0)

    def mean(self, v, y=None):
        """Over [-R, R]."""
        return Mean(v, (self.y if y is None else y, self.law))

    def over(self, v):
        """Over u."""
        return Mean(v, (self.u, self.mu))

    def kernel(self, y):
        return kernel(y, self.u, self.sigma)

    def square(self, y):
        return square(y, self.u, self.sigma)

    def f1(self, x):
        return self.over(self.s(self.u) * self.kernel(x))

    def f2(self, x):
        return self.over(self.kernel(x))

    def chord(self, f, p, h, x):
        return f(p) + (f(p + h) - f(p)) * (x - p) / h - f(x)

    def e(self, p, h, x):
        """e(x), in the cell [p, p + h]."""
        return Abs(self.chord(self.f1, p, h, x)) + self.b * Abs(self.chord(self.f2, p, h, x))


@theorem(source=SOURCE)
def gap_of_the_marginals(t):
    """e(x) <= 2bR (j E G(x, y) f2(y) + E E G(x, y) K''(y)²/K(y)/j) for every j > 0."""
    m, (x, p, h, j) = Marginals(t), t.real("x p h j")
    R, u, y, b = m.R, m.u, m.y, m.b
    gap = t.use("spline_gaps.gap_of_a_kernel")
    size, sizes = t.use("spline_gaps.sizes")
    green_size = t.use("spline_gaps.size_of_greens_function")
    most = 2 / m.sigma**4
    with t.let(x) as each:
        with t.let(u, given=[In(u, m.mu)]) as inside:
            known = [size(x, u), m.bounded(u)]
            value = m.s(u) * m.kernel(x)
            t.show(And(Abs(m.kernel(x)) <= 1, Abs(value) <= b), by=known, opaque=[m.kernel(x)])
        t.exists(m.f1(x), by=inside.fact, bound=b, at=u, opaque=[m.kernel(x)])
        t.exists(m.f2(x), by=inside.fact, bound=1, at=u, opaque=[m.kernel(x)])
    G = green(p, h, x, y)
    given = [h > 0, p <= x, x <= p + h, -R <= p, p + h <= R, j > 0]
    with t.let(p, h, x, j, given=given) as point:
        for v in (p, x, p + h):
            each(v)
        first, second = m.mean(G * m.kernel(y)), m.mean(G * m.square(y))
        with t.let(u) as bounds:
            found = sizes(p, h, x, u)
            t.show(And(Abs(first) <= 2 * h, Abs(second) <= 2 * h * most), by=found)
        one, two = m.over(first), m.over(second)
        t.exists(one, by=bounds, bound=2 * h, at=u, opaque=[first, second])
        t.exists(two, by=bounds, bound=2 * h * most, at=u, opaque=[first, second])
        parts = [m.kernel(v) for v in (p, x, p + h)]
        own = parts[0] + (parts[2] - parts[0]) * (x - p) / h - parts[1]
        half = R * (j * first + second / j)
        with t.let(u, given=[In(u, m.mu)]) as inside:
            known = gap(p, h, x, u, j)
            t.exists(own)
            size_of = m.bounded(u)
            scaled = Abs(m.s(u) * own) <= b * half
            scaled = t.show(scaled, by=[known, size_of], opaque=[own, half])
            weighted = [m.s(u) * part for part in parts]
            line = weighted[0] + (weighted[2] - weighted[0]) * (x - p) / h - weighted[1]
            same = t.show(line.eq(m.s(u) * own), opaque=parts)
            plain = t.show(And(own <= half, own >= -half), by=known, opaque=[own, half])
            t.together(
                plain,
                t.show(And(line <= b * half, line >= -(b * half)), by=[same, scaled], opaque=[line, m.s(u) * own, half]),
            )
        chords = [m.chord(f, p, h, x) for f in (m.f1, m.f2)]
        bound = R * (j * one + two / j)
        hidden = [*parts, first, second]
        ends = [
            t.average(goal, by=inside.fact, at=u, opaque=hidden)
            for chord, factor in zip(chords, (b, 1), strict=True)
            for goal in (chord <= factor * bound, chord >= -(factor * bound))
        ]
        with t.let(u, given=[In(u, m.mu)]) as both, t.let(y, given=[In(y, m.law)]):
            known = [size(y, u), green_size(p, h, x, y)]
            t.show(Abs(G * m.kernel(y)) <= 2 * h, by=known, opaque=[G, m.kernel(y)])
        values = {"u": function([u, y], G * m.kernel(y)), "b": 2 * h, "mu": m.mu, "nu": m.law}
        swapped = t.use("small_draws.bounded_means", values, SORTS, by=both.fact)
        with t.let(y, given=[In(y, m.law)]) as density:
            each(y)
            inner = m.over(G * m.kernel(y))
            same = t.average(inner.eq(G * m.f2(y)), at=u, opaque=[G, m.kernel(y)])
            t.symmetric(same)
        whole = t.same_mean(m.mean(G * m.f2(y)), swapped.right, by=density.fact)
        goal = m.e(p, h, x) <= 2 * b * R * (j * m.mean(G * m.f2(y)) + two / j)
        t.show(goal, by=[*ends, swapped, whole], opaque=chords)
    return point.fact
