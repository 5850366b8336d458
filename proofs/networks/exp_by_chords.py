"""exp by a piecewise linear function, and that by SignReLU neurons.

Ê interpolates exp at the n + 1 knots -Λ + ih of [-Λ, Λ], h = 2Λ/n, and is constant outside; in the
place of its kinks stands SignReLU of scale M. The constants are those of
`boundcheck.theory.formulas.approximation.softmax`.
"""

from boundcheck import theorem
from boundcheck.math import Max, exp
from boundcheck.theorems.author.words import And, Forall, Sum, signrelu
from boundcheck.theorems.language.expr import expr
from boundcheck.theory.formulas.approximation import softmax

SOURCE = "derived here"


def step(M, v):
    """max(v, 0), up to 1/M."""
    return signrelu(M * v) / M


def knot(Lambda, h, i):
    """Knot number i, from 0."""
    return -Lambda + i * h


def interpolant(Lambda, h, M, i, n, v):
    """Ê with n pieces; piece i rises by the difference of exp at its ends."""
    left, right = knot(Lambda, h, i - 1), knot(Lambda, h, i)
    slope = (exp(right) - exp(left)) / h
    return exp(-Lambda) + Sum(slope * (step(M, v - left) - step(M, v - right)), (i, 1, n))


@theorem(source=SOURCE)
def chord_of_exp(t):
    """From y to y + h the chord of exp is at least exp, and at most exp(h²/8) times exp."""
    y, h, v = t.real("y h v")
    t.given(h > 0, y <= v, v <= y + h)
    t.example(h=1, y=0, v=0)
    p = (v - y) / h
    t.show(And(p >= 0, p <= 1))
    low, high = t.use("concentration.chord_of_exp", {"p": p, "h": h})
    chord = exp(y) + (exp(y + h) - exp(y)) / h * (v - y)
    unit = 1 - p + p * exp(h)
    same = t.show(chord.eq(exp(y) * unit))
    low = t.replace(low, (p * h, v - y))
    high = t.replace(high, (p * h + h**2 / 8, v - y + h**2 / 8))
    shift = t.show(exp(v).eq(exp(y) * exp(v - y)))
    parts = [chord, unit, exp(v), exp(y), exp(v - y)]
    below = t.show(exp(v) <= chord, by=[same, low, shift, t.show(exp(y) > 0)], opaque=parts)
    bound = exp(h**2 / 8) * exp(v)
    shift = t.show(bound.eq(exp(y) * exp(v - y + h**2 / 8)))
    parts = [chord, unit, bound, exp(y), exp(v - y + h**2 / 8)]
    above = t.show(chord <= bound, by=[same, high, shift, t.show(exp(y) > 0)], opaque=parts)
    return t.together(below, above)


@theorem(source=SOURCE)
def kinks_by_signrelu(t):
    """What SignReLU of scale M is below max(v, 0) is from 0 to 1/M, and falls in v."""
    M, u, v = t.real("M u v")
    t.given(M > 0, u <= v)
    t.example(M=1, u=0, v=0)
    gap = [Max(z, 0) - step(M, z) for z in (u, v)]
    return t.show(And(gap[1] >= 0, gap[1] <= gap[0], gap[0] <= 1 / M))


def by_kinks(Lambda, h, i, n, v):
    """The interpolant with max(., 0) in the place of SignReLU."""
    left, right = knot(Lambda, h, i - 1), knot(Lambda, h, i)
    slope = (exp(right) - exp(left)) / h
    return exp(-Lambda) + Sum(slope * (Max(v - left, 0) - Max(v - right, 0)), (i, 1, n))


