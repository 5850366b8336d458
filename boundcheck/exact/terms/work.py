"""Work: what budgets count, the same on every machine and under every load.

A budget in seconds would make a verdict depend on what else the machine does. So every operation
that may take long says beforehand what it costs, by the sizes of what it is given, in *steps*:
a step is about a microsecond of one core, and a *unit*, in which budgets are given, about a second.
Costs are measured (`benchmarks/work.py`) and never decide anything but when a search ends.

A budget is a scope: `with at_most(2): ...` ends with OutOfBudget where two units are spent in it,
or where a scope around it is exhausted. Counters belong to a thread. A generator must not yield
inside a scope: it would be that of whoever asks for the next item.
"""

from __future__ import annotations

import math
from threading import local
from types import TracebackType
from typing import Any

from boundcheck.errors import BoundcheckError

UNIT = 850_000
"""Steps in a unit: a second has a million, but for what is too small or too
short to be accounted for."""


class OutOfBudget(Exception):
    """The search was told to stop; nothing was decided."""


def checked(budget: Any) -> float:
    """A budget that a user gives. Raises BoundcheckError where it is no positive number."""
    if isinstance(budget, bool) or not isinstance(budget, (int, float)):
        raise BoundcheckError(f"the budget is {budget!r}; give a number of units of work")
    if not budget > 0:
        raise BoundcheckError(f"the budget is {budget} units of work; it must be positive")
    return budget


class _Meter(local):
    """The steps of a thread so far, where the innermost scope ends, and what did not fit
    into scopes."""

    done: float = 0.0
    refused: int = 0
    limit: float = math.inf


_meter = _Meter()


def spend(steps: float) -> None:
    """Account for so many steps, before they are done.

    Raises:
        OutOfBudget: they do not fit into the scope. They do not count, as they are not
            done, but nothing else fits.
    """
    done = _meter.done + steps
    if done > _meter.limit:
        _meter.limit = _meter.done
        _meter.refused += 1
        raise OutOfBudget
    _meter.done = done


def refused() -> int:
    """How often something did not fit, in this thread."""
    return _meter.refused


def left() -> float:
    """The units that are left in the scope; infinite outside of all scopes."""
    return max(0.0, (_meter.limit - _meter.done) / UNIT)


class at_most:
    """The scope of a budget of so many units, and of what is left of the scope around it.

    >>> with at_most(0.001) as budget:
    ...     spend(300)
    >>> round(budget.spent, 6)
    0.000353
    """

    def __init__(self, units: float) -> None:
        self.units = units

    def _end(self, outer: float) -> float:
        return min(outer, _meter.done + self.units * UNIT)

    def __enter__(self) -> at_most:
        self._outer, self._start = _meter.limit, _meter.done
        _meter.limit = self._end(self._outer)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop = _meter.done
        _meter.limit = self._outer

    @property
    def spent(self) -> float:
        """The units spent in this scope."""
        return (getattr(self, "_stop", _meter.done) - self._start) / UNIT


class share(at_most):
    """The scope of a fraction of what is left."""

    def __init__(self, fraction: float) -> None:
        super().__init__(left() * fraction)


class grace(at_most):
    """Some more units even where the scope around it is exhausted: to say what is known."""

    def _end(self, outer: float) -> float:
        return max(outer, _meter.done + self.units * UNIT)
