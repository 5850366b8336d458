"""The constant of a statement that bounds something by a number."""

import pytest
from flint import fmpq
from mpmath import mp, mpf

from boundcheck import inequality, norm_bound
from boundcheck.claims.comparison import identity
from boundcheck.verification.stated_constant import stated_constant


@pytest.mark.parametrize(
    ("statement", "of", "upper", "value"),
    [
        (inequality("x*y <= 3/4", on="x in [0,1], y in [0,1/2]"),
         "x*y <= C, on x in [0, 1], y in [0, 1/2]", True, fmpq(3, 4)),
        (inequality("3/4 > x", on="x in [0,1/2]"), "x < C, on x in [0, 1/2]", True, fmpq(3, 4)),
        (inequality("-2 < x", on="x in [0,1/2]"), "x > C, on x in [0, 1/2]", False, fmpq(-2)),
        (norm_bound("x", 2, on="x in [0,1]"), "norm of (x) in L^2 <= C, on x in [0, 1]", True,
         fmpq(2)),
    ],
)  # fmt: skip
def test_stated_constants(statement, of, upper, value):
    found = stated_constant(statement)
    assert (found.of, found.upper, found.value.lower, found.value.upper) == (
        of,
        upper,
        value,
        value,
    )


@pytest.mark.parametrize(
    "statement",
    [
        inequality("1 <= 2"),
        inequality("x <= y", on="x in [0,1], y in [1,2]"),
        identity("x", "x", on="x in [0,1]"),
        inequality("x <= 1/0", on="x in [0,1]"),
    ],
)
def test_statements_without_a_constant(statement):
    assert stated_constant(statement) is None


def test_an_irrational_constant_is_enclosed():
    found = stated_constant(inequality("x <= exp(-1/3) + pi", on="x in [0,1]")).value
    with mp.workdps(40):
        low, high = (mpf(int(e.p)) / int(e.q) for e in (found.lower, found.upper))
        assert low < mp.exp(-mpf(1) / 3) + mp.pi < high
        assert high - low < mpf(10) ** -30
