"""The Kullback-Leibler divergence of laws that have densities.

Densities are positive functions, with respect to a law that is called the base: KL(q, p) is the
mean of q log(q/p) over the base. Mixing does not increase a divergence: over y, the means of
a(x, y) and b(x, y) over x ~ mu are less far apart than a and b in the mean.
"""

from boundcheck import theorem
from boundcheck.math import Abs, log
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    LivesOn,
    Mean,
    function,
)
from boundcheck.theorems.language.expr import number

SOURCE = "Kullback, Leibler, 1951; this proof is derived here"


@theorem(source="folklore")
def logarithm_below_its_tangent(t):
    """a log(a/b) >= a log c + a - bc, and so >= a - b."""
    a, b, c = t.real("a b c")
    t.given(a > 0, b > 0, c > 0)
    t.example(a=1, b=1, c=1)
    tangent = t.show(a * log(a / b) >= a * log(c) + a - b * c)
    return t.together(tangent, t.show(a * log(a / b) >= a - b))


@theorem(source="folklore")
def mean_of_positive(t):
    """The mean of a function that is positive is positive."""
    X = t.space("X")
    mu, u, x = t.law("mu", X), t.function("u", X), t.variable("x", X)
    mean = Mean(u(x), (x, mu))
    positive = t.given(LivesOn(mu, x, u(x) > 0))
    t.given(Exists(mean))
    p, r = t.real("p r")
    with t.let(r, given=[r > 0]) as inverse:
        t.show(And(1 / r > 0, r * (1 / r) >= 1))
    with t.let(p, r, given=[p <= 0, r > 0]) as product:
        t.show(p * r <= 0)
    with t.suppose(mean <= 0) as negative, t.obtain(t.least(negative.facts[0]), "y") as point:
        member, low = point.facts
        one, large = inverse(low.left, by=positive(point.value, by=member))
        small = product(low.left, one.left, by=[low, one])
        t.impossible(large, small, mean > 0)
    with t.suppose(number(0) < mean) as good:
        t.show(mean > 0, by=good.facts)
    return t.cases(mean, 0, negative, good)


@theorem(source=SOURCE)
def log_sum(t):
    """A log(A/B) <= E a log(a/b) for the means A and B of positive functions."""
    X = t.space("X")
    mu, x = t.law("mu", X), t.variable("x", X)
    a, b = (f(x) for f in t.function("a b", X))
    A, B, c = Mean(a, (x, mu)), Mean(b, (x, mu)), t.real("c")
    whole = Mean(a * log(a / b), (x, mu))
    positive = t.given(LivesOn(mu, x, And(a > 0, b > 0)))
    t.given(Exists(A), Exists(B), Exists(whole))
    signs = [
        t.use("divergence.mean_of_positive", {"u": function(x, f)}, by=positive) for f in (a, b)
    ]
    with t.let(x, c, given=[In(x, mu), c > 0]) as tangent:
        t.use("divergence.logarithm_below_its_tangent", {"a": a, "b": b}, by=positive(x))
    with t.let(c, given=[c > 0]) as each:
        t.average(whole >= A * log(c) + A - B * c, by=[tangent, each.facts[0]])
    t.show(A / B > 0, by=signs)
    best = each(A / B)
    return t.show(And(A > 0, B > 0, A * log(A / B) <= whole), by=[best, *signs])


