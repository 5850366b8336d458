"""The dtypes of torch, and which numbers they hold."""

import torch
from hypothesis import strategies as st

from boundcheck.exact.terms.rational import fraction
from boundcheck.torchnet.dtypes import format_of

DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]
INTEGERS = {
    torch.float64: torch.int64,
    torch.float32: torch.int32,
    torch.bfloat16: torch.int16,
    torch.float16: torch.int16,
}
dtypes = st.sampled_from(DTYPES)


def fits(net, dtype):
    return net.largest_weight <= fraction(format_of(dtype).largest)
