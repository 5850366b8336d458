"""Covering numbers of network classes: how many networks come within δ of all networks of a class.

A network has L hidden layers of at most W neurons, at most W inputs and P parameters θ(1), ...,
θ(P) in [-Θ, Θ], where Θ(W + 1) >= 1. Parameter place(k, i, j) is its weight from value j of layer
k to neuron i of the next one, place(k, i, 0) that neuron's bias; where there is no weight, the
place is 0, and θ(0) = 0. So its layers are h(θ, x, 0, i) = x(i) and h(θ, x, k + 1, i) =
ρ(θ(place(k, i, 0)) + Sum of θ(place(k, i, j)) h(θ, x, k, j)), and its outputs are what stands in ρ
for k = L. The activation ρ is SignReLU with α <= 1 at any scale, or another one that is 1-Lipschitz
and 0 at 0. Distances are in the sup-norm over |x(i)| <= R0. The constants are those of
`boundcheck.theory.formulas.covering`.
"""

from boundcheck import claim, fails, inequality, symbols, theorem
from boundcheck.math import Abs, Max, Min, log
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Sum,
    ThereIs,
    depth,
    function,
    sequence,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import covering

SOURCE = "derived here"


def parameters(theta, Theta, P, p):
    """θ(1), ..., θ(P) lie in [-Θ, Θ], and θ(0), which stands for no parameter, is 0."""
    return And(theta(0).eq(0), Forall(p, Abs(theta(p)) <= Theta, given=[p >= 1, p <= P]))


def near(theta, tau, eta, P, p):
    """The parameters θ and τ are within η of each other."""
    return Forall(p, Abs(theta(p) - tau(p)) <= eta, given=[p >= 1, p <= P])


def in_box(x, R0, d, i):
    """|x(i)| <= R0 for i = 1, ..., d."""
    return Forall(i, Abs(x(i)) <= R0, given=[i >= 1, i <= d])


def conditions(c, Theta, R0, eta):
    """Of θ, τ, η and x: parameters within η of each other, and an input in the box."""
    allowed = [parameters(each, Theta, c.P, c.p) for each in (c.theta, c.tau)]
    return [eta >= 0, *allowed, near(c.theta, c.tau, eta, c.P, c.p), in_box(c.x, R0, c.W, c.i)]


def is_covered(t, c, f, log_n, Theta, R0, delta):
    """exp(log_n) functions f(net(m), .) of the class come within δ of each of its functions
    f(θ, .): there are N and the net."""
    N, m = t.nat("N m")
    net, theta, x = t.sequence("net", seq(REAL)), c.theta, c.x
    close = Forall(x, Abs(f(theta, x) - f(net(m), x)) <= delta, given=[in_box(x, R0, c.W, c.i)])
    covered = ThereIs(m, m >= 1, m <= N, close)
    members = Forall(m, parameters(net(m), Theta, c.P, c.p))
    every = Forall(theta, covered, given=[parameters(theta, Theta, c.P, c.p)])
    return ThereIs(N, ThereIs(net, log(N).eq(log_n), members, every))


def before_activation(theta, place, h, k, i, j, W):
    """What neuron i of layer k + 1 is the activation of; h(j) are the values of layer k."""
    return theta(place(k, i, 0)) + Sum(theta(place(k, i, j)) * h(j), (j, 1, W))


class Networks:
    """The symbols of the class, and its layers as hypotheses."""

    def __init__(self, t, rho=None):
        self.h = t.function("h", seq(REAL), seq(REAL), NAT, NAT)
        self.place = t.function("place", NAT, NAT, NAT, to=NAT)
        self.rho = rho or t.function("rho", REAL)
        self.theta, self.tau, self.x = t.sequence("theta tau x", REAL)
        self.k, self.i, self.j, self.p = t.nat("k i j p")
        self.L, self.W, self.P = t.nat("L W P")
        theta, x, k, i = self.theta, self.x, self.k, self.i
        layer = self.h(theta, x, k + 1, i).eq(self.rho(self.output(theta, x, k, i)))
        self.inputs, self.layers = t.given(
            Forall([theta, x, i], self.h(theta, x, 0, i).eq(x(i))),
            Forall([theta, x, k, i], layer),
        )

    def output(self, theta, x, k, i):
        """What stands in neuron i of layer k + 1 of the network θ at x."""
        values = function(self.j, self.h(theta, x, k, self.j))
        return before_activation(theta, self.place, values, k, i, self.j, self.W)

    def example(self, t, **values):
        """All activations are 0, and no weight is a parameter."""
        theta, x, k, i, j = self.theta, self.x, self.k, self.i, self.j
        t.example(
            h=function([theta, x, k, i], expr(0) ** k * x(i)),
            place=function([k, i, j], 0),
            rho=function(t.real("u0"), 0),
            **values,
        )


def lipschitz(t, rho):
    """|ρ(u)| <= |u| and |ρ(s) - ρ(u)| <= |s - u|, as hypotheses."""
    s, u = t.real("s u")
    return t.given(
        Forall(u, Abs(rho(u)) <= Abs(u)),
        Forall([s, u], Abs(rho(s) - rho(u)) <= Abs(s - u)),
    )


