"""Nets of classes of functions f(θ, .), from nets of their parameters.

θ(1), ..., θ(P) are in [-Θ, Θ]. Distances are in the sup-norm over |x(i)| <= R0, i = 1, ..., d.
"""

from boundcheck import theorem
from boundcheck.math import Abs, ceiling, log
from boundcheck.theorems.author.words import And, Forall, Ind, ThereIs, function, natceil, sequence
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL, seq

SOURCE = "folklore; derived here"


def in_cube(theta, Theta, P, p):
    """|θ(p)| <= Θ for p = 1, ..., P."""
    return Forall(p, Abs(theta(p)) <= Theta, given=[p >= 1, p <= P])


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
    t.example(y=1)
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
    _, power = t.use("class_nets.log_of_a_power", {"y": G}, by=one)(P)
    logs = [log(G**P), log(G), log(ceiling(u))]
    same = t.at_equals(function(y, log(y)), whole, by=one)
    size = t.show(log(G**P).eq(P * log(ceiling(u))), by=[power, same], opaque=logs)
    return t.show(And(one.formula, above.formula, size.formula))


@theorem(source=SOURCE)
def net_of_a_class(t):
    """If parameters within η of each other give functions within Sη, then some ⌈SΘ/δ⌉^P functions
    of the class come within δ of all."""
    f = t.function("f", seq(REAL), seq(REAL))
    (theta, tau, x), net = t.sequence("theta tau x", REAL), t.sequence("net", seq(REAL))
    (S, Theta, delta, eta, R0), (P, d) = t.real("S Theta delta eta R0"), t.nat("P d")
    i, m, N, p = t.nat("i m N p")
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
    one, above, _ = t.use("class_nets.size_of_a_net", {"u": argument})
    fine = t.show(delta / S * G >= Theta, by=[above, *signs])
    t.show(delta / S >= 0)
    nets = t.use("nets.net_of_a_cube", {"eta": delta / S, "G": G}, by=[one, fine])(P)
    with t.obtain(nets, "f0") as cube:
        inside, near_one = cube.facts

        def member(m):
            return sequence(p, Ind(p >= 1) * cube.value(m)(p))

        def comes_close(net, N):
            close = Forall(x, Abs(f(theta, x) - f(net(m), x)) <= delta, given=[box])
            return ThereIs(m, m >= 1, m <= N, close)

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
        size = log(N).eq(P * log(ceiling(argument)))
        every = Forall(m, parameters(net(m), Theta, P, p))
        covered = Forall(theta, comes_close(net, N), given=[allowed])
        whole = ThereIs(net, size, every, covered)
        t.witness(opened(ThereIs(N, whole), G**P), points)
        t.witness(ThereIs(N, whole), G**P)
    return cube.fact


@theorem(source=SOURCE)
def net_of_a_class_of_all_parameters(t):
    """The same for classes in which every parameter may be used, so that θ(0) does not matter.

    θ and the point with 0 in place 0 are within 0 of each other.
    """
    f = t.function("f", seq(REAL), seq(REAL))
    (theta, tau, x), net = t.sequence("theta tau x", REAL), t.sequence("net", seq(REAL))
    (S, Theta, delta, eta, R0), (P, d) = t.real("S Theta delta eta R0"), t.nat("P d")
    i, m, N, p = t.nat("i m N p")
    t.given(S > 0, Theta > 0, delta > 0)
    allowed, box, places = in_cube(theta, Theta, P, p), in_box(x, R0, d, i), [p >= 1, p <= P]
    near = Forall(p, Abs(theta(p) - tau(p)) <= eta, given=places)
    slope = t.given(
        Forall(
            [theta, tau, eta, x],
            Abs(f(theta, x) - f(tau, x)) <= S * eta,
            given=[eta >= 0, allowed, in_cube(tau, Theta, P, p), near, box],
        )
    )
    t.example(f=function([theta, x], 0), S=1, Theta=1, delta=1)
    with_zero = [parameters(each, Theta, P, p) for each in (theta, tau)]
    with t.let(theta, tau, eta, x, given=[eta >= 0, *with_zero, near, box]):
        slope(theta, tau, eta, x)
    nets = t.use("class_nets.net_of_a_class")

    def comes_close(net, N):
        close = Forall(x, Abs(f(theta, x) - f(net(m), x)) <= delta, given=[box])
        return ThereIs(m, m >= 1, m <= N, close)

    with (
        t.obtain(nets, "N0") as number,
        t.obtain(number.facts[0], "f0") as found,
    ):
        count, points, (_, members, covered) = number.value, found.value, found.facts
        off = t.derive("indicator_false", t.show(expr(0) < 1))
        with t.let(m):
            members(m)
            t.show(in_cube(points(m), Theta, P, p))
        with t.let(theta, given=[allowed]) as each:
            same = sequence(p, Ind(p >= 1) * theta(p))
            t.show(same(0).eq(0), by=off)
            with t.let(p, given=places) as place:
                on = t.derive("indicator_true", place.facts[0])
                t.show(same(p).eq(theta(p)), by=on)
                t.show(Abs(same(p)) <= Theta, by=[on, each.facts[0](p)])
            t.show(parameters(same, Theta, P, p))
            with t.let(p, given=places) as place:
                on = t.derive("indicator_true", place.facts[0])
                t.show(Abs(theta(p) - same(p)) <= 0, by=on)
            with t.obtain(covered(same), "k") as close:
                k, (_, _, near_one) = close.value, close.facts
                with t.let(x, given=[box]):
                    equal = slope(theta, same, 0, x)
                    goal = Abs(f(theta, x) - f(points(k), x)) <= delta
                    t.show(goal, by=[equal, near_one(x)])
                t.witness(comes_close(points, count), k)
        whole = And(
            log(N).eq(P * log(ceiling(S * Theta / delta))),
            Forall(m, in_cube(net(m), Theta, P, p)),
            Forall(theta, comes_close(net, N), given=[allowed]),
        )
        t.witness(opened(ThereIs(N, ThereIs(net, whole)), count), points)
        t.witness(ThereIs(N, ThereIs(net, whole)), count)
    return number.fact
