"""The calls of boundcheck, in one place. Statements, boxes and networks are built
before the clock starts."""

from __future__ import annotations

import re
from typing import Any

import boundcheck
from benchmarks import networks
from benchmarks.outcome import Outcome, bound
from benchmarks.tasks import Difference, Error, Gate, Maximum, Task
from benchmarks.timing import Solver

NAME = "boundcheck"
RTOL = "9/100"
"""sup_norm to 9 % gives an upper end below 1.1 times the supremum."""


def solver(task: Task, limit: float) -> Solver:
    """boundcheck on this task, with a budget of `limit` seconds where there is one."""
    subject = task.subject
    if isinstance(subject, str):
        return _proving(boundcheck.inequality(subject, on=task.on), limit)
    if isinstance(subject, Gate):
        return _proving(_gate(subject), limit)
    if isinstance(subject, Error):
        return _error(subject, limit)
    needed = "sup_norm" if isinstance(subject, Difference) else "maximum"
    if needed not in boundcheck.__all__:
        return _missing(needed)
    box = boundcheck.Box.parse(task.on)
    if isinstance(subject, Difference):
        return _distance(subject, box)
    assert isinstance(task.goal, Maximum)
    return _maximum(_network(subject), box, task.goal.atol)


def _proving(statement: Any, limit: float) -> Solver:
    def solve() -> Outcome:
        verdict = boundcheck.prove(statement, budget=limit)
        method = re.sub(r", [\d,]+ box(es)?", "", verdict.method)
        return Outcome(f"{verdict.name}, {method}", verdict.name == "proved", _boxes(verdict))

    return solve


def _maximum(net: Any, box: Any, atol: float) -> Solver:
    def solve() -> Outcome:
        found = boundcheck.maximum(net, on=box, atol=atol)
        return bound(_float(found.lower), _float(found.upper), _boxes(found), atol * (1 + 1e-9))

    return solve


def _distance(subject: Difference, box: Any) -> Solver:
    gap = subject.formula - _network(subject.layers)

    def solve() -> Outcome:
        found = boundcheck.sup_norm(gap, on=box, rtol=RTOL)
        proved = found.upper is not None and found.upper <= subject.upper
        text = (
            f"{'proved' if proved else 'undecided'}, [{_float(found.lower):.6g}, "
            f"{_float(found.upper):.6g}]"
        )
        return Outcome(text, proved, _boxes(found))

    return solve


def _error(subject: Error, limit: float) -> Solver:
    from boundcheck.constructions.stratified import stratified

    f = networks.marginal(subject.d)
    built = stratified(f, 1, subject.k)
    gap, box = f - built.network, f.box(1)

    def solve() -> Outcome:
        if subject.p is None:
            found = boundcheck.sup_norm(gap, on=box, rtol=subject.rtol, budget=limit)
        else:
            found = boundcheck.lp_norm(gap, subject.p, box, subject.rtol, budget=limit)
        return Outcome(f"{found}, n = {built.neurons}", True, _boxes(found))

    return solve


def _gate(gate: Gate) -> Any:
    from boundcheck import Box, gates, identity, symbols

    x, y = symbols("x y")
    if gate.parameters is not None:
        c, C, B, s = gate.parameters
        return identity(gates.division(c, C, B, s)(x, y), y / x, on=Box(x=(c, C), y=(f"-{B}", B)))
    c, C, B, s = symbols("c C B s")
    given = [c > 0, c <= C, B >= 0, s > B + C]
    return identity(
        gates.division(c, C, B, s)(x, y), y / x, on=Box(x=(c, C), y=(-B, B)), given=given
    )


def _network(layers: Any) -> Any:
    return boundcheck.Network.from_layers(layers, activation=boundcheck.SignReLU())


def _missing(name: str) -> Solver:
    def solve() -> Outcome:
        raise NotImplementedError(f"boundcheck has no {name} yet")

    return solve


def _float(end: Any) -> float:
    return float("nan") if end is None else float(end.p) / float(end.q)


def _boxes(found: Any) -> int | None:
    """The number of boxes: an attribute, or a part of the method such as
    'branch and bound, 37 boxes'."""
    if getattr(found, "boxes", None) is not None:
        return int(found.boxes)
    match = re.search(r"([\d,]+) box", getattr(found, "method", ""))
    return int(match[1].replace(",", "")) if match else None
