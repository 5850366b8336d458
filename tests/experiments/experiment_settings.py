"""The parameters of an experiment, as its run reads them."""

from boundcheck.experiments import class_experiment as classes
from boundcheck.experiments import ddpm_experiment as ddpm
from boundcheck.experiments import erm_experiment as erm
from boundcheck.experiments import value_experiment as values
from boundcheck.settings import Settings, parse_settings


def settings(name, *texts):
    known = {"ddpm": ddpm, "erm": erm, "classes": classes, "values": values}[name].PARAMETERS
    return Settings.checked(name, parse_settings(texts), known)
