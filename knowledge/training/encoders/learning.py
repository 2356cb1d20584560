"""Steps of training: rates, their schedule, and averages of weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from knowledge.training.encoders.arithmetic import Tensor, torch
from knowledge.training.encoders.network import Network

__all__ = ["Learner", "Rates", "between", "chosen_device", "in_16_bits"]

_DECAY = 0.01  # of matrices, a step, times the rate
_LONGEST = 1.0  # of the gradient


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast is learned. ``rate``: in the last layer at its highest, times ``layer_factor`` for
    each layer below, times ``head_factor`` in the heads; ``warm_up``: the share of the run in
    which it rises, before it falls as a cosine; ``average``: the share of the moving average of
    the weights that a step leaves."""

    rate: float
    layer_factor: float = 0.95
    head_factor: float = 3.0
    warm_up: float = 0.06
    average: float = 0.999

    def factor(self, progress: float) -> float:
        """Return what the rate is multiplied with when ``progress`` of the run, from 0 to 1, is
        done."""
        if progress < self.warm_up:
            return progress / self.warm_up
        return (1 + math.cos(math.pi * (progress - self.warm_up) / (1 - self.warm_up))) / 2


class Learner:
    """Changes a network's weights a step at a time, and keeps their moving average.

    What it leaves is a network of weights of its own: the one that it is given stays as it is.
    """

    def __init__(self, network: Network, rates: Rates) -> None:
        self._rates = rates
        copied = {name: weight.detach().clone() for name, weight in network.weights.items()}
        self._average = {name: weight.clone() for name, weight in copied.items()}
        self._weights = {name: weight.requires_grad_() for name, weight in copied.items()}
        self._steps = 0
        self.network = network.replaced(self._weights)
        """The network as it is now."""
        groups = _groups(self._weights, network.layers, rates)
        self._optimiser = torch.optim.AdamW(groups, foreach=False, fused=True)

    def step(self, loss: Tensor, progress: float) -> None:
        """Learn from a loss, when ``progress`` of the run, from 0 to 1, is done."""
        for group in self._optimiser.param_groups:
            group["lr"] = group["highest"] * self._rates.factor(progress)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self._weights.values()), _LONGEST)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self._steps += 1
        left = min(self._rates.average, (1 + self._steps) / (10 + self._steps))
        with torch.no_grad():
            for name, weight in self._weights.items():
                self._average[name].lerp_(weight, 1 - left)

    def averaged(self) -> Network:
        """Return the network of the moving average of the weights."""
        return self.network.replaced(self._average)


def between(original: Network, trained: Network, share: float) -> Network:
    """Return the network ``share`` of the way from the one to the other, weight by weight
    (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022, arXiv:2109.01903)."""
    return original.replaced({
        name: weight.lerp(trained.weights[name].detach(), share)
        for name, weight in original.weights.items()
    })  # fmt: skip


def chosen_device(name: str, threads: int | None = None) -> str:
    """Return ``cpu`` or ``cuda``; ``auto`` is the better one that there is. A processor is used
    with ``threads``, by default with all.

    Raises ValueError for ``cuda`` where there is none.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    has_cuda = bool(torch.cuda.is_available())
    if name == "cuda" and not has_cuda:
        raise ValueError("PyTorch finds no device with CUDA here")
    return "cuda" if has_cuda and name != "cpu" else "cpu"


def in_16_bits(device: str) -> AbstractContextManager[None]:
    """Return the context in which products are of 16-bit floats (bfloat16)."""
    context: AbstractContextManager[None] = torch.autocast(device, torch.bfloat16)
    return context


def _groups(weights: Mapping[str, Tensor], layers: int, rates: Rates) -> list[dict[str, object]]:
    groups: dict[tuple[float, bool], list[Tensor]] = {}
    for name, weight in weights.items():
        groups.setdefault((_rate(name, layers, rates), weight.ndim > 1), []).append(weight)
    return [
        {"params": found, "highest": rate, "lr": 0.0, "weight_decay": _DECAY * is_matrix}
        for (rate, is_matrix), found in groups.items()
    ]


def _rate(name: str, layers: int, rates: Rates) -> float:
    """Return the highest rate of a weight; the embeddings of positions are below all layers."""
    if name.startswith("emb."):
        return rates.rate * rates.layer_factor**layers
    if name.startswith("l"):
        layer = int(name[1 : name.index(".")])
        return rates.rate * rates.layer_factor ** (layers - 1 - layer)
    return rates.rate * rates.head_factor
