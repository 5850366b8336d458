"""From divergences to distances and to the data: against another evaluation, and against the truth
by quadrature."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, ctx
from mpmath import mp, mpf
from problems import problem

from boundcheck.errors import BoundcheckError
from boundcheck.theory.outputs.distances import total_variation, wasserstein
from boundcheck.theory.risk.bayes_error import (
    affine,
    all_steps,
    bayes_steps,
    noisy,
    prior_term,
    without_learning,
)
from boundcheck.theory.risk.densities.density_steps import density_steps, least_errors

NODES, SHARES = np.polynomial.legendre.leggauss(20)
COSINE = "d=1,B=1,fisher=9.8696045,m=9"
"""The density cos²(πx/2) on [-1, 1]: its score has the mean square π²."""
ATOMS = "atoms=1;-1/2;-1,weights=1/2;1/4;1/4,m=9"


def integral(f, ends):
    """Gauss's rule on panels."""
    ends = np.asarray(ends)
    middles, halves = (ends[1:] + ends[:-1]) / 2, np.diff(ends) / 2
    points = middles[:, None] + halves[:, None] * NODES
    return float((f(points.ravel()).reshape(points.shape) * SHARES * halves[:, None]).sum())


# -- densities: cos²(πx/2) -------------------------------------------------------------------------


def smoothed(x, s):
    """The density of x_0 + √s ε at the points x, and its derivative: that of the density is 0 at
    the ends."""
    reach = 9 * math.sqrt(s)
    low, high = np.clip(x - reach, -1, 1), np.clip(x + reach, -1, 1)
    nodes, shares = np.polynomial.legendre.leggauss(60)
    u = (low + high)[:, None] / 2 + (high - low)[:, None] / 2 * nodes
    kernel = np.exp(-((x[:, None] - u) ** 2) / (2 * s)) / math.sqrt(2 * math.pi * s)
    weights = kernel * shares * (high - low)[:, None] / 2
    density = (weights * np.cos(np.pi * u / 2) ** 2).sum(axis=1)
    return density, (weights * -np.pi / 2 * np.sin(np.pi * u)).sum(axis=1)


@cache
def score_and_entropy(s):
    """J_s and the entropy."""
    if s == 0:
        return math.pi**2, 2 * math.log(2) - 1
    edge = 1 + math.sqrt(s) * np.linspace(-8, 8, 33)  # narrow where p_0 has kinks
    edge = edge[edge > 0.05] if s < 0.5 else np.linspace(0, edge[-1], 60)[1:]
    right = np.concatenate([np.linspace(0, edge[0], 12)[:-1], edge])
    panels = np.concatenate([-right[:0:-1], right])

    def score(x):
        p, slope = smoothed(x, s)
        return np.where(p > 1e-200, slope**2 / np.maximum(p, 1e-200), 0)

    def entropy(x):
        p, _ = smoothed(x, s)
        return -p * np.log(np.maximum(p, 1e-300))

    return integral(score, panels), integral(entropy, panels)


def step_cost(before, after, v):
    """E KL(q(y_{t-1}|y_t) ‖ N(E[y_{t-1}|y_t], v gap)), from the entropies: no identity of
    de Bruijn."""
    gap = after - before
    J, last = score_and_entropy(after)
    _, first = score_and_entropy(before)
    conditional = first + math.log(2 * math.pi * math.e * gap) / 2 - last
    return math.log(2 * math.pi * v * gap) / 2 + (1 - gap * J) / (2 * v) - conditional


def noises(asked):
    """The noise in y_0, y_1, ..., in floats."""
    return [0.0, *(float((1 - s.alpha_bar) / s.alpha_bar) for s in asked.schedule.steps())]


def test_the_quadrature_knows_what_is_known():
    assert score_and_entropy(1e-12)[0] == pytest.approx(math.pi**2, rel=1e-5)
    wide, entropy = score_and_entropy(100.0)
    variance = 1 / 3 - 2 / math.pi**2
    assert wide == pytest.approx(1 / (100 + variance), rel=1e-6)
    assert entropy == pytest.approx(math.log(2 * math.pi * math.e * (100 + variance)) / 2, rel=1e-7)


