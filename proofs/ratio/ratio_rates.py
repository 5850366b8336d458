"""The ratio theorem for every number of neurons n: rates in n, and what the symbol M of the claimed
rate may mean.

The setting is that of `ratio_networks`. For every number k of cells along an edge the theorem on
marginals, which is a hypothesis here, gives a network A with one hidden layer of at most N_2(k)
neurons of the scale M, whose outputs are within lp + 3V/M of f2, and within b times that of f1; lp
is a constant times k^(-(d+3)/2), the constant being that of the shallow theorem.
"""

from contextlib import contextmanager

from boundcheck import Reading, theorem
from boundcheck.math import Abs, exp, sqrt, symbols
from boundcheck.theorems.author.layers import neurons
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
    value,
    width,
)
from boundcheck.theorems.language.expr import constant, expr, number
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import REAL, seq
from boundcheck.theory.formulas import rates, ratio, shallow

SOURCE = (
    "arXiv:2601.21242 claims depth 7, width O(n+9) and the rate; its constants are derived here"
)

# -- for every number of neurons -------------------------------------------------------------------


# -- rates -----------------------------------------------------------------------------------------


class Marginals:
    """f1 and f2 on sequences, with f2 > 0 (or >= c), f2 <= mass and |f1| <= b f2 on the set of a
    law, and the constants of the shallow theorem. `names` are those of c and M."""

    falls = symbols("falls")  # k^(-(d+3)/2)

    def __init__(self, t, lp, given, *, names="c M", positive=False, strict=False, **constants):
        self.t, X = t, seq(REAL)
        (self.b, self.mass, self.R, self.V), (self.c, self.M) = t.real("b mass R V"), t.real(names)
        self.n, self.k, self.d = t.nat("n k d")
        self.x, self.law = t.sequence("x", REAL), t.law("Omega", X)
        self.N, self.A = t.network("N A", "signrelu")
        self.f1, self.f2 = (f(self.x) for f in t.function("f1 f2", X))
        self.ratio = self.f1 / self.f2
        t.given(self.b > 0 if strict else self.b >= 0, self.V > 0 if strict else self.V >= 0)
        t.given(self.d >= 1, self.R > 0)
        self.sizes = [] if positive else t.given(self.c > 0, self.c <= self.mass)
        t.given(
            self.everywhere(self.f2 > 0 if positive else self.f2 >= self.c),
            self.everywhere(self.f2 <= self.mass),
            self.everywhere(Abs(self.f1) <= self.b * self.f2),
        )
        self.reading = self.quoted
        self.p, *conditions = given(self)
        t.given(*conditions)
        self.factors = {name: t.quoted(formula) for name, formula in constants.items()}
        self.signs = [t.show(f >= 0) for f in self.factors.values()]
        self.lp = lp.subs(shallow.k ** (-shallow.EXPONENT), self.falls)
        self.growth, self.shape = t.quoted(ratio.OF_K_TO_N), t.quoted(ratio.RATE)

    def everywhere(self, body):
        return LivesOn(self.law, self.x, body)

    def norm(self, u):
        return Norm(u, self.p, (self.x, self.law))

    def read(self, formula, **names):
        return self.t.read(formula, c=self.c, **{"M": self.M, **self.factors, **names})

    def quoted(self, formula, **names):
        return self.t.quoted(formula, c=self.c, **{"M": self.M, **self.factors, **names})

    def at(self, k):
        """k^(-(d+3)/2)."""
        return k ** (-self.t.quoted(shallow.EXPONENT))

    def bound_of_lp(self, falls):
        return self.t.quoted(self.lp, falls=falls, **self.factors)

    def approximation(self, falls):
        return self.reading(ratio.APPROXIMATION, lp=self.bound_of_lp(falls))

    def shallow(self, n, falls):
        """There is a network with one hidden layer of at most n neurons, its outputs 0 and 1 near
        f2 and f1."""
        first = self.norm(self.f2 - value(self.A, 0, self.x))
        second = self.norm(self.f1 - value(self.A, 1, self.x))
        bound = self.approximation(falls)
        near = (first <= bound, second <= self.b * bound)
        return ThereIs(self.A, depth(self.A).eq(1), width(self.A) <= n, *near)

    def marginals(self):
        """The theorem on marginals."""
        layer = self.shallow(self.t.quoted(ratio.NEURONS), self.at(self.k))
        return Forall(self.k, layer, given=[self.k >= 1])

    def deep(self, error):
        """There is a network of depth 7 and of width at most n + 9 with that of its error."""
        near = error(value(self.N, 0, self.x))
        return ThereIs(self.N, depth(self.N).eq(7), width(self.N) <= self.n + 9, near)

    @contextmanager
    def neurons(self, marginals):
        """The block of an arbitrary n >= N_2(1), with k^(-(d+3)/2) for the largest k for which
        there are so many neurons, and what is known of it; `marginals` gives the theorem on
        marginals."""
        t = self.t
        with t.let(self.n, given=[self.n >= t.quoted(ratio.N_0)]) as all_n:
            cells, known = t.use("neuron_counts.cells_for_neurons"), marginals()
            with t.obtain(cells, "j") as found, t.obtain(known(found.value), "B") as layer:
                (_, few, fine), falls = found.facts, self.at(found.value)
                t.show(width(layer.value) <= self.n, by=[layer.facts[1], few])
                t.witness(self.shallow(self.n, falls), layer.value)
                yield all_n, falls, fine


