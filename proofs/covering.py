"""Covering numbers of network classes, by a grid of parameters and a Lipschitz
bound through the layers.

The classes and constants are those of `boundcheck.theory.formulas.covering`. Two networks f,
f' of a class have parameters in [-Θ, Θ] that differ by at most η; h and h' are values of a layer
of theirs at the same |x|_∞ <= R0, v bounds |h| and |h'|, D bounds |h - h'|. In words, here: a sum
of W terms is W times one more term, and a claim for l layers and for one more is a claim for all.
Both halves of each such induction are statements, for symbolic W, l, Θ and R0.
"""

from boundcheck import Box, SignReLU, claim, fails, gates, identity, inequality, symbols, uses
from boundcheck.math import Abs, Max, ceiling, log
from boundcheck.theory.formulas import covering
from boundcheck.theory.formulas.covering import R0, L, P, Theta, W, argument, b, c, d, delta, n

SOURCE = "derived here"

M, eta, D, v, layer, a, q = symbols("M eta D v layer a q")
growth = Theta * (W + 1)  # growth, the most by which a layer enlarges max(1, |h|)
CLASS = [Theta > 0, W >= 1, growth >= 1, a >= 1]  # a is max(1, R0)


# -- through the layers ----------------------------------------------------------------------------


@claim(source=SOURCE)
def activation(M, s, t):
    """ρ_M(t) = ρ(Mt)/M is 1-Lipschitz and |ρ_M(t)| <= |t|; so is SignReLU with any α <= 1."""
    yield uses("activation.lipschitz")
    yield uses("activation.linear_growth")

    def rho(t):
        return SignReLU()(M * t) / M

    yield inequality(Abs(rho(s) - rho(t)), "<=", Abs(s - t), on=Box.reals("s", "t"), given=[M > 0])
    yield inequality(Abs(rho(t)), "<=", Abs(t), on=Box.reals("t"), given=[M > 0])


@claim(source=SOURCE)
def values_of_a_neuron(S, w, h, j):
    """A bias and W weighted values sum to at most Θ(Wv + 1): each term adds at most Θv."""
    given = [Abs(S) <= Theta * (j * v + 1), Abs(w) <= Theta, Abs(h) <= v, j >= 0, Theta > 0]
    yield inequality(Abs(S + w * h), "<=", Theta * ((j + 1) * v + 1), given=given)


@claim(source=SOURCE)
def values(G):
    """max(1, |h|) <= K^l max(1, R0) after l layers, K = Θ(W+1) >= 1: by induction
    over l >= 1, the first layer first.

    In the step G stands for K, q for K^l max(1, R0).
    """
    yield uses("covering.activation")
    yield uses("covering.values_of_a_neuron")
    yield inequality(
        Max(1, Theta * (W * R0 + 1)), "<=", growth * a, given=[*CLASS, R0 > 0, a >= R0]
    )
    step = [Theta > 0, W >= 1, growth >= 1, q >= 1, v >= 0, v <= q]
    yield inequality(Max(1, Theta * (W * v + 1)), "<=", growth * q, given=step)
    yield inequality(
        G * (G**layer * a), "<=", G ** (layer + 1) * a, given=[G >= 1, layer >= 1, a >= 1]
    )


@claim(source=SOURCE)
def difference_of_a_neuron(S, T, w, u, h, g, j):
    """The sums of two neurons differ by at most W(ΘD + ηv) + η: each term wh, in the
    other one ug, by ΘD + ηv."""
    given = [Abs(w) <= Theta, Abs(w - u) <= eta, Abs(h - g) <= D, Abs(g) <= v, Theta > 0, eta > 0]
    yield inequality(Abs(w * h - u * g), "<=", Theta * D + eta * v, given=given)
    sums = [Theta * D + eta * v >= T, j * (Theta * D + eta * v) + eta >= S, D >= 0, v >= 0, j >= 0]
    yield inequality(
        S + T, "<=", (j + 1) * (Theta * D + eta * v) + eta, given=[*sums, Theta > 0, eta > 0]
    )


