"""The ratio theorem for networks: a SignReLU network of depth 7 for f1/f2, with its rate.

f1 and f2 are functions of sequences x of numbers (a network reads finitely many of them), pi a law
of x; |f1| <= b f2 and c <= f2 <= mass on its set. A network A with one hidden layer of at most n
neurons has the outputs 0 and 1 near f2 and f1. Behind it come a layer of clips of scale M, the
division gate, perhaps an output clip, and layers that repeat the last one, up to depth 7.
"""

from contextlib import ExitStack
from functools import partial

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    LivesOn,
    Mean,
    Norm,
    ThereIs,
    depth,
    function,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theorems.language.sorts import REAL, seq
from boundcheck.theory.formulas import ratio

SOURCE = (
    "arXiv:2601.21242 claims depth 7, width O(n+9) and the rate; the network and its constants "
    "are derived here"
)


def clip(low, high, M, v):
    """The clip gate of scale M at v: v brought to [low, high], but for 1/M."""
    return low + signrelu(M * (v - low)) / M - signrelu(M * (v - high)) / M


# -- the networks ----------------------------------------------------------------------------------


def next_layers(t, scopes, name, gate, base, **values):
    """The network that a gate behind the base gives, as a block."""
    return scopes.enter_context(t.obtain(t.use(gate, {"A": base, **values}), name))


def depth_seven(t, output_clip):
    """There is a network of depth 7 behind A: both outputs clipped, the second divided by the
    first, and clipped again, where that is asked for."""
    (b, c, mass, M), n, x = t.real("b c mass M"), t.nat("n"), t.sequence("x", REAL)
    N, A = t.network("N A", "signrelu")
    bounds = t.given(b >= 0, c > 0, c <= mass, M > 0)
    deep, wide = t.given(depth(A).eq(1), width(A) <= n)
    most, y, z = b * mass, value(A, 0, x), value(A, 1, x)
    t.show(And(most >= 0, -most <= most), by=bounds)
    *_, inside = t.use("ratio.smooth_clip_costs_little")
    with ExitStack() as scopes:
        behind = partial(next_layers, t, scopes)
        clips = behind("D", "clipping.clips_behind", A, a=c, b=mass, c=-most, C=most)
        division = behind("E", "division.division_behind", clips.value, C=mass, B=most)
        with t.let(x) as computed:
            first, second = clips.facts[2](x), clips.facts[3](x)
            lower = t.rewrite(t.symmetric(first), inside(c, mass, M, y))
            upper = t.rewrite(t.symmetric(second), inside(-most, most, M, z))
            t.show(Abs(value(clips.value, 1, x)) <= most, by=upper)
            t.rewrite(second, t.rewrite(first, division.facts[2](x, by=[lower, upper])))
        blocks, result = [clips, division], computed.fact
        if output_clip:
            blocks.append(behind("F", "clipping.clip_behind", division.value, c=-b, C=b))
            with t.let(x) as computed:
                t.rewrite(result(x), blocks[-1].facts[2](x))
            result = computed.fact
        hidden = [deep, *(block.facts[0] for block in blocks)]
        t.show(depth(blocks[-1].value) >= 1, by=hidden)
        more = t.use("networks.padded", {"A": blocks[-1].value})(5 - len(blocks))
        padded = scopes.enter_context(t.obtain(more, "G"))
        with t.let(x):
            t.rewrite(result(x), padded.facts[2](0, x))
        P = padded.value
        t.show(depth(P).eq(7), by=[*hidden, padded.facts[0]])
        widths = [wide, padded.facts[1], *(block.facts[1] for block in blocks)]
        t.show(width(P) <= Max(n, 4), by=widths)
        computes = Forall(x, value(N, 0, x).eq(result(x).formula.args[1]))
        t.witness(ThereIs(N, depth(N).eq(7), width(N) <= Max(n, 4), computes), P)
    return clips.fact


@theorem(source=SOURCE)
def quotient(t):
    """Behind a network with one hidden layer of at most n neurons: the ratio of its outputs after
    their clips, by a network of depth 7 and of width at most max(n, 4)."""
    return depth_seven(t, False)


