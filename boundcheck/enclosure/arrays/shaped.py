"""Types of arrays with their shapes, for annotations: `Float64[np.ndarray, "names boxes"]`.

In one signature a name stands for one length. The tests check all that (`tests/conftest.py` loads
jaxtyping first); elsewhere these are plain arrays, and the package starts without jaxtyping, whose
import would take half as long as that of all else together.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    Numbers: TypeAlias = np.ndarray
else:
    Numbers = np.ndarray | np.generic  # numpy makes numbers of arrays without dimensions

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Float64, Int
else:

    class _Unchecked:
        def __class_getitem__(cls, array_and_shape: tuple[Any, str]) -> Any:
            return array_and_shape[0]

    Bool = Float64 = Int = _Unchecked
