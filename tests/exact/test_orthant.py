"""Trees of the rules `signs` and `bernstein`: coefficients enclose, moves cover and need their
conditions."""

import itertools

import pytest
from flint import Ordering as FlintOrdering
from flint import fmpq, fmpq_mpoly_ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from polynomial_problems import forms, grids

from boundcheck.exact.algebra.bernstein import bernstein, halves
from boundcheck.exact.cells.orthant import Misfit, Orthant


def _ring():
    return fmpq_mpoly_ctx.get(["x", "y"], FlintOrdering.degrevlex)


@settings(max_examples=30, deadline=None)
@given(forms)
def test_bernstein_coefficients_enclose_and_halve(terms):
    p = _ring().from_dict({(i, j): fmpq(c) for c, i, j in terms if c})
    box = [(fmpq(-1), fmpq(2)), (fmpq(1, 3), fmpq(1))]
    table = bernstein(p, box)
    corners = {(i, j): p(box[0][i], box[1][j]) for i in (0, 1) for j in (0, 1)}
    scale = next((table[-i, -j] / v for (i, j), v in corners.items() if v != 0), fmpq(1))
    assert all(table[-i, -j] == scale * v for (i, j), v in corners.items())
    for axis in (0, 1):
        mid = (box[axis][0] + box[axis][1]) / 2
        for side, half in enumerate(halves(table, axis)):
            part = list(box)
            part[axis] = (box[axis][0], mid) if side == 0 else (mid, box[axis][1])
            direct = bernstein(p, part)
            assert all(
                (a > 0) == (b > 0) and (a < 0) == (b < 0)
                for a, b in zip(half.flat, direct.flat, strict=True)
            )
    for s, t in itertools.product([fmpq(0), fmpq(1, 3), fmpq(1)], repeat=2):
        value = p(box[0][0] + 3 * s, box[1][0] + fmpq(2, 3) * t)
        assert int(table.min()) <= scale * value <= int(table.max())


def test_moves_need_their_conditions():
    x, y = _ring().gens()
    with pytest.raises(Misfit):
        Orthant(x - y, (">= 0", ">= 0"), False).parts({"sorted": [0, 1]})
    with pytest.raises(Misfit):
        Orthant(x * y, (">= 0", "real"), False).parts({"sorted": [0, 1]})
    with pytest.raises(Misfit):
        Orthant(x * y, (">= 0", "real"), False).parts({"order": [0, 1]})
    with pytest.raises(Misfit):
        Orthant(x, (">= 0", ">= 0"), True).parts({"one": 0})
    with pytest.raises(Misfit):
        Orthant(x, ("real", ">= 0"), False).parts({"scale": [1, 0]})
    with pytest.raises(Misfit):
        Orthant(x, (">= 0", ">= 0"), False).parts({"sign": 0})
    with pytest.raises(Misfit):
        Orthant(x, (">= 0", ">= 0"), False).parts({"order": [0, 5]})


@settings(max_examples=40, deadline=None)
@given(
    forms,
    st.sampled_from(["sign", "order", "one", "scale"]),
    st.sampled_from([(">= 0", "> 0"), ("real", "real")]),
)
def test_moves_cover(terms, kind, signs):
    """Where all parts are visibly >= 0, so is the polynomial on a grid."""
    p = _ring().from_dict({(i, j): fmpq(c) for c, i, j in terms if c})
    try:
        parts = Orthant(p, signs, False).parts({kind: [0] if kind in ("sign", "one") else [0, 1]})
    except Misfit:
        return
    if all(part.visible() for part in parts):
        points = grids if signs[0] == "real" else [fmpq(k, 3) for k in range(9)]
        assert all(p(a, b) >= 0 for a, b in itertools.product(points, points))
