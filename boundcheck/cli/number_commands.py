"""The commands about numbers and networks: build, table, constants, bound, experiment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boundcheck.cli.app import Json, Set, app, check_writable, spinner
from boundcheck.errors import BoundcheckError

if TYPE_CHECKING:
    from collections.abc import Callable

    from boundcheck.exact.networks.network import Network


@app.command()
def build(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="marginal, ratio, conditional, division or product."),
    ],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where it goes: a .json, .pt or .onnx file."
        ),
    ],
    dtype: Annotated[
        str | None,
        typer.Option(
            help=(
                "Of the weights in a .pt or .onnx file: float64 (default), float32, "
                "bfloat16 or float16."
            )
        ),
    ] = None,
    settings: Set = None,
    as_json: Json = False,
) -> None:
    """Build a network and save it: with its exact weights (.json), or rounded
    to nearest (.pt, .onnx).

    \b
    What --set takes; each has a default:
      marginal  atoms, masses, sigma, d, R, k, seed, M, corners, method, draws
      ratio     atoms, weights, abar, d, R, k, seed, M,
                c, C, b, gate, depth, output_clip
      conditional
                atoms, weights, d_x, sigma_x, sigma_y, R, k, seed, M,
                k_2, c, gate, depth, output_clip
      division  c, C, B, s, gate
      product   s, W

    Points are separated by ";" and their coordinates by ":", as in
    --set "atoms=0:0;1/2:-1/2,masses=1;-1/3".
    """
    from boundcheck.constructions.builders import build

    save = _writer(output, dtype)
    with spinner("building"):
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
    """What saves a network in a file; it refuses, before anything is built,
    what could not be written."""
    if path.suffix not in (".json", ".pt", ".onnx"):
        raise BoundcheckError(
            f"cannot write {str(path)!r}: networks are written as .json, .pt or .onnx; "
            "name a file such as net.json"
        )
    check_writable(path)
    if path.suffix == ".json":
        if dtype is not None:
            raise BoundcheckError(
                f"--dtype {dtype[:60]}: a .json file keeps the exact weights; leave --dtype out, "
                "or write .pt or .onnx"
            )
        return lambda net: net.save(path)
    from boundcheck.torchnet.export import SAVERS

    check, save = SAVERS[path.suffix]
    target = check(dtype or "float64")
    return lambda net: save(net, path, target.name)


@app.command()
def table(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="A table; default: list them.")
    ] = "",
    *,
    settings: Set = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="markdown, latex, csv or json; default: as FILE is called.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="FILE.md, .tex, .csv or .json; default: standard output.",
        ),
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
      class_rates    d, d_y
      positivity     t, and what boundcheck bound takes
      noise          schedules, T, files, stop, and what boundcheck bound takes
      measured       file, what boundcheck experiment wrote

    k and n are lists in shallow, better and errors, as in --set "d=2,k=2;4;8". Points are separated
    by ";" and their coordinates by ":", as in --set "atoms=0:0;1/2:-1/2,masses=1;-1/3". Three
    dimensions take minutes. constants and paper prove the claims that they name, from the folder
    proofs, here or as it comes with boundcheck; verdicts=0 leaves that out.
    """
    from boundcheck.documents import write_atomically
    from boundcheck.report.tables.registry import TABLES
    from boundcheck.report.tables.registry import table as make
    from boundcheck.report.typeset.formats import FORMATS, format_of

    if not name and output is None:
        for title, entry in TABLES.items():
            typer.echo(f"{title:<14} {entry.says}")
        return
    chosen = format_of(form, output)
    if output is not None:
        check_writable(output)
    with spinner("computing") as show:
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
            metavar="[THEOREM]",
            help="shallow, ratio, conditional, covering, oracle, ddpm or end_to_end; "
            "default: list them.",
        ),
    ] = "",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE[,NAME=VALUE...]", help="Parameters, exact."),
    ] = None,
    digits: Annotated[int, typer.Option(help="Significant digits.", min=1, max=1000)] = 12,
    as_json: Json = False,
) -> None:
    """Evaluate the constants of a theorem: enclosures, rounded outward."""
    from rich.console import Console

    from boundcheck.report import constants_text as report
    from boundcheck.settings import parse_settings
    from boundcheck.theory.theorems.constants import THEOREMS, evaluate

    given = parse_settings(settings or [])
    if not theorem:
        if given:
            raise BoundcheckError(
                f"--set needs a theorem: boundcheck constants {'|'.join(THEOREMS)} --set ..."
            )
        if as_json:
            typer.echo(json.dumps(report.theorems_as_json(), indent=1))
        else:
            report.print_theorems(Console())
        return
    with spinner("evaluating"):
        found = evaluate(theorem, given, digits)
    chosen = THEOREMS[theorem]
    shown_in = chosen.shown_in(chosen.read(given))
    if as_json:
        typer.echo(json.dumps(report.as_json(found, shown_in, digits), indent=1))
    else:
        used = {p.name: given.get(p.name, p.default) for p in chosen.parameters}
        shown = {n: str(v) for n, v in used.items() if v is not None}
        report.print_constants(Console(), found, shown_in, digits, shown)