def test_a_step_of_a_density():
    asked = problem(COSINE)
    s, steps = noises(asked), asked.schedule.steps()
    for t, truth, most in ((1, 3.4e-6, 1.02e-5), (30, 1.05e-5, 2.1e-5)):
        exact = step_cost(s[t - 1], s[t], 1.0)
        fall = (s[t] - s[t - 1]) / 2 * (score_and_entropy(s[t - 1])[0] - score_and_entropy(s[t])[0])
        assert exact == pytest.approx(truth, rel=0.05)
        assert fall == pytest.approx(most, rel=0.05)
        assert 0 < exact <= fall
        nodes = (s[t] + s[t - 1]) / 2 + (s[t] - s[t - 1]) / 2 * NODES
        inside = sum(w * score_and_entropy(u)[0] for w, u in zip(SHARES / 2, nodes, strict=True))
        de_bruijn = (s[t] - s[t - 1]) / 2 * (inside - score_and_entropy(s[t])[0])
        assert exact == pytest.approx(de_bruijn, rel=1e-3 if t == 1 else 1e-6)
        assert steps[t - 1].sigma2.overlaps(steps[t - 1].beta / (1 - steps[t - 1].beta))


@pytest.mark.parametrize("variance", ["posterior", "beta", "sigmas2"])
def test_the_truth_is_below(variance):
    """At each t <= t*, all t, for three choices of the variances; some above β_t/(1-β_t)."""
    text = f"{COSINE},T=40,beta_1=0.001,beta_T=0.3"
    if variance == "beta":
        text += ",variance=beta"
    if variance == "sigmas2":
        text += ",sigmas2=" + ";".join(f"{1 + k % 3}/{20 + k}" for k in range(40))
    asked = problem(text)
    s, steps = noises(asked), asked.schedule.steps()
    bounds = [float(b) for b in density_steps(noisy(steps), asked.fisher, 1, 64)]
    v = [float(x.sigma2 * (1 - x.beta) / x.beta) for x in steps]
    exact = [step_cost(a, b, c) for a, b, c in zip(s, s[1:], v, strict=False)]
    assert min(exact) > -1e-9
    sums = np.cumsum(exact), np.cumsum(bounds)
    assert (sums[0] <= sums[1]).all()
    assert sums[1][5] <= 20 * sums[0][5]
    assert (max(v) > 1) == (variance == "sigmas2")
    late = asked.schedule.wide or 40
    assert sums[0][late - 1] <= float(bayes_steps(asked))


def test_the_whole_sum():
    """The data cos²(πx/2), down to x_0: .0142, where σ_t² = β̃_t for t > 145."""
    asked = problem(f"{COSINE},second_moment=0.1306910")
    assert (asked.first, asked.schedule.wide) == (1, 145)
    assert 0.01420 < float(bayes_steps(asked)) < 0.01425
    s = noises(asked)
    exact = sum(step_cost(s[t - 1], s[t], 1.0) for t in range(1, 146))
    assert 1e-4 < exact < float(bayes_steps(asked))
    assert float(bayes_steps(problem(f"{COSINE},variance=beta"))) < 0.021
    whole = prior_term(asked) + bayes_steps(asked) + sum(affine(asked))
    assert without_learning(asked).overlaps(whole)


def test_no_predictor_is_better_than_for_normal_data():
    asked = problem(COSINE)
    s, steps = noises(asked), asked.schedule.steps()
    least = least_errors(noisy(steps), asked.fisher, 1, 64)
    for t in (1, 10, 100, 300, 1000):
        exact = s[t] - s[t] ** 2 * score_and_entropy(s[t])[0]
        assert 0.2 * exact < float(least[t - 1]) <= exact * (1 + 1e-9)


# -- densities: normal data ------------------------------------------------------------------------


@pytest.mark.parametrize("v", [0.7, 1.0, 1.5])
@pytest.mark.parametrize("d", [1, 4])
def test_normal_data(v, d):
    """N(0, I/3), for which everything is explicit: y_{t-1} given y_t is normal, too."""
    betas = ["0.1", "0.2", "0.3"]
    sigmas2 = ";".join(repr(v * float(b) / (1 - float(b))) for b in betas)
    asked = problem(f"d={d},B=9,fisher={3 * d},m=9,betas={';'.join(betas)},sigmas2={sigmas2}")
    s, total = noises(asked), 0.0
    for before, after in pairwise(s):
        gap, first, last = after - before, 1 / 3 + before, 1 / 3 + after
        exact = d / 2 * (math.log(v * last / first) + first / (v * last) - 1)
        falls = (math.log(last / first) - gap / last) / 2
        cost = (math.log(v) + 1 / v - 1) / 2 - (1 / v - 1) * gap / last / 2
        assert exact == pytest.approx(d * (falls + cost), rel=1e-9)
        total += exact
    bounds = density_steps(noisy(asked.schedule.steps()), asked.fisher, d, 64)
    assert 0 < total <= float(sum(bounds)) <= (20 if v >= 1 else 40) * total


