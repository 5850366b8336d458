"""Activations, built in and of users: values, slopes, pieces, jumps, poles."""

from fractions import Fraction

import sympy
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import rationals
from users import HardTanh, Pole, Step

from boundcheck import LeakyReLU, Network, ReLU, SignReLU, identity, prove, symbols
from boundcheck.claims.verdict import Proved
from boundcheck.exact.terms.rational import fraction


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
