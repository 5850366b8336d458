"""True hypotheses that have nothing to do with a statement, or follow from its others, cost little
and lose no proof."""

import random
import re
import tomllib
from itertools import islice
from pathlib import Path

import pytest
from irrelevant import irrelevant
from oracle import holds

from boundcheck import IllPosed, Proved, Refuted, Undecided, prove
from boundcheck.checking.certificate import certificate, replay
from boundcheck.claims.comparison import stated
from boundcheck.search.points.refute import admissible
from boundcheck.search.problem import Problem

BUDGET = 20
SUITE = tomllib.loads((Path(__file__).parents[1] / "suite.toml").read_text(encoding="utf-8"))
TRUE = [c for c in SUITE["case"] if c["truth"] == "true"]
CHOSEN = random.Random(2027).sample(TRUE, 105)
LOST: dict[str, str] = {}
"""What is not proved any more, and why: at most two."""


def with_others(case, seed):
    """The statement with 1 to 12 hypotheses more."""
    rng = random.Random(f"{case['id']} {seed}")
    own = stated(case["states"], case.get("on"), case.get("given", ""))
    others, ranges = irrelevant(own, rng, rng.randint(1, 12))
    on = ", ".join(t for t in (case.get("on", ""), ranges) if t)
    return own, stated(case["states"], on or None, [case.get("given", ""), *others])


@pytest.mark.parametrize("case", CHOSEN, ids=[c["id"] for c in CHOSEN])
def test_a_proof_is_found_with_other_hypotheses_for_little_more(case):
    own, larger = with_others(case, 0)
    alone = prove(own, budget=BUDGET)
    if isinstance(alone, Undecided):
        pytest.skip("it is not proved alone")
    verdict = prove(larger, budget=BUDGET)
    assert isinstance(verdict, Proved) == (case["id"] not in LOST), (larger.text(), verdict)
    if case["id"] not in LOST:
        assert verdict.work <= 2 * alone.work + 0.3, (larger.text(), alone.work, verdict.work)


def test_most_are_still_proved():
    assert len(LOST) <= 2


@pytest.mark.parametrize("case", CHOSEN[::9], ids=[c["id"] for c in CHOSEN[::9]])
def test_certificates_say_what_is_left_out(case):
    _, larger = with_others(case, 1)
    verdict = prove(larger, budget=BUDGET)
    if isinstance(verdict, Proved):
        replay(certificate(larger, verdict))


# -- steps of proofs, with premises that they do not need ------------------------------------------

NEW = ["u_0", "v_0", "w_0", "g_0"]
STEPS = {
    "best iterate": (
        "fv - fs <= L*S0/(2*n)",
        ["n*(fv - fs) + L/2*Sn <= L/2*S0", "n >= 1", "L > 0", "Sn >= 0"],
    ),
    "gradient step": (
        "(n+1)*(f1 - fs) + L/2*S1 <= L/2*S0",
        ["n*(f0 - fs) + L/2*Sn <= L/2*S0", "f1 <= f0 - G/(2*L)", "fs >= f0 - gd",
         "S1 == Sn - 2*gd/L + G/L**2", "L > 0", "n >= 0", "G >= 0"],
    ),
    "strongly convex step": (
        "d1 <= (1 - mu*s)*d0",
        ["d1 == d0 - 2*s*ip + s**2*G", "ip >= mu*d0/2 + F", "G <= 2*L*F", "s*L <= 1", "s > 0",
         "F >= 0", "d0 >= 0", "L > 0", "mu > 0"],
    ),
    "interpolation": (
        "Abs((1-t)*fa + t*fb - fx) <= L*h/2",
        ["t == (x - a)/h", "h > 0", "a <= x", "x <= a + h", "Abs(fa - fx) <= L*(x - a)",
         "Abs(fb - fx) <= L*(a + h - x)", "L >= 0"],
    ),
    "trapezoid": (
        "Abs(I - T) <= K*(b-a)**3/(12*n**2)",
        ["Abs(I - T) <= K*h**2/12*(b-a)", "n*h == b - a", "n >= 1", "b > a", "K >= 0"],
    ),
    "two equations": ("a*(b + c) == d", ["d == a*e", "e == b + c"]),
    "six equations": (
        "x6 >= x0",
        ["x1 == x0 + 1", "x2 == x1**2 + x1 + 1", "x3 == x2 - x1**2", "x4 == x3 + 2*x0",
         "x5 == x4 - 2*x0", "x6 == x5 - 2"],
    ),
    "exponential": ("exp(u)*w <= 3*w", ["u == log(3) - v**2", "w >= 0"]),
    "triangle inequality": (
        "Abs(a1 - a5) <= d1 + d2 + d3 + d4",
        ["Abs(a1-a2) <= d1", "Abs(a2-a3) <= d2", "Abs(a3-a4) <= d3", "Abs(a4-a5) <= d4"],
    ),
    "products": (
        "Abs(f1*g1 - f0*g0) <= M*dg + N*df",
        ["Abs(f1-f0) <= df", "Abs(g1-g0) <= dg", "Abs(f1) <= M", "Abs(g0) <= N"],
    ),
    "composition": (
        "Abs(g1 - g0) <= L1*L2*Abs(x1-x0)",
        ["Abs(g1-g0) <= L1*Abs(f1-f0)", "Abs(f1-f0) <= L2*Abs(x1-x0)", "L1 >= 0", "L2 >= 0"],
    ),
    "geometric recursion": (
        "e1 <= c/(1-q)",
        ["e1 <= q*e0 + c", "e0 <= c/(1-q)", "q >= 0", "q < 1", "c >= 0"],
    ),
    "gronwall": (
        "u1 <= (p1 - 1)*d/L",
        ["u1 <= (1+h*L)*u0 + h*d", "u0 <= (p0 - 1)*d/L", "p1 == p0*(1+h*L)", "L > 0", "h > 0",
         "d >= 0", "p0 >= 1"],
    ),
    "first order": (
        "g*(y-x) <= fy - fx",
        ["fz <= (1-t)*fx + t*fy", "fz >= fx + g*(z-x)", "z == (1-t)*x + t*y", "t > 0", "t <= 1"],
    ),
    "sum of logarithms": (
        "ln <= C*log(n+1)",
        ["ln <= lo + C/(n+1)", "lo <= C*log(n)", "C/(n+1) <= C*log(n+1) - C*log(n)", "n >= 1",
         "C >= 0"],
    ),
    "means": (
        "Abs(S - n*m) <= n*e",
        ["S == Sp + xn", "Abs(Sp - (n-1)*m) <= (n-1)*e", "Abs(xn - m) <= e", "n >= 1"],
    ),
}  # fmt: skip