@theorem(source=SOURCE)
def clipped_quotient(t):
    """The same with an output clip to [-b, b]."""
    return depth_seven(t, True)


# -- approximation ---------------------------------------------------------------------------------


class Marginals:
    """f1 and f2 on sequences, with f2 >= c (or > 0), f2 <= mass and |f1| <= b f2 on the set of a
    law; networks of scale M."""

    def __init__(self, t, positive=False, p=None):
        self.t, X = t, seq(REAL)
        self.b, self.c, self.mass, self.M = t.real("b c mass M")
        self.p = t.real("p") if p is None else p
        self.n, self.x, self.law = t.nat("n"), t.sequence("x", REAL), t.law("Omega", X)
        self.N, self.A = t.network("N A", "signrelu")
        self.f1, self.f2 = (f(self.x) for f in t.function("f1 f2", X))
        self.ratio = self.f1 / self.f2
        self.sizes = t.given(self.b >= 0, self.c > 0, self.c <= self.mass, self.M > 0)
        self.low, *_ = t.given(
            self.everywhere(self.f2 > 0 if positive else self.f2 >= self.c),
            self.everywhere(self.f2 <= self.mass),
            self.everywhere(Abs(self.f1) <= self.b * self.f2),
        )

    def everywhere(self, body):
        return LivesOn(self.law, self.x, body)

    def norm(self, u):
        return Norm(u, self.p, (self.x, self.law))

    def at(self):
        """The block of an arbitrary point of the set of the law."""
        return self.t.let(self.x, given=[In(self.x, self.law)])

    def shallow(self, n, approximation):
        """There is a network with one hidden layer of at most n neurons, its outputs 0 and 1 near
        f2 and f1."""
        first = self.norm(self.f2 - value(self.A, 0, self.x))
        second = self.norm(self.f1 - value(self.A, 1, self.x))
        near = (first <= approximation, second <= self.b * approximation)
        return ThereIs(self.A, depth(self.A).eq(1), width(self.A) <= n, *near)

    def deep(self, error):
        """There is a network of depth 7 and of width at most n + 9 with that of its error."""
        near = error(value(self.N, 0, self.x))
        return ThereIs(self.N, depth(self.N).eq(7), width(self.N) <= self.n + 9, near)


class Clips:
    """The outputs of a network B after the clips, g near f1 and G near f2, with G >= c; `total`
    says what they cost."""

    def __init__(self, s, B, cost, approximation):
        t, x, most = s.t, s.x, s.b * s.mass
        g2, g1 = value(B, 0, x), value(B, 1, x)
        self.g, self.G = clip(-most, most, s.M, g1), clip(s.c, s.mass, s.M, g2)
        values = {"pi": s.law, "p": s.p, "approximation": approximation}
        outputs = {"g1": function(x, g1), "g2": function(x, g2)}
        self.total = t.use(cost, {**values, **outputs}, {"X": seq(REAL)})
        self.positive = t.show(s.everywhere(s.f2 > 0), by=[s.low])
        *_, inside = t.use("ratio.smooth_clip_costs_little")
        with s.at() as above:
            low, _ = inside(s.c, s.mass, s.M, g2)
            t.show(low.formula)
        self.above = above.fact
        self.functions = {"g": function(x, self.g), "G": function(x, self.G)}


