"""The chain of a diffusion model: how far what it generates is from the data with a little noise.

The setting is that of `diffusion_steps`, with time: β_k, ᾱ_k and σ_k² are sequences; given x_0 = u,
x_k has the density g(k, u, .). The model starts at the time T = last + 1 with N(0, I), whose
density is 1, and p(k, .) is the density of what it has at the time k >= s. What its predictor takes
for coordinate i of the data at the time k is predictor(k, i, x). The step k + 1 leads from the time
k + 1 to k.
"""

from boundcheck import Reading, symbols, theorem
from boundcheck.math import Abs, Max, exp, log, sqrt
from boundcheck.math import Sum as FormulaSum
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    Implies,
    In,
    LivesOn,
    Mean,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.formulas import information as information_formulas

SOURCE = "derived here"
LATE = (diffusion.t, 2, diffusion.T)
LOSS = diffusion.BAYES_STEP + diffusion.VARIANCE_COST + diffusion.w * symbols("excess")


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


@theorem(source="folklore")
def noise_level(t):
    """0 < ᾱ_k < 1 for k >= 1."""
    beta, alpha_bar, k = *t.sequence("beta alpha_bar", REAL), t.nat("k")
    noise = t.given(Forall(k, And(beta(k + 1) > 0, beta(k + 1) < 1)))
    start = t.given(alpha_bar(0).eq(1))
    names = {"alpha_bar_before": alpha_bar(k), "beta": beta(k + 1)}
    product = t.given(Forall(k, alpha_bar(k + 1).eq(t.quoted(diffusion.ALPHA_BAR, **names))))

    def claim(k):
        return And(alpha_bar(k + 1) > 0, alpha_bar(k + 1) < 1)

    with t.induct(claim(k), k, base=[noise(0), start, product(0)]) as step:
        t.show(step.goal, by=[step.hypothesis, noise(k + 1), product(k + 1)])
    with t.let(k, given=[k >= 1]) as later:
        there = t.derive("zero_or_next", later.facts[0], value=k)
        with t.obtain(there, "l") as index:
            (equal,) = index.facts
            t.rewrite(t.symmetric(equal), step(index.value))
    return later.fact


