"""Softmax networks: their error against the Bayes predictor, everywhere."""

import numpy as np
import pytest

from boundcheck.constructions.softmax_network import softmax_network
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.torchnet.backend import torch
from boundcheck.torchnet.convert import to_torch

SIZES = {"n": 60, "Lambda": 8, "M": 2**40}


def bayes(atoms, weights, share, x):
    square = ((x[:, None, :] - np.sqrt(share) * atoms) ** 2).sum(axis=2)
    exponents = np.log(weights) - square / (2 * (1 - share))
    shares = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    return shares @ atoms / shares.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("K", [2, 4])
@pytest.mark.parametrize("share", [0.125, 0.5, 0.96875])
def test_the_error_is_below_its_bound(d, K, share):
    draw = np.random.default_rng(7 * d + K)
    atoms = draw.integers(-8, 9, (K, d)) / 8 + np.eye(K, d) / 16
    counts = draw.integers(1, 9, K)
    weights = [f"{c}/{counts.sum()}" for c in counts]
    built = softmax_network(atoms.tolist(), weights, share, **SIZES)
    assert built.neurons == K * (K - 1) * 61
    assert built.network.depth == 2
    net = to_torch(built.network)
    for scale in (1, 3, 100):
        x = draw.normal(0, scale, (300, d))
        found = net(torch.from_numpy(x)).detach().numpy()
        wanted = bayes(atoms, counts / counts.sum(), share, x)
        errors = np.sqrt(((found - wanted) ** 2).sum(axis=1))
        assert errors.max() <= nearest(built.error)
        if scale == 3 and d == 1 and share == 0.5:
            assert errors.max() > 0.01 * nearest(built.error)


def test_what_is_refused():
    good = [1, -1], ["1/2", "1/2"], "1/2"
    for wrong in ({"n": 0}, {"Lambda": 0}, {"M": -1}):
        with pytest.raises(BoundcheckError, match=f"{next(iter(wrong))} = .*needs"):
            softmax_network(*good, **{**SIZES, **wrong})
    with pytest.raises(BoundcheckError, match="admissible range is 0 < abar < 1"):
        softmax_network(*good[:2], 1, **SIZES)
