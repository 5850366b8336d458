"""A random block: cos(ω·(x - u)) for a normal frequency ω and a source u, interpolated at knots of
which the first one is random.

f(x) = mass E e(u) exp(-|x - u|²/(2σ²)) over sources u, e their signs, |e| <= 1: every finite signed
measure of total mass `mass` is of that form. theta = (w, (u, r)), w(1), ..., w(d) independent
standard normal, ω = w/σ, -rh the first knot; x and u are sequences whose first d places from 1 on
are used. On the box |x(i)| <= R.
"""

from boundcheck import theorem
from boundcheck.math import Abs, cos, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    LivesOn,
    Mean,
    Prob,
    Sum,
    ThereIs,
    depth,
    first,
    function,
    joint,
    natceil,
    relu,
    samples,
    second,
    value,
    width,
)
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theorems.language.sorts import pair as pairs
from boundcheck.theory.formulas.approximation import random_neurons

SOURCE = "derived here"
pi = constant("pi")


class Blocks:
    """The laws, the marginal f and a block."""

    def __init__(self, t):
        self.t = t
        self.normal, self.mu, self.U = (
            t.law("normal", REAL),
            t.law("mu", seq(REAL)),
            t.law("U", REAL),
        )
        self.d, self.i = t.nat("d i")
        self.R, self.sigma, self.mass, self.h, self.r = t.real("R sigma mass h r")
        self.w, self.u, self.x = t.sequence("w u x", REAL)
        self.e = t.function("e", seq(REAL))
        z, v, a, b = t.real("z v a b")
        self.sizes = t.given(self.R > 0, self.sigma > 0, self.mass > 0, self.h > 0, self.h <= pi)
        moment = Mean(exp(v * z), (z, self.normal)).eq(exp(v**2 / 2))
        event = Prob(And(a <= self.r, self.r <= b), (self.r, self.U)).eq(b - a)
        self.is_normal, self.uniform, self.inside, self.signs = t.given(
            Forall(v, moment),
            Forall([a, b], event, [a >= 0, a <= b, b <= 1]),
            LivesOn(self.U, self.r, And(number(0) <= self.r, self.r <= 1)),
            LivesOn(self.mu, self.u, Abs(self.e(self.u)) <= 1),
        )
        inner = joint(self.mu, (self.u, self.U))
        self.nu = joint(samples(self.normal), (self.w, inner))
        self.theta = t.variable("theta", pairs(seq(REAL), pairs(seq(REAL), REAL)))

    def sum(self, body):
        return Sum(body, (self.i, 1, self.d))

    def reach(self, w):
        """R|ω|_1, at least |ω·x| on the box."""
        return self.R / self.sigma * self.sum(Abs(w(self.i)))

    def along(self, w, x):
        """ω·x."""
        return self.sum(w(self.i) * x(self.i)) / self.sigma

    def kinks(self, w):
        """The number of neurons of a block."""
        return natceil(2 * self.reach(w) / self.h)

    def line(self, w, u, r, x):
        """The interpolant of cos(ω·(x - u))."""
        reach = self.reach(w)
        z, a = self.along(w, x) + reach, self.along(w, u) + reach
        return broken_line(self.t, self.h, self.kinks(w), r, a, z)

    def block(self, w, u, r, x):
        return self.mass * self.e(u) / self.t.quoted(random_neurons.SHRINK) * self.line(w, u, r, x)

    def block_at(self, theta, x):
        return self.block(first(theta), first(second(theta)), second(second(theta)), x)

    def kernel(self):
        """exp(-|x - u|²/(2σ²))."""
        distance = self.sum((self.x(self.i) - self.u(self.i)) ** 2)
        return exp(-distance / (2 * self.sigma**2))

    def f(self):
        return Mean(self.mass * (self.e(self.u) * self.kernel()), (self.u, self.mu))

    def box(self, x):
        return Forall(self.i, Abs(x(self.i)) <= self.R, [self.i >= 1, self.i <= self.d])


def height(h, j, r, a):
    """What is interpolated, at the knot j."""
    return cos(h * (j - r) - a)


