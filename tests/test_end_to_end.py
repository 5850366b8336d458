"""The end-to-end bound: against mpmath in other words, at the choices that were
made; choices, input, output."""

import json
import math

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from boundcheck.errors import BoundcheckError
from boundcheck.report import bound as report
from boundcheck.report.tables.registry import table
from boundcheck.settings import Settings, parse_settings
from boundcheck.theory.formulas import rates
from boundcheck.theory.risk import excess_risk as risks
from boundcheck.theory.risk.choices import VERSIONS, Case, Choices, choices
from boundcheck.theory.risk.excess_risk import (
    TERMS,
    bayes_steps,
    prior_term,
    risk,
    short,
    smallest,
)
from boundcheck.theory.risk.problem_files import read_config, read_points
from boundcheck.theory.risk.risk_problem import PARAMETERS, problem_of
from boundcheck.theory.theorems.constants import evaluate
from boundcheck.theory.theorems.theorem import ends


def problem(*texts):
    return problem_of(Settings.checked("bound", parse_settings(texts), PARAMETERS))


def real(q):
    return mpf(int(q.p)) / mpf(int(q.q))


def contains(ball, value):
    lower, upper = (real(e) for e in ends(arb(ball)))
    slack = abs(value) * mpf(10) ** -30  # mpmath's own error; the balls are far wider than that
    return lower - slack <= value <= upper + slack


def linear_alpha_bars(T, first, last):
    share, found = mpf(1), []
    for t in range(T):
        share *= 1 - (mpf(first) + mpf(t) / (T - 1) * (mpf(last) - mpf(first)))
        found.append(share)
    return found


def kappa(d):
    """κ_1 and κ_2, from the text of the theorem: 4 exp(-1/2), and the digits that
    `boundcheck constants` prints."""
    return {1: 4 * mp.exp(mpf(-1) / 2), 2: mpf("4.2932142128147317751393143947398")}[d]


def excess_again(d, B, m, abar, w, step, moment, version, sharp=False):
    """One step in other words: fourth moments, grids of parameters, Bernstein;
    nothing of the package is used."""
    R, k, delta, M = real(step.R), step.k, real(step.delta), mpf(2) ** 40
    variance = 1 - abar
    sigma = mp.sqrt(variance)
    c = (
        real(step.c)
        if version == "positivity_free"
        else mp.exp(-d * (R + mp.sqrt(abar) * B) ** 2 / 2 / variance)
    )
    V = min(2 * R * (d + 2 * d * (d - 1) / mp.pi) / variance, kappa(d) / sigma)
    fourth = (d**2 + mpf(4) * (d - 1) / 3) ** 2 + mpf(64) * (d - 1) / 45
    shallow = fourth ** (mpf(3) / 8) / (8 * mp.sqrt(3 * d)) * V * R / mpf(k) ** (mpf(d + 3) / 2)
    error = 2 * B * (shallow + 3 * V / M) + (1 + B) / M
    density = (2 * R**2 / (mp.pi * variance)) ** (mpf(d) / 2)
    root = {
        "uniform": mp.sqrt(density) * error / c,
        "weighted": mp.sqrt(density / c) * error,
        "positivity_free": mp.sqrt(2 * B * density * (error + B * c)),
    }[version]
    n = 2 + 2 * d * (k + 1) ** d + 8 * d * k**d
    slope = mp.sqrt(mpf(d) / mp.e) / sigma
    theta = max(1, B) * max(R * d, 3 * V, slope, 1 + R * slope)
    change = (1 + 2 * n * theta * (d * R + 1)) * (1 + B) / c
    log_n = (n * (d + 3) + 2) * mp.log(1 + change * theta / delta)
    samples = 11 * B**2 * log_n / m if sharp else 16 * B**2 * (log_n + 1) / m
    off = d * B**2 * min(1, d * mp.exp(-((R - mp.sqrt(abar) * B) ** 2) / (2 * variance)))
    parts = {
        "approximation": 2 * d * (root + 1 / M) ** 2 * w,
        "net": d * 12 * B * delta * w,
        "samples": d * samples * w,
        "optimisation": mpf(0),
        "off_box": off * w,
    }
    return {**parts, "excess": sum(parts.values()), "trivial": w * moment}