# -- another evaluation ----------------------------------------------------------------------------


def number(ball):
    return mpf(ball.mid().str(60, radius=False))


CASES = [
    (f"{COSINE},T=20,beta_1=0.01,beta_T=0.4", 1),
    (f"{COSINE},T=20,beta_1=0.01,beta_T=0.4,variance=beta,first=5", 5),
    ("d=3,B=2,second_moment=4,fisher=100,m=9,betas=0.3;0.01;0.2,sigmas2=9;1;1/3", 1),
    ("d=2,B=1,fisher=30,m=9,betas=0.01;0.1;0.5;1", 1),
]


@pytest.mark.parametrize(("text", "first"), CASES)
def test_another_evaluation(text, first):
    asked = problem(text)
    steps, bits = all_steps(asked, 200)
    d = asked.d
    with mp.workdps(50):
        J, rows, largest = mpf(int(asked.fisher.p)) / int(asked.fisher.q), [], mpf(0)
        for step in steps[first - 1 :]:
            a, b, v = number(step.alpha_bar), number(step.alpha_bar_before), number(step.sigma2)
            if a == 0:
                continue
            gap, stretch = 1 / a - 1 / b, v * (a / b) / (1 - a / b)
            cost = mpf(d) / 2 * (mp.log(stretch) + 1 / stretch - 1)
            more = max(mpf(0), 1 - 1 / stretch) * gap / (1 / J + (1 / a - 1) / d) / 2
            rise = max(largest, gap) - largest
            rows.append(cost + more + rise / (1 / J + (1 / b - 1) / d) / 2)
            largest = max(largest, gap)
        found = density_steps(noisy(steps[first - 1 :]), asked.fisher, d, bits)
        assert all(f == arb("inf") for f in found[len(rows) :])
        for ours, again in zip(found, rows, strict=False):
            assert abs(number(ours) - again) < mpf(10) ** -40
        for ours, step in zip(
            least_errors(noisy(steps), asked.fisher, d, bits), steps, strict=True
        ):
            if step.alpha_bar > 0:
                noise = 1 / number(step.alpha_bar) - 1
                again = d / (1 / noise + J / d)
                assert abs(number(ours) - again) < mpf(10) ** -40


def test_densities_stop_before_they_are_noise_alone():
    """β_T = 1 is past t*."""
    asked = problem("d=2,B=1,fisher=30,m=9,betas=0.01;0.1;0.5;1")
    assert asked.schedule.wide < 4
    assert bayes_steps(asked).is_finite()
    assert prior_term(asked) == 0
    assert without_learning(asked).is_finite()


# -- distances -------------------------------------------------------------------------------------


def test_total_variation():
    with mp.workdps(40), ctx.workprec(150):
        for kl in ("1e-300", "1e-30", "0.01", "1", "1.6", "3", "100"):
            again = min(mp.sqrt(mpf(kl) / 2), mp.sqrt(1 - mp.exp(-mpf(kl))))
            assert abs(number(total_variation(arb(kl))) - again) < mpf(10) ** -30
    assert total_variation(arb("inf")) == 1
    assert total_variation(arb(0)) == 0


def mixture(points, weights, variance):
    """The density of a mixture of normal laws."""
    factor = 1 / math.sqrt(2 * math.pi * variance)
    return lambda x: (
        factor
        * sum(
            w * np.exp(-((x - u) ** 2) / (2 * variance))
            for u, w in zip(points, weights, strict=True)
        )
    )


