"""The covering numbers as theorems: what they say, constants that are moved, nets by numbers."""

import itertools
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opened_proofs import proof_file, shown

from boundcheck.errors import BoundcheckError
from boundcheck.math import Max
from boundcheck.theory.formulas import covering

CUBE = "for all p : Nat. p >= 1 implies p <= {} implies Abs({}(p)) <= Theta"
BOX = "(for all i : Nat. i >= 1 implies i <= {} implies Abs(x(i)) <= R0)"
RHO = {
    "for all u : Real. Abs(rho(u)) <= Abs(u)",
    "for all s, u : Real. Abs(rho(s) - rho(u)) <= Abs(s - u)",
}
CLASS = {
    "for all theta, x : Seq(Real), i : Nat. h(theta, x, 0, i) == x(i)",
    "for all theta, x : Seq(Real), k, i : Nat. h(theta, x, k + 1, i) == "
    "rho(theta(place(k, i, 0)) + Sum(theta(place(k, i, j))*h(theta, x, k, j), (j, 1, W)))",
}


def net(log_n, parameters, allowed, box):
    """That exp(log_n) members come within delta."""
    return (
        f"there are N : Nat, net : Seq(Seq(Real)). log(N) == {log_n} and {parameters} and "
        f"for all theta : Seq(Real). ({allowed}) implies "
        "there is m : Nat. m >= 1 and m <= N and "
        f"for all x : Seq(Real). {box} implies Abs(f(theta, x) - f(net(m), x)) <= delta"
    )


def test_covering_number():
    found = shown(proof_file("covering").covering_number)
    assert set(found.hypotheses) == {
        *RHO,
        *CLASS,
        "for all theta, x : Seq(Real). f(theta, x) == theta(place(L, 1, 0)) + "
        "Sum(theta(place(L, 1, j))*h(theta, x, L, j), (j, 1, W))",
        "for all k, i, j : Nat. place(k, i, j) <= P",
        "Theta*(W + 1) >= 1",
        "delta > 0",
    }
    zero = "theta(0) == 0 and " + CUBE.format("P", "theta")
    assert found.conclusion == net(
        "P*log(ceiling((L + 1)*(W + 1)**(L + 1)*Theta**L*Max(1, R0)*Theta/delta))",
        "(for all m : Nat. net(m)(0) == 0 and " + CUBE.format("P", "net(m)") + ")",
        zero,
        BOX.format("W"),
    )
    assert not found.axioms
    assert not found.unused
    assert found.inhabited


def test_ratio_covering_number():
    found = shown(proof_file("ratio_covering").ratio_covering_number)
    assert set(found.hypotheses) == {
        *(h.replace("u", "v") for h in RHO),
        "for all a, o, u : Real. clip(a, o, u) == "
        "a + signrelu(M*(u - a))/M - signrelu(M*(u - o))/M",
        "for all theta : Seq(Real), r : Nat, x : Seq(Real). g(theta, r, x) == "
        "theta((n + 1)*r + 1) + Sum(theta((n + 1)*r + j + 1)*rho(theta(2*(n + 1) + j) + "
        "Sum(theta(2*(n + 1) + n*i + j)*x(i), (i, 1, d))), (j, 1, n))",
        "for all theta, x : Seq(Real). f(theta, x) == "
        "clip(-b, b, clip(-(b*C), b*C, g(theta, 1, x))/clip(c, C, g(theta, 0, x)))",
        *("b > 0", "c > 0", "c < C", "M > 0", "Theta > 0", "R0 >= 0", "delta > 0"),
    }
    P = "n*(d + 1) + 2*(n + 1)"
    assert found.conclusion == net(
        f"({P})*log(ceiling((1 + 2*n*Theta*(d*R0 + 1))*Theta*((1 + b)/c)/delta))",
        f"(for all m, p : Nat. p >= 1 implies p <= {P} implies Abs(net(m)(p)) <= Theta)",
        CUBE.format(P, "theta"),
        BOX.format("d"),
    )
    assert not found.axioms
    assert not found.unused
    assert found.inhabited


