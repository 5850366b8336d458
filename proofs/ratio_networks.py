"""The ratio theorem for networks: a SignReLU network of depth 7 for f1/f2, with its rate.

f1 and f2 are functions of sequences x of numbers (a network reads finitely many of them), pi a law
of x; |f1| <= b f2 and c <= f2 <= mass on its set. A network A with one hidden layer of at most n
neurons has the outputs 0 and 1 near f2 and f1. Behind it come a layer of clips of scale M, the
division gate, perhaps an output clip, and layers that repeat the last one, up to depth 7.
"""

from contextlib import ExitStack
from functools import partial

from boundcheck import Reading, theorem
from boundcheck.math import Abs, Max, Min, exp, symbols
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Implies,
    In,
    LivesOn,
    Mean,
    Norm,
    Prob,
    ThereIs,
    depth,
    function,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import constant, made, number
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import REAL, seq
from boundcheck.theory.formulas import ratio, shallow

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
    law; networks of scale M. `names` are those of c and M."""

    def __init__(self, t, names="c M", positive=False, p=None, strict=False):
        self.t, X = t, seq(REAL)
        (self.b, self.mass), (self.c, self.M) = t.real("b mass"), t.real(names)
        self.p = t.real("p") if p is None else p
        self.n, self.x, self.law = t.nat("n"), t.sequence("x", REAL), t.law("Omega", X)
        self.N, self.A = t.network("N A", "signrelu")
        self.f1, self.f2 = (f(self.x) for f in t.function("f1 f2", X))
        self.ratio = self.f1 / self.f2
        least = self.b > 0 if strict else self.b >= 0
        self.sizes = t.given(least, self.c > 0, self.c <= self.mass)
        self.low, *_ = t.given(
            self.everywhere(self.f2 > 0 if positive else self.f2 >= self.c),
            self.everywhere(self.f2 <= self.mass),
            self.everywhere(Abs(self.f1) <= self.b * self.f2),
        )

    def read(self, formula, **names):
        return self.t.read(formula, c=self.c, **{"M": self.M, **names})

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

    def deep(self, n, bound):
        """There is a network of depth 7 and of width at most n + 9 near f1/f2."""
        near = self.norm(self.ratio - value(self.N, 0, self.x)) <= bound
        return ThereIs(self.N, depth(self.N).eq(7), width(self.N) <= n + 9, near)


class Clips:
    """The outputs of a network B after the clips, g near f1 and G near f2, with G >= c; `total` says
    what they cost."""

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
    t.given(s.p >= 1, s.M > 0)
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
            t.witness(s.deep(s.n, bound), D)
    return layer.fact


def against_the_density(t, formula, cost, norm, positive):
    """The same for the squared error against the density q = (2πσ²)^(-d/2) f2, with an output
    clip."""
    s = Marginals(t, positive=positive, p=number(2))
    d, R, sigma, V, l2_sharp = t.real("d R sigma V l2_sharp")
    t.given(s.M > 0, d >= 1, R > 0, sigma > 0)
    factor = (2 * constant("pi") * sigma**2) ** (-d / 2) * (2 * R) ** d
    t.given(factor * Mean(s.f2, (s.x, s.law)) <= s.mass)
    approximation = t.read(ratio.APPROXIMATION, lp=l2_sharp)
    near, error = t.given(s.shallow(s.n, approximation)), t.read(ratio.ERROR_L2)
    bound = t.read(formula, error_l2=error)

    def deep(N):
        squares = factor * Mean(s.f2 * (s.ratio - value(N, 0, s.x)) ** 2, (s.x, s.law))
        return And(depth(N).eq(7), width(N) <= s.n + 9, squares <= bound)

    (M, v), b = t.real("m v"), t.real("u")
    with t.let(M, b, v, given=[M > 0, b >= 0]) as output:
        t.show(Abs(clip(-b, b, M, v) - Max(-b, Min(b, v))) <= 1 / M)
    with t.obtain(near, "B") as layer:
        B, x = layer.value, s.x
        clips = Clips(s, B, cost, approximation)
        quotient = clips.g / clips.G
        with t.obtain(t.use("ratio_networks.clipped_quotient", {"A": B}), "D") as network:
            D, (_, wide, values) = network.value, network.facts
            with s.at() as same:
                t.exists(quotient, by=[clips.above(x)])
                t.rewrite(t.symmetric(values(x)), output(s.M, s.b, quotient))
            t.show(s.mass > 0, by=s.sizes)
            functions = {**clips.functions, "r": function(x, value(D, 0, x)), "error_l2": error}
            t.use(norm, functions, {"X": seq(REAL)})
            t.show(width(D) <= s.n + 9, by=[wide])
            t.witness(ThereIs(s.N, deep(s.N)), D)
    return layer.fact


@theorem(source=SOURCE)
def weighted_network(t):
    """∫_Ω q |f1/f2 - N|² dx <= weighted for a network N of depth 7 and of width at most n + 9, where
    f2 >= c."""
    cost, norm = "ratio.error_in_norm", "ratio_density.weighted_norm"
    return against_the_density(t, ratio.WEIGHTED, cost, norm, positive=False)


@theorem(source=SOURCE)
def positivity_free_network(t):
    """∫_Ω q |f1/f2 - N|² dx <= positivity_free for a network N of depth 7 and of width at most n + 9,
    for every f2 > 0."""
    cost, norm = "ratio.error_without_positivity", "ratio_density.positivity_free_norm"
    return against_the_density(t, ratio.POSITIVITY_FREE, cost, norm, positive=True)


# -- for every number of neurons -------------------------------------------------------------------


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
        powers = t.use("ratio_networks.powers_grow")(d)
        t.show(t.read(ratio.NEURONS, k=k + 1) <= t.read(ratio.GROWTH) * k**d, by=[powers])
    return all_d.fact


@theorem(source=SOURCE)
def cells_for_neurons(t):
    """For n >= N_2(1) there is k with N_2(k) <= n and k^(-(d+3)/2) <= (N_2(2)/n)^(1/2+3/(2d)): the
    largest one."""
    n, k, d = t.nat("n k d")
    (g, z, e, m), size = t.real("g z e m"), function(k, t.read(ratio.NEURONS))
    some, least = t.given(d >= 1, n >= t.read(ratio.N_0))
    with t.let(z, e, m, g, given=[z >= 1, e >= 1, m > 0, g > 0, m <= g * z**e]) as real:
        exponent = t.read(shallow.EXPONENT, d=e)
        goal = z ** (-exponent) <= g ** ((e + 3) / (2 * e)) * t.read(ratio.RATE, n=m, d=e)
        t.show(goal, by=real.facts)
    with t.let(k, given=[k >= 1]) as powers:
        t.use("ratio_networks.powers_grow")(d)
    *_, large = powers(n + 1)
    top = t.show(n <= size(n + 1), by=[large, some])
    found = t.between(size, 1, n + 1, n, by=[least, top, some])
    with t.obtain(found, "j") as cells:
        j, (low, _, _, many), growth = cells.value, cells.facts, t.read(ratio.GROWTH)
        t.show(And(j >= 1, j > 0), by=[low])
        step = t.use("ratio_networks.neurons_grow", {"k": j})(d)
        same = t.use("ratio_networks.natural_powers", {"x": j})(d)
        power, _ = same.formula.args
        t.show(n <= growth * power, by=[many, step, same], opaque=[power])
        t.show(And(n > 0, growth > 0), by=[least])
        left, right = real(j, d, n, growth).formula.args
        t.witness(ThereIs(k, k >= 1, size(k) <= n, k ** left.args[1] <= right), j)
    return cells.fact


class Rate(Marginals):
    """The same where for every k there is a network with one hidden layer of N_2(k) neurons within
    lp + 3V/M of f2, and within b times that of f1; lp is a constant times k^(-(d+3)/2)."""

    falls = symbols("falls")  # k^(-(d+3)/2)

    def __init__(self, t, lp, given, names="c M", strict=False, **constants):
        super().__init__(t, names, strict=strict)
        self.d, self.k, (self.R, self.V) = *t.nat("d k"), t.real("R V")
        t.given(self.R > 0, self.V > 0 if strict else self.V >= 0, self.d >= 1, *given(self))
        t.show(self.p >= 1)
        self.factors = {name: t.read(formula) for name, formula in constants.items()}
        self.signs = [t.show(f >= 0) for f in self.factors.values()]
        self.lp = lp.subs(shallow.k ** (-shallow.EXPONENT), self.falls)
        self.growth, self.shape = t.read(ratio.OF_K_TO_N), t.read(ratio.RATE)

    def approximation(self, falls, scale=None):
        scale = self.M if scale is None else scale
        lp = self.t.read(self.lp, falls=falls, **self.factors)
        return self.read(ratio.APPROXIMATION, lp=lp, M=scale)

    def at(self, k):
        return k ** (-self.t.read(shallow.EXPONENT))

    def marginals(self, scale=None):
        """The theorem on marginals."""
        near = self.approximation(self.at(self.k), scale)
        layer = self.shallow(self.t.read(ratio.NEURONS), near)
        return Forall(self.k, layer, given=[self.k >= 1])

    def uniform(self, approximation):
        return self.read(ratio.UNIFORM, error=self.read(ratio.ERROR, approximation=approximation))

    def bound(self, constant):
        """C n^(-1/2-3/(2d)) + C'/M."""
        C, C_prime = (self.read(f, **self.factors) for f in (constant, ratio.C_PRIME))
        return self.read(ratio.BOUND_AT_N, C=C, C_prime=C_prime)


