"""The pytest plugin: verdicts are outcomes, in folders that know nothing but that
boundcheck is installed."""

import pytest
from plugin_outcomes import PROOF, outcomes, text

from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.verification import verify

pytest_plugins = ["pytester"]
KINDS = (
    PROOF
    + """
@claim(source="s")
def tangent(x):
    '''The tangent of exp at 0.'''
    yield inequality("1 + x <= exp(x)", on="x in [-1, 1]")

@claim(source="s")
def wrong(x):
    '''It fails in the middle.'''
    yield inequality("x**2 >= x", on="x in [0, 1]")

@claim(source="s")
def touching(x):
    '''An equality, which no enclosure decides.'''
    yield norm_bound("x", "1/sqrt(3)", p=2, on="x in [-1, 1]")

@claim(source="s")
def pole(x):
    '''There is a pole.'''
    yield inequality("1/x <= 5", on="x in [-1, 1]")

@claim(source="s", label="C")
def axiom():
    '''Cited.'''
    yield cited("a deep theorem", "Someone 1900")

@claim(source="s")
def two(x):
    '''Two formulas.'''
    yield inequality("x**2 <= x", on="x in [0, 1]")
    yield inequality("x**3 <= x", on="x in [0, 1]")

@claim(source="s")
def raising():
    '''It raises.'''
    yield inequality("0 <= 1")
    yield 1/0
"""
)
EXPECTED = {
    "kinds.tangent": "passed",
    "kinds.wrong": "failed",
    "kinds.touching": "failed",
    "kinds.pole": "failed",
    "kinds.axiom": "skipped",
    "kinds.two": "passed",
    "kinds.raising": "error",
}
CLAIMS = """
[[claim]]
id = "young"
states = "a*b <= a**2/2 + b**2/2"
on = { a = ["-oo", "oo"], b = ["-oo", "oo"] }

[[claim]]
id = "too sharp"
states = "exp(x) <= 1 + x"
on = "x in [0, 1]"
"""
VERIFY_ONE = verify.verify_one


def test_verdicts_are_outcomes(pytester):
    pytester.makepyfile(kinds=KINDS)
    result = pytester.runpytest_inprocess("kinds.py", "--boundcheck-budget=2", "-rs")
    assert outcomes(result) == EXPECTED
    result.stdout.fnmatch_lines(
        [
            "refuted: x[*][*]2 >= x, on x in [[]0, 1]",
            "  at x = 1/2: left = 0.25, right = 0.5",
            "undecided: kinds.touching, in words: An equality*",
            "*right - left in [[]*",
            "*division by zero in 1/x; at x = 0",
            "SKIPPED*kinds.py* assumed: a deep theorem (Someone 1900)",
        ]
    )
    assert "kinds.raising raises ZeroDivisionError: division by zero (line 39 of kinds.py)" in text(
        result
    )
    assert "Traceback" not in text(result)
    assert "plugin.py" not in text(result)


def test_steps_are_counted_apart(pytester):
    """Formulas are proved, words are not: whoever counts what passed sees what was proved."""
    claim = "@claim(source='s')\ndef {}(x):\n    '''All is well.'''\n"
    one, two = (f"    yield inequality('x**{k} <= x', on='x in [0, 1]')\n" for k in (2, 3))
    pytester.makepyfile(
        p=PROOF
        + claim.format("plain")
        + one
        + claim.format("several")
        + one
        + two
        + claim.format("resting")
        + "    yield uses('p.plain')\n"
        + two
    )
    result = pytester.runpytest_inprocess("p.py")
    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes() == {"passed": 1, "steps": 2}
    assert "p.py .::" in text(result)
    assert outcomes(result)["p.several"] == "passed"
    shown = text(pytester.runpytest_inprocess("p.py", "-v", "--color=no"))
    for name, word in (("plain", "PASSED"), ("several", "STEPS"), ("resting", "STEPS")):
        assert f"p.py::p::{name} {word}" in shown


def test_a_folder_with_a_claims_file_only(pytester):
    pytester.makefile(".toml", claims=CLAIMS)
    result = pytester.runpytest_inprocess()
    assert outcomes(result) == {"young": "passed", "too sharp": "failed"}
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    named = pytester.runpytest_inprocess("claims.toml::young")
    assert outcomes(named) == {"young": "passed"}
    assert named.ret == pytest.ExitCode.OK


