"""Mutating and sharpening: what binds and what is slack, brackets, messages, interruption, JSON."""

import json

import pytest
from commands import interrupted, run
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from boundcheck import shape
from boundcheck.claims.claim import Claim
from boundcheck.claims.comparison import identity, inequality
from boundcheck.claims.statement import cited
from boundcheck.claims.verdict import IllPosed, Proved, Refuted, Undecided
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.shape import Shape
from boundcheck.exact.terms.term import number, symbol
from boundcheck.perturb import mutate as mutations
from boundcheck.perturb.grid import between
from boundcheck.perturb.mutate import studies
from boundcheck.perturb.occurrences import marked, places, put
from boundcheck.perturb.sharpen import sharpen, target
from boundcheck.verification.decide import decide

MEAN = (
    '[[claim]]\nid = "mean"\nstates = "x*y <= 1/2*(x**2+y**2)"\non = "x in [-3,3], y in [-3,3]"\n'
)
HUMP = '[[claim]]\nid = "hump"\nstates = "x*(1-x) <= 0.3"\non = "x in [0,1]"\n'
FALSE = '[[claim]]\nid = "false"\nstates = "x*(1-x) <= 0.2"\non = "x in [0,1]"\n'
LOOSE = '[[claim]]\nid = "loose"\nstates = "x <= 7"\non = "x in (-oo,0]"\n'
SYMBOL = '[[claim]]\nid = "symbol"\nstates = "x*(1-x) <= K"\non = "x in [0,1]"\ngiven = "K >= 0"\n'


def claim_of(*statements):
    return Claim("c", lambda: statements)


def probe(*statements, most=40):
    found = list(studies(claim_of(*statements), 2, most))
    for s in found:
        list(s.probe(2))
    return found


# places


def test_equal_numbers_in_different_places_are_moved_one_by_one():
    s = inequality("(x+1)*(x+1) >= 1*1 - 1", on="x in [0,1]")
    found = places(s)
    texts = [put(s, p, fmpq(2, 3)).text() for p in found]
    assert texts == [
        "(x + 2/3)*(x + 1) >= 0, on x in [0, 1]",
        "(x + 1)*(x + 2/3) >= 0, on x in [0, 1]",
        "(x + 1)*(x + 1) >= 2/3, on x in [0, 1]",
        "(x + 1)*(x + 1) >= 0, on x in [2/3, 1]",
        "(x + 1)*(x + 1) >= 0, on x in [0, 2/3]",
    ]
    assert [marked(s, p) for p in found] == [
        "(x + [1])*(x + 1) >= 0",
        "(x + 1)*(x + [1]) >= 0",
        "(x + 1)*(x + 1) >= [0]",
        "x in [[0], 1]",
        "x in [0, [1]]",
    ]


def test_roles_and_hypotheses():
    s = inequality(
        "-3*x**2/4 + 0.1 <= Sum(k**2*x, (k, 1, 7)) + a", on="x in [0,1]", given="a > 1/2"
    )
    found = {marked(s, p, 200): p.role for p in places(s)}
    assert list(found.values()) == [
        *("factor", "exponent", "divisor", "summand", "limit", "limit", "exponent"),
        *("end point", "end point", "hypothesis"),
    ]
    assert "given a > [1/2]" in found
    seven = next(p for p in places(s) if p.value == 7)
    assert "Sum(k**2*x, (k, 1, 9))" in put(s, seven, fmpq(9)).text()


def test_a_reversed_box_is_refused():
    s = inequality("x <= 1", on="x in [0,1]")
    with pytest.raises(BoundcheckError, match=r"x in \[2, 1\] is reversed"):
        put(s, places(s)[1], fmpq(2))


def test_the_places_of_a_large_network_are_its_weights():
    t = symbol("x") * number("1/3") + number("1/7")
    for _ in range(20):
        t = t * t + number(5)  # a tree with a million leaves, and a graph with 60 nodes
    large = inequality(t, ">=", 0, on="x in [0,1]")
    found = places(large)
    assert sorted(p.value for p in found if p.parent is not None) == [
        fmpq(1, 7),
        fmpq(1, 3),
        *[5] * 20,
    ]
    edge = next(p for p in found if p.parent is not None)
    assert marked(large, edge) in ("...x*[1/3]...", "...x*1/3 + [1/7]...")
    assert put(large, edge, edge.value) == large
    assert put(large, edge, edge.value + 1) != large


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(1, 5), st.integers(0, 1000))
def test_the_bisection_on_decimals_ends_close(a, b, digits, cut):
    low, high = fmpq(min(a, b), 7), fmpq(max(a, b), 3)
    if low >= high:
        return
    cut, floor = low + (high - low) * fmpq(cut, 1000), fmpq(1, 10**10)
    for _ in range(200):
        middle = between(low, high, digits, floor)
        if middle is None:
            break
        assert low < middle < high
        assert sum(c != "0" for c in str(int(middle * 10**30)).strip("-").rstrip("0")) <= digits
        low, high = (middle, high) if middle <= cut else (low, middle)
    assert middle is None
    assert high - low <= max(abs(low), abs(high)) * fmpq(10) ** (1 - digits) + 2 * floor


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


# sharpen


