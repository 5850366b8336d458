"""Learning the predictors of several classes from one sample: the oracle inequality for a class.

The setting is that of `oracle`. x tells the class: g(x) is 1 where it is the class in question and
0 elsewhere, and so is a(y) for the label y. fhat has at most the empirical risk of f0 plus eps over
the samples of the class, both divided by the number m of all samples: so it is where one regression
over all samples has a function for each class. The risks of the classes add up to that of the
regression: their log N are added, and their approximation errors count as often as they occur.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log
from boundcheck.theorems.author.words import (
    And,
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
from boundcheck.theorems.language.sorts import NAT, seq

SOURCE = "derived here"


class InAClass:
    """The symbols, and what is assumed of them."""

    def __init__(self, t):
        self.t, X, Y = t, t.space("X"), t.space("Y")
        self.pi, self.K = t.law("pi0", X), t.kernel("K", X, on=Y)
        self.x, self.y, self.b = t.variable("x", X), t.variable("y", Y), t.real("b")
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        S = seq(self.pairs.sort.parts[0])
        self.s, self.law = t.variable("s", S), samples(self.pairs)
        self.i, self.j, self.m, self.N = t.nat("i j m N")
        self.delta, self.eps, self.A, self.nu = t.real("delta eps A nu")
        self.v, self.a = t.function("v a", Y)
        self.f0, self.g = t.function("f0 g", X)
        self.fhat, self.net = t.function("fhat", S, X), t.function("net", NAT, X)
        self._assume()
        self._numbers()

    def _assume(self):
        t, x, y, s, j, b, theta = self.t, self.x, self.y, self.s, self.j, self.b, self.A * self.nu
        t.given(b > 0, self.N >= 1, self.m >= 1, self.A > 0, self.nu > 0)
        t.given(self.nu <= (1 - exp(-4 * (theta - 2 * theta**2))) / 4)
        inside, g = [In(y, self.K(x))], self.g(x)
        self.labels = t.given(Forall([x, y], And(Abs(self.v(y)) <= b, self.a(y).eq(g)), inside))
        self.zero_or_one = t.given(Forall(x, And(g >= 0, g <= 1, (g**2).eq(g))))
        self.sizes = t.given(
            Forall(j, self.lives(Abs(self.net(j, x)) <= b), [j >= 1, j <= self.N]),
            LivesOn(self.law, s, self.lives(Abs(self.fhat(s, x)) <= b)),
            self.lives(Abs(self.f0(x)) <= b),
        )
        gap = self.lives(Abs(self.fhat(s, x) - self.net(j, x)) <= self.delta)
        self.near = t.given(LivesOn(self.law, s, ThereIs(j, j >= 1, j <= self.N, gap)))
        own, other = (self.plain(f) / self.m for f in (self.chosen, self.f0))
        self.minimal = t.given(LivesOn(self.law, s, own <= other + self.eps))

    def lives(self, body):
        return LivesOn(self.pi, self.x, body)

    def chosen(self, x):
        """fhat, for the samples s."""
        return self.fhat(self.s, x)

    def plain(self, f):
        """The sum of the squared errors over the samples of the class."""
        x, y = first(self.s(self.i)), second(self.s(self.i))
        return Sum(self.g(x) * (self.v(y) - f(x)) ** 2, (self.i, 1, self.m))

    def star(self):
        """f*(x)."""
        return Mean(self.v(self.y), (self.y, self.K(self.x)))

    def masked(self):
        """The mean of the label times the class."""
        return Mean(self.v(self.y) * self.a(self.y), (self.y, self.K(self.x)))

    def risk(self, f):
        """E g (f - f*)²."""
        return Mean(self.g(self.x) * (f(self.x) - self.star()) ** 2, (self.x, self.pi))

    def masked_risk(self, f):
        """The same, as the oracle inequality for the label times the class has it."""
        gap = self.g(self.x) * f(self.x) - self.masked()
        return Mean(gap**2, (self.x, self.pi))

    def _numbers(self):
        """|c e| <= d where |e| <= d, and (ce - ch)² = c(e - h)², for c = 0 and 1."""
        t, (c, e, h, d) = self.t, self.t.real("c e h z")
        with t.let(c, e, d, given=[c >= 0, c <= 1, Abs(e) <= d]) as scaled:
            t.show(Abs(c * e) <= d, by=scaled.facts)
        with t.let(c, e, h, given=[(c**2).eq(c)]) as square:
            t.show(((c * e - c * h) ** 2).eq(c * (e - h) ** 2), by=square.facts)
        self.scaled, self.square = scaled, square

    # -- what the oracle inequality asks for

    def label(self):
        """|v a| <= b, and v a = g v."""
        t, x, y = self.t, self.x, self.y
        with t.let(x, y, given=[In(y, self.K(x))]) as label:
            known = self.labels(x, y)
            same = t.show((self.v(y) * self.a(y)).eq(self.g(x) * self.v(y)), by=[known])
            size = self.scaled(self.g(x), self.v(y), self.b, by=[known, self.zero_or_one(x)])
            t.together(t.show(Abs(self.v(y) * self.a(y)) <= self.b, by=[same, size]), same)
        return label.fact

    def functions(self):
        """g times the net, fhat and f0 are bounded by b."""
        t, x, j, s, b = self.t, self.x, self.j, self.s, self.b
        one, here = self.zero_or_one, [In(x, self.pi)]
        with t.let(j, given=[j >= 1, j <= self.N]) as of_net, t.let(x, given=here):
            self.scaled(self.g(x), self.net(j, x), b, by=[one(x), self.sizes[0](j)(x)])
        with t.let(s, given=[In(s, self.law)]) as of_fhat, t.let(x, given=here):
            self.scaled(self.g(x), self.fhat(s, x), b, by=[one(x), self.sizes[1](s)(x)])
        with t.let(x, given=here) as of_f0:
            self.scaled(self.g(x), self.f0(x), b, by=[one(x), self.sizes[2](x)])
        return [of_net.fact, of_fhat.fact, of_f0.fact]

    def close(self):
        """g fhat is near one of g times the net."""
        t, x, s, j, g = self.t, self.x, self.s, self.j, self.g
        with t.let(s, given=[In(s, self.law)]) as close, t.obtain(self.near(s), "n") as found:
            n, (*_, gaps) = found.value, found.facts
            with t.let(x, given=[In(x, self.pi)]):
                apart = self.fhat(s, x) - self.net(n, x)
                known = [self.zero_or_one(x), gaps(x)]
                small = self.scaled(g(x), apart, self.delta, by=known)
                gap = Abs(g(x) * self.fhat(s, x) - g(x) * self.net(n, x))
                t.show(gap <= self.delta, by=[small])
            gap = Abs(g(x) * self.fhat(s, x) - g(x) * self.net(j, x))
            goal = self.lives(gap <= self.delta)
            t.witness(ThereIs(j, j >= 1, j <= self.N, goal), n)
        return close.fact

    def empirical(self, label):
        """The empirical risks for the label times the class are those over the class."""
        t, s, i = self.t, self.s, self.i
        one, two, both = first(s(i)), second(s(i)), (self.chosen, self.f0)
        gaps = [self.v(two) * self.a(two) - self.g(one) * f(one) for f in both]
        with t.let(s, given=[In(s, self.law)]) as risks:
            with t.let(i) as each:
                t.derive("halves", t.show(In(s(i), self.pairs)))
                _, equal = label(one, two)
                found, zero_or_one = [], self.zero_or_one(one)
                for f, gap in zip(both, gaps, strict=True):
                    known = self.square(self.g(one), self.v(two), f(one), by=[zero_or_one])
                    found.append(t.show((gap**2).eq(known.right), by=[known, equal]))
                t.together(*found)
            sums = [
                t.add_up(Sum(gap**2, (i, 1, self.m)).eq(self.plain(f)), by=[each.fact])
                for f, gap in zip(both, gaps, strict=True)
            ]
            left, right = (total.left / self.m for total in sums)
            t.show(left <= right + self.eps, by=[*sums, self.minimal(s)])
        return risks.fact

    # -- what it says

    def risks(self, label):
        """The masked risks of fhat and f0 are their risks in the class."""
        t, x, s, (c, e) = self.t, self.x, self.s, self.t.real("u w")
        plain = t.use("losses.bounded_regression", by=[self.labels])
        one = self.zero_or_one
        with t.let(x, e) as means:
            plain(x)
            t.exists(self.masked(), by=[label], bound=self.b)
            equal = t.average(self.masked().eq(self.g(x) * self.star()), by=[label], law=self.K(x))
            swap = self.square(self.g(x), e, self.star(), by=[one(x)])
            t.show(((self.g(x) * e - self.masked()) ** 2).eq(swap.right), by=[swap, equal])
        with t.let(x, c, given=[Abs(c) <= self.b]) as small:
            size = Abs(self.g(x) * (c - self.star()) ** 2) <= 4 * self.b**2
            t.show(size, by=[plain(x), one(x), *small.facts])

        def equal_risks(f, bounded):
            with t.let(x, given=[In(x, self.pi)]) as point:
                t.together(small(x, f(x), by=[bounded(x)]), means(x, f(x)))
            t.exists(self.risk(f), by=[point.fact], bound=4 * self.b**2)
            return t.same_mean(self.masked_risk(f), self.risk(f), by=[point.fact])

        fixed = equal_risks(self.f0, self.sizes[2])
        with t.let(s, given=[In(s, self.law)]) as at_s:
            equal = equal_risks(self.chosen, self.sizes[1](s))
            t.together(equal, t.average(self.masked_risk(self.chosen) >= 0))
        return at_s.fact, fixed


@theorem(source=SOURCE)
def learned_in_a_class(t):
    """E E g (fhat - f*)² is at most A(E g (f0 - f*)² + eps) + 4(1 + A) b delta + b² log N/(nu m), g
    being 1 in the class and 0 elsewhere."""
    o = InAClass(t)
    x, y, j, s, g = o.x, o.y, o.j, o.s, o.g
    zero = {"v": y, "net": [j, x], "f0": x, "fhat": [s, x]}
    zero = {name: function(arguments, 0) for name, arguments in zero.items()}
    t.example(**zero, nu="1/11", A=2, N=1, m=1, delta=0, eps=0, b=1)
    label = o.label()
    known = [label, *o.functions(), o.close(), o.empirical(label)]
    values = {
        "v": function(y, o.v(y) * o.a(y)),
        "f0": function(x, g(x) * o.f0(x)),
        "net": function([j, x], g(x) * o.net(j, x)),
        "fhat": function([s, x], g(x) * o.fhat(s, x)),
    }
    learned = t.use("oracle.dial", values, {"X": x.sort, "Y": y.sort}, by=known)
    at_s, fixed = o.risks(label)
    own = Mean(o.risk(o.chosen), (s, o.law))
    t.exists(own, by=[at_s], bound=learned.left)
    whole = t.average(learned.left.eq(own), by=[at_s], law=o.law)
    net, estimation = 4 * (1 + o.A) * o.b * o.delta, o.b**2 * log(o.N) / (o.nu * o.m)
    bound = o.A * (o.risk(o.f0) + o.eps) + net + estimation
    return t.show(own <= bound, by=[whole, learned, fixed], opaque=[estimation])
