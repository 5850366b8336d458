"""Enclosures of the grammar's functions on an interval, and their values at exact points."""

from __future__ import annotations

import math
from collections.abc import Callable

from flint import arb, fmpq, fmpz

from boundcheck.enclosure.intervals.interval import (
    End,
    Interval,
    Unclear,
    absolute,
    down,
    integers,
    interval,
    least,
    most,
    up,
)
from boundcheck.errors import DomainError

# name: (ball function, increasing, value at -inf, value at +inf)
_MONOTONE: dict[str, tuple[Callable[[arb], arb], bool, float, float]] = {
    "exp": (arb.exp, True, 0.0, math.inf),
    "sinh": (arb.sinh, True, -math.inf, math.inf),
    "tanh": (arb.tanh, True, -1.0, 1.0),
    "erf": (arb.erf, True, -1.0, 1.0),
    "erfc": (arb.erfc, False, 2.0, 0.0),
    "asin": (arb.asin, True, math.nan, math.nan),
    "acos": (arb.acos, False, math.nan, math.nan),
    "sqrt": (arb.sqrt, True, math.nan, math.inf),
    "log": (arb.log, True, math.nan, math.inf),
}

# Γ decreases on (0, 187/128] and increases on [47/32, oo): it turns at 1.46163...; its minimum is
# 0.8856031944108887002... and that of log Γ -0.1214862905358496080... (DLMF 5.4.20).
_TURN = (187 / 128, 47 / 32)
_GAMMA_MIN, _LOGGAMMA_MIN = fmpq(8856031944108887, 10**16), fmpq(-1214862905358497, 10**16)


def on_interval(name: str, x: Interval) -> Interval:
    """The values of function `name` on [x.lower, x.upper].

    Raises:
        DomainError: the function is defined nowhere on x.
        Unclear: it may be undefined somewhere on x.
    """
    if name == "cbrt":
        x = _domain(name, x)
        return Interval(_cbrt(x.lower, down), _cbrt(x.upper, up))
    if name == "sqrt":
        return _monotone(name, _domain(name, x))
    if name == "log":
        if x.upper <= 0:
            raise DomainError("logarithm of a number that is not positive", name)
        if x.lower <= 0:
            raise Unclear("log near 0")
        return _monotone(name, x)
    if name in ("asin", "acos"):
        if x.lower > 1 or x.upper < -1:
            raise DomainError(f"{name} outside [-1,1]", name)
        if x.lower < -1 or x.upper > 1:
            raise Unclear(f"{name} near its ends")
        return _monotone(name, x)
    if name in _MONOTONE:
        return _monotone(name, x)
    special = _SPECIAL.get(name)
    if special is None:
        raise Unclear(f"{name} has no enclosure")
    return special(x)


# The closed hull of each partial function's domain; on the negative axis gamma is left alone.
_HULL: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("sqrt", "cbrt", "log", "gamma", "loggamma"), (0, math.inf)),
    **dict.fromkeys(("asin", "acos"), (-1, 1)),
}


def where_defined(name: str, x: Interval) -> Interval:
    """The values of function `name` at those points of x where it is defined."""
    whole = Interval(-math.inf, math.inf)
    low, high = _HULL.get(name, (-math.inf, math.inf))
    if name in ("gamma", "factorial") and not x.lower >= (0 if name == "gamma" else -1):
        return whole
    if x.upper < low or x.lower > high:
        return whole
    x = Interval(arb(low) if x.lower < low else x.lower, arb(high) if x.upper > high else x.upper)
    if name == "log" and x.lower == 0:
        return Interval(
            -math.inf,
            math.inf if x.upper == 0 else on_interval(name, Interval(x.upper, x.upper)).upper,
        )
    if name in _POLES and x.lower == _POLES[name] < x.upper:
        return _right_of_pole(name, x)
    try:
        return on_interval(name, x)
    except (Unclear, DomainError):
        return whole


def _domain(name: str, x: Interval) -> Interval:
    if x.upper < 0:
        raise DomainError(f"{name} of a negative number", name)
    if x.lower < 0:
        raise Unclear(f"{name} near 0")
    return x


