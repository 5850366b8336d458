"""Texts of theorems are read back, and whatever else is refused with the place and a remedy."""

import pytest
from expressions import expressions, formulas, renamed, sequents
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.errors import ParseError
from boundcheck.theorems.language.reading import declared_in, read
from boundcheck.theorems.language.sequent_reading import read_sequent
from boundcheck.theorems.language.sort_reading import Declarations
from boundcheck.theorems.language.sorts import NAT, REAL, function, law, seq, vec
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


# -- what is refused -------------------------------------------------------------------------------

DECLARED = Declarations(
    {
        "x": REAL,
        "n": NAT,
        "f": function((REAL,), REAL),
        "pi": law(REAL),
        "s": seq(REAL),
        "u": vec("H"),
    },
    frozenset("X"),
    frozenset("H"),
)

REFUSED = [
    ("", "line 1, column 1: the text ends here; a term is missing"),
    ("x +", "line 1, column 4: the text ends here; a term is missing"),
    ("x <= y", "line 1, column 6: y is not declared; declare it"),
    ("ff(x)", "line 1, column 1: ff is not declared; did you mean f?"),
    ("Abs", "line 1, column 1: Abs is a function; write Abs(...)"),
    ("Mean", "line 1, column 1: Mean is a function; write Mean(u, (x, law))"),
    ("x = 1", "line 1, column 3: '=' is not in the grammar; write =="),
    ("x ≤ 1", "line 1, column 3: '≤' is not in the grammar; write <="),
    ("s[1]", "line 1, column 2: '[' is not in the grammar; write ("),
    ("·3", "line 1, column 1: '·' is not in the grammar; write *"),
    ("x\n  @ 2", "line 2, column 3: '@' is not in the grammar"),
    ("0 < x < 1", "line 1, column 7: '<' cannot stand here; write a <= b and b <= c for a chain"),
    ("(0 < x < 1)", "line 1, column 8: '<' cannot stand here; write a <= b and b <= c"),
    ("x 2", "line 1, column 3: '2' cannot stand here; an operation or a bracket is missing"),
    ("(x", "line 1, column 1: this ( is never closed; close it"),
    ("x)", "line 1, column 2: this ) closes nothing; remove it"),
    ("{x)", "line 1, column 3: this ) closes nothing; remove it"),
    ("x + u", "line 1, column 3: a sum takes numbers, not a part of sort Vec(H)"),
    ("x*(x < 1)", "line 1, column 2: a product takes numbers"),
    ("-f", "line 1, column 1: a negative takes numbers"),
    ("u**2", "line 1, column 2: a power takes numbers"),
    ("x(1)", "line 1, column 2: a term of sort Real cannot be applied"),
    ("f(x, x)", "line 1, column 2: the function takes 1 arguments"),
    ("s(x)", "line 1, column 2: places of a sequence are natural numbers"),
    ("x and x < 1", "line 1, column 1: and takes formulas"),
    ("x < 1 implies x", "line 1, column 1: implies takes formulas"),
    ("x < for all y : Real. y < 1", "line 1, column 5: 'for' cannot stand here; put a"),
    ("(x < 1 and for all y : Real. y < x) x", "line 1, column 37: 'x' cannot stand here"),
    ("for x : Real. x < 1", "line 1, column 5: 'x' cannot stand here; write for all x : Real."),
    ("there x : Real. x < 1", "line 1, column 7: 'x' cannot stand here; write there is x"),
    ("for all x < 1", "line 1, column 11: '<' cannot stand here; write x : Real, or x in pi"),
    ("for all x : Real x < 1", "line 1, column 18: 'x' cannot stand here; write a full stop"),
    ("for all Mean : Real. x < 1", "line 1, column 9: Mean has a meaning of its own; choose"),
    ("for all x : Y. x == x", "line 1, column 13: Y is no space; declare it"),
    ("for all x : Rael. x == x", "line 1, column 13: Rael is no space; did you mean Real?"),
    ("for all x : Vec(X). x == x", "line 1, column 17: X is no inner-product space; declare it"),
    ("for all x : Network(tanh). x == x", "'tanh' is no activation of networks in theorems"),
    ("for all x : Law(Law(X)). x == x", "line 1, column 13: Law(X) is not a sort of points"),
    ("for all x : Pair(X). x == x", "line 1, column 13: Pair has 2 in its brackets"),
    ("for all x in n. x < 1", "line 1, column 14: the sort is Nat; after in stands a law, or"),
    ("for all j in x..n. x < 1", None),
    ("for all j in 1..u. x < 1", "line 1, column 14: only numbers are ordered"),
    ("x in n", "line 1, column 3: a term of sort Nat is no law"),
    ("Mean(x)", "line 1, column 1: write Mean(u, (x, law))"),
    ("Mean(x, pi)", "line 1, column 1: write Mean(u, (x, law))"),
    ("Mean((x, pi))", "line 1, column 1: write Mean(u, (x, law))"),
    ("Mean(y, (y, n))", "line 1, column 1: Mean is over a law, not over a term of sort Nat"),
    ("Mean(y, y, (y, pi))", "line 1, column 7: ',' cannot stand here; write Mean(u, (x, law))"),
    ("Mean(y, (y, pi, pi))", "line 1, column 15: ',' cannot stand here; write Mean(u, (x, law))"),
    ("Norm(y, (y, pi))", "line 1, column 7: ',' cannot stand here; write Norm(u, p, (x, law))"),
    ("Norm(y, y, (y, pi))", "line 1, column 9: y is not declared"),
    ("Mean(u, (y, pi))", "line 1, column 1: only numbers have means"),
    ("Sum(j, (j, 1))", "line 1, column 13: ')' cannot stand here; write Sum(u, (j, a, b))"),
    ("Sum(j, (j, 1, x))", "line 1, column 1: a range has ends of sort Nat"),
    ("Prob(x, (y, pi))", "line 1, column 1: Ind takes formulas"),
    ("Ind(for all y : Real. y < x)", "line 1, column 1: Ind takes a formula without quantifiers"),
    ("independent(j)", "line 1, column 14: ')' cannot stand here; write independent(j, law)"),
    ("n^oo", "line 1, column 2: a term of sort Nat is no law"),
    ("joint(pi, pi)", "line 1, column 11: 'pi' cannot stand here; write joint(law, (x, kernel))"),
    ("Max(x)", "line 1, column 1: Max takes at least 2 in its brackets, not 1"),
    ("dot(u)", "line 1, column 1: dot takes 2 in its brackets, not 1"),
    ("exists(x < 1)", "line 1, column 1: only terms exist"),
    ("f == f", "line 1, column 3: terms of sort Real -> Real are not compared"),
    ("1" * 6000, "line 1, column 1: '1111111111111111111111111111111111111111' has more than 5000"),
    ("(" * 61 + "x" + ")" * 61, "line 1, column 61: brackets are nested more than 60 deep"),
    ("x**" * 100 + "x", "parts are nested more than 90 deep; name some of them"),
    ("for all y : Real. 1 < 2 implies " * 100 + "1 < 2", "parts are nested more than 90 deep"),
    ("x" * 200_001, "the text has 200001 characters; at most 200000 are read"),
]


