"""The mean of what splines miss, over the cells of [-R, R] and relative to the density.

K, K'' and Green's function G of a cell are those of `spline_gaps`, f1, f2 and e those of
`spline_relative`. By the symmetry of G its mean over x is the one over y, at most h²/8 over 2R;
what is left is the integral of (K''/K)² K, cell by cell. The constants are those of
`boundcheck.theory.formulas.approximation.splines`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, erf, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    Integral,
    LivesOn,
    Mean,
    Prob,
    Sum,
    function,
)
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theorems.language.sorts import REAL

SOURCE = "derived here"
pi = constant("pi")
SORTS = {"X": REAL, "Y": REAL}


def bell(z):
    """exp(-z²/2)."""
    return exp(-(z**2) / 2)


def kernel(y, u, sigma):
    """K(y)."""
    return bell((y - u) / sigma)


def square(y, u, sigma):
    """K''(y)²/K(y)."""
    z = (y - u) / sigma
    return (z**2 - 1) ** 2 * bell(z) / sigma**4


def antiderivative(z):
    """Of (z² - 1)² exp(-z²/2)."""
    return sqrt(2 * pi) * erf(z / sqrt(number(2))) - (z**3 + z) * bell(z)


def on(a, b, y):
    """1 where a <= y <= b, else 0."""
    return Ind(a <= y) * Ind(y <= b)


def green(p, h, x, y):
    """G(x, y) in the cell [p, p + h]."""
    q = p + h
    return on(p, x, y) * ((y - p) * (q - x) / h) + on(x, q, y) * ((x - p) * (q - y) / h)


class Line:
    """The uniform law on [-R, R], and a law of u."""

    def __init__(self, t, kernel=True, inside=True):
        self.t, self.law, self.mu = t, t.law("Omega", REAL), t.law("mu", REAL)
        self.R, self.y, self.u, self.sigma, low, high = t.real("R y u sigma l k")
        t.given(self.R > 0, *([self.sigma > 0] if kernel else []))
        if inside:
            t.given(LivesOn(self.law, self.y, Abs(self.y) <= self.R))
        share = Prob(And(low <= self.y, self.y <= high), (self.y, self.law))
        share = share.eq((high - low) / (2 * self.R))
        limits = [low >= -self.R, low <= high, high <= self.R]
        t.given(Forall([low, high], share, given=limits))

    def mean(self, v, y=None):
        """Over [-R, R]."""
        return Mean(v, (self.y if y is None else y, self.law))

    def over(self, v):
        """Over u."""
        return Mean(v, (self.u, self.mu))

    def square(self, y):
        return square(y, self.u, self.sigma)


@theorem(source=SOURCE)
def green_inside(t):  # noqa: PLR0915
    """G(x, y) is between 0 and 2h where x is in the cell; 2R times its mean over x is at most h²/8
    where y is."""
    m, (x, p, h) = Line(t, kernel=False), t.real("x p h")
    R, y = m.R, m.y
    size = t.use("spline_gaps.size_of_greens_function")
    value = t.use("spline_gaps.mean_of_greens_function")
    symmetric = t.use("spline_gaps.symmetry_of_greens_function")

    def cases(v, goal, inside):
        """The goal, by whether v is in [p, p + h]; there by the facts that `inside` gives."""
        with t.suppose(p <= v) as after:
            with t.suppose(v <= p + h) as here:
                events = [t.derive("indicator_true", f) for f in (*after.facts, *here.facts)]
                inside([*after.facts, *here.facts], events)
            with t.suppose(p + h < v) as beyond:
                none = t.derive("indicator_false", t.show(v > p + h, by=beyond.facts))
                outside(v, goal, none)
            t.cases(v, p + h, here, beyond)
        with t.suppose(v < p) as before:
            none = t.derive("indicator_false", t.show(p > v, by=before.facts))
            outside(v, goal, none)
        return t.cases(p, v, after, before)

    def outside(v, goal, none):
        zero = t.show(on(p, p + h, v).eq(0), by=none)
        hidden = [on(p, p + h, v), green(p, h, x, y), green(p, h, y, x)]
        if v == y:
            both = symmetric(p, h, x, y)
            with t.let(x) as nothing:
                both = symmetric(p, h, x, y)
                t.show(
                    (on(p, p + h, x) * green(p, h, x, y)).eq(0),
                    by=[both, zero],
                    opaque=[*hidden, on(p, p + h, x)],
                )
            mean = Mean(on(p, p + h, x) * green(p, h, x, y), (x, m.law))
            t.exists(
                mean, by=nothing.fact, bound=0, at=x, opaque=[on(p, p + h, x) * green(p, h, x, y)]
            )
            none = t.average(
                mean <= 0, by=nothing.fact, at=x, opaque=[on(p, p + h, x) * green(p, h, x, y)]
            )
            t.show(goal, by=[none, zero], opaque=[on(p, p + h, y)])
        else:
            t.show(goal, by=zero, opaque=hidden)

    with t.let(p, h, x, y, given=[h > 0]) as first:
        Q = on(p, p + h, x) * green(p, h, x, y)
        goal = And(Q >= 0, Q <= 2 * h)

        def here(facts, events):
            known = size(p, h, x, y, by=[*facts, *first.facts])
            one = t.show(on(p, p + h, x).eq(1), by=events)
            t.show(goal, by=[one, known], opaque=[on(p, p + h, x), green(p, h, x, y)])

        cases(x, goal, here)
    with t.let(p, h, y, given=[h > 0, -R <= p, p + h <= R]) as second:
        Q = on(p, p + h, x) * green(p, h, x, y)
        mean = Mean(Q, (x, m.law))
        goal = 2 * R * mean <= h**2 / 8 * on(p, p + h, y)

        def here(facts, events):
            _, most = value(p, h, y, by=[*facts, *second.facts])
            one = t.show(on(p, p + h, y).eq(1), by=events)
            G = green(p, h, y, x)
            with t.let(x) as same:
                both = symmetric(p, h, x, y)
                t.show(Q.eq(G), by=[both, one], opaque=[Q, on(p, p + h, y), G])
            t.exists(mean, by=[same.fact, first.fact], bound=2 * h, at=x, opaque=[Q, G])
            equal = t.average(mean.eq(Mean(G, (x, m.law))), by=same.fact, at=x, opaque=[Q, G])
            t.show(goal, by=[equal, most, one], opaque=[on(p, p + h, y)])

        cases(y, goal, here)
    return t.together(first.fact, second.fact)


@theorem(source=SOURCE)
def mean_over_a_cell(t):  # noqa: PLR0915
    """2R times the mean over x in a cell of E E G(x, y) K''(y)²/K(y) is at most h²/8 times that of
    K''(y)²/K(y) over y in the cell; with bounds of both."""
    m, (x, p, h) = Line(t), t.real("x p h")
    R, y, u, most = m.R, m.y, m.u, 2 / m.sigma**4
    low, high = t.use("spline_cells.green_inside")
    size, _ = t.use("spline_gaps.sizes")
    W = m.square(y)
    with t.let(p, h, given=[h > 0, -R <= p, p + h <= R]) as point:
        cell = on(p, p + h, y)
        Q = on(p, p + h, x) * green(p, h, x, y)
        bound = 2 * h * most
        hidden = [Q, W]
        with t.let(x, y, u) as all_three:
            t.show(
                And(Q * W >= 0, Abs(Q * W) <= bound),
                by=[size(y, u), low(p, h, x, y)],
                opaque=hidden,
            )
        inner = m.mean(Q * W)
        with t.let(x, u) as of_y:
            with t.let(y) as each:
                all_three.fact(x, y, u)
            t.exists(inner, by=each.fact, bound=bound, at=y, opaque=hidden)
            ends = [
                t.average(g, by=each.fact, at=y, opaque=hidden)
                for g in (inner >= 0, inner <= bound)
            ]
            t.show(And(inner >= 0, Abs(inner) <= bound), by=ends)
        nested = m.over(inner)
        with t.let(x) as of_u:
            with t.let(u) as each:
                of_y.fact(x, u)
            t.exists(nested, by=each.fact, bound=bound, at=u, opaque=[inner])
            ends = [
                t.average(g, by=each.fact, law=m.mu, at=u, opaque=[inner])
                for g in (nested >= 0, nested <= bound)
            ]
            t.show(And(nested >= 0, Abs(nested) <= bound), by=ends)
        own, whole = m.mean(cell * W), Mean(nested, (x, m.law))
        t.exists(whole, by=of_u.fact, bound=bound, at=x, opaque=[nested])
        with t.let(u) as right:
            with t.let(y) as each:
                events = [t.derive("indicator_range", formula=f) for f in (p <= y, y <= p + h)]
                inside = t.show(And(cell >= 0, cell <= 1), by=events)
                t.show(
                    And(cell * W >= 0, Abs(cell * W) <= most),
                    by=[inside, size(y, u)],
                    opaque=[cell, W],
                )
            t.exists(own, by=each.fact, bound=most, at=y, opaque=[cell, W])
            ends = [
                t.average(g, by=each.fact, at=y, opaque=[cell, W]) for g in (own >= 0, own <= most)
            ]
            t.show(And(own >= 0, Abs(own) <= most), by=ends)
        t.exists(m.over(own), by=right.fact, bound=most, at=u, opaque=[own])
        with t.let(x, given=[In(x, m.law)]) as both, t.let(u, given=[In(u, m.mu)]):
            t.show(Abs(inner) <= bound, by=of_y.fact(x, u), opaque=[inner])
        values = {"u": function([x, u], inner), "b": bound, "mu": m.law, "nu": m.mu}
        swapped = t.use("small_draws.bounded_means", values, SORTS, by=both.fact)
        outer = Mean(inner, (x, m.law))
        with t.let(u) as each_u:
            with t.let(x, given=[In(x, m.law)]) as both, t.let(y, given=[In(y, m.law)]):
                t.show(Abs(Q * W) <= bound, by=all_three.fact(x, y, u), opaque=hidden)
            values = {"u": function([x, y], Q * W), "b": bound, "mu": m.law, "nu": m.law}
            fubini = t.use("small_draws.bounded_means", values, SORTS, by=both.fact)
            with t.let(y) as at_y:
                with t.let(x) as inside:
                    t.show(Abs(Q) <= 2 * h, by=low(p, h, x, y), opaque=[Q])
                mean = Mean(Q, (x, m.law))
                t.exists(mean, by=inside.fact, bound=2 * h, at=x, opaque=[Q])
                product = Mean(Q * W, (x, m.law))
                same = t.average(product.eq(W * mean), at=x, opaque=hidden)
                small = high(p, h, y)
                goal = 2 * R * product <= h**2 / 8 * (cell * W)
                t.show(goal, by=[same, small, size(y, u)], opaque=[W, mean, cell])
            less = t.average(
                2 * R * fubini.right <= h**2 / 8 * own,
                by=at_y.fact,
                at=y,
                opaque=[Mean(Q * W, (x, m.law)), cell, W],
            )
            t.show(2 * R * outer <= h**2 / 8 * own, by=[less, fubini])
        last = 2 * R * swapped.right <= h**2 / 8 * m.over(own)
        last = t.average(last, by=each_u.fact, law=m.mu, at=u, opaque=[outer, own])
        last = t.show(2 * R * whole <= h**2 / 8 * m.over(own), by=[last, swapped])
        t.together(of_u.fact, right.fact, last)
    return point.fact


@theorem(source=SOURCE)
def all_cells(t):
    """2R times the means of K''(y)²/K(y) over n cells, which cover [-R, R], add up to at most
    2√(2π)/σ³."""
    m, (h, j), (k, n) = Line(t, inside=False), t.real("h j"), t.nat("i n")
    R, y, u, sigma = m.R, m.y, m.u, m.sigma
    mesh, some = t.given((n * h).eq(2 * R), h > 0)
    W, root = m.square(y), sqrt(2 * pi)

    def Phi(y):
        return antiderivative((y - u) / sigma) / sigma**3

    ends = t.use("spline_gaps.moment")
    axiom = t.derive("axiom", name="means_of_a_uniform_law")
    means = t.use(axiom.theorem, {"pi": m.law, "g": function(y, W)})
    a, b = t.real("a b")
    with t.let(u) as every:
        with t.let(a, b, given=[-R <= a, a <= b, b <= R]) as part:
            value = t.primitive(Integral(W, (y, a, b)), function(y, Phi(y)), by=part.facts)
            found = means(a, b, by=[*part.facts, value])
            hidden = [Phi(a), Phi(b), found.left, value.left]
            t.show((2 * R * found.left).eq(Phi(b) - Phi(a)), by=[found, value], opaque=hidden)

        def knot(j):
            return -R + j * h

        v = function(j, Phi(-R + j * h))
        left = knot(k - 1)
        row = Sum(2 * R * m.mean(on(left, left + h, y) * W), (k, 1, n))
        rises = Sum(v(k) - v(k - 1), (k, 1, n))
        with t.let(k, given=[k >= 1, k <= n]) as each:
            inside = And(-R <= left, left <= left + h, left + h <= R)
            inside = t.show(inside, by=[*each.facts, mesh, some])
            found = part.fact(left, left + h, by=inside)
            equal = t.at_equals(function(y, Phi(y)), t.show((left + h).eq(knot(k))))
            hidden = [found.left.args[1], Phi(left + h), Phi(knot(k)), Phi(left)]
            t.show(found.left.eq(Phi(knot(k)) - Phi(left)), by=[found, equal], opaque=hidden)
        same = t.add_up(row.eq(rises), by=each.fact)
        total = t.use("sums.telescope", {"v": v})
        last, first = ends((R - u) / sigma), ends((-R - u) / sigma)
        places = [t.replace(total, (-R + n * h, R), by=mesh)]
        places = t.replace(places[0], (-R + 0 * h, -R))
        F = [antiderivative((z - u) / sigma) for z in (R, -R)]
        ordered = t.show(F[0] - F[1] <= 2 * root, by=[last, first], opaque=[*F, root])
        scaled = (F[0] / sigma**3 - F[1] / sigma**3) <= 2 * root / sigma**3
        scaled = t.show(scaled, by=ordered, opaque=[*F, root])
        hidden = [*F, root, *same.formula.args]
        t.show(
            row <= 2 * root / sigma**3,
            by=[same, places, scaled],
            opaque=[*same.formula.args, F[0] / sigma**3, F[1] / sigma**3, scaled.right],
        )
    return every.fact
