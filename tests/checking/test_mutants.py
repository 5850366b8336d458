"""The checker against forgeries: what it accepts is true, whatever was done to the
proof or to the statement.

Every list, count, index, number, text and part of stored proofs is changed, one at a time, and
the changed proofs are tried on the statement and on false relatives of it. `make test` tries a few
thousand of them, `make soak` 50,000.
"""

import itertools
import json
import os
import random

import pytest
from mutants import mutants, spread, subproofs
from oracle import Nowhere, holds
from relatives import relatives

from boundcheck import BoundcheckError, Proved, prove
from boundcheck.checking.certificate import _write, certificate, recheck, replay
from boundcheck.checking.checker import RULES
from boundcheck.claims.comparison import stated
from boundcheck.documents import sealed
from boundcheck.exact.terms.work import OutOfBudget, at_most
from boundcheck.search.points.refute import admissible
from boundcheck.search.problem import Problem

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
COUNT = 50_000 if SOAK else 2_000
BUDGET = 0.2  # units of work for a forgery

TRUE = [
    ("1 + x <= exp(x)", "x in (-oo,oo)", ""),
    ("(1+1/n)**n <= E", "n in [1,oo)", ""),
    ("2*sqrt(x*y) <= x + y", "x in [0,oo), y in [0,oo)", ""),
    ("x <= tan(x)", "x in [0,pi/2)", ""),
    ("Abs(sin(x) - x) <= 0.17", "x in [-1,1]", ""),
    ("exp(-(x**2+y**2))*(1+x*y) <= 1.01", "x in [-2,2], y in [-2,2]", ""),
    ("signrelu(x)*y - Abs(x - y/3) <= 0.8", "x in [-1,1], y in [-1,1]", ""),
    ("t/(1+M*t) <= 1/M", "t in [0,oo)", "M > 0"),
    ("x**q <= x**p", "x in [0,1]", "p > 0, p <= q"),
    ("Abs(x)**p <= exp(p*Abs(x))", "x in (-oo,oo)", "p >= 1"),
    ("sqrt(2)+sqrt(3) > pi", "", ""),
    ("sin(x)**2 + cos(x)**2 == 1", "x in (-oo,oo)", ""),
    ("x**4 - x + 1 > 0", "x in (-oo,oo)", ""),
    ("cbrt(a*b*c) <= (a+b+c)/3", "a in [0,oo), b in [0,oo), c in [0,oo)", ""),
    ("gamma(x+1/2) < sqrt(x)*gamma(x)", "x in (0,oo)", ""),
    ("x*log(x) >= x - 1", "x in (0,oo)", ""),
    ("cosh(x) <= exp(x**2/2)", "x in (-oo,oo)", ""),
    ("x - y <= (x+y)/2*(log(x) - log(y))", "x in (0,oo), y in (0,oo)", "x >= y"),
    ("2*x*y <= x**2 + y**2", "x in (-oo,oo), y in (-oo,oo)", "x + y == 1"),
    ("tanh(relu(x)) <= relu(x)", "x in (-oo,oo)", ""),
    ("erfc(x) <= exp(-x**2)", "x in [0,oo)", ""),
    ("x/(1+x) <= log(1+x)", "x in (-1,oo)", ""),
    ("3*sin(x) <= x*(2 + cos(x))", "x in [0,oo)", ""),
    ("sin(x) + cos(x) <= sqrt(2)", "x in (-oo,oo)", ""),
    ("(a+b)/2 <= sqrt((a**2+b**2)/2)", "a in (-oo,oo), b in (-oo,oo)", ""),
    ("log(1+exp(x)) > relu(x)", "x in (-oo,oo)", ""),
    ("2/(1/a + 1/b) <= sqrt(a*b)", "a in (0,oo), b in (0,oo)", ""),
    ("exp(u)*w <= 3*w", "u in (-oo,oo), v in (-oo,oo)", "u == log(3) - v**2, w >= 0"),
    ("x*(1 - x) <= 1/4 + z - z", "x in [0,1], y in [0,2]", "y >= x, z == x*y, w <= z"),
    (
        "(a**2+b**2+c**2)**2 >= 3*(a+b+c)*(b+c-a)*(a+c-b)*(a+b-c)",
        "a in (-oo,oo), b in (-oo,oo), c in (-oo,oo)",
        "",
    ),
]
CENTRE = {"at": {"x": "0", "y": "0"}, "basis": [["1", "0"], ["0", "1"]]}
SQUARE = {"x": ["-1", "1"], "y": ["-1", "1"]}
BY_HAND = [  # what the search finds only for large statements, if at all
    ("x**2 + y**2 - x*y/2 >= 0", "x in [-1,1], y in [-1,1]", "",
     {"by": "boxes", "hull": SQUARE, "tree": "c", "touching": [CENTRE]}),
    ("x**2 + y**2 >= 0", "x in [-1,1], y in [-1,1]", "",
     {"by": "sum", "terms": ["x**2", "y**2"], "parts": [{"by": "interval"}] * 2}),
    ("x**2 + 1 > 0", "x in [-1,1], y in [-1,1]", "",
     {"by": "sum", "terms": ["x**2", "1"], "strict": 1, "parts": [{"by": "interval"}] * 2}),
    ("x*y <= 1", "x in [-1,1], y in [-1,1]", "", {"by": "bernstein", "tree": "b"}),
    ("x*y**2 >= x*y - 1/2", "x in [0,1], y in [-1,1]", "", {"by": "bernstein", "tree": "1bb"}),
    ("exp(x)*y <= 4", "x in [0,1], y in [0,1]", "",
     {"by": "lemma", "relation": "exp(x)*y <= 3", "shown": {"by": "interval"},
      "proof": {"by": "squares_sum", "squares": [["1", "1", [0]], ["1", "1", []]]}}),
    ("f <= 1", "f in (-oo,oo), n in [1,oo), s in [0,1]", "n*f == s*n, s <= f",
     {"by": "equation", "given": 0, "variable": "f", "value": "s", "times": "n",
      "proof": {"by": "subset", "on": {"s": ["upper"]}, "given": [], "proof": {"by": "sturm"}}}),
    ("x <= 1", "x in [-2,6], y in [-1,1]", "x + y**2 <= 1/2",
     {"by": "boxes", "hull": {"x": ["-2", "6"], "y": ["-1", "1"]}, "tree": "00m0mxx"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def proofs():
    """Statements with the certificates of their proofs."""
    found = []
    for text, on, given in TRUE:
        s = stated(text, on, given)
        verdict = prove(s, budget=20)
        assert isinstance(verdict, Proved), (text, verdict)
        found.append((s, json.loads(json.dumps(certificate(s, verdict)))))
    for text, on, given, proof in BY_HAND:
        s = stated(text, on, given)
        found.append((s, json.loads(json.dumps(certificate(s, Proved(proof=proof))))))
        assert accepted(found[-1][1]), (text, proof)
    return found


def accepted(document):
    """Whether a document is accepted; anything but accepted, rejected and bad input is
    an error of the checker."""
    try:
        replay(document, BUDGET)
    except BoundcheckError:
        return False
    return True


def is_false(statement):
    """A point that violates the statement, or where it is undefined, by an
    evaluator of the tests' own."""
    problem = Problem(statement)
    points = []
    try:
        with at_most(0.5):
            points.extend(itertools.islice(admissible(problem), 80))
    except OutOfBudget:
        pass
    for point in points:
        try:
            if holds(statement.relation, point) is False:
                return point
        except Nowhere:
            return point
    return None


def test_every_rule_is_there(proofs):
    assert {p["by"] for _, d in proofs for p in subproofs(d["proof"])} == set(RULES)


def false_relatives(s):
    return [r for _, r in relatives(s) if is_false(r) is not None]


def test_what_is_accepted_is_true(proofs):
    rng = random.Random(4)
    others = [p for _, d in proofs for p in subproofs(d["proof"])]

    def forgeries(s, document):
        goals = false_relatives(s)[:8]
        changed = list(itertools.islice(mutants(document["proof"], rng.sample(others, 6)), 4000))
        for _ in range(10):
            rng.shuffle(changed)
            for proof in changed:
                yield s if rng.random() < 0.2 or not goals else rng.choice(goals), s, proof

    found = list(spread([forgeries(s, d) for s, d in proofs], COUNT))
    assert len(found) == COUNT
    accepted_ = [forged(goal, s, proof) for goal, s, proof in found]
    assert 10 < sum(accepted_) < COUNT / 3


def test_every_mutant_of_short_proofs(proofs):
    for s, document in proofs:
        few = list(itertools.islice(mutants(document["proof"], []), 400))
        if len(few) < 400:
            for goal, proof in itertools.product([s, *false_relatives(s)[:8]], few):
                forged(goal, s, proof)


def forged(goal, true, proof):
    """Whether a statement is accepted with a proof: it may be if it is the true one."""
    found = accepted({"statement": _write(goal), "proof": proof})
    assert not (found and goal is not true), (
        f"a false statement is accepted: {goal.text()}, by {proof}"
    )
    return found


def test_false_relatives_with_true_proofs(proofs):
    """The statement edited, its checksum recomputed, the proof left as it is."""
    for s, document in proofs:
        for name, relative in relatives(s):
            forged = {k: v for k, v in document.items() if k != "point"} | {
                "statement": _write(relative)
            }
            if accepted(forged):
                assert is_false(relative) is None, (name, relative.text())


def test_a_recomputed_checksum_does_not_help(proofs, tmp_path):
    path = tmp_path / "forged.json"
    for s, document in proofs[:6]:
        relative = next(r for _, r in relatives(s) if is_false(r) is not None)
        forged = sealed({**document, "statement": _write(relative)})
        path.write_text(json.dumps(forged))
        with pytest.raises(BoundcheckError):
            recheck(path)
