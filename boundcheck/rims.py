"""The rims: where objects of other libraries come in, and ours go out as theirs.

What converts them lives far above what is converted (`sympy_rim`, `torchnet.convert`). So
the package, when it is imported, says here where it is; nothing below imports upwards, and sympy or
torch are not loaded before an object of theirs is met.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_rims: dict[str, Callable[[], Any]] = {}


def register(library: str, load: Callable[[], Any]) -> None:
    """Say how the module that converts objects of a library is loaded."""
    _rims[library] = load


def rim(library: str) -> Any:
    """The module that converts objects of a library."""
    return _rims[library]()
