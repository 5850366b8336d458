"""`boundcheck build`: networks by name, their files and summaries, and what is refused before
anything is built."""

import json
from fractions import Fraction

import mpmath
import pytest
from commands import run

from boundcheck import Network, SignReLU, gates
from boundcheck.constructions import builders as catalogue
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.marginal_pairs import ddpm_pair
from boundcheck.constructions.stratified import stratified
from boundcheck.errors import BoundcheckError


@pytest.fixture
def build(tmp_path, capsys):
    """Builds by command and gives the summary and the network that was written."""

    def made(name, settings=""):
        path = tmp_path / "net.json"
        options = [part for text in settings.split() for part in ("--set", text)]
        code, out, err = run(capsys, "build", name, *options, "-o", str(path), "--json")
        assert (code, err) == (0, "")
        return json.loads(out), Network.load(path)

    return made


# -- what is built ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("product", "s=3,W=2", gates.product(3, 2)),
        ("product", "", gates.product(2, 1)),
        ("division", "c=1/10,C=2,B=3", gates.division("1/10", 2, 3)),
        ("division", "c=0.1 C=2,B=3 s=7", gates.division("1/10", 2, 3, 7)),
        ("division", "gate=textbook,c=1/2", gates.division_textbook("1/2", 2, 1)),
        (
            "marginal",
            "k=3,seed=5,M=100,R=2,sigma=1",
            stratified(Marginal.of([0], [1], sigma=1), 2, 3, seed=5, M=100),
        ),
        (
            "marginal",
            "d=2,atoms=0:0;1/2:-1/2,masses=1;-1/3,k=2,corners=1",
            stratified(
                Marginal.of([(0, 0), ("1/2", "-1/2")], [1, "-1/3"], sigma="1/2"),
                1,
                2,
                corners_only=True,
            ),
        ),
        ("marginal", "d=3,k=1", stratified(Marginal.of([(0, 0, 0)], [1], sigma="1/2"), 1, 1)),
        (
            "marginal",
            "atoms=sqrt(2)/2,k=2",
            stratified(Marginal.of(["sqrt(2)/2"], [1], sigma="1/2"), 1, 2),
        ),
    ],
)
def test_the_network_is_the_one_that_was_asked_for(build, name, settings, expected):
    summary, net = build(name, settings)
    assert net == getattr(expected, "network", expected)
    assert net.activation == SignReLU()
    assert summary["name"] == name
    assert (summary["inputs"], summary["outputs"]) == (net.inputs, net.outputs)
    assert (summary["widths"], summary["depth"]) == (list(net.widths), net.depth)
    assert (summary["width"], summary["affine_maps"]) == (net.width, net.depth + 1)
    assert summary["parameters"] == net.parameters
    assert (
        0 <= Fraction(summary["largest_weight"]) - net.largest_weight <= net.largest_weight / 10**5
    )
    if name == "marginal":
        assert (summary["neurons"], summary["limit"]) == (expected.neurons, expected.limit)
        assert summary["seed"] == int(summary["settings"]["seed"])


@pytest.mark.parametrize("name", catalogue.NAMES)
def test_the_settings_that_are_shown_build_it_again(build, name):
    summary, net = build(name, "k=3" if name in ("marginal", "ratio") else "")
    again = ",".join(f"{key}={value}" for key, value in summary["settings"].items())
    assert build(name, again) == (summary, net)


def test_the_seed_matters(build):
    assert build("marginal", "k=4,seed=1") != build("marginal", "k=4,seed=2")
    assert build("marginal", "k=4,seed=1") == build("marginal", "k=4,seed=1")


def test_long_numbers_stay_numbers(build):
    for gate in ("compact", "textbook"):
        _, net = build("division", f"c=1/(10**300+1),gate={gate},C=3**640/(10**300-1),B=10**300+7")
        assert net(Fraction(7), Fraction(1, 3)) == Fraction(1, 21)
    _, net = build("product", "s=3**640/(10**299-1),W=3**600/(10**280+3)")
    assert net(Fraction(7), Fraction(1, 3)) == Fraction(7, 3)
    assert build("ratio", "c=1e-300,k=1")[0]["settings"]["c"] == "1e-300"