def _monotone(name: str, x: Interval) -> Interval:
    ball, increasing, left, right = _MONOTONE[name]

    def at(end: End) -> End:
        if not isinstance(end, float):
            return ball(end)
        limit = left if end < 0 else right
        return arb(limit) if math.isfinite(limit) else limit

    low, high = (x.lower, x.upper) if increasing else (x.upper, x.lower)
    return Interval(down(at(low)), up(at(high)))


def _cbrt(end: End, rounding: Callable[[End], End]) -> End:
    if isinstance(end, float):
        return end
    return arb(0) if end == 0 else rounding(end.root(3))


def _wave(x: Interval, shift: fmpq, ball: Callable[[arb], arb]) -> Interval:
    """sin or cos: extreme where x/pi - shift is an integer, 1 for even ones and -1 for odd ones."""
    if isinstance(x.lower, float) or isinstance(x.upper, float) or x.upper - x.lower > 7:
        return Interval(arb(-1), arb(1))
    first, last = integers(_turns(x, shift))
    ends = interval(ball(x.lower)).hull(interval(ball(x.upper)))
    lower = arb(-1) if any(k % 2 for k in range(first, last + 1)) else ends.lower
    upper = arb(1) if any(k % 2 == 0 for k in range(first, last + 1)) else ends.upper
    return Interval(lower, upper)


def _turns(x: Interval, shift: fmpq) -> Interval:
    return Interval(down(x.lower / arb.pi() - shift), up(x.upper / arb.pi() - shift))


def _tan(x: Interval) -> Interval:
    if isinstance(x.lower, float) or isinstance(x.upper, float):
        raise Unclear("tan has poles")
    first, last = integers(_turns(x, fmpq(1, 2)))
    if first <= last:
        raise Unclear("tan near a pole")
    return Interval(down(x.lower.tan()), up(x.upper.tan()))


def _atan(x: Interval) -> Interval:
    def at(end: End) -> arb:
        return end.atan() if isinstance(end, arb) else arb.pi() / (2 if end > 0 else -2)

    return Interval(down(at(x.lower)), up(at(x.upper)))


def _cosh(x: Interval) -> Interval:
    y = absolute(x)
    top = math.inf if isinstance(y.upper, float) else up(y.upper.cosh())
    return Interval(math.inf if isinstance(y.lower, float) else down(y.lower.cosh()), top)


def _valley(ball: Callable[[arb], arb], bottom: fmpq) -> Callable[[Interval], Interval]:
    """Γ and log Γ on x > 0, each with its one minimum."""

    def enclose(x: Interval) -> Interval:
        if x.lower <= 0:
            raise Unclear("gamma near a pole or at negative numbers")
        ends = [
            Interval(arb(0), math.inf) if isinstance(e, float) else interval(ball(e))
            for e in (x.lower, x.upper)
        ]
        if x.upper <= _TURN[0]:
            return Interval(ends[1].lower, ends[0].upper)
        if x.lower >= _TURN[1]:
            return Interval(ends[0].lower, ends[1].upper)
        return Interval(down(arb(bottom)), most((ends[0].upper, ends[1].upper)))

    return enclose


_POLES = {"gamma": 0, "loggamma": 0, "factorial": -1}


def _right_of_pole(name: str, x: Interval) -> Interval:
    """Γ and log Γ where x ends at the pole on the left: they fall from oo, as
    far as the turn at most."""
    u = x if name != "factorial" else x + 1
    ball, bottom = (arb.lgamma, _LOGGAMMA_MIN) if name == "loggamma" else (arb.gamma, _GAMMA_MIN)
    if isinstance(u.upper, float) or not u.upper <= _TURN[0]:
        return Interval(down(arb(bottom)), math.inf)
    return Interval(interval(ball(u.upper)).lower, math.inf)


def _steps(rounding: str) -> Callable[[Interval], Interval]:
    def enclose(x: Interval) -> Interval:
        ends = [
            e if isinstance(e, float) else arb(getattr(e.fmpq(), rounding)())
            for e in (x.lower, x.upper)
        ]
        return Interval(*ends)

    return enclose


def _sign(x: Interval) -> Interval:
    def of(end: End) -> arb:
        return arb((end > 0) - (end < 0))

    return Interval(of(x.lower), of(x.upper))