@theorem(source=SOURCE)
def mixing(t):
    """Mixing over x ~ mu does not increase a divergence: for densities A(y) = E a(x, y) and B(y) =
    E b(x, y), that of A from B is at most the mean of a log(a/b) over x and y."""
    X, Y = t.space("X"), t.space("Y")
    mu, beta = t.law("mu", X), t.law("beta", Y)
    x, y = t.variable("x", X), t.variable("y", Y)
    a, b = (f(x, y) for f in t.function("a b", X, Y))
    whole = a * log(a / b)
    positive = t.given(LivesOn(mu, x, LivesOn(beta, y, And(a > 0, b > 0))))
    t.given(*(LivesOn(beta, y, Exists(Mean(u, (x, mu)))) for u in (a, b, whole)))
    nested = {u: Mean(Mean(u, (y, beta)), (x, mu)) for u in (a, b, whole, Abs(whole))}
    known = t.given(*(Exists(nested[u]) for u in (a, b, Abs(whole))))
    for u, fact in zip((a, b), known, strict=False):
        inside = t.derive("integrand", fact, mean=nested[u])
        with t.let(x, given=[In(x, mu)]) as inner:
            inside(x)
            t.exists(Mean(Abs(u), (y, beta)))
            same = t.average(Mean(Abs(u), (y, beta)).eq(Mean(u, (y, beta))), by=positive(x))
            t.together(same, t.average(Mean(u, (y, beta)) >= 0, by=positive(x)))
        t.exists(Mean(Mean(Abs(u), (y, beta)), (x, mu)), bound=nested[u], by=inner)
    _, _, third = (t.exchange(nested[u]) for u in (a, b, whole))
    A, B, C = (Mean(u, (x, mu)) for u in (a, b, whole))
    with t.let(y, given=[In(y, beta)]) as point:
        with t.let(x, given=[In(x, mu)]) as signs:
            positive(x)(y)
        functions = {"a": function(x, a), "b": function(x, b)}
        left, right, above = t.use("divergence.log_sum", functions, by=signs)
        _, below = t.use(
            "divergence.logarithm_below_its_tangent", {"a": A, "b": B, "c": 1}, by=[left, right]
        )
        t.together(left, right, above, below)
    divergence = Mean(A * log(A / B), (y, beta))
    total = Mean(Abs(C), (y, beta)) + Mean(A, (y, beta)) + Mean(B, (y, beta))
    t.exists(divergence, bound=total, by=point)
    found = t.average(divergence <= Mean(C, (y, beta)), by=point)
    return t.show(divergence <= nested[whole], by=[found, third])


@theorem(source="folklore")
def logarithms_of_products(t):
    """ab log(ab/(cd)) = b (a log(a/c)) + a (b log(b/d)), and where |log(b/d)| <= e it is at most
    b |a log(a/c)| + abe in size."""
    a, b, c, d, e = t.real("a b c d e")
    t.given(a > 0, b > 0, c > 0, d > 0)
    t.example(a=1, b=1, c=1, d=1)
    whole, left, right = a * b * log(a * b / (c * d)), a * log(a / c), b * log(b / d)
    split = t.show(whole.eq(b * left + a * right))
    u, v, z = t.real("u v z")
    with t.let(u, v, z, given=[Abs(v) <= z]) as sizes:
        t.show(Abs(b * u + a * (b * v)) <= b * Abs(u) + a * (b * z), by=sizes.facts)
    with t.let(e, given=[Abs(log(b / d)) <= e]) as bound:
        size = sizes(left, log(b / d), e)
        hidden = [whole, left, log(b / d)]
        t.show(Abs(whole) <= b * Abs(left) + a * (b * e), by=[split, size], opaque=hidden)
    return t.together(split, bound.fact)


