"""How much a network changes when its parameters do, through all its layers.

A network has L hidden layers of W neurons, and W inputs. Its weights are w(k, i, j): from value j
of layer k to value i of the next one, w(k, i, 0) being the bias; its layers are h(0, .) = x and
h(k + 1, i) = ρ(w(k, i, 0) + Sum of w(k, i, j) h(k, j)). Smaller layers have weights 0. Another one
has the weights y and the layers g. The activation has |ρ(s) - ρ(u)| <= |s - u|, |ρ(u)| <= |u|, as
SignReLU with α <= 1 at any scale; all weights are in [-Θ, Θ], and Θ(W + 1) >= 1.
"""

from types import SimpleNamespace

from boundcheck import theorem
from boundcheck.math import Abs, Max
from boundcheck.theorems.author.words import And, Forall, Implies, Sum, function
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import covering

SOURCE = "derived here"


def symbols_of_two_networks(t):
    """The symbols of two networks."""
    names = SimpleNamespace()
    names.w, names.y = t.function("w y", NAT, NAT, NAT)
    names.h, names.g = t.function("h g", NAT, NAT)
    names.rho = t.function("rho", REAL)
    names.k, names.i, names.j, names.L, names.W = t.nat("k i j L W")
    names.Theta, names.R0, names.eta, names.s, names.u = t.real("Theta R0 eta s u")
    return names


def weighted(w, h, j, W):
    """A bias and W weighted values."""
    return w(0) + Sum(w(j) * h(j), (j, 1, W))


def before_activation(c, w, h, k, i):
    """What neuron i of layer k + 1 is the activation of."""
    return w(k, i, 0) + Sum(w(k, i, c.j) * h(k, c.j), (c.j, 1, c.W))


def has_layers(c, w, h):
    """h are the layers of the network with weights w."""
    value = c.rho(before_activation(c, w, h, c.k, c.i))
    return Forall([c.k, c.i], h(c.k + 1, c.i).eq(value), given=[c.k + 1 <= c.L])


def largest_value(c, k):
    """Of a value of layer k, in absolute value; at least 1."""
    return (c.Theta * (c.W + 1)) ** k * Max(1, c.R0)


def largest_change(c, k):
    """Of what stands before the activation of layer k + 1."""
    return (k + 1) * (c.W + 1) * largest_value(c, k) * c.eta


def nothing(c):
    """An example of two networks: all weights are 0."""
    weights, layers = function([c.k, c.i, c.j], 0), function([c.k, c.i], 0)
    return {"w": weights, "y": weights, "h": layers, "g": layers, "rho": function(c.u, 0)}


def two_networks(t, c):
    """The hypotheses: weights in [-Θ, Θ] and within η of each other, the same inputs."""
    k, i, j, s, u, inside = c.k, c.i, c.j, c.s, c.u, [c.i >= 1, c.i <= c.W]
    facts = SimpleNamespace()
    facts.weights = t.given(Forall([k, i, j], Abs(c.w(k, i, j)) <= c.Theta))
    t.given(Forall([k, i, j], Abs(c.y(k, i, j)) <= c.Theta))
    facts.near = t.given(Forall([k, i, j], Abs(c.w(k, i, j) - c.y(k, i, j)) <= c.eta))
    t.given(Forall(u, Abs(c.rho(u)) <= Abs(u)))
    facts.slope = t.given(Forall([s, u], Abs(c.rho(s) - c.rho(u)) <= Abs(s - u)))
    facts.same = t.given(Forall(i, c.h(0, i).eq(c.g(0, i)), given=inside))
    t.given(Forall(i, Abs(c.g(0, i)) <= c.R0, given=inside))
    facts.ones, facts.others = t.given(has_layers(c, c.w, c.h), has_layers(c, c.y, c.g))
    t.given(c.Theta > 0, c.Theta * (c.W + 1) >= 1, c.eta >= 0)
    t.example(**nothing(c), Theta=1, W=1, R0=0, eta=0)
    return facts


# -- one neuron ------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def value_of_a_neuron(t):
    """A bias and W weighted values sum to at most Θ(Wv + 1)."""
    w, h, (Theta, v), (j, W) = *t.function("w h", NAT), t.real("Theta v"), t.nat("j W")
    weights = t.given(Forall(j, Abs(w(j)) <= Theta, given=[j <= W]))
    values = t.given(Forall(j, Abs(h(j)) <= v, given=[j >= 1, j <= W]))
    t.given(Theta >= 0, v >= 0)
    t.example(w=function(j, 0), h=function(j, 0), Theta=0, v=0)
    total = Sum(w(j) * h(j), (j, 1, W))
    small = t.triangle(total)
    terms = t.add_up(small.formula.args[1] <= Sum(Theta * v, (j, 1, W)), by=[weights, values])
    number = t.count(Sum(Theta * v, (j, 1, W)))
    return t.show(
        Abs(weighted(w, h, j, W)) <= Theta * (W * v + 1), by=[weights(0), small, terms, number]
    )


