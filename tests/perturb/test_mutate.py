"""Mutations: what binds and what is slack, messages, interruption, JSON."""

import json

import pytest
from claims_to_move import FALSE, HUMP, LOOSE, claim_of
from commands import interrupted, run
from flint import fmpq

from boundcheck import shape
from boundcheck.claims.comparison import identity, inequality
from boundcheck.claims.statement import cited
from boundcheck.claims.verdict import IllPosed, Refuted, Undecided
from boundcheck.exact.networks.shape import Shape
from boundcheck.exact.terms.term import symbol
from boundcheck.perturb import mutate as mutations
from boundcheck.perturb.mutate import studies
from boundcheck.verification.decide import decide


def probe(*statements, most=40):
    found = list(studies(claim_of(*statements), 2, most))
    for s in found:
        list(s.probe(2))
    return found


# mutate
def test_what_binds_and_what_is_slack():
    (study,) = probe(inequality("x*y <= 1/2*(x**2+y**2)", on="x in [-3,3], y in [-3,3]"))
    half, exponent, *_ = study.probed
    assert (half.where, half.role, half.value) == (
        "x*y <= [1/2]*(x**2 + y**2)",
        "factor",
        fmpq(1, 2),
    )
    assert (half.lowered.kind, half.raised.kind) == ("binds", "slack")
    assert isinstance(half.lowered.steps[0].verdict, Refuted)
    assert str(half.raised) == "slack: proved up to 100 %"
    assert [s.value for s in exponent.raised.steps] == [3]
    assert {p.lowered.kind for p in study.probed if p.role == "end point"} == {"slack"}
    assert study.note == ""


def test_some_slack_says_where_it_ends():
    (study,) = probe(inequality("x*(1-x) <= 0.3", on="x in [0,1]"))
    bound = next(p for p in study.probed if p.role == "side")
    assert bound.lowered.kind == "some slack"
    assert str(bound.lowered) == "slack up to 10 % (refuted at 50 %, x = 1/2)"
    assert [s.label for s in bound.lowered.steps] == ["1e-6", "1 %", "10 %", "50 %"]
    assert bound.lowered.failure.value == fmpq(3, 20)
    assert bound.lowered.farthest.value == fmpq(27, 100)


def test_a_negative_number_grows_downwards():
    (study,) = probe(inequality("x >= -2", on="x in [-1,1]"))
    bound = study.probed[0]
    assert [s.value for s in bound.lowered.steps][-1] == -4
    assert [s.value for s in bound.raised.steps][-1] == -1
    assert (bound.lowered.kind, bound.raised.kind) == ("slack", "slack")


def test_zero_moves_by_absolute_distances():
    (study,) = probe(inequality("x**2 >= 0", on="x in [-1,1]"))
    bound = next(p for p in study.probed if p.role == "side")
    assert [s.value for s in bound.lowered.steps] == [
        fmpq(-1, 10**6),
        fmpq(-1, 100),
        fmpq(-1, 10),
        -1,
    ]
    assert bound.raised.kind == "binds"


def test_a_statement_that_no_constant_binds():
    (study,) = probe(inequality("x <= 7", on="x in (-oo,0]"))
    assert study.note == (
        "no constant of this statement binds: the bound is not tight, or it does not depend on them"
    )


def test_an_empty_range_is_ill_posed():
    (study,) = probe(inequality("x <= 1", on="x in [1,1]"))
    upper = study.probed[2]
    assert upper.where == "x in [1, [1]]"
    assert isinstance(upper.lowered.steps[0].verdict, IllPosed)
    assert "is reversed" in upper.lowered.steps[0].verdict.reason


def test_sizes_are_moved_in_whole_steps():
    n = symbol("n")
    net = Shape.of(1, [n], 1)
    (study,) = probe(
        shape(net, depth=1, max_width=n + 9, given=[inequality("n >= 1", given="n >= 1").relation])
    )
    depth, spare = study.probed
    assert (depth.where, depth.lowered.kind, depth.raised.kind) == (
        "depth: 1 == [1]",
        "binds",
        "binds",
    )
    assert str(spare.lowered) == "slack: proved up to value 0"
    assert [s.value for s in spare.raised.steps] == [10, 11, 14, 18]


def test_only_what_is_proved_is_mutated():
    found = probe(
        inequality("x <= 1/2", on="x in [0,1]"),
        cited("a theorem", "a book"),
        identity("x + 1", "1 + x", on="x in [0,1]"),
    )
    assert [s.index for s in found] == [1, 3]
    assert found[0].note == "not mutated: it is refuted, and only what is proved is mutated"
    assert found[0].probed == []