def broken_line(t, h, n, r, a, z):
    """As in `blocks`: the interpolant at z, by n neurons."""
    start, j = height(h, 0, r, a), t.engine.fresh("j", NAT, n)
    slope = (height(h, 1, r, a) - start) / h
    kinks = Sum(height(h, j, r, a) * relu(z - h * (j - r)), (j, 1, n))
    return start + slope * (z - h * (0 - r)) - 2 * (1 - cos(h)) / h * kinks


@theorem(source=SOURCE)
def within_reach(t):
    """On the box |ω·x| <= R|ω|_1, so that ω·x + R|ω|_1 lies in [0, nh], n the number of neurons."""
    s = Blocks(t)
    here = t.given(s.box(s.x))
    R, sigma, _, step, _ = s.sizes
    products = s.sum(s.w(s.i) * s.x(s.i))
    bound = s.sum(s.R * Abs(s.w(s.i)))
    triangle = t.triangle(products)
    with t.let(s.i, given=[s.i >= 1, s.i <= s.d]) as each:
        t.show(Abs(s.w(s.i) * s.x(s.i)) <= s.R * Abs(s.w(s.i)), by=[here(s.i), R])
    below = t.add_up(triangle.right <= bound, by=each)
    scaled = t.add_up(bound.eq(s.R * s.sum(Abs(s.w(s.i)))))
    z, reach = s.along(s.w, s.x) + s.reach(s.w), s.reach(s.w)
    size = t.show(Abs(products) <= s.R * s.sum(Abs(s.w(s.i))), by=[triangle, below, scaled])
    with t.let(s.i):
        t.show(Abs(s.w(s.i)) >= 0)
    low = t.show(z >= 0, by=[size, sigma, R])
    high = t.show(z <= 2 * reach, by=[size, sigma, R])
    t.exists(2 * reach / s.h)
    ceiling, _ = t.derive(
        "nat_ceiling", t.fact(t.engine.exist(2 * reach / s.h)), term=2 * reach / s.h
    )
    last = t.show(z <= s.h * s.kinks(s.w), by=[high, ceiling, step])
    return t.together(low, last)


@theorem(source=SOURCE)
def shrink_is_positive(t):
    """s_h > 0 for 0 < h <= π."""
    h = t.real("h")
    step, most = t.given(h > 0, h <= pi)
    t.example(h=1)
    less = t.show(cos(h) < 1, by=[step, most])
    return t.show(t.read(random_neurons.SHRINK) > 0, by=[less, step], opaque=[cos(h)])


@theorem(source=SOURCE)
def scaled(t):
    """Of g in [-1, 1] with the mean kc and the mean square q at most: the mean, the mean square and
    the size of mv/k g, |v| <= 1."""
    X, (m, k, v, c, q, y) = t.space("X"), t.real("m k v c q y")
    law, x, g = t.law("pi", X), t.variable("x", X), t.function("g", X)
    mass, positive, sign = t.given(m > 0, k > 0, Abs(v) <= 1)
    plain, squares = Mean(g(x), (x, law)), Mean(g(x) ** 2, (x, law))
    centre, spread, small = t.given(plain.eq(k * c), squares <= q, LivesOn(law, x, Abs(g(x)) <= 1))
    t.example(m=1, k=1, v=0, c=0, q=0, g=function(x, 0))
    factor = m * v / k
    with t.let(y, given=[Abs(y) <= 1]) as one:
        t.show(Abs(factor * y) <= m / k, by=[*one.facts, mass, positive, sign])
    with t.let(x, given=[In(x, law)]) as bounded:
        one.fact(g(x), by=small(x))
    means = Mean(factor * g(x), (x, law)), Mean((factor * g(x)) ** 2, (x, law))
    t.exists(means[0])
    t.exists(means[1])
    first_ = t.average(means[0].eq(factor * plain))
    second_ = t.average(means[1].eq(factor**2 * squares))
    positive_square = t.average(squares >= 0)
    left = t.show(means[0].eq(m * v * c), by=[first_, centre, positive])
    known = [mass, positive, sign]
    shrink = t.show(factor**2 <= m**2 / k**2, by=known)
    with t.let(y, given=[y >= 0, y <= q]) as grown:
        t.show(factor**2 * y <= m**2 / k**2 * q, by=[*grown.facts, shrink], opaque=[factor])
    right = t.show(
        means[1] <= m**2 * (q / k**2),
        by=[second_, grown.fact(squares, by=[positive_square, spread])],
        opaque=[squares],
    )
    return t.together(left, right, bounded.fact)


