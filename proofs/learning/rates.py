"""Rates: the balance of approximation and estimation, and the exponents in the number of samples m,
for every dimension.

The risk on a fixed box with n neurons is at most A n^(-a) + P n/m: A n^(-a) from the approximation
(`ratio_rates` has the exponents a), P n/m from the samples; P grows like logarithms of n and m. On
the whole space the box grows, to z standard deviations beyond the data: then c falls like
exp(-d(z + s)²/2), where s is their size in standard deviations, A grows like c^(-q), and what is
off the box has the risk T exp(-z²/2). The exponents are those of
`boundcheck.theory.formulas.rates`.
"""

from boundcheck import theorem
from boundcheck.math import Min, exp, log, sqrt
from boundcheck.theorems.author.words import And, ThereIs, natceil
from boundcheck.theorems.language.expr import number
from boundcheck.theory.formulas import covering, rates

SOURCE = "derived here, for the rates that arXiv:2601.21242 claims"


def rounded_up(t, n, top):
    """For n the least natural number from `top` >= 1 on: top <= n and n <= 2 top."""
    one = t.show(top >= 1)
    low, high = t.derive("nat_ceiling", t.show(top > -1, by=[one]), term=top)
    return low, t.show(n <= 2 * top, by=[one, high])


@theorem(source=SOURCE)
def parameters(t):
    """The networks with n neurons have between (d + 3) n and (d + 5) n parameters, so that their
    covering number makes the second term."""
    t.example()
    n, d = t.nat("n d")
    t.given(n >= 1, d >= 1)
    number = t.read(covering.RATIO_PARAMETERS)
    return t.show(And(number >= (d + 3) * n, number <= (d + 5) * n))


# -- on a fixed box --------------------------------------------------------------------------------


@theorem(source=SOURCE)
def balance(t):
    """For every m there is n between m^x and 2m^x, x = 1/(1+a), for which A n^(-a) + P n/m is at
    most (A + 2P) m^(-ax)."""
    t.example()
    (a, A, P, m, u), n = t.real("a A P m u"), t.nat("n")
    t.given(a > 0, A >= 0, P >= 0, m >= 1)
    x = t.read(rates.BALANCE)
    top, order = m**x, m ** (-(a * x))
    best = natceil(top)
    _, many = rounded_up(t, best, top)
    with t.let(u, given=[u >= top]) as falls:
        t.show(u ** (-a) <= order, by=falls.facts)
    same = t.show((top / m).eq(order))
    samples = t.show(best / m <= 2 * order, by=[many, same], opaque=[top, order])
    bound = (A + 2 * P) * order
    risk = A * best ** (-a) + P * best / m
    t.show(risk <= bound, by=[falls(best), samples], opaque=[order, best ** (-a)])
    return t.witness(ThereIs(n, top <= n, n <= 2 * top, A * n ** (-a) + P * n / m <= bound), best)


@theorem(source=SOURCE)
def balance_is_best(t):
    """No n does better: A n^(-a) + P n/m >= min(A, P) m^(-ax) for every n, since one term is as
    large as that."""
    t.example()
    a, A, P, m, n = t.real("a A P m n")
    t.given(a > 0, A >= 0, P >= 0, m >= 1)
    x = t.read(rates.BALANCE)
    top, order = m**x, m ** (-(a * x))
    same, sign = t.show((top / m).eq(order)), t.show(order >= 0)
    with t.let(n, given=[n > 0]) as every:
        falls = n ** (-a)
        goal = A * falls + P * n / m >= Min(A, P) * order
        rest = t.show(And(falls >= 0, n / m >= 0))
        with t.suppose(n <= top) as few:
            one = t.show(falls >= order, by=[*every.facts, *few.facts])
            t.show(goal, by=[one, rest, sign], opaque=[order, falls])
        with t.suppose(top < n) as many:
            two = t.show(n / m >= order, by=[*many.facts, same], opaque=[top, order])
            t.show(goal, by=[two, rest, sign], opaque=[order, falls])
        t.cases(n, top, few, many)
    return every.fact


def on_a_fixed_box(t, version):
    """Both, with the exponents of a version."""
    t.example()
    (A, P, m), d = t.real("A P m"), t.nat("d")
    t.given(A >= 0, P >= 0, m >= 1, d >= 1)
    r = rates.RATES[version]
    a, neurons, excess = (t.read(e) for e in (r.approximation, r.neurons, r.excess))
    t.show(a > 0)
    x = t.quoted(rates.BALANCE, a=a)
    known = [t.use(f"rates.{name}", {"a": a}) for name in ("balance", "balance_is_best")]
    best, least = (t.replace(fact, (x, neurons), (a * neurons, excess)) for fact in known)
    return t.show(And(best.formula, least.formula))