@theorem(source=SOURCE)
def difference_of_a_neuron(t):
    """The sums of two neurons differ by at most W(ΘD + ηv) + η: each term wh, in the other one yg,
    by ΘD + ηv."""
    w, y, h, g = t.function("w y h g", NAT)
    (Theta, eta, D, v), (j, W) = t.real("Theta eta D v"), t.nat("j W")
    inside = [j >= 1, j <= W]
    weights = t.given(Forall(j, Abs(w(j)) <= Theta, given=[j <= W]))
    near = t.given(Forall(j, Abs(w(j) - y(j)) <= eta, given=[j <= W]))
    values = t.given(Forall(j, Abs(g(j)) <= v, given=inside))
    close = t.given(Forall(j, Abs(h(j) - g(j)) <= D, given=inside))
    t.given(Theta >= 0, eta >= 0, D >= 0, v >= 0)
    none = dict.fromkeys("wyhg", function(j, 0))
    t.example(**none, Theta=0, eta=0, D=0, v=0)
    each = Theta * D + eta * v
    with t.let(j, given=inside) as term:
        first = t.show(Abs(w(j) * (h(j) - g(j))) <= Theta * D, by=[weights(j), close(j)])
        second = t.show(Abs((w(j) - y(j)) * g(j)) <= eta * v, by=[near(j), values(j)])
        t.show(Abs(w(j) * h(j) - y(j) * g(j)) <= each, by=[first, second])
    ones, others = weighted(w, h, j, W), weighted(y, g, j, W)
    gap = Sum(w(j) * h(j) - y(j) * g(j), (j, 1, W))
    apart = t.add_up((ones.args[1] - others.args[1]).eq(gap))
    small = t.triangle(gap)
    terms = t.add_up(small.formula.args[1] <= Sum(each, (j, 1, W)), by=term.fact)
    number = t.count(Sum(each, (j, 1, W)))
    below = t.show(Abs(gap) <= W * each, by=[small, terms, number])
    return t.show(Abs(ones - others) <= W * each + eta, by=[near(0), apart, below])


# -- all layers ------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def bounds_of_layers(t):
    """The bounds of the values and of the changes, from one layer to the next one."""
    c = symbols_of_two_networks(t)
    k, Theta, W, eta, q = c.k, c.Theta, c.W, c.eta, t.real("q")
    signs = t.given(Theta > 0, Theta * (W + 1) >= 1, eta >= 0)
    t.example(Theta=1, W=1, eta=1)
    K, most, next_most = Theta * (W + 1), largest_value(c, k), largest_value(c, k + 1)
    with t.induct(most >= 1, k) as large:
        t.show(large.goal, by=[large.hypothesis, *signs], opaque=[K**k])
    with t.let(k) as grows:
        with t.let(q, given=[q >= 1]) as any_value:
            D = (k + 1) * (W + 1) * q * eta
            more = (k + 2) * (W + 1) * (K * q) * eta
            t.show(Theta * (W * q + 1) <= K * q, by=signs)
            t.show(W * (Theta * D + eta * (K * q)) + eta <= more, by=signs)
            t.show(And(Theta * (W * q + 1) <= K * q, W * (Theta * D + eta * (K * q)) + eta <= more))
        one = large(k)
        values, changes = t.replace(any_value(most), (K * most, next_most))
        t.show(And(most >= 1, values.formula, changes.formula), by=one)
    return grows.fact


