"""Tables of the ridge profile err by less than they say."""

import math
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq

from boundcheck.theory.ridge import profile_table as tables
from boundcheck.theory.ridge.profile_table import END, Table, derivative, profile_table


@pytest.mark.parametrize(
    ("m", "j"), [(2, 0), (2, 4), (3, 0), (3, 1), (3, 2), (4, 3), (11, 0), (37, 3)]
)
def test_tables_err_by_less_than_they_say(m, j):
    table = profile_table(m, j)
    rng = np.random.default_rng(m + j)
    s = np.concatenate(
        [rng.uniform(-9, 9, 200), rng.uniform(-70, 70, 100), rng.uniform(-1e3, 1e3, 20)]
    )
    s = np.concatenate(
        [s, np.arange(0, 2, 1 / 8), [0.0, 1e-300, END, END + 0.125, np.nextafter(END, 99), 1e6]]
    )
    with ctx.workprec(256):
        exact = [derivative(m, j, arb(float(t))) for t in s]
        worst = max(abs(arb(float(v)) - e) for v, e in zip(table.values(s), exact, strict=True))
        assert worst < table.error
        for e, peak in zip(exact, table.peak(np.abs(s)), strict=True):
            assert abs(e) <= float(peak)
    assert table.error < 1e-12 * table.largest
    assert (np.diff(table.peak(np.linspace(0, 80, 1000))) <= 0).all()


@pytest.mark.parametrize(
    ("m", "j", "s"), [(2, 0, 0.75), (3, 0, 1.5), (3, 1, 70.25), (4, 2, -2.125), (5, 3, 66.0)]
)
def test_derivatives_of_the_profile_are_those_of_its_integral(m, j, s):
    with mpmath.workdps(40):
        ends = [mpmath.mpf(k) / 2 for k in range(41)]
        value = mpmath.quad(
            lambda r: r ** (m + j) * mpmath.exp(-r * r / 2) * mpmath.cos(r * s + j * mpmath.pi / 2),
            ends,
            maxdegree=7,
        )
    assert (
        abs(float(profile_table(m, j).values(np.array([s]))[0]) - float(value)) <= Table(m, j).error
    )


def assert_the_table_holds(m, j, s):
    """|values - F| <= error and |F| <= peak at the doubles s."""
    table = Table(m, j)
    with ctx.workprec(256):
        for t, value, peak in zip(s, table.values(s), table.peak(np.abs(s)), strict=True):
            exact = derivative(m, j, arb(float(t)))
            assert abs(arb(float(value)) - exact) <= arb(table.error)
            assert abs(exact) <= arb(float(peak))
    return table


@pytest.fixture
def nothing_beyond(monkeypatch):
    """Few centres, and no share of what is beyond them."""

    def none(self):
        self.far = np.zeros(0)
        return 0.0, 0.0

    monkeypatch.setattr(tables, "END", 4)
    monkeypatch.setattr(Table, "_far", none)


NEAR, BEYOND = (
    np.linspace(-4, 4, 333),
    np.concatenate([np.linspace(4, 9, 100), -np.linspace(4, 9, 100)]),
)


@pytest.mark.parametrize(("m", "j"), [(1, 1), (1, 2), (2, 0), (2, 1), (3, 0), (3, 1)])
@pytest.mark.parametrize("bits", [0, 1, 9])
@pytest.mark.usefixtures("nothing_beyond")
def test_the_remainder_near_the_centres_is_told(m, j, bits, monkeypatch):
    """With less coefficients, down to one, it is nearly all of the error, and seen in the peaks."""
    monkeypatch.setattr(tables, "_BITS", bits)
    assert len(assert_the_table_holds(m, j, NEAR).near) < 9


@pytest.mark.parametrize(("m", "j"), [(1, 0), (1, 1), (2, 0), (2, 1), (3, 2), (4, 0)])
@pytest.mark.parametrize("parts", [2, 6])
def test_the_remainder_beyond_the_centres_is_told(m, j, parts, monkeypatch):
    monkeypatch.setattr(tables, "END", 4)
    monkeypatch.setattr(tables, "_PARTS", parts)
    assert_the_table_holds(m, j, np.concatenate([NEAR, BEYOND]))


@pytest.mark.parametrize(("m", "j"), [(1, 0), (1, 1), (3, 0), (5, 2), (11, 1)])
def test_the_rounding_beyond_the_centres_is_told(m, j, monkeypatch):
    """It is all of the error there with many parts; no centre hides it."""

    def nowhere(self):
        self.near = np.zeros((1, 4 * 64 + 1))
        return np.zeros(4 * 64 + 1), 0.0

    monkeypatch.setattr(tables, "_PARTS", 60)
    monkeypatch.setattr(Table, "_near", nowhere)
    table = assert_the_table_holds(m, j, np.geomspace(64.2, 80, 300))
    assert table._far()[1] < 2.0**-20 * table.error


@pytest.mark.parametrize("bits", [12, 20, 30])
@pytest.mark.usefixtures("nothing_beyond")
def test_the_radii_of_the_coefficients_are_told(bits, monkeypatch):
    """At a low precision, where they are nearly all of the error."""
    monkeypatch.setattr(tables, "ctx", SimpleNamespace(workprec=lambda _: ctx.workprec(bits)))
    assert_the_table_holds(2, 1, NEAR)


@pytest.mark.parametrize(("m", "j"), [(1, 0), (2, 1), (3, 0), (5, 2), (11, 1), (37, 3)])
def test_the_sizes_of_the_terms_are_bounds(m, j, monkeypatch):
    """The error besides rounding, the sum of the terms at END and the remainder are
    above what they stand for."""
    monkeypatch.setattr(tables, "END", 6)
    table, p = Table(m, j), m + j
    n = len(table.near)
    with ctx.workprec(128 + 10 * p):
        (_, cut), (tail, remainder) = table._near(), table._far()
    with ctx.workprec(2000):
        assert not arb(cut) < tables.moment(p + n) / (arb(8) ** n * arb(n).fac())
        assert not arb(remainder) < tables._rough(p, p + 14) / arb(6) ** (p + 14)
        terms = [
            fmpq(math.factorial(p + 2 * k), 2**k * math.factorial(k) * 6 ** (p + 1 + 2 * k))
            for k in range(7)
        ]
        assert m % 2 == 0 or not arb(tail) < arb(sum(terms, fmpq(0)))


@pytest.mark.usefixtures("nothing_beyond")
def test_the_rounding_of_the_bounds_themselves_is_made_up_for(monkeypatch):
    """Any coefficients in place of the profile's: the sums of their sizes are below the peaks,
    and a part of the error."""
    rng = np.random.default_rng(6)
    monkeypatch.setattr(tables, "_BITS", 200)
    for _ in range(30):
        coefficients = {}

        def drawn(m, j, centre, coefficients=coefficients):
            a = arb(float(rng.uniform(1, 2)))
            coefficients.setdefault(float(centre), []).append(fmpq(*float(a).as_integer_ratio()))
            return a * arb(j).fac()

        monkeypatch.setattr(tables, "derivative", drawn)
        table = Table(4, 0)
        n = len(table.near)
        sums = [
            sum((a / 8**k for k, a in enumerate(row)), fmpq(0)) for row in coefficients.values()
        ]
        assert fmpq(*table.error.as_integer_ratio()) >= fmpq(4 * n, 2**53) * max(sums)
        for h, total in enumerate(sums):
            assert fmpq(*float(table.peak(np.array([h / 4]))[0]).as_integer_ratio()) >= total
