"""Conditional densities: the total variation on a grid beside its bound, and the figures of
`boundcheck constants conditional` in other words."""

import math

import numpy as np
import pytest
from flint import arb, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import conditional
from boundcheck.theory.theorems.constants import evaluate

RANDOM = np.random.default_rng(5)
STEPS = 801


def number(formula, **known):
    values = {n: fmpq(round(v * 10**9), 10**9) for n, v in known.items()}
    return float(arb(at_point(term(formula), values, 128)))


class Pair:
    """Atoms (u, v) with weights, noise (s, r), a box, and f1 and f2 on a grid of midpoints that
    reaches beyond the box."""

    def __init__(self, atoms, weights, s, r, half, reach=3):
        self.s, self.r, self.half = s, r, half
        x = np.linspace(-reach * half, reach * half, STEPS + 1)
        self.step = x[1] - x[0]
        x = (x[:-1] + x[1:]) / 2
        kx = [np.exp(-((x - u) ** 2) / (2 * s**2)) for u, _ in atoms]
        ky = [np.exp(-((x - v) ** 2) / (2 * r**2)) for _, v in atoms]
        self.f1 = sum(w * np.outer(a, b) for w, a, b in zip(weights, kx, ky, strict=True))
        self.f2 = sum(w * a for w, a in zip(weights, kx, strict=True))
        self.inside = np.abs(x) <= half
        self.x = x

    def truth(self, g1, g2, c):
        """E_X TV, and the errors and the probability of the theorem."""
        kx, ky = (1 / math.sqrt(2 * math.pi * v**2) for v in (self.s, self.r))
        box = np.outer(self.inside, self.inside)
        p = ky * self.f1 / self.f2[:, None]
        hat = ky * np.clip(g1 / np.maximum(g2, c)[:, None], 0, 1) * box
        law = kx * self.f2
        tv = 0.5 * np.sum(law[:, None] * np.abs(p - hat)) * self.step**2
        error_1 = np.mean(np.abs(self.f1 - g1)[box])
        error_2 = np.mean(np.abs(self.f2 - g2)[self.inside])
        outside = np.sum((kx * ky * self.f1)[~box]) * self.step**2
        return tv, {"error_1": error_1, "error_2": error_2, "outside": outside}


PAIRS = [
    Pair([(1, 1), (-1, 0.5)], [0.5, 0.5], 0.5, 0.5, 2.0),
    Pair([(0, 0)], [1.0], 1.0, 0.3, 1.0),
    *(
        Pair(
            RANDOM.uniform(-1, 1, (n, 2)),
            RANDOM.dirichlet([1] * n),
            *RANDOM.uniform(0.2, 1, 2),
            1.5,
        )
        for n in (1, 2, 3, 5)
    ),
]
SIZES = ((1e-4, 1e-6), (0.01, 1e-3), (0.1, 0.05), (0.5, 0.5))


@pytest.mark.parametrize("k", range(len(PAIRS)))
@pytest.mark.parametrize(("size", "c"), SIZES)
def test_total_variation(k, size, c):
    pair = PAIRS[k]
    waves = RANDOM.uniform(1, 20, 4)
    g1 = pair.f1 + size * np.outer(np.sin(waves[0] * pair.x), np.cos(waves[1] * pair.x))
    g2 = pair.f2 + size * np.sin(waves[2] * pair.x + waves[3])
    truth, known = pair.truth(g1, g2, c)
    sizes = {"d_x": 1, "d_y": 1, "R_x": pair.half, "R_y": pair.half}
    known |= {"sigma_x": pair.s, "sigma_y": pair.r, "c": c}
    bound = number(conditional.TOTAL_VARIATION, **sizes, **known)
    assert truth <= bound
    none = {"error_1": 0, "error_2": 0, "outside": 0, "c": 1e-9}
    assert truth > number(conditional.TOTAL_VARIATION, **{**sizes, **known, **none})


def test_bound_is_nearly_attained():
    """f1 = f2 l where l is flat, g1 = 0: what is lost is all of f1."""
    pair = Pair([(0, 0)], [1.0], 0.5, 50.0, 1.5)
    truth, known = pair.truth(0 * pair.f1, pair.f2, 1e-6)
    known |= {"sigma_x": 0.5, "sigma_y": 50, "c": 1e-6}
    bound = number(conditional.TOTAL_VARIATION, d_x=1, d_y=1, R_x=1.5, R_y=1.5, **known)
    inside = truth - known["outside"] / 2
    assert truth <= bound
    assert inside > 0.9 * (bound - known["outside"] / 2)


@pytest.mark.parametrize("p", [1, 2, 3])
def test_uniformly_positive(p):
    pair = PAIRS[0]
    cut = np.ix_(pair.inside, pair.inside)
    f1, f2 = pair.f1[cut], pair.f2[pair.inside]
    c = f2.min() / 2
    g1 = f1 + 1e-3 * RANDOM.uniform(-1, 1, f1.shape)
    G = np.maximum(f2 + 1e-3 * RANDOM.uniform(-1, 1, f2.shape), c)

    def norm(u):
        return np.mean(np.abs(u) ** p) ** (1 / p)

    kappa = 1 / math.sqrt(2 * math.pi * pair.r**2)
    truth = norm(kappa * (f1 / f2[:, None] - g1 / G[:, None]))
    known = {"error_1": norm(f1 - g1), "error_2": norm(f2 - G), "c": c}
    assert truth <= number(conditional.UNIFORM, **known, d_y=1, sigma_y=pair.r)


def test_constants():
    """V, the errors and the tail in other words."""
    found = evaluate("conditional", {"d_x": 2, "d_y": 1, "sigma_x": "1/2", "sigma_y": 1, "R_x": 2})
    value = {name: float(e.value.upper) for name, e in found.items()}
    spread = [4.0, 4.0, 3.0]  # R/σ
    draws = np.abs(RANDOM.normal(size=(400_000, 3)) * spread).sum(axis=1) ** 2
    assert value["V_1_moment"] == pytest.approx(2 * draws.mean(), rel=0.01)
    assert value["trace_1"] == sum(v**2 for v in spread)
    assert value["V_1_kernel"] <= 3.06 * math.sqrt(3 * value["trace_1"])
    assert value["V_1_kernel"] >= 2.8 * math.sqrt(3 * value["trace_1"])
    fourth = (9 + 8 / 3) ** 2 + 128 / 45
    l2 = fourth ** (3 / 8) / (8 * 3) * value["V_1"] / 64**3
    assert value["l2_1"] == pytest.approx(l2)
    tail = RANDOM.uniform(-1, 1, (400_000, 3)) + RANDOM.normal(size=(400_000, 3)) * [0.5, 0.5, 1]
    missed = np.mean(np.any(np.abs(tail) > [2, 2, 3], axis=1))
    assert missed <= value["outside"] <= 0.5


@pytest.mark.parametrize(
    ("given", "message"), [({"R_x": "1/2"}, "R_x >= B"), ({"c": 2}, "0 < c < 1")]
)
def test_what_is_refused(given, message):
    with pytest.raises(BoundcheckError, match=message):
        evaluate("conditional", given)
