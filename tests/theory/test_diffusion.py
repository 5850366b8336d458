"""Each bound of the diffusion model against what it bounds: atoms on a line, by quadrature."""

from math import erf, inf, pi

import mpmath
import numpy as np
import pytest
from conftest import PROOFS
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.constructions.marginal_pairs import ddpm_pair
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.risk.schedules import Schedule
from boundcheck.theory.theorems.constants import evaluate
from boundcheck.verification.axioms import ledger
from boundcheck.verification.collect import collect


def number(formula, **values):
    """A formula, as a float above its value by a rounding or two at most."""
    return float(arb(at_point(term(formula), {n: rational(v) for n, v in values.items()}, 200)))


ATOMS, MASSES = np.array([-1.0, 0.5, 0.75]), np.array([0.25, 0.5, 0.25])
MOMENT = float(MASSES @ ATOMS**2)
X = np.linspace(-9, 9, 3001)
DX = X[1] - X[0]


def normal(x, mean, variance):
    return np.exp(-((x - mean) ** 2) / (2 * variance)) / np.sqrt(2 * pi * variance)


def law(share):
    """The densities of x_t given each atom, and of x_t."""
    given_atoms = normal(X[:, None], np.sqrt(share) * ATOMS, 1 - share)
    return given_atoms, given_atoms @ MASSES


def bayes(share):
    given_atoms, density = law(share)
    return given_atoms @ (MASSES * ATOMS) / density


def kl(q, p):
    """∫ q log(q/p), where both are positive."""
    inside = q > 1e-60
    return DX * np.sum(q[inside] * np.log(q[inside] / p[inside]))


def kl_of_step(step, predictor, t_before, sigma2):
    """E KL(q(x_{t-1}|x_t) ‖ N(mean with the predictor, σ²)), over a coarser grid of x_t."""
    total = 0.0
    _, density = law(float(step.alpha_bar))
    conditional = normal(X[:, None], np.sqrt(t_before) * ATOMS, 1 - t_before) @ MASSES
    beta = float(step.beta)
    for k in range(0, len(X), 20):
        if density[k] < 1e-14:
            continue
        q = conditional * normal(X[k], np.sqrt(1 - beta) * X, beta) / density[k]
        p = normal(X, float(step.from_data) * predictor[k] + float(step.from_state) * X[k], sigma2)
        total += 20 * DX * density[k] * kl(q, p)
    return total


STEPS = Schedule.of(["0.1", "0.3", "0.5", "0.8"]).steps()


@pytest.mark.parametrize("t", [2, 3, 4])
@pytest.mark.parametrize("factor", [1, 2])
def test_steps_cost_what_the_formulas_say(t, factor):
    """The excess is exactly w_t E|x̂_0 - E[x_0|x_t]|², and the Bayes step w_t
    mmse_t + variances - information."""
    step, before = STEPS[t - 1], float(STEPS[t - 2].alpha_bar)
    share, sigma2 = float(step.alpha_bar), factor * float(step.sigma2)
    w = float(step.w) / factor
    given_atoms, density = law(share)
    best = bayes(share)
    other = 0.3 * X + 0.1
    least, worse = kl_of_step(step, best, before, sigma2), kl_of_step(step, other, before, sigma2)
    gap = DX * np.sum(density * (other - best) ** 2)
    assert worse - least == pytest.approx(w * gap, rel=1e-9)

    mmse = DX * np.sum(MASSES * given_atoms * (ATOMS - best[:, None]) ** 2)
    at_before, density_before = law(before)
    information = [
        sum(m * kl(g, q) for m, g in zip(MASSES, conditional.T, strict=True))
        for conditional, q in ((at_before, density_before), (given_atoms, density))
    ]
    values = {"posterior_variance": float(step.sigma2), "sigma2": sigma2, "d": 1}
    variances = number(diffusion.VARIANCE_COST, **values)
    assert variances == pytest.approx((1 / factor - 1 + np.log(factor)) / 2, abs=1e-12)
    assert least == pytest.approx(
        w * mmse + variances - (information[0] - information[1]), rel=1e-8
    )
    bound = number(diffusion.MMSE, alpha_bar=share, d=1, second_moment=MOMENT)
    assert mmse <= bound <= MOMENT
    assert least <= number(
        diffusion.BAYES_STEP + diffusion.VARIANCE_COST, w=w, mmse=bound, **values
    )


def test_the_mmse_bound_is_attained_by_normal_data():
    share, moment = (
        0.3,
        2.0,
    )  # x_0 ~ N(0, 2) on the line: the posterior variance is 1/(1/2 + ᾱ/(1-ᾱ))
    wanted = 1 / (1 / moment + share / (1 - share))
    assert number(diffusion.MMSE, alpha_bar=share, d=1, second_moment=moment) == pytest.approx(
        wanted, rel=1e-14
    )


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 0.001])
def test_the_prior_term_bounds_the_divergence(share):
    _, density = law(share)
    value = kl(density, normal(X, 0, 1))
    bound = number(diffusion.PRIOR, alpha_bar=share, d=1, second_moment=MOMENT)
    assert value <= bound
    assert number(diffusion.PRIOR, alpha_bar=share, d=3, second_moment=3 * MOMENT) == pytest.approx(
        3 * bound, rel=1e-12
    )
    # for data at 0 the law of x_T is normal, and there is equality
    equal = number(diffusion.PRIOR, alpha_bar=share, d=1, second_moment=0)
    assert equal == pytest.approx(kl(normal(X, 0, 1 - share), normal(X, 0, 1)), abs=1e-12)


