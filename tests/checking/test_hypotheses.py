"""Hypotheses that contradict each other, and ranges that are empty or mention themselves:
ill-posed where that is seen, and said where no point is known."""

import json
import re

import pytest

from boundcheck import BoundcheckError, IllPosed, Proved, Refuted, prove
from boundcheck.checking.certificate import certificate, replay, save
from boundcheck.checking.goals import Rejected, box_of, free_of_hypotheses
from boundcheck.claims.comparison import Comparison, stated
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.parser import parse_domain, parse_relation
from boundcheck.verification.recheck import says_something

CONTRADICTING = [
    ("x >= 0", "x in [-1,1]", "exp(x) > 5"),
    ("x >= 0", "x in [-1,1]", "sin(x) >= 2"),
    ("x >= 1", "x in [-1,1]", "x > 2"),
    ("x*y >= 9", "x in [0,1], y in [0,1]", ["x + y >= 3"]),
    ("x <= -1", "x in (-oo,oo)", ["x > 0", "x < 0"]),
    ("x <= -1", "x in (-oo,oo)", ["exp(x) < 1", "x > 1/2"]),
    ("x >= 7", "x in [0,4]", "sqrt(x) > 3"),
    ("x >= 7", "x in [0,4]", "x**2 + 1 <= 0"),
    ("x >= 7", "x in [0,1]", "floor(x) >= 2"),
    ("x >= 7", "x in [0,1]", "relu(x) > 2"),
    ("a >= 7", "", ["a > 1", "log(a) < 0"]),
    ("x >= 5", "x in [0,1]", "exp(x) == 5"),
    ("x <= 5", "x in [0,1]", "sin(x) == 2"),
    ("0 >= 1", "x in [0,1]", "x == 2"),
    ("x >= 0", "x in [exp(y),1], y in [1,2]", ""),
    ("0 >= 1", "", "1 >= 2"),
    ("x >= 1", "x in [0,1]", "sqrt(2) > sqrt(3)"),
]


@pytest.mark.parametrize(
    ("text", "on", "given_"), CONTRADICTING, ids=[str(c[2] or c[1]) for c in CONTRADICTING]
)
def test_contradictions_are_ill_posed(text, on, given_):
    verdict = prove(text, on, given=given_)
    assert isinstance(verdict, IllPosed), verdict
    assert re.search("contradicts? |is false; nothing satisfies it", verdict.reason), verdict.reason


def test_where_it_cannot_be_told_that_is_said(tmp_path):
    """No rational point satisfies these: the verdicts do not hide that none was found."""
    for text, on, given_ in (
        ("x**2 <= 2", "x in [0,2]", "x**2 == 2"),
        ("x <= 1", "x in [0,1]", "sin(x) == 1/3"),
    ):
        s = stated(text, on, given_)
        verdict = prove(s)
        assert isinstance(verdict, Proved)
        assert (
            verdict.note
            == "no point was found that satisfies the hypotheses, which may contradict each other"
        )
        assert isinstance(save(tmp_path / "c.json", s, verdict), Proved)
        note = replay(json.loads((tmp_path / "c.json").read_text())).note
        assert (
            note
            == "no point is given that satisfies the hypotheses, which may contradict each other"
        )


def test_a_point_of_the_set_travels_with_the_proof():
    s = stated("x >= 1", "x in [0,2]", "exp(x) > 3")
    verdict = prove(s)
    assert isinstance(verdict, Proved)
    assert set(verdict.point) == {"x"}
    document = json.loads(json.dumps(certificate(s, verdict)))
    assert replay(document).note == ""
    for wrong in ({"x": "0"}, {"x": "9"}, {}, {"x": "2", "y": "1"}):
        with pytest.raises(
            Rejected, match="the point of the certificate does not satisfy the hypotheses"
        ):
            replay({**document, "point": wrong})
    with pytest.raises(BoundcheckError, match="malformed"):
        replay({**document, "point": {"x": "two"}})


