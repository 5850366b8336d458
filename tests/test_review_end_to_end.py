"""The end-to-end bound, reviewed: random problems in other words, sizes of every kind, texts,
rates on the whole space."""

import random
import re
import warnings
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from mpmath import mp, mpf
from typer.testing import CliRunner

from boundcheck.cli import app
from boundcheck.enclosure.intervals import decimals
from boundcheck.enclosure.intervals.decimals import ball_text, decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.report import bound as report
from boundcheck.settings import Settings, parse_settings
from boundcheck.theory.formulas import rates
from boundcheck.theory.ridge.kappa import kappa
from boundcheck.theory.risk.choices import VERSIONS
from boundcheck.theory.risk.excess_risk import TERMS, bayes_steps, prior_term, risk
from boundcheck.theory.risk.risk_problem import PARAMETERS, problem_of
from boundcheck.theory.theorems.constants import evaluate


def problem(text):
    return problem_of(Settings.checked("bound", parse_settings([text]), PARAMETERS))


def real(q):
    return mpf(int(q.p)) / mpf(int(q.q))


def contains(ball, value):
    """Whether the ball has the value, up to mpmath's own error."""
    middle, radius = (
        mpf(int(m)) * mpf(2) ** int(e) for m, e in (ball.mid().man_exp(), ball.rad().man_exp())
    )
    return abs(middle - value) <= radius + abs(value) * mpf(10) ** -60


# -- random problems -------------------------------------------------------------------------------


def a_problem(seed):
    """The text of a problem, and β_1..β_T, σ_1²..σ_T² (None: posterior) as mpmath numbers."""
    draw = random.Random(seed)
    T = draw.randint(2, 7)
    kind = draw.choice(["linear", "cosine", "given"])
    if kind == "linear":
        sizes = ["1e-25", "1e-4", "0.02", "0.5", "0.999", "1-1e-25"]
        first, last = sorted(draw.randrange(len(sizes)) for _ in range(2))
        text = f"T={T},beta_1={sizes[first]},beta_T={sizes[last]}"
        low, high = (
            1 - mpf("1e-25") if sizes[k].startswith("1-") else mpf(sizes[k]) for k in (first, last)
        )
        betas = [low + mpf(t) / (T - 1) * (high - low) for t in range(T)]
    elif kind == "cosine":
        s, most = draw.choice(["0", "0.008", "1"]), draw.choice(["0.999", "0.3", "0.99999999"])
        text = f"schedule=cosine,T={T},s={s},most={most}"
        f = [mp.cos((mpf(t) / T + mpf(s)) / (1 + mpf(s)) * mp.pi / 2) ** 2 for t in range(T + 1)]
        betas = [min(1 - after / before, mpf(most)) for before, after in pairwise(f)]
    else:
        chosen = [draw.choice(["1/1000", "1/7", "9/10", "1/2"]) for _ in range(T)]
        text = f"betas={';'.join(chosen)}"
        betas = [mpf(int(v.split("/")[0])) / int(v.split("/")[1]) for v in chosen]
    variances = {"posterior": None, "beta": betas}.get(
        draw.choice(["posterior", "beta", "own"]), []
    )
    if variances == []:
        own = [draw.choice(["1/100", "3", "1/2"]) for _ in range(T)]
        text += f",sigmas2={';'.join(own)}"
        variances = [mpf(int(v.split("/")[0])) / int((v + "/1").split("/")[1]) for v in own]
    elif variances is betas:
        text += ",variance=beta"
    d, B = draw.randint(1, 5), draw.choice(["1e-60", "1/50", "1", "7", "10**6"])
    share = draw.choice([1, 2, 9])
    text += (
        f",d={d},B={B},second_moment={d}*({B})**2/{share}"
        f",m={draw.choice([1, 10**3, 10**12, 10**60])}"
    )
    text += (
        f",M={draw.choice(['1/1000', '2**40', '1e50'])},eps={draw.choice(['0', '1/8'])}"
        f",sharp={draw.randint(0, 1)}"
    )
    return f"{text},first={draw.randint(1, T)}", betas, variances


