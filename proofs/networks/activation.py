"""The activation SignReLU, ρ_α(t) = t for t >= 0 and αt/(1-t) for t < 0.

arXiv:2601.21242 uses α = 1. Each fact is stated for every α for which it holds, and for the others
as a claim that it fails, with a witness in terms of α.
"""

from boundcheck import Box, ReLU, SignReLU, claim, fails, identity, inequality
from boundcheck.math import Abs, Max, oo

SOURCE = "elementary; SignReLU is the activation of arXiv:2601.21242"


def slope(t):
    """ρ'(t) for α = 1: (1-t)^-2 for t < 0 and 1 for t >= 0."""
    return 1 / (1 + Max(0, -t)) ** 2


@claim(source=SOURCE)
def zero_at_zero(a):
    """ρ_α(0) = 0, for every α > 0."""
    yield identity(SignReLU(a)(0), 0, given=[a > 0])


@claim(source=SOURCE)
def strictly_increasing(a, s, t):
    """s < t implies ρ_α(s) < ρ_α(t), for every α > 0."""
    rho = SignReLU(a)
    yield inequality(rho(s), "<", rho(t), on=Box.reals("s", "t"), given=[a > 0, s < t])


@claim(source=SOURCE)
def bounded_below(a, t, e):
    """ρ_α > -α for every α > 0, and no larger bound holds."""
    rho = SignReLU(a)
    yield inequality(rho(t), ">", -a, on=Box.reals("t"), given=[a > 0])
    larger = inequality(rho(t), ">=", -a + e, on=Box.reals("t"), given=[a > 0, e > 0])
    yield fails(larger, at={t: -a / e}, given=[a > 0, e > 0])


@claim(source=SOURCE)
def linear_growth(a, t):
    """|ρ_α(t)| <= max(1, α)|t|; for α > 1 the factor 1 is not enough."""
    rho = SignReLU(a)
    yield inequality(Abs(rho(t)), "<=", Max(1, a) * Abs(t), on=Box.reals("t"), given=[a > 0])
    yield inequality(Abs(SignReLU()(t)), "<=", Abs(t), on=Box.reals("t"))
    plain = inequality(Abs(rho(t)), "<=", Abs(t), on=Box.reals("t"), given=[a > 1])
    yield fails(plain, at={t: -(a - 1) / 2}, given=[a > 1])


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


@claim(source=SOURCE)
def lipschitz(a, s, t):
    """ρ_α is Lipschitz with the constant max(1, α)."""
    rho = SignReLU(a)
    yield inequality(
        Abs(rho(s) - rho(t)), "<=", Max(1, a) * Abs(s - t), on=Box.reals("s", "t"), given=[a > 0]
    )
    yield inequality(Abs(SignReLU()(s) - SignReLU()(t)), "<=", Abs(s - t), on=Box.reals("s", "t"))


@claim(source=SOURCE)
def lipschitz_constant_is_least(a, s, t, L):
    """No L < max(1, α) is a Lipschitz constant of ρ_α."""
    rho = SignReLU(a)
    bound = inequality(
        Abs(rho(s) - rho(t)), "<=", L * Abs(s - t), on=Box.reals("s", "t"), given=[a > 0, L > 0]
    )
    yield fails(bound, at={s: 0, t: 1}, given=[a > 0, L > 0, L < 1])
    yield fails(bound, at={s: -(a / L - 1) / 2, t: 0}, given=[a > 1, L > 0, a > L])


@claim(source=SOURCE)
def difference_quotient(a, s, t):
    """(ρ_α(t) - ρ_α(s))/(t - s) = α/((1-s)(1-t)) for s < t <= 0: so ρ_α'(t) = α/(1-t)² there."""
    rho = SignReLU(a)
    left = (rho(t) - rho(s)) / (t - s)
    yield identity(
        left, a / ((1 - s) * (1 - t)), on=Box(s=(-oo, oo), t=(-oo, 0)), given=[a > 0, s < t]
    )


@claim(source=SOURCE)
def continuously_differentiable(t, h, s):
    """For α = 1, ρ has the derivative ρ' everywhere, with remainder at most h², and
    |ρ'(s) - ρ'(t)| <= 2|s - t|."""
    rho = SignReLU()
    yield inequality(Abs(rho(t + h) - rho(t) - slope(t) * h), "<=", h**2, on=Box.reals("t", "h"))
    yield inequality(
        Abs(slope(s) - slope(t)), "<=", 2 * Abs(s - t), on=Box(s=(-oo, t), t=(-oo, oo))
    )


@claim(source=SOURCE)
def not_differentiable(a, h, K):
    """For α ≠ 1, ρ_α has a corner at 0: no K bounds |ρ_α(h) + ρ_α(-h)| by Kh²."""
    rho = SignReLU(a)
    smooth = inequality(
        Abs(rho(h) + rho(-h)), "<=", K * h**2, on=Box.reals("h"), given=[a > 0, K > 0]
    )
    yield fails(smooth, at={h: (1 - a) / (K + 1)}, given=[a > 0, a < 1, K > 0])
    yield fails(smooth, at={h: (a - 1) / (2 * (1 + K * a))}, given=[a > 1, K > 0])


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


@claim(source=SOURCE)
def padding(a, h):
    """h = ρ_α(h + α) - α for h >= -α: a hidden value passes a further layer unchanged."""
    yield identity(SignReLU(a)(h + a) - a, h, on=Box(h=(-a, oo)), given=[a > 0])
    yield identity(ReLU()(h), h, on=Box(h=(0, oo)))


@claim(source=SOURCE)
def scaled_deficit(t, T, M):
    """ρ_M(t) = ρ(Mt)/M satisfies 0 <= ReLU(t) - ρ_M(t) <= T/(1+MT) < 1/M for t >= -T, M > 0."""
    deficit = ReLU()(t) - SignReLU()(M * t) / M
    yield inequality(deficit, ">=", 0, on=Box.reals("t"), given=[M > 0])
    yield inequality(deficit, "<=", T / (1 + M * T), on=Box(t=(-T, oo)), given=[M > 0, T >= 0])
    yield inequality(T / (1 + M * T), "<", 1 / M, given=[M > 0, T >= 0])
