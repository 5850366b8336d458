"""Tables: how they are written, the numbers in them by other means, and what is refused.
LaTeX is in test_latex.py."""

import itertools
import json
from dataclasses import replace
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from commands import run
from conftest import PROOFS
from flint import fmpq
from test_table_formats import decimal, json_of

from boundcheck.constructions.builders import build
from boundcheck.constructions.marginal import Marginal, ball
from boundcheck.constructions.marginal_pairs import ddpm_pair, positivity
from boundcheck.constructions.pole_networks import certified, rational_approximation
from boundcheck.constructions.stratified import stratified
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.norms.supremum import NotReached
from boundcheck.report.tables import (
    claim_verdicts as verdicts,
)
from boundcheck.report.tables import (
    comparisons_table as comparisons,
)
from boundcheck.report.tables import (
    errors_table as errors,
)
from boundcheck.report.tables import (
    paper_table as paper,
)
from boundcheck.report.tables.registry import TABLES, table
from boundcheck.report.typeset.formats import FORMATS
from boundcheck.theory.theorems.constants import THEOREMS, evaluate
from boundcheck.verification.collect import collect

# -- the numbers -----------------------------------------------------------------------------------


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
    (w, b), (v, c) = (
        (np.array(layer.weight, float), np.array(layer.bias, float)) for layer in _floats(network)
    )
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
    found = json_of(table("shallow", [*SETTINGS, "k=8;2;4"]))
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
    rows = json_of(table("shallow", ["d=2,sigma=1,k=2;3"]))["rows"]
    assert "exponent (theorem: -5/4)" in rows[0]
    c_sharp = ((4 + 4 / 3) ** 2 + 64 / 45) ** 0.375 / (8 * 6**0.5)
    for one, two in pairwise(rows):
        assert float(one["bound"]) / float(two["bound"]) == pytest.approx(1.5**2.5, rel=1e-3)
        assert _ends(two["L2 error"])[1] < float(two["bound"])
        assert (
            2 < float(one["bound"]) / (c_sharp * 2**-2.5) < 2 * (2 + 8 / np.pi)
        )  # V <= 2R(d + 2d(d-1)/π)/σ²


def test_a_small_scale_costs_what_the_bound_says():
    """With M = 10 the network errs by more, and the bound has 3V/M."""
    (row,) = json_of(table("shallow", ["k=16,M=10"]))["rows"]
    V = _variation(Marginal.of([0], [1], sigma="1/2"), 1.0)
    bound = V / (8 * 3**0.5 * 256) + 3 * V / 10
    assert bound * 0.999 <= float(row["bound"]) <= bound * 1.03
    assert 1e-2 < _ends(row["L2 error"])[0] < bound


def test_equal_numbers_of_neurons():
    rows = json_of(table("better", [*SETTINGS, "n=20;9"]))["rows"]
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
    """V was said to lie in [..., 4.86], and the bound was made of that, although
    V <= 4 exp(-1/2)/σ = 4.8522..."""
    monkeypatch.setattr(
        comparisons, "total_variation", lambda *_, **__: Enclosure(fmpq(3), fmpq(486, 100))
    )
    found = table("shallow", ["k=1"])
    assert "lies in [3, 4.852245278]; the closed form bounds it by 4.853." in found.notes[0]
    (row,) = json_of(found)["rows"]
    assert 8 * np.exp(-0.5) / (8 * 3**0.5) <= float(row["bound"]) < 4.854 / (8 * 3**0.5)


def test_the_closed_form_where_nothing_else_is_known(monkeypatch):
    """An enclosure without an upper end was an AssertionError."""

    def spent(*_, **__):
        raise NotReached("spent", Enclosure(fmpq(0), None))

    monkeypatch.setattr(comparisons, "total_variation", spent)
    assert "lies in [0, 4.852245278]" in table("shallow", ["k=1"]).notes[0]


def arb_of(q):
    return mpmath.mpf(int(q.p)) / int(q.q)


def test_what_is_known_is_shown_where_the_time_does_not_suffice(monkeypatch):
    def spent(*_, **__):
        raise NotReached("spent", Enclosure(fmpq(0), None))

    monkeypatch.setattr(comparisons, "lp_norm", spent)
    rows = json_of(table("shallow", ["k=1;2"]))["rows"]
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


# -- constants, architectures, errors, the paper ---------------------------------------------------