# -- the activation --------------------------------------------------------------------------------


@theorem(source=SOURCE)
def activation(t):
    """SignReLU with any α <= 1 at any scale M, ρ(Mu)/M, is 1-Lipschitz and at most |u|."""
    a, M, s, u = t.real("a M s u")
    t.given(a > 0, a <= 1, M > 0)
    t.example(a=1, M=1)

    def rho(u):
        v = M * u
        return (Max(0, v) + a * (Min(0, v) / (1 - Min(0, v)))) / M

    with t.let(s, u) as slopes:
        t.show(Abs(rho(s) - rho(u)) <= Abs(s - u))
    with t.let(u) as growth:
        t.show(Abs(rho(u)) <= Abs(u))
    return t.together(slopes.fact, growth.fact)


# -- all networks of given sizes -------------------------------------------------------------------


@theorem(source=SOURCE)
def place_of_no_parameter(t):
    """What holds for the parameters of two networks holds for θ(0) = 0, too."""
    theta, tau = t.sequence("theta tau", REAL)
    (Theta, eta), (p, P) = t.real("Theta eta"), t.nat("p P")
    zero, bounded = t.given(parameters(theta, Theta, P, p))
    none, _ = t.given(parameters(tau, Theta, P, p))
    close = t.given(near(theta, tau, eta, P, p))
    t.given(Theta >= 0, eta >= 0)
    nothing = sequence(p, 0)
    t.example(theta=nothing, tau=nothing, Theta=1, eta=1)
    goal = And(Abs(theta(p)) <= Theta, Abs(theta(p) - tau(p)) <= eta)
    at_zero = t.show(And(Abs(theta(0)) <= Theta, Abs(theta(0) - tau(0)) <= eta), by=[zero, none])
    with t.let(p, given=[p <= P]) as places:
        with t.suppose(p <= 0) as first:
            t.rewrite(t.show(expr(0).eq(p), by=first.facts), at_zero)
        with t.suppose(expr(0) < p) as later:
            t.derive("next_number", *later.facts)
            t.show(goal, by=[bounded(p), close(p)])
        t.cases(p, 0, first, later)
    return places.fact


@theorem(source=SOURCE)
def change_with_the_parameters(t):
    """Parameters within η of each other give networks within `sensitivity` η."""
    c = Networks(t)
    theta, tau, x, k, i, j = c.theta, c.tau, c.x, c.k, c.i, c.j
    Theta, R0, eta = t.real("Theta R0 eta")
    lipschitz(t, c.rho)
    places = t.given(Forall([k, i, j], c.place(k, i, j) <= c.P))
    large = t.given(Theta * (c.W + 1) >= 1)
    c.example(t, Theta=1, W=1)
    t.show(Theta > 0, by=large)
    with t.let(theta, tau, eta, x, given=conditions(c, Theta, R0, eta)) as change:
        one = t.use("covering.place_of_no_parameter")
        other = t.use("covering.place_of_no_parameter", {"theta": tau})
        at = c.place(k, i, j)
        for goal in (
            Abs(theta(at)) <= Theta,
            Abs(tau(at)) <= Theta,
            Abs(theta(at) - tau(at)) <= eta,
        ):
            with t.let(k, i, j):
                known = places(k, i, j)
                t.show(goal, by=[one(at, by=known), other(at, by=known)])
        inside = [i >= 1, i <= c.W]
        start, start_too = c.inputs(theta, x, i), c.inputs(tau, x, i)
        with t.let(i, given=inside):
            t.show(c.h(theta, x, 0, i).eq(c.h(tau, x, 0, i)), by=[start, start_too])
        with t.let(i, given=inside):
            t.show(Abs(c.h(tau, x, 0, i)) <= R0, by=[start_too, change.facts[-1](i)])
        networks = {
            "w": function([k, i, j], theta(at)),
            "y": function([k, i, j], tau(at)),
            "h": function([k, i], c.h(theta, x, k, i)),
            "g": function([k, i], c.h(tau, x, k, i)),
        }
        t.use("sensitivity.sensitivity", networks, by=c.layers)(1)
    return change.fact


