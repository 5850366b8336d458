"""The covering numbers, for `boundcheck constants covering`."""

from __future__ import annotations

from boundcheck.errors import BoundcheckError
from boundcheck.theory.formulas import covering
from boundcheck.theory.theorems.theorem import Constant, Numbers, Theorem, integer, positive

_SIZES = ("L", "W", "P")


def _check(values: Numbers) -> None:
    given = [name for name in _SIZES if name in values]
    if given and len(given) < len(_SIZES):
        missing = ", ".join(name for name in _SIZES if name not in values)
        raise BoundcheckError(
            f"{', '.join(given)} without {missing}; the class of all networks needs L, W and P: "
            "give all or none"
        )
    if given and values["Theta"] * (values["W"] + 1) < 1:
        raise BoundcheckError(
            f"Theta = {values['Theta']} and W = {values['W']}; the admissible range is "
            "Theta >= 1/(W + 1)"
        )


def _constants(values: Numbers) -> tuple[Constant, ...]:
    general = (
        Constant(
            "sensitivity",
            formula=covering.SENSITIVITY,
            meaning="output per change of the parameters, all networks of size L, W",
        ),
        Constant("argument", formula=covering.ARGUMENT, meaning="sensitivity Theta/delta"),
        Constant(
            "log_n",
            formula=covering.LOG_N,
            meaning="logarithm of the covering number at delta, all networks of size L, W, P",
        ),
        Constant(
            "log_n_smooth", formula=covering.LOG_N_SMOOTH, meaning="the same without the ceiling"
        ),
    )
    return (
        *(general if "L" in values else ()),
        Constant(
            "ratio_parameters",
            formula=covering.RATIO_PARAMETERS,
            meaning="parameters of the shallow layer with two outputs",
        ),
        Constant(
            "ratio_sensitivity",
            formula=covering.RATIO_SENSITIVITY,
            meaning="change of its outputs per change of its parameters",
        ),
        Constant(
            "lipschitz",
            formula=covering.LIPSCHITZ,
            meaning="Lipschitz constant of clips, division and output clip",
        ),
        Constant(
            "ratio_argument",
            formula=covering.RATIO_ARGUMENT,
            meaning="ratio_sensitivity lipschitz Theta/delta",
        ),
        Constant(
            "ratio_log_n",
            formula=covering.RATIO_LOG_N,
            meaning="logarithm of the covering number at delta, ratio networks",
        ),
        Constant(
            "ratio_log_n_smooth",
            formula=covering.RATIO_LOG_N_SMOOTH,
            meaning="the same without the ceiling",
        ),
    )


_ALL = ("covering.covering_number",)
_RATIO = ("ratio_covering.ratio_covering_number",)
_SHOWN_IN: dict[str, tuple[str, ...]] = {
    "sensitivity": ("sensitivity.sensitivity",),
    "argument": _ALL,
    "log_n": _ALL,
    "log_n_smooth": ("covering.covering_number_without_ceiling",),
    "ratio_parameters": _RATIO,
    "ratio_sensitivity": ("ratio_covering.change_of_the_shallow_layer",),
    "lipschitz": ("ratio_tail.change_of_the_tail",),
    "ratio_argument": _RATIO,
    "ratio_log_n": _RATIO,
    "ratio_log_n_smooth": ("ratio_covering.ratio_covering_number_without_ceiling",),
}

COVERING = Theorem(
    name="covering",
    says=(
        "some exp(ratio_log_n) networks of the ratio theorem (n shallow neurons, parameters in "
        "[-Theta,Theta], then clips, division and output clip without free parameters) come "
        "within delta of every other one, for all |x|_oo <= R0; and exp(log_n) do among all "
        "networks with L hidden layers, widths and input dimension at most W and P parameters"
    ),
    parameters=(
        integer("d", meaning="dimension", default="1"),
        integer("n", meaning="neurons of the shallow layer", default="32"),
        positive("Theta", meaning="bound of the parameters", default="8"),
        positive("R0", meaning="half the side of the box [-R0,R0]^d", default="1"),
        positive("delta", meaning="distance to the net, in the sup-norm", default="1/1000"),
        positive("b", meaning="clip of the output, to [-b,b]", default="1"),
        positive("c", meaning="lower clip of g2", default="1/10"),
        integer(
            "L",
            meaning=(
                "hidden layers; with W and P there are the constants of all networks of this size"
            ),
        ),
        integer("W", meaning="bound of the widths and the input dimension"),
        integer("P", meaning="number of parameters"),
    ),
    constants=_constants,
    check=_check,
    shown_in=lambda _: _SHOWN_IN,
)
