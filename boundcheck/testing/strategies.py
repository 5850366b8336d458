"""Strategies for hypothesis: points that are likely to break a bound, and exact
objects to state bounds about."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

from boundcheck.constructions.marginal import Marginal
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import (
    Activation,
    LeakyReLU,
    ReLU,
    SignReLU,
    choose_piece,
)
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.testing.ordinals import Ordinals
from boundcheck.torchnet.dtypes import format_of

try:
    from hypothesis import strategies as st
except ImportError as missing:
    raise ImportError(
        "boundcheck.testing needs hypothesis: pip install 'boundcheck[testing]'"
    ) from missing

Point = tuple[Fraction, ...]
_NEAR = 3
_SIMPLE = sorted(
    {Fraction(p, q) for q in (1, 2, 3, 10) for p in range(-q, q + 1)} | {Fraction(2), Fraction(-2)},
    key=abs,
)
_ACTIVATIONS = (SignReLU(), SignReLU("1/2"), SignReLU(3), ReLU(), LeakyReLU(), LeakyReLU("1/4"))


# -- points ----------------------------------------------------------------------------------------


def points(on: Any, dtype: Any = "float64", net: Network | None = None) -> st.SearchStrategy[Point]:
    """Points of a box whose coordinates are numbers of a dtype, where a bound is likely to break.

    Each coordinate is near an end, near a simple fraction, subnormal or nearly so, uniform in
    the range, or uniform among the numbers of the dtype. With a network, about half of the points
    are moved along one axis to where a neuron of any layer changes its piece: to one of the two
    numbers on either side, or to a neighbour of theirs.

    Args:
        on: a `Box` or a text, in the order of the network's inputs; infinite ends reach to
            the largest finite number.
        dtype: a `torch.dtype`, or its name.
        net: a network with rational weights.

    Returns:
        A strategy of tuples of fractions, one for each variable.

    Raises:
        BoundcheckError: a range without numbers of the dtype or with symbols, a network
            that does not fit the box.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=9, database=None)
    ... @given(points("x in [0, 1]", dtype="float16"))
    ... def square_is_smaller(point):
    ...     assert point[0] ** 2 <= point[0]
    >>> square_is_smaller()
    """
    ordinals = Ordinals(format_of(dtype))
    spans = []
    for r in Box.of(on).ranges:
        low, high = ordinals.inside(r)
        if low > high:
            raise BoundcheckError(
                f"{r} contains no {ordinals.format} number; give a wider range or another dtype"
            )
        spans.append((low, high))
    if not spans:
        raise BoundcheckError("the box has no variables; give it some: on='x in [0, 1]'")
    anywhere = st.tuples(*(_coordinate(ordinals, *s) for s in spans))
    if net is not None:
        if net.inputs != len(spans):
            raise BoundcheckError(
                f"the network takes {net.inputs} inputs, but the box has {len(spans)} variables"
            )
        if net.depth and _starts(net.activation):
            anywhere = anywhere | _on_boundaries(anywhere, spans, ordinals, _Kinks(net))
    return anywhere.map(lambda ks: tuple(fraction(ordinals.value(k)) for k in ks))


def _coordinate(ordinals: Ordinals, low: int, high: int) -> st.SearchStrategy[int]:
    """Ordinals from `low` to `high`."""

    def within(k: int) -> int:
        return min(max(k, low), high)

    first, last = ordinals.value(low), ordinals.value(high)
    simple = [ordinals.floor(rational(q)) for q in _SIMPLE if first <= rational(q) <= last]
    near = st.integers(-_NEAR, _NEAR)
    choices = [
        st.integers(0, _NEAR).map(lambda j: within(low + j)),
        st.integers(0, _NEAR).map(lambda j: within(high - j)),
        st.integers(0, 2**32).map(
            lambda j: within(ordinals.floor(first + (last - first) * fmpq(j, 2**32)))
        ),
        st.integers(low, high),
    ]
    if simple:
        choices.append(st.builds(lambda k, j: within(k + j), st.sampled_from(simple), near))
    tiny = max(low, -ordinals.normal), min(high, ordinals.normal)
    if tiny[0] <= tiny[1]:
        choices += [st.integers(*tiny), near.map(within)]
    return st.one_of(choices)


def _starts(activation: Activation) -> list[int]:
    """Where the activation changes its piece."""
    pieces = activation.pieces(*map(rational, activation.parameters))
    return [p.start for p in pieces if p.start is not None]


class _Kinks:
    """The neurons of a network in doubles: good enough to look for the places where
    they change their piece."""

    def __init__(self, net: Network) -> None:
        if net.free:
            raise BoundcheckError(
                f"the weights contain {', '.join(sorted(net.free))}; give them numbers: "
                ".instantiate(...)"
            )
        self.layers = [(_doubles(a.weight), _doubles(a.bias)) for a in net.layers[:-1]]
        self.pieces = net.activation.pieces(
            *(_double(rational(p)) for p in net.activation.parameters)
        )
        self.neurons = [(k, j) for k, (_, b) in enumerate(self.layers) for j in range(len(b))]
        self.starts = _starts(net.activation)

    def before(self, x: Any, layer: int, neuron: int) -> float:
        """What enters a neuron."""
        with np.errstate(all="ignore"):
            for weight, bias in self.layers[:layer]:
                t = weight @ x + bias
                x = np.array([choose_piece(self.pieces, v).formula(v) for v in t])
            weight, bias = self.layers[layer]
            return float(weight[neuron] @ x + bias[neuron])


def _doubles(entries: Any) -> Any:
    return np.array([_doubles(e) if isinstance(e, tuple) else _double(e) for e in entries])


def _double(q: fmpq) -> float:
    try:
        return float(fraction(q))
    except OverflowError:
        return float("inf") if q > 0 else -float("inf")


@st.composite
def _on_boundaries(
    draw: Any, anywhere: Any, spans: list[tuple[int, int]], ordinals: Ordinals, kinks: _Kinks
) -> Any:
    """A point, moved along one axis to where some neuron changes its piece, if
    it does so on that line."""
    ks = list(draw(anywhere))
    layer, neuron = draw(st.sampled_from(kinks.neurons))
    start = draw(st.sampled_from(kinks.starts))
    axis = draw(st.integers(0, len(spans) - 1))
    x = np.array([_double(ordinals.value(k)) for k in ks])

    def positive(k: int) -> bool:
        x[axis] = _double(ordinals.value(k))
        return kinks.before(x, layer, neuron) >= start

    first, last = spans[axis]
    for low, high in ((first, ks[axis]), (ks[axis], last)):
        at_low = positive(low)
        if at_low != positive(high):
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if positive(middle) == at_low else (low, middle)
            ks[axis] = min(max(low + draw(st.integers(-1, 2)), first), last)
            break
    return tuple(ks)


# -- exact objects ---------------------------------------------------------------------------------


def _fractions(
    bound: int, bottoms: Sequence[int] = (1, 2, 3, 5, 10)
) -> st.SearchStrategy[Fraction]:
    """p/q with q from `bottoms`, of size at most `bound`."""

    def over(q: int) -> st.SearchStrategy[Fraction]:
        return st.integers(-bound * q, bound * q).map(lambda p: Fraction(p, q))

    return st.sampled_from(bottoms).flatmap(over)


_DYADIC = (1, 2, 4, 16)
"""Denominators such that fractions up to 4 are numbers of every dtype: they have at most 7 bits."""


@st.composite
def boxes(draw: Any, names: Sequence[str] = ("x",), dtype: Any = None) -> Box:
    """Closed boxes in [-4, 4] with low < high, some of them very small.

    Args:
        names: the variables.
        dtype: where given, all ends are numbers of that dtype; some boxes are
            then two neighbours wide.

    Raises:
        BoundcheckError: an unknown dtype.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=9, database=None)
    ... @given(boxes(("x", "y"), dtype="float32"))
    ... def two_ranges(box):
    ...     assert box.names == ("x", "y")
    >>> two_ranges()
    """
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for name in names:
        low, high = sorted(draw(st.lists(_fractions(4), min_size=2, max_size=2, unique=True)))
        if draw(st.integers(0, 3)) == 0:
            high = low + Fraction(1, 2 ** draw(st.integers(4, 60)))
        if dtype is not None:
            ordinals = Ordinals(format_of(dtype))
            first, last = (ordinals.floor(rational(e)) for e in (low, high))
            low, high = (fraction(ordinals.value(k)) for k in (first, max(last, first + 1)))
        found[name] = (low, high)
    return Box(**found)


@st.composite
def networks(
    draw: Any,
    inputs: int = 1,
    outputs: int = 1,
    *,
    max_depth: int = 2,
    max_width: int = 4,
    activations: Sequence[Activation] = _ACTIVATIONS,
    dtype: Any = None,
) -> Network:
    """Small networks with exact weights in [-4, 4], many of them 0 or equal.

    Args:
        activations: one of them is chosen; by default those that are shipped,
            with several parameters.
        dtype: where given, all weights are numbers of that dtype.

    Raises:
        BoundcheckError: an unknown dtype.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=9, database=None)
    ... @given(networks(inputs=2, max_depth=2))
    ... def is_small(net):
    ...     assert net.inputs == 2 and net.depth <= 2 and net.width <= 4
    >>> is_small()
    """
    if dtype is not None:
        format_of(dtype)
    weight = _fractions(4) if dtype is None else _fractions(4, _DYADIC)
    widths = draw(st.lists(st.integers(1, max_width), max_size=max_depth))
    layers = []
    for before, after in zip([inputs, *widths], [*widths, outputs], strict=True):
        rows = st.lists(
            st.lists(weight, min_size=before, max_size=before), min_size=after, max_size=after
        )
        layers.append((draw(rows), draw(st.lists(weight, min_size=after, max_size=after))))
    return Network.from_layers(layers, draw(st.sampled_from(activations)))


def _atoms(dimension: int, most: int) -> st.SearchStrategy[list[tuple[Fraction, ...]]]:
    """Different points of [-1, 1]^d."""
    return st.lists(st.tuples(*[_fractions(1)] * dimension), min_size=1, max_size=most, unique=True)


@st.composite
def measures(
    draw: Any, dimension: int = 1, *, max_atoms: int = 4
) -> tuple[tuple[tuple[Fraction, ...], ...], tuple[Fraction, ...]]:
    """Probability measures on [-1, 1]^d: different atoms, and positive weights with the
    sum 1 exactly.

    Args:
        dimension: d.
        max_atoms: at most so many.

    Returns:
        A strategy of pairs: the atoms, tuples of d fractions, and their weights.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=9, database=None)
    ... @given(measures(dimension=2))
    ... def is_probability(measure):
    ...     assert sum(measure[1]) == 1
    >>> is_probability()
    """
    atoms = draw(_atoms(dimension, max_atoms))
    parts = draw(st.lists(st.integers(1, 20), min_size=len(atoms), max_size=len(atoms)))
    return tuple(atoms), tuple(Fraction(p, sum(parts)) for p in parts)


@st.composite
def marginals(draw: Any, dimension: int = 1, *, max_atoms: int = 3) -> Marginal:
    """Gaussian kernel marginals of signed measures on [-1, 1]^d that are not
    zero, with 1/4 <= σ <= 2.

    Args:
        dimension: d.
        max_atoms: at most so many.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=9, database=None)
    ... @given(marginals(dimension=2))
    ... def has_mass(f):
    ...     assert f.dimension == 2 and f.total_mass.lower > 0
    >>> has_mass()
    """
    atoms = draw(_atoms(dimension, max_atoms))
    masses = draw(st.lists(_fractions(2).filter(bool), min_size=len(atoms), max_size=len(atoms)))
    return Marginal.of(atoms, masses, sigma=draw(st.sampled_from(["1/4", "3/10", "1/2", "1", "2"])))


def schedules(max_steps: int = 10) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Noise schedules β_1 <= β_2 <= ..., each in (0, 1); ᾱ_t is the product of
    the first t numbers 1 - β.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=9, database=None)
    ... @given(schedules(max_steps=5))
    ... def grows(betas):
    ...     assert 0 < betas[0] <= betas[-1] < 1
    >>> grows()
    """
    beta = st.one_of(
        st.integers(1, 99).map(lambda p: Fraction(p, 100)),
        st.integers(1, 10**6 - 1).map(lambda p: Fraction(p, 10**6)),
    )
    return st.lists(beta, min_size=1, max_size=max_steps).map(lambda found: tuple(sorted(found)))
