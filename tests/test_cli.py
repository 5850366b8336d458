"""The command line and the collector: outputs, exit codes, bad input, interruption."""

import json
import os
import subprocess
import sys

import pytest
from commands import interrupted, run
from conftest import PROOFS
from flint import acb

from boundcheck.errors import BoundcheckError
from boundcheck.theory.theorems import shallow_theorem as shallow
from boundcheck.verification.collect import compile_selection

GOOD = """
[[claim]]
id = "mean"
states = "x*y <= (x**2 + y**2)/2"
on = { x = ["-3", "3"], y = [-3, 3] }
source = "folklore"
note = "the geometric mean"

[[claim]]
id = "tenth"
states = "0.1*x <= 1/10"
on = "x in [0, 1]"
given = "x > 0"
"""


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("prove", "x*y <= (x**2+y**2)/2", "--on", "x in [-3,3], y in [-3,3]"), 0, "proved"),
        (("prove", "-x**2 <= 0", "--on", "x in [-1,1]"), 0, "proved"),
        (("prove", "t/(1+M*t) <= 1/M", "--on", "t in [0,oo)", "--given", "M > 0"), 0, "proved"),
        (("prove", "x**2 >= x", "--on", "x in [0,1]"), 1, "refuted"),
        (("prove", "exp(1) == E"), 0, "proved"),
        (("prove", "(x**2-2)**2 > 0", "--on", "x in [-2,2]", "--budget", "1"), 2, "undecided"),
        (("prove", "1/x >= 0", "--on", "x in [-1,1]"), 3, "division by zero in 1/x, at x = 0"),
    ],
)
def test_prove(capsys, arguments, code, word):
    found, out, err = run(capsys, *arguments)
    assert (found, err) == (code, "")
    assert word in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("prove", "__import__('os').system('touch owned')"),
        ("prove", "z <= 1", "--on", "x in [0,1]"),
        ("prove", "f(x) <= 1", "--on", "x in [0,1]"),
        ("prove", "(x <= 1", "--on", "x in [0,1]"),
        ("prove", "x <= 1", "--on", "x in [1,0]"),
        ("prove", "x <= 1", "--on", "x in [0,1]", "--budget", "nan"),
        ("prove", "x <= 1", "--on", "x in [0,1]", "--budget", "soon"),
        ("prove", "(" * 10_000),
        ("prove",),
        ("frobnicate",),
        (),
        ("verify", "nowhere"),
        ("verify", str(PROOFS / "__pycache__" / "x.pyc")),
        ("verify", str(PROOFS), "-k", "(("),
        ("verify", str(PROOFS), "-k", "nothing-like-this"),
        ("verify", str(PROOFS), "--jobs", "0"),
        ("axioms", "no.such.claim", "--path", str(PROOFS)),
    ],
)
def test_bad_input_is_one_line_and_exit_code_3(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 3
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "owned").exists()


def test_json_is_all_there_is(capsys):
    code, out, err = run(capsys, "prove", "x**2 >= x", "--on", "x in [0,1]", "--json")
    document = json.loads(out)
    assert (code, err) == (1, "")
    assert document["verdict"] == "refuted"
    assert document["witness"]["point"] == {"x": "1/2"}
    assert document["witness"]["left"] == {"lower": "0.25", "upper": "0.25"}