def for_all_n(t, constant, *setting, **constants):
    """For every n >= N_2(1) there is such a network within C n^(-1/2-3/(2d)) + C'/M."""
    s = Marginals(t, *setting, **constants)
    s.reading = s.read
    t.given(s.M > 0)
    marginals = t.given(s.marginals())
    bound = s.read(ratio.BOUND_AT_N, C=s.read(constant), C_prime=s.read(ratio.C_PRIME))
    with s.neurons(lambda: marginals) as (all_n, falls, fine):
        near, fast = s.approximation(falls), s.approximation(s.growth * s.shape)
        parts = [*s.factors.values(), falls, s.growth, s.shape]

        def uniform(approximation):
            error = s.quoted(ratio.ERROR, approximation=approximation)
            return s.quoted(ratio.UNIFORM, error=error)

        first = t.show(uniform(near) <= uniform(fast), by=[*s.signs, fine], opaque=parts)
        second = t.show(uniform(fast).eq(bound), opaque=parts)
        network = t.use("ratio_networks.network_for_a_ratio", {"approximation": near, "p": s.p})
        with t.obtain(network, "D") as deep:
            error = deep.facts[2].formula.args[0]
            t.show(error <= bound, by=[deep.facts[2], first, second], opaque=parts)
            t.witness(s.deep(lambda output: s.norm(s.ratio - output) <= bound), deep.value)
    return all_n.fact


def up_to_two(s):
    """p >= 1; the theorem on marginals is one for p <= 2."""
    p = s.t.real("p")
    return p, p >= 1


def above_two(s):
    p = s.t.real("p")
    return p, p > 2, s.t.real("sigma") > 0, s.mass > 0


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
    setting = (shallow.HOEFFDING, above_two)
    return for_all_n(t, ratio.C_ABOVE_2, *setting, c_hoeffding=shallow.C_HOEFFDING)


# -- the squared error against the density ---------------------------------------------------------


class Risk(Marginals):
    """The same for p = 2, with the density q = (2πσ²)^(-d/2) f2 on Ω = [-R, R]^d, of at most the
    mass `mass`, where the theorem on marginals holds for every scale M; then M = n^(1/2+3/(2d))."""

    def __init__(self, t, positive):
        def squares(s):
            return (number(2),)

        constants = {"c_sharp": shallow.C_SHARP}
        super().__init__(t, shallow.L2_SHARP, squares, positive=positive, **constants)
        sigma = t.real("sigma")
        t.given(sigma > 0)
        self.large = t.given(self.mass > 0) if positive else t.show(self.mass > 0, by=self.sizes)
        self.scales = t.given(Forall(self.M, self.marginals(), given=[self.M > 0]))
        self.factor = (2 * constant("pi") * sigma**2) ** (-self.d / 2) * (2 * self.R) ** self.d
        self.size = (2 * self.R**2 / (constant("pi") * sigma**2)) ** (self.d / 2)
        density = t.given(self.factor * Mean(self.f2, (self.x, self.law)) <= self.mass)
        self.power = t.use("neuron_counts.natural_powers", {"x": 2 * self.R})(self.d)
        t.rewrite(t.symmetric(self.power), density)
        self.M = 1 / self.shape
        # error_l2 <= e n^(-1/2-3/(2d))
        self.e = 2 * self.b * (self.bound_of_lp(self.growth) + 3 * self.V) + 1 + self.b

    def squares(self, output):
        return self.factor * Mean(self.f2 * (self.ratio - output) ** 2, (self.x, self.law))

    def error(self, falls, fine):
        """error_l2, and that it is small."""
        error = self.t.quoted(ratio.ERROR_L2, l2_sharp=self.bound_of_lp(falls), M=self.M)
        parts = [*self.factors.values(), falls, self.growth, self.shape]
        known = [*self.signs, fine, self.fast, self.t.show(falls >= 0)]
        self.t.show(error >= 0, by=known, opaque=parts)
        return error, self.t.show(error <= self.e * self.shape, by=known, opaque=parts)

    def at_scale(self):
        """The theorem on marginals for the scale M."""
        self.fast = self.t.show(self.shape > 0)
        self.t.show(self.M > 0, by=[self.fast], opaque=[self.shape])
        return self.scales(self.M)