class Model:
    """The model, and the forward process; where it `generates`, p is what it generates."""

    def __init__(self, t, generates=True):
        self.t, self.normal = t, t.law("normal", REAL)
        self.base, (z, s) = samples(self.normal), t.real("z s")
        self.u, self.x, self.y = t.sequence("u x y", REAL)
        self.i, self.k, self.d, self.start, self.last = t.nat("i k d start last")
        self.beta, self.alpha_bar, self.sigma2 = t.sequence("beta alpha_bar sigma2", REAL)
        self.p = t.function("p", NAT, self.x.sort)
        self.predictor = t.function("predictor", NAT, NAT, self.x.sort)
        k, y = self.k, self.y
        if generates:
            moment = Mean(exp(s * z), (z, self.normal))
            t.given(Forall(s, moment.eq(exp(s**2 / 2))))
        noise = And(self.beta(k + 1) > 0, self.beta(k + 1) < 1, self.sigma2(k + 1) > 0)
        self.noise, self.first = t.given(Forall(k, noise), self.alpha_bar(0).eq(1))
        self.product = t.given(
            Forall(k, self.alpha_bar(k + 1).eq(self.quoted(diffusion.ALPHA_BAR, k)))
        )
        t.given(self.start >= 1, self.start <= self.last)
        self.times = [self.start <= k, k <= self.last]
        if generates:
            ends = LivesOn(self.base, y, self.p(self.last + 1, y).eq(1))
            after = LivesOn(self.base, y, self.p(k, y).eq(self.after(k)))
            self.ends, self.model = t.given(ends, Forall(k, after, self.times))
        self.level = t.use("diffusion_chain.noise_level", by=[self.noise, self.first, self.product])

    def names(self, k):
        """The numbers of the step k + 1."""
        return {
            "alpha_bar_before": self.alpha_bar(k),
            "alpha_bar": self.alpha_bar(k + 1),
            "beta": self.beta(k + 1),
            "sigma2": self.sigma2(k + 1),
        }

    def quoted(self, formula, k):
        return self.t.quoted(formula, **self.names(k))

    def sum(self, term):
        return Sum(term, (self.i, 1, self.d))

    def density(self, m, v, z):
        """Of N(m, vI) at z, m written in i."""
        return exp(self.sum(exponent(m, v, z(self.i))))

    def mean(self, u):
        """Over a point x, with respect to the base."""
        return Mean(u, (self.x, self.base))

    def given_data(self, k, x):
        """g: the density at x of x_k given x_0 = u."""
        level = self.alpha_bar(k)
        return self.density(sqrt(level) * self.u(self.i), 1 - level, x)

    def guess(self, k):
        """What the predictor takes for x_0 in a coordinate, at the time k."""
        return self.predictor(k, self.i, self.x)

    def after(self, k):
        """The density at y of what the step k + 1 makes of p(k + 1, .)."""
        data, state = (self.quoted(f, k) for f in (diffusion.FROM_DATA, diffusion.FROM_STATE))
        center = data * self.guess(k + 1) + state * self.x(self.i)
        step = self.density(center, self.sigma2(k + 1), self.y)
        return self.mean(self.p(k + 1, self.x) * step)

    def divergence(self, k):
        """Of x_k given x_0 = u from p(k, .)."""
        g = self.given_data(k, self.x)
        return self.mean(g * log(g / self.p(k, self.x)))

    def loss(self, k):
        """E |u - x̂_0(x_k)|² given x_0 = u."""
        error = self.u(self.i) - self.guess(k)
        return self.mean(self.given_data(k, self.x) * self.sum(error**2))

    def variance_cost(self, k, read):
        variance = self.quoted(diffusion.POSTERIOR_VARIANCE, k)
        names = {"posterior_variance": variance, "sigma2": self.sigma2(k + 1)}
        return read(diffusion.VARIANCE_COST, **names)

    def step(self, k, read):
        """What the step k + 1 costs at most."""
        weight = read(diffusion.WEIGHT, **self.names(k))
        return weight * self.loss(k + 1) + self.variance_cost(k, read)

    def steps(self, n, read):
        return Sum(self.step(self.k, read), (self.k, self.start, n))


@theorem(source=SOURCE)
def one_step_of_the_model(t):
    """The step k + 1: what `diffusion_steps.reverse_step` says, with time."""
    n = Model(t)
    k, x, y, i, p, base = n.k, n.x, n.y, n.i, n.p, n.base
    conditions = [
        *n.times,
        LivesOn(base, x, p(k + 1, x) > 0),
        Exists(n.mean(p(k + 1, x))),
        Exists(n.divergence(k + 1)),
        Exists(n.loss(k + 1)),
    ]
    a, b, c = t.real("a b c")
    with t.let(a, b, c, given=[a > 0, b > 0, c.eq(b)]) as terms:
        t.show((a * log(a / c)).eq(a * log(a / b)), by=terms.facts)
    with t.let(k, given=conditions) as each:
        positive = each.facts[2]
        late = t.show(k >= 1, by=each.facts[:2])
        known = [*n.level(k, by=late), *n.level(k + 1), *n.noise(k), n.product(k)]
        values = {"p": function(x, p(k + 1, x)), "predictor": function([i, x], n.guess(k + 1))}
        above, mass, below = t.use(
            "diffusion_steps.reverse_step", values | n.names(k), by=[positive, *known]
        )
        model, after, own = n.model(k, by=each.facts[:2]), n.after(k), n.given_data(k, y)
        old, new = own * log(own / after), own * log(own / p(k, y))
        with t.let(y, given=[In(y, base)]) as equal:
            facts = [model(y), above(y), t.show(own > 0)]
            t.together(t.show(p(k, y) > 0, by=facts), terms(own, after, p(k, y), by=facts))
        with t.let(y, given=[In(y, base)]) as alive:
            equal(y)
            t.show(p(k, y) > 0)
        density = t.same_mean(Mean(p(k, y), (y, base)), mass.left, by=model)
        hidden = {"at": y, "opaque": [old, new]}
        t.exists(n.divergence(k), bound=Mean(Abs(old), (y, base)), by=equal, **hidden)
        same = t.average(n.divergence(k).eq(below.left), by=equal, **hidden)
        step = n.step(k, t.read)
        goal = n.divergence(k) <= n.divergence(k + 1) + step
        last = t.show(goal, by=[same, below], opaque=[step.args[0].args[0], step.args[1]])
        mass = t.show(density.left.eq(n.mean(p(k + 1, x))), by=[density, mass])
        t.together(alive.fact, mass, last)
    return each.fact


