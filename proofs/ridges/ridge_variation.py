"""The constants of the variation of the ridge measure in every dimension: the bound of I_d has a
largest value. The constants are those of
`boundcheck.theory.formulas.approximation.ridge_variation`.
"""

from boundcheck import Q, theorem
from boundcheck.math import exp, log, loggamma
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theory.formulas.approximation import ridge_variation

SOURCE = "derived here"
pi = constant("pi")


@theorem(source="Watson, 1959; this proof is derived here")
def watson(t):
    """log Γ(x + 1/2) + log(x + 1/4)/2 <= log Γ(x + 1) for x >= 0."""
    x = t.real("x")
    positive = t.given(x >= 0)
    t.example(x=1)
    left = loggamma(x + Q(1, 2)) + log(x + Q(1, 4)) / 2
    return t.show(left <= loggamma(x + 1), by=positive)


@theorem(source=SOURCE)
def profile_mass(t):
    """The bound of I_d is at most 3.06 for every real d >= 1."""
    d = t.real("d")
    least = t.given(d >= 1)
    t.example(d=1)
    t.show(d / 2 >= 0, by=least)
    t.show(d >= 0, by=least)
    whole = t.use("ridge_variation.watson", {"x": d})
    half = t.use("ridge_variation.watson", {"x": d / 2})
    axiom = t.derive("axiom", name="duplication").theorem
    t.show((d + 1) / 2 > 0, by=least)
    double = t.use(axiom, {"x": (d + 1) / 2})()
    double = t.replace(double, ((d + 1) / 2 + Q(1, 2), d / 2 + 1), (2 * ((d + 1) / 2), d + 1))
    double = t.replace(double, ((d + 1) / 2, d / 2 + Q(1, 2)))
    logs = [log(d + Q(1, 4)), log(d / 2 + Q(1, 4)), log((d + Q(1, 2)) * (d + Q(3, 4)))]
    end = t.show(logs[2] - logs[0] - logs[1] <= log(number(2)) + log(number(Q(7, 5))), by=least)
    gammas = [loggamma(d + Q(1, 2)), loggamma(d + 1), loggamma(d / 2 + Q(1, 2))]
    gammas += [loggamma(d / 2 + 1), log(pi), log(number(2)), log(number(Q(7, 5)))]
    power = gammas[0] / 2 + logs[2] / 4 - d / 2 * log(number(2)) - gammas[3]
    bound = (log(number(2)) + log(number(Q(7, 5))) - log(pi)) / 4
    small = t.show(power <= bound, by=[whole, half, double, end], opaque=[*gammas, *logs])
    largest = t.read(ridge_variation.PROFILE_MASS_LARGEST)
    last = t.show(pi * exp(bound) <= largest)
    y, z = t.real("y z")
    with t.let(y, z, given=[y <= z]) as grown:
        t.show(pi * exp(y) <= pi * exp(z), by=grown.facts)
    whole = grown.fact(power, bound, by=small)
    mass = t.read(ridge_variation.PROFILE_MASS)
    return t.chain(t.show(mass <= whole.right, by=whole, opaque=[mass, whole.right]), last)