def test_networks_have_the_recursion():
    found = shown(proof_file("covering").networks_of_the_class)
    assert set(found.hypotheses) == {h.replace("rho", "signrelu") for h in CLASS}
    assert found.conclusion == (
        "for all theta : Seq(Real), k : Nat. there is N : Network(signrelu). depth(N) == k and "
        "width(N) <= W and for all i : Nat, x : Seq(Real). value(N, i, x) == "
        "theta(place(k, i, 0)) + Sum(theta(place(k, i, j))*h(theta, x, k, j), (j, 1, W))"
    )


def test_ratio_networks_have_depth_five():
    found = shown(proof_file("ratio_covering").networks_of_the_ratio_class)
    assert found.conclusion == (
        "for all theta : Seq(Real). there is N : Network(signrelu). depth(N) == 5 and "
        "width(N) <= Max(n, 4) and for all x : Seq(Real). value(N, 0, x) == f(theta, x)"
    )


def test_values_of_ratio_networks():
    found = shown(proof_file("ratio_covering").values_of_ratio_networks)
    assert found.conclusion == "for all theta, x : Seq(Real). Abs(f(theta, x)) <= b"
    assert not found.unused


# -- constants that are moved ----------------------------------------------------------------------

L, W, Theta, R0 = covering.L, covering.W, covering.Theta, covering.R0
n, d, b, c = covering.n, covering.d, covering.b, covering.c
LESS = Fraction(999, 1000)
SMALLER = {
    "sensitivity.sensitivity": {
        "SENSITIVITY": [
            covering.SENSITIVITY * LESS,
            (L + LESS) * (W + 1) ** (L + 1) * Theta**L * Max(1, R0),
            (L + 1) * (W + LESS) * (W + 1) ** L * Theta**L * Max(1, R0),
            (L + 1) * (W + 1) ** (L + 1) * Theta**L * Max(LESS, R0),
            (L + 1) * (W + 1) ** L * Theta**L * Max(1, R0),
        ]
    },
    "covering.covering_number": {
        "SENSITIVITY": [covering.SENSITIVITY * LESS],
        "ARGUMENT": [covering.ARGUMENT * LESS],
        "LOG_N": [covering.LOG_N * LESS],
    },
    "covering.covering_number_without_ceiling": {
        "LOG_N_SMOOTH": [covering.P * covering.log(LESS + covering.argument)],
    },
    "ratio_covering.change_of_the_shallow_layer": {
        "RATIO_SENSITIVITY": [
            LESS + 2 * n * Theta * (d * R0 + 1),
            1 + (2 * LESS) * n * Theta * (d * R0 + 1),
            1 + 2 * n * Theta * (d * R0 + LESS),
        ],
        "RATIO_PARAMETERS": [n * (d + 1) + 2 * n + 1, n * d + 2 * (n + 1)],
    },
    "ratio_covering.ratio_covering_number": {
        "RATIO_SENSITIVITY": [covering.RATIO_SENSITIVITY * LESS],
        "RATIO_PARAMETERS": [n * (d + 1) + 2 * n + 1],
        "RATIO_ARGUMENT": [covering.RATIO_ARGUMENT * LESS],
        "RATIO_LOG_N": [covering.RATIO_LOG_N * LESS],
    },
    "ratio_covering.ratio_covering_number_without_ceiling": {
        "RATIO_LOG_N_SMOOTH": [
            covering.ratio_parameters * covering.log(LESS + covering.ratio_argument)
        ],
    },
    "ratio_tail.change_of_the_tail": {"LIPSCHITZ": [(LESS + b) / c, (1 + b) / c * LESS]},
}


@pytest.mark.parametrize(
    ("claim", "name", "smaller"),
    [
        (claim, name, formula)
        for claim, formulas in SMALLER.items()
        for name, changed in formulas.items()
        for formula in changed
    ],
)
def test_a_smaller_constant_is_not_derived(claim, name, smaller, monkeypatch):
    stem, theorem = claim.split(".")
    monkeypatch.setattr(covering, name, smaller)
    with pytest.raises(BoundcheckError):
        shown(getattr(proof_file(stem), theorem))