def risk_in_neurons(s, version, network, size, scaled, **values):
    """For every n >= N_2(1) there is such a network with a squared error of at most
    (size + √mass)² n^(-a), a the exponent of a version, by a lemma for one n."""
    t, last = s.t, sqrt(s.mass)
    rate, constant = s.n ** (-t.read(rates.RATES[version].approximation)), (size + last) ** 2
    with s.neurons(s.at_scale) as (all_n, falls, fine):
        t.show(And(last >= 0, s.shape <= 1), by=[s.large, *all_n.facts])
        lemma = scaled(*s.error(falls, fine))
        values |= {"l2_sharp": s.bound_of_lp(falls), "M": s.M, "d": s.d}
        with t.obtain(t.use(f"ratio_networks.{network}", values), "D") as deep:
            near = t.rewrite(s.power, deep.facts[2])
            power = lemma.formula.args[1].args[1]
            known = [near, lemma, t.show(power.eq(rate))]
            opaque = [*near.formula.args, constant, power, rate]
            t.show(near.formula.args[0] <= constant * rate, by=known, opaque=opaque)
            t.witness(s.deep(lambda output: s.squares(output) <= constant * rate), deep.value)
    return all_n.fact


@theorem(source=SOURCE)
def risk_where_f2_is_positive(t):
    """For every n >= N_2(1) there is such a network with a squared error against the density of at
    most a constant times n^(-(1+3/d)), where f2 >= c."""
    s, (u, v, r, e, w) = Risk(t, positive=False), t.real("u v r e w")
    with t.let(u, v, r, e, w, given=[u >= 0, v >= 0, r > 0, w >= 0, w <= e * r]) as scaled:
        left, right = u * w + v / (1 / r), u * e + v
        one, two = t.show(left <= right * r, by=scaled.facts), t.show(left >= 0, by=scaled.facts)
        t.show(left**2 <= right**2 * r**2, by=[one, two])
    root = sqrt(s.size / s.c)

    def at(error, small):
        t.show(root >= 0)
        return scaled(root, sqrt(s.mass), s.shape, s.e, error)

    return risk_in_neurons(s, "weighted", "weighted_network", root * s.e, at)


@theorem(source=SOURCE)
def risk_for_every_f2(t):
    """For every n >= N_2(1) there is such a network with a squared error against the density of at
    most a constant times n^(-(1/2+3/(2d))), for every f2 > 0: the clip is at c = mass
    n^(-1/2-3/(2d))."""
    s, (v, r, a, e) = Risk(t, positive=True), t.real("v r a e")
    with t.let(a, e, given=[a >= 0, a <= e]) as square:
        t.show(a**2 <= e**2, by=square.facts)
    with t.let(v, r, a, e, given=[v >= 0, r > 0, r <= 1, a >= 0, a <= e * r]) as scaled:
        one = t.show(sqrt(a) <= sqrt(e) * sqrt(r), by=scaled.facts[1:])
        two = t.show(v / (1 / r) <= v * sqrt(r), by=scaled.facts[:3])
        t.show(sqrt(a) + v / (1 / r) >= 0, by=scaled.facts)
        left, right = sqrt(a) + v / (1 / r), sqrt(e) + v
        t.show(left <= right * sqrt(r), by=[one, two])
        product = t.show(((right * sqrt(r)) ** 2).eq(right**2 * r), by=scaled.facts[1:])
        t.rewrite(product, square(left, right * sqrt(r)))
    clip, factor = s.mass * s.shape, 2 * s.b * s.size
    large = factor * (s.e + s.b * s.mass)

    def at(error, small):
        t.show(And(clip > 0, clip <= s.mass), by=[s.large, s.fast])
        a = factor * (error + s.b * clip)
        positive = t.show(s.size >= 0)
        parts = [error, s.e, s.shape, s.size]
        known = [small, positive, s.fast, t.show(error >= 0)]
        t.show(And(a >= 0, a <= large * s.shape), by=known, opaque=parts)
        return scaled(sqrt(s.mass), s.shape, a, large)

    network = "positivity_free_network"
    return risk_in_neurons(s, "positivity_free", network, sqrt(large), at, c=clip)


