"""The gap that ReLU leaves in Jensen's inequality: E ReLU(s + Z) - ReLU(s) for EZ = 0.

Z takes the values z(1), ..., z(N) with the weights p(1), ..., p(N), and S² is at least its
variance. The gap is a hump about s = 0 of height S/2 and width S: the integral of its square is at
most S³/6, so that E gap² <= S³/(12R) where s is uniform on an interval of length 2R.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
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
    relu,
)
from boundcheck.theorems.language.expr import number
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


def gap(p, z, N, s, m):
    """E ReLU(s + Z) - ReLU(s)."""
    return Sum(p(m) * relu(s + z(m)), (m, 1, N)) - relu(s)


def centred(p, z, N, S, m):
    """Weights p of values z with the mean 0 and a variance of at most S²."""
    mean, variance = (Sum(p(m) * u, (m, 1, N)) for u in (z(m), z(m) ** 2))
    return [
        S > 0,
        Forall(m, p(m) >= 0, given=[m >= 1, m <= N]),
        Sum(p(m), (m, 1, N)).eq(1),
        mean.eq(0),
        variance <= S**2,
    ]


class Gap:
    """Weights of values with the mean 0, and sums with these weights."""

    def __init__(self, t, example=True):
        self.t = t
        self.p, self.z = t.function("p z", NAT)
        self.m, self.N = t.nat("m N")
        self.s, self.S = t.real("s S")
        *_, self.positive, self.total, self.mean, self.variance = t.given(
            *centred(self.p, self.z, self.N, self.S, self.m)
        )
        if example:
            t.example(N=1, S=1, p=function(self.m, 1), z=function(self.m, 0))

    def sum(self, u):
        return Sum(self.p(self.m) * u, (self.m, 1, self.N))

    def compare(self, left, right, known=()):
        """Σ p left <= Σ p right, from left <= right at each value."""
        t, m, N = self.t, self.m, self.N
        with t.let(m, given=[m >= 1, m <= N]) as each:
            order = t.show(left <= right, by=known)
            t.show(
                self.p(m) * left <= self.p(m) * right,
                by=[order, self.positive(m)],
                opaque=[left, right],
            )
        return t.add_up(self.sum(left) <= self.sum(right), by=each.fact)


@theorem(source="Jensen; this proof is derived here")
def height_of_a_gap(t):
    """0 <= gap <= S/2."""
    g = Gap(t)
    s, z, S = g.s, g.z(g.m), g.S
    value, plain = gap(g.p, g.z, g.N, s, g.m), g.sum(relu(s + z))
    total, mean, variance = g.total.left, g.mean.left, g.variance.left
    known = [g.total, g.mean, g.variance]
    with t.suppose(number(0) <= s) as right:
        below = g.compare(s + z, relu(s + z))
        parts = t.add_up(below.left.eq(s * total + mean))
        t.show(value >= 0, by=[below, parts, *known, *right.facts])
    with t.suppose(s < 0) as left:
        with t.let(g.m, given=[g.m >= 1, g.m <= g.N]) as each:
            t.show(g.p(g.m) * relu(s + z) >= 0 * g.p(g.m), by=g.positive(g.m))
        below = t.add_up(plain >= 0 * total, by=each.fact)
        t.show(value >= 0, by=[below, *left.facts])
    positive = t.cases(0, s, right, left)
    most = relu(s) + z / 2 + (z**2 / S + S) / 4
    above = g.compare(relu(s + z), most)
    parts = t.add_up(above.right.eq((relu(s) + S / 4) * total + mean / 2 + variance / (4 * S)))
    scaled = t.show(variance / (4 * S) <= S / 4, by=g.variance)
    low = t.show(value <= S / 2, by=[above, parts, *known, scaled], opaque=[relu(s), scaled.left])
    return t.together(positive, low)


def hump(z, s):
    """The square of what the value z adds to the gap at s: (s + z)² where s is between 0 and -z."""
    return Ind(Min(0, -z) <= s) * Ind(s <= Max(0, -z)) * (s + z) ** 2


@theorem(source=SOURCE)
def one_value(t):
    """What a value adds to the gap at s, by the inequality of the means; s on either side of 0."""
    z, s, e, a = t.real("z s e a")
    t.given(e > 0)
    t.example(e=1)
    low, high, bump = Min(0, -z) <= s, s <= Max(0, -z), hump(z, s)
    ranges = [t.derive("indicator_range", formula=f) for f in (low, high)]
    positive = t.show(bump >= 0, by=ranges)
    found = []
    for side, near, far, part, added in (
        (number(0) <= s, s <= -z, -z < s, relu(-z), relu(s + z) - s - z),
        (s < 0, -z <= s, s < -z, relu(z), relu(s + z)),
    ):
        goal = 2 * a * added <= a**2 * (part + e) + bump / (Abs(z) + e)
        with t.suppose(side) as block:
            with t.suppose(near) as inside:
                both = [t.derive("indicator_true", t.show(f)) for f in (low, high)]
                square = t.show(bump.eq((s + z) ** 2), by=both)
                t.show(goal, by=[square, *inside.facts, *block.facts], opaque=[bump])
            with t.suppose(far) as outside:
                t.show(goal, by=[positive, *outside.facts, *block.facts], opaque=[bump])
            t.cases(*near.args, inside, outside)
        found.append(block.fact)
    return t.together(*found)


@theorem(source=SOURCE)
def square_of_a_gap(t):
    """gap² is at most (S/2 + e) times a weighted sum of humps, by the inequality of Cauchy and
    Schwarz: on either side of s = 0 the values beyond it alone count, whose mean is at most S/2."""
    g, (e, a) = Gap(t), t.real("e a")
    t.given(e > 0)
    s, z, S, m = g.s, g.z(g.m), g.S, g.m
    plain, value = g.sum(relu(s + z)), gap(g.p, g.z, g.N, s, m)
    humps = g.sum(hump(z, s) / (Abs(z) + e))
    total, mean, variance = g.total.left, g.mean.left, g.variance.left
    scaled = t.show(variance / (4 * S) <= S / 4, by=g.variance)
    parts = []
    for v, first in ((z, mean), (-z, -mean)):
        above = g.compare(relu(v), v / 2 + (z**2 / S + S) / 4)
        split = above.right.eq(first / 2 + variance / (4 * S) + S / 4 * total)
        facts = [above, t.add_up(split), g.total, g.mean, scaled]
        parts.append(t.show(above.left <= S / 2, by=facts, opaque=[scaled.left]))
    after, before = parts
    right, left = t.use("jensen_gaps.one_value", {"z": z})
    bump = hump(z, s) / (Abs(z) + e)

    def on_one_side(side, pointwise, added, part, most, rest):
        """2 a gap <= a² (S/2 + e) + Σ p hump/(|z| + e)."""
        with t.suppose(side) as block:
            step = g.compare(2 * a * added, a**2 * (part + e) + bump, known=[pointwise()])
            first = t.add_up(step.left.eq(2 * a * (plain - rest)))
            second = t.add_up(step.right.eq(a**2 * most.left + a**2 * e * total + humps))
            low = t.show(a**2 * most.left <= a**2 * (S / 2), by=most)
            facts = [step, first, second, low, g.total, g.mean, *block.facts]
            t.show(2 * a * value <= a**2 * (S / 2 + e) + humps, by=facts, opaque=[low.left])
        return block

    with t.let(a) as slope:
        t.cases(
            number(0),
            s,
            on_one_side(
                number(0) <= s, right, relu(s + z) - s - z, relu(-z), before, s * total + mean
            ),
            on_one_side(s < 0, left, relu(s + z), relu(z), after, 0 * total),
        )
    chosen = slope.fact(value / (S / 2 + e))
    return t.show(value**2 <= (S / 2 + e) * humps, by=chosen, opaque=[value, humps])


class Uniform:
    """x uniform on [-R, R], and s = vx + y with v = 1 or v = -1."""

    def __init__(self, t):
        self.R, self.x, self.y, self.v, low, high = t.real("R x y v l h")
        self.law = t.law("u", REAL)
        share = Prob(And(low <= self.x, self.x <= high), (self.x, self.law))
        limits = [low >= -self.R, low <= high, high <= self.R]
        length = share.eq((high - low) / (2 * self.R))
        t.given(self.R > 0, (self.v**2).eq(1))
        self.inside, self.shares = t.given(
            LivesOn(self.law, self.x, Abs(self.x) <= self.R),
            Forall([low, high], length, given=limits),
        )
        self.s = self.v * self.x + self.y

    def mean(self, u):
        return Mean(u, (self.x, self.law))


@theorem(source=SOURCE)
def hump_on_average(t):
    """The mean of a hump is at most |z|³/(6R)."""
    u, z = Uniform(t), t.real("z")
    x, y, s, R = u.x, u.y, u.s, u.R
    a, b = Min(0, -z), Max(0, -z)
    total = u.mean(hump(z, s))
    goal = total <= Abs(z) ** 3 / (6 * R)
    order = t.show(a <= b)

    def with_sign(sign, low, high, centre, pairs):
        same = t.show(u.v.eq(sign))
        values = {"a": low, "b": high, "c": centre}
        t.show(low <= high, by=order)
        square = t.use("uniform_laws.square_over_an_interval", values)
        with t.let(x, given=[In(x, u.law)]) as point:
            equal = [t.indicators(one.eq(other), by=same) for one, other in pairs]
            t.together(*equal, t.show(((s + z) ** 2).eq((x - centre) ** 2), by=same))
        t.exists(total, by=point.fact, bound=square.left)
        mean = t.average(total.eq(square.left), by=point.fact)
        t.show(goal, by=[mean, square], opaque=[square.left])

    with t.suppose(number(0) <= u.v) as plus:
        pairs = [(Ind(a <= s), Ind(a - y <= x)), (Ind(s <= b), Ind(x <= b - y))]
        with_sign(1, a - y, b - y, -y - z, pairs)
    with t.suppose(u.v < 0) as minus:
        pairs = [(Ind(a <= s), Ind(x <= y - a)), (Ind(s <= b), Ind(y - b <= x))]
        with_sign(-1, y - b, y - a, y + z, pairs)
    return t.cases(0, u.v, plus, minus)


@theorem(source=SOURCE)
def mean_square_of_a_gap(t):
    """E gap² <= S³/(12R) where s is uniform on an interval of length 2R."""
    g, u, e = Gap(t, example=False), Uniform(t), t.real("e")
    x, R, m, S, N = u.x, u.R, g.m, g.S, g.N
    z, variance = g.z(m), g.variance.left
    value = gap(g.p, g.z, N, u.s, m)
    square = u.mean(value**2)
    with t.let(x) as heights:
        t.use("jensen_gaps.height_of_a_gap", {"s": u.s})
    t.exists(square, by=heights.fact, bound=S**2)
    with t.let(e, given=[e > 0]) as bound:
        term = g.p(m) * (hump(z, u.s) / (Abs(z) + e))
        humps = Sum(term, (m, 1, N))
        with t.let(m, given=[m >= 1, m <= N]) as each:
            one = t.use("jensen_gaps.hump_on_average", {"z": z})
            weight, factor = g.positive(m), g.p(m) / (Abs(z) + e)
            scaled = u.mean(term)
            bump = hump(z, u.s)
            with t.let(x) as shape:
                events = [Min(0, -z) <= u.s, u.s <= Max(0, -z)]
                ranges = [t.derive("indicator_range", formula=f) for f in events]
                positive = t.show(bump >= 0, by=ranges)
                same = t.show(term.eq(factor * bump), opaque=[bump])
                t.together(
                    same,
                    t.show(Abs(term) <= factor * bump, by=[same, positive, weight], opaque=[bump]),
                )
            t.exists(scaled, by=shape.fact, bound=factor * one.left, at=x, opaque=[bump])
            equal = t.average(scaled.eq(factor * one.left), by=shape.fact, at=x, opaque=[bump])
            size = t.show(Abs(z) ** 3 / (6 * R) / (Abs(z) + e) <= z**2 / (6 * R))
            t.show(
                scaled <= g.p(m) * z**2 / (6 * R), by=[equal, one, size, weight], opaque=[one.left]
            )
        with t.let(m, given=[m >= 1, m <= N]) as there:
            t.exists(u.mean(term), by=each.fact)
        sums = t.mean_of_sum(u.mean(humps), by=there.fact)
        total = t.add_up(sums.right <= variance / (6 * R), by=each.fact)
        with t.let(x) as pointwise:
            t.use("jensen_gaps.square_of_a_gap", {"s": u.s})
        most = t.average(square <= (S / 2 + e) * u.mean(humps), by=pointwise.fact)
        t.show(square <= (S / 2 + e) * (S**2 / (6 * R)), by=[most, sums, total, g.variance])
    limit = S**3 / (12 * R)
    with t.suppose(square <= limit) as small:
        t.show(square <= limit, by=small.facts)
    with t.suppose(limit < square) as large:
        over = (square - limit) * 3 * R / S**2
        t.show(over > 0, by=large.facts)
        none = t.show(FALSE, by=[bound.fact(over), *large.facts])
        t.derive("absurd", none, formula=square <= limit)
    return t.cases(square, limit, small, large)