def test_files_without_claims_are_left_alone(pytester):
    """Neither imported nor collected, whatever their strings and names look like."""
    pytester.makepyfile(
        plain="raise SystemExit('imported')",
        mentions=(
            "'''\n"
            "@claim(source='boundcheck')\n"
            "def f():\n"
            "    pass\n"
            "'''\n"
            "raise SystemExit('imported')"
        ),
        indented=(
            "import boundcheck\n"
            "raise SystemExit\n"
            "class A:\n"
            "    @claim(source='s')\n"
            "    def f(self): pass"
        ),
        other="# boundcheck\n@claim\ndef f(): pass\nraise SystemExit('imported')",
        test_ordinary="def test_one(): pass",
    )
    pytester.makefile(".toml", pyproject="[project]\nname = 'x'\n", tool="claim = [1]\n")
    pytester.path.joinpath("bytes.py").write_bytes(b"\xff\xfe boundcheck @claim(")
    result = pytester.runpytest_inprocess()
    assert outcomes(result) == {"test_one": "passed"}
    assert "boundcheck" not in text(result).split("collected")[1]


def test_tables_of_other_programs_are_left_alone(pytester):
    """An insurer's [[claim]] states nothing; who names the file wants to hear of it."""
    pytester.makefile(
        ".toml", insurer='[[claim]]\npolicy = 17\nnote = "states = rights"\n', claims=CLAIMS
    )
    assert outcomes(pytester.runpytest_inprocess()) == {"young": "passed", "too sharp": "failed"}
    assert "claim 1 has the unknown key 'policy'" in text(
        pytester.runpytest_inprocess("insurer.toml")
    )


def test_claims_in_a_test_file_run_beside_its_tests(pytester):
    pytester.makepyfile(
        test_both="import boundcheck as bc\n\ndef test_one(): pass\n\n@bc.claim(source='s')\n"
        "def fine(x):\n    '''Fine.'''\n    yield bc.inequality(x**2, '<=', 1, on='x in [0, 1]')\n"
    )
    assert outcomes(pytester.runpytest_inprocess()) == {
        "test_one": "passed",
        "test_both.fine": "passed",
    }


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", '[[claim]]\nid = "x"\n', "lacks the key 'states'"),
        ("a.toml", "[[claim]\n", "is not TOML"),
        (
            "a.toml",
            "x = 1\n",
            "has the unknown key 'x'; a claims file consists of [[claim]] entries",
        ),
        (
            "a.py",
            PROOF + "1/0\n@claim(source='s')\ndef f():\n    'F.'\n",
            "ZeroDivisionError: division by zero (line 3",
        ),
        ("a.py", PROOF + "@claim(source='s')\ndef f(:\n", "SyntaxError"),
        ("a.py", PROOF + "@claim(source='s')\ndef f():\n    return []\n", "needs a docstring"),
    ],
)
def test_files_that_cannot_be_read_are_errors(pytester, name, content, message):
    pytester.path.joinpath(name).write_text(content)
    result = pytester.runpytest_inprocess(name)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert message in text(result)
    assert "plugin.py" not in text(result)
    assert text(result).count(str(pytester.path / name)) <= 1


@pytest.mark.parametrize("states", ["x <= 2 <= 3", "x <= y"])
def test_errors_do_not_point_into_boundcheck(pytester, states):
    pytester.makefile(
        ".toml", claims=f'[[claim]]\nid = "a"\nstates = "{states}"\non = "x in [0, 1]"\n'
    )
    shown = text(pytester.runpytest_inprocess())
    assert "a raises" in shown
    assert ".py)" not in shown


def test_an_error_shows_the_line_of_the_claim(pytester):
    """And not one of the library that found it."""
    pytester.makepyfile(
        p=PROOF
        + (
            "@claim(source='s')\n"
            "def f(x):\n"
            "    'W.'\n"
            "    yield inequality(x, '<=', 1, on='x in [1, 0]')\n"
        )
    )
    assert "write the smaller end first (line 6 of p.py)" in text(
        pytester.runpytest_inprocess("p.py")
    )


def test_only_files_with_claims_are_read_for_what_a_claim_uses(pytester):
    """A repository has other programs in its folder, and environments below it."""
    claim = PROOF + "@claim(source='s')\ndef f():\n    'W.'\n    yield inequality('1 <= 2')\n"
    pytester.makepyfile(setup="raise SystemExit(open('imported', 'w'))", base=claim)
    pytester.makepyfile(p=claim.replace("yield", "yield uses('base.f')\n    yield"))
    for folder in (".hidden", "environment"):
        pytester.mkdir(folder).joinpath("setup.py").write_text(claim + "open('imported', 'w')\n")
    pytester.path.joinpath("environment/pyvenv.cfg").touch()
    assert outcomes(pytester.runpytest_inprocess("p.py")) == {"p.f": "passed"}
    assert not pytester.path.joinpath("imported").exists()


