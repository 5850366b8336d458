"""Other tools, where they are installed. Only z3's Python module has an adapter, for the
division gate."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.outcome import Outcome
from benchmarks.tasks import Gate, Task
from benchmarks.timing import Solver


def _coq_interval() -> bool:
    folders = ("lib/coq/user-contrib/Interval", "lib/rocq/user-contrib/Interval")
    roots = [
        Path(found).resolve().parent.parent
        for name in ("coqtop", "rocq")
        if (found := shutil.which(name))
    ]
    return any((root / folder).exists() for root in roots for folder in folders)


def status() -> dict[str, str]:
    """Each tool and whether it takes part."""
    missing, unused = "not installed", "installed, but there is no adapter"
    return {
        "Sollya": unused if shutil.which("sollya") else missing,
        "coq-interval": unused if _coq_interval() else missing,
        "z3": "takes part in W4" if find_spec("z3") else missing,
        "codac": unused if find_spec("codac") else missing,
        "dReal": unused if shutil.which("dreal") else missing,
    }


def solvers(task: Task, limit: float) -> dict[str, Solver]:
    """The tools that are installed and can state this task."""
    return (
        {"z3": _z3(task.subject, limit)}
        if isinstance(task.subject, Gate) and find_spec("z3")
        else {}
    )


def _z3(gate: Gate, limit: float) -> Solver:
    import z3

    x, y, *symbols = z3.Reals("x y c C B s")
    c, C, B, s = map(z3.RealVal, gate.parameters) if gate.parameters else symbols

    def reciprocal(t: Any, constant: Any) -> Any:
        u = 1 - t / constant
        return (1 + z3.If(u >= 0, u, u / (1 - u))) / constant

    a, b = reciprocal(s + y, s - B), reciprocal(s + y + x, s - B + c)
    d, e = reciprocal(s - y - x, s - B - C), reciprocal(s - y, s - B)
    one = reciprocal(a - b, c / ((s + B) * (s + B + c)))
    two = reciprocal(d - e, c / ((s + B) * (s + B - c)))
    wrong = (one - two) / (4 * s) - z3.Q(1, 2) != y / x
    given = z3.And(c > 0, c <= C, B >= 0, s > B + C, c <= x, x <= C, y >= -B, y <= B)

    def solve() -> Outcome:
        solver = z3.Solver()
        solver.set("timeout", int(1000 * limit))
        solver.add(given, wrong)
        answer = solver.check()
        return Outcome("proved" if answer == z3.unsat else f"{answer}", answer == z3.unsat)

    return solve
