"""Numbers of neurons: rates in the number of cells k along an edge as rates in the number of
neurons n, for every dimension d.

N_2(k) = 2 + 2d(k+1)^d + 8d k^d neurons in one hidden layer give the marginals f1 and f2 (`ratio`
has the formula). For every n >= N_2(1) there is a k with N_2(k) <= n <= N_2(2) k^d.
"""

from boundcheck import theorem
from boundcheck.math import sqrt
from boundcheck.theorems.author.words import And, ThereIs, function
from boundcheck.theorems.language.expr import made
from boundcheck.theory.formulas import rates, ratio, shallow

SOURCE = "derived here, for the rates that arXiv:2601.21242 claims"


@theorem(source=SOURCE)
def natural_powers(t):
    """The power of x > 0 with the real exponent d is repeated multiplication, for a natural d."""
    (x, p), d = t.real("x p"), t.nat("d")
    t.given(x > 0)
    with t.let(p) as powers:
        t.exists(made("rpow", None, (x, p)))
    claim = made("rpow", None, (x, d)).eq(x**d)
    with t.induct(claim, d, base=powers(0)) as next_:
        more = made("rpow", None, (x, d + 1)), made("rpow", None, (x, d))
        step = t.show(more[0].eq(more[1] * x))
        t.show(next_.goal, by=[step, next_.hypothesis], opaque=more)
    return next_.fact


@theorem(source=SOURCE)
def powers_grow(t):
    """k^d >= k >= 1, (k + 1)^d <= 2^d k^d and (k + 2)^d <= 3^d k^d for natural numbers k >= 1 and
    d >= 1."""
    k, d = t.nat("k d")
    t.given(k >= 1)
    grow = And((k + 1) ** d <= 2**d * k**d, (k + 2) ** d <= 3**d * k**d, k <= k**d)
    with t.induct(grow, d, start=1) as powers:
        t.show(powers.goal, by=[powers.hypothesis])
    return powers.fact


@theorem(source=SOURCE)
def neurons_grow(t):
    """N_2(k) = 2 + 2d(k+1)^d + 8d k^d neurons give g1 and g2; N_2(k+1) <= N_2(2) k^d."""
    k, d = t.nat("k d")
    t.given(k >= 1)
    with t.let(d, given=[d >= 1]) as all_d:
        powers = t.use("neuron_counts.powers_grow")(d)
        t.show(t.read(ratio.NEURONS, k=k + 1) <= t.read(ratio.GROWTH) * k**d, by=[powers])
    return all_d.fact


@theorem(source=SOURCE)
def cells(t):
    """For n >= N_2(1) there is k with N_2(k) <= n <= N_2(2) k^d: the largest one with N_2(k) <= n.
    The power is written with a real exponent."""
    n, k, d = t.nat("n k d")
    size, growth = function(k, t.quoted(ratio.NEURONS)), t.quoted(ratio.GROWTH)
    some, least = t.given(d >= 1, n >= t.read(ratio.N_0))
    with t.let(k, given=[k >= 1]) as powers:
        t.use("neuron_counts.powers_grow")(d)
    *_, large = powers(n + 1)
    top = t.show(n <= size(n + 1), by=[large, some])
    found = t.between(size, 1, n + 1, n, by=[least, top, some])
    with t.obtain(found, "j") as between:
        j, (low, _, _, many) = between.value, between.facts
        t.show(And(j >= 1, j > 0), by=[low])
        step = t.use("neuron_counts.neurons_grow", {"k": j})(d)
        same = t.use("neuron_counts.natural_powers", {"x": j})(d)
        power, _ = same.formula.args
        t.show(n <= growth * power, by=[many, step, same], opaque=[power])
        whole = n <= growth * made("rpow", None, (k, d))
        t.witness(ThereIs(k, k >= 1, size(k) <= n, whole), j)
    return between.fact


def in_neurons(t, left, right, stated=None, given=()):
    """For n >= N_2(1) there is k with N_2(k) <= n and left(k, d) <= right(N_2(2), n, d), which is
    written as it is stated."""
    (n, k, d), (g, z, e, m) = t.nat("n k d"), t.real("g z e m")
    size, growth = t.quoted(ratio.NEURONS), t.quoted(ratio.GROWTH)
    _, least = t.given(d >= 1, n >= t.quoted(ratio.N_0))
    with t.let(z, e, m, g, given=[z >= 1, e >= 1, m > 0, g > 0, m <= g * z**e]) as real:
        first, last = left(z, e), right(g, m, e)
        t.show(first <= last, by=[*real.facts, *given])
    with t.obtain(t.use("neuron_counts.cells"), "j") as found:
        t.show(And(n > 0, growth > 0), by=[least])
        t.show(found.value > 0, by=found.facts[:1])
        same = t.use("neuron_counts.natural_powers", {"x": found.value})(d)
        t.rewrite(same, real(found.value, d, n, growth))
        last = right(growth, n, d) if stated is None else stated(n, d)
        t.witness(ThereIs(k, k >= 1, size <= n, left(k, d) <= last), found.value)
    return found.fact


@theorem(source=SOURCE)
def cells_for_neurons(t):
    """For n >= N_2(1) there is k with N_2(k) <= n and k^(-(d+3)/2) <= (N_2(2)/n)^(1/2+3/(2d))."""

    def left(k, d):
        return k ** (-t.quoted(shallow.EXPONENT, d=d))

    def right(growth, n, d):
        return growth ** ((d + 3) / (2 * d)) * t.quoted(ratio.RATE, n=n, d=d)

    def stated(n, d):
        return t.read(ratio.OF_K_TO_N) * t.read(ratio.RATE)

    return in_neurons(t, left, right, stated)


@theorem(source=SOURCE)
def khintchine_in_neurons(t):
    """The bound by Khintchine's inequality is of the order n^(-1/2-(1+1/p)/d) only."""
    t.example(n=100, p=3)
    R, V, p = t.real("R V p")
    given = t.given(R > 0, V >= 0, p > 2)

    def left(k, d):
        return t.read(shallow.KHINTCHINE, k=k, d=d)

    def right(growth, n, d):
        exponent = t.read(rates.LP_KHINTCHINE, d=d)
        width = R * (3 * d - 2)
        constant = 2 * t.quoted(shallow.B_P) * V * (width / 4) * (width / (2 * R)) ** (1 / p)
        return constant / sqrt(2 * d) * growth**exponent * n ** (-exponent)

    return in_neurons(t, left, right, given=given)
