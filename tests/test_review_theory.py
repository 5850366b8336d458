"""The review of the theory: what the statements of the proofs rest on, and the
constants at extreme parameters."""

import random
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product

import numpy as np
import pytest
from conftest import PROOFS
from flint import fmpq
from mpmath import mp, mpf

from boundcheck.claims.comparison import Comparison, inequality
from boundcheck.claims.statement import Citation, Failure
from boundcheck.claims.verdict import Refuted
from boundcheck.exact.terms.rational import rational
from boundcheck.theory.formulas import ratio
from boundcheck.theory.theorems.constants import evaluate
from boundcheck.verification.axioms import ledger
from boundcheck.verification.collect import collect
from boundcheck.verification.decide import decide

CLAIMS = collect([PROOFS]).claims
THEORY = [c for c in CLAIMS if c.id.split(".")[0] in ("ridges", "marginals", "ratio")]
HYPOTHESES = {
    (str(s.on), s.given): pytest.param(s, id=c.id)
    for c in THEORY
    for t in c.statements()
    for s in [t.inner if isinstance(t, Failure) else t]
    if isinstance(s, Comparison)
}

# -- what the statements say ---------------------------------------------------------------------


@pytest.mark.parametrize("statement", HYPOTHESES.values())
def test_no_statement_is_vacuous(statement):
    """What contradicts itself proves everything: the hypotheses of no statement prove 1 <= 0."""
    false = inequality(1, "<=", 0).relation
    assert isinstance(decide(Comparison(false, statement.on, statement.given), 5), Refuted)


@pytest.mark.parametrize(
    ("claim", "needs"),
    [
        (
            "architecture.depth_seven",
            "activation.padding",
        ),  # otherwise shapes alone, and no word of the values
        (
            "marginals.above_two_by_hoeffding",
            "marginals.jensen_gap",
        ),  # "only cells that meet v·x = b count"
        (
            "ridges.representation",
            "textbook.parameter_integrals",
        ),  # the affine part is that of the gradient
        ("ratio.rate_with_m_the_lower_bound", "activation.padding"),
        ("ratio.uniform_squared_norm", "ratio.uniformly_positive"),
    ],
)
def test_steps_that_the_words_need_are_listed(claim, needs):
    (entry,) = [e for e in ledger(CLAIMS) if e.claim.id == claim]
    assert needs in entry.uses


def test_reading_b_is_about_ratios():
    """The rate bounds the error of f1/f2, so a distance from marginals would refute nothing."""
    (claim,) = [c for c in CLAIMS if c.id == "ratio.no_rate_with_m_the_weight_scale"]
    (assumed,) = [s for s in claim.statements() if isinstance(s, Citation)]
    assert "ratio of marginals" in assumed.statement


def test_the_bounds_for_p_2_are_one():
    at_two = ratio.ERROR.subs(ratio.approximation, ratio.APPROXIMATION).subs(
        ratio.lp, ratio.l2_sharp
    )
    assert at_two == ratio.ERROR_L2


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


# -- the steps in words, in exact arithmetic or by quadrature --------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3])
def test_cells_that_meet_a_hyperplane(d):
    """Hoeffding's bound counts, for each v, cells in b with a length of at most
    R(4d-2)/k: exactly, on random x."""
    rng, longest = random.Random(d), Fraction(0)
    for k, _ in product(range(1, 6), range(40)):
        x = [Fraction(rng.randint(-64, 64), 64) for _ in range(d)]  # R = 1
        for start in product(range(k), repeat=d - 1):
            ends = [
                [(Fraction(2 * (i + e), k) - 1) * t for e in (0, 1)]
                for i, t in zip(start, x[1:], strict=True)
            ]
            low, high = (x[0] + sum(f(e) for e in ends) for f in (min, max))
            met = sum(
                Fraction(d * j, k) < high and low < Fraction(d * (j + 1), k)
                for j in range(-2 * k, 2 * k)
            )
            assert Fraction(d * met, k) <= Fraction(4 * d - 2, k)
            longest = max(longest, met * Fraction(d, 4 * d - 2))
    assert longest >= Fraction(1, 2)


def gaps(d, k, x, face, v, b):
    """Multilinear interpolation of ReLU(v·x - b) from the corners of the cells, minus its
    value; R = 1."""
    theta = np.column_stack([*((v[:, i] + 1) * k / 2 for i in range(d - 1)), b * k / d])
    low = np.minimum(np.floor(theta), k - 1)
    total = np.zeros(len(b))
    for corner in product((0, 1), repeat=d):
        at = low + corner
        weight = np.prod(np.where(np.array(corner, bool), theta - low, 1 - theta + low), axis=1)
        total += weight * np.maximum(
            0, face * x[0] + (at[:, :-1] * 2 / k - 1) @ x[1:] - at[:, -1] * d / k
        )
    return total - np.maximum(0, face * x[0] + v @ x[1:] - b)


@pytest.mark.parametrize(("d", "k"), [(1, 1), (1, 3), (2, 1), (2, 2), (3, 2)])
def test_the_gaps_of_the_corner_part(d, k):
    """∫ gap dS db <= A S²/2 at every x, observed: by a midpoint rule on one pair of
    faces, which stands for each."""
    steps = {1: 3000, 2: 300, 3: 60}[d]
    middles = (np.arange(steps) + 0.5) / steps
    grid = np.stack(np.meshgrid(*[middles] * d, indexing="ij"), -1).reshape(-1, d)
    v, b = grid[:, :-1] * 2 - 1, grid[:, -1] * d
    bound = 2 ** (d - 1) * (d * d + 4 * d - 4) / (8 * k * k)  # of one face: 2^(d-1) S²/2
    best = 0.0
    for x in [np.ones(d), *np.random.default_rng(d).uniform(-1, 1, (12, d))]:
        found = gaps(d, k, x, 1, v, b)
        assert found.min() > -1e-12
        total = found.mean() * 2 ** (d - 1) * d
        assert total <= bound * 1.001
        best = max(best, total / bound)
    assert best > 0.25


@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_the_moments_of_a_gap(d):
    """E_x gap² <= R² X_d^(3/4)/(96 k³), gap <= δ/4, P(gap > 0) <= δ/(2R), observed:
    v_1 = 1, x_1 on a grid, R = 1."""
    rng, k, worst = np.random.default_rng(d), 4, 0.0
    X, delta = (d * d + 4 * (d - 1) / 3) ** 2 + 64 * (d - 1) / 45, (3 * d - 2) / k
    first = np.linspace(-1, 1, 2001)
    for trial in range(8):
        where = np.full(d, 0.5) if trial == 0 else rng.uniform(0, 1, d)
        corner = np.array(list(product((0, 1), repeat=d)))
        weight = np.prod(np.where(corner == 1, where, 1 - where), axis=1)
        v, b = (corner[:, :-1] + 1) * 2 / k - 1, corner[:, -1:] * d / k
        squares, positive = [], []
        for others in rng.uniform(-1, 1, (300 if d > 1 else 1, d - 1)):
            values = first + (v @ others)[:, None] - b
            gap = weight @ np.maximum(0, values) - np.maximum(0, weight @ values)
            assert -1e-12 < gap.min() <= gap.max() <= delta / 4 + 1e-12
            squares.append(np.mean(gap**2))
            positive.append(np.mean(gap > 1e-12))
        assert np.mean(positive) <= delta / 2 + 1e-3
        worst = max(worst, np.mean(squares) * 96 * k**3 / X**0.75)
    assert (0.99 if d == 1 else 0.3) < worst < 1.01  # for d = 1 it is sharp
