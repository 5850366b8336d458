"""Nets of the cube [-Θ, Θ]^P in the sup-norm: G^P points, where ηG >= Θ.

A point is a sequence of which the places 1, ..., P count; a net is a sequence of points.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, ceiling, log
from boundcheck.theorems.author.words import And, Forall, Ind, ThereIs, function, natceil, sequence
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
            m, (_, last, left, right) = part.value, part.facts
            t.show(
                Abs(y - (-Theta + (2 * m + 1) * (Theta / G))) <= Theta / G, by=[left, right]
            )
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
    return Forall(p, Abs(theta(p)) <= Theta, given=[1 <= p, p <= P])


def is_net(net, Theta, eta, G, P, symbols):
    """The first G^P points of the net lie in the cube, and come within η of each of its points."""
    theta, m, p = symbols
    near = Forall(p, Abs(theta(p) - net(m)(p)) <= eta, given=[1 <= p, p <= P])
    return And(
        Forall([m, p], Abs(net(m)(p)) <= Theta),
        Forall(
            theta,
            ThereIs(m, m >= 1, m <= G**P, near),
            given=[in_cube(theta, Theta, P, p)],
        ),
    )


@theorem(source=SOURCE)
def net_of_a_cube(t):
    """G^P points of [-Θ, Θ]^P come within η of each of its points, if ηG >= Θ: by induction over P.

    The points of the next net stand in blocks of G: those of block n continue the n-th point of
    the net before, each by another number.
    """
    (Theta, eta, d), (G, P, m, p) = t.real("Theta eta d"), t.nat("G P m p")
    net, theta = t.sequence("g", seq(REAL)), t.sequence("theta", REAL)
    t.given(Theta > 0, G >= 1, eta * G >= Theta)
    width = t.exists(Theta / G).formula.args[0]
    fine = t.show(width <= eta)
    symbols = theta, m, p

    def there_is_a_net(P):
        return ThereIs(net, is_net(net, Theta, eta, G, P, symbols))

    def last_place(d):
        return Max(-Theta, -Theta + (2 * d - 1) * width)

    def digit(m):
        return m - G * (natceil(m / G) - 1)

    with t.let(d, given=[d <= G]) as last_places:
        t.show(Abs(last_place(d)) <= Theta)

    nowhere = Forall(p, Abs(theta(p) - 0) <= eta, given=[p >= 1, p <= 0])
    with t.let(theta, given=[in_cube(theta, Theta, expr(0), p)]):
        with t.let(p, given=[p >= 1, p <= 0]) as none:
            t.impossible(*none.facts, Abs(theta(p) - 0) <= eta)
        t.witness(ThereIs(m, m >= 1, m <= G ** expr(0), nowhere), 1)
    empty = t.witness(there_is_a_net(expr(0)), sequence(m, sequence(p, 0)))

    with (
        t.induct(there_is_a_net(P), P, base=empty) as nets,
        t.obtain(nets.hypothesis, "f") as before,
    ):
        f, (inside, near) = before.value, before.facts

        def longer(m, p):
            return Ind(p <= P) * f(natceil(m / G))(p) + Ind(p > P) * last_place(digit(m))

        def place_by_place(m, p, goal, known, new):
            """The goal from what is known of the places up to P, and of the next one."""
            last = [last_place(digit(m))]
            with t.suppose(p <= P) as one:
                (up_to,) = one.facts
                on = t.derive("indicator_true", up_to)
                off = t.derive("indicator_false", up_to)
                t.show(goal, by=[on, off, known()], opaque=last)
            with t.suppose(P < p) as other:
                beyond = t.show(p > P)
                on = t.derive("indicator_true", beyond)
                off = t.derive("indicator_false", beyond)
                t.show(goal, by=[on, off, *new(*other.facts)], opaque=last)
            return t.cases(p, P, one, other)

        with t.let(m, p):
            t.exists(longer(m, p))
        with t.let(m, p):
            block = natceil(m / G)
            above, _ = t.derive("nat_ceiling", t.exists(m / G), term=m / G)
            t.show(digit(m) <= G, by=above)
            small = last_places(digit(m))
            place_by_place(
                m,
                p,
                Abs(longer(m, p)) <= Theta,
                lambda: inside(block, p),
                lambda _: [small],
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
                middle = -Theta + (2 * b + 1) * width
                found = t.show(last_place(digit(here)).eq(middle), by=block)
                t.show(here >= 1)
                t.show(here <= G ** (P + 1), by=[number, up_to, small])
                with t.let(p, given=[p >= 1, p <= P + 1]) as places:

                    def last_one(beyond):
                        next_place = t.derive("next_number", beyond)
                        same = t.show((P + 1).eq(p), by=[next_place, places.facts[1]])
                        return [t.rewrite(same, close_last), found, fine]

                    def old_one():
                        return t.rewrite(t.symmetric(block), t.rewrite(number, close(p)))

                    goal = Abs(theta(p) - longer(here, p)) <= eta
                    place_by_place(here, p, goal, old_one, last_one)
                near_here = Forall(
                    p, Abs(theta(p) - longer(m, p)) <= eta, given=[p >= 1, p <= P + 1]
                )
                t.witness(ThereIs(m, m >= 1, m <= G ** (P + 1), near_here), here)
        t.witness(there_is_a_net(P + 1), sequence(m, sequence(p, longer(m, p))))
    return nets.fact


# -- classes of functions --------------------------------------------------------------------------


def parameters(theta, Theta, P, p):
    """θ(1), ..., θ(P) lie in [-Θ, Θ], and θ(0), which stands for no parameter, is 0."""
    return And(theta(0).eq(0), in_cube(theta, Theta, P, p))


def in_box(x, R0, d, i):
    """|x(i)| <= R0 for i = 1, ..., d."""
    return Forall(i, Abs(x(i)) <= R0, given=[1 <= i, i <= d])


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
def net_of_a_class(t):
    """If parameters within η of each other give functions within Sη, then some ⌈SΘ/δ⌉^P functions
    of the class come within δ of all."""
    f = t.function("f", seq(REAL), seq(REAL))
    (theta, tau, x), net = t.sequence("theta tau x", REAL), t.sequence("g", seq(REAL))
    (S, Theta, delta, eta, R0), (P, d) = t.real("S Theta delta eta R0"), t.nat("P d")
    i, m, n, p = t.nat("i m n p")
    signs = t.given(S > 0, Theta > 0, delta > 0)
    allowed, box = parameters(theta, Theta, P, p), in_box(x, R0, d, i)
    near = Forall(p, Abs(theta(p) - tau(p)) <= eta, given=[1 <= p, p <= P])
    slope = t.given(
        Forall(
            [theta, tau, eta, x],
            Abs(f(theta, x) - f(tau, x)) <= S * eta,
            given=[eta >= 0, allowed, parameters(tau, Theta, P, p), near, box],
        )
    )
    argument = S * Theta / delta
    G = natceil(argument)
    above, _ = t.derive("nat_ceiling", t.exists(argument), term=argument)
    positive = t.show(argument > 0)
    t.show(argument >= 0)
    whole = t.derive("ceiling", t.show(argument >= 0), term=argument)
    one = t.derive("next_number", t.show(expr(0) < G, by=[positive, above]))
    fine = t.show(delta / S * G >= Theta, by=[above, *signs])
    nets = t.use("nets.net_of_a_cube", {"eta": delta / S, "G": G}, by=[one, fine])(P)
    logs = t.use("nets.log_of_a_power", {"y": G}, by=one)(P)
    with (
        t.obtain(nets, "f0") as cube,
        t.obtain(t.witness(ThereIs(n, n.eq(G**P)), G**P), "N") as count,
    ):
        g0, (inside, near_one), N, (number,) = cube.value, cube.facts, count.value, count.facts
        size = t.rewrite(whole, t.rewrite(t.symmetric(number), list(logs)[1]))

        def member(m):
            return sequence(p, Ind(p >= 1) * g0(m)(p))

        with t.let(m) as members:
            off = t.derive("indicator_false", t.show(expr(0) < 1))
            t.show(member(m)(0).eq(0), by=off)
            with t.let(p, given=[1 <= p, p <= P]) as places:
                on = t.derive("indicator_true", places.facts[0])
                t.show(Abs(member(m)(p)) <= Theta, by=[on, inside(m, p)])
            t.show(parameters(member(m), Theta, P, p))

        def close_to(m, g):
            return Forall(x, Abs(f(theta, x) - f(g(m), x)) <= delta, given=[box])

        def comes_close(g, n):
            return ThereIs(m, m >= 1, m <= n, close_to(m, g))

        def is_net_of_class(g, n):
            return And(
                log(n).eq(P * log(ceiling(argument))),
                Forall(m, parameters(g(m), Theta, P, p)),
                Forall(theta, comes_close(g, n), given=[allowed]),
            )

        points = sequence(m, member(m))
        t.show(delta / S >= 0)
        with t.let(theta, given=[allowed]) as each:
            with t.let(p, given=[1 <= p, p <= P]):
                list(each.facts[0])[1](p)
            with t.obtain(near_one(theta), "k") as found:
                k, (_, most, close) = found.value, found.facts
                members(k)
                with t.let(p, given=[1 <= p, p <= P]) as places:
                    on = t.derive("indicator_true", places.facts[0])
                    t.show(Abs(theta(p) - member(k)(p)) <= delta / S, by=[on, close(p)])
                with t.let(x, given=[box]):
                    apart = slope(theta, member(k), delta / S, x)
                    t.show(Abs(f(theta, x) - f(member(k), x)) <= delta, by=apart)
                t.show(k <= N, by=[most, number])
                t.witness(comes_close(points, N), k)
        there_is = ThereIs(n, ThereIs(net, is_net_of_class(net, n)))
        t.witness(ThereIs(net, is_net_of_class(net, N)), points)
        t.witness(there_is, N)
    return cube.fact
