"""The shapes of arrays in annotations are checked while tests run, by jaxtyping and beartype.

Of each function the first calls are checked, and a few of the later ones: with all of them, tests
of norms would take twice as long. Only arrays are looked at, since tests put other objects in the
place of networks and the like.
"""

import inspect
from collections import Counter
from dataclasses import is_dataclass
from functools import cache, partial, wraps
from typing import get_type_hints

import jaxtyping

WATCHED = (
    "boundcheck.enclosure.arrays",
    "boundcheck.enclosure.networks",
    "boundcheck.enclosure.cubature",
    "boundcheck.search.algebra.sos",
    "boundcheck.search.algebra.barrier",
    "boundcheck.search.boxes.boxes",
    "boundcheck.norms",
)
"""Folders and files."""

FIRST, THEN = 20, 101
"""So many calls in the beginning, and later on one in so many."""

CALLS = Counter()
"""Of each function that is watched."""

_every_call = jaxtyping.jaxtyped


def watch():
    """To be called before any of the modules is imported."""
    jaxtyping.jaxtyped = _some_calls  # what the hook decorates everything with
    typechecker = "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))"
    jaxtyping.install_import_hook(WATCHED, typechecker)


def from_the_first_call():
    """Count anew, so that the next calls are checked."""
    for name in CALLS:
        CALLS[name] = 0


def _some_calls(function=None, *, typechecker):
    if function is None:
        return partial(_some_calls, typechecker=typechecker)
    if inspect.isclass(function):
        if is_dataclass(function):
            function.__init__ = _some_calls(function.__init__, typechecker=typechecker)
        return function
    name = f"{function.__module__}.{function.__qualname__}"
    CALLS[name] = 0
    checked = cache(partial(_checked, function, typechecker))  # late: all names are known by then

    @wraps(function)
    def called(*args, **kwargs):
        CALLS[name] += 1
        if CALLS[name] > FIRST and CALLS[name] % THEN:
            return function(*args, **kwargs)
        return checked()(*args, **kwargs)

    return called


def _checked(function, typechecker):
    hints = get_type_hints(function)
    arrays = {name: hint for name, hint in hints.items() if "jaxtyping" in repr(hint)}
    if not arrays:
        return function
    function.__annotations__ = arrays
    return _every_call(function, typechecker=typechecker)