@theorem(source=SOURCE)
def over_the_first_knot(t):
    """For a point of the box, a frequency and a source: the mean of a block over the first knot is
    mass e(u) cos(ω·x - ω·u), its mean square at most mass² Q_h, and its size at most mass/s_h."""
    s = Blocks(t)
    t.given(s.box(s.x))
    (_source,) = [t.given(In(s.u, s.mu))]
    mass = s.sizes[2]
    low, high = t.use("random_blocks.within_reach")
    reach, line = s.reach(s.w), s.line(s.w, s.u, s.r, s.x)
    z, a = s.along(s.w, s.x) + reach, s.along(s.w, s.u) + reach
    values = {"n": s.kinks(s.w), "z": z, "a": a}
    mean, square, small = t.use("blocks.random_knot", values, by=[low, high])
    s_h, e = t.quoted(random_neurons.SHRINK), s.e(s.u)
    positive = t.use("random_blocks.shrink_is_positive")
    sign = s.signs(s.u)
    phase = s.along(s.w, s.x) - s.along(s.w, s.u)
    mean = t.replace(mean, (z - a, phase))
    values = {"m": s.mass, "k": s_h, "v": e, "c": cos(phase), "q": square.right}
    values |= {"pi": s.U, "g": function(s.r, line)}
    known = [mass, positive, sign, mean, square, small]
    return t.use("random_blocks.scaled", values, {"X": REAL}, by=known)


@theorem(source=SOURCE)
def over_the_frequency(t):
    """The mean of cos(ω·x - ω·u) over the frequency is exp(-|x - u|²/(2σ²))."""
    s = Blocks(t)
    _, sigma, *_ = s.sizes
    i = s.i
    a = function(i, (s.x(i) - s.u(i)) / s.sigma)
    wave = t.use("normal_waves.wave_of_a_normal_vector", {"b": 0, "a": a}, by=[s.is_normal])
    phase = s.along(s.w, s.x) - s.along(s.w, s.u)
    plain, total = s.sum((s.x(i) - s.u(i)) / s.sigma * s.w(i)), s.sum((s.x(i) - s.u(i)) ** 2)
    with t.let(s.w) as same:
        parts = s.sum(s.w(i) * s.x(i)), s.sum(s.w(i) * s.u(i))
        split = t.add_up(plain.eq(parts[0] / s.sigma - parts[1] / s.sigma), by=sigma)
        equal = t.show((0 + plain).eq(phase), by=split)
        t.at_equals(function(s.sigma, cos(s.sigma)), equal)
    squares = s.sum(((s.x(i) - s.u(i)) / s.sigma) ** 2)
    scaled = t.add_up(squares.eq(1 / s.sigma**2 * total), by=sigma)
    mean = Mean(cos(phase), (s.w, samples(s.normal)))
    equal = t.same_mean(mean, wave.left, by=same)
    one = t.show(cos(number(0)).eq(1))
    goal = mean.eq(exp(-total / (2 * s.sigma**2)))
    return t.show(goal, by=[equal, wave, scaled, one, sigma])