@claim(source=SOURCE)
def difference():
    """|h - h'| <= l (W+1) K^(l-1) max(1, R0) η after l layers: by induction over l >= 1, the first
    layer first.

    At l = L+1 this says |f - f'| <= sensitivity η. The inputs agree, so D = 0 in the first layer.
    In the step q stands for K^(l-1). The last layer has no activation, which changes nothing.
    """
    yield uses("covering.activation")
    yield uses("covering.values")
    yield uses("covering.difference_of_a_neuron")
    first = [*CLASS, eta > 0, R0 > 0, a >= R0]
    yield inequality(W * (Theta * 0 + eta * R0) + eta, "<=", (W + 1) * a * eta, given=first)
    known = [D >= 0, v >= 0, layer * (W + 1) * q * a * eta >= D, v <= growth * q * a]
    after = (layer + 1) * (W + 1) * (growth * q) * a * eta
    step = [*CLASS, eta > 0, layer >= 1, q >= 1, *known]
    yield inequality(W * (Theta * D + eta * v) + eta, "<=", after, given=step)
    sizes = [Theta > 0, W >= 1, L >= 0, R0 > 0]
    yield inequality(
        (L + 1) * (W + 1) * growth**L * Max(1, R0), "<=", covering.SENSITIVITY, given=sizes
    )


@claim(source=SOURCE)
def large_parameters_are_needed(t):
    """Θ(W+1) >= 1 cannot be dropped: a bias of the output moves it by η, which is
    more than `sensitivity` η."""
    bound = covering.SENSITIVITY.subs({L: 1, W: 1, R0: 1})
    small = inequality(eta, "<=", bound * eta, given=[Theta > 0, eta > 0])
    yield fails(small, at={Theta: t / 8}, given=[eta > 0, t > 0, t < 1])


# -- the grid --------------------------------------------------------------------------------------


@claim(source=SOURCE)
def grid(j, k, t):
    """k = ⌈Θ/η⌉ points -Θ + (2j-1)Θ/k of [-Θ, Θ] come within η of each of its
    points: t is in some j-th part."""
    yield inequality(Theta / ceiling(Theta / eta), "<=", eta, given=[Theta > 0, eta > 0])
    point = -Theta + (2 * j - 1) * Theta / k
    given = [Theta > 0, k >= 1, j >= 1, j <= k]
    yield inequality(Abs(point), "<=", Theta, given=given)
    part = [t >= -Theta + 2 * (j - 1) * Theta / k, t <= -Theta + 2 * j * Theta / k]
    yield inequality(Abs(t - point), "<=", Theta / k, given=[*given, *part])


@claim(source=SOURCE)
def covering_number(k, S):
    """log N(δ) <= P log⌈sensitivity Θ/δ⌉ <= P log(1 + sensitivity Θ/δ): k^P
    networks of the class itself.

    S is the sensitivity, η = δ/S.
    """
    yield uses("covering.difference")
    yield uses("covering.grid")
    given = [S > 0, Theta > 0, delta > 0, P >= 1, argument > 0]
    yield identity(
        Theta / (delta / S), covering.ARGUMENT.subs(covering.sensitivity, S), given=given
    )
    yield identity(S * (delta / S), delta, given=given)
    yield inequality(log(k**P), "<=", P * log(k), given=[k >= 1, P >= 1])
    yield inequality(covering.LOG_N, "<=", covering.LOG_N_SMOOTH, given=given)


# -- the networks of the ratio theorem -------------------------------------------------------------


@claim(source=SOURCE)
def shallow_layer():
    """g1 and g2 change by at most ratio_sensitivity η = (1 + 2nΘ(dR0 + 1))η, for every Θ > 0.

    The hidden values are at most Θ(dR0 + 1), their differences dR0η + η, and so the n terms of g1
    give W = n above. It is not more than what `difference` says for L = 1 and W = n >= d.
    """
    yield uses("covering.activation")
    yield uses("covering.values_of_a_neuron")
    yield uses("covering.difference_of_a_neuron")
    sizes = [n >= 1, d >= 1, Theta > 0, R0 > 0]
    yield identity(n * d + n + 2 * n + 2, covering.RATIO_PARAMETERS, given=sizes)
    given = [*sizes, eta > 0, v <= Theta * (d * R0 + 1), d * (Theta * 0 + eta * R0) + eta >= D]
    yield inequality(
        n * (Theta * D + eta * v) + eta, "<=", covering.RATIO_SENSITIVITY * eta, given=given
    )
    general = covering.SENSITIVITY.subs({L: 1, W: n}).subs(Max(1, R0), a)
    large = [d <= n, Theta * (n + 1) >= 1, a >= 1, a >= R0]
    yield inequality(covering.RATIO_SENSITIVITY, "<=", general, given=[*sizes, *large])


