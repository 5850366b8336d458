"""The tasks: what is to be proved, and the function for solvers that take one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath
from flint import fmpq

from benchmarks import networks
from benchmarks.networks import Layers

Sides = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Inside:
    """lower <= f <= upper on the box, in floats that are rounded inward; `weaker`
    says what is proved instead."""

    lower: float = -math.inf
    upper: float = math.inf
    weaker: str = ""


@dataclass(frozen=True)
class Maximum:
    """The maximum of f on the box, to `atol`."""

    atol: float


@dataclass(frozen=True)
class Gate:
    """The division gate's identity: with these parameters (c, C, B, s), or for all."""

    parameters: tuple[str, ...] | None


@dataclass(frozen=True)
class Difference:
    """|formula - network| <= upper."""

    formula: str
    layers: Layers = field(repr=False)
    upper: fmpq


@dataclass(frozen=True)
class Error:
    """‖f - g‖_p on [-1,1]^d to `rtol`, g the stratified network for a Gaussian marginal
    f; p None is the supremum."""

    d: int
    k: int
    p: int | None
    rtol: str


@dataclass(frozen=True)
class Task:
    """One row of a table.

    Attributes:
        subject: for boundcheck: a text, a gate, the layers of a network, or a difference.
        function: for the baselines: arithmetic ↦ callable; None where they cannot state the task.
        size: (n, d, tolerance) of a task of W3.
        limit: a time limit that is longer than the usual one.
    """

    name: str
    box: Sides
    goal: Inside | Maximum | None
    subject: str | Gate | Layers | Difference | Error = field(repr=False)
    function: Callable[[Any], Callable[..., Any]] | None = field(repr=False)
    size: tuple[int, int, str] | None = None
    limit: float = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        return (
            tuple(f"x{k + 1}" for k in range(len(self.box)))
            if self.size
            else tuple("xyz"[: len(self.box)])
        )

    @property
    def on(self) -> str:
        return ", ".join(
            f"{n} in [{Fraction(a)}, {Fraction(b)}]" for n, (a, b) in zip(self.names, self.box)
        )


def above(value: Any, digits: int) -> fmpq:
    """The least number with so many decimals that is above a value of mpmath."""
    return fmpq(int(mpmath.ceil(value * 10**digits)), 10**digits)


def _inward(q: fmpq) -> float:
    """A float just nearer to 0 than q > 0."""
    return math.nextafter(float(q.p) / float(q.q), 0) * (1 - 2**-50)


def _gauss(numbers: Any, *inputs: Any) -> Any:
    squares = [numbers.square(t) for t in inputs]
    return numbers.exp(-sum(squares[1:], squares[0]))


def w1(quick: bool) -> Iterator[Task]:
    """|exp(-x²) - Taylor polynomial of degree 10| on [-1,1]; largest at the ends,
    where it is exp(-1) - 11/30."""
    coefficients = [fmpq((-1) ** k, math.factorial(k)) for k in range(6)]
    polynomial = " + ".join(
        f"({c})*x**{2 * k}" if k else f"{c}" for k, c in enumerate(coefficients)
    )

    def function(numbers: Any) -> Callable[[Any], Any]:
        constants = [numbers.constant(c) for c in coefficients]

        def f(x: Any) -> Any:
            t, total = numbers.square(x), constants[-1]
            for c in constants[-2::-1]:
                total = total * t + c
            return numbers.exp(-t) - total

        return f

    for factor, digits in (("1.5", 12), ("1.0001", 15)):
        with mpmath.workdps(50):
            r = above(mpmath.mpf(factor) * (mpmath.exp(-1) - mpmath.mpf(11) / 30), digits)
        text = f"Abs(exp(-x**2) - ({polynomial})) <= {r}"
        yield Task(
            f"to {factor} max", ((-1.0, 1.0),), Inside(-_inward(r), _inward(r)), text, function
        )


