"""What is assumed of the information that a noisy observation has of the data."""

from __future__ import annotations

from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.axioms.normal_law_axioms import is_standard_normal
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import Expr, made, number, symbol
from boundcheck.theorems.language.formulas import defined, implication
from boundcheck.theorems.language.sorts import NAT, REAL, law, seq

_DATA, _NORMAL = symbol("data", law(seq(REAL))), symbol("normal", law(REAL))
_U, _X = symbol("u", seq(REAL)), symbol("x", seq(REAL))
_I, _D = symbol("i", NAT), symbol("d", NAT)


def _call(name: str, u: Expr) -> Expr:
    return made("call", name, (u,))


def _sum(term: Expr) -> Expr:
    return closing("sum", _I, term, number(1), _D)


def _over(v: Expr) -> Expr:
    """The mean over the data."""
    return closing("mean", _U, v, _DATA)


def _mean(v: Expr) -> Expr:
    """The mean over d independent standard normal variables."""
    return closing("mean", _X, v, made("independent", NAT, (_NORMAL,), "j"))


def _density(level: Expr) -> Expr:
    """Of √level u + √(1-level) ε at x, with respect to the standard normal law."""
    z, m, v = _X(_I), _call("sqrt", level) * _U(_I), 1 - level
    return _call("exp", _sum(z**2 / 2 - (z - m) ** 2 / (2 * v) - _call("log", v) / 2))


def _information(level: Expr) -> Expr:
    g = _density(level)
    return _mean(_over(g * _call("log", g / _over(g))))


def _least_error(level: Expr) -> Expr:
    g = _density(level)
    best = _over(_U(_I) * g) / _over(g)
    return _mean(_over(g * _sum((_U(_I) - best) ** 2)))


def information_and_error() -> Axiom:
    """I(b) - I(a) is half of the integral over a <= r <= b of mmse(r)/(1 - r)², for 0 < a <= b < 1:
    I(r) is the information that x = √r u + √(1 - r) ε has of u, with d independent normal ε, and
    mmse(r) = E |u - E[u|x]|², where E |u|² is finite.

    x/√(1 - r) = √s u + ε with s = r/(1 - r), by which information and error do not change; dI/ds is
    half of the error, and ds/dr = 1/(1 - r)². All that is averaged exists at every point: as a
    function of u, g and |u|² g are bounded, and so is g log g.
    """
    a, b, r = (symbol(name, REAL) for name in "abr")
    moment = defined(_over(_sum(_U(_I) ** 2)))
    area = closing("integral", r, _least_error(r) / (1 - r) ** 2, a, b)
    return Axiom(
        "information_and_error",
        implication(
            [is_standard_normal(), moment, a > 0, a <= b, b < 1],
            (_information(b) - _information(a)).eq(area / 2),
        ),
        "Guo, Shamai, Verdú, Mutual information and minimum mean-square error in Gaussian "
        "channels, 2005, theorem 2, and the substitution of the ratio of signal to noise",
    )


AXIOMS = (information_and_error(),)
