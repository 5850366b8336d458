"""Noise schedules as the library diffusers writes them: scheduler_config.json, not trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boundcheck.errors import BoundcheckError, did_you_mean

_SCHEDULES = {
    "linear": "linear",
    "scaled_linear": "scaled_linear",
    "sigmoid": "sigmoid",
    "squaredcos_cap_v2": "cosine",
}
"""Their names of schedules, and ours; the last one has s = 0.008 and betas of at most 0.999."""
_VARIANCES = {
    "fixed_small": "posterior",
    "fixed_small_log": "posterior",
    "fixed_large": "beta",
    "fixed_large_log": "beta",
}
_REMEDY = "write the schedule into a TOML file, in [schedule]"


def read_scheduler(path: Path, text: str) -> dict[str, str]:
    """The parameters of `schedule_of` in such a file: `beta_schedule`, `num_train_timesteps`,
    `beta_start`, `beta_end`, `trained_betas`, `rescale_betas_zero_snr`, `variance_type`; decimals
    are exact. The bound is of the steps of DDPM: other samplers are refused. What else is in the
    file is not read.

    Raises:
        BoundcheckError: no JSON, no scheduler of diffusers, another sampler, or a schedule that is
            not known.

    >>> text = '{"beta_schedule": "scaled_linear", "beta_end": 0.02}'
    >>> read_scheduler(Path("scheduler_config.json"), text)
    {'schedule': 'scaled_linear', 'beta_T': '0.02'}
    """
    try:
        document = json.loads(text, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BoundcheckError(f"--config {path} is no JSON: {error}") from None
    if not isinstance(document, dict) or not {"beta_schedule", "trained_betas"} & document.keys():
        raise BoundcheckError(
            f"--config {path} has no beta_schedule, so that it is no scheduler_config.json of "
            f"diffusers; {_REMEDY}"
        )
    if document.get("_class_name", "DDPMScheduler") != "DDPMScheduler":
        raise BoundcheckError(
            f"{path} is of {str(document['_class_name'])[:40]!r}, and the bound is of "
            f"DDPMScheduler, which may have the same betas; to ask about that, {_REMEDY}"
        )
    found: dict[str, str] = {}
    betas = document.get("trained_betas")
    if betas is not None:
        if not isinstance(betas, list) or not all(_number(b) for b in betas):
            raise BoundcheckError(f"{path}: trained_betas is no list of numbers")
        found["betas"] = ";".join(map(str, betas))
    else:
        found["schedule"] = _chosen(document, "beta_schedule", _SCHEDULES, path)
        wanted = {"num_train_timesteps": "T"}
        if found["schedule"] != "cosine":
            wanted |= {"beta_start": "beta_1", "beta_end": "beta_T"}
        for theirs, ours in wanted.items():
            if document.get(theirs) is not None:
                if not _number(document[theirs]):
                    raise BoundcheckError(f"{path}: {theirs} is no number")
                found[ours] = str(document[theirs])
    if document.get("rescale_betas_zero_snr"):
        found["zero_snr"] = "1"
    if document.get("variance_type") is not None:
        found["variance"] = _chosen(document, "variance_type", _VARIANCES, path)
    return found


def _chosen(document: Mapping[str, Any], key: str, names: Mapping[str, str], path: Path) -> str:
    value = document[key]
    if not isinstance(value, str) or value not in names:
        shown = str(value)[:40]
        raise BoundcheckError(
            f"{path}: {key} = {shown!r} is not known; there are {', '.join(names)}"
            f"{did_you_mean(shown, names)}; otherwise {_REMEDY}"
        )
    return names[value]


def _number(value: object) -> bool:
    """An integer, or a decimal, which is read as a text; `schedule_of` reads it."""
    return isinstance(value, (int, str)) and not isinstance(value, bool)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")
