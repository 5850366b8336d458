"""Rates: the balance of approximation and estimation, and the exponents in n and
in m, for every dimension.

The risk on a box is at most A n^(-a) + P n/m: A n^(-a) from the approximation with n neurons, P n/m
from the samples. P grows like logarithms of n and m. A is constant on a fixed box; for a box
that grows with m see `growing_box`. Everything is derived here; the exponents are those
of `boundcheck.theory.formulas.rates`.
"""

from boundcheck import Box, Q, claim, identity, inequality, symbols, uses
from boundcheck.math import Max, oo
from boundcheck.theory.formulas import covering, rates, ratio, shallow
from boundcheck.theory.formulas.oracle import m
from boundcheck.theory.formulas.ratio import n
from boundcheck.theory.formulas.shallow import d, k, p

SOURCE = "derived here, for the rates that arXiv:2601.21242 claims"

a, A, P = symbols("a A P")
EXPONENT = rates.BALANCE  # of n in m
HALF = Q(1, 2)
RATE = -(HALF + 3 / (2 * d))


@claim(source=SOURCE)
def balance():
    """For n = m^x, x = 1/(1+a), A n^(-a) + P n/m is at most (A + 2P) m^(-a/(1+a)).

    So it is for all n between m^x and 2m^x, as whole numbers need.
    """
    given = [a > 0, A > 0, P > 0, m >= 1]
    yield identity(-a * EXPONENT, EXPONENT - 1, given=[a > 0])
    order = m ** (-a / (1 + a))
    near = [*given, n >= m**EXPONENT, n <= 2 * m**EXPONENT]
    yield inequality(n ** (-a), "<=", order, given=near)
    yield inequality(n / m, "<=", 2 * order, given=near)
    yield inequality(
        A * n ** (-a) + P * n / m,
        "<=",
        (A + 2 * P) * order,
        given=[*near, n ** (-a) <= order, n / m <= 2 * order],
    )


@claim(source=SOURCE)
def balance_is_best():
    """No n does better: A n^(-a) + P n/m >= min(A, P) m^(-a/(1+a)) for every n, since one
    term is as large as that."""
    given = [a > 0, n > 0, m >= 1]
    order = m ** (-a / (1 + a))
    yield inequality(n ** (-a), ">=", order, given=[*given, n <= m**EXPONENT])
    yield inequality(n / m, ">=", order, given=[*given, n >= m**EXPONENT])


@claim(source=SOURCE)
def exponents():
    """On a fixed box: a = 1 + 3/d where f2 >= c, and 1/2 + 3/(2d) without: so n = m^(d/(2d+3)) and
    the risk m^(-(d+3)/(2d+3)), or n = m^(2d/(3d+3)) and the risk m^(-(d+3)/(3d+3))."""
    yield uses("rates.balance")
    yield uses("rates.balance_is_best")
    yield uses("rates.of_the_approximation")
    positive, free = 1 + 3 / d, (1 + 3 / d) / 2
    for exponent, neurons, excess in (
        (positive, d / (2 * d + 3), (d + 3) / (2 * d + 3)),
        (free, 2 * d / (3 * d + 3), (d + 3) / (3 * d + 3)),
    ):
        yield identity(EXPONENT.subs(a, exponent), neurons, given=[d >= 1])
        yield identity(exponent * EXPONENT.subs(a, exponent), excess, given=[d >= 1])


@claim(source=SOURCE)
def growing_box(z, s, v, w):
    """On the whole space the risk is of the order m^(-y), y = a/(1+a+dq),
    where A is of the order c^(-q).

    For z = (R - √ᾱ B)/σ and s = 2√ᾱ B/σ the tail off the box is of the order exp(-z²/2),
    and c = exp(-d(z+s)²/2). Let v = log n and w = log m, so the three terms have the logarithms
    dq(z+s)²/2 - av, v - w and -z²/2. For v = (1-y)w and z² = 2yw all of them are -yw,
    but for dqs(z + s/2), which grows like √w only. No n and no box do better: always one
    of the three is at least -yw.

    So y = (d+3)/(d²+2d+3) for q = 1 (`weighted`), y = (d+3)/(2d²+2d+3) for q = 2 (`uniform`),
    and without positivity, q = 0, it is (d+3)/(3d+3), which is at least as large.
    """
    yield uses("rates.exponents")
    yield uses("end_to_end.one_step")
    y, q = rates.GROWING, rates.q
    sizes = [a > 0, d >= 1, q >= 0, s >= 0, w >= 0]
    first = d * q * (z + s) ** 2 / 2 - a * v
    best = first.subs(v, (1 - y) * w)
    yield identity(
        best, -y * w + d * q * (z**2 / 2 - y * w + s * (z + s / 2)), on=Box(z=(0, oo)), given=sizes
    )
    box = Box(z=(0, oo), v=(-oo, oo))
    yield inequality(Max(first, v - w, -(z**2) / 2), ">=", -y * w, on=box, given=sizes)
    free = (d + 3) / (3 * d + 3)
    for price, exponent in (
        (0, free),
        (1, (d + 3) / (d**2 + 2 * d + 3)),
        (2, (d + 3) / (2 * d**2 + 2 * d + 3)),
    ):
        power = 1 + 3 / d if price else (1 + 3 / d) / 2
        yield identity(y.subs({a: power, q: price}), exponent, given=[d >= 1])
        if price:
            yield inequality(exponent, "<=", free, given=[d >= 1])


@claim(source=SOURCE)
def of_the_approximation():
    """The risk from the approximation on a fixed box: of order n^(-2(1/2+3/(2d))) where
    f2 >= c, else the root of it.

    error_l2 is of the order k^(-(d+3)/2), and the neurons n = N_2(k) lie between 8d k^d and
    N_2(2) k^d. The bounds with f2 >= c are proportional to error_l2², the one without to error_l2,
    for c = 0; the terms with 1/M are left out, since M is as large as one likes. The number
    of parameters is (d+5) n - 2(n-1), so at most (d+5) n.
    """
    yield uses("ratio.neurons")
    yield uses("end_to_end.three_versions")
    sizes = [k >= 1, d >= 1]
    yield inequality(ratio.NEURONS, ">=", 8 * d * k**d, given=[*sizes, (k + 1) ** d >= 1])
    yield inequality(
        k ** (-shallow.EXPONENT),
        ">=",
        (8 * d) ** (HALF + 3 / (2 * d)) * n**RATE,
        given=[*sizes, n >= 8 * d * k**d],
    )
    yield identity(covering.RATIO_PARAMETERS, (d + 5) * n - 2 * (n - 1), given=[n >= 1, d >= 1])


@claim(source=SOURCE)
def norms():
    """The L^p error is of the order n^(-1/2-3/(2d)) for every p < ∞; Khintchine's
    inequality gives less for p > 2."""
    yield uses("marginals.rate_in_neurons")
    yield uses("marginals.above_two_by_hoeffding")
    yield inequality((1 + 1 / p) / d, "<", 3 / (2 * d), given=[p > 2, d >= 1])
