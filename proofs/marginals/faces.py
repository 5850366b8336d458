"""Ridges on a face of the cube, and grids of them.

A ridge is ReLU(θ(1) x(1) + ... + θ(d) x(d) - θ(0)). On a face of the cube [-1, 1]^d one place q of
the direction is v = 1 or v = -1, the others are in [-1, 1], and θ(0) is in [0, Rd]. So place i != q
and θ(0) have the positions r(i) = k (θ(i) + 1)/2 and r(q) = k θ(0)/(Rd) in a grid of [0, k]^d.
Below, q is e + 1.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max
from boundcheck.theorems.author.words import And, Forall, Ind, Product, Sum, function, sequence
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq

SOURCE = "derived here"


def here(i, q):
    """1 where i is q, else 0."""
    return Ind(i <= q) * Ind(i >= q)


def around(u, e, d, i):
    """The sum of u over 1, ..., d without e + 1."""
    return Sum(u, (i, 1, e)) + Sum(u, (i, e + 2, d))


def ridge(theta, x, d, i):
    """θ(1) x(1) + ... + θ(d) x(d) - θ(0)."""
    return Sum(theta(i) * x(i), (i, 1, d)) - theta(0)


def position(theta, e, k, b, i):
    """Where θ lies in the grid of its face; b is 1/(Rd)."""
    on = here(i, e + 1)
    return on * (k * theta(0) * b) + (1 - on) * (k * (theta(i) + 1) / 2)


def corner(c, e, v, H, i):
    """Place i of the ridge at the point c of the grid; H is (2/k, Rd/k)."""
    on, first, (h, h0) = here(i, e + 1), Ind(i <= 0), H
    inside = on * v + (1 - on) * (h * c(i) - 1)
    return first * (c(e + 1) * h0) + (1 - first) * inside


def sides(x, e, H, i):
    """By how much a ridge at x changes along the edges of a cell."""
    on, (h, h0) = here(i, e + 1), H
    return (1 - on) * (h * x(i)) - on * h0


def on_face(theta, e, v, d, R, i):
    """θ is a ridge of the face."""
    inside = Forall(i, Abs(theta(i)) <= 1, given=[i >= 1, i <= d])
    return And(theta(e + 1).eq(v), inside, theta(0) >= 0, theta(0) <= R * d)


@theorem(source=SOURCE)
def sum_around(t):
    """A sum is one of its terms, and the sum around it."""
    F, (e, d, i) = t.function("F", NAT), t.nat("e d i")
    total = Sum(F(i), (i, 1, d))
    start = Sum(F(i), (i, 1, e + 1))
    first = [t.unroll(start), t.empty(Sum(F(i), (i, e + 2, e + 1)))]
    with t.induct(total.eq(around(F(i), e, d, i) + F(e + 1)), d, start=e + 1, base=first) as step:
        t.show(e + 2 <= d + 1)
        longer = [t.unroll(Sum(F(i), (i, 1, d + 1))), t.unroll(Sum(F(i), (i, e + 2, d + 1)))]
        t.show(step.goal, by=[step.hypothesis, *longer])
    return step.fact


@theorem(source=SOURCE)
def sum_of_others(t):
    """The same for terms that are known at all places but e + 1, and there."""
    (F, G), a, (e, d, i) = t.function("F G", NAT), t.real("a"), t.nat("e d i")
    others = [i >= 1, Abs(i - (e + 1)) >= 1]
    _, same, at = t.given(d >= e + 1, Forall(i, F(i).eq(G(i)), given=others), F(e + 1).eq(a))
    t.example(d=3, e=1, a=0, F=function(i, 0), G=function(i, 0))
    parts = t.use("faces.sum_around")(d)
    rows = []
    for low, high in ((expr(1), e), (e + 2, d)):
        with t.let(i, given=[i >= low, i <= high]) as each:
            t.show(And(i >= 1, Abs(i - (e + 1)) >= 1), by=each.facts)
            same(i)
        sums = [Sum(u(i), (i, low, high)) for u in (F, G)]
        rows.append(t.add_up(sums[0].eq(sums[1]), by=each.fact))
    return t.show(parts.left.eq(around(G(i), e, d, i) + a), by=[parts, *rows, at])


@theorem(source=SOURCE)
def one_place(t):
    """Where the indicator of a place is 1, and where it is 0."""
    i, q = t.nat("i q")
    goals = []
    with t.suppose(i.eq(q)) as same:
        on = [t.derive("indicator_true", t.show(f, by=same.facts)) for f in (i <= q, i >= q)]
        t.show(here(i, q).eq(1), by=on)
    for side in (i < q, i > q):
        with t.suppose(side) as off:
            zero = t.derive("indicator_false", *off.facts)
            t.show(here(i, q).eq(0), by=zero)
        goals.append(off.fact)
    return t.together(same.fact, *goals)


class Face:
    """A face of the cube with its grid: q is e + 1; h = 2/k and h0 = Rd/k are the sides of a cell,
    b is 1/(Rd)."""

    def __init__(self, t, example=True):
        self.t = t
        self.theta, self.x = t.sequence("theta x", REAL)
        self.e, self.d, self.k, self.i = t.nat("e d k i")
        self.v, self.b, *self.H = t.real("v b h h0")
        h, h0 = self.H
        self.q = self.e + 1
        self.sizes = t.given(self.d >= self.q, (h * self.k).eq(2), (h0 * self.k * self.b).eq(1))
        self.on = t.given(self.theta(self.q).eq(self.v))
        if example:
            zero = sequence(self.i, 0)
            t.example(d=1, e=0, k=1, v=0, b=1, h=2, h0=1, theta=zero)

    def off(self, goal, *why):
        """A relation for every i >= 1 that is not q, from what `here` is there."""
        t, i, q, blocks = self.t, self.i, self.q, []
        with t.let(i, given=[i >= 1, Abs(i - q) >= 1]) as each:
            none = t.derive("indicator_false", t.show(i > 0, by=each.facts))
            for case, side, which in ((i <= q, i < q, 1), (q < i, i > q, 2)):
                with t.suppose(case) as block:
                    t.show(side, by=[*each.facts, *block.facts])
                    zero = [*t.use("faces.one_place", {"q": q})][which]()
                    t.show(goal, by=[zero, none, *why], opaque=[here(i, q)])
                blocks.append(block)
            t.cases(i, q, *blocks)
        return each.fact

    def split(self, u, plain, last, *why):
        """Σ u(i) over 1, ..., d, as the sum of `plain` around q and `last`."""
        t, i, q = self.t, self.i, self.q
        off = self.off(u.eq(plain), *why)
        on = t.use("faces.one_place", {"i": q, "q": q})
        first, *_ = on
        same = first(by=t.show(q.eq(q)))
        none = t.derive("indicator_false", t.show(q > 0))
        at = function(i, u)(q).eq(last)
        known = [off, t.show(at, by=[same, none, *why], opaque=[here(q, q)])]
        values = {"F": function(i, u), "G": function(i, plain), "a": last}
        return t.use("faces.sum_of_others", values, by=known)


def linear(theta, x, e, d, i):
    """A ridge without its place q."""
    return around(theta(i) * x(i), e, d, i) - theta(0)


def distance(c, theta, x, e, d, k, b, H, i):
    """The ridge at c without that at θ, as an affine form in the distance of the positions."""
    h, h0 = H
    rest = around((c(i) - k * (theta(i) + 1) / 2) * (h * x(i)), e, d, i)
    return rest - (c(e + 1) - k * theta(0) * b) * h0


@theorem(source=SOURCE)
def corner_of_a_cell(t):
    """The ridge θ of a face, and the one at the point c of its grid, whose place q is apart; their
    distance, as an affine form in that of their positions; its coefficients; and where θ lies."""
    f, c = Face(t), t.sequence("c", REAL)
    theta, x, e, d, k, b, v, H, i = f.theta, f.x, f.e, f.d, f.k, f.b, f.v, f.H, f.i
    h, h0 = H
    point = sequence(i, corner(c, e, v, H, i))
    on, (_, mesh, width) = f.on, f.sizes
    y, z = linear(theta, x, e, d, i), distance(c, theta, x, e, d, k, b, H, i)
    parts = t.use("faces.sum_around", {"F": function(i, theta(i) * x(i))})(d)
    first = t.show(ridge(theta, x, d, i).eq(v * x(f.q) + y), by=[parts, on])
    row = f.split(point(i) * x(i), (h * c(i) - 1) * x(i), v * x(f.q))
    zero = t.derive("indicator_true", t.show(expr(0) <= 0))
    bias = t.show(point(0).eq(c(f.q) * h0), by=zero)
    term, rows = (c(i) - k * (theta(i) + 1) / 2) * (h * x(i)), []
    for first_one, last_one in ((expr(1), e), (e + 2, d)):
        old, new, gaps = (
            Sum(u, (i, first_one, last_one)) for u in (theta(i) * x(i), (h * c(i) - 1) * x(i), term)
        )
        rows.append(t.add_up(new.eq(old + gaps), by=mesh))
    last = (c(f.q) - k * theta(0) * b) * h0
    near = t.show(last.eq(c(f.q) * h0 - theta(0)), by=width)
    other = ridge(point, x, d, i).eq(v * x(f.q) + y + z)
    hidden = [last, c(f.q) * h0, v * x(f.q), point(0)]
    second = t.show(other, by=[row, bias, *rows, near], opaque=hidden)
    where = function(i, position(theta, e, k, b, i))
    moved = f.split((c(i) - where(i)) * sides(x, e, H, i), term, (c(f.q) - k * theta(0) * b) * -h0)
    third = t.show(moved.left.eq(z), by=moved)
    squares = f.split(sides(x, e, H, i) ** 2, h**2 * x(i) ** 2, h0**2)
    return t.together(first, second, third, squares)


def hat(r):
    """1 at 0, 0 from distance 1 on, and linear between."""
    return Max(0, 1 - Abs(r))


def weight(r, c, d, i):
    """Of the grid point c in the interpolation at the position r."""
    return Product(hat(r(i) - c(i)), (i, 1, d))


def interpolates(c, k, d, symbols):
    """The weights of the first (k + 1)^d points c have the mean r, for every r of [0, k]^d, and the
    variance of c·y is at most Σ y(i)²/4."""
    r, y, m, i = symbols
    p, z = weight(r, c(m), d, i), Sum((c(m)(i) - r(i)) * y(i), (i, 1, d))
    total, first, second = (Sum(u, (m, 1, (k + 1) ** d)) for u in (p, p * z, p * z**2))
    law = And(total.eq(1), first.eq(0), second <= Sum(y(i) ** 2, (i, 1, d)) / 4)
    inside = Forall(i, And(r(i) >= 0, r(i) <= k), given=[i >= 1, i <= d])
    return Forall([r, y], law, given=[inside])


@theorem(source=SOURCE)
def position_in_the_grid(t):
    """The positions of a ridge of a face are in [0, k]."""
    theta, (e, d, k, i), (v, R, b) = t.sequence("theta", REAL), t.nat("e d k i"), t.real("v R b")
    size, inverse, face = t.given(R * d > 0, (b * (R * d)).eq(1), on_face(theta, e, v, d, R, i))
    t.example(R=1, d=1, b=1, e=0, v=0, theta=sequence(i, 0))
    _, inside, low, high = face
    q = e + 1
    on = here(i, q)
    first = t.show(And(k * theta(0) * b >= 0, k * theta(0) * b <= k), by=[low, high, size, inverse])
    with t.let(i, given=[i >= 1, i <= d]) as place:
        other = t.show(And(k * (theta(i) + 1) / 2 >= 0, k * (theta(i) + 1) / 2 <= k), by=inside(i))
        ranges = [t.derive("indicator_range", formula=f) for f in (i <= q, i >= q)]
        share = t.show(And(on >= 0, on <= 1), by=ranges)
        where, parts = position(theta, e, k, b, i), [k * theta(0) * b, k * (theta(i) + 1) / 2]
        t.show(And(where >= 0, where <= k), by=[first, other, share], opaque=[on, *parts])
    return place.fact


@theorem(source=SOURCE)
def weights_are_positive(t):
    """The weights of a grid are at least 0 and at most 1."""
    r, c = t.sequence("r c", REAL)
    d, i = t.nat("d i")
    factor = function(i, hat(r(i) - c(i)))
    with t.let(i) as each:
        t.show(And(factor(i) >= 0, factor(i) <= 1))
    values = {"v": factor, "w": function(i, 1), "n": d}
    low, high = t.use("sums.products_grow", values, by=each.fact)
    ones = Product(expr(1), (i, 1, d))
    with t.induct(ones.eq(1), d, base=t.empty(Product(expr(1), (i, 1, 0)))) as step:
        t.show(step.goal, by=[step.hypothesis, t.unroll(step.goal.args[0])])
    return t.show(And(low.formula, low.left <= 1), by=[low, high, step(d)])


@theorem(source=SOURCE)
def grid_of_a_face(t):
    """The ridges at the grid of a face have weights with the mean θ; the variance of their values
    at x is at most (h² Σ x(i)² + h0²)/4, the sum being that without place q."""
    f, c = Face(t, example=False), t.sequence("c", seq(REAL))
    theta, x, e, d, k, b, v, H, i = f.theta, f.x, f.e, f.d, f.k, f.b, f.v, f.H, f.i
    (h, h0), m, R, (r, y), q = H, t.nat("m"), t.real("R"), t.sequence("r y", REAL), f.q
    N = (k + 1) ** d
    grid, _size, _inverse, _face = t.given(
        interpolates(c, k, d, (r, y, m, i)),
        R * d > 0,
        (b * (R * d)).eq(1),
        on_face(theta, e, v, d, R, i),
    )
    where = sequence(i, position(theta, e, k, b, i))
    p = weight(where, c(m), d, i)
    point = sequence(i, corner(c(m), e, v, H, i))
    place = t.use("faces.position_in_the_grid")
    with t.let(m) as each:
        low, _ = t.use("faces.weights_are_positive", {"r": where, "c": c(m)})
        at_q, _, _ = t.use("faces.one_place", {"i": q, "q": q})
        here_q = at_q(by=t.show(q.eq(q)))
        none = t.derive("indicator_false", t.show(q > 0))
        on = t.show(point(q).eq(v), by=[here_q, none], opaque=[here(q, q)])
        t.together(low, on)
    total, _, _ = grid(where, where, by=place)
    with t.let(x) as at_x:
        lines = sequence(i, sides(x, e, H, i))
        _, first, second = grid(where, lines, by=place)
        *_, squares = t.use("faces.corner_of_a_cell", {"c": c(m)})
        with t.let(m) as term:
            own, other, moved, _ = t.use("faces.corner_of_a_cell", {"c": c(m)})
            step = other.left - own.left
            t.show(
                step.eq(moved.left),
                by=[own, other, moved],
                opaque=[other.left, own.left, moved.left],
            )
        means = t.add_up(Sum(p * step, (m, 1, N)).eq(first.left), by=term.fact)
        spreads = t.add_up(Sum(p * step**2, (m, 1, N)).eq(second.left), by=term.fact)
        rows = []
        for low, high in ((expr(1), e), (e + 2, d)):
            scaled, plain = (Sum(u, (i, low, high)) for u in (h**2 * x(i) ** 2, x(i) ** 2))
            rows.append(t.add_up(scaled.eq(h**2 * plain)))
        around_q = t.use("faces.sum_around", {"F": function(i, x(i) ** 2)})(d)
        bound = (h**2 * (around_q.left - x(q) ** 2) + h0**2) / 4
        most = t.show(squares.right / 4 <= bound, by=[*rows, around_q])
        goal = And(means.left.eq(0), spreads.left <= bound)
        t.show(goal, by=[means, spreads, first, second, squares, most], opaque=[bound])
    return t.together(each.fact, total, at_x.fact)