@pytest.mark.parametrize(
    ("text", "on", "given_"), CONTRADICTING, ids=[str(c[2] or c[1]) for c in CONTRADICTING]
)
def test_certificates_with_contradicting_hypotheses_are_bad_input(text, on, given_):
    """Whatever the proof is: here, that of another statement."""
    s = stated(
        "x - x <= 1" if "x" in text else "a - a <= 1" if "a" in text else "0 <= 1", on, given_
    )
    other = stated(text, on, given_)
    verdict = prove(str(s.relation), on or None) if on else None
    proof = verdict.proof if isinstance(verdict, Proved) else {"by": "interval"}
    document = {
        "statement": certificate(other, Proved(method="", proof=proof))["statement"],
        "proof": proof,
    }
    with pytest.raises(BoundcheckError):
        says_something(replay(document))


def test_what_is_refuted_needs_no_hypotheses_that_fail():
    assert isinstance(prove("x >= 1", "x in [0,2]", given="exp(x) > 2"), Refuted)


# -- what was once taken for true ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "on", "given"),
    [
        ("1 <= 0", "", "log(4) - 2*log(2) >= 10**-400"),
        ("x >= 3", "x in (pi, 4*atan(1))", ""),
        ("x >= 0", "x in [10, 10**400*(sqrt(8) - 2*sqrt(2))]", ""),
        ("x >= 0", "x in [0,1]", "pi > 4*atan(1)"),
        ("x >= 0", "x in [0,1]", "sqrt(2)*sqrt(3) < sqrt(6)"),
        ("leakyrelu(x, a) >= x - 5", "a in [1,2]", "x >= 1, x <= -1"),
    ],
)
def test_2026_11_30_constants_that_agree_to_all_digits(text, on, given):
    """What balls do not settle was taken for true."""
    try:
        assert isinstance(prove(text, on or None, given=given), IllPosed)
    except BoundcheckError as error:
        assert "is empty" in str(error)
    document = {
        "statement": {
            "on": [on] if on else [],
            "given": given.split(", ") if given else [],
            "relation": text,
        },
        "proof": {"by": "interval"},
    }
    with pytest.raises(BoundcheckError, match=r"ill-posed|is empty"):
        replay(document)


@pytest.mark.parametrize(
    "on",
    [
        "x in [0, x + (x - 1)*(x - 4)]",
        "x in [Max(0, (1 + sign(x))*(1 + sign(1 - x)) - 3)*200 - 1/10, 5]",
        "x in (x, 1]",
    ],
)
def test_2026_11_30_a_range_does_not_mention_its_own_variable(on):
    """The set is no interval then, and a slope on its pieces says nothing."""
    with pytest.raises(
        BoundcheckError, match=r"the range x in .* mentions x itself; state that in given="
    ):
        prove("x**3/3 - 5*x**2/2 + 4*x >= 0", on)
    (r,) = parse_domain(on).items()
    made = Comparison(parse_relation("x >= 0"), box_of([Range(r[0], *r[1])]))
    assert not free_of_hypotheses(made, "x")
    proof = {
        "by": "monotone",
        "variable": "x",
        "end": "lower",
        "face": {"by": "constant"},
        "slope": {"by": "algebra"},
    }
    document = {
        "statement": {"on": [on], "given": [], "relation": "x**3/3 - 5*x**2/2 + 4*x >= 0"},
        "proof": proof,
    }
    with pytest.raises(BoundcheckError, match="mentions x itself"):
        replay(document)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("x <= 2", "x in [Sum(1, (k, 1, 20000)), 1]"),
        ("x**2 >= 0", "x in [sqrt(log(4) - 2*log(2)), oo)"),
    ],
)
def test_2026_11_30_an_end_without_a_known_value_is_said(text, on):
    verdict = prove(text, on)
    assert not isinstance(verdict, Proved) or "no point was found" in verdict.note
    found = replay(
        {"statement": {"on": [on], "given": [], "relation": text}, "proof": {"by": "interval"}}
    )
    assert "no point is given" in found.note


def test_2026_11_30_an_end_that_is_undefined():
    with pytest.raises(
        BoundcheckError,
        match=r"an end point of x in .* is not defined: .* pi - 4\*atan\(1\) is exactly 0",
    ):
        prove("x**2 >= 0", "x in [1/(pi - 4*atan(1)), oo)")