def test_constants():
    """Every constant of the theorem, as `boundcheck constants` has it, and where it is proved."""
    found = json_of(table("constants", ["theorem=shallow,d=2,k=3,p=4,M=8,verdicts=0"]))
    known = evaluate("shallow", {"d": "2", "k": "3", "p": "4", "M": "8"})
    assert [r["constant"] for r in found["rows"]] == list(known)
    for row, e in zip(found["rows"], known.values(), strict=True):
        assert row["formula"] == e.constant.latex
        assert row["value"] == e.value.as_json(4)
        assert row["label"] == f"[{e.constant.label}]"
    assert found["columns"] == ["constant", "formula", "value", "label", "proved in"]
    assert "were not decided" in found["notes"][-1]
    rows = {r["constant"]: r for r in found["rows"]}
    assert rows["lp_hoeffding"]["label"] == "[D, C]"
    assert (
        rows["lp"]["proved in"]
        == "marginals.above_two_by_khintchine, marginals.above_two_by_hoeffding"
    )
    assert found["parameters"]["p"] == "4"


def test_where_constants_are_proved_exists():
    """And every constant of the first two theorems names a claim."""
    claims = {c.id for c in collect([PROOFS]).claims}
    for theorem in THEOREMS.values():
        for p in ("2", "4"):
            given = {"p": p} if any(q.name == "p" for q in theorem.parameters) else {}
            given |= (
                {"M": "8"}
                if theorem.name == "shallow"
                else {"n": "30"}
                if theorem.name == "ratio"
                else {}
            )
            numbers = theorem.read(given)
            where = theorem.proved_in(numbers)
            assert {i for ids in where.values() for i in ids} <= claims
            if theorem.name in ("shallow", "ratio"):
                assert all(where[c.name] for c in theorem.constants(numbers))


FALSE_AND_TRUE = """
from boundcheck import Reading, cited, claim, fails, identity, inequality, uses

@claim(source="here", label="P", reading=Reading("P1", "as it is", {bound}))
def right(x):
    \"\"\"It holds.\"\"\"
    yield inequality(2 * x, "<=", x**2 + 1, on="x in (-oo, oo)")
    yield cited("something", "somewhere")

@claim(source="here", label="P", reading=Reading("P2", "not so"))
def wrong(x):
    \"\"\"It does not.\"\"\"
    yield inequality(x, "<=", 1, on="x in [0, 2]")

@claim(source="here", label="P", reading=Reading("P2", "rests on what is wrong"))
def above(x):
    \"\"\"It holds if `wrong` does.\"\"\"
    yield uses("{stem}.wrong")
    yield identity(x + x, 2 * x, on="x in (-oo, oo)")

@claim(source="here", reading=Reading("P2", "too strong", refuted=True))
def limit(x):
    \"\"\"It fails.\"\"\"
    yield fails(inequality(x, "<=", 1, on="x in [0, 2]"), at={{x: 2}})

@claim(source="here", reading=Reading("P2", "not too strong", refuted=True))
def no_limit(x):
    \"\"\"It is said to fail.\"\"\"
    yield inequality(x, "<=", 1, on="x in [0, 2]")
"""


def proof_file(folder, stem="deep", bound="None", text=FALSE_AND_TRUE):
    path = folder / f"{stem}.py"
    path.write_text(text.format(stem=stem, bound=bound))
    return path


def test_the_paper(tmp_path):
    """A verdict is one that was computed; a reading is refuted only where
    its refutation is proved."""
    path = proof_file(tmp_path, bound="2 * __import__('sympy').Symbol('R')")
    rows = json_of(table("paper", [f"proofs={path}"]))["rows"]
    told = [(r["claim"], r["our reading"], r["verdict"], r["theorem"], r["cited"]) for r in rows]
    assert told == [
        ("P1", "as it is", "proved", "deep.right", 1),
        ("P2", "not so", "refuted", "deep.wrong", 0),
        ("P2", "rests on what is wrong", "undecided", "deep.above", 0),
        ("P2", "too strong", "refuted", "deep.limit", 0),
        ("P2", "not too strong", "undecided (its refutation is refuted)", "deep.no_limit", 0),
        *(
            (p, "none: these proof files have no reading of it", "", "", "")
            for p in ("P3", "P4", "P5")
        ),
    ]
    assert rows[0]["our bound"] == r"2\,R"


def test_every_claim_of_the_paper_has_a_reading():
    """A claim labelled P says which claim of the paper it reads, and every
    claim of the paper is read."""
    claims = collect([PROOFS]).claims
    assert [c.id for c in claims if c.label == "P" and c.reading is None] == []
    assert {c.reading.paper for c in claims if c.reading} == set(paper.CLAIMS)


