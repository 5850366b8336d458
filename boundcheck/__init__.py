"""boundcheck: state a bound once; prove it, try to break it, test the network against it.

The public names are imported on first use, so that `import boundcheck` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from boundcheck import rims
from boundcheck.version import __version__ as __version__

if TYPE_CHECKING:
    from boundcheck.claims.claim import Reading as Reading
    from boundcheck.claims.claim import claim as claim
    from boundcheck.claims.comparison import identity as identity
    from boundcheck.claims.comparison import inequality as inequality
    from boundcheck.claims.statement import cited as cited
    from boundcheck.claims.statement import fails as fails
    from boundcheck.claims.statement import norm_bound as norm_bound
    from boundcheck.claims.statement import shape as shape
    from boundcheck.claims.statement import uses as uses
    from boundcheck.claims.verdict import Assumed as Assumed
    from boundcheck.claims.verdict import IllPosed as IllPosed
    from boundcheck.claims.verdict import Proved as Proved
    from boundcheck.claims.verdict import Refuted as Refuted
    from boundcheck.claims.verdict import Steps as Steps
    from boundcheck.claims.verdict import Undecided as Undecided
    from boundcheck.claims.verdict import Verdict as Verdict
    from boundcheck.errors import BoundcheckError as BoundcheckError
    from boundcheck.errors import SympyWarning as SympyWarning
    from boundcheck.exact.networks import gates as gates
    from boundcheck.exact.networks.network import Network as Network
    from boundcheck.exact.networks.shape import Shape as Shape
    from boundcheck.exact.terms.activation import Activation as Activation
    from boundcheck.exact.terms.activation import LeakyReLU as LeakyReLU
    from boundcheck.exact.terms.activation import Piece as Piece
    from boundcheck.exact.terms.activation import ReLU as ReLU
    from boundcheck.exact.terms.activation import SignReLU as SignReLU
    from boundcheck.exact.terms.box import Box as Box
    from boundcheck.exact.terms.rational import Q as Q
    from boundcheck.math import symbols as symbols
    from boundcheck.norms.lebesgue import lp_norm as lp_norm
    from boundcheck.norms.supremum import NotDefined as NotDefined
    from boundcheck.norms.supremum import NotReached as NotReached
    from boundcheck.norms.supremum import maximum as maximum
    from boundcheck.norms.supremum import sup_norm as sup_norm
    from boundcheck.search.branches import branches as branches
    from boundcheck.theorems.author.declaration import theorem as theorem
    from boundcheck.torchnet.roundoff import roundoff_bound as roundoff_bound
    from boundcheck.verification.decide import prove as prove

_HOMES = {
    "claims.claim": ("Reading", "claim"),
    "claims.comparison": ("identity", "inequality"),
    "claims.statement": ("cited", "fails", "norm_bound", "shape", "uses"),
    "claims.verdict": ("Assumed", "IllPosed", "Proved", "Refuted", "Steps", "Undecided", "Verdict"),
    "errors": ("BoundcheckError", "SympyWarning"),
    "exact.networks.network": ("Network",),
    "exact.networks.shape": ("Shape",),
    "exact.terms.activation": ("Activation", "LeakyReLU", "Piece", "ReLU", "SignReLU"),
    "exact.terms.box": ("Box",),
    "exact.terms.rational": ("Q",),
    "math": ("symbols",),
    "norms.lebesgue": ("lp_norm",),
    "norms.supremum": ("NotDefined", "NotReached", "maximum", "sup_norm"),
    "search.branches": ("branches",),
    "theorems.author.declaration": ("theorem",),
    "torchnet.roundoff": ("roundoff_bound",),
    "verification.decide": ("prove",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted([*_HOME, "gates", "__version__"])  # noqa: PLE0605

rims.register("sympy", lambda: import_module("boundcheck.sympy_rim"))
rims.register("proofs", lambda: import_module("boundcheck.verification.collect"))
rims.register("torch", lambda: import_module("boundcheck.torchnet.convert"))


def __getattr__(name: str) -> Any:
    if name == "gates":
        return import_module("boundcheck.exact.networks.gates")
    if name not in _HOME:
        raise AttributeError(f"boundcheck has no {name!r}")
    return getattr(import_module(f"boundcheck.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