def test_the_summary_for_people(tmp_path, capsys):
    path = tmp_path / "net.json"
    code, out, err = run(capsys, "build", "division", "--set", "c=1/10,s=9", "-o", str(path))
    assert (code, err) == (0, "")
    assert "division  2 -> 4 -> 2 -> 1" in out
    assert "depth 2, width 4, 19 parameters that are not 0, the largest at most" in out
    assert "c=0.1, C=2, B=1, s=9, gate=compact" in out
    assert f"written to {path}" in out
    assert "limit" not in out
    code, out, _ = run(capsys, "build", "marginal", "--set", "k=2,seed=3", "-o", str(path))
    assert "seed 3, neurons" in out
    assert "limit 15" in out  # 1 + 2·3 + 4·2


# -- the ratio network of a pair of marginals ------------------------------------------------------


def value(f, x):
    """A marginal by mpmath, from the text of its constants."""
    from sympy import sympify

    def constant(c):
        return mpmath.mpf(sympify(str(c), rational=True).evalf(40))

    def square(u):
        return mpmath.fsum((mp(v) - constant(c)) ** 2 for v, c in zip(x, u, strict=True))

    width = 2 * constant(f.variance)
    return mpmath.fsum(
        constant(m) * mpmath.exp(-square(u) / width)
        for u, m in zip(f.points, f.masses, strict=True)
    )


def mp(q):
    return mpmath.mpf(q.numerator) / q.denominator


@pytest.mark.parametrize(
    ("settings", "abar", "points", "weights"),
    [
        (
            "atoms=1/2;-1/2;1,weights=1/4;1/4;1/2,abar=1/2,k=12",
            "1/2",
            ["1/2", "-1/2", 1],
            ["1/4", "1/4", "1/2"],
        ),
        (
            "atoms=1/2:0;-1/3:1,abar=1/4,k=3,output_clip=1",
            "1/4",
            [("1/2", 0), ("-1/3", 1)],
            ["1/2", "1/2"],
        ),
        ("atoms=1;-1/2,gate=textbook,abar=1/4,k=12,M=1000", "1/4", [1, "-1/2"], ["1/2", "1/2"]),
    ],
)
def test_the_ratio_network_is_as_near_as_its_marginals(build, settings, abar, points, weights):
    """Pointwise |f1/f2 - r̂| <= (|f1 - g1| + b|f2 - g2| + (1 + b)/M)/c (+ 1/M for the
    output clip) where f2 >= c."""
    summary, net = build("ratio", f"{settings},depth=7")
    f2, numerators = ddpm_pair(points, weights, abar)
    used = summary["settings"]
    shallow = stratified([f2, *numerators], 1, int(used["k"]), M=int(used["M"])).network
    assert summary["depth"] == net.depth == 7
    assert net.width <= max(summary["neurons"] + 9, 4 * len(numerators))
    c, b, M = Fraction(used["c"]), Fraction(used["b"]), Fraction(used["M"])
    nontrivial = 0
    for x in [
        (Fraction(i, 3), Fraction(-j, 5))[: net.inputs] for i in (-3, -1, 0, 2) for j in (-5, 1)
    ]:
        with mpmath.workdps(30):
            below, *above = (value(f, x) for f in (f2, *numerators))
            assert below >= mp(c)
            g2, *g1 = map(mp, shallow(*x))
            found = net(*x)
            for f, g, r in zip(above, g1, found if len(above) > 1 else [found], strict=True):
                bound = (abs(f - g) + mp(b) * abs(below - g2) + mp((1 + b) / M)) / mp(c) + mp(1 / M)
                assert abs(f / below - mp(r)) <= bound
                nontrivial += bound < mp(b) / 4
    assert nontrivial