def for_all_n(t, constant, *setting, **constants):
    """For every n >= N_2(1) there is such a network within C n^(-1/2-3/(2d)) + C'/M."""
    s = Rate(t, *setting, **constants)
    t.given(s.M > 0)
    marginals, bound = t.given(s.marginals()), s.bound(constant)
    with t.let(s.n, given=[s.n >= t.read(ratio.N_0)]) as all_n:
        cells = t.use("ratio_networks.cells_for_neurons")
        with t.obtain(cells, "j") as found, t.obtain(marginals(found.value), "B") as layer:
            (_, few, fine), at_j = found.facts, s.at(found.value)
            near, fast = s.approximation(at_j), s.approximation(s.growth * s.shape)
            t.show(width(layer.value) <= s.n, by=[layer.facts[1], few])
            t.witness(s.shallow(s.n, near), layer.value)
            parts = [*s.factors.values(), at_j, s.growth, s.shape]
            first = t.show(s.uniform(near) <= s.uniform(fast), by=[*s.signs, fine], opaque=parts)
            second = t.show(s.uniform(fast).eq(bound), opaque=parts)
            network = t.use("ratio_networks.network_for_a_ratio", {"approximation": near})
            with t.obtain(network, "D") as deep:
                error = deep.facts[2].formula.args[0]
                t.show(error <= bound, by=[deep.facts[2], first, second], opaque=parts)
                t.witness(s.deep(s.n, bound), deep.value)
    return all_n.fact


