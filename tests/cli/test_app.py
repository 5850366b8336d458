"""The command line as a process: imports, interruption, closed pipes, bugs."""

import json
import os
import subprocess
import sys

import pytest
from claims_files import GOOD
from commands import interrupted, run
from flint import acb

from boundcheck.theory.theorems import shallow_theorem as shallow


def _interrupt(*_):
    raise KeyboardInterrupt


def _interrupt_in_flint(*_):
    """A SystemError because of the interrupt; where an integral goes on, each call adds one
    because of the one before."""
    try:
        acb.integral(_interrupt, acb(0), acb(1))
    except SystemError as error:
        raise SystemError("acb.exp returned a result with an exception set") from error


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


@pytest.mark.parametrize("interrupt", [_interrupt, _interrupt_in_flint])
def test_2026_11_22_an_interrupt_says_so(capsys, monkeypatch, interrupt):
    """There was no word; and in an integral of python-flint it was called
    a bug, with a traceback."""
    monkeypatch.setattr(shallow, "kappa_at_most", interrupt)
    assert run(capsys, "constants", "shallow", "--json") == (130, "", "interrupted\n")
