"""The floating-point formats of networks: exact facts of each, and rounding to nearest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.rims import needed


@dataclass(frozen=True)
class Format:
    """A binary format of IEEE 754's kind: m 2^e with |m| < 2^precision
    and e >= emin + 1 - precision.

    Attributes:
        name: as torch spells it, such as float32.
        precision: the number of significant bits p, the leading one included.
        emin: the exponent of the smallest normal number 2^emin.
        emax: the exponent of the largest binade: finite numbers are < 2^(emax + 1).
    """

    name: str
    precision: int
    emin: int
    emax: int

    @property
    def dtype(self) -> Any:
        """The `torch.dtype`."""
        return getattr(needed("torch", "a torch.dtype"), self.name)

    @property
    def roundoff(self) -> fmpq:
        """The unit roundoff u = 2^-p: a normal result is off by at most u times its size."""
        return fmpq(2) ** -self.precision

    @property
    def smallest(self) -> fmpq:
        """The smallest positive (subnormal) number, 2^(emin + 1 - p)."""
        return fmpq(2) ** (self.emin + 1 - self.precision)

    @property
    def smallest_normal(self) -> fmpq:
        """2^emin."""
        return fmpq(2) ** self.emin

    @property
    def largest(self) -> fmpq:
        """The largest finite number, (2 - 2^(1-p)) 2^emax."""
        return (2 - fmpq(2) ** (1 - self.precision)) * fmpq(2) ** self.emax

    def nearest(self, q: fmpq) -> float:
        """The number of this format nearest to q, ties to even, as a Python
        float, which it is exactly.

        Integer arithmetic rounds once: going through a double first could round twice.

        Raises:
            OverflowError: |q| rounds beyond the largest finite number.
        """
        if q == 0:
            return 0.0
        top, bottom = abs(int(q.p)), int(q.q)
        size = top.bit_length() - bottom.bit_length()  # 2^(size-1) < |q| < 2^(size+1)
        if top << max(-size, 0) < bottom << max(size, 0):
            size -= 1
        unit = (
            max(size, self.emin) + 1 - self.precision
        )  # the format's numbers near |q| are multiples of 2^unit
        m, rest = divmod(top << max(-unit, 0), denominator := bottom << max(unit, 0))
        if 2 * rest > denominator or (2 * rest == denominator and m % 2):
            m += 1
        if m.bit_length() + unit > self.emax + 1:
            raise OverflowError(f"beyond the largest {self.name}")
        return math.copysign(math.ldexp(m, unit), q.p)

    def __str__(self) -> str:
        return self.name


FORMATS = {
    f.name: f
    for f in (
        Format("float64", 53, -1022, 1023),
        Format("float32", 24, -126, 127),
        Format("bfloat16", 8, -126, 127),
        Format("float16", 11, -14, 15),
    )
}


def format_of(dtype: Any) -> Format:
    """The format of a `torch.dtype`, or of its name.

    Raises:
        BoundcheckError: another dtype.
    """
    name = str(dtype).removeprefix("torch.")
    if name not in FORMATS:
        raise BoundcheckError(
            f"dtype = {str(dtype)[:60]}; networks in torch have one of {', '.join(FORMATS)}"
        )
    return FORMATS[name]
