"""Gates: SignReLU networks that compute 1/y, y², yz, z/y and clips exactly, behind any network.

Each theorem adds a gate to the outputs 0 and 1 of a network A, wherever these lie in the domain of
the gate. Behind the network without hidden layers, whose outputs are its inputs, a gate is a
network of its own. The gates with all their weights are in `gates.py`.
"""

from boundcheck import Reading, theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.layers import affine, alone, behind, neurons, sizes
from boundcheck.theorems.author.words import Forall, ThereIs, signrelu, value
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL

SOURCE = "derived here"
DIVISION = "arXiv:2601.21242 claims a division gate; this form is derived here"


# -- layers of reciprocals -------------------------------------------------------------------------


def row(k, u):
    """1 - u/k, as an affine form."""
    constant, *factors = (0 if w == expr(0) else -w / k for w in u)
    return (1 + constant, *factors)


def reciprocals(t, base, forms, outputs):
    """A layer of neurons 1/u = (1 + ρ(1 - u/k))/k, for affine forms u >= k > 0 of outputs.

    Args:
        t: the proof.
        base: the network behind which they stand.
        forms: pairs of k and u, u by its constant and coefficients.
        outputs: constants, and factors of the reciprocals.
    """
    sums = []
    for constant, *factors in outputs:
        scaled = [f / k for f, (k, _) in zip(factors, forms, strict=True)]
        sums.append((sum(scaled[1:], constant + scaled[0]), *scaled))
    return neurons(t, base, [row(k, u) for k, u in forms], sums)


def inverted(t, fact, base, x, forms, above):
    """What such a layer computes, with 1/u in it: `above` says u >= k for each of its neurons."""
    outputs = [value(base, i, x) for i in range(len(forms[0][1]) - 1)]
    for (k, u), large in zip(forms, above, strict=True):
        neuron = signrelu(affine(row(k, u), outputs))
        fact = t.rewrite(t.show(neuron.eq(k / affine(u, outputs) - 1), by=large), fact)
    return fact


# -- where the gates are exact ---------------------------------------------------------------------


def half_line(c, y):
    """y >= c."""
    return [y >= c]


def interval(Y, y):
    """|y| <= Y."""
    return [Abs(y) <= Y]


def centred(Y, Z, y, z):
    """|y| <= Y and |z| <= Z."""
    return [Abs(y) <= Y, Abs(z) <= Z]


def rectangle(c, C, B, y, z):
    """c <= y <= C and |z| <= B."""
    return [c <= y, y <= C, Abs(z) <= B]


# -- gates behind networks -------------------------------------------------------------------------


@theorem(source=SOURCE)
def reciprocal_behind(t):
    """1/y for an output y >= c > 0 of a network: one more layer, of one neuron."""
    c, x, (N, A) = t.real("c"), t.sequence("x", REAL), t.network("N A", "signrelu")
    t.given(c > 0)
    t.example(c=1)
    y = value(A, 0, x)
    form = [(c, (expr(0), expr(1)))]
    with t.obtain(reciprocals(t, A, form, outputs=[(0, 1)]), "B") as gate:
        B, values = gate.value, gate.facts[2]
        with t.let(x, given=half_line(c, y)) as at:
            found = inverted(t, values(x), A, x, form, at.facts)
            t.show(value(B, 0, x).eq(1 / y), by=[found, *at.facts])
        computes = Forall(x, value(N, 0, x).eq(1 / y), given=half_line(c, y))
        t.witness(ThereIs(N, behind(N, A, 1, 1), computes), B)
    return gate.fact


