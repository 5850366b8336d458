"""Constants of theorems, moved: the proof is run again."""

from boundcheck import theorem
from boundcheck.math import Abs
from boundcheck.perturb.theorem_mutations import all_studies
from boundcheck.theorems.author.words import Forall, LivesOn, Mean
from boundcheck.theorems.language.sorts import REAL


@theorem(source="a test")
def bounded_mean(t):
    """A mean of what is at most 2b is at most 2b."""
    X = t.space("X")
    pi, x, f, b = t.law("pi0", X), t.variable("x", X), t.function("f", X), t.real("b")
    t.given(LivesOn(pi, x, Abs(f(x)) <= 2 * b))
    return t.average(Mean(f(x), (x, pi)) <= 2 * b)


@theorem(source="a test")
def not_proved(t):
    """A mean of what is at most b is at most b/2."""
    X = t.space("X")
    pi, x, f, b = t.law("pi0", X), t.variable("x", X), t.function("f", X), t.real("b")
    t.given(LivesOn(pi, x, Abs(f(x)) <= b))
    return t.average(Mean(f(x), (x, pi)) <= b / 2)


def test_which_constants_bind():
    (study,) = all_studies(bounded_mean, budget=2)
    found = {p.where: p for p in study.probe(budget=2)}
    concl = found["conclusion: the 2 as factor in 2*b"]
    hyp = found["hypothesis 1: the 2 as factor in 2*b"]
    assert concl.value == hyp.value == 2
    assert (concl.lowered.kind, concl.raised.kind) == ("breaks", "slack")
    assert (hyp.lowered.kind, hyp.raised.kind) == ("slack", "breaks")
    assert str(concl.lowered) == "breaks (the proof breaks at 1e-6)"
    assert "do not imply" in concl.lowered.steps[0].verdict.detail()
    assert study.note == ""
    assert study.as_json()["constants"][0]["lowered"]["verdict"] == "breaks"


def test_what_is_not_proved_is_not_mutated():
    (study,) = all_studies(not_proved, budget=2)
    assert study.numbers == ()
    assert study.note == "not mutated: it is undecided, and only what is proved is mutated"


@theorem(source="a test")
def falls(t):
    """A sequence that falls is at most its start."""
    x, n = t.sequence("x", REAL), t.nat("n")
    down = t.given(Forall(n, x(n + 1) <= x(n)))
    with t.induct(x(n) <= x(0) + 1, n) as step:
        t.show(step.goal, by=[step.hypothesis, down(n)])
    return step.fact


def test_places_of_sequences_are_not_moved():
    """They are natural numbers, and not constants."""
    (study,) = all_studies(falls, budget=2)
    assert [p.where for p in study.probe(budget=2)] == ["conclusion: the 1 as term in x(0) + 1"]