@pytest.mark.parametrize(("line", "message"), REFUSED, ids=[r[0][:30] for r in REFUSED])
def test_refused_with_the_place_and_a_remedy(line, message):
    if message is None:
        read(line, DECLARED)
        return
    with pytest.raises(ParseError) as refused:
        read(line, DECLARED)
    assert message in str(refused.value)


def test_only_texts_are_read():
    with pytest.raises(ParseError, match="from a text, not from bytes"):
        read(b"x", DECLARED)
    with pytest.raises(ParseError, match="from a text, not from int"):
        read_sequent(3)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("x + 0.25", "x + 1/4"),
        ("there is y : Real. y < x", "there is y : Real. y < x"),
        ("there are y : Real. y < x", "there is y : Real. y < x"),
        ("u/2", "1/2*u"),
        ("u*x", "x*u"),
        ("x**-2", "1/x**2"),
        ("--x", "-(-x)"),
        ("((x))", "x"),
        ("Max(1, n, x)", "Max(1, n, x)"),
        ("for all x : Real. x < 1", "for all x : Real. x < 1"),
        ("Mean(x*f(x), (x, pi))", "Mean(x*f(x), (x, pi))"),
        ("Sum(Sum(1, (n, 1, n)), (n, 1, n))", "Sum(Sum(1, (n3, 1, n2)), (n2, 1, n))"),
        ("E + x", "E + x"),
        ("for all E : Real. E < x", "for all E : Real. E < x"),
        ("for all j in 0..n, k in j..n. j <= k", "for all j in 0..n, k in j..n. j <= k"),
        ("x<=1\n and\tx>=0", "x <= 1 and x >= 0"),
    ],
)
def test_other_texts_of_the_same(line, same):
    assert text(read(line, DECLARED)) == same


@given(
    st.text(alphabet="xnfpisu()+-*/^<>=., :12 Mean for all there is in and implies", max_size=40)
)
def test_any_text_is_read_or_refused(line):
    try:
        found = read(line, DECLARED)
    except ParseError:
        return
    assert read(text(found), DECLARED) == found


@given(formulas(clashing=False), st.data())
def test_a_changed_text_is_refused_or_read_as_what_it_says(e, data):
    """Deleting a word or a sign never leads to an error of another kind."""
    words = text(e).split(" ")
    at = data.draw(st.integers(0, len(words) - 1))
    changed = " ".join(words[:at] + words[at + 1 :])
    try:
        found = read(changed, declared_in(e))
    except ParseError:
        return
    assert read(text(found), declared_in(e)) == found


# -- whole theorems --------------------------------------------------------------------------------

