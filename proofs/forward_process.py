"""The forward process of a diffusion model: data, and noise that is added in steps.

x_0 is drawn by a law on R^d, and x_{t+1} = √(1-β_{t+1}) x_t + √β_{t+1} ε with independent normal ε.
Given x_0 = u, x_t is N(√ᾱ_t u, (1-ᾱ_t)I), whose density with respect to the base is g(t, u, x), as in
`normal_vectors`; ᾱ_0 = 1 and ᾱ_{t+1} = ᾱ_t (1-β_{t+1}).
"""

from boundcheck import theorem
from boundcheck.math import exp, log, sqrt
from boundcheck.theorems.author.words import And, Exists, Forall, In, Mean, Sum, function, samples
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion

SOURCE = "Ho, Jain, Abbeel, 2020; this proof is derived here"


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


@theorem(source=SOURCE)
def posterior_in_a_coordinate(t):
    """The densities of y = x_{t-1} given u = x_0 and of x = x_t given y have the product of those of x
    given u, and of y given x and u: the square is completed in y."""
    x, y, u, P, r = t.real("x y u P r")
    alpha_bar_before, beta, alpha_bar = t.real("alpha_bar_before beta alpha_bar")
    t.given(alpha_bar_before > 0, alpha_bar_before < 1, beta > 0, beta < 1)
    after = t.given(alpha_bar.eq(t.quoted(diffusion.ALPHA_BAR)))
    t.example(alpha_bar_before="1/2", beta="1/2", alpha_bar="1/4")
    mean = t.read(diffusion.FROM_DATA) * u + t.read(diffusion.FROM_STATE) * x
    variance = t.read(diffusion.POSTERIOR_VARIANCE)
    P, r, S = sqrt(alpha_bar_before), sqrt(1 - beta), sqrt(alpha_bar)
    inside = t.show(And(alpha_bar > 0, alpha_bar < 1), by=after)
    positive = t.show(variance > 0, by=inside)
    smaller = t.show(variance < beta, by=[inside, after])
    four = [1 - alpha_bar_before, beta, 1 - alpha_bar]
    product = t.show((four[0] * four[1]).eq(four[2] * variance), by=inside)
    a, b = t.real("a b")
    with t.let(a, b, given=[a > 0, b > 0]) as split:
        t.show(log(a * b).eq(log(a) + log(b)))
    ends = [split(*four[:2]), split(four[2], variance, by=[inside, positive])]
    same = t.at_equals(function(a, log(a)), product, by=ends)
    logs = log(four[0]) + log(beta)
    hidden = [log(u) for u in (*four, variance, *product.formula.args)]
    logs = t.show(logs.eq(log(four[2]) + log(variance)), by=[*ends, same], opaque=hidden)
    root = t.show(S.eq(P * r), by=after)
    with t.let(x, y, u) as every:
        t.exists(mean)
        squares = (y - P * u) ** 2 / (1 - alpha_bar_before) + (x - r * y) ** 2 / beta
        others = (y - mean) ** 2 / variance + (x - S * u) ** 2 / (1 - alpha_bar)
        one = t.show(squares.eq(others), by=[after, root])
        left = exponent(P * u, 1 - alpha_bar_before, y) + exponent(r * y, beta, x)
        right = exponent(S * u, 1 - alpha_bar, x) + exponent(mean, variance, y)
        hidden = [mean, variance, P, r, S, *(log(v) for v in (*four, variance))]
        t.show(left.eq(right), by=[one, logs, positive, inside], opaque=hidden)
    return t.together(inside, positive, smaller, every.fact)
