"""L^p norms: closed forms, exact piecewise integrals, wide layers against expanded
ones, and what is refused."""

import itertools
import random

import numpy as np
import pytest
from containments import tried
from flint import arb, ctx, fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boundcheck import (
    BoundcheckError,
    LeakyReLU,
    Network,
    Proved,
    ReLU,
    SignReLU,
    lp_norm,
    norm_bound,
    prove,
)
from boundcheck.enclosure.arrays.models import Models
from boundcheck.enclosure.cubature.cubature import moments
from boundcheck.enclosure.cubature.ridges import Ridges
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.parser import parse_term
from boundcheck.norms import lebesgue
from boundcheck.norms.supremum import NotReached

CLOSED = [
    ("x", 2, "x in [-1, 1]", "1/sqrt(3)"),
    ("x", 1, "x in [-1, 2]", "5/6"),
    ("x", 3, "x in [-1, 2]", "(17/12)**(1/3)"),
    ("x", "3/2", "x in [0, 1]", "(2/5)**(2/3)"),
    ("x*y", 4, "x in [-1, 2], y in [0, 1/3]", "(33/15/5/81)**(1/4)"),
    ("x + y", 4, "x in [-1, 1], y in [-1, 1]", "(2/5 + 6/9)**(1/4)"),
    ("exp(x)", 2, "x in [0, 1]", "sqrt((exp(2) - 1)/2)"),
    ("x - y", 5, "x in [0, 1], y in [0, 1]", "(1/21)**(1/5)"),
    ("sin(x)*z", 2, "x in [0, 1], z in [-1, 3]", "sqrt((1 - sin(2)/2)/2*7/3)"),
    ("x*y*z", 2, "x in [-1, 1], y in [-1, 1], z in [-1, 1]", "1/sqrt(27)"),
]


@pytest.mark.parametrize(("f", "p", "on", "value"), CLOSED)
def test_closed_forms(f, p, on, value):
    found = lp_norm(f, p, on, rtol="1/200")
    assert found.upper - found.lower <= found.upper / 200
    with ctx.workprec(200):
        true = arb(at_point(parse_term(value), {}, 200))
        assert arb(found.lower) <= true <= arb(found.upper)


def test_far_below_the_rounding_of_doubles():
    """x³/6 up to a relative 1e-9, integrated in balls."""
    found = lp_norm("exp(x) - 1 - x - x**2/2", 2, "x in [-10**-9, 10**-9]", rtol="1/200")
    true = fmpq(1, 6 * 10**27)
    assert found.lower**2 * 7 <= true**2 * (1 + fmpq(1, 10**8))
    assert true**2 * (1 - fmpq(1, 10**8)) <= found.upper**2 * 7


def random_network(rng, d, n, activation, outputs=1):
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


def exact_square_integral(net, low, high):
    """∫ net² for a ReLU network in one variable: quadratic between its kinks, so three
    points do (Simpson's rule)."""
    kinks = {
        -b / w[0]
        for w, b in zip(net.layers[0].weight, net.layers[0].bias, strict=True)
        if w[0] != 0
    }
    edges = sorted({low, high} | {k for k in kinks if low < k < high})
    total = fmpq(0)
    for a, b in itertools.pairwise(edges):
        one, mid, two = (net.exactly([x])[0] ** 2 for x in (a, (a + b) / 2, b))
        total += (b - a) * (one + 4 * mid + two) / 6
    return total


@pytest.mark.parametrize("seed", range(6))
def test_wide_relu_networks_exactly(seed):
    rng = random.Random(seed)
    net = random_network(rng, 1, 40, ReLU())
    low, high = fmpq(rng.randint(-9, 0), 7), fmpq(rng.randint(1, 9), 4)
    found = lp_norm(net, 2, on=f"x in [{low}, {high}]", rtol="1/100")
    true = exact_square_integral(net, low, high) / (high - low)
    assert found.lower**2 <= true <= found.upper**2


