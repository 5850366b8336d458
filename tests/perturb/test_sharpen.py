"""Sharpening: brackets, messages, JSON."""

import json

import pytest
from claims_to_move import FALSE, HUMP, MEAN, SYMBOL, claim_of
from commands import run
from flint import fmpq

from boundcheck.claims.comparison import inequality
from boundcheck.claims.verdict import Proved, Refuted, Undecided
from boundcheck.perturb import mutate as mutations
from boundcheck.perturb.occurrences import places, put
from boundcheck.perturb.sharpen import sharpen, target
from boundcheck.verification.decide import decide


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
    assert document["statements"] == ["x*y <= 1/2*(x**2 + y**2), on x in [-3, 3], y in [-3, 3]"]
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


def test_what_is_decided_is_shown(capsys, claims):
    """A claim may say more than the statements in which the number occurs."""
    text = (
        "from boundcheck import claim, inequality\n\n@claim(source='s')\ndef c(x, K):\n"
        "    'All primes are small.'\n"
        "    yield inequality(x * (1 - x), '<=', K, on='x in [0,1]', given=[K > 0])\n"
        "    yield inequality(x**2, '<=', x, on='x in [0,1]')\n"
    )
    _, out, _ = run(capsys, "sharpen", "p.c", "--constant", "K", "--path", claims(text, "p.py"))
    assert "  x*(1 - x) <= K, on x in [0, 1], given K > 0\n" in out
    assert "primes" not in out
    assert "x**2" not in out


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