# -- readings of the symbol M ----------------------------------------------------------------------


def by_lower_bound(t, sum_, constant, *setting, **constants):
    """Within 2A M^-1 n^(-1/2-3/(2d)), M the lower bound of f2, for a large scale S."""
    s = Marginals(t, *setting, names="M S", strict=True, **constants)
    scales = t.given(Forall(s.M, s.marginals(), given=[s.M > 0]))
    A, q = t.read(constant, **s.factors), t.read(ratio.A_PRIME)
    bound = s.read(ratio.BY_LOWER_BOUND, A=A, M=s.c)
    u, v, m, w = t.real("u v m w")
    with t.let(u, v, m, w, given=[u > 0, v > 0, m > 0, w > 0]) as scaled:
        t.show((u / m * w + v / m / (v / (u * w))).eq(2 * u * w / m))
    parts = [*s.factors.values(), s.growth]
    *_, grows = t.use("neuron_counts.powers_grow", {"k": 2})(s.d)
    powers = t.show(number(2) ** s.d > 0, by=grows)
    some = t.show(A > 0, by=[t.show(f > 0, by=powers) for f in parts], opaque=parts)
    more = t.show(q > 0)
    with t.let(s.n, given=[s.n >= t.quoted(ratio.N_0)]) as all_n:
        fast = t.show(s.shape > 0, by=all_n.facts)
        scale = q / (A * s.shape)
        t.show(scale > 0, by=[some, more, fast], opaque=[A, q, s.shape])
        scales(scale)
        network = t.use(sum_, {"c": s.c, "M": scale})(s.n)
        same = scaled(A, q, s.c, s.shape)
        with t.obtain(network, "D") as deep:
            near = deep.facts[2].formula.args[0]
            t.show(near <= bound, by=[deep.facts[2], same], opaque=same.formula.args)
            t.witness(s.deep(lambda output: s.norm(s.ratio - output) <= bound), deep.value)
    return all_n.fact


@theorem(
    label="P",
    source="arXiv:2601.21242, abstract; reading A of its symbol M, with constants derived here",
    reading=Reading(
        "P2",
        "A: M is the lower bound of f2; A is M times the constant C; given the theorem on "
        "marginals",
        ratio.BY_LOWER_BOUND,
    ),
)
def rate_with_m_the_lower_bound(t):
    """Reading A: M is the lower bound of f2. Then for n >= N_2(1) there is a network of depth 7 and
    of width at most n + 9 whose L^p error is at most 2A M^-1 n^(-1/2-3/(2d)).

    A is M times the constant C of `rate_with_m_in_a_sum`, so that it does not depend on M; b is
    fixed here, and A grows with it. What it is given is the theorem on marginals: shallow networks
    of N_2(k) neurons with that error, at every scale. Of the size of weights nothing is said.
    """
    setting = (shallow.L2_SHARP, up_to_two)
    sum_ = "ratio_rates.rate_with_m_in_a_sum"
    return by_lower_bound(t, sum_, ratio.A_UP_TO_2, *setting, c_sharp=shallow.C_SHARP)


@theorem(source=SOURCE)
def rate_above_two_with_m_the_lower_bound(t):
    """The same for 2 < p < ∞."""
    setting = (shallow.HOEFFDING, above_two)
    sum_ = "ratio_rates.rate_above_two"
    return by_lower_bound(t, sum_, ratio.A_ABOVE_2, *setting, c_hoeffding=shallow.C_HOEFFDING)


