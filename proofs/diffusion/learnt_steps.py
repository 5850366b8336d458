"""What it costs to learn the predictor of one step from m samples, for any class that has nets in
each coordinate; and what the predictor 0 costs.

X is x_t, and i(x) is 1 in a box and 0 off it. Of Y the vector v(Y) is to be predicted, x_0 in the
box and 0 off it, so that f*(x) = E[v(Y) | X = x] is i f with f(x) = E[x_0 | x_t = x]. The predictor
fhat is 0 off the box, and minimises the empirical risk up to eps, as in `oracle.in_coordinates`: so
it does for x_0 in the place of v(Y), as what that costs off the box is the same for all.
"""

from boundcheck import Box, claim, identity, theorem
from boundcheck.math import Abs, log
from boundcheck.theorems.author.words import (
    Forall,
    In,
    LivesOn,
    Mean,
    Sum,
    ThereIs,
    first,
    function,
    joint,
    samples,
    second,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, seq
from boundcheck.theory.formulas import architecture, end_to_end, oracle

SOURCE = "derived here"


class Step:
    """The symbols of these theorems, and the hypotheses of the oracle inequality."""

    def __init__(self, t):
        self.t, self.X, self.Y = t, t.space("X"), t.space("Y")
        self.pi, self.K = t.law("pi", self.X), t.kernel("K", self.X, on=self.Y)
        self.x, self.y, self.b = t.variable("x", self.X), t.variable("y", self.Y), t.real("b")
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        self.s, self.law = t.variable("s", seq(self.pairs.sort.parts[0])), samples(self.pairs)
        self.c, self.d, self.j, self.k, self.m, self.N = t.nat("c d j k m N")
        self.delta, self.eps, self.A, self.nu = t.real("delta eps A nu")
        self.w, self.off_box = t.real("w off_box")
        self.v, self.net = t.function("v", NAT, self.Y), t.function("net", NAT, NAT, self.X)
        self.f0, self.fhat = (
            t.function("f0", NAT, self.X),
            t.function("fhat", NAT, self.s.sort, self.X),
        )
        self.i, self.f = (
            t.function("i", self.X)(self.x),
            t.function("f", NAT, self.X)(self.c, self.x),
        )
        self.range = [self.c >= 1, self.c <= self.d]

    def each(self, formula):
        """In each coordinate."""
        return Forall(self.c, formula, self.range)

    def square(self, u):
        """|u|² of a vector, given as the coordinate c."""
        return Sum(u**2, (self.c, 1, self.d))

    def star(self):
        """The coordinate c of f*(x)."""
        return Mean(self.v(self.c, self.y), (self.y, self.K(self.x)))

    def own(self, x):
        return self.fhat(self.c, self.s, x)

    def fixed(self, x):
        return self.f0(self.c, x)

    def mean(self, u):
        return Mean(u, (self.x, self.pi))

    def learner(self):
        """The hypotheses of `oracle.in_coordinates`, the labels first."""
        t, x, s, j, c, b = self.t, self.x, self.s, self.j, self.c, self.b
        t.given(self.A > 0, self.nu > 0, b > 0, self.N >= 1, self.m >= 1, self.w >= 0)
        t.given(self.nu <= t.quoted(oracle.DIAL))
        inside, net = [j >= 1, j <= self.N], self.net(c, j, x)
        near = LivesOn(self.pi, x, Abs(self.own(x) - net) <= self.delta)

        def empirical(f):
            errors = self.square(self.v(c, second(s(self.k))) - f(first(s(self.k))))
            return Sum(errors, (self.k, 1, self.m)) / self.m

        labels = Forall([x, self.y], Abs(self.v(c, self.y)) <= b, [In(self.y, self.K(x))])
        sizes = [LivesOn(self.pi, x, Abs(f) <= b) for f in (net, self.own(x), self.fixed(x))]
        return t.given(
            self.each(labels),
            self.each(Forall(j, sizes[0], inside)),
            self.each(LivesOn(self.law, s, sizes[1])),
            self.each(LivesOn(self.law, s, ThereIs(j, *inside, near))),
            self.each(sizes[2]),
            LivesOn(self.law, s, empirical(self.own) <= empirical(self.fixed) + self.eps),
        )

    def box(self):
        """The target is f in the box and 0 off it, and so the predictor; b bounds f."""
        x, i, f = self.x, self.i, self.f
        zero = ((1 - i) * self.own(x)).eq(0)
        return self.t.given(
            LivesOn(self.pi, x, (i * (1 - i)).eq(0)),
            LivesOn(self.pi, x, self.each(self.star().eq(i * f))),
            LivesOn(self.law, self.s, LivesOn(self.pi, x, self.each(zero))),
            self.mean((1 - i) * self.square(f)) <= self.off_box,
        )


def on_and_off_the_box(t, a):
    """E|fhat - f|² is at most what the oracle inequality says and off_box."""
    learner = a.learner()
    unit, target, zero, off = a.box()
    x, s, c, i, f = a.x, a.s, a.c, a.i, a.f
    found = t.use("oracle.in_coordinates", spaces={"X": a.X, "Y": a.Y}, by=learner)
    part, rest = a.square(a.own(x) - a.star()), (1 - i) * a.square(f)
    whole, inner = a.square(a.own(x) - f), a.mean(part)
    inside = t.derive("integrand", t.exists(found.left), mean=found.left)
    with t.let(s, given=[In(s, a.law)]) as every:
        inside(s)
        with t.let(x, given=[In(x, a.pi)]) as pointwise:
            with t.let(c, given=a.range) as terms:
                one = (a.own(x) - a.star()) ** 2 + (1 - i) * f**2
                facts = [zero(s)(x)(c), target(x)(c), unit(x)]
                t.show(((a.own(x) - f) ** 2).eq(one), by=facts, opaque=[a.star(), i])
            t.add_up(whole.eq(part + rest), by=terms.fact, opaque=[i])
        total = a.mean(whole)
        size = a.mean(Abs(part)) + a.mean(Abs(rest))
        t.exists(total, by=pointwise.fact, bound=size, opaque=[part, rest, whole], at=x)
        split = total.eq(inner + off.left)
        split = t.average(split, by=pointwise.fact, opaque=[part, rest, whole], at=x)
        t.show(split.left.eq(inner + off.left), by=split)
    mean = Mean(total, (s, a.law))
    t.exists(mean, by=every.fact, bound=Mean(Abs(inner), (s, a.law)) + Abs(off.left))
    same = t.average(mean.eq(found.left + off.left), by=every.fact, law=a.law)
    return mean, [same, found, off]


@theorem(source=SOURCE)
def excess(t):
    """w E|fhat - f|² is at most w (A (comparator + eps) + d (net + estimation) + off_box), where
    the comparator is what some f0 has on the box."""
    a = Step(t)
    comparator = t.real("comparator")
    mean, facts = on_and_off_the_box(t, a)
    apart = a.mean(a.square(a.fixed(a.x) - a.star()))
    less = t.given(apart <= comparator)
    net = t.read(oracle.NET_DIAL)
    price = t.read(oracle.ESTIMATION_DIAL, log_n=log(a.N))
    bound = t.read(architecture.EXCESS, net=net, estimation=price)
    return t.show(a.w * mean <= bound, by=[*facts, less], opaque=[price])


@theorem(source=SOURCE)
def one_step(t):
    """The same where each coordinate of some f0 has at most `approximation` on the box."""
    a = Step(t)
    approximation = t.real("approximation")
    mean, facts = on_and_off_the_box(t, a)
    coordinate = (a.fixed(a.x) - a.star()) ** 2
    near = t.given(a.each(a.mean(coordinate) <= approximation))
    apart = t.mean_of_sum(a.mean(a.square(a.fixed(a.x) - a.star())), by=near)
    most = Sum(approximation, (a.c, 1, a.d))
    less = t.add_up(apart.right <= most, by=near)
    net = t.read(oracle.NET_DIAL)
    price = t.read(oracle.ESTIMATION_DIAL, log_n=log(a.N))
    bound = t.read(end_to_end.EXCESS, net=net, estimation=price)
    facts += [apart, less, t.count(most)]
    return t.show(a.w * mean <= bound, by=facts, opaque=[price])


@claim(source=SOURCE)
def parts_of_the_excess():
    """What the excess of a step is the sum of."""
    names = "A", "approximation", "off_box", "net", "estimation", "eps", "w", "d"
    parts = sum(end_to_end.PARTS.values())
    yield identity(parts, end_to_end.EXCESS, on=Box.reals(*names))


@theorem(source=SOURCE)
def predictor_zero(t):
    """The predictor 0 has the excess w E|E[x_0|x_t]|² <= w E|x_0|²: a larger bound says nothing."""
    X, Y, (rho, w) = t.space("X"), t.space("Y"), t.real("rho w")
    pi, K, v = t.law("pi", X), t.kernel("K", X, on=Y), t.function("v", NAT, Y)
    x, y, (c, d) = t.variable("x", X), t.variable("y", Y), t.nat("c d")
    pairs = joint(pi, (x, K(x)))
    p = t.variable("p", pairs.sort.parts[0])
    t.given(rho > 0, w >= 0)
    size = Sum(v(c, y) ** 2, (c, 1, d)) <= rho**2
    labels = t.given(Forall([x, y], size, [In(y, K(x))]))
    t.example(v=function([c, y], 0), rho=1, w=1)
    with t.let(x, given=[In(x, pi)]) as ball:
        zero = t.add_up(Sum(expr(0) ** 2, (c, 1, d)).eq(0 * Sum(1, (c, 1, d))))
        t.show(zero.left <= rho**2, by=zero)
    values, spaces = {"f": function([c, x], 0)}, {"X": X, "Y": Y}
    found = t.use("vector_losses.risk_below_the_loss", values, spaces, by=[labels, ball])
    star = t.use("vector_losses.regression", spaces=spaces, by=labels)
    best = Mean(v(c, y), (y, K(x)))
    square, label = Sum(best**2, (c, 1, d)), Sum(v(c, second(p)) ** 2, (c, 1, d))
    with t.let(x) as own:
        exists, _ = star(x)
        t.add_up(square.eq(Sum((expr(0) - best) ** 2, (c, 1, d))), by=exists)
    with t.let(p) as errors:
        t.add_up(label.eq(Sum((v(c, second(p)) - 0) ** 2, (c, 1, d))))
    zero_excess = t.same_mean(Mean(square, (x, pi)), found.left, by=own.fact)
    moment = t.same_mean(Mean(label, (p, pairs)), found.right, by=errors.fact)
    bound = t.read(end_to_end.TRIVIAL, second_moment=moment.left)
    return t.show(w * zero_excess.left <= bound, by=[zero_excess, moment, found])