@theorem(source=SOURCE)
def network_for_a_ratio(t):
    """‖f1/f2 - N‖_p <= error/c for a network N of depth 7 and of width at most n + 9, where f2 >= c
    and a network with one hidden layer of n neurons is within `approximation` of f2, and within b
    times that of f1."""
    s, approximation = Marginals(t), t.real("approximation")
    t.given(s.p >= 1)
    near = t.given(s.shallow(s.n, approximation))
    bound = t.read(ratio.UNIFORM, error=t.read(ratio.ERROR))
    with t.obtain(near, "B") as layer:
        B, x = layer.value, s.x
        clips = Clips(s, B, "ratio.error_in_norm", approximation)
        quotient = clips.g / clips.G
        values = {"pi": s.law, **clips.functions}
        error = t.use("ratio.uniformly_positive", values, {"X": seq(REAL)})
        with t.obtain(t.use("ratio_networks.quotient", {"A": B}), "D") as deep:
            D, (_, wide, values) = deep.value, deep.facts
            output = value(D, 0, x)
            with s.at() as same:
                t.exists(s.ratio, by=[clips.positive(x)])
                t.exists(quotient, by=[clips.above(x)])
                equal = Abs(s.ratio - output) <= Abs(s.ratio - quotient)
                t.show(equal, by=[values(x)], opaque=[s.ratio, quotient])
            step = t.minkowski(s.norm(s.ratio - output) <= s.norm(s.ratio - quotient), by=same)
            t.show(s.norm(s.ratio - output) <= bound, by=[step, error, clips.total])
            t.show(width(D) <= s.n + 9, by=[wide])
            t.witness(s.deep(lambda output: s.norm(s.ratio - output) <= bound), D)
    return layer.fact


class Squares(Marginals):
    """The same for p = 2, with the density q = (2πσ²)^(-d/2) f2 on Ω = [-R, R]^d, of at most the
    mass `mass` where that is asked for."""

    def __init__(self, t, positive=False, density=True):
        super().__init__(t, positive=positive, p=number(2))
        d, R, sigma, _, l2_sharp = t.real("d R sigma V l2_sharp")
        t.given(d >= 1, R > 0, sigma > 0)
        self.factor = (2 * constant("pi") * sigma**2) ** (-d / 2) * (2 * R) ** d
        if density:
            t.given(self.factor * Mean(self.f2, (self.x, self.law)) <= self.mass)
        self.approximation = t.quoted(ratio.APPROXIMATION, lp=l2_sharp)
        self.near = t.given(self.shallow(self.n, self.approximation))
        self.error_l2 = t.quoted(ratio.ERROR_L2)

    def error(self, bound):
        """That the squared error of an output is at most the bound."""

        def squares(output):
            over = (self.x, self.law)
            return self.factor * Mean(self.f2 * (self.ratio - output) ** 2, over) <= bound

        return squares


def with_output_clip(t, formula, cost, norm, positive):
    """The squared error against the density of a network with an output clip."""
    s, (M, v, b) = Squares(t, positive), t.real("m v u")
    bound = t.read(formula, error_l2=t.read(ratio.ERROR_L2))
    with t.let(M, b, v, given=[M > 0, b >= 0]) as output:
        t.show(Abs(clip(-b, b, M, v) - Max(-b, Min(b, v))) <= 1 / M)
    with t.obtain(s.near, "B") as layer:
        B, x = layer.value, s.x
        clips = Clips(s, B, cost, s.approximation)
        quotient = clips.g / clips.G
        with t.obtain(t.use("ratio_networks.clipped_quotient", {"A": B}), "D") as network:
            D, (_, wide, values) = network.value, network.facts
            with s.at():
                t.exists(quotient, by=[clips.above(x)])
                t.rewrite(t.symmetric(values(x)), output(s.M, s.b, quotient))
            t.show(s.mass > 0, by=s.sizes)
            functions = {"r": function(x, value(D, 0, x)), "error_l2": s.error_l2}
            t.use(norm, {**clips.functions, **functions}, {"X": seq(REAL)})
            t.show(width(D) <= s.n + 9, by=[wide])
            t.witness(s.deep(s.error(bound)), D)
    return layer.fact


