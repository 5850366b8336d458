"""The activation SignReLU, ρ_α(t) = t for t >= 0 and αt/(1-t) for t < 0.

arXiv:2601.21242 uses α = 1. Each fact is stated for every α for which it holds, and for the others
it is stated that it fails, with a witness in terms of α.
"""

from boundcheck import Box, SignReLU, claim, fails, identity, inequality, theorem
from boundcheck.math import Abs, Max, Min, oo
from boundcheck.theorems.author.words import And, ThereIs, relu, signrelu
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import expr

SOURCE = "elementary; SignReLU is the activation of arXiv:2601.21242"


def slope(t):
    """ρ'(t) for α = 1: (1-t)^-2 for t < 0 and 1 for t >= 0."""
    return 1 / (1 + Max(0, -t)) ** 2


def rho(a, t):
    """ρ_α(t), α being a, for theorems: their `signrelu` is that with α = 1."""
    return Max(0, t) + a * (Min(0, t) / (1 - Min(0, t)))


@theorem(source=SOURCE)
def the_activation_of_networks(t):
    """The activation of the networks of theorems is ρ_1."""
    u = t.real("u")
    return t.show(signrelu(u).eq(rho(1, u)))


@claim(source=SOURCE)
def zero_at_zero(a):
    """ρ_α(0) = 0, for every α > 0."""
    yield identity(SignReLU(a)(0), 0, given=[a > 0])


@claim(source=SOURCE)
def strictly_increasing(a, s, t):
    """s < t implies ρ_α(s) < ρ_α(t), for every α > 0."""
    rho = SignReLU(a)
    yield inequality(rho(s), "<", rho(t), on=Box.reals("s", "t"), given=[a > 0, s < t])


@theorem(source=SOURCE)
def bounded_below(t):
    """ρ_α > -α for every α > 0, and no larger bound holds."""
    a, u, e = t.real("a u e")
    t.given(a > 0)
    t.example(a=1)
    with t.let(u) as above:
        t.show(rho(a, u) > -a)
    with t.let(e, given=[e > 0]) as largest:
        at = t.exists(-(a / e)).formula.args[0]
        t.show(rho(a, at) < -a + e)
        t.witness(ThereIs(u, rho(a, u) < -a + e), at)
    return t.together(above.fact, largest.fact)


@theorem(source=SOURCE)
def linear_growth(t):
    """|ρ_α(t)| <= max(1, α)|t|; for α > 1 the factor 1 is not enough."""
    a, u = t.real("a u")
    t.given(a > 0)
    t.example(a=1)
    with t.let(u) as growth:
        t.show(Abs(rho(a, u)) <= Max(1, a) * Abs(u))
    with t.suppose(a > 1) as steeper:
        t.show(Abs(rho(a, (1 - a) / 2)) > Abs((1 - a) / 2))
        t.witness(ThereIs(u, Abs(rho(a, u)) > Abs(u)), (1 - a) / 2)
    return t.together(growth.fact, steeper.fact)


@claim(source=SOURCE)
def convex(a, s, t, w):
    """ρ_α is convex for 0 < α <= 1."""
    rho = SignReLU(a)
    mean, chord = rho(w * s + (1 - w) * t), w * rho(s) + (1 - w) * rho(t)
    yield inequality(
        mean, "<=", chord, on=Box(s=(-oo, t), t=(-oo, oo), w=(0, 1)), given=[a > 0, a <= 1]
    )


@claim(source=SOURCE)
def not_convex(a, s, t):
    """For α > 1, ρ_α is not convex: it bends the wrong way at 0."""
    rho = SignReLU(a)
    midpoint = inequality(
        rho((s + t) / 2), "<=", (rho(s) + rho(t)) / 2, on=Box.reals("s", "t"), given=[a > 1]
    )
    h = (a - 1) / 2
    yield fails(midpoint, at={s: -h, t: h}, given=[a > 1])


@theorem(source=SOURCE)
def lipschitz(t):
    """ρ_α is Lipschitz with the constant max(1, α)."""
    a, u, v = t.real("a u v")
    t.given(a > 0)
    t.example(a=1)
    with t.let(u, v) as slopes:
        t.show(Abs(rho(a, u) - rho(a, v)) <= Max(1, a) * Abs(u - v))
    return slopes.fact