@theorem(source=SOURCE)
def values_of_layers(t):
    """|h(k, i)| <= K^k max(1, R0), K = Θ(W + 1): by induction over k."""
    c = symbols_of_two_networks(t)
    k, i, j, Theta, W = c.k, c.i, c.j, c.Theta, c.W
    inside = [i >= 1, i <= W]
    weights = t.given(Forall([k, i, j], Abs(c.w(k, i, j)) <= Theta))
    linear = t.given(Forall(c.u, Abs(c.rho(c.u)) <= Abs(c.u)))
    inputs = t.given(Forall(i, Abs(c.h(0, i)) <= c.R0, given=inside))
    layers = t.given(has_layers(c, c.w, c.h))
    t.given(Theta > 0, Theta * (W + 1) >= 1)
    t.example(**nothing(c), Theta=1, W=1, R0=0)
    bounds = t.use("sensitivity.bounds_of_layers", {"eta": 0})
    most = largest_value(c, k)
    with t.let(i, given=inside) as first:
        t.show(Abs(c.h(0, i)) <= largest_value(c, expr(0)), by=inputs(i))
    claim = Implies(k <= c.L, Forall(i, Abs(c.h(k, i)) <= most, given=inside))
    with t.induct(claim, k, base=first.fact) as values, t.suppose(k + 1 <= c.L):
        t.show(k <= c.L)
        values.hypothesis()
        one, grows, _ = bounds(k)
        t.show(most >= 0, by=one)
        with t.let(i, given=inside):
            before = before_activation(c, c.w, c.h, k, i)
            row = {"w": function(j, c.w(k, i, j)), "h": function(j, c.h(k, j))}
            neuron = t.use("sensitivity.value_of_a_neuron", {**row, "v": most}, by=weights)
            small = t.chain(linear(before), neuron, grows)
            t.show(Abs(c.h(k + 1, i)) <= largest_value(c, k + 1), by=[layers(k, i), small])
    return values.fact


@theorem(source=SOURCE)
def difference_of_layers(t):
    """Before the activation of layer k + 1 two networks with weights within η of each other differ
    by at most (k + 1)(W + 1) K^k max(1, R0) η: by induction over k.

    The inputs agree, so that in the first layer D = 0.
    """
    c = symbols_of_two_networks(t)
    k, i, j, W, zero = c.k, c.i, c.j, c.W, expr(0)
    inside = [i >= 1, i <= W]
    facts = two_networks(t, c)
    values = t.use("sensitivity.values_of_layers", {"w": c.y, "h": c.g})
    bounds = t.use("sensitivity.bounds_of_layers")

    def sums(k, i):
        return before_activation(c, c.w, c.h, k, i), before_activation(c, c.y, c.g, k, i)

    def neurons(k, i, D, v):
        rows = {name: function(j, family(k, i, j)) for name, family in (("w", c.w), ("y", c.y))}
        layers = {name: function(j, family(k, j)) for name, family in (("h", c.h), ("g", c.g))}
        return t.use(
            "sensitivity.difference_of_a_neuron",
            {**rows, **layers, "D": D, "v": v},
            by=[facts.weights, facts.near],
        )

    def close(k):
        one, other = sums(k, i)
        return Forall(i, Abs(one - other) <= largest_change(c, k))

    t.show(Forall(j, Abs(c.h(0, j) - c.g(0, j)) <= 0, given=[j >= 1, j <= W]), by=facts.same)
    v = largest_value(c, zero)
    values(zero)
    t.show(v >= 0)
    first = t.show(W * (c.Theta * 0 + c.eta * v) + c.eta <= largest_change(c, zero))
    with t.let(i) as start:
        t.chain(neurons(zero, i, zero, v), first)

    D, v = largest_change(c, k), largest_value(c, k + 1)
    claim = Implies(k <= c.L, close(k))
    with t.induct(claim, k, base=start.fact) as changes, t.suppose(k + 1 <= c.L):
        t.show(k <= c.L)
        below = changes.hypothesis()
        with t.let(i, given=inside):
            less = t.chain(facts.slope(*sums(k, i)), below(i))
            layers = [facts.ones(k, i), facts.others(k, i)]
            t.show(Abs(c.h(k + 1, i) - c.g(k + 1, i)) <= D, by=[less, *layers])
        values(k + 1)
        one, _, grows = bounds(k)
        t.show(D >= 0, by=one)
        t.show(v >= 0, by=bounds(k + 1))
        with t.let(i):
            t.chain(neurons(k + 1, i, D, v), grows)
    return changes.fact


@theorem(source=SOURCE)
def power_of_a_product(t):
    """(uv)^n = u^n v^n."""
    (u, v), n = t.real("u v"), t.nat("n")
    with t.induct(((u * v) ** n).eq(u**n * v**n), n) as powers:
        t.show(powers.goal, by=powers.hypothesis)
    return powers.fact


@theorem(source=SOURCE)
def sensitivity(t):
    """Two networks with weights within η of each other have outputs within `sensitivity` η."""
    c = symbols_of_two_networks(t)
    two_networks(t, c)
    product = t.use("sensitivity.power_of_a_product", {"u": c.Theta, "v": c.W + 1})(c.L)
    last = t.use("sensitivity.difference_of_layers")(c.L)
    bound = t.read(covering.SENSITIVITY)
    most = t.show((largest_change(c, c.L)).eq(bound * c.eta), by=product)
    with t.let(c.i) as outputs:
        t.chain(last(c.i), most)
    return outputs.fact
