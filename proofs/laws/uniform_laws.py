"""The uniform law on [-R, R]: its moments, and means of squared ramps."""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    Integral,
    LivesOn,
    Mean,
    Prob,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "folklore; derived here"


def uniform(law, R, a, b, x):
    """The law is the uniform one on [-R, R]: it lives there, and gives intervals probabilities
    that are proportional to their lengths."""
    event = Prob(And(a <= x, x <= b), (x, law))
    share = event.eq((b - a) / (2 * R))
    return [
        LivesOn(law, x, Abs(x) <= R),
        Forall([a, b], share, given=[a >= -R, a <= b, b <= R]),
    ]


def between(a, b, x):
    """1 where a <= x <= b, else 0."""
    return Ind(a <= x) * Ind(x <= b)


class Line:
    """A uniform law on [-R, R], and means over a part of it."""

    def __init__(self, t):
        self.t = t
        self.law, (self.R, self.x) = t.law("u", REAL), t.real("R y")
        self.ends = t.real("l h")
        t.given(self.R > 0)
        self.inside, self.shares = t.given(*uniform(self.law, self.R, *self.ends, self.x))

    def mean(self, u):
        return Mean(u, (self.x, self.law))

    def part(self, u, primitive):
        """E u over l <= x <= h, for all l and h in [-R, R], by an antiderivative of u."""
        t, (a, b), x, R = self.t, self.ends, self.x, self.R
        with t.let(a, b, given=[a >= -R, a <= b, b <= R]) as part:
            axiom = t.derive("axiom", name="means_of_a_uniform_law")
            means = t.use(axiom.theorem, {"pi": self.law, "g": function(x, u)})
            value = t.primitive(Integral(u, (x, a, b)), function(x, primitive))
            result = self.mean(between(a, b, x) * u).eq(value.formula.args[1] / (2 * R))
            t.show(result, by=[means(a, b), value])
        return part.fact


@theorem(source=SOURCE)
def square_over_an_interval(t):
    """E (x - c)² over a <= x <= b is at most ((b - c)³ - (a - c)³)/(6R), where x is uniform on
    [-R, R]; a and b may lie outside."""
    s, (a, b, c) = Line(t), t.real("a b c")
    R, x = s.R, s.x
    t.given(a <= b)
    low, high = Max(a, -R), Min(b, R)
    u, cubes = (x - c) ** 2, (b - c) ** 3 - (a - c) ** 3
    mean = s.mean(between(a, b, x) * u)
    with t.let(x, given=[In(x, s.law)]) as same:
        there = s.inside(x)
        above = t.indicators(Ind(low <= x).eq(Ind(a <= x)), by=there)
        below = t.indicators(Ind(x <= high).eq(Ind(x <= b)), by=there)
        t.together(above, below)
    goal = mean <= cubes / (6 * R)
    with t.suppose(low <= high) as some:
        cut = s.part(u, (x - c) ** 3 / 3)(low, high)
        t.exists(mean, by=same.fact, bound=(Abs(c) + R) ** 2)
        equal = t.average(mean.eq(cut.left), by=same.fact)
        order = t.show((high - c) ** 3 - (low - c) ** 3 <= cubes)
        t.show(goal, by=[equal, cut, order], opaque=order.left.args)
    with t.suppose(high < low) as none:
        with t.let(x, given=[In(x, s.law)]) as empty:
            t.indicators((Ind(a <= x) * Ind(x <= b)).eq(0), by=[s.inside(x), *none.facts])
        t.exists(mean, by=empty.fact, bound=0)
        zero = t.average(mean <= 0, by=empty.fact)
        t.show(goal, by=zero)
    return t.cases(low, high, some, none)


