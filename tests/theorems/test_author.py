"""What authors may write: names, theorems used by matching, what notebooks show."""

import pytest

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.author.proof import Proof, derived
from boundcheck.theorems.engine.context import StepFailed


@pytest.mark.parametrize("name", ["Mean", "exp", "joint", "Sum", "for"])
def test_words_of_the_grammar_are_no_names(name):
    with pytest.raises(BoundcheckError, match="has a meaning of its own; choose another name"):
        Proof().real(name)


@pytest.mark.parametrize("name", ["1x", "x+y", "é", "_x", "x'"])
def test_what_is_no_name(name):
    with pytest.raises(BoundcheckError, match="is no name; use letters, digits and _"):
        Proof().real(name)


def test_a_name_is_declared_once():
    with pytest.raises(BoundcheckError, match="declared twice"):
        Proof().real("x x")


def transitive(t):
    """From a <= b and b <= c."""
    a, b, c = t.real("a b c")
    return t.show(a <= c, by=t.given(a <= b, b <= c))


def test_a_theorem_is_used_at_the_facts_named():
    lemma = derived(transitive)

    def theorem(t):
        x, y, z = t.real("x y z")
        first, second = t.given(x**2 <= y, y <= z)
        return t.use(lemma, by=[first, second])

    assert repr(derived(theorem)) == "x**2 <= y, y <= z |- x**2 <= z"


def test_a_value_that_is_given_goes_before():
    lemma = derived(transitive)

    def theorem(t):
        x, y, z = t.real("x y z")
        t.given(x <= y, y <= z)
        return t.use(lemma, {"a": y, "b": z, "c": z + 1})

    assert repr(derived(theorem).concl) == "y <= z + 1"


def test_a_symbol_of_that_name_is_the_symbol():
    lemma = derived(transitive)

    def theorem(t):
        a, b, c = t.real("a b c")
        t.given(a <= b, b <= c, c <= a)
        return t.use(lemma)

    assert repr(derived(theorem).concl) == "a <= c"


def test_what_matching_does_not_find_is_named():
    lemma = derived(transitive)

    def theorem(t):
        x, y = t.real("x y")
        t.given(x + 0 < y)
        return t.use(lemma)

    with pytest.raises(StepFailed, match="no values are found for a, b, c of the theorem"):
        derived(theorem)


def test_a_value_that_does_not_fit_is_refused():
    """Matching only proposes: hypotheses are shown."""
    lemma = derived(transitive)

    def theorem(t):
        x, y = t.real("x y")
        t.given(x <= y)
        return t.use(lemma, {"c": x - 1})

    with pytest.raises(StepFailed):
        derived(theorem)


def test_notebooks_show_theorems():
    t = Proof()
    fact = transitive(t)
    assert fact._repr_latex_().startswith(r"$\displaystyle \begin{aligned}")
    assert r"a \le c" in fact._repr_latex_()