class Step:
    """A point x, and a point y after a step."""

    def __init__(self, t):
        self.t, self.X = t, t.space("X")
        self.beta, (self.x, self.y) = t.law("beta", self.X), t.variable("x y", self.X)

    def mean(self, u):
        """Over x."""
        return Mean(u, (self.x, self.beta))

    def step(self, u):
        """Over y."""
        return Mean(u, (self.y, self.beta))

    def inside(self, *points):
        return [In(z, self.beta) for z in points]

    def split(self, q, p, kernels, most, facts):
        """What the logarithm of q kq/(p kp) is, and a bound of it, for all x and y."""
        t, x, y, (kq, kp), (positive, about, sizes) = self.t, self.x, self.y, kernels, facts
        with t.let(x, y, given=self.inside(x, y)) as both:
            known = [positive(x), about(x, y)]
            for u in (q * kq, p * kp, kq / kp, q / p):
                t.show(u > 0, by=known)
            values = {"a": q, "b": kq, "c": p, "d": kp}
            split, size = t.use("divergence.logarithms_of_products", values, by=known)
            signs = t.show(And(q * kq > 0, p * kp > 0), by=known)
            t.together(split, size(most, by=sizes(x, y)), signs)
        return both

    def product(self):
        """A bound of |w| that is larger than another one, where k <= v."""
        t = self.t
        r, k, h, n, v, w = t.real("r k h n v w")
        given = [r > 0, k > 0, k <= v, n >= 0, Abs(w) <= k * Abs(h) + r * (k * n)]
        with t.let(r, k, h, n, v, w, given=given) as product:
            t.show(Abs(w) <= v * Abs(h) + v * (r * n), by=product.facts)
        return product


@theorem(source="folklore; this proof is derived here")
def one_step(t):
    """A step of two Markov chains: y is drawn by a density kq(x, .), where x has the density q, or
    by kp(x, .), where it has p. The divergence of the laws of y is at most that of the laws of x
    and the mean of that of the steps. The kernels are at most c(y), and |log(kq/kp)| is at most
    L(x) + M(y), with means."""
    n = Step(t)
    X, beta, x, y, mean, step, inside = n.X, n.beta, n.x, n.y, n.mean, n.step, n.inside
    q, p, c, L, M = t.function("q p c L M", X)
    kq, kp = (k(x, y) for k in t.function("kq kp", X, X))
    left, right = q(x) * log(q(x) / p(x)), kq * log(kq / kp)
    positive = t.given(LivesOn(beta, x, And(q(x) > 0, p(x) > 0)))
    kernels = t.given(Forall([x, y], And(kq > 0, kp > 0, kq <= c(y), kp <= c(y)), inside(x, y)))
    sizes = t.given(Forall([x, y], Abs(log(kq / kp)) <= L(x) + M(y), inside(x, y)))
    laws = t.given(LivesOn(beta, x, And(step(kq).eq(1), step(kp).eq(1))))
    inner = t.given(LivesOn(beta, x, Exists(step(kq * M(y)))))
    t.given(*(Exists(mean(u)) for u in (q(x), p(x), left, q(x) * L(x), q(x) * step(kq * M(y)))))

    a, b = q(x) * kq, p(x) * kp
    whole = a * log(a / b)
    both = n.split(q(x), p(x), (kq, kp), L(x) + M(y), (positive, kernels, sizes))
    product = n.product()
    with t.let(x, y, given=inside(x, y)) as under:
        t.show(L(x) + M(y) >= 0, by=sizes(x, y), opaque=[log(kq / kp)])
        known = [*both(x, y), positive(x), kernels(x, y)]
        more = product(q(x), kq, left, L(x) + M(y), c(y), whole, by=known)
        most = c(y) * Abs(left) + c(y) * (q(x) * L(x) + M(y) * q(x))
        t.show(Abs(whole) <= most, by=more, opaque=[left, whole])
    with t.let(y, given=inside(y)) as fixed:
        t.exists(mean(a), bound=c(y) * mean(q(x)), by=[positive, kernels])
        t.exists(mean(b), bound=c(y) * mean(p(x)), by=[positive, kernels])
        most = c(y) * mean(Abs(left)) + c(y) * (mean(q(x) * L(x)) + M(y) * mean(q(x)))
        t.exists(mean(whole), bound=most, by=under, at=x, opaque=[left, whole])
    most = Abs(left) + q(x) * L(x) + q(x) * step(kq * M(y))
    with t.let(x, given=inside(x)) as each:
        known = [*positive(x), *laws(x), inner(x)]
        t.exists(left, by=known)
        t.exists(step(right), bound=L(x) * step(kq) + step(kq * M(y)), by=[kernels, sizes])
        size = Abs(left) * step(kq) + q(x) * L(x) * step(kq) + q(x) * step(kq * M(y))
        t.exists(step(whole), bound=size, by=both, at=y, opaque=[left, whole])
        bound = L(x) * step(kq) + step(kq * M(y))
        hidden = {"by": both, "at": y, "opaque": [left, right, whole]}
        parts = left * step(kq) + q(x) * step(right)
        found = [
            *known,
            t.average(step(a).eq(q(x) * step(kq))),
            t.average(step(b).eq(p(x) * step(kp))),
            t.average(step(whole).eq(parts), **hidden),
            t.average(step(Abs(whole)) <= size, **hidden),
            t.average(step(Abs(whole)) >= 0, **hidden),
            t.average(step(right) <= bound, by=[kernels, sizes]),
            t.average(step(right) >= -bound, by=[kernels, sizes]),
        ]
        goal = And(
            step(a).eq(q(x)),
            step(b).eq(p(x)),
            step(whole).eq(left + q(x) * step(right)),
            step(Abs(whole)) <= most,
            step(Abs(whole)) >= 0,
            Abs(q(x) * step(right)) <= q(x) * L(x) + q(x) * step(kq * M(y)),
        )
        t.show(goal, by=found, opaque=[left])
    cost, last = mean(q(x) * step(right)), mean(q(x) * L(x)) + mean(q(x) * step(kq * M(y)))
    t.exists(cost, bound=last, by=each)
    t.exists(mean(step(Abs(whole))), bound=mean(Abs(left)) + last, by=each, at=x, opaque=[left])
    t.exists(mean(step(a)), bound=mean(q(x)), by=[each, positive])
    t.exists(mean(step(b)), bound=mean(p(x)), by=[each, positive])
    values = {"mu": beta, "a": function([x, y], a), "b": function([x, y], b)}
    with t.let(x, given=inside(x)) as signs, t.let(y, given=inside(y)):
        t.show(And(a > 0, b > 0), by=both(x, y))
    mixed = t.use("divergence.mixing", values, {"Y": X}, by=[signs, fixed])
    total = t.average(mixed.right.eq(mean(left) + cost), by=each, at=x, opaque=[left])
    return t.show(mixed.left <= mean(left) + cost, by=[mixed, total])