def test_verify_a_claims_file(capsys, claims):
    code, out, _ = run(capsys, "verify", claims(GOOD))
    assert code == 0
    assert "2 claims: proved 2" in out
    code, out, _ = run(capsys, "verify", claims(GOOD), "--json")
    (mean, tenth) = json.loads(out)["claims"]
    assert (mean["id"], mean["verdict"], mean["source"]) == ("mean", "proved", "folklore")
    assert set(mean["statements"][0]) >= {"kind", "verdict", "method", "seconds", "margin"}
    assert tenth["statements"][0]["statement"].startswith("1/10*x <= 1/10")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[claim]]\nid = "a"', "lacks the key 'states'"),
        ('[[claim]]\nstates = "x <= 1"', "lacks the key 'id'"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\nwhere = "x"', "unknown key 'where'"),
        ('[[claim]]\nid = 3\nstates = "1 <= 2"', "id is 3; it must be a text"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\non = 3', "on is 3"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\ngiven = [1]', "given is [1]"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\nlabel = "Z"', "label is 'Z'"),
        ('[claim]\nid = "a"\nstates = "1 <= 2"', "with two brackets"),
        ('title = "x"', "unknown key 'title'"),
        ("", "has no [[claim]] entries"),
        ("[[claim", "is not TOML"),
        (
            '[[claim]]\nid = "a"\nstates = "1 <= 2"\n[[claim]]\nid = "a"\nstates = "1 <= 2"',
            "the id 'a' is used twice",
        ),
    ],
)
def test_bad_claims_files(capsys, claims, text, message):
    code, out, _ = run(capsys, "verify", claims(text))
    assert code == 3
    assert message in out


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('states = "x <= 1"', "unknown symbol x"),
        ('states = "x <= 1"\non = { x = ["1", "0"] }', "is reversed"),
        ('states = "open(1)"', "unknown function 'open'"),
        ('states = "x <= 1"\non = { x = [0, nan] }', "not a decimal number"),
    ],
)
def test_a_bad_claim_does_not_stop_the_others(capsys, claims, entry, message):
    code, out, _ = run(capsys, "verify", claims(f'[[claim]]\nid = "bad"\n{entry}\n{GOOD}'))
    assert code == 3
    assert message in out
    assert "proved 2" in out


def test_decimals_in_claims_files_are_exact(capsys, claims):
    text = '[[claim]]\nid = "a"\nstates = "10*x <= 1"\non = { x = [0, 0.1] }'
    assert run(capsys, "verify", claims(text))[0] == 0


PROOF = """
from boundcheck import claim, cited, inequality, uses
"""


def test_proof_files_that_fail(capsys, claims, tmp_path):
    claims("1/0", "broken.py")
    claims(
        PROOF + '@claim(source="s")\ndef raises():\n    """It raises."""\n    yield 1/0\n',
        "raising.py",
    )
    claims(
        PROOF
        + (
            '@claim(source="s")\n'
            "def fine(x):\n"
            '    """Fine."""\n'
            '    yield inequality(x, "<=", 1, on="x in [0,1]")\n'
        ),
        "fine.py",
    )
    code, out, _ = run(capsys, "verify", str(tmp_path))
    assert code == 3
    assert "ZeroDivisionError: division by zero (line 1 of broken.py)" in out
    assert "raising.raises" in out
    assert "ZeroDivisionError" in out
    assert "proved 1" in out
    code, out, _ = run(capsys, "verify", str(tmp_path), "--json")
    document = json.loads(out)
    assert len(document["errors"]) == 1
    assert {c["id"]: c["verdict"] for c in document["claims"]} == {
        "fine.fine": "proved",
        "raising.raises": "ill-posed",
    }


