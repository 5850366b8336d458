"""Normal laws by their densities with respect to the standard normal law.

`normal` is the standard normal law: E exp(sz) = exp(s²/2) for all s. N(m, v) has the density exp(e)
with e = z²/2 - (z - m)²/(2v) - log(v)/2 with respect to it, for v > 0, as the axiom says.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import And, Forall, Mean, function
from boundcheck.theorems.language.expr import number
from boundcheck.theorems.language.sorts import REAL

SOURCE = "textbooks of probability; this proof is derived here"


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


class Normal:
    """The standard normal law."""

    def __init__(self, t):
        self.t, self.law, self.z = t, t.law("normal", REAL), t.variable("z", REAL)
        self.m, self.v, s = t.real("m v s")
        self.standard = t.given(Forall(s, self.mean(exp(s * self.z)).eq(exp(s**2 / 2))))

    def mean(self, u):
        return Mean(u, (self.z, self.law))

    def moved(self, u, m, v):
        """E u(m + √v z) == E u(z) exp(e), where v > 0 and the left mean exists."""
        t, r = self.t, sqrt(v)
        axiom = t.derive("axiom", name="normal_laws_have_densities").theorem
        shown = t.use(axiom, {"u": function(self.z, u), "normal": self.law})
        t.show(r > 0)
        found = t.derive("detach", shown, self.standard)(m, r)
        return t.rewrite(t.show((r**2).eq(v)), found)


@theorem(source=SOURCE)
def density_of_a_normal_law(t):
    """The density of N(m, v) has the mean 1."""
    n = Normal(t)
    m, v = n.m, n.v
    with t.let(m, v, given=[v > 0]) as each:
        one = n.moved(1, m, v)
        t.show(one.right.eq(1), by=[one, t.show(one.left.eq(1))])
    return each.fact


@theorem(source=SOURCE)
def moments_of_the_standard_normal_law(t):
    """E z = 0 and E z² = 1."""
    n = Normal(t)
    z, one, two = n.z, n.mean(n.z), n.mean(n.z**2)
    e, M, w = t.real("e M w")
    sizes = [n.standard(1), n.standard(-1)]
    bound = n.mean(exp(1 * z)) + n.mean(exp(-1 * z))
    t.exists(one, bound=bound, by=sizes)
    t.exists(two, bound=bound, by=sizes)
    with t.let(M, given=[Forall(e, e * M <= e**2)]) as zero:
        t.show(M.eq(0), by=[zero.facts[0](M / 2), zero.facts[0](-M / 2)])
    with t.let(M, w) as tangent_of_exp:
        t.show(exp(M) >= exp(w) * (1 + M - w))
    with t.let(e) as first:
        law, factor = n.standard(e), exp(e**2 / 2)
        with t.let(z) as line:
            tangent_of_exp(e * z, e**2 / 2)
        below = t.average(law.left >= factor * (1 + e * one - e**2 / 2), by=line)
        positive = t.show(factor > 0)
        less = t.show(factor * (e * one - e**2 / 2) <= 0, by=[below, law])
        t.show(e * one <= e**2, by=[less, positive], opaque=[factor])
    laws = t.use("normal_laws.density_of_a_normal_law")
    weight = number(1) / 2 - 1 / (2 * (1 + e))
    with t.let(M, e, given=[e > -1, M * weight <= e / 2]) as scaled:
        same = t.show((M * e).eq(M * weight * (2 * (1 + e))))
        t.show(M * e <= e * (1 + e), by=[same, scaled.facts[1]])
    with t.let(e, given=[e > -1]) as second:
        law, power = laws(0, 1 + e), exponent(number(0), 1 + e, z)
        t.exists(weight)
        t.exists(log(1 + e))
        middle = t.average(n.mean(power).eq(two * weight - log(1 + e) / 2), opaque=[log(1 + e)])
        with t.let(z) as tangent:
            t.show(exp(power) >= 1 + power, opaque=[power])
        below = t.average(law.left >= 1 + n.mean(power), by=tangent, opaque=[power], at=z)
        log_below = t.show(log(1 + e) <= e)
        known = [below, middle, law, log_below]
        less = t.show(two * weight <= e / 2, by=known, opaque=[weight, log(1 + e)])
        scaled(two, e, by=less)
    with t.let(w, given=[w**2 <= 0]) as root:
        t.show(w.eq(0), by=root.facts)
    with t.let(M, given=[M >= 0, Forall(e, M * e <= e * (1 + e), [e > -1])]) as unit:
        positive, close = unit.facts
        best = t.show((M - 1) / 2 > -1, by=positive)
        square = t.show((M - 1) ** 2 <= 0, by=close((M - 1) / 2, by=best))
        t.show(M.eq(1), by=root(M - 1, by=square))
    positive = t.average(two >= 0)
    return t.together(zero(one, by=first), unit(two, by=[second, positive]))


@theorem(source=SOURCE)
def moments_of_a_density(t):
    """E z exp(e) = m and E (z - a)² exp(e) = (m - a)² + v."""
    n = Normal(t)
    z, m, v, a = n.z, n.m, n.v, t.real("a")
    one, two = t.use("normal_laws.moments_of_the_standard_normal_law")
    with t.let(m, v, a, given=[v > 0]) as each:
        r = sqrt(v)
        t.exists(r)
        square = t.show((r**2).eq(v))
        linear, squared = m + r * z, (m + r * z - a) ** 2
        mean = m + r * one.left
        spread = (m - a) ** 2 + 2 * (m - a) * r * one.left + v * two.left
        t.exists(n.mean(linear), bound=Abs(m) + Abs(r) * n.mean(Abs(z)))
        first = t.average(n.mean(linear).eq(mean))
        t.exists(n.mean(squared), bound=2 * (m - a) ** 2 + 2 * v * two.left, by=square)
        second = t.average(n.mean(squared).eq(spread), by=square)
        first = t.show(n.moved(z, m, v).right.eq(m), by=[first, one, n.moved(z, m, v)])
        other = n.moved((z - a) ** 2, m, v)
        t.show(
            And(first.formula, other.right.eq((m - a) ** 2 + v)),
            by=[first, second, one, two, other],
        )
    return each.fact
