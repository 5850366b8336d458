"""The ridge profiles: the one special function behind the ridge density of a Gaussian.

    c_m(s) = ∫_0^∞ r^m exp(-r²/2) cos(rs) dr,      s_m(s) = ∫_0^∞ r^m exp(-r²/2) sin(rs) dr

By Kummer's function (expand cos and sin, integrate term by term)

    c_m(s) = 2^((m-1)/2) Γ((m+1)/2) ₁F₁((m+1)/2; 1/2; -s²/2),
    s_m(s) = 2^(m/2) Γ((m+2)/2) s ₁F₁((m+2)/2; 3/2; -s²/2).

Derivatives stay in the family: c_m' = -s_(m+1) and s_m' = c_(m+1).
"""

from __future__ import annotations

from flint import arb, fmpq


def cosine_profile(m: int, s: arb) -> arb:
    """c_m(s), as a ball at the working precision; m >= 0."""
    half = arb(fmpq(m + 1, 2))
    return (
        arb(2) ** fmpq(m - 1, 2) * half.gamma() * (-(s**2) / 2).hypgeom_1f1(half, arb(fmpq(1, 2)))
    )


def sine_profile(m: int, s: arb) -> arb:
    """s_m(s), as a ball at the working precision; m >= 0."""
    half = arb(fmpq(m + 2, 2))
    return (
        arb(2) ** fmpq(m, 2) * half.gamma() * s * (-(s**2) / 2).hypgeom_1f1(half, arb(fmpq(3, 2)))
    )