@theorem(source=SOURCE)
def costs_exist(t):
    """w_k and variance_cost are numbers."""
    n = Model(t, generates=False)
    k = n.k
    with t.let(k, given=n.times) as each:
        late = t.show(k >= 1, by=each.facts)
        known = [*n.level(k, by=late), *n.level(k + 1), *n.noise(k)]
        shrinkage = n.quoted(diffusion.POSTERIOR_VARIANCE, k)
        known.append(t.show(shrinkage > 0, by=known))
        ratio = shrinkage / n.sigma2(k + 1)
        t.exists(log(ratio), by=[t.show(ratio > 0, by=known, opaque=[shrinkage])])
        weight = t.quoted(diffusion.WEIGHT, **n.names(k))
        t.together(t.exists(weight, by=known), t.exists(n.variance_cost(k, t.quoted)))
    return each.fact


@theorem(source=SOURCE)
def chain_given_the_data(t):  # noqa: PLR0915
    """The divergence of x_s given x_0 = u from what the model has at the time s, s >= 1, is at most
    prior_term and the sum of w_k E |u - x̂_0(x_k)|² + variance_cost over the steps s + 1, ..., T."""
    n = Model(t)
    k, u, x, y, i = n.k, n.u, n.x, n.y, n.i
    p, base, start, last = n.p, n.base, n.start, n.last
    m, losses = t.nat("m"), t.given(Forall(k, Exists(n.loss(k + 1)), n.times))
    step = t.use("diffusion_chain.one_step_of_the_model")

    def conditions(k):
        return [LivesOn(base, x, p(k, x) > 0), Exists(n.mean(p(k, x))), Exists(n.divergence(k))]

    def claim(m):
        less = n.divergence(start) <= n.divergence(m + 1) + n.steps(m, t.quoted)
        same = n.mean(p(start, x)).eq(n.mean(p(m + 1, x)))
        return Implies(m <= last, *conditions(m + 1), And(conditions(start)[0], same, less))

    costs = t.use("diffusion_chain.costs_exist")
    with t.let(k, given=n.times) as finite:
        losses(k)
        costs(k)
        t.exists(n.step(k, t.quoted))

    def exists(m):
        with t.let(k, given=[start <= k, k <= m]) as each:
            finite(k)
        return t.exists(n.steps(m, t.quoted), by=each)

    with t.let(given=[start <= last, *conditions(start + 1)]) as first:
        losses(start, by=first.facts)
        found = step(start, by=first.facts)
        exists(start)
        alive, mean, less = found
        one = t.single(n.steps(start, t.quoted))
        cost = one.right
        goal = n.divergence(start) <= n.divergence(start + 1) + n.steps(start, t.quoted)
        t.together(alive, mean, t.show(goal, by=[less, one], opaque=[cost]))
    with t.induct(claim(m), m, start=start, base=first) as induction:
        order = induction.facts[0]
        with t.let(given=[m + 1 <= last, *conditions(m + 2)]) as next_one:
            early = t.show(start <= m + 1, by=order)
            losses(m + 1, by=[early, *next_one.facts])
            found = step(m + 1, by=[early, *next_one.facts])
            exists(m + 1)
            more = t.unroll(n.steps(m + 1, t.quoted))
            alive, mean, less = found
            inside = t.show(m <= last, by=next_one.facts)
            known = [inside, alive, mean, t.exists(n.divergence(m + 1))]
            there, density, before = induction.hypothesis(by=known)
            goal = n.divergence(start) <= n.divergence(m + 2) + more.left
            hidden = [n.step(m + 1, t.quoted)]
            same = t.show(density.left.eq(mean.right), by=[density, mean])
            t.together(there, same, t.show(goal, by=[before, less, more], opaque=hidden))
    values = {"p": function(y, p(last + 1, y)), "alpha_bar": n.alpha_bar(last + 1)}
    prior = t.use("diffusion_steps.prior_term", values, by=[*n.level(last + 1), n.ends])
    with t.let(x, given=[In(x, base)]) as positive:
        t.show(p(last + 1, x) > 0, by=n.ends(x))
    t.exists(n.mean(p(last + 1, x)), bound=1, by=n.ends)
    one = t.average(n.mean(p(last + 1, x)).eq(1), by=n.ends)
    there, density, below = induction(last)(by=[positive, one, prior])
    mass = t.show(density.left.eq(1), by=[density, one])
    bound = t.read(diffusion.PRIOR, alpha_bar=n.alpha_bar(last + 1), second_moment=n.sum(u(i) ** 2))
    goal = n.divergence(start) <= bound + n.steps(last, t.read)
    t.exists(bound, by=prior)
    return t.together(there, mass, t.show(goal, by=[below, prior], opaque=[bound]))


