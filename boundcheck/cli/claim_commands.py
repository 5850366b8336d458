"""The commands about claims: verify, prove, recheck, axioms, mutate, sharpen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boundcheck.cli.app import (
    BAD_INPUT,
    INTERRUPTED,
    Budget,
    Json,
    Paths,
    Select,
    app,
    check_writable,
    spinner,
)
from boundcheck.errors import BoundcheckError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundcheck.checking.certificate import Accepted
    from boundcheck.theorems.records.theorem_certificate import Derived
    from boundcheck.verification.changes import Change
    from boundcheck.verification.collect import Collection
    from boundcheck.verification.verify import Result


@app.command()
def verify(
    paths: Paths = None,
    select: Select = "",
    as_json: Json = False,
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write certificates of what the checker accepts, too."),
    ] = None,
    jobs: Annotated[int, typer.Option(help="Processes.", min=1, max=256)] = 1,
    budget: Budget = 10.0,
    snapshot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write all verdicts, constants, margins and axioms, to compare with later.",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Show what changed since a snapshot; worse is exit code 1."
        ),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option("-v", "--verbose", help="Methods, margins, times and the authors' words."),
    ] = False,
) -> None:
    """Decide every claim of the proof files and claims files.

    A claim is proved if it is one statement that is, shown below it; steps if several are, or if
    words connect it to others. The exit code is 0 if nothing failed.

    With both --snapshot and --against (of the same file, say) the snapshot is written
    only if nothing got worse.
    """
    from rich.console import Console

    from boundcheck.report.console import print_changes, print_results, progress
    from boundcheck.verification.changes import changes
    from boundcheck.verification.collect import compile_selection
    from boundcheck.verification.snapshot import document_of, load, recorded, save
    from boundcheck.verification.verify import (
        settle,
        verify,
        verify_in_parallel,
        with_dependencies,
    )

    check_budget(budget)
    if snapshot is not None:
        if select:
            raise BoundcheckError(
                "--snapshot with -k would leave out claims; drop -k (or use --against alone)"
            )
        check_writable(snapshot)
    past = None if against is None else load(against)
    everything = collected(paths)
    chosen = _selected(everything, select)
    claims = with_dependencies(chosen, everything)
    if certificates is not None and not certificates.is_dir():
        raise BoundcheckError(f"--certificates {certificates} is not a folder; make it first")
    results: list[Result] = []
    interrupted = False
    try:
        with progress(len(claims), Console(stderr=True)) as display:
            task = display.task_ids[0]
            source = (
                verify_in_parallel(claims, budget, jobs, certificates)
                if jobs > 1
                else verify(_announced(claims, display), budget, certificates=certificates)
            )
            for result in source:
                results.append(result)
                display.update(task, advance=1)
    except KeyboardInterrupt:
        interrupted = True
    order = {c.id: k for k, c in enumerate(claims)}
    settled = settle(sorted(results, key=lambda r: order[r.claim.id]))
    document = document_of(settled)
    found = None
    if past is not None and not interrupted:
        found = changes(
            past, recorded(document), compile_selection(select) if select else lambda _: True
        )
    worse = any(c.worse for c in found or ())
    if as_json:
        _print_json([r.as_json() for r in settled], chosen, interrupted, found)
    else:
        print_results(Console(), settled, chosen.broken, verbose)
        if found is not None:
            print_changes(Console(), found, str(against))
    if interrupted:
        typer.echo(f"interrupted: {len(results)} of {len(claims)} claims were decided", err=True)
    if snapshot is not None:
        obstacle = _obstacle(interrupted, bool(chosen.broken), worse)
        if obstacle:
            typer.echo(f"{snapshot} is not written: {obstacle}", err=True)
        else:
            save(snapshot, document)
    raise typer.Exit(
        INTERRUPTED if interrupted else _exit_code(settled, bool(chosen.broken), worse)
    )


def _obstacle(interrupted: bool, broken: bool, worse: bool) -> str:
    """Why there is no snapshot of this run: it would leave out claims, or
    replace a better one unseen."""
    if interrupted:
        return "the run was interrupted"
    if broken:
        return "some files were not read"
    return "something got worse; leave out --against to accept that" if worse else ""


@app.command(
    context_settings={"ignore_unknown_options": True}
)  # a statement may begin with a minus sign
def prove(
    statement: Annotated[
        str, typer.Argument(metavar="STATEMENT", help="A relation, such as '1 + x <= exp(x)'.")
    ],
    on: Annotated[
        str, typer.Option(metavar="BOX", help="Ranges, such as 'x in [0,1], y in [-1,oo)'.")
    ] = "",
    given: Annotated[
        str, typer.Option(metavar="CONDITIONS", help="Hypotheses, such as 'a > 0, b >= a'.")
    ] = "",
    as_json: Json = False,
    budget: Budget = 10.0,
    certificate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the certificate, if the checker accepts the proof, too."
        ),
    ] = None,
) -> None:
    """Prove or refute one statement."""
    from rich.console import Console

    from boundcheck.checking.certificate import save
    from boundcheck.claims.comparison import stated
    from boundcheck.claims.verdict import Proved
    from boundcheck.search.climb import Interrupted
    from boundcheck.verification.decide import prove

    check_budget(budget)
    comparison = stated(statement, on, given)
    stopped = False
    with Console(stderr=True).status(
        "deciding"
    ) as display:  # nothing is shown where that is not a terminal
        try:
            verdict = prove(comparison, budget=budget, watch=display.update)
        except Interrupted as stop:
            verdict, stopped = stop.verdict, True
        if certificate is not None and isinstance(verdict, Proved):
            display.update("proved; replaying the proof for the certificate")
            verdict = save(certificate, comparison, verdict)
    if as_json:
        typer.echo(
            json.dumps(
                {"statement": statement, "on": on, "given": given, **verdict.as_json()}, indent=1
            )
        )
    else:
        from boundcheck.report.console import print_verdict

        print_verdict(Console(), verdict)
    raise typer.Exit(INTERRUPTED if stopped else verdict.exit_code)


@app.command()
def recheck(
    files: Annotated[
        list[Path], typer.Argument(metavar="CERTIFICATE...", help="Certificates to replay.")
    ],
    as_json: Json = False,
    budget: Budget = 600.0,
) -> None:
    """Replay certificates of statements and of theorems: with the small checker, in balls and
    exact algebra, and with the rules of the kernel."""
    from boundcheck.checking.goals import Rejected
    from boundcheck.verification.recheck import recheck

    check_budget(budget)
    shown: list[dict[str, Any]] = []
    unread: list[str] = []
    with spinner("checking") as show:
        for path in files:
            show(str(path))
            try:
                found = {"accepted": True, **_accepted(recheck(path, budget))}
            except Rejected as error:
                found = {"accepted": False, "reason": str(error)}
            except BoundcheckError as error:
                unread.append(str(error))
                continue
            shown.append({"path": str(path), **found})
    if as_json:
        typer.echo(json.dumps({"certificates": shown}, indent=1))
    else:
        for entry in shown:
            word = "accepted" if entry["accepted"] else "rejected"
            said = entry.get("statement") or entry.get("reason", "")
            typer.echo(f"{word}  {entry['path']}: {said}".rstrip(": "))
            for line in entry.get("theorem", "").splitlines():
                typer.echo(f"  {line}")
            if entry.get("axioms") == []:
                typer.echo("  Resting on no axiom")
            if "note" in entry:
                typer.echo(f"  {entry['note']}")
        accepted = sum(e["accepted"] for e in shown)
        if len(files) > 1:
            typer.echo(f"{len(files)} certificates: {accepted} accepted")
    for reason in unread:
        typer.echo(f"error: {reason}", err=True)
    raise typer.Exit(3 if unread else 0 if all(e["accepted"] for e in shown) else 1)


@app.command()
def axioms(
    claim: Annotated[
        str,
        typer.Argument(
            metavar="[CLAIM]",
            help="A claim, or a file: all its claims together; default: each claim.",
        ),
    ] = "",
    path: Annotated[
        list[str] | None, typer.Option(help="Where the claims are; default: as for verify.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what a claim assumes without proof, directly or through the claims that it uses, and
    whose words it takes."""
    from boundcheck.verification.axioms import ledger, together

    everything = collected(path)
    ids = [c.id for c in everything.claims if not claim or c.id.startswith(f"{claim}.")]
    wanted = set(ids or [everything.by_id(claim).id])
    with spinner("theorems are derived"):
        entries = list(ledger(everything.claims, wanted.__contains__))
    if claim and ids:
        entries = [together(claim, entries)]
    if as_json:
        shown = [
            {
                "id": e.claim.id,
                "label": e.claim.label,
                "uses": list(e.uses),
                "missing": list(e.missing),
                "axioms": [{"statement": a.statement, "reference": a.reference} for a in e.axioms],
                "words": list(e.words),
                "hypotheses": list(e.hypotheses),
            }
            for e in entries
        ]
        typer.echo(json.dumps({"claims": shown}, indent=1))
    else:
        from rich.console import Console

        from boundcheck.report.console import print_ledger

        print_ledger(Console(), entries)
    for b in everything.broken:
        typer.echo(f"not read: {b.path}: {b.reason}", err=True)
    raise typer.Exit(BAD_INPUT if everything.broken or any(e.missing for e in entries) else 0)


