"""The error of splines relative to the density, in one dimension.

f1(x) = E s(u) K(x), f2(x) = E K(x), K(x) = exp(-z²/2), z = (x - u)/σ, |s| <= b; g1 and g2 are the
interpolants at n + 1 equidistant knots of [-R, R], h = 2R/n, e = |f1 - g1| + b|f2 - g2|. Of e the
mean of e²/f2 has nothing but the size of (K''/K)² K on average, which does not depend on where f2
is small. G is Green's function of a cell; see `spline_gaps`. The constants are those of
`boundcheck.theory.formulas.approximation.splines`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Prob,
    function,
)
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theorems.language.sorts import REAL

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
def gap_of_the_marginals(t):  # noqa: PLR0915
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
                t.show(
                    And(line <= b * half, line >= -(b * half)),
                    by=[same, scaled],
                    opaque=[line, m.s(u) * own, half],
                ),
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
            with t.let(u, given=[In(u, m.mu)]) as small:
                both(u)(y)
            t.exists(inner, by=small.fact, bound=2 * h, at=u, opaque=[G, m.kernel(y)])
            same = t.average(inner.eq(G * m.f2(y)), at=u, opaque=[G, m.kernel(y)])
            t.symmetric(same)
        whole = t.same_mean(m.mean(G * m.f2(y)), swapped.right, by=density.fact)
        same = t.show(one.eq(whole.left), by=[swapped, whole])
        found = R * (j * whole.left + two / j)
        equal = t.show(bound.eq(found), by=same)
        sizes_of = [
            t.show(Abs(chord) <= factor * found, by=[*ends, equal], opaque=[*chords, bound, found])
            for chord, factor in zip(chords, (b, 1), strict=True)
        ]
        sums = t.show(m.e(p, h, x) <= 2 * b * found, by=sizes_of, opaque=[*chords, found])
        goal = 2 * b * R * (j * whole.left + two / j)
        t.chain(sums, t.show(sums.right.eq(goal)))
    return point.fact


@theorem(source=SOURCE)
def square_of_a_gap(t):  # noqa: PLR0915
    """e(x)² <= 4b² (h²/8) H f2(x) 2R E E G(x, y) K''(y)²/K(y), where f2 is at most H f2(x) in the
    cell: by the inequality of Cauchy and Schwarz."""
    m, (x, p, h, j, H) = Marginals(t), t.real("x p h j H")
    R, u, y, b = m.R, m.u, m.y, m.b
    A, S, e, B = t.real("A S e B")
    size, sizes = t.use("spline_gaps.sizes")
    gap = t.use("spline_relative.gap_of_the_marginals")
    green_size = t.use("spline_gaps.size_of_greens_function")
    green_mean = t.use("spline_gaps.mean_of_greens_function")
    with t.let(j, A, S, B, given=[j > 0, B >= 0]) as both:
        t.show((2 * B * R * (j * A + S / j)).eq(B * (j * (2 * R * A) + 2 * R * S / j)))
    bounds = Forall(j, e <= B * (j * A + S / j), given=[j > 0])
    with t.let(A, S, e, B, given=[B >= 0, e >= 0, A > 0, S >= 0, bounds]) as best:
        goal = e**2 <= 4 * B**2 * A * S
        positive = t.show(4 * B**2 * A * S >= 0, by=best.facts)
        signs = best.facts[:4]
        with t.suppose(B * e <= 0) as none:
            known = best.facts[4](1)
            with t.suppose(B <= 0) as zero:
                less = t.show(e <= 0, by=[known, *zero.facts, signs[0], *signs[2:]])
                t.show(goal, by=[less, positive, signs[1]], opaque=[positive.left])
            with t.suppose(number(0) < B) as some:
                less = t.show(e <= 0, by=[*none.facts, *some.facts])
                t.show(goal, by=[less, positive, signs[1]], opaque=[positive.left])
            t.cases(B, 0, zero, some)
        with t.suppose(number(0) < B * e) as some:
            signs = t.show(And(B > 0, e > 0), by=[*some.facts, *best.facts[:2]])
            k = e / (2 * B * A)
            positive = t.show(k > 0, by=[signs, best.facts[2]])
            known = best.facts[4](k, by=positive)
            half = t.show((B * (k * A)).eq(e / 2), by=[signs, best.facts[2]])
            rest = t.show((B * (S / k)).eq(2 * B**2 * A * S / e), by=[signs, best.facts[2]])
            less = t.show(e / 2 <= rest.right, by=[known, half, rest], opaque=[S / k, rest.right])
            t.show(goal, by=[less, signs])
        t.cases(B * e, 0, none, some)
    there = [Forall(y, m.f2(y) <= H * m.f2(x), given=[p <= y, y <= p + h])]
    given = [h > 0, p <= x, x <= p + h, -R <= p, p + h <= R, H >= 1, m.f2(x) > 0, *there]
    with t.let(p, h, x, H, given=given) as point:
        G, q = green(p, h, x, y), p + h
        larger = point.facts[-1]
        f2 = m.f2(x)
        second = m.mean(G * m.square(y))
        gap(p, h, x, 1)
        mean = m.mean(G * m.f2(y))
        with t.let(y) as each:
            goal = G * m.f2(y) <= H * f2 * G
            signs = green_size(p, h, x, y)
            with t.let(u, given=[In(u, m.mu)]) as of_u:
                v = m.kernel(y)
                t.show(Abs(v) <= 1, by=size(y, u), opaque=[v])
            t.exists(m.f2(y), by=of_u.fact, bound=1, at=u, opaque=[m.kernel(y)])
            with t.suppose(p <= y) as after:
                with t.suppose(y <= q) as inside:
                    one = larger(y, by=[*after.facts, *inside.facts])
                    t.show(goal, by=[one, signs], opaque=[G, m.f2(y), f2])
                with t.suppose(q < y) as beyond:
                    known = [
                        t.show(y > x, by=[*beyond.facts, *point.facts]),
                        t.show(y > q, by=beyond.facts),
                    ]
                    none = [t.derive("indicator_false", f) for f in known]
                    zero = t.show(G.eq(0), by=none)
                    t.show(goal, by=zero, opaque=[G, m.f2(y), f2])
                t.cases(y, q, inside, beyond)
            with t.suppose(y < p) as before:
                known = [
                    t.show(x > y, by=[*before.facts, *point.facts]),
                    t.show(p > y, by=before.facts),
                ]
                none = [t.derive("indicator_false", f) for f in known]
                zero = t.show(G.eq(0), by=none)
                t.show(goal, by=zero, opaque=[G, m.f2(y), f2])
            t.cases(p, y, after, before)
        value, most = green_mean(p, h, x)
        t.exists(m.mean(G), by=value)
        less = t.average(
            mean <= H * f2 * m.mean(G), by=each.fact, law=m.law, at=y, opaque=[G, m.f2(y), f2]
        )
        level = h**2 / 8 * H * f2
        area = t.show(2 * R * mean <= level, by=[less, most, *point.facts[5:7]], opaque=[f2])
        two = m.over(second)
        with t.let(u) as sign:
            *_, low, high = sizes(p, h, x, u)
            t.together(low, high)
        positive = t.average(two >= 0, by=sign.fact, law=m.mu, at=u, opaque=[second])
        e = m.e(p, h, x)
        least = t.show(e >= 0)
        with t.let(j, given=[j > 0]) as all_j:
            known = gap(p, h, x, j)
            same = both(j, mean, two, b)
            small = t.show(
                j * (2 * R * mean) <= j * level, by=[area, *all_j.facts], opaque=[mean, f2]
            )
            goal = e <= b * (j * level + 2 * R * two / j)
            hidden = [e, mean, two, level, 2 * R * two / j, same.left]
            t.show(goal, by=[known, same, small], opaque=hidden)
        signs = t.show(
            And(level > 0, 2 * R * two >= 0), by=[positive, *point.facts], opaque=[f2, two]
        )
        best(level, 2 * R * two, e, b, by=[least, signs, all_j.fact])
    return point.fact
