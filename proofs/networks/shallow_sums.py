"""Sums of k shallow networks as one: an affine part, and n(j) neurons for each j = 1..k.

    g(x) = Σ_j (p(j) + Σ_i q(j, i) x(i) + Σ_m c(j, m) relu(b(j, m) + Σ_i v(j, i) x(i))),

i = 1..d, m = 1..n(j). On the box |x(i)| <= R the affine part is one neuron.
"""

from contextlib import ExitStack

from boundcheck import theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.layers import hidden_layer
from boundcheck.theorems.author.words import (
    Forall,
    Sum,
    ThereIs,
    depth,
    function,
    relu,
    value,
    width,
)
from boundcheck.theorems.language.expr import number
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


class Neurons:
    """The weights, and what the neurons compute."""

    def __init__(self, t):
        self.t = t
        self.d, self.i, self.j, self.k, self.m = t.nat("d i j k m")
        self.n = t.function("n", NAT, to=NAT)
        self.c, self.b, self.v = t.function("c b v", NAT, NAT)
        self.x, self.N = t.sequence("x", REAL), t.network("N", "relu")

    def along(self, v, j):
        return Sum(v(j, self.i) * self.x(self.i), (self.i, 1, self.d))

    def neuron(self, j, m):
        return relu(self.b(j, m) + self.along(self.v, j))

    def block(self, j):
        return Sum(self.c(j, self.m) * self.neuron(j, self.m), (self.m, 1, self.n(j)))

    def total(self, k):
        return Sum(self.block(self.j), (self.j, 1, k))

    def count(self, k):
        return Sum(self.n(self.j), (self.j, 1, k))


@theorem(source=SOURCE)
def one_block(t):
    """One hidden layer of n(j) neurons on the input gives one of the sums."""
    s, u = Neurons(t), t.nat("u")
    goal = ThereIs(
        s.N,
        depth(s.N).eq(1),
        width(s.N) <= s.n(s.j),
        Forall(s.x, value(s.N, 0, s.x).eq(s.block(s.j))),
    )
    with t.obtain(t.derive("input_network", activation="relu"), "I") as base:
        none, narrow, same = base.facts
        layer = hidden_layer(
            t,
            base.value,
            neurons=s.n(s.j),
            inputs=(1, s.d),
            weights=function([s.m, s.i], s.v(s.j, s.i)),
            biases=function(s.m, s.b(s.j, s.m)),
            outer=function([u, s.m], s.c(s.j, s.m)),
            offsets=function(u, 0),
        )
        with t.obtain(layer, "L") as new:
            deep, wide, values = new.facts
            t.show(depth(new.value).eq(1), by=[deep, none])
            t.show(width(new.value) <= s.n(s.j), by=[wide, narrow])
            with t.let(s.x):
                row = Sum(s.v(s.j, s.i) * value(base.value, s.i, s.x), (s.i, 1, s.d))
                equal = t.add_up(row.eq(s.along(s.v, s.j)), by=same)
                found = t.rewrite(equal, values(0, s.x))
                t.show(value(new.value, 0, s.x).eq(s.block(s.j)), by=found)
            t.witness(goal, new.value)
    return base.fact


@theorem(source=SOURCE)
def sum_of_two(t):
    """The sum of the first outputs of two networks of the same depth, side by side."""
    (A, B, N), x, (u, k) = t.network("A B N", "relu"), t.sequence("x", REAL), t.nat("u k")
    same = t.given(depth(A).eq(depth(B)))
    whole = value(A, 0, x) + value(B, 0, x)
    goal = ThereIs(
        N,
        depth(N).eq(depth(A)),
        width(N) <= width(A) + width(B),
        Forall(x, value(N, 0, x).eq(whole)),
    )
    with t.obtain(t.derive("beside", same, first=A, second=B), "D") as beside:
        D, (deep, wide, even, odd) = beside.value, beside.facts
        first, last = number(0), number(1)
        outer = function([u, k], 1)
        why = [t.fact(shown) for w in (outer, function(u, 0)) for shown in t.engine.total(w)]
        layer = t.derive(
            "readout",
            *why,
            base=D,
            inputs=last,
            outer=outer,
            offsets=function(u, 0),
            first=first,
        )
        with t.obtain(layer, "E") as new:
            E, (deeper, wider, values) = new.value, new.facts
            t.show(depth(E).eq(depth(A)), by=[deep, deeper])
            t.show(width(E) <= width(A) + width(B), by=[wide, wider])
            with t.let(x):
                found = values(0, x)
                total = found.right.args[1]
                found = t.rewrite(t.written_out(total), found)
                ends = (
                    t.replace(even(0, x), (2 * number(0), 0)),
                    t.replace(odd(0, x), (2 * number(0) + 1, 1)),
                )
                t.show(value(E, 0, x).eq(whole), by=[found, *ends])
            t.witness(goal, E)
    return beside.fact


