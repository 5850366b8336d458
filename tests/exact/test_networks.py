"""Networks: evaluation, composition, shapes, gates, branches."""

from fractions import Fraction

import mpmath
import pytest
import sympy
from example_networks import outputs
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import value
from strategies import networks, rationals

from boundcheck import (
    BoundcheckError,
    Box,
    LeakyReLU,
    Network,
    Shape,
    SignReLU,
    branches,
    gates,
    symbols,
)
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.sympy_rim import from_sympy


def rho(t, alpha=1):
    """SignReLU, written again."""
    return t if t >= 0 else Fraction(alpha) * t / (1 - t)


def evaluate(net, values):
    """The network by hand, in fractions."""
    alpha = fraction(net.activation.alpha)
    current = list(values)
    for k, layer in enumerate(net.layers):
        current = [
            sum((fraction(w) * v for w, v in zip(row, current, strict=True)), fraction(b))
            for row, b in zip(layer.weight, layer.bias, strict=True)
        ]
        if k < net.depth:
            current = [rho(v, alpha) for v in current]
    return current


c, C, B, s, x, y = symbols("c C B s x y")


@given(networks(), st.data())
def test_evaluation_is_exact(net, data):
    at = [fraction(data.draw(rationals())) for _ in range(net.inputs)]
    expected = evaluate(net, at)
    assert outputs(net(*at)) == expected
    names = ("v0", "v1", "v2")
    point = {n: rational(v) for n, v in zip(names, at, strict=False)}
    assert [
        value(from_sympy(sympy.sympify(e)), point)
        for e in outputs(net(*symbols("v0 v1 v2")[: net.inputs]))
    ] == expected
    with mpmath.workdps(60):
        near = outputs(net.mp(*at, digits=40))
        for v, e in zip(near, expected, strict=True):
            assert (
                abs(v * e.denominator - e.numerator)
                <= abs(mpmath.mpf(e.numerator)) * mpmath.mpf(10) ** -39
            )


@given(networks(1), networks(2), st.data())
def test_composition_composes_functions_and_shapes(one, two, data):
    assume(one.outputs == two.inputs)
    two = Network(two.layers, one.activation)
    at = [fraction(data.draw(rationals())) for _ in range(one.inputs)]
    joint = one.then(two)
    assert outputs(joint(*at)) == outputs(two(*outputs(one(*at))))
    assert joint.shape == one.shape.then(two.shape)
    assert joint.depth == one.depth + two.depth


@given(networks(2), networks(2), st.booleans(), st.data())
def test_side_by_side(one, two, share, data):
    assume(not share or one.inputs == two.inputs)
    two = Network(two.layers, one.activation)
    first = [fraction(data.draw(rationals())) for _ in range(one.inputs)]
    second = first if share else [fraction(data.draw(rationals())) for _ in range(two.inputs)]
    joint = one.beside(two, share_inputs=share)
    assert outputs(joint(*(first if share else first + second))) == outputs(one(*first)) + outputs(
        two(*second)
    )
    assert joint.shape == one.shape.beside(two.shape, share_inputs=share)


@given(networks(2), st.integers(0, 4), st.data())
def test_padding_changes_the_depth_only(net, more, data):
    at = [fraction(data.draw(rationals())) for _ in range(net.inputs)]
    padded = net.padded(net.depth + more)
    assert padded.depth == net.depth + more
    assert outputs(padded(*at)) == outputs(net(*at))
    assert padded.shape == net.shape.padded(net.depth + more)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([([[1, 2]], [0]), ([[1, 1]], [0])], "layer 2 takes 2 inputs but layer 1 gives 1"),
        ([([[1], [1, 2]], [0, 0])], "the weight rows of layer 1 have the lengths"),
        ([([[1]], [0, 0])], "layer 1 has 1 rows of weights but 2 biases"),
        ([([[float("nan")]], [0])], "weight 1,1 of layer 1"),
        ([([[1]], [float("inf")])], "bias 1 of layer 1"),
        ([(3, [0])], "is not a matrix"),
        ([], "at least one affine map"),
    ],
)
def test_layers_that_do_not_fit(layers, message):
    with pytest.raises(BoundcheckError, match=message):
        Network.from_layers(layers)


