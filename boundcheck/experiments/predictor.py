"""The predictor of a diffusion step: the constructed ratio network on a box, 0 outside, or the
softmax network; and the bound of its error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from flint import arb, ctx, fmpq

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.marginal_pairs import ddpm_pair, positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.softmax_network import Softmax, softmax_network
from boundcheck.constructions.stratified import Approximation, stratified
from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Term
from boundcheck.experiments.data import Data
from boundcheck.theory.formulas import diffusion, end_to_end
from boundcheck.theory.kernels.ratio_pairs import RatioClass
from boundcheck.torchnet.backend import torch
from boundcheck.torchnet.convert import to_torch

BITS = 128
_NUMBERS_AT_ONCE = (
    2**17
)  # points times neurons: what stays in a processor's cache is some ten times faster


@dataclass(frozen=True)
class Choice:
    """How predictors are built.

    Attributes:
        k: cells along a side.
        reach: of the boxes, R_t = √ᾱ_t B + reach √(1-ᾱ_t), rounded up.
        c: the lower clip of g2, or a larger one where that has the smaller bound.
        M: the weight scale.
        seed: of the draws.
        n, Lambda: of softmax networks, the pieces of exp, and where they are; see
            `softmax_network`.
    """

    k: int
    reach: fmpq
    c: fmpq
    M: fmpq
    seed: int
    n: int = 400
    Lambda: fmpq = field(default_factory=lambda: fmpq(12))


@dataclass(frozen=True)
class Target:
    """f2 and its numerators at one ᾱ, the box [-R, R]^d, and c with the bound that is
    proved for it.

    Attributes:
        alpha_bar: ᾱ, exact.
        c: the lower clip of g2.
        version: "positivity_free", or "weighted" where c <= f2 on the box
            and that bound is smaller.
        theta: an upper bound of the parameters of the shallow layer, whatever the draw.
        approximation: an upper bound of ∫_Ω q |f1/f2 - r|² for each coordinate, in the
            mean over draws.
        off_box: an upper bound of what the prediction 0 outside of the box costs.
    """

    data: Data
    alpha_bar: fmpq
    f2: Marginal
    numerators: tuple[Marginal, ...]
    R: fmpq
    c: fmpq
    version: str
    theta: fmpq
    approximation: fmpq
    off_box: fmpq

    @property
    def gap_bound(self) -> fmpq:
        """An upper bound of E|x̂_0(x_t) - E[x_0|x_t]|², in the mean over draws [D]: d
        approximation + off_box."""
        return self.data.dimension * self.approximation + self.off_box

    def shallow(self, choice: Choice, seed: int) -> Approximation:
        """The constructed layer with the outputs (g2, g1, ...)."""
        return stratified([self.f2, *self.numerators], self.R, choice.k, seed=seed, M=choice.M)

    def predictor(self, choice: Choice, seed: int) -> Predictor:
        """The ratio network, all numerators on one shallow layer."""
        built = self.shallow(choice, seed)
        net = ratio(built.network, c=self.c, C=1, b=self.data.B, M=choice.M, output_clip=True)
        return Predictor(net.network, built.neurons, self.R)


@dataclass(frozen=True)
class SoftmaxTarget:
    """The Bayes predictor at one ᾱ, for a softmax network.

    Attributes:
        R, c: half the side of the box on which densities are computed; the lower bound of what
            reciprocals are taken of.
        built: the network, and the bound of its error.
    """

    R: fmpq
    c: fmpq
    version: str
    built: Softmax

    @property
    def gap_bound(self) -> fmpq:
        """An upper bound of E|x̂_0(x_t) - E[x_0|x_t]|² [D]."""
        return self.built.error**2

    def predictor(self, choice: Choice, seed: int) -> Predictor:
        """The network."""
        return Predictor(self.built.network, self.built.neurons, None)


def softmax_target(data: Data, alpha_bar: float, choice: Choice) -> SoftmaxTarget:
    """The same for softmax networks."""
    share = rational(alpha_bar)
    sizes = {"n": choice.n, "Lambda": choice.Lambda, "M": choice.M}
    built = softmax_network(data.points, data.weights, share, **sizes)
    return SoftmaxTarget(_side(data, share, choice), fmpq(1), "softmax", built)


def target(data: Data, alpha_bar: float, choice: Choice) -> Target:
    """The target at ᾱ, the dyadic rational that the float is; no network is built yet."""
    share = rational(alpha_bar)
    f2, numerators = ddpm_pair(data.points, data.weights, share)
    R = _side(data, share, choice)
    candidates = [(choice.c, "positivity_free")]
    lower = _positivity(f2, R)
    if lower is not None and lower >= choice.c:
        candidates += [(lower, "positivity_free"), (lower, "weighted")]
    bounds = [_bounds(data, share, R, c, choice) for c, _ in candidates]
    best = min(range(len(candidates)), key=lambda i: bounds[i][candidates[i][1]])
    c, version = candidates[best]
    found = bounds[best]
    return Target(
        data, share, f2, numerators, R, c, version, found["theta"], found[version], found["off_box"]
    )


def _side(data: Data, share: fmpq, choice: Choice) -> fmpq:
    """√ᾱ B + reach √(1-ᾱ), rounded up."""
    with ctx.workprec(BITS):
        edge = arb(share).sqrt() * data.B + choice.reach * (1 - arb(share)).sqrt()
        return fmpq(edge.upper().fmpq() * 1024).ceil() / fmpq(1024)


def _positivity(f2: Marginal, R: fmpq) -> fmpq | None:
    """A lower bound of f2 on the box; None where it is too small to be of use."""
    try:
        return positivity(f2, R)
    except BoundcheckError:
        return None


class Predictor:
    """x̂_0: a network in torch, float64; 0 off a box.

    Args:
        network: with the outputs x̂_0.
        neurons: of its largest layer.
        R: half the side of the box; None where it is all of R^d.
    """

    def __init__(self, network: Network, neurons: int, R: fmpq | None) -> None:
        self.neurons = neurons
        self.depth = network.depth
        self._outputs = network.outputs
        self._module = to_torch(network)
        self._R = R

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """The predictions (N, outputs) at the points x (N, inputs)."""
        found = x.new_zeros(len(x), self._outputs)
        side = math.inf if self._R is None else nearest(self._R)  # R is a double
        inside = (x.abs() <= side).all(dim=1)
        with torch.inference_mode():
            parts = [
                self._module(part)
                for part in x[inside].split(max(1, _NUMBERS_AT_ONCE // self.neurons))
            ]
        if parts:
            found[inside] = torch.cat(parts)
        return found


# -- bounds ----------------------------------------------------------------------------------------


_FORMULAS = {
    **{name: end_to_end.BOUNDS[name] for name in ("weighted", "positivity_free")},
    "off_box": diffusion.OFF_BOX,
    "slope": end_to_end.SLOPE,
    "theta": end_to_end.THETA,
}


def _bounds(data: Data, share: fmpq, R: fmpq, c: fmpq, choice: Choice) -> dict[str, fmpq]:
    with ctx.workprec(BITS):
        sigma = (1 - arb(share)).sqrt()
    pairs = RatioClass(d=data.dimension, R=R, b=data.B, c=c, sigma=sigma)
    box: dict[str, Value] = {"alpha_bar": share, "B": data.B}
    found = pairs.evaluate(_FORMULAS, k=choice.k, M=choice.M, bits=BITS, **box)
    with ctx.workprec(BITS):
        return {name: upper(found[name]) for name in _FORMULAS}


def evaluated(
    formulas: tuple[tuple[str, Term], ...], known: Mapping[str, Value]
) -> dict[str, fmpq]:
    """Upper ends of formulas in what is known and in the formulas before them."""
    values = dict(known)
    for name, formula in formulas:
        values[name] = at_point(formula, values, BITS)
    with ctx.workprec(BITS):
        return {name: upper(values[name]) for name, _ in formulas}


def upper(value: Value) -> fmpq:
    """The upper end of a value, exactly."""
    return value if isinstance(value, fmpq) else value.upper().fmpq()
