"""The numbers of a format in order, and strategies that favour what is hard."""

import importlib
import sys
from fractions import Fraction

import pytest
import torch
from containments import COUNT
from example_networks import KINKS
from flint import fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from boundcheck import BoundcheckError, Box, Network, Q, ReLU, gates, symbols
from boundcheck.constructions.marginal_pairs import ddpm_pair
from boundcheck.testing import (
    boxes,
    marginals,
    measures,
    networks,
    points,
    representable,
    schedules,
)
from boundcheck.testing.ordinals import Ordinals
from boundcheck.torchnet.dtypes import FORMATS


def exact(tensor):
    """The numbers of a tensor as fractions."""
    return [Fraction(v) for v in tensor.double().reshape(-1).tolist()]


BITS = {
    "float64": torch.int64,
    "float32": torch.int32,
    "float16": torch.int16,
    "bfloat16": torch.int16,
}
DTYPES = list(FORMATS)


# -- numbers of a format ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_ordinals_count_all_numbers(name):
    """The bit patterns of positive numbers are their ordinals."""
    ordinals = Ordinals(FORMATS[name])
    patterns = torch.arange(ordinals.last + 1, dtype=torch.int16)
    values = exact(patterns.view(getattr(torch, name)))
    assert (
        torch.arange(ordinals.last + 1, ordinals.last + 2, dtype=torch.int16)
        .view(getattr(torch, name))
        .isinf()
    )
    for k in range(0, len(values), 7):
        q = fmpq(values[k].numerator, values[k].denominator)
        assert ordinals.value(k) == q
        assert ordinals.value(-k) == -q
        assert ordinals.floor(q) == ordinals.ceil(q) == k
        assert ordinals.floor(-q) == -k


@pytest.mark.parametrize("name", ["float64", "float32"])
@given(data=st.data())
def test_neighbours_are_those_of_torch(name, data):
    ordinals = Ordinals(FORMATS[name])
    k = data.draw(
        st.integers(0, ordinals.last - 1)
        | st.integers(0, 100)
        | st.integers(-3, 3).map(ordinals.normal.__add__)
    )
    here = torch.tensor(float(Q(ordinals.value(k))), dtype=getattr(torch, name))
    assert here.view(BITS[name]).item() == k
    above = torch.nextafter(here, torch.tensor(torch.inf, dtype=here.dtype))
    assert [Q(ordinals.value(k + 1))] == exact(above)
    between = (ordinals.value(k) + ordinals.value(k + 1)) / 2
    assert (ordinals.floor(between), ordinals.ceil(between)) == (k, k + 1)
    assert (ordinals.floor(-between), ordinals.ceil(-between)) == (-k - 1, -k)


def test_representable_boxes():
    below, above = (
        exact(torch.tensor([0.1]))[0],
        exact(torch.nextafter(torch.tensor([0.1]), torch.tensor([0.0])))[0],
    )
    assert below > Fraction(1, 10) > above  # float32(0.1) is larger than 1/10
    assert representable("x in [0, 1/10]", "float32") == Box(x=(0, above))
    assert representable("x in [1/10, 1]", torch.float32) == Box(x=(below, 1))
    tiny = exact(torch.nextafter(torch.tensor([0.0]), torch.tensor([1.0])))[0]
    assert representable("x in (0, 1)", "float32") == Box(x=(tiny, 1 - Fraction(1, 2**24)))
    largest = torch.finfo(torch.float16).max
    assert representable("x in (-oo, oo)", "float16") == Box(x=(-largest, largest))
    assert representable("x in [0, sqrt(2)]", "bfloat16") == Box(x=(0, Fraction(181, 128)))
    with pytest.raises(
        BoundcheckError, match=r"x in \[1/3, 1/3\] contains no float64 number; give a wider range"
    ):
        representable("x in [1/3, 1/3]", "float64")
    with pytest.raises(BoundcheckError, match=r"the end a of x in \[0, a\] contains symbols"):
        representable("x in [0, a]", "float64")
    with pytest.raises(
        BoundcheckError, match=r"the end 1/0 of x in \[0, 1/0\] has no value: division by zero"
    ):
        representable("x in [0, 1/0]", "float64")
    with pytest.raises(
        BoundcheckError, match=r"the end sqrt\(2\)\*\*2 of .* is too close to a number of float64"
    ):
        representable("x in [0, sqrt(2)**2]", "float64")
    with pytest.raises(
        BoundcheckError, match="dtype = float8; networks in torch have one of float64"
    ):
        representable("x in [0, 1]", "float8")


