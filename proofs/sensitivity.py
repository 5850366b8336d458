"""How much a network changes when its parameters do, through all its layers.

A network has L hidden layers of W neurons, and W inputs. Its weights are w(l, i, j): from value j
of layer l to value i of the next one, w(l, i, 0) being the bias; its layers are h(0, .) = x and
h(l + 1, i) = ρ(w(l, i, 0) + Sum of w(l, i, j) h(l, j)). Smaller layers have weights 0. Another one
has the weights y and the layers g. The activation has |ρ(s) - ρ(u)| <= |s - u|, |ρ(u)| <= |u|, as
SignReLU with α <= 1 at any scale; all weights are in [-Θ, Θ], and Θ(W + 1) >= 1.
"""

from types import SimpleNamespace

from boundcheck import theorem
from boundcheck.math import Abs, Max
from boundcheck.theorems.author.words import Forall, Implies, Sum, function
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import covering

SOURCE = "derived here"


def sizes(t):
    """The symbols of two networks."""
    names = SimpleNamespace()
    names.w, names.y = t.function("w y", NAT, NAT, NAT)
    names.h, names.g = t.function("h g", NAT, NAT)
    names.rho = t.function("rho", REAL)
    names.l, names.i, names.j, names.L, names.W = t.nat("l i j L W")
    names.Theta, names.R0, names.eta, names.s, names.u = t.real("Theta R0 eta s u")
    return names


def weighted(w, h, j, W):
    """A bias and W weighted values."""
    return w(0) + Sum(w(j) * h(j), (j, 1, W))


def before_activation(c, w, h, l, i):
    """What neuron i of layer l + 1 is the activation of."""
    return w(l, i, 0) + Sum(w(l, i, c.j) * h(l, c.j), (c.j, 1, c.W))


def has_layers(c, w, h):
    """h are the layers of the network with weights w."""
    value = c.rho(before_activation(c, w, h, c.l, c.i))
    return Forall([c.l, c.i], h(c.l + 1, c.i).eq(value), given=[c.l + 1 <= c.L])


def largest_value(c, l):
    """Of a value of layer l, in absolute value; at least 1."""
    return (c.Theta * (c.W + 1)) ** l * Max(1, c.R0)


def largest_change(c, l):
    """Of what stands before the activation of layer l + 1."""
    return (l + 1) * (c.W + 1) * largest_value(c, l) * c.eta


# -- one neuron ------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def value_of_a_neuron(t):
    """A bias and W weighted values sum to at most Θ(Wv + 1)."""
    w, h, (Theta, v), (j, W) = *t.function("w h", NAT), t.real("Theta v"), t.nat("j W")
    weights = t.given(Forall(j, Abs(w(j)) <= Theta))
    values = t.given(Forall(j, Abs(h(j)) <= v, given=[1 <= j, j <= W]))
    t.given(Theta >= 0, v >= 0)
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
    inside = [1 <= j, j <= W]
    weights = t.given(Forall(j, Abs(w(j)) <= Theta))
    near = t.given(Forall(j, Abs(w(j) - y(j)) <= eta))
    values = t.given(Forall(j, Abs(g(j)) <= v, given=inside))
    close = t.given(Forall(j, Abs(h(j) - g(j)) <= D, given=inside))
    t.given(Theta >= 0, eta >= 0, D >= 0, v >= 0)
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
def values_of_layers(t):
    """|h(l, i)| <= K^l max(1, R0), K = Θ(W + 1): by induction over l."""
    c = sizes(t)
    l, i, Theta, W, inside = c.l, c.i, c.Theta, c.W, [1 <= c.i, c.i <= c.W]
    weights = t.given(Forall([l, i, c.j], Abs(c.w(l, i, c.j)) <= Theta))
    linear = t.given(Forall(c.u, Abs(c.rho(c.u)) <= Abs(c.u)))
    inputs = t.given(Forall(i, Abs(c.h(0, i)) <= c.R0, given=inside))
    layers = t.given(has_layers(c, c.w, c.h))
    signs = t.given(Theta > 0, Theta * (W + 1) >= 1)
    most, K = largest_value(c, l), Theta * (W + 1)

    with t.induct(most >= 1, l) as large:
        t.show(large.goal, by=[large.hypothesis, *signs], opaque=[K**l])
    with t.let(i, given=inside) as first:
        t.show(Abs(c.h(0, i)) <= largest_value(c, expr(0)), by=inputs(i))
    claim = Implies(l <= c.L, Forall(i, Abs(c.h(l, i)) <= most, given=inside))
    with t.induct(claim, l, base=first.fact) as values:
        with t.suppose(l + 1 <= c.L):
            t.show(l <= c.L)
            values.hypothesis()
            one = large(l)
            t.show(most >= 0, by=one)
            grows = t.show(Theta * (W * most + 1) <= K * most, by=[one, *signs], opaque=[most])
            with t.let(i, given=inside):
                before = before_activation(c, c.w, c.h, l, i)
                row = {"w": function(c.j, c.w(l, i, c.j)), "h": function(c.j, c.h(l, c.j))}
                neuron = t.use(
                    "sensitivity.value_of_a_neuron", {**row, "v": most}, by=[weights]
                )
                small = t.chain(linear(before), neuron, grows)
                t.show(Abs(c.h(l + 1, i)) <= largest_value(c, l + 1), by=[layers(l, i), small])
    return values.fact


