"""Tables: how they are written, the numbers in them by other means, and what is refused."""

import csv
import io
import json
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from commands import run
from flint import fmpq

from boundcheck.claims.norms import NotReached
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.poles import certified, rational_approximation
from boundcheck.constructions.stratified import stratified
from boundcheck.enclosure.decimals import Enclosure
from boundcheck.report import comparisons
from boundcheck.report.tables import FORMATS, Table, at_most

SMALL = Table(
    "50 % of a_b | {x}",
    ("n", "value", "a & b"),
    ((1, Enclosure(fmpq(1, 3), fmpq(2, 3)), "x^2 < [y]"), (2, "", "~\\#$")),
    ("one_note", "two * notes"),
)


# -- how they are written ------------------------------------------------------------------------------


def test_markdown():
    assert SMALL.markdown() == (
        "**50 % of a\\_b \\| {x}**\n\n"
        "| n | value | a & b |\n| ---: | ---: | ---: |\n"
        "| 1 | [0.3333, 0.6667] | x^2 \\< [y] |\n| 2 |  | ~\\\\#$ |\n\n"
        "- one\\_note\n- two \\* notes\n"
    )


def test_latex():
    lines = SMALL.latex().splitlines()
    assert r"\caption{50 \% of a\_b \textbar{} \{x\}}" in lines
    assert r"n & value & a \& b \\" in lines
    assert r"$1$ & $[0.3333, 0.6667]$ & x\textasciicircum{}2 \textless{} {[}y{]} \\" in lines
    assert r"$2$ &  & \textasciitilde{}\textbackslash{}\#\$ \\" in lines
    assert r"\begin{tabular}{rrr}" in lines
    assert r"\par\footnotesize one\_note" in lines
    assert lines[lines.index(r"\toprule") + 2] == r"\midrule"


def test_latex_has_no_bracket_after_the_end_of_a_row():
    """There it would begin an optional argument."""
    text = Table("t", ("x",), ((Enclosure(fmpq(1), fmpq(2)),), (Enclosure(fmpq(2), fmpq(3)),), ("[text]",))).latex()
    assert "\\\\\n[" not in text
    assert "\\\\\n$[2, 3]$" in text
    assert "\\\\\n{[}text{]}" in text


@pytest.mark.parametrize(
    ("cell", "latex"),
    [
        (7, "$7$"),
        ("-0.25", "$-0.25$"),
        ("1.5e-44", r"$1.5 \cdot 10^{-44}$"),
        ("3e+06", r"$3 \cdot 10^{6}$"),
        ("1.5e-10", r"$1.5 \cdot 10^{-10}$"),
        (Enclosure(fmpq(-1, 10**10), None), r"$[-1 \cdot 10^{-10}, \infty]$"),
        ("1e", "1e"),
        ("k = 2", "k = 2"),
    ],
)
def test_latex_has_numbers_in_mathematical_mode(cell, latex):
    """A minus sign is no hyphen, and e-44 no power of ten."""
    assert f"\n{latex} \\\\\n" in Table("t", ("x",), ((cell,),)).latex()


def test_csv():
    rows = list(csv.reader(io.StringIO(SMALL.csv())))
    assert rows == [
        ["n", "value lower", "value upper", "a & b"],
        ["1", "0.3333", "0.6667", "x^2 < [y]"],
        ["2", "", "", "~\\#$"],
    ]


def test_json():
    found = json.loads(SMALL.json())
    assert found["title"] == SMALL.title
    assert found["columns"] == ["n", "value", "a & b"]
    assert found["rows"][0] == {"n": 1, "value": {"lower": "0.3333", "upper": "0.6667"}, "a & b": "x^2 < [y]"}
    assert found["notes"] == ["one_note", "two * notes"]


def test_ends_that_are_infinite_or_equal():
    table = Table("t", ("a", "b"), ((Enclosure(fmpq(0), None), Enclosure(fmpq(2), fmpq(2))),))
    assert "| [0, oo] | 2 |" in table.markdown()


def test_rows_must_fit():
    with pytest.raises(ValueError, match=r"rows with \[1\] cells under 2 columns"):
        Table("t", ("a", "b"), ((1,),))


