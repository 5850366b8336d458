"""A term as a straight-line program over whole arrays: values and slopes on
thousands of boxes at once.

Linear combinations with exact coefficients are collected into matrices, and operations of one kind
at one level are done together; a layer of a network is two instructions, whether it has one neuron
or thousands. All numbers are outward-rounded intervals of float64 (`enclosure.arrays.floats`);
boxes are the columns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.float_functions import (
    DEFINED,
    FUNCTIONS,
    real_power,
    real_power_defined,
)
from boundcheck.enclosure.arrays.tape_slopes import local_slopes, number
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.activation import LeakyReLU, ReLU, SignReLU
from boundcheck.exact.terms.linear import Combination, combination
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Term, postorder
from boundcheck.exact.terms.work import spend

Pair: TypeAlias = fl.Pair
_ZERO = fmpq(0)


@dataclass
class _Step:
    """One instruction: rows `out` of the table from rows `args` (one index array per operand).

    `kind` is "matrix", "mul", "div", "power", "real", "call", "Min", "Max" or "activate".
    """

    kind: str
    out: slice
    args: tuple[Any, ...]
    extra: Any = None
    transposed: Any = field(default=None, repr=False)


class Tape:
    """A term, compiled.

    Args:
        root: the term.
        names: the variables; row k of a box belongs to names[k].

    Raises:
        Unsupported: a sum or integral with variables, or an activation of a user's own.
    """

    def __init__(self, root: Term, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._sums: dict[Term, Combination] = {}
        self._rows: dict[Term, int] = {}
        levels: dict[Term, int] = {}
        constants: list[Term] = []
        nodes = list(postorder(root))
        for node in nodes:
            self._sums[node] = self._sum(node, constants)
        basis = [
            n for n in nodes if n in self._sums[n].parts and n.op != "symbol" and n not in constants
        ]
        symbols = [n for n in nodes if n.op == "symbol"]
        for n in symbols:
            if n.payload not in self.names:
                raise Unsupported(f"{n} has no range")
            self._rows[n] = self.names.index(n.payload)
        self.count = len(self.names)
        for n in constants:
            self._rows[n] = self.count
            self.count += 1
        self._constants = [_enclosed(n) for n in constants]
        self._nowhere = any(
            low > high for low, high in self._constants
        )  # a constant without a clear value
        self._constants = [
            (low, high) if low <= high else (-math.inf, math.inf) for low, high in self._constants
        ]
        for n in (*symbols, *constants):
            levels[n] = 0
        # an operand that is a combination gets a row of its own, one level above what it is made of
        operands = {a for n in basis for a in _operands(n)} | {root}
        groups: dict[tuple[Any, ...], list[Term]] = {}
        for n in nodes:
            if n in operands and not self._plain(n):
                levels[n] = 1 + max((levels[b] for b in self._sums[n].parts), default=0)
                groups.setdefault((levels[n], 0, "matrix"), []).append(n)
            elif n not in self._rows and n in self._sums[n].parts:
                levels[n] = 1 + max((self._level(a, levels) for a in _operands(n)), default=0)
                groups.setdefault((levels[n], 1, *_kind(n)), []).append(n)
        self.steps: list[_Step] = []
        for key in sorted(groups, key=lambda k: (k[0], k[1], str(k[2:]))):
            self._emit(key, groups[key])
        self.root = self._row(root)
        self.matrices = 0.01 * sum(s.extra[0].mid.size for s in self.steps if s.kind == "matrix")
        self.partial = [
            s for s in self.steps if s.kind in ("div", "power", "real") or _is_partial(s)
        ]
        self.work = sum((_work(s) for s in self.steps), 0.0)
        del self._sums, self._rows

    # -- compiling ---------------------------------------------------------------------------------

    def _plain(self, n: Term) -> bool:
        """Whether the value is one row already."""
        s = self._sums[n]
        return s.constant == 0 and len(s.parts) == 1 and next(iter(s.parts.values())) == 1

    def _level(self, n: Term, levels: Mapping[Term, int]) -> int:
        return levels[next(iter(self._sums[n].parts))] if self._plain(n) else levels[n]

    def _row(self, n: Term) -> int:
        return self._rows[next(iter(self._sums[n].parts))] if self._plain(n) else self._rows[n]

    def _sum(self, node: Term, constants: list[Term]) -> Combination:
        if node.op != "rational" and not node.free:
            constants.append(node)
            return Combination(_ZERO, {node: fmpq(1)})
        return combination(node, [self._sums[a] for a in node.args]) or Combination(
            _ZERO, {node: fmpq(1)}
        )

    def _emit(self, key: tuple[Any, ...], nodes: list[Term]) -> None:
        out = slice(self.count, self.count + len(nodes))
        self.count = out.stop
        for k, n in enumerate(nodes):
            self._rows[n] = out.start + k
        kind = key[2]
        if kind == "matrix":
            used = sorted({self._rows[b] for n in nodes for b in self._sums[n].parts})
            at = {r: k for k, r in enumerate(used)}
            rows = [[_ZERO] * len(used) + [self._sums[n].constant] for n in nodes]
            for row, n in zip(rows, nodes, strict=True):
                for b, c in self._sums[n].parts.items():
                    row[at[self._rows[b]]] = c
            weight = fl.matrix([row[:-1] for row in rows])
            bias = fl.matrix([[row[-1]] for row in rows])
            transposed = fl.matrix(
                [list(column) for column in zip(*[row[:-1] for row in rows], strict=True)]
            )
            self.steps.append(_Step("matrix", out, (_index(used),), (weight, bias), transposed))
            return
        args = tuple(
            _index([self._row(a) for a in column])
            for column in zip(*map(_operands, nodes), strict=True)
        )
        self.steps.append(_Step(kind, out, args, key[3] if len(key) > 3 else None))

    # -- running -----------------------------------------------------------------------------------

    def values(self, lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The table of all rows, (rows, boxes), for boxes given as arrays (variables, boxes)."""
        spend(30 + 50 * len(self.steps) + self.work * lower.shape[1])
        low, high = np.empty((self.count, lower.shape[1])), np.empty((self.count, lower.shape[1]))
        d = len(self.names)
        low[:d], high[:d] = lower, upper
        for k, (a, b) in enumerate(self._constants, start=d):
            low[k], high[k] = a, b
        for s in self.steps:
            x = [(low[i], high[i]) for i in s.args]
            low[s.out], high[s.out] = _run(s, x)
        return low, high

    def defined(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """For each box, whether every operation is certainly defined on all of it."""
        spend(5 + len(self.partial) * (15 + 0.01 * low.shape[1]))
        ok = np.full(low.shape[1], not self._nowhere)
        for s in self.partial:
            x = [(low[i], high[i]) for i in s.args]
            ok &= _defined(s, x).all(axis=0)
        return ok

    def slopes(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Intervals that contain every slope of the root in each variable, (variables,
        boxes); needs `defined`."""
        n = low.shape[1]
        spend(50 + 110 * len(self.steps) + (0.1 * self.count + 0.5 * self.matrices) * n)
        weights: list[Any] = [None] * self.count
        weights[self.root] = (np.ones(n), np.ones(n))
        for s in reversed(self.steps):
            mine = weights[s.out]
            if all(w is None for w in mine) or (s.kind == "matrix" and not s.extra[0].mid.size):
                continue
            zero = (np.zeros(n), np.zeros(n))
            filled = [zero if m is None else m for m in mine]
            w = np.stack([m[0] for m in filled]), np.stack([m[1] for m in filled])
            x = [(low[i], high[i]) for i in s.args]
            value = (low[s.out], high[s.out])
            if s.kind == "matrix":
                passed = [fl.matmul(s.transposed, w)]
            else:
                passed = [fl.mul(w, local) for local in local_slopes(s, x, value)]
            for index, part in zip(s.args, passed, strict=True):
                rows = (
                    range(index.start, index.stop) if isinstance(index, slice) else index.tolist()
                )
                for k, row in enumerate(rows):
                    piece = (part[0][k], part[1][k])
                    weights[row] = piece if weights[row] is None else fl.add(weights[row], piece)
        zero = (np.zeros(n), np.zeros(n))
        found = [weights[k] or zero for k in range(len(self.names))]
        return np.stack([w[0] for w in found]), np.stack([w[1] for w in found])


def _work(s: _Step) -> float:
    """About how many steps of work the instruction takes for each box."""
    rows = s.out.stop - s.out.start
    if s.kind == "matrix":
        return 0.03 * rows + 0.005 * float(s.extra[0].mid.size)
    return 0.06 * rows


def _index(rows: list[int]) -> Any:
    """A slice where the rows are consecutive: a view instead of a copy."""
    if not rows:
        return slice(0, 0)
    if rows == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return np.array(rows)


def _operands(n: Term) -> tuple[Term, ...]:
    if n.op == "activate":
        return n.args[:1]
    if n.op == "pow" and _whole(n) is not None:
        return n.args[:1]
    if n.op == "mul" and n.args[0] is n.args[1]:
        return n.args[:1]
    return n.args


def _whole(n: Term) -> int | None:
    e = n.args[1]
    return int(e.payload.p) if e.op == "rational" and e.payload.q == 1 else None


def _kind(n: Term) -> tuple[Any, ...]:
    match n.op:
        case "mul":
            return ("power", 2) if n.args[0] is n.args[1] else ("mul",)
        case "div":
            return ("div",)
        case "pow":
            return ("real",) if _whole(n) is None else ("power", _whole(n))
        case "call":
            return (n.payload,) if n.payload in ("Min", "Max") else ("call", n.payload)
        case "activate" if n.payload in (SignReLU, ReLU, LeakyReLU) and all(
            p.op == "rational" for p in n.args[1:]
        ):
            return ("activate", n.payload(*(p.payload for p in n.args[1:])))
    raise Unsupported(f"{brief(n)} is not for whole arrays")


def _enclosed(n: Term) -> tuple[float, float]:
    """Doubles around a constant; a reversed pair where it has no value, or none that is clear."""
    try:
        value = at_point(n, {}, 96)
    except (Unclear, DomainError):
        return math.inf, -math.inf
    with ctx.workprec(96):
        ball = arb(value)
    return ball_below(ball), ball_above(ball)


def _run(s: _Step, x: list[Pair]) -> Pair:
    match s.kind:
        case "matrix":
            weight, bias = s.extra
            finite = np.isfinite(x[0][0]).all() and np.isfinite(x[0][1]).all()
            product = fl.matmul(weight, x[0]) if finite else _column_by_column(weight, x[0])
            if not (bias.mid.any() or bias.rad.any()):
                return product
            return fl.add(
                product,
                (fl.below(bias.mid - bias.rad), fl.above(bias.mid + bias.rad))
                if bias.rad.any()
                else (bias.mid, bias.mid),
            )
        case "mul":
            return fl.mul(*x)
        case "div":
            return fl.divide(*x)
        case "power":
            return fl.power(x[0], s.extra)
        case "real":
            return real_power(*x)
        case "call":
            return FUNCTIONS[s.extra](x[0])
        case "Min":
            return fl.minimum(*x)
        case "Max":
            return fl.maximum(*x)
    return _activate(s.extra, x[0])


def _column_by_column(weight: fl.Matrix, x: Pair) -> Pair:
    """The product for boxes with infinite ends, where bounds on one side are left."""
    n = x[0].shape[1]
    spend(weight.mid.shape[1] * (100 + 0.3 * n * weight.mid.shape[0]))
    total = np.zeros((weight.mid.shape[0], n)), np.zeros((weight.mid.shape[0], n))
    for j in range(weight.mid.shape[1]):
        w = (
            fl.below(weight.mid[:, j : j + 1] - weight.rad[:, j : j + 1]),
            fl.above(weight.mid[:, j : j + 1] + weight.rad[:, j : j + 1]),
        )
        exact = weight.rad[:, j : j + 1] == 0
        w = (
            np.where(exact, weight.mid[:, j : j + 1], w[0]),
            np.where(exact, weight.mid[:, j : j + 1], w[1]),
        )
        used = (w[0] != 0) | (w[1] != 0)
        term = fl.mul(w, (x[0][j : j + 1], x[1][j : j + 1]))
        total = fl.add(total, (np.where(used, term[0], 0.0), np.where(used, term[1], 0.0)))
    return total


def _activate(rho: Any, t: Pair) -> Pair:
    """The shipped activations increase, so their ends are enough."""
    negative = np.minimum(t[0], 0.0), np.minimum(t[1], 0.0)
    positive = np.maximum(t[0], 0.0), np.maximum(t[1], 0.0)
    if isinstance(rho, ReLU):
        return positive
    if isinstance(rho, LeakyReLU):
        left = fl.mul(negative, number(rho.slope))
    else:  # α t/(1 - t) = α/(1 - t) - α at both ends apart
        ones = np.ones_like(t[0])
        with np.errstate(all="ignore"):
            at_low = np.where(np.isinf(negative[0]), -1.0, negative[0] / (1 - negative[0]))
            at_high = np.where(np.isinf(negative[1]), -1.0, negative[1] / (1 - negative[1]))
        # two roundings, of 1 - t and of the quotient; the values lie in [-1, 0]
        ratio = (
            np.maximum(fl.below(at_low, 3 * fl.U), -ones),
            np.minimum(fl.above(at_high, 3 * fl.U), 0.0),
        )
        ratio = (
            np.where(negative[0] == 0, 0.0, ratio[0]),
            np.where(negative[1] == 0, 0.0, ratio[1]),
        )
        left = fl.mul(ratio, number(rho.alpha))
    return np.where(t[0] >= 0, t[0], left[0]), np.where(t[1] > 0, t[1], left[1])


def _is_partial(s: _Step) -> bool:
    return s.kind == "call" and s.extra in DEFINED


def _defined(s: _Step, x: list[Pair]) -> np.ndarray:
    if s.kind == "div":
        return DEFINED["div"](x[1])
    if s.kind == "power":
        return DEFINED["div"](x[0]) if s.extra < 0 else np.ones(x[0][0].shape, bool)
    if s.kind == "real":
        return real_power_defined(*x)
    return DEFINED[s.extra](x[0])
