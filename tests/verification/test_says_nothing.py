"""Statements that say nothing are errors in proof files: the hypothesis, and what is no more."""

import pytest
from claims_files import PROOF
from commands import run
from conftest import PROOFS
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.claims.comparison import Comparison, identity, inequality, stated
from boundcheck.claims.says_nothing import says_nothing
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.parser import parse_relation, parse_term
from boundcheck.verification.collect import collect


@pytest.mark.parametrize(
    ("states", "on", "hypotheses"),
    [
        pytest.param("x <= x", "x in [0,1]", "", id="one term"),
        pytest.param("x == x", "x in [0,1]", "", id="one term, an identity"),
        pytest.param("a <= b", None, "a <= b", id="the hypothesis"),
        pytest.param("b >= a", None, "a <= b", id="sides exchanged"),
        pytest.param("b == a", None, "a == b", id="sides of an identity"),
        pytest.param("x <= 1", "x in [0,1]", "", id="an end of the range"),
        pytest.param("x >= a", "x in [a,oo)", "a > 0", id="a symbol as the end"),
        pytest.param("a <= b", None, "a < b", id="weaker"),
        pytest.param("b >= a", None, "a < b", id="weaker, exchanged"),
        pytest.param("a <= b", None, "a == b", id="weaker than an identity"),
        pytest.param("a >= b", None, "a == b", id="weaker than an identity, exchanged"),
        pytest.param("k <= j+b+e", None, "k <= j+(b+e), j >= 0", id="brackets"),
        pytest.param("S + e <= T + e", None, "S <= T, e >= 0", id="the same on both sides"),
        pytest.param("S - T < 0", None, "S < T", id="all on one side"),
        pytest.param("-S >= -T", None, "S <= T", id="signs"),
        pytest.param("2*S + 2*e <= 2*(T + e)", None, "S <= T, e >= 0", id="a factor"),
        pytest.param("S/3 <= T/3", None, "S < T", id="a factor below 1"),
        pytest.param("-S == -T", None, "S == T", id="a negative factor of an identity"),
        pytest.param("(a + b)**2 <= c", None, "a**2 + 2*a*b + b**2 <= c", id="multiplied out"),
        pytest.param("exp(a) + b <= c + b", None, "exp(a) <= c, b >= 0", id="a function"),
        pytest.param("sqrt(a)**2 <= b", None, "a >= 0, a <= b", id="the square of a root"),
        pytest.param("a*(c/a) <= b", None, "a > 0, c <= b", id="cancelled"),
        pytest.param("2*pi > 6", None, "pi > 3", id="constants"),
    ],
)  # fmt: skip
def test_what_says_nothing(states, on, hypotheses):
    assert says_nothing(stated(states, on, hypotheses)) is not None


@pytest.mark.parametrize(
    ("states", "on", "hypotheses"),
    [
        pytest.param("a < b", None, "a <= b", id="stronger"),
        pytest.param("a == b", None, "a <= b", id="an identity is stronger"),
        pytest.param("a == b", None, "a < b", id="a false one"),
        pytest.param("a < b", None, "a == b", id="another false one"),
        pytest.param("b <= a", None, "a <= b", id="the other way round"),
        pytest.param("-a <= -b", None, "a <= b", id="a negative factor"),
        pytest.param("2*a <= b", None, "a <= b", id="another factor on each side"),
        pytest.param("S + e <= T + f", None, "S <= T, e <= f", id="two hypotheses"),
        pytest.param("a*c <= b*c", None, "a <= b, c >= 0", id="a factor that is no number"),
        pytest.param("a**2 <= b**2", None, "0 <= a, a <= b", id="squares"),
        pytest.param("exp(a) <= exp(b)", None, "a <= b", id="a monotone function"),
        pytest.param("x**2 <= 1", "x in [0,1]", "", id="beyond an end of the range"),
        pytest.param("(a+b)**2 == a**2 + 2*a*b + b**2", "a in (-oo,oo)", "b > 0", id="an identity"),
        pytest.param("1 <= 2", None, "", id="numbers"),
        pytest.param("3 <= 5", None, "1 < 2", id="numbers with numbers as hypotheses"),
        pytest.param("a - a <= 0", None, "a > 0", id="0"),
        pytest.param("a <= b", None, "a - a <= 0, b > 0", id="a hypothesis that is 0"),
    ],
)  # fmt: skip
def test_what_says_something(states, on, hypotheses):
    assert says_nothing(stated(states, on, hypotheses)) is None


@given(st.data())
def test_no_disguise_of_a_hypothesis_says_anything(data):
    """Terms are moved, sides exchanged and multiplied, signs weakened."""
    names = ["a", "b", "c"]
    terms = [*names, "a*b", "a**2 - c", "exp(b)", "Abs(a - b)"]
    left, right = (data.draw(st.sampled_from(terms)) for _ in range(2))
    added = data.draw(st.sampled_from([*terms, "0", "3/2"]))
    factor = data.draw(st.sampled_from(["1", "2", "7/3"]))
    op = data.draw(st.sampled_from(["<", "<="]))
    hypothesis = parse_relation(f"{left} {op} {right}")
    weaker = data.draw(st.sampled_from(["<=", op]))
    sides = [f"{factor}*({side} + {added})" for side in (left, right)]
    if data.draw(st.booleans()):
        sides, weaker = sides[::-1], {"<": ">", "<=": ">="}[weaker]
    disguise = parse_relation(f"{sides[0]} {weaker} {sides[1]}")
    statement = Comparison(disguise, Box.reals(*names), (hypothesis,))
    trivial = left == right  # then the hypothesis is that 0 > 0 or 0 >= 0
    assert trivial or says_nothing(statement) is not None


def test_it_is_cheap_on_long_terms():
    """What is too long to be compared is taken to say something."""
    long = parse_term("*".join(f"(x + {k})**9/(y + {k})" for k in range(1, 60)))
    given_ = [f"y >= {k}" for k in range(1, 20)]
    assert says_nothing(inequality(long, ">=", 0, on="x in [0,1]", given=given_)) is None


def test_it_is_an_error_of_a_proof_file(capsys, claims):
    text = PROOF + (
        '@claim(source="s")\n'
        "def step(S, T, e):\n"
        '    """The sums of all steps."""\n'
        '    yield inequality(S + e, "<=", T + e, given=[S <= T, e >= 0])\n'
    )
    code, out, _ = run(capsys, "verify", claims(text, "p.py"))
    assert code == 3
    assert (
        "p.step yields S + e <= T + e, given S <= T, e >= 0, which says nothing: "
        "it is no more than its hypothesis S <= T; state what is to be shown, or leave it out"
    ) in " ".join(out.split())


def test_no_proof_of_ours_says_nothing():
    claims = collect([PROOFS]).claims
    assert [c.id for c in claims if not c.statements()] == []  # it raises where one does
    assert says_nothing(identity("x", "x", on="x in [0,1]")) is not None
