"""What people see of the end-to-end bound."""

import json

import pytest
from problems import problem

from boundcheck.report import bound as report
from boundcheck.report.bound import Bound
from boundcheck.theory.risk.choices import VERSIONS
from boundcheck.theory.risk.excess_risk import TERMS


def test_the_document():
    asked = problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8,atoms=0;1/2;-1")
    found = report.Bound.of(asked, {"m": "10**8"})
    document = json.loads(json.dumps(report.as_json(found, 8)))
    best = document["versions"]["smallest"]
    assert set(document["versions"]) == {*VERSIONS, "smallest"}
    upper = sum(float(best["terms"][name]["upper"]) for name in TERMS)
    assert upper == pytest.approx(float(best["excess"]["upper"]), rel=1e-6)
    total = sum(float(document[name]["upper"]) for name in ("prior_term", "bayes_steps", "excess"))
    assert total == pytest.approx(float(document["learnt"]["upper"]), rel=1e-6)
    ends = [float(document[name]["upper"]) for name in ("mixed", "without_learning")]
    assert float(document["total"]["upper"]) == min(ends) < total
    assert [s["t"] for s in document["steps"]] == list(range(2, 13))
    assert document["would_help"] == report.ADVICE[document["dominating"]]
    whole = report.Bound.of(problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8,first=1"), {})
    assert whole.total is None
    assert report.as_json(whole, 8)["total"] is None


def test_the_total_has_as_many_digits_as_its_parts():
    found = Bound.of(problem("T=3,beta_1=0.1,beta_T=0.5,m=1000"), {})
    assert found.total.rel_accuracy_bits() > 100