def step_again(asked, step, alpha_bar, w):
    """Every term of a step: the Lipschitz constants, the variances and the sizes in other words."""
    d, B, m, M, eps = asked.d, real(asked.B), mpf(asked.m), real(asked.M), real(asked.eps)
    R, k, delta, v = real(step.R), mpf(step.k), real(step.delta), 1 - alpha_bar
    edge, sigma = mp.sqrt(alpha_bar) * B, mp.sqrt(v)
    assert edge <= R
    with ctx.workprec(400):
        largest = kappa(d, 300)
        kappa_d = mpf(int(largest.mid().man_exp()[0])) * mpf(2) ** int(largest.mid().man_exp()[1])
    lower = (
        real(step.c)
        if step.version == "positivity_free"
        else mp.exp(-d * ((R + edge) / sigma) ** 2 / 2)
    )
    variation = min(2 * R / v * (d + d * (d - 1) * 2 / mp.pi), kappa_d / sigma)
    draws = 2 * d * k**d
    fourth = R**4 / 16 / k**4 * ((d**2 + mpf(4) / 3 * (d - 1)) ** 2 + mpf(64) * (d - 1) / 45)
    marginal = mp.sqrt(variation**2 / draws * fourth ** mpf("0.75") / (12 * R)) + 3 * variation / M
    both = B * marginal + 1 / M + B * (marginal + 1 / M)
    mass = ((2 * R) / mp.sqrt(2 * mp.pi * v)) ** d
    inside = {
        "uniform": mass * (both / lower) ** 2,
        "weighted": mass * both**2 / lower,
        "positivity_free": mass * 2 * B * (both + B * lower),
    }[step.version]
    approximation = (mp.sqrt(inside) + 1 / M) ** 2
    neurons = 2 * d * (k + 1) ** d + 2 * 2 * draws + 2
    slope = mp.sqrt(d) * mp.exp(mpf(-1) / 2) / sigma
    theta = max(
        size * factor for size in (R * d, 3 * variation, slope, 1 + R * slope) for factor in (1, B)
    )
    hidden = theta * (d * R + 1)
    sensitivity = neurons * (theta * (d * R + 1) + hidden) + 1
    log_n = (neurons * (d + 1) + 2 * neurons + 2) * mp.log1p(
        theta * sensitivity * (1 + B) / lower / delta
    )
    tail = min(mpf(1), d * mp.exp(-(((R - edge) / sigma) ** 2) / 2))
    return int(neurons), {
        "approximation": w * 2 * d * approximation,
        "net": w * d * 12 * B * delta,
        "samples": w * d * (11 * log_n if asked.sharp else 16 * (log_n + 1)) * B**2 / m,
        "optimisation": 2 * w * eps,
        "off_box": w * d * B**2 * tail,
        "trivial": w * real(asked.second_moment),
    }


@pytest.mark.parametrize("seed", range(24))
def test_random_problems(seed):
    with mp.workdps(120):
        text, betas, variances = a_problem(seed)
        asked = problem(text)
        alpha_bars = [mpf(1)]
        for beta in betas:
            alpha_bars.append(alpha_bars[-1] * (1 - beta))
        posterior = [
            (1 - before) / (1 - after) * b
            for before, after, b in zip(alpha_bars, alpha_bars[1:], betas)
        ]
        used = variances or [betas[0], *posterior[1:]]
        weights = [
            alpha_bars[t] * (betas[t] / (1 - alpha_bars[t + 1])) ** 2 / 2 / used[t]
            for t in range(len(betas))
        ]
        for version in VERSIONS:
            found = risk(asked, version)
            assert [s.t for s in found.steps] == list(range(asked.first, len(betas) + 1))
            for step in found.steps:
                neurons, again = step_again(asked, step, alpha_bars[step.t], weights[step.t - 1])
                assert step.n == neurons
                again["excess"] = sum(again[name] for name in TERMS)
                for name, value in again.items():
                    assert contains(getattr(step, name), value), (text, version, step.t, name)
        d, moment, total = asked.d, real(asked.second_moment), mpf(0)
        for t in range(max(2, asked.first), len(betas) + 1):
            a, ratio = alpha_bars[t], posterior[t - 1] / used[t - 1]
            best = (
                mp.sqrt(a) * moment / (a * moment + d * (1 - a))
            )  # the least of the mean square of x_0 - best x_t
            mmse = (1 - best * mp.sqrt(a)) ** 2 * moment + d * best**2 * (1 - a)
            total += weights[t - 1] * mmse + mpf(d) / 2 * (ratio - 1 - mp.log(ratio))
        assert contains(bayes_steps(asked), total) or abs(total) < mpf(10) ** -60
        last = alpha_bars[-1]
        assert contains(
            prior_term(asked), (last * moment + d * (1 - last) - d - d * mp.log(1 - last)) / 2
        )


