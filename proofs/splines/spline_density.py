"""The error of the ratio of splines: that of the interpolants, relative to the density.

Setting and constants are those of `boundcheck.theory.formulas.approximation.splines`. K, G, f1, f2
and e are those of `spline_relative`; the density of x_t is kappa f2 there.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, sqrt
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
from boundcheck.theorems.language.expr import constant
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
        self.inside = t.given(LivesOn(self.law, self.y, Abs(self.y) <= self.R))
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
def positive_density(t):
    """f2 > 0: it is at least K(x) of some u."""
    sigma, mu, (x, u) = t.real("sigma"), t.law("mu", REAL), t.real("x u")
    t.given(sigma > 0)
    with t.let(x) as point:
        K = kernel(x, u, sigma)
        with t.let(u, given=[In(u, mu)]) as inside:
            v = (x - u) / sigma
            t.show(And(bell(v) > 0, Abs(bell(v)) <= 1))
        mean = Mean(K, (u, mu))
        t.exists(mean, by=inside.fact, bound=1, at=u, opaque=[K])
        found = t.least(t.show(mean <= 1 * mean))
        with t.obtain(found, "v") as some:
            v, (_, low) = some.value, some.facts
            positive = t.show(kernel(x, v, sigma) > 0)
            t.show(mean > 0, by=[low, positive], opaque=[kernel(x, v, sigma)])
    return point.fact


class Interpolants(Marginals):
    """g1 and g2, linear between n + 1 equidistant knots, where f2(y) is at most
    exp(slope |x - y|) f2(x)."""

    def __init__(self, t):
        super().__init__(t)
        self.n, self.k, self.slope = t.nat("n"), t.nat("i"), t.real("slope")
        (g1, g2), (x, h) = t.function("g1 g2", REAL), t.real("x h")
        R, y, k, b = self.R, self.y, self.k, self.b
        self.x, self.h, self.p = x, h, -R + (k - 1) * h
        p = self.p
        self.mesh, self.some, _ = t.given((self.n * h).eq(2 * R), self.n >= 1, self.slope >= 0)
        both = And(g1(x).eq(self.line(self.f1)), g2(x).eq(self.line(self.f2)))
        steep = self.f2(y) <= exp(self.slope * Abs(x - y)) * self.f2(x)
        self.lines, self.steep = t.given(
            Forall([k, x], both, given=[k >= 1, k <= self.n, p <= x, x <= p + h]),
            Forall([x, y], steep, [Abs(x) <= R, Abs(y) <= R]),
        )
        self.positive = t.show(h > 0, by=[self.mesh, self.some])
        self.H = exp(self.slope * h)
        self.steeper = t.show(self.H >= 1, by=self.positive)
        self.factor = 4 * b**2 * (h**2 / 8 * self.H)
        Q = on(p, p + h, x) * green(p, h, x, y)
        self.nested = self.over(self.mean(Q * self.square(y)))
        self.rows = Sum(self.nested, (k, 1, self.n))
        self.e0 = Abs(self.f1(x) - g1(x)) + b * Abs(self.f2(x) - g2(x))
        self.loss = self.e0**2 / self.f2(x)

    def line(self, f):
        p, h = self.p, self.h
        return f(p) + (f(p + h) - f(p)) * (self.x - p) / h

    def cells(self):
        """What is known of the cells."""
        t, k, p, h = self.t, self.k, self.p, self.h
        cells = t.use("spline_cells.mean_over_a_cell")
        with t.let(k, given=[k >= 1, k <= self.n]) as inside:
            known = [*inside.facts, self.mesh, self.positive]
            t.show(And(-self.R <= p, p + h <= self.R), by=known)
        with t.let(k, given=[k >= 1, k <= self.n]) as each:
            cells(p, h, by=inside.fact(k, by=each.facts))
        return inside.fact, each.fact


@theorem(source=SOURCE)
def error_at_a_point(t):  # noqa: PLR0915
    """e(x)²/f2(x) is at most 4b² (h²/8) exp(slope h) 2R times the sum over the cells of E E G(x, y)
    K''(y)²/K(y): that of the cell of x."""
    m = Interpolants(t)
    n, k, slope, x, h, H = m.n, m.k, m.slope, m.x, m.h, m.H
    R, y, u, b, sigma = m.R, m.y, m.u, m.b, m.sigma
    mesh, positive_h, rows, loss, factor = m.mesh, m.positive, m.rows, m.loss, m.factor
    lines, steep, steeper, e0, W = m.lines, m.steep, m.steeper, m.e0, m.square(y)
    positive = t.use("spline_density.positive_density")
    gap = t.use("spline_relative.square_of_a_gap")
    e, f, z = t.real("e f z")
    with t.let(e, f, z, given=[f > 0, e <= 4 * b**2 * (h**2 / 8 * H * f) * z]) as divide:
        t.show(e / f <= 4 * b**2 * (h**2 / 8 * H) * z, by=divide.facts, opaque=[H])
    size, sizes = t.use("spline_gaps.sizes")
    green_size = t.use("spline_gaps.size_of_greens_function")
    inside, each = m.cells()
    with t.let(x) as signs, t.let(k, given=[k >= 1, k <= n]) as term:
        known, *_ = each(k, by=term.facts)
        known(x)
    with t.let(x, given=[In(x, m.law)]) as point:
        there = t.show(And(-R <= x, x <= R), by=m.inside(x))
        ends = function(k, -R + k * h)
        where = t.between(ends, 0, n, x, by=[*there, mesh, positive_h])
        with t.obtain(where, "c0") as piece:
            j, (_, last, left, right) = piece.value, piece.facts
            i = j + 1
            left = t.show(-R + (i - 1) * h <= x, by=left)
            right = t.show(x <= -R + (i - 1) * h + h, by=right)
            start = -R + (i - 1) * h
            places = inside(i, by=[last])
            with t.let(y, given=[start <= y, y <= start + h]) as near:
                both = t.show(And(Abs(x) <= R, Abs(y) <= R), by=[*there, *near.facts, *places])
                known = steep(x, y, by=both)
                close = t.show(Abs(x - y) <= h, by=[left, right, *near.facts])
                power = t.show(exp(slope * Abs(x - y)) <= H, by=close)
                hidden = [power.left, H, m.f2(x), m.f2(y)]
                t.show(m.f2(y) <= H * m.f2(x), by=[known, power, positive(x)], opaque=hidden)
            sign = positive(x)
            found = gap(start, h, x, H, by=[left, right, *places, near.fact, sign, steeper])
            same = lines(i, x, by=[left, right, last])
            own = m.e(start, h, x)
            known = list(same)
            hidden = [v for f in known for v in f.formula.args] + [m.f1(x), m.f2(x)]
            equal = t.show(e0.eq(own), by=known, opaque=hidden)
            G, on_cell = green(start, h, x, y), on(start, start + h, x)
            inside_x = [t.derive("indicator_true", f) for f in (left, right)]
            one = t.show(on_cell.eq(1), by=inside_x)
            inner = [m.mean(on_cell * G * W), m.mean(G * W)]
            here, plain = (m.over(v) for v in inner)
            terms = signs.fact(x)
            terms(i, by=last)
            with t.let(u, given=[In(u, m.mu)]) as each_u:
                sizes(start, h, x, u, by=[left, right])
                with t.let(y, given=[In(y, m.law)]) as each_y:
                    known = [size(y, u), green_size(start, h, x, y, by=[left, right])]
                    hidden = [on_cell, G, W]
                    same = t.show((on_cell * G * W).eq(G * W), by=one, opaque=hidden)
                    bound = Abs(on_cell * G * W) <= 2 * h * (2 / sigma**4)
                    bound = t.show(bound, by=[one, *known], opaque=hidden)
                    t.together(same, bound)
                hidden = [on_cell * G, G, W]
                most = 2 * h * (2 / sigma**4)
                t.exists(inner[0], by=each_y.fact, bound=most, at=y, opaque=hidden)
                t.average(inner[0].eq(inner[1]), by=each_y.fact, at=y, opaque=hidden)
            moved = t.average(here.eq(plain), by=each_u.fact, law=m.mu, at=u, opaque=inner)
            among = t.one_of_many(rows, i, by=[terms, last])
            hidden = [plain, m.f2(x), H]
            scaled = divide(own**2, m.f2(x), 2 * R * plain, by=[found, sign])
            square = t.show(
                (e0**2 / m.f2(x)).eq(own**2 / m.f2(x)), by=[equal, sign], opaque=[e0, own, m.f2(x)]
            )
            less = t.show(plain <= rows, by=[moved, among], opaque=[plain, rows, here])
            scale = t.show(factor * 2 * R >= 0, by=steeper, opaque=[H])
            more = t.show(
                factor * 2 * R * plain <= factor * 2 * R * rows,
                by=[less, scale],
                opaque=[plain, rows, scale.left],
            )
            goal = And(loss >= 0, loss <= factor * 2 * R * rows)
            least = t.show(loss >= 0, by=sign, opaque=[e0, m.f2(x)])
            hidden = [loss, scaled.left, plain, rows, H]
            t.show(goal, by=[least, square, scaled, more], opaque=hidden)
    return point.fact


@theorem(source=SOURCE)
def relative_error(t):  # noqa: PLR0915
    """The integral over [-R, R] of kappa f2 (e/f2)² is at most spline², where f2(y) is at most
    exp(slope |x - y|) f2(x)."""
    m = Interpolants(t)
    n, k, slope, x, h, p, H = m.n, m.k, m.slope, m.x, m.h, m.p, m.H
    R, y, u, sigma, W = m.R, m.y, m.u, m.sigma, m.square(m.y)
    mesh, some, rows, loss, factor = m.mesh, m.some, m.rows, m.loss, m.factor
    steeper, nested = m.steeper, m.nested
    point = t.use("spline_density.error_at_a_point")
    _, each = m.cells()
    own = m.mean(on(p, p + h, y) * W)
    whole, all_rows = Mean(loss, (x, m.law)), Mean(rows, (x, m.law))
    with t.let(k, given=[k >= 1, k <= n]) as term:
        *_, last = each(k, by=term.facts)
        t.exists(Mean(nested, (x, m.law)), by=last)
    sums = t.mean_of_sum(all_rows, by=term.fact)
    hidden = [loss, rows, H]
    bound = factor * 2 * R * all_rows
    t.exists(whole, by=point, bound=bound, at=x, opaque=hidden)
    less = t.average(whole <= bound, by=point, law=m.law, at=x, opaque=hidden)
    outer = Sum(m.over(own), (k, 1, n))
    with t.let(k, given=[k >= 1, k <= n]) as term:
        *_, last = each(k, by=term.facts)
        t.show(last.formula, by=last)
    fall = t.add_up(2 * R * sums.right <= h**2 / 8 * outer, by=term.fact)
    inner = Sum(own, (k, 1, n))
    with t.let(k, given=[k >= 1, k <= n]) as term:
        *_, last = each(k, by=term.facts)
        t.exists(m.over(own), by=last)
    swapped = t.mean_of_sum(m.over(inner), by=term.fact)
    every = t.use("spline_cells.all_cells")
    with t.let(u) as each_u:
        known = every(u)
        with t.let(k, given=[k >= 1, k <= n]) as same:
            _, cell, *_ = each(k, by=same.facts)
            cell(u)
            t.show((2 * R * own).eq(own * 2 * R), opaque=[own])
        scaled = t.add_up(known.left.eq(2 * R * inner), by=same.fact)
        t.show(2 * R * inner <= known.right, by=[known, scaled], opaque=[known.right])
    most = 2 * sqrt(2 * pi) / sigma**3
    last = t.average(2 * R * m.over(inner) <= most, by=each_u.fact, law=m.mu, at=u, opaque=[inner])
    scale = t.show(factor >= 0, by=steeper, opaque=[H])
    A, B, C, D, F = t.real("A B C D F")
    given = [A >= 0, D <= A * 2 * R * B, 2 * R * B <= h**2 / 8 * C, 2 * R * C <= F]
    with t.let(A, B, C, D, F, given=given) as chain:
        one = t.show(A * (2 * R * B) <= A * (h**2 / 8 * C), by=chain.facts)
        two = t.show(
            A * h**2 / 8 * (2 * R * C) <= A * h**2 / 8 * F, by=[chain.facts[3], chain.facts[0]]
        )
        t.show(2 * R * D <= A * h**2 / 8 * F, by=[one, two, chain.facts[1]])
    total = t.show(2 * R * all_rows <= h**2 / 8 * m.over(inner), by=[sums, fall, swapped])
    found = chain(factor, all_rows, m.over(inner), whole, most, by=[scale, less, total, last])
    kappa = t.quoted(positivity.DENSITY)
    positive = t.show(kappa > 0)
    value = t.show((kappa * most).eq(2 / sigma**4))
    scaled = kappa * (2 * R * whole) <= factor * h**2 / 8 * (kappa * most)
    scaled = t.show(scaled, by=[found, positive], opaque=[kappa, factor, most])
    side = t.show(h.eq(2 * R / n), by=[mesh, some])
    spline = t.read(splines.SPLINE)
    power = t.show((exp(R * slope / n) ** 2).eq(H), by=side)
    square = (factor * h**2 / 8 * (2 / sigma**4)).eq(spline**2)
    square = t.show(square, by=[side, power], opaque=[H, exp(R * slope / n)])
    hidden = [kappa, factor, most, spline, value.left]
    return t.show(kappa * (2 * R * whole) <= spline**2, by=[scaled, value, square], opaque=hidden)
