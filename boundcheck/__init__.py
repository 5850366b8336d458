"""boundcheck: state a bound once; prove it, try to break it, test the network against it.

The public names are imported on first use, so that `import boundcheck` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boundcheck.claims.claim import Reading as Reading
    from boundcheck.claims.claim import claim as claim
    from boundcheck.claims.lebesgue import lp_norm as lp_norm
    from boundcheck.claims.norms import NotDefined as NotDefined
    from boundcheck.claims.norms import NotReached as NotReached
    from boundcheck.claims.norms import maximum as maximum
    from boundcheck.claims.norms import sup_norm as sup_norm
    from boundcheck.claims.prover import prove as prove
    from boundcheck.claims.statement import cited as cited
    from boundcheck.claims.statement import fails as fails
    from boundcheck.claims.statement import identity as identity
    from boundcheck.claims.statement import inequality as inequality
    from boundcheck.claims.statement import norm_bound as norm_bound
    from boundcheck.claims.statement import shape as shape
    from boundcheck.claims.statement import uses as uses
    from boundcheck.claims.verdict import Assumed as Assumed
    from boundcheck.claims.verdict import IllPosed as IllPosed
    from boundcheck.claims.verdict import Proved as Proved
    from boundcheck.claims.verdict import Refuted as Refuted
    from boundcheck.claims.verdict import Undecided as Undecided
    from boundcheck.claims.verdict import Verdict as Verdict
    from boundcheck.errors import BoundcheckError as BoundcheckError
    from boundcheck.errors import SympyWarning as SympyWarning
    from boundcheck.exact import gates as gates
    from boundcheck.exact.activation import Activation as Activation
    from boundcheck.exact.activation import LeakyReLU as LeakyReLU
    from boundcheck.exact.activation import Piece as Piece
    from boundcheck.exact.activation import ReLU as ReLU
    from boundcheck.exact.activation import SignReLU as SignReLU
    from boundcheck.exact.box import Box as Box
    from boundcheck.exact.branches import branches as branches
    from boundcheck.exact.network import Network as Network
    from boundcheck.exact.rational import Q as Q
    from boundcheck.exact.shape import Shape as Shape
    from boundcheck.math import symbols as symbols
    from boundcheck.torchnet.roundoff import roundoff_bound as roundoff_bound

__version__ = "0.1.0"

_HOMES = {
    "claims.claim": ("Reading", "claim"),
    "claims.lebesgue": ("lp_norm",),
    "claims.norms": ("NotDefined", "NotReached", "maximum", "sup_norm"),
    "claims.prover": ("prove",),
    "claims.statement": ("cited", "fails", "identity", "inequality", "norm_bound", "shape", "uses"),
    "claims.verdict": ("Assumed", "IllPosed", "Proved", "Refuted", "Undecided", "Verdict"),
    "errors": ("BoundcheckError", "SympyWarning"),
    "exact.activation": ("Activation", "LeakyReLU", "Piece", "ReLU", "SignReLU"),
    "exact.box": ("Box",),
    "exact.branches": ("branches",),
    "exact.network": ("Network",),
    "exact.rational": ("Q",),
    "exact.shape": ("Shape",),
    "math": ("symbols",),
    "torchnet.roundoff": ("roundoff_bound",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted([*_HOME, "gates", "__version__"])  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name == "gates":
        return import_module("boundcheck.exact.gates")
    if name not in _HOME:
        raise AttributeError(f"boundcheck has no {name!r}")
    return getattr(import_module(f"boundcheck.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
