"""Multilinear interpolation on a grid: the weights of its points are a law with the mean r.

A point r of [0, k]^d lies between whole numbers; the weight of the grid point c is the product of
the hats of r(i) - c(i), which is 0 but for the corners of the cell of r. The coordinates of such a
random grid point are independent, with a variance of at most 1/4 each.
"""

from boundcheck import theorem
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Ind,
    Product,
    Sum,
    ThereIs,
    function,
    natceil,
    sequence,
)
from boundcheck.theorems.language.expr import expr, made
from boundcheck.theorems.language.sorts import REAL, seq

SOURCE = "folklore; derived here"


def hat(r):
    """1 at 0, 0 from distance 1 on, and linear between."""
    return made("call", "Max", (expr(0), 1 - abs(r)))


def weight(r, c, d, i):
    """Of the grid point c in the interpolation at r."""
    return Product(hat(r(i) - c(i)), (i, 1, d))


def offset(r, c, y, d, i):
    """(c - r)·y."""
    return Sum((c(i) - r(i)) * y(i), (i, 1, d))


def in_grid(r, k, d, i):
    """r lies in [0, k]^d."""
    return Forall(i, And(r(i) >= 0, r(i) <= k), given=[i >= 1, i <= d])


def moments(c, r, y, k, d, m, i):
    """The weights of the points c sum up to 1, their mean is r, and the variance of c·y is at most
    Σ y(i)²/4."""
    p, z = weight(r, c(m), d, i), offset(r, c(m), y, d, i)
    total, first, second = (Sum(u, (m, 1, (k + 1) ** d)) for u in (p, p * z, p * z**2))
    return And(total.eq(1), first.eq(0), second <= Sum(y(i) ** 2, (i, 1, d)) / 4)


def interpolates(c, k, d, symbols):
    """The first (k + 1)^d points c have weights with the mean r, for every r of [0, k]^d."""
    r, y, m, i = symbols
    law = moments(c, r, y, k, d, m, i)
    return Forall([r, y], law, given=[in_grid(r, k, d, i)])


def place(G, part, m):
    """Which number of its block of G numbers m is; part is 1/G."""
    return m - G * (natceil(m * part) - 1)


def longer(c, G, part, d, m, i):
    """Place i of the point m of the next grid: block e continues the point e by 0, ..., G - 1."""
    return Ind(i <= d) * c(natceil(m * part))(i) + Ind(i > d) * (place(G, part, m) - 1)


@theorem(source=SOURCE)
def places_of_the_next_grid(t):
    """What the places of the points of block e + 1 are."""
    c, (G, d, e, g, i, j) = t.sequence("c", seq(REAL)), t.nat("G d e g i j")
    part = t.real("part")
    t.given((part * G).eq(1))
    t.example(G=1, part=1)
    with t.let(e, g, given=[g >= 1, g <= G]) as point:
        m = G * e + g
        with t.obtain(t.derive("zero_or_next", point.facts[0], value=g), "k") as before:
            same = before.facts[0]
            t.show(before.value + 1 <= G, by=[same, point.facts[1]])
            block = t.use("nets.number_of_a_block", {"k": before.value})
            t.rewrite(t.symmetric(same), block)
        number = before.fact
        with t.let(i, given=[i <= d]) as old:
            on = t.derive("indicator_true", *old.facts)
            off = t.derive("indicator_false", *old.facts)
            same = t.at_equals(function(j, c(j)(i)), number)
            t.show(longer(c, G, part, d, m, i).eq(c(e + 1)(i)), by=[on, off, same])
        with t.let(i, given=[i > d]) as new:
            on = t.derive("indicator_true", *new.facts)
            off = t.derive("indicator_false", *new.facts)
            t.show(longer(c, G, part, d, m, i).eq(g - 1), by=[on, off, number])
        t.together(old.fact, new.fact)
    return point.fact


@theorem(source=SOURCE)
def weights_of_the_next_grid(t):
    """Of the points of block e + 1: the weight of the point e + 1 before, times a hat."""
    c, (r, y) = t.sequence("c", seq(REAL)), t.sequence("r y", REAL)
    (k, d, i, e, g), (part, z) = t.nat("k d i e g"), t.real("part z")
    t.given((part * (k + 1)).eq(1), g >= 1, g <= k + 1)
    t.example(part=1, k=0, g=1)
    at = (k + 1) * e + g
    point = sequence(i, longer(c, k + 1, part, d, at, i))
    old, behind = t.use("grid_interpolation.places_of_the_next_grid", {"G": k + 1})(e, g)
    with t.let(i, given=[i >= 1, i <= d]) as term:
        old(i)
    with t.let(i, given=[i >= 1, i <= d]) as factor:
        t.at_equals(function(z, hat(r(i) - z)), term.fact(i))
    values = {
        "v": function(i, hat(r(i) - point(i))),
        "w": function(i, hat(r(i) - c(e + 1)(i))),
        "N": d,
    }
    product = t.use("hat_functions.products_agree", values, by=factor.fact)
    row = Sum((point(i) - r(i)) * y(i), (i, 1, d))
    rows = t.add_up(row.eq(offset(r, c(e + 1), y, d, i)), by=term.fact)
    t.show(d + 1 > d)
    end = behind(d + 1)
    p = t.rewrite(end, t.unroll(weight(r, point, d + 1, i)))
    z = t.rewrite(end, t.unroll(offset(r, point, y, d + 1, i)))
    return t.together(t.rewrite(product, p), t.rewrite(rows, z))


