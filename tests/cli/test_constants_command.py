"""`boundcheck constants`: JSON, digits, tables, and what is refused."""

import json

import pytest
from commands import run
from flint import fmpq
from mpmath import mp, mpf

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.theory.theorems.constants import THEOREMS, evaluate

SHALLOW = [
    "V_moment",
    "V_kernel",
    "V",
    "neurons",
    "c_plain",
    "l2_plain",
    "c_sharp",
    "l2_sharp",
    "lp",
    "sup_corner",
    "sup_corner_sharp",
    "lambda",
]


@pytest.fixture(autouse=True)
def precise():
    with mp.workdps(45):
        yield


def test_json_and_nothing_else(capsys):
    arguments = ("--set", "d=3,k=5,R=2", "--set", "sigma=3/10", "--json")
    code, out, err = run(capsys, "constants", "shallow", *arguments)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == SHALLOW
    assert all(set(entry) == {"latex", "lower", "upper", "shown_in"} for entry in found.values())
    assert found["neurons"] == {
        "latex": r"4\,d\,k^{d} + 2\,d\,\left(k + 1\right)^{d} + 1",
        "lower": "2797",
        "upper": "2797",
        "shown_in": ["marginals.neurons"],
    }
    assert found["V_kernel"]["latex"] == r"\frac{\kappa_d\,\mathrm{mass}}{\sigma}"
    assert (
        mpf(found["V_moment"]["lower"])
        <= 2 * 2 * (3 + 12 / mp.pi) / mpf("0.09")
        <= mpf(found["V_moment"]["upper"])
    )


@pytest.mark.parametrize("digits", [1, 2, 15, 60, 400])
def test_digits(capsys, digits):
    _, out, _ = run(
        capsys, "constants", "ratio", "--digits", str(digits), "--json", "--set", "d=2,p=5/2"
    )
    for name, entry in json.loads(out).items():
        low, high = rational(entry["lower"]), rational(entry["upper"])
        assert low <= high, name
        assert high - low <= abs(high) * 2 / fmpq(10) ** (digits - 1), name
        assert len(entry["lower"].split("e")[0].replace(".", "").lstrip("0")) <= max(digits, 15)


def test_table(capsys):
    code, out, err = run(capsys, "constants", "shallow", "--set", "p=4,M=100")
    assert (code, err) == (0, "")
    assert "mass*kappa_d/sigma" in out
    assert all(word in out for word in ("V_moment", "lp_hoeffding", "[D, C]", "lambda_over_M"))


def test_list(capsys):
    code, out, _ = run(capsys, "constants")
    assert code == 0
    assert all(word in out for word in ("shallow", "ratio", "V_kernel", "positivity_free", "2**40"))
    _, out, _ = run(capsys, "constants", "--json")
    listed = json.loads(out)
    assert list(listed) == list(THEOREMS)
    assert list(listed["shallow"]["constants"]) == SHALLOW


@pytest.mark.parametrize(
    ("theorem", "settings", "words"),
    [
        ("shallow", "sigma=0", ("sigma = 0", "sigma > 0")),
        ("shallow", "sigma=-1/2", ("sigma = -1/2", "sigma > 0")),
        ("shallow", "d=0", ("d = 0", "from 1 to 100")),
        ("shallow", "d=3/2", ("d = 3/2", "integers from 1 to 100")),
        ("shallow", "d=10**7", ("d = 10**7", "from 1 to 1000000")),
        ("shallow", "k=0", ("k = 0", "k >= 1")),
        ("shallow", "k=1.5", ("k = 1.5", "integers k >= 1")),
        ("shallow", "R=0", ("R = 0", "R > 0")),
        ("shallow", "mass=0", ("mass = 0", "mass > 0")),
        ("shallow", "mass=-1", ("mass = -1", "mass > 0")),
        ("shallow", "p=0.99", ("p = 0.99", "1 <= p <= 10**6")),
        ("shallow", "p=oo", ("p = oo", "1 <= p <= 10**6")),
        ("shallow", "p=10**7", ("p = 10**7", "1 <= p <= 10**6")),
        ("shallow", "M=0", ("M = 0", "M > 0")),
        ("shallow", "sigma=sqrt(2)", ("sigma = sqrt(2)", "rational number")),
        ("shallow", "sigma", ("'sigma'", "name=value")),
        ("shallow", "c=1", ("unknown parameter c", "shallow takes d, k, R")),
        ("shallow", "q=1,z=2", ("unknown parameters q, z",)),
        ("ratio", "b=-1", ("b = -1", "b >= 0")),
        ("ratio", "c=0", ("c = 0", "c > 0")),
        ("ratio", "c=1", ("c = 1", "0 < c < mass = 1")),
        ("ratio", "M=-1", ("M = -1", "M > 0")),
        ("ratio", "n=13", ("n = 13", "n >= n0 = 14", "d = 1")),
        ("ratio", "n=33,d=2", ("n = 33", "n >= n0 = 34")),
        ("ratio", "n=1/2", ("n = 1/2", "integers n >= 1")),
        ("reciprocal", "d=1", ("'reciprocal'", "shallow, ratio")),
        ("", "d=1", ("--set needs a theorem",)),
    ],
)
def test_refusals(capsys, theorem, settings, words):
    code, out, err = run(capsys, "constants", *([theorem] if theorem else []), "--set", settings)
    assert (code, out) == (3, "")
    assert all(word in err for word in words), err


@pytest.mark.parametrize("digits", ["0", "1001", "-1", "many"])
def test_digits_out_of_range(capsys, digits):
    code, out, err = run(capsys, "constants", "shallow", "--digits", digits)
    assert (code, out) == (3, "")
    assert "--digits" in err
    if digits != "many":
        with pytest.raises(
            BoundcheckError, match=f"digits = {digits}; it must be an integer from 1 to 1000"
        ):
            evaluate("shallow", {}, int(digits))