class Data(Model):
    """The same with a law of the data x_0 = u."""

    def __init__(self, t, generates=True):
        super().__init__(t, generates)
        u, k = self.u, self.k
        self.data = t.law("data", u.sort)
        self.moment = self.over(self.sum(u(self.i) ** 2))
        if generates:
            t.given(Exists(self.moment))
        self.losses = t.given(Forall(k, Exists(self.over(self.loss(k + 1))), self.times))

    def over(self, v):
        """The mean over the data."""
        return Mean(v, (self.u, self.data))

    def bounded(self, k, level):
        """g(k, u, x) > 0 and <= e(x), for all u and x; and e(x)."""
        t, noise, g = self.t, 1 - self.alpha_bar(k), self.given_data(k, self.x)
        most = exp(self.sum(self.x(self.i) ** 2 / 2 - log(noise) / 2))
        low, high = g.args[0], most.args[0]
        t.exists(log(noise), by=[t.show(noise > 0, by=level)])
        with t.let(self.u, self.x) as sizes:
            less = t.add_up(low <= high, by=level, opaque=[log(noise)])
            t.together(t.show(g > 0), t.show(g <= most, by=less, opaque=[low, high]))
        return sizes, most

    def mmse(self, k):
        """E |u - E[u|x_k]|², the least error."""
        g = self.given_data(k, self.x)
        error = self.u(self.i) - self.over(self.u(self.i) * g) / self.over(g)
        return self.mean(self.over(g * self.sum(error**2)))

    def excess(self, k):
        """E |x̂_0(x_k) - E[u|x_k]|²."""
        g = self.given_data(k, self.x)
        f2 = self.over(g)
        apart = self.over(self.u(self.i) * g) / f2 - self.guess(k)
        return self.mean(f2 * self.sum(apart**2))

    def squares(self):
        """E u(i)² is finite."""
        t, u, i = self.t, self.u, self.i
        with t.let(i, given=[i >= 1, i <= self.d]) as squares:
            with t.let(u) as one:
                t.one_of_many(self.sum(u(i) ** 2), i)
            t.exists(self.over(u(i) ** 2), bound=self.moment, by=one)
        return squares

    def split(self, k, squares):
        """The loss at the time k + 1 is the least error and the excess."""
        u, x, i = self.u, self.x, self.i
        self.losses(k)
        sizes, most = self.bounded(k + 1, self.level(k + 1))
        values = {
            "data": self.data,
            "base": self.base,
            "g": function([u, x], self.given_data(k + 1, x)),
            "e": function(x, most),
            "v": function([i, u], u(i)),
            "r": function([i, x], self.guess(k + 1)),
        }
        spaces, known = {"U": u.sort, "X": x.sort}, [sizes, squares]
        return self.t.use("bayes_predictor.error_of_a_predictor", values, spaces, known)

    def mixed_step(self, k, read):
        """What the step k + 1 costs at most, in the mean over the data."""
        weight = read(diffusion.WEIGHT, **self.names(k))
        return weight * self.over(self.loss(k + 1)) + self.variance_cost(k, read)


