"""Marginals, the ridge profile's tables, the ridge density and its total variation,
against independent numbers."""

import itertools
import math
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq

from boundcheck import Box, symbols
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.ridge_density import Density
from boundcheck.constructions.variation import _Cells, _Integrand, total_variation
from boundcheck.enclosure.cubature.averages import Model
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.norms.supremum import NotReached
from boundcheck.theory.ridge import profile_table as tables
from boundcheck.theory.ridge.profile_table import END, Table, derivative, profile_table

ATOMS = [["1/2", 0, "-1/4"], [1, 1, "1/2"], [-1, "1/4", 0]]
MASSES = [1, "-1/2", "3/4"]


def three(d, sigma="1/2"):
    """Three atoms, one of a negative mass, one at the corner of [-1, 1]^d where d <= 2."""
    return Marginal.of([a[:d] for a in ATOMS], MASSES, sigma=sigma)


def one(d, sigma="1/2"):
    return Marginal.of([[0] * d], [1], sigma=sigma)


def number(q):
    return mpmath.mpf(int(q.p)) / int(q.q)


def fraction(text):
    return number(rational(text))


def by_hand(x):
    """f(x) for `three`, written out."""
    total = mpmath.mpf(0)
    for u, m in zip(ATOMS, MASSES, strict=True):
        square = sum((c - fraction(e)) ** 2 for c, e in zip(x, u))
        total += fraction(m) * mpmath.exp(-2 * square)
    return total


# -- marginals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3])
def test_values_and_gradients(d):
    f, x = three(d), ["0.3", "-0.7", "0.11"][:d]
    with mpmath.workdps(50):
        at = [mpmath.mpf(c) for c in x]
        value = f.value(x, 30)
        assert (
            abs(mpmath.mpf(value.mid().str(45, radius=False)) - by_hand(at)) < mpmath.mpf(10) ** -29
        )
        for i, slope in enumerate(f.gradient(x, 20)):
            wanted = mpmath.diff(lambda t, i=i: by_hand([*at[:i], t, *at[i + 1 :]]), at[i])
            assert (
                abs(mpmath.mpf(slope.mid().str(45, radius=False)) - wanted) < mpmath.mpf(10) ** -18
            )
    assert value.rad() < 1e-29


def test_values_of_far_points_keep_their_digits():
    value = one(1).value(20, 40)
    with mpmath.workdps(60):
        assert (
            abs(mpmath.mpf(value.mid().str(60, radius=False)) / mpmath.exp(-800) - 1)
            < mpmath.mpf(10) ** -39
        )


def test_the_term_and_its_sympy_form_agree_with_the_value():
    f = Marginal.of([["sqrt(2)", 0], ["1/3", -1]], ["pi", "-1/2"], sigma="2/3")
    symbolic = f.sympy().subs(
        dict(zip(symbols("x1 x2"), (sympy.Rational(1, 5), sympy.Rational(-2, 7))))
    )
    assert abs(float(f.value(["1/5", "-2/7"], 25)) - float(symbolic)) < 1e-15


def test_total_mass():
    assert three(2).total_mass.lower == three(2).total_mass.upper == fmpq(9, 4)
    mass = Marginal.of([0, 1], ["pi", "-sqrt(2)"], sigma=1).total_mass
    with mpmath.workdps(60):
        assert number(mass.lower) <= mpmath.pi + mpmath.sqrt(2) <= number(mass.upper)
        assert number(mass.upper - mass.lower) < 1e-50
    assert (
        Marginal.of([0, 0, 1], [1, -3, 1], sigma=1).total_mass.upper == 3
    )  # the masses at one point add up


@pytest.mark.parametrize("masses", [[1, -1], ["sqrt(2)*sqrt(2) - 2", "sqrt(3)*sqrt(3) - 3"]])
def test_the_measure_zero_is_refused_where_one_is_needed(masses):
    f = Marginal.of([1, 1], masses, sigma=1)
    with pytest.raises(
        BoundcheckError, match="the total mass is zero: the masses vanish or cancel; change"
    ):
        f.check()
    with pytest.raises(BoundcheckError, match="the total mass is zero"):
        total_variation(f, 1)