@theorem(source=SOURCE)
def square_behind(t):
    """y² for an output |y| <= Y of a network: two more layers, of two neurons and of one.

    y² = s² - 2s/(1/(s + y) + 1/(s - y)) for s = Y + 1.
    """
    Y, x, (N, A) = t.real("Y"), t.sequence("x", REAL), t.network("N A", "signrelu")
    t.given(Y >= 0)
    t.example(Y=1)
    y, s, one = value(A, 0, x), Y + 1, expr(1)
    first = [(one, (s, one)), (one, (s, -one))]
    second = [(2 / s, (expr(0), one))]
    with (
        t.obtain(reciprocals(t, A, first, outputs=[(0, 1, 1)]), "B") as inner,
        t.obtain(reciprocals(t, inner.value, second, outputs=[(s**2, -2 * s)]), "C") as outer,
    ):
        B, C = inner.value, outer.value
        sizes(t, behind(C, A, 2, 2), inner, outer)
        with t.let(x, given=interval(Y, y)) as at:
            above = [t.show(u >= 1, by=at.facts) for u in (s + y, s - y)]
            z = t.show(
                value(B, 0, x).eq(1 / (s + y) + 1 / (s - y)),
                by=[inverted(t, inner.facts[2](x), A, x, first, above), *above],
            )
            large = t.show(value(B, 0, x) >= 2 / s, by=[z, *above])
            found = inverted(t, outer.facts[2](x), B, x, second, [large])
            t.show(value(C, 0, x).eq(y**2), by=[found, z, *above])
        computes = Forall(x, value(N, 0, x).eq(y**2), given=interval(Y, y))
        t.witness(ThereIs(N, behind(N, A, 2, 2), computes), C)
    return inner.fact


@theorem(source=SOURCE)
def product_behind(t):
    """yz for outputs |y| <= Y, |z| <= Z of a network: two more layers, of four neurons and of two.

    yz = S((y - z)/2) - S((y + z)/2), S(w) = 2s/(1/(s + w) + 1/(s - w)), for s = (Y + Z)/2 + 1.
    """
    (Y, Z), x, (N, A) = t.real("Y Z"), t.sequence("x", REAL), t.network("N A", "signrelu")
    t.given(Y >= 0, Z >= 0)
    t.example(Y=1, Z=1)
    y, z, s = value(A, 0, x), value(A, 1, x), (Y + Z) / 2 + 1
    one, half = expr(1), expr("1/2")
    first = [(one, (s, a * half, b * half)) for a, b in ((1, 1), (-1, -1), (1, -1), (-1, 1))]
    second = [(2 / s, (expr(0), one, expr(0))), (2 / s, (expr(0), expr(0), one))]
    domain = centred(Y, Z, y, z)
    with (
        t.obtain(reciprocals(t, A, first, [(0, 1, 1, 0, 0), (0, 0, 0, 1, 1)]), "B") as inner,
        t.obtain(reciprocals(t, inner.value, second, [(0, -2 * s, 2 * s)]), "C") as outer,
    ):
        B, C = inner.value, outer.value
        sizes(t, behind(C, A, 2, 4), inner, outer)
        with t.let(x, given=domain) as at:
            above = [t.show(affine(u, [y, z]) >= 1, by=at.facts) for _, u in first]
            sums = []
            for i, w in enumerate(((y + z) / 2, (y - z) / 2)):
                found = inverted(t, inner.facts[2 + i](x), A, x, first, above)
                goal = value(B, i, x).eq(1 / (s + w) + 1 / (s - w))
                sums.append(t.show(goal, by=[found, *above]))
            large = [
                t.show(value(B, i, x) >= 2 / s, by=[each, *above]) for i, each in enumerate(sums)
            ]
            found = inverted(t, outer.facts[2](x), B, x, second, large)
            t.show(value(C, 0, x).eq(y * z), by=[found, *sums, *above])
        computes = Forall(x, value(N, 0, x).eq(y * z), given=domain)
        t.witness(ThereIs(N, behind(N, A, 2, 4), computes), C)
    return inner.fact


@theorem(source=SOURCE)
def gap_of_reciprocals(t):
    """1/u - 1/(u + y) >= c/(T(T + c)) for 0 < u <= T, y >= c > 0."""
    c, T, u, y = t.real("c T u y")
    t.given(c > 0, y >= c, u > 0, u <= T)
    t.example(c=1, T=1, u=1, y=1)
    return t.show(1 / u - 1 / (u + y) >= c / (T * (T + c)))


