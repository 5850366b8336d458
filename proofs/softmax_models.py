"""The end-to-end theorem for data on K points, and predictors of the softmax class.

The setting is that of `learnt_models`. x_0 is the point label(x_0) of K points, and is the l-th one
with the probability prob(l). At the time k the predictor is learnt from m pairs of a noisy point
and a label, S(k); the pairs have the law of x_k and of (x_0 - a) where x_k is in the box, 0 elsewhere.
"""

from boundcheck import theorem
from boundcheck.math import exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Sum,
    function,
)
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


@theorem(source=SOURCE)
def bayes_predictor(t):
    """E[x_0|x_k = x] is the softmax predictor of the points, for all x."""
    u, x = t.sequence("u x", REAL)
    data, label = t.law("data", u.sort), t.function("label", u.sort, to=NAT)(u)
    point, prob = t.function("point", NAT, NAT), t.function("prob", NAT)
    (i, k, j, d, K), alpha_bar = t.nat("i k j d K"), t.real("alpha_bar")
    within = [i >= 1, i <= d]
    t.given(alpha_bar > 0, alpha_bar < 1, K >= 1)
    same = Forall(i, u(i).eq(point(label, i)), within)
    places = t.given(LivesOn(data, u, And(label >= 1, label <= K, same)))
    here = Mean(Ind(label <= k) * Ind(k <= label), (u, data))
    t.given(Forall(k, here.eq(prob(k)), [k >= 1, k <= K]), Forall(k, prob(k) > 0))
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
    found = t.use("softmax_predictor.bayes_predictor_of_points", values, {"X": u.sort}, labels)
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
    positive, (v, w, r) = t.show(factor > 0), t.real("v w r")
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
            t.exists(over(v), bound=size, by=[terms, positive], **hidden)
            means.append(t.average(over(v).eq(factor * old), by=terms, **hidden))
        values = {"mu": data, "u": function(u, phi)}
        above = t.use("divergence.mean_of_positive", values, {"X": u.sort}, powers)
        same = quotient(*parts, factor, by=[above, positive])
        for mean in means:
            same = t.rewrite(t.symmetric(mean), same)
        t.rewrite(ratio, same)
    return each.fact