ACTIVATIONS = [SignReLU(), ReLU(), LeakyReLU("1/10"), SignReLU("1/3"), SignReLU(2), LeakyReLU(3)]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("d", [1, 2])
def test_wide_layers_agree_with_expanded_ones(activation, d, monkeypatch):
    """The tree of cells and the Taylor models of the expanded network are two
    algorithms for one number."""
    net = random_network(random.Random(d), d, 20, activation)
    on = ", ".join(f"x{k} in [-1, 1/2]" for k in range(d))
    target = "exp(x0)"
    wide = lp_norm(target - net, 2, on=on, rtol="1/20")
    monkeypatch.setattr(lebesgue, "WIDE", 1000)
    small = lp_norm(target - net, 2, on=on, rtol="1/20")
    assert wide.lower <= small.upper
    assert small.lower <= wide.upper


weights = st.one_of(
    st.integers(-5, 5).map(fmpq),
    st.builds(fmpq, st.integers(-20, 20), st.sampled_from([1, 3, 7, 2**20])),
)
points = st.sampled_from([fmpq(-1), fmpq(1), fmpq(0), fmpq(1, 3), fmpq(-5, 8)])


@settings(deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(ACTIVATIONS),
    st.sampled_from([1, 2**40]),
    st.lists(points, min_size=2, max_size=2),
    st.floats(0, 0.3),
)
def test_models_of_wide_layers_contain_them(seed, activation, scale, at, tolerance):
    """Down a random path of cells, with neurons settled on the way."""
    rng = random.Random(seed)
    net = random_network(rng, 2, 12, activation, outputs=2)
    first = net.layers[0]
    first = type(first)(
        tuple(tuple(w * scale for w in r) for r in first.weight),
        tuple(b * scale for b in first.bias),
    )
    layer = Ridges(first, net.layers[1], activation)
    scaled = Network([first, net.layers[1]], activation)
    tree, center, radius = layer.tree(), np.zeros((2, 1)), np.ones((2, 1))
    for _ in range(rng.randint(0, 12)):
        tree, _, blame = layer.refined(tree, center, radius, np.full(2, tolerance * scale))
        k = int(np.argmax(blame[:, 0] + radius[:, 0] * 1e-9))
        radius[k] *= 0.5
        center[k] += rng.choice([-1, 1]) * radius[k]
    _, models, _ = layer.refined(tree, center, radius, np.full(2, tolerance * scale))
    x = [exact(c) + exact(r) * y for c, r, y in zip(center[:, 0], radius[:, 0], at, strict=True)]
    for m, value in zip(models, scaled.exactly(x), strict=True):
        near = exact(m.a[0]) + sum(exact(g) * y for g, y in zip(m.g[:, 0], at, strict=True))
        assert abs(value - near) <= exact(m.err[0])
        tried()


def exact(v):
    return fmpq(*float(v).as_integer_ratio())


@example([0, 1, 1, 0, 0, 0], "4")
@example([1, 2, -3, 0, 0, 0], "4")
@given(
    st.lists(st.integers(-5, 5), min_size=6, max_size=6),
    st.sampled_from(["1", "3/2", "2", "3", "4", "5", "17/2"]),
)
def test_moments_enclose(coefficients, p):
    """E|P|^p over a cell against a sum over a fine grid of the square, for P without sign
    changes of weight."""
    a, g1, g2, q11, q12, q22 = coefficients
    c = lambda v: np.array([float(v)])  # noqa: E731
    m = Models(c(a), np.array([[g1], [g2]], float), np.array([[q11], [q12], [q22]], float), c(0))
    low, high, delta = (float(v[0]) for v in moments(m, fmpq(p)))
    nodes, weight = np.polynomial.legendre.leggauss(60)
    y, z = np.meshgrid(nodes, nodes)
    w = np.outer(weight, weight) / 4
    value = a + g1 * y + g2 * z + q11 * y * y + q12 * y * z + q22 * z * z
    q = float(arb(fmpq(p)))
    norm = float((w * np.abs(value) ** q).sum()) ** (1 / q)
    # the quadrature of |.|^p is good to a few 1e-4
    assert low ** (1 / q) - delta <= norm * 1.002 + 1e-9
    assert norm <= (high ** (1 / q) + delta) * 1.002 + 1e-9
    tried()


