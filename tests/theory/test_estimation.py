"""What m samples cost: the dial, against another evaluation and against exact distributions."""

from itertools import product
from math import comb

import pytest
from flint import arb, fmpq
from mpmath import exp, findroot, log, mp, mpf

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import covering, oracle
from boundcheck.theory.risk.classes.dial import admissible, dials


def g(theta):
    return (1 - exp(-4 * (theta - 2 * theta**2))) / 4


def rational(q):
    return mpf(int(q.p)) / int(q.q)


@pytest.mark.parametrize(
    ("A", "rate"),
    [("1.05", 85.4), ("1.1", 45.5), ("1.25", 21.65), ("1.5", 13.98), ("2", 10.70), ("2.5", 10.17)],
)
def test_largest_nu(A, rate):
    """The root of g(A nu) = nu: what is above it is refused."""
    price = fmpq(mpf(A).man_exp[0]) * fmpq(2) ** mpf(A).man_exp[1]
    nu = findroot(lambda v: g(mpf(A) * v) - v, 1 / mpf(rate))
    assert 0 <= rate - 1 / nu < (0.1 if rate > 40 else 0.01)
    below, above = (fmpq(int(nu * f * 2**60), 2**60) for f in (mpf("0.9999"), mpf("1.0001")))
    assert admissible(price, below)
    assert not admissible(price, above)
    assert 4 * mpf(A) ** 2 / (mpf(A) - 1) >= 1 / nu


def test_no_price_below_one():
    assert not admissible(fmpq(1), fmpq(1, 100))
    assert not admissible(fmpq(2), fmpq(0))
    assert not admissible(fmpq(2), fmpq(-1))


def test_dials_are_admissible_and_close_to_the_best():
    for A, nu in (map(rational, dial) for dial in dials()):
        assert g(A * nu) >= nu > 0
        assert g(A * nu * mpf("1.0001")) < nu * mpf("1.0001")


def learnt(approximation, log_n, m):
    """The least of ORACLE_VECTORS over the dials, without a net."""
    known = {"comparator": approximation, "log_n": log_n, "rho": arb(1), "m": fmpq(m)}
    known |= {"delta": fmpq(0), "eps": fmpq(0)}
    formula = term(oracle.ORACLE_VECTORS)
    bounds = (at_point(formula, {**known, "A": A, "nu": nu}, 64) for A, nu in dials())
    return min(float(arb(b)) for b in bounds)


# -- exact distributions ---------------------------------------------------------------------------


def convolved(law, m):
    """The law of the sum of m independent draws."""
    whole = {0: 1.0}
    for _ in range(m):
        new = {}
        for (total, p), (z, q) in product(whole.items(), law.items()):
            new[total + z] = new.get(total + z, 0.0) + p * q
        whole = new
    return whole


def noised(keep, copies, dependent):
    """The law of Σ_k n_k for the noises n_k = ±1 of one image, P(n_k = 1) = keep."""
    one = {1: keep, -1: 1 - keep}
    return {copies * z: p for z, p in one.items()} if dependent else convolved(one, copies)


def risk_of_learner(slopes, keep, m, copies, dependent):
    """E(a - a*)² for the least squares slope a: image y = ±1, noisy points x_k = y n_k, f(x) = a x,
    f*(x) = a* x with a* = 2 keep - 1; (y - a x_k)² = 1 - 2 a n_k + a²."""
    best, risk = 2 * keep - 1, 0.0
    for total, p in convolved(noised(keep, copies, dependent), m).items():
        mean = total / (m * copies)
        chosen = min(slopes, key=lambda a: a**2 - 2 * a * mean)
        risk += p * (chosen - best) ** 2
    return risk


def bound_of_learner(slopes, keep, m):
    nearest = min((a - (2 * keep - 1)) ** 2 for a in slopes)
    return learnt(arb(nearest), arb(len(slopes)).log(), m)


@pytest.mark.parametrize("keep", [0.5, 0.6, 0.8, 0.95])
@pytest.mark.parametrize(("m", "copies"), [(30, 1), (30, 4), (200, 1), (100, 2)])
@pytest.mark.parametrize("dependent", [False, True])
def test_the_truth_is_below_the_bound(keep, m, copies, dependent):
    for slopes in ([-0.3, 0.0, 0.3], [k / 10 for k in range(-10, 11)], [0.2, 0.7]):
        assert risk_of_learner(slopes, keep, m, copies, dependent) <= bound_of_learner(
            slopes, keep, m
        )


def test_it_is_the_number_of_images_that_counts():
    """With m K for m the bound is false: K copies of one noise teach what one does."""
    slopes, m, copies = [-0.1, 0.1], 25, 1000
    truth = risk_of_learner(slopes, 0.5, m, copies, dependent=True)
    assert truth == pytest.approx(risk_of_learner(slopes, 0.5, m, 1, dependent=True))
    slopes = [k / 20 for k in range(-20, 21)]
    truth = risk_of_learner(slopes, 0.5, m, copies, dependent=True)
    assert bound_of_learner(slopes, 0.5, m * copies) < truth <= bound_of_learner(slopes, 0.5, m)


