"""SignReLU networks that clip, multiply and divide, with explicit weights."""

from __future__ import annotations

from fractions import Fraction

from model_networks import behind
from model_values import mul

ONE, HALF = Fraction(1), Fraction(1, 2)


def clips(net, M, *ends):
    """Outputs 0, 1, ... brought to between the ends, two neurons for each."""
    neurons, outputs = [], []
    for i, (low, high) in enumerate(ends):
        neurons += [(-mul(M, end), {i: M}) for end in (low, high)]
        outputs.append((low, {2 * i: 1 / M, 2 * i + 1: -1 / M}))
    return behind(net, neurons, outputs)


def reciprocals(net, forms, outputs):
    """Neurons 1/u = (1 + ρ(1 - u/k))/k for affine forms u >= k > 0 of outputs."""
    neurons = [
        (1 - constant / k, {i: -f / k for i, f in enumerate(factors)})
        for k, (constant, *factors) in forms
    ]
    rows = []
    for constant, *factors in outputs:
        scaled = [f / k for f, (k, _) in zip(factors, forms, strict=True)]
        rows.append((constant + sum(scaled), dict(enumerate(scaled))))
    return behind(net, neurons, rows)


def square(net, Y):
    """y² = s² - 2s/(1/(s + y) + 1/(s - y)) for |y| <= Y < s."""
    s = Y + 1
    inner = reciprocals(net, [(ONE, (s, ONE)), (ONE, (s, -ONE))], [(Fraction(0), ONE, ONE)])
    return reciprocals(inner, [(2 / s, (Fraction(0), ONE))], [(s**2, -2 * s)])


def product(net, Y, Z):
    """yz = ((y + z)/2)² - ((y - z)/2)²."""
    s = (Y + Z) / 2 + 1
    signs = ((1, 1), (-1, -1), (1, -1), (-1, 1))
    forms = [(ONE, (s, a * HALF, b * HALF)) for a, b in signs]
    o = Fraction(0)
    inner = reciprocals(net, forms, [(o, ONE, ONE, o, o), (o, o, o, ONE, ONE)])
    second = [(2 / s, (o, ONE, o)), (2 / s, (o, o, ONE))]
    return reciprocals(inner, second, [(o, -2 * s, 2 * s)])


def division(net, c, C, B):
    """z/y for c <= y <= C and |z| <= B."""
    s, o = B + C + 1, Fraction(0)
    k = c / ((s + B) * (s + B + c))
    forms = [(ONE, (s, a * ONE, b * ONE)) for a, b in ((0, 1), (1, 1), (-1, -1), (0, -1))]
    inner = reciprocals(net, forms, [(o, ONE, -ONE, o, o), (o, o, o, ONE, -ONE)])
    second = [(k, (o, ONE, o)), (k, (o, o, ONE))]
    return reciprocals(inner, second, [(-HALF, 1 / (4 * s), -1 / (4 * s))])


def textbook(net, c, B):
    """z/y for y >= c and |z| <= B, as z times 1/y."""
    neurons = [(ONE, {0: -1 / c}), (B, {1: ONE})]
    both = behind(net, neurons, [(1 / c, {0: 1 / c}), (-B, {1: ONE})])
    return product(both, 1 / c, B)


def quotient(net, M, b, c, C):
    """Output 1 over output 0, both between clips."""
    return division(clips(net, M, (c, C), (-b * C, b * C)), c, C, b * C)
