"""Tests of torch networks against their bounds: `assert_bound`, strategies for hypothesis,
and a plugin for pytest.

`pip install 'boundcheck[testing]'` brings pytest, hypothesis and torch. The strategies need
hypothesis alone, and the plugin needs neither: where they are missing, it skips the tests of
networks and says why. It is loaded into every run of pytest, so that nothing is imported here
before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from boundcheck.rims import needed

if TYPE_CHECKING:
    from boundcheck.testing.bounds import Margin as Margin
    from boundcheck.testing.bounds import assert_bound as assert_bound
    from boundcheck.testing.ordinals import representable as representable
    from boundcheck.testing.strategies import boxes as boxes
    from boundcheck.testing.strategies import marginals as marginals
    from boundcheck.testing.strategies import measures as measures
    from boundcheck.testing.strategies import networks as networks
    from boundcheck.testing.strategies import points as points
    from boundcheck.testing.strategies import schedules as schedules

_HOMES = {
    "bounds": ("Margin", "assert_bound"),
    "ordinals": ("representable",),
    "strategies": ("boxes", "marginals", "measures", "networks", "points", "schedules"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"boundcheck.testing has no {name!r}")
    if _HOME[name] == "bounds":
        needed("torch", f"boundcheck.testing.{name}")
    return getattr(import_module(f"boundcheck.testing.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
