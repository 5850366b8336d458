"""Networks for conditional densities: near the density that they are for, and beside the bound."""

import math

import numpy as np
import pytest
from flint import fmpq

from boundcheck import prove
from boundcheck.constructions.builders import build
from boundcheck.constructions.conditional_density import ConditionalPair
from boundcheck.constructions.ratio_network import ratio
from boundcheck.errors import BoundcheckError
from boundcheck.theory.theorems.constants import evaluate

ATOMS, WEIGHTS = [("1", "1/2"), ("-1/2", "-1/4")], ["1/4", "3/4"]
SIGMAS = ("1/2", "1/4")


def kernels(x, y):
    """Each atom's part of f1 and f2."""
    for (u, v), w in zip([(1, 0.5), (-0.5, -0.25)], [0.25, 0.75], strict=True):
        own = w * math.exp(-((x - u) ** 2) * 2)
        yield own * math.exp(-((y - v) ** 2) * 8), own


def exact(x, y):
    ones, twos = zip(*kernels(x, y), strict=True)
    return sum(ones), sum(twos)


def pair():
    return ConditionalPair.of(ATOMS, WEIGHTS, d_x=1, sigma_x=SIGMAS[0], sigma_y=SIGMAS[1])


def points(R, count):
    """Midpoints of cells of [-R, R] x [-R/2, R/2]."""
    steps = [fmpq(2 * i + 1 - count, count) for i in range(count)]
    return [(R * s, R * t / 2) for s in steps for t in steps]


@pytest.mark.parametrize(("k_1", "k_2"), [(8, 8), (6, 24)])
def test_errors(k_1, k_2):
    """The root mean squares of f1 - g1 and f2 - g2 are below the bounds of the ideal
    construction."""
    shallow = pair().shallow(1, k_1, k_2)
    squares = []
    for x, y in points(fmpq(1), 14):
        g2, g1 = map(float, shallow(x, y))
        f1, f2 = exact(float(x), float(y))
        squares.append(((f1 - g1) ** 2, (f2 - g2) ** 2))
    one, two = np.sqrt(np.mean(squares, axis=0))
    given = {"sigma_x": SIGMAS[0], "sigma_y": SIGMAS[1], "R_x": 1, "R_y": "1/2", "B": "1/2"}
    found = evaluate("conditional", {**given, "k_1": k_1, "k_2": k_2})
    assert one <= float(found["error_1"].value.upper)
    assert two <= float(found["error_2"].value.upper)
    assert shallow.width <= int(found["neurons_1"].value.upper + found["neurons_2"].value.upper)


def test_density():
    """The ratio is near f1/f2, and the tail divides exactly."""
    net = ratio(pair().shallow(1, 24, 48), c="1/100", C=1, b=1, M=2**40, output_clip=True)
    assert prove(net.exactness()).name == "proved"
    for x, y in points(fmpq(1), 5):
        f1, f2 = exact(float(x), float(y))
        (value,) = [float(net.network(x, y))]
        assert abs(value - f1 / f2) < 0.02


def test_built_by_name():
    built = build("conditional", ["k=4,k_2=6,sigma_y=1/4,seed=3", "depth=7"])
    assert built.network.inputs == 2
    assert built.network.outputs == 1
    assert built.network.depth == 7
    assert built.settings["c"] == "0.0183"
    again = build("conditional", [",".join(f"{n}={v}" for n, v in built.settings.items())])
    assert again.network == built.network


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("d_x=2", "at least one more of y"),
        ("atoms=1:1;0:0,weights=1/2;1/4", "their sum must be 1 exactly"),
        ("c=2", "needs c < C"),
        ("sigma_y=0", "0 < sigma_y"),
    ],
)
def test_what_is_refused(given, message):
    with pytest.raises(BoundcheckError, match=message):
        build("conditional", [given])
