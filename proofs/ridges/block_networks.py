"""Broken lines in k directions as one hidden layer.

The line j is F(j) times the interpolant of H(j, 0), H(j, 1), ... at the knots h(m - r(j))
of w(j)·x/sigma + Rho(j), for points beyond the first knot; `bend` stands for 2(1 - cos(h))/h.
"""

from boundcheck import theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.words import (
    Forall,
    Sum,
    ThereIs,
    depth,
    function,
    relu,
    sequence,
    value,
    width,
)
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


def neuron_weights(F, H, reach, w, r, h, sigma, bend, m, i):
    """Of F (H(0) + (H(1) - H(0))/h (z + hr) - bend Σ_m H(m) relu(z - h(m - r))), z = w·x/sigma +
    reach: p, q(i), c(m), b(m), v(i) in p + q·x + Σ_m c(m) relu(b(m) + v·x)."""
    slope = F * ((H(1) - H(0)) / h)
    p = F * H(0) + slope * (reach - h * (0 - r))
    return p, slope / sigma * w(i), -F * bend * H(m), reach - h * (m - r), w(i) / sigma


@theorem(source=SOURCE)
def line_as_neurons(t):
    """A multiple of a broken line, as an affine form and neurons."""
    F, reach, r, h, sigma, bend = t.real("F Rho r h sigma bend")
    H, (w, x), (d, i, m, n) = t.function("H", NAT), t.sequence("w x", REAL), t.nat("d i m n")
    step, positive = t.given(h > 0, sigma > 0)
    t.example(F=0, Rho=0, r=0, h=1, sigma=1, bend=0, H=function(i, 0), d=0, n=0)
    products = Sum(w(i) * x(i), (i, 1, d))
    z = products / sigma + reach
    kinks = Sum(H(m) * relu(z - h * (m - r)), (m, 1, n))
    line = H(0) + (H(1) - H(0)) / h * (z - h * (0 - r)) - bend * kinks
    p, q, c, b, v = neuron_weights(F, H, reach, w, r, h, sigma, bend, m, i)
    forms = [Sum(u * x(i), (i, 1, d)) for u in (q, v)]
    slope = F * ((H(1) - H(0)) / h) / sigma
    first_ = t.add_up(forms[0].eq(slope * products))
    second_ = t.add_up(forms[1].eq(1 / sigma * products))
    neurons = Sum(c * relu(b + forms[1]), (m, 1, n))
    with t.let(m) as each:
        same = t.show((b + forms[1]).eq(z - h * (m - r)), by=[second_, positive])
        equal = t.at_equals(function(F, relu(F)), same)
        t.show((c * relu(b + forms[1])).eq(-F * bend * (H(m) * equal.right)), by=equal)
    total = t.add_up(neurons.eq(-F * bend * kinks), by=each)
    whole = (F * line).eq(p + forms[0] + neurons)
    return t.show(whole, by=[first_, total, step, positive], opaque=[kinks, neurons])


@theorem(source=SOURCE)
def broken_lines(t):
    """The mean of k broken lines on the box: a network with one hidden layer of at most 1 + Σ n(j)
    neurons."""
    R, h, sigma, bend = t.real("R h sigma bend")
    (F, reach, r), n = t.function("F Rho r", NAT), t.function("n", NAT, to=NAT)
    H, w = t.function("H w", NAT, NAT)
    (d, i, j, m, k), x, N = t.nat("d i j m k"), t.sequence("x", REAL), t.network("N", "relu")
    _side, step, positive, some = t.given(R >= 0, h > 0, sigma > 0, k >= 1)
    zeros = {"H": function([j, m], 0), "w": function([j, m], 0), "n": function(j, 0)}
    zeros |= {name: function(j, 0) for name in ("F", "Rho", "r")}
    t.example(R=0, h=1, sigma=1, bend=0, d=0, k=1, **zeros)
    box = [Forall(i, Abs(x(i)) <= R, [i >= 1, i <= d])]
    z = Sum(w(j, i) * x(i), (i, 1, d)) / sigma + reach(j)
    kinks = Sum(H(j, m) * relu(z - h * (m - r(j))), (m, 1, n(j)))
    line = H(j, 0) + (H(j, 1) - H(j, 0)) / h * (z - h * (0 - r(j))) - bend * kinks
    whole = Sum(F(j) * line, (j, 1, k)) / k
    goal = ThereIs(
        N,
        depth(N).eq(1),
        width(N) <= 1 + Sum(n(j), (j, 1, k)),
        Forall(x, value(N, 0, x).eq(whole), box),
    )

    def at(m):
        return H(j, m)

    def direction(i):
        return w(j, i)

    weights = neuron_weights(F(j) / k, at, reach(j), direction, r(j), h, sigma, bend, m, i)
    p, q, c, b, v = weights
    values = {"p": function(j, p), "q": function([j, i], q), "c": function([j, m], c)}
    values |= {"b": function([j, m], b), "v": function([j, i], v)}
    with t.obtain(
        t.use("shallow_sums.with_an_affine_part", values, by=[some, step, positive]), "L"
    ) as new:
        _deep, _wide, computes = new.facts
        with t.let(x, given=box) as here:
            found = computes(x, by=here.facts)
            with t.let(j) as each:
                parts = {"F": F(j) / k, "Rho": reach(j), "r": r(j), "H": function(m, H(j, m))}
                parts |= {"w": sequence(i, w(j, i)), "n": n(j)}
                one = t.use("block_networks.line_as_neurons", parts)
                t.show(one.formula, by=one)
            same = t.add_up(found.right.eq(1 / k * Sum(F(j) * line, (j, 1, k))), by=each)
            t.show(value(new.value, 0, x).eq(whole), by=[found, same, some])
        t.witness(goal, new.value)
    return new.fact
