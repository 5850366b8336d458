"""A network of your own: trained with torch in a few seconds, then certified.

    python examples/gaussian.py                  trains it and prints what is certified
    boundcheck verify examples/gaussian.py       proves the claim below
    pytest examples                              does so too, and runs test_gaussian.py

Nothing of the training is trusted. To certify a module of yours, let `trained` load it.
"""

from functools import cache

import torch
from torch import nn

from boundcheck import Network, claim, norm_bound, sup_norm
from boundcheck.torchnet.roundoff import roundoff_bound

TARGET = "exp(-(x**2 + y**2))"
BOX = "x in [-1, 1], y in [-1, 1]"


@cache
def trained() -> nn.Sequential:
    """A ReLU network in float32 with 697 parameters, fitted to the target at 441 points."""
    torch.manual_seed(0)
    torch.set_num_threads(1)  # the tensors are too small for more
    module = nn.Sequential(
        nn.Linear(2, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 1)
    )
    points, values = data()
    fit = torch.optim.LBFGS(
        module.parameters(), max_iter=400, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        fit.zero_grad()
        error = ((module(points) - values) ** 2).mean()
        error.backward()
        return error

    fit.step(loss)
    return module.eval()


def data() -> tuple[torch.Tensor, torch.Tensor]:
    """A grid of points and the values of the target there."""
    axis = torch.linspace(-1, 1, 21)
    points = torch.cartesian_prod(axis, axis)
    return points, torch.exp(-(points**2).sum(dim=1, keepdim=True))


@claim(source="trained here")
def error():
    """The network is within 1/30 of the target, everywhere on the square and not only at
    the points of the training."""
    yield norm_bound(TARGET - Network.from_torch(trained()), "1/30", p="oo", on=BOX)


if __name__ == "__main__":
    points, values = data()
    print(
        "largest error at the points of the training, observed:",
        (trained()(points) - values).abs().max().item(),
    )
    net = Network.from_torch(trained())
    print("largest error on the square, certified:", sup_norm(TARGET - net, on=BOX, rtol="1/10"))
    for dtype in ("float64", "float32", "bfloat16"):
        print("round-off, certified:", roundoff_bound(net, dtype, on=BOX))
