"""Values of terms in finite models, and operations on them: exact between rational numbers, by
enclosures of 200 bits otherwise. `None` is a term that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from flint import arb, fmpq

BITS = 200
WORK = {"done": 0}
"""Bodies of binders, and neurons, that were evaluated."""
CLOSE = arb(2) ** (-BITS // 2)


class Unclear(Exception):
    """Two numbers that are enclosed overlap, or are too much for these models.

    Attributes:
        close: whether they are the same number as far as these models can see.
    """

    def __init__(self, words: str = "", close: bool = False) -> None:
        super().__init__(words)
        self.close = close


@dataclass(frozen=True)
class Law:
    """Points of its set with their weights, which may be 0; all weights together are 1."""

    weights: tuple[tuple[object, Fraction], ...]

    @property
    def points(self):
        return [p for p, _ in self.weights]


class Tail(tuple):
    """A sequence of which all further values are the last one."""

    def __getitem__(self, k):
        return super().__getitem__(min(k, len(self) - 1))


def ball(v) -> arb:
    """The enclosure of a number."""
    return v if isinstance(v, arb) else arb(fmpq(v.numerator, v.denominator))


def mul(a, b):
    """A product of two numbers."""
    exact = isinstance(a, Fraction) and isinstance(b, Fraction)
    return a * b if exact else ball(a) * ball(b)


def total(values):
    """A sum of numbers."""
    if any(isinstance(v, arb) for v in values):
        return sum(map(ball, values), arb(0))
    return sum(values, Fraction(0))


def compare(sign: str, a, b) -> bool:
    """A relation; exact between rational numbers, points and vectors."""
    if not isinstance(a, arb) and not isinstance(b, arb):
        return {
            "==": lambda: a == b,
            "<": lambda: a < b,
            "<=": lambda: a <= b,
            ">": lambda: a > b,
            ">=": lambda: a >= b,
        }[sign]()
    gap = ball(a) - ball(b)
    if gap > 0:
        return sign in (">", ">=")
    if gap < 0:
        return sign in ("<", "<=")
    raise Unclear(f"{a} {sign} {b}", abs(gap) < CLOSE and sign in ("==", "<=", ">="))


def root(a: Fraction, k: int):
    """The root of a number >= 0, exactly where that is rational."""
    found = []
    for n in (a.numerator, a.denominator):
        r = isqrt(n) if k == 2 else round(n ** (1 / k)) if n < 1 << 50 else -1
        if r**k != n:
            return _root(ball(a), k)
        found.append(r)
    return Fraction(*found)


def _root(a: arb, k: int) -> arb:
    return a.sqrt() if k == 2 else a ** (arb(1) / k)


def power(a, b):
    """a**b for a >= 0 with a real exponent."""
    if a == 0:
        return Fraction(0) if compare(">", b, Fraction(0)) else None
    if not compare(">", a, Fraction(0)):
        return None
    if not isinstance(b, Fraction):
        return Fraction(1) if a == 1 else ball(a) ** ball(b)
    if b.denominator > 1:
        a = root(a, b.denominator) if isinstance(a, Fraction) else _root(a, b.denominator)
    return whole_power(a, b.numerator)


def whole_power(a, n: int):
    """Repeated multiplication."""
    if isinstance(a, Fraction) and abs(n) * max(a.numerator.bit_length(), 8) > 20_000:
        return ball(a) ** n
    return a**n


def _exact(v, what: str):
    if isinstance(v, arb):
        found = getattr(v, what)().unique_fmpz()
        if found is None:
            raise Unclear(f"{what} of {v}")
        return Fraction(int(found))
    return Fraction(v // 1 if what == "floor" else -((-v) // 1))


def _division(a, b):
    if not isinstance(b, arb):
        return None if b == 0 else a / b if isinstance(a, Fraction) else a / ball(b)
    if compare("<", b, Fraction(0)) or compare(">", b, Fraction(0)):
        return ball(a) / b
    return None


def _chosen(larger: bool, a, b):
    try:
        return a if compare(">=", a, b) == larger else b
    except Unclear:
        return ball(a).max(ball(b)) if larger else ball(a).min(ball(b))


def signrelu(x):
    """x, or x/(1 - x) for x < 0."""
    if isinstance(x, arb):
        return x if compare(">=", x, Fraction(0)) else x / (1 - x)
    return x if x >= 0 else x / (1 - x)


def _positive(x) -> bool:
    return compare(">", x, Fraction(0))


def _log(x):
    if not _positive(x):
        return None
    return Fraction(0) if x == 1 else ball(x).log()


def _sqrt(x):
    if isinstance(x, arb):
        return x.sqrt() if compare(">=", x, Fraction(0)) else None
    return root(x, 2) if x >= 0 else None


def _gamma(x):
    if not _positive(x):
        raise Unclear("Γ at a number <= 0")
    return ball(x).gamma()


def _at(s, k):
    return s[int(k)]  # IndexError: beyond this model


def _both(exact):
    """An operation on two numbers, of which one may be enclosed."""

    def operation(a, b):
        if isinstance(a, arb) or isinstance(b, arb):
            return exact(ball(a), ball(b))
        return exact(a, b)

    return operation


CALLS = {
    "Abs": abs,
    "Max": lambda a, b: _chosen(True, a, b),
    "Min": lambda a, b: _chosen(False, a, b),
    "relu": lambda x: _chosen(True, x, Fraction(0)),
    "signrelu": signrelu,
    "sign": lambda x: Fraction(compare(">", x, Fraction(0)) - compare("<", x, Fraction(0))),
    "floor": lambda x: _exact(x, "floor"),
    "ceiling": lambda x: _exact(x, "ceil"),
    "exp": lambda x: Fraction(1) if x == 0 else ball(x).exp(),
    "log": _log,
    "sqrt": _sqrt,
    "gamma": _gamma,
    "cos": lambda x: ball(x).cos(),
    "sin": lambda x: ball(x).sin(),
    "loggamma": lambda x: ball(x).lgamma() if x > 0 else None,
    "erf": lambda x: ball(x).erf(),
    "erfc": lambda x: ball(x).erfc(),
    "cosh": lambda x: ball(x).cosh(),
    "sinh": lambda x: ball(x).sinh(),
    "tanh": lambda x: ball(x).tanh(),
}
OPERATIONS = {
    "add": _both(lambda a, b: a + b),
    "sub": _both(lambda a, b: a - b),
    "mul": mul,
    "neg": lambda a: -a,
    "div": _division,
    "npow": lambda a, b: whole_power(a, int(b)),
    "rpow": power,
    "natceil": lambda a: max(Fraction(0), _exact(a, "ceil")),
    "at": _at,
    "pair": lambda a, b: (a, b),
    "first": lambda a: a[0],
    "second": lambda a: a[1],
    "vadd": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "vsub": lambda a, b: (a[0] - b[0], a[1] - b[1]),
    "vneg": lambda a: (-a[0], -a[1]),
    "vscale": lambda a, b: (a * b[0], a * b[1]),
    "dot": lambda a, b: a[0] * b[0] + a[1] * b[1],
    "depth": lambda n: Fraction(n.depth),
    "width": lambda n: Fraction(n.width),
    "value": lambda n, i, x: n.value(int(i), x),
}
"""What each head does with the values of its parts, which all exist."""