@theorem(source=SOURCE)
def mean_cost_of_the_steps(t):
    """The mean over the data of what the steps cost."""
    n = Data(t, generates=False)
    k, u = n.k, n.u
    with t.let(k, given=n.times) as each:
        t.derive("integrand", n.losses(k), mean=n.over(n.loss(k + 1)))
        t.use("diffusion_chain.costs_exist")(k)
        step = n.step(k, t.quoted)
        weight, cost = step.args[0].args[0], step.args[1]
        t.exists(
            n.over(step),
            bound=Abs(weight) * n.over(Abs(n.loss(k + 1))) + Abs(cost),
            at=u,
            opaque=[weight, cost],
        )
        t.average(n.over(step).eq(n.mixed_step(k, t.quoted)), at=u, opaque=[weight, cost])
    whole = t.mean_of_sum(n.over(n.steps(n.last, t.quoted)), by=each)
    total = Sum(n.mixed_step(k, t.quoted), (k, n.start, n.last))
    same = t.add_up(whole.right.eq(total), by=each)
    return t.show(whole.left.eq(total), by=[whole, same])


@theorem(source=SOURCE)
def loss_of_the_predictor(t):  # noqa: PLR0915
    """For every schedule, number of steps, law of the data with a second moment, and predictor with
    losses: the divergence of x_s from what the model generates, and the information that x_s has of
    x_0, are at most prior_term and the sum of w_k E |x_0 - x̂_0(x_k)|² + variance_cost."""
    n = Data(t)
    u, x, p, base, data = n.u, n.x, n.p, n.base, n.data
    start, last = n.start, n.last
    g = n.given_data(start, x)
    level = n.alpha_bar(last + 1)
    mean_bound = t.read(diffusion.PRIOR, alpha_bar=level, second_moment=n.moment)
    costs = t.use("diffusion_chain.mean_cost_of_the_steps")
    with t.let(n.k, given=n.times) as every:
        t.derive("integrand", n.losses(n.k), mean=n.over(n.loss(n.k + 1)))
    t.show(1 - n.alpha_bar(start) > 0, by=n.level(start))
    normal = {"m": function(n.i, sqrt(n.alpha_bar(start)) * u(n.i)), "v": 1 - n.alpha_bar(start)}
    density = n.mean(p(start, x))
    with t.let(u, given=[In(u, data)]) as given:
        with t.let(n.k, given=n.times) as finite:
            every(n.k)(u)
        there, mass, below = t.use("diffusion_chain.chain_given_the_data", by=finite)
        one, _ = t.use("normal_vectors.moments_of_a_normal_vector", normal)
        with t.let(x, given=[In(x, base)]) as point:
            facts = [there(x), t.show(g > 0)]
            values = {"a": g, "b": p(start, x), "c": 1}
            t.use("divergence.logarithm_below_its_tangent", values, by=facts)
        hidden = {"by": point, "at": x, "opaque": [g * log(g / p(start, x)), g]}
        above = t.average(n.divergence(start) >= n.mean(g) - density, **hidden)
        positive = t.average(density >= 0, by=there)
        size = n.mean(Abs(g))
        t.exists(size)
        size = t.average(size.eq(n.mean(g)), by=point, at=x, opaque=[g])
        size = t.show(size.left.eq(1), by=[size, one])
        t.together(there, mass, below, one, above, size, positive)
    with t.obtain(t.derive("inhabited", law=data), "v") as some:
        there, mass, *_, positive = given(some.value, by=some.facts)
        t.together(there, mass, positive)
    there, mass, positive = some.fact
    whole = n.over(n.divergence(start))
    size = mean_bound + costs.left + 2 * density
    hidden = {"at": u, "opaque": [log(1 - level)]}
    t.exists(log(1 - level), by=n.level(last + 1))
    t.exists(whole, bound=size, by=[given, positive], **hidden)
    total = t.average(whole <= mean_bound + costs.left, by=given, **hidden)
    sizes, most = n.bounded(start, n.level(start))
    values = {
        "mu": data,
        "beta": base,
        "q": function([u, x], g),
        "p": function(x, p(start, x)),
        "e": function(x, most),
    }
    t.exists(most)
    spaces = {"U": u.sort, "Y": x.sort}
    known = [there, mass, sizes, given]
    equal, least = t.use("divergence.mixture", values, spaces, by=known)
    last = t.show(
        equal.left <= mean_bound + costs.right, by=[equal, total, costs], opaque=[mean_bound]
    )
    f2, kl = n.over(g), equal.left.args[0]
    t.exists(n.over(n.mean(g)), bound=1, by=given)
    t.exists(n.over(n.mean(Abs(g))), bound=1, by=given)
    with t.let(x, given=[In(x, base)]) as point:
        with t.let(u, given=[In(u, data)]) as here:
            sizes(u, x)
        t.exists(f2, bound=most, by=here)
        values = {"mu": data, "u": function(u, g)}
        above = t.use("divergence.mean_of_positive", values, {"X": u.sort}, here)
        values, known = {"a": f2, "b": p(start, x), "c": 1}, [above, there(x)]
        _, below = t.use("divergence.logarithm_below_its_tangent", values, by=known)
        t.together(below, above)
    swapped = t.exchange(n.over(n.mean(g)), by=point)
    hidden = {"by": point, "at": x, "opaque": [f2 * log(f2 / p(start, x)), f2]}
    unit = t.average(n.over(n.mean(g)).eq(1), by=given, law=data)
    sign = t.average(kl >= swapped.right - density, **hidden)
    sign = t.show(kl >= 0, by=[sign, swapped, unit, mass])
    return t.together(last, least, sign)


