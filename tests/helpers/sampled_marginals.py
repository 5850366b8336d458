"""Marginals of any dimension, and networks of ReLU, at points."""

import math

import numpy as np

from boundcheck.constructions.marginal import Marginal


def measures(d):
    """Name: atoms and masses; one with a negative mass, one with atoms at
    corners of the box [-1, 1]^d."""
    return {
        "one atom": ([[0] * d], [1]),
        "signed": ([[0] * d, ["1/2"] * d, ["-3/10"] + ["7/10"] * (d - 1)], [1, "1/2", "-7/10"]),
        "corners": ([[1] * d, [-1] * d], [1, "1/3"]),
    }


def marginal(d, name="signed", sigma="1/2"):
    return Marginal.of(*measures(d)[name], sigma=sigma)


def number(q):
    return int(q.p) / int(q.q)


def target(f, x):
    """f at the points x (n, d), by its definition."""
    atoms = np.array([[number(c.payload) for c in u] for u in f.points])
    squares = ((x[:, None, :] - atoms) ** 2).sum(axis=2)
    return np.exp(-squares / (2 * number(f.variance))) @ np.array(
        [number(m.payload) for m in f.masses]
    )


def relu(net, x):
    """A network with one hidden layer of ReLU at the points x (n, d), as (n, outputs)."""
    (w, b), (v, c) = (
        [
            np.array([[number(e) for e in r] for r in a.weight]),
            np.array([number(e) for e in a.bias]),
        ]
        for a in net.layers
    )
    return np.maximum(x @ w.T + b, 0) @ v.T + c


def rms(built, x, output=0):
    return math.sqrt(
        np.mean((relu(built.relu, x)[:, output] - target(built.marginals[output], x)) ** 2)
    )


def points(d, R=1.0, n=2000):
    return np.random.default_rng(7).uniform(-R, R, (n, d))


def sharp(d, k, V, R=1.0):
    X = (d * d + 4 * (d - 1) / 3) ** 2 + 64 * (d - 1) / 45
    return X**0.375 / (8 * math.sqrt(3 * d)) * V * R * k ** (-(d + 3) / 2)


def _floats(network):
    class Layer:
        def __init__(self, layer):
            self.weight = [[float(w.p) / float(w.q) for w in row] for row in layer.weight]
            self.bias = [float(w.p) / float(w.q) for w in layer.bias]

    return map(Layer, network.layers)


def l2_error(network, marginal, R):
    """The L² error at many points, in doubles: the network has weights of moderate size."""
    (w, b), (v, c) = (
        (np.array(layer.weight, float), np.array(layer.bias, float)) for layer in _floats(network)
    )
    x = np.linspace(-R, R, 20_001)
    z = np.outer(x, w[:, 0]) + b
    values = np.where(z < 0, z / (1 - np.minimum(z, 0)), z) @ v[0] + c[0]
    points = [float(u.payload.p) / float(u.payload.q) for (u,) in marginal.points]
    masses = [float(m.payload.p) / float(m.payload.q) for m in marginal.masses]
    s2 = float(marginal.variance.p) / float(marginal.variance.q)
    f = sum(m * np.exp(-((x - u) ** 2) / (2 * s2)) for u, m in zip(points, masses, strict=True))
    return np.sqrt(np.mean((values - f) ** 2))
