"""κ_d: from its definition, to any precision, with every zero of the profile."""

from itertools import pairwise

import pytest
from flint import arb, ctx, fmpq
from kappa_by_mpmath import cosine_by_definition, kappa_by_mpmath
from mpmath import mp, mpf

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.theory.ridge.kappa import angular_factor, around, kappa, profile_mass, radial
from boundcheck.theory.ridge.profile import cosine_profile, sine_profile


@pytest.fixture(autouse=True)
def precise():
    with mp.workdps(45):
        yield


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_kappa_from_its_definition(d):
    """E|θ|_∞ and ∫|c_(d+1)| by quadrature of the definitions, at 18 digits."""
    with mp.workdps(22):
        value = kappa_by_mpmath(d, cosine_by_definition)
        assert abs(mpf(kappa(d, 100).str(30, radius=False)) / value - 1) < mpf(10) ** -18


@pytest.mark.parametrize("d", [6, 9, 16])
def test_kappa_at_thirty_digits(d):
    assert abs(mpf(kappa(d, 120).str(36, radius=False)) / kappa_by_mpmath(d) - 1) < mpf(10) ** -30


def test_kappa_in_closed_form():
    with ctx.workprec(300):
        assert kappa(1, 300).overlaps(4 * (-arb(1) / 2).exp())
        # d = 2: 8 times the integral of cos over [0, π/4]
        assert angular_factor(2).overlaps(8 * (arb.pi() / 4).sin())
        # d = 3: c_4 has the zeros √(3 ± √6) of a Hermite polynomial, and
        # s_3 = √(π/2) s (3 - s²) exp(-s²/2)
        one, two = ((3 - arb(6).sqrt()).sqrt(), (3 + arb(6).sqrt()).sqrt())
        s = [(arb.pi() / 2).sqrt() * z * (3 - z**2) * (-(z**2) / 2).exp() for z in (one, two)]
        assert profile_mass(3).overlaps(2 * (s[0] + abs(s[1] - s[0]) + abs(s[1])))


def test_angular_factor_on_the_sphere():
    """d = 3, in spherical coordinates around one face: polar angle over |cot| <= cos
    of the azimuth."""

    def inside(azimuth):
        edge = mp.acot(mp.cos(azimuth))
        return mp.cos(azimuth) * mp.quad(lambda polar: mp.sin(polar) ** 2, [edge, mp.pi - edge])

    with mp.workdps(25):
        value = 6 * mp.quad(inside, [-mp.pi / 4, 0, mp.pi / 4])
        with ctx.workprec(100):
            assert abs(mpf(angular_factor(3).str(25, radius=False)) - value) < mpf(10) ** -20


@pytest.mark.parametrize("d", [2, 3, 10])
def test_the_tail_of_the_radial_integral_counts(d):
    """However early the integration stops."""
    with ctx.workprec(100):
        whole = radial(d, arb(9))
        for stop in ("1/4", 1, "3/2", 2, 4):
            found = radial(d, arb(fmpq(rational(stop))))
            assert found.contains(whole)
            assert found.rad() <= (-(arb(fmpq(rational(stop))) ** 2)).exp()


def _zero_between(m, low, high):
    """The zero of c_m, where it changes from positive to negative."""
    low, high = arb(low), arb(high)
    for _ in range(90):
        middle = ((low + high) / 2).mid()
        low, high = (middle, high) if cosine_profile(m, middle) > 0 else (low, middle)
    return low


@pytest.mark.parametrize("d", [1, 2, 5])
def test_values_near_a_zero(d):
    """s_d changes by the square of the distance from a zero of its derivative."""
    with ctx.workprec(100):
        zero = _zero_between(d + 1, 0, 1)
        for r in (arb(2) ** -k for k in (4, 6, 10, 20)):
            for share in (-1, "-1/2", "1/3", 1):
                found = around(d, zero + r * arb(rational(share)) * arb("0.99"), r)
                assert found.contains(sine_profile(d, zero))


def test_values_near_one_of_two_zeros():
    """c_4 vanishes at √(3 ± √6), so that only the bound of its slope tells that s_3 is
    another at the other one."""
    with ctx.workprec(100):
        one, two = ((3 + sign * arb(6).sqrt()).sqrt() for sign in (-1, 1))
        assert around(3, two, (two - one).upper()).contains(sine_profile(3, one.mid()))


@pytest.mark.parametrize("d", [2, 7, 24, 61, 100])
def test_no_zero_is_missed(d):
    """The variation of s_d over a fine grid is a lower bound, and near the variation."""
    steps = 40 * d.bit_length() ** 2
    with ctx.workprec(100 + 4 * d):
        values = [
            sine_profile(d, arb(fmpq(i * 12 * d.bit_length(), steps))) for i in range(steps + 1)
        ]
        seen = 2 * sum((abs(y - x) for x, y in pairwise(values)), abs(values[-1]))
        assert seen < profile_mass(d)
        assert seen > profile_mass(d) * arb("0.98")


@pytest.mark.parametrize("bits", [53, 400, 1500])
def test_precision_of_kappa(bits):
    fine = kappa(3, 1600)
    assert kappa(3, bits).rel_accuracy_bits() >= bits
    with ctx.workprec(1700):
        assert kappa(3, bits).contains(fine)


@pytest.mark.parametrize("d", [0, 101])
def test_kappa_refuses(d):
    with pytest.raises(BoundcheckError, match=f"d = {d}.*from 1 to 100"):
        kappa(d, 53)