@theorem(source=SOURCE)
def uniform_squared_network(t):
    """∫_Ω q |f1/f2 - N|² dx <= uniform_squared for a network N of depth 7 and of width at most
    n + 9, where f2 >= c, given a shallow network for the marginals f1 and f2."""
    s = Squares(t, density=False)
    bound = t.read(ratio.UNIFORM_SQUARED, error_l2=t.read(ratio.ERROR_L2))
    with t.obtain(s.near, "B") as layer:
        B, x = layer.value, s.x
        clips = Clips(s, B, "ratio.error_in_norm", s.approximation)
        quotient = clips.g / clips.G
        t.show(s.mass > 0, by=s.sizes)
        functions = {**clips.functions, "error_l2": s.error_l2}
        norm = t.use("ratio_density.uniform_squared_norm", functions, {"X": seq(REAL)})
        with t.obtain(t.use("ratio_networks.quotient", {"A": B}), "D") as network:
            D, (_, wide, values) = network.value, network.facts
            other = s.f2 * (s.ratio - value(D, 0, x)) ** 2
            with s.at() as same:
                t.exists(s.ratio, by=[clips.positive(x)])
                t.exists(quotient, by=[clips.above(x)])
                square = s.f2 * (s.ratio - quotient) ** 2
                equal = And(other.eq(square), Abs(other) <= Abs(square))
                t.show(equal, by=[values(x)], opaque=[s.ratio, quotient])
            mean, known, size = (Mean(u, (x, s.law)) for u in (other, square, Abs(square)))
            t.exists(mean, bound=size, by=[same.fact], at=x, opaque=[s.ratio, quotient])
            equal = t.average(mean.eq(known), by=[same.fact], at=x, opaque=[s.ratio, quotient])
            error = s.error(bound)(value(D, 0, x))
            t.show(error, by=[norm, equal], opaque=[s.factor, bound])
            t.show(width(D) <= s.n + 9, by=[wide])
            t.witness(s.deep(s.error(bound)), D)
    return layer.fact


@theorem(source=SOURCE)
def weighted_network(t):
    """∫_Ω q |f1/f2 - N|² dx <= weighted for a network N of depth 7 and of width at most n + 9,
    where f2 >= c, given a shallow network for the marginals f1 and f2."""
    cost, norm = "ratio.error_in_norm", "ratio_density.weighted_norm"
    return with_output_clip(t, ratio.WEIGHTED, cost, norm, positive=False)


@theorem(source=SOURCE)
def positivity_free_network(t):
    """∫_Ω q |f1/f2 - N|² dx <= positivity_free for a network N of depth 7 and of width at most
    n + 9, for every f2 > 0, given a shallow network for the marginals f1 and f2."""
    cost, norm = "ratio.error_without_positivity", "ratio_density.positivity_free_norm"
    return with_output_clip(t, ratio.POSITIVITY_FREE, cost, norm, positive=True)


@theorem(source=SOURCE)
def smallest_network(t):
    """The smallest of the three bounds holds for some network, where f2 >= c."""
    s = Squares(t)
    t.show(s.everywhere(s.f2 > 0), by=[s.low])
    formulas = (ratio.UNIFORM_SQUARED, ratio.WEIGHTED, ratio.POSITIVITY_FREE)
    versions = ("uniform_squared", "weighted", "positivity_free")
    bounds = [t.quoted(formula, error_l2=s.error_l2) for formula in formulas]
    smallest = t.read(ratio.SMALLEST, **dict(zip(versions, bounds, strict=True)))
    goal = s.deep(s.error(smallest))
    with ExitStack() as scopes:
        networks = []
        for k, version in enumerate(versions):
            there = t.use(f"ratio_networks.{version}_network")
            networks.append(scopes.enter_context(t.obtain(there, f"D{k}")))

        def smaller(i, j, *known):
            """The goal, by the network i or j, whichever has the smaller bound of the two; then
            that one against the next."""
            blocks = []
            for k, condition in ((i, bounds[i] <= bounds[j]), (j, bounds[j] < bounds[i])):
                with t.suppose(condition) as block:
                    facts = [*known, *block.facts]
                    if j < 2:
                        smaller(k, 2, *facts)
                    else:
                        error = s.error(smallest)(value(networks[k].value, 0, s.x))
                        facts.append(networks[k].facts[2])
                        t.show(error, by=facts, opaque=[*bounds, s.factor])
                        t.witness(goal, networks[k].value)
                blocks.append(block)
            return t.cases(bounds[i], bounds[j], *blocks)

        smaller(0, 1)
    return networks[0].fact
