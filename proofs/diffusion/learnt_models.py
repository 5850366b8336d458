"""Diffusion models with learnt predictors: from the excess risks of the steps to the divergence.

The setting is that of `diffusion_chain`. w is what the predictors are learnt from, drawn by the law
`learning`: predictor(w, k, i, x) is coordinate i of the data as the predictor takes it at the time
k, and p(w, k, .) the density of what the model with these predictors has at that time. How samples
of different steps depend on each other does not matter.
"""

from boundcheck import Reading, symbols, theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.math import Sum as FormulaSum
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    LivesOn,
    Mean,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion

SOURCE = "derived here"


class Learnt:
    """The model, the forward process, and the data."""

    def __init__(self, t):
        self.t, self.normal = t, t.law("normal", REAL)
        self.base, (z, s) = samples(self.normal), t.real("z s")
        self.u, self.x, self.y = t.sequence("u x y", REAL)
        self.i, self.k, self.d, self.start, self.last = t.nat("i k d start last")
        self.beta, self.alpha_bar, self.sigma2 = t.sequence("beta alpha_bar sigma2", REAL)
        W = t.space("W")
        self.w, self.learning, self.data = t.variable("w", W), t.law("learning", W), None
        self.p = t.function("p", W, NAT, self.x.sort)
        self.predictor = t.function("predictor", W, NAT, NAT, self.x.sort)
        self.data = t.law("data", self.u.sort)
        k, y, alpha_bar = self.k, self.y, self.alpha_bar
        self.times = [self.start <= k, k <= self.last]
        noise = And(self.beta(k + 1) > 0, self.beta(k + 1) < 1, self.sigma2(k + 1) > 0)
        product = alpha_bar(k + 1).eq(self.numbers(diffusion.ALPHA_BAR, k))
        moment = Mean(exp(s * z), (z, self.normal)).eq(exp(s**2 / 2))
        self.standard, self.noise, self.first, self.product = t.given(
            Forall(s, moment), Forall(k, noise), alpha_bar(0).eq(1), Forall(k, product)
        )
        t.given(self.start >= 1, self.start <= self.last)
        ends = LivesOn(self.base, y, self.p(self.w, self.last + 1, y).eq(1))
        steps = LivesOn(self.base, y, self.p(self.w, k, y).eq(self.after(k)))
        self.ends, self.model = t.given(
            self.always(ends), self.always(Forall(k, steps, self.times))
        )
        self.moment = self.over(self.sum(self.u(self.i) ** 2))
        self.second_moment = t.given(Exists(self.moment))
        self.level = t.use("diffusion_chain.noise_level", by=[self.noise, self.first, self.product])

    def numbers(self, formula, k, read=None, **more):
        """A formula of the step k + 1."""
        names = {
            "alpha_bar_before": self.alpha_bar(k),
            "alpha_bar": self.alpha_bar(k + 1),
            "beta": self.beta(k + 1),
            "sigma2": self.sigma2(k + 1),
        }
        return (read or self.t.quoted)(formula, **(names | more))

    def always(self, formula):
        """The formula for all that may be learnt from."""
        return LivesOn(self.learning, self.w, formula)

    def sum(self, term):
        return Sum(term, (self.i, 1, self.d))

    def over(self, v):
        """The mean over the data."""
        return Mean(v, (self.u, self.data))

    def mean(self, v):
        """Over a point x, with respect to the base."""
        return Mean(v, (self.x, self.base))

    def density(self, m, v, z):
        """Of N(m, vI) at z, m written in i."""
        z = z(self.i)
        return exp(self.sum(z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2))

    def given_data(self, k):
        """The density at x of x_k given x_0 = u."""
        level = self.alpha_bar(k)
        return self.density(sqrt(level) * self.u(self.i), 1 - level, self.x)

    def mixed(self, k):
        """The density at x of x_k."""
        return self.over(self.given_data(k))

    def bayes(self, k):
        """Coordinate i of E[x_0 | x_k = x]."""
        return self.over(self.u(self.i) * self.given_data(k)) / self.mixed(k)

    def guess(self, k):
        """Coordinate i of the data, as the predictor takes it."""
        return self.predictor(self.w, k, self.i, self.x)

    def after(self, k):
        """The density at y of what the step k + 1 makes of p(w, k + 1, .)."""
        data, state = (self.numbers(f, k) for f in (diffusion.FROM_DATA, diffusion.FROM_STATE))
        center = data * self.guess(k + 1) + state * self.x(self.i)
        step = self.density(center, self.sigma2(k + 1), self.y)
        return self.mean(self.p(self.w, k + 1, self.x) * step)

    def loss(self, k):
        """E |x_0 - x̂_0(x_k)|²."""
        error = self.u(self.i) - self.guess(k)
        return self.over(self.mean(self.given_data(k) * self.sum(error**2)))

    def mmse(self, k):
        """E |x_0 - E[x_0|x_k]|²."""
        error = self.u(self.i) - self.bayes(k)
        return self.mean(self.over(self.given_data(k) * self.sum(error**2)))

    def excess(self, k):
        """E |E[x_0|x_k] - x̂_0(x_k)|²."""
        return self.mean(self.mixed(k) * self.sum((self.bayes(k) - self.guess(k)) ** 2))

    def divergence(self):
        """Of the law of x_start from what the model generates."""
        f2 = self.mixed(self.start)
        return self.mean(f2 * log(f2 / self.p(self.w, self.start, self.x)))

    def learnt(self, v):
        """The mean over what is learnt from."""
        return Mean(v, (self.w, self.learning))

    def prior(self, read):
        return read(
            diffusion.PRIOR, alpha_bar=self.alpha_bar(self.last + 1), second_moment=self.moment
        )

    def costs(self, k, risk, read):
        """What the step k + 1 costs where the excess risk is risk."""
        variance = self.numbers(diffusion.POSTERIOR_VARIANCE, k)
        cost = self.numbers(diffusion.VARIANCE_COST, k, read, posterior_variance=variance)
        return self.numbers(diffusion.WEIGHT, k, read) * (self.mmse(k + 1) + risk) + cost


