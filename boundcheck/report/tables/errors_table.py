"""The table `errors`: certified errors of shallow and ratio networks beside the
bounds of their theorems."""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq

from boundcheck.constructions.builders import SCALE, predictor
from boundcheck.constructions.certified import marginal_error, ratio_error
from boundcheck.constructions.marginal_pairs import positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.stratified import stratified
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.norms.supremum import NotReached, sup_norm
from boundcheck.report.tables.lists import Watch, integers, ratio_of
from boundcheck.report.typeset.table import Cell, Table, at_most
from boundcheck.settings import Settings
from boundcheck.theory.kernels.ratio_pairs import RatioClass
from boundcheck.theory.theorems.shallow_theorem import SHALLOW
from boundcheck.theory.theorems.theorem import ends, one_after_the_other

PARAMETERS = ("atoms", "weights", "abar", "d", "R", "k", "seed", "M")
"""What it takes: the data, ᾱ, the box [-R, R]^d, a list of k, the seed and the scale."""
MOST_VARIABLES = 3
_BITS, _SECONDS = 96, 300.0  # for one norm; a wider enclosure is shown where they do not suffice
_L2, _SUP, _RATIO = "1/40", "1/20", "1/20"  # relative widths
_COLUMNS = (
    "k",
    "network",
    "neurons of the shallow layer",
    "norm",
    "error",
    "bound",
    "bound / error",
)
_NOTES = (
    (
        "f2 and f1 are the marginals of a diffusion step; f1/f2 is the first coordinate of the "
        "Bayes predictor."
    ),
    (
        "Bounds are those of the table constants, with V in closed form: l2_sharp + lambda/M, "
        "sup_corner_sharp + lambda/M, and uniform, of the claims marginals.sharp_bound, "
        "marginal_steps.corner_part and ratio_networks.network_for_a_ratio. Those in L2 are of the "
        "ideal construction, for the root of the mean square over draws; one draw is shown, "
        "nothing was redrawn."
    ),
    (
        "L2 norms are those of the uniform probability on the box. Errors are enclosed and "
        "rounded outward, bounds up."
    ),
)


def errors(given: Settings, watch: Watch) -> Table:
    """For each k: f2 by the shallow network in L², by its corners alone in the
    sup-norm, and f1/f2 in L²."""
    chosen = predictor(given)
    d = chosen.f2.dimension
    if d > MOST_VARIABLES:
        raise BoundcheckError(f"d = {d}; errors are certified for d from 1 to {MOST_VARIABLES}")
    ks = integers(given, "k", "2;4;8", 1)
    R, M = given.rational("R", 1, above=0), given.rational("M", SCALE, above=0)
    seed = given.integer("seed", 0, least=0)
    c = positivity(chosen.f2, R)
    pair = [chosen.f2, chosen.numerators[0]]
    watch("networks")
    ratios = {
        k: stratified(pair, R, k, seed=seed, M=M) for k in reversed(ks)
    }  # the largest is the first to be refused
    rows: list[tuple[Cell, ...]] = []
    for k in ks:
        whole, corners = (
            stratified(pair[0], R, k, seed=seed, M=M, corners_only=only) for only in (False, True)
        )
        net = ratio(ratios[k].network, c=c, C=1, b=chosen.b, M=M)
        watch(f"k = {k}: shallow")
        l2 = _reached(marginal_error, whole, rtol=_L2, budget=_SECONDS)
        watch(f"k = {k}: corners alone")
        sup = _reached(sup_norm, pair[0] - corners.network, pair[0].box(R), _SUP, budget=_SECONDS)
        watch(f"k = {k}: ratio")
        quotient = _reached(ratio_error, net, *pair, R, rtol=_RATIO, budget=_SECONDS)
        bounds = _bounds(chosen.pairs(R, c), k, M)
        rows += [
            (k, "shallow", whole.neurons, "L2", l2, at_most(bounds[0]), ratio_of(bounds[0], l2)),
            (
                k,
                "corners alone",
                corners.neurons,
                "sup",
                sup,
                at_most(bounds[1]),
                ratio_of(bounds[1], sup),
            ),
            (
                k,
                "ratio",
                ratios[k].neurons,
                "L2",
                quotient,
                at_most(bounds[2]),
                ratio_of(bounds[2], quotient),
            ),
        ]
    lists = {"k": ";".join(map(str, ks))}
    settings = {**chosen.settings, "R": str(R), **lists, "seed": str(seed), "M": str(M)}
    notes = (*_NOTES, f"The ratio has c = {c} <= f2 <= C = 1 and b = {chosen.b}.")
    return Table(
        "errors",
        "Certified errors and the bounds of the theorems",
        _COLUMNS,
        tuple(rows),
        notes,
        settings,
    )


def _reached(norm: Callable[..., Enclosure], *arguments: object, **options: object) -> Enclosure:
    """The norm, as narrow as the time allows."""
    try:
        return norm(*arguments, **options)
    except NotReached as stop:
        return stop.enclosure


def _bounds(pairs: RatioClass, k: int, M: fmpq) -> tuple[fmpq, fmpq, fmpq]:
    """l2_sharp + lambda/M, sup_corner_sharp + lambda/M and uniform, rounded up."""
    numbers = {"d": fmpq(pairs.d), "R": pairs.R, "k": fmpq(k), "M": M, "mass": 1, "p": 2}
    constants = SHALLOW.constants(numbers)
    values = one_after_the_other(constants, numbers, _BITS, pairs.symbols(_BITS))
    upper = {c.name: ends(value)[1] for c, value in zip(constants, values, strict=True)}
    cost = upper["lambda_over_M"]
    uniform = pairs.bounds(k=k, M=M, bits=_BITS)["uniform"].value
    return upper["l2_sharp"] + cost, upper["sup_corner_sharp"] + cost, ends(uniform)[1]
