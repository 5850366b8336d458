"""The tables of experiments with models that know a condition."""

from __future__ import annotations

from boundcheck.documents import Document
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

CONDITIONAL = ("classes", "values")
"""The experiments."""
_COMMON = (
    "conditional_ddpm.knowing_more, bayes_predictor.error_of_a_predictor, off_box.tail, "
    "diffusion_chain.error_decomposition, diffusion_steps.prior_term, "
    "diffusion_chain.divergence_by_information, "
    "information.affine_predictor and information.error_for_atoms"
)
_CLAIMS = {
    "classes": (
        "class_learning.learned_in_a_class, spline_risk.one_step (excess), "
        "conditional_ddpm.predictor_of_a_class, spline_error.pointwise and "
        "spline_error.relative (guidance), "
        f"information.information_of_atoms, {_COMMON}"
    ),
    "values": (
        "conditional_ddpm.predictor_of_a_class, ratio_networks.weighted_network, "
        f"ratio_networks.positivity_free_network (excess), {_COMMON}"
    ),
}
_TITLES = {
    "classes": "A diffusion model that knows the class, trained on m samples",
    "values": "A diffusion model that knows a noisy value, with constructed predictors",
}
_TRAINED = (
    "Splines are trained on m samples for each step; numbers are means over the repeats and over "
    "the classes. The bound of w gap is that of boundcheck bound with classes, in the mean over "
    "samples. guidance: the error of P(y|x_t) as a quotient of splines, squared, summed over the "
    "classes."
)
_PAIRS = {"excess": "w gap", "loss": "loss", "bayes_step": "Bayes step", "guidance": "guidance"}


def conditional_table(found: Document) -> Table:
    """A row for each t with w_t times the gap E|x̂_0(x_t, y) - E[x_0|x_t, y]|², the loss
    E|x̂_0 - x_0|², E|x_0 - E[x_0|x_t, y]|² and what it is without y, the Bayes step and, with
    classes, the error of P(y|x_t); each beside its bound."""
    experiment = found["experiment"]
    guided = experiment == "classes"
    pairs = [name for name in _PAIRS if name != "guidance" or guided]
    columns = (
        *("t", "alpha_bar", "w", "predictors" if guided else "neurons", "predictor 0"),
        *(f"{_PAIRS[n]}, {what}" for n in pairs for what in ("measured", "bound")),
        *("w gap, bound / measured", "mmse, measured", "mmse without y, measured"),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in found["rows"]:
        seen, bound = row["measured"], row["bound"]
        cells = [c for n in pairs for c in (short(seen[n]), rounded_up(bound[n]))]
        rows.append(
            (
                row["t"],
                short(row["alpha_bar"]),
                short(row["w"]),
                row["predictors" if guided else "neurons"],
                rounded_up(bound["trivial"]),
                *cells,
                quotient(bound["excess"], seen["excess"]),
                short(seen["mmse"]),
                short(seen["mmse_alone"]),
            )
        )
    return Table(
        "measured",
        _TITLES[experiment],
        columns,
        tuple(rows),
        _notes(found, guided),
        of_document(found),
        experiment,
    )


def _notes(found: Document, guided: bool) -> tuple[str, ...]:
    seen, bound = found["total"]["measured"], found["total"]["bound"]
    names = {"prior": "prior", "bayes_steps": "Bayes steps", "excess": "excess"}
    terms = ", ".join(
        f"{words} {short(seen[n])} (bound {rounded_up(bound[n])})" for n, words in names.items()
    )
    return (
        (
            "The divergence of x_1 from what is generated for the same y, on average over y: "
            f"{short(seen['divergence'])} measured, with the bound "
            f"{rounded_up(bound['divergence'])}. Its terms: {terms}."
        ),
        _TRAINED if guided else DRAWS,
        MEASURED.format(change=largest_change(found), claims=_CLAIMS[found["experiment"]]),
        verdict(found),
    )