def everywhere(*texts):
    """A range for each variable."""
    functions = {"Abs", "exp", "log"}
    names = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", " ".join(texts)))
    return ", ".join(f"{n} in (-oo,oo)" for n in names if n not in functions)


def premises(own, rng, count):
    """Premises about the variables of a statement and a few others: some are true for all numbers,
    some say something, and all hold at some points over each point."""
    found = []
    for _ in range(count):
        x, y = rng.choice(own), rng.choice([*own, *NEW])
        u, v = rng.sample([n for n in NEW if n != y], 2)
        kinds = [
            f"{x}**2 + {y}**2 >= 2*{x}*{y}",
            f"({x} - {y})**2 >= 0",
            f"{u} >= {v} + {x}*({u} - {v})",
            f"{x} <= {u}",
            f"Abs({x} - {u}) <= {v}",
            f"{v} >= 1",
        ]
        found.append(rng.choice(kinds))
    return found


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_proved_with_premises_that_it_does_not_need(name):
    text, own = STEPS[name]
    alone = prove(text, everywhere(text, *own), given=own)
    assert isinstance(alone, Proved), alone
    rng = random.Random(name)
    variables = [n.split()[0] for n in everywhere(text, *own).split(", ")]
    given_ = [*own, *premises(variables, rng, 9)]
    rng.shuffle(given_)
    statement = stated(text, everywhere(text, *given_), given_)
    verdict = prove(statement)
    assert isinstance(verdict, Proved), verdict
    assert verdict.work <= 2 * alone.work + 0.3
    replay(certificate(statement, verdict))


@pytest.mark.parametrize("name", STEPS)
def test_a_step_without_one_of_its_premises_is_not_proved(name):
    """Or the premise was not needed; then the statement without it is true at all points."""
    text, own = STEPS[name]
    rng = random.Random(name)
    for k in range(len(own)):
        rest = [*own[:k], *own[k + 1 :]]
        statement = stated(text, everywhere(text, *own), rest)
        verdict = prove(statement, budget=2)
        if isinstance(verdict, Proved):
            points = islice(admissible(Problem(statement)), 300)
            for point in points:
                assert holds(statement.relation, point) is not False, (own[k], point)
        assert isinstance(verdict, (Proved, Refuted, Undecided, IllPosed))
    del rng


FALSE = [
    ("x <= y", "", ["x <= z", "z <= y + 1", "w <= x"]),
    ("n*a <= b", "", ["a <= b", "n >= 1", "b >= 0"]),
    ("Abs(a - c) <= 1", "", ["Abs(a - b) <= 1", "Abs(b - c) <= 1"]),
    ("x < y", "", ["x <= z", "z <= y", "z >= 0", "y <= 7"]),
    ("e1 <= c/(1-q)", "", ["e1 <= q*e0 + c", "e0 <= 2*c/(1-q)", "q >= 0", "q < 1", "c >= 1"]),
    ("x >= 1", "", ["x*y >= 1", "y == 2"]),
    ("u >= 0", "", ["u == v**2 - w", "w >= 0"]),
]


@pytest.mark.parametrize(("text", "on", "given_"), FALSE)
def test_what_is_false_stays_refuted(text, on, given_):
    rng = random.Random(text)
    variables = [n.split()[0] for n in everywhere(text, *given_).split(", ")]
    larger = [*given_, *premises(variables, rng, 6)]
    for several in (given_, larger):
        verdict = prove(text, everywhere(text, *several), given=several)
        assert isinstance(verdict, Refuted), verdict
        assert verdict.witness is not None
        s = stated(text, everywhere(text, *several), several)
        assert Problem(s).admits(verdict.witness.point)
        assert holds(s.relation, verdict.witness.point) is False


def test_contradicting_hypotheses_are_ill_posed_wherever_they_stand():
    for given_ in (
        ["z >= 1", "z <= 0"],
        ["z + w >= 1", "z + w <= 0"],
        ["z**2 <= -1"],
        ["x >= 2", "z >= 0"],
        ["w == z", "w >= 1", "z <= 0"],
        ["exp(z) < 1", "z > 1/2"],
    ):
        verdict = prove(
            "x*(1 - x) <= 1/4", "x in [0,1], z in (-oo,oo), w in (-oo,oo)", given=given_
        )
        assert isinstance(verdict, IllPosed), (given_, verdict)


def test_a_point_is_found_part_by_part():
    statement = stated(
        "x**2 >= 0",
        "x in (-oo,oo)",
        ["a + b <= 1", "b >= 2", "c == d**2 + 1", "d >= 3", "e*f >= 7", "f == 2*c", "p <= q"],
    )
    verdict = prove(statement)
    assert isinstance(verdict, Proved)
    assert not verdict.note
    assert Problem(statement).admits(verdict.point)
