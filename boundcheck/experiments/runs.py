"""The experiments by name: what is measured, beside what is proved to be a bound of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boundcheck.errors import BoundcheckError, did_you_mean
from boundcheck.experiments import class_experiment as classes
from boundcheck.experiments import ddpm_experiment as ddpm
from boundcheck.experiments import erm_experiment as erm
from boundcheck.experiments import value_experiment as values
from boundcheck.experiments.record import Watch
from boundcheck.settings import Settings, parse_settings
from boundcheck.torchnet.backend import torch

_EXPERIMENTS = {"ddpm": ddpm, "erm": erm, "classes": classes, "values": values}
NAMES = tuple(_EXPERIMENTS)
"""What `run` knows."""


def run(name: str, texts: Sequence[str] = (), watch: Watch = lambda _: None) -> dict[str, Any]:
    """The experiment `name` with the parameters in `texts`, such as "d=2,T=10";
    the others have their defaults.

    ddpm: a diffusion model whose predictors are constructed ratio networks, for d = 1 and d = 2.
    erm: predictors trained on m samples, for several m.
    classes: a diffusion model that knows the class, trained on m samples.
    values: one that knows a noisy value of each image, constructed.

    The result is what `document.text` writes and `document.load` reads. It is computed with one
    thread of torch, so that the same machine gives the same numbers again.

    Raises:
        BoundcheckError: an unknown name or parameter, or a value that is refused;
            before anything long begins.
    """
    if name not in _EXPERIMENTS:
        raise BoundcheckError(
            f"{name[:60]!r} is no experiment; there are "
            f"{', '.join(NAMES)}{did_you_mean(name, NAMES)}"
        )
    chosen = _EXPERIMENTS[name]
    given = Settings.checked(name, parse_settings(texts), chosen.PARAMETERS)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return chosen.run(given, watch)
    finally:
        torch.set_num_threads(threads)
