"""Hypothesis profiles: `fast` for every run, `soak` for long ones (make soak), which
report the containments tried."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "helpers"))

from containments import COUNT
from shape_checks import watch

watch()

_QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
settings.register_profile("fast", max_examples=60, deadline=None, suppress_health_check=_QUIET)
settings.register_profile(
    "soak",
    max_examples=int(os.environ.get("SOAK_EXAMPLES", "5000")),
    deadline=None,
    suppress_health_check=_QUIET,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture
def claims(tmp_path):
    """Writes a claims file and gives its path."""

    def write(text, name="claims.toml"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


PROOFS = Path(__file__).parent.parent / "proofs"


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):  # a process of pytest-xdist
        session.config.workeroutput["containments"] = COUNT["tried"]


def pytest_terminal_summary(terminalreporter):
    if COUNT["tried"]:
        terminalreporter.write_line(f"containments tried: {COUNT['tried']:,}")


if os.environ.get("PYTEST_XDIST_WORKER") is None:

    def pytest_configure(config):
        if config.pluginmanager.hasplugin("xdist"):
            config.pluginmanager.register(_Sum(), "containments")


class _Sum:
    def pytest_testnodedown(self, node, error):
        COUNT["tried"] += (getattr(node, "workeroutput", None) or {}).get("containments", 0)