def test_the_default_ratio(build):
    summary, net = build("ratio", "k=4")
    assert (net.depth, net.widths[1:]) == (4, (4, 4, 2))
    assert (summary["settings"]["c"], summary["settings"]["C"], summary["settings"]["b"]) == (
        "0.492",
        "1",
        "1/2",
    )
    assert summary["neurons"] == net.widths[0] <= summary["limit"]


def test_the_default_ratio_of_two_coordinates(build):
    summary, net = build("ratio", "k=1,d=2")
    assert summary["settings"]["atoms"] == "-1/2:-1/2;1/2:1/2"
    assert (net.inputs, net.outputs, net.widths[1:]) == (2, 2, (6, 8, 4))


# -- what is refused -------------------------------------------------------------------------------


EARLY = [  # before the shallow network is built
    ("marginal", "sigma=0", "sigma = 0; the admissible range is 0 < sigma"),
    ("marginal", "sigma=-1/2", "sigma = -1/2; the admissible range is 0 < sigma"),
    ("marginal", "sigma=big", "sigma = big; it must be a rational number such as 3/10"),
    ("marginal", "sigma=(1", "sigma = (1 cannot be read: "),
    ("marginal", "atoms=", "atoms has no value"),
    ("marginal", "atoms=0;;1", "atoms = 0;;1; it has an empty entry"),
    ("marginal", "masses=0", "the atom 0 has the mass 0; leave it out"),
    ("marginal", "masses=1:2", "masses = 1:2; it is one list, separated by ;"),
    ("marginal", "atoms=0;1,masses=1", "2 atoms but 1 masses"),
    ("marginal", "atoms=0:1;1", "the atoms have the dimensions [1, 2]"),
    ("marginal", "atoms=x", "x contains the variable x; atoms and masses are constants"),
    ("marginal", "atoms=sqrt(-1)", "sqrt(-1) has no value"),
    ("marginal", "atoms=1/(sqrt(2)-sqrt(2))", "has no value"),
    ("marginal", "d=0", "d = 0; it must be an integer from 1 to 100"),
    ("marginal", "d=1.5", "d = 1.5; it must be an integer"),
    ("marginal", "d=2,atoms=0", "d = 2, but the first atom has 1 coordinates"),
    ("marginal", "k=0", "k = 0; it must be an integer >= 1"),
    ("marginal", "k=9**9**9", "k = 9**9**9; it must be an integer >= 1"),
    ("marginal", "R=0", "R = 0; the admissible range is 0 < R"),
    ("marginal", "M=-1", "M = -1; the admissible range is 0 < M"),
    ("marginal", "M=10**400", "M = 10**400 has 1329 bits; at most 1100 are read"),
    ("marginal", "seed=-1", "seed = -1; it must be an integer >= 0"),
    ("marginal", "corners=yes", "corners = yes; it must be an integer from 0 to 1"),
    (
        "marginal",
        "s=1",
        "unknown parameter s; marginal takes atoms, masses, sigma, d, R, k, seed, M, corners",
    ),
    ("marginal", "k", "--set: 'k' is not name=value"),
    ("marginal", "k=1,k=2", "--set: k is given twice (1 and 2); give it once"),
    (
        "ratio",
        "sigma=1",
        (
            "unknown parameter sigma; ratio takes atoms, weights, abar, d, R, k, seed, M, c, "
            "C, b, gate, "
        ),
    ),
    ("ratio", "d=1,atoms=1:1", "d = 1, but the first atom has 2 coordinates"),
    ("ratio", "abar=0", "abar = 0; the admissible range is 0 < abar < 1"),
    ("ratio", "abar=1", "abar = 1; the admissible range is 0 < abar < 1"),
    ("ratio", "weights=1;-1", "the atom 1/2 has the weight -1; probabilities must be positive"),
    ("ratio", "weights=1/2;1/4", "the weights have the sum 3/4"),
    ("ratio", "atoms=0", "coordinate 1 of every atom is 0"),
    ("ratio", "atoms=sqrt(2)", "atoms = sqrt(2); it must be a rational number"),
    ("ratio", "R=1000", "f2 is not known to be above 2^-1000"),
    ("ratio", "c=0", "c = 0; the admissible range is 0 < c"),
    ("ratio", "c=2", "c = 2 and C = 1; the ratio network needs c < C"),
    ("ratio", "b=0", "b = 0; the admissible range is 0 < b"),
    ("ratio", "M=0", "M = 0; the admissible range is 0 < M"),
    ("ratio", "k=0", "k = 0; it must be an integer >= 1"),
    ("ratio", "gate=exact", "gate = exact; it must be one of compact, textbook"),
    (
        "ratio",
        "depth=3",
        "depth = 3; this ratio network has 4 hidden layers already; ask for 4 or more",
    ),
    ("ratio", "depth=10**9", "depth = 10**9; it must be an integer from 1 to 1000"),
    ("division", "c=0", "c = 0; the admissible range is 0 < c"),
    ("division", "c=3", "c = 3 and C = 2; the division gate needs c <= C"),
    ("division", "B=-1", "B is -1; it must not be negative"),
    ("division", "s=3", "the gate needs B + C < s"),
    ("product", "W=-1", "W is -1; it must not be negative"),
    ("product", "s=1", "the gate needs W < s"),
    (
        "quotient",
        "",
        "'quotient' cannot be built; there are marginal, ratio, conditional, division, product",
    ),
]