@app.command()
def mutate(
    paths: Paths = None,
    select: Select = "",
    as_json: Json = False,
    budget: Annotated[
        float, typer.Option(help="Units of work for each mutation (see verify --help).")
    ] = 2.0,
    constants: Annotated[
        int, typer.Option(help="Constants of a statement that are moved, at most.", min=1)
    ] = 40,
) -> None:
    """Move every constant of every claim: which ones bind, which are slack, and by how much."""
    from rich.console import Console

    from boundcheck.perturb.mutate import Study, as_json_by_claim
    from boundcheck.perturb.theorem_mutations import all_studies
    from boundcheck.report.console import progress
    from boundcheck.report.mutations import print_studies

    check_budget(budget)
    chosen = _selected(collected(paths), select)
    found: list[Study] = []
    interrupted = False
    try:
        with progress(len(chosen.claims), Console(stderr=True)) as display:
            for c in _announced(list(chosen.claims), display):
                for study in all_studies(c, budget, constants):
                    found.append(study)
                    for p in study.probe(budget):
                        display.update(display.task_ids[0], description=f"{c.id}: {p.where}")
                display.update(display.task_ids[0], advance=1)
    except KeyboardInterrupt:
        interrupted = True
    if as_json:
        _print_json(as_json_by_claim(found), chosen, interrupted)
    else:
        print_studies(Console(), found, chosen.broken)
    if interrupted:
        typer.echo("interrupted: the rest was not moved", err=True)
    raise typer.Exit(INTERRUPTED if interrupted else BAD_INPUT if chosen.broken else 0)


