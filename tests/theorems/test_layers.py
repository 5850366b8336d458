"""Layers of networks as rules and as authors write them; ranges that end with a number."""

import pytest

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.author.layers import affine, at_number, hidden_layer, neurons
from boundcheck.theorems.author.proof import Proof
from boundcheck.theorems.author.words import Sum, function
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.sequent import Refused, derive
from boundcheck.theorems.language.binding import substituted
from boundcheck.theorems.language.expr import expr, symbol
from boundcheck.theorems.language.sorts import NAT, REAL, network
from boundcheck.theorems.rules.all_rules import RULES

assert RULES

i, j, k, m = (symbol(name, NAT) for name in "ijkm")
c = symbol("c", REAL)
A = symbol("A", network("relu"))
ROWS = {
    "base": A,
    "inputs": expr(1),
    "neurons": m,
    "weights": function((j, k), 2),
    "biases": function(j, c),
    "outer": function((i, j), 1),
    "offsets": function(i, 0),
}


def test_a_hidden_layer_on_outputs_from_0_on():
    made = derive("hidden_layer", **ROWS, first=expr(0))
    assert repr(made) == (
        " |- there is N : Network(relu). depth(N) == depth(A) + 1 and width(N) == Max(width(A), m) "
        "and for all j : Nat, s : Seq(Real). value(N, j, s) == "
        "0 + Sum(relu(c + Sum(2*value(A, k, s), (k, 0, 1))), (j2, 1, m))"
    )


def test_a_hidden_layer_on_outputs_from_1_on():
    assert "(k, 1, 1)" in repr(derive("hidden_layer", **ROWS))


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("first", c),
        ("first", expr(-1)),
        ("inputs", c),
        ("neurons", c),
        ("weights", function((j, k), 1 / c)),
        ("weights", function((j, k), 1 / (j - k))),
        ("biases", function(j, 1 / c)),
        ("outer", function((i, j), 1 / c)),
        ("outer", function(i, 1)),
        ("offsets", function(i, 1 / i)),
        ("base", c),
    ],
)
def test_what_is_no_layer(part, wrong):
    with pytest.raises(Refused):
        derive("hidden_layer", **{**ROWS, part: wrong})


def test_a_readout_of_outputs_from_0_on():
    made = derive(
        "readout",
        base=A,
        inputs=m,
        first=expr(0),
        outer=function((i, k), c),
        offsets=function(i, i),
    )
    assert "value(N, j, s) == j + Sum(c*value(A, k, s), (k, 0, m))" in repr(made)
    with pytest.raises(Refused, match="no natural number"):
        derive(
            "readout",
            base=A,
            inputs=m,
            first=c,
            outer=function((i, k), c),
            offsets=function(i, i),
        )


# -- ranges that end with a number -----------------------------------------------------------------


def test_unroll_up_to_a_number():
    order = derive("arithmetic", goal=expr(1) <= 4, proof=_proof(expr(1) <= 4))
    made = derive("unroll", order, term=Sum(c * j, (j, 1, 4)))
    assert repr(made.concl) == "Sum(c*j, (j, 1, 4)) == Sum(c*j, (j, 1, 3)) + c*4"


@pytest.mark.parametrize("last", [expr(0), expr("1/2"), expr(-1), m])
def test_an_end_without_a_number_before_it(last):
    order = derive("assume", formula=expr(0) <= last)
    with pytest.raises(BoundcheckError, match=r"not b \+ 1|sort Nat"):
        derive("unroll", order, term=Sum(c * j, (j, 0, last)))


def _proof(goal):
    return Proof().show(goal).theorem.data["proof"]


# -- the author's side -----------------------------------------------------------------------------


def test_weights_that_exist_are_shown_to():
    t = Proof()
    d = t.real("d")
    t.given(d > 0)
    made = hidden_layer(
        t,
        t.network("B", "relu"),
        neurons=2,
        inputs=(0, 0),
        weights=function((j, k), 1 / d),
        biases=function(j, 0),
        outer=function((i, j), 0),
        offsets=function(i, 0),
    )
    assert [repr(h) for h in made.theorem.hyps] == ["d > 0"]


def test_weights_that_may_not_exist():
    t = Proof()
    d = t.real("d")
    with pytest.raises(StepFailed, match="1/d"):
        hidden_layer(
            t,
            t.network("B", "relu"),
            neurons=2,
            inputs=(0, 0),
            weights=function((j, k), 1 / d),
            biases=function(j, 0),
            outer=function((i, j), 0),
            offsets=function(i, 0),
        )


def test_neurons_are_written_out():
    t = Proof()
    d, B = t.real("d"), t.network("B", "relu")
    made = neurons(t, B, rows=[(d, 1, -1), (0, 0, d)], outputs=[(d, 2, -d), (0, 1, 1)])
    first, second = "relu(d + value(B, 0, x) + (-1*value(B, 1, x)))", "relu(d*value(B, 1, x))"
    assert repr(made.formula) == (
        "there is N : Network(relu). depth(N) == depth(B) + 1 and width(N) == Max(width(B), 2) and "
        f"(for all x : Seq(Real). value(N, 0, x) == d + 2*{first} + (-d*{second})) and "
        f"for all x : Seq(Real). value(N, 1, x) == {first} + {second}"
    )
    assert not made.theorem.hyps


@pytest.mark.parametrize("values", [[c], [c, 2], [c, 2, 0, 5]])
@pytest.mark.parametrize("first", [0, 1, 3])
def test_a_term_with_given_values(values, first):
    n = symbol("n", NAT)
    term = at_number(n, first, values)
    for place, wanted in enumerate(values, first):
        at = substituted(term, {n: expr(place)})
        assert Proof().show(at.eq(wanted)).formula == at.eq(wanted)


@pytest.mark.parametrize(
    ("form", "text"),
    [((0, 1), "c"), ((1, 0), "1"), ((0, 0), "0"), ((2, 3), "2 + 3*c"), ((c, c), "c + c*c")],
)
def test_affine_forms(form, text):
    assert repr(affine(form, [c])) == text


def test_between():
    t = Proof()
    x, n = t.real("x"), t.nat("n")
    t.given(x >= 0, x <= n, n >= 1)
    made = t.between(function(j, j), 0, n, x)
    assert repr(made.formula) == (
        "there is j : Nat. 0 <= j and j + 1 <= n and j <= x and x <= j + 1"
    )


def test_between_needs_both_ends():
    t = Proof()
    x, n = t.real("x"), t.nat("n")
    t.given(x >= 0, n >= 1)
    with pytest.raises(StepFailed):
        t.between(function(j, j), 0, n, x)


def test_replace():
    t = Proof()
    f, x = t.function("f", REAL), t.real("x")
    fact = t.given(f(x + x) <= 1)
    assert repr(t.replace(fact, (x + x, 2 * x)).formula) == "f(2*x) <= 1"
    with pytest.raises(StepFailed):
        t.replace(fact, (x + x, 3 * x))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (c + 2 - 1, "c + 1"),
        (c + 1 - 1, "c"),
        (c + 1 - 3, "c - 2"),
        (c - 1 + 3, "c + 2"),
        (c - 1 - 3, "c - 4"),
        (1 * c, "c"),
        (c * 1, "c"),
        (0 * c, "0*c"),
    ],
)
def test_terms_with_numbers_have_one_form(term, text):
    assert repr(term) == text


def test_numbers_that_cancel_give_a_natural_number_back():
    assert (m + 1 - 1).sort == NAT
    assert (m + 1 - 2).sort == REAL
