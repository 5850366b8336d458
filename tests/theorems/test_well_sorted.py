"""Expressions that nobody can make: with too many parts, with a bound variable of two sorts, too
large. Each of them once gave a false theorem, or would take all memory."""

from fractions import Fraction

import pytest

from boundcheck import BoundcheckError
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import MAX_BINDERS, bound, constant, made, number, symbol
from boundcheck.theorems.language.heads import HEADS, WrongSort
from boundcheck.theorems.language.sorts import NAT, REAL, Sort, function, law, pair, seq, vec

X, K, S, U = symbol("x", REAL), symbol("k", NAT), symbol("s", seq(REAL)), symbol("u", vec("H"))
P, F = symbol("P", law(REAL)), symbol("f", function((REAL,), REAL))
A = X >= 0
PARTS = {
    "vadd": (U, U), "vsub": (U, U), "vneg": (U,), "vscale": (X, U), "dot": (U, U), "at": (S, K),
    "first": (symbol("p", pair(REAL, REAL)),), "second": (symbol("p", pair(REAL, REAL)),),
    "sequence": (X,), "mean": (P, X), "norm": (P, X, X), "sum": (K, K, X), "product": (K, K, X),
    "largest": (K, K, X), "smallest": (K, K, X), "integral": (X, X, X), "ind": (A,),
    "joint": (P, P), "independent": (P,), "depth": (symbol("N", Sort("network", "relu")),),
    "width": (symbol("N", Sort("network", "relu")),),
    "value": (symbol("N", Sort("network", "relu")), K, S), "member": (X, P), "defined": (X,),
    "and": (A, A), "implies": (A, A), "forall": (A,), "exists": (A,), "relation": (X, X),
    "call": (X,), "apply": (F, X), "npow": (X, K), "neg": (X,), "natceil": (X,),
}  # fmt: skip
DATA = {"relation": "<", "call": "exp", "sequence": NAT, "sum": NAT, "product": NAT,
        "largest": NAT, "smallest": NAT, "independent": NAT}  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
def test_every_head_has_its_number_of_parts(head):
    """A mean with a third part 1/x, which no rule looked at, made 1/x exist."""
    parts = PARTS.get(head, (X, X))
    data = DATA.get(head, REAL if HEADS[head].binds is not None else None)
    made(head, data, parts)
    for other in ((), parts[:-1], (*parts, parts[-1]), (*parts, 1 / X)):
        with pytest.raises(WrongSort):
            made(head, data, other)
    if data is None:
        with pytest.raises(WrongSort, match="carries nothing but its parts"):
            made(head, "more", parts)


def test_a_bound_variable_has_the_sort_of_its_binder():
    """f(x) >= 0 for f with natural values became x >= 0, by a "function" whose body said that its
    real argument is a natural number."""
    k, x = bound(0, NAT), bound(0, REAL)
    with pytest.raises(WrongSort, match="not one for arguments"):
        Lambda((REAL,), k)
    with pytest.raises(WrongSort, match="not one for arguments"):
        Lambda((REAL, NAT), bound(1, NAT) + k)
    with pytest.raises(WrongSort, match="not one for arguments"):
        Lambda((), k)
    assert Lambda((REAL, NAT), bound(1, REAL) + k)(X, K) == X + K
    with pytest.raises(WrongSort, match="forall binds a variable of sort Real, not Nat"):
        made("forall", REAL, (k >= 0,))
    with pytest.raises(WrongSort, match="has the sorts"):
        made("relation", "<=", (k, x))
    with pytest.raises(WrongSort, match="has the sorts"):
        made("mean", REAL, (P, made("add", None, (x, bound(1, REAL))))) + k


def test_binders_that_are_missing():
    inner = made("forall", REAL, (made("relation", "<=", (bound(0, REAL), bound(2, NAT))),))
    assert inner.binders == (None, NAT)
    assert inner.loose == 2
    assert made("exists", NAT, (made("forall", REAL, (inner,)),)).loose == 0
    for k in (-1, MAX_BINDERS, 10**9):
        with pytest.raises(BoundcheckError, match="binders"):
            bound(k, REAL)


