"""Nets of the cube [-Θ, Θ]^P in the sup-norm: G^P points, where ηG >= Θ.

A point is a sequence of which the places 1, ..., P count; a net is a sequence of points.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, ceiling, log
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    Ind,
    ThereIs,
    function,
    natceil,
    sequence,
)
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL, seq

SOURCE = "folklore; derived here"


@theorem(source=SOURCE)
def grid_of_an_interval(t):
    """G points of [-Θ, Θ], the middles of as many parts, come within Θ/G of each of its points."""
    (Theta, y), (G, k) = t.real("Theta y"), t.nat("G k")
    t.given(Theta > 0, G >= 1)
    t.exists(2 * Theta / G)
    with t.let(y, given=[Abs(y) <= Theta]) as point:
        ends = function(k, -Theta + 2 * k * (Theta / G))
        where = t.between(ends, 0, G, y, by=point.facts)
        goal = ThereIs(
            k,
            k + 1 <= G,
            Abs(y - (-Theta + (2 * k + 1) * (Theta / G))) <= Theta / G,
        )
        with t.obtain(where, "m") as part:
            m, (_, _, left, right) = part.value, part.facts
            t.show(Abs(y - (-Theta + (2 * m + 1) * (Theta / G))) <= Theta / G, by=[left, right])
            t.witness(goal, m)
    return point.fact


@theorem(source=SOURCE)
def number_of_a_block(t):
    """Of blocks of G numbers, ⌈m/G⌉ is the one in which m = Ge + k + 1 lies, k < G: the e+1-st."""
    G, e, k = t.nat("G e k")
    t.given(k + 1 <= G)
    m = G * e + (k + 1)
    quotient = t.exists(m / G)
    block = natceil(m / G)
    t.show(m / G >= 0)
    above, below = t.derive("nat_ceiling", quotient, t.show(m / G >= 0), term=m / G)
    least = t.derive("next_number", t.show(e < block, by=above))
    most = t.derive("next_number", t.show(block < e + 2, by=below))
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


def last_place(Theta, G, m):
    """What stands behind the places of the net before: its number in the block of m decides."""
    digit = m - G * (natceil(m / G) - 1)
    return Max(-Theta, -Theta + (2 * digit - 1) * (Theta / G))


@theorem(source=SOURCE)
def last_place_of_a_net(t):
    """It is in [-Θ, Θ], and the middle of part k + 1 for the number k + 1 of a block."""
    Theta, (G, m, e, k) = t.real("Theta"), t.nat("G m e k")
    t.given(Theta > 0, G >= 1)
    t.example(Theta=1, G=1)
    t.exists(Theta / G)
    d = t.real("d")
    with t.let(d, given=[d <= G]) as in_cube:
        t.show(Abs(Max(-Theta, -Theta + (2 * d - 1) * (Theta / G))) <= Theta)
    with t.let(m) as every:
        above, _ = t.derive("nat_ceiling", t.exists(m / G), term=m / G)
        digit = m - G * (natceil(m / G) - 1)
        t.show(digit <= G, by=above)
        in_cube(digit)
    with t.let(e, k, given=[k + 1 <= G]) as of_number:
        here = G * e + (k + 1)
        block = t.use("nets.number_of_a_block")
        middle = -Theta + (2 * k + 1) * (Theta / G)
        t.show(last_place(Theta, G, here).eq(middle), by=block)
    return t.show(And(every.fact.formula, of_number.fact.formula))


@theorem(source=SOURCE)
def next_net(t):
    """A net of [-Θ, Θ]^P gives one of [-Θ, Θ]^(P + 1) with G times as many points: those of block n
    continue its n-th point, each by another number."""
    (Theta, eta), (G, P, m, p) = t.real("Theta eta"), t.nat("G P m p")
    (net, f), theta = t.sequence("g f", seq(REAL)), t.sequence("theta", REAL)
    t.given(Theta > 0, G >= 1, eta * G >= Theta)
    symbols = theta, m, p
    t.example(Theta=1, G=1, eta=1)
    t.exists(Theta / G)
    fine = t.show(Theta / G <= eta)
    in_cube_too, of_number = t.use("nets.last_place_of_a_net")

    with t.let(f, given=[is_net(f, Theta, eta, G, P, symbols)]) as step:
        inside, near = step.facts[0]

        def longer(m, p):
            return continued(f(natceil(m / G)), last_place(Theta, G, m), P, p)

        def by_places(m, p, relation, first, second):
            """A relation of place p of a longer point, from those of what it may be."""
            values = {"v": f(natceil(m / G)), "y": last_place(Theta, G, m)}
            old, new = t.use("nets.places_of_a_continued_point", values)
            with t.suppose(p <= P) as before:
                t.show(relation(longer(m, p)), by=[old(p), first()], opaque=[longer(m, p)])
            with t.suppose(P < p) as behind:  # noqa: SIM300
                t.show(p > P)
                known = [new(p), *second(*behind.facts)]
                t.show(relation(longer(m, p)), by=known, opaque=[longer(m, p), values["y"]])
            t.cases(p, P, before, behind)

        t.show(Forall([m, p], Exists(longer(m, p))))
        with t.let(m, p):
            by_places(
                m,
                p,
                lambda z: Abs(z) <= Theta,
                lambda: inside(natceil(m / G), p),
                lambda _: [in_cube_too(m)],
            )
        with t.let(theta, given=[in_cube(theta, Theta, P + 1, p)]) as point:
            (whole,) = point.facts
            with t.let(p, given=[p >= 1, p <= P]):
                t.show(p <= P + 1)
                whole(p)
            t.show(P + 1 >= 1)
            part = t.use("nets.grid_of_an_interval")(theta(P + 1), by=whole(P + 1))
            with (
                t.obtain(near(theta), "n") as old,
                t.obtain(t.derive("zero_or_next", old.facts[0], value=old.value), "e") as earlier,
                t.obtain(part, "b") as last,
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
    (Theta, eta), (G, P, m, p) = t.real("Theta eta"), t.nat("G P m p")
    net, theta = t.sequence("g", seq(REAL)), t.sequence("theta", REAL)
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
    ):
        t.use("nets.next_net")(before.value)
    return nets.fact


# -- classes of functions --------------------------------------------------------------------------


def parameters(theta, Theta, P, p):
    """θ(1), ..., θ(P) lie in [-Θ, Θ], and θ(0), which stands for no parameter, is 0."""
    return And(theta(0).eq(0), in_cube(theta, Theta, P, p))


def in_box(x, R0, d, i):
    """|x(i)| <= R0 for i = 1, ..., d."""
    return Forall(i, Abs(x(i)) <= R0, given=[i >= 1, i <= d])


@theorem(source=SOURCE)
def log_of_a_power(t):
    """log y^n = n log y, and y^n > 0, for y > 0."""
    (y, q), n = t.real("y q"), t.nat("n")
    t.given(y > 0)
    with t.let(q, given=[q > 0]) as product:
        t.show(log(y * q).eq(log(y) + log(q)))
    with t.induct(And(y**n > 0, log(y**n).eq(n * log(y))), n) as powers:
        above, so_far = powers.hypothesis
        t.show(y ** (n + 1) > 0, by=above)
        more = t.replace(product(y**n, by=above), (y * y**n, y ** (n + 1)))
        logs = [log(y ** (n + 1)), log(y**n), log(y)]
        t.show(powers.goal, by=[more, so_far], opaque=logs)
    return powers.fact


@theorem(source=SOURCE)
def size_of_a_net(t):
    """⌈u⌉^P has the logarithm P log⌈u⌉, for u > 0."""
    (u, y), P = t.real("u y"), t.nat("P")
    positive = t.given(u > 0)
    t.example(u=1)
    G = natceil(u)
    above, _ = t.derive("nat_ceiling", t.exists(u), term=u)
    t.show(u >= 0)
    whole = t.derive("ceiling", t.show(u >= 0), term=u)
    one = t.derive("next_number", t.show(expr(0) < G, by=[positive, above]))
    _, power = t.use("nets.log_of_a_power", {"y": G}, by=one)(P)
    logs = [log(G**P), log(G), log(ceiling(u))]
    same = t.at_equals(function(y, log(y)), whole, by=one)
    size = t.show(log(G**P).eq(P * log(ceiling(u))), by=[power, same], opaque=logs)
    return t.show(And(one.formula, above.formula, size.formula))


@theorem(source=SOURCE)
def net_of_a_class(t):
    """If parameters within η of each other give functions within Sη, then some ⌈SΘ/δ⌉^P functions
    of the class come within δ of all."""
    f = t.function("f", seq(REAL), seq(REAL))
    (theta, tau, x), net = t.sequence("theta tau x", REAL), t.sequence("g", seq(REAL))
    (S, Theta, delta, eta, R0), (P, d) = t.real("S Theta delta eta R0"), t.nat("P d")
    i, m, n, p = t.nat("i m n p")
    signs = t.given(S > 0, Theta > 0, delta > 0)
    allowed, box, places = parameters(theta, Theta, P, p), in_box(x, R0, d, i), [p >= 1, p <= P]
    near = Forall(p, Abs(theta(p) - tau(p)) <= eta, given=places)
    slope = t.given(
        Forall(
            [theta, tau, eta, x],
            Abs(f(theta, x) - f(tau, x)) <= S * eta,
            given=[eta >= 0, allowed, parameters(tau, Theta, P, p), near, box],
        )
    )
    t.example(f=function([theta, x], 0), S=1, Theta=1, delta=1)
    argument = t.exists(S * Theta / delta).formula.args[0]
    G = natceil(argument)
    one, above, _ = t.use("nets.size_of_a_net", {"u": argument})
    fine = t.show(delta / S * G >= Theta, by=[above, *signs])
    t.show(delta / S >= 0)
    nets = t.use("nets.net_of_a_cube", {"eta": delta / S, "G": G}, by=[one, fine])(P)
    with t.obtain(nets, "f0") as cube:
        inside, near_one = cube.facts

        def member(m):
            return sequence(p, Ind(p >= 1) * cube.value(m)(p))

        def comes_close(g, n):
            close = Forall(x, Abs(f(theta, x) - f(g(m), x)) <= delta, given=[box])
            return ThereIs(m, m >= 1, m <= n, close)

        with t.let(m) as members:
            off = t.derive("indicator_false", t.show(expr(0) < 1))
            t.show(member(m)(0).eq(0), by=off)
            with t.let(p, given=places) as place:
                on = t.derive("indicator_true", place.facts[0])
                t.show(Abs(member(m)(p)) <= Theta, by=[on, inside(m, p)])
            t.show(parameters(member(m), Theta, P, p))
        points = sequence(m, member(m))
        with t.let(theta, given=[allowed]), t.obtain(near_one(theta), "k") as found:
            k, (_, _, close) = found.value, found.facts
            members(k)
            with t.let(p, given=places) as place:
                on = t.derive("indicator_true", place.facts[0])
                t.show(Abs(theta(p) - member(k)(p)) <= delta / S, by=[on, close(p)])
            with t.let(x, given=[box]):
                apart = slope(theta, member(k), delta / S, x)
                t.show(Abs(f(theta, x) - f(member(k), x)) <= delta, by=apart)
            t.witness(comes_close(points, G**P), k)
        size = log(n).eq(P * log(ceiling(argument)))
        every = Forall(m, parameters(net(m), Theta, P, p))
        covered = Forall(theta, comes_close(net, n), given=[allowed])
        whole = ThereIs(net, size, every, covered)
        t.witness(opened(ThereIs(n, whole), G**P), points)
        t.witness(ThereIs(n, whole), G**P)
    return cube.fact