@pytest.mark.parametrize(
    ("d", "B", "m", "sharp", "version"),
    [
        (1, "1", 10**9, False, "positivity_free"),
        (2, "1/2", 10**6, True, "positivity_free"),
        (1, "2", 10**9, False, "weighted"),
        (2, "1", 10**12, False, "uniform"),
    ],
)
def test_every_term_on_the_standard_schedule(d, B, m, sharp, version):
    """The 1000-step linear schedule: finite where it is positivity-free, astronomically
    vacuous where it is not."""
    asked = problem(f"d={d},B={B},m={m},sharp={int(sharp)}")
    found = risk(asked, version)
    with mp.workdps(40):
        bound = real(asked.B)
        alpha_bars = linear_alpha_bars(1000, "0.0001", "0.02")
        totals = dict.fromkeys((*TERMS, "excess", "trivial"), mpf(0))
        for step in found.steps:
            before, abar = alpha_bars[step.t - 2], alpha_bars[step.t - 1]
            w = (before / (1 - before) - abar / (1 - abar)) / 2
            again = excess_again(d, bound, m, abar, w, step, d * bound**2, version, sharp)
            for name, value in again.items():
                assert contains(getattr(step, name), value), (step.t, name)
                totals[name] += value
        for name, value in totals.items():
            assert contains(found.total(name), value), name
        prior = (
            alpha_bars[-1] * d * bound**2 - d * alpha_bars[-1] - d * mp.log(1 - alpha_bars[-1])
        ) / 2
        assert contains(prior_term(asked), prior)
        if version == "positivity_free":
            assert totals["excess"] < 10**6
        else:
            assert totals["excess"] > mpf(10) ** 900
            assert found.vacuous


def test_the_bayes_steps():
    asked = problem("T=50,beta_1=0.001,beta_T=0.3,d=2,B=3,second_moment=5,first=4,m=9")
    with mp.workdps(50):
        shares, total = linear_alpha_bars(50, "0.001", "0.3"), mpf(0)
        for t in range(4, 51):
            before, abar = shares[t - 2], shares[t - 1]
            mmse = (
                1 / (1 / mpf(5) * 2 + abar / (1 - abar)) * 2
            )  # of two independent normal coordinates, each 5/2
            total += (before / (1 - before) - abar / (1 - abar)) / 2 * mmse
        assert contains(bayes_steps(asked), total)


def test_the_smallest_version_wins_at_each_step():
    asked = problem("T=100,beta_1=0.001,beta_T=0.3,m=10**10")
    versions = [risk(asked, v) for v in VERSIONS]
    best = smallest(versions)
    assert {s.version for s in best.steps} >= {"weighted", "positivity_free"}
    for column in zip(best.steps, *(v.steps for v in versions), strict=True):
        assert all(column[0].excess <= other.excess or column[0] == other for other in column[1:])
    assert not best.vacuous
    assert best.dominating in ("approximation", "samples")


