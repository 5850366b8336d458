"""What the built networks achieve: certified errors, of the networks as they are stored."""

from __future__ import annotations

from dataclasses import dataclass

from boundcheck.claims.verdict import Proved
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.random_blocks import BlockNetwork, random_blocks
from boundcheck.constructions.ratio_network import Ratio
from boundcheck.constructions.stratified import Approximation, a_posteriori, stratified
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks import gates
from boundcheck.exact.networks.network import Network, linear
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import symbol
from boundcheck.norms.lebesgue import lp_norm
from boundcheck.norms.supremum import DEFAULT_BUDGET, maximum
from boundcheck.verification.decide import prove


def output(net: Network, k: int) -> Network:
    """The network that gives output k alone, counted from 0.

    >>> print(output(linear([[1, 2], [3, 4]]), 1)(10, 20))
    110
    """
    return net.then(linear([[int(i == k) for i in range(net.outputs)]]))


def marginal_error(
    built: Approximation | BlockNetwork,
    p: ExactLike = 2,
    rtol: ExactLike = "1/20",
    *,
    k: int = 0,
    budget: float = DEFAULT_BUDGET,
) -> Enclosure:
    """‖f_k - g_k‖_p on [-R, R]^d for the SignReLU network of a construction, enclosed.

    Args:
        built: what `stratified` or `random_blocks` returns.
        p, rtol, budget: see `lp_norm`.
        k: which marginal, from 0.

    Raises:
        NotReached, BoundcheckError: as `lp_norm`.

    >>> built = stratified(Marginal.of([0], [1], sigma="1/2"), R=1, k=4)
    >>> marginal_error(built).upper < rational("1/50")
    True
    """
    target = built.marginals[k]
    return lp_norm(target - output(built.network, k), p, target.box(built.R), rtol, budget=budget)


@dataclass(frozen=True)
class Certified:
    """A construction with its certified L² error, which is at most `bound`, the
    a-posteriori bound.

    >>> found = drawn(Marginal.of([0], [1], sigma="1/2"), R=1, k=4)
    >>> found.built.neurons, found.error.upper <= rational(found.bound)
    (19, True)
    """

    built: Approximation
    error: Enclosure
    bound: float


def drawn(
    marginal: Marginal,
    R: ExactLike,
    k: int,
    *,
    seed: int = 0,
    tries: int = 20,
    M: ExactLike = 2**40,
    rtol: ExactLike = "1/20",
    budget: float = DEFAULT_BUDGET,
) -> Certified:
    """The first draw, from `seed` on, whose certified L² error is at most the a-posteriori bound.

    The bound is one of the mean square over draws, so that some draw of the
    ideal construction meets it.

    Raises:
        BoundcheckError: bad input, see `stratified`; or none of `tries` draws met the bound.
        NotReached: the budget for one norm was spent.

    >>> found = drawn(Marginal.of([0], [1], sigma="1/2"), R=1, k=4)
    >>> found.built.seed, found.error.upper < rational("1/50")
    (0, True)
    """
    if tries < 1:
        raise BoundcheckError(f"tries = {tries}; at least one draw is needed")
    for s in range(seed, seed + tries):
        built = stratified(marginal, R, k, seed=s, M=M)
        error, (bound,) = marginal_error(built, rtol=rtol, budget=budget), a_posteriori(built)
        if error.upper is not None and error.upper <= rational(bound):
            return Certified(built, error, bound)
    raise BoundcheckError(
        f"none of the seeds {seed} to {seed + tries - 1} gave an error below {bound:.4g}; "
        f"the last one has {error}; try more, or a larger k"
    )