@theorem(source=SOURCE)
def constant_marginals(t):
    """The hypotheses of these theorems can hold: they do for f1 = 0 and f2 = 1, R = 1/2 and every
    law; so for every n >= N_2(1) there are networks with these bounds."""
    (k, d), x, law = t.nat("k d"), t.sequence("x", REAL), t.law("Omega", seq(REAL))
    A, S, one, two, three = t.network("A", "signrelu"), t.real("S"), number(1), number(2), number(3)
    t.given(d >= 1)
    t.example()
    sizes = {"b": one, "mass": one, "V": one, "R": expr("1/2"), "d": d, "sigma": one}
    functions = {"f1": function(x, 0), "f2": function(x, 1), "Omega": law}

    def approximation(p):
        above = {"c_hoeffding": t.quoted(shallow.C_HOEFFDING, p=p, **sizes)}
        below = {"c_sharp": t.quoted(shallow.C_SHARP)}
        lp, factor = (shallow.HOEFFDING, above) if p is three else (shallow.L2_SHARP, below)
        bound = t.quoted(lp, **sizes, **factor)
        return t.quoted(ratio.APPROXIMATION, lp=bound, M=S, **sizes)

    def error(f, i, network, p):
        return Norm(f - value(network, i, x), p, (x, law))

    mean = t.average(Mean(one, (x, law)).eq(1), law=law)
    power = t.use("neuron_counts.natural_powers", {"x": 1})(d)
    same = t.show(power.formula.args[0].eq(1))
    volume = t.show((one**d).eq(1), by=[power, same], opaque=power.formula.args)
    factor = (2 * constant("pi") * one**2) ** (-d / 2)
    known = [volume, t.show(factor <= 1), mean]
    t.show(factor * one**d * Mean(one, (x, law)) <= one, by=known, opaque=[factor])
    with (
        t.obtain(t.derive("input_network", activation="signrelu"), "I") as inputs,
        t.obtain(neurons(t, inputs.value, [(0, 0)], [(1, 0), (0, 0)]), "B") as layer,
    ):
        B, (deep, wide, *outputs) = layer.value, layer.facts
        known = [deep, wide, *inputs.facts[:2]]
        _, narrow = t.show(And(depth(B).eq(1), width(B) <= 1), by=known)
        for p in (two, three):
            bounds = [approximation(p), one * approximation(p)]
            near = [error(f, i, A, p) <= bounds[i] for i, f in enumerate((1, 0))]
            few = t.quoted(ratio.NEURONS)
            with t.let(S, given=[S > 0]) as scales, t.let(k, given=[k >= 1]):
                for i, f in enumerate((1, 0)):
                    t.show(bounds[i] >= 0)
                    t.minkowski(error(f, i, B, p) <= bounds[i], by=[outputs[i]])
                t.show(width(B) <= few, by=[narrow])
                t.witness(ThereIs(A, depth(A).eq(1), width(A) <= few, *near), B)
            scales(1)
        common = {**functions, **{name: v for name, v in sizes.items() if name != "sigma"}}
        width_one = {"sigma": 1}
        found = [
            t.use(f"ratio_rates.{name}", {**common, **more})
            for name, more in (
                ("rate_with_m_in_a_sum", {"p": two, "c": 1, "M": 1}),
                ("rate_above_two", {"p": three, "c": 1, "M": 1, **width_one}),
                ("rate_with_m_the_lower_bound", {"p": two, "M": 1}),
                ("rate_above_two_with_m_the_lower_bound", {"p": three, "M": 1, **width_one}),
                ("risk_where_f2_is_positive", {"c": 1, **width_one}),
                ("risk_for_every_f2", width_one),
            )
        ]
        near = [error(f, i, A, two) <= 4 for i, f in enumerate((1, 0))]
        for i, f in enumerate((1, 0)):
            t.minkowski(error(f, i, B, two) <= 4, by=[outputs[i]])
        t.witness(ThereIs(A, depth(A).eq(1), width(A) <= 1, *near), B)
        values = {"n": 1, "l2_sharp": 1, "c": 1, "M": 1, **width_one}
        found.append(t.use("ratio_networks.smallest_network", {**common, **values}))
        t.show(And(*(each.formula for each in found)))
    return inputs.fact


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
        near, other = exp(-((u - 1) ** 2) / 4), exp(-((u + 1) ** 2) / 4)
        shift = t.show(other.eq(near * exp(-u)))
        signs = t.show(And(near > 0, other > 0, exp(-u) > 0))
        equal = (near / 2 / (near / 2 + other / 2)).eq(1 / (1 + exp(-u)))
        t.show(equal, by=[shift, signs], opaque=[near, other, exp(-u)])
    rate = t.quoted(ratio.RATE, d=1)

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