@theorem(source="folklore")
def density_after_a_step(t):
    """If x has the density p and y is drawn by the density k(x, .), which is at most c(y), then y
    has the density E p(x) k(x, y): it is positive, and its mean is that of p."""
    X = t.space("X")
    beta, x, y = t.law("beta", X), *t.variable("x y", X)
    p, c = t.function("p c", X)
    k = t.function("k", X, X)(x, y)
    positive = t.given(LivesOn(beta, x, p(x) > 0))
    kernel = t.given(
        Forall([x, y], And(k > 0, k <= c(y)), [In(x, beta), In(y, beta)]),
    )
    law = t.given(LivesOn(beta, x, Mean(k, (y, beta)).eq(1)))
    t.given(Exists(Mean(p(x), (x, beta))))
    after, inner = Mean(p(x) * k, (x, beta)), Mean(p(x) * k, (y, beta))
    with t.let(y, given=[In(y, beta)]) as fixed:
        t.exists(after, bound=c(y) * Mean(p(x), (x, beta)), by=[positive, kernel])
        with t.let(x, given=[In(x, beta)]) as both:
            t.show(p(x) * k > 0, by=[positive(x), kernel(x, y)])
        t.use("divergence.mean_of_positive", {"mu": beta, "u": function(x, p(x) * k)}, by=both)
    size = Mean(Abs(p(x) * k), (y, beta))
    with t.let(x, given=[In(x, beta)]) as each:
        known = [*positive(x), *law(x)]
        t.exists(Mean(p(x) * k, (y, beta)))
        both = [
            t.average(m.eq(p(x) * Mean(k, (y, beta))), by=[positive, kernel]) for m in (inner, size)
        ]
        t.show(And(inner.eq(p(x)), size.eq(p(x))), by=[*known, *both])
    t.exists(Mean(size, (x, beta)), bound=Mean(p(x), (x, beta)), by=[each, positive])
    swapped = t.exchange(Mean(inner, (x, beta)), by=fixed)
    same = t.average(swapped.left.eq(Mean(p(x), (x, beta))), by=each)
    whole = t.show(swapped.right.eq(Mean(p(x), (x, beta))), by=[swapped, same])
    return t.together(fixed.fact, whole)


