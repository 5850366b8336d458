"""What tests read out of tables."""

import json

from flint import fmpq
from hypothesis import strategies as st

from boundcheck.report.typeset.formats import FORMATS


def json_of(table):
    return json.loads(FORMATS["json"](table))


RATIONALS = st.builds(
    lambda sign, top, bottom, power: sign * fmpq(top, bottom) * fmpq(10) ** power,
    st.sampled_from([-1, 1]),
    st.one_of(
        st.integers(1, 10**9),
        st.sampled_from([99996, 99999999, 10**8, 99995, 100001, 12344, 12345]),
    ),
    st.one_of(st.integers(1, 10**9), st.sampled_from([1, 10**4, 3])),
    st.one_of(st.integers(-30, 30), st.sampled_from([-20000, 5000])),
)


def decimal(text):
    """The number that a decimal text is, with an exponent of any size."""
    digits, _, power = text.partition("e")
    whole, _, rest = digits.partition(".")
    return fmpq(int(whole + rest)) * fmpq(10) ** (int(power or 0) - len(rest))


def ends_of(cell):
    return float(cell["lower"]), float(cell["upper"])
