"""Texts of theorems are read back, and whatever else is refused with the place and a remedy."""

import pytest
from expressions import expressions, renamed, sequents
from hypothesis import given

from boundcheck.theorems.language.reading import declared_in, read
from boundcheck.theorems.language.sequent_reading import read_sequent
from boundcheck.theorems.notation.plain_text import text
from boundcheck.theorems.notation.sequent_text import sequent_text


@given(expressions(clashing=False))
def test_every_text_is_read_back(e):
    found = read(text(e), declared_in(e))
    assert found == e
    assert text(found) == text(e)


@given(expressions())
def test_symbols_that_look_alike_get_other_names(e):
    """One name with two sorts, names of constants, ..."""
    found = read(text(e), declared_in(e))
    assert found == renamed(e)
    assert text(found) == text(e)


@given(sequents())
def test_every_theorem_is_read_back(sequent):
    hyps, concl = sequent
    for width in (92, 30):
        whole = sequent_text(hyps, concl, "a title", {"axiom": "Author, 1.2"}, width)
        found = read_sequent(whole)
        assert set(found.hyps) == set(hyps)
        assert found.concl == concl
        assert (found.title, found.axioms) == ("a title", {"axiom": "Author, 1.2"})
        assert sequent_text(found.hyps, found.concl, found.title, found.axioms, width) == whole
