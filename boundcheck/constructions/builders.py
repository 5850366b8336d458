"""The networks that can be built by name, with parameters given as texts; all of them are
refused before long work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flint import arb, ctx, fmpq

from boundcheck.constructions.conditional_density import ConditionalPair
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair, positivity
from boundcheck.constructions.random_blocks import random_blocks
from boundcheck.constructions.ratio_network import GATES, ratio, ratio_tail
from boundcheck.constructions.stratified import stratified
from boundcheck.documents import JsonObject
from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks import gates
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.rational import decimal, rational
from boundcheck.settings import Settings, exact, parse_settings
from boundcheck.theory.kernels.ratio_pairs import RatioClass

MAX_DIMENSION = 100
MAX_DEPTH = 1_000
SCALE = "2**40"
_BITS = 128
METHODS = ("stratified", "blocks")
TAIL = 2
"""t of the limit of neurons of blocks."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """A network and how it was made.

    Attributes:
        name: what was built.
        network: the network.
        settings: every parameter with the value that was used, the defaults included.
        details: what else there is to say, such as the number of neurons and its limit.
    """

    name: str
    network: Network
    settings: dict[str, str]
    details: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> JsonObject:
        """Its name, settings, sizes and details; the largest weight as a
        decimal text, rounded up."""
        net = self.network
        return {
            "name": self.name,
            "settings": self.settings,
            "inputs": net.inputs,
            "widths": list(net.widths),
            "outputs": net.outputs,
            "depth": net.depth,
            "affine_maps": net.affine_maps,
            "width": net.width,
            "parameters": net.parameters,
            "largest_weight": decimal_text(rational(net.largest_weight), 6, up=True),
            **self.details,
        }


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A network that can be built by name.

    Attributes:
        parameters: what `--set` takes for it.
        make: builds it from these; refuses what is bad before any long work.
    """

    parameters: tuple[str, ...]
    make: Callable[[Settings], Built]


def build(name: str, texts: Sequence[str] = ()) -> Built:
    """The network `name` with the parameters in `texts`, such as "d=2,k=5";
    the others have their defaults.

    marginal: `stratified` for the measure with `atoms`, `masses` and σ = `sigma` on [-R, R]^d;
        `corners=1` for the deterministic part alone; `method=blocks` for `random_blocks` with
        `draws` blocks, whose limit of neurons has the probability 1 - exp(-2).
    ratio: `ratio` for the pair of data `atoms` with `weights` at ᾱ = `abar`, by default with c a
        lower bound of f2, C = 1 >= f2 and b = max |u|_∞.
    conditional: `ratio` for the conditional density p(y|x) times (2π sigma_y²)^(d_y/2), of data
        `atoms` (x, y), the first `d_x` coordinates being x, with `weights` and normal noise.
    division: `gates.division` or `gates.division_textbook`.
    product: `gates.product`.

    Raises:
        BoundcheckError: an unknown name or parameter, or a value that its construction refuses.
    """
    if name not in _CATALOGUE:
        raise BoundcheckError(f"{name!r} cannot be built; there are {', '.join(_CATALOGUE)}")
    recipe = _CATALOGUE[name]
    return recipe.make(Settings.checked(name, parse_settings(texts), recipe.parameters))


def measure(given: Settings) -> tuple[Marginal, dict[str, str]]:
    """The marginal of `atoms`, `masses` and `sigma`, checked against `d`, and these
    settings with the defaults."""
    atoms = _atoms(given, "0")
    masses = given.row("masses", ";".join(["1"] * len(atoms)))
    sigma = given.rational("sigma", "1/2", above=0)
    found = Marginal.of(atoms, masses, sigma=sigma)
    return found, {
        "atoms": _rows(atoms),
        "masses": ";".join(masses),
        **_texts(d=found.dimension, sigma=sigma),
    }


def _marginal(given: Settings) -> Built:
    marginal, used = measure(given)
    R, k, seed, M = _sizes(given)
    corners = given.flag("corners", False)
    if given.choice("method", "stratified", METHODS) == "blocks":
        return _blocks(given, marginal, used)
    found = stratified(marginal, R, k, seed=seed, M=M, corners_only=corners)
    used |= _texts(R=R, k=k, seed=seed, M=M, corners=int(corners))
    return Built(
        name=given.of,
        network=found.network,
        settings=used,
        details={"seed": seed, "neurons": found.neurons, "limit": found.limit},
    )


