"""Words are never proved: what a claim of several formulas, or with words beside one, is called."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from commands import run
from conftest import PROOFS
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.claims.claim import Claim
from boundcheck.claims.comparison import inequality
from boundcheck.claims.statement import Citation, Use, cited, fails, norm_bound, shape, uses
from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.claims.verdict import (
    SEVERITY,
    Assumed,
    IllPosed,
    Proved,
    Refuted,
    Steps,
    Undecided,
    together,
)
from boundcheck.exact.networks import gates
from boundcheck.verification.axioms import ledger
from boundcheck.verification.collect import collect
from boundcheck.verification.decide import decide
from boundcheck.verification.verify import settle, verify

TRUE, TOO = inequality("2*x <= 1 + x**2", on="x in [0,1]"), inequality("1 <= 2")
FALSE, HARD = inequality("2 <= 1"), norm_bound("x", "1/sqrt(3)", p=2, on="x in [-1, 1]")
DEEP = cited("the zeros of zeta lie on the line", "Riemann 1859")
RIEMANN = """
from boundcheck import claim, cited, inequality, uses

@claim(source="Riemann 1859", label="P")
def explicit_formula(x):
    \"\"\"The primes are counted by the zeros of zeta.\"\"\"
    yield inequality(2 * x, "<=", 1 + x**2, on="x in [0, 1]")

@claim(source="Riemann 1859", label="P")
def riemann_hypothesis(x):
    \"\"\"All zeros of zeta in the strip have the real part 1/2.\"\"\"
    yield uses("zeta.explicit_formula")
    yield inequality(x * (1 - x), "<=", "1/4", on="x in [0, 1]")
