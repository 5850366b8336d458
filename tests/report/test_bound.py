"""What people see of the end-to-end bound."""

import json

import pytest
from problems import problem

from boundcheck.report import bound as report
from boundcheck.report.bound import Bound
from boundcheck.theory.risk.classes.excess_risk import CLASSES
from boundcheck.theory.risk.classes.step_risk import TERMS


def test_the_document():
    asked = problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8,atoms=0;1/2;-1")
    found = report.Bound.of(asked, {"m": "10**8"})
    document = json.loads(json.dumps(report.as_json(found, 8)))
    names = {c.name for c in CLASSES}
    assert set(document["classes"]) | set(document["unfit"]) == names
    for best in (document, *document["classes"].values()):
        upper = sum(float(best["terms"][name]["upper"]) for name in TERMS)
        assert upper == pytest.approx(float(best["excess"]["upper"]), rel=1e-6)
    won = [t for c in document["classes"].values() for t in c["smallest_at"]]
    assert sorted(won) == list(range(2, 13))
    assert all(s["t"] in document["classes"][s["class"]]["smallest_at"] for s in document["steps"])
    total = sum(float(document[name]["upper"]) for name in ("prior_term", "bayes_steps", "excess"))
    assert total == pytest.approx(float(document["mixed"]["upper"]), rel=1e-6)
    ends = [float(document[name]["upper"]) for name in ("mixed", "without_learning")]
    assert float(document["total"]["upper"]) == min(ends)
    assert total <= float(document["learnt"]["upper"]) * (1 + 1e-6)
    assert [s["t"] for s in document["steps"]] == list(range(2, 13))
    assert document["would_help"] in (report.ADVICE[document["dominating"]], report.KNOWN_ONLY)
    whole = report.Bound.of(problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8,first=1"), {})
    assert whole.total is None
    assert report.as_json(whole, 8)["total"] is None


def test_the_total_has_as_many_digits_as_its_parts():
    found = Bound.of(problem("T=3,beta_1=0.1,beta_T=0.5,m=1000"), {})
    assert found.total.rel_accuracy_bits() > 100
