"""Lines below and above activations on intervals, against exact arithmetic."""

import numpy as np
import pytest
from flint import fmpq
from float_arrays import exactly, sized
from users import HardTanh

from boundcheck import Activation, LeakyReLU, Piece, ReLU, SignReLU
from boundcheck.enclosure.networks.curves import Bent, Exact, Soft

U = fmpq(1, 2**53)


class Faint(Activation):
    """A constant that is smaller than all doubles."""

    name = "faint"

    @staticmethod
    def pieces():
        return (Piece(None, lambda t: t * 0 + fmpq(1, 2**1100)),)

    def derivative_range(self, lower, upper):
        return fmpq(0), fmpq(0)


CURVES = [
    (SignReLU(), Soft(fmpq(1))),
    (SignReLU("1/3"), Soft(fmpq(1, 3))),
    (SignReLU("22/7"), Soft(fmpq(22, 7))),
    (ReLU(), Bent(fmpq(0))),
    (LeakyReLU("1/3"), Bent(fmpq(1, 3))),
    (LeakyReLU("22/7"), Bent(fmpq(22, 7))),
    (SignReLU("1/3"), Exact(SignReLU("1/3"))),
    (HardTanh(), Exact(HardTanh())),
    (Faint(), Exact(Faint())),
]


@pytest.mark.parametrize(("activation", "curve"), CURVES, ids=lambda v: type(v).__name__)
def test_lines_err_by_less_than_they_say(activation, curve):
    """Up to 64 u size, on intervals of all sorts, single points included."""
    rng = np.random.default_rng(4)
    ends = np.sort(sized(rng, (2, 150), -40, 10), axis=0)
    ends[1, ::5] = ends[0, ::5]
    ends[1, 1::5] = np.nextafter(ends[0, 1::5], np.inf)
    lo, hi = ends
    z = np.clip(lo + (hi - lo) * rng.choice([0, 0.3, 0.5, 1], 150), lo, hi)
    size = np.maximum(np.abs(lo), np.abs(hi)) * rng.choice([1.0, 4.0], 150) + 2.0**-399
    found = curve.lines(lo, hi, z, size)
    at = Exact(activation)._at
    for k in range(150):
        slope_low, low, slope_high, high, least, most, bound = (
            exactly(a[k]) for a in vars(found).values()
        )
        a, b, error = exactly(lo[k]), exactly(hi[k]), 64 * U * bound
        for t in (
            a,
            b,
            exactly(z[k]),
            (2 * a + b) / 3,
            *(kink for kink in (-1, 0, 1) if a <= kink <= b),
        ):
            value = at(fmpq(t))
            assert low + slope_low * t - error <= value <= high + slope_high * t + error
            assert least - error <= value <= most + error
            assert (
                max(abs(v) for v in (value, low, high, slope_low * t, slope_high * t)) <= 3 * bound
            )


def test_no_slope_is_steeper_than_the_steepest():
    """Where a slope is no double, too."""
    for slope in (fmpq(p, q) for p in (1, 2, 8, 22, 10**40 + 1) for q in (3, 7, 11, 13, 17)):
        for curve in (Bent(slope), Soft(slope)):
            assert exactly(curve.steepest) >= max(slope, 1)
