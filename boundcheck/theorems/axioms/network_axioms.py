"""What is assumed of networks."""

from __future__ import annotations

from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import made, number, symbol
from boundcheck.theorems.language.formulas import (
    conjunction,
    for_all,
    implication,
    member,
    there_is,
)
from boundcheck.theorems.language.sorts import NAT, REAL, law, network, seq


def networks_are_far_from_logistic() -> Axiom:
    """Under the uniform law of x(0) on [-1, 1], all other numbers of the input being 0: SignReLU
    networks of bounded depth and width keep a positive distance in L^1 from 1/(1 + exp(-x(0))).

    Their outputs as functions of x(0) are piecewise rational, with a number of pieces and a degree
    that depth and width bound. The functions of that kind are a closed set in L^1: ends of pieces
    converge, numerators and denominators, normalised, too. On no interval is the function rational,
    since exp is not.
    """
    x, pi = symbol("x", seq(REAL)), symbol("pi", law(seq(REAL)))
    a, b, e = (symbol(name, REAL) for name in "abe")
    depth, width, i = (symbol(name, NAT) for name in ("l", "w", "i"))
    net, zero = symbol("N", network("signrelu")), number(0)
    first = x(0)
    others = for_all(i, x(i).eq(0), [i >= 1])
    lives = for_all(x, conjunction(first >= -1, first <= 1, others), [member(x, pi)])
    event = made("ind", None, (conjunction(a <= first, first <= b),))
    mass = closing("mean", x, event, pi)
    uniform = for_all((a, b), mass.eq((b - a) / 2), [a >= -1, a <= b, b <= 1])
    logistic = 1 / (1 + made("call", "exp", (-first,)))
    error = logistic - made("value", None, (net, zero, x))
    far = closing("norm", x, error, pi, number(1)) >= e
    sizes = [made("depth", None, (net,)) <= depth, made("width", None, (net,)) <= width]
    distance = there_is(e, conjunction(e > 0, for_all(net, far, sizes)))
    return Axiom(
        "networks_are_far_from_logistic",
        implication([lives, uniform], for_all((depth, width), distance)),
        "on a line SignReLU networks are piecewise rational with boundedly many pieces and bounded "
        "degree, a set closed in L^1, and 1/(1 + exp(-t)) is rational on no interval; an argument "
        "in words, not checked by machine",
    )


AXIOMS = (networks_are_far_from_logistic(),)
