"""The constants at extreme parameters: mpmath, exponents next to 2, and n at the ends of its
ranges."""

import random
from functools import lru_cache
from itertools import pairwise

import pytest
from flint import fmpq
from mpmath import mp, mpf

from boundcheck.exact.terms.rational import rational
from boundcheck.theory.theorems.constants import evaluate


# -- the constants: mpmath, extreme parameters, exponents next to 2, and n at the ends of its ranges
@lru_cache
def kappa_by_mpmath(d):
    """|S^(d-1)| E|θ|_∞ = |S^(d-1)| E|g|_∞/E|g|_2, and ∫|c_m|, m = d + 1, as
    the variation of s_(m-1)."""
    m = d + 1

    def c(s):
        return mp.hyp1f1(mpf(m + 1) / 2, mpf(1) / 2, -s * s / 2, zeroprec=500)

    zeros, s, step = [], mpf(0), mp.pi / 61  # no zero is a multiple of the step
    while len(zeros) < (m + 1) // 2:
        if c(s) * c(s + step) < 0:
            zeros.append(
                mp.findroot(c, (s, s + step), solver="anderson", tol=mp.eps**2, verify=False)
            )
        s += step
    primitive = [z * mp.hyp1f1(mpf(m + 1) / 2, mpf(3) / 2, -z * z / 2) for z in zeros]
    mass = 2 * sum(abs(b - a) for a, b in pairwise([mpf(0), *primitive, mpf(0)]))
    mass *= mpf(2) ** (mpf(m - 1) / 2) * mp.gamma(mpf(m + 1) / 2)
    largest = mp.quad(lambda t: 1 - mp.erf(t / mp.sqrt(2)) ** d, [0, 0.5, 1, 2, 3, 4, 6, 8, 12, 18])
    sphere = 2 * mp.pi ** (mpf(d) / 2) / mp.gamma(mpf(d + 1) / 2) / mp.sqrt(2)
    return (2 * mp.pi) ** (-mpf(d) / 2) * sphere * largest * mass


def shallow_by_mpmath(d, k, R, sigma, mass, p):
    moment = mass * 2 * R * (d + 2 * d * (d - 1) / mp.pi) / sigma**2
    V = min(moment, mass * kappa_by_mpmath(int(d)) / sigma)
    draws, delta, h_b = 2 * d * k**d, R * (3 * d - 2) / k, R * d / k
    X = (d * d + 4 * (d - 1) / 3) ** 2 + 64 * (d - 1) / 45
    S = R / (2 * k) * mp.sqrt(d * d + 4 * d - 4)
    D, A = 2 * mass * mp.gamma(d / 2 + 1) / (mp.pi ** (d / 2) * sigma**2), d * 2**d
    out = {"V": V, "neurons": 1 + 2 * d * (k + 1) ** d + 2 * draws, "lambda": 3 * V}
    out["l2_plain"] = V * mp.sqrt(delta**3 / (32 * R * draws))
    out["lp"] = out["l2_sharp"] = (
        X ** mpf("0.375") / (8 * mp.sqrt(3 * d)) * V * R * k ** (-(d + 3) / 2)
    )
    out["sup_corner"], out["sup_corner_sharp"] = D * A * (S * S + h_b * S) / 2, D * A * S * S / 2
    if p > 2:
        B = mp.sqrt(2) * (mp.gamma((p + 1) / 2) / mp.sqrt(mp.pi)) ** (1 / p)
        K = (p * 2 ** (p / 2) * mp.gamma(p / 2)) ** (1 / p)
        out["lp_khintchine"] = 2 * B * V * delta / 4 * (delta / (2 * R)) ** (1 / p) / mp.sqrt(draws)
        out["lp_hoeffding"] = K * S / 2 * mp.sqrt(V * D * A * R * (4 * d - 2) / (k * draws))
        out["lp"] = min(out["lp_khintchine"], out["lp_hoeffding"])
    return out


def ratio_by_mpmath(d, k, R, sigma, mass, p, b, c, M, n):
    f = shallow_by_mpmath(d, k, R, sigma, mass, p)
    e, V = 2 * b * (f["l2_sharp"] + 3 * f["V"] / M) + (1 + b) / M, f["V"]
    volume, clip = (2 * R) ** d / (2 * mp.pi * sigma**2) ** (d / 2), mp.sqrt(mass) / M

    def width(k):
        return 2 + 2 * d * (k + 1) ** d + 8 * d * k**d

    out = {"neurons": width(k), "n0": width(mpf(1)), "error_l2": e, "lp": f["lp"]}
    out["uniform"] = (2 * b * (f["lp"] + 3 * V / M) + (1 + b) / M) / c
    out["uniform_squared"] = mass * volume * (e / c) ** 2
    out["weighted"] = (mp.sqrt(volume / c) * e + clip) ** 2
    out["positivity_free"] = (mp.sqrt(2 * b * volume * (e + b * c)) + clip) ** 2
    at_k = f["lp_hoeffding"] if p > 2 else f["l2_sharp"]
    out["C"] = 2 * b * at_k * k ** ((d + 3) / 2) * width(mpf(2)) ** ((d + 3) / (2 * d)) / c
    out["C_prime"] = (1 + b + 6 * b * V) / c
    out["bound_at_n"] = out["C"] * n ** (-(d + 3) / (2 * d)) + out["C_prime"] / M
    return out


def exact(value):
    q = rational(value)
    return mpf(int(q.p)) / int(q.q)


def extreme(seed):
    rng = random.Random(seed)

    def size(most):
        return f"{rng.randrange(1, 10**4)}e{rng.randint(-most, most) - 3}"

    d = rng.choice([1, 1, 2, 3, 4, 5, 7, 10, 20])
    n0, n2 = 2 + 2 * d * 2**d + 8 * d, 2 + 2 * d * 3**d + 8 * d * 2**d
    values = {
        "d": d,
        "k": rng.choice([1, 2, 3, 1000]),
        "R": size(6),
        "sigma": size(6),
        "mass": size(3),
    }
    values["p"] = rng.choice(["1", "1.5", "2", "2.0001", "3", "1000"])
    c = str(rational(values["mass"]) * rng.choice([fmpq(1, 10**9), fmpq(1, 7), fmpq(999, 1000)]))
    n = rng.choice([n0, n2 - 1, n2, n2 + 1, 10**9])
    return values, {"b": size(4), "c": c, "M": rng.choice(["0.001", "7", "1099511627776"]), "n": n}


@pytest.mark.parametrize("seed", range(25))
def test_constants_at_extreme_parameters(seed):
    values, more = extreme(seed)
    with mp.workdps(60):
        for name, given, formulas in (
            ("shallow", values, shallow_by_mpmath),
            ("ratio", {**values, **more}, ratio_by_mpmath),
        ):
            found = evaluate(name, given, 40)
            for key, wanted in formulas(**{n: exact(v) for n, v in given.items()}).items():
                low, high = exact(found[key][1].lower), exact(found[key][1].upper)
                slack = mpf(10) ** -45 * abs(
                    wanted
                )  # of mpmath, far below the width of the enclosure's last digit
                assert low - slack <= wanted <= high + slack, (key, given)
