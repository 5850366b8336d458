"""The application, and what its commands share: options, exit codes, progress."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boundcheck.errors import BoundcheckError
from boundcheck.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INTERRUPTED = 130
INTERNAL_ERROR = 70  # a bug of ours; Python's own 1 would read as "refuted"
BAD_INPUT = 3
CLOSED_PIPE = 141  # what a shell calls an end by SIGPIPE

app = typer.Typer(
    name="boundcheck",
    help="State a bound once; prove it, try to break it.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Json = Annotated[
    bool, typer.Option("--json", help="Write JSON, and nothing else, to standard output.")
]
Select = Annotated[
    str,
    typer.Option(
        "-k", metavar="EXPR", help="Only claims whose id matches, such as 'gate and not clip'."
    ),
]
Budget = Annotated[
    float,
    typer.Option(
        help=(
            "Work for each statement: units of about a second of one core, the same on "
            "every machine."
        )
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE[,...]",
        help="Parameters, such as d=2,sigma=3/10; may be repeated.",
    ),
]
Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        help=(
            "Proof files, claims files or folders; default: proofs, here or as it comes "
            "with boundcheck."
        ),
    ),
]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"boundcheck {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def check_writable(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BoundcheckError(
            f"cannot write {str(path)!r}; name a file in a folder that exists and is writable"
        )


@contextmanager
def spinner(text: str) -> Iterator[Callable[[str], None]]:
    """Progress on the error stream, where that is a terminal; what it yields changes the text."""
    from rich.console import Console

    try:
        with Console(stderr=True).status(text) as display:
            yield display.update
    except KeyboardInterrupt:  # typer would end without a word
        raise typer.Exit(interrupted()) from None


def interrupted() -> int:
    typer.echo("interrupted", err=True)
    return INTERRUPTED
