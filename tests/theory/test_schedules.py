"""Noise schedules: every number against rational arithmetic and mpmath,
by another way; bad input."""

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.settings import Settings, parse_settings
from boundcheck.theory.risk import schedules
from boundcheck.theory.risk.schedules import (
    PARAMETERS,
    Schedule,
    Step,
    schedule_of,
    settings_of,
)
from boundcheck.theory.theorems.theorem import ends


def read(*texts):
    return schedule_of(Settings.checked("ddpm", parse_settings(texts), PARAMETERS))


def conditioned(betas, root=None):
    """The fields of each step that are rational, and with a square root the others,
    from covariances given x_0.

    Given x_0 = 0 the covariance of x_{t-1} and x_t is √α_t (1-ᾱ_{t-1}), so x_{t-1} given x_t is
    normal with a slope that is the covariance divided by the variance of x_t; and an error 1 of the
    predictor moves the mean of the model's step by what it moves x_{t-1} for x_t fixed.
    """
    before = 1
    for t, beta in enumerate(betas, 1):
        share = before * (1 - beta)
        slope2 = (1 - beta) * ((1 - before) / (1 - share)) ** 2  # the square of the slope
        found = {
            "beta": beta,
            "alpha_bar": share,
            "alpha_bar_before": before,
            "snr": share / (1 - share),
        }
        # x_{t-1} = √ᾱ_{t-1} x_0 + ..., and E(x_{t-1}|x_t, x_0) has (√ᾱ_{t-1} - slope √ᾱ_t)
        # x_0: √ᾱ_{t-1} is a factor
        weight = 1 - (1 - before) * (1 - beta) / (1 - share)
        found["posterior_variance"] = (1 - before) - slope2 * (1 - share)
        found["data2"] = before * weight**2
        if root:
            found |= {"from_data": root(before) * weight, "from_state": root(slope2)}
        found["t"] = t
        yield found
        before = share


def check(step, found, sigma2):
    for name, value in (*found.items(), ("sigma2", sigma2), ("w", found["data2"] / (2 * sigma2))):
        if name not in ("data2", "t"):
            assert near(getattr(step, name), value), (name, step, value)


def near(ball, value):
    """At 200 bits a ball agrees with 50 digits of mpmath."""
    with ctx.workprec(300), mp.workdps(60):
        middle = mpf(ball.mid().str(80, radius=False)) if ball != 0 else mpf(0)
        return abs(middle - value) <= mpf(10) ** -50 * abs(value) and ball.rel_accuracy_bits() > 190


def mpmath_betas(kind):
    if kind == "linear":
        return [mpf("1e-4") + mpf(k) / 999 * (mpf("0.02") - mpf("1e-4")) for k in range(1000)]
    f = [
        mp.cos((mpf(t) / 1000 + mpf("0.008")) / mpf("1.008") * mp.pi / 2) ** 2 for t in range(1001)
    ]
    return [min(1 - f[t] / f[t - 1], mpf("0.999")) for t in range(1, 1001)]


@pytest.mark.parametrize(("kind", "variance"), [("linear", "posterior"), ("cosine", "beta")])
def test_all_steps_agree_with_mpmath(kind, variance):
    with mp.workdps(70):
        steps = getattr(Schedule, kind)(variance=variance).steps(200)
        assert [s.t for s in steps] == list(range(1, 1001))
        for step, found in zip(steps, conditioned(mpmath_betas(kind), mp.sqrt), strict=True):
            if step.t % 97 and step.t not in (1, 2, 999, 1000):
                continue
            own = (
                found["posterior_variance"]
                if variance == "posterior" and step.t > 1
                else found["beta"]
            )
            check(step, found, own)


def test_the_usual_linear_schedule_ends_where_it_does():
    last = Schedule.linear().steps()[-1]
    assert abs(float(last.alpha_bar) - 4.0358e-5) < 1e-9
    assert abs(float(Schedule.cosine().steps()[499].alpha_bar) - 0.4938) < 1e-4