# -- numbers of every size -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "T=3,B=10**30",
        "T=3,B=10**10,d=100",
        "T=3,B=1e-100,M=1e-100,m=10**100",
        "T=3,B=1e100,M=1e100",
        "betas=1e-30;1e-30",
        "betas=1e-300;1-1e-300;1e-300",
        "betas=1e-320;1e-320",
        "schedule=cosine,T=5,s=0,most=1e-30",
        "atoms=0;0,T=2",
        "betas=1/2",
    ],
)
def test_extreme_problems_have_a_bound(text):
    """On the day of the review, 22 November 2026, most of these ended in a traceback
    or in an abort of FLINT."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = report.Bound.of(problem(text if "m=" in text else f"{text},m=10"), {})
    assert found.best.total("excess").is_finite()
    assert found.best.total("excess").rel_accuracy_bits() > 90
    document = report.as_json(found, 5)
    assert document["versions"]["smallest"]["excess"]["upper"]
    assert document["versions"]["uniform"]["vacuous"]
    for version in found.versions:
        for step in version.steps:
            sizes = [getattr(step, name) for name in (*TERMS, "excess")]
            assert all(s.is_finite() for s in sizes) or not any(s.is_finite() for s in sizes)


def test_the_largest_bounds_are_infinite():
    found = report.Bound.of(problem("T=3,B=10**30,m=10"), {})
    document = report.as_json(found, 5)
    assert document["versions"]["uniform"]["excess"]["upper"] == "oo"
    assert document["versions"]["positivity_free"]["excess"]["upper"] != "oo"
    assert found.best.total("excess").is_finite()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("m=10,B=1e-200", "the admissible range is 1e-100 <= B <= 1e100: scale the data"),
        ("m=10,atoms=0;1e200", "the admissible range is 1e-100 <= B <= 1e100: scale the data"),
        ("m=10,M=10**101", "the admissible range is 1e-100 <= M <= 1e100"),
        ("m=10**101", "the admissible range is 1 <= m <= 10**100"),
    ],
)
def test_out_of_range(text, message):
    with pytest.raises(BoundcheckError) as caught:
        problem(text)
    assert message in str(caught.value)


def test_constants_that_cannot_be_written_out():
    """A number with 10^10 digits is refused; as a rational it would abort the process."""
    with pytest.raises(BoundcheckError, match="millions of digits"):
        evaluate("end_to_end", {"B": "10**10", "T": 3, "beta_1": "0.1", "beta_T": "0.2"}, 5)


def test_texts_of_balls_are_outward(monkeypatch):
    draw = random.Random(1)
    with ctx.workprec(200):
        for _ in range(300):
            sign, exponent = draw.choice([-1, 1]), draw.randint(-900, 900)
            ball = (
                arb(sign * fmpq(draw.randint(1, 10**30), draw.randint(1, 10**30)))
                * arb(10) ** exponent
            )
            ball += arb(0, 1) * abs(ball) * arb(draw.choice([0, 1e-3, 1e-20, 2]))
            digits = draw.randint(1, 30)
            low, high = (e.fmpq() for e in (ball.lower(), ball.upper()))
            for limit in (100_000, -1):
                monkeypatch.setattr(decimals, "_EXACT_BITS", limit)
                texts = [ball_text(ball, digits, up=up) for up in (False, True)]
                under, over = (_rational(t) for t in texts)
                assert under <= low
                assert high <= over
                for value, text in ((low, under), (high, over)):
                    assert abs(value - text) <= abs(value) * fmpq(10) ** (2 - digits)
            monkeypatch.undo()
            assert ball_text(ball, digits, up=True) == decimal_text(high, digits, up=True)
    huge = (arb(10) ** 10).exp()
    assert ball_text(huge, 4, up=True) == "1.078e+4342944819"
    assert ball_text(1 / huge, 4, up=False) == "9.278e-4342944820"
    assert [ball_text(arb("inf"), 4, up=up) for up in (False, True)] == ["-oo", "oo"]


def _rational(text):
    mantissa, _, exponent = text.partition("e")
    whole, _, part = mantissa.partition(".")
    return fmpq(int(whole + part)) * fmpq(10) ** (int(exponent or 0) - len(part))


def test_what_is_printed():
    ran = CliRunner().invoke(app, ["bound", "--set", "m=1000,T=3,B=255"], env={"COLUMNS": "80"})
    assert ran.exit_code == 0
    assert "…" not in ran.output  # a number that lost its last digits is another number
    assert "nats on average over the samples" in ran.output


def test_what_is_chosen_is_told_from_what_is_bounded():
    ran = CliRunner().invoke(
        app, ["bound", "--set", "m=1000,T=3,d=64,atoms=" + ":".join(["1/1023"] * 64)]
    )
    assert "E|x_0|^2 <= 6.116e-5" in ran.output  # 64/1023^2 = 6.1154...e-5
    assert re.search(
        r"of the excess\. Chosen there: the box \[-R, R\]\^64 with R = \S+, n = \S{1,16} neurons",
        ran.output,
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("m=1000,T=3", "with first=3 the step t = 2 does not count"),
        ("m=1000,T=3,first=3", ""),
        ("m=1000,betas=0.5;0.001;0.9", ""),
    ],
)
def test_stopping_earlier_is_advised_where_it_helps(text, hint):
    """Where the first step has much of the excess: not the last step, nor where
    another one is the worst."""
    found = report.Bound.of(problem(text), {})
    ran = CliRunner().invoke(app, ["bound", "--set", text])
    assert (found.best.worst.t == found.problem.first < found.problem.schedule.T) == bool(hint)
    assert hint in ran.output
    assert ("Stopping earlier helps too" in ran.output) == bool(hint)


# -- rates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 8])
@pytest.mark.parametrize("version", VERSIONS)
def test_rates_on_the_whole_space(version, d):
    """The best box and the best number of neurons by a search: the rates of the
    fixed box are not attained."""
    found = rates.rate(version)
    a, whole = (float(e.subs(rates.d, d)) for e in (found.approximation, found.whole))
    power = {"uniform": 2, "weighted": 1, "positivity_free": 0}[version]
    tail, n = (
        np.linspace(0, 1, 1501)[:, None],
        np.linspace(0, 1, 1501)[None],
    )  # exponents of m, off the box and for n
    best = np.maximum(np.maximum(d * power * tail - a * n, n - 1), -tail).min()
    assert -best == pytest.approx(whole, abs=2e-2)
    assert whole <= float(found.excess.subs(rates.d, d)) + 1e-12
    assert whole <= float(rates.rate("positivity_free").whole.subs(rates.d, d)) + 1e-12


def test_the_bound_has_the_rate_of_the_whole_space():
    """With small data, d = 2: the weighted version falls like m^(-5/11), not like m^(-5/7)."""
    values = [
        float(
            arb(
                risk(problem(f"betas=1/2;9/10,d=2,B=1/1000,M=1e90,m=10**{e}"), "weighted").total(
                    "excess"
                )
            ).log()
        )
        for e in (12, 24)
    ]
    slope = (values[1] - values[0]) / (12 * np.log(10))
    assert -0.5 < slope < -0.38