def test_bounds_of_one_atom_are_those_of_the_nearest_and_the_farthest_point():
    f = Marginal.of([["1/2", 3]], [-2], sigma="1/2")
    low, high = f.bounds("x in [0, 1], y in [-1, 1]")
    with mpmath.workdps(50):
        assert number(low.lower) <= -2 * mpmath.exp(-8) <= number(low.upper)
        assert (
            number(high.lower)
            <= -2 * mpmath.exp(-2 * (mpmath.mpf(1) / 4 + 16))
            <= number(high.upper)
        )
    assert high.upper - high.lower < abs(high.upper) * fmpq(1, 10**40)
    inside = Marginal.of([0], ["1/3"], sigma=1).bounds("x in [-1, 2]")
    assert inside[1].lower <= fmpq(1, 3) <= inside[1].upper
    assert abs(float(arb(inside[0].lower)) - math.exp(-2) / 3) < 1e-15


@pytest.mark.parametrize("positive", [True, False])
def test_bounds_of_several_atoms(positive):
    f = Marginal.of([a[:2] for a in ATOMS], [1, "1/2", "3/4"] if positive else MASSES, sigma="1/4")
    low, high = f.bounds(f.box(1))
    grid = [[-1 + 2 * i / 24, -1 + 2 * j / 24] for i in range(25) for j in range(25)]
    values = [float(f.value(x, 15)) for x in grid]
    assert float(arb(low.lower)) <= min(values)
    assert max(values) <= float(arb(high.upper))
    width = abs(low.upper) if positive else fmpq(9, 4)
    assert low.upper - low.lower <= width / 1000
    assert high.upper - high.lower <= (abs(high.upper) if positive else width) / 1000
    if positive:
        assert low.lower > 0
        assert min(values) <= 1.05 * float(arb(low.upper))


def test_refusals_of_marginals():
    f = three(2)
    for action, message in [
        (lambda: f.value([1]), "the point has 1 coordinates; this marginal takes 2"),
        (lambda: f.value([1, math.nan]), "not a rational number"),
        (lambda: f.value([1, 1], 0), "digits = 0; it must be between 1 and 10000"),
        (lambda: f.bounds("x in [0, 1]"), "the box has 1 variables; this marginal takes 2"),
        (lambda: f.bounds(f.box(1), rtol=0), "rtol = 0 is not between 0 and 1"),
        (lambda: one(1).bounds("x in [0, oo)"), "the range of x must have finite ends"),
        (lambda: Density(f).values(np.ones((3, 1)), np.ones(3)), r"must be \(N, 2\) and \(N,\)"),
        (lambda: Density(f).exact([1], 0), "v has 1 components; it must have 2"),
        (lambda: total_variation(f, 0), "R = 0; it must be a positive number"),
        (lambda: total_variation(f, 1, rtol=1), "rtol = 1 is not between 0 and 1"),
        (
            lambda: total_variation(f, "1e400"),
            "R or an atom is beyond 1e.12 σ, where σ² = 1/4; rescale",
        ),
        (lambda: total_variation(one(5), 1), "in at most 4 dimensions, not 5"),
        (lambda: profile_table(40, 1), "order 41 is beyond the tables, which end at 40"),
    ]:
        with pytest.raises(BoundcheckError, match=message):
            action()


# -- the tables of the profile ---------------------------------------------------------------------


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


# -- the density -----------------------------------------------------------------------------------


def points(d, count, R, seed):
    """Random points (v, b) with |v|_∞ = 1 and 0 <= b < R|v|_1."""
    rng = np.random.default_rng(seed)
    v = rng.uniform(-1, 1, (count, d))
    v[np.arange(count), rng.integers(0, d, count)] = rng.choice([-1, 1], count)
    return v, rng.uniform(0, R, count) * np.abs(v).sum(axis=1)


