"""Covering numbers of the networks of the ratio theorem.

A shallow layer of n neurons on x(1), ..., x(d) has the outputs g(θ, 0, x), which is g2 of the ratio
theorem, and g(θ, 1, x), which is g1; all its parameters θ(1), ..., θ(P) are in [-Θ, Θ], and
P = n(d + 1) + 2(n + 1). As in `covering.py`, place(0, j, i) is the weight of x(i) in neuron j,
place(1, r, j) that of neuron j in output r, place(., ., 0) are biases, and θ(0) = 0 stands for no
parameter. Behind it is a tail without parameters: g2 clipped to [c, C], g1 to [-bC, bC], and their
quotient, clipped to [-b, b].
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, log
from boundcheck.theorems.author.layers import hidden_layer
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Sum,
    ThereIs,
    depth,
    function,
    read,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import covering

SOURCE = "derived here"


def clip(c, C, M, y):
    """clip_M; see `clipping.py`."""
    return c + signrelu(M * (y - c)) / M - signrelu(M * (y - C)) / M


def tail(b, c, C, M, y, z):
    """z/y between clips."""
    return clip(-b, b, M, clip(-(b * C), b * C, M, z) / clip(c, C, M, y))


# -- the shallow layer -----------------------------------------------------------------------------


def in_cube(theta, Theta, P, p):
    """|θ(p)| <= Θ for p = 1, ..., P."""
    return Forall(p, Abs(theta(p)) <= Theta, given=[p >= 1, p <= P])


def near(theta, tau, eta, P, p):
    """The parameters θ and τ are within η of each other."""
    return Forall(p, Abs(theta(p) - tau(p)) <= eta, given=[p >= 1, p <= P])


def in_box(x, R0, d, i):
    """|x(i)| <= R0 for i = 1, ..., d."""
    return Forall(i, Abs(x(i)) <= R0, given=[i >= 1, i <= d])


class Shallow:
    """The symbols of the class, and its shallow layer as terms."""

    def __init__(self, t, rho=None):
        self.rho = rho or t.function("rho", REAL)
        self.theta, self.tau, self.x = t.sequence("theta tau x", REAL)
        self.i, self.j, self.p, self.r, self.n, self.d = t.nat("i j p r n d")
        self.Theta, self.R0, self.eta = t.real("Theta R0 eta")

    def of_output(self, r, j):
        """The place of the weight of neuron j in output r; j = 0 for its bias."""
        return (self.n + 1) * r + j + 1

    def of_neuron(self, j, i):
        """The place of the weight of x(i) in neuron j."""
        return 2 * (self.n + 1) + self.n * i + j

    def bias(self, j):
        """The place of the bias of neuron j."""
        return 2 * (self.n + 1) + j

    def before(self, theta, x, j):
        """What neuron j is the activation of."""
        weights = Sum(theta(self.of_neuron(j, self.i)) * x(self.i), (self.i, 1, self.d))
        return theta(self.bias(j)) + weights

    def output(self, theta, x, r):
        """Output r of the layer."""
        neuron = self.rho(self.before(theta, x, self.j))
        terms = Sum(theta(self.of_output(r, self.j)) * neuron, (self.j, 1, self.n))
        return theta(self.of_output(r, expr(0))) + terms


def conditions(c, P):
    """Of θ, τ, η and x: parameters within η of each other, and an input in the box."""
    allowed = [in_cube(each, c.Theta, P, c.p) for each in (c.theta, c.tau)]
    distance = near(c.theta, c.tau, c.eta, P, c.p)
    return [c.eta >= 0, *allowed, distance, in_box(c.x, c.R0, c.d, c.i)]


def lipschitz(t, rho):
    """|ρ(v)| <= |v| and |ρ(s) - ρ(v)| <= |s - v|, as hypotheses."""
    s, v = t.real("s v")
    return t.given(
        Forall(v, Abs(rho(v)) <= Abs(v)),
        Forall([s, v], Abs(rho(s) - rho(v)) <= Abs(s - v)),
    )


@theorem(source=SOURCE)
def change_of_the_shallow_layer(t):
    """g1 and g2 change by at most `ratio_sensitivity` η = (1 + 2nΘ(dR0 + 1))η, for every Θ > 0.

    The hidden values are at most Θ(dR0 + 1), their differences dR0 η + η.
    """
    c = Shallow(t)
    theta, tau, x, i, j, r, n = c.theta, c.tau, c.x, c.i, c.j, c.r, c.n
    Theta, eta = c.Theta, c.eta
    linear, slope = lipschitz(t, c.rho)
    t.given(Theta > 0, c.R0 >= 0)
    t.example(rho=function(t.real("v0"), 0), Theta=1, R0=0)
    D, v = c.d * (Theta * 0 + eta * c.R0) + eta, Theta * (c.d * c.R0 + 1)
    P, bound = t.read(covering.RATIO_PARAMETERS), t.read(covering.RATIO_SENSITIVITY)
    with t.let(theta, tau, eta, x, given=conditions(c, P)) as change:
        _, *parameters, _ = change.facts

        def rows(place, k, last, *known):
            """The weights of a neuron or an output in both networks, and what is known of them."""
            at, (first, second, close) = place(k), parameters
            with t.let(k, given=[k <= last]) as weights:
                t.show(at >= 1)
                t.show(at <= P, by=[*weights.facts, *known])
                t.show(And(*(f(at).formula for f in (first, second, close))))
            return weights.fact, function(k, theta(at)), function(k, tau(at))

        with t.let(j, given=[j >= 1, j <= n]) as neurons:
            known, w, y = rows(lambda i: c.of_neuron(j, i), i, c.d, *neurons.facts)
            inputs = function(i, x(i))
            t.show(Forall(i, Abs(x(i) - x(i)) <= 0, given=[i >= 1, i <= c.d]))
            values = {"w": w, "y": y, "h": inputs, "g": inputs, "D": 0, "v": c.R0, "W": c.d}
            apart = t.use("sensitivity.difference_of_a_neuron", values, by=known)
            values = {"w": y, "h": inputs, "v": c.R0, "W": c.d}
            small = t.use("sensitivity.value_of_a_neuron", values, by=known)
            bias = (c.of_neuron(j, expr(0)), c.bias(j))
            apart, small = t.replace(apart, bias), t.replace(small, bias)
            first, second = c.before(theta, x, j), c.before(tau, x, j)
            differ = t.chain(slope(first, second), apart)
            least = t.chain(linear(second), small)
            t.show(And(differ.formula, least.formula))
        t.show(And(D >= 0, v >= 0))
        most = t.show((n * (Theta * D + eta * v) + eta).eq(bound * eta))
        with t.let(r, given=[r <= 1]) as outputs:
            known, w, y = rows(lambda j: c.of_output(r, j), j, n, *outputs.facts)
            hidden = {
                "h": function(j, c.rho(c.before(theta, x, j))),
                "g": function(j, c.rho(c.before(tau, x, j))),
            }
            values = {"w": w, "y": y, **hidden, "D": D, "v": v, "W": n}
            differ = t.use("sensitivity.difference_of_a_neuron", values, by=[known, neurons])
            t.chain(differ, most)
    return change.fact


# -- the class -------------------------------------------------------------------------------------


class RatioNetworks(Shallow):
    """Functions for the networks of the class, and what they are as hypotheses."""

    def __init__(self, t, rho=None, with_outputs=True):
        super().__init__(t, rho)
        theta, x, r = self.theta, self.x, self.r
        self.b, self.low, self.C, self.M = t.real("b c C M")
        self.g = t.function("g", seq(REAL), NAT, seq(REAL))
        self.f = t.function("f", seq(REAL), seq(REAL))
        self.clip = t.function("clip", REAL, REAL, REAL)
        a, o, u = t.real("a o u")
        self.clips = t.given(Forall([a, o, u], self.clip(a, o, u).eq(clip(a, o, self.M, u))))
        if with_outputs:
            outputs = Forall([theta, r, x], self.g(theta, r, x).eq(self.output(theta, x, r)))
            self.outputs = t.given(outputs)
        self.networks = t.given(Forall([theta, x], self.f(theta, x).eq(self.after_tail(theta, x))))
        ends = [self.low > 0, self.low < self.C] if with_outputs else []
        self.signs = t.given(self.b > 0, self.M > 0, *ends)

    def after_tail(self, theta, x):
        """The quotient of the outputs between clips."""
        b, most, g = self.b, self.b * self.C, self.g
        denominator = self.clip(self.low, self.C, g(theta, 0, x))
        return self.clip(-b, b, self.clip(-most, most, g(theta, 1, x)) / denominator)

    def with_clips(self, t, theta, x):
        """f(θ, x) as the tail of g(θ, 0, x) and g(θ, 1, x)."""
        found, most = self.networks(theta, x), self.b * self.C
        for ends in ((self.low, self.C, self.g(theta, 0, x)), (-most, most, self.g(theta, 1, x))):
            found = t.rewrite(self.clips(*ends), found)
        *_, quotient = found.formula.args[1].args
        return t.rewrite(self.clips(-self.b, self.b, quotient), found)

    def example(self, t, **values):
        """No neurons: the outputs are their biases."""
        a, o, u, r, theta, x = *t.real("a0 o0 u0"), self.r, self.theta, self.x
        t.example(
            rho=function(u, 0),
            clip=function([a, o, u], clip(a, o, 1, u)),
            g=function([theta, r, x], theta(r + 1)),
            f=function([theta, x], tail(1, 1, 2, 1, theta(1), theta(2))),
            n=0,
            b=1,
            c=1,
            C=2,
            M=1,
            **values,
        )


def is_covered(t, c, log_n, P, delta):
    """exp(log_n) functions f(net(m), .) of the class come within δ of each of its functions
    f(θ, .): there are N and the net."""
    N, m, net = *t.nat("N m"), t.sequence("net", seq(REAL))
    theta, x, box = c.theta, c.x, in_box(c.x, c.R0, c.d, c.i)
    close = Forall(x, Abs(c.f(theta, x) - c.f(net(m), x)) <= delta, given=[box])
    covered = ThereIs(m, m >= 1, m <= N, close)
    members = Forall(m, in_cube(net(m), c.Theta, P, c.p))
    every = Forall(theta, covered, given=[in_cube(theta, c.Theta, P, c.p)])
    return ThereIs(N, ThereIs(net, log(N).eq(log_n), members, every))


@theorem(source=SOURCE)
def ratio_covering_number(t):
    """Some exp(ratio_log_n) networks of the ratio theorem, ratio_log_n = P log⌈ratio_sensitivity Θ
    lipschitz/δ⌉ and P = n(d + 1) + 2(n + 1), come within δ of all."""
    c = RatioNetworks(t)
    theta, tau, x, delta = c.theta, c.tau, c.x, t.real("delta")
    lipschitz(t, c.rho)
    signs = [*c.signs, *t.given(c.Theta > 0, c.R0 >= 0, delta > 0)]
    c.example(t, Theta=1, R0=0, delta=1)
    P = t.read(covering.RATIO_PARAMETERS)
    sensitivity, tail_constant = t.read(covering.RATIO_SENSITIVITY), t.read(covering.LIPSCHITZ)
    S = sensitivity * tail_constant
    t.show(sensitivity > 0, by=signs)
    t.show(S > 0, by=[t.show(tail_constant > 0, by=signs)])
    shallow = t.use("ratio_covering.change_of_the_shallow_layer")
    with t.let(theta, tau, c.eta, x, given=conditions(c, P)):
        layer, D = shallow(theta, tau, c.eta, x), sensitivity * c.eta
        t.show(D >= 0, by=signs)
        for number in (0, 1):
            t.show(expr(number) <= 1)
            outputs = [c.outputs(theta, number, x), c.outputs(tau, number, x)]
            one, other = (o.formula.args[0] for o in outputs)
            t.show(Abs(one - other) <= D, by=[layer(number), *outputs], opaque=[D])
        values = {"y": c.g(theta, 0, x), "z": c.g(theta, 1, x)}
        others = {"v": c.g(tau, 0, x), "w": c.g(tau, 1, x)}
        moved = t.use("ratio_tail.change_of_the_tail", {"D": D, **values, **others})
        for each in (theta, tau):
            moved = t.rewrite(t.symmetric(c.with_clips(t, each, x)), moved)
        t.chain(moved, t.show((tail_constant * D).eq(S * c.eta)))
    net = t.use("class_nets.net_of_a_class_of_all_parameters", {"f": c.f, "S": S, "P": P})
    constants = {"ratio_sensitivity": sensitivity, "lipschitz": tail_constant}
    argument = t.read(covering.RATIO_ARGUMENT, **constants)
    t.replace(net, (S * c.Theta / delta, argument))
    log_n = t.read(covering.RATIO_LOG_N, ratio_parameters=P, ratio_argument=argument)
    return t.show(is_covered(t, c, log_n, P, delta))


@theorem(source=SOURCE)
def values_of_ratio_networks(t):
    """All networks of the class, so those of the net, have values in [-b, b]."""
    c = RatioNetworks(t, with_outputs=False)
    c.example(t)
    theta, x, b = c.theta, c.x, c.b
    hard = t.use("clipping.clip_is_almost_hard", {"c": -b, "C": b})
    with t.let(theta, x) as values:
        whole = c.networks(theta, x)
        *_, quotient = whole.formula.args[1].args
        output = t.rewrite(c.clips(-b, b, quotient), whole)
        clipped = output.formula.args[1]
        *_, above, below = hard(quotient)
        t.show(Abs(c.f(theta, x)) <= b, by=[output, above, below], opaque=[clipped])
    return values.fact


@theorem(source=SOURCE)
def ratio_sensitivity_is_smaller(t):
    """ratio_sensitivity is at most the sensitivity of all networks with L = 1 and W = n, where
    d <= n and Θ(n + 1) >= 1."""
    (n, d), (Theta, R0) = t.nat("n d"), t.real("Theta R0")
    t.given(d <= n, Theta * (n + 1) >= 1, R0 >= 0)
    t.example(n=1, d=1, Theta=1, R0=1)
    names = {"n": n, "d": d, "Theta": Theta, "R0": R0}
    general = read(covering.SENSITIVITY, {**names, "L": 1, "W": n})
    return t.show(read(covering.RATIO_SENSITIVITY, names) <= general)


@theorem(source=SOURCE)
def ratio_covering_number_without_ceiling(t):
    """P log⌈Θ/η⌉ <= P log(1 + Θ/η), for the networks of the ratio theorem."""
    t.nat("ratio_parameters")
    t.given(t.real("ratio_argument") > 0)
    t.example(ratio_argument=1)
    return t.show(t.read(covering.RATIO_LOG_N) <= t.read(covering.RATIO_LOG_N_SMOOTH))


@theorem(source=SOURCE)
def networks_of_the_ratio_class(t):
    """Each θ has a SignReLU network with five hidden layers of at most max(n, 4) neurons."""
    c = RatioNetworks(t, signrelu)
    theta, x, i, j, r, u = c.theta, c.x, c.i, c.j, c.r, t.real("v")
    N, ends = t.network("N", "signrelu"), {"b": c.b, "c": c.low, "C": c.C, "M": c.M}
    c.example(t)
    inputs = t.derive("input_network", activation="signrelu")
    with t.let(theta) as each, t.obtain(inputs, "I") as base:
        layer = hidden_layer(
            t,
            base.value,
            neurons=c.n,
            inputs=(1, c.d),
            weights=function([j, i], theta(c.of_neuron(j, i))),
            biases=function(j, theta(c.bias(j))),
            outer=function([r, j], theta(c.of_output(r, j))),
            offsets=function(r, theta(c.of_output(r, expr(0)))),
        )
        with (
            t.obtain(layer, "A") as shallow,
            t.obtain(t.use("clipping.ratio_behind", {**ends, "A": shallow.value}), "B") as whole,
        ):
            B, parts = whole.value, (base, shallow, whole)
            with t.let(r, x) as outputs:
                with t.let(i) as same_inputs:
                    t.show(value(base.value, i, x).eq(x(i)), by=base.facts[2](i, x))
                with t.let(j) as neurons:
                    weight = function(i, theta(c.of_neuron(j, i)))
                    row = Sum(weight(i) * value(base.value, i, x), (i, 1, c.d))
                    wanted = Sum(weight(i) * x(i), (i, 1, c.d))
                    same = t.add_up(row.eq(wanted), by=same_inputs)
                    neuron = theta(c.of_output(r, j)) * signrelu(theta(c.bias(j)) + u)
                    t.at_equals(function(u, neuron), same)
                found = shallow.facts[2](r, x)
                (_, total), (_, wanted) = found.formula.args[1].args, c.output(theta, x, r).args
                found = t.rewrite(t.add_up(total.eq(wanted), by=neurons), found)
                t.chain(found, t.symmetric(c.outputs(theta, r, x)))
            with t.let(x):
                found = whole.facts[2](x)
                for number in (0, 1):
                    found = t.rewrite(outputs(number, x), found)
                t.chain(found, t.symmetric(c.with_clips(t, theta, x)))
            size = And(depth(B).eq(5), width(B) <= Max(c.n, 4))
            t.show(size, by=[fact for part in parts for fact in part.facts[:2]])
            computes = Forall(x, value(N, 0, x).eq(c.f(theta, x)))
            t.witness(ThereIs(N, depth(N).eq(5), width(N) <= Max(c.n, 4), computes), B)
    return each.fact