def test_what_claims_rest_on(capsys, claims, tmp_path):
    claims(
        PROOF
        + (
            '@claim(source="s")\n'
            "def base():\n"
            '    """B."""\n'
            '    yield cited("deep theorem", "Someone 1900")\n'
        )
        + (
            '@claim(source="s")\n'
            "def middle():\n"
            '    """M."""\n'
            "    yield uses(base)\n"
            '    yield inequality("1 <= 2")\n'
        )
        + (
            '@claim(source="s")\n'
            "def top():\n"
            '    """T."""\n'
            '    yield uses("p.middle")\n'
            '    yield inequality("1 <= 3")\n'
        )
        + (
            '@claim(source="s")\n'
            "def shaky():\n"
            '    """S."""\n'
            '    yield uses("p.wrong")\n'
            '    yield inequality("1 <= 3")\n'
        )
        + '@claim(source="s")\ndef wrong():\n    """W."""\n    yield inequality("2 <= 1")\n'
        + (
            '@claim(source="s")\n'
            "def circle():\n"
            '    """C."""\n'
            '    yield uses("p.circle")\n'
            '    yield inequality("1 <= 3")\n'
        )
        + (
            '@claim(source="s")\n'
            "def orphan():\n"
            '    """O."""\n'
            '    yield uses("p.gone")\n'
            '    yield inequality("1 <= 3")\n'
        ),
        "p.py",
    )
    code, out, _ = run(capsys, "verify", str(tmp_path), "--json")
    verdicts = {c["id"]: (c["verdict"], len(c["axioms"])) for c in json.loads(out)["claims"]}
    assert code == 1
    assert verdicts == {
        "p.base": ("assumed", 1),
        "p.middle": ("proved", 1),
        "p.top": ("proved", 1),
        "p.shaky": ("undecided", 0),
        "p.wrong": ("refuted", 0),
        "p.circle": ("ill-posed", 0),
        "p.orphan": ("undecided", 0),
    }
    code, out, _ = run(capsys, "axioms", "p.top", "--path", str(tmp_path))
    assert code == 0
    assert "uses p.middle, p.base" in out
    assert "deep theorem" in out
    assert "Someone 1900" in out
    code, out, _ = run(capsys, "axioms", "--path", str(tmp_path), "--json")
    assert code == 3
    assert next(c for c in json.loads(out)["claims"] if c["id"] == "p.orphan")["missing"] == [
        "p.gone"
    ]


def test_bad_claims(capsys, claims, tmp_path):
    claims(PROOF + '@claim(source="s")\ndef nothing():\n    """N."""\n    return []\n', "a.py")
    claims(PROOF + '@claim(source="s")\ndef wrong():\n    """N."""\n    yield 1 <= 2\n', "b.py")
    claims(
        PROOF + '@claim(source="s", label="X")\ndef label():\n    """N."""\n    yield 1 <= 2\n',
        "c.py",
    )
    claims(PROOF + '@claim(source="s")\ndef silent():\n    yield 1 <= 2\n', "d.py")
    code, out, _ = run(capsys, "verify", str(tmp_path))
    assert code == 3
    for message in (
        "asserts nothing",
        "is not a statement",
        "'X' is not a label",
        "needs a docstring",
    ):
        assert message in out


def test_selection():
    chosen = compile_selection("gate and not (clip or square)")
    assert chosen("gates.division_gate")
    assert not chosen("gates.clip_gate")
    for bad in ("", "and", "a b", "(a", "not", "a or"):
        with pytest.raises(BoundcheckError, match="use words with and, or, not"):
            compile_selection(bad)


def test_a_selection_brings_what_it_uses(capsys):
    code, out, _ = run(capsys, "verify", str(PROOFS), "-k", "positivity_free", "--json")
    assert code == 0
    assert {c["id"] for c in json.loads(out)["claims"]} >= {
        "ratio.positivity_free",
        "ratio.error_times_denominator",
    }