@theorem(source=SOURCE)
def where_f2_is_positive(t):
    """On a fixed box, where f2 >= c: a = 1 + 3/d, so that n = m^(d/(2d+3)) neurons are best and the
    risk is of the order m^(-(d+3)/(2d+3))."""
    return on_a_fixed_box(t, "weighted")


@theorem(source=SOURCE)
def for_every_f2(t):
    """On a fixed box, without positivity: a = 1/2 + 3/(2d), so that n = m^(2d/(3d+3)) neurons are
    best and the risk is of the order m^(-(d+3)/(3d+3))."""
    return on_a_fixed_box(t, "positivity_free")


# -- on the whole space ----------------------------------------------------------------------------


class GrowingBox:
    """The risk on the whole space, and its order m^(-y), y = a/(1 + a + dq)."""

    def __init__(self, t):
        self.a, self.d, self.q, self.s = t.real("a d q s")
        self.A, self.P, self.T, self.m = t.real("A P T m")
        t.given(self.a > 0, self.d >= 1, self.q >= 0, self.s >= 0)
        t.given(self.A >= 0, self.P >= 0, self.T >= 0, self.m >= 1)
        self.y = t.read(rates.GROWING)
        self.top, self.order = self.m ** (1 - self.y), self.m ** (-self.y)
        self.growth = self.m ** (self.d * self.q * self.y)
        t.show(And(self.y > 0, self.y < 1))
        self.same = t.show((self.top / self.m).eq(self.order))

    def positivity(self, z):
        """c^(-q) with c = exp(-d(z + s)²/2)."""
        return exp(self.d * self.q * (z + self.s) ** 2 / 2)

    def risk(self, n, z):
        """From the approximation, from the samples, and off the box."""
        approximation = self.A * self.positivity(z) * n ** (-self.a)
        return approximation + self.P * n / self.m + self.T * exp(-(z**2 / 2))


@theorem(source=SOURCE)
def growing_box(t):
    """For every m there are n and a box of z = √(2y log m) with which the risk on the whole space
    is at most (A exp(dqs(z + s/2)) + 2P + T) m^(-y), y = a/(1+a+dq): the exponential grows like
    that of √(log m), slower than any power."""
    b, n, (z, u) = GrowingBox(t), t.nat("n"), t.real("z u")
    best, box = natceil(b.top), sqrt(2 * b.y * log(b.m))
    _, many = rounded_up(t, best, b.top)
    with t.let(u, given=[b.top <= u]) as falls:
        t.show(u ** (-b.a) * b.growth <= b.order, by=falls.facts)
    with t.let(z) as parts:
        first, second = exp(b.d * b.q * (z**2 / 2)), exp(b.d * b.q * b.s * (z + b.s / 2))
        t.show(b.positivity(z).eq(first * second))
    half = t.show((b.y * log(b.m)).eq(box**2 / 2), by=[t.show(2 * b.y * log(b.m) >= 0)])
    tail = t.rewrite(half, t.show(exp(-(b.y * log(b.m))).eq(b.order)))
    grown = t.rewrite(half, t.show(exp(b.d * b.q * (b.y * log(b.m))).eq(b.growth)))
    samples = t.show(best / b.m <= 2 * b.order, by=[many, b.same], opaque=[b.top, b.order])
    slow = exp(b.d * b.q * b.s * (box + b.s / 2))
    opaque = [b.order, b.growth, best ** (-b.a), slow, b.positivity(box)]
    opaque += [fact.formula.args[0] for fact in (grown, tail)]
    approximation = t.show(
        b.A * b.positivity(box) * best ** (-b.a) <= b.A * slow * b.order,
        by=[falls(best), parts(box), grown, t.show(slow >= 0)],
        opaque=opaque,
    )
    bound = (b.A * slow + 2 * b.P + b.T) * b.order
    t.show(b.risk(best, box) <= bound, by=[approximation, samples, tail], opaque=opaque)
    return t.witness(ThereIs(n, b.top <= n, n <= 2 * b.top, b.risk(n, box) <= bound), best)