@claim(source=SOURCE)
def quotient(x, y, z, w):
    """|y/x - w/z| <= (1 + |y/x|)D/c for x, z >= c and |x - z|, |y - w| <= D; by
    symmetry also with |w/z|."""
    yield identity(
        y / x - w / z, ((y - w) - y / x * (x - z)) / z, on=Box.reals("y", "w"), given=[x > 0, z > 0]
    )
    known = [c > 0, x >= c, z >= c, Abs(x - z) <= D, Abs(y - w) <= D]
    yield inequality(
        Abs(y / x - w / z), "<=", (1 + Abs(y / x)) * D / c, on=Box.reals("y", "w"), given=known
    )


@claim(source=SOURCE)
def tail(p, r, e, s):
    """clip_M(g1/g2; -b, b), after the clips, has the Lipschitz constant (1+b)/c in
    max(|dg1|, |dg2|), for every M.

    The clips do not enlarge differences, and g2 is at least c after its own. Let p >= r be
    two quotients, e = D/c, so that p - r <= (1+|p|)e and p - r <= (1+|r|)e by `quotient`.
    The output changes by at most (1+b)e: if |p| <= b or |r| <= b, since the clip is 1-Lipschitz;
    if p, r > b, since it is constant there; if p, r < -b, since it flattens there faster than the
    quotient can grow; and if r < -b and b < p, since it changes by at most 2b: then p - r >= 2(b+s)
    and p - r <= (1+b+s)e for s the smaller one of p - b and -r - b.
    """
    yield uses("gates.clip_gate")
    yield uses("gates.clip_gate_is_monotone")
    yield uses("covering.quotient")
    clip = gates.clip(-b, b, M)
    known = [b > 0, M > 0, e >= 0, r <= p, p - r <= (1 + Abs(p)) * e, p - r <= (1 + Abs(r)) * e]
    for where in ([p >= -b, p <= b], [r >= -b, r <= b], [r > b], [p < -b]):
        yield inequality(
            clip(p) - clip(r), "<=", (1 + b) * e, on=Box.reals("p", "r"), given=[*known, *where]
        )
    yield inequality(
        2 * b, "<=", (1 + b) * e, given=[b > 0, s >= 0, 2 * (b + s) <= (1 + (b + s)) * e]
    )
    yield identity((1 + b) * (D / c), covering.LIPSCHITZ * D, given=[b > 0, c > 0, D >= 0])


@claim(source=SOURCE)
def ratio_covering_number(S, Lip, T, z):
    """log N(δ) <= P log⌈ratio_sensitivity Θ lipschitz/δ⌉ for the networks of the ratio
    theorem, P = n(d+1) + 2(n+1).

    S is the sensitivity of g1 and g2, Lip that of the tail, η = δ/(S Lip). The net consists
    of networks of the class, so its members are bounded by b.
    """
    yield uses("covering.shallow_layer")
    yield uses("covering.tail")
    yield uses("covering.covering_number")
    given = [S > 0, Lip > 0, Theta > 0, delta > 0]
    whole = covering.RATIO_ARGUMENT.subs({covering.ratio_sensitivity: S, covering.lipschitz: Lip})
    yield identity(Theta / (delta / (S * Lip)), whole, given=given)
    yield inequality(Lip * z, "<=", delta, given=[*given, z >= 0, z <= S * (delta / (S * Lip))])
    yield inequality(Abs(gates.clip(-b, b, M)(T)), "<=", b, on=Box.reals("T"), given=[b > 0, M > 0])
