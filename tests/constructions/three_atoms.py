"""A marginal of three atoms, and of one; their numbers by mpmath."""

import mpmath

from boundcheck.constructions.marginal import Marginal
from boundcheck.exact.terms.rational import rational

ATOMS = [["1/2", 0, "-1/4"], [1, 1, "1/2"], [-1, "1/4", 0]]
MASSES = [1, "-1/2", "3/4"]


def three(d, sigma="1/2"):
    """Three atoms, one of a negative mass, one at the corner of [-1, 1]^d where d <= 2."""
    return Marginal.of([a[:d] for a in ATOMS], MASSES, sigma=sigma)


def one(d, sigma="1/2"):
    return Marginal.of([[0] * d], [1], sigma=sigma)


def number(q):
    return mpmath.mpf(int(q.p)) / int(q.q)


def fraction(text):
    return number(rational(text))