@app.command()
def bound(
    *,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A TOML file with [data], [schedule], [network], [sample]; or the "
            "scheduler_config.json of diffusers.",
        ),
    ] = None,
    settings: Set = None,
    digits: Annotated[int, typer.Option(help="Significant digits.", min=1, max=30)] = 5,
    as_json: Json = False,
) -> None:
    """Bound the excess risk of a diffusion model with learnt predictors, term by term.

    \b
    What --set takes, and a configuration file in the tables named:
      [data]      d, B, second_moment, fisher (the data have a density: E|grad log p_0|^2 is at
                  most that, and the model goes on to x_0); or atoms, weights; or data (a CSV file
                  of points); classes, one for each atom: the bound for a model that knows the
                  class, too
      [schedule]  schedule=linear, scaled_linear, sigmoid (T, beta_1, beta_T) or
                  cosine (T, s, most); or
                  betas; zero_snr=1 (rescaled to alpha_bar_T = 0); variance=posterior, beta,
                  best (for the affine predictor), or sigmas2
      [network]   M; depth, width, theta of networks of your own
      [sample]    m, eps, first

    \b
    The terms of the excess, for each class of predictors:
      approximation  the networks are not the Bayes predictor
      net, samples   what m samples do not tell apart: the radius of a net of the networks,
                     and its size
      optimisation   the empirical risk misses its minimum by eps
      off_box        the predictors are 0 outside a box

    --set wins over the file. Lists are separated by ";", coordinates by ":", as in
    --set "atoms=0:0;1/2:-1/2".
    """
    from rich.console import Console

    from boundcheck.report import bound as report
    from boundcheck.report.class_bound import ClassBound, class_bound_as_json, print_class_bound
    from boundcheck.settings import Settings, parse_settings
    from boundcheck.theory.risk.conditions.class_risk import split
    from boundcheck.theory.risk.problem_files import read_config
    from boundcheck.theory.risk.risk_problem import PARAMETERS, problem_of

    given = (read_config(config) if config else {}) | parse_settings(settings or [])
    checked = Settings.checked("bound", given, PARAMETERS)
    problem = problem_of(checked)
    classes = split(checked) if checked.has("classes") else ()
    with spinner("evaluating") as show:
        found = report.Bound.of(problem, given, show)
        known = ClassBound.of(classes, show) if classes else None
    if as_json:
        shown = report.as_json(found, digits)
        if known is not None:
            shown["with_classes"] = class_bound_as_json(known, digits)
        typer.echo(json.dumps(shown, indent=1))
    else:
        report.print_bound(Console(), found, digits)
        if known is not None:
            print_class_bound(Console(), known, digits)


@app.command()
def experiment(
    name: Annotated[str, typer.Argument(metavar="NAME", help="ddpm, erm, classes or values.")],
    *,
    settings: Set = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where the numbers go: FILE.json."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--plot", metavar="FILE", help="Where a picture goes: FILE.svg, .pdf or .png."
        ),
    ] = None,
) -> None:
    """Measure diffusion models with constructed (ddpm) or trained (erm) ratio
    networks, and models that know a class (classes, trained) or a noisy value
    (values, constructed) of each image, beside their bounds.

    \b
    What --set takes; each has a default:
      ddpm     atoms, weights, B, schedule, T, beta_1, beta_T, s, most, betas,
               network, k, reach, c, M, n, Lambda, samples, seed
      erm      atoms, weights, B, abar, k, reach, c, M, m, repeats, steps, seed
      classes  atoms, weights, B, classes, the schedule, m, repeats, steps, n,
               reach, seed
      values   atoms, weights, B, values, tau, the schedule, k, reach, c, M, seed

    A table goes to standard output, all numbers to the file; boundcheck table measured --set
    file=FILE.json reads them again. Exit code 1: something that was measured is above its bound.
    """
    from boundcheck.rims import needed

    needed("torch", "boundcheck experiment")
    from boundcheck.documents import write_atomically
    from boundcheck.experiments.record import all_hold, text
    from boundcheck.experiments.runs import run as measure
    from boundcheck.report.plots import checked, plot
    from boundcheck.report.tables.measured_table import table
    from boundcheck.report.typeset.formats import FORMATS

    for path in (output, picture and checked(picture)):
        if path is not None:
            check_writable(path)
    with spinner("measuring") as show:
        found = measure(name, settings or [], show)
    if picture is not None:
        write_atomically(picture, plot(found, picture.suffix))
    if output is not None:
        write_atomically(output, text(found))
    typer.echo(FORMATS["markdown"](table(found)), nl=False)
    if not all_hold(found):
        raise typer.Exit(1)
