"""What a chord misses of a Gaussian kernel: an integral of the kernel's second derivative.

K(y) = exp(-z²/2), z = (y - u)/σ, has K'' = (z² - 1)K/σ². On a cell [p, q], q = p + h, the chord of
K misses it by the integral of G(x, y) K''(y) over y, with Green's function G(x, y) = (y - p)(q -
x)/h for y <= x and (x - p)(q - y)/h for y >= x. y is uniform on [-R, R], so that the integral is 2R
times a mean. The constants are those of `boundcheck.theory.formulas.approximation.splines`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, erf, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    Integral,
    LivesOn,
    Mean,
    Prob,
    function,
)
from boundcheck.theorems.language.expr import constant, expr, number
from boundcheck.theorems.language.sorts import REAL

SOURCE = "derived here"
pi = constant("pi")


def bell(z):
    """exp(-z²/2)."""
    return exp(-(z**2) / 2)


def kernel(y, u, sigma):
    """K(y)."""
    return bell((y - u) / sigma)


def curve(y, u, sigma):
    """K''(y)."""
    z = (y - u) / sigma
    return (z**2 - 1) * bell(z) / sigma**2


def square(y, u, sigma):
    """K''(y)²/K(y)."""
    z = (y - u) / sigma
    return (z**2 - 1) ** 2 * bell(z) / sigma**4


def on(a, b, y):
    """1 where a <= y <= b, else 0."""
    return Ind(a <= y) * Ind(y <= b)


def green(p, h, x, y):
    """G(x, y) in the cell [p, p + h], and 0 outside; twice as much at y = x."""
    q = p + h
    return on(p, x, y) * ((y - p) * (q - x) / h) + on(x, q, y) * ((x - p) * (q - y) / h)


class Uniform:
    """The uniform law on [-R, R]."""

    def __init__(self, t, shares=True):
        self.t, self.law = t, t.law("Omega", REAL)
        self.R, self.y, low, high = t.real("R y l k")
        t.given(self.R > 0)
        self.inside = t.given(LivesOn(self.law, self.y, Abs(self.y) <= self.R))
        if not shares:
            return
        share = Prob(And(low <= self.y, self.y <= high), (self.y, self.law))
        share = share.eq((high - low) / (2 * self.R))
        t.given(Forall([low, high], share, given=[low >= -self.R, low <= high, high <= self.R]))

    def mean(self, u, y=None):
        return Mean(u, (self.y if y is None else y, self.law))

    def part(self, u, primitive, a, b, known):
        """2R E u over a <= y <= b, by an antiderivative."""
        t, y = self.t, self.y
        axiom = t.derive("axiom", name="means_of_a_uniform_law")
        values = {"pi": self.law, "g": function(y, u)}
        value = t.primitive(Integral(u, (y, a, b)), function(y, primitive), by=known)
        means = t.use(axiom.theorem, values)(a, b, by=[*known, value])
        F = function(y, primitive)
        result = (2 * self.R * self.mean(on(a, b, y) * u)).eq(F(b) - F(a))
        return t.show(result, by=[means, value], opaque=[F(a), F(b), means.left, value.left])


# -- one kernel ------------------------------------------------------------------------------------


def antiderivative(z):
    """Of (z² - 1)² exp(-z²/2)."""
    return sqrt(2 * pi) * erf(z / sqrt(number(2))) - (z**3 + z) * bell(z)


@theorem(source=SOURCE)
def moment(t):
    """√(2π) erf(z/√2) - (z³ + z) exp(-z²/2), an antiderivative of (z² - 1)² exp(-z²/2), is at most
    √(2π) in size: the integral over the line is 2√(2π)."""
    z, y = t.real("z y")
    F, root = antiderivative, sqrt(2 * pi)
    positive = t.show(root > 0)
    u = (z**2 - 1) ** 2 * bell(z)
    with t.let(z) as size:
        t.show(And(u >= 0, Abs(u) <= 2))
    with t.let(z) as slope:
        t.show(Abs(erf(z / sqrt(number(2)))) <= 1)
    with t.let(y, given=[y >= 0]) as half:
        whole, none = Integral(u, (z, 0, y)), Integral(expr(0), (z, 0, y))
        t.integral_exists(whole, 2, by=size)
        t.integral_exists(none, 0)
        value = t.primitive(whole, function(z, F(z)), by=half.facts)
        least = t.integrate(whole >= none, by=size)
        zero = t.primitive(none, function(z, expr(0)), by=half.facts)
        start = t.show(F(expr(0)).eq(0))
        sign = t.show((y**3 + y) * bell(y) >= 0, by=half.facts)
        low = t.show(F(y) >= 0, by=[value, least, zero, start], opaque=[F(y), F(expr(0))])
        hidden = [root, erf(y / sqrt(number(2))), sign.left]
        t.together(low, t.show(F(y) <= root, by=[sign, slope(y), positive], opaque=hidden))
    with t.let(y) as both:
        goal = And(F(y) <= root, -root <= F(y))
        with t.suppose(number(0) <= y) as right:
            t.show(goal, by=[half(y, by=right.facts), positive], opaque=[F(y), root])
        with t.suppose(y < number(0)) as left:
            found = half(-y, by=t.show(-y >= 0, by=left.facts))
            odd = t.show(F(-y).eq(-F(y)))
            t.show(goal, by=[found, odd, positive], opaque=[F(-y), F(y), root])
        t.cases(0, y, right, left)
    return both.fact


@theorem(source=SOURCE)
def size_of_greens_function(t):
    """0 <= G <= 2h."""
    x, y, p, h = t.real("x y p h")
    a, b, c = t.real("a b c")
    with t.let(a, b, c, given=[c > 0, a >= 0, a <= c, b >= 0, b <= c]) as product:
        t.show(And(a * b / c >= 0, a * b / c <= c), by=product.facts)
    with t.let(p, h, x, y, given=[h > 0, p <= x, x <= p + h]) as point:
        q, parts = p + h, []
        for low, high, u in ((p, x, (y - p, q - x)), (x, q, (x - p, q - y))):
            whole = on(low, high, y) * (u[0] * u[1] / h)
            goal = And(whole >= 0, whole <= h)
            with t.suppose(low <= y) as after:
                with t.suppose(y <= high) as inside:
                    known = [*after.facts, *inside.facts]
                    both = [t.derive("indicator_true", f) for f in known]
                    size = t.show(And(u[0] >= 0, u[0] <= h, u[1] >= 0, u[1] <= h), by=known)
                    found = product(u[0], u[1], h, by=size)
                    hidden = [u[0] * u[1] / h]
                    t.show(goal, by=[found, *both], opaque=hidden)
                with t.suppose(high < y) as beyond:
                    none = t.derive("indicator_false", t.show(y > high, by=beyond.facts))
                    t.show(goal, by=none)
                t.cases(y, high, inside, beyond)
            with t.suppose(y < low) as before:
                none = t.derive("indicator_false", t.show(low > y, by=before.facts))
                t.show(goal, by=none)
            parts.append(t.cases(low, y, after, before))
        G = green(p, h, x, y)
        t.show(And(G >= 0, G <= 2 * h), by=parts, opaque=G.args)
    return point.fact


@theorem(source=SOURCE)
def split_at_the_point(t):
    """E G(x, y) C(y) is the sum of its parts before x and after x, for a bounded function C."""
    s, C, B, (x, p, h) = (
        Uniform(t, shares=False),
        t.function("C", REAL),
        t.real("B"),
        t.real("x p h"),
    )
    y = s.y
    bounded = t.given(Forall(y, Abs(C(y)) <= B))
    size = t.use("spline_gaps.size_of_greens_function")
    with t.let(p, h, x, given=[h > 0, p <= x, x <= p + h, -s.R <= p, p + h <= s.R]) as point:
        q = p + h
        G = green(p, h, x, y)
        whole = s.mean(G * C(y))
        with t.let(y) as each:
            t.show(Abs(G * C(y)) <= 2 * h * B, by=[size(p, h, x, y), bounded(y)], opaque=[G])
        t.exists(whole, by=each.fact, bound=2 * h * B, at=y, opaque=[G])
        parts = []
        for low, high, u in ((p, x, y - p), (x, q, q - y)):
            one = s.mean(on(low, high, y) * (u * C(y)))
            with t.let(y, given=[In(y, s.law)]) as each:
                ends = [t.derive("indicator_range", formula=f) for f in (low <= y, y <= high)]
                i, j = Ind(low <= y), Ind(y <= high)
                there = t.show(And(i * j >= 0, i * j <= 1), by=ends)
                near = t.show(Abs(u) <= 2 * s.R, by=[s.inside(y), *point.facts])
                more = t.show(Abs(u * C(y)) <= 2 * s.R * B, by=[near, bounded(y)], opaque=[u])
                hidden = [u * C(y), i * j]
                t.show(
                    Abs(on(low, high, y) * (u * C(y))) <= 2 * s.R * B,
                    by=[there, more],
                    opaque=hidden,
                )
            t.exists(
                one, by=each.fact, bound=2 * s.R * B, at=y, opaque=[on(low, high, y) * (u * C(y))]
            )
            parts.append(one)
        goal = whole.eq((q - x) / h * parts[0] + (x - p) / h * parts[1])
        t.average(goal, at=y, opaque=[C(y), on(p, x, y), on(x, q, y)])
    return point.fact


@theorem(source=SOURCE)
def green_function(t):
    """The chord of K misses it at x in [p, p + h] by 2R E G(x, y) K''(y)."""
    s, (x, p, h, u, sigma) = Uniform(t), t.real("x p h u sigma")
    R, y, z = s.R, s.y, t.real("w")
    t.given(sigma > 0)
    K, C = kernel(y, u, sigma), curve(y, u, sigma)
    bend = -(y - u) / sigma**2 * K
    with t.let(z) as small:
        t.show(Abs((z**2 - 1) * bell(z)) <= 1)
    with t.let(y, u) as size:
        found = small((y - u) / sigma)
        t.show(Abs(C) <= 1 / sigma**2, by=found, opaque=[found.left.args[0]])
    with t.let(x, p, h, u, given=[h > 0, p <= x, x <= p + h, -R <= p, p + h <= R]) as point:
        q = p + h
        with t.let(y) as bounded:
            size(y, u)
        values = {"C": function(y, C), "B": 1 / sigma**2}
        split = t.use("spline_gaps.split_at_the_point", values, by=bounded.fact)(p, h, x)
        order = t.show(And(p <= R, x <= R, -R <= x, -R <= q), by=point.facts)
        known = [*point.facts, order]
        left = s.part((y - p) * C, (y - p) * bend - K, p, x, known)
        right = s.part((q - y) * C, (q - y) * bend + K, x, q, known)
        one, two = left.left.args[1], right.left.args[1]
        a, b, c = (kernel(v, u, sigma) for v in (p, x, q))
        chord = a + (c - a) * (x - p) / h - b
        hidden = [split.left, one, two, a, b, c]
        t.show(chord.eq(2 * R * split.left), by=[split, left, right], opaque=hidden)
    return point.fact


@theorem(source=SOURCE)
def mean_of_greens_function(t):
    """2R E G(x, y) = (x - p)(p + h - x)/2 <= h²/8."""
    s, (x, p, h) = Uniform(t), t.real("x p h")
    R, y = s.R, s.y
    with t.let(p, h, x, given=[h > 0, p <= x, x <= p + h, -R <= p, p + h <= R]) as point:
        q = p + h
        with t.let(y) as bounded:
            t.show(Abs(expr(1)) <= 1)
        values = {"C": function(y, 1), "B": 1}
        split = t.use("spline_gaps.split_at_the_point", values, by=bounded.fact)(p, h, x)
        known = [*point.facts, t.show(And(p <= R, x <= R, -R <= x, -R <= q), by=point.facts)]
        left = s.part((y - p) * 1, (y - p) ** 2 / 2, p, x, known)
        right = s.part((q - y) * 1, -((q - y) ** 2) / 2, x, q, known)
        G = green(p, h, x, y)
        with t.let(y) as same:
            t.show((G * 1).eq(G), opaque=[G])
        mean = s.mean(G)
        total = t.average(mean.eq(split.left), by=same.fact, at=y, opaque=[G])
        value = (2 * R * mean).eq((x - p) * (q - x) / 2)
        value = t.show(value, by=[total, split, left, right])
        t.together(value, t.show(2 * R * mean <= h**2 / 8, by=[value, *point.facts]))
    return point.fact


@theorem(source=SOURCE)
def symmetry_of_greens_function(t):
    """G(x, y) = G(y, x) for x and y in the cell, and one of them outside counts as 0."""
    (x, y, p, h), (a, b, c) = t.real("x y p h"), t.real("a b c")
    with t.let(a, b, c) as order:
        goal = (on(a, c, b) * Ind(a <= c)).eq(on(a, c, b))
        with t.suppose(a <= b) as above:
            with t.suppose(b <= c) as below:
                inside = t.show(a <= c, by=[*above.facts, *below.facts])
                t.show(goal, by=t.derive("indicator_true", inside), opaque=[on(a, c, b)])
            with t.suppose(c < b) as beyond:
                none = t.derive("indicator_false", t.show(b > c, by=beyond.facts))
                t.show(goal, by=none)
            t.cases(b, c, below, beyond)
        with t.suppose(b < a) as before:
            none = t.derive("indicator_false", t.show(a > b, by=before.facts))
            t.show(goal, by=none)
        t.cases(a, b, above, before)
    with t.let(p, h, x, y, given=[h > 0]) as point:
        q, known, hidden = p + h, [], [(y - p) * (p + h - x) / h, (x - p) * (p + h - y) / h]
        for low, high in ((y, x), (x, y)):
            first, last = order(p, low, high), order(low, high, q)
            first = (Ind(high <= q) * first.left).eq(Ind(high <= q) * first.right)
            last = (Ind(p <= low) * last.left).eq(Ind(p <= low) * last.right)
            known += [t.show(first, by=order(p, low, high)), t.show(last, by=order(low, high, q))]
        pairs = (on(p, q, x), on(p, q, y))
        one = (pairs[0] * on(p, x, y)).eq(pairs[1] * on(y, q, x))
        two = (pairs[0] * on(x, q, y)).eq(pairs[1] * on(p, y, x))
        both = [t.show(one, by=known), t.show(two, by=known)]
        left, right = pairs[0] * green(p, h, x, y), pairs[1] * green(p, h, y, x)
        for u in hidden:
            t.exists(u)
        t.show(left.eq(right), by=both, opaque=hidden)
    return point.fact


@theorem(source=SOURCE)
def sizes(t):
    """0 <= K <= 1 and 0 <= K''²/K <= 2/σ⁴; and the means of both with G(x, y)."""
    s, (x, p, h, u, sigma, z) = Uniform(t, shares=False), t.real("x p h u sigma w")
    y, G = s.y, green(p, h, x, s.y)
    t.given(sigma > 0)
    K, W, most = kernel(y, u, sigma), square(y, u, sigma), 2 / sigma**4
    with t.let(z) as small:
        t.show(And(bell(z) > 0, bell(z) <= 1, (z**2 - 1) ** 2 * bell(z) <= 2))
    with t.let(y, u) as size:
        v = (y - u) / sigma
        found, form = small(v), (v**2 - 1) ** 2 * bell(v)
        sign = t.show(form >= 0, by=found, opaque=[v, bell(v)])
        goal = And(K > 0, K <= 1, W >= 0, W <= most)
        t.show(goal, by=[found, sign], opaque=[bell(v), form])
    green_size = t.use("spline_gaps.size_of_greens_function")
    with t.let(p, h, x, u, given=[h > 0, p <= x, x <= p + h]) as point:
        found = []
        for v, bound in ((K, 2 * h), (W, 2 * h * most)):
            with t.let(y) as inside:
                known = [size(y, u), green_size(p, h, x, y)]
                t.show(And(G * v >= 0, Abs(G * v) <= bound), by=known, opaque=[G, v])
            mean = s.mean(G * v)
            t.exists(mean, by=inside.fact, bound=bound, at=y, opaque=[G, v])
            ends = [
                t.average(g, by=inside.fact, at=y, opaque=[G, v])
                for g in (mean >= 0, mean <= bound)
            ]
            found += ends
        t.together(*found)
    return t.together(size.fact, point.fact)


@theorem(source=SOURCE)
def gap_of_a_kernel(t):
    """|chord - K| <= R (j E G(x, y) K(y) + E G(x, y) K''(y)²/K(y)/j) for every j > 0."""
    s, (x, p, h, u, sigma, j) = Uniform(t), t.real("x p h u sigma j")
    R, y = s.R, s.y
    t.given(sigma > 0)
    K, C, W = kernel(y, u, sigma), curve(y, u, sigma), square(y, u, sigma)
    a, b, c = t.real("a b c")
    size, there = t.use("spline_gaps.sizes")
    with t.let(a, b, c, j, given=[a >= 0, b >= 0, c**2 <= a * b, j > 0]) as young:
        t.show(Abs(c) <= (j * a + b / j) / 2, by=young.facts)
    with t.let(y, u, j, given=[j > 0]) as each:
        product = t.show((C**2).eq(K * W), opaque=[K, (y - u) / sigma])
        young(K, W, C, j, by=[size(y, u), product, *each.facts])
    green_function = t.use("spline_gaps.green_function")
    green_size = t.use("spline_gaps.size_of_greens_function")
    G = green(p, h, x, y)
    given = [h > 0, p <= x, x <= p + h, -R <= p, p + h <= R, j > 0]
    with t.let(p, h, x, u, j, given=given) as point:
        there(p, h, x, u)
        first, second, mean = s.mean(G * K), s.mean(G * W), s.mean(G * C)
        most = j / 2 * first + second / (2 * j)
        above = j / 2 * (G * K) + G * W / (2 * j)
        hidden = [G, K, C, W]
        with t.let(y) as inside:
            both = And(G * C <= above, G * C >= -above)
            t.show(both, by=[each(y, u, j), green_size(p, h, x, y)], opaque=hidden)
        above = t.average(mean <= most, by=inside.fact, at=y, opaque=hidden)
        below = t.average(mean >= -most, by=inside.fact, at=y, opaque=hidden)
        whole = green_function(x, p, h, u)
        goal = Abs(whole.left) <= R * (j * first + second / j)
        parts = [kernel(v, u, sigma) for v in (p, x, p + h)]
        t.show(goal, by=[whole, above, below], opaque=parts)
    return point.fact
