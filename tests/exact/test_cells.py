"""The kernel of the family proofs: signs on cells, and moves that cover."""

import pytest
from flint import fmpq
from hypothesis import assume as suppose
from hypothesis import given
from hypothesis import strategies as st
from small_cells import NAMES, cell_with, contains, polynomials, value
from strategies import rationals

from boundcheck.exact.algebra.rational_function import Ratio, ring
from boundcheck.exact.cells import moves
from boundcheck.exact.cells.cell import FREE, NONNEG, POSITIVE, space
from boundcheck.exact.cells.guide import assume, shows
from boundcheck.search.cells.strategy import Strategy


@given(
    st.data(),
    st.tuples(*[st.sampled_from([FREE, NONNEG, POSITIVE])] * 3),
    st.tuples(*[rationals(9)] * 3),
)
def test_signs_that_are_read_off_hold(data, signs, raw):
    cell = cell_with(*signs)
    p = data.draw(polynomials(cell.context))
    at = [v if s == FREE else abs(v) for v, s in zip(raw, signs, strict=True)]
    suppose(all(v > 0 for v, s in zip(at, signs, strict=True) if s == POSITIVE))
    if cell.nonneg(p):
        assert value(p, at) >= 0
    if cell.positive(p):
        assert value(p, at) > 0


def test_positive_needs_a_positive_term_everywhere():
    cell = cell_with(NONNEG, NONNEG, POSITIVE)
    a, b, c = cell.generators[:3]
    assert cell.nonneg(a + b)
    assert not cell.positive(a + b)
    assert cell.positive(a + c)
    assert not cell.positive(a * c)
    known = cell.knowing([a + b])
    assert known.positive(a + 2 * b)
    assert not known.positive(a * b + a)
    assert cell.knowing([-a]) is None


@given(st.data(), st.tuples(*[rationals(9)] * 3))
def test_assume_covers(data, raw):
    """Every point that satisfies a hypothesis lies in one of the cells: its
    coordinates can be found again."""
    start = space(NAMES)
    p = data.draw(polynomials(start.context))
    strict = data.draw(st.booleans())
    here = value(p, raw)
    holds = here > 0 if strict else here >= 0
    cells = assume(start, p, strict, Strategy())
    if holds:
        assert any(contains(cell, raw) for cell in cells)


def test_moves_check_their_own_conditions():
    cell = cell_with(FREE, NONNEG, POSITIVE)
    a, b, c = cell.generators[:3]
    assert moves.split_sign(cell, 1) is None
    assert moves.split_order(cell, 0, 1) is None
    assert moves.split_order(cell, 1, 1) is None
    assert moves.split_order(cell, 1, 2, fmpq(-1)) is None
    assert moves.solve_free(cell, b * a - c, False, 0) is None  # the coefficient b may be zero
    assert moves.solve_free(cell, c * a - b, False, 0) is not None
    assert moves.solve_slack(cell, b * c + a, False, 2) is None
    assert moves.solve_range(cell, a - c, False, 2) is None
    assert moves.split_zero(cell, 2) is None


def test_contradictions_leave_nothing():
    cell = cell_with(NONNEG, POSITIVE, FREE)
    a, b, _ = cell.generators[:3]
    assert assume(cell, -a - b, False, Strategy()) == []
    assert assume(cell, -b, False, Strategy()) == []
    (point,) = assume(cell, -a, False, Strategy())
    assert point.point["a"].is_zero()
    assert assume(cell, -a, True, Strategy()) == []


@pytest.mark.parametrize(
    ("text", "strict", "expected"),
    [
        ("(a-b)**2", False, True),
        ("(a-b)**2", True, False),
        ("a**2+a*b+b**2", False, True),
        ("a**3+b**3+c**3-3*a*b*c", False, True),
        ("a**2-a*b", False, False),
        ("(a**2-2)**2", False, True),
        ("a+b-c", False, False),
    ],
)
def test_signs_of_polynomials(text, strict, expected):
    cell = cell_with(NONNEG, NONNEG, NONNEG)
    a, b, c = cell.generators[:3]
    p = eval(text, {"a": a, "b": b, "c": c})
    assert shows(cell, p, strict, Strategy()) is expected


@given(st.data(), st.tuples(*[rationals(5)] * 3))
def test_rational_arithmetic_is_that_of_fractions(data, at):
    context = ring(NAMES)
    p, q, r, s = (data.draw(polynomials(context)) for _ in range(4))
    suppose(value(q, at) != 0 and value(s, at) != 0)
    left, right = Ratio(p, q), Ratio(r, s)
    a, b = value(p, at) / value(q, at), value(r, at) / value(s, at)
    for made, expected in ((left + right, a + b), (left - right, a - b), (left * right, a * b)):
        assert value(made.num, at) == expected * value(made.den, at)
        assert made.num.gcd(made.den).is_one()
    if b != 0:
        quotient = left / right
        assert value(quotient.num, at) == a / b * value(quotient.den, at)
    assert (left - left).is_zero()
