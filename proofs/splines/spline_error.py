"""The error of the ratio of two splines, weighted with the density, from that of the splines.

On Ω the density is kappa f2, and size is the volume of Ω, so that kappa size ‖√f2 v‖² is the
integral of the density times v², with the norm of L² for the uniform law. e bounds |f1 - g1| +
b|f2 - g2| for the interpolants g1 and g2, smooth what SignReLU and the clips add to it, and the
output clip costs 1/M. The constants are those of
`boundcheck.theory.formulas.approximation.splines`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min, sqrt
from boundcheck.theorems.author.words import And, Exists, In, LivesOn, Norm, function, signrelu
from boundcheck.theorems.language.expr import expr
from boundcheck.theory.formulas.approximation import splines

SOURCE = "derived here"


@theorem(source=SOURCE)
def at_a_point(t):
    """|√u (a - r)| <= e/√u + smooth/√u + √u/M where u |a - r| <= e + smooth + u/M."""
    u, a, r, e, smooth, M, v = t.real("u a r e smooth M v")
    with t.let(v, e, a, smooth, M, given=[v > 0, M > 0, v**2 * a <= e + smooth + v**2 / M]) as root:
        t.show(v * a <= e / v + smooth / v + v / M, by=root.facts)
    given = [u > 0, M > 0, u * Abs(a - r) <= e + smooth + u / M]
    with t.let(u, a, r, e, smooth, M, given=given) as point:
        w = sqrt(u)
        known = t.show(And(w > 0, (w**2).eq(u)), by=point.facts[0])
        square = w**2 * Abs(a - r) <= e + smooth + w**2 / M
        square = t.show(square, by=[known, point.facts[2]], opaque=[w, Abs(a - r)])
        found = root(w, e, Abs(a - r), smooth, M, by=[known, square])
        same = t.show(Abs(w * (a - r)).eq(w * Abs(a - r)), by=known, opaque=[w])
        t.show(
            Abs(w * (a - r)) <= e / w + smooth / w + w / M,
            by=[same, found],
            opaque=[*same.formula.args, e / w, smooth / w],
        )
    return point.fact


def clip(low, high, M, v):
    """clip_M; see `clipping`."""
    return low + signrelu(M * (v - low)) / M - signrelu(M * (v - high)) / M


@theorem(source=SOURCE)
def tail_at_a_point(t):
    """f2 |f1/f2 - r| <= |f1 - g1| + b|f2 - g2| + (1 + b)/M + f2/M, where r is the quotient of g1
    and g2 between clips, c <= f2 <= 1 and |f1| <= b f2."""
    b, c, M, f1, f2, g1, g2, u = t.real("b c M f1 f2 g1 g2 u")
    clips = t.use("ratio.smooth_clip_costs_little")
    near, _, values = clips
    known_ratio = t.use("ratio.error_times_denominator")
    given = [b >= 0, c > 0, c <= 1, M > 0, c <= f2, f2 <= 1, Abs(f1) <= b * f2]
    with t.let(b, M, u, given=[M > 0, b >= 0]) as last:
        t.show(Abs(clip(-b, b, M, u) - Max(-b, Min(b, u))) <= 1 / M)
    with t.let(b, c, M, f1, f2, g1, g2, given=given) as point:
        z, y = clip(-b, b, M, g1), clip(c, expr(1), M, g2)
        product = t.show(b * f2 <= b, by=[point.facts[0], point.facts[5]])
        t.show(And(-b <= f1, f1 <= b), by=[product, point.facts[6]])
        one, other = near(-b, b, M, g1, f1), near(c, 1, M, g2, f2)
        above = values(c, 1, M, g2)
        positive = t.show(And(y > 0, f2 > 0), by=[above, *point.facts], opaque=[y])
        q, exact = z / y, f1 / f2
        for each in (q, exact):
            t.exists(each, by=positive)
        hard = known_ratio(b, f1, f2, z, y, by=positive)
        rest = last(b, M, q)
        r, r_hat = clip(-b, b, M, q), Max(-b, Min(b, q))
        gap = t.show(
            Abs(exact - r) <= Abs(exact - r_hat) + 1 / M, by=rest, opaque=[exact, r, r_hat]
        )
        weighted = f2 * Abs(exact - r) <= f2 * Abs(exact - r_hat) + f2 / M
        hidden = [Abs(exact - r), Abs(exact - r_hat)]
        weighted = t.show(weighted, by=[gap, positive], opaque=hidden)
        clipped = b * Abs(f2 - y) <= b * (Abs(f2 - g2) + 1 / M)
        clipped = t.show(clipped, by=other, opaque=[Abs(f2 - y), Abs(f2 - g2)])
        right = Abs(f1 - g1) + b * Abs(f2 - g2) + (1 + b) / M + f2 / M
        hidden += [Abs(f1 - z), Abs(f2 - y), Abs(f1 - g1), Abs(f2 - g2)]
        t.show(f2 * Abs(exact - r) <= right, by=[hard, weighted, one, clipped], opaque=hidden)
    return point.fact


@theorem(source=SOURCE)
def what_the_clips_cost(t):
    """The first three terms are at most `error` where g2 is within approximation of f2, and g1
    within b times that of f1; and at most what the interpolants miss plus `smooth` where these
    are within lambda/M of g2, and b lambda/M of g1."""
    b, M, approximation, Lambda = t.real("b M approximation Lambda")
    e, f, p, q = t.real("e f p q")
    t.given(b >= 0, M > 0)
    t.example(b=1, M=1)
    total = e + b * f + (1 + b) / M
    with t.let(e, f, approximation, given=[f <= approximation, e <= b * approximation]) as whole:
        t.show(total <= t.read(splines.ERROR), by=whole.facts)
    given = [f <= q + Lambda / M, e <= p + b * (Lambda / M)]
    with t.let(e, f, p, q, Lambda, given=given) as parts:
        t.show(total <= p + b * q + t.read(splines.SMOOTH), by=parts.facts)
    return t.show(And(whole.fact.formula, parts.fact.formula))


class Parts:
    """What is assumed of f1, f2, r and e on Ω."""

    def __init__(self, t, with_e=True):
        self.t, X = t, t.space("X")
        self.law, self.x = t.law("Omega", X), t.variable("x", X)
        self.f1, self.f2, self.r = (f(self.x) for f in t.function("f1 f2 r", X))
        self.kappa, self.size, self.inverse, self.M = t.real("kappa size inverse M")
        t.given(self.kappa > 0, self.size > 0, self.inverse > 0, self.M > 0)
        self.root = sqrt(self.f2)
        self.one, self.mass = self.norm(1 / self.root), self.norm(self.root)
        self.positive = t.given(LivesOn(self.law, self.x, self.f2 > 0))
        self.exists = t.given(Exists(self.one), Exists(self.mass))
        self.sizes = t.given(
            self.size * self.one**2 <= self.inverse,
            self.kappa * self.size * self.mass**2 <= 1,
        )

    def norm(self, u):
        return Norm(u, 2, (self.x, self.law))

    @property
    def loss(self):
        return self.norm(self.root * (self.f1 / self.f2 - self.r))


@theorem(source=SOURCE)
def relative(t):
    """∫_Ω q |f1/f2 - r|² dx <= relative, where f2 |f1/f2 - r| <= e + smooth + f2/M, and
    ∫_Ω q (e/f2)² dx <= spline²."""
    s, (smooth, spline) = Parts(t), t.real("smooth spline")
    e = t.function("e", s.x.sort)(s.x)
    part = s.norm(e / s.root)
    t.given(smooth >= 0, spline >= 0)
    exists = t.given(Exists(part))
    own = t.given(s.kappa * s.size * part**2 <= spline**2)
    gap = Abs(s.f1 / s.f2 - s.r)
    near = s.f2 * gap <= e + smooth + s.f2 / s.M
    near = t.given(LivesOn(s.law, s.x, near))
    point = t.use("spline_error.at_a_point")
    with t.let(s.x, given=[In(s.x, s.law)]) as each:
        positive = s.positive(s.x)
        t.exists(s.f1 / s.f2, by=positive)
        found = point(s.f2, s.f1 / s.f2, s.r, e, smooth, s.M, by=[positive, near(s.x)])
        w = s.root
        sign = t.show(w > 0, by=positive)
        for quotient in (e / w, 1 / w):
            t.exists(quotient, by=sign)
        known = [
            t.show(Abs(e / w) >= e / w, opaque=[e / w]),
            t.show((smooth * Abs(1 / w)).eq(smooth / w), by=sign, opaque=[w]),
            t.show((Abs(w) / s.M).eq(w / s.M), by=sign, opaque=[w]),
        ]
        left = Abs(w * (s.f1 / s.f2 - s.r))
        goal = left <= Abs(e / w) + smooth * Abs(1 / w) + Abs(w) / s.M
        t.show(
            goal,
            by=[found, *known],
            opaque=[left, e / w, smooth / w, w / s.M, *(k.left for k in known[1:])],
        )
    bound = part + smooth * s.one + s.mass / s.M
    whole = t.minkowski(s.loss <= bound, by=each.fact)
    A, y, z = t.real("A y z")
    with t.let(A, y, z, given=[A >= 0, y >= 0, z >= 0, A * y**2 <= z**2]) as root:
        t.show(sqrt(A) * y <= z, by=root.facts)
    with t.let(A, y, z, given=[A >= 0, y >= 0, sqrt(A) * y <= z]) as square:
        rooted = t.show(And(sqrt(A) * y >= 0, ((sqrt(A) * y) ** 2).eq(A * y**2)))
        t.show(A * y**2 <= z**2, by=[rooted, square.facts[2]], opaque=[sqrt(A) * y])
    norms = (part, s.one, s.mass, s.loss)
    least = [
        t.derive("norm_power", f, norm=n)
        for f, n in zip((exists, *s.exists, whole), norms, strict=True)
    ]
    signs = [next(iter(both)) for both in least]
    factor, rise = s.kappa * s.size, sqrt(s.kappa * s.inverse)
    positive = t.show(And(factor > 0, rise >= 0, (rise**2).eq(s.kappa * s.inverse)))
    more = factor * s.one**2 <= rise**2
    more = t.show(more, by=[positive, s.sizes[0]], opaque=[rise])
    parts = [
        root(factor, part, spline, by=[own, positive, signs[0]]),
        root(factor, s.one, rise, by=[more, positive, signs[1]]),
        root(factor, s.mass, 1, by=[s.sizes[1], positive, signs[2]]),
    ]
    total = spline + rise * smooth + 1 / s.M
    scale = sqrt(factor)
    sign = t.show(scale >= 0)
    terms = [
        t.show(scale * s.loss <= scale * bound, by=[whole, sign], opaque=[scale]),
        t.show(scale * (smooth * s.one) <= rise * smooth, by=[parts[1]], opaque=[scale, rise]),
        t.show(scale * (s.mass / s.M) <= 1 / s.M, by=[parts[2]], opaque=[scale]),
    ]
    below = t.show(scale * s.loss <= total, by=[*terms, parts[0]], opaque=[scale, rise])
    found = square(factor, s.loss, total, by=[below, signs[3], positive])
    return t.show(found.left <= t.read(splines.RELATIVE), by=found, opaque=[rise])


@theorem(source=SOURCE)
def pointwise(t):
    """∫_Ω q |f1/f2 - r|² dx <= pointwise, where f2 |f1/f2 - r| <= error + f2/M."""
    s, error = Parts(t), t.real("error")
    t.given(error >= 0)
    near = s.f2 * Abs(s.f1 / s.f2 - s.r) <= error + s.f2 / s.M
    near = t.given(LivesOn(s.law, s.x, near))
    zero = expr(0) / s.root
    with t.let(s.x, given=[In(s.x, s.law)]) as each:
        positive = s.positive(s.x)
        t.exists(s.f1 / s.f2, by=positive)
        known = near(s.x)
        goal = s.f2 * Abs(s.f1 / s.f2 - s.r) <= 0 + error + s.f2 / s.M
        t.show(goal, by=known, opaque=[s.f1 / s.f2])
    with t.let(s.x, given=[In(s.x, s.law)]) as none:
        sign = t.show(s.root > 0, by=s.positive(s.x))
        t.exists(zero, by=sign)
        t.show(Abs(zero) <= 0 * Abs(1 / s.root), by=sign, opaque=[s.root])
    norm = t.minkowski(s.norm(zero) <= 0 * s.one, by=none.fact)
    least, _ = t.derive("norm_power", norm, norm=norm.left)
    nothing = t.show(norm.left.eq(0), by=[norm, least])
    t.show(s.kappa * s.size * norm.left**2 <= 0**2, by=nothing)
    values = {"e": function(s.x, 0), "smooth": error, "spline": 0}
    found = t.use("spline_error.relative", values, by=[each.fact, norm])
    bound = t.read(splines.POINTWISE)
    return t.show(found.left <= bound, by=found)
