"""The Bayes predictor for data that are one of K points is a softmax, in any dimension.

x_t = √ᾱ x_0 + √(1-ᾱ) ε, and x_0 is u(k) with the probability p(k), k = 1, ..., K. Of sequences the
places 1, ..., d count. phi(x, x_0) is the Gaussian density of x_t = x up to a factor.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Sum,
    dot,
    function,
    sq,
)
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


class Points:
    """The points, and their logits."""

    def __init__(self, t):
        self.t, self.u = t, t.function("u", NAT, NAT)
        self.i, self.j, self.k, self.d, self.K = t.nat("i j k d K")
        self.alpha_bar = t.real("alpha_bar")

    def shift(self, x, u):
        """(√ᾱ u·x - ᾱ|u|²/2)/(1-ᾱ)."""
        inner, square = (
            Sum(f(self.i), (self.i, 1, self.d))
            for f in (lambda i: u(i) * x(i), lambda i: u(i) ** 2)
        )
        return (sqrt(self.alpha_bar) * inner - self.alpha_bar * square / 2) / (1 - self.alpha_bar)

    def phi(self, x, u):
        """exp(-|x - √ᾱ u|²/(2(1-ᾱ)))."""
        gap = Sum((x(self.i) - sqrt(self.alpha_bar) * u(self.i)) ** 2, (self.i, 1, self.d))
        return exp(-gap / (2 * (1 - self.alpha_bar)))

    def logit(self, x, lam, k):
        """Logit k, with the logarithm lam(k) of the probability."""
        return self.shift(x, lambda i: self.u(k, i)) + lam(k)

    def predictor(self, x, lam, i):
        """Place i of the softmax of the points."""
        total = Sum(exp(self.logit(x, lam, self.j)), (self.j, 1, self.K))
        weight = exp(self.logit(x, lam, self.k)) / total
        return Sum(weight * self.u(self.k, i), (self.k, 1, self.K))


@theorem(source="folklore")
def mean_over_finitely_many(t):
    """The mean of w(l), l a label in 1, ..., K that is k with the probability p(k), is
    Σ_k p(k) w(k)."""
    X = t.space("X")
    law, x, (k, K) = t.law("data", X), t.variable("x", X), t.nat("k K")
    (w, p), label = t.function("w p", NAT), t.function("label", X, to=NAT)(x)
    range_ = t.given(LivesOn(law, x, And(label >= 1, label <= K)))
    here = Ind(label <= k) * Ind(k <= label)
    shares = t.given(Forall(k, Mean(here, (x, law)).eq(p(k)), [k >= 1, k <= K]))
    total = Sum(here * w(k), (k, 1, K))
    with t.let(x, given=[In(x, law)]) as each:
        low, high = range_(x)
        values = {"j": label, "u": function(k, w(k))}
        found = t.use("networks.one_term_of_a_sum", values, by=low)(K)
        on = t.derive("indicator_true", high)
        t.show(w(label).eq(total), by=[found, on])

    def mean(u):
        return Mean(u, (x, law))

    with t.let(k, given=[k >= 1, k <= K]) as parts:
        t.exists(mean(here * w(k)), bound=Abs(w(k)))
        t.show(
            mean(here * w(k)).eq(p(k) * w(k)),
            by=[t.average(mean(here * w(k)).eq(mean(here) * w(k))), shares(k)],
        )
    whole = t.mean_of_sum(mean(total), by=parts.fact)
    same = t.same_mean(mean(w(label)), whole.left, by=each.fact)
    sums = t.add_up(whole.right.eq(Sum(p(k) * w(k), (k, 1, K))), by=parts.fact)
    return t.show(mean(w(label)).eq(sums.right), by=[same, whole, sums])


def by_logits(t, b, x, p, positive, factor):
    """p(k) phi(x, u(k)) = exp(ℓ(k)) times a factor without k."""
    k, i, lam = b.k, b.i, function(b.k, log(p(b.k)))
    root = t.show((sqrt(b.alpha_bar) ** 2).eq(b.alpha_bar))
    size = Sum(x(i) ** 2, (i, 1, b.d))
    v, w, q = t.real("v w q")
    with t.let(v, w, q, given=[q > 0]) as laws:
        t.show((exp(v) * q).eq(exp(v + log(q))))
    with t.let(v, w) as product:
        t.show(exp(v - w).eq(exp(v) * exp(-w)))
    point = b.phi(x, lambda i: b.u(k, i))
    with t.let(k) as each:
        inner, square = Sum(b.u(k, i) * x(i), (i, 1, b.d)), Sum(b.u(k, i) ** 2, (i, 1, b.d))
        gap = Sum((x(i) - sqrt(b.alpha_bar) * b.u(k, i)) ** 2, (i, 1, b.d))
        whole = size - 2 * sqrt(b.alpha_bar) * inner + b.alpha_bar * square
        whole = t.add_up(gap.eq(whole), by=root)
        power = -gap / (2 * (1 - b.alpha_bar))
        logit, rest = b.logit(x, lam, k), size / (2 * (1 - b.alpha_bar))
        same = t.show((power + log(p(k))).eq(logit - rest), by=[whole, positive(k)])
        value = laws(power, 0, p(k), by=positive(k))
        value = t.rewrite(product(logit, rest), t.rewrite(same, value))
        value = t.replace(value, (-rest, factor.args[0]))
        t.show(
            (p(k) * point).eq(factor * exp(logit)),
            by=value,
            opaque=[factor, point, exp(logit)],
        )
    return each.fact


@theorem(source=SOURCE)
def bayes_predictor_of_points(t):
    """E[x_0|x_t = x] = E[x_0 phi]/E[phi] = Σ_k softmax_k u(k), where x_0 = u(l), and the label l is
    k with the probability p(k)."""
    b, X = Points(t), t.space("X")
    law, z, x = t.law("data", X), t.variable("z", X), t.sequence("x", REAL)
    label = t.function("label", X, to=NAT)(z)
    p, k, i, o = t.function("p", NAT), b.k, b.i, t.nat("o")
    t.given(LivesOn(law, z, And(label >= 1, label <= b.K)))
    here = Mean(Ind(label <= k) * Ind(k <= label), (z, law))
    t.given(Forall(k, here.eq(p(k)), [k >= 1, k <= b.K]))
    t.given(b.alpha_bar > 0, b.alpha_bar < 1, b.K >= 1)
    positive = t.given(Forall(k, p(k) > 0))

    def point(k):
        return b.phi(x, lambda i: b.u(k, i))

    phi, terms = point(label), Sum(p(k) * point(k), (k, 1, b.K))
    weighted = Sum(p(k) * b.u(k, o) * point(k), (k, 1, b.K))
    finite = "softmax_predictor.mean_over_finitely_many"
    spaces, own = {"X": X}, {"K": b.K, "label": function(z, label)}
    below_mean = t.use(finite, {"w": function(k, point(k))} | own, spaces)
    with t.let(o) as above_mean:
        found = t.use(finite, {"w": function(k, b.u(k, o) * point(k))} | own, spaces)
        same = t.add_up(found.right.eq(weighted))
        t.show(found.left.eq(weighted), by=[found, same])
    size = Sum(x(i) ** 2, (i, 1, b.d))
    lam = function(k, log(p(k)))
    factor = exp(-size / (2 * (1 - b.alpha_bar)))
    each = by_logits(t, b, x, p, positive, factor)
    logits = exp(b.logit(x, lam, k))
    total, points = Sum(logits, (k, 1, b.K)), Sum(logits * b.u(k, o), (k, 1, b.K))
    below = t.add_up(terms.eq(factor * total), by=each, opaque=[factor])
    some, _, _ = t.use(
        "softmax.softmax_is_a_probability", {"ell": function(k, b.logit(x, lam, k))}, by=positive
    )
    above_zero = t.show(factor > 0)
    with t.let(o) as predictor:
        with t.let(k) as heavier:
            positive(k)
            term, hidden = p(k) * b.u(k, o) * point(k), [factor, point(k), logits]
            t.show(term.eq(factor * (logits * b.u(k, o))), by=each(k), opaque=hidden)
        above = t.add_up(weighted.eq(factor * points), by=heavier.fact, opaque=[factor])
        shares = t.add_up(b.predictor(x, lam, o).eq(points / total), by=[some, positive])
        goal = Mean(b.u(label, o) * phi, (z, law)) / Mean(phi, (z, law))
        goal = goal.eq(b.predictor(x, lam, o))
        facts = [below_mean, above_mean.fact(o), below, above, some, shares, above_zero]
        t.show(goal, by=facts, opaque=[factor])
    return predictor.fact


@theorem(source=SOURCE)
def bayes_predictor_by_densities(t):  # noqa: PLR0915
    """The same with densities with respect to normal variables, as in `diffusion_chain`, and the
    logarithms of the probabilities: E[x_0|x_t = x] is the softmax predictor of the points."""
    u, x = t.sequence("u x", REAL)
    data, label = t.law("data", u.sort), t.function("label", u.sort, to=NAT)(u)
    point, (prob, logs) = t.function("point", NAT, NAT), t.function("prob logs", NAT)
    (i, k, j, d, K), alpha_bar = t.nat("i k j d K"), t.real("alpha_bar")
    within = [i >= 1, i <= d]
    t.given(alpha_bar > 0, alpha_bar < 1, K >= 1)
    same = Forall(i, u(i).eq(point(label, i)), within)
    places = t.given(LivesOn(data, u, And(label >= 1, label <= K, same)))
    here = Mean(Ind(label <= k) * Ind(k <= label), (u, data))
    _, known = t.given(
        Forall(k, here.eq(prob(k)), [k >= 1, k <= K]), Forall(k, prob(k).eq(exp(logs(k))))
    )
    with t.let(k) as positive:
        t.show(And(prob(k) > 0, log(prob(k)).eq(logs(k))), by=known(k))
    with t.let(k) as signs:
        t.show(prob(k) > 0, by=known(k))
    root, level = sqrt(alpha_bar), log(1 - alpha_bar)

    def over(v):
        return Mean(v, (u, data))

    def total(v):
        return Sum(v, (i, 1, d))

    g = exp(total(x(i) ** 2 / 2 - (x(i) - root * u(i)) ** 2 / (2 * (1 - alpha_bar)) - level / 2))
    gap = total((x(i) - root * point(label, i)) ** 2)
    phi = exp(-gap / (2 * (1 - alpha_bar)))
    factor = exp(total(x(i) ** 2 / 2 - level / 2))
    with t.let(u, given=[In(u, data)]) as labels:
        low, high, _ = places(u)
        t.together(low, high)
    values = {"u": function([k, i], point(k, i)), "p": prob, "label": function(u, label)}
    values |= {"x": x}
    found = t.use(
        "softmax_predictor.bayes_predictor_of_points", values, {"X": u.sort}, [labels, signs]
    )
    t.exists(root)
    t.exists(level, by=[t.show(1 - alpha_bar > 0)])
    with t.let(u, given=[In(u, data)]) as every:
        *_, equal = places(u)
        with t.let(i, given=within):
            equal(i)
        whole = g.args[0].eq(factor.args[0] - gap * (1 / (2 * (1 - alpha_bar))))
        whole = t.add_up(whole, by=equal, opaque=[root, level])
        goal = g.eq(factor * phi)
        one = t.show(g.args[0].eq(factor.args[0] + phi.args[0]), by=whole, opaque=[level])
        t.show(goal, by=one, opaque=[g.args[0], factor.args[0], phi.args[0]])

    def logit(k):
        inner, squares = total(point(k, i) * x(i)), total(point(k, i) ** 2)
        return (root * inner - alpha_bar * squares / 2) / (1 - alpha_bar)

    def predictor(lam):
        below = Sum(exp(logit(j) + lam(j)), (j, 1, K))
        return Sum(exp(logit(k) + lam(k)) / below * point(k, o), (k, 1, K))

    o = t.nat("o")
    with t.let(o) as of_logs:
        by_law = predictor(lambda k: log(prob(k)))
        ell = {"ell": function(k, logit(k) + logs(k))}
        least, *_ = t.use("softmax.softmax_is_a_probability", ell)
        below = [Sum(exp(logit(j) + lam), (j, 1, K)) for lam in (log(prob(j)), logs(j))]
        same = t.add_up(below[0].eq(below[1]), by=positive)
        t.add_up(by_law.eq(predictor(logs)), by=[same, positive, least])
    above_zero, (v, w, r) = t.show(factor > 0), t.real("v w r")
    with t.let(v, w, r, given=[w > 0, r > 0]) as quotient:
        t.show((r * v / (r * w)).eq(v / w))
    with t.let(u) as powers:
        t.show(phi > 0)
    with t.let(i, given=within) as each:
        ratio = found(i)
        parts, hidden = ratio.left.args, {"at": u, "opaque": [g, phi, factor]}
        with t.let(u, given=[In(u, data)]) as terms:
            *_, equal = places(u)
            t.together(every(u), equal(i))
        means = []
        for v, old in zip((u(i) * g, g), parts, strict=True):
            size = factor * Mean(abs(opened(old, u)), (u, data))
            t.exists(over(v), bound=size, by=[terms, above_zero], **hidden)
            means.append(t.average(over(v).eq(factor * old), by=terms, **hidden))
        values = {"mu": data, "u": function(u, phi)}
        above = t.use("divergence.mean_of_positive", values, {"X": u.sort}, powers)
        same = quotient(*parts, factor, by=[above, above_zero])
        for mean in means:
            same = t.rewrite(t.symmetric(mean), same)
        t.rewrite(of_logs(i), t.rewrite(ratio, same))
    return each.fact


@theorem(source=SOURCE)
def predictor_in_a_subspace(t):
    """x_0 = a + J(y_0), J an isometry with the adjoint Q: the Bayes predictor of f(x_0) at x_t = z
    is that at y_t = Q(z - √ᾱ a), for y_t = √ᾱ y_0 + √(1-ᾱ) ε; c is √ᾱ, and v is 1-ᾱ.

    |z - c x_0|² = |y_t - c y_0|² + |z - c a - J(y_t)|², and the last part is no matter of y_0.
    """
    H, G, X = t.vectors("H"), t.vectors("G"), t.space("X")
    J, Q, y0 = t.function("J", G, to=H), t.function("Q", H, to=G), t.function("y0", X, to=G)
    (r, q), (z, a) = t.variable("r q", G), t.variable("z a", H)
    law, x, f, (c, v) = t.law("p0", X), t.variable("x", X), t.function("f", X), t.real("c v")
    t.given(v > 0)
    adjoint = t.given(Forall([z, r], dot(Q(z), r).eq(dot(z, J(r)))))
    isometry = t.given(Forall([r, q], dot(J(r), J(q)).eq(dot(r, q))))
    whole = sq(z - c * (a + J(y0(x))))
    y = Q(z - c * a)
    inner, rest = sq(y - c * y0(x)), sq(z - c * a - J(y))
    weight, small = exp(-whole / (2 * v)), exp(-inner / (2 * v))

    def mean(u):
        return Mean(u, (x, law))

    _, known = t.given(Exists(mean(f(x) * small)), mean(small) > 0)
    factor = exp(-rest / (2 * v))
    above = t.show(factor > 0)
    p, w = t.real("p w")
    with t.let(p, w) as product:
        t.show(exp(p + w).eq(exp(p) * exp(w)))
    with t.let(x) as each:
        ends = [(z - c * a, y0(x)), (z - c * a, y)]
        facts = [*(adjoint(*e) for e in ends), isometry(y, y), isometry(y0(x), y0(x))]
        split = t.show(whole.eq(inner + rest), by=facts)
        parts = [-u / (2 * v) for u in (whole, inner, rest)]
        power = t.show(parts[0].eq(parts[1] + parts[2]), by=split, opaque=[whole, inner, rest])
        one = t.rewrite(t.symmetric(power), product(parts[1], parts[2]))
        both = [weight, small, factor]
        two = t.show((f(x) * weight).eq(f(x) * small * factor), by=one, opaque=both)
        t.together(one, two)
    t.exists(mean(weight), bound=factor * mean(small), by=[each.fact, above], at=x, opaque=both)
    size = factor * mean(Abs(f(x) * small))
    t.exists(mean(f(x) * weight), bound=size, by=[each.fact, above], at=x, opaque=both)
    below = t.average(mean(weight).eq(mean(small) * factor), by=each.fact, at=x, opaque=both)
    over = t.average(
        mean(f(x) * weight).eq(mean(f(x) * small) * factor), by=each.fact, at=x, opaque=both
    )
    goal = (mean(f(x) * weight) / mean(weight)).eq(mean(f(x) * small) / mean(small))
    return t.show(goal, by=[below, over, above, known], opaque=[factor])
