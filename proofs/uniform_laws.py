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
    function,
)
from boundcheck.theorems.language.sorts import REAL

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
        self.law, (self.R, self.x) = t.law("u", REAL), t.real("R x")
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