def _blocks(given: Settings, marginal: Marginal, used: dict[str, str]) -> Built:
    R, _, seed, M = _sizes(given)
    draws = given.integer("draws", 64, least=1)
    found = random_blocks(marginal, R, draws, seed=seed, M=M)
    used |= {"method": "blocks"} | _texts(R=R, draws=draws, seed=seed, M=M)
    return Built(
        name=given.of,
        network=found.network,
        settings=used,
        details={"seed": seed, "neurons": found.neurons, "limit": found.limit(TAIL)},
    )


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """A Bayes predictor f1/f2, coordinate by coordinate; its data lie in [-b, b]^d. See
    `ddpm_pair`."""

    f2: Marginal
    numerators: tuple[Marginal, ...]
    b: fmpq
    settings: dict[str, str]

    def pairs(self, R: fmpq, c: fmpq) -> RatioClass:
        """The class of the ratio theorem that f1 and f2 are in, on [-R, R]^d.

        Raises:
            BoundcheckError: c >= 1, which f2 never is.
        """
        with ctx.workprec(_BITS):
            sigma = arb(self.f2.variance).sqrt()
        return RatioClass(d=self.f2.dimension, R=R, b=self.b, c=c, sigma=sigma)


def predictor(given: Settings) -> Predictor:
    """The predictor of the data `atoms` with `weights` at ᾱ = `abar`, and these
    settings with the defaults."""
    atoms = [[exact(v, "atoms") for v in u] for u in _atoms(given, "-1/2", "1/2")]
    weights = [
        exact(p, "weights")
        for p in given.row("weights", ";".join([f"1/{len(atoms)}"] * len(atoms)))
    ]
    abar = given.rational("abar", "1/4", above=0, below=1)
    f2, numerators = ddpm_pair(atoms, weights, abar)
    used = {
        "atoms": _rows([[str(v) for v in u] for u in atoms]),
        "weights": ";".join(map(str, weights)),
    }
    return Predictor(
        f2=f2,
        numerators=numerators,
        b=data_bound(atoms),
        settings={**used, **_texts(abar=abar, d=len(numerators))},
    )


def _ratio(given: Settings) -> Built:
    chosen = predictor(given)
    f2, numerators = chosen.f2, chosen.numerators
    R, k, seed, M = _sizes(given)
    c = given.rational("c", above=0) if given.has("c") else positivity(f2, R)
    C = given.rational("C", 1, above=0)
    b = given.rational("b", chosen.b, above=0)
    gate = given.choice("gate", "compact", tuple(GATES))
    output_clip = given.flag("output_clip", False)
    depth = given.integer("depth", least=1, most=MAX_DEPTH) if given.has("depth") else None
    ratio_tail(
        len(numerators), c=c, C=C, b=b, M=M, gate=gate, output_clip=output_clip, depth=depth
    )  # refuses early
    chosen.pairs(R, c)
    shallow = stratified([f2, *numerators], R, k, seed=seed, M=M)
    found = ratio(
        shallow.network, c=c, C=C, b=b, M=M, gate=gate, output_clip=output_clip, depth=depth
    )
    used = {
        **chosen.settings,
        **_texts(R=R, k=k, seed=seed, M=M, c=c, C=C, b=b),
        "gate": gate,
        **_texts(depth=found.network.depth, output_clip=int(output_clip)),
    }
    return Built(
        name=given.of,
        network=found.network,
        settings=used,
        details={"seed": seed, "neurons": shallow.neurons, "limit": shallow.limit},
    )


def _division(given: Settings) -> Built:
    c, C = given.rational("c", 1, above=0), given.rational("C", 2)
    B = given.rational("B", 1)
    gate = given.choice("gate", "compact", tuple(GATES))
    s = given.rational("s", 2 * (B + C) if gate == "compact" else B + 1 / c)
    return Built(
        name=given.of,
        network=GATES[gate](c, C, B, s).instantiate(),
        settings={**_texts(c=c, C=C, B=B, s=s), "gate": gate},
    )


