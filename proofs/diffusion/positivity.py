"""The denominator of the Bayes predictor from below.

f2(x) = E exp(-|x - √ᾱ u|²/(2σ²)), u drawn by the law p0 on R^d: points are sequences of which the
places 1, ..., d count. Instead of the largest distance |x - √ᾱ u| there is, these bounds take the
mean one, or that of some of the u. The constants are those of
`boundcheck.theory.formulas.approximation.positivity`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Sum,
    function,
    sequence,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL, seq
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.formulas.approximation import positivity

SOURCE = "derived here"


# -- any law, any exponent -------------------------------------------------------------------------


@theorem(source="Jensen, 1906; this proof is derived here")
def jensen(t):
    """E exp(-v) >= exp(-E v) for v >= 0 with a finite mean."""
    X = t.space("X")
    law, v, x = t.law("pi", X), t.function("v", X), t.variable("x", X)
    q = Mean(v(x), (x, law))
    known = t.given(Exists(q), LivesOn(law, x, v(x) >= 0))
    t.example(v=function(x, 0))
    left = Mean(exp(-v(x)), (x, law))
    t.exists(left, by=known, bound=1)
    s, y = t.real("s y")
    with t.let(s, y) as tangent:
        t.show(exp(-y) >= exp(-s) * (1 + s - y))
    with t.let(s) as bound:
        t.average(left >= exp(-s) * (1 + s - q), by=tangent.fact)
    return t.show(left >= exp(-q), by=bound(q), opaque=[exp(-q)])


def entropy(r):
    """r log r, and 0 where r is 0."""
    return r * log(r + Ind(r <= 0))


@theorem(source="Donsker and Varadhan, 1975; this proof is derived here")
def comparison(t):
    """E exp(-v) >= exp(-E_Q v - KL(Q ‖ law)), where Q has the density r with respect to the law."""
    X = t.space("X")
    law, (v, r), x = t.law("pi", X), t.function("v r", X), t.variable("x", X)
    left, right, whole, kl = (
        Mean(u, (x, law)) for u in (exp(-v(x)), r(x) * v(x), r(x), entropy(r(x)))
    )
    sign, density = t.given(LivesOn(law, x, v(x) >= 0), LivesOn(law, x, r(x) >= 0))
    total, _, finite = t.given(whole.eq(1), Exists(right), Exists(kl))
    finite = t.derive("integrand", finite, mean=kl)
    t.example(v=function(x, 0), r=function(x, 1))
    t.exists(left, by=sign, bound=1)
    A, y, w = t.real("A y w")
    with t.let(A, y, w, given=[w > 0]) as inside:
        t.show(exp(-y) >= exp(-A) * (w * (1 + A - y) - w * log(w)))
    with t.let(A, y, w, given=[w >= 0]) as tangent:
        goal = exp(-y) >= exp(-A) * (w * (1 + A) - w * y - entropy(w))
        with t.suppose(w <= 0) as none:
            on = t.derive("indicator_true", *none.facts)
            zero = t.show(w.eq(0), by=[*none.facts, *tangent.facts])
            t.exists(entropy(w), by=[on, zero])
            nothing = t.show(entropy(w).eq(0), by=[on, zero])
            t.show(goal, by=[zero, nothing], opaque=[entropy(w)])
        with t.suppose(expr(0) < w) as some:
            positive = t.show(w > 0, by=some.facts)
            off = t.derive("indicator_false", positive)
            t.exists(entropy(w), by=[off, positive])
            same = t.show(entropy(w).eq(w * log(w)), by=[off, positive])
            t.show(goal, by=[same, inside(A, y, w)], opaque=[entropy(w), log(w)])
        t.cases(w, 0, none, some)
    with t.let(A) as bound:
        below = exp(-A) * (whole * (1 + A) - right - kl)
        with t.let(x, given=[In(x, law)]) as point:
            density(x)
            tangent(A, v(x), r(x))
        t.average(left >= below, by=[point.fact, finite], at=x, opaque=[entropy(r(x))])
    return t.show(left >= exp(-right - kl), by=[bound(right + kl), total])


# -- f2 --------------------------------------------------------------------------------------------


class Marginal:
    """f2 at x, with the law p0 of u on R^d, for d = 1, 2, ..."""

    def __init__(self, t, kernel=True):
        self.t, self.alpha_bar = t, t.real("alpha_bar")
        (self.x, self.u), self.p0 = t.sequence("x u", REAL), t.law("p0", seq(REAL))
        self.i, self.d = t.nat("i d")
        t.given(self.alpha_bar >= 0)
        if kernel:
            self.sigma = t.real("sigma")
            t.given(self.sigma > 0)
        self.scale = sqrt(self.alpha_bar)
        t.show(And(self.scale >= 0, (self.scale**2).eq(self.alpha_bar)))

    def sum(self, u):
        return Sum(u, (self.i, 1, self.d))

    def mean(self, u):
        return Mean(u, (self.u, self.p0))

    def each(self):
        """The block of an arbitrary coordinate."""
        return self.t.let(self.i, given=[self.i >= 1, self.i <= self.d])

    def distance(self, u):
        """|x - √ᾱ u|², of a sequence u."""
        return self.sum((self.x(self.i) - self.scale * u(self.i)) ** 2)

    def exponents(self):
        """That they are not negative."""
        t, distance = self.t, self.distance(self.u)
        with t.let(self.u) as sign:
            with self.each() as each:
                t.show((self.x(self.i) - self.scale * self.u(self.i)) ** 2 >= 0)
            zeros = t.add_up(self.sum(0) <= distance, by=each.fact)
            positive = t.show(distance >= 0, by=[zeros, t.count(self.sum(0))])
            t.show(distance / (2 * self.sigma**2) >= 0, by=positive, opaque=[distance])
        return sign.fact

    @property
    def f2(self):
        return self.mean(exp(-(self.distance(self.u) / (2 * self.sigma**2))))

    @property
    def centre(self):
        """E u_i."""
        return self.mean(self.u(self.i))


@theorem(source=SOURCE)
def second_moments(t):
    """E|x - √ᾱ u|² = |x - √ᾱ E u|² + ᾱ E|u - E u|²."""
    s = Marginal(t, False)
    squares = Forall(s.i, Exists(s.mean(s.u(s.i) ** 2)), given=[s.i >= 1, s.i <= s.d])
    known = t.given(squares)
    m = t.real("m")
    square, spread = (s.x(s.i) - s.scale * s.u(s.i)) ** 2, (s.u(s.i) - s.centre) ** 2
    with s.each() as one:
        own = s.mean(s.u(s.i) ** 2)
        known(s.i)
        t.exists(s.centre, bound=1 + own)
        with t.let(m):
            t.exists(s.mean((s.u(s.i) - m) ** 2), bound=2 * own + 2 * m**2)
        with t.let(m) as centred:
            left, right = s.mean(square), s.mean((s.u(s.i) - m) ** 2)
            t.exists(left, bound=2 * s.x(s.i) ** 2 + 2 * s.alpha_bar * own)
            gap = 2 * s.scale * (s.x(s.i) - s.scale * m) * (s.centre - m)
            t.average(left.eq((s.x(s.i) - s.scale * m) ** 2 + s.alpha_bar * right - gap))
        split = centred(s.centre)
        whole = (s.x(s.i) - s.scale * s.centre) ** 2 + s.alpha_bar * s.mean(spread)
        t.show(s.mean(square).eq(whole), by=split)
    summed = t.mean_of_sum(s.mean(s.distance(s.u)), by=one.fact)
    centres = s.sum((s.x(s.i) - s.scale * s.centre) ** 2)
    parts = summed.right.eq(centres + s.alpha_bar * s.sum(s.mean(spread)))
    added = t.add_up(parts, by=one.fact)
    return t.show(summed.left.eq(parts.args[1]), by=[summed, added])


@theorem(source=SOURCE)
def jensen_for_f2(t):
    """f2(x) >= exp(-(|x - √ᾱ E u|² + ᾱ E|u - E u|²)/(2σ²))."""
    s, (distance, spread) = Marginal(t), t.real("distance spread")
    squares = Forall(s.i, Exists(s.mean(s.u(s.i) ** 2)), given=[s.i >= 1, s.i <= s.d])
    t.given(squares)
    centres = s.sum((s.x(s.i) - s.scale * s.centre) ** 2)
    spreads = s.sum(s.mean((s.u(s.i) - s.centre) ** 2))
    near = t.given(centres <= distance, spreads <= spread)
    moments = t.use("positivity.second_moments")
    v = s.distance(s.u) / (2 * s.sigma**2)
    sign = s.exponents()
    half = t.average(s.mean(v).eq(moments.left / (2 * s.sigma**2)))
    values = {"pi": s.p0, "v": function(s.u, v)}
    below = t.use("positivity.jensen", values, {"X": seq(REAL)}, by=[half, sign])
    most = (distance + s.alpha_bar * spread) / (2 * s.sigma**2)
    less = t.show(s.mean(v) <= most, by=[half, moments, *near])
    bound = t.read(positivity.JENSEN)
    falls = t.show(exp(-s.mean(v)) >= exp(-most), by=less, opaque=[most])
    same = t.show(exp(-most).eq(bound))
    return t.show(s.f2 >= bound, by=[below, falls, same], opaque=[bound, *falls.formula.args])


@theorem(source=SOURCE)
def jensen_on_a_box(t):
    """The same at every point with |x_i - a_i| <= R_i: its distance is at most Σ (R_i + |a_i -
    √ᾱ E u_i|)²."""
    s, spread = Marginal(t), t.real("spread")
    a, R = t.sequence("a R", REAL)
    squares = Forall(s.i, Exists(s.mean(s.u(s.i) ** 2)), given=[s.i >= 1, s.i <= s.d])
    known = t.given(squares)
    inside = Forall(s.i, Abs(s.x(s.i) - a(s.i)) <= R(s.i), given=[s.i >= 1, s.i <= s.d])
    inside = t.given(inside)
    t.given(s.sum(s.mean((s.u(s.i) - s.centre) ** 2)) <= spread)
    reach = t.read(positivity.REACH, R=R(s.i), shift=a(s.i) - s.scale * s.centre)
    with s.each() as each:
        t.exists(s.centre, by=known(s.i), bound=1 + s.mean(s.u(s.i) ** 2))
        t.show((s.x(s.i) - s.scale * s.centre) ** 2 <= reach, by=inside(s.i), opaque=[s.scale])
    far = s.sum(reach)
    t.add_up(s.sum((s.x(s.i) - s.scale * s.centre) ** 2) <= far, by=each.fact)
    return t.use("positivity.jensen_for_f2", {"distance": far})


@theorem(source="Cauchy, 1821; this proof is derived here")
def cauchy_schwarz(t):
    """(Σ v_i w_i)² <= Σ v_i² Σ w_i²."""
    (v, w), (i, n), y = t.sequence("v w", REAL), t.nat("i n"), t.real("y")
    P, S, Q = (Sum(u, (i, 1, n)) for u in (v(i) ** 2, v(i) * w(i), w(i) ** 2))
    zero = t.count(Sum(0, (i, 1, n)))
    signs = []
    for each, square in ((v(i), P), (w(i), Q)):
        with t.let(i) as one:
            t.show(each**2 >= 0)
        more = t.add_up(Sum(0, (i, 1, n)) <= square, by=one.fact)
        signs.append(t.show(square >= 0, by=[zero, more]))
    with t.let(y) as line:
        whole = Sum((v(i) + y * w(i)) ** 2, (i, 1, n))
        split = t.add_up(whole.eq(P + 2 * y * S + y**2 * Q))
        more = t.add_up(Sum(0, (i, 1, n)) <= whole)
        t.show(P + 2 * y * S + y**2 * Q >= 0, by=[zero, split, more])
    goal = S**2 <= P * Q
    with t.suppose(Q <= 0) as flat:
        with t.suppose(S**2 <= 0) as none:
            t.show(goal, by=[*none.facts, *signs])
        with t.suppose(expr(0) < S**2) as some:
            y = -(P + 1) * S / S**2
            t.exists(y, by=some.facts)
            known = t.show((y * S).eq(-(P + 1)), by=some.facts)
            null = t.show(Q.eq(0), by=[*flat.facts, *signs])
            below = t.show(line(y).left <= -1, by=[known, null, *signs], opaque=[y])
            t.impossible(line(y), below, goal)
        t.cases(S**2, 0, none, some)
    with t.suppose(expr(0) < Q) as curved:
        t.exists(-S / Q, by=curved.facts)
        t.show(goal, by=[line(-S / Q), *curved.facts])
    return t.cases(Q, 0, flat, curved)


@theorem(source=SOURCE)
def distances_add_up(t):
    """|x - ku| <= r + k rho where |x - ka| <= r and |u - a| <= rho; all squared."""
    (x, u, a), (i, d) = t.sequence("x u a", REAL), t.nat("i d")
    (k, r, rho), (y, p, q, g, h) = t.real("k r rho"), t.real("y p q g h")
    far, near = x(i) - k * a(i), u(i) - a(i)
    P, S, Q, whole = (
        Sum(v, (i, 1, d)) for v in (far**2, far * near, near**2, (x(i) - k * u(i)) ** 2)
    )
    t.given(k >= 0, r >= 0, rho >= 0)
    known = t.given(r**2 >= P, rho**2 >= Q)
    zero = sequence(i, 0)
    t.example(x=zero, u=zero, a=zero, k=0, r=0, rho=0, d=0)
    values = {"v": sequence(i, far), "w": sequence(i, near), "n": d}
    product = t.use("positivity.cauchy_schwarz", values)
    with t.let(q, p, given=[p >= 0, q >= 0, q <= p**2]) as real:
        t.show(sqrt(q) <= p, by=real.facts)
    with t.let(y, p, given=[p >= 0, y**2 <= p**2]) as root:
        below = t.show(-y <= sqrt(y**2))
        t.show(-y <= p, by=[below, real(y**2, p)], opaque=[sqrt(y**2)])
    given = [g >= 0, h >= 0, p <= g**2, q <= h**2, q >= 0, y**2 <= p * q]
    with t.let(y, p, q, g, h, given=given) as bound:
        t.show(p * q <= (g * h) ** 2, by=bound.facts)
        square = t.show(y**2 <= (g * h) ** 2, by=bound.facts)
        sign = t.show(g * h >= 0)
        root(y, g * h, by=[square, sign])
    with t.let(i) as each:
        t.show(near**2 >= 0)
    more = t.add_up(Sum(0, (i, 1, d)) <= Q, by=each.fact)
    sign = t.show(Q >= 0, by=[t.count(Sum(0, (i, 1, d))), more])
    mixed = bound(S, P, Q, r, rho, by=[product, sign, *known])
    split = t.add_up(whole.eq(P - 2 * k * S + k**2 * Q))
    return t.show(whole <= (r + k * rho) ** 2, by=[mixed, split, *known])


@theorem(source=SOURCE)
def mass_near_a_point(t):
    """f2(x) >= p exp(-(distance + √ᾱ rho)²/(2σ²)) where |x - √ᾱ a| <= distance and P(|u - a| <=
    rho) >= p: an atom, or a ball that contains all."""
    s, a = Marginal(t), t.sequence("a", REAL)
    distance, rho, p = t.real("distance rho p")
    event = s.sum((s.u(s.i) - a(s.i)) ** 2) <= rho**2
    t.given(distance >= 0, rho >= 0, s.distance(a) <= distance**2)
    mass = t.given(s.mean(Ind(event)) >= p)
    bound = t.read(positivity.BALL, p=1)
    t.exists(s.f2, by=s.exponents(), bound=1)
    with t.let(s.u) as each:
        exponent = s.distance(s.u) / (2 * s.sigma**2)
        power = exp(-exponent)
        t.exists(power)
        with t.suppose(event) as inside:
            on = t.derive("indicator_true", *inside.facts)
            values = {"k": s.scale, "r": distance}
            near = t.use("positivity.distances_add_up", values, by=inside.facts)
            most = (distance + s.scale * rho) ** 2 / (2 * s.sigma**2)
            less = t.show(exponent <= most, by=near)
            falls = t.show(power >= exp(-most), by=less, opaque=[exponent, most])
            same = t.show(exp(-most).eq(bound))
            t.show(power >= Ind(event) * bound, by=[on, falls, same], opaque=[bound, power])
        with t.suppose(rho**2 < event.args[0]) as outside:
            far = t.show(event.args[0] > rho**2, by=outside.facts)
            off = t.derive("indicator_false", far)
            t.show(power >= Ind(event) * bound, by=[off], opaque=[bound])
        t.cases(event.args[0], rho**2, inside, outside)
    found = t.average(s.f2 >= s.mean(Ind(event)) * bound, by=each.fact, opaque=[bound])
    return t.show(s.f2 >= t.read(positivity.BALL), by=[found, mass])


@theorem(source=SOURCE)
def comparison_for_f2(t):
    """f2(x) >= exp(-distance/(2σ²) - kl) where E_Q|x - √ᾱ u|² <= distance and KL(Q ‖ p0) <= kl, Q
    having the density r."""
    s, (distance, kl), r = Marginal(t), t.real("distance kl"), t.function("r", seq(REAL))
    far, whole, own = (s.mean(w) for w in (r(s.u) * s.distance(s.u), r(s.u), entropy(r(s.u))))
    sign = t.given(LivesOn(s.p0, s.u, r(s.u) >= 0))
    _, known, near = t.given(whole.eq(1), far <= distance, own <= kl)
    v = s.distance(s.u) / (2 * s.sigma**2)
    size = s.mean(r(s.u) * v)
    t.exists(size, by=[sign, s.exponents()], bound=far / (2 * s.sigma**2))
    half = t.average(size.eq(far / (2 * s.sigma**2)))
    values = {"pi": s.p0, "v": function(s.u, v), "r": function(s.u, r(s.u))}
    found = t.use("positivity.comparison", values, {"X": seq(REAL)}, by=[sign, s.exponents()])
    most = distance / (2 * s.sigma**2) + kl
    less = t.show(size + own <= most, by=[half, known, near])
    falls = t.show(exp(-size - own) >= exp(-most), by=less, opaque=[most, size, own])
    bound = t.read(positivity.COMPARISON)
    same = t.show(exp(-most).eq(bound))
    return t.show(s.f2 >= bound, by=[found, falls, same], opaque=[bound, *falls.formula.args])


@theorem(source=SOURCE)
def largest_distance(t):
    """f2(x) >= exp(-d(R + √ᾱ B)²/(2(1-ᾱ))) with σ² = 1-ᾱ, where |x_i| <= R and |u_i| <= B."""
    s, (B, R) = Marginal(t), t.real("B R")
    t.given(s.alpha_bar < 1, B >= 0, R >= 0)
    variance = t.given((s.sigma**2).eq(1 - s.alpha_bar))
    small = t.given(Forall(s.i, Abs(s.x(s.i)) <= R, [s.i >= 1, s.i <= s.d]))
    inside = Forall(s.i, Abs(s.u(s.i)) <= B, [s.i >= 1, s.i <= s.d])
    inside = t.given(LivesOn(s.p0, s.u, inside))
    t.exists(s.f2, by=s.exponents(), bound=1)
    bound, far = t.read(diffusion.POSITIVITY), (R + s.scale * B) ** 2
    root = t.show(s.scale >= 0)
    with t.let(s.u, given=[In(s.u, s.p0)]) as point:
        values = inside(s.u)
        with s.each() as each:
            here = [small(s.i), values(s.i), root]
            t.show((s.x(s.i) - s.scale * s.u(s.i)) ** 2 <= far, by=here, opaque=[s.scale])
        total = t.add_up(s.distance(s.u) <= s.sum(far), by=each.fact, opaque=[s.scale])
        exponent, most = s.distance(s.u) / (2 * s.sigma**2), s.d * far / (2 * s.sigma**2)
        less = t.show(exponent <= most, by=[total, t.count(s.sum(far))], opaque=[far])
        falls = t.show(exp(-exponent) >= exp(-most), by=less, opaque=[exponent, most])
        same = t.show((-most).eq(bound.args[0]), by=variance, opaque=[s.scale])
        t.rewrite(same, falls)
    return t.average(s.f2 >= bound, by=point, opaque=[bound])
