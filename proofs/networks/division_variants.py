"""Other SignReLU networks that divide exactly: by a reciprocal and a product, and deeper ones."""

from boundcheck import theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.layers import alone, behind, neurons, sizes
from boundcheck.theorems.author.words import Forall, ThereIs, depth, value, width
from boundcheck.theorems.language.sorts import REAL

DIVISION = "arXiv:2601.21242 claims a division gate; this form is derived here"


@theorem(source=DIVISION)
def textbook_behind(t):
    """z/y for outputs c <= y, |z| <= B of a network, as z·(1/y): three more layers, of two neurons,
    of four and of two.

    Beside 1/y stands z = ρ(z + B) - B; behind them stands the product.
    """
    (c, B), x, (N, A) = t.real("c B"), t.sequence("x", REAL), t.network("N A", "signrelu")
    t.given(c > 0, B >= 0)
    t.example(c=1, B=1)
    y, z = value(A, 0, x), value(A, 1, x)
    t.exists(1 / c)
    layer = neurons(t, A, [(1, -1 / c, 0), (B, 0, 1)], [(1 / c, 1 / c, 0), (-B, 0, 1)])
    domain = [y >= c, Abs(z) <= B]
    with t.obtain(layer, "D") as inner:
        D = inner.value
        product = t.use("division.product_behind", {"A": D, "Y": 1 / c, "Z": B})
        with t.obtain(product, "E") as outer:
            E = outer.value
            sizes(t, behind(E, A, 3, 4), inner, outer)
            with t.let(x, given=domain) as at:
                one = t.show(value(D, 0, x).eq(1 / y), by=[inner.facts[2](x), *at.facts])
                same = t.show(value(D, 1, x).eq(z), by=[inner.facts[3](x), *at.facts])
                known = [one, same, *at.facts]
                small = [
                    t.show(Abs(value(D, i, x)) <= most, by=known)
                    for i, most in enumerate((1 / c, B))
                ]
                t.show(value(E, 0, x).eq(z / y), by=[outer.facts[2](x, by=small), *known])
            computes = Forall(x, value(N, 0, x).eq(z / y), given=domain)
            t.witness(ThereIs(N, behind(N, A, 3, 4), computes), E)
    return inner.fact


@theorem(source=DIVISION)
def textbook_gate(t):
    """x1/x0 for c <= x0, |x1| <= B: a network with three hidden layers, of at most four neurons."""
    (c, B), x = t.real("c B"), t.sequence("x", REAL)
    t.given(c > 0, B >= 0)
    t.example(c=1, B=1)
    domain = [x(0) >= c, Abs(x(1)) <= B]
    gate = "division_variants.textbook_behind"
    return alone(t, gate, x, domain, x(1) / x(0), layers=3, most=4)


@theorem(source=DIVISION)
def gate_of_any_depth(t):
    """x1/x0 for c <= x0 <= C, |x1| <= B: a network with n + 2 hidden layers, of at most four
    neurons, for every n."""
    (c, C, B), n, x = t.real("c C B"), t.nat("n"), t.sequence("x", REAL)
    N = t.network("N", "signrelu")
    t.given(c > 0, c <= C, B >= 0)
    t.example(c=1, C=2, B=1)
    domain = [c <= x(0), x(0) <= C, Abs(x(1)) <= B]
    with t.obtain(t.use("division.division_gate"), "D") as gate:
        D, (deep, wide, divides) = gate.value, gate.facts
        t.show(depth(D) >= 1, by=deep)
        with t.let(n), t.obtain(t.use("networks.padded", {"A": D})(n), "E") as more:
            E = more.value
            t.show(depth(E).eq(n + 2), by=[deep, more.facts[0]])
            t.show(width(E).eq(4), by=[wide, more.facts[1]])
            with t.let(x, given=domain) as at:
                t.chain(more.facts[2](0, x), divides(x, by=at.facts))
            computes = Forall(x, value(N, 0, x).eq(x(1) / x(0)), given=domain)
            t.witness(ThereIs(N, depth(N).eq(n + 2), width(N).eq(4), computes), E)
    return gate.fact
