"""The three lines that hold a torch module to a certified bound."""

from gaussian import BOX, TARGET, trained

from boundcheck import Network, sup_norm
from boundcheck.testing import assert_bound


def test_gaussian():
    module = trained()
    error = sup_norm(TARGET - Network.from_torch(module), on=BOX, rtol="1/10")  # certified
    assert 30 * error.upper <= 1  # what you promise
    assert_bound(module, TARGET, error, on=BOX)  # what torch computes; its round-off is added