@theorem(source=SOURCE)
def next_grid(t):
    """Points of a grid of [0, k]^d, continued by 0, ..., k, are those of a grid of [0, k]^(d+1)."""
    c, (r, y) = t.sequence("c", seq(REAL)), t.sequence("r y", REAL)
    (k, d, m, i, e, g), (part, a) = t.nat("k d m i e g"), t.real("part a")
    G, N = k + 1, (k + 1) ** d
    before, _ = t.given(interpolates(c, k, d, (r, y, m, i)), (part * G).eq(1))
    with t.let(r, y, given=[in_grid(r, k, d + 1, i)]) as point:
        inside = point.facts[0]
        with t.let(i, given=[i >= 1, i <= d]):
            t.show(i <= d + 1)
            inside(i)
        total, first, second = before(r, y)
        t.show(d + 1 >= 1)
        h, spread = hat(r(d + 1) - (g - 1)), (g - 1 - r(d + 1)) ** 2
        variance = Sum(h * spread, (g, 1, G))

        def p(m):
            return weight(r, c(m), d, i)

        def z(m):
            return offset(r, c(m), y, d, i)

        new = sequence(m, sequence(i, longer(c, G, part, d, m, i)))
        next_p, next_z = weight(r, new(m), d + 1, i), offset(r, new(m), y, d + 1, i)
        spreads = z(m) ** 2 + y(d + 1) ** 2 * variance

        def added(of_point, of_block, line):
            """The sum over all points, by blocks; `line` is what a hat is multiplied with."""
            F, H = function(m, of_point), function(m, of_block)
            with t.let(e) as block:
                values = {"r": r(d + 1), "a": z(e + 1), "y": y(d + 1)}
                sums = t.use("hat_functions.weights_on_a_line", values, by=inside(d + 1))
                factor = line(z(e + 1) + (g - 1 - r(d + 1)) * y(d + 1))
                with t.let(g, given=[g >= 1, g <= G]) as term:
                    now = t.use("grid_interpolation.weights_of_the_next_grid")
                    t.show(F(G * e + g).eq(p(e + 1) * (h * factor)), by=now)
                row, whole = Sum(h * factor, (g, 1, G)), Sum(F(G * e + g), (g, 1, G))
                split = t.add_up(whole.eq(p(e + 1) * row), by=term.fact)
                t.show(whole.eq(H(e + 1)), by=[split, sums])
            values = {"F": F, "H": H, "G": G, "N": N}
            whole = t.use("hat_functions.sum_by_blocks", values, by=block.fact)
            return t.replace(whole, (G * N, G ** (d + 1)))

        weights = added(next_p, p(m), lambda z: 1)
        means = added(next_p * next_z, p(m) * z(m), lambda z: z)
        squares = added(next_p * next_z**2, p(m) * spreads, lambda z: z**2)
        with t.let(a) as each:
            whole = Sum(p(m) * (z(m) ** 2 + a), (m, 1, N))
            t.add_up(whole.eq(second.left + a * total.left))
        split = each.fact(y(d + 1) ** 2 * variance)
        *_, small = t.use(
            "hat_functions.weights_on_a_line", {"r": r(d + 1), "a": 0, "y": 0}, by=inside(d + 1)
        )
        more = t.unroll(Sum(y(i) ** 2, (i, 1, d + 1)))
        part = t.show(y(d + 1) ** 2 * variance <= y(d + 1) ** 2 / 4, by=small)
        spread = t.show(
            squares.left <= more.left / 4, by=[squares, split, total, second, more, part]
        )
        t.show(moments(new, r, y, k, d + 1, m, i), by=[weights, means, total, first, spread])
    return point.fact


@theorem(source=SOURCE)
def grid(t):
    """(k + 1)^d points interpolate on [0, k]^d: by induction over d."""
    c, (r, y) = t.sequence("c", seq(REAL)), t.sequence("r y", REAL)
    (k, d, m, i), part = t.nat("k d m i"), t.real("part")

    def there_is_a_grid(d):
        return ThereIs(c, interpolates(c, k, d, (r, y, m, i)))

    start = sequence(m, sequence(i, 0))
    with t.let(r, y, given=[in_grid(r, k, expr(0), i)]):
        law = moments(start, r, y, k, expr(0), m, i)
        p, z = weight(r, start(1), expr(0), i), offset(r, start(1), y, expr(0), i)
        known = [t.empty(p), t.empty(z), t.empty(Sum(y(i) ** 2, (i, 1, 0)))]
        for u in (p, p * z, p * z**2):
            known.append(t.count(Sum(u, (m, 1, (k + 1) ** expr(0)))))
        t.show(law, by=known)
    with (
        t.induct(there_is_a_grid(d), d, base=t.witness(there_is_a_grid(expr(0)), start)) as grids,
        t.obtain(grids.hypothesis, "f") as before,
        t.obtain(t.witness(ThereIs(part, (part * (k + 1)).eq(1)), 1 / (k + 1)), "b") as inverse,
    ):
        values = {"c": before.value, "part": inverse.value}
        new = t.use("grid_interpolation.next_grid", values, by=before.facts)
        points = sequence(m, sequence(i, longer(before.value, k + 1, inverse.value, d, m, i)))
        t.witness(there_is_a_grid(d + 1), points, by=new)
    return grids.fact