@given(
    st.floats(0.001, 0.999),
    st.floats(0.1, 3),
    st.floats(0, 6),
    st.integers(1, 5),
    st.floats(-1, 1),
    st.booleans(),
)
def test_the_tail(share, B, extra, d, part, at_the_end):
    """Independent coordinates, all at the same atom of [-B, B], which may be its end."""
    u = B if at_the_end else part * B
    R = np.sqrt(share) * B + extra
    spread = np.sqrt(2 * (1 - share))
    inside = (erf((R - np.sqrt(share) * u) / spread) + erf((R + np.sqrt(share) * u) / spread)) / 2
    bound = number(diffusion.TAIL, alpha_bar=share, d=d, B=B, R=float(R))
    assert 1 - inside**d <= bound + 1e-12
    assert number(diffusion.OFF_BOX, alpha_bar=share, d=d, B=B, R=float(R)) == pytest.approx(
        d * B**2 * bound, rel=1e-12
    )


def test_the_tail_needs_both_sides():
    """At B = 0 both tails count: half of the bound, with the same exponent, would be wrong."""
    for R in (0.01, 0.1):
        true = 1 - erf(R / np.sqrt(2 * 0.5))
        bound = number(diffusion.TAIL, alpha_bar=0.5, d=1, B=0, R=R)
        assert bound / 2 < true <= bound


def test_positivity_is_attained_at_opposite_corners():
    share, d, B, R = fmpq(1, 3), 3, fmpq(2), fmpq(5, 2)
    square = d * (float(R) + (1 / 3) ** 0.5 * 2) ** 2
    wanted = np.exp(-square / (2 * (2 / 3)))
    values = {"alpha_bar": share, "d": d, "B": B, "R": R}
    assert number(diffusion.POSITIVITY, **values) == pytest.approx(wanted, rel=1e-13)
    f2, _ = ddpm_pair(
        [(-2, -2, -2), (-2, -2, -1)], ["999/1000", "1/1000"], share
    )  # almost all at the opposite corner
    assert wanted < float(f2.value([R] * 3)) < 2 * wanted


def test_the_bayes_predictor_is_the_ratio_that_is_built():
    """f1/f2 of `ddpm_pair` is the conditional expectation, from the definition."""
    share = 0.5
    f2, (f1,) = ddpm_pair(["-1", "1/2", "3/4"], ["1/4", "1/2", "1/4"], "1/2")
    best = bayes(share)
    for k in (1200, 1500, 1777):
        x = rational(float(X[k]))
        values = [float(f.value(x)) for f in (f1, f2)]
        assert values[0] / values[1] == pytest.approx(best[k], rel=1e-12)
        assert abs(values[0]) <= values[1]


def test_the_whole_bound_against_a_chain():
    """KL(q_1 ‖ p_1) of a model with a bad predictor, its density propagated on a grid, is
    below the sum of the terms."""
    model, excess = normal(X, 0, 1), 0.0
    for step in reversed(STEPS[1:]):
        share = float(step.alpha_bar)
        predictor = 0.8 * bayes(share) + 0.05
        mean = float(step.from_data) * predictor + float(step.from_state) * X
        model = DX * normal(X[:, None], mean[None, :], float(step.sigma2)) @ model
        excess += float(step.w) * DX * np.sum(law(share)[1] * (predictor - bayes(share)) ** 2)
    assert DX * model.sum() == pytest.approx(1, abs=1e-9)
    _, density = law(float(STEPS[0].alpha_bar))
    constants = evaluate("ddpm", {"betas": "0.1;0.3;0.5;0.8", "second_moment": MOMENT})
    bound = float(arb(constants["bayes_total"].value.upper)) + excess
    value = kl(density, model)
    assert 0 < value < bound < inf
    assert value > excess / 50  # it is of that order, not far below


def test_the_decomposition_rests_on_densities_alone():
    found = ledger(collect([PROOFS]).claims, lambda i: i.startswith("diffusion"))
    entries = {e.claim.id: e for e in found}
    entry = entries["diffusion_chain.error_decomposition"]
    assert entry.missing == ()
    assert not [i for i in entry.uses if i.startswith("textbook.")]
    assert len({a.reference for a in entry.axioms}) == 1
    assert "the density of N(m, r²)" in entry.axioms[0].reference


@pytest.mark.parametrize(("m", "r"), [(0, 1), (0.7, 0.3), (-2, 2.5)])
@pytest.mark.parametrize("u", [mpmath.cos, lambda z: z**2, lambda z: 1 / (1 + z**2)])
def test_normal_laws_have_densities(m, r, u):
    """The axiom, by quadrature."""

    def mean(f):
        normal = mpmath.quad(lambda z: f(z) * mpmath.exp(-(z**2) / 2), mpmath.linspace(-14, 14, 29))
        return normal / mpmath.sqrt(2 * mpmath.pi)

    def density(z):
        return mpmath.exp(z**2 / 2 - (z - m) ** 2 / (2 * r**2) - mpmath.log(r**2) / 2)

    moved = mpmath.quad(
        lambda z: u(z) * density(z) * mpmath.exp(-(z**2) / 2), mpmath.linspace(-32, 32, 129)
    ) / mpmath.sqrt(2 * mpmath.pi)
    assert mpmath.almosteq(mean(lambda z: u(m + r * z)), moved, rel_eps=1e-9)
