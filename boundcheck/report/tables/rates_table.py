"""The table `rates`: exponents in n and in m for several dimensions, and where one version
overtakes another; and `class_rates`: those of every class of predictors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term
from boundcheck.report.tables.lists import Watch, integers
from boundcheck.report.typeset.table import Cell, Table
from boundcheck.settings import Settings, exact
from boundcheck.theory.formulas import rates as theory
from boundcheck.theory.formulas.approximation import class_rates as own
from boundcheck.theory.kernels.ratio_pairs import RatioClass
from boundcheck.theory.ridge.kappa import LARGEST_DIMENSION

PARAMETERS = ("d", "p", "R", "sigma", "b", "c", "M")
"""What it takes: lists d and p; for the crossing the box, the kernel, the bound of the
ratio, the clip, the scale."""
CLASS_PARAMETERS = ("d", "d_y")
"""What `class_rates` takes: a list d, and the number d_y of coordinates of what is known."""
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


# -- every class of predictors ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Row:
    """The exponents of a class, formulas in d; None where there is none.

    Attributes:
        error: of the error in n.
        risk, neurons, excess: the risk from the approximation in n, and n and the risk in m.
        dimension: of the data's d and d_y, what stands for d; 0 where there is no such class.
        claims: the claims of the proof files that show it.
    """

    name: str
    error: Term | None
    risk: Term | None = None
    neurons: Term | None = None
    excess: Term | None = None
    dimension: Callable[[int, int], int] = lambda d, _: d
    claims: tuple[str, ...]


_POSITIVE, _FREE = theory.rate("weighted"), theory.rate("positivity_free")
_RATIO = ("ratio_rates.rate_with_m_in_a_sum", "ratio_rates.risk_where_f2_is_positive")
_BALANCE = "rates.where_f2_is_positive"


def _same(d: int, _: int) -> int:
    return d


def _together(d: int, d_y: int) -> int:
    return d + d_y


def _positive(name: str, dimension: Callable[[int, int], int], *claims: str) -> Row:
    """Ratio networks on a fixed box, where f2 >= c."""
    return Row(
        name=f"{name}, f2 >= c",
        error=theory.LP,
        risk=_POSITIVE.approximation,
        neurons=_POSITIVE.neurons,
        excess=_POSITIVE.excess,
        dimension=dimension,
        claims=(*claims, *_RATIO, _BALANCE),
    )


ROWS = (
    _positive("ratio", _same),
    Row(
        name="ratio, every f2",
        error=theory.LP,
        risk=_FREE.approximation,
        neurons=_FREE.neurons,
        excess=_FREE.excess,
        claims=(_RATIO[0], "ratio_rates.risk_for_every_f2", "rates.for_every_f2"),
    ),
    Row(
        name="splines",
        error=own.SPLINE_RISK / 2,
        risk=own.SPLINE_RISK,
        neurons=own.SPLINE_NEURONS,
        excess=own.SPLINE_EXCESS,
        dimension=lambda d, _: int(d == 1),
        claims=(
            "spline_error.pointwise",
            "spline_error.relative",
            "class_rates.spline_error",
            "class_rates.splines_by_balancing",
        ),
    ),
    Row(
        name="softmax",
        error=1 / own.SOFTMAX_NEURONS,
        neurons=own.SOFTMAX_NEURONS,
        excess=own.SOFTMAX_EXCESS,
        claims=(
            "softmax_risk.excess_of_a_step",
            "class_rates.softmax_error",
            "class_rates.softmax_risk",
        ),
    ),
    Row(
        name="blocks",
        error=own.BLOCKS_ERROR,
        claims=("random_blocks.network", "class_rates.blocks_in_neurons"),
    ),
    _positive("class known", _same, "class_learning.learned_in_a_class"),
    _positive("value known", _together, "conditional_ddpm.predictor_of_a_class"),
    Row(
        name="conditional density",
        error=theory.LP,
        dimension=_together,
        claims=("conditional_errors.uniformly_positive", "conditional.total_variation", _RATIO[0]),
    ),
)
"""The classes, in the order in which they are shown."""
_OF_CLASSES = (
    (
        "A cell e stands for n^-e or m^-e, and for n = m^e under n in m; up to logarithms. error: "
        "of a marginal or a density in L2, of a predictor at every point for softmax. risk: the "
        "squared error against the law of x_t, on a fixed box. A dash where a class has no such "
        "exponent: the parameters of softmax networks do not grow with n, and blocks are a bound "
        "of marginals alone. All are derived here [D]."
    ),
    (
        "splines are for d = 1, for data of a fixed box, with a constant that has 1/f2 in it; "
        "softmax is for data that are one of K points, K fixed, in any dimension d. A known class "
        "changes no exponent: the log N of the classes are added. A known value, or the y of a "
        "density p(y|x), has d_y coordinates: the exponents are those of d + d_y, in the neurons "
        "of f1."
    ),
)


def class_rates(given: Settings, watch: Watch) -> Table:
    """A row for each class and each d that it is for."""
    ds = integers(given, "d", "1;2;3;8", 1, LARGEST_DIMENSION // 2)
    d_y = given.integer("d_y", 1, least=1, most=LARGEST_DIMENSION // 2)
    watch("exponents")
    rows: list[tuple[Cell, ...]] = []
    for row in ROWS:
        for d in ds:
            at = row.dimension(d, d_y)
            if at:
                exponents = (row.error, row.risk, row.neurons, row.excess)
                cells = ("-" if e is None else _exponent(e, at) for e in exponents)
                rows.append((row.name, d, *cells, ", ".join(row.claims)))
    return Table(
        "class_rates",
        "Rates of the classes of predictors",
        ("class", "d", "error in n", "risk in n", "n in m", "risk in m", "shown in"),
        tuple(rows),
        _OF_CLASSES,
        {"d": ";".join(map(str, ds)), "d_y": str(d_y)},
        "class-rates",
    )
