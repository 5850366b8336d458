"""What approximations of f1 and f2 make of their ratio, where 0 <= f1 <= f2, f1 depends on x and y,
and f2 on x alone: at every point, and in L^p of independent x and y.

pi0 and rho are the uniform laws on boxes Ω_x and Ω_y, and live on these; Ω is their product.
G >= c, and r̂ is g/G clipped to [0, 1]. The constants are those of
`boundcheck.theory.formulas.approximation.conditional`; conditional densities are in `conditional`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    LivesOn,
    Mean,
    Norm,
    first,
    function,
    joint,
    second,
)
from boundcheck.theory.formulas.approximation import conditional

SOURCE = "derived here"


def clipped(v):
    """The exact clip of v to [0, 1]."""
    return Max(0, Min(1, v))


@theorem(source=SOURCE)
def error_times_denominator(t):
    """f2 |f1/f2 - r̂| <= |f1 - g| + |f2 - G| for 0 <= f1 <= f2, where r̂ is clipped to [0, 1]."""
    f1, f2, g, G = t.real("f1 f2 g G")
    with t.let(f1, f2, g, G, given=[f2 > 0, G > 0, f1 >= 0, f1 <= f2]) as point:
        t.show(f2 * Abs(f1 / f2 - clipped(g / G)) <= Abs(f1 - g) + Abs(f2 - G))
    return point.fact


@theorem(source=SOURCE)
def error_of_the_numerator(t):
    """|f1 - f2 r̂| <= |f1 - g| + |f2 - g2| + c, where r̂ is g/max(g2, c) clipped to [0, 1]."""
    f1, f2, g, g2, c, G = t.real("f1 f2 g g2 c G")
    r = clipped(g / G)
    given = [c > 0, f2 > 0, f1 >= 0, f1 <= f2, G.eq(Max(g2, c))]
    with t.let(f1, f2, g, g2, c, G, given=given) as point:
        positive = t.show(G > 0, by=point.facts)
        error = t.use("conditional_errors.error_times_denominator")(f1, f2, g, G)
        t.exists(r, by=[positive])
        same = t.show((f2 * Abs(f1 / f2 - r)).eq(Abs(f1 - f2 * r)), by=point.facts[1:2], opaque=[r])
        clip = t.show(Abs(f2 - G) <= Abs(f2 - g2) + c, by=point.facts)
        t.show(
            Abs(f1 - f2 * r) <= Abs(f1 - g) + Abs(f2 - g2) + c, by=[error, same, clip], opaque=[r]
        )
    return point.fact


@theorem(source=SOURCE)
def mean_of_the_first(t):
    """The mean of a function of x over the law of independent x and y is its mean over the law of
    x."""
    X, Y = t.space("X"), t.space("Y")
    pi, rho, x, y = t.law("pi0", X), t.law("rho", Y), t.variable("x", X), t.variable("y", Y)
    v, box = t.function("v", X), joint(pi, (x, rho))
    q = t.variable("q", box.sort.parts[0])
    own = Mean(v(x), (x, pi))
    known = t.given(Exists(own))
    size, inner = Mean(abs(v(x)), (y, rho)), Mean(v(x), (y, rho))
    with t.let(x) as at:
        t.together(t.average(size.eq(Abs(v(x))), law=rho), t.average(inner.eq(v(x)), law=rho))
    t.exists(Mean(Abs(v(x)), (x, pi)), by=[known])
    t.exists(Mean(size, (x, pi)), by=[at.fact], bound=Mean(Abs(v(x)), (x, pi)))
    mean = Mean(v(first(q)), (q, box))
    t.joint_exists(mean)
    fubini = t.disintegrate(mean)
    same = t.average(fubini.right.eq(own), by=[at.fact], law=pi)
    return t.show(mean.eq(own), by=[fubini, same])


@theorem(source=SOURCE)
def norm_of_the_first(t):
    """The norm in L^p of a function of x over the law of independent x and y is its norm over the
    law of x."""
    X, Y = t.space("X"), t.space("Y")
    pi, rho, x = t.law("pi0", X), t.law("rho", Y), t.variable("x", X)
    v, (p, a, b, e, z) = t.function("v", X), t.real("p a b e z")
    box = joint(pi, (x, rho))
    q = t.variable("q", box.sort.parts[0])
    own, whole = Norm(v(x), p, (x, pi)), Norm(v(first(q)), p, (q, box))
    least, known = t.given(p >= 1, Exists(own))
    with t.let(e, a, b, given=[e >= 1, a >= 0, b >= 0, (a**e).eq(b**e)]) as roots:
        *signs, powers = roots.facts
        back = [t.show(((u**e) ** (1 / e)).eq(u), by=signs) for u in (a, b)]
        same = t.at_equals(function(z, z ** (1 / e)), powers)
        t.show(a.eq(b), by=[*back, same], opaque=[back[0].left, back[1].left])
    sign, power = t.derive("norm_power", known, norm=own)
    term = Abs(v(x)) ** p
    values = {"v": function(x, term), "pi0": pi, "rho": rho}
    same = t.use("conditional_errors.mean_of_the_first", values, {"X": X, "Y": Y}, by=[power])
    exists = t.exists(same.left, by=[same])
    found = t.derive("norm_exists", exists, least, norm=whole)
    other, powers = t.derive("norm_power", found, norm=whole)
    equal = t.show((whole**p).eq(own**p), by=[powers, power, same], opaque=[whole**p, own**p])
    return roots(p, whole, own, by=[equal, sign, other, least])


@theorem(source=SOURCE)
def uniformly_positive(t):
    """‖p - κ_y g1/G‖_p <= uniform in L^p of the uniform law of Ω, p >= 1, where 0 <= f1 <= f2 and
    G >= c: f2 and G are functions of x alone, and are compared over the law of x."""
    X, Y = t.space("X"), t.space("Y")
    pi, rho, x, y = t.law("pi0", X), t.law("rho", Y), t.variable("x", X), t.variable("y", Y)
    (f1, g1), (f2, G) = t.function("f1 g1", X, Y), t.function("f2 G", X)
    p, c, error_1, error_2, _, sigma_y = t.real("p c error_1 error_2 d_y sigma_y")
    box = joint(pi, (x, rho))
    q = t.variable("q", box.sort.parts[0])
    least, sign, _ = t.given(p >= 1, c > 0, sigma_y > 0)
    order, sets = t.given(
        Forall([x, y], And(f1(x, y) >= 0, f1(x, y) <= f2(x)), [In(x, pi), In(y, rho)]),
        LivesOn(pi, x, And(f2(x) > 0, c <= G(x))),
    )
    a, b = first(q), second(q)
    one = Norm(f1(a, b) - g1(a, b), p, (q, box))
    two, whole = Norm(f2(x) - G(x), p, (x, pi)), Norm(f2(a) - G(a), p, (q, box))
    near = t.given(one <= error_1, two <= error_2)
    values = {"v": function(x, f2(x) - G(x)), "rho": rho}
    same = t.use(
        "conditional_errors.norm_of_the_first", values, {"X": X, "Y": Y}, by=[least, near[1]]
    )
    kappa = t.quoted(conditional.KAPPA_Y)
    size = t.show(kappa >= 0)
    error = kappa * (f1(a, b) / f2(a)) - kappa * (g1(a, b) / G(a))
    u, v, w, z, k = t.real("u v w z k")
    given = [k >= 0, v > 0, c <= z, u >= 0, u <= v]
    with t.let(k, u, v, w, z, given=given) as at:
        ratio = t.use("ratio.error_of_the_quotient")(1, c, u, v, w, z, by=[sign, *at.facts])
        t.show(
            Abs(k * (u / v) - k * (w / z)) <= k / c * Abs(u - w) + k / c * Abs(v - z),
            by=[ratio, sign, *at.facts[:3]],
        )
    with t.let(q, given=[In(q, box)]) as point:
        t.derive("halves", *point.facts)
        at(kappa, f1(a, b), f2(a), g1(a, b), G(a), by=[size, sign, sets(a), order(a, b)])
    found = t.minkowski(
        Norm(error, p, (q, box)) <= kappa / c * one + kappa / c * whole, by=[point.fact, size, sign]
    )
    bound = t.read(conditional.UNIFORM)
    known = [found, same, size, sign, *near]
    return t.show(Norm(error, p, (q, box)) <= bound, by=known, opaque=[kappa])