@theorem(source=SOURCE)
def mean_of_a_block(t):
    """At every point of the box the mean of a block is f and its mean square at most mass² Q_h; a
    block is at most mass/s_h in size."""
    s = Blocks(t)
    t.given(s.box(s.x))
    law = samples(s.normal)
    phase = s.along(s.w, s.x) - s.along(s.w, s.u)
    with t.let(s.w, s.u, given=[In(s.u, s.mu)]) as knots:
        t.use("random_blocks.over_the_first_knot")
    three = []
    for part in range(3):
        with t.let(s.w, given=[In(s.w, law)]) as outer, t.let(s.u, given=[In(s.u, s.mu)]):
            one = list(knots.fact(s.w, s.u))[part]
            t.together(one)
        three.append(outer)
    e, m = s.e(s.u), s.mass * s.e(s.u) * cos(phase)
    k = s.mass * (e * s.kernel())
    wave, plain = cos(phase), Mean(cos(phase), (s.w, law))
    with t.let(s.u, given=[In(s.u, s.mu)]) as frequency:
        mean = t.use("random_blocks.over_the_frequency")
        over = Mean(m, (s.w, law))
        t.exists(plain)
        pulled = t.average(over.eq(s.mass * e * plain), at=s.w, opaque=[wave])
        t.show(over.eq(k), by=[pulled, mean], opaque=[plain, k.args[1].args[1]])
    g = s.block(s.w, s.u, s.r, s.x)
    bound = s.mass / t.quoted(random_neurons.SHRINK)
    square = s.mass**2 * t.read(random_neurons.SPREAD)
    values = {"L": law, "g": function([s.w, s.u, s.r], g), "m": function([s.w, s.u], m)}
    values |= {"k": function(s.u, k), "b": bound, "q": square}
    sorts = {"W": seq(REAL), "Y": seq(REAL), "Z": REAL}
    positive = t.use("random_blocks.shrink_is_positive")
    with t.let(s.w, s.u, s.r) as there:
        t.exists(g, by=positive)
    known = [positive, there, *three, frequency]
    return t.use("small_draws.three_draws", values, sorts, by=known)


@theorem(source=SOURCE)
def budget(t):
    """(kc + g)/rate at rate = t/√(kd), c = d(rate√(2/π) + rate²/2) and g = t²/2 is the budget of k
    frequencies."""
    (b, rate, _x, _y), (d, n_1) = t.real("t rate x y"), t.nat("d n_1")
    positive, one, many, equal = t.given(b > 0, d >= 1, n_1 >= 1, (rate * sqrt(n_1 * d)).eq(b))
    t.example(t=1, rate=1, d=1, n_1=1)
    root, c = sqrt(n_1 * d), sqrt(2 / pi)
    some = t.show(root > 0, by=[one, many])
    square = t.show((root**2).eq(n_1 * d), by=[one, many])
    sign = t.show(rate > 0, by=[equal, positive, some], opaque=[root])
    left = n_1 * (d * (rate * c + rate**2 / 2)) + b**2 / 2
    right = t.read(random_neurons.FREQUENCIES)
    known = [square, equal, sign]
    return t.show(
        (left / rate).eq(right),
        by=[t.show(left.eq(rate * right), by=known, opaque=[root, c]), sign],
        opaque=[root, c],
    )


@theorem(source=SOURCE)
def marginal_exists(t):
    """The marginal is at most the mass in size."""
    s = Blocks(t)
    mass, total = s.sizes[2], s.sum((s.x(s.i) - s.u(s.i)) ** 2)
    with t.let(s.i) as square:
        t.show((s.x(s.i) - s.u(s.i)) ** 2 >= 0)
    zeros = s.sum(number(0))
    positive = t.add_up(zeros <= total, by=square)
    none = t.count(zeros)
    with t.let(s.u, given=[In(s.u, s.mu)]) as each:
        y = total / (2 * s.sigma**2)
        t.show(y >= 0, by=[positive, none, s.sizes[1]])
        below = t.show(And(s.kernel() >= 0, s.kernel() <= 1), by=[positive, none, s.sizes[1]])
        sign = s.signs(s.u)
        known = [below, sign, mass]
        t.show(Abs(s.mass * (s.e(s.u) * s.kernel())) <= s.mass, by=known, opaque=[s.kernel()])
    t.exists(s.f(), by=each, bound=s.mass)
    sides = [t.average(s.f() <= s.mass, by=each), t.average(s.f() >= -s.mass, by=each)]
    return t.show(Abs(s.f()) <= s.mass, by=sides)


