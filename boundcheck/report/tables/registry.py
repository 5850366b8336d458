"""The tables of `boundcheck table` by name: what each one shows, what parameters
it takes, how it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from boundcheck.errors import BoundcheckError, did_you_mean
from boundcheck.report.tables import (
    architectures_table as architectures,
)
from boundcheck.report.tables import (
    claim_verdicts as verdicts,
)
from boundcheck.report.tables import (
    comparisons_table as comparisons,
)
from boundcheck.report.tables import (
    constants_table as constants,
)
from boundcheck.report.tables import (
    errors_table as errors,
)
from boundcheck.report.tables import measured_table as measured
from boundcheck.report.tables import (
    noise_table as noise,
)
from boundcheck.report.tables import (
    paper_table as paper,
)
from boundcheck.report.tables import (
    positivity_table as positivity,
)
from boundcheck.report.tables import (
    rates_table as rates,
)
from boundcheck.report.tables.lists import Watch
from boundcheck.report.typeset.table import Table
from boundcheck.settings import Settings, parse_settings
from boundcheck.theory.theorems.constants import THEOREMS


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A table that can be made.

    Attributes:
        says: what it shows.
        parameters: what `--set` takes for it.
        make: makes it from these; refuses what is bad before any long work, and
            tells what it does next.
    """

    says: str
    parameters: tuple[str, ...]
    make: Callable[[Settings, Watch], Table]


_OF_THEOREMS = tuple(dict.fromkeys(p.name for t in THEOREMS.values() for p in t.parameters))

TABLES = {
    "shallow": Entry(
        says=(
            "for each k the bound of the shallow theorem and the certified error of its "
            "construction"
        ),
        parameters=(*comparisons.PARAMETERS, "k", "seed", "M"),
        make=comparisons.shallow,
    ),
    "better": Entry(
        says=(
            "for each number n of neurons (d = 1) the theorem, its construction and networks with "
            "poles"
        ),
        parameters=(*comparisons.PARAMETERS, "n", "seed", "M"),
        make=comparisons.better,
    ),
    "constants": Entry(
        says="every constant of a theorem: formula, value, label, claims that show it, verdict",
        parameters=(*constants.PARAMETERS, *_OF_THEOREMS),
        make=constants.constants,
    ),
    "architectures": Entry(
        says=(
            "depth, widths, parameters and largest weight of ratio networks beside the paper's "
            "claim"
        ),
        parameters=architectures.PARAMETERS,
        make=architectures.architectures,
    ),
    "errors": Entry(
        says=(
            "for each k certified errors of shallow and ratio networks beside the bounds of the "
            "theorems"
        ),
        parameters=errors.PARAMETERS,
        make=errors.errors,
    ),
    "rates": Entry(
        says="exponents in n and in m for several dimensions, and where the versions cross",
        parameters=rates.PARAMETERS,
        make=rates.rates,
    ),
    "class_rates": Entry(
        says="exponents of every class of predictors, beside the claims that show them",
        parameters=rates.CLASS_PARAMETERS,
        make=rates.class_rates,
    ),
    "positivity": Entry(
        says=(
            "the lower bound of f2 along the steps of a diffusion model, and the bounds of the risk"
        ),
        parameters=positivity.PARAMETERS,
        make=positivity.positivity,
    ),
    "noise": Entry(
        says="noise schedules beside each other: prior term, Bayes steps, excess, divergence",
        parameters=noise.PARAMETERS,
        make=noise.noise,
    ),
    "measured": Entry(
        says="what an experiment measured, beside the bounds: from a file",
        parameters=("file",),
        make=measured.from_file,
    ),
    "paper": Entry(
        says="the paper's claims P1 to P5: our reading, verdict and bound",
        parameters=verdicts.PARAMETERS,
        make=paper.paper,
    ),
}


def table(name: str, texts: Sequence[str] = (), watch: Watch = lambda _: None) -> Table:
    """The table `name` with the parameters in `texts`, such as "d=2,k=2;4;8";
    the others have their defaults.

    Raises:
        BoundcheckError: an unknown name or parameter, or a value that is refused; before
            any long work.
    """
    if name not in TABLES:
        raise BoundcheckError(
            f"{name[:60]!r} is no table; there are {', '.join(TABLES)}{did_you_mean(name, TABLES)}"
        )
    entry = TABLES[name]
    return entry.make(Settings.checked(name, parse_settings(texts), entry.parameters), watch)
