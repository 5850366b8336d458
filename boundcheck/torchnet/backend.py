"""torch, for every module that runs networks in it; without it they say what to install."""

from __future__ import annotations

from boundcheck.rims import missing

try:
    import torch
    from torch import nn
    from torch.nn.utils import parametrize
except ImportError as error:
    raise missing("torch", "running networks in torch", error) from error

__all__ = ["nn", "parametrize", "torch"]