def test_nothing_grows_without_limit():
    """Equal parts are one object, so that a few steps could make what no memory holds as a tree."""
    with pytest.raises(BoundcheckError, match="a sort is made of at most"):
        again(20, lambda p: made("pair", None, (p, p)), X)
    assert again(18, lambda t: t + t, X).size == 2**19 - 1
    with pytest.raises(BoundcheckError, match="more than 1000000 parts"):
        again(19, lambda t: t + t, X)
    with pytest.raises(BoundcheckError, match="more than 13000 bits"):
        again(20, lambda q: q * q, number(3))


def again(times, step, found):
    for _ in range(times):
        found = step(found)
    return found


def test_the_first_bound_variable_is_not_the_number_one():
    """Its number is 1: x*y would be y, below two binders."""
    for k in range(3):
        b, other = bound(k, REAL), bound(3, REAL)
        for product in (made("mul", None, (b, other)), made("mul", None, (other, b))):
            assert product.head == "mul"
        for head in ("add", "sub", "div"):
            assert made(head, None, (other, b)).head == head
            assert made(head, None, (b, other)).head == head
        assert made("neg", None, (b,)).head == "neg"
    assert made("mul", None, (number(1), X)) == X
    assert made("mul", None, (X, number(1))) == X


def test_numbers_are_folded_with_numbers_alone():
    for head, parts in (("mul", (number(1), U)), ("mul", (U, number(1))), ("add", (U, number(0)))):
        with pytest.raises(WrongSort, match="takes numbers"):
            made(head, None, parts)
    assert made("sub", None, (K, number(1))).sort == REAL
    assert symbol("y", REAL).denotes
    assert not (symbol("y", REAL) >= 0).denotes
    assert not symbol("g", function((REAL,), REAL)).denotes


def test_what_is_no_head():
    for head in ("believe", "symbol", "number", "bound"):
        with pytest.raises(BoundcheckError, match="is not a head of terms"):
            made(head, None, (X,))
    for data in (None, "x", 1):
        with pytest.raises(WrongSort, match="whose sort is not given"):
            made("forall", data, (A,))


def test_natural_numbers_are_whole_and_not_negative():
    for value in (Fraction(1, 2), Fraction(7, 3), -1, Fraction(-1, 2)):
        assert number(value).sort == REAL
    assert number(0).sort == number(7).sort == number(Fraction(4, 2)).sort == NAT
    half = X ** number(Fraction(1, 2))
    assert half.head == "rpow"
    assert (X**K).head == (X**2).head == "npow"
    assert X**-2 == 1 / X**2


def test_what_is_folded_has_the_same_value():
    """A product with 0, a difference from 0 and the like stay as they are."""
    zero, one = number(0), number(1)
    assert (X + 0, X * 1, 1 * X) == (X, X, X)
    for kept in (X * 0, X * 2, 2 * X, X + 1, X - 1, 1 - X, 0 - X, 0 * X, X / 1, X / 0):
        assert kept != X
        assert len(kept.args) == 2
    assert (X + 1) * 1 == X + 1
    assert ((X + 1) * 2).head == "mul"
    assert X + 3 - 1 == X + 2
    assert X - 3 + 1 == X - 2
    assert X - 1 + 3 == X + 2
    assert X - 1 - 3 == X - 4
    assert (X * 3 + 1).head == "add"
    assert (X * 3 - 1).args[0] == X * 3
    assert (X**2 + 1).args[0] == X**2
    assert (number(3) - 5, number(3) * 5, number(3) + 5) == (number(-2), number(15), number(8))
    assert (one / zero).head == (X / zero).head == "div"
    assert not (one / zero).denotes
    assert not (X / zero).denotes
    assert not (X / K).denotes
    assert (X / 2).denotes


def test_constants_are_two():
    for name in ("pie", "e", "", "1"):
        with pytest.raises(BoundcheckError, match="is not a constant"):
            constant(name)
    for term in (X, U):
        with pytest.raises(TypeError, match="has no truth value"):
            bool(term)