@theorem(source=SOURCE)
def least_error_and_the_rest(t):
    """E |x_0 - x̂_0(x_k)|² is mmse_k = E |x_0 - E[x_0|x_k]|², the least error at the time k, and
    E |x̂_0(x_k) - E[x_0|x_k]|², what the predictor is off the Bayes predictor."""
    n = Data(t, generates=False)
    t.given(Exists(n.moment))
    squares = n.squares()
    with t.let(n.k, given=n.times) as each:
        n.split(n.k, squares)
    return each.fact


@theorem(
    label="P",
    source=(
        "arXiv:2601.21242 claims an explicit error decomposition for the estimated reverse "
        "process; our reading"
    ),
    reading=Reading(
        "P3",
        "the divergence of x_1 from the model is at most this; excess is the mean of "
        "|predictor - E[x_0|x_t]|^2",
        symbols("prior_term") + FormulaSum(LOSS, LATE),
    ),
)
def error_decomposition(t):
    """The same with E |x_0 - x̂_0(x_k)|² as the sum of mmse_k and E |x̂_0(x_k) - E[x_0|x_k]|²."""
    n = Data(t)
    k = n.k
    split = t.use("diffusion_chain.least_error_and_the_rest")
    with t.let(k, given=n.times) as each:
        loss = split(k)
        weight, cost = t.read(diffusion.WEIGHT, **n.names(k)), n.variance_cost(k, t.read)
        old = n.mixed_step(k, t.quoted)
        finite = t.use("diffusion_chain.costs_exist")(k, by=each.facts)
        new = weight * loss.right + cost
        t.show(old.eq(new), by=[loss, finite], opaque=[weight, cost])
    steps = Sum(n.mixed_step(k, t.quoted), (k, n.start, n.last))
    same = t.add_up(steps.eq(Sum(new, (k, n.start, n.last))), by=each)
    found, *signs = t.use("diffusion_chain.loss_of_the_predictor")
    prior = t.read(diffusion.PRIOR, alpha_bar=n.alpha_bar(n.last + 1), second_moment=n.moment)
    t.exists(prior, by=found)
    last = t.show(found.left <= prior + same.right, by=[found, same], opaque=[prior])
    return t.together(last, *signs)


