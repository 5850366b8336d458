"""Small networks with weights of several kinds, boxes for them, and points of these."""

from itertools import pairwise, product

import numpy as np
from flint import fmpq
from float_arrays import exactly
from users import HardTanh

from boundcheck import LeakyReLU, Network, ReLU, SignReLU

ACTIVATIONS = [
    SignReLU(),
    SignReLU("1/3"),
    SignReLU(3),
    ReLU(),
    LeakyReLU(),
    LeakyReLU("7/3"),
    HardTanh(),
]


def random_network(rng, depth, activation, inputs=None, outputs=2):
    """Small weights, a third of each kind: dyadic, rational, and 0 or of another order
    of magnitude."""

    def entry():
        kind = rng.integers(3)
        if kind == 0:
            return fmpq(int(rng.integers(-32, 33)), 8)
        if kind == 1:
            return fmpq(int(rng.integers(-40, 41)), int(rng.integers(1, 30)))
        return fmpq(int(rng.integers(-3, 4)), 3) * fmpq(10) ** int(rng.choice([-30, -5, 0, 3]))

    widths = [
        inputs or int(rng.integers(1, 4)),
        *(int(rng.integers(1, 9)) for _ in range(depth)),
        outputs,
    ]
    layers = [
        ([[entry() for _ in range(a)] for _ in range(b)], [entry() for _ in range(b)])
        for a, b in pairwise(widths)
    ]
    return Network.from_layers(layers, activation)


def random_boxes(rng, d, count):
    """Boxes of all sizes around points of all sizes, points included."""
    middle = rng.normal(size=(d, count)) * 10.0 ** rng.integers(-3, 2, count)
    radius = rng.uniform(size=(d, count)) * rng.choice(
        [0, 1e-300, 1e-13, 1e-3, 0.1, 1, 30, 1e6], count
    )
    return middle - radius, middle + radius


def points_of(rng, lower, upper):
    """Corners, and rational points inside."""
    lo, hi = [exactly(x) for x in lower], [exactly(x) for x in upper]
    yield from (list(c) for c in product(*zip(lo, hi)))
    for _ in range(4):
        shares = [fmpq(int(rng.integers(0, 1001)), 1000) for _ in lo]
        yield [a + s * (b - a) for a, b, s in zip(lo, hi, shares)]


def one_hidden_layer(rng, d, n, activation, outputs=1):
    def weight(rows, columns):
        return [
            [fmpq(rng.randint(-9, 9), rng.choice([1, 2, 3, 7])) for _ in range(columns)]
            for _ in range(rows)
        ]

    return Network.from_layers(
        [
            (weight(n, d), [r[0] for r in weight(n, 1)]),
            (weight(outputs, n), [fmpq(1, 3)] * outputs),
        ],
        activation,
    )


def shallow(n, d, activation, seed=0):
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(n, d))
    w /= np.linalg.norm(w, axis=1)[:, None]
    b, v = rng.uniform(-1, 1, n), rng.choice([-1, 1], n) / n
    return Network.from_layers(
        [((10 * w).tolist(), (10 * b).tolist()), ([(v / 10).tolist()], [0.0])], activation
    )


def layered(rng, *widths):
    return Network.from_layers(
        [
            (rng.integers(-9, 10, (b, a)).tolist(), rng.integers(-9, 10, b).tolist())
            for a, b in pairwise(widths)
        ]
    )
