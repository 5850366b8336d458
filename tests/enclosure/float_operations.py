"""Operations on arrays of intervals beside the same on fractions."""

from flint import fmpq
from float_arrays import exactly

from boundcheck.enclosure.arrays import floats as fl

OPERATIONS = {
    "add": (fl.add, lambda a, b: a + b),
    "sub": (fl.sub, lambda a, b: a - b),
    "mul": (fl.mul, lambda a, b: a * b),
    "divide": (fl.divide, lambda a, b: a / b if b != 0 else None),
    "minimum": (fl.minimum, min),
    "maximum": (fl.maximum, max),
    "hull": (fl.hull, lambda a, b: a),
}


def product(rows, t):
    return [
        sum((a * exactly(v) for a, v in zip(row, column)), fmpq(0))
        for row in rows
        for column in t.T
    ]