# -- by numbers ------------------------------------------------------------------------------------

numbers = st.fractions(-3, 3, max_denominator=6)


def points(G, P, Theta):
    """The net of the proof: point m continues point ⌈m/G⌉ of the net before."""

    def middle(k):
        return max(-Theta, -Theta + (2 * k - 1) * Theta / G)

    if P == 0:
        return {1: ()}
    before = points(G, P - 1, Theta)
    return {
        m: (*before[ceil(Fraction(m, G))], middle(m - G * (ceil(Fraction(m, G)) - 1)))
        for m in range(1, G**P + 1)
    }


@given(
    G=st.integers(1, 4),
    at=st.lists(st.fractions(-1, 1, max_denominator=12), min_size=0, max_size=3),
    Theta=st.fractions(Fraction(1, 4), 3, max_denominator=4),
)
def test_the_net_of_a_cube(G, at, Theta):
    P, theta = len(at), [Theta * y for y in at]
    net = points(G, P, Theta)
    assert all(abs(y) <= Theta for point in net.values() for y in point)
    assert any(
        all(abs(a - y) <= Theta / G for a, y in zip(theta, point, strict=True))
        for point in net.values()
    )


def rho(t):
    return t if t >= 0 else t / (1 - t)


def network(weights, x, layers, width):
    """The recursion of the class."""
    values = list(x)
    for k in range(layers + 1):
        sums = [
            weights[k][i][0] + sum(weights[k][i][j + 1] * values[j] for j in range(width))
            for i in range(width)
        ]
        if k == layers:
            return sums[0]
        values = [rho(s) for s in sums]
    raise AssertionError


@given(data=st.data(), layers=st.integers(0, 2), width=st.integers(1, 2), R0=numbers)
def test_sensitivity_by_numbers(data, layers, width, R0):
    R0, Theta, eta = abs(R0), Fraction(3, 2), Fraction(1, 4)
    parts = st.fractions(-1, 1, max_denominator=4)

    def family(entry):
        return [
            [[entry() for _ in range(width + 1)] for _ in range(width)] for _ in range(layers + 1)
        ]

    ones = family(lambda: (Theta - eta) * data.draw(parts))
    others = [[[w + eta * data.draw(parts) for w in row] for row in rows] for rows in ones]
    x = [R0 * data.draw(parts) for _ in range(width)]
    apart = network(ones, x, layers, width) - network(others, x, layers, width)
    most = (layers + 1) * (width + 1) ** (layers + 1) * Theta**layers * max(1, R0)
    assert abs(apart) <= most * eta


@given(
    b=st.fractions(Fraction(1, 4), 3, max_denominator=4),
    c=st.fractions(Fraction(1, 4), 2, max_denominator=4),
    M=st.fractions(Fraction(1, 4), 3, max_denominator=4),
    inputs=st.tuples(numbers, numbers, numbers, numbers),
)
def test_the_tail_by_numbers(b, c, M, inputs):
    def clip(low, high, u):
        return low + rho(M * (u - low)) / M - rho(M * (u - high)) / M

    def tail(y, z):
        return clip(-b, b, clip(-b * C, b * C, z) / clip(c, C, y))

    C, (y, z, v, w) = c + 1, inputs
    distance = max(abs(y - v), abs(z - w))
    assert abs(tail(y, z) - tail(v, w)) <= (1 + b) / c * distance


def test_the_places_of_the_parameters_are_all_different():
    for n, d in itertools.product(range(1, 5), range(4)):
        outputs = [(n + 1) * r + j + 1 for r in (0, 1) for j in range(n + 1)]
        neurons = [2 * (n + 1) + n * i + j for j in range(1, n + 1) for i in range(d + 1)]
        assert sorted(outputs + neurons) == list(range(1, n * (d + 1) + 2 * (n + 1) + 1))
