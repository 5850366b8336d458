"""The table `architectures`: depth, widths and weights of built ratio networks,
beside what the paper claims."""

from __future__ import annotations

from flint import fmpq

from boundcheck.constructions.builders import SCALE, Predictor, predictor
from boundcheck.constructions.marginal_pairs import positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.sizes import LARGEST, neuron_limit
from boundcheck.constructions.stratified import stratified
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.rational import rational
from boundcheck.report.tables.lists import Watch
from boundcheck.report.typeset.table import Cell, Table, at_most
from boundcheck.settings import Settings

PARAMETERS = ("atoms", "weights", "abar", "d", "R", "k", "n", "seed", "M")
"""What it takes: the data, ᾱ, the box [-R, R]^d, and the cells k along an edge or the
width n of the shallow layer."""
_DEPTH = 7
_COLUMNS = (
    "network",
    "depth",
    "affine maps",
    "hidden widths",
    "width",
    "parameters that are not 0",
    "largest weight",
)
_VARIANTS: tuple[tuple[str, str, dict[str, bool]], ...] = (
    ("compact gate, no clips", "compact", {"clip": False}),
    ("clips, compact gate", "compact", {}),
    ("clips, compact gate, output clip", "compact", {"output_clip": True}),
    ("clips, textbook gate", "textbook", {}),
    ("clips, textbook gate, output clip", "textbook", {"output_clip": True}),
)


def architectures(given: Settings, watch: Watch) -> Table:
    """The claim, the ratio networks with either gate, with and without clips, and
    these padded to depth 7."""
    chosen = predictor(given)
    R, M = given.rational("R", 1, above=0), given.rational("M", SCALE, above=0)
    seed, k = given.integer("seed", 0, least=0), _cells(given, chosen)
    c = positivity(chosen.f2, R)
    watch("the shallow layer")
    shallow = stratified([chosen.f2, *chosen.numerators], R, k, seed=seed, M=M)
    rows: list[tuple[Cell, ...]] = [("claim P2 of the paper", _DEPTH, "", "", "O(n+9)", "", "")]
    for depth in (None, _DEPTH):
        for name, gate, options in _VARIANTS:
            watch(name)
            net = ratio(
                shallow.network, c=c, C=1, b=chosen.b, M=M, gate=gate, depth=depth, **options
            ).network
            rows.append(_row(f"{name}, padded to {depth}" if depth else name, net))
    sizes = {key: given.text(key) for key in ("n",) if given.has(key)} or {"k": str(k)}
    settings = {**chosen.settings, "R": str(R), **sizes, "seed": str(seed), "M": str(M)}
    q = len(chosen.numerators)
    notes = (
        (
            f"n = {shallow.neurons} neurons in the shallow layer, at most {shallow.limit} for "
            f"k = {k}; {q} output{'s' * (q > 1)}; c = {c}, C = 1, b = {chosen.b}."
        ),
        (
            "Depth counts hidden layers. The claim gives no constant for its width, and says "
            "nothing of parameters."
        ),
        (
            "Without clips the gate divides only where c <= g2 <= C and |g1| <= bC, which has to "
            "be certified. Padding changes no value: depth 7 is not needed."
        ),
        "The largest weight is the largest absolute value of a weight or bias, rounded up.",
    )
    title = "Ratio networks: the claim and what is built"
    return Table("architectures", title, _COLUMNS, tuple(rows), notes, settings)


def _cells(given: Settings, chosen: Predictor) -> int:
    """k, or the largest k for which the shallow layer has at most n neurons."""
    if not given.has("n"):
        return given.integer("k", 4, least=1)
    if given.has("k"):
        raise BoundcheckError(
            "k and n are both given; give one of them: n chooses the largest k that it allows"
        )
    d, q = chosen.f2.dimension, 1 + len(chosen.numerators)
    n = given.integer("n", least=neuron_limit(d, 1, q), most=LARGEST)
    k = 1
    while neuron_limit(d, k + 1, q) <= n:
        k += 1
    return k


def _row(name: str, net: Network) -> tuple[Cell, ...]:
    largest = at_most(fmpq(rational(net.largest_weight)))
    widths = ", ".join(map(str, net.widths))
    return name, net.depth, net.affine_maps, widths, net.width, net.parameters, largest
