"""Nets of the softmax class: how many predictors come within delta of all of them.

The predictor of points u(1), ..., u(K) in [-B, B]^d and of log-probabilities lam(1), ..., lam(K) in
[log p_min, 0] is Σ_k softmax_k u(k), with the logits of `softmax_predictor`; u(k, i) is place
place(k, i) of a sequence of parameters. Distances are Euclidean, for all |x(i)| <= R.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Sum,
    ThereIs,
    function,
    natceil,
    sequence,
)
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas.approximation import softmax

SOURCE = "derived here"


class Class:
    """The symbols of the class, and its predictors as terms."""

    def __init__(self, t):
        self.i, self.j, self.k, self.d, self.K = t.nat("i j k d K")
        self.alpha_bar, self.B, self.R, self.eta, self.eta_p = t.real("alpha_bar B R eta eta_p")
        self.x = t.sequence("x", REAL)
        self.sizes = t.given(
            self.alpha_bar > 0,
            self.alpha_bar < 1,
            self.B > 0,
            self.R >= 0,
            self.eta > 0,
            self.eta_p > 0,
        )
        self.places, self.points = (
            [u >= 1, u <= n] for u, n in ((self.i, self.d), (self.k, self.K))
        )

    def shift(self, u):
        """(√ᾱ u·x - ᾱ|u|²/2)/(1-ᾱ)."""
        inner = Sum(u(self.i) * self.x(self.i), (self.i, 1, self.d))
        square = Sum(u(self.i) ** 2, (self.i, 1, self.d))
        return (sqrt(self.alpha_bar) * inner - self.alpha_bar * square / 2) / (1 - self.alpha_bar)

    def predictor(self, u, lam, o):
        """Place o of Σ_k softmax_k u(k)."""

        def weight(k):
            return exp(self.shift(lambda i: u(k, i)) + lam(k))

        return Sum(
            weight(self.k) / Sum(weight(self.j), (self.j, 1, self.K)) * u(self.k, o),
            (self.k, 1, self.K),
        )

    def box(self):
        """|x(i)| <= R."""
        return Forall(self.i, Abs(self.x(self.i)) <= self.R, self.places)


@theorem(source=SOURCE)
def change_of_a_logit(t):
    """Logits change by at most `logit_change` on the box, for points in [-B, B]^d whose places
    change by at most η, and log-probabilities that change by at most η'."""
    c = Class(t)
    (u, w), i, (lam, mu) = t.function("u w", NAT), c.i, t.real("lam mu")
    inside = [Abs(f(i)) <= c.B for f in (u, w)]
    near = t.given(Forall(i, And(*inside, Abs(u(i) - w(i)) <= c.eta), c.places))
    box, close = t.given(c.box(), Abs(lam - mu) <= c.eta_p)
    t.example(
        u=function(i, 0),
        w=function(i, 0),
        x=sequence(i, 0),
        alpha_bar="1/2",
        B=1,
        R=0,
        eta=1,
        eta_p=1,
        lam=0,
        mu=0,
    )
    root = t.show(And(sqrt(c.alpha_bar) > 0, (sqrt(c.alpha_bar) ** 2).eq(c.alpha_bar)))
    r = sqrt(c.alpha_bar)
    most = (r * c.R + c.alpha_bar * c.B) * c.eta
    change = (
        r * (u(i) * c.x(i))
        - c.alpha_bar * u(i) ** 2 / 2
        - r * (w(i) * c.x(i))
        + c.alpha_bar * w(i) ** 2 / 2
    )
    p, q, y, z = t.real("p q y z")
    with t.let(p, q, y, z, given=[Abs(p) <= y, Abs(q) <= z]) as products:
        t.show(Abs(p * q) <= z * y, by=products.facts)
    with t.let(i, given=c.places) as each:
        split = t.show(change.eq((u(i) - w(i)) * (r * c.x(i) - c.alpha_bar * (u(i) + w(i)) / 2)))
        factor = r * c.x(i) - c.alpha_bar * (u(i) + w(i)) / 2
        size = t.show(
            Abs(factor) <= r * c.R + c.alpha_bar * c.B,
            by=[near(i), box(i), root, *c.sizes],
            opaque=[r],
        )
        less = products(u(i) - w(i), factor, c.eta, r * c.R + c.alpha_bar * c.B, by=[near(i), size])
        t.show(
            And(change <= most, change >= -most),
            by=t.rewrite(t.symmetric(split), less),
            opaque=[change, r],
        )
    mosts = Sum(most, (i, 1, c.d))
    total = Sum(change, (i, 1, c.d))
    above = t.add_up(total <= mosts, by=each.fact, opaque=[r])
    below = t.add_up(total >= -mosts, by=each.fact, opaque=[r])
    sums = [Sum(v, (i, 1, c.d)) for v in (u(i) * c.x(i), u(i) ** 2, w(i) * c.x(i), w(i) ** 2)]
    parts = r * sums[0] - c.alpha_bar / 2 * sums[1] - r * sums[2] + c.alpha_bar / 2 * sums[3]
    whole = t.add_up(total.eq(parts), opaque=[r])
    bound = t.read(softmax.LOGIT_CHANGE)
    slope, _ = bound.args
    gap = c.shift(u) - c.shift(w)
    same = t.show(gap.eq(total / (1 - c.alpha_bar)), by=[whole, *c.sizes], opaque=[r])
    size = t.show(Abs(gap) <= slope, by=[same, above, below, t.count(mosts), *c.sizes], opaque=[r])
    return t.show(
        Abs((c.shift(u) + lam) - (c.shift(w) + mu)) <= bound,
        by=[size, close],
        opaque=[slope, c.shift(u), c.shift(w)],
    )