@theorem(source=SOURCE)
def moments(t):
    """E x² = R²/3, and the variance of x² is 4R⁴/45."""
    s = Line(t)
    R, x = s.R, s.x
    with t.let(x, given=[In(x, s.law)]) as point:
        there = s.inside(x)
        ends = t.show(And(-R <= x, x <= R), by=there)
        t.together(*(t.derive("indicator_true", e) for e in ends))
    deviation = (x**2 - R**2 / 3) ** 2
    primitives = [x**3 / 3, x**5 / 5 - 2 * R**2 / 9 * x**3 + R**4 / 9 * x]
    found = []
    for u, primitive in zip((x**2, deviation), primitives, strict=True):
        known = s.part(u, primitive)(-R, R)
        t.exists(s.mean(u), by=s.inside, bound=(1 + R**2) ** 2)
        equal = t.average(s.mean(u).eq(known.left), by=point.fact)
        found += [equal, known]
    return t.show(And(s.mean(x**2).eq(R**2 / 3), s.mean(deviation).eq(4 * R**4 / 45)), by=found)


@theorem(source=SOURCE)
def fourth_moment(t):
    """E (A + B Σ c(i) x(i)²)² for x uniform on [-R, R]^d and c(i) = 0 or c(i) = 1, Σ c(i) = K."""
    s = Line(t)
    c, (A, B, K), (i, d) = t.function("c", NAT), t.real("A B K"), t.nat("i d")
    R, y, x, law = s.R, s.x, t.sequence("x", REAL), samples(s.law)
    whole, count = t.given(Forall(i, (c(i) ** 2).eq(c(i))), Sum(c(i), (i, 1, d)).eq(K))
    square, variance = t.use("uniform_laws.moments")
    deviation = y**2 - R**2 / 3
    zero = t.average(s.mean(deviation).eq(square.left - R**2 / 3))

    def mean(u):
        return Mean(u, (x, law))

    with t.let(i) as each:
        centred, spread = s.mean(c(i) * deviation), s.mean((c(i) * deviation) ** 2)
        first = t.average(centred.eq(c(i) * zero.left))
        one = t.show(centred.eq(0), by=[first, zero, square])
        t.exists(spread, bound=c(i) ** 2 * variance.left)
        second = t.average(spread.eq(c(i) ** 2 * variance.left))
        two = t.show(spread.eq(c(i) * variance.left), by=[second, whole(i)])
        term = c(i) * (x(i) ** 2 - R**2 / 3)
        t.exists(s.mean(abs(c(i) * deviation)))
        t.coordinate_exists(mean(term), i)
        fubini = t.coordinate(mean(term), i)
        nothing = t.average(fubini.right.eq(0), law=law, by=one)
        t.together(one, two, t.show(mean(term).eq(0), by=[fubini, nothing]))
    values = {"L": function(i, s.law), "v": function([i, y], c(i) * deviation), "n": d}
    added = t.use("independence.variances_add", values, {"X": REAL}, by=each.fact)
    total = Sum(term, (i, 1, d))
    sums = t.mean_of_sum(mean(total), by=each.fact)
    none = t.add_up(sums.right.eq(0 * count.left), by=each.fact)
    rows = t.add_up(added.right.eq(variance.left * count.left), by=each.fact)
    level = A + B * K * R**2 / 3
    squares = Sum(c(i) * x(i) ** 2, (i, 1, d))
    full = A + B * squares
    with t.let(x) as point:
        split = t.add_up(total.eq(squares - R**2 / 3 * count.left))
        t.show(full.eq(level + B * total), by=[split, count])
    goal, hidden = mean(full**2), [full, level, total]
    parts = level**2 + 2 * level * B * mean(total) + B**2 * mean(total**2)
    bound = 2 * level**2 + 2 * B**2 * mean(total**2)
    t.exists(goal, by=point.fact, bound=bound, at=x, opaque=hidden)
    equal = t.average(goal.eq(parts), by=point.fact, at=x, opaque=hidden)
    means = [t.show(mean(total).eq(0), by=[sums, none])]
    means.append(t.show(mean(total**2).eq(K * (4 * R**4 / 45)), by=[added, rows, variance, count]))
    value = level**2 + B**2 * (K * (4 * R**4 / 45))
    return t.show(goal.eq(value), by=[equal, *means], opaque=[level])