def test_bounds_are_rounded_up():
    assert at_most(fmpq(1, 3)) == "0.3334"
    assert at_most(fmpq(2, 3)) == "0.6667"


# -- the numbers ---------------------------------------------------------------------------------------


def _variation(marginal, R):
    """For d = 1, V = ∫ |f''| over [-R, R]."""
    s2 = float(marginal.variance.p) / float(marginal.variance.q)
    x = np.linspace(-R, R, 200_001)
    points = [float(u.payload.p) / float(u.payload.q) for (u,) in marginal.points]
    masses = [float(m.payload.p) / float(m.payload.q) for m in marginal.masses]
    second = sum(
        m * ((x - u) ** 2 / s2 - 1) / s2 * np.exp(-((x - u) ** 2) / (2 * s2))
        for u, m in zip(points, masses, strict=True)
    )
    return np.trapezoid(np.abs(second), x)


def _l2(network, marginal, R):
    """The L² error at many points, in doubles: the network has weights of moderate size."""
    (w, b), (v, c) = ((np.array(layer.weight, float), np.array(layer.bias, float)) for layer in _floats(network))
    x = np.linspace(-R, R, 20_001)
    z = np.outer(x, w[:, 0]) + b
    values = np.where(z < 0, z / (1 - np.minimum(z, 0)), z) @ v[0] + c[0]
    points = [float(u.payload.p) / float(u.payload.q) for (u,) in marginal.points]
    masses = [float(m.payload.p) / float(m.payload.q) for m in marginal.masses]
    s2 = float(marginal.variance.p) / float(marginal.variance.q)
    f = sum(m * np.exp(-((x - u) ** 2) / (2 * s2)) for u, m in zip(points, masses, strict=True))
    return np.sqrt(np.mean((values - f) ** 2))


def _floats(network):
    class Layer:
        def __init__(self, layer):
            self.weight = [[float(w.p) / float(w.q) for w in row] for row in layer.weight]
            self.bias = [float(w.p) / float(w.q) for w in layer.bias]

    return map(Layer, network.layers)


def _ends(cell):
    return float(cell["lower"]), float(cell["upper"])


SETTINGS = ["atoms=0;1/2,masses=1;-1/3", "R=3/2,seed=3"]
MEASURE = Marginal.of(["0", "1/2"], ["1", "-1/3"], sigma="1/2")


def test_shallow_in_one_variable():
    found = json.loads(comparisons.table("shallow", [*SETTINGS, "k=8;2;4"]).json())
    rows = found["rows"]
    V = _variation(MEASURE, 1.5)
    assert [r["k"] for r in rows] == [2, 4, 8]
    for r in rows:
        bound = float(r["bound"])
        exact = V * 1.5 / (8 * 3**0.5) / r["k"] ** 2  # X_1 = 1
        assert exact * 0.999 <= bound <= exact * 1.03  # V is enclosed to 2 %
        built = stratified(MEASURE, "3/2", r["k"], seed=3)
        assert (r["neurons"], r["N(k)"]) == (built.neurons, 6 * r["k"] + 3)
        low, high = _ends(r["L2 error"])
        assert low * 0.999 <= _l2(built.network, MEASURE, 1.5) <= high * 1.001
        assert high <= bound
        assert _ends(r["bound / error"]) == pytest.approx((bound / high, bound / low), rel=2e-3)
    (exponent,) = [c for c in rows[0] if c.startswith("exponent")]
    assert exponent == "exponent (theorem: -2)"
    assert rows[0][exponent] == ""
    for one, two in pairwise(rows):
        low, high = _ends(two[exponent])
        (a, b), (c, d) = _ends(one["L2 error"]), _ends(two["L2 error"])
        steps = np.log(two["neurons"] / one["neurons"])
        assert low <= np.log((c + d) / (a + b)) / steps <= high
        assert high - low < 0.1
    assert "observed" in " ".join(found["notes"])


