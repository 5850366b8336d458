"""Lower bounds: no learner tells two laws from each other that m images hardly do.

e is the sign of an image, 1 or -1. In the first law, the fair coin, its mean is 0: so the two
signs have the same probability. Tilted by delta, it has the density 1 + delta e, or 1 - delta e,
with respect to the fair coin, so that its mean is delta, or -delta. s(1), s(2), ... are independent
fair signs; m of them have by the tilted laws the density Π(1 ± delta s(i)).

The image is B e. X is its noisy version, drawn by pi if the coin is fair, and T(X) is then the mean
of e given X. By the tilted laws X has the density 1 ± delta T with respect to pi, and the image has
the mean f_±(X) = B(T ± delta)/(1 ± delta T) given X: by Bayes' formula. Ψ is E(1 - T²)².

What is learnt is fhat(s, z, .): s are the signs, z whatever else is drawn by means of them (the
noises that the learner adds, however often), and of s it is s(1), ..., s(m) alone whose law depends
on the tilt.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    LivesOn,
    Mean,
    Product,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import lower_bounds

SOURCE = "Le Cam, 1973; these constants and this proof are derived here"


def tilted(T, delta, B):
    """f_+, and f_- with -delta for delta."""
    return B * (T + delta) / (1 + delta * T)


@theorem(source=SOURCE)
def predictors_apart(t):
    """f_+ - f_- is at least 2 B delta (1 - T²)."""
    T, delta, B = t.real("T delta B")
    t.given(T >= -1, T <= 1, delta >= 0, delta < 1, B >= 0)
    t.example(T=0, delta=0, B=1)
    plus, minus = tilted(T, delta, B), tilted(T, -delta, B)
    ends = [t.show(1 + delta * T > 0), t.show(1 - delta * T > 0)]
    whole = t.show((plus - minus).eq(2 * B * delta * (1 - T**2) / (1 - delta**2 * T**2)), by=ends)
    return t.show(plus - minus >= 2 * B * delta * (1 - T**2), by=whole)


@theorem(source=SOURCE)
def one_prediction(t):
    """A prediction F is wrong by one law or by the other: with weights a, b >= c,
    a(1 + delta T)(F - f_+)² + b(1 - delta T)(F - f_-)² is at least 2c(1 - delta)(delta B(1 - T²))².
    """
    T, delta, B, F, a, b, c, u, v = t.real("T delta B F a b c u v")
    t.given(T >= -1, T <= 1, delta >= 0, delta < 1, B >= 0, a >= c, b >= c, c >= 0)
    t.example(T=0, delta=0, B=1, a=1, b=1, c=1)
    plus, minus = tilted(T, delta, B), tilted(T, -delta, B)
    apart = t.use("lower_bounds.predictors_apart")
    gap = 2 * B * delta * (1 - T**2)
    positive = t.show(gap >= 0)
    with t.let(u, v, given=[u - v >= gap]) as squares:
        half = t.show((F - u) ** 2 + (F - v) ** 2 >= (u - v) ** 2 / 2)
        large = t.show((u - v) ** 2 >= gap**2, by=[positive, *squares.facts], opaque=[gap])
        t.show((F - u) ** 2 + (F - v) ** 2 >= gap**2 / 2, by=[half, large], opaque=[gap])
    both = squares(plus, minus, by=apart)
    one, other = (F - plus) ** 2, (F - minus) ** 2
    signs = [t.show(one >= 0, by=apart), t.show(other >= 0, by=apart)]
    weights = [
        t.show(a * (1 + delta * T) >= c * (1 - delta)),
        t.show(b * (1 - delta * T) >= c * (1 - delta)),
    ]
    products = [
        t.show(w.left * q >= w.right * q, by=[w, s], opaque=[w.left, w.right, q])
        for w, s, q in zip(weights, signs, (one, other), strict=True)
    ]
    whole = products[0].left + products[1].left
    low = t.show(c * (1 - delta) >= 0)
    bound = c * (1 - delta) * (gap**2 / 2)
    hidden = [one, other, gap, c * (1 - delta), products[0].left, products[1].left]
    found = t.show(whole >= bound, by=[*products, both, low], opaque=hidden)
    goal = whole >= 2 * c * (1 - delta) * (delta * B * (1 - T**2)) ** 2
    return t.show(goal, by=found, opaque=[products[0].left, products[1].left])


@theorem(source=SOURCE)
def one_error(t):
    """(1 + delta T)(F - f_+)² is between 0 and 2(B + C)², where C bounds F."""
    T, delta, B, F, C = t.real("T delta B F C")
    t.given(T >= -1, T <= 1, delta < 1, delta > -1, B >= 0)
    size = t.given(Abs(F) <= C)
    t.example(T=0, delta=0, B=1, F=0, C=0)
    f = (T + delta) / (1 + delta * T)
    positive = t.show(And(1 + delta * T > 0, 1 + delta * T <= 2))
    within = t.show(And(f >= -1, f <= 1), by=positive)
    split = t.show(tilted(T, delta, B).eq(B * f), by=positive)
    small = t.show(Abs(F - B * f) <= B + C, by=[within, size], opaque=[f])
    square = t.show((F - B * f) ** 2 <= (B + C) ** 2, by=small, opaque=[f])
    error = (F - tilted(T, delta, B)) ** 2
    same = t.show(error.eq((F - B * f) ** 2), by=split, opaque=[f, tilted(T, delta, B)])
    least = t.show(error >= 0, by=positive)
    whole = (1 + delta * T) * error
    goal = And(whole >= 0, whole <= 2 * (B + C) ** 2)
    return t.show(goal, by=[same, square, least, positive], opaque=[error, f])


@theorem(source=SOURCE)
def smaller_likelihood(t):
    """The smaller one of two numbers with the sum w and a product of at least 1 - r² is at least
    (w - 2r - (w - 2)/r)/2: so it is 1 - r on average, if w is 2."""
    a, b, r, u, v = t.real("a b r u v")
    t.given(a > 0, b > 0, r > 0, r <= 1)
    product = t.given(a * b >= 1 - r**2)
    t.example(a=1, b=1, r=1)
    w = a + b
    line = 2 * r + (w - 2) / r
    t.exists(line)
    square = t.show((line**2).eq(w**2 - 4 * (1 - r**2) + (w - 2) ** 2 * (1 / r**2 - 1)))
    more = t.show((w - 2) ** 2 * (1 / r**2 - 1) >= 0)
    high = t.show((a - b) ** 2 <= line**2, by=[square, more, product], opaque=[line, more.left])
    with t.let(u, v, given=[v >= 0, u**2 <= v**2]) as roots:
        parts = [t.show(sqrt(u**2) <= sqrt(v**2), by=roots.facts)]
        parts += [t.show(sqrt(k**2).eq(Abs(k))) for k in (u, v)]
        t.show(Abs(u) <= v, by=[*parts, *roots.facts], opaque=[p.left for p in parts])
    q = sqrt(1 - r**2)
    root = t.show(And(q >= 0, q <= 1, (q**2).eq(1 - r**2)))
    below = t.show(4 * (1 - r**2) <= w**2, by=product)
    square_of_root = t.show((2 * q) ** 2 <= w**2, by=[root, below], opaque=[q])
    mean = roots(2 * q, w, by=square_of_root)
    with t.let(u, given=[u >= 0, u <= 1]) as gap:
        t.show(u - u**2 >= 0)
    low = gap(q, by=root)
    long = t.show(2 * r**2 + w - 2 >= 0, by=[mean, low, root], opaque=[q])
    sign = t.show((r * line).eq(2 * r**2 + w - 2))
    least = t.show(line >= 0, by=[sign, long], opaque=[line])
    far = roots(a - b, line, by=[least, high])
    goal = Min(a, b) >= (w - line) / 2
    found = t.show(goal, by=far, opaque=[line])
    return t.show(Min(a, b) >= (w - 2 * r - (w - 2) / r) / 2, by=found)


class Learning:
    """The symbols that the following theorems have in common."""

    def __init__(self, t, best=False):
        self.t, self.X, self.Z = t, t.space("X"), t.space("Z")
        self.coin, self.e = t.law("coin", REAL), t.variable("e", REAL)
        self.s, self.signs = t.variable("s", seq(REAL)), samples(self.coin)
        self.i, self.m = t.nat("i m")
        self.B, self.C = t.real("B C")
        self.delta = 2 / (3 * sqrt(self.m)) if best else t.real("delta")
        self.x, self.z = t.variable("x", self.X), t.variable("z", self.Z)
        self.N = t.kernel("N", self.s.sort, on=self.Z)
        self.observed(t)
        if not best:
            t.given(self.delta > 0, self.delta < 1)

    def observed(self, t):
        """What is seen of an image, and the learner."""
        self.pi, self.T = t.law("pi", self.X), t.function("T", self.X)
        self.fhat = t.function("fhat", self.s.sort, self.Z, self.X)

    def each(self, formula):
        """The formula for each step, of which there is one."""
        return formula

    def fair(self):
        """The coin has the values 1 and -1, and the mean 0."""
        lives = LivesOn(self.coin, self.e, (self.e**2).eq(1))
        return self.t.given(lives, Mean(self.e, (self.e, self.coin)).eq(0))

    def learner(self):
        """T is between -1 and 1, and something bounds the learner."""
        size = Abs(self.fhat(self.s, self.z, self.x)) <= self.C
        sizes = And(self.T(self.x) >= -1, self.T(self.x) <= 1)
        self.t.given(self.B >= 0)
        bounded = Forall([self.s, self.z, self.x], size)
        return self.t.given(self.each(LivesOn(self.pi, self.x, sizes)), self.each(bounded))

    def density(self, sign):
        """Of the signs of m images, by the law tilted by delta, or by -delta."""
        return Product(1 + sign * self.delta * self.s(self.i), (self.i, 1, self.m))

    def error(self, sign):
        """The squared error, with the density of x by the tilted law."""
        T, delta = self.T(self.x), sign * self.delta
        gap = self.fhat(self.s, self.z, self.x) - tilted(T, delta, self.B)
        return (1 + delta * T) * gap**2

    def given_signs(self, sign):
        """What the learner loses, given the signs."""
        inner = Mean(self.error(sign), (self.x, self.pi))
        return Mean(inner, (self.z, self.N(self.s)))

    def risk(self, sign):
        """What the learner loses if the tilted law is the true one."""
        return Mean(self.density(sign) * self.given_signs(sign), (self.s, self.signs))

    def information(self):
        """Ψ."""
        return Mean((1 - self.T(self.x) ** 2) ** 2, (self.x, self.pi))


class Steps(Learning):
    """The same for each step k."""

    def __init__(self, t):
        super().__init__(t, best=True)
        self.n, self.w = t.nat("n"), t.function("w", NAT)

    def observed(self, t):
        self.k = t.nat("k")
        pi, T = t.kernel("pi", NAT, on=self.X), t.function("T", NAT, self.X)
        fhat = t.function("fhat", NAT, self.s.sort, self.Z, self.X)
        self.pi, self.T = pi(self.k), lambda x: T(self.k, x)
        self.fhat = lambda s, z, x: fhat(self.k, s, z, x)

    def each(self, formula):
        return Forall(self.k, formula)


@theorem(source=SOURCE)
def tilted_coin(t):
    """A law of signs with the mean delta is the fair coin with the density 1 + delta e: whatever
    function of the sign is asked for, the mean is the same."""
    e, delta = t.variable("e", REAL), t.real("delta")
    coin, other, u = t.law("coin", REAL), t.law("other", REAL), t.function("u", REAL)
    lives = t.given(*(LivesOn(law, e, (e**2).eq(1)) for law in (coin, other)))
    means = t.given(Mean(e, (e, coin)).eq(0), Mean(e, (e, other)).eq(delta))
    middle, half = (u(1) + u(-1)) / 2, (u(1) - u(-1)) / 2
    line = middle + half * e
    with t.let(e, given=[(e**2).eq(1)]) as affine:
        goal, square = u(e).eq(line), affine.facts[0]
        with t.suppose(e <= 0) as minus:
            same = t.show(e.eq(-1), by=[square, *minus.facts])
            t.show(goal, by=[t.at_equals(function(e, u(e)), same), same])
        with t.suppose(expr(0) < e) as plus:
            same = t.show(e.eq(1), by=[square, *plus.facts])
            t.show(goal, by=[t.at_equals(function(e, u(e)), same), same])
        t.cases(e, 0, minus, plus)
    cases = (
        (lives[1], u(e), middle, half, means[1].left),
        (
            lives[0],
            (1 + delta * e) * u(e),
            middle + delta * half,
            half + delta * middle,
            means[0].left,
        ),
    )
    found = []
    for known, value, start, slope, mean in cases:
        law = mean.args[0]
        with t.let(e, given=[In(e, law)]) as each:
            t.show(value.eq(start + slope * e), by=[affine(e, by=known(e)), known(e)])
        whole, size = Mean(value, (e, law)), Abs(start) + Abs(slope)
        with t.let(e, given=[In(e, law)]) as bounded:
            one = t.show(Abs(e) <= 1, by=known(e))
            t.show(Abs(value) <= size, by=[each(e), one])
        t.exists(whole, by=bounded.fact, bound=size)
        found.append(t.average(whole.eq(start + slope * mean), by=each.fact))
    return t.show(found[0].left.eq(found[1].left), by=[*found, *means])


@theorem(source=SOURCE)
def densities(t):
    """The densities of the signs of m images by the tilted laws are positive, their means are 1,
    and their product is (1 - delta²)^m."""
    a = Learning(t)
    lives, fair = a.fair()
    s, i, m, e, n = a.s, a.i, a.m, a.e, t.nat("n")

    def density(sign, n):
        return Product(1 + sign * a.delta * s(i), (i, 1, n))

    def ones(n):
        return Product(expr(1), (i, 1, n))

    with t.induct(ones(n).eq(1), n, base=t.empty(ones(0))) as units:
        t.show(units.goal, by=[units.hypothesis, t.unroll(ones(n + 1))])
    means = []
    for sign in (1, -1):
        one = Mean(1 + sign * a.delta * e, (e, a.coin))
        mean = t.show(one.eq(1), by=[t.average(one.eq(1 + sign * a.delta * fair.left)), fair])
        values = {"L": function(i, a.coin), "w": function([i, e], 1 + sign * a.delta * e), "n": m}
        product = t.use("independence.product_of_means", values, {"X": REAL}, by=mean)
        product = t.rewrite(mean, product)
        means.append(t.show(product.left.eq(1), by=[product, units(m)]))

    def claim(n):
        plus, minus = density(1, n), density(-1, n)
        return And(plus > 0, minus > 0, (plus * minus).eq((1 - a.delta**2) ** n))

    with t.let(s, given=[In(s, a.signs)]) as every:
        empty = [t.empty(density(sign, 0)) for sign in (1, -1)]
        with t.induct(claim(n), n, base=empty) as step:
            t.show(In(s(n + 1), a.coin))
            new = lives(s(n + 1))
            longer = [t.unroll(density(sign, n + 1)) for sign in (1, -1)]
            t.show(step.goal, by=[step.hypothesis, new, *longer])
        step(m)
    return t.together(*means, every.fact)


@theorem(source=SOURCE)
def given_the_signs(t):
    """Whatever the signs are, p times what is lost by one law and q times what is lost by the other
    add up to 2c(1 - delta)(delta B)² Ψ at least, if p and q are at least c >= 0. And both exist."""
    a = Learning(t)
    s, x, z = a.s, a.x, a.z
    p, q, c = t.real("p q c")
    t.given(p >= c, q >= c, c >= 0)
    sizes, bounded = a.learner()
    bound, size = 2 * c * (1 - a.delta) * (a.delta * a.B) ** 2, 2 * (a.C + a.B) ** 2
    information = a.information()
    t.exists(information, by=sizes, bound=1)
    with t.let(s) as every:
        inner = [Mean(a.error(sign), (x, a.pi)) for sign in (1, -1)]
        with t.let(z) as noise:
            with t.let(x, given=[In(x, a.pi)]) as each:
                values = {"T": a.T(x), "F": a.fhat(s, z, x), "a": p, "b": q}
                facts = [sizes(x), bounded(s, z, x)]
                found = [t.use("lower_bounds.one_prediction", values, by=facts)]
                for k in (a.delta, -a.delta):
                    values = {"T": a.T(x), "F": a.fhat(s, z, x), "delta": k}
                    found.append(t.use("lower_bounds.one_error", values, by=facts))
                t.together(*found)
            for mean in inner:
                t.exists(mean, by=each.fact, bound=size)
            whole = t.average(p * inner[0] + q * inner[1] >= bound * information, by=each.fact)
            ends = [t.average(mean >= 0, by=each.fact) for mean in inner]
            ends += [t.average(mean <= size, by=each.fact) for mean in inner]
            t.together(whole, *ends)
        outer = [a.given_signs(sign) for sign in (1, -1)]
        for mean in outer:
            t.exists(mean, by=noise.fact, bound=size)
        found = p * outer[0] + q * outer[1] >= bound * information
        found = t.average(found, by=noise.fact, law=a.N(s), fixed=[information])
        ends = [t.average(mean >= 0, by=noise.fact, law=a.N(s)) for mean in outer]
        ends += [t.average(mean <= size, by=noise.fact, law=a.N(s)) for mean in outer]
        t.together(found, *ends)
    return every.fact


@theorem(source="Bernoulli; this proof is derived here")
def bernoulli(t):
    """(1 - x)^n is at least 1 - n x for x in [0, 1]."""
    x, n = t.real("x"), t.nat("n")
    t.given(x >= 0, x <= 1)
    t.example(x=0)
    claim = And((1 - x) ** n >= 1 - n * x, (1 - x) ** n <= 1, (1 - x) ** n >= 0)
    with t.induct(claim, n) as step:
        power = (1 - x) ** n
        longer = t.show(((1 - x) ** (n + 1)).eq(power * (1 - x)))
        t.show(step.goal, by=[step.hypothesis, longer], opaque=[power])
    return step(n)


@theorem(source=SOURCE)
def two_points(t):
    """The mean of what a learner loses by the one law and by the other is at least
    (1 - delta)(1 - √m delta)(delta B)² Ψ, if √m delta is at most 1."""
    a = Learning(t)
    s, m, delta = a.s, a.m, a.delta
    t.given(m >= 1, m * delta**2 <= 1)
    lives, fair = a.fair()
    sizes, bounded = a.learner()
    r, known = sqrt(m) * delta, [lives, fair]
    root = t.show(And(r > 0, r <= 1, (r**2).eq(m * delta**2)))
    plus_mean, minus_mean, likelihoods = t.use("lower_bounds.densities", by=known)
    power = t.use("lower_bounds.bernoulli", {"x": delta**2, "n": m})
    t.exists(a.information(), by=sizes, bound=1)
    information, plus, minus = a.information(), a.density(1), a.density(-1)
    outer, size = [a.given_signs(sign) for sign in (1, -1)], 2 * (a.C + a.B) ** 2
    positive = t.average(information >= 0, by=sizes)
    scale = (1 - delta) * (delta * a.B) ** 2 * information
    factor = t.show((1 - delta) * (delta * a.B) ** 2 >= 0)
    scales = t.show(scale >= 0, by=[factor, positive], opaque=[information, factor.left])
    total = plus + minus
    with t.let(s, given=[In(s, a.signs)]) as every:
        both = likelihoods(s)
        product = t.show(plus * minus >= 1 - r**2, by=[both, power, root], opaque=[r])
        values = {"a": plus, "b": minus, "r": r}
        smaller = t.use("lower_bounds.smaller_likelihood", values, by=[both, product, root])
        least = smaller.left
        above = t.show(And(plus >= least, minus >= least, least >= 0), by=both)
        values = {"p": plus, "q": minus, "c": least}
        lost, *ends = t.use("lower_bounds.given_the_signs", values, by=[sizes, bounded, above])(s)
        line = (total - 2 * r - (total - 2) / r) / 2
        more = t.show(
            least * scale >= line * scale, by=[smaller, scales], opaque=[least, line, scale]
        )
        below = plus * outer[0] + minus * outer[1] >= 2 * (line * scale)
        found = [t.show(below, by=[lost, more], opaque=[*outer, plus, minus, least, line])]
        for density, mean in zip((plus, minus), outer, strict=True):
            goal = And(density * mean >= 0, density * mean <= size * density)
            found.append(t.show(goal, by=[both, *ends], opaque=[density, mean, size]))
        t.together(*found)
    risks = [a.risk(sign) for sign in (1, -1)]
    for risk, mean in zip(risks, (plus_mean, minus_mean), strict=True):
        t.exists(risk, by=[every.fact, mean], bound=size * mean.left)
    one, two = (mean.left for mean in (plus_mean, minus_mean))
    line = (one + two - 2 * r - (one + two - 2) / r) / 2
    goal = risks[0] + risks[1] >= 2 * (line * scale)
    whole = t.average(goal, by=every.fact, law=a.signs, fixed=[information])
    bound = t.read(lower_bounds.TWO_POINTS, tilt=delta, reach=a.B, information=information)
    facts = [whole, plus_mean, minus_mean]
    half = (risks[0] + risks[1]) / 2
    straight = t.show(half >= (1 - r) * scale, by=facts, opaque=[*risks, r, scale])
    return t.show(half >= bound, by=straight, opaque=[*risks, information])


@theorem(source=SOURCE)
def le_cam(t):
    """By one law or by the other a learner loses (4/27)(1 - 2/(3√m)) B² Ψ/m at least."""
    a = Learning(t, best=True)
    m = a.m
    t.given(m >= 1)
    lives, fair = a.fair()
    sizes, bounded = a.learner()
    delta = a.delta
    tilt = t.show(And(delta > 0, delta < 1, m * delta**2 <= 1))
    facts = [tilt, lives, fair, sizes, bounded]
    found = t.use("lower_bounds.two_points", {"delta": delta}, by=facts)
    information = a.information()
    risks = [a.risk(sign) for sign in (1, -1)]
    bound = t.read(lower_bounds.LE_CAM, reach=a.B, information=information)
    same = t.show(found.right.eq(bound), by=found, opaque=[information])
    goal = Max(*risks) >= bound
    return t.show(goal, by=[found, same], opaque=[*risks, bound, found.right])


@theorem(source=SOURCE)
def all_steps(t):
    """The same two laws serve all steps k, with weights w(k) >= 0: of the weighted sum of what is
    lost at each of them, by one law or by the other, the least is the weighted sum."""
    a = Steps(t)
    m, k = a.m, a.k
    t.given(m >= 1)
    lives, fair = a.fair()
    sizes, bounded = a.learner()
    weights = t.given(Forall(k, a.w(k) >= 0))
    tilt = t.show(And(a.delta > 0, a.delta < 1, m * a.delta**2 <= 1))
    values = {
        "delta": a.delta,
        "pi": a.pi,
        "T": function(a.x, a.T(a.x)),
        "fhat": function([a.s, a.z, a.x], a.fhat(a.s, a.z, a.x)),
    }
    risks, information = [a.risk(sign) for sign in (1, -1)], a.information()
    with t.let(k) as each:
        facts = [tilt, lives, fair, sizes(k), bounded(k)]
        found = t.use("lower_bounds.two_points", values, by=facts)
        bound = t.quoted(lower_bounds.LE_CAM, reach=a.B, information=information)
        same = t.show(found.right.eq(bound), by=found, opaque=[information])
        factor = t.quoted(lower_bounds.LE_CAM, reach=a.B, information=expr(1))
        linear = t.show(bound.eq(factor * information), by=found, opaque=[information])
        half = (risks[0] + risks[1]) / 2
        less = t.show(
            half >= factor * information, by=[found, same, linear], opaque=[*risks, factor]
        )
        goal = a.w(k) * risks[0] + a.w(k) * risks[1] >= 2 * (a.w(k) * (factor * information))
        t.show(goal, by=[less, weights(k)], opaque=[*risks, factor, information])
    sums = [Sum(a.w(k) * risk, (k, 1, a.n)) for risk in risks]
    known = Sum(a.w(k) * information, (k, 1, a.n))
    whole = t.add_up(sums[0] + sums[1] >= 2 * factor * known, by=each.fact)
    bound = t.read(lower_bounds.LE_CAM, reach=a.B, information=known)
    same = t.show(bound.eq(factor * known), opaque=[known])
    hidden = [*sums, known, factor, bound]
    return t.show(Max(*sums) >= bound, by=[whole, same], opaque=hidden)
