"""The tables of `boundcheck table` by name: what each one shows, what parameters
it takes, how it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

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


class Entry(NamedTuple):
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
        "for each k the bound of the shallow theorem and the certified error of its construction",
        (*comparisons.PARAMETERS, "k", "seed", "M"),
        comparisons.shallow,
    ),
    "better": Entry(
        "for each number n of neurons (d = 1) the theorem, its construction and "
        "networks with poles",
        (*comparisons.PARAMETERS, "n", "seed", "M"),
        comparisons.better,
    ),
    "constants": Entry(
        "every constant of a theorem: formula, value, label, where it is proved, verdict",
        (*constants.PARAMETERS, *_OF_THEOREMS),
        constants.constants,
    ),
    "architectures": Entry(
        "depth, widths, parameters and largest weight of ratio networks beside the paper's claim",
        architectures.PARAMETERS,
        architectures.architectures,
    ),
    "errors": Entry(
        "for each k certified errors of shallow and ratio networks beside the bounds of "
        "the theorems",
        errors.PARAMETERS,
        errors.errors,
    ),
    "rates": Entry(
        "exponents in n and in m for several dimensions, and where the versions cross",
        rates.PARAMETERS,
        rates.rates,
    ),
    "positivity": Entry(
        "the lower bound of f2 along the steps of a diffusion model, and the bounds of the risk",
        positivity.PARAMETERS,
        positivity.positivity,
    ),
    "measured": Entry(
        "what an experiment measured, beside the bounds: from a file",
        ("file",),
        measured.from_file,
    ),
    "paper": Entry(
        "the paper's claims P1 to P5: our reading, verdict and bound",
        verdicts.PARAMETERS,
        paper.paper,
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