def test_the_smallest_constant_is_exact(capsys, claims):
    code, out, err = run(capsys, "sharpen", "hump", "--constant", "0.3", "--path", claims(HUMP))
    assert (code, err) == (0, "")
    assert "as it stands, 0.3: proved" in out
    assert "smallest proved: 0.25, 16.66 % from the original" in out
    assert "refuted at 0.2499: at x = 1/2: left = 0.25, right = 0.2499" in out
    assert "raised: it does not tighten" in out


def test_every_number_reported_is_proved_with_exactly_that_number():
    s = inequality("x*(1-x) <= 0.3 + 0*y", on="x in [0,1], y in [0,1]")
    for digits in (1, 2, 5):
        found = sharpen(target(claim_of(s), "0.3"), 2, digits)
        low = found.ends[0]
        assert isinstance(decide(put(s, places(s)[1], low.proved), 2), Proved)
        assert isinstance(decide(put(s, places(s)[1], low.failing), 2), Refuted)
        assert low.failing < fmpq(1, 4) <= low.proved
        assert low.proved - low.failing <= fmpq(1, 10**digits)


def test_the_json_of_sharpen(capsys, claims):
    code, out, _ = run(
        capsys, "sharpen", "mean", "--constant", "1/2", "--path", claims(MEAN), "--json"
    )
    document = json.loads(out)
    assert code == 0
    assert (document["claim"], document["original"], document["verdict"]) == (
        "mean",
        "1/2",
        "proved",
    )
    low, high = document["ends"]
    assert (low["direction"], low["tightens"], low["proved"]["value"], low["slack"]) == (
        "lowered",
        True,
        "1/2",
        "0",
    )
    assert (low["fails"]["verdict"], low["fails"]["value"]) == ("refuted", "9999/20000")
    assert low["fails"]["witness"]["point"]
    assert (high["direction"], high["tightens"], high["fails"]) == ("raised", False, None)


def test_a_symbol_is_given_numbers(capsys, claims):
    code, out, _ = run(capsys, "sharpen", "symbol", "--constant", "K", "--path", claims(SYMBOL))
    assert code == 0
    assert "smallest proved: 0.25" in out


def test_a_refuted_claim_says_which_number_would_do(capsys, claims):
    code, out, _ = run(capsys, "sharpen", "false", "--constant", "0.2", "--path", claims(FALSE))
    assert code == 1
    assert "as it stands, 0.2: refuted" in out
    assert "smallest proved: 0.25" in out


def test_an_undecided_claim(capsys, claims, monkeypatch):
    monkeypatch.setattr(mutations, "decide", lambda *_: Undecided(reason="no idea"))
    code, out, _ = run(capsys, "sharpen", "hump", "--constant", "0.3", "--path", claims(HUMP))
    assert code == 2
    assert "as it stands, 0.3: undecided" in out
    assert "no idea" in out


def test_neither_direction_tightens(capsys, claims):
    text = '[[claim]]\nid = "a"\nstates = "x <= x + 0*(x-3)"\non = "x in [0,1]"\n'
    code, out, _ = run(capsys, "sharpen", "a", "--constant", "3", "--path", claims(text))
    assert code == 0
    assert "neither direction tightens" in out


def test_an_undecided_gap_is_shown(monkeypatch):
    s = inequality("x*(1-x) <= 0.3", on="x in [0,1]")

    def blurred(statement, budget):
        bound = statement.relation.right.payload
        return (
            Undecided(reason="blurred")
            if fmpq(24, 100) < bound < fmpq(26, 100)
            else decide(statement, budget)
        )

    monkeypatch.setattr(mutations, "decide", blurred)
    low = sharpen(target(claim_of(s), "0.3"), 2, 3).ends[0]
    assert (low.proved, low.failing, low.undecided) == (
        fmpq(26, 100),
        fmpq(24, 100),
        fmpq(259, 1000),
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("4", "4 does not occur in mean; its numbers are 1/2, 2, -3, 3"),
        (
            "2",
            (
                "2 occurs 2 times in mean; say which: --constant '2#2'. #1 x*y <= "
                "1/2*(x**[2] + y**2); #2 x*y"
            ),
        ),
        ("2#3", "--constant '2#3': 2 occurs 2 times in mean: #1"),
        ("2#0", "--constant '2#0': 2 occurs 2 times in mean: #1"),
        ("K", "K is no symbol of mean; its symbols are x, y"),
        (
            "1..2",
            "--constant '1..2' is neither a number nor a symbol; write it as 1.5, 3/2, 1.5#2 or K",
        ),
    ],
)
def test_messages_of_sharpen(capsys, claims, name, message):
    code, out, err = run(capsys, "sharpen", "mean", "--constant", name, "--path", claims(MEAN))
    assert (code, out) == (3, "")
    assert err.startswith(f"error: {message}")


@pytest.mark.parametrize(
    "arguments",
    [
        ("mutate", "nowhere"),
        ("mutate", "--budget", "0"),
        ("mutate", "--constants", "0"),
        ("sharpen", "hump"),
        ("sharpen", "gone", "--constant", "1"),
        ("sharpen", "hump", "--constant", "0.3", "--digits", "0"),
    ],
)
def test_bad_input(capsys, claims, monkeypatch, tmp_path, arguments):
    (tmp_path / "proofs").mkdir()
    claims(HUMP, "proofs/c.toml")
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (3, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
