"""Round-off bounds at single points, which are sharper than on boxes."""

import numpy as np

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.torchnet.dtypes import format_of
from boundcheck.torchnet.propagation import Propagation


def pointwise(net, dtype, points):
    """The bounds at single points, which are sharper than on boxes: (outputs, points)."""
    columns = np.array([[fl.nearest(v) for v in p] for p in points]).T
    return Propagation(net, format_of(dtype))(columns, columns).bound


def bounds_at(net, fmt, points):
    """The bounds at points (n, d), (outputs, n)."""
    return Propagation(net, fmt)(points.T.copy(), points.T.copy()).bound