@theorem(source=SOURCE)
def good_draw(t):
    """n_1 blocks whose mean has at most the error that is wanted, for any law on the box, with
    frequencies whose sizes add up to not much more than their mean."""
    s, (b, rate), (n_1, _j) = Blocks(t), t.real("t rate"), t.nat("n_1 j")
    omega, theta, x = t.law("Omega", seq(REAL)), s.theta, s.x
    t.sequence("s", theta.sort)
    positive, one, many = t.given(b > 0, s.d >= 1, n_1 >= 1)
    box = t.given(LivesOn(omega, x, s.box(x)))
    with t.let(x, given=[In(x, omega)]) as here:
        t.use("random_blocks.mean_of_a_block", by=box(x))
    positive_shrink = t.use("random_blocks.shrink_is_positive")
    three = []
    for part in range(3):
        with t.let(x, given=[In(x, omega)]) as each:
            fact = list(here.fact(x))[part]
            t.together(t.symmetric(fact) if part == 0 else fact)
        three.append(each)
    with t.let(theta, x) as there:
        t.exists(s.block_at(theta, x), by=positive_shrink)
    with t.let(x) as marginal:
        t.use("random_blocks.marginal_exists")
    root = sqrt(n_1 * s.d)
    some = t.show(root > 0, by=[one, many])
    rate = b / root
    sign = t.show(rate > 0, by=[some, positive], opaque=[root])
    equal = t.show((rate * root).eq(b), by=some, opaque=[root])
    size = t.use("normal_waves.size_of_a_normal_vector", {"rate": rate}, by=[sign, s.is_normal])
    values = {
        "mu": samples(s.normal),
        "nu": joint(s.mu, (s.u, s.U)),
        "u": function(s.w, exp(rate * s.sum(Abs(s.w(s.i))))),
    }
    moment = t.use("small_draws.first_of_a_pair", values, {"X": seq(REAL), "Y": second(theta).sort})
    small = t.show(moment.left <= size.right, by=[moment, size], opaque=[size.right])
    square, bound = (
        s.mass**2 * t.read(random_neurons.SPREAD),
        s.mass / t.quoted(random_neurons.SHRINK),
    )
    _, q_h = t.use("blocks.wave_is_positive")
    shrink, q = t.quoted(random_neurons.SHRINK), t.quoted(random_neurons.MEAN_SQUARE)
    t.show(square > 0, by=[q_h, positive_shrink, s.sizes[2]], opaque=[shrink, q])
    values = {"pi": omega, "nu": s.nu, "phi": function([theta, x], s.block_at(theta, x))}
    values |= {"f": function(x, s.f()), "C": square, "b": bound, "k": n_1, "rate": rate}
    values |= {"v": function(theta, s.sum(Abs(first(theta)(s.i)))), "c": size.right.args[0]}
    values |= {"g": b**2 / 2}
    gain = t.show(b**2 / 2 > 0, by=positive)
    known = [positive_shrink, there, marginal, *three, small, gain, sign]
    found = t.use("small_draws.small_draw", values, {"X": seq(REAL), "T": theta.sort}, by=known)
    limit = t.use("random_blocks.budget", {"rate": rate}, by=[equal, positive, one, many])
    return t.rewrite(limit, found)


@theorem(source=SOURCE)
def kinks_of_a_block(t):
    """A block has at most 1 + 2R|ω|_1/h neurons."""
    s = Blocks(t)
    R, sigma, _, step, _ = s.sizes
    size = s.sum(Abs(s.w(s.i)))
    with t.let(s.i) as sign:
        t.show(Abs(s.w(s.i)) >= 0)
    zeros = s.sum(number(0))
    positive = t.add_up(zeros <= size, by=sign)
    none = t.count(zeros)
    y = 2 * s.reach(s.w) / s.h
    some = t.show(y >= 0, by=[positive, none, R, sigma, step])
    _, most = t.derive("nat_ceiling", some, t.fact(t.engine.exist(y)), term=y)
    goal = s.kinks(s.w) <= 1 + 2 * s.R / (s.h * s.sigma) * size
    return t.show(goal, by=[most, sigma, step])