def wrong_choice(m):
    """P(f_1 = -1/5 has the smaller empirical risk, and not f_0 = 1/10), for m fair signs Y."""
    # (Y + 1/5)² - (Y - 1/10)² sums up to 3/5 Σ Y + 3 m/100, which is < 0 if Σ Y < -m/20
    with mp.workdps(40):
        terms = (mp.binomial(m, k) for k in range(m + 1) if 20 * (2 * k - m) < -m)
        return mp.fsum(terms) / mpf(2) ** m


@pytest.mark.parametrize(
    ("m", "claimed", "true"), [(8000, 9.6e-7, 3.7e-6), (12000, 6.7e-10, 2.0e-8)]
)
def test_a_tempting_form_in_probability_is_false(m, claimed, true):
    """With one e^-s, and log N + s for log N: at s such that the bound is R(f_1), it is false that
    R(fhat) is below it with the probability 1 - e^-s. The theorem has 2 e^-s, and more for f_0."""
    A, nu, inner, outer = 2, mpf(1) / 11, mpf("0.01"), mpf("0.04")
    s = (outer - A * inner) * nu * m - log(2)
    assert float(exp(-s)) == pytest.approx(claimed, rel=0.02)
    chosen = wrong_choice(m)
    assert float(chosen) == pytest.approx(true, rel=0.03)
    assert chosen > exp(-s)
    # the true form, which asks for the same risk
    theta = mpf(1) / 11
    growth = (exp(4 * (theta + 2 * theta**2)) - 1) / (4 * theta)
    u = (outer - A * growth * inner - log(2) / (nu * m)) * m / (A / theta + 1 / nu)
    assert chosen <= 2 * exp(-u)


def test_the_fluctuation_is_small():
    for k in range(1, 12):
        theta = mpf(1) / (11 * k)
        known = {"theta": fmpq(1, 11 * k)}
        found = mpf(arb(at_point(term(oracle.FLUCTUATION), known, 64)).str(15, radius=False))
        assert abs(found - (exp(4 * (theta + 2 * theta**2)) - 1) / (4 * theta)) < 1e-12
        assert 1 < found <= 1 + 6 * theta


@pytest.mark.parametrize("m", [8000, 12000])
def test_what_holds_in_probability(m):
    """The exact probability of the wrong choice is below 2 e^-u, at the u for which the bound is
    the risk of the wrong function: the formula itself, where one e^-s would be false."""
    known = {"A": fmpq(2), "nu": fmpq(1, 11), "theta": fmpq(1, 11), "comparator": fmpq(1, 100)}
    known |= {"eps": fmpq(0), "delta": fmpq(0), "rho": fmpq(1), "m": fmpq(m)}
    known |= {"fluctuation": at_point(term(oracle.FLUCTUATION), known, 64), "log_n": arb(2).log()}
    low, high = 0.0, 100.0
    for _ in range(60):
        u = (low + high) / 2
        bound = at_point(term(oracle.VECTORS_LIKELY), {**known, "u": arb(u)}, 64)
        low, high = (u, high) if bound < fmpq(4, 100) else (low, u)
    assert float(wrong_choice(m)) <= 2 * float(exp(-low))


def test_three_inequalities_agree_where_they_say_the_same():
    """With d = 1 and rho = b; and with weights that add up to 1."""
    names = ("A", "nu", "comparator", "eps", "rho", "delta", "log_n", "m")
    known = {name: fmpq(k + 2, k + 1) for k, name in enumerate(names)}
    known |= {"b": known["rho"], "d": fmpq(1), "weights": fmpq(1)}
    parts = {"net": oracle.NET_DIAL, "estimation": oracle.ESTIMATION_DIAL}
    known |= {name: at_point(term(f), known, 64) for name, f in parts.items()}
    vectors, one, steps = (
        at_point(term(f), known, 64)
        for f in (oracle.ORACLE_VECTORS, oracle.ORACLE_DIAL, oracle.ORACLE_STEPS)
    )
    assert vectors == one == steps
    more = at_point(term(oracle.ORACLE_STEPS), {**known, "weights": fmpq(2)}, 64)
    assert more - steps == steps - known["A"] * (known["comparator"] + known["eps"])


def multisets(q, n):
    """C(q + n - 1, n)."""
    return comb(q + n - 1, n)


@pytest.mark.parametrize("q", [1, 2, 7, 60, 4000])
@pytest.mark.parametrize("n", [1, 3, 20, 200])
def test_networks_whose_neurons_may_be_exchanged(q, n):
    known = {"choices": fmpq(q), "neurons": fmpq(n)}
    bound = float(arb(at_point(term(covering.UNORDERED), known, 64)))
    truth = float(log(multisets(q, n)))
    assert truth <= bound
    if q >= 10 * n:  # Stirling
        assert bound <= truth + float(log(2 * mp.pi * n * 1.1)) / 2 + n**2 / (2 * q) + 0.3
    assert (multisets(3, 4), multisets(5, 1), multisets(1, 9)) == (15, 5, 1)