def test_several_processes_give_the_same(capsys):
    alone = run(capsys, "verify", str(PROOFS / "activation.py"), "--json")
    together = run(capsys, "verify", str(PROOFS / "activation.py"), "--json", "--jobs", "2")
    assert alone[0] == together[0] == 0
    one, two = (
        [
            (c["id"], c["verdict"], [s["method"] for s in c["statements"]])
            for c in json.loads(r[1])["claims"]
        ]
        for r in (alone, together)
    )
    assert one == two


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_keeps_what_was_decided(claims, jobs):
    slow = (
        "[[claim]]\n"
        'id = "slow%d"\n'
        'states = "sin(x)*sin(y)+cos(x)*cos(y)+z*(1-sin(x)**2-cos(x)**2) <= 1+1e-13"\n'
        'on = "x in [0,3], y in [0,3], z in [0,1]"\n'
    )
    path = claims(GOOD + "".join(slow % k for k in range(4)))
    code, out = interrupted(8, "verify", path, "--json", "--budget", "100", "--jobs", jobs)
    assert code == 130
    document = json.loads(out)
    assert document["interrupted"] is True
    assert {c["id"] for c in document["claims"] if c["verdict"] == "proved"} == {"mean", "tenth"}


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from boundcheck.cli import main; main(['--help']); print({m for m in "
        "('torch','sympy','flint','numpy') if m in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("set()")
    assert "verify" in done.stdout


def test_a_statement_needs_neither_sympy_nor_torch():
    code = (
        "import sys; from boundcheck.cli import main; main(['prove', '1 < 2']); print({m for m in "
        "('torch','sympy') if m in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("set()")


def test_a_proof_file_that_exits_does_not_end_the_run(capsys, claims, tmp_path):
    """2026-11-21: `sys.exit(0)` in a proof file ended everything with exit code 0."""
    claims("import sys\nsys.exit(0)", "a.py")
    claims(
        PROOF
        + '@claim(source="s")\ndef leaves():\n    """L."""\n    raise SystemExit(0)\n    yield\n',
        "b.py",
    )
    claims(
        PROOF + '@claim(source="s")\ndef fine():\n    """F."""\n    yield inequality("1 <= 2")\n',
        "c.py",
    )
    code, out, _ = run(capsys, "verify", str(tmp_path))
    assert code == 3
    assert "SystemExit: 0" in out
    assert "proved 1" in out


def test_a_bug_is_not_a_verdict(capsys, monkeypatch):
    from boundcheck.verification import decide as decision

    monkeypatch.setattr(decision, "decide", lambda *_: 1 / 0)
    code, out, err = run(capsys, "prove", "1 <= 2")
    assert (code, out) == (70, "")
    assert "a bug in boundcheck" in err


@pytest.mark.parametrize(
    "arguments",
    [("constants",), ("constants", "shallow", "--json"), ("table", "shallow", "--set", "k=1")],
)
def test_2026_11_22_a_closed_pipe_is_not_a_refutation(arguments):
    """`boundcheck constants | head -1` ended with the exit code 1."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "boundcheck.cli", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_2026_11_22_a_full_disk_is_no_bug():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "boundcheck.cli", "constants", "shallow"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(
        "error: [Errno 28] No space left on device; the system refused that: free what it"
    )


def _interrupt(*_):
    raise KeyboardInterrupt


def _interrupt_in_flint(*_):
    """A SystemError because of the interrupt; where an integral goes on, each call adds one
    because of the one before."""
    try:
        acb.integral(_interrupt, acb(0), acb(1))
    except SystemError as error:
        raise SystemError("acb.exp returned a result with an exception set") from error


@pytest.mark.parametrize("interrupt", [_interrupt, _interrupt_in_flint])
def test_2026_11_22_an_interrupt_says_so(capsys, monkeypatch, interrupt):
    """There was no word; and in an integral of python-flint it was called
    a bug, with a traceback."""
    monkeypatch.setattr(shallow, "kappa", interrupt)
    assert run(capsys, "constants", "shallow", "--json") == (130, "", "interrupted\n")


def test_a_folder_is_read_without_its_hidden_folders_and_environments(capsys, claims, tmp_path):
    """Their programs would run."""
    claims('[[claim]]\nid = "one"\nstates = "1 <= 2"\n')
    for name in (".hidden", "environment"):
        (tmp_path / name / "lib").mkdir(parents=True)
        claims("raise SystemExit('imported')", f"{name}/lib/program.py")
    claims("", "environment/pyvenv.cfg")
    code, out, _ = run(capsys, "verify", str(tmp_path), "--json")
    assert code == 0
    assert "errors" not in json.loads(out)


# -- the end-to-end bound --------------------------------------------------------------------------


def test_bound_prints_terms_and_what_would_help(capsys, tmp_path):
    short = "T=10,beta_1=0.01,beta_T=0.5,m=10**9"
    code, out, err = run(capsys, "bound", "--set", short)
    assert (code, err) == (0, "")
    for word in (
        "approximation",
        "samples",
        "off_box",
        "predictor 0",
        "prior term",
        "Bayes steps",
        "would reduce it",
    ):
        assert word in out
    config = tmp_path / "run.toml"
    config.write_text(
        '[schedule]\nT = 10\nbeta_1 = 0.01\nbeta_T = "0.9"\n[sample]\nm = 1000000000\n'
    )
    code, out, _ = run(capsys, "bound", "--config", str(config), "--set", "beta_T=0.5", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["settings"]["beta_T"] == "0.5"
    assert list(found["versions"]) == ["uniform", "weighted", "positivity_free", "smallest"]
    assert len(found["steps"]) == 9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "m=0"], "m = 0"),
        ([], "needs the parameter m"),
        (["--set", "m=5,TT=3"], "unknown parameter TT"),
        (["--config", "missing.toml", "--set", "m=5"], "missing.toml"),
    ],
)
def test_bound_refuses(capsys, arguments, message):
    code, out, err = run(capsys, "bound", *arguments)
    assert (code, out) == (3, "")
    assert message in err


def test_constants_of_the_diffusion_model(capsys):
    """The contract: lists over t, and their last value and sum beside them."""
    given = "T=1000,schedule=linear,beta_1=1e-4,beta_T=0.02,d=2"
    code, out, _ = run(capsys, "constants", "ddpm", "--set", given, "--json")
    assert code == 0
    found = json.loads(out)
    assert len(found["alpha_bar"]) == len(found["w"]) == 1000
    assert found["alpha_bar"][-1]["lower"] == found["alpha_bar_T"]["lower"]
    assert found["alpha_bar_T"]["upper"].startswith("4.0358")
    total = sum(float(w["lower"]) for w in found["w"])
    assert total == pytest.approx(float(found["w_sum"]["lower"]), rel=1e-9)
    assert float(found["prior_term"]["lower"]) > 0


def test_experiment_writes_numbers_and_a_picture(capsys, tmp_path):
    document, picture = tmp_path / "run.json", tmp_path / "run.svg"
    small = "k=4,T=3,samples=100"
    code, out, err = run(
        capsys, "experiment", "ddpm", "--set", small, "-o", str(document), "--plot", str(picture)
    )
    assert (code, err) == (0, "")
    assert "gap, measured" in out
    assert picture.read_text().count("<svg") == 1
    assert json.loads(document.read_text())["total"]["holds"]
    code, again, _ = run(capsys, "table", "measured", "--set", f"file={document}")
    assert (code, again) == (0, out)
    before = picture.read_bytes()
    run(capsys, "experiment", "ddpm", "--set", small, "--plot", str(tmp_path / "second.svg"))
    assert (tmp_path / "second.svg").read_bytes().count(b"\n") == before.count(b"\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ddpm", "--plot", "run.jpeg"], "a picture is called FILE.svg, FILE.pdf, FILE.png"),
        (["ddmp"], "did you mean ddpm"),
        (["ddpm", "--set", "B=1/2"], "B"),
        (["erm", "--set", "m=0"], "m"),
    ],
)
def test_experiment_refuses(capsys, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "experiment", *arguments, "-o", "run.json")
    assert (code, out) == (3, "")
    assert message in err
    assert not list(tmp_path.iterdir())


def test_a_measurement_above_its_bound_is_exit_code_1(capsys, monkeypatch):
    from boundcheck.experiments import record as document

    monkeypatch.setattr(document, "all_hold", lambda found: False)
    assert run(capsys, "experiment", "ddpm", "--set", "k=4,T=2,samples=100")[0] == 1


def test_axioms_of_a_file(capsys):
    """The end-to-end theorem rests on textbooks and on Bernstein's inequality."""
    code, out, _ = run(capsys, "axioms", "end_to_end", "--path", str(PROOFS), "--json")
    (entry,) = json.loads(out)["claims"]
    assert (code, entry["id"]) == (0, "end_to_end")
    assert {a["reference"].split(",")[0] for a in entry["axioms"]} == {
        "Bienaymé's identity",
        "Boucheron",
        "Fubini's theorem",
        "Jensen's inequality",
        "Lebesgue's integral",
        "Lebesgue's theorem",
        "Minkowski's inequality",
        "Tonelli's theorem",
        "change of variables (r",
        "change of variables; the area of a face seen from the centre",
        "characteristic function of the normal distribution",
        "the fundamental theorem of calculus",
    }