@theorem(
    label="P",
    source=(
        "arXiv:2601.21242 claims that forward and backward process differ by a controlled "
        "amount; our reading"
    ),
    reading=Reading(
        "P5",
        "the divergence of x_1 from the Bayes predictor's model, which has no excess, is at most "
        "this; w_best is w with sigma2 = posterior_variance, fall what the largest of w_best at "
        "t, ..., T loses from t to t + 1, and mmse is a bound of it",
        symbols("prior_term") + FormulaSum(information_formulas.BAYES_STEP, LATE),
    ),
)
def divergence_by_information(t):  # noqa: PLR0915
    """The divergence of x_s from what the model generates is at most prior_term, the sum of
    BAYES_STEP and that of the excess w_k E |x̂_0(x_k) - E[x_0|x_k]|²: W(k) falls, is at least
    w̃_k, and 0 after the last step, and M(k) is at least mmse_k."""
    n = Data(t)
    k, _u, x, _i = n.k, n.u, n.x, n.i
    start, last, W, M = n.start, n.last, *t.sequence("W M", REAL)

    def information(k):
        g = n.given_data(k, x)
        return n.mean(n.over(g * log(g / n.over(g))))

    def best(k):
        variance = n.quoted(diffusion.POSTERIOR_VARIANCE, k)
        return t.quoted(diffusion.WEIGHT, **{**n.names(k), "sigma2": variance})

    def bound(k):
        names = {"posterior_variance": n.quoted(diffusion.POSTERIOR_VARIANCE, k)}
        names |= {"sigma2": n.sigma2(k + 1), "mmse": M(k + 1), "fall": W(k + 1) - W(k + 2)}
        weight = t.quoted(diffusion.WEIGHT, **n.names(k))
        return t.read(information_formulas.BAYES_STEP, w=weight, w_best=best(k), **names)

    def after(k):
        """What is left of the parts after the step k."""
        return W(k + 1) * n.mmse(k) - information(k)

    largest = t.given(Forall(k, And(best(k) <= W(k + 1), W(k + 2) <= W(k + 1)), n.times))
    zero = t.given(W(last + 2).eq(0))
    errors = t.given(Forall(k, n.mmse(k + 1) <= M(k + 1), n.times))
    w, b, W1, W2, m, m2, most, gain, cost, excess = t.real("w b W1 W2 m m2 m3 gain cost excess")
    given = [b <= W1, W2 <= W1, m <= m2, m2 >= 0, m2 <= most, gain >= b * m]
    new = cost + Max(0, w - b) * most + (W1 - W2) * most
    with t.let(w, b, W1, W2, m, m2, most, gain, cost, excess, given=given) as lemma:
        one = t.show((w - b) * m2 <= Max(0, w - b) * most, by=lemma.facts)
        two = t.show(b * (m2 - m) <= W1 * (m2 - m), by=lemma.facts)
        three = t.show((W1 - W2) * m2 <= (W1 - W2) * most, by=lemma.facts)
        old = w * (m2 + excess) + cost
        goal = old <= new + w * excess + W2 * m2 - W1 * m + gain
        t.show(goal, by=[one, two, three, lemma.facts[5]])
    squares = n.squares()
    decomposition, *_ = t.use("diffusion_chain.error_decomposition")
    finite = t.use("diffusion_chain.costs_exist")

    def step(k):
        weight, cost = t.quoted(diffusion.WEIGHT, **n.names(k)), n.variance_cost(k, t.quoted)
        return weight, cost, weight * (n.mmse(k + 1) + n.excess(k + 1)) + cost

    def sharper(k):
        weight, _, _ = step(k)
        return bound(k) + weight * n.excess(k + 1)

    with t.let(k, given=[k >= start]) as parts:
        level = n.level(k, by=t.show(k >= 1, by=parts.facts))
        values = {"alpha_bar": n.alpha_bar(k)}
        *_, sign = t.use("noise_levels.least_error", values, by=level)
        positive = t.use("noise_levels.information_is_positive", values, by=level)
        t.together(sign, positive)
    with t.let(k, given=n.times) as each:
        known = [*n.level(k, by=t.show(k >= 1, by=each.facts)), *n.level(k + 1), *n.noise(k)]
        known.append(n.product(k))
        names = {name: v for name, v in n.names(k).items() if name != "sigma2"}
        grows = t.use("noise_levels.error_grows", names, by=known)
        gain = t.use("noise_levels.information_of_a_step", names, by=known)
        n.split(k, squares)
        weight, cost, old = step(k)
        t.together(*finite(k, by=each.facts))
        *_, sign = parts(k + 1)
        values = [weight, best(k), W(k + 1), W(k + 2), n.mmse(k), n.mmse(k + 1), M(k + 1)]
        values += [information(k) - information(k + 1), cost, n.excess(k + 1)]
        found = lemma(*values, by=[*largest(k), errors(k), grows, gain, *parts(k + 1)])
        hidden = [weight, best(k), cost]
        t.show(old <= sharper(k) + (after(k + 1) - after(k)), by=found, opaque=hidden)
    m = t.nat("n")

    def change(m):
        return Sum(after(k + 1) - after(k), (k, start, m))

    with t.let(k, given=[k >= start]) as there:
        parts(k)
        parts(k + 1)
        t.together(t.exists(after(k)), t.exists(after(k + 1) - after(k)))
    there(start)

    def telescoped(m):
        return change(m).eq(after(m + 1) - after(start))

    hidden = [after(start), after(start + 1)]
    first = t.show(telescoped(start), by=t.single(change(start)), opaque=hidden)
    with t.induct(telescoped(m), m, start=start, base=first) as telescope:
        there(m + 1, by=telescope.facts)
        hidden = [after(start), after(m + 1), after(m + 2)]
        more = t.unroll(change(m + 1))
        t.show(telescope.goal, by=[telescope.hypothesis, more], opaque=hidden)
    whole = Sum(step(k)[2], (k, start, last))
    right = Sum(sharper(k), (k, start, last))
    below = t.add_up(whole <= right + change(last), by=each)
    ends = [*parts(start), *parts(last + 1)]
    known = [*n.level(start), *n.level(start + 1), *n.noise(start)]
    positive = t.show(best(start) >= 0, by=known)
    weights = t.show(W(start + 1) >= 0, by=[*largest(start), positive], opaque=[best(start)])
    prior = t.read(diffusion.PRIOR, alpha_bar=n.alpha_bar(last + 1), second_moment=n.moment)
    t.exists(prior, by=decomposition)
    divergence = decomposition.left.args[0]
    known = [decomposition, below, telescope(last), zero, weights, *ends]
    return t.show(divergence <= prior + right, by=known, opaque=[prior])


