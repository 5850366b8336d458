"""What the end-to-end bound takes of the ratio class at one step: the output clip, and the size of
the parameters.

Constants are those of `boundcheck.theory.formulas.end_to_end`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, exp, sqrt
from boundcheck.theorems.author.words import And, In, LivesOn, Mean, Sum, function
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas import end_to_end, ratio

SOURCE = "derived here"


@theorem(source=SOURCE)
def uniform_with_the_output_clip(t):
    """Where g has E q |f - g|² <= uniform_squared, an output clip that is off by at most 1/M has
    E q |f - r|² <= UNIFORM, for weights q >= 0 with E q <= 1."""
    X = t.space("X")
    pi, x = t.law("pi", X), t.variable("x", X)
    q, f, g, r = (h(x) for h in t.function("q f g r", X))
    R, sigma, d, b, c, M, e = t.real("R sigma d b c M error_l2")
    t.given(R > 0, sigma > 0, d >= 1, b >= 0, c > 0, M > 0, e > 0)
    squared = t.quoted(ratio.UNIFORM_SQUARED, mass=1)
    weight, clip = t.given(LivesOn(pi, x, q >= 0), LivesOn(pi, x, Abs(f - r) <= Abs(f - g) + 1 / M))
    less, mass = t.given(Mean(q * (f - g) ** 2, (x, pi)) <= squared, Mean(q, (x, pi)) <= 1)
    lam, p, z, y = t.real("lam p z y")
    with t.let(p, z, y, lam, given=[p >= 0, lam > 0, Abs(z) <= Abs(y) + 1 / M]) as young:
        one = t.show((Abs(y) + 1 / M) ** 2 <= (1 + lam) * y**2 + (1 + 1 / lam) / M**2)
        two = t.show(z**2 <= (Abs(y) + 1 / M) ** 2, by=young.facts)
        both = t.show(z**2 <= (1 + lam) * y**2 + (1 + 1 / lam) / M**2, by=[one, two])
        goal = p * z**2 <= (1 + lam) * (p * y**2) + (1 + 1 / lam) / M**2 * p
        t.show(goal, by=[both, *young.facts])
    root = sqrt(squared)
    positive = t.show(squared > 0)
    side = t.show(And(root > 0, (root**2).eq(squared)), by=positive, opaque=[squared])
    best = 1 / (M * root)
    with t.let(y, given=[y > 0]) as inverse:
        t.show(And(1 / (M * y) > 0, (1 / (1 / (M * y))).eq(M * y), (1 / (M * y) * y).eq(1 / M)))
    rate = inverse(root, by=side)
    with t.let(x, given=[In(x, pi)]) as pointwise:
        goal = young(q, f - r, f - g, best, by=[weight(x), clip(x), *rate])
        t.together(goal, t.show(q * (f - r) ** 2 >= 0, by=weight(x)))
    mean, old = Mean(q * (f - r) ** 2, (x, pi)), less.left
    price = (1 + 1 / best) / M**2
    bound = (1 + best) * old + price * mass.left
    hidden = {"at": x, "opaque": [1 + best, price, q * (f - r) ** 2, q * (f - g) ** 2]}
    t.exists(mean, by=pointwise.fact, bound=bound, **hidden)
    found = t.average(mean <= bound, by=pointwise.fact, **hidden)
    total = (1 + best) * squared + price
    above = t.show(bound <= total, by=[less, mass, *rate], opaque=[best, squared, root])
    last = t.show(total.eq((root + 1 / M) ** 2), by=[*rate, *side], opaque=[best, squared, root])
    hidden = [mean, bound, total, last.right]
    return t.show(mean <= t.read(end_to_end.UNIFORM), by=[found, above, last], opaque=hidden)


@theorem(source=SOURCE)
def slope_at_the_origin(t):
    """|u|_1/σ² exp(-|u|²/(2σ²)), whose mean bounds |∇f2(0)|_1, is at most slope."""
    u, (i, d), (sigma, z) = t.sequence("u", REAL), t.nat("i d"), t.real("sigma z")
    t.given(sigma > 0, d >= 1)
    t.example(sigma=1, d=1)
    with t.let(z, given=[z >= 0]) as wave:
        t.show(z * exp(-(z**2) / 2) <= exp(-(expr(1) / 2)), by=wave.facts)
    squares, size = Sum(u(i) ** 2, (i, 1, d)), Sum(Abs(u(i)), (i, 1, d))
    ones = Sum(expr(1) ** 2, (i, 1, d))
    bound, power = t.read(end_to_end.SLOPE), exp(-squares / (2 * sigma**2))
    root = t.show(And(sqrt(d) > 0, (sqrt(d) ** 2).eq(d)))
    with t.let(u) as pointwise:
        least = t.add_up(squares >= 0 * ones)
        length = sqrt(squares)
        side = t.show(And(length >= 0, (length**2).eq(squares)), by=least)
        values = {
            "u": function(i, Abs(u(i))),
            "w": function(i, 1),
            "n": d,
            "a": length,
            "b": sqrt(d),
        }
        same = t.add_up(Sum(Abs(u(i)) ** 2, (i, 1, d)).eq(squares))
        first = t.show(same.left <= length**2, by=[same, side], opaque=[length])
        count = t.count(ones)
        second = t.show(ones <= sqrt(d) ** 2, by=[count, root], opaque=[sqrt(d)])
        product = t.use("sums.cauchy_schwarz", values, by=[first, second, *root, *side])
        whole = t.add_up(size.eq(product.left.args[0]))
        hidden = [length, sqrt(d), *whole.formula.args]
        most = t.show(size <= sqrt(d) * length, by=[whole, product], opaque=hidden)
        z_ = length / sigma
        above = t.show(z_ >= 0, by=side, opaque=[length])
        peak = wave(z_, by=above)
        same = t.show((-(z_**2) / 2).eq(-squares / (2 * sigma**2)), by=side, opaque=[length])
        positive = t.show(power > 0)
        peak = t.rewrite(same, peak)
        goal = size / sigma**2 * power <= bound
        t.show(goal, by=[most, peak, positive, *root], opaque=[length, sqrt(d), power])
    return pointwise.fact


@theorem(source=SOURCE)
def parameters_of_the_construction(t):
    """THETA is at least 1, Rd, 3V, S and |g - RS|, and b times each, for |g| <= 1 and 0 <= S <=
    slope: with g = f2(0) and S = |∇f2(0)|_1 those are the parameters of the shallow layers."""
    d, R, V, slope, b, S, g = t.real("d R V slope b S g")
    t.given(d >= 1, R > 0, V > 0, slope > 0, b >= 0, S >= 0, S <= slope, Abs(g) <= 1)
    t.example(d=1, R=1, V=1, slope=1, b=1, S=0, g=0)
    theta, most = t.read(end_to_end.THETA), Max(R * d, 3 * V, slope, 1 + R * slope)
    sizes, z = (expr(1), R * d, 3 * V, S, Abs(g - R * S)), t.real("z")
    with t.let(z, given=[z >= 0, z <= most]) as each:
        hidden = [most]
        one = t.show(z <= theta, by=each.facts, opaque=hidden)
        t.together(one, t.show(b * z <= theta, by=each.facts, opaque=hidden))
    below = t.show(R * S <= R * slope)
    found = []
    for size in sizes:
        known = [t.show(size >= 0), t.show(size <= most, by=below)]
        found.append(each(size, by=known))
    return t.together(*found)
