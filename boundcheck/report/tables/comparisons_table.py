"""The tables `shallow` and `better`: what the shallow theorem promises beside what
networks certifiably achieve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import arb, ctx, fmpq

from boundcheck.constructions.builders import SCALE, measure
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.pole_networks import (
    certified,
    float64_floor,
    rational_approximation,
)
from boundcheck.constructions.stratified import (
    Approximation,
    a_posteriori,
    neuron_limit,
    stratified,
)
from boundcheck.constructions.variation import total_variation
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import number, substitute, term
from boundcheck.norms.lebesgue import lp_norm
from boundcheck.norms.supremum import NotReached
from boundcheck.report.tables.lists import Watch, integers, ratio_of
from boundcheck.report.typeset.table import Cell, Table, at_most
from boundcheck.settings import Settings
from boundcheck.theory.formulas import shallow as theory
from boundcheck.theory.theorems.constants import evaluate

MOST_VARIABLES = 3
_BITS = 96
_SECONDS = 300.0  # for one norm; a wider enclosure is shown where they do not suffice
_RTOL = {1: "1/100", 2: "1/40", 3: "1/20"}
_LEAST, _MOST = neuron_limit(1, 1), 128

PARAMETERS = ("atoms", "masses", "sigma", "d", "R")
"""What both tables take, besides `k` or `n`, the `seed` and the scale `M`."""


@dataclass(frozen=True)
class _Case:
    """A marginal on [-R, R]^d, the seed and scale of its networks, and all parameters as texts."""

    marginal: Marginal
    R: fmpq
    seed: int
    M: fmpq
    settings: dict[str, str]

    @classmethod
    def of(cls, given: Settings, **lists: str) -> _Case:
        """From `atoms`, `masses`, `sigma`, `d`, `R`, `seed` and `M`."""
        marginal, used = measure(given)
        R, M = given.rational("R", 1, above=0), given.rational("M", SCALE, above=0)
        seed = given.integer("seed", 0, least=0)
        return cls(
            marginal, R, seed, M, {**used, "R": str(R), **lists, "seed": str(seed), "M": str(M)}
        )

    def built(self, k: int) -> Approximation:
        return stratified(self.marginal, self.R, k, seed=self.seed, M=self.M)

    def last_within(self, n: int, k: int) -> Approximation:
        """From k on, the last network before one with more than n neurons."""
        found = self.built(k)
        while (following := self.built(found.k + 1)).neurons <= n:
            found = following
        return found

    def closed_form(self) -> fmpq:
        """The bound of V in closed form, rounded up."""
        numbers = {"d": self.marginal.dimension, "R": self.R, "sigma": self.settings["sigma"]}
        return _upper(
            evaluate("shallow", {**numbers, "mass": _upper(self.marginal.total_mass)})["V"][1]
        )

    def variation(self) -> Enclosure:
        """V, which is never above its closed form."""
        try:
            found = total_variation(self.marginal, self.R, budget=_SECONDS)
        except NotReached as stop:
            found = stop.enclosure
        closed = self.closed_form()
        return Enclosure(found.lower, closed if found.upper is None else min(found.upper, closed))

    def error(self, approximation: Approximation) -> Enclosure:
        """The L² error of the SignReLU network, as narrow as the time allows."""
        gap = approximation.network - self.marginal
        try:
            return lp_norm(
                gap, 2, self.marginal.box(self.R), _RTOL[self.marginal.dimension], budget=_SECONDS
            )
        except NotReached as stop:
            return stop.enclosure

    def bound(self, k: int, V: Enclosure) -> fmpq:
        """c_sharp V R k^(-(d+3)/2) + 3V/M with the upper end of V, rounded up: the promise
        for the SignReLU network."""
        numbers = {"d": self.marginal.dimension, "k": k, "R": self.R, "M": self.M}
        formulas = (theory.C_SHARP, theory.L2_SHARP, theory.LAMBDA / theory.M)
        terms = substitute(
            tuple(map(term, formulas)), {n: number(rational(v)) for n, v in numbers.items()}
        )
        c_sharp = at_point(terms[0], {}, _BITS)
        with ctx.workprec(_BITS):
            total = sum(
                (arb(at_point(t, {"c_sharp": c_sharp, "V": _upper(V)}, _BITS)) for t in terms[1:]),
                arb(0),
            )
            return _upper(enclosure(total))

    def notes(self, V: Enclosure) -> tuple[str, ...]:
        return (
            f"V, the total variation of the ridge measure, lies in {V}; "
            f"the closed form bounds it by {at_most(self.closed_form())}.",
            (
                "The bound is that of the ideal construction: c_sharp V R k^(-(d+3)/2), for the "
                "root of the mean square over draws (marginals.sharp_bound), plus 3V/M for "
                "SignReLU (strata_networks.cost_of_neurons). One draw is shown; nothing was "
                "redrawn."
            ),
            (
                "L2 norms are those of the uniform probability on the box. Enclosures are "
                "certified and rounded outward; bounds are rounded up."
            ),
        )


def shallow(given: Settings, watch: Watch) -> Table:
    """For each k the theorem's bound, the a-posteriori bound and the certified L²
    error of its construction."""
    chosen = integers(given, "k", "2;4;8", 1)
    case = _Case.of(given, k=";".join(map(str, chosen)))
    d = case.marginal.dimension
    if d > MOST_VARIABLES:
        raise BoundcheckError(f"d = {d}; errors are certified for d from 1 to {MOST_VARIABLES}")
    watch("networks")
    networks = {
        k: case.built(k) for k in reversed(chosen)
    }  # the largest is the first to be refused
    watch("total variation")
    V = case.variation()
    errors = {}
    for k in chosen:
        watch(f"k = {k}")
        errors[k] = case.error(networks[k])
    steps = [None, *pairwise(chosen)]
    rows = []
    for k, step in zip(chosen, steps, strict=True):
        a, bound = networks[k], case.bound(k, V)
        slope = "" if step is None else _slope([(networks[j].neurons, errors[j]) for j in step])
        posterior = f"{a_posteriori(a)[0]:.4g}"
        rows.append(
            (
                k,
                a.neurons,
                a.limit,
                at_most(bound),
                posterior,
                errors[k],
                ratio_of(bound, errors[k]),
                slope,
            )
        )
    columns = (
        "k",
        "neurons",
        "N(k)",
        "bound",
        "a posteriori, observed",
        "L2 error",
        "bound / error",
        f"exponent (theorem: {fmpq(-1, 2) - fmpq(3, 2 * d)})",
    )
    exponent = (
        "The exponent is log(error ratio)/log(neuron ratio) of a row and the one before "
        "it, enclosed."
    )
    posterior_note = "The a-posteriori bound is a quadrature in float64: observed, not certified."
    notes = (*case.notes(V), exponent, posterior_note)
    title = "The shallow theorem: bounds and certified errors"
    return Table("shallow", title, columns, tuple(rows), notes, case.settings)


def better(given: Settings, watch: Watch) -> Table:
    """For each number n of neurons, where d = 1: the theorem, its construction,
    and the network with poles."""
    chosen = integers(given, "n", "9;15;33;63", _LEAST, _MOST)
    case = _Case.of(given, n=";".join(map(str, chosen)))
    if case.marginal.dimension != 1:
        raise BoundcheckError(f"d = {case.marginal.dimension}; networks with poles need d = 1")
    watch("networks")
    promises = {n: max(k for k in range(1, n) if neuron_limit(1, k) <= n) for n in chosen}
    networks = {n: case.last_within(n, promises[n]) for n in chosen}
    watch("total variation")
    V = case.variation()
    rows: list[tuple[Cell, ...]] = []
    for n in chosen:
        promised, best = promises[n], networks[n]
        watch(f"n = {n}: the theorem's construction")
        error = case.error(best)
        watch(f"n = {n}: poles")
        poles = rational_approximation(case.marginal, case.R, n)
        rows.append(
            (
                n,
                promised,
                at_most(case.bound(promised, V)),
                best.k,
                error,
                lp_norm(case.marginal - poles.network, 2, case.marginal.box(case.R), _RTOL[1]),
                certified(poles),
                f"{float64_floor(poles):.3g}",
                at_most(poles.largest),
            )
        )
    columns = (
        "n",
        "theorem, k",
        "theorem, L2",
        "construction, k",
        "construction, L2",
        "poles, L2",
        "poles, sup",
        "poles in float64, sup, observed",
        "largest coefficient",
    )
    notes = (
        (
            "The theorem is used with the largest k for which it promises at most n neurons; "
            "its construction with the k after which the next network has more than n. "
            "The network with poles has n."
        ),
        (
            "float64: the same network with weights rounded to doubles, evaluated in doubles at "
            "2001 points."
        ),
    )
    title = "Equal numbers of neurons: the theorem, its construction, and networks with poles"
    return Table("better", title, columns, tuple(rows), (*notes, *case.notes(V)), case.settings)


def _slope(points: Sequence[tuple[int, Enclosure]]) -> Cell:
    """log(e_2/e_1)/log(n_2/n_1), enclosed; nothing where n_2 <= n_1 or an error
    is not known well enough."""
    (n, one), (m, two) = points
    if m <= n or not (one.lower and two.lower and one.upper and two.upper):
        return ""
    with ctx.workprec(_BITS):
        ends = [
            arb(a / b).log() / arb(fmpq(m, n)).log()
            for a, b in ((two.lower, one.upper), (two.upper, one.lower))
        ]
    return Enclosure(enclosure(ends[0]).lower, enclosure(ends[1]).upper)


def _upper(value: Enclosure) -> fmpq:
    assert value.upper is not None
    return value.upper