def test_an_unknown_claim_of_the_paper_is_refused(tmp_path):
    path = proof_file(tmp_path, text=FALSE_AND_TRUE.replace('"P1"', '"P7"'))
    with pytest.raises(
        BoundcheckError, match="right reads P7; the claims of the paper are P1, P2, P3, P4, P5"
    ):
        table("paper", [f"proofs={path}"])


def test_a_proof_file_that_cannot_be_read_is_refused(tmp_path):
    """Its claims would be missing without a word."""
    proof_file(tmp_path)
    (tmp_path / "broken.py").write_text("1/0")
    with pytest.raises(
        BoundcheckError, match=r"broken.py cannot be read: ZeroDivisionError.*; mend it first"
    ):
        table("paper", [f"proofs={tmp_path}"])


def test_verdicts_on_constants(tmp_path, monkeypatch):
    """The worst one of the claims that prove a constant; nothing where none is named."""
    path = proof_file(tmp_path)
    where = {
        "V": ("deep.right",),
        "lp": ("deep.right", "deep.above"),
        "error": ("deep.wrong", "deep.above"),
    }
    monkeypatch.setitem(THEOREMS, "ratio", replace(THEOREMS["ratio"], proved_in=lambda _: where))
    rows = {r["constant"]: r for r in json_of(table("constants", [f"proofs={path}"]))["rows"]}
    assert (rows["V"]["verdict"], rows["V"]["cited"]) == ("proved", 1)
    assert (rows["lp"]["verdict"], rows["lp"]["cited"]) == ("undecided", 1)
    assert (rows["error"]["verdict"], rows["error"]["proved in"]) == (
        "refuted",
        "deep.wrong, deep.above",
    )
    assert (rows["C"]["verdict"], rows["C"]["proved in"]) == ("", "")
    monkeypatch.setitem(
        THEOREMS, "ratio", replace(THEOREMS["ratio"], proved_in=lambda _: {"V": ("deep.rigt",)})
    )
    with pytest.raises(
        BoundcheckError, match=r"there is no claim 'deep.rigt'; did you mean deep.right"
    ):
        table("constants", [f"proofs={path}"])


def test_architectures():
    """The same networks, built by name."""
    found = json_of(table("architectures", ["d=2,atoms=0:1;1/2:-1/2,seed=1,k=1"]))
    rows = {r["network"]: r for r in found["rows"]}
    assert rows["claim P2 of the paper"]["depth"] == 7
    for gate, clip, depth in itertools.product(("compact", "textbook"), (0, 1), (None, 7)):
        settings = f"d=2,atoms=0:1;1/2:-1/2,seed=1,k=1,gate={gate},output_clip={clip}"
        built = build("ratio", [settings + (f",depth={depth}" if depth else "")]).as_json()
        name = f"clips, {gate} gate" + ", output clip" * clip + ", padded to 7" * bool(depth)
        row = rows[name]
        assert (row["depth"], row["affine maps"]) == (built["depth"], built["affine_maps"])
        assert row["hidden widths"] == ", ".join(map(str, built["widths"]))
        assert (row["width"], row["parameters that are not 0"]) == (
            max(built["widths"]),
            built["parameters"],
        )
        high = decimal(row["largest weight"])
        assert (
            decimal(built["largest_weight"])
            <= high
            <= decimal(built["largest_weight"]) * fmpq(1001, 1000)
        )
        assert not depth or row["depth"] == 7
    assert rows["compact gate, no clips"]["depth"] == 3


def test_architectures_for_a_width():
    """n chooses the largest k that fits: the neurons are at most 2d(k+1)^d + q(1 + 4d
    k^d), q = 2."""
    found = json_of(table("architectures", ["n=31"]))
    assert "at most 24 for k = 2" in found["notes"][0]
    assert found["parameters"]["n"] == "31"
    assert "at most 34 for k = 3" in json_of(table("architectures", ["n=34"]))["notes"][0]