@theorem(source=SOURCE)
def change_of_a_predictor(t):
    """So predictors change by at most `delta`, if |u(k) - a| <= rho."""
    c = Class(t)
    (u, w), (lam, mu), a, rho = (
        t.function("u w", NAT, NAT),
        t.function("lam mu", NAT),
        t.function("a", NAT),
        t.real("rho"),
    )
    i, j, k, d, K = c.i, c.j, c.k, c.d, c.K
    t.given(rho > 0, d >= 1, K >= 1)
    inside = [Abs(f(k, i)) <= c.B for f in (u, w)]
    near = t.given(
        Forall([k, i], And(*inside, Abs(u(k, i) - w(k, i)) <= c.eta), [*c.points, *c.places])
    )
    box, close = t.given(c.box(), Forall(k, Abs(lam(k) - mu(k)) <= c.eta_p, c.points))
    t.given(Forall(k, Sum((u(k, i) - a(i)) ** 2, (i, 1, d)) <= rho**2, c.points))
    zero = function([k, i], 0)
    t.example(
        u=zero,
        w=zero,
        lam=function(k, 0),
        mu=function(k, 0),
        a=function(i, 0),
        rho=1,
        d=1,
        K=1,
        x=sequence(i, 0),
        alpha_bar="1/2",
        B=1,
        R=0,
        eta=1,
        eta_p=1,
    )
    D = t.read(softmax.LOGIT_CHANGE)
    root = t.show(sqrt(c.alpha_bar) > 0)
    positive = t.show(D > 0, by=[root, *c.sizes], opaque=[sqrt(c.alpha_bar)])
    logits = [function(k, c.shift(lambda i, f=f: f(k, i)) + g(k)) for f, g in ((u, lam), (w, mu))]
    with t.let(k, given=c.points) as each:
        values = {"u": function(i, u(k, i)), "w": function(i, w(k, i)), "lam": lam(k), "mu": mu(k)}
        t.use("softmax_class.change_of_a_logit", values, by=[near(k), box, close(k)])
    change = t.use(
        "softmax_change.change_of_the_softmax",
        {"ell": logits[0], "tau": logits[1], "D": D},
        by=[each.fact, positive],
    )
    known = [t.use("softmax.softmax_is_a_probability", {"ell": f}) for f in logits]
    weights = [function(k, exp(f(k)) / Sum(exp(f(j)), (j, 1, K))) for f in logits]
    with t.let(k, i, given=[*c.points, *c.places]) as parts:
        t.show(Abs(u(k, i) - w(k, i)) <= c.eta, by=near(k, i))
    with t.let(k, given=c.points) as signs:
        _, values, _ = known[1]
        above, _ = values(k)
        t.show(weights[1](k) >= 0, by=above, opaque=[weights[1](k)])
    facts = [change, *known[0], *known[1], positive, parts.fact, signs.fact]
    values = {"p": weights[0], "q": weights[1], "s": D}
    found = t.use("weighted_points.other_weights_and_points", values, by=facts)
    return found


