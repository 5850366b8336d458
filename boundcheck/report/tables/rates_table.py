"""The table `rates`: exponents in n and in m for several dimensions, and where one
version overtakes another."""

from __future__ import annotations

from flint import fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term
from boundcheck.report.tables.lists import Watch, integers
from boundcheck.report.typeset.table import Cell, Table
from boundcheck.settings import Settings, exact
from boundcheck.theory.formulas import rates as theory
from boundcheck.theory.kernels.ratio_pairs import RatioClass
from boundcheck.theory.ridge.kappa import LARGEST_DIMENSION

PARAMETERS = ("d", "p", "R", "sigma", "b", "c", "M")
"""What it takes: lists d and p; for the crossing the box, the kernel, the bound of the
ratio, the clip, the scale."""
_RISK = ("risk in n", "n in m", "risk in m")
_BITS = 128
_MOST = 10**100  # cells along an edge


def rates(given: Settings, watch: Watch) -> Table:
    """Exponents from the formulas of the constants, by balancing; the crossing from
    its constant."""
    ds = integers(given, "d", "1;2;3;4;8;16;64", 1, LARGEST_DIMENSION)
    ps = [exact(v, "p") for v in given.row("p", "2;4")]
    if any(v < 1 for v in ps):
        raise BoundcheckError(
            f"p = {given.text('p', '2;4')}; the list p has numbers >= 1, such as p=2;4"
        )
    defaults = {"R": "1", "sigma": "1/2", "b": "1", "c": "1/10", "M": "2**40"}
    numbers = {name: given.rational(name, text, above=0) for name, text in defaults.items()}
    if numbers["c"] >= 1:
        raise BoundcheckError(
            f"c = {numbers['c']}; the admissible range is 0 < c < 1, since f2 <= 1"
        )
    watch("exponents")
    positive, free = theory.rate("weighted"), theory.rate("positivity_free")
    rows: list[tuple[Cell, ...]] = []
    for d in ds:
        watch(f"d = {d}")
        norms = [
            _exponent(theory.LP, d),
            *(_exponent(theory.LP_KHINTCHINE, d, v) for v in ps if v > 2),
        ]
        risks = (positive.approximation, positive.neurons, positive.excess, positive.whole)
        exponents = [
            _exponent(e, d) for e in (*risks, free.approximation, free.neurons, free.excess)
        ]
        rows.append((d, *norms, *exponents, _crossing(d, numbers)))
    khintchine = [f"Lp, n, p = {v}, Khintchine" for v in ps if v > 2]
    columns = (
        "d",
        "Lp, n",
        *khintchine,
        *(f"f2 >= c, {of}" for of in (*_RISK, "risk in m, whole space")),
        *(f"every f2, {of}" for of in _RISK),
        "crossing n",
    )
    notes = (
        (
            "A cell e stands for n^-e or m^-e, and for n = m^e under n in m; up to logarithms. "
            "That approximation and estimation balance with these exponents, for every d, are "
            "theorems of rates.py, ratio_rates.py and neuron_counts.py in proofs/ [D]; the paper "
            "claims "
            "n^(-1/2-3/(2d)) [P]."
        ),
        (
            "Conditional densities p(y|x) have the rates of d = d_x + d_y, in the neurons of f1; "
            "f2 has d_x variables, and n^((1 + 3/d)/(1 + 3/d_x)) neurons are enough for it [D]."
        ),
        (
            "Lp: the error of marginals and ratios for every p < oo, for p > 2 by Hoeffding's "
            "inequality [C]."
        ),
        (
            "risk: the squared error against the law of x_t, on a fixed box. f2 >= c: the "
            "versions uniform and weighted; every f2: the one that is free of positivity, with "
            "the same exponents on the whole space. There the box grows with m and c shrinks: "
            "the exponent shown is that of the version weighted; uniform has a smaller one."
        ),
        (
            "crossing n: from so many neurons on, the bound with f2 >= c is below the one for "
            "every f2; rounded outward. A dash where the clips, at this scale M, keep it above "
            "for every n."
        ),
    )
    lists = {"d": ";".join(map(str, ds)), "p": ";".join(map(str, ps))}
    parameters = lists | {name: str(numbers[name]) for name in defaults}
    title = "Rates of the ratio theorem and of the end-to-end theorem"
    return Table("rates", title, columns, tuple(rows), notes, parameters)


def _exponent(expression: Term, d: int, p: fmpq | None = None) -> str:
    found = at_point(expression, {"d": fmpq(d), **({} if p is None else {"p": p})})
    return str(found)


def _crossing(d: int, numbers: dict[str, fmpq]) -> Cell:
    """N_2(k) for the least k with error_l2 < crossing, where weighted < positivity_free; a dash
    without one."""
    low, high = 0, 1
    while not _below(d, high, numbers):
        low, high = high, 2 * high
        if high > _MOST:
            return "-"
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _below(d, middle, numbers) else (middle, high)
    n = 2 * d * (high + 1) ** d + 8 * d * high**d + 2
    return n if n < 10**9 else Enclosure(fmpq(n), fmpq(n))


def _below(d: int, k: int, numbers: dict[str, fmpq]) -> bool:
    """error_l2 < crossing, for certain."""
    known = {name: value for name, value in numbers.items() if name != "M"}
    found = RatioClass(d=d, **known).bounds(k=k, M=numbers["M"], bits=_BITS)
    return bool(found["error_l2"].value < found["crossing"].value)