def w2(quick: bool) -> Iterator[Task]:
    """exp(-(x²+y²))(1 + xy) on [-2,2]²; the maximum is 1, at the origin."""

    def function(numbers: Any) -> Callable[[Any, Any], Any]:
        return lambda x, y: _gauss(numbers, x, y) * (1 + x * y)

    for factor, r in (("1.01", fmpq(101, 100)), ("1.0001", fmpq(10001, 10000))):
        text = f"exp(-(x**2 + y**2))*(1 + x*y) <= {r}"
        yield Task(f"<= {factor}", ((-2.0, 2.0),) * 2, Inside(upper=_inward(r)), text, function)


def w3(quick: bool) -> Iterator[Task]:
    """The maximum of a shallow network with n random neurons on [-1,1]^d, to a part
    of its range."""
    for d in (1, 2) if quick else (1, 2, 3, 4):
        for n in (64, 256) if quick else (64, 256, 1024, 4096):
            layers = networks.shallow(n, d)
            size = networks.spread(layers)
            for text, part in (("1 %", 0.01), ("0.1 %", 0.001)):
                goal, name = Maximum(part * size), f"d={d}, n={n}, to {text}"
                function = networks.enclosing(layers)
                yield Task(name, ((-1.0, 1.0),) * d, goal, layers, function, size=(n, d, text))


def w4(quick: bool) -> Iterator[Task]:
    """The division gate is y/x: for all parameters, and on [1/2,2] x [-1,1] with s = 6."""
    from boundcheck import gates

    numeric = ("1/2", "2", "1", "6")
    layers = [(a.weight, a.bias) for a in gates.division(*numeric).layers]
    gate = networks.enclosing(layers)

    def function(numbers: Any) -> Callable[[Any, Any], Any]:
        g = gate(numbers)
        return lambda x, y: g(x, y) - y / x

    box = ((0.5, 2.0), (-1.0, 1.0))
    goal = Inside(-_inward(fmpq(1, 10)), _inward(fmpq(1, 10)), weaker="only |gate - y/x| <= 1/10")
    yield Task("for all c, C, B, s", box, goal, Gate(None), None)
    yield Task("c=1/2, C=2, B=1, s=6", box, goal, Gate(numeric), function)


def w5(quick: bool) -> Iterator[Task]:
    """x²+y²+z² - xyz sin(x+y+z)/2 >= -1e-4 on [-1,1]³; the minimum is 0, at the origin."""

    def function(numbers: Any) -> Callable[..., Any]:
        def f(x: Any, y: Any, z: Any) -> Any:
            squares = numbers.square(x) + numbers.square(y) + numbers.square(z)
            return squares - x * y * z * numbers.sin(x + y + z) / 2

        return f

    text = "x**2 + y**2 + z**2 - x*y*z*sin(x + y + z)/2 >= -1/10000"
    yield Task(
        ">= -1e-4", ((-1.0, 1.0),) * 3, Inside(lower=-_inward(fmpq(1, 10000))), text, function
    )


def w6(quick: bool) -> Iterator[Task]:
    """|exp(-(x²+y²)) - G| on [-1,1]², G the least-squares fit with 64 random neurons
    and a constant."""
    layers = networks.fitted()
    r = above(mpmath.mpf("1.1") * networks.distance(layers), 9)

    def function(numbers: Any) -> Callable[[Any, Any], Any]:
        g = networks.enclosing(layers)(numbers)
        return lambda x, y: _gauss(numbers, x, y) - g(x, y)

    subject = Difference("exp(-(x**2 + y**2))", layers, r)
    yield Task(
        "to 1.1 max",
        ((-1.0, 1.0),) * 2,
        Inside(-_inward(r), _inward(r)),
        subject,
        function,
        limit=90.0,
    )


def w7(quick: bool) -> Iterator[Task]:
    """The error of a stratified network with n neurons for a marginal of three Gaussians,
    in L^2 and the supremum."""
    cases = ((1, 166, "1/100"), (2, 11, "1/20"), (3, 3, "1/10"))
    for d, k, rtol in cases[:2] if quick else cases:
        for p in (2, None):
            if p is None and d == 3:
                continue  # minutes
            yield Task(
                f"d={d}, k={k}, L^{p or 'oo'} to {rtol}",
                ((-1.0, 1.0),) * d,
                None,
                Error(d, k, p, rtol),
                None,
            )


FAMILIES = {"W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6, "W7": w7}
