"""Clips as SignReLU networks, behind any network, and the ratio of two outputs between clips.

clip_M(y; c, C) = c + ρ_M(y - c) - ρ_M(y - C) with ρ_M(y) = ρ(My)/M; see `division.py` for gates
behind networks.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
from boundcheck.theorems.author.layers import alone, behind, neurons, sizes
from boundcheck.theorems.author.words import And, Forall, ThereIs, signrelu, value
from boundcheck.theorems.language.sorts import REAL

SOURCE = "derived here"

# -- clips -----------------------------------------------------------------------------------------


def clip(c, C, M, y):
    """c + ρ_M(y - c) - ρ_M(y - C) with ρ_M(y) = ρ(My)/M."""
    return c + signrelu(M * (y - c)) / M - signrelu(M * (y - C)) / M


def defect(c, C, M):
    """The most by which clip_M differs from the clip."""
    return (C - c) / (1 + M * (C - c))


@theorem(source=SOURCE)
def clip_is_almost_hard(t):
    """clip_M is above the clip to [c, C], by at most (C - c)/(1 + M(C - c)), and in (c, C]."""
    c, C, M, y = t.real("c C M y")
    t.given(c < C, M > 0)
    t.example(c=0, C=1, M=1)
    soft, hard = clip(c, C, M, y), Min(C, Max(c, y))
    with t.let(y) as everywhere:
        t.show(And(hard <= soft, soft <= hard + defect(c, C, M), c < soft, soft <= C))
    return everywhere.fact


@theorem(source=SOURCE)
def defect_is_small(t):
    """(C - c)/(1 + M(C - c)) < 1/M."""
    c, C, M = t.real("c C M")
    t.given(c < C, M > 0)
    t.example(c=0, C=1, M=1)
    return t.show(defect(c, C, M) < 1 / M)


@theorem(source=SOURCE)
def clip_is_lipschitz(t):
    """clip_M is non-decreasing and 1-Lipschitz."""
    c, C, M, u, v = t.real("c C M u v")
    t.given(c < C, M > 0)
    t.example(c=0, C=1, M=1)
    soft_u, soft_v = clip(c, C, M, u), clip(c, C, M, v)
    with t.let(u, v, given=[u <= v]) as grows:
        t.show(And(soft_u <= soft_v, soft_v - soft_u <= v - u))
    clips, small = [soft_u, soft_v], Abs(soft_u - soft_v) <= Abs(u - v)
    with t.let(u, v) as lipschitz:
        with t.suppose(u <= v) as one:
            t.show(small, by=grows(u, v), opaque=clips)
        with t.suppose(v < u) as other:
            t.show(v <= u)
            t.show(small, by=[*other.facts, *grows(v, u)], opaque=clips)
        t.cases(u, v, one, other)
    return t.show(And(grows.fact.formula, lipschitz.fact.formula))


def clipping(t, base, M, ends):
    """A layer with two neurons for each output that is clipped: to the first two of `ends`, to the
    next two, and so on."""
    scale, count = 1 / M, len(ends)
    places = range(count)
    rows, outputs = [], []
    for i, (low, high) in enumerate(ends):
        slopes = [M if i == k else 0 for k in places]
        rows += [(-(M * low), *slopes), (-(M * high), *slopes)]
        outputs.append((low, *(f for k in places for f in ((scale, -scale) if i == k else (0, 0)))))
    return neurons(t, base, rows, outputs)


def clipped(t, fact, base, i, x, M, ends):
    """What such a layer computes, as a clip."""
    y, (low, high) = value(base, i, x), ends
    kinks = [signrelu(M * (y - end)) for end in (low, high)]
    pairs = [(-(M * end) + M * y, M * (y - end)) for end in (low, high)]
    found = t.replace(fact, *pairs)
    return t.show(found.formula.args[0].eq(clip(low, high, M, y)), by=found, opaque=kinks)


@theorem(source=SOURCE)
def clip_behind(t):
    """An output of a network clipped to [c, C]: one more layer, of two neurons."""
    (c, C, M), x, (N, A) = t.real("c C M"), t.sequence("x", REAL), t.network("N A", "signrelu")
    t.given(M > 0)
    t.example(M=1)
    t.exists(1 / M)
    with t.obtain(clipping(t, A, M, [(c, C)]), "B") as layer:
        with t.let(x):
            clipped(t, layer.facts[2](x), A, 0, x, M, (c, C))
        clips = Forall(x, value(N, 0, x).eq(clip(c, C, M, value(A, 0, x))))
        t.witness(ThereIs(N, behind(N, A, 1, 2), clips), layer.value)
    return layer.fact


@theorem(source=SOURCE)
def clips_behind(t):
    """Two outputs of a network clipped to [a, b] and to [c, C]: one more layer, of four neurons."""
    (a, b, c, C, M), x = t.real("a b c C M"), t.sequence("x", REAL)
    N, A = t.network("N A", "signrelu")
    t.given(M > 0)
    t.example(M=1)
    t.exists(1 / M)
    ends = [(a, b), (c, C)]
    with t.obtain(clipping(t, A, M, ends), "B") as layer:
        for i in (0, 1):
            with t.let(x):
                clipped(t, layer.facts[2 + i](x), A, i, x, M, ends[i])
        clips = [Forall(x, value(N, i, x).eq(clip(*ends[i], M, value(A, i, x)))) for i in (0, 1)]
        t.witness(ThereIs(N, behind(N, A, 1, 4), *clips), layer.value)
    return layer.fact


@theorem(source=SOURCE)
def ratio_behind(t):
    """z/y for outputs y and z of a network, whatever they are: clipped to [c, C] and to [-bC, bC],
    divided, and clipped to [-b, b]. Four more layers, of at most four neurons."""
    (b, c, C, M), x = t.real("b c C M"), t.sequence("x", REAL)
    N, A = t.network("N A", "signrelu")
    bounds = t.given(b > 0, c > 0, c < C, M > 0)
    t.example(b=1, c=1, C=2, M=1)
    most = b * C
    t.show(most > 0, by=bounds)
    hard = "clipping.clip_is_almost_hard"
    lower = t.use(hard)
    upper = t.use(hard, {"c": -most, "C": most})
    ends = {"a": c, "b": C, "c": -most, "C": most}
    with (
        t.obtain(t.use("clipping.clips_behind", ends), "D") as clips,
        t.obtain(t.use("division.division_behind", {"A": clips.value, "B": most}), "E") as ratio,
        t.obtain(t.use("clipping.clip_behind", {"A": ratio.value, "c": -b, "C": b}), "G") as out,
    ):
        D, G = clips.value, out.value
        sizes(t, behind(G, A, 4, 4), clips, ratio, out)
        with t.let(x):
            y, z = clips.facts[2](x), clips.facts[3](x)
            positive = t.rewrite(t.symmetric(y), lower(value(A, 0, x)))
            t.show(c <= value(D, 0, x), by=positive)
            small = t.rewrite(t.symmetric(z), upper(value(A, 1, x)))
            t.show(Abs(value(D, 1, x)) <= most, by=list(small)[2:])
            whole = t.rewrite(ratio.facts[2](x), out.facts[2](x))
            t.rewrite(z, t.rewrite(y, whole))
        quotient = clip(-most, most, M, value(A, 1, x)) / clip(c, C, M, value(A, 0, x))
        computes = Forall(x, value(N, 0, x).eq(clip(-b, b, M, quotient)))
        t.witness(ThereIs(N, behind(N, A, 4, 4), computes), G)
    return clips.fact


@theorem(source=SOURCE)
def clip_gate(t):
    """The smooth clip of x0 to [c, C], of scale M: a network with one hidden layer, two neurons."""
    (c, C, M), x = t.real("c C M"), t.sequence("x", REAL)
    t.given(M > 0)
    t.example(M=1)
    return alone(t, "clipping.clip_behind", x, [], clip(c, C, M, x(0)), layers=1, most=2)
