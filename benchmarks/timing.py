"""Times: solvers take turns, each under a time limit."""

from __future__ import annotations

import gc
import signal
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.outcome import Outcome

Solver = Callable[[], Outcome]
ENOUGH = 10.0
"""Seconds after which a solver is not repeated."""


class OutOfTime(BaseException):
    """The time limit is over. No `Exception`, so that no solver swallows it."""


@dataclass
class Measured:
    """The answer and the times of one solver on one task."""

    outcome: Outcome
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float | None:
        """The median time of a solver that solved its task."""
        return statistics.median(self.seconds) if self.seconds and self.outcome.solved else None


def measure(
    solvers: Mapping[str, Solver], repetitions: int, limit: float, only_if: Mapping[str, str]
) -> dict[str, Measured]:
    """Run each solver in turn, `repetitions` times.

    A solver runs once only where it does not solve the task, and no more once it
    has taken `ENOUGH`. `only_if[a] = b` says that `a`, which is much slower, runs
    only if `b` solves the task.
    """
    found: dict[str, Measured] = {}
    for k in range(repetitions):
        for name, solver in solvers.items():
            if k == 0:
                other = only_if.get(name)
                if other in found and not found[other].outcome.solved:
                    found[name] = Measured(Outcome(f"not run, see {other}", False))
                    continue
                found[name] = Measured(Outcome("", True))
            mine = found[name]
            if mine.outcome.solved and sum(mine.seconds) < ENOUGH:
                mine.outcome, seconds = once(solver, limit)
                mine.seconds.append(seconds)
    return found


def once(solver: Solver, limit: float) -> tuple[Outcome, float]:
    """One run: the answer and its time. An error of a solver is an answer too."""
    gc.collect()
    start = time.perf_counter()
    try:
        with time_limit(limit):
            outcome = solver()
    except OutOfTime:
        outcome = Outcome(f"> {limit:g} s", False)
    except (NotImplementedError, ImportError) as error:
        outcome = Outcome(str(error), False)
    except Exception as error:
        outcome = Outcome(f"{type(error).__name__}: {error}"[:90], False)
    return outcome, time.perf_counter() - start


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises OutOfTime inside the block when the time is over (between two Python instructions)."""

    def ring(*_: Any) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
