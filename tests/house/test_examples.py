"""The worked example: it passes as it is, fails when its network is bad, and its
README shows what is in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def outcome(tmp_path):
    """Exit code and output of pytest in a folder that holds the example alone,
    after an edit of gaussian.py."""

    def of(old="", new=""):
        for path in EXAMPLES.glob("*.py"):
            shutil.copy(path, tmp_path)
        text = (tmp_path / "gaussian.py").read_text()
        assert old in text
        (tmp_path / "gaussian.py").write_text(text.replace(old, new))
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "-rA",
            ".",
        ]
        clean = {
            k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "HYPOTHESIS_"))
        }
        done = subprocess.run(
            command,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=clean,
            timeout=280,
            check=False,
        )
        return done.returncode, done.stdout

    return of


def test_the_example_passes(outcome):
    code, out = outcome()
    assert code == 0, out
    assert "4 passed" in out  # the claim, its instances in float64 and float32, and the test


def test_a_bad_network_fails(outcome):
    code, out = outcome("max_iter=400", "max_iter=4")
    assert code == 1
    assert "refuted: gaussian.error" in out
    assert "assert 30 * error.upper <= 1" in out


def test_the_readme_shows_the_three_lines():
    test = (EXAMPLES / "test_gaussian.py").read_text().splitlines()
    three = [line for line in test if line.startswith("    ")][1:]
    assert len(three) == 3
    assert "\n".join(three) in (EXAMPLES / "README.md").read_text()
