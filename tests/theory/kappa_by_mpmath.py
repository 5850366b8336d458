"""κ_d and the functions behind it, by mpmath, from their definitions."""

from functools import lru_cache
from itertools import pairwise

from mpmath import mp, mpf
from mpmath.calculus.quadrature import GaussLegendre


def cosine(m, s):
    """c_m by Kummer's function, as a check at many digits; its definition is used
    below at fewer."""
    return (
        mpf(2) ** ((mpf(m) - 1) / 2)
        * mp.gamma((mpf(m) + 1) / 2)
        * mp.hyp1f1((mpf(m) + 1) / 2, 0.5, -s * s / 2, zeroprec=500)
    )


def gauss(f, points):
    """A fixed Gauss-Legendre rule with 48 nodes on each piece."""
    return sum(
        (b - a) / 2 * w * f((a + b) / 2 + (b - a) / 2 * x)
        for a, b in pairwise(points)
        for x, w in nodes(mp.prec)
    )


@lru_cache
def nodes(bits):
    return GaussLegendre(mp).calc_nodes(5, bits)


def cosine_by_definition(m, s):
    return gauss(
        lambda r: r**m * mp.exp(-r * r / 2) * mp.cos(r * s), [mpf(0), mpf(4), mpf(8), mpf(14)]
    )


def absolute_mass(c, m):
    """∫_R |c_m|: by the integrals between its zeros, and ∫_R c_m = π r^m
    exp(-r²/2) at r = 0, which is 0."""
    zeros, step, s = [], mpf("0.137"), mpf(0)  # no zero is a multiple of the step
    while len(zeros) < (m + 1) // 2:
        if c(m, s) * c(m, s + step) < 0:
            zeros.append(
                mp.findroot(
                    lambda x: c(m, x), (s, s + step), solver="anderson", tol=mp.eps, verify=False
                )
            )
        s += step
    parts = [
        gauss(lambda x: c(m, x), [a, b]) for a, b in zip([mpf(0), *zeros], zeros, strict=False)
    ]
    return 2 * (sum(map(abs, parts)) + abs(sum(parts)))


def mean_largest_coordinate(d):
    """E|θ|_∞ = E|g|_∞/E|g|_2 for a standard Gaussian g."""
    top = mp.quad(lambda t: 1 - mp.erf(t / mp.sqrt(2)) ** d, [0, 1, 2, 4, 8, 16, mp.inf])
    return top * mp.gamma(mpf(d) / 2) / (mp.sqrt(2) * mp.gamma(mpf(d + 1) / 2))


@lru_cache
def kappa_by_mpmath(d, c=cosine):
    sphere = 2 * mp.pi ** (mpf(d) / 2) / mp.gamma(mpf(d) / 2)
    return (
        (2 * mp.pi) ** (-mpf(d) / 2) * sphere * mean_largest_coordinate(d) * absolute_mass(c, d + 1)
    )


def normal_mean(function):
    return mp.quad(lambda t: function(t) * mp.npdf(t), [-mp.inf, -6, 0, 6, mp.inf])