@theorem(source=SOURCE)
def covering_number(t):
    """exp(P log⌈sensitivity Θ/δ⌉) networks of the class come within δ of all, in one output."""
    c = Networks(t)
    theta, tau, x, f = c.theta, c.tau, c.x, t.function("f", seq(REAL), seq(REAL))
    Theta, R0, eta, delta = t.real("Theta R0 eta delta")
    lipschitz(t, c.rho)
    output = function([theta, x], c.output(theta, x, c.L, 1))
    networks = t.given(Forall([theta, x], f(theta, x).eq(output(theta, x))))
    t.given(Forall([c.k, c.i, c.j], c.place(c.k, c.i, c.j) <= c.P))
    large, _ = t.given(Theta * (c.W + 1) >= 1, delta > 0)
    value_of_zero = theta(0) + theta(0) * (expr(0) ** c.L * x(1))
    c.example(t, f=function([theta, x], value_of_zero), Theta=1, W=1, delta=1)
    positive = t.show(Theta > 0, by=large)
    bound = t.read(covering.SENSITIVITY)
    powers = [t.use("class_nets.log_of_a_power", {"y": y})(c.L) for y in (Theta, c.W + 1)]
    t.show(bound > 0, by=[positive, *powers])
    change = t.use("covering.change_with_the_parameters")
    with t.let(theta, tau, eta, x, given=conditions(c, Theta, R0, eta)):
        changed = change(theta, tau, eta, x)
        for parameter in (theta, tau):
            changed = t.rewrite(t.symmetric(networks(parameter, x)), changed)
    t.use("class_nets.net_of_a_class", {"S": bound, "d": c.W})
    log_n = t.read(covering.LOG_N, argument=t.read(covering.ARGUMENT, sensitivity=bound))
    return t.show(is_covered(t, c, f, log_n, Theta, R0, delta))


@theorem(source=SOURCE)
def covering_number_without_ceiling(t):
    """P log⌈Θ/η⌉ <= P log(1 + Θ/η)."""
    t.nat("P")
    t.given(t.real("argument") > 0)
    t.example(argument=1)
    return t.show(t.read(covering.LOG_N) <= t.read(covering.LOG_N_SMOOTH))


@theorem(source=SOURCE)
def networks_of_the_class(t):
    """Each θ has a SignReLU network with L hidden layers of at most W neurons: its class has the
    recursion h."""
    c = Networks(t, signrelu)
    theta, x, k, i, j, W, place = c.theta, c.x, c.k, c.i, c.j, c.W, c.place
    N = t.network("N", "signrelu")
    first_power = expr(0) ** k
    t.example(
        h=function([theta, x, k, i], first_power * x(i) + (1 - first_power) * signrelu(theta(0))),
        place=function([k, i, j], 0),
        W=0,
    )

    def there_is(k):
        same = Forall([i, x], value(N, i, x).eq(c.output(theta, x, k, i)))
        return ThereIs(N, depth(N).eq(k), width(N) <= W, same)

    def affine_forms(base, k):
        """Of outputs 1, ..., W of a network, with the weights of layer k."""
        return t.derive(
            "readout",
            base=base,
            inputs=W,
            outer=function([i, j], theta(place(k, i, j))),
            offsets=function(i, theta(place(k, i, 0))),
        )

    def shown(A, k, outputs, known):
        """The values of such a network, from what is known of the outputs of the base."""
        with t.let(i, x):
            found = outputs(i, x)
            (_, total), (_, wanted) = found.formula.args[1].args, c.output(theta, x, k, i).args
            t.rewrite(t.add_up(total.eq(wanted), by=known), found)

    with t.let(theta) as each:
        with (
            t.obtain(t.derive("input_network", activation="signrelu"), "I") as base,
            t.obtain(affine_forms(base.value, expr(0)), "A") as first,
        ):
            A, (deep, wide, outputs) = first.value, first.facts
            no_depth, no_width, same = base.facts
            with t.let(x, j) as known:
                t.show(
                    value(base.value, j, x).eq(c.h(theta, x, 0, j)),
                    by=[same(j, x), c.inputs(theta, x, j)],
                )
            shown(A, expr(0), outputs, known.fact)
            t.show(And(depth(A).eq(0), width(A) <= W), by=[deep, wide, no_depth, no_width])
            t.witness(there_is(expr(0)), A)
        with (
            t.induct(there_is(k), k, base=base.fact) as deeper,
            t.obtain(deeper.hypothesis, "B") as before,
            t.obtain(t.use("networks.activated", {"A": before.value}), "C") as active,
            t.obtain(affine_forms(active.value, k + 1), "D") as after,
        ):
            (deep, wide, values), (deeper_by_one, wider, activations) = before.facts, active.facts
            D, (same_depth, same_width, outputs) = after.value, after.facts
            with t.let(x, j, given=[expr(1) <= j, j <= W]) as known:
                neuron = t.rewrite(values(j, x), activations(j, x))
                t.chain(neuron, t.symmetric(c.layers(theta, x, k, j)))
            shown(D, k + 1, outputs, known.fact)
            t.show(depth(D).eq(k + 1), by=[deep, deeper_by_one, same_depth])
            t.show(width(D) <= W, by=[wide, wider, same_width])
            t.witness(there_is(k + 1), D)
    return each.fact


@claim(source=SOURCE)
def large_parameters_are_needed(t):
    """Θ(W+1) >= 1 cannot be dropped: a bias of the output moves it by η, which is
    more than `sensitivity` η."""
    eta = symbols("eta")
    bound = covering.SENSITIVITY.subs({covering.L: 1, covering.W: 1, covering.R0: 1})
    small = inequality(eta, "<=", bound * eta, given=[covering.Theta > 0, eta > 0])
    yield fails(small, at={covering.Theta: t / 8}, given=[eta > 0, t > 0, t < 1])
