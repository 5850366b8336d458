"""Tables of what experiments measured, beside their bounds."""

from __future__ import annotations

from pathlib import Path

from boundcheck.documents import Document
from boundcheck.report.tables.conditional_table import CONDITIONAL, conditional_table
from boundcheck.report.tables.lists import Watch
from boundcheck.report.tables.measured_cells import (
    DRAWS,
    MEASURED,
    largest_change,
    of_document,
    quotient,
    rounded_up,
    short,
    verdict,
)
from boundcheck.report.typeset.table import Cell, Table
from boundcheck.settings import Settings

_CHAIN = (
    "learnt_steps.one_step, diffusion_chain.error_decomposition, diffusion_steps.prior_term, "
    "diffusion_chain.divergence_by_information, information.affine_predictor, "
    "information.error_for_atoms, information.information_of_atoms and "
    "total_variation.total_variation"
)


def from_file(given: Settings, watch: Watch) -> Table:
    """The table of the document in `file`."""
    from boundcheck.experiments.record import load

    watch("reading")
    return table(load(Path(given.text("file"))))


def table(found: Document) -> Table:
    """The table of a document, see `boundcheck.experiments.record.load`.

    ddpm: a row for each t with ᾱ_t, w_t, the gap E|x̂_0(x_t) - E[x_0|x_t]|², its bound, and how they
    compare; then what the step costs. erm: a row for each m with the excess risk and its bound.
    classes, values: see `conditional_table`.
    """
    experiment = found["experiment"]
    if experiment in CONDITIONAL:
        return conditional_table(found)
    return {"ddpm": _ddpm, "erm": _erm}[experiment](found)


def _ddpm(found: Document) -> Table:
    columns = (
        "t",
        "alpha_bar",
        "w",
        "neurons",
        "gap, measured",
        "gap, bound",
        "bound / measured",
        "w gap, measured",
        "w gap, bound",
        "predictor 0",
        "Bayes step, measured",
        "Bayes step, bound",
    )
    rows: list[tuple[Cell, ...]] = []
    for row in found["rows"]:
        seen, bound = row["measured"], row["bound"]
        rows.append(
            (
                row["t"],
                short(row["alpha_bar"]),
                short(row["w"]),
                row["neurons"],
                short(seen["gap"]),
                rounded_up(bound["gap"]),
                quotient(bound["gap"], seen["gap"]),
                short(seen["excess"]),
                rounded_up(bound["excess"]),
                rounded_up(bound["trivial"]),
                short(seen["bayes_step"]),
                rounded_up(bound["bayes_step"]),
            )
        )
    seen, bound = found["total"]["measured"], found["total"]["bound"]
    terms = ", ".join(
        f"{words} {short(seen[name])} (bound {rounded_up(bound[name])})"
        for words, name in (
            ("prior", "prior"),
            ("Bayes steps", "bayes_steps"),
            ("excess", "excess"),
        )
    )
    notes = (
        (
            f"The divergence of x_1 from what is generated: {short(seen['divergence'])} "
            f"measured, with the bound {rounded_up(bound['divergence'])}. Its terms: {terms}; "
            f"the measured ones have the sum {short(seen['sum'])}. In total variation it is "
            f"{short(seen['total_variation'])} measured (bound "
            f"{rounded_up(bound['total_variation'])})."
        ),
        (
            "w gap is what a step costs more than with the Bayes predictor; a bound that is "
            "larger than that of the predictor 0 says nothing. The document has E|x_0 - "
            "E[x_0|x_t]|^2 and the information I(x_0; x_t) of every step, with their bounds."
        ),
        (
            f"{found['settings']['samples']} samples are within "
            f"{short(found['total']['histogram']['distance'])} of the computed density, "
            "in total variation over bins."
        ),
        DRAWS,
        MEASURED.format(change=largest_change(found), claims=_CHAIN),
        verdict(found),
    )
    return Table(
        "measured",
        "A diffusion model with constructed predictors",
        columns,
        tuple(rows),
        notes,
        of_document(found),
        "ddpm",
    )


def _erm(found: Document) -> Table:
    columns = (
        "m",
        "k",
        "parameters",
        "excess risk, measured",
        "largest draw, measured",
        "construction, measured",
        "estimation, bound",
        "excess risk, bound",
        "bound / measured",
        "by theorems alone, bound",
    )
    rows: list[tuple[Cell, ...]] = []
    for row in found["rows"]:
        seen, bound = row["measured"], row["bound"]
        rows.append(
            (
                row["m"],
                row["k"],
                row["parameters"],
                short(seen["mean"]),
                short(max(seen["excess"])),
                short(seen["comparator"]),
                rounded_up(bound["estimation"]),
                rounded_up(bound["excess"]),
                quotient(bound["excess"], seen["mean"]),
                rounded_up(bound["proved"]),
            )
        )
    total = found["total"]
    slope = total["measured"]["slope"]
    fit = (
        ""
        if slope is None
        else f"The measured excess risk falls like m^{slope:.2f} (least squares). "
    )
    notes = (
        f"{fit}The theory's exponent of m is {total['bound']['exponent']}, up to logarithms.",
        (
            f"The excess risk is the mean over {found['settings']['repeats']} draws of samples. "
            "Its bound is twice that of the construction, as measured, plus the estimation; "
            "under by theorems alone, the ratio theorem bounds the former, and the latter is that "
            "of the largest class that a draw can give."
        ),
        (
            f"The predictor 0 has at most {rounded_up(total['bound']['trivial'])}: a larger bound "
            "says nothing."
        ),
        DRAWS,
        MEASURED.format(change=largest_change(found), claims="learnt_steps.one_step"),
        verdict(found),
    )
    return Table(
        "measured",
        "Predictors trained on m samples",
        columns,
        tuple(rows),
        notes,
        of_document(found),
        "erm",
    )
