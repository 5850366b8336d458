"""The diffusion model, for `boundcheck constants ddpm`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.balls import Balls
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term
from boundcheck.math import Min, Sum, symbols
from boundcheck.settings import Settings
from boundcheck.theory.formulas import diffusion, information
from boundcheck.theory.formulas.diffusion import T, alpha_bar, beta, t, w
from boundcheck.theory.risk.bayes_error import bayes_steps as sum_of_bayes_steps
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.risk.schedules import (
    KINDS,
    MOST_STEPS,
    PARAMETERS,
    VARIANCES,
    Schedule,
    Step,
    schedule_of,
)
from boundcheck.theory.theorems.theorem import (
    Constant,
    Numbers,
    Parameter,
    Theorem,
    Values,
    Word,
    integer,
    positive,
)

_EITHER, _LISTED = "posterior or beta", "numbers separated by ;"
prior_term, bayes_steps, alpha_bar_T = symbols("prior_term bayes_steps alpha_bar_T")
_COSINE_BEFORE = diffusion.COSINE.subs(t, t - 1)
_BETA = {
    "linear": diffusion.LINEAR,
    "scaled_linear": diffusion.SCALED_LINEAR,
    "sigmoid": diffusion.SIGMOID,
    "cosine": Min(1 - diffusion.COSINE / _COSINE_BEFORE, diffusion.most),
    "given": beta,
}


_PRODUCT = r"\prod_{t=1}^{T} \left(1 - \beta_t\right)"


def _share(name: str, *, meaning: str, last: bool = False) -> Parameter:
    admissible = f"0 < {name} <= 1" if last else f"0 < {name} < 1"
    return Parameter(
        name,
        meaning=meaning,
        admissible=admissible,
        holds=lambda v: 0 < v < 1 or (last and v == 1),
    )


def _schedule(numbers: Numbers) -> Schedule:
    return schedule_of(
        Settings("ddpm", {name: str(numbers[name]) for name in PARAMETERS if name in numbers})
    )


def _problem(numbers: Numbers) -> Problem:
    """Of data with this second moment; no bound here depends on samples or networks."""
    d, B = int(numbers["d"]), numbers["B"]
    moment = numbers.get("second_moment", d * B**2)
    return Problem(
        d=d,
        B=B,
        second_moment=moment,
        spread=moment,
        rank=d,
        atoms=(),
        fisher=None,
        schedule=_schedule(numbers),
        m=1,
        M=fmpq(1),
        eps=fmpq(0),
        first=2,
    )


def _check(numbers: Numbers) -> None:
    _schedule(numbers)
    most = numbers["d"] * numbers["B"] ** 2
    if "second_moment" in numbers and numbers["second_moment"] > most:
        raise BoundcheckError(
            f"second_moment = {numbers['second_moment']} is above d B^2 = {most}, which bounds "
            "E|x_0|^2 already; leave it out or take a larger B"
        )


def _constants(numbers: Numbers) -> tuple[Constant, ...]:
    moment = Constant(
        "second_moment", formula=diffusion.d * diffusion.B**2, meaning="bound of E|x_0|^2"
    )
    prior = diffusion.PRIOR.subs(alpha_bar, alpha_bar_T)
    schedule = _schedule(numbers)
    rescaled = alpha_bar / diffusion.alpha_bar_before
    return (
        *(() if "second_moment" in numbers else (moment,)),
        Constant(
            "beta",
            formula=1 - rescaled if schedule.zero_snr else _BETA[schedule.kind],
            meaning="variance of the noise that step t adds",
            index="t",
        ),
        Constant(
            "alpha_bar",
            formula=diffusion.ZERO_SNR if schedule.zero_snr else diffusion.ALPHA_BAR,
            meaning="x_t is sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) noise",
            index="t",
        ),
        Constant(
            "snr", formula=diffusion.SNR, meaning="ratio of signal to noise in x_t", index="t"
        ),
        Constant(
            "sigma2", formula=diffusion.sigma2, meaning="variance of the reverse step", index="t"
        ),
        Constant(
            "from_data",
            formula=diffusion.FROM_DATA,
            meaning="coefficient of the predictor in the reverse step",
            index="t",
        ),
        Constant(
            "from_state",
            formula=diffusion.FROM_STATE,
            meaning="coefficient of x_t in the reverse step",
            index="t",
        ),
        Constant(
            "w",
            formula=diffusion.WEIGHT,
            meaning="what a squared error of the predictor costs",
            index="t",
        ),
        Constant(
            "mmse", formula=diffusion.MMSE, meaning="bound of E|x_0 - E[x_0|x_t]|^2", index="t"
        ),
        Constant(
            "alpha_bar_T",
            formula=alpha_bar_T,
            meaning="alpha_bar of the last step",
            shown=r"\prod_{t=1}^{T} \left(1 - \beta_t\right)",
        ),
        Constant("w_sum", formula=Sum(w, (t, 1, T)), meaning="sum of all w"),
        Constant(
            "w_sum_early",
            formula=Sum(w, (t, 2, T)),
            meaning="the same without t = 1: the model stops at x_1",
        ),
        Constant("prior_term", formula=prior, meaning="divergence of x_T from N(0, I), at most"),
        Constant(
            "bayes_steps",
            formula=Sum(information.BAYES_STEP, (t, 2, T)),
            meaning="divergence of the Bayes predictor's steps t >= 2, at most; w_best is w with "
            "sigma2 = posterior_variance, fall what the largest of w_best at t, ..., T loses "
            "from t to t + 1",
        ),
        Constant(
            "bayes_total",
            formula=prior_term + bayes_steps,
            meaning="divergence of x_1 from the Bayes predictor's model, at most",
        ),
    )


_KERNEL, _MEAN, _EXCESS = (
    ("noise_levels.forward_kernel",),
    ("diffusion_steps.posterior",),
    ("diffusion_chain.error_decomposition",),
)
_SHOWN_IN: dict[str, tuple[str, ...]] = {
    "alpha_bar": _KERNEL,
    "alpha_bar_T": _KERNEL,
    "snr": _KERNEL,
    "from_data": _MEAN,
    "from_state": _MEAN,
    "w": _EXCESS,
    "w_sum": _EXCESS,
    "w_sum_early": _EXCESS,
    "mmse": ("noise_levels.affine_predictor",),
    "prior_term": ("diffusion_steps.prior_term",),
    "bayes_steps": ("diffusion_chain.divergence_by_information",),
    "bayes_total": ("diffusion_chain.divergence_by_information",),
}


def _values(constants: tuple[Constant, ...], numbers: Numbers, bits: int) -> list[Values]:
    """Lists over the steps, sums over them, and what follows from both."""
    steps = _schedule(numbers).steps(bits)
    known: dict[str, Value] = {
        name: value for name, value in numbers.items() if isinstance(value, fmpq)
    }
    known["alpha_bar_T"] = steps[-1].alpha_bar
    known["bayes_steps"] = sum_of_bayes_steps(_problem(numbers), bits)
    found: list[Values] = []
    for c in constants:
        if c.name in Step._fields:
            found.append(tuple(getattr(step, c.name) for step in steps))
        elif c.index:
            found.append(tuple(_at_steps(c.formula, steps, known, bits)))
        else:
            known[c.name] = value = _scalar(c, steps, known, bits)
            found.append(value)
    return found


def _scalar(c: Constant, steps: Sequence[Step], known: Mapping[str, Value], bits: int) -> Value:
    if c.name in known:
        return known[c.name]
    if c.formula.op != "sum":
        return at_point(c.formula, known, bits)
    first = int(c.formula.args[0].payload.p)
    with ctx.workprec(bits):
        return sum(_at_steps(c.formula.payload.body, steps[first - 1 :], known, bits), arb(0))


def _at_steps(
    formula: Term, steps: Sequence[Step], known: Mapping[str, Value], bits: int
) -> list[arb]:
    """The formula at each step; its symbols are fields of `Step` or known."""
    with ctx.workprec(bits):
        shared = [arb(value) for value in known.values()]
        value = Balls(formula, (*Step._fields, *known), bits)
        return [value((*step, *shared)) for step in steps]


DDPM = Theorem(
    name="ddpm",
    says=(
        "the divergence KL(x_1 || model) is at most prior_term + bayes_steps + the sum over t >= "
        "2 of w_t times the mean of |predictor - E[x_0|x_t]|^2"
    ),
    parameters=(
        Word(
            "schedule",
            meaning="kind of noise schedule; linear by default",
            admissible="linear, scaled_linear, sigmoid or cosine",
            holds=KINDS.__contains__,
        ),
        integer("T", meaning="number of steps; 1000 by default", most=MOST_STEPS),
        _share("beta_1", meaning="first beta of the linear schedule; 1e-4 by default"),
        _share("beta_T", meaning="last beta of the linear schedule; 0.02 by default", last=True),
        Parameter(
            "s",
            meaning="offset of the cosine schedule; 0.008 by default",
            admissible="0 <= s <= 1",
            holds=lambda v: 0 <= v <= 1,
        ),
        _share("most", meaning="largest beta of the cosine schedule; 0.999 by default", last=True),
        Word(
            "betas",
            meaning="all betas of another schedule, such as 0.1;0.2",
            admissible=_LISTED,
            holds=bool,
        ),
        Parameter(
            "zero_snr",
            meaning="1: rescaled to alpha_bar_T = 0; 0 by default",
            admissible="0 or 1",
            holds=lambda v: v in (0, 1),
        ),
        Word(
            "variance",
            meaning="of the reverse steps; posterior by default",
            admissible=_EITHER,
            holds=VARIANCES.__contains__,
        ),
        Word(
            "sigmas2",
            meaning="the variances of the reverse steps",
            admissible=_LISTED,
            holds=bool,
        ),
        integer("d", meaning="dimension of the data", default="1"),
        positive("B", meaning="the data lie in [-B,B]^d", default="1"),
        Parameter(
            "second_moment",
            meaning="bound of E|x_0|^2; d B^2 by default",
            admissible="second_moment > 0",
            holds=lambda v: v > 0,
        ),
    ),
    constants=_constants,
    check=_check,
    values=_values,
    shown_in=lambda _: _SHOWN_IN,
)
