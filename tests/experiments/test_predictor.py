"""The predictor of a diffusion step: the network on its box, and the bound of its error."""

import math

import mpmath
import numpy as np
import pytest
import torch
from experiment_settings import settings
from flint import fmpq

from boundcheck.constructions.marginal_pairs import positivity
from boundcheck.experiments.data import data_of
from boundcheck.experiments.predictor import Choice, target
from boundcheck.experiments.quadrature import line

CHOICE = Choice(k=8, reach=fmpq(4), c=fmpq(1, 1000), M=fmpq(2) ** 40, seed=0)


@pytest.mark.parametrize("d", [1, 2])
def test_the_predictor_is_the_network_on_the_box_and_zero_outside(d):
    data = data_of(settings("ddpm", f"d={d}"))
    aim = target(data, 0.5, CHOICE)
    R = float(aim.R.p) / float(aim.R.q)
    assert pytest.approx(math.sqrt(0.5) + 4 * math.sqrt(0.5), abs=1e-3) == R
    built = aim.predictor(CHOICE, 0)
    edge = torch.full((1, d), R, dtype=torch.float64)
    beyond = torch.full((1, d), math.nextafter(R, 9), dtype=torch.float64)
    assert (built(beyond) == 0).all()
    assert (built(edge) != 0).any()
    x = torch.rand(400, d, dtype=torch.float64) * 2 - 1
    _, means = data.posterior(x.numpy(), 0.5)
    assert np.abs(built(x).numpy() - means).max() < 0.2
    one_by_one = torch.cat([built(p[None]) for p in x[:5]])
    assert torch.allclose(built(x)[:5], one_by_one, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("d", "share", "k", "reach"), [(1, 0.5, 8, 4), (1, 0.0625, 256, 2), (2, 0.25, 6, 3)]
)
def test_the_bound_of_the_gap_agrees_with_mpmath(d, share, k, reach):
    data = data_of(settings("ddpm", f"d={d},B=2"))
    choice = Choice(k, fmpq(reach), fmpq(1, 1000), fmpq(2) ** 20, 0)
    aim = target(data, share, choice)
    with mpmath.workdps(30):
        s2, R, c, M, b = (
            1 - mpmath.mpf(share),
            mpmath.mpf(int(aim.R.p)) / int(aim.R.q),
            mpmath.mpf(int(aim.c.p)) / int(aim.c.q),
            2**20,
            2,
        )
        kappa = [4 * mpmath.exp(-0.5), mpmath.mpf("4.29321421281473")][d - 1]
        V = min(2 * R * (d + 2 * d * (d - 1) / mpmath.pi) / s2, kappa / mpmath.sqrt(s2))
        X = (d**2 + mpmath.mpf(4) * (d - 1) / 3) ** 2 + mpmath.mpf(64) * (d - 1) / 45
        l2 = (
            X ** mpmath.mpf("0.375")
            / (8 * mpmath.sqrt(3 * d))
            * V
            * R
            * mpmath.mpf(k) ** (-mpmath.mpf(d + 3) / 2)
        )
        e = 2 * b * (l2 + 3 * V / M) + mpmath.mpf(1 + b) / M
        size = (2 * R) ** d / (2 * mpmath.pi * s2) ** (mpmath.mpf(d) / 2)
        squared = {"positivity_free": 2 * b * size * (e + b * c), "weighted": size * e**2 / c}[
            aim.version
        ]
        off = d * b**2 * min(1, d * mpmath.exp(-((R - mpmath.sqrt(share) * b) ** 2) / (2 * s2)))
        bound = d * (mpmath.sqrt(squared) + mpmath.mpf(1) / M) ** 2 + off
        found = mpmath.mpf(int(aim.gap_bound.p)) / int(aim.gap_bound.q)
        assert abs(found - bound) <= 1e-9 * bound
    assert aim.c in (choice.c, positivity(aim.f2, aim.R))
    assert aim.version == ("weighted" if k == 256 else "positivity_free")
    if aim.version == "weighted":  # only where c is a lower bound of f2 on the box
        x = line([-float(R), float(R)], 0.01).nodes
        q, _ = data.posterior(x, share)
        assert (q * math.sqrt(2 * math.pi * (1 - share))).min() >= float(c)


def test_the_weighted_bound_is_used_where_it_is_smaller():
    data = data_of(settings("ddpm"))
    versions = {
        k: target(data, 1 / 16, Choice(k, fmpq(3), fmpq(1, 10**4), fmpq(2) ** 40, 0)).version
        for k in (2, 64)
    }
    assert versions == {2: "positivity_free", 64: "weighted"}