@theorem(source=SOURCE)
def of_excess_risks(t):
    """E KL(x_s, model) is at most prior_term and the sum of w_k (mmse_k + R(k)) + variance_cost over
    the steps, for all predictors whose excess risks are at most R(k) in the mean over what they are
    learnt from."""
    n = Learnt(t)
    k, w, x, i, start, last = n.k, n.w, n.x, n.i, n.start, n.last
    R = t.function("R", NAT)
    losses = t.given(n.always(Forall(k, Exists(n.loss(k + 1)), n.times)))
    risks = t.given(Forall(k, n.learnt(n.excess(k + 1)) <= R(k + 1), n.times))
    prior = n.prior(t.read)

    def steps(risk, read):
        return Sum(n.costs(k, risk(k + 1), read), (k, start, last))

    kl = n.divergence()
    with t.let(w, given=[In(w, n.learning)]) as every:
        values = {
            "p": function([k, x], n.p(w, k, x)),
            "predictor": function([k, i, x], n.predictor(w, k, i, x)),
        }
        facts = [n.ends(w), n.model(w), losses(w)]
        found, least, sign = t.use("diffusion_chain.error_decomposition", values, by=facts)
        t.exists(prior, by=found)
        whole = steps(n.excess, t.quoted)
        less = t.show(kl <= prior + whole, by=[found, least], opaque=[prior, whole, kl])
        t.together(sign, less)
    with t.obtain(t.derive("inhabited", law=n.learning), "v") as some:
        v = some.value
        values = {"predictor": function([k, i, x], n.predictor(v, k, i, x))}
        known = [losses(v, by=some.facts), n.noise, n.first, n.product]
        split = t.use("diffusion_chain.least_error_and_the_rest", values, by=known)
        with t.let(k, given=n.times):
            split(k)
            t.exists(n.mmse(k + 1))
    least_error = some.fact
    with t.let(k, given=n.times) as each:
        least_error(k)
        late = t.show(k >= 1, by=each.facts)
        known = [*n.level(k, by=late), *n.level(k + 1), *n.noise(k)]
        finite = t.use("diffusion_chain.costs_exist", by=[n.noise, n.first, n.product])(k)
        weight = n.numbers(diffusion.WEIGHT, k)
        positive = t.show(weight >= 0, by=known)
        risk, new = n.excess(k + 1), n.costs(k, R(k + 1), t.quoted)
        cost, mean = new.args[1], n.learnt(risk)
        t.derive("integrand", t.exists(mean, by=risks(k)), mean=mean)
        size = weight * (Abs(n.mmse(k + 1)) + n.learnt(Abs(risk))) + Abs(cost)
        hidden = {"at": w, "opaque": [weight, cost, n.mmse(k + 1), risk]}
        one = n.learnt(n.costs(k, risk, t.quoted))
        t.exists(one, bound=size, by=[positive, *finite], **hidden)
        exact = one.eq(n.costs(k, mean, t.quoted))
        exact = t.average(exact, law=n.learning, **hidden)
        goal, hidden = one <= new, [weight, cost, n.mmse(k + 1)]
        t.show(goal, by=[exact, risks(k), positive], opaque=hidden)
    total = n.learnt(steps(n.excess, t.quoted))
    whole = t.mean_of_sum(total, by=each)
    most = t.add_up(whole.right <= steps(R, t.quoted), by=each)
    mean, found = n.learnt(kl), prior + steps(n.excess, t.quoted)
    hidden = {"by": every, "at": w, "opaque": [kl, prior, found.args[1]]}
    t.exists(mean, bound=Abs(prior) + n.learnt(Abs(found.args[1])), **hidden)
    sign = t.average(mean >= 0, **hidden)
    less = t.average(mean <= prior + total, law=n.learning, **hidden)
    bound = prior + steps(R, t.read)
    last = t.show(mean <= bound, by=[less, whole, most], opaque=[prior])
    return t.together(sign, last)
