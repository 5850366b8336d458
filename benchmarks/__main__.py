"""`python -m benchmarks [W1 W3 ...] [--quick] [--limit SECONDS]`: each task, side
by side, in one process."""

from __future__ import annotations

import argparse
import time

from rich.console import Console

from benchmarks import baselines, others, ours, report
from benchmarks.tasks import FAMILIES, Task
from benchmarks.timing import Measured, measure


def main() -> None:
    """Measures the families that were asked for, and prints their tables."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="boundcheck beside other tools")
    parser.add_argument(
        "families", nargs="*", metavar="FAMILY", help=f"of {', '.join(FAMILIES)}; all by default"
    )
    parser.add_argument("--quick", action="store_true", help="small networks, few repetitions")
    parser.add_argument(
        "--limit", type=float, default=20.0, help="seconds for one run of one solver (W6: 90)"
    )
    options = parser.parse_args()
    if unknown := set(options.families) - FAMILIES.keys():
        parser.error(f"no family {', '.join(sorted(unknown))}; there are {', '.join(FAMILIES)}")
    console, results = Console(), {}
    console.width = max(console.width, 130)  # also where the output is a file
    report.tools(console)
    console.print(
        "ratio: time divided by boundcheck's; above 1 boundcheck is faster. first: the first run, "
        "with cold caches.\n"
    )
    start = time.perf_counter()
    for name in options.families or FAMILIES:
        rows: report.Results = []
        for task in FAMILIES[name](options.quick):
            with console.status(f"{name} {task.name}"):
                rows.append(
                    (task, run(task, 3 if options.quick else 7, max(options.limit, task.limit)))
                )
        report.family(console, name, (FAMILIES[name].__doc__ or "").strip(), rows)
        if name == "W3":
            for solver in (ours.NAME, baselines.ARB):
                report.growth(console, rows, solver)
            report.overhead(console, rows)
        results[name] = rows
    report.aims(console, results)
    console.print(f"{time.perf_counter() - start:.0f} s in all")


def run(task: Task, repetitions: int, limit: float) -> dict[str, Measured]:
    """Every solver on one task; whatever can be built beforehand is."""
    solvers = {
        ours.NAME: ours.solver(task, limit),
        **baselines.solvers(task),
        **others.solvers(task, limit),
    }
    return measure(solvers, repetitions, limit, only_if={baselines.MPMATH: baselines.ARB})


if __name__ == "__main__":
    main()
