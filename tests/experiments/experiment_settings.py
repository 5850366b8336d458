"""The parameters of an experiment, as its run reads them."""

from boundcheck.experiments import ddpm_experiment as ddpm
from boundcheck.experiments import erm_experiment as erm
from boundcheck.settings import Settings, parse_settings


def settings(name, *texts):
    known = {"ddpm": ddpm.PARAMETERS, "erm": erm.PARAMETERS}[name]
    return Settings.checked(name, parse_settings(texts), known)