@theorem(source=SOURCE)
def root_of_the_error(t):
    """The square of the bound `blocks` is what a good draw has."""
    (mass, b, h, v, y, z), n_1 = t.real("mass t h v y z"), t.nat("n_1")
    _, _, _, some, many = t.given(mass > 0, h > 0, h <= pi, b > 0, n_1 >= 1)
    t.example(mass=1, h=1, t=1, n_1=1)
    _, q_h = t.use("blocks.wave_is_positive")
    s_h = t.use("random_blocks.shrink_is_positive")
    spread, q = t.read(random_neurons.SPREAD), t.quoted(random_neurons.MEAN_SQUARE)
    above = t.show(spread > 0, by=[q_h, s_h], opaque=[q, s_h.left])
    chance = t.show(exp(-(b**2 / 2)) < 1, by=some)
    with t.let(v, y, z, given=[v > 0, y < 1, z >= 1]) as root:
        ratio = v / (z * (1 - y))
        t.show((mass**2 * v / (z * (1 - y))).eq((mass * sqrt(ratio)) ** 2), by=root.facts)
    return root.fact(spread, exp(-(b**2 / 2)), n_1, by=[above, chance, many])


@theorem(source=SOURCE)
def network(t):
    """For every dimension, n_1 and t > 0, and every law on the box: f by a network with one hidden
    layer of at most n_blocks neurons, in square mean."""
    s, (b, v, y, z), (n_1, j, m) = Blocks(t), t.real("t xi y zeta"), t.nat("n_1 j m")
    omega, x, N = t.law("Omega", seq(REAL)), s.x, t.network("N", "relu")
    given = t.given(b > 0, s.d >= 1, n_1 >= 1)
    box = t.given(LivesOn(omega, x, s.box(x)))
    bound = t.read(random_neurons.BLOCKS, Q_h=t.read(random_neurons.SPREAD)) ** 2
    most = t.read(random_neurons.BLOCKS_NEURONS)

    def error(output):
        return Mean((s.f() - output) ** 2, (x, omega))

    goal = ThereIs(N, depth(N).eq(1), width(N) <= most, error(value(N, 0, x)) <= bound)
    with t.obtain(t.use("random_blocks.good_draw"), "S") as drawn:
        draws, (_, small, short) = drawn.value, drawn.facts
        theta = draws(j)
        w, u, r = first(theta), first(second(theta)), second(second(theta))
        a = s.along(w, u) + s.reach(w)
        values = {"F": function(j, s.mass * s.e(u) / t.quoted(random_neurons.SHRINK))}
        values |= {"Rho": function(j, s.reach(w)), "r": function(j, r), "k": n_1}
        values |= {"n": function(j, s.kinks(w)), "bend": 2 * (1 - cos(s.h)) / s.h}
        values |= {"H": function([j, m], height(s.h, m, r, a)), "w": function([j, s.i], w(s.i))}
        positive = t.use("random_blocks.shrink_is_positive")
        lines = t.use("block_networks.broken_lines", values, by=[positive, *given, *s.sizes])
        with t.obtain(lines, "B") as built:
            B, (_deep, wide, computes) = built.value, built.facts
            with t.let(j) as each:
                t.use("random_blocks.kinks_of_a_block", {"w": w})
            factor = 2 * s.R / (s.h * s.sigma)
            frequencies = s.sum(Abs(w(s.i)))
            ones, sizes = Sum(1, (j, 1, n_1)), Sum(frequencies, (j, 1, n_1))
            t.exists(factor)
            kinks = t.add_up(Sum(s.kinks(w), (j, 1, n_1)) <= ones + factor * sizes, by=each)
            rate = t.show(factor >= 0)
            with t.let(v, y, z, given=[v >= 0, y <= z]) as scaled:
                t.show(v * y <= v * z, by=scaled.facts)
            grown = scaled.fact(factor, sizes, short.right, by=[rate, short])
            known = [wide, kinks, grown, t.count(ones)]
            t.show(width(B) <= most, by=known, opaque=[factor, short.right])
            with t.let(x, given=[In(x, omega)]) as same:
                t.use("random_blocks.marginal_exists")
                t.at_equals(function(v, (s.f() - v) ** 2), computes(x, by=box(x)))
            equal = t.same_mean(error(value(B, 0, x)), small.left, by=same)
            root = t.use("random_blocks.root_of_the_error")
            t.chain(equal, small, root)
            t.witness(goal, B)
    return drawn.fact
