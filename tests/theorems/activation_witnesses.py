"""Where the activation SignReLU is what a theorem says that it is somewhere."""

from __future__ import annotations

from fractions import Fraction

ONE = Fraction(1)


def _named(model):
    return {str(s.data): v for s, v in model.values.items()}


def _small(model):
    v = _named(model)
    return {"u": [-v["a"] / v["for_all_0"]]}


def _steep(model):
    return {"u": [(1 - _named(model)["a"]) / 2]}


def _steepest(model):
    v = _named(model)
    return {"u": [Fraction(0), -(v["a"] / v["L"] - 1) / 2], "v": [ONE, Fraction(0)]}


def _corner(model):
    v = _named(model)
    a, K = v["a"], v["K"]
    return {"h": [(1 - a) / (K + 1), (a - 1) / (2 * (1 + K * a))]}


ACTIVATION = {
    "activation.bounded_below": _small,
    "activation.linear_growth": _steep,
    "activation.lipschitz_constant_is_least": _steepest,
    "activation.not_differentiable": _corner,
}
