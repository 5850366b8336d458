"""Terms: substitution, pickling, and sharing, which no text and no walk may undo."""

import pickle
import re

import pytest

from boundcheck import BoundcheckError, inequality, prove, symbols
from boundcheck.exact.terms.parser import parse_relation, parse_term
from boundcheck.exact.terms.term import Binder, _make, add, mul, number, substitute, symbol, term


def tower(make, height):
    e, t = symbols("x"), symbols("t")
    for _ in range(height):
        e = make(e * t) + e
    return e


def test_substitution_does_not_capture():
    t = parse_term("Sum(k*x, (k, 1, 3))")
    assert str(substitute((t,), {"x": parse_term("y + 1")})[0]) == "Sum(k*(y + 1), (k, 1, 3))"
    assert substitute((t,), {"k": number(5)})[0] is t
    with pytest.raises(BoundcheckError, match="rename the bound variable"):
        substitute((t,), {"x": symbol("k")})


def test_terms_can_be_pickled():
    relation = parse_relation("signrelu(x, a) + 0.1 <= Integral(exp(t), (t, 0, x))")
    again = pickle.loads(pickle.dumps(relation.left))
    assert again is relation.left


def test_2026_11_30_texts_that_would_take_all_memory():
    name, total = symbols("a" * 3000), number(0)
    for k in range(1500):
        total = add(total, mul(number(k), name))
    assert re.fullmatch("<expression of [0-9]+ shared nodes>", str(total))
    assert len(str(add(name, name))) == 6003


@pytest.mark.parametrize("kind", ["integral", "sum"])
@pytest.mark.parametrize("height", [26, 60])
def test_2026_11_30_bodies_are_shared_as_well(kind, height):
    """A tower of integrals, or of sums, each with the one below in two places: 2**26
    nodes as a tree."""

    def over(body):
        return _make(kind, Binder("t", term(body)), (number(0), number(1)))

    e = tower(over, height)
    assert len(str(e)) < 100
    for statement in (
        inequality(e <= 10**9, on="x in [0,1]"),
        inequality(symbols("x") <= 1, on="x in [0,1]", given=[e <= 10**9]),
    ):
        assert prove(statement, budget=0.3).work <= 0.3 * 1.2