@theorem(source=DIVISION)
def division_behind(t):
    """z/y for outputs c <= y <= C, |z| <= B of a network: two more layers, of four neurons and of
    two.

    z/y = (R1 - R2)/(4s) - 1/2 with R1 = 1/(1/(s + z) - 1/(s + z + y)) and
    R2 = 1/(1/(s - z - y) - 1/(s - z)), for s = B + C + 1.
    """
    (c, C, B), x, (N, A) = t.real("c C B"), t.sequence("x", REAL), t.network("N A", "signrelu")
    bounds = t.given(c > 0, c <= C, B >= 0)
    t.example(c=1, C=2, B=1)
    y, z, s, one = value(A, 0, x), value(A, 1, x), B + C + 1, expr(1)
    k, quarter = c / ((s + B) * (s + B + c)), 1 / (4 * s)
    t.exists(quarter, by=t.show(s > 0, by=bounds))
    first = [(one, (s, a * one, b * one)) for a, b in ((0, 1), (1, 1), (-1, -1), (0, -1))]
    second = [(k, (expr(0), one, expr(0))), (k, (expr(0), expr(0), one))]
    last = (expr("-1/2"), quarter, -quarter)
    domain = rectangle(c, C, B, y, z)
    with (
        t.obtain(reciprocals(t, A, first, [(0, 1, -1, 0, 0), (0, 0, 0, 1, -1)]), "D") as inner,
        t.obtain(reciprocals(t, inner.value, second, [last]), "E") as outer,
    ):
        D, E = inner.value, outer.value
        sizes(t, behind(E, A, 2, 4), inner, outer)
        with t.let(x, given=domain) as at:
            above = [t.show(affine(u, [y, z]) >= 1, by=at.facts) for _, u in first]
            gaps, large = [], []
            for i, near in enumerate((s + z, s - z - y)):
                found = inverted(t, inner.facts[2 + i](x), A, x, first, above)
                goal = value(D, i, x).eq(1 / near - 1 / (near + y))
                gaps.append(t.show(goal, by=[found, *above]))
                sizes_of = {"u": near, "T": s + B, "y": y}
                least = t.use("division.gap_of_reciprocals", sizes_of, by=[*above, *at.facts])
                large.append(t.rewrite(t.symmetric(gaps[i]), least))
            found = inverted(t, outer.facts[2](x), D, x, second, large)
            t.show(value(E, 0, x).eq(z / y), by=[found, *gaps, *above, *at.facts])
        computes = Forall(x, value(N, 0, x).eq(z / y), given=domain)
        t.witness(ThereIs(N, behind(N, A, 2, 4), computes), E)
    return inner.fact


# -- networks of their own -------------------------------------------------------------------------


@theorem(source=SOURCE)
def reciprocal_gate(t):
    """1/x0 for x0 >= c > 0: a network with one hidden layer, of one neuron."""
    c, x = t.real("c"), t.sequence("x", REAL)
    t.given(c > 0)
    t.example(c=1)
    domain = half_line(c, x(0))
    return alone(t, "division.reciprocal_behind", x, domain, 1 / x(0), layers=1, most=1)


@theorem(source=SOURCE)
def square_gate(t):
    """x0² for |x0| <= Y: a network with two hidden layers, of at most two neurons."""
    Y, x = t.real("Y"), t.sequence("x", REAL)
    t.given(Y >= 0)
    t.example(Y=1)
    domain = interval(Y, x(0))
    return alone(t, "division.square_behind", x, domain, x(0) ** 2, layers=2, most=2)


@theorem(source=SOURCE)
def product_gate(t):
    """x0 x1 for |x0| <= Y, |x1| <= Z: a network with two hidden layers, of at most four neurons."""
    (Y, Z), x = t.real("Y Z"), t.sequence("x", REAL)
    t.given(Y >= 0, Z >= 0)
    t.example(Y=1, Z=1)
    domain = centred(Y, Z, x(0), x(1))
    return alone(t, "division.product_behind", x, domain, x(0) * x(1), layers=2, most=4)


@theorem(
    source=DIVISION,
    reading=Reading("P1", "a network that divides exactly, for c <= x <= C and |y| <= B"),
)
def division_gate(t):
    """x1/x0 for c <= x0 <= C, |x1| <= B: a network with two hidden layers, of at most four
    neurons."""
    (c, C, B), x = t.real("c C B"), t.sequence("x", REAL)
    t.given(c > 0, c <= C, B >= 0)
    t.example(c=1, C=2, B=1)
    domain = rectangle(c, C, B, x(0), x(1))
    return alone(t, "division.division_behind", x, domain, x(1) / x(0), layers=2, most=4)