def test_errors():
    """The bounds are those of `boundcheck constants`; the errors lie where doubles find them."""
    rows = json_of(table("errors", ["abar=3/4,k=2;4,M=16"]))["rows"]
    assert [(r["k"], r["network"], r["norm"]) for r in rows] == [
        (k, *case)
        for k in (2, 4)
        for case in (("shallow", "L2"), ("corners alone", "sup"), ("ratio", "L2"))
    ]
    f2, _ = ddpm_pair(["-1/2", "1/2"], ["1/2", "1/2"], "3/4")
    for r in rows:
        low, high = _ends(r["error"])
        bound = float(r["bound"])
        assert 0 < low <= high <= bound
        assert _ends(r["bound / error"]) == pytest.approx((bound / high, bound / low), rel=2e-3)
        given = {"k": r["k"], "M": "16"}  # σ = 1/2
        if r["network"] == "ratio":
            known = evaluate("ratio", given | {"b": "1/2", "c": str(positivity(f2, 1))})
            assert float(known["uniform"].value.upper) == pytest.approx(bound, rel=1e-3)
        else:
            known = evaluate("shallow", given)
            name = "l2_sharp" if r["norm"] == "L2" else "sup_corner_sharp"
            total = float(known[name].value.upper) + float(known["lambda_over_M"].value.upper)
            assert total == pytest.approx(bound, rel=1e-3)
        if r["network"] == "shallow":
            built = stratified(f2, 1, r["k"], seed=0, M=16)
            assert low * 0.999 <= _l2(built.network, _at(f2), 1.0) <= high * 1.001


def _at(marginal):
    """The same marginal with decimal atoms, for `_l2`."""
    return Marginal.of(
        [str(fmpq(*float(u.mid()).as_integer_ratio())) for (u,) in _balls(marginal)],
        marginal.masses,
        sigma="1/2",
    )


def _balls(marginal):
    return [[ball(c, 64) for c in u] for u in marginal.points]


# -- the command -----------------------------------------------------------------------------------