THEOREM = """\
Theorem: the mean of a bounded function
Let
  X : Space
  H : inner-product space
  n : Nat
  R, b : Real
  f : X -> Real
  g : (X, Vec(H)) -> Real
  K : X -> Law(Vec(H))
  mu : Law(Vec(H)), on {v : dot(v, v) <= R**2}
  pi : Law(X)
Assume
  (1) for all x in pi. Abs(f(x)) <= b
  (2) for all x : X, v : Vec(H).
        x in pi implies
        v in K(x) implies
        g(x, v)
          <= Abs(f(x)) + Abs(f(x))**2
  (3) n >= 1
Then
  Mean(Mean(g(x, v), (v, K(x))), (x, pi)) <= b + b**2
    and mu == mu and R <= R
Resting on
  Jensen: Rudin, Real and complex analysis, 3.3
  Fubini
"""


def test_a_whole_theorem():
    found = read_sequent(THEOREM)
    assert found.title == "the mean of a bounded function"
    assert found.axioms == {"Jensen": "Rudin, Real and complex analysis, 3.3", "Fubini": ""}
    assert [text(h) for h in found.hyps] == [
        "for all v in mu. dot(v, v) <= R**2",
        "for all x in pi. Abs(f(x)) <= b",
        "for all x : X, v : Vec(H). x in pi implies v in K(x) implies "
        "g(x, v) <= Abs(f(x)) + Abs(f(x))**2",
        "n >= 1",
    ]
    whole = sequent_text(found.hyps, found.concl, found.title, found.axioms, 50)
    assert read_sequent(whole).hyps == found.hyps
    assert whole.splitlines()[:16] == THEOREM.splitlines()[:16]


def test_a_theorem_without_declarations():
    whole = sequent_text([], read("1 <= 2", DECLARED))
    assert whole == "Theorem\nThen\n  1 <= 2"
    assert read_sequent(whole).concl == read("1 <= 2", DECLARED)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Theorem:", "Lemma:", "line 1, column 1: 'Lemma: the mean of a bounded function' is no"),
        ("Then", "So", "line 20, column 1: 'So' is no heading"),
        ("Then\n", "", "the text has no heading Then"),
        ("Assume", "Let", "line 12, column 1: Let stands in a wrong place; the order is Theorem"),
        ("Let\n", "", "line 2, column 1: a title has one line; write Let, Assume or Then next"),
        ("(1)", "(7)", "line 13, column 3: hypotheses are numbered; begin them with (1), (2)"),
        ("(2)", "and", "line 19, column 3: a term of sort Nat cannot be applied to arguments"),
        ("n : Nat", "b : Nat", "line 6, column 6: b is declared twice; rename one"),
        ("R, b", "b, b", "line 6, column 6: b is declared twice; rename one"),
        ("X : Space", "X : Sort", "line 3, column 7: Sort is no space; declare it"),
        ("X : Space", "X Space", "line 3, column 5: 'Space' cannot stand here; write the sort"),
        ("inner-product space", "inner space", "line 4, column 13: 'space' cannot stand here"),
        ("pi : Law(X)", "pi : Law(Z)", "line 11, column 12: Z is no space"),
        (", on {", ", in {", "line 10, column 21: 'in' cannot stand here; write pi : Law(X), on"),
        ("{v :", "(v :", "line 10, column 46: this } closes nothing; remove it"),
        ("R**2}", "R**2", "line 10, column 24: this { is never closed"),
        ("dot(v, v) <=", "dot(v, w) <=", "line 10, column 36: w is not declared"),
        ("dot(v, v) <= R**2", "R", "line 10, column 29: implies takes formulas"),
        ("n : Nat", "n : Nat, on {x : 1 < 2}", "line 5, column 12: only a law, declared alone"),
        ("f : X -> Real", "f : X, Y -> Real", "line 7, column 10: only a law, declared alone"),
        ("f : X -> Real", "f : (X) Real", "line 7, column 11: 'Real' cannot stand here; write ("),
        ("(3) n >= 1", "(3) n", "line 19, column 7: n is a term; a theorem is made of formulas"),
        ("<= b + b**2", "<= b + c**2", "line 21, column 50: c is not declared"),
    ],
)
def test_texts_that_state_no_theorem(old, new, message):
    assert old in THEOREM
    with pytest.raises(ParseError) as refused:
        read_sequent(THEOREM.replace(old, new, 1))
    assert message in str(refused.value)


@given(st.data())
def test_a_changed_theorem_is_read_or_refused(data):
    lines = THEOREM.splitlines()
    first, second = (data.draw(st.integers(0, len(lines) - 1)) for _ in "ab")
    words = lines[first].split(" ")
    del words[data.draw(st.integers(0, len(words) - 1))]
    lines[first] = " ".join(words)
    lines.insert(first, lines.pop(second))
    try:
        found = read_sequent("\n".join(lines))
    except ParseError:
        return
    again = read_sequent(sequent_text(found.hyps, found.concl))
    assert (set(again.hyps), again.concl) == (set(found.hyps), found.concl)


def test_a_title_or_an_axiom_cannot_pretend_to_be_a_part():
    concl = read("1 <= 2", DECLARED)
    whole = sequent_text([], concl, "t\nThen\n  1 <= 3", {"a\nThen\n": "b\nTheorem"})
    found = read_sequent(whole)
    assert found.concl == concl
    assert found.title == "t Then 1 <= 3"
