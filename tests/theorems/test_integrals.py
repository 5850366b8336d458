"""Integrals in theorems: by an antiderivative, and compared point by point."""

import pytest

from boundcheck.errors import BoundcheckError
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.proof import derived
from boundcheck.theorems.author.words import Exists, Forall, Integral, function
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.calculus import derivative
from boundcheck.theorems.kernel.sequent import Refused
from boundcheck.theorems.language.expr import symbol
from boundcheck.theorems.language.sorts import REAL

t = symbol("t", REAL)


def test_the_integral_of_an_exponential():
    def theorem(p):
        a, b, s = p.real("a b s")
        p.given(a <= b)
        return p.primitive(Integral(exp(-s), (s, a, b)), function(s, -exp(-s)))

    found = derived(theorem)
    assert repr(found.concl) == "Integral(exp(-x), (x, a, b)) == -exp(-b) - (-exp(-a))"
    assert list(map(repr, found.hyps)) == ["a <= b"]


def test_a_bound_of_an_integral():
    """The integral of f over [0, b] is at most b²/2, where f(s) <= s."""

    def theorem(p):
        b, s = p.real("b s")
        f = p.function("f", REAL)
        p.given(b >= 0, Exists(Integral(f(s), (s, 0, b))))
        below = p.given(Forall(s, f(s) <= s, [s >= 0, s <= b]))
        line = p.primitive(Integral(s, (s, 0, b)), function(s, s**2 / 2))
        compared = p.integrate(Integral(f(s), (s, 0, b)) <= Integral(s, (s, 0, b)), by=below)
        return p.show(Integral(f(s), (s, 0, b)) <= b**2 / 2, by=[line, compared])

    assert repr(derived(theorem).concl) == "Integral(f(s), (s, 0, b)) <= b**2/2"


@pytest.mark.parametrize("wrong", [t**3, Abs(t), sqrt(t), log(t)])
def test_what_is_no_antiderivative(wrong):
    def theorem(p):
        return p.primitive(Integral(t**2, (t, -1, 1)), function(t, wrong))

    with pytest.raises((StepFailed, BoundcheckError)):
        derived(theorem)


def test_a_pole_inside_is_seen():
    """1/t² has the antiderivative -1/t on each side of 0, and no integral over [-1, 1]."""

    def theorem(p):
        return p.primitive(Integral(1 / t**2, (t, -1, 1)), function(t, -1 / t))

    with pytest.raises(StepFailed):
        derived(theorem)


def test_the_other_way_round():
    """An integral from 1 to 0 does not exist here."""

    def theorem(p):
        return p.primitive(Integral(t, (t, 1, 0)), function(t, t**2 / 2))

    with pytest.raises(StepFailed):
        derived(theorem)


@pytest.mark.parametrize(
    "e", [Abs(t), symbol("f", REAL) * 0 + Abs(t), exp(Abs(t)), t ** symbol("p", REAL) ** t]
)
def test_there_is_no_rule(e):
    with pytest.raises(Refused, match="there is no rule"):
        derivative(e, t)