@theorem(source=SOURCE)
def lipschitz_constant_is_least(t):
    """No L < max(1, α) is a Lipschitz constant of ρ_α."""
    a, u, v, L = t.real("a u v L")
    t.given(a > 0, L > 0, L < Max(1, a))
    t.example(a=1, L="1/2")
    goal = ThereIs(u, ThereIs(v, Abs(rho(a, u) - rho(a, v)) > L * Abs(u - v)))

    def witness(one, other):
        t.show(Abs(rho(a, one) - rho(a, other)) > L * Abs(one - other))
        t.witness(opened(goal, one), other)
        return t.witness(goal, one)

    with t.suppose(L < 1) as right:
        witness(expr(0), expr(1))
    with t.suppose(expr(1) <= L) as left:
        t.show(a > L)
        witness(-((a / L - 1) / 2), expr(0))
    return t.cases(1, L, left, right)


@claim(source=SOURCE)
def difference_quotient(a, s, t):
    """(ρ_α(t) - ρ_α(s))/(t - s) = α/((1-s)(1-t)) for s < t <= 0: so ρ_α'(t) = α/(1-t)² there."""
    rho = SignReLU(a)
    left = (rho(t) - rho(s)) / (t - s)
    yield identity(
        left, a / ((1 - s) * (1 - t)), on=Box(s=(-oo, oo), t=(-oo, 0)), given=[a > 0, s < t]
    )


@theorem(source=SOURCE)
def continuously_differentiable(t):
    """For α = 1, ρ has the derivative ρ' everywhere, with remainder at most h², and
    |ρ'(u) - ρ'(v)| <= 2|u - v|."""
    u, v, h = t.real("u v h")
    with t.let(u, h) as derivative:
        t.show(Abs(signrelu(u + h) - signrelu(u) - slope(u) * h) <= h**2)
    with t.let(u, v) as continuous:
        t.show(Abs(slope(u) - slope(v)) <= 2 * Abs(u - v))
    return t.together(derivative.fact, continuous.fact)


@theorem(source=SOURCE)
def not_differentiable(t):
    """For α ≠ 1, ρ_α has a corner at 0: no K bounds |ρ_α(h) + ρ_α(-h)| by Kh²."""
    a, h, K = t.real("a h K")
    t.given(a > 0, Abs(a - 1) > 0, K > 0)
    t.example(a=2, K=1)
    corner = ThereIs(h, Abs(rho(a, h) + rho(a, -h)) > K * h**2)
    with t.suppose(a <= 1) as flatter:
        t.witness(corner, (1 - a) / (K + 1))
    with t.suppose(expr(1) < a) as steeper:
        t.witness(corner, (a - 1) / (2 * (1 + K * a)))
    return t.cases(a, 1, flatter, steeper)


@claim(source=SOURCE)
def tangent_below(s, t):
    """For α = 1: ρ(t) >= ρ(s) + ρ'(s)(t - s), the tangent supports from below."""
    rho = SignReLU()
    yield inequality(rho(s) + slope(s) * (t - s), "<=", rho(t), on=Box.reals("s", "t"))


@claim(source=SOURCE)
def chord_above(a, p, q, t):
    """For 0 < α <= 1: on [p, q] the function lies below its chord."""
    rho = SignReLU(a)
    chord = rho(p) + (rho(q) - rho(p)) / (q - p) * (t - p)
    yield inequality(
        rho(t),
        "<=",
        chord,
        on=Box(p=(-oo, oo), q=(-oo, oo), t=(p, q)),
        given=[a > 0, a <= 1, p < q],
    )


@theorem(source=SOURCE)
def padding(t):
    """h = ρ_α(h + α) - α for h >= -α: a hidden value passes a further layer unchanged; one of ReLU
    passes as it is."""
    a, h = t.real("a h")
    t.given(a > 0)
    t.example(a=1)
    with t.let(h, given=[h >= -a]) as soft:
        t.show((rho(a, h + a) - a).eq(h))
    with t.let(h, given=[h >= 0]) as hard:
        t.show(relu(h).eq(h))
    return t.together(soft.fact, hard.fact)


@theorem(source=SOURCE)
def scaled_deficit(t):
    """ρ_M(u) = ρ(Mu)/M satisfies 0 <= ReLU(u) - ρ_M(u) <= T/(1+MT) < 1/M for u >= -T, M > 0."""
    u, T, M = t.real("u T M")
    t.given(M > 0, T >= 0)
    t.example(M=1, T=1)
    deficit, most = relu(u) - signrelu(M * u) / M, T / (1 + M * T)
    with t.let(u) as positive:
        t.show(deficit >= 0)
    with t.let(u, given=[u >= -T]) as small:
        t.show(deficit <= most)
    below = t.show(most < 1 / M)
    return t.show(And(positive.fact.formula, small.fact.formula, below.formula))
