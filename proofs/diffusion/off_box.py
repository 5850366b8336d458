"""How far x_t goes, by the normal distribution's own tail.

x_t = √ᾱ u + σ z, u in R^d with |u_i| <= B, and z_1, z_2, ... independent with the standard normal
law, which its distribution function determines. The bound is that of
`boundcheck.theory.formulas.approximation.positivity`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, erfc, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    Largest,
    LivesOn,
    Mean,
    Prob,
    Sum,
    samples,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL, seq
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.formulas.approximation import positivity

SOURCE = "derived here"


def normal_tail(a):
    """P(z > a) for the standard normal law."""
    return erfc(a / sqrt(expr(2))) / 2


def both_tails(R, m, side):
    """Twice P(|m + σz| > R), where side = √2 σ."""
    return erfc((R - m) / side) + erfc((R + m) / side)


@theorem(source=SOURCE)
def worst_mean(t):
    """P(|m + σz| > R) grows with |m|: where |m| <= r, it is at most that for r."""
    m, r, R, side = t.real("m r R side")
    with t.let(m, r, R, side, given=[m >= 0, m <= r, R >= 0, side > 0]) as grows:
        t.show(both_tails(R, m, side) <= both_tails(R, r, side), by=grows.facts)
    with t.let(m, r, R, side, given=[Abs(m) <= r, R >= 0, side > 0]) as whole:
        with t.suppose(m <= 0) as left:
            other = grows(-m, r, R, side, by=[*left.facts, *whole.facts])
            minus = [t.show(((R - m) / side).eq((R + -m) / side))]
            minus.append(t.show(((R + m) / side).eq((R - -m) / side)))
            quotients = [q for fact in minus for q in fact.formula.args]
            goal = both_tails(R, m, side) <= both_tails(R, r, side)
            t.show(goal, by=[other, *minus], opaque=quotients)
        with t.suppose(expr(0) < m) as right:
            grows(m, r, R, side, by=[*right.facts, *whole.facts])
        t.cases(m, 0, left, right)
    return whole.fact


@theorem(source=SOURCE)
def tail(t):  # noqa: PLR0915
    """P(|√ᾱ u + σz|_∞ > R) is at most d times that of ±B in one coordinate."""
    alpha_bar, sigma, B, R, a = t.real("alpha_bar sigma B R a")
    (u, z), (i, d) = t.sequence("u z", REAL), t.nat("i d")
    p0, gamma, v = t.law("p0", seq(REAL)), t.law("normal", REAL), t.real("v")
    t.given(alpha_bar >= 0, sigma > 0, R >= 0, d >= 1)
    inside = Forall(i, Abs(u(i)) <= B, given=[i >= 1, i <= d])
    inside = t.given(LivesOn(p0, u, inside))
    normal = t.given(Forall(a, Prob(v > a, (v, gamma)).eq(normal_tail(a))))
    scale, law = sqrt(alpha_bar), samples(gamma)
    root = t.show(And(scale >= 0, (scale**2).eq(alpha_bar)))
    side = scale * u(i) + sigma * z(i)
    out, one = Largest(Abs(side), (i, 1, d)) > R, Abs(side) > R
    m, side = t.real("m"), sqrt(expr(2)) * sigma
    width = t.show(side > 0)
    with t.let(m) as coordinate:
        low, high = -((R + m) / sigma), (R - m) / sigma
        far, above, more = Abs(m + sigma * v) > R, v > high, v > low
        with t.let(v) as events:
            goal = Ind(far) <= Ind(above) + 1 - Ind(more)
            range_ = [t.derive("indicator_range", formula=f) for f in (far, above, more)]
            with t.suppose(v <= low) as first:
                off = t.derive("indicator_false", *first.facts)
                t.show(goal, by=[off, *range_])
            with t.suppose(low < v) as second:
                with t.suppose(v <= high) as inside_:
                    near = t.show(Abs(m + sigma * v) <= R, by=[*second.facts, *inside_.facts])
                    t.show(goal, by=[t.derive("indicator_false", near), *range_])
                with t.suppose(high < v) as outside:
                    beyond = t.show(above, by=outside.facts)
                    t.show(goal, by=[t.derive("indicator_true", beyond), *range_])
                t.cases(v, high, inside_, outside)
            t.cases(v, low, first, second)
        event = Prob(Abs(m + sigma * v) > R, (v, gamma))
        bound = Prob(v > high, (v, gamma)) + 1 - Prob(v > low, (v, gamma))
        found = t.average(event <= bound, by=events.fact)
        first = t.show(normal_tail(high).eq(erfc((R - m) / side) / 2))
        second = t.show((1 - normal_tail(low)).eq(erfc((R + m) / side) / 2))
        goal = event <= both_tails(R, m, side) / 2
        hidden = [normal_tail(high), normal_tail(low), *both_tails(R, m, side).args]
        t.show(goal, by=[found, normal(low), normal(high), first, second], opaque=hidden)

    bound = t.read(positivity.TAIL)
    each = erfc((R - scale * B) / side) + erfc((R + scale * B) / side)
    with t.let(u, given=[In(u, p0)]) as drawn:
        values = t.show(inside(u).formula, by=inside(u))
        with t.let(i, given=[i >= 1, i <= d]) as single:
            own = Prob(one, (z, law))
            first = t.coordinate(own, i)
            below = coordinate(scale * u(i))
            size = t.show(Abs(scale * u(i)) <= scale * B, by=[values(i), root], opaque=[scale])
            worst = t.use("off_box.worst_mean")(scale * u(i), scale * B, R, side, by=[size, width])
            whole = t.show(
                below.left <= each / 2, by=[below, worst], opaque=[below.right.args[0], each]
            )
            average = t.average(first.right <= below.left, law=law)
            t.show(own <= each / 2, by=[first, average, whole], opaque=[each])
        with t.let(z) as somewhere:
            with t.let(i, given=[i >= 1, i <= d]) as signs:
                t.derive("indicator_range", formula=one)
            ones = Sum(Ind(one), (i, 1, d))
            where = t.attained(out.args[0])
            with t.obtain(where, "k") as place:
                k, (least, most, same) = place.value, place.facts
                with t.suppose(out.args[0] <= R) as near:
                    off = t.derive("indicator_false", *near.facts)
                    zeros = t.add_up(Sum(0, (i, 1, d)) <= ones, by=signs.fact)
                    t.show(Ind(out) <= ones, by=[off, zeros, t.count(Sum(0, (i, 1, d)))])
                with t.suppose(R < out.args[0]) as far:
                    here = Abs(scale * u(k) + sigma * z(k)) > R
                    on = t.derive("indicator_true", t.show(here, by=[same, *far.facts]))
                    term = t.one_of_many(ones, k, by=[signs.fact, least, most])
                    ends = t.derive("indicator_range", formula=out)
                    t.show(Ind(out) <= ones, by=[ends, on, term])
                t.cases(out.args[0], R, near, far)
        whole = Prob(out, (z, law))
        union = t.average(whole <= Mean(ones, (z, law)), by=somewhere.fact)
        split = t.mean_of_sum(union.right, by=single.fact)
        many = t.add_up(split.right <= Sum(each / 2, (i, 1, d)), by=single.fact, opaque=[each])
        count = t.count(many.right)
        with t.let(z) as at_most:
            t.derive("indicator_range", formula=out)
        one_at_most = t.average(whole <= 1, by=at_most.fact)
        above = t.average(whole >= 0, by=at_most.fact)
        below = t.show(whole <= d * each / 2, by=[union, split, many, count], opaque=[each])
        below = t.show(whole <= bound, by=[below, one_at_most], opaque=[each])
        t.together(above, below)
    probability = Mean(whole, (u, p0))
    t.exists(probability, by=drawn.fact, bound=1)
    return t.average(probability <= bound, by=drawn.fact, law=p0, opaque=[bound])


@theorem(source=SOURCE)
def cost(t):
    """E v 1{w > R} is at most off_box, where 0 <= v <= d B² and P(w > R) <= tail: the predictor 0
    off the box has the error v = |E[x_0|x_t]|²."""
    X = t.space("X")
    law, x, (v, w) = t.law("pi", X), t.variable("x", X), t.function("v w", X)
    *_, B, R, d = t.real("alpha_bar sigma B R d")
    t.given(d >= 1)
    sizes = t.given(LivesOn(law, x, And(v(x) >= 0, v(x) <= d * B**2)))
    probability = Prob(w(x) > R, (x, law))
    tail = t.given(probability <= t.read(positivity.TAIL))
    left, bound = Mean(v(x) * Ind(w(x) > R), (x, law)), d * B**2
    with t.let(x, given=[In(x, law)]) as point:
        ends = t.derive("indicator_range", formula=w(x) > R)
        below = v(x) * Ind(w(x) > R) <= bound * Ind(w(x) > R)
        below = t.show(below, by=[ends, sizes(x)], opaque=[bound])
        t.show(Abs(v(x) * Ind(w(x) > R)) <= bound, by=[ends, sizes(x)], opaque=[])
    t.exists(left, by=point.fact, bound=bound)
    found = t.average(left <= bound * probability, by=[sizes, point.fact], opaque=[bound])
    sign = t.show(bound >= 0)
    last = t.show(
        bound * probability <= bound * tail.right, by=[tail, sign], opaque=[bound, tail.right]
    )
    return t.show(left <= t.read(positivity.OFF_BOX), by=[found, last], opaque=[tail.right])


@theorem(source="folklore; this proof is derived here")
def tail_by_exponentials(t):
    """For R >= √ᾱ B the simpler `diffusion.TAIL` and OFF_BOX, with exp(-(R - √ᾱ B)²/(2(1-ᾱ))), are
    not below those of `tail` and `cost`."""
    alpha_bar, sigma, B, R, d, a, b = t.real("alpha_bar sigma B R d a b")
    t.given(alpha_bar >= 0, alpha_bar < 1, sigma > 0, B >= 0, d >= 1)
    variance, far = t.given((sigma**2).eq(1 - alpha_bar), R >= sqrt(alpha_bar) * B)
    t.example(alpha_bar=0, sigma=1, B=0, R=0, d=1)
    scale, side = sqrt(alpha_bar), sqrt(expr(2)) * sigma
    with t.let(a, given=[a >= 0]) as one:
        t.show(erfc(a) <= exp(-(a**2)))
    with t.let(a, b, given=[a >= 0, b >= a]) as falls:
        t.show(erfc(b) <= erfc(a), by=falls.facts)
    low, high = (R - scale * B) / side, (R + scale * B) / side
    width = t.show(side > 0)
    order = t.show(And(low >= 0, high >= low), by=[far, width, t.show(scale >= 0)], opaque=[scale])
    c = t.real("c")
    with t.let(a, b, c, given=[b > 0, (b**2).eq(c)]) as square:
        t.show((-((a / b) ** 2)).eq(-(a**2) / c), by=square.facts)
    square_of_side = t.show((side**2).eq(2 * (1 - alpha_bar)), by=variance)
    same = square(R - scale * B, side, 2 * (1 - alpha_bar), by=[width, square_of_side])
    first, second = one(low, by=order), falls(low, high, by=order)
    first = t.rewrite(same, first)
    sharp, simple = t.read(positivity.TAIL), t.read(diffusion.TAIL)
    hidden = [erfc(low), erfc(high), first.right]
    less = t.show(sharp <= simple, by=[first, second], opaque=hidden)
    cost = t.read(positivity.OFF_BOX) <= t.read(diffusion.OFF_BOX)
    return t.together(less, t.show(cost, by=less, opaque=[sharp, simple]))