def contains(ball, value):
    """Exactly: whether a rational number is in a ball."""
    low, high = ends(ball)
    return low <= value <= high


shares = st.fractions(Fraction(1, 10**6), 1 - Fraction(1, 10**6), max_denominator=10**6)


@given(
    st.lists(
        st.tuples(shares, st.fractions(Fraction(1, 50), 3, max_denominator=99)),
        min_size=1,
        max_size=5,
    )
)
def test_balls_contain_the_exact_values(pairs):
    betas, sigmas2 = zip(*pairs, strict=True)
    for variance, own in (
        ("posterior", None),
        ("beta", betas),
        ([str(v) for v in sigmas2], sigmas2),
    ):
        for step, found in zip(
            Schedule.of(betas, variance).steps(40), conditioned(betas), strict=True
        ):
            sigma2 = own[step.t - 1] if own else (found["posterior_variance"] or found["beta"])
            exactly = {**found, "sigma2": sigma2, "w": found["data2"] / (2 * sigma2)}
            for name in set(exactly) - {"data2", "t"}:
                ball, value = getattr(step, name), rational(exactly[name])
                assert contains(ball, value), (name, value, ball)
                assert value == 0 or ball.rel_accuracy_bits() >= 40, (name, ball)


@given(st.lists(shares, min_size=2, max_size=6))
def test_weights_telescope(betas):
    steps = Schedule.of(betas).steps(60)
    with ctx.workprec(100):
        for before, step in pairwise(steps):
            assert ((before.snr - step.snr) / 2).overlaps(step.w)
        total = sum(s.w for s in steps[1:])
        assert total.overlaps((steps[0].snr - steps[-1].snr) / 2)
        assert total.rel_accuracy_bits() >= 60


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule.of(["1e-300", "1e-300"]),
        Schedule.of([str(1 - Fraction(1, 10**40)), "1e-40"]),
        Schedule.cosine(300, 0),
        Schedule.cosine(2, "0.5", str(1 - Fraction(1, 10**60))),
        Schedule.linear(5000, "1e-9", "1e-8"),
    ],
)
def test_no_accuracy_is_lost(schedule):
    for step in schedule.steps(80):
        for name in set(Step._fields) - {"t"}:
            ball = getattr(step, name)
            assert ball == 0 or ball.rel_accuracy_bits() >= 80, (step.t, name, ball)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule.of(["0.1", "0.5", "1"]),
        Schedule.linear(5, "0.1", "1", "beta"),
        Schedule.curved("scaled_linear", 5, "0.1", "1"),
        Schedule.cosine(5, "0.008", "1"),
        Schedule.linear(5, "0.1", "1").with_zero_snr(),
        Schedule.of(["1"]),
    ],
)
def test_the_last_step_may_end_in_noise(schedule):
    """β_T = 1: x_T is noise alone, and the step back from it forgets x_T."""
    *earlier, last = schedule.steps(80)
    assert (last.beta, last.alpha_bar, last.snr, last.from_state) == (1, 0, 0, 0)
    assert all(s.snr > 0 for s in earlier)
    before = earlier[-1].alpha_bar if earlier else 1
    assert (last.from_data**2).overlaps(before + 0 * last.w)
    assert (2 * last.w * last.sigma2).overlaps(last.from_data**2)
    if schedule.variance == "posterior" and earlier:
        assert last.sigma2.overlaps(1 - before)
        assert last.w.overlaps(earlier[-1].snr / 2)


def test_numbers_mean_what_they_are():
    linear = Schedule.linear(3, "0.1", "0.4")
    assert linear.betas == (fmpq(1, 10), fmpq(1, 4), fmpq(2, 5))
    assert Schedule.linear(1, 0.25, "1/4").betas == (fmpq(1, 4),)
    assert Schedule.of(["0.1", 0.1]).betas == (fmpq(1, 10), rational(0.1))
    assert rational(0.1) != fmpq(1, 10)
    assert [fraction(b) for b in Schedule.linear(1000).betas] == [
        Fraction(1, 10**4) + Fraction(k, 999) * (Fraction(2, 100) - Fraction(1, 10**4))
        for k in range(1000)
    ]