@app.command()
def sharpen(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The id of a claim.")],
    *,
    constant: Annotated[
        str, typer.Option(metavar="NAME", help="A number such as 3/2 or 1.5#2, or a symbol.")
    ],
    path: Annotated[
        list[str] | None, typer.Option(help="Where the claims are; default: as for verify.")
    ] = None,
    digits: Annotated[int, typer.Option(help="Significant digits.", min=1, max=30)] = 4,
    as_json: Json = False,
    budget: Annotated[
        float, typer.Option(help="Units of work for each number that is tried (see verify --help).")
    ] = 2.0,
) -> None:
    """Find the smallest (or largest) constant with which a statement can still be proved."""
    from rich.console import Console

    from boundcheck.perturb.sharpen import sharpen, target
    from boundcheck.report.mutations import print_sharpened

    check_budget(budget)
    goal = target(collected(path).by_id(claim), constant)
    with spinner(f"moving {constant}") as show:
        found = sharpen(goal, budget, digits, lambda q, v: show(f"{constant} -> {q}: {v.name}"))
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1))
    else:
        print_sharpened(Console(), found)
    raise typer.Exit(found.exit_code)


def _accepted(found: Accepted | Derived) -> dict[str, Any]:
    """What a certificate proves, and what a reader has to know."""
    from boundcheck.checking.certificate import Accepted

    note = {"note": found.note} if found.note else {}
    if isinstance(found, Accepted):
        return {"statement": found.statement.text(), **note}
    axioms = [{"statement": a, "reference": r} for a, r in found.axioms.items()]
    return {"theorem": found.text, "axioms": axioms, **note}


def collected(paths: list[str] | None) -> Collection:
    from boundcheck.verification.collect import collect, default_proofs

    chosen = paths or [str(default_proofs())]
    found = collect(chosen)
    if not found.claims and not found.broken:
        raise BoundcheckError(
            f"no claims in {', '.join(chosen)}; a proof file has functions decorated with @claim"
        )
    return found


def _print_json(
    claims: list[dict[str, Any]],
    chosen: Collection,
    interrupted: bool,
    found: Sequence[Change] | None = None,
) -> None:
    errors = [{"path": str(b.path), "reason": b.reason} for b in chosen.broken]
    document: dict[str, Any] = {"claims": claims, "errors": errors, "interrupted": interrupted}
    document = {key: value for key, value in document.items() if value or key == "claims"}
    if found is not None:
        document["differences"] = [c.as_json() for c in found]
    typer.echo(json.dumps(document, indent=1))


def _selected(everything: Collection, select: str) -> Collection:
    chosen = everything.select(select) if select else everything
    if select and not chosen.claims:
        raise BoundcheckError(f"-k {select!r} matches none of the {len(everything.claims)} claims")
    return chosen


def _announced(claims: list[Any], display: Any) -> Any:
    for c in claims:
        display.update(display.task_ids[0], description=c.id)
        yield c


def check_budget(budget: float) -> None:
    if not 0 < budget < float("inf"):
        raise BoundcheckError(
            f"--budget is {budget}; it must be a positive number of units of work, each "
            "about a second"
        )


def _exit_code(results: tuple[Result, ...], broken: bool, worse: bool) -> int:
    codes = (
        {r.verdict.exit_code for r in results}
        | ({BAD_INPUT} if broken else set())
        | ({1} if worse else set())
    )
    return next((code for code in (1, BAD_INPUT, 2) if code in codes), 0)