def up_to_two(s):
    return [s.p >= 1]


def above_two(s):
    return [s.p > 2, s.t.real("sigma") > 0, s.mass > 0]


@theorem(
    source="derived here: what replaces reading B of the symbol M",
    reading=Reading(
        "P2",
        "M is the weight scale of the activation, in a sum instead of a product; given the theorem "
        "on marginals",
        ratio.BOUND_AT_N,
    ),
)
def rate_with_m_in_a_sum(t):
    """For n >= N_2(1) and f2 >= c there is a network N of depth 7 and of width at most n + 9 with
    ‖f1/f2 - N‖_p <= C n^(-1/2-3/(2d)) + C'/M, M the weight scale.

    Reading B, mended: a sum does hold, since ρ_M instead of ReLU costs at most 1/M times the sum of
    the coefficients. The hypothesis on networks with one hidden layer is the theorem on marginals,
    for p <= 2.
    """
    return for_all_n(t, ratio.C_UP_TO_2, shallow.L2_SHARP, up_to_two, c_sharp=shallow.C_SHARP)


@theorem(source=SOURCE)
def rate_above_two(t):
    """The same for 2 < p < ∞, with the constant of Hoeffding's inequality."""
    return for_all_n(
        t, ratio.C_ABOVE_2, shallow.HOEFFDING, above_two, c_hoeffding=shallow.C_HOEFFDING
    )


# -- readings of the symbol M ----------------------------------------------------------------------


def by_lower_bound(t, sum_, constant, *setting, **constants):
    """Within 2A M^-1 n^(-1/2-3/(2d)), M the lower bound of f2, for a large scale S."""
    s = Rate(t, *setting, names="M S", strict=True, **constants)
    scales = t.given(Forall(s.M, s.marginals(), given=[s.M > 0]))
    A, q = t.read(constant, **s.factors), t.read(ratio.A_PRIME)
    bound = s.read(ratio.BY_LOWER_BOUND, A=A, M=s.c)
    u, v, m, w = t.real("u v m w")
    with t.let(u, v, m, w, given=[u > 0, v > 0, m > 0, w > 0]) as scaled:
        t.show((u / m * w + v / m / (v / (u * w))).eq(2 * u * w / m))
    parts = [*s.factors.values(), s.growth]
    positive = [t.show(f > 0) for f in parts]
    t.show(A > 0, by=positive, opaque=parts)
    t.show(q > 0)
    with t.let(s.n, given=[s.n >= t.read(ratio.N_0)]) as all_n:
        t.show(s.shape > 0, by=all_n.facts)
        scale = q / (A * s.shape)
        t.show(scale > 0)
        scales(scale)
        network = t.use(sum_, {"c": s.c, "M": scale})(s.n)
        same = scaled(A, q, s.c, s.shape)
        with t.obtain(network, "D") as deep:
            near = deep.facts[2].formula.args[0]
            t.show(near <= bound, by=[deep.facts[2], same], opaque=same.formula.args)
            t.witness(s.deep(s.n, bound), deep.value)
    return all_n.fact


