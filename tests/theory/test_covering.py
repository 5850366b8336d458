"""Covering numbers: every digit against mpmath, and the bounds against networks in
exact arithmetic; bad input."""

import random
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import covering
from boundcheck.theory.theorems.constants import evaluate

SETS = [
    {"d": 1, "n": 3, "Theta": "5/2", "R0": "1/2", "delta": "1/100", "b": 2, "c": "1/10"},
    {"d": 3, "n": 1000, "Theta": 40, "R0": 3, "delta": "1e-6", "b": "1/4", "c": "1e-30"},
    {"d": 2, "n": 1, "Theta": "1/100", "R0": 1, "delta": 5, "b": 1, "c": 1},
    {"L": 1, "W": 1, "P": 4, "Theta": "1/2", "R0": "1/3", "delta": "1/2"},
    {"L": 7, "W": 60, "P": 12345, "Theta": "3.5", "R0": 2, "delta": "1e-9"},
]
PLACES = 30


def covering_by_mpmath(d, n, Theta, R0, delta, b, c, L=None, W=None, P=None):
    """The recursions through the layers, not their solutions."""
    out = {}
    if L is not None:
        size, moved = max(mpf(1), R0), mpf(0)  # the bounds of the proof, layer by layer
        for _ in range(int(L) + 1):
            size, moved = Theta * (W + 1) * size, Theta * (W + 1) * moved + (W + 1) * size
        out["sensitivity"] = moved
        out["argument"] = moved * Theta / delta
        out["log_n"] = P * mp.log(mp.ceil(out["argument"]))
        out["log_n_smooth"] = P * mp.log(1 + out["argument"])
    hidden = Theta * (d * R0 + 1)
    out["ratio_parameters"] = n * (d + 1) + 2 * n + 2
    out["ratio_sensitivity"] = n * hidden + 1 + n * Theta * (d * R0 + 1)
    out["lipschitz"] = 1 / c + b / c
    out["ratio_argument"] = out["ratio_sensitivity"] * out["lipschitz"] / (delta / Theta)
    out["ratio_log_n"] = out["ratio_parameters"] * mp.log(mp.ceil(out["ratio_argument"]))
    out["ratio_log_n_smooth"] = out["ratio_parameters"] * mp.log1p(out["ratio_argument"])
    return out


@pytest.mark.parametrize("values", SETS, ids=range(len(SETS)))
def test_every_digit(values):
    defaults = {"d": 1, "n": 32, "Theta": 8, "R0": 1, "delta": "1/1000", "b": 1, "c": "1/10"}
    found = evaluate("covering", values, PLACES)
    with mp.workdps(80):
        numbers = {name: rational(v) for name, v in (defaults | values).items()}
        wanted = covering_by_mpmath(
            **{name: mpf(int(q.p)) / int(q.q) for name, q in numbers.items()}
        )
        assert set(found) == set(wanted)
        for name, known in found.items():
            text = known.value.as_json(PLACES)
            low, high = mpf(text["lower"]), mpf(text["upper"])
            slack = abs(wanted[name]) * mpf(10) ** -60
            assert low - slack <= wanted[name] <= high + slack, name
            assert high - low <= 2 * abs(high) * mpf(10) ** (1 - PLACES), name


def test_nothing_to_cover():
    """Where one network is within delta of all, the logarithm is exactly 0."""
    found = evaluate("covering", {"delta": 10**9})
    assert found["ratio_log_n"].value.lower == found["ratio_log_n"].value.upper == 0
    assert found["ratio_log_n_smooth"].value.lower > 0


def test_huge_arguments():
    """c = exp(-40000): log N has the value n' (40000 + ...), without overflow."""
    numbers = {name: fmpq(v) for name, v in {"d": 1, "n": 4, "Theta": 8, "R0": 1, "b": 1}.items()}
    with ctx.workprec(200):
        known = {**numbers, "delta": fmpq(1, 10), "c": arb(-40000).exp()}
        for name, formula in (
            ("ratio_parameters", covering.RATIO_PARAMETERS),
            ("ratio_sensitivity", covering.RATIO_SENSITIVITY),
            ("lipschitz", covering.LIPSCHITZ),
            ("ratio_argument", covering.RATIO_ARGUMENT),
        ):
            known[name] = at_point(term(formula), known, 200)
        value = at_point(term(covering.RATIO_LOG_N_SMOOTH), known, 200)
        # sensitivity 1 + 2*4*8*2 = 129, lipschitz 2 exp(40000), Theta/delta = 80
        assert (value - 18 * (40000 + arb(129 * 2 * 80).log())).contains(0)
        assert value.rel_accuracy_bits() > 150


