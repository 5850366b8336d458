"""Theorems that say nothing are refused, whatever they are called."""

import pytest

from boundcheck import theorem
from boundcheck.errors import BoundcheckError
from boundcheck.theorems.author.words import Forall, LivesOn, Mean
from boundcheck.verification.verify import verify_one


def refused(function):
    function.__doc__ = function.__doc__ or "Famous."
    (statement,) = theorem(source="nowhere")(function).statements()
    with pytest.raises(BoundcheckError) as error:
        statement.derive(10)
    return str(error.value)


@pytest.mark.parametrize(
    ("hypothesis", "conclusion"),
    [
        (lambda a, b: a <= b, lambda a, b: a <= b),
        (lambda a, b: a <= b, lambda a, b: b >= a),
        (lambda a, b: a <= b, lambda a, b: a + 1 <= b + 1),
        (lambda a, b: a <= b, lambda a, b: 2 * a <= 2 * b),
        (lambda a, b: a < b, lambda a, b: a <= b),
        (lambda a, b: a.eq(b), lambda a, b: 3 * b >= 3 * a),
    ],
)
def test_a_hypothesis_is_no_conclusion(hypothesis, conclusion):
    def riemann(t):
        a, b = t.real("a b")
        return t.show(conclusion(a, b), by=t.given(hypothesis(a, b)))

    assert "says nothing" in refused(riemann)


def test_nor_is_what_a_universal_one_says():
    def riemann(t):
        X = t.space("X")
        f, x, pi = t.function("f", X), t.variable("x", X), t.law("pi0", X)
        known = t.given(LivesOn(pi, x, f(x) <= 1))
        return t.show(known.formula)

    assert "says nothing" in refused(riemann)


def test_what_is_more_is_no_hypothesis():
    @theorem(source="here")
    def larger(t):
        """From a <= b and 0 <= a."""
        a, b = t.real("a b")
        return t.show(a**2 <= b**2, by=t.given(a <= b, a >= 0))

    assert verify_one(larger, budget=10).verdict.name == "proved"


def test_contradicting_hypotheses_are_refused():
    def riemann(t):
        a, b = t.real("a b")
        least, most = t.given(a >= 1, a <= 0)
        return t.impossible(least, most, b >= b + 1)

    assert "contradict each other" in refused(riemann)


def test_a_theorem_that_uses_itself():
    t1 = {}

    @theorem(source="here")
    def circle(t):
        """A circle."""
        t1["statement"].derive(10)
        return t.show(t.real("a") <= 1)

    (t1["statement"],) = circle.statements()
    with pytest.raises(BoundcheckError, match="circle uses itself"):
        t1["statement"].derive(10)


def test_what_a_theorem_returns():
    def nothing(t):
        t.real("a")

    assert "a theorem returns a fact, not None" in refused(nothing)


def test_equations_are_written_eq():
    def equal(t):
        t.given(t.real("a") == 1)

    assert "a.eq(b), not a == b" in refused(equal)


def test_names_of_constants_are_no_numbers():
    def pi(t):
        t.real("pi")

    assert "has a meaning of its own" in refused(pi)


def test_an_indicator_that_is_not_decided_names_the_step_that_does():
    def markov(t):
        X = t.space("X")
        f, x, pi = t.function("f", X), t.variable("x", X), t.law("pi0", X)
        from boundcheck.theorems.author.words import Exists, Prob

        a = t.real("a")
        t.given(a > 0, Forall(x, f(x) >= 0), Exists(Mean(f(x), (x, pi))))
        return t.average(Prob(f(x) >= a, (x, pi)) <= Mean(f(x), (x, pi)) / a)

    assert "indicators()" in refused(markov)
