"""Maurey's lemma: a function that is a mean over parameters is nearly a mean of k of them.

f(x) = E phi(theta, x) over theta ~ nu, and the error of an approximation is its square mean over
x ~ pi. s(1), ..., s(k) are independent parameters drawn by nu.
"""

from boundcheck import theorem
from boundcheck.theorems.author.words import Exists, In, LivesOn, Mean, Sum, function, samples

SOURCE = "Pisier, 1981, after Maurey; this proof is derived here"


@theorem(source=SOURCE)
def maurey_on_average(t):
    """With E_x phi(theta, x)² <= V² for all theta, the mean of k independent draws of phi is off
    f by at most V²/k, in the square mean over x and the draws."""
    X, T = t.space("X"), t.space("T")
    pi, nu = t.law("pi", X), t.law("nu", T)
    phi, f = t.function("phi", T, X), t.function("f", X)
    x, theta, s = t.variable("x", X), t.variable("theta", T), t.sequence("s", T)
    V, j, n, k = t.real("V"), *t.nat("j n k")
    t.given(k >= 1)
    square = Mean(phi(theta, x) ** 2, (theta, nu))
    represents = t.given(LivesOn(pi, x, f(x).eq(Mean(phi(theta, x), (theta, nu)))))
    squares = t.given(LivesOn(pi, x, Exists(square)))
    sizes = t.given(LivesOn(nu, theta, Mean(phi(theta, x) ** 2, (x, pi)) <= V**2))

    def total(n):
        return Sum(phi(s(j), x), (j, 1, n))

    error = (f(x) - total(k) / k) ** 2
    risk, absolute = (Mean(u, (s, samples(nu))) for u in (error, abs(error)))
    with t.let(x, given=[In(x, pi)]) as each:
        values = {"pi": nu, "u": function(theta, phi(theta, x)), "n": k}
        variance = t.use("independence.variance_of_a_mean", values, spaces={"X": T}, by=squares(x))
        variance = t.rewrite(t.symmetric(represents(x)), variance)
        positive = t.average(risk >= 0)
        same = t.average(absolute.eq(risk))
        jensen = t.show(f(x) ** 2 <= square, by=[variance, positive])
        small = t.show(risk <= square / k, by=variance)
        t.together(same, positive, small, jensen)

    inner, size = (Mean(u, (x, pi)) for u in (phi(theta, x) ** 2, abs(phi(theta, x) ** 2)))
    with t.let(theta, given=[In(theta, nu)]) as inside:
        t.average(size.eq(inner), by=sizes(theta))
    with t.let(theta, given=[In(theta, nu)]) as positive:
        t.average(inner >= 0, by=sizes(theta))
    for mean in (inner, size):
        t.exists(Mean(mean, (theta, nu)), by=[inside.fact, positive.fact, sizes], bound=V**2)
    most = t.average(Mean(inner, (theta, nu)) <= V**2)
    swapped = t.exchange(Mean(inner, (theta, nu)), by=squares)
    t.exists(Mean(f(x) ** 2, (x, pi)), by=each.fact, bound=Mean(square, (x, pi)))

    with t.let(s, given=[In(s, samples(nu))]) as drawn:
        with t.let(x) as empty:
            t.empty(total(0))
        t.exists(Mean(total(0) ** 2, (x, pi)), by=empty.fact, bound=0)
        with t.induct(Exists(Mean(total(n) ** 2, (x, pi))), n) as step:
            new = Mean(phi(s(n + 1), x) ** 2, (x, pi))
            t.exists(new, by=sizes(s(n + 1)))
            with t.let(x) as longer:
                t.unroll(total(n + 1))
            bound = 2 * Mean(total(n) ** 2, (x, pi)) + 2 * new
            t.exists(step.goal.args[0], by=longer.fact, bound=bound)
        bound = 2 * Mean(f(x) ** 2, (x, pi)) + 2 * Mean(total(k) ** 2, (x, pi)) / k**2
        t.exists(Mean(error, (x, pi)), by=step(k), bound=bound)
    for mean in (risk, absolute):
        t.exists(Mean(mean, (x, pi)), by=each.fact, bound=Mean(square, (x, pi)) / k)
    below = t.average(Mean(risk, (x, pi)) <= Mean(square, (x, pi)) / k, by=each.fact)
    found = t.exchange(Mean(risk, (x, pi)), by=drawn.fact)
    return t.show(found.right <= V**2 / k, by=[found, below, swapped, most])


@theorem(source=SOURCE)
def maurey(t):
    """There are k parameters, some of them equal perhaps, such that the mean of phi over them is
    off f by at most V²/k in square mean."""
    X, T = t.space("X"), t.space("T")
    pi, nu = t.law("pi", X), t.law("nu", T)
    phi, f = t.function("phi", T, X), t.function("f", X)
    x, theta = t.variable("x", X), t.variable("theta", T)
    V, k = t.real("V"), t.nat("k")
    t.given(k >= 1)
    t.given(LivesOn(pi, x, f(x).eq(Mean(phi(theta, x), (theta, nu)))))
    t.given(LivesOn(pi, x, Exists(Mean(phi(theta, x) ** 2, (theta, nu)))))
    t.given(LivesOn(nu, theta, Mean(phi(theta, x) ** 2, (x, pi)) <= V**2))
    t.example(phi=function([theta, x], 0), f=function(x, 0), V=1, k=1)
    return t.least(t.use("maurey.maurey_on_average"))
