"""The noise schedule of an experiment."""

from __future__ import annotations

from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings
from boundcheck.theory.risk.schedules import Step, schedule_of, settings_of

PARAMETERS = ("schedule", "T", "beta_1", "beta_T", "s", "most", "betas")
"""What `noise_of` reads."""
MOST_STEPS = 100
BITS = 128
_ENDS = {"T": "10", "beta_1": "1/10", "beta_T": "3/5"}
_DEFAULTS = {"cosine": {"T": "10"}, **dict.fromkeys(("linear", "scaled_linear", "sigmoid"), _ENDS)}


def noise_of(given: Settings) -> tuple[dict[str, str], tuple[Step, ...]]:
    """The settings of the schedule, defaults among them, and its steps.

    Raises:
        BoundcheckError: what `schedule_of` refuses; a single step or more than `MOST_STEPS`, or one
            that leaves nothing but noise.
    """
    texts = {name: given.text(name) for name in PARAMETERS if given.has(name)}
    if "betas" not in texts:
        texts = _DEFAULTS.get(texts.get("schedule", "linear"), {}) | texts
    schedule = schedule_of(Settings(given.of, texts))
    if not 2 <= schedule.T <= MOST_STEPS:
        raise BoundcheckError(
            f"T = {schedule.T} steps; the experiment stops at x_1 and takes 2 to "
            f"{MOST_STEPS} of them"
        )
    steps = schedule.steps(BITS)
    if steps[-1].alpha_bar == 0:
        raise BoundcheckError(
            "the last beta is 1, so that x_T is noise alone and its predictor a constant; the "
            "experiment builds a network for each step: take a smaller one"
        )
    used = settings_of(Settings(given.of, texts))
    return {name: text for name, text in used.items() if name in PARAMETERS}, steps