# -- through the layers ----------------------------------------------------------------------------


def rho(t, scale=1):
    return t if t >= 0 else t / (1 - scale * t)


def network(layers, x, scale=1):
    """A network with one row of weights and a bias for each neuron, in fractions."""
    for last, layer in zip([False] * (len(layers) - 1) + [True], layers, strict=True):
        x = [sum((w * v for w, v in zip(row, x, strict=True)), bias) for row, bias in layer]
        x = x if last else [rho(v, scale) for v in x]
    return x


def random_layers(rng, sizes, theta):
    def draw():
        return theta * rng.choice([-1, 1, Fraction(rng.randint(-8, 8), 8)])

    return [[([draw() for _ in range(a)], draw()) for _ in range(b)] for a, b in pairwise(sizes)]


def moved(rng, layers, theta, eta):
    """Each parameter moved by at most eta inside [-theta, theta]."""

    def move(p):
        return min(
            theta, max(-theta, p + eta * rng.choice([-1, 1, Fraction(rng.randint(-4, 4), 4)]))
        )

    return [[([move(w) for w in row], move(bias)) for row, bias in layer] for layer in layers]


def exactly(name, **values):
    """A rational constant of the theorem."""
    value = evaluate("covering", values, 12)[name].value
    assert value.lower == value.upper
    return Fraction(int(value.lower.p), int(value.lower.q))


@given(st.integers(0, 10**9))
def test_sensitivity(seed):
    """Random networks of random sizes, moved: never further than sensitivity times eta."""
    rng = random.Random(seed)
    L, W = rng.randint(1, 3), rng.randint(1, 4)
    theta = Fraction(rng.choice([1, 2, 3]), rng.choice([1, W + 1]))
    eta, R0 = theta / rng.choice([1, 4, 100]), Fraction(rng.choice([1, 2, 6]), 2)
    layers = random_layers(rng, [rng.randint(1, W) for _ in range(L + 1)] + [1], theta)
    other = moved(rng, layers, theta, eta)
    x = [R0 * rng.choice([-1, 1, Fraction(1, 3)]) for _ in layers[0][0][0]]
    scale = rng.choice([1, 1000])
    (a,), (b,) = network(layers, x, scale), network(other, x, scale)
    bound = exactly("sensitivity", L=L, W=W, P=1, Theta=theta, R0=R0)
    assert abs(a - b) <= bound * eta


def test_sensitivity_is_nearly_attained():
    """Positive networks at x = R0: with wide layers the bound is off by a
    factor near (1 + 1/W)^(L+1)."""
    theta, eta, W, L = Fraction(1), Fraction(1, 10**6), 30, 2

    def positive(value):
        return [[([value] * W, value) for _ in range(n)] for n in (W, W, 1)]

    (a,), (b,) = (network(positive(v), [Fraction(1)] * W) for v in (theta, theta - eta))
    bound = exactly("sensitivity", L=L, W=W, P=1, Theta=1, R0=1)
    assert Fraction(9, 10) * bound * eta < a - b <= bound * eta


@given(st.integers(0, 10**9))
def test_ratio_sensitivity(seed):
    rng = random.Random(seed)
    d, n = rng.randint(1, 3), rng.randint(1, 4)
    theta, R0 = (
        Fraction(rng.choice([1, 5]), rng.choice([1, 2, 50])),
        Fraction(rng.choice([1, 5]), 2),
    )
    eta = theta / rng.choice([1, 3, 100])
    layers = random_layers(rng, [d, n, 2], theta)
    x = [R0 * rng.choice([-1, 1, Fraction(1, 3)]) for _ in range(d)]
    outputs = zip(
        network(layers, x, 16), network(moved(rng, layers, theta, eta), x, 16), strict=True
    )
    bound = exactly("ratio_sensitivity", d=d, n=n, Theta=theta, R0=R0) * eta
    assert all(abs(a - b) <= bound for a, b in outputs)


def test_ratio_sensitivity_is_attained():
    """In the limit of small moves, by the positive network."""
    theta, eta, d, n = Fraction(3), Fraction(1, 10**9), 2, 5

    def positive(v):
        return [[([v] * d, v)] * n, [([v] * n, v)] * 2]

    (a, _), (b, _) = (network(positive(v), [Fraction(2)] * d) for v in (theta, theta - eta))
    bound = exactly("ratio_sensitivity", d=d, n=n, Theta=3, R0=2) * eta
    assert Fraction(999_999, 1_000_000) * bound < a - b <= bound


# -- the tail --------------------------------------------------------------------------------------