def test_the_command(capsys, tmp_path):
    arguments = ("table", "shallow", "--set", "k=1;2", "--set", "sigma=1")
    for form in FORMATS:
        code, out, err = run(capsys, *arguments, "--format", form)
        assert (code, err) == (0, "")
        path = tmp_path / f"table.{form}"
        assert run(capsys, *arguments, "--format", form, "-o", str(path)) == (
            0,
            f"written to {path}\n",
            "",
        )
        assert path.read_text() == out
        if form == "json":
            assert [r["k"] for r in json.loads(out)["rows"]] == [1, 2]
    assert run(capsys, *arguments)[1].startswith(
        "**The shallow theorem: bounds and certified errors**"
    )
    assert {p.name for p in tmp_path.iterdir()} == {f"table.{f}" for f in FORMATS}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("deep",), "'deep' is no table; there are shallow, better, constants"),
        (("erors",), "; did you mean errors?"),
        (("architecture",), "; did you mean architectures?"),
        (
            ("shallow", "--format", "html"),
            "--format html; it must be one of markdown, latex, csv, json",
        ),
        (("shallow", "--format", "latx"), "json; did you mean latex?"),
        (
            ("shallow", "-o", "t.html"),
            "-o t.html: the suffix .html is no format of tables; use .md, .tex, .csv, .json",
        ),
        (("shallow", "--set", "sigm=1"), "seed, M; did you mean sigma?"),
        (
            ("constants", "--set", "theorem=rati"),
            "'rati' is no theorem with constants; there are shallow, ratio",
        ),
        (("constants", "--set", "thorem=ratio"), "did you mean theorem?"),
        (
            ("constants", "--set", "theorem=shallow,c=1/2"),
            "unknown parameter c; shallow takes d, k, R, sigma, mass, p, M",
        ),
        (("constants", "--set", "theorem=shallow,d=0"), "d = 0; the admissible range is"),
        (("constants", "--set", "verdicts=2"), "verdicts = 2; it must be an integer from 0 to 1"),
        (("constants",), "proofs = proofs: there is nothing; name the folder of the proof files"),
        (("paper", "--set", "proofs=no_such"), "proofs = no_such: there is nothing"),
        (
            ("paper", "--set", f"proofs={PROOFS},budget=0"),
            "budget = 0; the admissible range is 0 < budget",
        ),
        (("architectures", "--set", "n=13"), "n = 13; it must be an integer from 14 to 1000000"),
        (("architectures", "--set", "n=50,k=2"), "k and n are both given; give one of them"),
        (("architectures", "--set", "weights=1/2;1/3"), "the weights have the sum 5/6"),
        (("architectures", "--set", "abar=1"), "abar = 1; the admissible range is 0 < abar < 1"),
        (("errors", "--set", "k=2;0"), "k = 0; the list k has integers >= 1"),
        (("errors", "--set", "d=4"), "d = 4; errors are certified for d from 1 to 3"),
        (
            ("errors", "--set", "c=1/2"),
            "unknown parameter c; errors takes atoms, weights, abar, d, R, k, seed, M",
        ),
        (
            ("shallow", "--set", "n=9"),
            "unknown parameter n; shallow takes atoms, masses, sigma, d, R, k, seed, M",
        ),
        (("better", "--set", "k=2"), "unknown parameter k; better takes"),
        (("shallow", "--set", "k=2;0"), "k = 0; the list k has integers >= 1, such as k=1;2"),
        (("shallow", "--set", "k=2;5/2"), "k = 5/2; the list k has integers >= 1"),
        (("shallow", "--set", "k=2;10**9"), "more than the"),
        (("shallow", "--set", "k=2;;4"), "k = 2;;4; it has an empty entry"),
        (
            ("better", "--set", "n=8"),
            "n = 8; the list n has integers from 9 to 128, such as n=9;18",
        ),
        (("better", "--set", "n=9;129"), "n = 129; the list n has integers from 9 to 128"),
        (("better", "--set", "d=2"), "d = 2; networks with poles need d = 1"),
        (("shallow", "--set", "d=4"), "d = 4; errors are certified for d from 1 to 3"),
        (("shallow", "--set", "R=0"), "R = 0; the admissible range is 0 < R"),
        (("shallow", "--set", "sigma=-1"), "sigma = -1; the admissible range is 0 < sigma"),
        (("better", "--set", "M=0"), "M = 0; the admissible range is 0 < M"),
        (("better", "--set", "atoms=0;0,masses=1;-1"), "the total mass is zero"),
        (
            ("better", "--set", "sigma=1e-8,n=9"),
            "more than 2147483648 evaluations of a Gaussian's density",
        ),
        (
            ("shallow", "--set", "sigma=1e-300"),
            "k = 8, variance about 1e-600 and 1 atoms in dimension 1 need more",
        ),
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
    monkeypatch.setattr(verdicts, "verify_one", long_work)
    monkeypatch.setattr(errors, "marginal_error", long_work)
    code, out, err = run(capsys, "table", *arguments)
    assert (code, out) == (3, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_the_tables_are_listed(capsys):
    code, out, err = run(capsys, "table")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(TABLES)


def test_the_help_names_every_parameter(capsys):
    _, out, _ = run(capsys, "table", "--help")
    lines = " ".join(out.split())
    shortened = {
        "constants": ("theorem", "verdicts", "proofs", "budget", "and what the theorem takes"),
        "positivity": ("t", "and what boundcheck bound takes"),
        "measured": ("file", "what boundcheck experiment wrote"),
    }
    for name, entry in TABLES.items():
        known = shortened.get(name, entry.parameters)
        assert f" {name} {', '.join(known)} " in lines


def test_the_suffix_of_the_file(capsys, tmp_path):
    for suffix, form in (
        (".md", "markdown"),
        (".tex", "latex"),
        (".csv", "csv"),
        (".json", "json"),
    ):
        path = tmp_path / f"t{suffix}"
        assert run(capsys, "table", "architectures", "--set", "k=1", "-o", str(path))[0] == 0
        assert path.read_text() == FORMATS[form](table("architectures", ["k=1"]))


def test_the_parameters_make_the_table_again():
    for name, texts in (
        ("shallow", ["k=2;1,atoms=0;1/3"]),
        ("architectures", ["n=20"]),
        ("constants", ["verdicts=0,p=3"]),
    ):
        made = table(name, texts)
        assert table(name, [made.settings]) == made


def test_an_interruption_leaves_nothing(capsys, monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setitem(TABLES, "errors", TABLES["errors"]._replace(make=interrupted))
    path = tmp_path / "t.tex"
    path.write_text("old")
    code, out, err = run(capsys, "table", "errors", "-o", str(path))
    assert (code, out, err) == (130, "", "interrupted\n")
    assert [p.name for p in tmp_path.iterdir()] == ["t.tex"]
    assert path.read_text() == "old"


def test_a_format_that_fails_leaves_nothing(capsys, monkeypatch, tmp_path):
    def refused(*_):
        raise BoundcheckError("no")

    monkeypatch.setitem(FORMATS, "csv", refused)
    assert run(capsys, "table", "architectures", "--set", "k=1", "-o", str(tmp_path / "t.csv")) == (
        3,
        "",
        "error: no\n",
    )
    assert list(tmp_path.iterdir()) == []
