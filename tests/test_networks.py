"""Networks, shapes, activations, gates, branches."""

import itertools
import json
from fractions import Fraction

import mpmath
import pytest
import sympy
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import value
from strategies import rationals
from users import HardTanh, Pole, Step

from boundcheck import (
    BoundcheckError,
    Box,
    LeakyReLU,
    Network,
    ReLU,
    Shape,
    SignReLU,
    branches,
    gates,
    identity,
    prove,
    symbols,
)
from boundcheck.claims.verdict import Proved
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.sympy_rim import from_sympy

c, C, B, s, x, y = symbols("c C B s x y")


def rho(t, alpha=1):
    """SignReLU, written again."""
    return t if t >= 0 else Fraction(alpha) * t / (1 - t)


@st.composite
def networks(draw, depth=2, activation=None):
    sizes = [draw(st.integers(1, 3)) for _ in range(depth + 2)]
    layers = [
        (
            [[fraction(draw(rationals(4))) for _ in range(m)] for _ in range(n)],
            [fraction(draw(rationals(4))) for _ in range(n)],
        )
        for m, n in itertools.pairwise(sizes)
    ]
    return Network.from_layers(layers, activation or SignReLU(draw(st.sampled_from([1, 2, "1/3"]))))


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


def outputs(result):
    return list(result) if isinstance(result, tuple) else [result]


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


@given(networks())
def test_files_are_lossless(tmp_path_factory, net):
    path = tmp_path_factory.mktemp("nets") / "net.json"
    net.save(path)
    assert Network.load(path) == net
    assert [p.name for p in path.parent.iterdir()] == ["net.json"]


def test_symbolic_networks_are_kept_in_files(tmp_path):
    gate = gates.division(c, C, B, s)
    gate.save(tmp_path / "gate.json")
    assert Network.load(tmp_path / "gate.json") == gate


def test_users_activations_in_files(tmp_path):
    net = Network.from_layers([([[2]], [0]), ([[1]], [0])], HardTanh())
    net.save(tmp_path / "net.json")
    with pytest.raises(BoundcheckError, match="pass its class"):
        Network.load(tmp_path / "net.json")
    assert Network.load(tmp_path / "net.json", [HardTanh]) == net


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "{", '{"format": "boundcheck.network"}',
     '{"format": "boundcheck.network", "version": 1}',
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "os", "parameters": '
      '[]}, "layers": []}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": []}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [["1/0"]], "bias": ["0"]}]}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [[NaN]], "bias": ["0"]}]}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [["__import__(\'os\')"]], "bias": ["0"]}]}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [["1"]], "bias": ["0", "1"]}]}'),
     "[" * 100_000],
)  # fmt: skip
def test_bad_files_are_refused(tmp_path, text):
    path = tmp_path / "net.json"
    path.write_text(text)
    with pytest.raises(BoundcheckError):
        Network.load(path)


def test_a_file_without_layers_is_named(tmp_path):
    path = tmp_path / "net.json"
    Network.from_layers([([[1]], [0])]).save(path)
    document = json.loads(path.read_text()) | {"layers": []}
    path.write_text(json.dumps(document))
    with pytest.raises(
        BoundcheckError, match=r"net\.json: a network needs at least one affine map"
    ):
        Network.load(path)


def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    net = gates.reciprocal(1)
    net.save(tmp_path / "net.json")
    monkeypatch.setattr(json, "dumps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        gates.reciprocal(2).save(tmp_path / "net.json")
    monkeypatch.undo()
    assert Network.load(tmp_path / "net.json") == net


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


@given(rationals(), st.sampled_from([1, 3, "1/2"]))
def test_activations_agree_with_torch(t, alpha):
    for activation in (SignReLU(alpha), ReLU(), LeakyReLU(alpha), HardTanh()):
        exact = activation(fraction(t))
        number = torch.tensor(float(fraction(t)), dtype=torch.float64, requires_grad=True)
        out = activation.torch(number)
        assert abs(float(out.detach()) - float(exact)) <= 1e-12 * max(1.0, abs(float(exact)))
        out.backward()
        assert torch.isfinite(number.grad)


@given(
    rationals(),
    rationals(),
    st.sampled_from(
        [SignReLU(), SignReLU(3), SignReLU("1/2"), ReLU(), LeakyReLU("1/5"), HardTanh()]
    ),
)
def test_chord_slopes_lie_in_the_derivative_range(p, q, activation):
    assume(p < q)
    low, high = activation.derivative_range(p, q)
    slope = (activation(fraction(q)) - activation(fraction(p))) / fraction(q - p)
    assert fraction(low) <= slope <= fraction(high)
    wider = activation.derivative_range(None, None)
    assert wider[0] <= low <= high <= wider[1]


def test_branch_tables():
    given = [c > 0, c <= C, B >= 0, s > B + C]
    assert branches(gates.division(c, C, B, s), Box(x=(c, C), y=(-B, B)), given) == [
        ((0, 0, 0, 0), (0, 0))
    ]
    tables = branches(gates.clip(1, 2, 10), "t in [-5, 5]")
    assert sorted(tables) == [((0, 0),), ((1, 0),), ((1, 1),)]
    assert branches(gates.clip(1, 2, 10), "t in [3, 5]") == [((1, 1),)]


def test_every_tactic_works_with_a_users_activation():
    t = symbols("t")
    clamp = HardTanh()(t)
    assert isinstance(
        prove(identity(clamp, sympy.Max(-1, sympy.Min(1, t)), on="t in (-oo, oo)")), Proved
    )
    net = Network.from_layers([([[2], [1]], [0, 1]), ([[1, -1]], [0])], HardTanh())
    assert net(Fraction(1, 4)) == Fraction(1, 2) - 1
    assert prove(net(t) <= 2, on="t in [-3, 3]").name == "proved"
    assert prove(net(t) <= 0, on="t in [-3, 3]").name == "proved"
    assert prove(net(t) <= -sympy.Rational(1, 10), on="t in [-3, 3]").name == "refuted"


def test_an_activation_that_jumps_is_not_made_continuous():
    t = symbols("t")
    assert prove(sympy.Ge(Step()(t), 1), on="t in (-oo, 0]").name == "refuted"
    assert prove(sympy.Ge(Step()(t), 1), on="t in (-oo, -1]").name == "proved"
    assert prove(identity(Step()(t), 1, on="t in [-1, 0]")).name == "refuted"


def test_an_activation_with_a_pole_is_ill_posed():
    t = symbols("t")
    assert prove(sympy.Le(Pole()(t), 5), on="t in [-1, 1]").name == "ill-posed"
    assert prove(sympy.Le(Pole()(t), 1), on="t in [1, 2]").name == "proved"
