"""Networks that are built and certified: single instances of the theorems,
with their stored weights.

An instance proves nothing about a family. It shows that the construction does what
the theorem promises, that the bound is not vacuous, and how far from the truth it is:
the margin beside the bound.
"""

from boundcheck import Q, claim, norm_bound, shape
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair, positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.stratified import stratified
from boundcheck.math import exp
from boundcheck.theory.formulas import shallow

SOURCE = "built and certified here"
SIGMA, K = Q(1, 2), 8
BOUND = shallow.L2_SHARP.subs(shallow.c_sharp, shallow.C_SHARP).subs(
    {shallow.d: 1, shallow.k: K, shallow.R: 1}
)
KAPPA = 4 * exp(-Q(1, 2))  # κ_1: see ridges.variation_on_the_line


def shallow_network():
    """A marginal, and the network built for it."""
    f = Marginal.of([0], [1], sigma=SIGMA)
    return f, stratified(f, R=1, k=K)


@claim(source=SOURCE)
def a_shallow_network():
    """One Gaussian with σ = 1/2 on [-1, 1], k = 8: an L² error of at most
    c_sharp V R k^-2, V = κ_1/σ."""
    f, built = shallow_network()
    yield norm_bound(f - built.network, BOUND.subs(shallow.V, KAPPA / SIGMA), p=2, on=f.box(1))


@claim(source=SOURCE)
def size_of_the_shallow_network():
    """It has one hidden layer of at most 1 + 2(k+1) + 4k neurons."""
    _, built = shallow_network()
    yield shape(built.network, depth=1, max_width=1 + 2 * (K + 1) + 4 * K)


def ratio_network():
    """f1/f2, the box, c, the neurons of the shallow layer, and the network built for them."""
    points = ["1/2", "-1/2"]
    f2, (f1,) = ddpm_pair(points, ["1/2", "1/2"], abar="3/4")
    built, c, b = stratified([f2, f1], R=1, k=K), positivity(f2, 1), data_bound(points)
    net = ratio(built.network, c=c / 2, C=1, b=b, M=2**40, depth=7).network
    return f1.term() / f2.term(), f2.box(1), c, built.neurons, net


@claim(source=SOURCE)
def a_ratio_network():
    """The Bayes predictor of a diffusion step, x_0 = ±1/2 with ᾱ = 3/4, on [-1, 1], by a network.

    σ² = 1/4, f2 has the mass 1, f1 at most b = 1/2, which bounds the ratio:
    (2b c_sharp V R k^-2 + 10^-9)/c with c <= f2 and V = κ_1/σ. What SignReLU and the clips cost is
    below 10^-9 for M = 2^40.
    """
    quotient, box, c, _, net = ratio_network()
    bound = (BOUND.subs(shallow.V, KAPPA / SIGMA) + Q(1, 10**9)) / Q(str(c))
    yield norm_bound(net - quotient, bound, p=2, on=box)


@claim(source=SOURCE)
def size_of_the_ratio_network():
    """It has seven hidden layers and the width of the shallow layer, n."""
    *_, n, net = ratio_network()
    yield shape(net, depth=7, width=n, max_width=n + 9)