@theorem(source=SOURCE)
def chords_of_exp(t):
    """The first n pieces: up to knot n they are between exp and max(exp(-Λ), exp(h²/8) exp), and
    behind it exp(-Λ + nh)."""
    (Lambda, h, v), (i, n) = t.real("Lambda h v"), t.nat("i n")
    t.given(h > 0)
    t.example(h=1, Lambda=0)
    most, low = exp(h**2 / 8), exp(-Lambda)

    def E(n):
        return by_kinks(Lambda, h, i, n, v)

    def before(n):
        return And(exp(v) <= E(n), E(n) <= Max(low, most * exp(v)))

    def behind(n):
        return E(n).eq(exp(knot(Lambda, h, n)))

    def claim(n):
        end = knot(Lambda, h, n)
        return And(Forall(v, before(n), [v <= end]), Forall(v, behind(n), [end <= v]))

    zero = expr(0)
    with t.let(v) as none:
        t.show(E(zero).eq(low), by=t.empty(E(zero).args[1]))
    with t.let(v, given=[v <= knot(Lambda, h, zero)]) as first:
        small = t.show(exp(v) <= low, by=first.facts)
        t.show(before(zero), by=[small, none.fact], opaque=[most, low, exp(v)])
    with t.let(v, given=[knot(Lambda, h, zero) <= v]) as last:
        t.replace(none.fact(v), (low, exp(knot(Lambda, h, zero))))
    with t.induct(claim(n), n, base=[first.fact, last.fact]) as grows:
        up_to, beyond = grows.hypothesis
        y = knot(Lambda, h, n)
        right = t.show((y + h).eq(knot(Lambda, h, n + 1)))
        left = t.show(y.eq(knot(Lambda, h, n + 1 - 1)))
        with t.let(v) as more:
            new = t.unroll(E(n + 1).args[1])
            new = t.rewrite(t.symmetric(right), t.rewrite(t.symmetric(left), new))
            t.show(
                E(n + 1).eq(
                    E(n) + (exp(y + h) - exp(y)) / h * (Max(v - y, 0) - Max(v - (y + h), 0))
                ),
                by=new,
            )
        with t.let(v, given=[v <= knot(Lambda, h, n + 1)]) as early:
            with t.suppose(v <= y) as one:
                flat = t.show((Max(v - y, 0) - Max(v - (y + h), 0)).eq(0), by=one.facts)
                same = t.show(E(n + 1).eq(E(n)), by=[more.fact, flat])
                t.show(
                    before(n + 1), by=[same, up_to(v)], opaque=[E(n), E(n + 1), most, low, exp(v)]
                )
            with t.suppose(y < v) as other:
                inside = t.show(v <= y + h, by=[right, *early.facts])
                rise = t.show(
                    (Max(v - y, 0) - Max(v - (y + h), 0)).eq(v - y), by=[inside, *other.facts]
                )
                start = beyond(v)
                chord = t.use("exp_by_chords.chord_of_exp", {"y": y})
                lines = [exp(y), exp(y + h)]
                value = exp(y) + (exp(y + h) - exp(y)) / h * (v - y)
                same = t.show(E(n + 1).eq(value), by=[more.fact, rise, start], opaque=lines)
                t.show(
                    before(n + 1), by=[same, *chord], opaque=[E(n + 1), value, most, low, exp(v)]
                )
            t.cases(v, y, one, other)
        with t.let(v, given=[knot(Lambda, h, n + 1) <= v]) as late:
            beyond_both = t.show(And(y <= v, y + h <= v), by=[right, *late.facts])
            rise = t.show((Max(v - y, 0) - Max(v - (y + h), 0)).eq(h), by=beyond_both)
            value = t.show(
                E(n + 1).eq(exp(y + h)),
                by=[more.fact, rise, beyond(v)],
                opaque=[exp(y), exp(y + h)],
            )
            t.rewrite(right, value)
        t.together(early.fact, late.fact)
    return grows.fact