def test_the_cosine_schedule_is_cut_and_otherwise_a_square_of_cosines():
    schedule = Schedule.cosine(10, "0.008", "0.6")
    steps = schedule.steps(100)
    cut = [s.t for s in steps if contains(s.beta, fmpq(3, 5))]
    assert cut == [9, 10]
    with mp.workdps(40):
        f = [mp.cos((mpf(t) / 10 + mpf("0.008")) / mpf("1.008") * mp.pi / 2) ** 2 for t in range(9)]
        for step in steps[:8]:
            assert (
                abs(mpf(step.alpha_bar.str(35, radius=False)) - f[step.t] / f[0]) < mpf(10) ** -29
            )


def test_t_1_keeps_the_data():
    first = Schedule.linear().steps()[0]
    assert contains(first.from_data, 1)
    assert first.from_state == 0
    assert first.posterior_variance == 0
    assert contains(first.sigma2, fmpq(1, 10**4))
    assert contains(first.w, 5000)


def test_a_step_that_is_not_clear_is_not_returned(monkeypatch):
    monkeypatch.setattr(schedules, "_lost", lambda value: 0)
    with pytest.raises(Unclear, match="step 1 of the schedule needs more than"):
        Schedule.of(["1e-300", "0.5"]).steps()


# -- parameters ----------------------------------------------------------------------------------