def _product(given: Settings) -> Built:
    W = given.rational("W", 1)
    s = given.rational("s", W + 1)
    return Built(name=given.of, network=gates.product(s, W), settings=_texts(s=s, W=W))


def _atoms(given: Settings, *values: str) -> list[list[str]]:
    """The atoms, by default the points (v, ..., v) of R^d; where they are
    given, d only has to agree."""
    d = given.integer("d", least=1, most=MAX_DIMENSION) if given.has("d") else None
    atoms = given.table("atoms", ";".join(":".join([v] * (d or 1)) for v in values))
    if d is not None and len(atoms[0]) != d:
        raise BoundcheckError(
            f"d = {d}, but the first atom has {len(atoms[0])} coordinates; the two must agree"
        )
    return atoms


def _sizes(given: Settings) -> tuple[fmpq, int, int, fmpq]:
    return (
        given.rational("R", 1, above=0),
        given.integer("k", 8, least=1),
        given.integer("seed", 0, least=0),
        given.rational("M", SCALE, above=0),
    )


def _conditional(given: Settings) -> Built:
    atoms = given.table("atoms", "1:1;-1:0")
    weights = given.row("weights", ";".join([f"1/{len(atoms)}"] * len(atoms)))
    d_x = given.integer("d_x", 1, least=1, most=MAX_DIMENSION)
    sigmas = [given.rational(f"sigma_{v}", "1/2", above=0) for v in "xy"]
    pair = ConditionalPair.of(
        [[exact(v, "atoms") for v in u] for u in atoms],
        [exact(p, "weights") for p in weights],
        d_x=d_x,
        sigma_x=sigmas[0],
        sigma_y=sigmas[1],
    )
    R, k, seed, M = _sizes(given)
    k_2 = given.integer("k_2", k, least=1)
    c = given.rational("c", above=0) if given.has("c") else positivity(pair.f2, R)
    gate = given.choice("gate", "compact", tuple(GATES))
    output_clip = given.flag("output_clip", False)
    depth = given.integer("depth", least=1, most=MAX_DEPTH) if given.has("depth") else None
    shape = {"C": 1, "b": 1, "M": M, "gate": gate, "output_clip": output_clip, "depth": depth}
    ratio_tail(1, c=c, **shape)  # refuses early
    shallow = pair.shallow(R, k, k_2, seed=seed, M=M)
    found = ratio(shallow, c=c, **shape)
    used = {
        "atoms": _rows(atoms),
        "weights": ";".join(weights),
        **_texts(d_x=d_x, sigma_x=sigmas[0], sigma_y=sigmas[1]),
        **_texts(R=R, k=k, k_2=k_2, seed=seed, M=M, c=c),
        "gate": gate,
        **_texts(depth=found.network.depth, output_clip=int(output_clip)),
    }
    details = {"seed": seed, "neurons": shallow.width}
    return Built(name=given.of, network=found.network, settings=used, details=details)


def _rows(table: Sequence[Sequence[str]]) -> str:
    return ";".join(":".join(row) for row in table)


def _texts(**values: fmpq | int) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: fmpq | int) -> str:
    """An exact text; of a long fraction the decimal, where that is exact."""
    text, short = str(value), decimal_text(fmpq(value), 12, up=False)
    return short if "/" in text and len(text) > len(short) and decimal(short) == value else text


_DATA = ("atoms", "weights", "abar", "d")
_SIZES = ("R", "k", "seed", "M")
_RATIO = ("c", "C", "b", "gate", "depth", "output_clip")
_CATALOGUE = {
    "marginal": Recipe(
        parameters=("atoms", "masses", "sigma", "d", *_SIZES, "corners", "method", "draws"),
        make=_marginal,
    ),
    "ratio": Recipe(parameters=(*_DATA, *_SIZES, *_RATIO), make=_ratio),
    "conditional": Recipe(
        parameters=(
            *("atoms", "weights", "d_x", "sigma_x", "sigma_y", *_SIZES, "k_2", "c"),
            *("gate", "depth", "output_clip"),
        ),
        make=_conditional,
    ),
    "division": Recipe(parameters=("c", "C", "B", "s", "gate"), make=_division),
    "product": Recipe(parameters=("s", "W"), make=_product),
}
NAMES = tuple(_CATALOGUE)
"""What `build` knows."""