def test_accounting():
    gate = gates.division(c, C, B, s)
    assert (gate.depth, gate.affine_maps, gate.widths, gate.width, gate.inputs, gate.outputs) == (
        2,
        3,
        (4, 2),
        4,
        2,
        1,
    )
    assert gate.parameters == 19
    numeric = gate.instantiate(c="1/2", C=2, B=1, s=6)
    assert numeric == gates.division("1/2", 2, 1, 6)
    assert numeric.largest_weight == Fraction(91, 3)
    assert numeric.parameters == 19
    assert not numeric.free
    put = {"c": sympy.Rational(1, 2), "C": 2, "B": 1, "s": 6}
    assert gate.largest_weight.subs(
        {sympy.Symbol(k, real=True): v for k, v in put.items()}
    ) == sympy.Rational(91, 3)


def test_wrong_joins():
    two = gates.reciprocals([1, 1])
    with pytest.raises(BoundcheckError, match="2 outputs cannot feed 1 inputs"):
        two.then(gates.reciprocal(1))
    with pytest.raises(BoundcheckError, match="pad the shallower one"):
        two.beside(gates.division(1, 1, 1))
    with pytest.raises(BoundcheckError, match="use one activation"):
        gates.reciprocal(1).then(gates.reciprocal(1, alpha=2))
    with pytest.raises(BoundcheckError, match="cannot be padded to 1"):
        gates.division(1, 1, 1).padded(1)
    with pytest.raises(BoundcheckError, match="needs a lower bound"):
        Network.from_layers([([[1]], [0]), ([[1]], [0])], LeakyReLU()).padded(3)
    with pytest.raises(BoundcheckError, match="takes 1 inputs, not 2"):
        gates.reciprocal(1)(1, 2)
    with pytest.raises(BoundcheckError, match="has no symbol q"):
        gates.reciprocal(c).instantiate(q=1)
    with pytest.raises(BoundcheckError, match="the weight .* divides by zero"):
        gates.reciprocal(c).instantiate(c=0)
    with pytest.raises(BoundcheckError, match=r"give them numbers: .instantiate"):
        gates.reciprocal(c).mp(1)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: gates.reciprocal(0), "must be positive"),
        (lambda: gates.square(1, 1), "W < s"),
        (lambda: gates.product(1, 2), "W < s"),
        (lambda: gates.division(0, 1, 1), "c is 0"),
        (lambda: gates.division(2, 1, 1), "needs c <= C"),
        (lambda: gates.division(1, 1, -1), "must not be negative"),
        (lambda: gates.division(1, 2, 1, 3), "B .* C < s|needs"),
        (lambda: gates.division_textbook(1, 2, 1, 1), "W < s"),
        (lambda: gates.clip(1, 1, 1), "c < C"),
        (lambda: gates.clip(0, 1, 0), "M is 0"),
        (lambda: SignReLU(0), "alpha of SignReLU = 0"),
        (lambda: LeakyReLU(-1), "slope of LeakyReLU = -1"),
    ],
)
def test_gates_check_their_numbers(build, message):
    with pytest.raises(BoundcheckError, match=message):
        build()


def test_shapes_with_symbols():
    n = symbols("n")
    shape = Shape.of(3, [n], 2).then(Shape.of(2, [4], 1)).padded(4)
    assert str(shape) == "3 -> n -> 4 -> 4 -> 4 -> 1"
    assert str(shape.width) == "Max(Max(Max(n, 4), 4), 4)"
    with pytest.raises(BoundcheckError, match="0 neurons"):
        Shape.of(1, [0], 1)
    with pytest.raises(BoundcheckError, match="no hidden layer to repeat"):
        Shape.of(1, [], 1).padded(2)


def test_branch_tables():
    given = [c > 0, c <= C, B >= 0, s > B + C]
    assert branches(gates.division(c, C, B, s), Box(x=(c, C), y=(-B, B)), given) == [
        ((0, 0, 0, 0), (0, 0))
    ]
    tables = branches(gates.clip(1, 2, 10), "t in [-5, 5]")
    assert sorted(tables) == [((0, 0),), ((1, 0),), ((1, 1),)]
    assert branches(gates.clip(1, 2, 10), "t in [3, 5]") == [((1, 1),)]


@pytest.mark.parametrize("wrong", ["tanh", SignReLU, 1])
def test_2026_11_30_an_activation_is_an_instance(wrong):
    with pytest.raises(BoundcheckError, match=r"give an instance .* such as SignReLU\(\)"):
        Network.from_layers([([[1]], [0]), ([[1]], [0])], activation=wrong)