def test_parameters():
    assert read() == Schedule.linear()
    assert read("T=5,beta_1=0.1,beta_T=1/2,variance=beta") == Schedule.linear(
        5, "0.1", "0.5", "beta"
    )
    assert read("schedule=cosine,T=7,s=0.1,most=0.9") == Schedule.cosine(7, "0.1", "0.9")
    assert read("betas=0.1;2**-3,sigmas2=1;1/2") == Schedule.of(["0.1", "0.125"], [1, "0.5"])
    assert read("schedule=linear,T=2,sigmas2=1;2").variance == (fmpq(1), fmpq(2))


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("T=0", "T = 0; it must be an integer from 1 to 100000"),
        ("T=2.5", "T = 2.5; it must be an integer from 1 to 100000"),
        ("T=100001", "T = 100001; it must be an integer from 1 to 100000"),
        ("beta_1=0", "beta_1 = 0; the admissible range is 0 < beta_1 < 1"),
        ("beta_T=1.1", "beta_T = 11/10; the admissible range is 0 < beta_T <= 1"),
        ("T=1,zero_snr=1,beta_T=1e-4", "with T = 1 these are the same: take T >= 2"),
        ("zero_snr=2", "zero_snr = 2; it must be an integer from 0 to 1"),
        ("beta_1=nan", "beta_1 = nan; it must be a rational number"),
        (
            "beta_1=0.5",
            (
                "beta_1 = 1/2 is above beta_T = 1/50; a linear schedule must not decrease: "
                "exchange them"
            ),
        ),
        (
            "T=1",
            (
                "T = 1, but beta_1 = 1/10000 and beta_T = 1/50; a single step has one beta: "
                "give both the same"
            ),
        ),
        (
            "schedule=cosine,s=-0.1",
            "s = -1/10; the admissible range is 0 <= s <= 1, and 0.008 is usual",
        ),
        ("schedule=cosine,s=2", "s = 2; the admissible range is 0 <= s <= 1"),
        ("schedule=cosine,most=2", "most = 2; the admissible range is 0 < most <= 1"),
        (
            "schedule=cosine,beta_1=0.1",
            "beta_1 = 0.1, but the cosine schedule takes T, s, most; leave beta_1 out",
        ),
        ("s=0.1", "s = 0.1, but the linear schedule takes T, beta_1, beta_T; leave s out"),
        (
            "schedule=sine",
            "schedule = sine; it must be one of linear, scaled_linear, sigmoid, cosine",
        ),
        ("betas=0.1;0.2,T=2", "T = 2, but betas=... lists the whole schedule; leave T out"),
        ("betas=0.1;1.5", "beta_2 = 3/2; the admissible range is 0 < beta_2 <= 1"),
        ("betas=1;0.5", "beta_1 = 1; the admissible range is 0 < beta_1 < 1"),
        ("betas=0.1;x", "beta_2 = x; it must be a rational number"),
        ("betas=0.1;;0.2", "betas = 0.1;;0.2; it has an empty entry"),
        ("T=2,sigmas2=1;0", "sigmas2_2 = 0; the variance of a reverse step must be positive"),
        ("T=2,sigmas2=-1;1", "sigmas2_1 = -1; the variance of a reverse step must be positive"),
        ("T=3,sigmas2=1;1", "2 variances sigmas2 for 3 steps; give one for each step"),
        (
            "sigmas2=1,variance=beta",
            "variance and sigmas2 both say what the reverse steps' variances are; give one",
        ),
        ("variance=best", "variance = best; it must be one of posterior, beta"),
        ("beta_2=0.1", "unknown parameter beta_2; ddpm takes schedule, T, "),
        ("bettas=0.1", "variance, sigmas2; did you mean betas or beta_T or beta_1?"),
    ],
)
def test_bad_parameters(texts, message):
    with pytest.raises(BoundcheckError) as caught:
        read(texts)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Schedule.of([]),
            "the number of betas = 0; it must be an integer from 1 to 100000",
        ),
        (lambda: Schedule.of([0.5, float("nan")]), "beta_2 = nan: nan is not a rational number"),
        (lambda: Schedule.of([float("inf")]), "beta_1 = inf: inf is not a rational number"),
        (lambda: Schedule.of([True]), "beta_1 = True: True is a truth value"),
        (
            lambda: Schedule.of([0.5], [0.0]),
            "sigmas2_1 = 0.0; the variance of a reverse step must be positive",
        ),
        (
            lambda: Schedule.of([0.5], [float("nan")]),
            "sigmas2_1 = nan: nan is not a rational number",
        ),
        (lambda: Schedule.linear(2.5), "T = 2.5; it must be an integer from 1 to 100000"),
        (
            lambda: Schedule.linear(variance="none"),
            "variance = none; it must be one of posterior, beta, or a list",
        ),
    ],
)
def test_bad_numbers(make, message):
    with pytest.raises(BoundcheckError) as caught:
        make()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T=3", "schedule=linear,T=3,beta_1=1e-4,beta_T=0.02,variance=posterior"),
        ("schedule=cosine,s=0", "schedule=cosine,T=1000,s=0,most=0.999,variance=posterior"),
        ("betas=0.1;0.2,variance=beta", "betas=0.1;0.2,variance=beta"),
        ("beta_T=1/2,T=2,sigmas2=1;2", "schedule=linear,T=2,beta_1=1e-4,beta_T=1/2,sigmas2=1;2"),
    ],
)
def test_all_parameters_give_the_schedule_again(text, expected):
    found = settings_of(Settings("ddpm", parse_settings([text])))
    assert found == parse_settings([expected])
    assert schedule_of(Settings("ddpm", found)) == schedule_of(
        Settings("ddpm", parse_settings([text]))
    )


def test_nothing_near_is_not_suggested():
    with pytest.raises(BoundcheckError, match="this takes alpha, beta$"):
        Settings.checked("this", {"q": "1"}, ("alpha", "beta"))
    with pytest.raises(BoundcheckError, match="this takes alpha, beta; did you mean alpha\\?"):
        Settings.checked("this", {"aplha": "1"}, ("alpha", "beta"))