@pytest.mark.parametrize(("d", "sigma"), [(1, "1/2"), (2, "1/3"), (3, "1/2"), (3, "2")])
def test_the_density_is_its_defining_integral(d, sigma):
    density = Density(three(d, sigma))
    v, b = points(d, 3, 2, d)
    width = float(sympy.Rational(sigma))
    for vi, bi in zip(v, b, strict=True):
        norm = math.sqrt(float(vi @ vi))
        with mpmath.workdps(25):
            shifts = [bi - sum(c * float(sympy.Rational(e)) for c, e in zip(vi, u)) for u in ATOMS]
            weights = [float(sympy.Rational(m)) for m in MASSES]

            def integrand(r, shifts=shifts, weights=weights, norm=norm):
                return (
                    r ** (d + 1)
                    * mpmath.exp(-((width * r * norm) ** 2) / 2)
                    * sum(m * mpmath.cos(r * s) for m, s in zip(weights, shifts))
                )

            wanted = (
                -2
                * (width**2 / (2 * mpmath.pi)) ** (d / mpmath.mpf(2))
                * mpmath.quad(integrand, mpmath.linspace(0, 12 / width, 25))
            )
        exact = density.exact(list(map(float, vi)), float(bi))
        assert abs(float(exact) - float(wanted)) < 1e-12
        assert exact.rad() < 1e-30


@pytest.mark.parametrize(
    ("d", "sigma", "R"),
    [(1, "1/20", 4), (2, "1/20", 4), (3, "1/20", 4), (3, "1/2", 1), (6, "1", 1)],
)
def test_fast_values_are_the_exact_ones(d, sigma, R):
    rng = np.random.default_rng(d)
    f = Marginal.of((rng.integers(-8, 9, (3, d)) / 8 * R).tolist(), MASSES, sigma=sigma)
    density = Density(f)
    v, b = points(d, 100, R, 7)
    exact = np.array(
        [float(density.exact(list(map(float, vi)), float(bi))) for vi, bi in zip(v, b, strict=True)]
    )
    sup = 4 * profile_table(d + 1).largest / float(arb(f.variance)) / (2 * math.pi) ** (d / 2)
    assert np.abs(density.values(v, b) - exact).max() < 2e-13 * sup


def legendre(low, high, pieces, order=16):
    nodes, weights = np.polynomial.legendre.leggauss(order)
    ends = np.linspace(low, high, pieces + 1)
    half = np.diff(ends)[:, None] / 2
    return ((ends[:-1, None] + half) + half * nodes).ravel(), (half * weights).ravel()


@pytest.mark.parametrize("d", [1, 2])
def test_the_ridge_identity(d):
    """f(x) = f(0) + ∇f(0)·x + ∫∫ ReLU(v·x - b) dν, where the integral over b ends at v·x."""
    f, x = three(d), np.array([0.625, -0.375][:d])
    density, total = Density(f), 0.0
    free, weight = legendre(-1, 1, 12) if d == 2 else (np.zeros(1), np.ones(1))
    for axis, sign in itertools.product(range(d), (-1, 1)):
        v = np.insert(free[:, None], axis, sign, axis=1) if d == 2 else np.array([[float(sign)]])
        for vi, wi in zip(v, weight, strict=True):
            top = float(vi @ x)
            if top > 0:
                b, w = legendre(0, top, 2)
                total += wi * float((w * (top - b)) @ density.values(np.tile(vi, (len(b), 1)), b))
    zero, at = [0] * d, list(map(float, x))
    affine = float(f.value(zero)) + sum(
        float(g) * c for g, c in zip(f.gradient(zero), at, strict=True)
    )
    assert abs(affine + total - float(f.value(at))) < (
        1e-12 if d == 1 else 1e-6
    )  # d = 2: kinks where v·x = 0


# -- the total variation ---------------------------------------------------------------------------


