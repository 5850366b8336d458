"""Bounds of the variation of marginals, beside the variation itself: in d = 1 that of K', in d = 3
that of (sK)'' as a function on the line."""

from itertools import pairwise
from random import Random

import pytest
from flint import acb, arb, ctx, fmpq
from mpmath import exp, gamma, inf, mp, mpf, pi, quad, sqrt

from boundcheck.errors import BoundcheckError
from boundcheck.theory.kernels.kernel import Kernel
from boundcheck.theory.kernels.kernel_check import check
from boundcheck.theory.kernels.matern import Matern
from boundcheck.theory.kernels.normal_kernels import Anisotropic, Bandwidths
from boundcheck.theory.kernels.rational_quadratic import RationalQuadratic

RANDOM = Random(17)
KERNELS = [
    Bandwidths(((fmpq(1), fmpq(1, 2)),)),
    Bandwidths(((fmpq(1, 3), fmpq(1, 2)), (fmpq(2, 3), fmpq(3)))),
    Matern(fmpq(1, 2), fmpq(2, 3)),
    Matern(fmpq(2, 3)),
    Matern(fmpq(3, 2)),
    RationalQuadratic(fmpq(1), fmpq(2)),
    RationalQuadratic(fmpq(1, 3)),
    *(Matern(fmpq(RANDOM.randint(8, 50), 10)) for _ in range(3)),
    *(RationalQuadratic(fmpq(RANDOM.randint(2, 50), 10)) for _ in range(2)),
]


def largest_slope(kernel):
    """The largest |K'|, on a grid: a lower bound."""
    with ctx.workprec(80):
        points = [arb(k) / 64 for k in range(1, 400)]
        steps = [(kernel.value(b) - kernel.value(a)) / (b - a) for a, b in pairwise(points)]
        return max(float(-s) for s in steps)


@pytest.mark.parametrize("kernel", KERNELS, ids=repr)
def test_on_the_line(kernel):
    """K' rises from 0 to its maximum, falls to its minimum, and rises to 0."""
    truth, slack = 4 * largest_slope(kernel), 2 if kernel.spectrum(1) is not None else 4
    assert truth <= float(kernel.variation(1)) <= slack * truth


def exact(kernel_value, third, atom):
    with mp.workdps(20):
        return 2 * quad(lambda s: abs(third(s)), [0, 1, 2, 3, 5, 8, 20, 60]) + atom


THREE = [
    # kernel, (sK)''' for s > 0, jump of (sK)'' at 0
    (Matern(fmpq(1, 2)), lambda s: (3 - s) * exp(-s), 4),
    (Bandwidths(((fmpq(1), fmpq(1)),)), lambda s: (-3 + 6 * s**2 - s**4) * exp(-(s**2) / 2), 0),
]


@pytest.mark.parametrize(("kernel", "third", "atom"), THREE)
def test_in_space(kernel, third, atom):
    truth = exact(kernel, third, atom)
    assert truth <= float(kernel.variation(3)) <= 1.3 * truth


def test_figures():
    """Digits that were computed independently, by mpmath from the integrals of G² and G'²."""
    for nu, d in ((mpf(1) / 2, 2), (mpf(3) / 2, 2), (mpf(3) / 2, 5), (mpf(5) / 2, 1)):
        q = 2 * nu
        c = gamma(nu + mpf(d) / 2) / gamma(nu) / (pi * q) ** (mpf(d) / 2)
        limit = c * q ** ((d + mpf(1)) / 2) if nu == mpf(1) / 2 else mpf(0)

        def G(r, q=q, c=c, nu=nu, d=d):
            return c * r ** (d + 1) * (1 + r**2 / q) ** (-nu - mpf(d) / 2)

        norm = sqrt(quad(lambda r, G=G, limit=limit: (G(r) - limit) ** 2, [0, 1, 4, 20, 1000, inf]))
        slope = sqrt(quad(lambda r, G=G: mp.diff(G, r) ** 2, [mpf(10) ** -9, 1, 4, 20, 1000, inf]))
        sphere = 2 * pi ** (mpf(d) / 2) / gamma(mpf(d) / 2)
        whole = sphere * pi * (limit + sqrt(2 * norm * slope))
        ours = Matern(fmpq(int(2 * nu), 2)).variation(d)
        assert float(ours) == pytest.approx(float(whole), rel=1e-6)


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("kernel", KERNELS, ids=repr)
def test_spectral_data_fit_together(kernel, d):
    check(kernel, d)


class Wrong(Kernel):
    """A normal kernel with the density of another bandwidth, or of another size."""

    name = "wrong"

    def __init__(self, factor, width):
        self.factor, self.width = factor, width

    def value(self, r):
        return (-r * r / 2).exp()

    def density(self, r, d):
        square = r * r * arb(self.width)
        return (-square / 2).exp() / (2 * arb.pi()) ** (arb(d) / 2) * arb(self.factor)


@pytest.mark.parametrize(("factor", "width"), [(fmpq(1001, 1000), fmpq(1)), (fmpq(1), fmpq(9, 10))])
def test_a_wrong_density_is_found(factor, width):
    check(Wrong(fmpq(1), fmpq(1)), 2)
    with pytest.raises(BoundcheckError, match="has the mass .*, not 1"):
        check(Wrong(factor, width), 2)


def test_a_wrong_norm_is_found():
    class Smaller(Matern):
        def spectrum(self, d, bits=128):
            found = super().spectrum(d, bits)
            return found._replace(norm=found.norm * arb(fmpq(99, 100)))

    with pytest.raises(BoundcheckError, match="the norm of G"):
        check(Smaller(fmpq(3, 2)), 2)


def test_no_bound_is_known():
    with pytest.raises(BoundcheckError, match="no bound of the variation of wrong is known"):
        Wrong(fmpq(1), fmpq(1)).variation(1)


def test_product_kernel():
    """σ = 1/2 and 6/5: the mass of the ridges by quadrature over their directions."""
    kernel = Anisotropic.product([(1, fmpq(1, 2)), (1, fmpq(6, 5))])
    with mp.workdps(15):
        mean = quad(lambda a: sqrt(4 * mp.cos(a) ** 2 + mp.sin(a) ** 2 / 1.44), [0, pi / 2])
        truth = 2 * mean * 2 / pi * mpf("2.3843")  # d E|S^(-1/2)θ| I_2
    assert truth <= float(kernel.variation()) <= 1.3 * truth
    same = Anisotropic(3, fmpq(3)).variation()
    assert float(same) == pytest.approx(float(Bandwidths(((fmpq(1), fmpq(1)),)).variation(3)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Matern(fmpq(1, 3)),
        lambda: RationalQuadratic(fmpq(0)),
        lambda: Bandwidths(((fmpq(1, 2), fmpq(1)),)),
    ],
)
def test_what_is_refused(make):
    with pytest.raises(BoundcheckError, match="admissible|positive"):
        make()


def test_values():
    """K at a distance, by mpmath."""
    with mp.workdps(20):
        for nu in (mpf(1) / 2, mpf(7) / 5):
            z = sqrt(2 * nu) * mpf(3) / 4
            truth = 2 ** (1 - nu) / gamma(nu) * z**nu * mp.besselk(nu, z)
            ours = Matern(fmpq(int(10 * nu), 10)).value(arb(3) / 4)
            assert float(ours) == pytest.approx(float(truth), rel=1e-12)
    assert acb(RationalQuadratic(fmpq(2)).value(arb(2))).real.overlaps(arb(1) / 4)
