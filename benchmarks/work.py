"""`python -m benchmarks.work [--random N] [--budget UNITS]`: seconds of this
machine for a unit of work.

Budgets count work, whose costs are estimates (`boundcheck.exact.terms.work`): here they are
compared with the processor time that statements take, those of `tests/suite.toml` and random
ones in up to twelve variables. A ratio far above the median is a cost that is estimated too low;
an overrun is more than 1.2 times the budget in units of the median.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from boundcheck import BoundcheckError, prove

SUITE = Path(__file__).parent.parent / "tests" / "suite.toml"
_SMALL = 0.02  # units: below that, what is not accounted for counts


class Case(NamedTuple):
    """A statement as texts."""

    states: str
    on: str
    given: str = ""


class Row(NamedTuple):
    """What a statement cost."""

    case: Case
    verdict: str
    seconds: float
    work: float


def suite() -> Iterator[Case]:
    """The statements of the test suite."""
    for case in tomllib.loads(SUITE.read_text(encoding="utf-8"))["case"]:
        yield Case(case["states"], case.get("on", ""), case.get("given", ""))


def random_cases(count: int, seed: int = 0) -> Iterator[Case]:
    """Polynomials, smooth functions, kinks and jumps, minima under constraints: some true,
    some false, some nearly."""
    rng = random.Random(seed)
    for k in range(count):
        names = [f"x{i}" for i in range(rng.randint(1, 12))]
        f = " + ".join(_part(rng, names, k % 4) for _ in range(rng.randint(1, 2 + len(names))))
        bound = rng.choice(["0", "1/3", "-2", "50", "-1000", "10**4"])
        ends = [
            (rng.choice(["-2", "0", "-1/3", "1/9"]), rng.choice(["1]", "5/2]", "7]", "oo)"]))
            for _ in names
        ]
        on = ", ".join(f"{n} in [{low}, {high}" for n, (low, high) in zip(names, ends, strict=True))
        given = ""
        if k % 3 == 2 and len(names) > 1:
            given = ", ".join(f"{a} <= {rng.randint(1, 5)}*{b}" for a, b in pairwise(names))
        yield Case(f"{f} {rng.choice(['<=', '>=', '<', '>'])} {bound}", on, given)


def _part(rng: random.Random, names: list[str], kind: int) -> str:
    x, y = rng.choice(names), rng.choice(names)
    c = f"{rng.randint(-9, 9)}/{rng.randint(1, 9)}"
    plain = [f"{c}*{x}**{rng.randint(1, 4)}*{y}", f"({x} - {c}*{y})**2", f"{c}*{x}"]
    smooth = [f"exp(-{x}**2)*{y}", f"sin({c}*{x} + {y})", f"log(1 + {x}**2)", f"{x}/(2 + {y}**2)"]
    bent = [
        f"Abs({x} - {y})",
        f"Max({x}, {c}*{y})",
        f"floor({c}*{x})",
        f"relu({x} - {c})",
        f"signrelu({x})*{y}",
    ]
    return rng.choice((plain, plain + smooth, smooth + bent, plain + bent)[kind])


def measured(case: Case, budget: float) -> Row | None:
    """None for a statement that is bad input."""
    start = time.process_time()
    try:
        verdict = prove(case.states, case.on or None, given=case.given, budget=budget)
    except BoundcheckError:
        return None
    return Row(case, verdict.name, time.process_time() - start, verdict.work)


def main() -> None:
    """Measures, and prints the ratios and what is far from them."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.work", description="processor time for a unit of work"
    )
    parser.add_argument("--random", type=int, default=500, help="so many random statements")
    parser.add_argument(
        "--budget", type=float, default=2.0, help="units of work for each statement"
    )
    options = parser.parse_args()
    console = Console()
    prove("x <= exp(x)", "x in [0, 1]")  # what is imported late
    cases, rows = [*suite(), *random_cases(options.random)], []
    with console.status("") as status:
        for k, case in enumerate(cases):
            status.update(f"{k + 1} of {len(cases)}: {case.states[:60]}")
            row = measured(case, options.budget)
            if row is not None:
                rows.append(row)
    _print(console, rows, options.budget)


def _print(console: Console, rows: list[Row], budget: float) -> None:
    ratios = sorted(r.seconds / r.work for r in rows if r.work > _SMALL)
    unit = statistics.median(ratios)
    console.print(
        f"{len(rows)} statements, {len(ratios)} of more than {_SMALL} units; a unit is "
        f"{unit:.2f} s here"
    )
    most = ratios[9 * len(ratios) // 10]
    console.print(
        f"seconds for a unit from {ratios[0]:.2f} to {ratios[-1]:.2f}, nine of ten below {most:.2f}"
    )
    over = [r for r in rows if r.seconds > 1.2 * budget * max(1.0, unit)]
    console.print(f"{len(over)} overruns of a budget of {budget:g} units by more than a fifth")
    table = Table("s/unit", "seconds", "units", "verdict", "statement", title="the dearest units")
    for r in sorted((r for r in rows if r.work > _SMALL), key=lambda r: -r.seconds / r.work)[:12]:
        table.add_row(
            f"{r.seconds / r.work:.2f}",
            f"{r.seconds:.2f}",
            f"{r.work:.2f}",
            r.verdict,
            r.case.states[:70],
        )
    console.print(table)


if __name__ == "__main__":
    main()
