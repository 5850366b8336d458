"""SignReLU as a torch module, with values and derivatives that stay accurate in low precision."""

from __future__ import annotations

from typing import Any

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import Activation
from boundcheck.torchnet.backend import torch


def hyperbola(t: torch.Tensor) -> torch.Tensor:
    """q(t) = n/(1 - n) with n = min(t, 0), whose derivative is taken to be 1/(1 - n)² for
    t <= 0, and 0 for t > 0.

    The quotient rule would give 1/(1 - n) + n/(1 - n)², a difference of nearly equal numbers
    where t is large and negative: in float32 it is worthless from about t = -10^7 on. So the value
    is the quotient, without a derivative, and the derivative is that of r = 1/(1 - n) = 1 + q,
    which is r²: the value r - r.detach() is exactly 0.
    """
    n = t.clamp(min=torch.finfo(t.dtype).min, max=0)  # -oo would give oo/oo
    below = 1 - n
    r = below.reciprocal()
    return (n / below).detach() + (r - r.detach())


class SignReLU(torch.nn.Module):
    """ρ_α(t) = t for t >= 0 and α (t/(1 - t)) for t < 0, element by element.

    Below 0 the value takes three operations, each rounded once: 1 - t, the quotient, the product
    (exact for α = 1); from 0 on it is t itself. Since |t/(1 - t)| < 1 nothing overflows:
    ρ_α(-oo) = -α. At 0 the derivative is α, the one from the left, as torch has it for ReLU.
    First derivatives have a few roundings, and can be differentiated again.

    Args:
        alpha: α > 0. It is a buffer: it follows `.to(dtype)` and stands in the
            `state_dict`, but is not trained.
        dtype: of α; default: torch's default dtype.
        device: of α.

    Raises:
        BoundcheckError: α is not positive and finite in that dtype.
    """

    alpha: torch.Tensor

    def __init__(self, alpha: float = 1.0, *, dtype: Any = None, device: Any = None) -> None:
        super().__init__()
        stored = torch.tensor(alpha, dtype=dtype or torch.get_default_dtype(), device=device)
        if stored.dim() or not stored.isfinite() or stored <= 0:
            raise BoundcheckError(
                f"alpha of SignReLU = {alpha}; it must be a positive number, in {stored.dtype} too"
            )
        self.register_buffer("alpha", stored)

    def forward(self, t: torch.Tensor) -> torch.Tensor:
        return torch.relu(t) + self.alpha.to(t.dtype) * hyperbola(t)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha.item()}"


class Elementwise(torch.nn.Module):
    """A user's activation, by its own `Activation.torch`.

    Args:
        activation: the activation.
    """

    def __init__(self, activation: Activation) -> None:
        super().__init__()
        self.activation = activation

    def forward(self, t: torch.Tensor) -> torch.Tensor:
        return self.activation.torch(t)

    def extra_repr(self) -> str:
        return repr(self.activation)