def by_quadrature(f, R, n):
    """The midpoint rule for ∫∫ |dν| over all faces and b = βR|v|_1, from the fast density."""
    d, total = f.dimension, 0.0
    axis = (np.arange(n) + 0.5) / n
    grids = np.meshgrid(*[2 * axis - 1] * (d - 1), axis, indexing="ij")
    *free, beta = (g.ravel() for g in grids)
    for face, sign in itertools.product(range(d), (-1, 1)):
        v = np.insert(np.array(free).reshape(d - 1, len(beta)).T, face, sign, axis=1)
        reach = R * np.abs(v).sum(axis=1)
        total += float((reach * np.abs(Density(f).values(v, beta * reach))).sum())
    return total * (2 / n) ** (d - 1) / n


@pytest.mark.parametrize("R", ["1/5", 1, 3])
def test_the_variation_of_one_atom_on_a_line(R):
    """-2 (2π)^(-1/2) σ^-2 c_2(b/σ) is the derivative of -2/σ t exp(-t²/2)
    at t = b/σ, twice, for v = ±1."""
    found = total_variation(one(1), R, rtol="1e-7")
    with mpmath.workdps(30):
        t = mpmath.mpf(sympy.Rational(R).p) / sympy.Rational(R).q * 2
        end = t * mpmath.exp(-t * t / 2)
        exact = 2 * 2 * (end if t <= 1 else 2 * mpmath.exp(-0.5) - end)
        assert number(found.lower) <= exact <= number(found.upper)
    assert found.upper - found.lower <= found.upper * fmpq(1, 10**7)


@pytest.mark.parametrize(
    ("d", "sigma", "R", "n"),
    [
        (1, "1/2", 1, 4000),
        (1, "1/20", 4, 20000),
        (2, "1/2", 1, 400),
        (2, "1/10", 2, 800),
        (3, "1", 1, 60),
    ],
)
def test_the_variation_is_that_of_the_density(d, sigma, R, n):
    f = three(d, sigma)
    found = total_variation(f, R)
    lower, upper = float(arb(found.lower)), float(arb(found.upper))
    assert upper - lower <= 0.02 * upper * (1 + 1e-12)
    assert lower * (1 - 3e-4) <= by_quadrature(f, R, n) <= upper * (1 + 3e-4)


def test_the_rounding_of_sums_of_cells_is_made_up_for():
    """Both ends of the total, from the exact sums of what the cells hold."""
    rng = np.random.default_rng(3)
    for count in [2, 3, 7, 30, 200, 3000] * 20:
        lower, upper = rng.uniform(size=(2, count)) * 10.0 ** rng.integers(-3, 3, (2, count))
        none = np.zeros((1, count))
        found = _Cells(np.zeros(count, int), none, none, lower, upper, none).total(arb(1))
        low, high = (
            sum((fmpq(*x.as_integer_ratio()) for x in map(float, a)), fmpq(0))
            for a in (lower, upper)
        )
        assert found.lower <= low
        assert high <= found.upper
        assert found.upper - high <= high * fmpq(1, 10**11)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_what_the_variation_takes_from_the_tables(d):
    """Each Taylor coefficient of the profile is as near as the expansion says; its
    fourth derivative is bounded."""
    integrand = _Integrand(three(d), fmpq(1))
    s = np.random.default_rng(d).uniform(-12, 12, 300)
    expansion = integrand._profile(s)
    slope = np.full((d, 300), 0.25 / d)
    largest = integrand._fourth(Model.affine(s, slope))
    with ctx.workprec(200):
        for j, (values, error) in enumerate(zip(expansion.coefficients, expansion.errors)):
            for t, value in zip(s, values, strict=True):
                exact = derivative(d + 1, j, arb(float(t))) / math.factorial(j)
                assert abs(arb(float(value)) - exact) <= float(error)
        for t, bound in zip(s, largest, strict=True):
            for shift in (-0.25, 0, 0.25):
                assert abs(derivative(d + 1, 4, arb(float(t)) + arb(shift)) / 24) <= float(bound)