def refused(tmp_path, capsys, name, settings, message):
    path = tmp_path / "net.json"
    path.write_text("what was there")
    options = ["--set", settings] if settings else []
    code, out, err = run(capsys, "build", name, *options, "-o", str(path))
    assert (code, out) == (3, "")
    assert err.startswith("error: ")
    assert message in err
    assert [p.name for p in tmp_path.iterdir()] == ["net.json"]
    assert path.read_text() == "what was there"


@pytest.mark.parametrize(("name", "settings", "message"), EARLY)
def test_refused_before_anything_is_built(tmp_path, capsys, monkeypatch, name, settings, message):
    monkeypatch.setattr(catalogue, "stratified", None)  # calling it would be an internal error
    refused(tmp_path, capsys, name, settings, message)


BY_THE_BUILDER = [
    ("marginal", "k=10**9", "neurons"),
    ("marginal", "d=3,k=1000", "neurons"),
    ("ratio", "k=10**7", "neurons"),
    ("marginal", "atoms=0;0,masses=1;-1", "total mass"),
]


@pytest.mark.parametrize(("name", "settings", "message"), BY_THE_BUILDER)
def test_refused_by_the_builder(tmp_path, capsys, name, settings, message):
    refused(tmp_path, capsys, name, settings, message)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("net.pth", "networks are written as .json, .pt or .onnx; name a file such as net.json"),
        ("net", "networks are written as .json, .pt or .onnx"),
        ("missing/net.pt", "name a file in a folder that exists and is writable"),
        ("missing/net.json", "name a file in a folder that exists and is writable"),
        ("folder.json", "name a file in a folder that exists and is writable"),
    ],
)
def test_refused_files(tmp_path, capsys, monkeypatch, path, message):
    monkeypatch.setattr(catalogue, "build", None)
    (tmp_path / "folder.json").mkdir()
    code, out, err = run(capsys, "build", "product", "-o", str(tmp_path / path))
    assert (code, out) == (3, "")
    assert message in err
    assert [p.name for p in tmp_path.iterdir()] == ["folder.json"]


def test_the_help_names_every_parameter(capsys):
    _, out, _ = run(capsys, "build", "--help")
    lines = " ".join(out.split())
    for name in catalogue.NAMES:
        with pytest.raises(BoundcheckError) as caught:
            catalogue.build(name, ["no_such=1"])
        known = str(caught.value).split(f"{name} takes ")[1]
        assert f" {name} {known} " in lines


def test_an_output_is_needed(capsys):
    code, _, err = run(capsys, "build", "product")
    assert code == 3
    assert "--output" in err
