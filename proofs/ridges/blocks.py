"""Blocks: cos(ω·(x - u)) by its linear interpolant at knots of the distance h with a random start.

The interpolant at z, a share p of the step h after a knot, is wave(p) = (1 - p) cos(b - hp) +
p cos(b + h - hp) with b = z - a, if cos(z - a) is interpolated. The constants are those of
`boundcheck.theory.formulas.approximation.random_neurons`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, cos, sin
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    Ind,
    Integral,
    LivesOn,
    Mean,
    Prob,
    Sum,
    ThereIs,
    function,
    relu,
)
from boundcheck.theorems.language.expr import constant, expr, number
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas.approximation import random_neurons

SOURCE = "derived here"
pi = constant("pi")


def interpolant(b, h, p):
    """At z = b, a share p of a step behind a knot."""
    return (1 - p) * cos(b - h * p) + p * cos(b + h - h * p)


@theorem(source=SOURCE)
def mean_of_an_interpolant(t):
    """The mean of the interpolant over p in [0, 1] is s_h cos(b)."""
    b, h, p = t.real("b h p")
    t.given(h > 0)
    t.example(b=0, h=1)
    first, second = b - h * p, b + h - h * p
    whole = -(1 - p) * sin(first) / h - cos(first) / h**2
    whole = whole - p * sin(second) / h + cos(second) / h**2
    found = t.primitive(Integral(interpolant(b, h, p), (p, 0, 1)), function(p, whole))
    goal = found.left.eq(t.read(random_neurons.SHRINK) * cos(b))
    found = t.replace(found, (b + h - h, b), (b - h * 0, b), (b + h - h * 0, b + h))
    right, _ = t.use("trigonometry.addition", {"a": b, "b": h})
    left, _ = t.use("trigonometry.differences", {"a": b, "b": h})
    parts = [right.left, left.left, cos(b), sin(b), cos(h), sin(h), sin(b - h), sin(b + h)]
    return t.show(goal, by=[found, left, right], opaque=parts)


@theorem(source=SOURCE)
def wave_is_positive(t):
    """wave >= 0 and q_h > 0 for 0 < h <= π."""
    h = t.real("h")
    step, most = t.given(h > 0, h <= pi)
    t.example(h=1)
    numerator = t.show(2 * h - sin(2 * h) + 2 * sin(h) - 2 * h * cos(h) >= 0, by=[step, most])
    flat, wave = t.quoted(random_neurons.FLAT), t.read(random_neurons.WAVE)
    parts = [cos(h), sin(h), sin(2 * h)]
    positive = t.show(wave >= 0, by=[numerator, step], opaque=parts)
    some = t.show(flat > 0)
    total = t.show(
        t.quoted(random_neurons.MEAN_SQUARE) > 0, by=[positive, some], opaque=[flat, wave]
    )
    return t.together(positive, total)


@theorem(source=SOURCE)
def mean_square_of_an_interpolant(t):
    """The mean of the square of the interpolant over p in [0, 1] is flat + wave cos(2b), with
    wave >= 0 for h <= π: at most q_h."""
    b, h, p = t.real("b h p")
    _step, _most = t.given(h > 0, h <= pi)
    t.example(b=0, h=1)
    first, second = b - h * p, b + h - h * p
    double, between = 2 * b - 2 * h * p, 2 * b + h - 2 * h * p
    after = 2 * b + 2 * h - 2 * h * p
    flat = (1 - p) ** 2 + p**2 + 2 * p * (1 - p) * cos(h)
    waves = [((1 - p) ** 2, double, -2 * (1 - p), 2)]
    waves += [(2 * p * (1 - p), between, 2 - 4 * p, -4), (p**2, after, 2 * p, 2)]
    whole = (-((1 - p) ** 3) + p**3 + (3 * p**2 - 2 * p**3) * cos(h)) / 6
    other = flat / 2
    for weight, at, slope, bend in waves:
        part = -weight * sin(at) / (2 * h) + slope * cos(at) / (2 * h) ** 2
        whole = whole + (part + bend * sin(at) / (2 * h) ** 3) / 2
        other = other + weight * cos(at) / 2
    with t.let(p, given=[number(0) <= p, p <= number(1)]) as square:
        sums = []
        for x, y, total in (
            (first, first, double),
            (second, second, after),
            (first, second, between),
        ):
            cosine, _ = t.use("trigonometry.addition", {"a": x, "b": y})
            minus, _ = t.use("trigonometry.differences", {"a": y, "b": x})
            sums += [
                t.replace(cosine, (x + y, total)),
                t.replace(minus, (y - x, h if x != y else 0)),
            ]
        zero = t.show(cos(number(0)).eq(1))
        parts = [cos(first), sin(first), cos(second), sin(second), cos(double), cos(after)]
        parts += [cos(between), cos(h), cos(number(0))]
        goal = (interpolant(b, h, p) ** 2).eq(other)
        t.show(goal, by=[*sums, zero], opaque=parts)
    same, mean = Integral(other, (p, 0, 1)), Integral(interpolant(b, h, p) ** 2, (p, 0, 1))
    found = t.primitive(same, function(p, whole))
    t.integral_exists(mean, 4)
    equal = t.integrate(mean.eq(same), by=square.fact)
    ends = [
        (2 * b + h - 2 * h, 2 * b - h),
        (2 * b + 2 * h - 2 * h, 2 * b),
        (2 * b - 2 * h * 0, 2 * b),
    ]
    ends += [(2 * b + h - 2 * h * 0, 2 * b + h), (2 * b + 2 * h - 2 * h * 0, 2 * b + 2 * h)]
    found = t.replace(found, *ends)
    known, parts = [], [same, cos(2 * b), sin(2 * b), cos(h), sin(h), cos(2 * h), sin(2 * h)]
    for shift in (h, 2 * h):
        for name in ("addition", "differences"):
            known += t.use(f"trigonometry.{name}", {"a": 2 * b, "b": shift})
    parts += [fact.left for fact in known]
    flat, wave = t.read(random_neurons.FLAT), t.read(random_neurons.WAVE)
    exact = t.show(same.eq(flat + wave * cos(2 * b)), by=[found, *known], opaque=parts)
    positive, _ = t.use("blocks.wave_is_positive")
    one = t.show(cos(2 * b) <= 1)
    known = [equal, exact, positive, one]
    parts = [flat, wave, cos(2 * b)]
    return t.show(mean <= t.read(random_neurons.MEAN_SQUARE), by=known, opaque=parts)


# -- the interpolant by neurons --------------------------------------------------------------------


def knot(h, j, r):
    """The knot j, where the first one is at -rh."""
    return h * (j - r)


def height(h, j, r, a):
    """What is interpolated, at the knot j."""
    return cos(knot(h, j, r) - a)


def broken_line(t, h, n, r, a, z):
    """The interpolant at z, by n neurons: each knot after the first one is a kink."""
    first, j = height(h, 0, r, a), t.engine.fresh("j", NAT, n)
    slope = (height(h, 1, r, a) - first) / h
    kinks = Sum(height(h, j, r, a) * relu(z - knot(h, j, r)), (j, 1, n))
    return first + slope * (z - knot(h, 0, r)) - 2 * (1 - cos(h)) / h * kinks


@theorem(source=SOURCE)
def kinks(t):
    """Between the knots k and k + 1 the sum of n >= k neurons is the interpolant there."""
    (h, r, a, z), (k, m, n) = t.real("h r a z"), t.nat("k m n")
    step = t.given(h > 0)
    t.example(h=1, r=0, a=0, z=0, k=0, n=0)

    def heights(k):
        return [height(h, j, r, a) for j in (expr(k), expr(k) + 1, expr(k) + 2)]

    def line(k, z):
        first, second, _ = heights(k)
        return first + (second - first) / h * (z - knot(h, k, r))

    def total(n, z):
        return broken_line(t, h, n, r, a, z)

    def kinks(n, z):
        return total(n, z).args[1].args[1]

    def claim(k):
        return Forall(z, total(k, z).eq(line(k, z)), [z >= knot(h, k, r)])

    with t.let(k) as bend:
        x = knot(h, k + 1, r) - a
        up, _ = t.use("trigonometry.addition", {"a": x, "b": h})
        down, _ = t.use("trigonometry.differences", {"a": x, "b": h})
        first, second, third = heights(k)
        up = t.replace(up, (x + h, third.args[0]))
        down = t.replace(down, (x - h, first.args[0]))
        parts = [first, second, third, cos(h), sin(h), sin(x)]
        t.show((first + third).eq(2 * cos(h) * second), by=[up, down], opaque=parts)
    with t.let(z, given=[z >= knot(h, 0, r)]) as start:
        none = t.empty(kinks(number(0), z))
        t.show(total(number(0), z).eq(line(expr(0), z)), by=none, opaque=heights(0)[:2])
    with (
        t.induct(claim(k), k, base=start.fact) as below,
        t.let(z, given=[z >= knot(h, k + 1, r)]) as at,
    ):
        more = t.unroll(kinks(k + 1, z))
        before = t.show(z >= knot(h, k, r), by=[*at.facts, step])
        active = t.show(relu(z - knot(h, k + 1, r)).eq(z - knot(h, k + 1, r)), by=at.facts)
        parts = [*heights(k), cos(h), active.left, *heights(0)]
        known = [more, active, bend.fact(k), below.hypothesis(z, by=before), step]
        t.show(total(k + 1, z).eq(line(k + 1, z)), by=known, opaque=parts)
    between = t.given(k <= n, knot(h, k, r) <= z, z <= knot(h, k + 1, r))
    low = t.show(z >= knot(h, k, r), by=between)
    here = below.fact(k)(z, by=low)
    with t.induct(total(m, z).eq(total(k, z)), m, start=k) as beyond:
        more = t.unroll(kinks(m + 1, z))
        outside = t.show(z <= knot(h, m + 1, r), by=[between[2], beyond.facts[0], step])
        idle = t.show(relu(z - knot(h, m + 1, r)).eq(0), by=outside)
        parts = [idle.left, height(h, m + 1, r, a), cos(h), *heights(0), *heights(1)]
        t.show(beyond.goal, by=[more, idle, beyond.hypothesis], opaque=parts)
    same, (first, second, _) = beyond.fact(n, by=between[0]), heights(k)
    share = (z - knot(h, k, r)) / h
    whole = total(n, z).eq((1 - share) * first + share * second)
    return t.show(whole, by=[same, here, step], opaque=[total(n, z), first, second])


# -- the first knot at random ----------------------------------------------------------------------


@theorem(source=SOURCE)
def knots_turned_round(t):
    """For z in [0, nh] there is c in [0, 1] such that for every first knot -rh, r in [0, 1], the n
    neurons give the interpolant at the share r + c of a step, or r + c - 1 if that is above 1."""
    (h, a, z, r, c), (k, n) = t.real("h a z r c"), t.nat("k n")
    step, low, high = t.given(h > 0, z >= 0, z <= h * n)
    t.example(h=1, a=0, z=0, n=0)
    line = broken_line(t, h, n, r, a, z)

    def share(r, c):
        return r + c - Ind(r + c > 1)

    def near(r, c):
        p = share(r, c)
        return line.eq(interpolant(z - a, h, p))

    inside = [number(0) <= r, r <= number(1)]
    t.show(And(z / h >= 0, z / h <= n + 1), by=[step, low, high])
    found = t.between(function(k, k), 0, n + 1, z / h, by=[step, low, high])
    with t.obtain(found, "j") as at:
        j, y = at.value, z / h - at.value
        _, last, left, right = at.facts
        fits = t.show(And(y >= 0, y <= 1), by=[left, right])
        last = t.show(j <= n, by=last)
        with t.let(r, given=inside) as each:
            more = r + y > 1

            def between(k, value):
                """The goal, by the knots k and k + 1; value is what is known of the indicator."""
                p = share(r, y)
                sides = And(knot(h, k, r) <= z, z <= knot(h, k + 1, r))
                known = [step, *each.facts, value, fits, *branch.facts]
                t.show(sides, by=known, opaque=[Ind(more)])
                ends = [((z - knot(h, k, r)) / h, p), (knot(h, k, r) - a, z - a - h * p)]
                ends.append((knot(h, k + 1, r) - a, z - a + h - h * p))
                return t.replace(t.use("blocks.kinks", {"k": k}), *ends, by=[step, value])

            with t.suppose(r + y <= 1) as branch:
                before = between(j, t.derive("indicator_false", *branch.facts))
            before = branch
            with t.suppose(number(1) < r + y) as branch:
                above = t.show(more, by=branch.facts)
                below = t.show(j < n, by=[above, each.facts[1], high, step])
                t.derive("next_number", below)
                between(j + 1, t.derive("indicator_true", above))
            t.cases(r + y, 1, before, branch)
        goal = ThereIs(c, c >= 0, c <= 1, Forall(r, near(r, c), inside))
        t.witness(goal, y)
    return at.fact


class RandomKnot:
    """The uniform law on [0, 1] of r, where the first knot is at -rh."""

    def __init__(self, t):
        self.t, self.U, self.r = t, t.law("U", REAL), t.real("r")
        a, b = t.real("x y")
        mass = Prob(And(a <= self.r, self.r <= b), (self.r, self.U))
        self.uniform, self.inside = t.given(
            Forall([a, b], mass.eq(b - a), [a >= 0, a <= b, b <= 1]),
            LivesOn(self.U, self.r, And(number(0) <= self.r, self.r <= 1)),
        )

    def mean(self, u):
        return Mean(u, (self.r, self.U))


@theorem(source=SOURCE)
def turned_round(t):
    """The mean of u(r + c - [r + c > 1]) over a uniform r in [0, 1] is the integral of u."""
    s, u, c = RandomKnot(t), t.function("u", REAL), t.real("c")
    whole = Integral(u(s.r), (s.r, 0, 1))
    t.given(c >= 0, c <= 1, Exists(whole))
    return t.derive("axiom", name="uniform_law_turned_round")(by=[s.uniform])


@theorem(source=SOURCE)
def random_knot(t):
    """For z in [0, nh], the mean over the first knot of what n neurons give is s_h cos(z - a), and
    its mean square is at most q_h; it lies in [-1, 1]."""
    s, (h, a, z), (n, _k) = RandomKnot(t), t.real("h a z"), t.nat("n k")
    _step, _most, _low, _high = t.given(h > 0, h <= pi, z >= 0, z <= h * n)
    line, p = broken_line(t, h, n, s.r, a, z), t.real("p")
    wave = interpolant(z - a, h, p)
    with t.let(p, given=[p >= 0, p <= 1]) as size:
        t.show(Abs(wave) <= 1, by=size.facts)
    found = t.use("blocks.knots_turned_round")
    with t.obtain(found, "c") as at:
        c, (least, greatest, same) = at.value, at.facts
        share = s.r + c - Ind(s.r + c > 1)
        turned = interpolant(z - a, h, share)
        with t.let(s.r, given=[In(s.r, s.U)]) as each:
            known = [*s.inside(s.r), least, greatest]
            ends = [t.indicators(share >= 0, by=known), t.indicators(share <= 1, by=known)]
            equal, small = same(s.r), size(share, by=ends)
            sides = [line, turned]
            one = t.show(Abs(line) <= 1, by=[equal, small], opaque=sides)
            two = t.show((line**2).eq(turned**2), by=equal, opaque=sides)
            three = t.show(Abs(line**2) <= 1, by=one, opaque=sides)
            t.together(equal, one, two, three)
        integrals = [Integral(u, (p, 0, 1)) for u in (wave, wave**2)]
        t.integral_exists(integrals[0], 1, by=size)
        with t.let(p, given=[number(0) <= p, p <= number(1)]) as square:
            t.show(Abs(wave**2) <= 1, by=size(p, by=square.facts), opaque=[wave])
        t.integral_exists(integrals[1], 1, by=square)
        means = [s.mean(u) for u in (line, line**2)]
        for mean in means:
            t.exists(mean, by=each, bound=1)
        found = []
        for mean, u, v in zip(means, (wave, wave**2), (turned, turned**2), strict=True):
            value = t.use("blocks.turned_round", {"u": function(p, u), "c": c})
            t.exists(s.mean(v))
            equal = t.average(mean.eq(s.mean(v)), by=each)
            found.append(t.chain(equal, value))
        mean = t.use("blocks.mean_of_an_interpolant", {"b": z - a})
        square = t.use("blocks.mean_square_of_an_interpolant", {"b": z - a})
        square = t.show(means[1] <= square.right, by=[found[1], square], opaque=[square.right])
        with t.let(s.r, given=[In(s.r, s.U)]) as bounded:
            _, small, *_ = each(s.r)
            t.show(small.formula, by=small)
        t.together(t.chain(found[0], mean), square, bounded.fact)
    return at.fact


@theorem(source=SOURCE)
def spread_of_blocks(t):
    """Q_h <= 1.191 and s_h > 0 at h = 2.633."""
    h = t.real("h")
    (step,) = [t.given(h.eq(t.quoted(random_neurons.BEST_STEP)))]
    t.example(h=t.quoted(random_neurons.BEST_STEP))
    bound = t.read(random_neurons.SPREAD_AT_BEST)
    return t.show(t.read(random_neurons.SPREAD) <= bound, by=step)