def test_shallow_in_two_variables():
    rows = json.loads(comparisons.table("shallow", ["d=2,sigma=1,k=2;3"]).json())["rows"]
    assert "exponent (theorem: -5/4)" in rows[0]
    c_sharp = ((4 + 4 / 3) ** 2 + 64 / 45) ** 0.375 / (8 * 6**0.5)
    for one, two in pairwise(rows):
        assert float(one["bound"]) / float(two["bound"]) == pytest.approx(1.5**2.5, rel=1e-3)
        assert _ends(two["L2 error"])[1] < float(two["bound"])
        assert 2 < float(one["bound"]) / (c_sharp * 2**-2.5) < 2 * (2 + 8 / np.pi)  # V <= 2R(d + 2d(d-1)/π)/σ²


def test_a_small_scale_costs_what_the_bound_says():
    """With M = 10 the network errs by more, and the bound has 3V/M."""
    (row,) = json.loads(comparisons.table("shallow", ["k=16,M=10"]).json())["rows"]
    V = _variation(Marginal.of([0], [1], sigma="1/2"), 1.0)
    bound = V / (8 * 3**0.5 * 256) + 3 * V / 10
    assert bound * 0.999 <= float(row["bound"]) <= bound * 1.03
    assert 1e-2 < _ends(row["L2 error"])[0] < bound


def test_equal_numbers_of_neurons():
    rows = json.loads(comparisons.table("better", [*SETTINGS, "n=20;9"]).json())["rows"]
    V = _variation(MEASURE, 1.5)
    assert [r["n"] for r in rows] == [9, 20]
    for r in rows:
        n, k = r["n"], r["theorem, k"]
        assert 6 * k + 3 <= n < 6 * (k + 1) + 3
        exact = V * 1.5 / (8 * 3**0.5) / k**2
        assert exact * 0.999 <= float(r["theorem, L2"]) <= exact * 1.03
        built = stratified(MEASURE, "3/2", r["construction, k"], seed=3)
        assert built.k >= k
        assert built.neurons <= n < stratified(MEASURE, "3/2", built.k + 1, seed=3).neurons
        low, high = _ends(r["construction, L2"])
        assert low * 0.999 <= _l2(built.network, MEASURE, 1.5) <= high * 1.001
        sup = certified(rational_approximation(MEASURE, "3/2", n))
        low, high = _ends(r["poles, sup"])
        assert low <= float(arb_of(sup.upper)) <= high
        assert _ends(r["poles, L2"])[1] < low
        assert high < _ends(r["construction, L2"])[0]
        assert float(r["poles in float64, sup, observed"]) > low * 0.99
        assert float(r["largest coefficient"]) > 1


def test_the_closed_form_where_it_is_the_better_bound(monkeypatch):
    """V was said to lie in [..., 4.86], and the bound was made of that, although V <= 4 exp(-1/2)/σ = 4.8522..."""
    monkeypatch.setattr(comparisons, "total_variation", lambda *_, **__: Enclosure(fmpq(3), fmpq(486, 100)))
    found = comparisons.table("shallow", ["k=1"])
    assert "lies in [3, 4.852245278]; the closed form bounds it by 4.853." in found.notes[0]
    (row,) = json.loads(found.json())["rows"]
    assert 8 * np.exp(-0.5) / (8 * 3**0.5) <= float(row["bound"]) < 4.854 / (8 * 3**0.5)


def test_the_closed_form_where_nothing_else_is_known(monkeypatch):
    """An enclosure without an upper end was an AssertionError."""

    def spent(*_, **__):
        raise NotReached("spent", Enclosure(fmpq(0), None))

    monkeypatch.setattr(comparisons, "total_variation", spent)
    assert "lies in [0, 4.852245278]" in comparisons.table("shallow", ["k=1"]).notes[0]


def arb_of(q):
    return mpmath.mpf(int(q.p)) / int(q.q)


def test_what_is_known_is_shown_where_the_time_does_not_suffice(monkeypatch):
    def spent(*_, **__):
        raise NotReached("spent", Enclosure(fmpq(0), None))

    monkeypatch.setattr(comparisons, "lp_norm", spent)
    rows = json.loads(comparisons.table("shallow", ["k=1;2"]).json())["rows"]
    for r in rows:
        assert r["L2 error"] == {"lower": "0", "upper": "oo"}
        assert r["bound / error"] == {"lower": "0", "upper": "oo"}
        assert r["exponent (theorem: -2)"] == ""


