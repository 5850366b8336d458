"""Least squares with vectors as labels: what one function costs on one pair.

X is drawn by pi and Y by the kernel K(X), and of Y a vector v(Y) of R^d with |v(Y)|_2 <= rho is to
be predicted: v(1, Y), ..., v(d, Y) are its coordinates. f*(x) = E[v(Y) | X = x] is the mean of v
over K(x), coordinate by coordinate. A function f is compared with f* by

    Z(f) = |v(Y) - f(X)|² - |v(Y) - f*(X)|²,   whose mean is   R(f) = E |f(X) - f*(X)|².

rho bounds |f| as well, where X may be; it bounds the labels for every x. theta is any real number,
and g(theta) = (1 - exp(-4(theta - 2 theta²)))/4. All coordinates together cost what one costs in
`losses`, with rho for b: for fixed x, Z(f) is a number between two that are 4 rho |f(x) - f*(x)|
apart.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    LivesOn,
    Mean,
    Sum,
    first,
    function,
    joint,
    pair,
    second,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT

SOURCE = "derived here"


class Vectors:
    """The symbols that these theorems have in common, and the hypothesis about the labels."""

    def __init__(self, t):
        self.t, self.X, self.Y = t, t.space("X"), t.space("Y")
        self.pi, self.K = t.law("pi", self.X), t.kernel("K", self.X, on=self.Y)
        self.v, self.rho = t.function("v", NAT, self.Y), t.real("rho")
        self.x, self.y = t.variable("x", self.X), t.variable("y", self.Y)
        self.c, self.d = t.nat("c d")
        self.range = [self.c >= 1, self.c <= self.d]
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        self.p = t.variable("p", self.pairs.sort.parts[0])
        size = self.square(self.label(self.y)) <= self.rho**2
        self.labels = t.given(Forall([self.x, self.y], size, [In(self.y, self.K(self.x))]))
        t.given(self.rho > 0)

    def sum(self, term):
        """The sum over the coordinates."""
        return Sum(term, (self.c, 1, self.d))

    def square(self, u):
        """|u|² of a vector, given as the coordinate c."""
        return self.sum(u**2)

    def label(self, y):
        """The coordinate c of v(y)."""
        return self.v(self.c, y)

    def star(self, x):
        """The coordinate c of f*(x)."""
        return Mean(self.v(self.c, self.y), (self.y, self.K(x)))

    def error(self, f, p):
        """|v(Y) - f(X)|² at a pair."""
        return self.square(self.label(second(p)) - f(first(p)))

    def loss(self, f, p):
        """Z(f) at a pair."""
        return self.error(f, p) - self.error(self.star, p)

    def distance(self, f, x):
        """|f(x) - f*(x)|²."""
        return self.square(f(x) - self.star(x))

    def risk(self, f):
        """R(f)."""
        return Mean(self.distance(f, self.x), (self.x, self.pi))

    def size(self, f):
        """rho bounds |f|."""
        return LivesOn(self.pi, self.x, self.square(f(self.x)) <= self.rho**2)

    def near(self, f, h, delta):
        """f and h are within delta."""
        return LivesOn(self.pi, self.x, self.square(f(self.x) - h(self.x)) <= delta**2)

    def function(self, name):
        """A function with values in R^d."""
        f = self.t.function(name, NAT, self.X)
        return lambda x: f(self.c, x)

    def at(self, f):
        """A function with values in R^d, to be put for a symbol."""
        return function([self.c, self.x], f(self.x))


def g(theta):
    """The chord of exp(-z(theta - 2 theta²)) over z in [0, 4] falls by g(theta) z."""
    return (1 - exp(-4 * (theta - 2 * theta**2))) / 4


def exp_of_sum(t, whole, one, two, by, hidden):
    """exp of a whole, which is the sum of two terms, is the product of their exps."""
    sums = t.show(whole.eq(one + two), by=by, opaque=hidden)
    return t.show(exp(whole).eq(exp(one) * exp(two)), by=sums, opaque=[whole, one, two])


@theorem(source=SOURCE)
def regression(t):
    """The mean f* of the label exists, and rho bounds |f*|."""
    a = Vectors(t)
    c, x, y, r = a.c, a.x, a.y, t.real("r")
    t.example(v=function([c, y], 0), rho=1)
    with t.let(x) as bounded:
        with t.let(c, given=a.range) as each:
            with t.let(y, given=[In(y, a.K(x))]) as one:
                whole = t.one_of_many(a.square(a.label(y)), c)
                t.show(Abs(a.label(y)) <= (1 + a.rho**2) / 2, by=[whole, a.labels(x, y)])
            t.exists(a.star(x), by=one.fact, bound=(1 + a.rho**2) / 2)
            with t.let(r) as scaled:
                inside = Mean(r * a.label(y), (y, a.K(x)))
                t.exists(inside, by=one.fact, bound=Abs(r) * (1 + a.rho**2) / 2)
                t.average(inside.eq(r * a.star(x)))
            scaled(a.star(x))
        product, squares = a.sum(a.star(x) * a.label(y)), a.square(a.star(x))
        mean = t.mean_of_sum(Mean(product, (y, a.K(x))), by=each.fact)
        same = t.add_up(mean.right.eq(squares), by=each.fact)
        with t.let(y, given=[In(y, a.K(x))]) as young:
            less = t.add_up(2 * product <= squares + a.square(a.label(y)), by=each.fact)
            t.show(2 * product <= squares + a.rho**2, by=[less, a.labels(x, y)])
        average = 2 * mean.left <= squares + a.rho**2
        average = t.average(average, by=young.fact)
        size = t.show(squares <= a.rho**2, by=[average, mean, same])
        with t.let(c, given=a.range) as exists:
            t.exists(a.star(x), by=each.fact)
        t.together(exists.fact, size)
    return bounded.fact


@theorem(source=SOURCE)
def distances(t):
    """|f(x) - f*(x)|² is between 0 and 4 rho², and so R(f) exists."""
    a = Vectors(t)
    f, x = a.function("f"), a.x
    bounded, star = t.given(a.size(f)), t.use("vector_losses.regression")
    with t.let(x, given=[In(x, a.pi)]) as inside:
        exists, size = star(x)
        least = t.add_up(a.distance(f, x) >= 0 * a.square(a.star(x)), by=exists)
        most = a.distance(f, x) <= 2 * a.square(f(x)) + 2 * a.square(a.star(x))
        most = t.add_up(most, by=exists)
        both = And(a.distance(f, x) >= 0, a.distance(f, x) <= 4 * a.rho**2)
        t.show(both, by=[least, most, size, bounded(x)])
    risk = a.risk(f)
    t.exists(risk, by=inside.fact, bound=4 * a.rho**2)
    least = t.average(risk >= 0, by=inside.fact)
    most = t.average(risk <= 4 * a.rho**2, by=inside.fact)
    return t.together(inside.fact, least, most)


@theorem(source=SOURCE)
def projected_label(t):
    """The label along f(x) - f*(x) is a number of at most rho |f(x) - f*(x)|, whose mean is that of
    f* along it; and Z(f) is affine in it."""
    a = Vectors(t)
    f, c, x, y, rho = a.function("f"), a.c, a.x, a.y, a.rho
    r = t.real("r")
    t.given(a.size(f))
    star, (distances, *_) = (t.use(f"vector_losses.{n}") for n in ("regression", "distances"))
    with t.let(x, given=[In(x, a.pi)]) as inside:
        exists, _ = star(x)
        least, _ = distances(x)
        gap, square = f(x) - a.star(x), a.distance(f, x)
        label, mean = a.sum(gap * a.label(y)), a.sum(gap * a.star(x))
        length = sqrt(square)
        root = t.show(And(length >= 0, (length**2).eq(square)), by=least)
        with t.let(y, given=[In(y, a.K(x))]) as bounded:
            goal, size = Abs(label) <= rho * length, a.labels(x, y)
            with t.let(r, given=[r > 0]) as young:
                squares = r * square + a.square(a.label(y)) / r
                above = t.add_up(2 * label <= squares, by=exists)
                below = t.add_up(-2 * label <= squares, by=exists)
                t.together(above, below)
            with t.suppose(expr(0) < square) as some:
                positive = t.show(length > 0, by=[root, *some.facts], opaque=[length])
                t.exists(rho / length, by=positive)
                above, below = young(rho / length)
                facts = [above, below, size, root, positive]
                t.show(goal, by=facts, opaque=[length, label, square])
            with t.suppose(square <= 0) as none:
                with t.let(c, given=a.range) as each:
                    one = t.one_of_many(square, c, by=exists)
                    t.show(gap.eq(0), by=[one, *none.facts, exists(c)], opaque=[gap])
                zero = t.add_up(label.eq(0 * a.sum(a.label(y))), by=each.fact)
                t.show(goal, by=[zero, root], opaque=[length])
            t.cases(square, 0, none, some)
        with t.let(c, given=a.range) as each:
            with t.let(r) as scaled:
                along = Mean(r * a.label(y), (y, a.K(x)))
                t.exists(along, by=exists(c), bound=Abs(r) * Mean(abs(a.label(y)), (y, a.K(x))))
                t.average(along.eq(r * a.star(x)))
            scaled(gap)
        means = t.mean_of_sum(Mean(label, (y, a.K(x))), by=each.fact)
        same = t.add_up(means.right.eq(mean), by=each.fact)
        with t.let(y) as split:
            whole = a.loss(f, pair(x, y)).eq(square - 2 * label + 2 * mean)
            t.add_up(whole, by=exists)
        t.together(bounded.fact, t.show(means.left.eq(mean), by=[means, same]), split.fact)
    return inside.fact


@theorem(source=SOURCE)
def moment_given_x(t):
    """E[exp(-theta Z(f)/rho²) | X = x] is at most 1 - g(theta) |f(x) - f*(x)|²/rho²."""
    a = Vectors(t)
    f, x, y, rho = a.function("f"), a.x, a.y, a.rho
    theta, z, r = t.real("theta z r")
    t.given(a.size(f))
    names = ("regression", "projected_label", "distances")
    star, projected, (distances, *_) = (t.use(f"vector_losses.{n}") for n in names)
    with t.let(z, r, given=[z >= 0, z <= 4]) as chord:
        t.show(exp(-r * z) <= 1 - (1 - exp(-4 * r)) / 4 * z)
    with t.let(x, given=[In(x, a.pi)]) as given_x:
        exists, _ = star(x)
        inside, (bounded, mean, split) = distances(x), projected(x)
        gap, square = f(x) - a.star(x), a.distance(f, x)
        label, size = a.sum(gap * a.label(y)), square / rho**2
        radius, h = rho * sqrt(square), 2 * theta / rho**2
        t.exists(sqrt(square), by=inside)
        root = t.show(And(radius >= 0, (radius**2).eq(rho**2 * square)), by=inside)
        values = {"pi": a.K(x), "u": function(y, label), "r": radius, "h": h}
        around = "concentration.hoeffding_lemma_around_zero"
        hoeffding = t.use(around, values, spaces={"X": a.Y}, by=[bounded, root, exists])
        whole = -theta * a.loss(f, pair(x, y)) / rho**2
        fixed, varying = -theta * size, h * (label - mean.left)
        with t.let(y, given=[In(y, a.K(x))]) as factors:
            exp_of_sum(t, whole, fixed, varying, [split(y), mean], [])
        moment, other = Mean(exp(whole), (y, a.K(x))), Mean(exp(varying), (y, a.K(x)))
        t.exists(moment, by=factors.fact, bound=exp(fixed) * other)
        apart = t.average(moment.eq(exp(fixed) * other), by=factors.fact)
        curve = -(theta - 2 * theta**2) * size
        joined = exp_of_sum(t, curve, fixed, hoeffding.right.args[0], root, [radius, square])
        t.show(And(size >= 0, size <= 4), by=inside)
        below = chord(size, theta - 2 * theta**2)
        facts = [apart, hoeffding, joined, below]
        hidden = [exp(fixed), exp(curve), hoeffding.right, g(theta), size]
        t.show(moment <= 1 - g(theta) * size, by=facts, opaque=hidden)
    return given_x.fact


@theorem(source=SOURCE)
def moment_of_a_loss(t):
    """E exp(-theta Z(f)/rho²) is at most 1 - g(theta) R(f)/rho²."""
    a = Vectors(t)
    f, x, y, p, rho = a.function("f"), a.x, a.y, a.p, a.rho
    theta = t.real("theta")
    t.given(a.size(f))
    star, given_x = (t.use(f"vector_losses.{n}") for n in ("regression", "moment_given_x"))
    distances, *ends = t.use("vector_losses.distances")
    risk = a.risk(f)
    value = exp(-theta * a.loss(f, pair(x, y)) / rho**2)
    inner, absolute = (Mean(u, (y, a.K(x))) for u in (value, abs(value)))
    with t.let(x, given=[In(x, a.pi)]) as positive:
        same = t.average(absolute.eq(inner), by=[given_x(x), star(x)])
        least = t.average(inner >= 0, by=[given_x(x), star(x)])
        t.together(same, least)
    bound = 1 + abs(g(theta)) * risk / rho**2
    for mean in (inner, absolute):
        facts = [positive.fact, given_x, distances, star, *ends]
        t.exists(Mean(mean, (x, a.pi)), by=facts, bound=bound)
    moment = Mean(exp(-theta * a.loss(f, p) / rho**2), (p, a.pairs))
    t.joint_exists(moment)
    fubini = t.disintegrate(moment)
    below = fubini.right <= 1 - g(theta) * (risk / rho**2)
    mean = t.average(below, by=[given_x, *ends], law=a.pi)
    return t.show(moment <= 1 - g(theta) * (risk / rho**2), by=[fubini, mean], opaque=[g(theta)])


@theorem(source=SOURCE)
def mean_of_a_loss(t):
    """E Z(f) = R(f)."""
    a = Vectors(t)
    f, x, y, p, rho = a.function("f"), a.x, a.y, a.p, a.rho
    t.given(a.size(f))
    star, projected = (t.use(f"vector_losses.{n}") for n in ("regression", "projected_label"))
    distances, *_ = t.use("vector_losses.distances")
    risk, loss = a.risk(f), a.loss(f, pair(x, y))
    inner, size = (Mean(u, (y, a.K(x))) for u in (loss, abs(loss)))
    with t.let(x, given=[In(x, a.pi)]) as inside:
        bounded, mean, split = projected(x)
        square, label = a.distance(f, x), mean.left
        length, bound = sqrt(square), 20 * rho**2
        t.exists(length, by=distances(x))
        most = t.show(length <= 2 * rho, by=distances(x))
        ends_of_mean = [
            t.average(label <= rho * length, by=bounded, opaque=[length]),
            t.average(label >= -rho * length, by=bounded, opaque=[length]),
        ]
        with t.let(y, given=[In(y, a.K(x))]) as sizes:
            facts = [split(y), bounded(y), distances(x), most, mean, *ends_of_mean]
            t.show(Abs(loss) <= bound, by=facts, opaque=[length, square])
        for m in (inner, size):
            t.exists(m, by=[sizes.fact, star(x)], bound=bound)
        exact = inner.eq(square - 2 * label + 2 * mean.right)
        exact = t.average(exact, by=[split, star(x)])
        found = [
            t.show(inner.eq(square), by=[exact, mean]),
            t.average(size <= bound, by=[sizes.fact, star(x)]),
            t.average(size >= 0, by=[sizes.fact, star(x)]),
        ]
        t.together(*found)
    whole = Mean(a.loss(f, p), (p, a.pairs))
    t.exists(Mean(size, (x, a.pi)), by=inside.fact, bound=20 * rho**2)
    t.joint_exists(whole)
    fubini = t.disintegrate(whole)
    mean = t.average(fubini.right.eq(risk), by=inside.fact, law=a.pi)
    return t.show(whole.eq(risk), by=[fubini, mean])


@theorem(source=SOURCE)
def risk_below_the_loss(t):
    """R(f) is at most E |v(Y) - f(X)|²: without learning, the function 0 costs at most E |v(Y)|²,
    and an affine function (cut off to the ball, which contains v) what it leaves of v."""
    a = Vectors(t)
    f, c, p, rho = a.function("f"), a.c, a.p, a.rho
    bounded = t.given(a.size(f))
    t.example(v=function([c, a.y], 0), f=function([c, a.x], 0), rho=1)
    star, risk = (t.use(f"vector_losses.{n}") for n in ("regression", "mean_of_a_loss"))
    labels = a.labels
    with t.let(p, given=[In(p, a.pairs)]) as inside:
        t.derive("halves", *inside.facts)
        x, y = first(p), second(p)
        zero = 0 * a.square(a.label(y))
        own = t.add_up(a.error(f, p) >= zero)
        most = t.add_up(a.error(f, p) <= 2 * a.square(a.label(y)) + 2 * a.square(f(x)))
        other = t.add_up(a.error(a.star, p) >= zero, by=star(x))
        size = t.show(a.error(f, p) <= 4 * rho**2, by=[most, labels(x, y), bounded(x)])
        t.together(own, size, t.show(a.loss(f, p) <= a.error(f, p), by=other))
    loss = Mean(a.error(f, p), (p, a.pairs))
    t.exists(loss, by=inside.fact, bound=4 * rho**2)
    below = t.average(risk.left <= loss, by=inside.fact)
    return t.show(a.risk(f) <= loss, by=[below, risk])


@theorem(source=SOURCE)
def neighbouring_losses(t):
    """Where |f - h| <= delta, both bounded by rho, |Z(f) - Z(h)| and |R(f) - R(h)| are at most
    4 rho delta."""
    a = Vectors(t)
    f, h, c, x, p, rho = a.function("f"), a.function("h"), a.c, a.x, a.p, a.rho
    delta = t.real("delta")
    t.given(delta >= 0)
    sizes = [t.given(a.size(u)) for u in (f, h)]
    near = t.given(a.near(f, h, delta))
    t.example(v=function([c, a.y], 0), f=function([c, x], 0), h=function([c, x], 0), rho=1, delta=0)
    star = t.use("vector_losses.regression")
    labels = a.labels
    with t.let(p, given=[In(p, a.pairs)]) as losses:
        t.derive("halves", *losses.facts)
        x, y = first(p), second(p)
        known, size = [s(x) for s in sizes], labels(x, y)
        gap, other = f(x) - h(x), f(x) + h(x) - 2 * a.label(y)
        terms = [a.square(u) for u in (f(x), h(x), a.label(y))]
        long = a.square(other) <= 4 * terms[0] + 4 * terms[1] + 8 * terms[2]
        long = t.add_up(long)
        bound = t.show(a.square(other) <= (4 * rho) ** 2, by=[long, *known, size])
        values = {"u": function(c, gap), "w": function(c, other), "n": a.d}
        values |= {"a": delta, "b": 4 * rho}
        product = t.use("sums.cauchy_schwarz", values, by=[near(x), bound])
        split = t.add_up((a.error(f, p) - a.error(h, p)).eq(a.sum(gap * other)))
        exists = star(x)
        t.show(Abs(a.loss(f, p) - a.loss(h, p)) <= 4 * rho * delta, by=[product, split, exists])
    means = [t.use("vector_losses.mean_of_a_loss", {"f": a.at(u)}) for u in (f, h)]
    one, two = (m.left for m in means)
    up = t.average(one - two <= 4 * rho * delta, by=[losses.fact, *means])
    down = t.average(two - one <= 4 * rho * delta, by=[losses.fact, *means])
    goal = Abs(a.risk(f) - a.risk(h)) <= 4 * rho * delta
    return t.together(t.show(goal, by=[up, down, *means]), losses.fact)