@theorem(source=SOURCE)
def difference_of_layers(t):
    """Before the activation of layer l + 1 two networks with weights within η of each other differ
    by at most (l + 1)(W + 1) K^l max(1, R0) η: by induction over l.

    The inputs agree, so that in the first layer D = 0.
    """
    c = sizes(t)
    l, i, j, Theta, W, eta = c.l, c.i, c.j, c.Theta, c.W, c.eta
    inside = [1 <= i, i <= W]
    weights = t.given(Forall([l, i, j], Abs(c.w(l, i, j)) <= Theta))
    t.given(Forall([l, i, j], Abs(c.y(l, i, j)) <= Theta))
    near = t.given(Forall([l, i, j], Abs(c.w(l, i, j) - c.y(l, i, j)) <= eta))
    t.given(Forall(c.u, Abs(c.rho(c.u)) <= Abs(c.u)))
    slope = t.given(Forall([c.s, c.u], Abs(c.rho(c.s) - c.rho(c.u)) <= Abs(c.s - c.u)))
    same = t.given(Forall(i, c.h(0, i).eq(c.g(0, i)), given=inside))
    t.given(Forall(i, Abs(c.g(0, i)) <= c.R0, given=inside))
    ones, others = t.given(has_layers(c, c.w, c.h), has_layers(c, c.y, c.g))
    signs = t.given(Theta > 0, Theta * (W + 1) >= 1, eta >= 0)
    values = t.use("sensitivity.values_of_layers", {"w": c.y, "h": c.g})
    K, most = Theta * (W + 1), largest_value(c, l)

    with t.induct(most >= 1, l) as large:
        t.show(large.goal, by=[large.hypothesis, *signs], opaque=[K**l])

    def sums(l, i):
        return before_activation(c, c.w, c.h, l, i), before_activation(c, c.y, c.g, l, i)

    def neurons(l, i, D, v):
        rows = {name: function(j, family(l, i, j)) for name, family in (("w", c.w), ("y", c.y))}
        layers = {name: function(j, family(l, j)) for name, family in (("h", c.h), ("g", c.g))}
        return t.use(
            "sensitivity.difference_of_a_neuron",
            {**rows, **layers, "D": D, "v": v},
            by=[weights, near],
        )

    def close(l):
        one, other = sums(l, i)
        return Forall(i, Abs(one - other) <= largest_change(c, l))

    zero = expr(0)
    t.show(Forall(j, Abs(c.h(0, j) - c.g(0, j)) <= 0, given=[1 <= j, j <= W]), by=same)
    v = largest_value(c, zero)
    values(zero)
    t.show(v >= 0)
    first = t.show(W * (Theta * 0 + eta * v) + eta <= largest_change(c, zero))
    with t.let(i) as start:
        t.chain(neurons(zero, i, zero, v), first)

    D, v = largest_change(c, l), largest_value(c, l + 1)
    q = t.real("q")
    with t.let(l) as grows:
        with t.let(q, given=[q >= 1]) as any_value:
            change = (l + 1) * (W + 1) * q * eta
            more = (l + 2) * (W + 1) * (K * q) * eta
            t.show(W * (Theta * change + eta * (K * q)) + eta <= more, by=signs)
        large(l)
        t.replace(any_value(most), (K * most, v))
    with t.induct(Implies(l <= c.L, close(l)), l, base=start.fact) as changes:
        with t.suppose(l + 1 <= c.L):
            t.show(l <= c.L)
            below = changes.hypothesis()
            with t.let(i, given=inside):
                one, other = sums(l, i)
                less = t.chain(slope(one, other), below(i))
                t.show(Abs(c.h(l + 1, i) - c.g(l + 1, i)) <= D, by=[less, ones(l, i), others(l, i)])
            values(l + 1)
            t.show(D >= 0, by=large(l))
            t.show(v >= 0, by=large(l + 1))
            with t.let(i):
                t.chain(neurons(l + 1, i, D, v), grows(l))
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
    c = sizes(t)
    i, j, l, L, W, Theta, inside = c.i, c.j, c.l, c.L, c.W, c.Theta, [1 <= c.i, c.i <= c.W]
    t.given(
        Forall([l, i, j], Abs(c.w(l, i, j)) <= Theta),
        Forall([l, i, j], Abs(c.y(l, i, j)) <= Theta),
        Forall([l, i, j], Abs(c.w(l, i, j) - c.y(l, i, j)) <= c.eta),
        Forall(c.u, Abs(c.rho(c.u)) <= Abs(c.u)),
        Forall([c.s, c.u], Abs(c.rho(c.s) - c.rho(c.u)) <= Abs(c.s - c.u)),
        Forall(i, c.h(0, i).eq(c.g(0, i)), given=inside),
        Forall(i, Abs(c.g(0, i)) <= c.R0, given=inside),
        has_layers(c, c.w, c.h),
        has_layers(c, c.y, c.g),
        Theta > 0,
        Theta * (W + 1) >= 1,
        c.eta >= 0,
    )
    product = t.use("sensitivity.power_of_a_product", {"u": Theta, "v": W + 1})(L)
    last = t.use("sensitivity.difference_of_layers")(L)
    bound = t.read(covering.SENSITIVITY)
    most = t.show((largest_change(c, L)).eq(bound * c.eta), by=product)
    with t.let(i) as outputs:
        t.chain(last(i), most)
    return outputs.fact
