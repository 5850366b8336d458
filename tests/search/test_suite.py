"""The suite: inequalities with known truth, from textbooks and made to be hard (`suite.toml`).
No verdict may be wrong."""

import tomllib
from pathlib import Path

import pytest

from boundcheck import Box, prove
from boundcheck.exact.terms.box import conditions
from boundcheck.exact.terms.parser import parse_relation

# What the prover cannot decide within the budget, and why. Whatever else is undecided fails.
UNDECIDED: dict[str, str] = {
    "triangle-cosines": "equality at an irrational interior point of a triangle, three variables",
    "chebyshev-t4-cosine": (
        "an equality of cosines of multiple angles: the normal form knows no addition theorem"
    ),
    "fejer-kernel-5": "touches zero at irrational points",
    "minkowski-3": "a sum of cube roots: cubing twice is not searched for",
    "kl-hellinger": "touches along a line, with square roots inside logarithms",
    "entropy-topsoe": "equality in the middle and at both ends, where the slope is infinite",
    "opt-ackley": "its minimum is a kink of square-root type, where no Taylor form applies",
    "integral-half-disc": "the integrand is not smooth at the ends of the range",
    "integral-log": "equality with a closed form; those are known for rational integrands only",
    "integral-dawson": "an integral with a variable limit",
    "integral-sin-wave": (
        "Abs inside an integral: the range is not cut where its argument changes sign"
    ),
}

BUDGET = 20
CASES = tomllib.loads((Path(__file__).parents[1] / "suite.toml").read_text(encoding="utf-8"))[
    "case"
]
RIGHT = {"true": "proved", "false": "refuted", "ill-posed": "ill-posed"}

every_case = pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])


def test_the_list_is_in_order():
    ids = [c["id"] for c in CASES]
    assert len(set(ids)) == len(ids)
    assert len({(c["states"], c.get("on"), c.get("given")) for c in CASES}) == len(CASES)
    assert all(c["truth"] in RIGHT and c["kind"] and c["source"] for c in CASES)
    assert set(UNDECIDED) <= set(ids)
    assert all(UNDECIDED.values())


@every_case
def test_it_is_read(case):
    relation = parse_relation(case["states"])
    box = Box.parse(case.get("on", ""))
    given = conditions(case.get("given", ""))
    known = set(box.names).union(*(g.free for g in given))
    assert relation.free <= known
    assert box.symbols_in_ends <= known


@every_case
def test_verdict(case):
    budget = 2 if case["id"] in UNDECIDED else BUDGET
    verdict = prove(case["states"], case.get("on"), given=case.get("given", ""), budget=budget)
    right = RIGHT[case["truth"]]
    said = (
        f"{case['id']} is {case['truth']}, and the verdict is {verdict.name} ({verdict.method}): "
        f"{verdict.detail()}"
    )
    if verdict.name == "undecided":
        assert case["id"] in UNDECIDED, said
    else:
        assert verdict.name == right, said
        assert case["id"] not in UNDECIDED, (
            f"{case['id']} is {verdict.name} now: take it out of UNDECIDED"
        )