@theorem(
    label="P",
    source="arXiv:2601.21242, abstract; reading A of its symbol M, with constants derived here",
    reading=Reading(
        "P2",
        "A: M is the lower bound of f2; A is M times the constant C; given the theorem on marginals",
        ratio.BY_LOWER_BOUND,
    ),
)
def rate_with_m_the_lower_bound(t):
    """Reading A: M is the lower bound of f2. Then for n >= N_2(1) there is a network of depth 7 and
    of width at most n + 9 whose L^p error is at most 2A M^-1 n^(-1/2-3/(2d)).

    A is M times the constant C of `rate_with_m_in_a_sum`, so that it does not depend on M; b is
    fixed here, and A grows with it. The weights have a scale of the order n^(1/2+3/(2d)).
    """
    return by_lower_bound(
        t,
        "ratio_networks.rate_with_m_in_a_sum",
        ratio.A_UP_TO_2,
        shallow.L2_SHARP,
        up_to_two,
        c_sharp=shallow.C_SHARP,
    )


@theorem(
    label="P",
    source="arXiv:2601.21242, abstract; reading B of its symbol M, refuted here",
    reading=Reading("P2", "B: M is the weight scale of the activation, in a product", refuted=True),
)
def no_rate_with_m_the_weight_scale(t):
    """Reading B: M is the weight scale of the activation. The product bound K M^-1 n^(-1/2-3/(2d))
    then fails for d = 1: for a fixed n it tends to 0 as M grows, but the distance of f1/f2 to all
    networks of depth 7 and width n + 9 does not.

    f2 is the marginal of two atoms, 1 and -1, each of mass 1/2, and f1 that of the first of them,
    with the kernel exp(-|x - u|²/4), σ² = 2; the law is uniform on [-1, 1].
    """
    x, law, N = t.sequence("x", REAL), t.law("Omega", seq(REAL)), t.network("N", "signrelu")
    (p, K, M, a, b, u), (n, i) = t.real("p K M a b u"), t.nat("n i")
    f1 = exp(-((x(0) - 1) ** 2) / 4) / 2
    f2 = f1 + exp(-((x(0) + 1) ** 2) / 4) / 2
    logistic = 1 / (1 + exp(-x(0)))

    def error(f, N, p):
        return Norm(f - value(N, 0, x), p, (x, law))

    t.given(p >= 1)
    inside = And(x(0) >= -1, x(0) <= 1, Forall(i, x(i).eq(0), given=[i >= 1]))
    mass = Prob(And(a <= x(0), x(0) <= b), (x, law)).eq((b - a) / 2)
    t.given(LivesOn(law, x, inside))
    t.given(Forall([a, b], mass, given=[a >= -1, a <= b, b <= 1]))
    axiom = t.derive("axiom", name="networks_are_far_from_logistic")
    far = t.use(axiom.theorem, {"pi": law})
    with t.let(u) as same:
        atoms = exp(-((u - 1) ** 2) / 4) / 2, exp(-((u + 1) ** 2) / 4) / 2
        t.show((atoms[0] / (atoms[0] + atoms[1])).eq(1 / (1 + exp(-u))))
    rate = t.read(ratio.RATE, d=1)

    def network(M):
        near = error(f1 / f2, N, p) <= K * rate / M
        return ThereIs(N, depth(N).eq(7), width(N) <= n + 9, near)

    def none(M):
        return Implies(network(M), FALSE)

    with t.let(n, K, given=[n >= 1, K > 0]) as every, t.obtain(far(7, n + 9), "e") as distance:
        e, (positive, apart) = distance.value, distance.facts
        fast = t.show(rate > 0)
        scale = 2 * K * rate / e
        t.show(scale > 0, by=[positive, fast], opaque=[rate])
        with t.suppose(network(scale)) as some, t.obtain(*some.facts, "D") as found:
            D, (deep, wide, near) = found.value, found.facts
            order = [t.show(number(1) <= p), t.show(number(1) >= 1)]
            grows = t.derive("norms_grow", *order, near, norm=error(f1 / f2, D, p))
            with t.let(x, given=[In(x, law)]) as point:
                equal = Abs(logistic - value(D, 0, x)) <= Abs(f1 / f2 - value(D, 0, x))
                t.show(equal, by=[same(x(0))], opaque=[logistic, f1 / f2])
            step = t.minkowski(error(logistic, D, 1) <= error(f1 / f2, D, 1), by=point)
            least = apart(D, by=[deep, wide])
            t.show(FALSE, by=[positive, fast, least, step, grows, near], opaque=[rate])
        t.witness(ThereIs(M, M > 0, none(M)), scale)
    return every.fact
