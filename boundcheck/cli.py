"""The command line: see `boundcheck --help`.

Exit codes: 0 everything proved; 1 refuted, or worse than a snapshot; 2 undecided; 3 ill-posed statement or bad input;
130 interrupted; 141 nobody reads the output any more.
Heavy modules are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boundcheck import __version__
from boundcheck.errors import BoundcheckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from boundcheck.claims.changes import Change
    from boundcheck.claims.collect import Collection
    from boundcheck.claims.verify import Result
    from boundcheck.exact.network import Network

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

Json = Annotated[bool, typer.Option("--json", help="Write JSON, and nothing else, to standard output.")]
Select = Annotated[
    str, typer.Option("-k", metavar="EXPR", help="Only claims whose id matches, such as 'gate and not clip'.")
]
Budget = Annotated[float, typer.Option(help="Seconds for each statement.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE[,...]", help="Parameters, such as d=2,sigma=3/10; may be repeated."),
]
Paths = Annotated[
    list[str] | None, typer.Argument(metavar="[PATH]...", help="Proof files, claims files or folders; default: proofs.")
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


@app.command()
def verify(
    paths: Paths = None,
    select: Select = "",
    as_json: Json = False,
    certificates: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a certificate for every comparison that is proved.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Processes.", min=1, max=256)] = 1,
    budget: Budget = 10.0,
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all verdicts, constants, margins and axioms, to compare with later."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Show what changed since a snapshot; worse is exit code 1.")
    ] = None,
) -> None:
    """Prove every claim of the proof files and claims files.

    With both --snapshot and --against (of the same file, say) the snapshot is written only if nothing got worse.
    """
    from rich.console import Console

    from boundcheck.claims.changes import changes
    from boundcheck.claims.collect import compile_selection
    from boundcheck.claims.snapshot import document_of, load, recorded, save
    from boundcheck.claims.verify import settle, verify, verify_in_parallel, with_dependencies
    from boundcheck.report.console import print_changes, print_results, progress

    _check_budget(budget)
    if snapshot is not None:
        if select:
            raise BoundcheckError("--snapshot with -k would leave out claims; drop -k (or use --against alone)")
        _check_writable(snapshot)
    past = None if against is None else load(against)
    everything = _collect(paths)
    chosen = _selected(everything, select)
    claims = with_dependencies(chosen, everything) if select else list(chosen.claims)
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
        found = changes(past, recorded(document), compile_selection(select) if select else lambda _: True)
    worse = any(c.worse for c in found or ())
    if as_json:
        _print_json([r.as_json() for r in settled], chosen, interrupted, found)
    else:
        print_results(Console(), settled, chosen.broken)
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
    raise typer.Exit(INTERRUPTED if interrupted else _exit_code(settled, bool(chosen.broken), worse))


def _obstacle(interrupted: bool, broken: bool, worse: bool) -> str:
    """Why there is no snapshot of this run: it would leave out claims, or replace a better one unseen."""
    if interrupted:
        return "the run was interrupted"
    if broken:
        return "some files were not read"
    return "something got worse; leave out --against to accept that" if worse else ""


@app.command(context_settings={"ignore_unknown_options": True})  # a statement may begin with a minus sign
def prove(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="A relation, such as '1 + x <= exp(x)'.")],
    on: Annotated[str, typer.Option(metavar="BOX", help="Ranges, such as 'x in [0,1], y in [-1,oo)'.")] = "",
    given: Annotated[str, typer.Option(metavar="CONDITIONS", help="Hypotheses, such as 'a > 0, b >= a'.")] = "",
    as_json: Json = False,
    budget: Budget = 10.0,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the certificate, if it is proved.")
    ] = None,
) -> None:
    """Prove or refute one statement."""
    from rich.console import Console

    from boundcheck.claims.certificate import save
    from boundcheck.claims.prover import Interrupted, prove
    from boundcheck.claims.statement import stated
    from boundcheck.claims.verdict import Proved

    _check_budget(budget)
    comparison = stated(statement, on, given)
    stopped = False
    with Console(stderr=True).status("deciding") as display:  # nothing is shown where that is not a terminal
        try:
            verdict = prove(comparison, budget=budget, watch=display.update)
        except Interrupted as stop:
            verdict, stopped = stop.verdict, True
    if certificate is not None and isinstance(verdict, Proved):
        save(certificate, comparison, verdict)
    if as_json:
        typer.echo(json.dumps({"statement": statement, "on": on, "given": given, **verdict.as_json()}, indent=1))
    else:
        from boundcheck.report.console import print_verdict

        print_verdict(Console(), verdict)
    raise typer.Exit(INTERRUPTED if stopped else verdict.exit_code)


@app.command()
def recheck(
    files: Annotated[list[Path], typer.Argument(metavar="CERTIFICATE...", help="Certificates to replay.")],
    as_json: Json = False,
    budget: Budget = 600.0,
) -> None:
    """Replay certificates with the small checker, in balls and exact algebra."""
    from boundcheck.claims.certificate import recheck
    from boundcheck.claims.goals import Rejected

    _check_budget(budget)
    shown = []
    with _spinner("checking") as show:
        for path in files:
            show(str(path))
            try:
                shown.append({"path": str(path), "accepted": True, "statement": recheck(path, budget).text()})
            except Rejected as error:
                shown.append({"path": str(path), "accepted": False, "reason": str(error)})
    if as_json:
        typer.echo(json.dumps({"certificates": shown}, indent=1))
    else:
        for entry in shown:
            word = "accepted" if entry["accepted"] else "rejected"
            typer.echo(f"{word}  {entry['path']}: {entry.get('statement') or entry.get('reason')}")
    raise typer.Exit(0 if all(e["accepted"] for e in shown) else 1)


@app.command()
def axioms(
    claim: Annotated[
        str, typer.Argument(metavar="[CLAIM]", help="A claim, or a file: all its claims together; default: each claim.")
    ] = "",
    path: Annotated[list[str] | None, typer.Option(help="Where the claims are; default: proofs.")] = None,
    as_json: Json = False,
) -> None:
    """List what a claim assumes without proof, directly or through the claims that it uses."""
    from boundcheck.claims.axioms import ledger, together

    everything = _collect(path)
    entries = list(ledger(everything.claims))
    of_file = [e for e in entries if claim and e.claim.id.startswith(f"{claim}.")]
    if of_file:
        entries = [together(claim, of_file)]
    elif claim:
        wanted = everything.by_id(claim)
        entries = [e for e in entries if e.claim.id == wanted.id]
    if as_json:
        shown = [
            {
                "id": e.claim.id,
                "label": e.claim.label,
                "uses": list(e.uses),
                "missing": list(e.missing),
                "axioms": [{"statement": a.statement, "reference": a.reference} for a in e.axioms],
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
    budget: Annotated[float, typer.Option(help="Seconds for each mutation.")] = 2.0,
    constants: Annotated[int, typer.Option(help="Constants of a statement that are moved, at most.", min=1)] = 40,
) -> None:
    """Move every constant of every claim: which ones bind, which are slack, and by how much."""
    from rich.console import Console

    from boundcheck.claims.mutate import Study, as_json_by_claim, studies
    from boundcheck.report.console import progress
    from boundcheck.report.mutations import print_studies

    _check_budget(budget)
    chosen = _selected(_collect(paths), select)
    found: list[Study] = []
    interrupted = False
    try:
        with progress(len(chosen.claims), Console(stderr=True)) as display:
            for c in _announced(list(chosen.claims), display):
                for study in studies(c, budget, constants):
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
    constant: Annotated[str, typer.Option(metavar="NAME", help="A number such as 3/2 or 1.5#2, or a symbol.")],
    path: Annotated[list[str] | None, typer.Option(help="Where the claims are; default: proofs.")] = None,
    digits: Annotated[int, typer.Option(help="Significant digits.", min=1, max=30)] = 4,
    as_json: Json = False,
    budget: Annotated[float, typer.Option(help="Seconds for each number that is tried.")] = 2.0,
) -> None:
    """Find the smallest (or largest) constant with which a claim can still be proved."""
    from rich.console import Console

    from boundcheck.claims.sharpen import sharpen, target
    from boundcheck.report.mutations import print_sharpened

    _check_budget(budget)
    goal = target(_collect(path).by_id(claim), constant)
    with _spinner(f"moving {constant}") as show:
        found = sharpen(goal, budget, digits, lambda q, v: show(f"{constant} -> {q}: {v.name}"))
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1))
    else:
        print_sharpened(Console(), found)
    raise typer.Exit(found.exit_code)


@app.command()
def build(
    name: Annotated[str, typer.Argument(metavar="NAME", help="marginal, ratio, division or product.")],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where it goes: a .json, .pt or .onnx file.")
    ],
    dtype: Annotated[
        str | None,
        typer.Option(help="Of the weights in a .pt or .onnx file: float64 (default), float32, bfloat16 or float16."),
    ] = None,
    settings: Set = None,
    as_json: Json = False,
) -> None:
    """Build a network and save it: with its exact weights (.json), or rounded to nearest (.pt, .onnx).

    \b
    What --set takes; each has a default:
      marginal  atoms, masses, sigma, d, R, k, seed, M, corners
      ratio     atoms, weights, abar, d, R, k, seed, M,
                c, C, b, gate, depth, output_clip
      division  c, C, B, s, gate
      product   s, W

    Points are separated by ";" and their coordinates by ":", as in --set "atoms=0:0;1/2:-1/2,masses=1;-1/3".
    """
    from boundcheck.constructions.catalogue import build

    save = _writer(output, dtype)
    with _spinner("building"):
        built = build(name, settings or [])
        save(built.network)
    rounded = "" if output.suffix == ".json" else dtype or "float64"
    if as_json:
        facts = {**built.as_json(), "file": str(output)}
        typer.echo(json.dumps(facts | {"dtype": rounded} if rounded else facts, indent=1))
    else:
        from rich.console import Console

        from boundcheck.report.console import print_built

        print_built(Console(), built, output, rounded)


def _writer(path: Path, dtype: str | None) -> Callable[[Network], None]:
    """What saves a network in a file; it refuses, before anything is built, what could not be written."""
    if path.suffix not in (".json", ".pt", ".onnx"):
        raise BoundcheckError(
            f"cannot write {str(path)!r}: networks are written as .json, .pt or .onnx; name a file such as net.json"
        )
    _check_writable(path)
    if path.suffix == ".json":
        if dtype is not None:
            raise BoundcheckError(
                f"--dtype {dtype[:60]}: a .json file keeps the exact weights; leave --dtype out, or write .pt or .onnx"
            )
        return lambda net: net.save(path)
    from boundcheck.torchnet.export import SAVERS

    check, save = SAVERS[path.suffix]
    target = check(dtype or "float64")
    return lambda net: save(net, path, target.name)


def _check_writable(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BoundcheckError(f"cannot write {str(path)!r}; name a file in a folder that exists and is writable")


@app.command()
def table(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A table; default: list them.")] = "",
    *,
    settings: Set = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="markdown, latex, csv or json; default: as FILE is called."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="FILE.md, .tex, .csv or .json; default: standard output."),
    ] = None,
) -> None:
    """Tabulate constants, architectures, errors beside bounds, and verdicts on the paper's claims.

    \b
    What --set takes; each has a default:
      shallow        atoms, masses, sigma, d, R, k, seed, M
      better         atoms, masses, sigma, d, R, n, seed, M
      constants      theorem, verdicts, proofs, budget, and what the theorem takes
      architectures  atoms, weights, abar, d, R, k, n, seed, M
      errors         atoms, weights, abar, d, R, k, seed, M
      paper          proofs, budget
      rates          d, p, R, sigma, b, c, M
      positivity     t, and what boundcheck bound takes
      measured       file, what boundcheck experiment wrote

    k and n are lists in shallow, better and errors, as in --set "d=2,k=2;4;8". Points are separated by ";" and their
    coordinates by ":", as in --set "atoms=0:0;1/2:-1/2,masses=1;-1/3". Three dimensions take minutes. constants and
    paper prove the claims that they name, from the folder proofs; verdicts=0 leaves that out.
    """
    from boundcheck.exact.storage import write_atomically
    from boundcheck.report.tables.formats import FORMATS, format_of
    from boundcheck.report.tables.registry import TABLES
    from boundcheck.report.tables.registry import table as make

    if not name and output is None:
        for title, entry in TABLES.items():
            typer.echo(f"{title:<14} {entry.says}")
        return
    chosen = format_of(form, output)
    if output is not None:
        _check_writable(output)
    with _spinner("computing") as show:
        text = FORMATS[chosen](make(name, settings or [], show))
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(output, text)
        typer.echo(f"written to {output}")


@app.command()
def constants(
    theorem: Annotated[
        str,
        typer.Argument(
            metavar="[THEOREM]", help="shallow, ratio, covering, oracle, ddpm or end_to_end; default: list them."
        ),
    ] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE[,NAME=VALUE...]", help="Parameters, exact.")
    ] = None,
    digits: Annotated[int, typer.Option(help="Significant digits.", min=1, max=1000)] = 12,
    as_json: Json = False,
) -> None:
    """Evaluate the constants of a theorem: enclosures, rounded outward."""
    from rich.console import Console

    from boundcheck.exact.settings import parse_settings
    from boundcheck.report import constants as report
    from boundcheck.theory.constants import THEOREMS, evaluate

    given = parse_settings(settings or [])
    if not theorem:
        if given:
            raise BoundcheckError(f"--set needs a theorem: boundcheck constants {'|'.join(THEOREMS)} --set ...")
        if as_json:
            typer.echo(json.dumps(report.theorems_as_json(), indent=1))
        else:
            report.print_theorems(Console())
        return
    with _spinner("evaluating"):
        found = evaluate(theorem, given, digits)
    if as_json:
        typer.echo(json.dumps(report.as_json(found, digits), indent=1))
    else:
        report.print_constants(Console(), found, digits)


@app.command()
def bound(
    *,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A TOML file with [data], [schedule], [network], [sample].")
    ] = None,
    settings: Set = None,
    digits: Annotated[int, typer.Option(help="Significant digits.", min=1, max=30)] = 5,
    as_json: Json = False,
) -> None:
    """Bound the excess risk of a diffusion model with learnt predictors, term by term.

    \b
    What --set takes, and a configuration file in the tables named:
      [data]      d, B, second_moment; or atoms, masses; or data (a CSV file of points)
      [schedule]  schedule=linear (T, beta_1, beta_T) or cosine (T, s, most); or betas; variance, sigmas2
      [network]   M
      [sample]    m, eps, first, sharp

    --set wins over the file. Lists are separated by ";", coordinates by ":", as in --set "atoms=0:0;1/2:-1/2".
    """
    from rich.console import Console

    from boundcheck.exact.settings import Settings, parse_settings
    from boundcheck.report import bound as report
    from boundcheck.theory.problem import PARAMETERS, problem_of, read_config

    given = (read_config(config) if config else {}) | parse_settings(settings or [])
    problem = problem_of(Settings.checked("bound", given, PARAMETERS))
    with _spinner("evaluating") as show:
        found = report.Bound.of(problem, given, show)
    if as_json:
        typer.echo(json.dumps(report.as_json(found, digits), indent=1))
    else:
        report.print_bound(Console(), found, digits)


@app.command()
def experiment(
    name: Annotated[str, typer.Argument(metavar="NAME", help="ddpm or erm.")],
    *,
    settings: Set = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where the numbers go: FILE.json.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Where a picture goes: FILE.svg, .pdf or .png.")
    ] = None,
) -> None:
    """Measure diffusion models with constructed (ddpm) or trained (erm) ratio networks, beside their bounds.

    \b
    What --set takes; each has a default:
      ddpm  atoms, weights, B, schedule, T, beta_1, beta_T, s, most, betas, k, reach, c, M, samples, seed
      erm   atoms, weights, B, abar, k, reach, c, M, m, repeats, steps, seed

    A table goes to standard output, all numbers to the file; boundcheck table measured --set file=FILE.json reads them
    again. Exit code 1: something that was measured is above its bound.
    """
    from boundcheck.exact.storage import write_atomically
    from boundcheck.experiments.catalogue import run as measure
    from boundcheck.experiments.document import all_hold, text
    from boundcheck.report.measured import table
    from boundcheck.report.plots import checked, plot
    from boundcheck.report.tables.formats import FORMATS

    for path in (output, picture and checked(picture)):
        if path is not None:
            _check_writable(path)
    with _spinner("measuring") as show:
        found = measure(name, settings or [], show)
    if picture is not None:
        write_atomically(picture, plot(found, picture.suffix))
    if output is not None:
        write_atomically(output, text(found))
    typer.echo(FORMATS["markdown"](table(found)), nl=False)
    if not all_hold(found):
        raise typer.Exit(1)


@contextmanager
def _spinner(text: str) -> Iterator[Callable[[str], None]]:
    """Progress on the error stream, where that is a terminal; what it yields changes the text."""
    from rich.console import Console

    try:
        with Console(stderr=True).status(text) as display:
            yield display.update
    except KeyboardInterrupt:  # typer would end without a word
        raise typer.Exit(_interrupted()) from None


def _collect(paths: list[str] | None) -> Collection:
    from pathlib import Path

    from boundcheck.claims.collect import collect

    if not paths and not Path("proofs").exists():
        raise BoundcheckError(
            "there is no folder proofs here; name the proof files or claims files: boundcheck verify PATH"
        )
    found = collect(paths or ["proofs"])
    if not found.claims and not found.broken:
        raise BoundcheckError(
            f"no claims in {', '.join(paths or ['proofs'])}; a proof file has functions decorated with @claim"
        )
    return found


def _print_json(
    claims: list[dict[str, Any]], chosen: Collection, interrupted: bool, found: Sequence[Change] | None = None
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


def _check_budget(budget: float) -> None:
    if not 0 < budget < float("inf"):
        raise BoundcheckError(f"--budget is {budget}; it must be a positive number of seconds")


def _exit_code(results: tuple[Result, ...], broken: bool, worse: bool) -> int:
    codes = {r.verdict.exit_code for r in results} | ({BAD_INPUT} if broken else set()) | ({1} if worse else set())
    return next((code for code in (1, BAD_INPUT, 2) if code in codes), 0)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        return app(arguments, standalone_mode=False) or 0
    except BoundcheckError as error:
        message = str(error)
    except typer.TyperException as error:
        message = f"{error.format_message()} (see boundcheck --help)"
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except SystemExit:  # how typer and rich leave a closed pipe, with a code that would read as "refuted"
        return CLOSED_PIPE
    except OSError as error:
        message = f"{error}; the system refused that: free what it lacks, or write to another place"
    except Exception as error:
        if any(isinstance(e, KeyboardInterrupt) for e in _causes(error)):  # so it leaves callbacks of python-flint
            return _interrupted()
        traceback.print_exc()
        typer.echo("error: this is a bug in boundcheck, not a verdict; please report it", err=True)
        return INTERNAL_ERROR
    typer.echo(f"error: {message}", err=True)
    return BAD_INPUT


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _interrupted() -> int:
    typer.echo("interrupted", err=True)
    return INTERRUPTED


def run() -> None:
    """The entry point of the installed command."""
    sys.exit(main())


if __name__ == "__main__":
    run()
