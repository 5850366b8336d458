"""Commands as a user gives them: in this process, or in one of its own that can be interrupted."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from boundcheck.cli import main

# what a shell starts in the background ignores interrupts, and so do its children
_HEARS = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from boundcheck.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(capsys, *arguments):
    """The exit code, standard output and standard error."""
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def interrupted(seconds, *arguments):
    """The exit code and standard output of a command that is interrupted after so many seconds."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HEARS, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out = ""
    time.sleep(seconds)
    for _ in range(
        3
    ):  # Python loses an interrupt that arrives inside a destructor; people press again
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            out, _ = process.communicate(timeout=8)
            break
    return process.returncode, out
