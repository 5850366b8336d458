"""The core does without torch; what cannot says what needs it, and how to install it.

Every test is a process of its own in which importing torch fails, as where it is not installed.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDS_TORCH = {
    "boundcheck.experiments.chain",
    "boundcheck.experiments.class_experiment",
    "boundcheck.experiments.conditional_rows",
    "boundcheck.experiments.ddpm_experiment",
    "boundcheck.experiments.erm_experiment",
    "boundcheck.experiments.measurement",
    "boundcheck.experiments.predictor",
    "boundcheck.experiments.runs",
    "boundcheck.experiments.training",
    "boundcheck.experiments.value_experiment",
    "boundcheck.testing.bounds",
    "boundcheck.testing.instances",
    "boundcheck.testing.modules",
    "boundcheck.torchnet.backend",
    "boundcheck.torchnet.convert",
    "boundcheck.torchnet.module",
    "boundcheck.torchnet.observed",
}
REMEDY = "install it: pip install 'boundcheck[torch]'"
COMMAND = "from boundcheck.cli import main; sys.exit(main(sys.argv[1:]))"
CLAIM = """
from boundcheck import *

@claim(source="s")
def tangent(x):
    '''The tangent of exp at 0.'''
    yield inequality("1 + x <= exp(x)", on="x in [-1, 1]")

@claim(source="s")
def gate():
    '''A network.'''
    yield norm_bound(gates.reciprocal(1) - Q(1), 1, on="x in [1, 2]")
"""


def python(cwd, program, *arguments):
    """A Python program without torch: the exit code, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.modules['torch'] = None\n{program}", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def command(cwd, *arguments):
    return python(cwd, COMMAND, *arguments)


def test_modules_that_need_torch_are_known(tmp_path):
    """All others can be imported; these say what to install, as an ImportError and ours."""
    modules = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in sorted((ROOT / "boundcheck").rglob("*.py"))
        if p.name != "__main__.py"
    ]
    program = """
import json
from importlib import import_module
from boundcheck import BoundcheckError
failed = {}
for name in sys.argv[1:]:
    try:
        import_module(name)
    except ImportError as error:
        failed[name] = [str(error), isinstance(error, BoundcheckError)]
print(json.dumps(failed))
"""
    code, out, err = python(tmp_path, program, *modules)
    assert code == 0, err
    failed = json.loads(out)
    assert set(failed) == NEEDS_TORCH
    for message, ours in failed.values():
        assert ours
        assert message.startswith("running networks in torch needs torch, which cannot be imported")
        assert message.endswith(REMEDY)


def test_public_names(tmp_path):
    program = "import boundcheck; print(len([getattr(boundcheck, n) for n in boundcheck.__all__]))"
    code, _, err = python(tmp_path, program)
    assert (code, err) == (0, "")


def test_prove_and_recheck(tmp_path):
    statement = ("prove", "1 + x <= exp(x)", "--on", "x in [-1,1]", "--certificate", "tangent.json")
    code, out, err = command(tmp_path, *statement)
    assert (code, out.split()[0], err) == (0, "proved", "")
    code, out, _ = command(tmp_path, "recheck", "tangent.json")
    assert (code, out.split()[0]) == (0, "accepted")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_verify(tmp_path, jobs):
    (tmp_path / "small.py").write_text(CLAIM)
    code, out, err = command(tmp_path, "verify", "small.py", "--json", "--jobs", jobs)
    assert code == 0, err
    assert {c["verdict"] for c in json.loads(out)["claims"]} == {"proved"}


def test_our_proofs_are_read(tmp_path):
    """Their claims, with all networks in them, are built."""
    program = """
from boundcheck.verification.collect import collect
found = collect([sys.argv[1]])
for claim in found.claims:
    list(claim.statements())
sys.exit(len(found.broken))
"""
    code, _, err = python(tmp_path, program, str(ROOT / "proofs"))
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("constants", "ratio"),
        ("bound", "--set", "d=1,m=10**6,T=2"),
        ("table", "rates"),
        ("table", "architectures"),
        ("axioms", "gates.division_gate", "--path", str(ROOT / "proofs")),
        (
            "mutate",
            str(ROOT / "proofs" / "networks/gates.py"),
            "-k",
            "clip_gate",
            "--constants",
            "1",
        ),
        ("build", "division", "-o", "gate.json"),
    ],
    ids=lambda a: " ".join(a[:2]),
)
def test_other_commands(tmp_path, arguments):
    code, out, err = command(tmp_path, *arguments)
    assert code == 0, err
    assert out