_gamma = _valley(arb.gamma, _GAMMA_MIN)
_SPECIAL: dict[str, Callable[[Interval], Interval]] = {
    "Abs": absolute,
    "sin": lambda x: _wave(x, fmpq(1, 2), arb.sin),
    "cos": lambda x: _wave(x, fmpq(0), arb.cos),
    "tan": _tan,
    "atan": _atan,
    "cosh": _cosh,
    "gamma": _gamma,
    "loggamma": _valley(arb.lgamma, _LOGGAMMA_MIN),
    "factorial": lambda x: _gamma(x + 1),
    "floor": _steps("floor"),
    "ceiling": _steps("ceil"),
    "sign": _sign,
}


def minimum(x: Interval, y: Interval) -> Interval:
    return Interval(least((x.lower, y.lower)), least((x.upper, y.upper)))


def maximum(x: Interval, y: Interval) -> Interval:
    return Interval(most((x.lower, y.lower)), most((x.upper, y.upper)))


# -- exact values ------------------------------------------------------------------------------

_EXACT: dict[tuple[str, int], int] = {
    **{(f, 0): 0 for f in ("sin", "tan", "asin", "atan", "sinh", "tanh", "erf", "sqrt", "cbrt")},
    **{(f, 0): 1 for f in ("cos", "cosh", "exp", "erfc")},
    **{(f, 1): 0 for f in ("log", "acos")},
    **{(f, 1): 1 for f in ("sqrt", "cbrt")},
}


def exactly(name: str, q: fmpq) -> fmpq | None:
    """The value at a rational point where it is rational for an obvious reason, or None."""
    if name == "Abs":
        return abs(q)
    if name == "sign":
        return fmpq((q > 0) - (q < 0))
    if name in ("floor", "ceiling"):
        return fmpq(q.floor() if name == "floor" else q.ceil())
    if q.q == 1 and (name, int(q.p) if abs(q) < 2 else 2) in _EXACT:
        return fmpq(_EXACT[name, int(q.p)])
    if name == "sqrt" and q > 0:
        roots = [_root(q.p), _root(q.q)]
        return fmpq(*roots) if None not in roots else None
    if name in ("gamma", "factorial") and q.q == 1:
        n = int(q.p) - (name == "gamma")
        return fmpq(math.factorial(n)) if 0 <= n <= 200 else None
    return None


def _root(n: fmpz) -> fmpz | None:
    root = n.isqrt()
    return root if root * root == n else None


def undefined(name: str, q: fmpq) -> str | None:
    """Why the function has no real value at a rational point, or None where it has one."""
    if name in ("sqrt", "cbrt") and q < 0:
        return f"{name} of the negative number {q}"
    if name == "log" and q <= 0:
        return f"logarithm of {q}, which is not positive"
    if name in ("asin", "acos") and abs(q) > 1:
        return f"{name} of {q}, which is outside [-1,1]"
    pole = {"gamma": 0, "factorial": -1}.get(name)
    if pole is not None and q.q == 1 and q <= pole:
        return f"{name} has a pole at {q}"
    if name == "loggamma" and q <= 0:
        return f"loggamma of {q}, which is not positive"
    return None


def of_ball(name: str, x: arb) -> arb:
    """The function on a small ball.

    Raises:
        DomainError: undefined on the whole ball. Unclear: perhaps undefined, or not enclosed.
    """
    if name in _BALLS:
        value = _BALLS[name](x)
    elif name in ("sqrt", "log") and x > 0:
        value = x.sqrt() if name == "sqrt" else x.log()
    else:
        found = on_interval(name, interval(x))
        if isinstance(found.lower, float) or isinstance(found.upper, float):
            raise Unclear(f"{name} is unbounded here")
        value = found.lower.union(found.upper)
    if not value.is_finite():
        raise Unclear(f"{name} is not enclosed here")
    return value


_BALLS: dict[str, Callable[[arb], arb]] = {
    "Abs": abs,
    "factorial": lambda x: (x + 1).gamma(),
    **{
        name: getattr(arb, name)
        for name in (
            "exp",
            "sin",
            "cos",
            "tan",
            "atan",
            "sinh",
            "cosh",
            "tanh",
            "erf",
            "erfc",
            "gamma",
        )
    },
}
