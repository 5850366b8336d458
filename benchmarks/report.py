"""Tables."""

from __future__ import annotations

import math
import time

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import networks, others
from benchmarks.baselines import ARB
from benchmarks.ours import NAME
from benchmarks.tasks import Task
from benchmarks.timing import Measured

Results = list[tuple[Task, dict[str, Measured]]]


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for size, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def family(console: Console, name: str, title: str, results: Results) -> None:
    """One table: every solver on every task of a family."""
    table = Table(title=f"{name}: {title}", title_justify="left", title_style="bold")
    for heading in ("task", "solver", "verdict or bound"):
        table.add_column(heading)
    for heading in ("median", "first", "runs", "boxes", "ratio"):
        table.add_column(heading, justify="right", no_wrap=True)
    for task, found in results:
        ours = found[NAME].median
        for k, (solver, m) in enumerate(found.items()):
            ratio = "-" if ours is None or m.median is None else f"{m.median / ours:.3g}"
            first = m.seconds[0] if m.median is not None else None
            boxes = "-" if m.outcome.boxes is None else f"{m.outcome.boxes}"
            numbers = (duration(m.median), duration(first), f"{len(m.seconds)}", boxes, ratio)
            last = k == len(found) - 1
            table.add_row(
                "" if k else task.name, solver, m.outcome.text, *numbers, end_section=last
            )
    console.print(table)
    for task, found in results:
        ends = [m.outcome.ends for m in found.values() if m.outcome.ends and m.outcome.comparable]
        if ends and max(e[0] for e in ends) > min(e[1] for e in ends):
            console.print(
                f"[bold red]{task.name}: two enclosures are disjoint, so one of them is wrong"
            )


def growth(console: Console, results: Results, solver: str) -> None:
    """How the time of a solver grows with the number of neurons."""
    rows: dict[tuple[int, str], dict[int, float | None]] = {}
    for task, found in results:
        assert task.size is not None
        n, d, part = task.size
        rows.setdefault((d, part), {})[n] = found[solver].median
    sizes = sorted({n for row in rows.values() for n in row})
    table = Table(
        title=f"W3, {solver}: time, and its ratio per doubling of n", title_justify="left"
    )
    for heading in ("d", "to", *[f"n={n}" for n in sizes]):
        table.add_column(heading, justify="right")
    for (d, part), row in rows.items():
        cells = []
        for k, n in enumerate(sizes):
            now, before = row.get(n), row.get(sizes[k - 1]) if k else None
            rate = (
                ""
                if not now or not before
                else f" (x{(now / before) ** (1 / math.log2(n / sizes[k - 1])):.2f})"
            )
            cells.append(duration(now) + rate)
        table.add_row(f"{d}", part, *cells)
    console.print(table)


def overhead(console: Console, results: Results) -> None:
    """What the certified bound costs beside one plain evaluation at the centre of each
    of its boxes."""
    table = Table(
        title="W3: boundcheck beside numpy float64 at as many points as it has boxes",
        title_justify="left",
    )
    for heading in ("task", "boxes", "numpy", "boundcheck", "ratio"):
        table.add_column(heading, justify="right")
    for task, found in results:
        ours = found[NAME]
        if ours.median is None or not ours.outcome.boxes:
            continue
        points = np.random.default_rng(0).uniform(-1, 1, size=(ours.outcome.boxes, len(task.box)))
        plain = min(_evaluation(task.subject, points) for _ in range(5))
        cells = (duration(plain), duration(ours.median), f"{ours.median / plain:.3g}")
        table.add_row(task.name, f"{ours.outcome.boxes}", *cells)
    if table.row_count:
        console.print(table)
    else:
        console.print(
            "W3: the cost beside a plain evaluation is not shown, as boundcheck's boxes are "
            "not known.\n"
        )


def _evaluation(layers: networks.Layers, points: np.ndarray) -> float:
    start = time.perf_counter()
    networks.values(layers, points).max()
    return time.perf_counter() - start


def aims(console: Console, results: dict[str, Results]) -> None:
    """Whether boundcheck keeps up."""
    table = Table(title="Aims", title_justify="left", title_style="bold")
    for heading in (
        "",
        "task",
        "boundcheck",
        "best other",
        "within twice the best",
        "never slower than arb naive",
    ):
        table.add_column(heading)
    for name, rows in results.items():
        for task, found in rows:
            ours = found[NAME].median
            rivals = {
                s: m.median
                for s, m in found.items()
                if s != NAME and m.outcome.comparable and m.median
            }
            best = min(rivals, key=lambda s: rivals[s], default=None)
            other = "none" if best is None else f"{best}: {duration(rivals[best])}"
            twice = _yes(ours, None if best is None else 2 * rivals[best])
            table.add_row(
                name, task.name, duration(ours), other, twice, _yes(ours, rivals.get(ARB))
            )
    console.print(table)


def _yes(ours: float | None, at_most: float | None) -> str:
    if ours is None:
        return "no: not solved" if at_most is not None else "open: nobody finished"
    if at_most is None:
        return "yes: alone"
    return "yes" if ours <= at_most else "no"


def tools(console: Console) -> None:
    for tool, state in others.status().items():
        console.print(f"{tool}: {state}")
