"""Reading C3, on a line: what is left of the error right of all atoms, by quadrature."""

import random

import mpmath
import pytest
from mpmath import mp, mpf


def fall(x, u, v, s):
    return mp.exp(-(v - u) * (2 * x - u - v) / (2 * s**2))


@pytest.mark.parametrize("seed", range(6))
def test_the_tail_of_an_atom(seed):
    """Its integral is s² c times the fall of the exponential (`readings.tail_of_an_atom`)."""
    draw = random.Random(seed)
    u, s, c = (mpf(draw.uniform(0.3, 2)) for _ in range(3))
    v, L = u + mpf(draw.uniform(0, 2)), mpf(draw.uniform(-1, 2))
    M = L + mpf(draw.uniform(0, 3))
    area = mpmath.quad(lambda x: (v - u) * c * fall(x, u, v, s), [L, (L + M) / 2, M])
    exact = s**2 * c * (fall(L, u, v, s) - fall(M, u, v, s))
    assert abs(area - exact) <= mpf(10) ** -9 * (1 + abs(exact))


@pytest.mark.parametrize("seed", range(6))
def test_the_error_right_of_the_atoms(seed):
    """The integral of v - f1/f2 over [L, M] is at most the sum of these tails, and near it far
    out, where the largest atom outweighs the others."""
    draw = random.Random(seed)
    u = [mpf(draw.uniform(-1, 1)) for _ in range(3)]
    p, s, v = [mpf(draw.uniform(0.2, 1)) for _ in u], mpf(draw.uniform(0.5, 1.5)), max(u)
    q = p[u.index(v)]

    def error(x):
        weights = [b * mp.exp(-((x - a) ** 2) / (2 * s**2)) for a, b in zip(u, p, strict=True)]
        return sum((v - a) * w for a, w in zip(u, weights, strict=True)) / sum(weights)

    for L in (mpf(0), v, v + 3):
        area = mpmath.quad(error, [L, L + 1, L + 3])
        tails = sum(
            s**2 * b / q * (fall(L, a, v, s) - fall(L + 3, a, v, s))
            for a, b in zip(u, p, strict=True)
        )
        assert 0 <= area <= tails
    with mp.workdps(50):
        far = v + 10**5
        last = sum((v - a) * b / q * fall(far, a, v, s) for a, b in zip(u, p, strict=True))
        assert abs(last / error(far) - 1) <= mpf("0.05")