def test_named_networks():
    """A quotient of two networks, as in a ratio."""
    rng = random.Random(3)
    one, two = random_network(rng, 1, 20, SignReLU()), random_network(rng, 1, 20, SignReLU())
    found = lp_norm(
        "g1/(1000 + g2)", 2, on="x in [0, 1]", rtol="1/50", networks={"g1": one, "g2": two}
    )
    xs = [fmpq(2 * k + 1, 400) for k in range(200)]
    mean = sum((one.exactly([x])[0] / (1000 + two.exactly([x])[0])) ** 2 for x in xs) / 200
    assert float(arb(found.lower)) <= float(arb(mean)) ** 0.5 * 1.001
    assert float(arb(mean)) ** 0.5 <= float(arb(found.upper)) * 1.001


def test_deep_networks():
    net = random_network(random.Random(5), 1, 20, SignReLU()).padded(4)
    shallow = random_network(random.Random(5), 1, 20, SignReLU())
    a, b = (lp_norm(n, 2, on="x in [-1, 1]", rtol="1/100") for n in (net, shallow))
    assert a.lower <= b.upper
    assert b.lower <= a.upper


@pytest.mark.parametrize(
    ("f", "p", "on", "options", "message"),
    [
        ("x", "1/2", "x in [0, 1]", {}, "p = 1/2; L.p norms need 1 <= p < oo"),
        ("x", 2, "x in [0, 1]", {"rtol": 0}, "rtol = 0 is not between 0 and 1"),
        ("x", 2, "x in [0, sqrt(2)]", {}, "the range of x must have rational ends"),
        ("x", 2, "x in [0, 0]", {}, "the range of x is one point"),
        (
            "a*b*c*d*e",
            2,
            ", ".join(f"{n} in [0, 1]" for n in "abcde"),
            {},
            "5 variables; lp_norm takes at most 4",
        ),
        ("x + y", 2, "x in [0, 1]", {}, "unknown symbol y: give it a range"),
        ("x", 2, "x in [0, oo)", {}, "must have finite constant ends"),
        (
            "x",
            2,
            "x in [0, 1]",
            {"networks": {"x": Network.from_layers([([[1]], [0])])}},
            "x names two things",
        ),
    ],
)
def test_bad_input(f, p, on, options, message):
    with pytest.raises(BoundcheckError, match=message):
        lp_norm(f, p, on, **options)


def test_what_is_not_reached_is_said():
    with pytest.raises(
        NotReached,
        match="rtol was not reached with the budget of 0.3 units of work: the norm is in",
    ) as caught:
        lp_norm(
            "exp(-50*(x**2 + y**2 + z**2))",
            2,
            on="x in [-3,3], y in [-3,3], z in [-3,3]",
            rtol="1e-9",
            budget=0.3,
        )
    known = caught.value.enclosure
    assert 0 <= known.lower <= known.upper


def test_a_pole_is_never_bounded():
    with pytest.raises(NotReached) as caught:
        lp_norm("1/x", 2, on="x in [-1, 1]", budget=1)
    assert caught.value.enclosure.upper is None


def test_weights_that_are_no_doubles():
    """Where nothing else is rounded: an output's bias of 1/3, no outer weight."""
    net = Network.from_layers([([[1, 0]] * 20, [0] * 20), ([[0] * 20], [fmpq(1, 3)])])
    layer = Ridges(*net.layers, net.activation)
    _, (m,), _ = layer.refined(layer.tree(), np.zeros((2, 1)), np.ones((2, 1)), np.zeros(1))
    assert 0 < abs(exact(m.a[0]) - fmpq(1, 3)) <= exact(m.err[0])


@pytest.mark.parametrize("f", ["1e-300*x", "1e-310*x*y"])
def test_what_rounding_hides_is_still_bounded(f):
    """No relative width, but an upper end that is small: enough for `norm_bound`."""
    with pytest.raises(NotReached, match="rounding errors of doubles are too large") as caught:
        lp_norm(f, 2, "x in [0, 1], y in [0, 1]")
    assert caught.value.enclosure.lower >= 0
    assert caught.value.enclosure.upper <= fmpq(1, 10**9)
    assert isinstance(prove(norm_bound(f, "10**-9", on="x in [0, 1], y in [0, 1]")), Proved)