def test_a_finer_enclosure_lies_in_the_coarser_one():
    coarse, fine = (total_variation(three(2), 1, rtol=r) for r in ("1/5", "1/1000"))
    assert coarse.lower <= fine.lower <= fine.upper <= coarse.upper
    assert abs(by_quadrature(three(2), 1, 1000) / float(arb(fine.upper)) - 1) < 1.5e-3


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("sigma", ["2", "1/2"])
def test_the_variation_is_below_its_bounds(d, sigma):
    """V <= |μ| min(2R (d + 2d(d-1)/π)/σ², κ_d/σ), with κ_d rounded up."""
    kappa, s = [2.42613, 4.2931, 5.8351][d - 1], float(sympy.Rational(sigma))
    for f, mass in ((one(d, sigma), 1), (three(d, sigma), 9 / 4)):
        found = total_variation(f, 1)
        assert float(arb(found.lower)) <= mass * min(
            2 * (d + 2 * d * (d - 1) / math.pi) / s**2, kappa / s
        )


def test_the_variation_scales_with_the_masses_and_is_translated_by_irrational_atoms():
    huge = Marginal.of(
        [a[:1] for a in ATOMS], ["10**300", "-10**300/2", "3*10**300/4"], sigma="1/2"
    )
    found, wanted = total_variation(huge, 1, rtol="1e-4"), total_variation(three(1), 1, rtol="1e-4")
    assert found.lower <= wanted.upper * fmpq(10) ** 300
    assert wanted.lower * fmpq(10) ** 300 <= found.upper
    f = Marginal.of(["sqrt(2)/2", "-pi/4"], ["E/3", "-1/3"], sigma="1/3")
    found = total_variation(f, 1, rtol="1e-4")
    assert (
        float(arb(found.lower)) * (1 - 1e-4)
        <= by_quadrature(f, 1, 5000)
        <= float(arb(found.upper)) * (1 + 1e-4)
    )


def test_what_is_known_when_the_budget_is_spent():
    with pytest.raises(
        NotReached,
        match=(
            "rtol was not reached with the budget of 0.3 units of work: the total variation is in "
            ".*; give a larger"
        ),
    ) as error:
        total_variation(three(2), 1, rtol="1e-9", budget=0.3)
    known, fine = error.value.enclosure, total_variation(three(2), 1)
    assert known.lower <= fine.upper
    assert fine.lower <= known.upper


def test_cells_never_get_too_small_for_doubles():
    """Two atoms that cancel but for a narrow remainder: the search ends,
    and what it knows is right."""
    f = Marginal.of([0, "1e-30"], [1, -1], sigma=1)  # f is about 1e-30 x exp(-x²/2)
    with pytest.raises(NotReached) as error:
        total_variation(f, 1, budget=0.5)
    assert 0 <= error.value.enclosure.lower <= error.value.enclosure.upper < fmpq(1, 10**9)


def test_the_marginal_is_for_boxes_of_any_names():
    f = three(2)
    assert (
        f.bounds(Box(s=(0, 1), t=(0, 1)))[1].upper == f.bounds(Box(x1=(0, 1), x2=(0, 1)))[1].upper
    )


def test_what_the_variation_is_made_of_is_enclosed():
    """Masses, coordinates and R in doubles around the exact numbers."""
    f = Marginal.of([["1/3", "-1/7"], ["2/9", 0]], ["1/3", "-2/7"], sigma="1/3")
    integrand = _Integrand(f, fmpq(1, 5))
    exact = [(integrand.reach, fmpq(3, 5))]
    total = fmpq(1, 3) + fmpq(2, 7)
    exact += zip(integrand.masses, (fmpq(1, 3) / total, -fmpq(2, 7) / total), strict=True)
    exact += zip(
        (e for u in integrand.points for e in u),
        (fmpq(1), -fmpq(3, 7), fmpq(2, 3), fmpq(0)),
        strict=True,
    )
    for (low, high), value in exact:
        assert fmpq(*low.as_integer_ratio()) <= value <= fmpq(*high.as_integer_ratio())