def ratio_error(
    net: Ratio,
    f2: Marginal,
    f1: Marginal,
    R: ExactLike,
    p: ExactLike = 2,
    rtol: ExactLike = "1/20",
    *,
    numerator: int = 1,
    budget: float = DEFAULT_BUDGET,
) -> Enclosure:
    """‖f1/f2 - r̂‖_p on [-R, R]^d for one output of a ratio network, enclosed; see `lp_norm`.

    The layers after the shallow one are proved to divide exactly (`Ratio.exactness`), so that r̂ is
    the quotient of h1 and h2, what the clips make of g1 and g2, and the error is taken of

        f1/f2 - h1/h2 = ((f1 - h1) - (h1/h2)(f2 - h2))/f2,

    where nothing cancels. Without a clip layer, c <= g2 <= C and |g1| <= bC are certified first.

    Raises:
        BoundcheckError: the gates are not exact on the values that g1 and g2 take.
        NotReached: the budget was spent.

    >>> from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair, positivity
    >>> from boundcheck.constructions.ratio_network import ratio
    >>> f2, (f1,) = ddpm_pair([1, "-1/2"], ["1/2", "1/2"], abar="1/4")
    >>> shallow = stratified([f2, f1], R=1, k=8).network
    >>> net = ratio(shallow, c=positivity(f2, 1) / 2, C=1, b=data_bound([1, "-1/2"]), M=2**40)
    >>> ratio_error(net, f2, f1, R=1, rtol="1/2").upper < 1
    True
    """
    if net.network != net.shallow.then(net.tail):
        raise BoundcheckError(
            "the network is not its tail after its shallow part; build it with `ratio`"
        )
    verdict = prove(net.exactness(numerator))
    if not isinstance(verdict, Proved):
        raise BoundcheckError(
            f"the division gate of this network is not exact: {verdict.name}, {verdict.detail()}"
        )
    box = f2.box(R)
    names = ["g2", *(f"g1_{i}" for i in range(1, net.numerators + 1))]
    below, above = symbol("g2"), symbol(f"g1_{numerator}")
    if net.clip:
        B = net.b * net.C
        below, above = gates.clip(net.c, net.C, net.M)(below), gates.clip(-B, B, net.M)(above)
    else:
        _check_domain(net, box, numerator, budget)
    top, bottom = f1.term(), f2.term()
    error = ((top - above) - above / below * (bottom - below)) / bottom
    if net.output_clip:
        error = top / bottom - gates.clip(-net.b, net.b, net.M)(above / below)
    return lp_norm(error, p, box, rtol, networks={", ".join(names): net.shallow}, budget=budget)


def _check_domain(net: Ratio, box: Box, numerator: int, budget: float) -> None:
    """c <= g2 <= C and |g1| <= bC on the box, by certified extremes."""
    for k, low, high in ((0, net.c, net.C), (numerator, -net.b * net.C, net.b * net.C)):
        g = output(net.shallow, k)
        for sign, limit in ((1, high), (-1, -low)):
            slack = abs(limit) / 100 + rational("1/1000000")
            most = maximum(g.then(linear([[sign]])), on=box, atol=slack, budget=budget).upper
            if most is None or most > limit:
                name = "g2" if k == 0 else "g1"
                raise BoundcheckError(
                    f"{name} is not known to stay in [{low}, {high}] on {box}, where the gate "
                    "divides; build the network with clip=True"
                )


def drawn_blocks(
    marginal: Marginal,
    R: ExactLike,
    draws: int,
    *,
    t: ExactLike = 2,
    seed: int = 0,
    tries: int = 20,
    M: ExactLike = 2**40,
    rtol: ExactLike = "1/20",
    budget: float = DEFAULT_BUDGET,
) -> tuple[BlockNetwork, Enclosure]:
    """The first network of random blocks, from `seed` on, that has at most `limit(t)` neurons and
    whose certified L² error is at most `bound(t)`, with that error: some draw of the ideal
    construction has both.

    Raises:
        BoundcheckError: bad input, see `random_blocks`; or none of `tries` draws met the bounds.
        NotReached: the budget for one norm was spent.

    >>> built, error = drawn_blocks(Marginal.of([0], [1], sigma="1/2"), R=1, draws=16)
    >>> built.neurons <= built.limit(2), bool(error.upper <= built.bound(2))
    (True, True)
    """
    if tries < 1:
        raise BoundcheckError(f"tries = {tries}; at least one draw is needed")
    for s in range(seed, seed + tries):
        built = random_blocks(marginal, R, draws, seed=s, M=M)
        if built.neurons > built.limit(t):
            continue
        error = marginal_error(built, rtol=rtol, budget=budget)
        if error.upper is not None and error.upper <= built.bound(t):
            return built, error
    raise BoundcheckError(
        f"none of the seeds {seed} to {seed + tries - 1} gave an error below "
        f"{built.bound(t).str(4, radius=False)} with {built.limit(t)} neurons; try more, or more "
        "draws"
    )