def clip(low, high, scale, t):
    return low + rho(t - low, scale) - rho(t - high, scale)


def tail(g2, g1, b, c, C, M):
    return clip(-b, b, M, clip(-b * C, b * C, M, g1) / clip(c, C, M, g2))


fractions = st.fractions(-4, 4, max_denominator=50)


@given(
    st.tuples(fractions, fractions),
    st.tuples(fractions, fractions),
    st.fractions(0, 3, max_denominator=9).filter(bool),
    st.fractions(0, 1, max_denominator=9).filter(bool),
    st.sampled_from([Fraction(1, 8), Fraction(1, 2), Fraction(5), Fraction(2**40)]),
)
def test_lipschitz_constant_of_the_tail(g, h, b, c, M):
    distance = max(abs(p - q) for p, q in zip(g, h, strict=True))
    bound = exactly("lipschitz", b=b, c=c) * distance
    assert abs(tail(*g, b, c, c + 2, M) - tail(*h, b, c, c + 2, M)) <= bound


def test_lipschitz_constant_is_nearly_attained():
    """At g2 near c and g1 near b g2, both moved against each other."""
    b, c, M, e = Fraction(2), Fraction(1, 10), Fraction(2**40), Fraction(1, 10**6)
    g2, g1 = c + e, b * (c + e) - 10 * e
    difference = tail(g2, g1, b, c, Fraction(1), M) - tail(g2 + e, g1 - e, b, c, Fraction(1), M)
    bound = exactly("lipschitz", b=b, c=c) * e
    assert Fraction(99, 100) * bound < difference <= bound


@given(
    st.fractions(0, 4, max_denominator=9).filter(bool),
    st.fractions(0, 9, max_denominator=9).filter(bool),
    st.sampled_from(
        [Fraction(1, 1000), Fraction(1, 30), Fraction(1, 8), Fraction(1, 2), Fraction(3)]
    ),
)
def test_lipschitz_constant_below_the_clip(b, s, M):
    """Quotients below -b change faster than 1+b, but the output does not, however small M is."""
    c, e = Fraction(1, 10), Fraction(1, 10**4)
    y = (-b - s) * c
    before, after = y / c, (y + e) / (c + e)
    assert after - before > exactly("lipschitz", b=b, c=c) * e * Fraction(99, 100)
    assert clip(-b, b, M, after) - clip(-b, b, M, before) <= exactly("lipschitz", b=b, c=c) * e


# -- the grid --------------------------------------------------------------------------------------


@given(st.integers(0, 10**9))
def test_the_net_covers(seed):
    """The nearest network of the grid is within delta of a random one, for
    the whole ratio network."""
    rng = random.Random(seed)
    b, c, M, theta, R0 = Fraction(1), Fraction(1, 2), Fraction(16), Fraction(2), Fraction(1)
    delta = Fraction(rng.choice([1, 10, 100]), 50)
    values = {"d": 1, "n": 2, "Theta": theta, "R0": R0, "delta": delta, "b": b, "c": c}
    count = -(-exactly("ratio_argument", **values) // 1)
    assert mp.almosteq(
        float(evaluate("covering", values)["ratio_log_n"].value.upper),
        10 * mp.log(int(count)),
        1e-9,
    )
    centres = [theta * Fraction(2 * j + 1 - int(count), int(count)) for j in range(int(count))]

    def nearest(p):
        return min(
            centres[max(0, min(int(count) - 1, int((p + theta) * count / (2 * theta))))], theta
        )

    layers = random_layers(rng, [1, 2, 2], theta)
    near = [[([nearest(w) for w in row], nearest(bias)) for row, bias in layer] for layer in layers]
    for x in (-R0, Fraction(0), R0):
        values = [tail(*network(net, [x], M), b, c, Fraction(1), M) for net in (layers, near)]
        assert abs(values[0] - values[1]) <= delta


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"L": 2, "W": 3},
            "L, W without P; the class of all networks needs L, W and P: give all or none",
        ),
        (
            {"L": 1, "W": 1, "P": 4, "Theta": "1/8"},
            r"Theta = 1/8 and W = 1; the admissible range is Theta >= 1/\(W",
        ),
        ({"delta": 0}, "delta = 0; the admissible range is delta > 0"),
        ({"n": "3/2"}, "n = 3/2; the admissible range is the integers n >= 1"),
        ({"c": -1}, "c = -1; the admissible range is c > 0"),
        ({"theta": 1}, "unknown parameter theta; covering takes d, n, Theta"),
    ],
)
def test_bad_input(values, message):
    with pytest.raises(BoundcheckError, match=message):
        evaluate("covering", values)