@theorem(source="folklore")
def size_of_a_relative_density(t):
    """|a log(a/b)| is at most a log(a/b) + 2b, and at most b + e²/b where a <= e."""
    a, b, e, r = t.real("a b e r")
    with t.let(r, given=[r > 0]) as ratio:
        t.show(Abs(r * log(r)) <= 1 + r**2)
    with t.let(a, b, given=[a > 0, b > 0]) as one:
        whole = a * log(a / b)
        tangent = t.show(whole >= a - b)
        t.show(Abs(whole) <= whole + 2 * b, by=tangent, opaque=[whole])
    with t.let(a, b, e, given=[a > 0, b > 0, a <= e]) as two:
        r = t.show(a / b > 0).left
        same = t.show((b * (r * log(r))).eq(a * log(r)), opaque=[log(r)])
        known = [same, ratio(r), two.facts[2]]
        t.show(Abs(a * log(r)) <= b + e**2 / b, by=known, opaque=[log(r)])
    return t.together(one.fact, two.fact)


def informed(t, data, base, densities, known):
    """The information that y has of u, and what is known of it at each point y."""
    (u, mu), (y, beta), (q, p, e), (positive, sizes, point) = data, base, densities, known
    Q, each = Mean(q, (u, mu)), q * log(q / p)
    gain = q * log(q / Q)
    _, bound = t.use("divergence.size_of_a_relative_density")
    a, b, c, k = t.real("a b c k")
    with t.let(a, b, c, given=[a > 0, b > 0, c > 0]) as split:
        t.show((a * log(a / b)).eq(a * log(a / c) - a * log(b / c)), by=split.facts)
    C, information = Mean(each, (u, mu)), Mean(gain, (u, mu))
    with t.let(y, given=[In(y, beta)]) as fixed:
        with t.let(u, given=[In(u, mu)]) as here:
            sizes(u)(y)
        t.exists(Q, bound=e, by=here)
        t.exists(C, bound=p + e**2 / p, by=[point, positive], at=u, opaque=[each])
        t.exists(Mean(p, (u, mu)))
        with t.let(u, given=[In(u, mu)]) as own:
            sizes(u)(y)
            t.show(q > 0)
        above = t.use("divergence.mean_of_positive", {"u": function(u, q)}, {"X": u.sort}, own)
        with t.let(u, given=[In(u, mu)]) as parts:
            facts = [*sizes(u)(y), positive(y), above]
            known = bound(q, Q, e, by=facts)
            _, below = t.use(
                "divergence.logarithm_below_its_tangent", {"a": q, "b": Q, "c": Q}, by=facts
            )
            t.together(known, split(q, Q, p, by=facts), below)
        t.exists(log(Q / p), by=[t.show(Q / p > 0, by=[above, positive(y)])])
        with t.let(k, c, given=[k.eq(Q), c.eq(log(Q / p))]) as values:
            facts = [parts, here, *values.facts]
            hidden = {"by": facts, "at": u, "opaque": [gain, each, log(Q / p)]}
            t.exists(information, bound=Mean(Abs(each), (u, mu)) + Abs(c) * Q, **hidden)
            same = t.average(information.eq(C - Q * c), **hidden)
            t.together(same, t.average(information >= Q - k, **hidden))
        same, least = values(Q, log(Q / p))
        flat, least = t.average(Mean(p, (u, mu)).eq(p)), t.show(information >= 0, by=least)
        t.together(t.exists(Q), t.exists(C), same, least, flat, above)
    return information, fixed