def test_what_is_left_out_is_said():
    (study,) = probe(inequality("x + 2*x <= 3", on="x in [0,1]"), most=2)
    assert (len(study.probed), study.left_out) == (2, 2)
    assert study.note == "2 more constants were left out; raise --constants to see them"


def test_undecided_moves_are_no_evidence(monkeypatch):
    s = inequality("x <= 1", on="x in [0,1]")

    def stubborn(statement, budget):
        return decide(statement, budget) if statement == s else Undecided(reason="stubborn")

    monkeypatch.setattr(mutations, "decide", stubborn)
    (study,) = probe(s)
    assert {d.kind for p in study.probed for d in (p.lowered, p.raised)} == {"unknown"}
    assert {len(p.lowered.steps) for p in study.probed} == {2}, "the rest is spared"
    assert str(study.probed[0].lowered) == "unknown (undecided at 1e-6)"


def test_an_error_of_the_prover_is_neither_proved_nor_refuted(monkeypatch):
    s = inequality("x <= 1", on="x in [0,1]")

    def crash(statement, budget):
        return decide(statement, budget) if statement == s else 1 / 0

    monkeypatch.setattr(mutations, "decide", crash)
    (study,) = probe(s)
    assert study.probed[0].lowered.kind == "unknown"
    assert "ZeroDivisionError" in study.probed[0].lowered.steps[0].verdict.reason


def test_the_command_prints_one_row_per_constant(capsys, claims):
    code, out, _ = run(capsys, "mutate", claims(HUMP + FALSE + LOOSE))
    assert code == 0
    assert "hump #1  x*(1 - x) <= 3/10, on x in [0, 1]" in out
    assert "not mutated: it is refuted" in out
    assert "no constant of this statement binds" in out
    assert "6 constants of 3 statements, each moved both ways: " in out
    code, out, _ = run(capsys, "mutate", claims(HUMP + LOOSE), "-k", "loose")
    assert (code, "hump" in out) == (0, False)


def test_the_json_of_mutate(capsys, claims):
    code, out, err = run(capsys, "mutate", claims(HUMP), "--json", "--budget", "1")
    assert (code, err) == (0, "")
    ((claim,),) = json.loads(out).values()
    assert claim["id"] == "hump"
    (statement,) = claim["statements"]
    assert set(statement) == {
        "kind",
        "statement",
        "verdict",
        "reason",
        "constants",
        "left_out",
        "not_reached",
        "note",
    }
    bound = statement["constants"][1]
    assert {k: bound[k] for k in ("where", "role", "value")} == {
        "where": "x*(1 - x) <= [3/10]",
        "role": "side",
        "value": "3/10",
    }
    lowered = bound["lowered"]
    assert (lowered["verdict"], lowered["proved_up_to"], lowered["fails_at"]) == (
        "some slack",
        "27/100",
        "3/20",
    )
    assert [s["verdict"] for s in lowered["steps"]] == ["proved", "proved", "proved", "refuted"]
    assert lowered["steps"][3]["witness"]["point"] == {"x": "1/2"}


def test_a_claim_that_cannot_be_read_is_reported(capsys, claims):
    bad = '[[claim]]\nid = "bad"\nstates = "y <= 1"\n'
    code, out, _ = run(capsys, "mutate", claims(bad + LOOSE))
    assert code == 0
    assert "unknown symbol y" in out
    code, out, _ = run(capsys, "mutate", claims("[claim", "broken.toml"))
    assert code == 3
    assert "is not TOML" in out


def test_an_interrupt_keeps_what_was_found(claims):
    slow = (
        "[[claim]]\n"
        'id = "slow"\n'
        'states = "x**4+y**4+z**4+1 >= 4*x*y*z"\n'
        'on = "x in [-2,2], y in [-2,2], z in [-2,2]"\n'
    )
    path = claims(LOOSE + slow.replace(">= 4", "+ sin(x)**2 + cos(x)**2 >= 4"))
    code, out = interrupted(6, "mutate", path, "--json", "--budget", "100")
    if code == 0:
        pytest.skip("the prover was faster than the interrupt")
    assert code == 130
    document = json.loads(out)
    assert document["interrupted"] is True
    assert document["claims"][0]["id"] == "loose"
    assert len(document["claims"][0]["statements"][0]["constants"]) == 2