@theorem(source=SOURCE)
def many_blocks(t):
    """k blocks, in one hidden layer of Σ n(j) neurons."""
    s = Neurons(t)

    def goal(k):
        return ThereIs(
            s.N,
            depth(s.N).eq(1),
            width(s.N) <= s.count(k),
            Forall(s.x, value(s.N, 0, s.x).eq(s.total(k))),
        )

    u = t.nat("u")
    with t.obtain(t.derive("input_network", activation="relu"), "I") as base:
        none, narrow, _ = base.facts
        zero = function([s.m, s.i], 0)
        ends = function(u, 0)
        layer = hidden_layer(
            t,
            base.value,
            neurons=0,
            inputs=(1, s.d),
            weights=zero,
            biases=ends,
            outer=zero,
            offsets=ends,
        )
        with t.obtain(layer, "L") as new:
            deep, wide, values = new.facts
            empty = [t.empty(s.count(0))]
            t.show(depth(new.value).eq(1), by=[deep, none])
            t.show(width(new.value) <= s.count(0), by=[wide, narrow, *empty])
            with t.let(s.x):
                found = values(0, s.x)
                known = [found, t.empty(found.right.args[1]), t.empty(s.total(0))]
                t.show(value(new.value, 0, s.x).eq(s.total(0)), by=known)
            t.witness(goal(number(0)), new.value)
    with t.induct(goal(s.k), s.k, base=base.fact) as more, ExitStack() as scopes:
        old = scopes.enter_context(t.obtain(more.hypothesis, "O"))
        one = scopes.enter_context(t.obtain(t.use("shallow_sums.one_block", {"j": s.k + 1}), "P"))
        same = t.show(depth(old.value).eq(depth(one.value)), by=[old.facts[0], one.facts[0]])
        pair = t.use("shallow_sums.sum_of_two", {"A": old.value, "B": one.value}, by=same)
        both = scopes.enter_context(t.obtain(pair, "Q"))
        t.show(depth(both.value).eq(1), by=[both.facts[0], old.facts[0]])
        count = t.unroll(s.count(s.k + 1))
        known = [both.facts[1], old.facts[1], one.facts[1], count]
        t.show(width(both.value) <= s.count(s.k + 1), by=known)
        with t.let(s.x):
            total = t.unroll(s.total(s.k + 1))
            known = [total, *(block.facts[2](s.x) for block in (both, old, one))]
            t.show(value(both.value, 0, s.x).eq(s.total(s.k + 1)), by=known)
        t.witness(goal(s.k + 1), both.value)
    return more(s.k)


class Affine(Neurons):
    """The same with an affine part, on the box."""

    def __init__(self, t):
        super().__init__(t)
        self.R, self.p, self.q = t.real("R"), t.function("p", NAT), t.function("q", NAT, NAT)
        (self.side,) = [t.given(self.R >= 0)]
        self.box = [Forall(self.i, Abs(self.x(self.i)) <= self.R, [self.i >= 1, self.i <= self.d])]

    def form(self, j):
        return self.p(j) + self.along(self.q, j)

    def affine(self):
        return Sum(self.form(self.j), (self.j, 1, self.k))

    def lift(self):
        """At least the size of the affine part on the box."""
        size = Abs(self.p(self.j)) + Sum(self.R * Abs(self.q(self.j, self.i)), (self.i, 1, self.d))
        return Sum(size, (self.j, 1, self.k))


@theorem(source=SOURCE)
def size_of_the_affine_part(t):
    """On the box the affine part is at most Σ_j (|p(j)| + R Σ_i |q(j, i)|) in size."""
    s = Affine(t)
    here = t.given(*s.box)
    triangle = t.triangle(s.affine())
    with t.let(s.j, given=[s.j >= 1, s.j <= s.k]) as each:
        along = s.along(s.q, s.j)
        inner = t.triangle(along)
        with t.let(s.i, given=[s.i >= 1, s.i <= s.d]) as point:
            size = Abs(s.q(s.j, s.i) * s.x(s.i)) <= s.R * Abs(s.q(s.j, s.i))
            t.show(size, by=[here(s.i), s.side])
        bound = Sum(s.R * Abs(s.q(s.j, s.i)), (s.i, 1, s.d))
        below = t.add_up(inner.right <= bound, by=point)
        t.show(Abs(s.form(s.j)) <= Abs(s.p(s.j)) + bound, by=[inner, below])
    total = t.add_up(triangle.right <= s.lift(), by=each)
    return t.chain(triangle, total)