@theorem(source=SOURCE)
def net_of_the_softmax_class(t):
    """Some exp(log_n) predictors come within `delta` of all predictors of the class."""
    c = Class(t)
    a, place, (rho, p_min) = (
        t.function("a", NAT),
        t.function("place", NAT, NAT, to=NAT),
        t.real("rho p_min"),
    )
    (theta, lam), (points, weights) = (
        t.sequence("theta lam", REAL),
        t.sequence("points weights", seq(REAL)),
    )
    i, k, d, K, (m, N, p) = c.i, c.k, c.d, c.K, t.nat("m N p")
    t.given(rho > 0, d >= 1, K >= 1, p_min > 0, p_min < 1)
    P, L = K * d, log(1 / p_min)
    inside = [place(k, i) >= 1, place(k, i) <= P]
    places = t.given(Forall([k, i], And(*inside), [*c.points, *c.places]))
    t.example(
        place=function([k, i], 1),
        a=function(i, 0),
        x=sequence(i, 0),
        rho=1,
        d=1,
        K=1,
        p_min="1/2",
        alpha_bar="1/2",
        B=1,
        R=0,
        eta=1,
        eta_p=1,
    )

    def at(theta):
        return lambda k, i: theta(place(k, i))

    def in_cube(theta):
        return Forall(p, Abs(theta(p)) <= c.B, [p >= 1, p <= P])

    def allowed(theta, lam):
        ball = Forall(k, Sum((theta(place(k, i)) - a(i)) ** 2, (i, 1, d)) <= rho**2, c.points)
        shares = Forall(k, And(lam(k) >= -L, lam(k) <= 0), c.points)
        return [in_cube(theta), ball, shares]

    delta = t.read(softmax.NET, logit_change=t.read(softmax.LOGIT_CHANGE))

    def near(theta, lam, tau, mu):
        gap = c.predictor(at(theta), lam, i) - c.predictor(at(tau), mu, i)
        return Forall(c.x, Sum(gap**2, (i, 1, d)) <= delta**2, [c.box()])

    log_n = t.read(softmax.LOG_N)
    (cube, shares), (size, least, some), (n, H) = grids(t, c, L, P)
    with t.obtain(cube, "f0") as first, t.obtain(shares, "g0") as second:
        values = {"Theta": c.B, "T": L / 2, "P": P, "n": n, "H": H}
        values |= {"f": first.value, "g": second.value}
        known = [*first.facts, second.facts[1], some]
        whole = t.use("product_nets.net_of_a_product", values, by=known)
        with t.obtain(whole, "f1") as one_, t.obtain(one_.facts[0], "g1") as other:
            f, g, (inside, near_all) = one_.value, other.value, other.facts
            with t.let(theta, lam, given=allowed(theta, lam)) as each:
                cubed, ball, share = each.facts
                with t.let(p, given=[p >= 1, p <= K]):
                    t.show(And(lam(p) >= -2 * (L / 2), lam(p) <= 0), by=share(p), opaque=[L])
                with t.obtain(near_all(theta, lam), "m0") as found:
                    close = close_to(t, c, found, theta, f, cubed, inside, places, place)
                    _, _, _, close_p = found.facts
                    values = {
                        "u": function([k, i], theta(place(k, i))),
                        "w": function([k, i], f(found.value)(place(k, i))),
                        "lam": function(k, lam(k)),
                        "mu": function(k, g(found.value)(k)),
                    }
                    with t.let(c.x, given=[c.box()]) as box:
                        facts = [close, close_p, ball, *box.facts]
                        t.use("softmax_class.change_of_a_predictor", values, by=facts)
                    there = near(theta, lam, f(m), g(m))
                    t.witness(ThereIs(m, m >= 1, m <= n * H, there), found.value)
            there = ThereIs(m, m >= 1, m <= N, near(theta, lam, points(m), weights(m)))
            covered = Forall([theta, lam], there, allowed(theta, lam))
            size_of_net = And(expr(0) + 1 <= N, log(N).eq(log_n))
            goal = ThereIs(N, ThereIs(points, ThereIs(weights, size_of_net, covered)))
            t.together(least, size)
            t.witness(opened(opened(goal, n * H), f), g)
            t.witness(opened(goal, n * H), f)
            t.witness(goal, n * H)
    return first.fact


def grids(t, c, L, P):
    """The nets of the points and of the log-probabilities, and their sizes."""
    ratio, ratio_p = c.B / c.eta, L / (2 * c.eta_p)
    positive = t.show(L > 0)
    t.show(And(ratio > 0, ratio_p > 0), by=[positive, *c.sizes], opaque=[L])
    G, G_p = natceil(ratio), natceil(ratio_p)
    one, above, _ = t.use("class_nets.size_of_a_net", {"u": ratio, "P": P})
    one_p, above_p, _ = t.use("class_nets.size_of_a_net", {"u": ratio_p, "P": c.K})
    fine = t.show(c.eta * G >= c.B, by=[above, *c.sizes])
    fine_p = t.show(c.eta_p * G_p >= L / 2, by=[above_p, *c.sizes], opaque=[L])
    values = {"Theta": c.B, "eta": c.eta, "G": G}
    cube = t.use("nets.net_of_a_cube", values, by=[one, fine])(P)
    values = {"Theta": L / 2, "eta": c.eta_p, "G": G_p}
    shares = t.use("nets.net_of_a_cube", values, by=[one_p, fine_p, positive])(c.K)
    values = {"u": ratio, "v": ratio_p, "P": P}
    sizes = t.use("product_nets.size_of_a_product_net", values)
    return (cube, shares), sizes, (G**P, G_p**c.K)


def close_to(t, c, found, theta, f, cubed, inside, places, place):
    """The places of the points and of those of the member are in the cube, and within eta."""
    k, i = c.k, c.i
    with t.let(k, i, given=[*c.points, *c.places]) as entries:
        at_place, q = places(k, i), place(k, i)
        parts = [cubed(q, by=at_place), inside(found.value, q), found.facts[2](q, by=at_place)]
        t.together(*parts)
    return entries.fact