@pytest.mark.parametrize("shift", [0.02, 0.3, 1.5])
@pytest.mark.parametrize("s", [9, 19, 49])
def test_distances_for_atoms(s, shift):
    """The law of x_s against another one: its divergence, its total variation, and W_2 of its
    outputs, by quantiles."""
    asked = problem(f"{ATOMS},first={s + 1}")
    step = asked.schedule.steps()[s - 1]
    share = float(step.alpha_bar)
    points, weights = np.array([1.0, -0.5, -1.0]), np.array([0.5, 0.25, 0.25])
    root, variance = math.sqrt(share), 1 - share
    q = mixture(root * points, weights, variance)
    moved = weights + shift / 9 * np.array([-1, 0, 1])
    p = mixture(root * points, moved, variance * (1 + shift / 4))
    grid = np.linspace(-6, 6, 8001)
    floor = 1e-250
    kl = integral(lambda x: q(x) * np.log(np.maximum(q(x), floor) / np.maximum(p(x), floor)), grid)
    tv = integral(lambda x: np.abs(q(x) - p(x)) / 2, grid)
    assert tv <= float(total_variation(arb(kl)).upper())
    assert tv >= 0.15 * float(total_variation(arb(kl)))
    middle = (grid[1:] + grid[:-1]) / 2
    masses = p(middle) * np.diff(grid)
    found = wasserstein(asked, arb(kl), arb(0))
    outputs = {"clipped": np.clip(middle / root, -1, 1)}
    squares = (middle - root * points[:, None]) ** 2 / (2 * variance)
    weighted = weights[:, None] * np.exp(squares.min(axis=0) - squares)
    outputs["predictor"] = points @ weighted / weighted.sum(axis=0)
    mean, moment = weights @ points, weights @ points**2 - (weights @ points) ** 2
    slope = moment / (moment + variance / share)
    outputs["affine"] = np.clip(mean + slope * (middle / root - mean), -1, 1)
    assert found.keys() == outputs.keys()
    for name, values in outputs.items():
        exact = to_atoms(points, weights, values, masses)
        assert exact <= float(found[name].upper()), name
    assert to_atoms(points, weights, outputs["affine"], masses) >= 0.02 * float(found["affine"])


def to_atoms(points, weights, values, masses):
    """W_2 of two laws on the line: quantiles are coupled."""
    order, target = np.argsort(values), np.argsort(points)
    sizes = np.cumsum(masses[order] / masses.sum())
    levels = np.cumsum(weights[target])[:-1]
    total, before = 0.0, 0.0
    for value, level in zip(values[order], sizes, strict=True):
        cuts = [before, *[c for c in levels if before < c < level], level]
        for a, b in pairwise(cuts):
            atom = points[target][np.searchsorted(levels, (a + b) / 2)]
            total += (b - a) * (value - atom) ** 2
        before = level
    return math.sqrt(total)


def test_without_any_divergence():
    """What is left is the error of the output: the roots of mmse and of 1/snr."""
    for s, least, direct in ((9, 1.1e-5, 0.040), (19, 0.0094, 0.073), (49, 0.103, 0.170)):
        found = wasserstein(problem(f"{ATOMS},first={s + 1}"), arb(0), arb(0))
        assert float(found["predictor"]) == pytest.approx(least, rel=0.05)
        assert float(found["clipped"]) == pytest.approx(direct, rel=0.05)


def test_at_x_0_only_the_total_variation_counts():
    found = wasserstein(problem(COSINE), arb("0.02"))
    assert found.keys() == {"clipped"}
    assert float(found["clipped"]) == pytest.approx(2 * math.sqrt(0.1))


# -- parameters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fisher=9.8", "densities on [-1, 1]^1 with E|x_0|^2 <= 1 have at least 9.8696"),
        ("fisher=20,second_moment=1/100", "have at least 100.000"),
        ("d=3,fisher=29", "have at least 29.6088"),
        ("fisher=0", "the admissible range is 0 < fisher"),
        ("atoms=0;1,fisher=20", "which points do not have"),
        ("betas=1,fisher=20", "with T = 1 and beta_1 = 1"),
    ],
)
def test_what_is_no_density(text, message):
    with pytest.raises(BoundcheckError) as caught:
        problem(f"{text},m=9")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "T=1,beta_1=0.3,beta_T=0.3",
        "betas=0.5;1,first=2",
        "betas=1e-30;0.5",
        "betas=0.5;1e-20;0.9",
        "T=5,first=5,beta_1=0.1,beta_T=0.9,variance=best",
        "T=9,beta_1=0.1,beta_T=0.9,fisher=1e40",
    ],
)
def test_every_schedule_has_its_bound(text):
    asked = problem(f"{text},m=9" if "fisher" in text else f"{text},fisher=12,m=9")
    whole = without_learning(asked)
    assert whole.is_finite()
    assert whole > 0
    assert float(whole) >= float(bayes_steps(asked))
    assert asked.first - 1 <= asked.schedule.wide <= asked.schedule.T
    assert all(0 < float(v) <= 2 + 1e-9 for v in wasserstein(asked, whole).values())


def test_variances_that_are_given_stay():
    assert problem(f"{COSINE},variance=beta").schedule.wide == 0
    assert problem(f"{COSINE},first=7").schedule.wide >= 7
