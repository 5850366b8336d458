"""The problem of the end-to-end bound that parameters describe."""

from boundcheck.settings import Settings, parse_settings
from boundcheck.theory.risk.risk_problem import PARAMETERS, problem_of


def problem(*texts):
    return problem_of(Settings.checked("bound", parse_settings(texts), PARAMETERS))