@theorem(source="folklore; this proof is derived here")
def mixture(t):
    """Of densities q(u, y), u ~ mu, and their mixture Q(y) = E q(u, y): the mean divergence of
    q(u, .) from p is that of Q and the information that y has of u, which is not negative. The
    densities are at most e(y)."""
    U, Y = t.space("U"), t.space("Y")
    mu, beta = t.law("mu", U), t.law("beta", Y)
    u, y = t.variable("u", U), t.variable("y", Y)
    q, p, e = t.function("q", U, Y)(u, y), *(f(y) for f in t.function("p e", Y))
    positive = t.given(LivesOn(beta, y, p > 0))
    sizes = t.given(LivesOn(mu, u, LivesOn(beta, y, And(q > 0, q <= e))))
    t.given(Exists(Mean(p, (y, beta))))
    masses = t.given(LivesOn(mu, u, Mean(q, (y, beta)).eq(1)))
    each = q * log(q / p)
    whole = Mean(Mean(each, (y, beta)), (u, mu))
    known = t.given(Exists(whole))
    Q = Mean(q, (u, mu))
    inside = t.derive("integrand", known, mean=whole)
    sign, bound = t.use("divergence.size_of_a_relative_density")
    with t.let(u, y, given=[In(u, mu), In(y, beta)]) as point:
        facts = [*sizes(u)(y), positive(y)]
        t.together(sign(q, p, by=facts), bound(q, p, e, by=facts))
    with t.let(u, given=[In(u, mu)]) as sums:
        inside(u)
        absolute, total = Mean(Abs(each), (y, beta)), Mean(each, (y, beta))
        t.exists(absolute)
        above = t.average(absolute <= total + 2 * Mean(p, (y, beta)), by=point, at=y, opaque=[each])
        t.together(above, t.average(absolute >= 0, by=point, at=y, opaque=[each]))
    mass = 2 * Mean(p, (y, beta))
    t.exists(Mean(Mean(Abs(each), (y, beta)), (u, mu)), bound=whole + mass, by=sums)
    t.exists(Mean(Mean(q, (y, beta)), (u, mu)), bound=1, by=masses)
    information, fixed = informed(t, (u, mu), (y, beta), (q, p, e), (positive, sizes, point))
    C, D, r = Mean(each, (u, mu)), Q * log(Q / p), t.real("r")
    swapped = t.exchange(whole, by=fixed)
    with t.let(u, given=[In(u, mu)]) as signs, t.let(y, given=[In(y, beta)]):
        t.show(And(q > 0, p > 0), by=[sizes(u)(y), positive(y)])
    functions = {"a": function([u, y], q), "b": function([u, y], p)}
    t.use("divergence.mixing", functions, {"X": U}, by=[signs, fixed])
    with t.let(y, given=[In(y, beta)]) as equal:
        *_, flat, above = fixed(y)
        facts = [above, positive(y)]
        t.at_equals(function(r, Q * log(Q / r)), t.symmetric(flat), by=facts)
    divergence, whole_information = Mean(D, (y, beta)), Mean(information, (y, beta))
    other = Q * log(Q / Mean(p, (u, mu)))
    size, hidden = Mean(Abs(other), (y, beta)), {"at": y, "opaque": [D, other]}
    t.exists(divergence, bound=size, by=equal, **hidden)
    size = Mean(Abs(C), (y, beta)) + Mean(Abs(D), (y, beta))
    hidden = {"by": fixed, "at": y, "opaque": [D]}
    t.exists(whole_information, bound=size, **hidden)
    split = t.average(whole_information.eq(swapped.right - divergence), **hidden)
    least = t.average(whole_information >= 0, **hidden)
    return t.together(
        t.show((divergence + whole_information).eq(whole), by=[split, swapped]), least
    )
