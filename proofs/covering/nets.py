"""Nets of the cube [-Θ, Θ]^P in the sup-norm: G^P points, where ηG >= Θ.

A point is a sequence of which the places 1, ..., P count; a net is a sequence of points.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Ind,
    ThereIs,
    function,
    natceil,
    sequence,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL, seq

SOURCE = "folklore; derived here"


@theorem(source=SOURCE)
def grid_of_an_interval(t):
    """G points of [-Θ, Θ], the middles of as many parts, come within Θ/G of each of its points."""
    (Theta, part, y), (G, k) = t.real("Theta part y"), t.nat("G k")
    _, whole = t.given(Theta > 0, (part * G).eq(1))
    t.example(Theta=1, G=1, part=1)
    some = t.show(G > 0, by=whole)
    with t.let(y, given=[Abs(y) <= Theta]) as point:
        ends = function(k, -Theta + 2 * k * (Theta * part))
        where = t.between(ends, 0, G, y, by=[*point.facts, whole, some])
        middle = -Theta + (2 * k + 1) * (Theta * part)
        goal = ThereIs(k, k + 1 <= G, Abs(y - middle) <= Theta * part)
        with t.obtain(where, "m") as piece:
            m, (_, _, left, right) = piece.value, piece.facts
            t.show(
                Abs(y - (-Theta + (2 * m + 1) * (Theta * part))) <= Theta * part, by=[left, right]
            )
            t.witness(goal, m)
    return point.fact


@theorem(source=SOURCE)
def number_of_a_block(t):
    """Of blocks of G numbers, ⌈m/G⌉ is the one in which m = Ge + k + 1 lies, k < G: the e+1-st."""
    (G, e, k), part = t.nat("G e k"), t.real("part")
    whole, _ = t.given((part * G).eq(1), k + 1 <= G)
    t.example(k=0, G=1, part=1)
    positive = t.show(part > 0, by=whole)
    m = G * e + (k + 1)
    block = natceil(m * part)
    inside = t.show(And(e < m * part, m * part <= e + 1), by=[whole, positive])
    t.show(m * part >= 0, by=positive)
    above, below = t.derive("nat_ceiling", t.show(m * part >= 0), term=m * part)
    least = t.derive("next_number", t.show(e < block, by=[above, *inside]))
    most = t.derive("next_number", t.show(block < e + 2, by=[below, *inside]))
    return t.show(block.eq(e + 1), by=[least, most])


def in_cube(theta, Theta, P, p):
    """|θ(p)| <= Θ for p = 1, ..., P."""
    return Forall(p, Abs(theta(p)) <= Theta, given=[p >= 1, p <= P])


def is_net(net, Theta, eta, G, P, symbols):
    """The first G^P points of the net lie in the cube, and come within η of each of its points."""
    theta, m, p = symbols
    near = Forall(p, Abs(theta(p) - net(m)(p)) <= eta, given=[p >= 1, p <= P])
    return And(
        Forall([m, p], Abs(net(m)(p)) <= Theta),
        Forall(
            theta,
            ThereIs(m, m >= 1, m <= G**P, near),
            given=[in_cube(theta, Theta, P, p)],
        ),
    )


def continued(v, y, P, p):
    """Place p of the point that has the first P places of v, and y behind."""
    return Ind(p <= P) * v(p) + Ind(p > P) * y


@theorem(source=SOURCE)
def places_of_a_continued_point(t):
    """What the places of a continued point are."""
    v, y, (p, P) = t.sequence("v", REAL), t.real("y"), t.nat("p P")
    with t.let(p, given=[p <= P]) as before:
        on = t.derive("indicator_true", *before.facts)
        off = t.derive("indicator_false", *before.facts)
        t.show(continued(v, y, P, p).eq(v(p)), by=[on, off])
    with t.let(p, given=[p > P]) as behind:
        on = t.derive("indicator_true", *behind.facts)
        off = t.derive("indicator_false", *behind.facts)
        t.show(continued(v, y, P, p).eq(y), by=[on, off])
    return t.show(And(before.fact.formula, behind.fact.formula))


def last_place(Theta, G, part, m):
    """What stands behind the places of the net before: its number in the block of m decides; part
    is 1/G."""
    digit = m - G * (natceil(m * part) - 1)
    return Max(-Theta, -Theta + (2 * digit - 1) * (Theta * part))


@theorem(source=SOURCE)
def last_place_of_a_net(t):
    """It is in [-Θ, Θ], and the middle of part k + 1 for the number k + 1 of a block."""
    (Theta, part, d), (G, m, e, k) = t.real("Theta part d"), t.nat("G m e k")
    _, whole = t.given(Theta > 0, (part * G).eq(1))
    t.example(Theta=1, G=1, part=1)
    positive = t.show(part > 0, by=whole)
    with t.let(d, given=[d <= G]) as in_cube:
        t.show(
            Abs(Max(-Theta, -Theta + (2 * d - 1) * (Theta * part))) <= Theta, by=[whole, positive]
        )
    with t.let(m) as every:
        t.show(m * part >= 0, by=positive)
        above, _ = t.derive("nat_ceiling", t.show(m * part >= 0), term=m * part)
        digit = m - G * (natceil(m * part) - 1)
        t.show(digit <= G, by=[above, whole, positive])
        in_cube(digit)
    with t.let(e, k, given=[k + 1 <= G]) as of_number:
        here = G * e + (k + 1)
        block = t.use("nets.number_of_a_block")
        middle = -Theta + (2 * k + 1) * (Theta * part)
        t.show(last_place(Theta, G, part, here).eq(middle), by=[block, positive])
    return t.show(And(every.fact.formula, of_number.fact.formula))


@theorem(source=SOURCE)
def next_net(t):
    """A net of [-Θ, Θ]^P gives one of [-Θ, Θ]^(P + 1) with G times as many points: those of block n
    continue its n-th point, each by another number."""
    (Theta, eta, part), (G, P, m, p) = t.real("Theta eta part"), t.nat("G P m p")
    (net, f), theta = t.sequence("net f", seq(REAL)), t.sequence("theta", REAL)
    *_, whole = t.given(Theta > 0, G >= 1, eta * G >= Theta, (part * G).eq(1))
    symbols = theta, m, p
    t.example(Theta=1, G=1, eta=1, part=1)
    fine = t.show(Theta * part <= eta, by=[whole, t.show(part > 0, by=whole)])
    in_cube_too, of_number = t.use("nets.last_place_of_a_net")

    with t.let(f, given=[is_net(f, Theta, eta, G, P, symbols)]) as step:
        inside, near = step.facts[0]

        def longer(m, p):
            return continued(f(natceil(m * part)), last_place(Theta, G, part, m), P, p)

        def by_places(m, p, relation, first, second):
            """A relation of place p of a longer point, from those of what it may be."""
            values = {"v": f(natceil(m * part)), "y": last_place(Theta, G, part, m)}
            old, new = t.use("nets.places_of_a_continued_point", values)
            with t.suppose(p <= P) as before:
                t.show(relation(longer(m, p)), by=[old(p), first()], opaque=[longer(m, p)])
            with t.suppose(P < p) as behind:
                t.show(p > P)
                known = [new(p), *second(*behind.facts)]
                t.show(relation(longer(m, p)), by=known, opaque=[longer(m, p), values["y"]])
            t.cases(p, P, before, behind)

        with t.let(m, p):
            by_places(
                m,
                p,
                lambda z: Abs(z) <= Theta,
                lambda: inside(natceil(m * part), p),
                lambda _: [in_cube_too(m)],
            )
        with t.let(theta, given=[in_cube(theta, Theta, P + 1, p)]) as point:
            (inside_cube,) = point.facts
            with t.let(p, given=[p >= 1, p <= P]):
                t.show(p <= P + 1)
                inside_cube(p)
            t.show(P + 1 >= 1)
            piece = t.use("nets.grid_of_an_interval")(theta(P + 1), by=inside_cube(P + 1))
            with (
                t.obtain(near(theta), "n") as old,
                t.obtain(t.derive("zero_or_next", old.facts[0], value=old.value), "e") as earlier,
                t.obtain(piece, "b") as last,
            ):
                (_, up_to, close), e, (number,) = old.facts, earlier.value, earlier.facts
                b, (small, close_last) = last.value, last.facts
                here = G * e + (b + 1)
                block = t.use("nets.number_of_a_block", {"k": b})
                t.show(here >= 1)
                t.show(here <= G ** (P + 1), by=[number, up_to, small])
                with t.let(p, given=[p >= 1, p <= P + 1]) as places:

                    def last_one(beyond):
                        least = t.derive("next_number", beyond)
                        same = t.show((P + 1).eq(p), by=[least, places.facts[1]])
                        return [of_number(e, b), t.rewrite(same, close_last), fine]

                    def old_one():
                        return t.rewrite(t.symmetric(block), t.rewrite(number, close(p)))

                    by_places(here, p, lambda z: Abs(theta(p) - z) <= eta, old_one, last_one)
                goal = Forall(p, Abs(theta(p) - longer(m, p)) <= eta, given=[p >= 1, p <= P + 1])
                t.witness(ThereIs(m, m >= 1, m <= G ** (P + 1), goal), here)
        points = sequence(m, sequence(p, longer(m, p)))
        t.witness(ThereIs(net, is_net(net, Theta, eta, G, P + 1, symbols)), points)
    return step.fact


@theorem(source=SOURCE)
def net_of_a_cube(t):
    """G^P points of [-Θ, Θ]^P come within η of each of its points, if ηG >= Θ: by induction over
    P."""
    (Theta, eta, part), (G, P, m, p) = t.real("Theta eta part"), t.nat("G P m p")
    net, theta = t.sequence("net", seq(REAL)), t.sequence("theta", REAL)
    t.given(Theta > 0, G >= 1, eta * G >= Theta)
    t.example(Theta=1, G=1, eta=1)

    def there_is_a_net(P):
        return ThereIs(net, is_net(net, Theta, eta, G, P, (theta, m, p)))

    with t.let(theta, given=[in_cube(theta, Theta, expr(0), p)]):
        with t.let(p, given=[p >= 1, p <= 0]) as none:
            t.impossible(*none.facts, Abs(theta(p) - 0) <= eta)
        t.witness(ThereIs(m, m >= 1, m <= G ** expr(0), none.fact.formula), 1)
    empty = t.witness(there_is_a_net(expr(0)), sequence(m, sequence(p, 0)))
    with (
        t.induct(there_is_a_net(P), P, base=empty) as nets,
        t.obtain(nets.hypothesis, "f") as before,
        t.obtain(t.witness(ThereIs(part, (part * G).eq(1)), 1 / G), "c") as inverse,
    ):
        t.use("nets.next_net", {"part": inverse.value})(before.value)
    return nets.fact
