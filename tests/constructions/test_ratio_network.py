"""The ratio network: exact after its shallow layer, of the promised size."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import rationals

from boundcheck import BoundcheckError, Network, ReLU, prove
from boundcheck.claims.verdict import Proved, Refuted
from boundcheck.constructions.ratio_network import Ratio, ratio, ratio_tail
from boundcheck.exact.networks import gates
from boundcheck.exact.networks.network import linear
from boundcheck.exact.terms.rational import fraction
from boundcheck.exact.terms.term import Term

NUMBERS = {"c": "1/10", "C": 2, "b": "3/2", "M": 7}


def shallow(n=5, inputs=1, outputs=2):
    """A shallow network with weights that say nothing."""
    first = [[(3 * i + 5 * j) % 7 - 3 for j in range(inputs)] for i in range(n)]
    second = [[(2 * i + 3 * j) % 5 - 2 for j in range(n)] for i in range(outputs)]
    return Network.from_layers([(first, [i % 3 - 1 for i in range(n)]), (second, [1] * outputs)])


KINDS = [
    {"gate": gate, "clip": clip, "output_clip": output_clip}
    for gate in ("compact", "textbook")
    for clip in (True, False)
    for output_clip in (False, True)
]


def smooth_clip(t, low, high, M):
    """clip_M, written again: the ramp from low to high, with the rational
    tails of ρ(Mt)/M below 0."""

    def ramp(v):
        return v if v >= 0 else v / (1 - M * v)

    return low + ramp(t - low) - ramp(t - high)


def expected(g2, g1, c, C, b, M, clip, output_clip):
    """clip_M(g1)/clip_M(g2) in fractions."""
    if clip:
        g2, g1 = smooth_clip(g2, c, C, M), smooth_clip(g1, -b * C, b * C, M)
    return smooth_clip(g1 / g2, -b, b, M) if output_clip else g1 / g2


# -- sizes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "widths"),
    [
        ({"clip": False}, (5, 4, 2)),
        ({}, (5, 4, 4, 2)),
        ({"gate": "textbook"}, (5, 4, 2, 4, 2)),
        ({"gate": "textbook", "clip": False}, (5, 2, 4, 2)),
        ({"output_clip": True}, (5, 4, 4, 2, 2)),
        ({"gate": "textbook", "output_clip": True}, (5, 4, 2, 4, 2, 2)),
        ({"depth": 4}, (5, 4, 4, 2)),
        ({"depth": 7}, (5, 4, 4, 2, 2, 2, 2)),
        ({"depth": 7, "gate": "textbook", "output_clip": True}, (5, 4, 2, 4, 2, 2, 2)),
    ],
)
def test_hidden_widths(options, widths):
    assert ratio(shallow(), **NUMBERS, **options).network.widths == widths


@pytest.mark.parametrize("n", [1, 2, 3, 4, 20])
@pytest.mark.parametrize("options", [{}, {"gate": "textbook"}, {"output_clip": True}])
def test_depth_seven(n, options):
    net = ratio(shallow(n), **NUMBERS, depth=7, **options).network
    assert net.depth == 7
    assert net.width == max(n, 4) <= n + 9


def test_several_numerators():
    made = ratio(shallow(inputs=3, outputs=4), **NUMBERS)
    assert made.numerators == made.network.outputs == 3
    assert made.network.inputs == 3
    assert made.network.widths == (5, 8, 12, 6)


# -- values ----------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    st.sampled_from(KINDS),
    st.integers(0, 2),
    st.integers(1, 3),
    st.tuples(*[st.fractions(Fraction(1, 50), 3, max_denominator=50)] * 4),
    st.lists(rationals(), min_size=4, max_size=4),
)
def test_the_tail_divides(kind, padding, q, sizes, values):
    c, gap, b, M = sizes
    C = c + gap
    plain = ratio_tail(q, c=c, C=C, b=b, M=M, **kind)
    tail = ratio_tail(q, c=c, C=C, b=b, M=M, **kind, depth=plain.depth + 1 + padding)
    g2, *g1 = [fraction(v) for v in values[: q + 1]]
    if not kind["clip"]:  # then the domain is the gate's
        g2, g1 = min(max(g2, c), C), [min(max(v, -b * C), b * C) for v in g1]
    found = tail(g2, *g1)
    wanted = [expected(g2, v, c, C, b, M, kind["clip"], kind["output_clip"]) for v in g1]
    assert (list(found) if q > 1 else [found]) == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_long_fractions_stay_numbers(kind):
    """Terms do not fold numbers of thousands of bits; weights have to."""
    tail = ratio_tail(
        1,
        c=Fraction(10**300 + 1, 3**640),
        C=Fraction(3**640, 10**300 - 1),
        b=Fraction(7**350, 5**420),
        M=2**40,
        **kind,
    )
    assert not any(isinstance(e, Term) for layer in tail.layers for e in layer.entries())


def test_the_network_is_the_tail_after_the_shallow_layer():
    made = ratio(shallow(inputs=2, outputs=3), **NUMBERS, depth=6)
    c, C, b, M = (fraction(v) for v in (made.c, made.C, made.b, made.M))
    for x in (Fraction(-3), Fraction(1, 7), Fraction(2)):
        g2, *g1 = made.shallow(x, 1 - x)
        assert made.network(x, 1 - x) == tuple(expected(g2, v, c, C, b, M, True, False) for v in g1)


# -- the statement ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("numbers", [NUMBERS, {"c": "1e-6", "C": 1, "b": 1, "M": 2**40}])
def test_exactness_is_proved(kind, numbers):
    made = ratio(shallow(outputs=3), **numbers, **kind, depth=7)
    assert isinstance(prove(made.exactness(2)), Proved)


def test_exactness_says_what_it_should():
    made = ratio(shallow(), **NUMBERS)
    claim = made.exactness()
    g2, g1 = Fraction(1, 20), Fraction(-4)  # outside the gate's own domain
    found = made.tail(g2, g1)
    assert found == expected(g2, g1, Fraction(1, 10), 2, Fraction(3, 2), 7, True, False)
    assert claim.on.names == ("g2", "g1")
    assert str(claim.on) == "g2 in (-oo, oo), g1 in (-oo, oo)"
    assert (
        str(ratio(shallow(), **NUMBERS, clip=False).exactness().on)
        == "g2 in [1/10, 2], g1 in [-3, 3]"
    )


def test_a_gate_for_a_smaller_domain_is_refuted():
    """The clip layer of one network before the gate of another, whose c is larger."""
    made = ratio(shallow(), **NUMBERS)
    clips = gates.clip(made.c, made.C, made.M).beside(gates.clip(-3, 3, made.M))
    wrong = clips.then(gates.division("1/9", 2, 3))
    broken = Ratio(
        shallow().then(wrong), shallow(), wrong, made.c, made.C, made.b, made.M, True, False
    )
    assert isinstance(prove(broken.exactness()), Refuted)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"c": 0}, "c = 0; the ratio network needs c > 0"),
        ({"c": -1}, "c = -1"),
        ({"C": "1/10"}, "c = 1/10 and C = 1/10; the ratio network needs c < C"),
        ({"b": 0}, "b = 0; the ratio network needs b > 0"),
        ({"M": 0}, "M = 0; the ratio network needs M > 0"),
        ({"gate": "exact"}, "gate = 'exact'; it must be one of compact, textbook"),
        (
            {"depth": 3},
            "depth = 3; this ratio network has 4 hidden layers already; ask for 4 or more",
        ),
        ({"depth": 0}, "depth = 0"),
    ],
)
def test_bad_numbers_are_refused(changes, message):
    with pytest.raises(BoundcheckError) as error:
        ratio(shallow(), **{**NUMBERS, **changes})
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (shallow(outputs=1), "the shallow network has 1 output; it needs at least 2"),
        (linear([[1], [2]]), "the shallow network has 0 hidden layers; it must have exactly 1"),
        (shallow().padded(2), "the shallow network has 2 hidden layers"),
        (
            Network(shallow().layers, ReLU()),
            r"networks with ReLU() and SignReLU(1) cannot be joined",
        ),
    ],
)
def test_bad_shallow_networks_are_refused(net, message):
    with pytest.raises(BoundcheckError) as error:
        ratio(net, **NUMBERS)
    assert message in str(error.value)


def test_numerators_are_counted():
    with pytest.raises(BoundcheckError, match="0 numerators; a ratio network needs at least 1"):
        ratio_tail(0, **NUMBERS)
    for numerator in (0, 2):
        with pytest.raises(
            BoundcheckError, match=f"numerator = {numerator}; it must be an integer from 1 to 1"
        ):
            ratio(shallow(), **NUMBERS).exactness(numerator)