def test_choices_are_nearly_best():
    """No other box, width or net nearby is better by more than a few per cent:
    the search finds a minimum."""
    asked = problem("d=1,m=10**9")
    found = risk(asked, "positivity_free")
    with mp.workdps(30):
        alpha_bars = linear_alpha_bars(1000, "0.0001", "0.02")
        for step in (found.steps[0], found.steps[200], found.steps[-1]):
            abar = alpha_bars[step.t - 1]
            here = excess_again(1, 1, 10**9, abar, 1, step, 1, "positivity_free")["excess"]
            for name, factors in {
                "k": (0.8, 1.25),
                "delta": (0.5, 2),
                "c": (0.5, 2),
                "R": (1.1, 1.3),
            }.items():
                for factor in factors:
                    value = getattr(step, name) * fmpq(int(100 * factor), 100)
                    moved = step.__class__(
                        **{**step.__dict__, name: int(value.p // value.q) if name == "k" else value}
                    )
                    assert (
                        excess_again(1, 1, 10**9, abar, 1, moved, 1, "positivity_free")["excess"]
                        > here * 0.97
                    )


@given(st.integers(1, 9), st.floats(0.01, 100), st.floats(1, 1e30), st.floats(1e-12, 1 - 1e-9))
def test_choices_are_finite(d, B, m, abar):
    case = Case(d, B, 5.0, 0.3, 2.0**40, m)
    for version in VERSIONS:
        found = choices(case, version, np.sqrt([1 - abar]), np.sqrt([abar]) * B)
        assert np.isfinite([found.R, found.k, found.log2_c, found.delta]).all()
        assert found.R[0] >= math.sqrt(abar) * B
        assert found.k[0] >= 1


@given(st.floats(1e-300, 1e300))
def test_short_numbers_are_above(value):
    exact = fmpq(*value.as_integer_ratio())
    assert exact <= short(value) <= exact * fmpq(129, 128)


def test_the_search_is_not_trusted(monkeypatch):
    """A box that is too small is enlarged; other choices that the theorem does not
    admit give no bound at all."""
    asked = problem("T=3,beta_1=0.1,beta_T=0.5,m=10**6")
    shifts = {2: mp.sqrt(mpf("0.63")), 3: mp.sqrt(mpf("0.315"))}

    def chosen(R=0.01, k=2.0, log2_c=-5.0, delta=0.5):
        return lambda *_: Choices(*(np.full(2, v) for v in (R, k, log2_c, delta)))

    monkeypatch.setattr(risks, "choices", chosen())
    for step in risk(asked, "positivity_free").steps:
        assert shifts[step.t] <= real(step.R) < 1.01 * shifts[step.t]
    for wrong in ({"k": 0.0}, {"delta": 0.0}, {"log2_c": 0.0}, {"log2_c": 3.0}):
        monkeypatch.setattr(risks, "choices", chosen(**wrong))
        with pytest.raises(ArithmeticError, match="is not admissible"):
            risk(asked, "positivity_free")


def test_more_samples_never_hurt_much():
    sums = [
        risk(problem(f"d=1,T=40,beta_1=0.001,beta_T=0.3,m=10**{e}"), "positivity_free")
        for e in (6, 9, 12, 15)
    ]
    values = [float(s.total("excess")) for s in sums]
    assert values == sorted(values, reverse=True)
    slopes = np.diff(np.log10(values)) / 3
    assert all(
        -4 / 6 < s < -0.45 for s in slopes
    )  # the theorem: -(d+3)/(3d+3) = -2/3, up to logarithms


# -- rates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 4, 8, 16, 64])
def test_exponents(d):
    for version in ("uniform", "weighted"):
        found = rates.rate(version)
        assert [e.subs(rates.d, d) for e in (found.approximation, found.neurons, found.excess)] == [
            pytest.approx(v, rel=1e-15) for v in (1 + 3 / d, d / (2 * d + 3), (d + 3) / (2 * d + 3))
        ]
    free = rates.rate("positivity_free")
    assert [e.subs(rates.d, d) for e in (free.approximation, free.neurons, free.excess)] == [
        pytest.approx(v, rel=1e-15)
        for v in (0.5 + 1.5 / d, 2 * d / (3 * d + 3), (d + 3) / (3 * d + 3))
    ]
    assert float(rates.lp_exponent().subs(rates.d, d)) == pytest.approx(0.5 + 1.5 / d, rel=1e-15)


# -- input -----------------------------------------------------------------------------------------


def test_points_give_the_support(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("0.1,-2\n0.3,1e-1\n\n")
    assert read_points(path) == [(fmpq(1, 10), fmpq(-2)), (fmpq(3, 10), fmpq(1, 10))]
    found = problem(f"data={path}")
    assert (found.d, found.B, found.m) == (2, 2, 2)
    assert found.second_moment == (fmpq(1, 100) + 4 + fmpq(9, 100) + fmpq(1, 100)) / 2
    weighted = problem("atoms=0.1:-2;0.3:0.1,weights=1/4;3/4,m=7,B=5/2")
    assert fmpq(5, 2) == weighted.B
    assert weighted.second_moment == (fmpq(1, 100) + 4) / 4 + (fmpq(9, 100) + fmpq(1, 100)) * 3 / 4


def test_points_as_spreadsheets_write_them(tmp_path):
    path = tmp_path / "points.csv"
    path.write_bytes(b"\xef\xbb\xbf0.1, -2\r\n+.3,1E-1\r\n  \r\n")
    assert read_points(path) == [(fmpq(1, 10), fmpq(-2)), (fmpq(3, 10), fmpq(1, 10))]
    path.write_text("1,2\n,\n")  # a line with commas is not blank: its numbers are missing
    with pytest.raises(BoundcheckError, match="line 2: '' is no finite number"):
        read_points(path)
    path.write_bytes(b"\xef\xbb\xbf[data]\nd = 2\n")
    assert read_config(path) == {"d": "2"}


BAD = {
    "m=0": "m = 0; it must be an integer >= 1",
    "d=1": "bound needs the parameter m",
    "m=5,T=0": "T = 0; it must be an integer from 1 to",
    "m=5,B=0": "B = 0; the admissible range is 0 < B",
    "m=5,d=0": "d = 0; it must be an integer from 1 to",
    "m=5,beta_1=0": "beta_1 = 0; the admissible range is 0 < beta_1 < 1",
    "m=5,beta_T=1": "beta_T = 1; the admissible range is 0 < beta_T < 1",
    "m=5,beta_1=0.3,beta_T=0.2": "beta_1 = 3/10 is above beta_T = 1/5",
    "m=5,betas=0.1;0.2,sigmas2=1;0": (
        "sigmas2_2 = 0; the variance of a reverse step must be positive"
    ),
    "m=5,betas=0.1;0.2,sigmas2=1;-1": (
        "sigmas2_2 = -1; the variance of a reverse step must be positive"
    ),
    "m=5,second_moment=2": "second_moment = 2 is above d B^2 = 1",
    "m=5,atoms=0:1;1": "the first point has 2 coordinates, point 2 has 1",
    "m=5,atoms=0;3,B=2": "point 2 has a coordinate of size 3, above B = 2; take B >= 3",
    "m=5,atoms=0;nan": "atoms = nan",
    "m=5,atoms=0;1,weights=1/2;1/3": "2 weights with the sum 5/6 for 2 points",
    "m=5,weights=1": "give the points too",
    "m=5,atoms=1,data=x.csv": "atoms and data both give the points",
    "m=5,eps=-1": "eps = -1; the admissible range is eps >= 0",
    "m=5,first=0": "first = 0; it must be an integer from 1 to 1000",
    "m=5,T=3,first=4": "first = 4; it must be an integer from 1 to 3",
    "m=5,betta_1=0.1": "did you mean beta_1",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_problems(text):
    with pytest.raises(BoundcheckError) as caught:
        problem(text)
    assert BAD[text] in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no points"),
        ("1,2\n3,x\n", "line 2: 'x' is no finite number"),
        (
            "x,y\n1,2\n",
            (
                "line 1: 'x' is no finite number; each line has numbers, separated by commas, "
                "and there is no hea"
            ),
        ),
        ("1\nnan\n", "line 2: 'nan' is no finite number"),
        ("1\ninf\n", "line 2: 'inf' is no finite number"),
        ("1,2\n4,5\n3\n", "the first point has 2 coordinates, point 3 has 1"),
        ("1,2\n3\n", "the first point has 2 coordinates, point 2 has 1"),
    ],
)
def test_bad_points(tmp_path, content, message):
    path = tmp_path / "points.csv"
    path.write_text(content)
    with pytest.raises(BoundcheckError) as caught:
        problem(f"data={path},m=5")
    assert message in str(caught.value)
    with pytest.raises(BoundcheckError, match="must be a CSV file"):
        read_points(tmp_path / "missing.csv")


CONFIG = """
[data]
atoms = [[0, 0], ["1/2", -0.5]]
[schedule]
T = 20
beta_1 = 1e-3
beta_T = 0.25
[sample]
m = 1000000
"""


def test_a_configuration(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(CONFIG)
    found = read_config(path)
    assert found == {
        "atoms": "0:0;1/2:-0.5",
        "T": "20",
        "beta_1": "1e-3",
        "beta_T": "0.25",
        "m": "1000000",
    }
    (tmp_path / "points.csv").write_text("1\n")
    path.write_text('[data]\ndata = "points.csv"\n')
    assert read_points(tmp_path / "points.csv") == [(1,)]
    assert read_config(path)["data"] == str(tmp_path / "points.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[data", "is no TOML file"),
        ("[datta]\nd = 1\n", "did you mean data"),
        (
            "d = 1\n",
            "[d] is no table of a configuration; there are [data], [schedule], [network], [sample]",
        ),
        ("[data]\nB = true\n", "B = True; it must be a number, a text or a list"),
        ("[data]\natoms = []\n", "is an empty list"),
        ("[schedule]\nTT = 3\n", "[schedule] has no TT"),
    ],
)
def test_bad_configurations(tmp_path, content, message):
    path = tmp_path / "run.toml"
    path.write_text(content)
    with pytest.raises(BoundcheckError) as caught:
        read_config(path)
    assert message in str(caught.value)


# -- output ----------------------------------------------------------------------------------------


def test_the_document():
    asked = problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8,atoms=0;1/2;-1")
    found = report.Bound.of(asked, {"m": "10**8"})
    document = json.loads(json.dumps(report.as_json(found, 8)))
    best = document["versions"]["smallest"]
    assert set(document["versions"]) == {*VERSIONS, "smallest"}
    upper = sum(float(best["terms"][name]["upper"]) for name in TERMS)
    assert upper == pytest.approx(float(best["excess"]["upper"]), rel=1e-6)
    total = sum(float(document[name]["upper"]) for name in ("prior_term", "bayes_steps", "excess"))
    assert total == pytest.approx(float(document["total"]["upper"]), rel=1e-6)
    assert [s["t"] for s in document["steps"]] == list(range(2, 13))
    assert document["would_help"] == report.ADVICE[document["dominating"]]
    whole = report.Bound.of(problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8,first=1"), {})
    assert whole.total is None
    assert report.as_json(whole, 8)["total"] is None


def test_constants_agree_with_the_bound():
    asked = problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8")
    found = evaluate("end_to_end", {"T": 12, "beta_1": "0.01", "beta_T": "0.5", "m": 10**8}, 9)
    document = report.as_json(report.Bound.of(asked, {}), 9)
    for version in (*VERSIONS, "smallest"):
        one, other = found[f"excess_{version}"].value, document["versions"][version]["excess"]
        assert one.as_json(9) == other
    assert found["total"].value.as_json(9) == document["total"]
    assert len(found["excess"].each) == 11
    assert "total" not in evaluate(
        "end_to_end", {"T": 12, "beta_1": "0.01", "beta_T": "0.5", "first": 1}, 3
    )


# -- tables ----------------------------------------------------------------------------------------


def test_the_table_of_rates():
    found = table("rates", ["d=1;2;64,p=2;4"])
    one, two, many = found.rows
    assert one[:-1] == (1, "2", "7/4", "4", "1/5", "4/5", "2/3", "2", "1/3", "2/3")
    assert two[:-1] == (2, "5/4", "9/8", "5/2", "2/7", "5/7", "5/11", "5/4", "4/9", "5/9")
    assert many[3:-1] == ("67/64", "64/131", "67/131", "67/4227", "67/128", "128/195", "67/195")

    def below(k):  # error_l2 < (1+√3) b c for d = 2, R = b = 1, σ = 1/2, c = 1/10, M = 2^40
        V = min(2 * (2 + 4 / mp.pi) * 4, 2 * kappa(2))
        fourth = (4 + mpf(4) / 3) ** 2 + mpf(64) / 45
        shallow = fourth ** (mpf(3) / 8) / (8 * mp.sqrt(6)) * V / mpf(k) ** mpf("2.5")
        return 2 * (shallow + 3 * V / mpf(2) ** 40) + 2 / mpf(2) ** 40 < (1 + mp.sqrt(3)) / 10

    k = next(k for k in range(1, 100) if 2 + 4 * (k + 1) ** 2 + 16 * k**2 == two[-1])
    assert below(k)
    assert not below(k - 1)
    assert table("rates", ["d=1,c=1e-9,M=2**20"]).rows[0][-1] == "-"


def test_the_table_of_positivity():
    found = table("positivity", ["t=2;40;100,T=100,beta_1=0.001,beta_T=0.3,m=10**8"])
    with mp.workdps(60):
        shares = linear_alpha_bars(100, "0.001", "0.3")
        for row in found.rows:
            t, share, R, c = row[0], row[1], mpf(row[2]), row[3]
            assert real(share.lower) <= shares[t - 1] <= real(share.upper)
            exponent = (R + mp.sqrt(shares[t - 1])) ** 2 / (2 * (1 - shares[t - 1]))
            assert abs(mp.log(real(c.upper)) + exponent) < 0.002 * exponent + 0.001
    assert (
        float(found.rows[0][6])
        < float(found.rows[0][7])
        < float(found.rows[0][5])
        < float(found.rows[0][4])
    )
    assert float(found.rows[-1][5]) < float(found.rows[-1][6])
    schedule = {
        "schedule": "linear",
        "T": "100",
        "beta_1": "0.001",
        "beta_T": "0.3",
        "variance": "posterior",
    }
    assert schedule.items() <= found.parameters.items()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("rates", "c=1", "c = 1; the admissible range is 0 < c < 1"),
        ("rates", "p=1/2", "the list p has numbers >= 1"),
        ("rates", "d=101", "the list d has integers from 1 to 100"),
        ("positivity", "t=1", "the list t has integers from 2 to 1000"),
        ("positivity", "m=0", "m = 0; it must be an integer"),
        ("measured", "file=none.json", "none.json"),
    ],
)
def test_bad_tables(name, text, message):
    with pytest.raises(BoundcheckError) as caught:
        table(name, [text])
    assert message in str(caught.value)
