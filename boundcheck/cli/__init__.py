"""The command line: see `boundcheck --help`.

Exit codes: 0 everything proved, steps or assumed; 1 refuted, or worse than a snapshot; 2 undecided;
3 ill-posed statement or bad input; 130 interrupted; 141 nobody reads the output any more.
Heavy modules are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

import typer

from boundcheck.cli import (  # noqa: F401 - they register their commands
    claim_commands,
    number_commands,
    show_command,
)
from boundcheck.cli.app import BAD_INPUT, CLOSED_PIPE, INTERNAL_ERROR, app, interrupted
from boundcheck.errors import BoundcheckError

if TYPE_CHECKING:
    from collections.abc import Iterator


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        return app(arguments, standalone_mode=False) or 0
    except BoundcheckError as error:
        message = str(error)
    except typer.TyperException as error:
        message = f"{error.format_message()} (see boundcheck --help)"
    except (KeyboardInterrupt, typer.Abort):
        return interrupted()
    except (
        SystemExit
    ):  # how typer and rich leave a closed pipe, with a code that would read as "refuted"
        return CLOSED_PIPE
    except OSError as error:
        message = f"{error}; the system refused that: free what it lacks, or write to another place"
    except Exception as error:
        if any(
            isinstance(e, KeyboardInterrupt) for e in _causes(error)
        ):  # so it leaves callbacks of python-flint
            return interrupted()
        traceback.print_exc()
        typer.echo("error: this is a bug in boundcheck, not a verdict; please report it", err=True)
        return INTERNAL_ERROR
    typer.echo(f"error: {message}", err=True)
    return BAD_INPUT


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def run() -> None:
    """The entry point of the installed command."""
    sys.exit(main())