"""


def claim_of(*statements, name="c"):
    return Claim(id=name, build=lambda: statements, title="All is well.")


def verdicts(*claims):
    return {r.claim.id: r.verdict.name for r in settle(verify(claims, 0.05))}


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        pytest.param([TRUE], "proved", id="one formula"),
        pytest.param([shape(gates.square(2, 1), depth=2)], "proved", id="one shape"),
        pytest.param([norm_bound("x", 2, on="x in [0,1]")], "proved", id="one norm"),
        pytest.param([fails(FALSE, at={})], "proved", id="one failure"),
        pytest.param([TRUE, TOO], "steps", id="two formulas"),
        pytest.param([TRUE, TRUE], "steps", id="the same twice"),
        pytest.param([TRUE, DEEP], "steps", id="a formula and a citation"),
        pytest.param([DEEP, TRUE], "steps", id="a citation and a formula"),
        pytest.param([DEEP], "assumed", id="one citation"),
        pytest.param([DEEP, cited("more", "there")], "assumed", id="two citations"),
        pytest.param([TRUE, FALSE], "refuted", id="one fails"),
        pytest.param([TRUE, HARD], "undecided", id="one is not decided"),
        pytest.param([DEEP, FALSE], "refuted", id="a citation and a failure"),
    ],
)
def test_what_a_claim_is_called(statements, verdict):
    assert verdicts(claim_of(*statements)) == {"c": verdict}


@pytest.mark.parametrize(
    ("statements", "below", "verdict"),
    [
        pytest.param([TRUE], [TOO], "steps", id="a formula on a formula"),
        pytest.param([TRUE], [DEEP], "steps", id="a formula on a citation"),
        pytest.param([TRUE], [TRUE, TOO], "steps", id="a formula on steps"),
        pytest.param([DEEP], [TRUE], "assumed", id="a citation on a formula"),
        pytest.param([], [TRUE], "assumed", id="nothing of its own"),
        pytest.param([TRUE], [FALSE], "undecided", id="on what fails"),
        pytest.param([FALSE], [TRUE], "refuted", id="fails itself"),
    ],
)
def test_what_rests_on_others(statements, below, verdict):
    top = claim_of(*statements, uses("base"))
    assert verdicts(top, claim_of(*below, name="base"))["c"] == verdict


def test_steps_are_handed_on_through_a_chain():
    """Also to what would be proved if it did not rest on them, whoever says that it does."""
    (proved,) = verify([claim_of(TRUE)])
    (steps,) = verify([claim_of(TRUE, TOO, name="steps")])
    (axiom,) = verify([claim_of(DEEP, name="axiom")])
    between = replace(proved, claim=claim_of(TRUE, name="between"), rests_on=("steps",))
    top = replace(proved, rests_on=("between",))
    found = {r.claim.id: r for r in settle([top, between, steps])}
    assert {i: r.verdict for i, r in found.items()} == dict.fromkeys(found, Steps)
    assert [r.note for r in found.values()] == [""] * 3
    on_axiom = replace(proved, rests_on=("axiom",))
    (result, _) = settle([on_axiom, axiom])  # the axiom is listed
    assert (result.verdict, [a.reference for a in result.axioms]) == (Proved, ["Riemann 1859"])
    failing = replace(steps, verdict=Refuted)
    assert [r.verdict for r in settle([top, between, failing])] == [Undecided, Undecided, Refuted]
    (circle,) = settle([replace(proved, rests_on=("c",))])
    assert circle.verdict is IllPosed


@given(st.lists(st.sampled_from(SEVERITY), max_size=4), st.booleans())
def test_together(kinds, words):
    found = together(kinds, words=words)
    failing = [k for k in kinds if k.exit_code]
    assert found.exit_code == (together(failing).exit_code if failing else 0)
    assert (found is Proved) == (kinds == [Proved] and not words)
    assert (found is Assumed) == (set(kinds) <= {Assumed})
    assert together([found]) is found  # what is put together anew, stays


def test_no_statement_is_steps():
    for statement in (TRUE, FALSE, DEEP):
        assert not isinstance(decide(statement, 1), Steps)
    assert (Steps.name, Steps.exit_code) == ("steps", 0)
    with pytest.raises(TypeError, match=r"a verdict \(steps\) has no truth value"):
        bool(Steps())


# -- what people see -------------------------------------------------------------------------------


def test_the_riemann_hypothesis_is_not_proved(capsys, claims):
    """2026-11-30: this was *proved [P]*: no formula says it, and nobody reads a name."""
    path = claims(RIEMANN, "zeta.py")
    code, out, _ = run(capsys, "verify", path)
    lines = out.splitlines()
    assert code == 0
    assert [line.split()[:3] for line in lines if "zeta." in line] == [
        ["proved", "[P]", "zeta.explicit_formula"],
        ["steps", "[P]", "zeta.riemann_hypothesis"],
    ]
    below = lines[next(k for k, line in enumerate(lines) if "zeta.explicit" in line) + 1]
    assert below.strip() == "2*x <= 1 + x**2, on x in [0, 1]"
    assert "primes" not in out
    assert "strip" not in out
    assert lines[-1] == "2 claims: 1 proved, 1 steps"


def test_words_are_marked_in_json(capsys, claims):
    code, out, _ = run(capsys, "verify", claims(RIEMANN, "zeta.py"), "--json")
    first, second = json.loads(out)["claims"]
    assert code == 0
    assert (first["verdict"], first["formula"]) == ("proved", "2*x <= 1 + x**2, on x in [0, 1]")
    assert (second["verdict"], second["formula"]) == ("steps", None)
    assert first["words"] == "The primes are counted by the zeros of zeta."
    assert "title" not in first
    assert [s["verdict"] for s in second["statements"]] == ["proved"]


def test_axioms_say_whose_words_a_claim_takes(capsys, claims):
    path = claims(RIEMANN, "zeta.py")
    _, out, _ = run(capsys, "axioms", "zeta.riemann_hypothesis", "--path", path)
    assert "  words   that no machine reads, of zeta.riemann_hypothesis\n" in out
    _, out, _ = run(capsys, "axioms", "zeta.explicit_formula", "--path", path)
    assert out.splitlines() == ["zeta.explicit_formula [P]", "  no axioms"]
    _, out, _ = run(capsys, "axioms", "--path", path, "--json")
    assert [c["words"] for c in json.loads(out)["claims"]] == [[], ["zeta.riemann_hypothesis"]]
    _, out, _ = run(capsys, "axioms", "zeta", "--path", path, "--json")
    assert json.loads(out)["claims"][0]["words"] == ["zeta.riemann_hypothesis"]


def test_words_of_claims_below_and_of_claims_that_say_nothing_themselves():
    """Citations are listed as axioms, and what is missing as missing."""
    chain = [
        claim_of(TRUE, uses("middle"), name="top"),
        claim_of(uses("plain"), uses("axiom"), uses("gone"), name="middle"),
        claim_of(TRUE, name="plain"),
        claim_of(DEEP, cited("more", "there"), name="axiom"),
    ]
    found = {e.claim.id: e.words for e in ledger(chain)}
    assert found == {"top": ("top", "middle"), "middle": ("middle",), "plain": (), "axiom": ()}


def _theorem(claim):
    return any(isinstance(s, TheoremStatement) for s in claim.statements())


def test_the_ledger_agrees_with_the_verdicts():
    """Of ours: no words exactly where a claim is proved or assumed."""
    everything = collect([PROOFS]).claims
    claims = [c for c in everything if not _theorem(c)]
    wordless = {e.claim.id for e in ledger(claims) if not e.words}
    results = settle(verify(claims, 0.01))  # what needs more is undecided
    assert {r.claim.id for r in results if r.verdict in (Proved, Assumed)} <= wordless
    assert not wordless & {r.claim.id for r in results if r.verdict is Steps}


def test_long_formulas_are_cut_in_text_alone(capsys, claims):
    long = " + ".join(f"x**{k}" for k in range(2, 90))
    path = claims(f'[[claim]]\nid = "a"\nstates = "{long} <= 100"\non = "x in [0,1]"\n')
    _, out, _ = run(capsys, "verify", path)
    shown = out.splitlines()[1:-2]
    assert all(len(line) <= 80 for line in shown)  # of a terminal that is none
    assert len(" ".join(line.strip() for line in shown)) in range(295, 301)
    assert shown[-1].endswith("...")
    _, out, _ = run(capsys, "verify", path, "--json")
    assert json.loads(out)["claims"][0]["formula"] == f"{long} <= 100, on x in [0, 1]"


def test_a_claim_with_words_is_never_proved():
    """Of ours: what is proved is one statement, and the formula that is shown is that one."""
    results = settle(verify(collect([PROOFS]).claims))
    assert {r.verdict for r in results} == {Proved, Steps, Assumed}
    for r in results:
        _is_honest(r)
    assert {r.verdict for r in results if r.claim.reading} == {Proved, Steps}
    counts = Counter(r.verdict.name for r in results)
    told = ", ".join(f"{counts[name]} {name}" for name in ("proved", "steps", "assumed"))
    assert f"{len(results)} claims: {told}; " in (PROOFS.parent / "README.md").read_text()


@given(st.lists(st.sampled_from([TRUE, TOO, FALSE, DEEP, uses("base")]), min_size=1, max_size=4))
def test_no_claim_with_words_is_proved(statements):
    for base in (TRUE, DEEP):
        for r in settle(verify([claim_of(*statements), claim_of(base, name="base")])):
            _is_honest(r)


def _is_honest(result):
    stated = result.claim.statements()
    decided = [s for s in stated if not isinstance(s, (Use, Citation))]
    if result.verdict is Proved:
        assert stated == (*decided,)
        assert [result.formula] == [s.text() for s in stated]
    else:
        assert result.formula == ""
    if result.verdict is Assumed:
        assert decided == []
    if result.verdict is Steps:
        assert decided
        assert len(stated) > 1
