"""Networks of the user's sizes: every term in other words, what is refused, and the affine
predictor that such a network is."""

import numpy as np
import pytest
from excess_again import linear_alpha_bars, real
from flint import arb, ctx, fmpq
from mpmath import mp, mpf
from problems import problem

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.report import bound as report
from boundcheck.theory.formulas import architecture
from boundcheck.theory.risk.classes.architecture_class import unfit
from boundcheck.theory.risk.classes.excess_risk import risk
from boundcheck.theory.risk.classes.step_risk import TERMS

STEPS = "T=20,beta_1=0.01,beta_T=0.4"


@pytest.mark.parametrize(
    ("data", "sizes"),
    [
        ("d=1,B=1", (7, 20, "10")),
        ("d=3,B=2", (2, 5, "40")),
        ("d=2,B=1/2", (1, 2, "1/3")),  # too small for the affine predictor
        ("atoms=1/2:1/3", (3, 4, "9")),
    ],
)
def test_every_term_in_other_words(data, sizes):
    L, W, theta = sizes
    asked = problem(f"{STEPS},m=10**9,eps=1e-6,{data},depth={L},width={W},theta={theta}")
    with mp.workdps(40):
        d, B, m, Theta = asked.d, real(asked.B), 10**9, quotient(theta)
        shares = linear_alpha_bars(20, "0.01", "0.4")
    for step in risk(asked, "architecture").steps:
        with mp.workdps(40), ctx.workprec(200):
            share, before = shares[step.t - 1], shares[step.t - 2]
            w = (before / (1 - before) - share / (1 - share)) / 2
            R, P, delta, A, nu = (
                real(fmpq(step.chosen[n])) for n in ("R", "P", "delta", "A", "nu")
            )
            count = sum((W if layer else d) + 1 for layer in range(L) for _ in range(W)) + W + 1
            assert count == P
            spread = real(asked.spread)
            gain = min(1 / mp.sqrt(share), mp.sqrt(spread / (1 - share)) / 2)
            needed = max(1, R, B + mp.sqrt(d) * (B + R * gain))
            affine = spread * (1 - share) / (share * spread / asked.rank + 1 - share)
            loss = affine if needed <= Theta else real(asked.second_moment)
            assert (needed <= Theta) == (theta != "1/3")
            size = mpf(W + 1) ** (L + 1) * (L + 1) * Theta ** (L + 1) * max(1, R)
            off = d * B**2 * min(1, d * mp.exp(-((R - mp.sqrt(share) * B) ** 2) / (1 - share) / 2))
            again = {
                "approximation": w * A * loss,
                "net": w * d * 4 * (1 + A) * B * delta,
                "samples": w * d * B**2 * P * mp.log(1 + size / delta) / nu / m,
                "optimisation": w * A * mpf(10) ** -6,
                "off_box": w * off,
            }
            again["excess"] = sum(again[name] for name in TERMS)
            for name, value in again.items():
                found = getattr(step, name)
                assert abs(real(found.mid().fmpq()) - value) <= mpf(10) ** -25 * (1 + value), name


def quotient(text):
    p, _, q = text.partition("/")
    return mpf(p) / mpf(q or 1)


@pytest.mark.parametrize("d", [1, 2, 5])
def test_the_affine_predictor_has_such_parameters(d):
    """Of random atoms: every weight and bias in the form in which the network has them."""
    draw = np.random.default_rng(d)
    for _ in range(50):
        atoms = draw.uniform(-1, 1, (d + 2, d)) * draw.choice([0.1, 1, 10])
        B, share, R = np.abs(atoms).max(), draw.uniform(0.01, 0.99), draw.uniform(0.1, 30)
        mean, cov = atoms.mean(axis=0), np.cov(atoms.T, bias=True).reshape(d, d)
        gain = np.sqrt(share) * cov @ np.linalg.inv(share * cov + (1 - share) * np.eye(d))
        bias = mean - np.sqrt(share) * gain @ mean - R * gain.sum(axis=1)
        largest = max(1, R, np.abs(gain).max(), np.abs(bias).max())
        known = {"d": d, "B": B, "R": R, "alpha_bar": share, "spread": np.trace(cov)}
        values = {n: fmpq(*float(v).as_integer_ratio()) for n, v in known.items()}
        bound = arb(at_point(term(architecture.AFFINE_PARAMETERS), values, 64))
        assert largest <= float(bound) * (1 + 1e-12)


def test_what_is_refused():
    assert "depth, width and theta" in unfit(problem("m=5,T=3"))
    assert "below the dimension 3" in unfit(problem("m=5,T=3,d=3,depth=1,width=2,theta=1"))
    assert "below 1/(width + 1)" in unfit(problem("m=5,T=3,depth=1,width=1,theta=1/3"))
    for text, match in (("width=3", "give depth"), ("depth=1,width=2,theta=0", "theta")):
        with pytest.raises(BoundcheckError, match=match):
            problem(f"m=5,T=3,{text}")


def test_larger_networks_cost_more_samples():
    sums = [
        risk(problem(f"{STEPS},m=10**6,depth={L},width={W},theta=9"), "architecture").total(
            "samples"
        )
        for L, W in ((1, 4), (1, 8), (3, 8))
    ]
    assert sums[0] < sums[1] < sums[2]
    found = report.Bound.of(problem(f"{STEPS},m=10**6,depth=1,width=4,theta=9"), {})
    assert "architecture" in {r.name for r in found.classes}
