"""The arithmetic of 8-bit numbers that the reader is run with, simulated while it is trained.

As ONNX defines DynamicQuantizeLinear and MatMulInteger, with weights as ``quantisation`` writes
them. Gradients pass rounding as if it were not there (Bengio et al., "Estimating or Propagating
Gradients Through Stochastic Neurons", 2013, arXiv:1308.3432).
"""

from __future__ import annotations

import importlib
from typing import Any

from knowledge.training.encoders.quantisation import COLUMN_LEVELS

__all__ = ["Tensor", "simulated_linear", "torch"]

torch: Any = importlib.import_module("torch")
"""PyTorch, of the extra ``train``; untyped here, since it is not installed for the checks."""

Tensor = Any

_STEPS = 255  # from the lowest 8-bit number to the highest
_LEAST = 1e-12  # of a scale: a row of zeros has none


def simulated_linear(x: Tensor, mask: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return ``x`` (texts × tokens × inputs) times ``weight`` (outputs × inputs) plus ``bias``.

    The range of numbers is that of each text's own tokens (``mask``), as where one text is run at
    a time. What is multiplied are whole numbers, which 16-bit floats hold exactly.
    """
    x = x.float()
    kept = x.detach().masked_fill(~mask[:, :, None], 0.0)
    low, high = kept.amin((1, 2), keepdim=True), kept.amax((1, 2), keepdim=True)
    low, high = low.clamp(max=0.0), high.clamp(min=0.0)
    scale = ((high - low) / _STEPS).clamp(min=_LEAST)
    zero = (-low / scale).round()
    whole = (_rounded(x / scale) + zero).clamp(0, _STEPS) - zero
    columns = (weight.detach().abs().amax(1) / COLUMN_LEVELS).clamp(min=_LEAST)
    product = torch.nn.functional.linear(whole, _rounded(weight / columns[:, None]))
    return product.float() * (scale * columns) + bias


def _rounded(x: Tensor) -> Tensor:
    return x + (x.round() - x).detach()
