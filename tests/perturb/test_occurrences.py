"""Where the numbers of a statement stand, and the statement with another number in one place."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.claims.comparison import inequality
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import number, symbol
from boundcheck.perturb.grid import between
from boundcheck.perturb.occurrences import marked, places, put


# places
def test_equal_numbers_in_different_places_are_moved_one_by_one():
    s = inequality("(x+1)*(x+1) >= 1*1 - 1", on="x in [0,1]")
    found = places(s)
    texts = [put(s, p, fmpq(2, 3)).text() for p in found]
    assert texts == [
        "(x + 2/3)*(x + 1) >= 0, on x in [0, 1]",
        "(x + 1)*(x + 2/3) >= 0, on x in [0, 1]",
        "(x + 1)*(x + 1) >= 2/3, on x in [0, 1]",
        "(x + 1)*(x + 1) >= 0, on x in [2/3, 1]",
        "(x + 1)*(x + 1) >= 0, on x in [0, 2/3]",
    ]
    assert [marked(s, p) for p in found] == [
        "(x + [1])*(x + 1) >= 0",
        "(x + 1)*(x + [1]) >= 0",
        "(x + 1)*(x + 1) >= [0]",
        "x in [[0], 1]",
        "x in [0, [1]]",
    ]


def test_roles_and_hypotheses():
    s = inequality(
        "-3*x**2/4 + 0.1 <= Sum(k**2*x, (k, 1, 7)) + a", on="x in [0,1]", given="a > 1/2"
    )
    found = {marked(s, p, 200): p.role for p in places(s)}
    assert list(found.values()) == [
        *("factor", "exponent", "divisor", "summand", "limit", "limit", "exponent"),
        *("end point", "end point", "hypothesis"),
    ]
    assert "given a > [1/2]" in found
    seven = next(p for p in places(s) if p.value == 7)
    assert "Sum(k**2*x, (k, 1, 9))" in put(s, seven, fmpq(9)).text()


def test_a_reversed_box_is_refused():
    s = inequality("x <= 1", on="x in [0,1]")
    with pytest.raises(BoundcheckError, match=r"x in \[2, 1\] is reversed"):
        put(s, places(s)[1], fmpq(2))


def test_the_places_of_a_large_network_are_its_weights():
    t = symbol("x") * number("1/3") + number("1/7")
    for _ in range(20):
        t = t * t + number(5)  # a tree with a million leaves, and a graph with 60 nodes
    large = inequality(t, ">=", 0, on="x in [0,1]")
    found = places(large)
    assert sorted(p.value for p in found if p.parent is not None) == [
        fmpq(1, 7),
        fmpq(1, 3),
        *[5] * 20,
    ]
    edge = next(p for p in found if p.parent is not None)
    assert marked(large, edge) in ("...x*[1/3]...", "...x*1/3 + [1/7]...")
    assert put(large, edge, edge.value) == large
    assert put(large, edge, edge.value + 1) != large


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(1, 5), st.integers(0, 1000))
def test_the_bisection_on_decimals_ends_close(a, b, digits, cut):
    low, high = fmpq(min(a, b), 7), fmpq(max(a, b), 3)
    if low >= high:
        return
    cut, floor = low + (high - low) * fmpq(cut, 1000), fmpq(1, 10**10)
    for _ in range(200):
        middle = between(low, high, digits, floor)
        if middle is None:
            break
        assert low < middle < high
        assert sum(c != "0" for c in str(int(middle * 10**30)).strip("-").rstrip("0")) <= digits
        low, high = (middle, high) if middle <= cut else (low, middle)
    assert middle is None
    assert high - low <= max(abs(low), abs(high)) * fmpq(10) ** (1 - digits) + 2 * floor
