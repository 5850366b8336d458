"""Rules that integrate, and what Bayes' formula says of small data."""

import math

import mpmath
import numpy as np
import pytest
from experiment_settings import settings

from boundcheck.experiments import data
from boundcheck.experiments.data import data_of
from boundcheck.experiments.quadrature import line, power


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_the_posterior_agrees_with_mpmath(d, share):
    data = data_of(settings("ddpm", f"d={d}"))
    x = np.random.default_rng(0).uniform(-6, 6, (12, d))
    density, means = data.posterior(x, share)
    atoms, chances = data.arrays()
    with mpmath.workdps(40):
        for at, q, mean in zip(x, density, means, strict=True):
            gaps = [
                sum(
                    (mpmath.mpf(v) - mpmath.sqrt(share) * c) ** 2
                    for v, c in zip(at, u, strict=True)
                )
                for u in atoms
            ]
            parts = [
                p * mpmath.exp(-g / (2 * (1 - mpmath.mpf(share))))
                for p, g in zip(chances, gaps, strict=True)
            ]
            whole = sum(parts)
            assert q == pytest.approx(
                float(whole * (2 * mpmath.pi * (1 - mpmath.mpf(share))) ** (-mpmath.mpf(d) / 2)),
                rel=1e-10,
            )
            for i in range(d):
                assert mean[i] == pytest.approx(
                    float(sum(p * u[i] for p, u in zip(parts, atoms, strict=True)) / whole),
                    rel=1e-9,
                )


def test_rules_integrate_polynomials_and_jumps():
    rule = line([-1, 0.3, 2], 0.5)
    assert rule.weights @ rule.nodes[:, 0] ** 11 == pytest.approx((2**12 - 1) / 12, rel=1e-13)
    assert rule.weights @ (rule.nodes[:, 0] > 0.3) == pytest.approx(1.7, rel=1e-13)
    square = power(rule, 2)
    f = square.nodes[:, 0] ** 2 * square.nodes[:, 1]
    assert square.weights @ f == pytest.approx(3 * 1.5, rel=1e-13)
    assert (np.diff(rule.nodes[:, 0]) > 0).all()


def test_the_law_is_the_mean_of_its_bells():
    found = data.data_of(settings("ddpm", "d=2"))
    x, chances = np.random.default_rng(0).normal(size=(50, 2)), [0.5, 0.25, 0.25]
    law, _ = found.posterior(x, 0.3)
    bells = list(found.bells(x, 0.3))
    assert sum(p * bell for p, bell in zip(chances, bells, strict=True)) == pytest.approx(
        law, rel=1e-12
    )
    atom = math.sqrt(0.3) * np.array([1, 0.5])
    density = [math.exp(-(math.dist(row, atom) ** 2) / 1.4) / (1.4 * math.pi) for row in x]
    assert bells[0] == pytest.approx(density, rel=1e-12)