@theorem(source=SOURCE)
def affine_neuron(t):
    """On the box the affine part is one neuron and a constant."""
    s, u = Affine(t), t.nat("u")
    goal = ThereIs(
        s.N,
        depth(s.N).eq(1),
        width(s.N) <= 1,
        Forall(s.x, value(s.N, 0, s.x).eq(s.affine()), s.box),
    )
    ones, _none = function([u, s.m], 1), function(u, 0)
    with ExitStack() as scopes:
        base = scopes.enter_context(t.obtain(t.derive("input_network", activation="relu"), "I"))
        forms = function([s.j, s.i], s.q(s.j, s.i)), function(s.j, s.p(s.j))
        plain = t.derive(
            "readout",
            *(t.fact(f) for w in forms for f in t.engine.total(w)),
            base=base.value,
            inputs=s.d,
            outer=forms[0],
            offsets=forms[1],
        )
        rows = scopes.enter_context(t.obtain(plain, "F"))
        layer = hidden_layer(
            t,
            rows.value,
            neurons=1,
            inputs=(1, s.k),
            weights=ones,
            biases=function(u, s.lift()),
            outer=ones,
            offsets=function(u, -s.lift()),
        )
        new = scopes.enter_context(t.obtain(layer, "L"))
        t.show(depth(new.value).eq(1), by=[new.facts[0], rows.facts[0], base.facts[0]])
        t.show(width(new.value) <= 1, by=[new.facts[1], rows.facts[1], base.facts[1]])
        with t.let(s.x, given=s.box):
            with t.let(s.j) as row:
                found = rows.facts[2](s.j, s.x)
                same = t.add_up(found.right.args[1].eq(s.along(s.q, s.j)), by=base.facts[2])
                t.show((1 * value(rows.value, s.j, s.x)).eq(s.form(s.j)), by=[found, same])
            whole = new.facts[2](0, s.x)
            whole = t.rewrite(t.single(whole.right.args[1]), whole)
            inner = Sum(1 * value(rows.value, s.j, s.x), (s.j, 1, s.k))
            whole = t.rewrite(t.add_up(inner.eq(s.affine()), by=row), whole)
            size = t.use("shallow_sums.size_of_the_affine_part")
            t.show(value(new.value, 0, s.x).eq(s.affine()), by=[whole, size])
        t.witness(goal, new.value)
    return base.fact


@theorem(source=SOURCE)
def with_an_affine_part(t):
    """g is a network with one hidden layer of at most 1 + Σ n(j) neurons, on the box."""
    s = Affine(t)
    whole = Sum(s.form(s.j) + s.block(s.j), (s.j, 1, s.k))
    goal = ThereIs(
        s.N,
        depth(s.N).eq(1),
        width(s.N) <= 1 + s.count(s.k),
        Forall(s.x, value(s.N, 0, s.x).eq(whole), s.box),
    )
    t.example(
        n=function(s.j, 0),
        R=1,
        d=1,
        k=1,
        c=zero(s),
        b=zero(s),
        v=zero(s),
        p=function(s.j, 0),
        q=zero(s),
    )
    with ExitStack() as scopes:
        one = scopes.enter_context(t.obtain(t.use("shallow_sums.affine_neuron"), "A"))
        many = scopes.enter_context(t.obtain(t.use("shallow_sums.many_blocks"), "B"))
        same = t.show(depth(one.value).eq(depth(many.value)), by=[one.facts[0], many.facts[0]])
        pair = t.use("shallow_sums.sum_of_two", {"A": one.value, "B": many.value}, by=same)
        both = scopes.enter_context(t.obtain(pair, "C"))
        t.show(depth(both.value).eq(1), by=[both.facts[0], one.facts[0]])
        widths = [both.facts[1], one.facts[1], many.facts[1]]
        t.show(width(both.value) <= 1 + s.count(s.k), by=widths)
        with t.let(s.x, given=s.box) as at:
            split = t.add_up(whole.eq(s.affine() + s.total(s.k)))
            known = [split, both.facts[2](s.x), many.facts[2](s.x), one.facts[2](s.x, by=at.facts)]
            t.show(value(both.value, 0, s.x).eq(whole), by=known)
        t.witness(goal, both.value)
    return one.fact


def zero(s):
    return function([s.j, s.m], 0)