@theorem(source=SOURCE)
def growing_box_is_best(t):
    """No n and no box do better: the risk is at least min(A, P, T) m^(-y), since always one of the
    three terms is as large as that."""
    b, (n, z) = GrowingBox(t), t.real("n z")
    least, level = Min(Min(b.A, b.P), b.T) * b.order, b.y * log(b.m)
    with t.let(n, z, given=[n > 0, z >= 0]) as every:
        terms = (b.positivity(z), n ** (-b.a), exp(-(z**2 / 2)))
        goal, sign = b.risk(n, z) >= least, t.show(b.order >= 0)
        signs = [sign, *(t.show(term >= 0) for term in terms), t.show(n / b.m >= 0)]
        opaque = [b.order, *terms]
        with t.suppose(n <= b.top) as few:
            with t.suppose(z**2 / 2 <= level) as small:
                tail = t.show(terms[2] >= b.order, by=small.facts)
                t.show(goal, by=[tail, *signs], opaque=opaque)
            with t.suppose(level < z**2 / 2) as large:
                one = t.show(terms[1] * b.growth >= b.order, by=few.facts)
                two = t.show(terms[0] >= b.growth, by=large.facts)
                t.show(goal, by=[one, two, *signs], opaque=[*opaque, b.growth])
            t.cases(z**2 / 2, level, small, large)
        with t.suppose(b.top < n) as many:
            samples = t.show(n / b.m >= b.order, by=[*many.facts, b.same], opaque=[b.top, b.order])
            t.show(goal, by=[samples, *signs], opaque=opaque)
        t.cases(n, b.top, few, many)
    return every.fact


def on_the_whole_space(t, version):
    """Both, with the exponents of a version and its power of c."""
    t.example()
    r, (n, d), z = rates.RATES[version], t.nat("n d"), t.real("z")
    A, P, T, m, s = t.real("A P T m s")
    t.given(d >= 1, A >= 0, P >= 0, T >= 0, m >= 1, s >= 0)
    a, whole, q = t.read(r.approximation), t.read(r.whole), number(r.power)
    t.show(a > 0)
    y, order, box = t.quoted(rates.GROWING, a=a, q=q), m ** (-whole), sqrt(2 * whole * log(m))

    def growth(exponent):
        return exp(r.power * d * exponent) if r.power else number(1)

    def risk(n, z):
        return A * growth((z + s) ** 2 / 2) * n ** (-a) + P * n / m + T * exp(-(z**2 / 2))

    def stated(goal, fact, n, z):
        """The goal, without the factor q in exponents."""
        old = exp(d * q * (z + s) ** 2 / 2), exp(d * q * s * (z + s / 2))
        new = growth((z + s) ** 2 / 2), growth(s * (z + s / 2))
        same = [t.show(left.eq(right)) for left, right in zip(old, new, strict=True)]
        powers = [order, n ** (-a), exp(-(z**2 / 2))]
        opaque = [*old, *powers, *(e for e in new if r.power)]
        return t.show(goal, by=[t.replace(fact, (y, whole)), *same], opaque=opaque)

    best = t.use("rates.growing_box", {"a": a, "q": q, "d": d})
    least = t.use("rates.growing_box_is_best", {"a": a, "q": q, "d": d})
    bound = (A * growth(s * (box + s / 2)) + 2 * P + T) * order
    with t.obtain(best, "j") as found:
        stated(risk(found.value, box) <= bound, found.facts[2], found.value, box)
        t.witness(ThereIs(n, risk(n, box) <= bound), found.value)
    u = t.real("u")
    with t.let(u, z, given=[u > 0, z >= 0]) as every:
        stated(risk(u, z) >= Min(Min(A, P), T) * order, least(u, z), u, z)
    return t.show(And(found.fact.formula, every.fact.formula))


@theorem(source=SOURCE)
def weighted_on_the_whole_space(t):
    """`weighted`, where A grows like 1/c: the risk on the whole space is of the order
    m^(-(d+3)/(d²+2d+3))."""
    return on_the_whole_space(t, "weighted")


@theorem(source=SOURCE)
def uniform_on_the_whole_space(t):
    """`uniform`, where A grows like 1/c²: of the order m^(-(d+3)/(2d²+2d+3))."""
    return on_the_whole_space(t, "uniform")


@theorem(source=SOURCE)
def positivity_free_on_the_whole_space(t):
    """`positivity_free`, where A does not grow: of the order m^(-(d+3)/(3d+3)), as on a fixed
    box."""
    return on_the_whole_space(t, "positivity_free")


@theorem(source=SOURCE)
def positivity_does_not_help(t):
    """On the whole space the versions that need positivity have no better order."""
    t.example()
    d = t.nat("d")
    t.given(d >= 1)
    uniform, weighted, free = (t.quoted(r.whole) for r in rates.RATES.values())
    return t.show(And(uniform <= weighted, weighted <= free))