def test_what_was_measured_elsewhere_is_tabulated(tmp_path):
    from boundcheck.experiments.record import text
    from boundcheck.experiments.runs import run

    (tmp_path / "run.json").write_text(text(run("ddpm", ["k=4,T=2,samples=100"])))
    code, out, err = command(tmp_path, "table", "measured", "--set", "file=run.json")
    assert code == 0, err
    assert "gap, measured" in out


def test_norms_and_roundoff(tmp_path):
    """A round-off bound needs facts about the formats, not torch."""
    program = """
from boundcheck import gates, lp_norm, roundoff_bound, sup_norm
gate = gates.square(2, 1).instantiate()
assert 10**9 * sup_norm("x**2" - gate, on="x in [-1,1]").upper < 1
assert 10**9 * lp_norm("x**2" - gate, p=2, on="x in [-1,1]").upper < 1
assert roundoff_bound(gate, "float32", on="x in [-1,1]").upper < 1e-4
"""
    code, _, err = python(tmp_path, program)
    assert code == 0, err


def test_onnx_files(tmp_path):
    code, out, err = command(tmp_path, "build", "division", "-o", "gate.onnx")
    assert code == 0, err
    assert "gate.onnx" in out


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("experiment", "erm"), "boundcheck experiment"),
        (("experiment", "ddpm", "-o", "run.json"), "boundcheck experiment"),
        (("build", "division", "-o", "x.pt"), "a .pt file"),
    ],
)
def test_commands_say_what_to_install(tmp_path, arguments, what):
    code, out, err = command(tmp_path, *arguments)
    assert (code, out) == (3, "")
    assert err.startswith(f"error: {what} needs torch, which cannot be imported (")
    assert err.endswith(f"); {REMEDY}\n")
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("gates.square(2, 1).to_torch()", "running networks in torch"),
        ("Network.from_torch(None)", "running networks in torch"),
        ("SignReLU().torch(0.5)", "SignReLU.torch"),
        ("format_of('float32').dtype", "a torch.dtype"),
        ("export.load_pt('no.pt')", "a .pt file"),
        ("export.save_pt(gates.square(2, 1).instantiate(), 'no.pt')", "a .pt file"),
        ("testing.assert_bound", "boundcheck.testing.assert_bound"),
    ],
)
def test_python_says_what_to_install(tmp_path, expression, what):
    program = f"""
from boundcheck import BoundcheckError, Network, SignReLU, gates, testing
from boundcheck.torchnet import export
from boundcheck.torchnet.dtypes import format_of
try:
    {expression}
except ImportError as error:
    assert isinstance(error, BoundcheckError)
    print(error)
"""
    code, out, err = python(tmp_path, program)
    assert code == 0, err
    assert out.startswith(f"{what} needs torch, which cannot be imported (")
    assert out.endswith(f"{REMEDY}\n")
    assert not list(tmp_path.iterdir())


def test_strategies(tmp_path):
    program = (
        "from boundcheck.testing import boxes, networks, points; points('x in [0,1]', 'float32')"
    )
    code, _, err = python(tmp_path, program)
    assert code == 0, err


def test_the_plugin_skips_networks_and_says_why(tmp_path):
    (tmp_path / "small.py").write_text(CLAIM)
    program = "import pytest; sys.exit(pytest.main(['-rs', '-p', 'no:cacheprovider', 'small.py']))"
    code, out, err = python(tmp_path, program)
    assert code == 0, out + err
    assert "2 passed, 2 skipped" in out
    assert "testing the network of a claim needs torch, which cannot be imported" in out
    assert REMEDY in " ".join(out.split())
