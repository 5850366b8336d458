"""Attacks with things that look like what a rule takes and behave otherwise."""

from collections import UserDict
from types import MappingProxyType

import pytest

from boundcheck.theorems.author.proof import Proof, derived
from boundcheck.theorems.author.words import Forall, In, Mean, function
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import Expr, number, symbol
from boundcheck.theorems.language.sorts import REAL, law
from boundcheck.theorems.language.sorts import function as function_sort
from boundcheck.theorems.rules.all_rules import RULES

assert RULES
x, y, pi = symbol("x", REAL), symbol("y", REAL), symbol("pi0", law(REAL))
F = symbol("f", function_sort((REAL,), REAL))
ASSUMED = derive("assume", formula=x >= 1)


class Copy(Expr):
    """A term of another class."""


def taken(e):
    """The same term, of another class."""
    found = Copy()
    for name in ("head", "data", "args", "sort", "hint", "binders", "loose", "size", "core"):
        setattr(found, name, getattr(e, name))
    found.denotes, found.free = e.denotes, frozenset()
    return found


@pytest.mark.parametrize("variable", [(x,), [x], iter([x]), {x}, {x: x}, None, "x", taken(x)])
def test_what_is_generalised_is_one_variable(variable):
    """For a tuple `variable not in h.free` is true, and for_all takes one."""
    with pytest.raises(Refused):
        derive("generalise", ASSUMED, variable=variable)


@pytest.mark.parametrize("variable", [x + 1, number(1), Mean(y, (y, pi)), F])
def test_only_a_variable_is_generalised(variable):
    with pytest.raises(Refused):
        derive("generalise", ASSUMED, variable=variable)


def test_a_block_is_for_variables():
    """From y >= 1 |- y + z² >= 1 for all y."""

    def theorem(t):
        pair = t.real("y z")
        with t.let(pair[0]), t.let(given=[pair[0] >= 1]), t.let(pair) as inner:
            t.show(pair[0] + pair[1] ** 2 >= 1)
        return inner.fact

    with pytest.raises(StepFailed, match=r"is no variable; name each one, as in let\(x, y\)"):
        derived(theorem)


EQUAL = derive("assume", formula=x.eq(y))
TRIVIAL = Proof().show(Forall(x, x.eq(x))).theorem
SUB = type("Sub", (Lambda,), {})


@pytest.mark.parametrize(
    ("theorem", "template"),
    [
        (TRIVIAL, lambda e: Forall(x, x.eq(e))),  # captures: for all x, x == y
        (ASSUMED, lambda e: ASSUMED.concl if e == x else number(0) >= 1),  # lies
        (ASSUMED, SUB((REAL,), function(x, x >= 1).body)),
        (ASSUMED, function([x, y], x >= 1)),
    ],
)
def test_a_template_is_a_term_with_a_place(theorem, template):
    with pytest.raises(Refused):
        derive("rewrite", EQUAL, theorem, template=template)
    plain = derive("rewrite", EQUAL, ASSUMED, template=function(x, x >= 1))
    assert plain.concl == (y >= 1)


@pytest.mark.parametrize("kind", [iter, list, set, frozenset, dict.fromkeys])
def test_fixed_means_are_a_tuple(kind):
    """An iterator is empty when it is read again: then the mean of x over any law existed."""
    m = Mean(x, (x, pi))
    t = Proof()
    pointwise = t.show(Forall(x, x.eq(x), [In(x, pi)])).theorem
    with pytest.raises(Refused):
        derive("average", pointwise, goal=m.eq(m), law=pi, fixed=kind([m]))


@pytest.mark.parametrize("kind", [UserDict, MappingProxyType, lambda v: list(v.items())])
def test_values_are_a_dictionary(kind):
    with pytest.raises(Refused):
        derive("substitute", ASSUMED, values=kind({x: number(0)}))


def test_premises_are_premises():
    """By name, anything with hypotheses and a conclusion would do."""

    class Forged:
        hyps, concl, axioms = (), number(0) >= 1, frozenset()

    with pytest.raises(Refused):
        derive("generalise", th=Forged(), variable=x)
    with pytest.raises(Refused):
        derive("generalise", th=ASSUMED, variable=y)
    with pytest.raises(Refused):
        derive("generalise", Forged(), variable=y)


def test_theorems_do_not_change():
    with pytest.raises(AttributeError, match="a theorem does not change"):
        ASSUMED.hyps = ()
    with pytest.raises(AttributeError):
        del ASSUMED.hyps
    with pytest.raises(TypeError, match="derived by a rule"):
        Theorem()


@pytest.mark.parametrize("name", [2, 2.0, None, ("x",), b"x"])
def test_the_name_of_a_symbol_is_a_text(name):
    with pytest.raises(TypeError, match="is a text"):
        symbol(name, REAL)
