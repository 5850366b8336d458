"""Tables of what experiments measured, beside their bounds."""

from __future__ import annotations

from pathlib import Path

from boundcheck.documents import Document
from boundcheck.exact.terms.rational import decimal
from boundcheck.report.tables.lists import Watch
from boundcheck.report.typeset.table import Cell, Table, at_most
from boundcheck.settings import Settings

_MEASURED = (
    "Measured: quadrature in float64 at two resolutions, no proof; the change between them is "
    "{change} at most. Bounds are evaluated in balls and rounded up; their formulas are shown in "
    "{claims}."
)
_CHAIN = (
    "end_to_end.one_step, diffusion_chain.error_decomposition, diffusion_steps.prior_term, "
    "diffusion_chain.divergence_by_information, information.affine_predictor, "
    "information.error_for_atoms, information.information_of_atoms and total_variation.total_variation"
)
_DRAWS = (
    "Bounds of networks are those of the ideal construction, in the mean over draws; "
    "one draw was measured."
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
    """
    return {"ddpm": _ddpm, "erm": _erm}[found["experiment"]](found)


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
                _short(row["alpha_bar"]),
                _short(row["w"]),
                row["neurons"],
                _short(seen["gap"]),
                _up(bound["gap"]),
                _ratio(bound["gap"], seen["gap"]),
                _short(seen["excess"]),
                _up(bound["excess"]),
                _up(bound["trivial"]),
                _short(seen["bayes_step"]),
                _up(bound["bayes_step"]),
            )
        )
    seen, bound = found["total"]["measured"], found["total"]["bound"]
    terms = ", ".join(
        f"{words} {_short(seen[name])} (bound {_up(bound[name])})"
        for words, name in (
            ("prior", "prior"),
            ("Bayes steps", "bayes_steps"),
            ("excess", "excess"),
        )
    )
    notes = (
        (
            f"The divergence of x_1 from what is generated: {_short(seen['divergence'])} "
            f"measured, with the bound {_up(bound['divergence'])}. Its terms: {terms}; "
            f"the measured ones have the sum {_short(seen['sum'])}. In total variation it is "
            f"{_short(seen['total_variation'])} measured (bound {_up(bound['total_variation'])})."
        ),
        (
            "w gap is what a step costs more than with the Bayes predictor; a bound that is "
            "larger than that of the predictor 0 says nothing. The document has E|x_0 - "
            "E[x_0|x_t]|^2 and the information I(x_0; x_t) of every step, with their bounds."
        ),
        (
            f"{found['settings']['samples']} samples are within "
            f"{_short(found['total']['histogram']['distance'])} of the computed density, "
            "in total variation over bins."
        ),
        _DRAWS,
        _MEASURED.format(change=_largest(found), claims=_CHAIN),
        _verdict(found),
    )
    return Table(
        "measured",
        "A diffusion model with constructed predictors",
        columns,
        tuple(rows),
        notes,
        _of(found),
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
                _short(seen["mean"]),
                _short(max(seen["excess"])),
                _short(seen["comparator"]),
                _up(bound["estimation"]),
                _up(bound["excess"]),
                _ratio(bound["excess"], seen["mean"]),
                _up(bound["proved"]),
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
            f"The predictor 0 has at most {_up(total['bound']['trivial'])}: a larger bound "
            "says nothing."
        ),
        _DRAWS,
        _MEASURED.format(change=_largest(found), claims="end_to_end.one_step"),
        _verdict(found),
    )
    return Table(
        "measured",
        "Predictors trained on m samples",
        columns,
        tuple(rows),
        notes,
        _of(found),
        "erm",
    )


def _of(found: Document) -> dict[str, str]:
    return {"experiment": found["experiment"], **found["settings"]}


def _short(value: float) -> str:
    """A measured number with four digits, in the spelling of bounds."""
    text = f"{value:.4g}"
    return text.replace("e-0", "e-").replace("e+0", "e+")


def _up(bound: str) -> str:
    return at_most(decimal(bound))


def _ratio(bound: str, measured: float) -> str:
    return _short(float(bound) / measured) if measured > 0 else ""


def _largest(found: Document) -> str:
    return _short(max(row["measured"]["change"] for row in found["rows"]))


def _verdict(found: Document) -> str:
    over = [row for row in (*found["rows"], found["total"]) if not row["holds"]]
    return f"Measured numbers above their bounds: {len(over) or 'none'}."