def test_claims_rest_on_others_in_the_folder(pytester):
    base = "@claim(source='s')\ndef {}():\n    '''W.'''\n    {}\n"
    pytester.makepyfile(
        first=PROOF
        + base.format("good", "yield inequality('1 <= 2')")
        + base.format("bad", "yield inequality('2 <= 1')"),
        second=PROOF
        + base.format("on_good", "yield uses('first.good'); yield inequality('1 <= 2')")
        + base.format("on_bad", "yield uses('second.between'); yield inequality('1 <= 2')")
        + base.format("between", "yield uses('first.bad')")
        + base.format("on_nothing", "yield uses('first.gone'); yield inequality('1 <= 2')")
        + base.format("circle", "yield uses('second.circle'); yield inequality('1 <= 2')"),
    )
    result = pytester.runpytest_inprocess("second.py")
    assert outcomes(result) == {
        "second.on_good": "passed",
        "second.on_bad": "failed",
        "second.between": "failed",
        "second.on_nothing": "failed",
        "second.circle": "failed",
    }
    shown = text(result)
    assert "uses first.bad, which is refuted" in shown
    assert "uses first.gone, which is not among the claims verified" in shown
    assert "uses itself, directly or through other claims" in shown


def test_digits_of_reports(pytester):
    pytester.makefile(".toml", claims=CLAIMS)
    for digits in (3, 25):
        shown = text(pytester.runpytest_inprocess(f"--boundcheck-digits={digits}"))
        lower = next(t for t in shown.split() if t.startswith("[1.6")).strip("[,")
        assert len(lower) - 1 <= digits
        assert lower.startswith("1.64" if digits == 3 else "1.648721270700127")


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--boundcheck-budget=0", "'0' is not a positive number of units of work"),
        ("--boundcheck-budget=nan", "'nan' is not a positive number of units of work"),
        ("--boundcheck-budget=soon", "'soon' is not a positive number of units of work"),
        ("--boundcheck-digits=0", "'0' is not a number of digits from 1 to 1000"),
        ("--boundcheck-digits=ten", "'ten' is not a number of digits from 1 to 1000"),
    ],
)
def test_bad_options(pytester, option, message):
    result = pytester.runpytest_inprocess(option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()


def test_in_several_processes(pytester):
    """Workers collect the claims anew; the outcomes are the same."""
    pytester.makepyfile(kinds=KINDS)
    pytester.makefile(".toml", claims=CLAIMS)
    result = pytester.runpytest_subprocess("-n", "2", "--boundcheck-budget=2")
    result.assert_outcomes(passed=2, failed=4, skipped=1, errors=1)
    assert result.parseoutcomes()["steps"] == 1
    result.stdout.fnmatch_lines(["  at x = 1/2: left = 0.25, right = 0.5"])


@pytest.mark.parametrize(
    ("options", "budget"), [(["--boundcheck-budget=3.5"], 3.5), ([], DEFAULT_BUDGET)]
)
def test_the_budget_is_that_of_each_statement(pytester, monkeypatch, options, budget):
    seen = []
    monkeypatch.setattr(
        verify,
        "verify_one",
        lambda claim, seconds: seen.append(seconds) or VERIFY_ONE(claim, seconds),
    )
    pytester.makefile(".toml", claims=CLAIMS)
    assert outcomes(pytester.runpytest_inprocess(*options)) == {
        "young": "passed",
        "too sharp": "failed",
    }
    assert seen == [budget, budget]


def test_each_claim_is_decided_once(pytester, monkeypatch):
    """Although claims of other files rest on it."""
    seen = []
    monkeypatch.setattr(
        verify, "verify_one", lambda claim, s: seen.append(claim.id) or VERIFY_ONE(claim, s)
    )
    claim = "@claim(source='s')\ndef {}():\n    '''W.'''\n    {}\n"
    resting = "yield uses('base.first'); yield inequality('1 <= 2')"
    pytester.makepyfile(
        base=PROOF + claim.format("first", "yield inequality('1 <= 2')"),
        b=PROOF + claim.format("second", resting),
        c=PROOF + claim.format("third", resting),
    )
    counted = pytester.runpytest_inprocess().parseoutcomes()
    assert counted == {"passed": 1, "steps": 2}
    assert sorted(seen) == ["b.second", "base.first", "c.third"]