# -- strategies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DTYPES)
@given(data=st.data())
def test_points_are_numbers_of_the_dtype_in_the_box(name, data):
    box = data.draw(boxes(["x", "y"], dtype=name))
    x = data.draw(points(box, name, data.draw(networks(2))))
    assert exact(torch.tensor([float(v) for v in x], dtype=getattr(torch, name))) == list(x)
    for v, r in zip(x, box.ranges, strict=True):
        assert Q(r.lower.value.payload) <= v <= Q(r.upper.value.payload)
    COUNT["tried"] += 1


def _found(strategy, wanted):
    """Hypothesis draws it within few examples."""
    few = settings(max_examples=300, derandomize=True, database=None, phases=[Phase.generate])
    return find(strategy, wanted, settings=few)


@pytest.mark.parametrize("name", DTYPES)
def test_points_favour_what_is_hard(name):
    ordinals = Ordinals(FORMATS[name])
    tiny, normal, end = (
        Q(ordinals.value(k)) for k in (1, ordinals.normal, ordinals.floor(fmpq(1)) - 1)
    )
    box = "x in [-1, 1], y in [-1, 1]"
    for wanted in (
        lambda p: p == (1, 1),
        lambda p: p == (-1, 1),
        lambda p: p[0] == end,
        lambda p: p[1] == -tiny,
        lambda p: 0 < abs(p[0]) < normal,
        lambda p: (
            0
            < abs(p[0] - round(p[0] * 10) / Fraction(10))
            < Fraction(1, 2 ** (FORMATS[name].precision + 1))
        ),
    ):
        _found(points(box, name), wanted)
    for edge in (Fraction(1, 3), Fraction(13, 30)):

        def at(k, p, edge=edge):
            """The coordinates on either side of the edge, along x: the k-th from below."""
            low = ordinals.floor(
                fmpq(edge.numerator, edge.denominator) - fmpq(p[1].numerator, p[1].denominator)
            )
            return abs(p[0]) < 1 and p[0] == Q(ordinals.value(low + k))

        for k in (0, 1):
            _found(points(box, name, KINKS), lambda p, k=k: at(k, p) and p[1] not in (0, 1, -1))


def test_points_find_a_neuron_that_is_positive_only_inside():
    """The second neuron changes its piece at 1/5 and at 4/5, and is negative
    at both ends of the box."""
    net = Network.from_layers(
        [([[1], [1]], [0, "-1/2"]), ([[1, -2]], ["-1/5"]), ([[1]], [0])], ReLU()
    )
    for edge in (Fraction(1, 5), Fraction(4, 5)):
        _found(
            points("x in [-1, 2]", "float32", net),
            lambda p, e=edge: abs(p[0] - e) < Fraction(1, 2**23),
        )


@given(
    net=networks(2, 3, dtype="bfloat16"),
    box=boxes(),
    mu=measures(2),
    f=marginals(2),
    betas=schedules(),
)
def test_exact_objects(net, box, mu, f, betas):
    weights = [Q(e) for layer in net.layers for e in layer.entries()]
    assert exact(torch.tensor([float(w) for w in weights], dtype=torch.bfloat16)) == weights
    assert (net.inputs, net.outputs, net.depth <= 2, net.width <= 4) == (2, 3, True, True)
    (r,) = box.ranges
    assert r.lower.value.payload < r.upper.value.payload
    assert sum(mu[1]) == 1
    assert min(mu[1]) > 0
    f.check()
    assert f.dimension == 2
    assert list(betas) == sorted(betas)
    assert 0 < min(betas) <= max(betas) < 1


def _weights(mu):
    return [w / 2 for w in mu[1]] + [Fraction(1, 2)] if all(u == (0,) for u in mu[0]) else mu[1]


@given(mu=measures(1), betas=schedules())
def test_measures_and_schedules_make_diffusion_pairs(mu, betas):
    abar = Fraction(1)
    for beta in betas:
        abar *= 1 - beta
    f2, _ = ddpm_pair(
        [*mu[0], (1,)] if all(u == (0,) for u in mu[0]) else mu[0], _weights(mu), abar
    )
    assert f2.variance == fmpq((1 - abar).numerator, (1 - abar).denominator)


def test_strategies_name_what_is_wrong():
    with pytest.raises(
        BoundcheckError, match="the network takes 2 inputs, but the box has 1 variables"
    ):
        points("x in [0, 1]", net=KINKS)
    with pytest.raises(BoundcheckError, match="the box has no variables"):
        points(None)
    with pytest.raises(BoundcheckError, match="contains no float64 number"):
        points("x in [1/3, 1/3]")
    with pytest.raises(BoundcheckError, match=r"the weights contain B; give them numbers"):
        points("x in [0, 1]", net=gates.identity(symbols("B")))


def test_without_hypothesis(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "boundcheck.testing.strategies")
    with pytest.raises(ImportError, match=r"needs hypothesis: pip install 'boundcheck\[testing\]'"):
        importlib.import_module("boundcheck.testing.strategies")
