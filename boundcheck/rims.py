"""The rims: where objects of other libraries come in, and ours go out as theirs; and what is said
where such a library is not installed.

What converts them lives far above what is converted (`sympy_rim`, `torchnet.convert`). So
the package, when it is imported, says here where it is; nothing below imports upwards, and sympy or
torch are not loaded before an object of theirs is met.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from boundcheck.errors import BoundcheckError

_rims: dict[str, Callable[[], Any]] = {}


def register(library: str, load: Callable[[], Any]) -> None:
    """Say how the module that converts objects of a library is loaded."""
    _rims[library] = load


def rim(library: str) -> Any:
    """The module that converts objects of a library."""
    return _rims[library]()


class MissingLibrary(BoundcheckError, ImportError):
    """A library that only an extra of the package brings cannot be imported."""


def missing(library: str, what: str, error: ImportError) -> MissingLibrary:
    """The error that says, in words, what needs a library, and how to get it."""
    reason = str(error).partition("\n")[0]
    return MissingLibrary(
        f"{what} needs {library}, which cannot be imported ({reason}); install it: "
        f"pip install 'boundcheck[{library}]'"
    )


def needed(library: str, what: str) -> Any:
    """A library that an extra of the same name brings, for `what` (in words).

    Raises:
        MissingLibrary: it cannot be imported.
    """
    try:
        return import_module(library)
    except ImportError as error:
        raise missing(library, what, error) from error
