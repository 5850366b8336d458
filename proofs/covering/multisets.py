"""How many networks there are, if their neurons may be exchanged.

M(q, n) is the number of ways to take n out of q things, each any number of times, where the order
does not matter: M(q + 1, n + 1) counts those without the last thing, M(q, n + 1), and those with
it, M(q + 1, n). So n neurons with equal outer weights, each of q kinds, are M(q, n) networks at
most, instead of q^n: about (e q/n)^n, if there are many more kinds than neurons.
"""

from boundcheck import theorem
from boundcheck.math import exp, log
from boundcheck.theorems.author.words import And, Forall
from boundcheck.theorems.language.sorts import NAT
from boundcheck.theory.formulas import covering

SOURCE = "derived here"


class Ways:
    """The numbers M(q, n)."""

    def __init__(self, t):
        self.M, (self.q, self.n) = t.function("M", NAT, NAT), t.nat("q n")
        M, q, n = self.M, self.q, self.n
        self.recursion = t.given(
            Forall(q, M(q, 0).eq(1)),
            Forall(n, M(0, n + 1).eq(0)),
            Forall([q, n], M(q + 1, n + 1).eq(M(q, n + 1) + M(q + 1, n))),
        )


@theorem(source=SOURCE)
def by_a_power_series(t):
    """M(q, n) x^n (1 - x)^q is at most 1 for x in (0, 1): 1/(1 - x)^q = Σ_n M(q, n) x^n."""
    a = Ways(t)
    M, q, n, x = a.M, a.q, a.n, t.real("x")
    t.given(x > 0, x < 1)
    first, none, pascal = a.recursion

    def claim(q, n):
        left = M(q, n) * (x**n * (1 - x) ** q)
        return And(left <= 1, M(q, n) >= 0)

    def row(q):
        return Forall(n, claim(q, n))

    with t.let(n) as empty:
        start = t.show(M(0, 0).eq(1), by=first(0))
        with t.induct(claim(0, n), n, base=start) as step:
            t.show(step.goal, by=none(n))
        step(n)
    with t.induct(row(q), q, base=empty.fact) as rows:
        small = t.use("lower_bounds.bernoulli", {"n": q + 1})
        begin = t.show(claim(q + 1, 0), by=[first(q + 1), small])
        with t.induct(claim(q + 1, n), n, base=begin) as columns:
            one, other = rows.hypothesis(n + 1), columns.hypothesis
            left, new = (c.args[0].args[0] for c in (columns.goal, one.formula))
            split = (1 - x) * new + x * other.formula.args[0].args[0]
            split = t.show(left.eq(split), by=pascal(q, n))
            facts = [split, one, other]
            below = t.show(left <= 1, by=facts, opaque=[left, new, other.formula.args[0].args[0]])
            least = t.show(M(q + 1, n + 1) >= 0, by=[pascal(q, n), one, other])
            t.show(columns.goal, by=[below, least], opaque=[left])
    return rows.fact


@theorem(source="folklore")
def power_by_exp(t):
    """x^n = exp(n log x) for x > 0."""
    x, n = t.real("x"), t.nat("n")
    t.given(x > 0)
    t.example(x=1)
    inverse = t.show(exp(log(x)).eq(x))
    with t.induct((x**n).eq(exp(n * log(x))), n) as step:
        sums = t.show(exp((n + 1) * log(x)).eq(exp(n * log(x)) * exp(log(x))))
        power = t.show((x ** (n + 1)).eq(x**n * x))
        hidden = [sums.left, exp(n * log(x)), exp(log(x)), power.left, x**n]
        t.show(step.goal, by=[step.hypothesis, sums, power, inverse], opaque=hidden)
    return step(n)


@theorem(source=SOURCE)
def number_of_multisets(t):
    """log M(q, n) is at most n(1 + log(1 + q/n)), for q, n >= 1."""
    a = Ways(t)
    M, q, n, u = a.M, a.q, a.n, t.real("u")
    bound = t.read(covering.UNORDERED, choices=q, neurons=n)
    x = n / (n + q)
    with t.let(u, given=[u >= 0]) as tangent:
        t.show(log(1 + u) <= u)
    with t.let(q, n, given=[q >= 1, n >= 1]) as every:
        inside = t.show(And(x > 0, x < 1))
        series = t.use("multisets.by_a_power_series", {"x": x}, by=[inside, *a.recursion])(q, n)
        powers = [
            t.use("multisets.power_by_exp", {"x": x}, by=inside),
            t.use("multisets.power_by_exp", {"x": 1 - x, "n": q}, by=inside),
        ]
        ratio, other = 1 + q / n, 1 + n / q
        logs = [t.show(log(x).eq(-log(ratio))), t.show(log(1 - x).eq(-log(other)))]
        t.exists(n / q)
        below = t.show(q * log(other) <= n, by=tangent(n / q), opaque=[log(other)])
        parts = [n * log(x), q * log(1 - x)]
        power, (one, two) = bound + parts[0] + parts[1], map(exp, parts)
        product = (exp(bound) * (one * two)).eq(exp(power))
        product = t.show(product, opaque=[bound, *parts])
        hidden = [log(x), log(1 - x), log(ratio), log(other)]
        positive = t.show(power >= 0, by=[*logs, below], opaque=hidden)
        large = t.show(exp(power) >= 1, by=positive, opaque=[power])
        hidden = [exp(bound), one, two, exp(power), M(q, n), x**n, (1 - x) ** q]
        t.show(M(q, n) <= exp(bound), by=[series, *powers, product, large], opaque=hidden)
    return every.fact