def test_the_exponent_is_enclosed():
    one, two = Enclosure(fmpq(9, 10), fmpq(11, 10)), Enclosure(fmpq(1, 5), fmpq(1, 4))
    found = comparisons._slope([(10, one), (20, two)])
    assert float(arb_of(found.lower)) == pytest.approx(np.log(0.2 / 1.1) / np.log(2))
    assert float(arb_of(found.upper)) == pytest.approx(np.log(0.25 / 0.9) / np.log(2))
    assert comparisons._slope([(10, one), (10, two)]) == ""
    assert comparisons._slope([(10, one), (20, Enclosure(fmpq(0), fmpq(1)))]) == ""


# -- the command ---------------------------------------------------------------------------------------


def test_the_command(capsys, tmp_path):
    arguments = ("table", "shallow", "--set", "k=1;2", "--set", "sigma=1")
    for form in FORMATS:
        code, out, err = run(capsys, *arguments, "--format", form)
        assert (code, err) == (0, "")
        path = tmp_path / f"table.{form}"
        assert run(capsys, *arguments, "--format", form, "-o", str(path)) == (0, f"written to {path}\n", "")
        assert path.read_text() == out
        if form == "json":
            assert [r["k"] for r in json.loads(out)["rows"]] == [1, 2]
    assert run(capsys, *arguments)[1].startswith("**The shallow theorem: atoms = 0, masses = 1, d = 1, sigma = 1,")
    assert {p.name for p in tmp_path.iterdir()} == {f"table.{f}" for f in FORMATS}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("deep",), "'deep' is no table; there are shallow, better"),
        (("shallow", "--format", "html"), "--format html; it must be one of markdown, latex, csv, json"),
        (("shallow", "--set", "n=9"), "unknown parameter n; shallow takes atoms, masses, sigma, d, R, k, seed, M"),
        (("better", "--set", "k=2"), "unknown parameter k; better takes"),
        (("shallow", "--set", "k=2;0"), "k = 0; the list k has integers >= 1, such as k=1;2"),
        (("shallow", "--set", "k=2;5/2"), "k = 5/2; the list k has integers >= 1"),
        (("shallow", "--set", "k=2;10**9"), "more than the"),
        (("shallow", "--set", "k=2;;4"), "k = 2;;4; it has an empty entry"),
        (("better", "--set", "n=8"), "n = 8; the list n has integers from 9 to 128, such as n=9;18"),
        (("better", "--set", "n=9;129"), "n = 129; the list n has integers from 9 to 128"),
        (("better", "--set", "d=2"), "d = 2; networks with poles need d = 1"),
        (("shallow", "--set", "d=4"), "d = 4; errors are certified for d from 1 to 3"),
        (("shallow", "--set", "R=0"), "R = 0; the admissible range is 0 < R"),
        (("shallow", "--set", "sigma=-1"), "sigma = -1; the admissible range is 0 < sigma"),
        (("better", "--set", "M=0"), "M = 0; the admissible range is 0 < M"),
        (("better", "--set", "atoms=0;0,masses=1;-1"), "the total mass is zero"),
        (("better", "--set", "sigma=1e-8,n=9"), "more than 2147483648 evaluations of a Gaussian's density"),
        (("shallow", "--set", "sigma=1e-300"), "k = 8, variance about 1e-600 and 1 atoms in dimension 1 need more"),
        (("shallow", "--set", "k=2**300"), "k = about 2.04e+90 may need about 1.23e+91 neurons"),
        (("shallow", "--set", "atoms=99"), "towards 1, or bring the atoms nearer to the box"),
        (("shallow", "-o", "no/such/folder/t.md"), "cannot write 'no/such/folder/t.md'"),
    ],
)
def test_bad_input(capsys, monkeypatch, tmp_path, arguments, message):
    def long_work(*_, **__):
        raise AssertionError("long work was begun")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(comparisons, "lp_norm", long_work)
    monkeypatch.setattr(comparisons, "certified", long_work)
    monkeypatch.setattr(comparisons, "total_variation", long_work)
    code, out, err = run(capsys, "table", *arguments)
    assert (code, out) == (3, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []
