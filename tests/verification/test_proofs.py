"""The claims of proofs/: every formula is proved, and its false relatives never."""

import itertools
import random
from dataclasses import replace

import pytest
from conftest import PROOFS
from flint import fmpq
from oracle import Nowhere, holds, value
from relatives import relatives, understated

from boundcheck.claims.comparison import Comparison, inequality
from boundcheck.claims.statement import Citation, Failure, ShapeStatement, fails
from boundcheck.claims.verdict import Assumed, IllPosed, Proved, Refuted, Steps
from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.search.points.refute import admissible
from boundcheck.search.problem import Problem
from boundcheck.verification.axioms import ledger, together
from boundcheck.verification.collect import collect
from boundcheck.verification.decide import decide
from boundcheck.verification.verify import settle, verify

CLAIMS = collect([PROOFS]).claims
STATEMENTS = [
    pytest.param(s, id=f"{c.id}-{k}")
    for c in CLAIMS
    for k, s in enumerate(c.statements())
    if isinstance(s, (Comparison, ShapeStatement, Failure))
]
COMPARISONS = [p for p in STATEMENTS if isinstance(p.values[0], Comparison)]


def _points(statement, count):
    """Admissible points, also between and beyond those that the prover itself would try."""
    problem = Problem(statement)
    found = [
        {n: p[n] for n in statement.names} for p in itertools.islice(admissible(problem), count)
    ]
    rng = random.Random(7)
    for p, q in list(zip(found, reversed(found), strict=True)):
        w = fmpq(rng.randrange(1, 16), 16)
        between = {n: p[n] * w + q[n] * (1 - w) for n in p}
        if all(holds(h, between) for h in statement.hypotheses):
            found.append(between)
    return [p for p in found if all(holds(h, p) for h in statement.hypotheses)]


def _undefined(statement, point):
    try:
        value(statement.relation.left, point)
        value(statement.relation.right, point)
    except Nowhere:
        return True
    return False


def _wrong_at(statement, points):
    return next(
        (p for p in points if holds(statement.relation, p) is False or _undefined(statement, p)),
        None,
    )


THEORY = [c for c in CLAIMS if c.id.split(".")[0] in ("ridges", "marginal_steps", "ratio")]
HYPOTHESES = {
    (str(s.on), s.given): pytest.param(s, id=c.id)
    for c in THEORY
    for t in c.statements()
    for s in [t.inner if isinstance(t, Failure) else t]
    if isinstance(s, Comparison)
}


def test_every_formula_is_proved():
    """A claim is proved or steps as it has words or not: see test_steps.py."""
    found = collect([PROOFS])
    assert not found.broken
    results = settle(verify(found.claims, 0.7 * DEFAULT_BUDGET))  # with a reserve
    wanted = {"P": (Proved, Steps), "D": (Proved, Steps), "C": (Assumed,)}
    assert [(r.claim.id, r.note) for r in results if r.verdict not in wanted[r.claim.label]] == []


def test_what_is_assumed_is_exactly_this():
    """Whoever adds an axiom has to change this list."""
    cited = {s.statement for c in CLAIMS for s in c.statements() if isinstance(s, Citation)}
    assert cited == {
        "the integral of a continuous derivative is the difference of the function at the ends",
        "the L^p norm is monotone and satisfies the triangle inequality",
        "over a probability the L^p norm grows with p",
        "expectations are linear and monotone, so some value is at most the expectation",
        "absolutely convergent integrals can be exchanged",
        "integrals with a parameter can be differentiated inside, where this is dominated",
        "∫ g(ω) dω = ∫∫ g(rv) r^(d-1) dr dS(v), v on the surface of the cube [-1, 1]^d",
        (
            "∫ |v|_2^-d g(v/|v|_2) dS(v) over the surface of the cube is ∫ g(θ) dθ over "
            "the unit sphere"
        ),
        (
            "E cos(ω·x) = exp(-|x|²/(2σ²)) for ω with independent normal coordinates of mean 0 "
            "and variance 1/σ²"
        ),
        "∫_0^∞ y^(z-1) exp(-y) dy = Γ(z) for z > 0",
        "an analytic solution of Kummer's equation is a multiple of ₁F₁",
        "E|Σ(X_i - EX_i)|^p <= 2^p E|Σ ε_i X_i|^p for independent X_i, random signs ε_i and p >= 1",
        "E|Σ ε_i a_i|^p <= B_p^p (Σ a_i²)^(p/2) for p >= 2, B_p = √2 (Γ((p+1)/2)/√π)^(1/p)",
        "E X = ∫_0^∞ P(X > t) dt for X >= 0",
        (
            "ReLU networks approximate their variation space in the uniform norm at the rate "
            "n^(-1/2-3/(2d))"
        ),
        (
            "over the whole ReLU variation space (not for Gaussian marginals alone) no exponent "
            "above 1/2 + 3/(2d) holds"
        ),
    }


def test_the_rate_of_marginals_rests_on_textbooks_and_hoeffding_alone():
    """What the theorem on ratios has as its hypothesis: no claim about networks is assumed, and
    nothing of the literature on rates."""
    wanted = {
        "marginals.approximation",
        "marginals.neurons",
        "marginal_steps.above_two_by_hoeffding",
    }
    entry = together("marginals", ledger(CLAIMS, wanted.__contains__))
    assert entry.missing == ()
    below = {i for i in entry.uses if i.startswith("textbook.")}
    assert below == {
        f"textbook.{name}"
        for name in (
            "calculus",
            "expectation",
            "surface_of_the_cube",
            "normal_distribution",
        )
    } | {"textbook.parameter_integrals", "textbook.gamma_integral", "textbook.layer_cake"}
    own = [
        s
        for c in CLAIMS
        for s in c.statements()
        if isinstance(s, Citation) and not c.id.startswith("textbook.")
    ]
    assert not set(own) & set(entry.axioms)


@pytest.mark.parametrize("statement", COMPARISONS)
def test_an_independent_evaluation_agrees(statement):
    for point in _points(statement, 40):
        assert holds(statement.relation, point) in (True, None), point
        assert not _undefined(statement, point), point


@pytest.mark.parametrize("statement", COMPARISONS)
def test_false_relatives_are_never_proved(statement):
    """Every relative that an independent evaluation shows to be wrong somewhere
    is refuted or ill-posed."""
    false = 0
    variants = list(relatives(statement))
    chosen = variants[:1] + random.Random(str(statement.text())).sample(
        variants[1:], min(7, len(variants) - 1)
    )
    for name, variant in chosen:
        points = _points(variant, 25)
        wrong = _wrong_at(variant, points)
        if wrong is None:
            continue
        false += 1
        verdict = decide(variant, 6)
        assert isinstance(verdict, (Refuted, IllPosed)), (name, variant.text(), verdict, wrong)
        if isinstance(verdict, Refuted):
            # None: both sides are equal as far as the independent evaluation sees
            assert holds(variant.relation, verdict.witness.point) is not True, (name, verdict)
            assert all(holds(h, verdict.witness.point) is not False for h in variant.hypotheses), (
                name,
                verdict,
            )
    assert false > 0, "no false relative was found: the test says nothing"


@pytest.mark.parametrize(
    "statement", [p for p in STATEMENTS if isinstance(p.values[0], ShapeStatement)]
)
def test_understated_sizes_are_refuted(statement):
    variants = list(understated(statement))
    assert variants
    for name, variant in variants:
        assert isinstance(decide(variant, 5), Refuted), name


@pytest.mark.parametrize("statement", [p for p in STATEMENTS if isinstance(p.values[0], Failure)])
def test_a_failure_that_does_not_happen_is_not_proved(statement):
    """With the relation turned round, the inner statement holds at the witness."""
    opposite = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
    inner, relation = statement.inner, statement.inner.relation
    if relation.op == "==":
        turned = replace(inner, relation=replace(relation, right=relation.left))
    else:
        turned = replace(inner, relation=replace(relation, op=opposite[relation.op]))
    assert not isinstance(decide(replace(statement, inner=turned), 5), Proved)


@pytest.mark.parametrize("statement", COMPARISONS[::4])
def test_a_true_statement_does_not_fail_at_a_point(statement):
    for point in _points(statement, 3)[:1]:
        inner = fails(statement, at={n: str(v) for n, v in point.items()})
        assert not isinstance(decide(inner, 5), Proved)


# -- what the statements rest on -------------------------------------------------------------------


@pytest.mark.parametrize("statement", HYPOTHESES.values())
def test_no_statement_is_vacuous(statement):
    """What contradicts itself proves everything: the hypotheses of no statement prove 1 <= 0."""
    false = inequality(1, "<=", 0).relation
    assert isinstance(decide(Comparison(false, statement.on, statement.given), 5), Refuted)


@pytest.mark.parametrize(
    ("claim", "needs"),
    [
        (
            "marginal_steps.above_two_by_hoeffding",
            "marginal_steps.jensen_gap",
        ),  # "only cells that meet v·x = b count"
        (
            "ridges.representation",
            "textbook.parameter_integrals",
        ),  # the affine part is that of the gradient
    ],
)
def test_steps_that_the_words_need_are_listed(claim, needs):
    (entry,) = ledger(CLAIMS, claim.__eq__)
    assert needs in entry.uses


def test_reading_b_is_about_ratios():
    """The rate bounds the error of f1/f2, so a distance from marginals would refute nothing."""
    (claim,) = [c for c in CLAIMS if c.id == "ratio_rates.no_rate_with_m_the_weight_scale"]
    (statement,) = claim.statements()
    shown = statement.derive(DEFAULT_BUDGET)
    ((assumed, _),) = shown.axioms
    assert "Norm(1/(1 + exp(-x(0))) - value(N, 0, x), 1, (x, pi)) >= e" in assumed
    near = "exp(-(x(0) - 1)**2/4)/2"
    far = "exp(-(x(0) + 1)**2/4)/2"
    assert f"Norm({near}/({near} + {far}) - value(N, 0, x), p, (x, Omega)) <=" in shown.conclusion
