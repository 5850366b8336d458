"""The command that shows one claim."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from boundcheck.cli.app import Budget, Json, app, spinner
from boundcheck.cli.claim_commands import check_budget, collected


@app.command()
def show(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The id of a claim.")],
    path: Annotated[
        list[str] | None, typer.Option(help="Where the claims are; default: as for verify.")
    ] = None,
    latex: Annotated[
        bool, typer.Option("--latex", help="Write LaTeX: each statement as a theorem.")
    ] = False,
    as_json: Json = False,
    budget: Budget = 10.0,
) -> None:
    """Show one claim: what it says, its verdict, how it was proved, what it uses and assumes.

    It is decided for this, with all that it uses. The exit code is that of its verdict.
    """
    from rich.console import Console

    from boundcheck.report.exhibit_text import exhibit_latex, print_exhibit
    from boundcheck.verification.exhibit import exhibit

    check_budget(budget)
    everything = collected(path)
    for b in everything.broken:
        typer.echo(f"not read: {b.path}: {b.reason}", err=True)
    with spinner("deciding") as display:
        found = exhibit(claim, everything, budget, display)
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1))
    elif latex:
        typer.echo(exhibit_latex(found), nl=False)
    else:
        print_exhibit(Console(), found)
    raise typer.Exit(found.result.verdict.exit_code)
