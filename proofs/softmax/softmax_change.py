"""How much the softmax changes with its logits, and a predictor with its softmax.

softmax_k = exp(ℓ(k))/Σ_j exp(ℓ(j)), as in `softmax`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import And, Forall, Ind, Sum, function
from boundcheck.theorems.language.sorts import NAT

SOURCE = "derived here"


def softmax_of(ell, j, k, K):
    """Place k of the softmax of ℓ(1), ..., ℓ(K)."""
    return exp(ell(k)) / Sum(exp(ell(j)), (j, 1, K))


@theorem(source=SOURCE)
def change_of_a_share(t):
    """If P becomes at most G times as much, and Q at least 1/G times, then the share of P in P + Q
    grows by at most log(G)/2; G = exp(D)."""
    P, Q, p, q, D = t.real("P Q p q D")
    sizes = t.given(P >= 0, Q >= 0, p >= 0, q >= 0, P + Q > 0, p + q > 0)
    G = exp(D)
    _, more, less = t.given(D >= 0, p <= G * P, Q <= G * q)
    t.example(P=1, Q=1, p=1, q=1, D=0)
    most = G**2 * P / (G**2 * P + Q)
    large = t.show(G >= 1)
    above = t.show(G**2 * P + Q > 0, by=[*sizes, large], opaque=[G])
    product = t.show(p * Q <= G**2 * (P * q), by=[more, less, *sizes], opaque=[G])
    whole = t.show(p * (G**2 * P + Q) <= G**2 * P * (p + q), by=product, opaque=[G])
    first = t.show(p / (p + q) <= most, by=[whole, above, *sizes], opaque=[G])
    square = t.show((G + 1) ** 2 * (P * Q) <= (G**2 * P + Q) * (P + Q), opaque=[G])
    gap = t.show(
        (most - P / (P + Q)).eq((G - 1) * ((G + 1) * (P * Q)) / ((G**2 * P + Q) * (P + Q))),
        by=[above, *sizes],
        opaque=[G],
    )
    last = t.show(
        (G - 1) * ((G + 1) * (P * Q)) / ((G**2 * P + Q) * (P + Q)) <= (G - 1) / (G + 1),
        by=[square, above, large, *sizes],
        opaque=[G],
    )
    half = t.show((G - 1) / (G + 1) <= D / 2)
    hidden = [(G - 1) / (G + 1), most, p / (p + q), P / (P + Q)]
    return t.show(
        p / (p + q) - P / (P + Q) <= D / 2,
        by=[first, t.rewrite(t.symmetric(gap), last), half],
        opaque=hidden,
    )


@theorem(source=SOURCE)
def change_of_the_softmax(t):
    """Σ_k |softmax_k - softmax'_k| <= D, if no logit changes by more than D."""
    (ell, tau), (j, k, K), D = t.function("ell tau", NAT), t.nat("j k K"), t.real("D")
    t.given(K >= 1, D >= 0)
    near = t.given(Forall(j, Abs(ell(j) - tau(j)) <= D, [j >= 1, j <= K]))
    t.example(ell=function(j, 0), tau=function(j, 0), K=1, D=0)
    pi, new = softmax_of(ell, j, k, K), softmax_of(tau, j, k, K)
    known = [
        t.use("softmax.softmax_is_a_probability", {"ell": function(j, f(j))}) for f in (ell, tau)
    ]
    (some, each, unit), (some_new, each_new, unit_new) = known
    e, f, more = exp(ell(k)), exp(tau(k)), Ind(pi <= new)
    Z, Z_new = Sum(exp(ell(j)), (j, 1, K)), Sum(exp(tau(j)), (j, 1, K))
    G = exp(D)
    with t.let(k, given=[k >= 1, k <= K]) as terms:
        t.show(f <= G * e, by=near(k))
        t.show(e <= G * f, by=near(k))
        t.show(And(e > 0, f > 0, f <= G * e, e <= G * f))
    with t.let(k) as parts:
        each(k), each_new(k)
        with t.suppose(pi <= new) as up:
            on = t.derive("indicator_true", *up.facts)
            t.show(
                Abs(pi - new).eq((2 * more - 1) * (new - pi)), by=[on, *up.facts], opaque=[pi, new]
            )
        with t.suppose(new < pi) as down:
            off = t.derive("indicator_false", t.show(pi > new, by=down.facts, opaque=[pi, new]))
            t.show(
                Abs(pi - new).eq((2 * more - 1) * (new - pi)),
                by=[off, *down.facts],
                opaque=[pi, new],
            )
        t.cases(pi, new, up, down)

    def total(u):
        return Sum(u, (k, 1, K))

    p, P, q, Q = (total(u) for u in (more * f, more * e, (1 - more) * f, (1 - more) * e))
    positive = [t.add_up(u >= 0 * total(more), by=terms.fact) for u in (p, P, q, Q)]
    growth = [t.add_up(p <= G * P, by=terms.fact), t.add_up(Q <= G * q, by=terms.fact)]
    sums = [t.add_up((p + q).eq(Z_new)), t.add_up((P + Q).eq(Z))]
    whole = t.add_up(
        total(Abs(pi - new)).eq(2 / Z_new * p - 2 / Z * P - total(new) + total(pi)),
        by=[parts.fact, some, some_new],
    )
    share = t.use(
        "softmax_change.change_of_a_share",
        {"P": P, "Q": Q, "p": p, "q": q},
        by=[*positive, *growth, *sums, some, some_new],
    )
    share = t.rewrite(sums[1], t.rewrite(sums[0], share))
    return t.show(total(Abs(pi - new)) <= D, by=[whole, share, unit, unit_new, some, some_new])
