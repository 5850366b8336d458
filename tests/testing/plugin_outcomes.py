"""What pytest says of a folder that the plugin reads."""

# pytester forgets the modules that a run imports, but torch and flint must not be
# loaded twice into one process
import boundcheck.sympy_rim
import boundcheck.testing.instances  # noqa: F401

PROOF = "from boundcheck import *\n\n"


def outcomes(result):
    """The worst outcome of each item."""
    found = {}
    for report in result.reprec.getreports("pytest_runtest_logreport"):
        name = report.nodeid.split("::", 1)[1]
        if report.skipped:
            found[name] = "skipped"
        elif report.failed:
            found[name] = "failed" if report.when == "call" else "error"
        else:
            found.setdefault(name, "passed")
    return found


def text(result):
    return "\n".join(result.outlines)