@theorem(source=SOURCE)
def without_learning(t):
    """A predictor that misses x_0 by AFFINE_k at most in the mean: the divergence of x_s from what
    the model generates is at most prior_term and the sum of WITHOUT_LEARNING, less the information
    that x_s has of x_0, or what is known of it."""
    n = Data(t)
    k, spread, rank, known = n.k, *t.real("spread rank known")
    start, last, x = n.start, n.last, n.x
    t.given(spread >= 0, rank >= 1)
    level, g = n.alpha_bar(k + 1), n.given_data(start, x)
    most = t.quoted(information_formulas.AFFINE, alpha_bar=level)
    small = t.given(Forall(k, n.over(n.loss(k + 1)) <= most, n.times))
    gain = n.mean(n.over(g * log(g / n.over(g))))
    least = t.given(known <= gain)
    names = {"posterior_variance": n.quoted(diffusion.POSTERIOR_VARIANCE, k)}
    names |= {"sigma2": n.sigma2(k + 1), "alpha_bar": level}
    with t.let(k, given=n.times) as each:
        weight, cost = t.quoted(diffusion.WEIGHT, **n.names(k)), n.variance_cost(k, t.quoted)
        t.together(*t.use("diffusion_chain.costs_exist")(k, by=each.facts))
        late = t.show(k >= 1, by=each.facts)
        levels = [*n.level(k, by=late), *n.level(k + 1), *n.noise(k)]
        positive = t.show(weight >= 0, by=levels)
        bound = t.read(information_formulas.WITHOUT_LEARNING, w=weight, **names)
        goal = n.mixed_step(k, t.quoted) <= bound
        t.show(goal, by=[small(k), positive], opaque=[weight, cost, most])
    whole = Sum(n.mixed_step(k, t.quoted), (k, start, last))
    right = Sum(bound, (k, start, last))
    below = t.add_up(whole <= right, by=each)
    found, *_ = t.use("diffusion_chain.loss_of_the_predictor")
    prior = t.quoted(diffusion.PRIOR, alpha_bar=n.alpha_bar(last + 1), second_moment=n.moment)
    t.exists(prior, by=found)
    divergence = found.left.args[0]
    goal = divergence <= prior + right - known
    return t.show(goal, by=[found, below, least], opaque=[prior])