@theorem(source=SOURCE)
def cost_of_signrelu(t):
    """SignReLU in the place of kinks makes the interpolant larger, by at most exp(-Λ + nh)/M."""
    (Lambda, h, M, v), (i, n) = t.real("Lambda h M v"), t.nat("i n")
    t.given(h > 0, M > 0)
    t.example(h=1, M=1, Lambda=0)

    def E(n):
        return interpolant(Lambda, h, M, i, n, v)

    def plain(n):
        return by_kinks(Lambda, h, i, n, v)

    def gap(n):
        return Max(v - knot(Lambda, h, n), 0) - step(M, v - knot(Lambda, h, n))

    def claim(n):
        top = exp(knot(Lambda, h, n)) * gap(n)
        return And(E(n) - plain(n) >= 0, E(n) - plain(n) <= top)

    zero = expr(0)
    start = v - knot(Lambda, h, zero)
    kinks = t.use("exp_by_chords.kinks_by_signrelu", {"u": start, "v": start})
    none = [t.empty(E(zero).args[1]), t.empty(plain(zero).args[1]), *kinks]
    ends = [exp(knot(Lambda, h, zero)), gap(zero)]
    D, p, q, f, g, s = t.real("D p q f g s")
    known = [D >= 0, D <= p * f, f >= 0, f <= g, p <= q, s >= 0, s <= q]
    with t.let(D, p, q, f, g, s, given=known) as larger:
        t.show(And(D + s * (g - f) >= 0, D + s * (g - f) <= q * g), by=larger.facts)
    with t.induct(claim(n), n, base=[*none, t.show(ends[0] > 0)]) as grows:
        y, z = knot(Lambda, h, n), knot(Lambda, h, n + 1)
        left = t.show(knot(Lambda, h, n + 1 - 1).eq(y))
        new = [t.rewrite(left, t.unroll(f(n + 1).args[1])) for f in (E, plain)]
        t.use("exp_by_chords.kinks_by_signrelu", {"u": v - z, "v": v - y})
        width = t.show(z.eq(y + h))
        t.show(exp(y) <= exp(z), by=width)
        slope = (exp(z) - exp(y)) / h
        t.show(slope >= 0, by=width)
        t.show(slope <= exp(z), by=width)
        smaller = E(n) - plain(n)
        step_ = larger(smaller, exp(y), exp(z), gap(n), gap(n + 1), slope)
        hidden = [slope, exp(-Lambda)]
        same = t.show(
            (E(n + 1) - plain(n + 1)).eq(smaller + slope * (gap(n + 1) - gap(n))),
            by=new,
            opaque=hidden,
        )
        t.rewrite(t.symmetric(same), step_)
    return grows.fact


@theorem(source=SOURCE)
def interpolant_of_exp(t):
    """Ê with n pieces is from exp to exp(Λ²/(2n²)) exp + exp(-Λ) + exp(Λ)/M up to Λ, and at least
    exp(Λ) behind it."""
    (Lambda, M, v), (i, n) = t.real("Lambda M v"), t.nat("i n")
    t.given(Lambda > 0, M > 0, n >= 1)
    t.example(Lambda=1, M=1, n=1)
    h = 2 * Lambda / n
    t.show(h > 0)
    chord, surplus = t.read(softmax.CHORD), t.read(softmax.SURPLUS)
    E, plain = interpolant(Lambda, h, M, i, n, v), by_kinks(Lambda, h, i, n, v)
    same = t.show(knot(Lambda, h, n).eq(Lambda))
    wide = t.show(exp(h**2 / 8).eq(chord))
    before, behind = t.use("exp_by_chords.chords_of_exp", {"h": h})(n)
    cost = t.use("exp_by_chords.cost_of_signrelu", {"h": h})(n)
    more, less = t.rewrite(same, cost)
    gap = t.use("exp_by_chords.kinks_by_signrelu", {"u": v - Lambda, "v": v - Lambda})
    top = t.show(
        exp(Lambda) * (Max(v - Lambda, 0) - step(M, v - Lambda)) <= exp(Lambda) / M,
        by=gap,
        opaque=[exp(Lambda)],
    )
    most = t.chain(less, top)
    hidden = [E, plain, exp(v), exp(-Lambda), exp(Lambda), chord]
    with t.suppose(v <= Lambda) as early:
        start = t.show(v <= knot(Lambda, h, n), by=[same, *early.facts])
        low, high = t.rewrite(wide, before(v, by=start))
        t.show(
            And(exp(v) <= E, E <= chord * exp(v) + surplus),
            by=[
                low,
                high,
                more,
                most,
                t.show(exp(v) > 0),
                t.show(exp(-Lambda) > 0),
                t.show(chord > 0),
            ],
            opaque=hidden,
        )
    with t.suppose(Lambda <= v) as late:
        start = t.show(knot(Lambda, h, n) <= v, by=[same, *late.facts])
        value = t.rewrite(same, behind(v, by=start))
        t.show(exp(Lambda) <= E, by=[more, value], opaque=hidden)
    return t.together(early.fact, late.fact)
