"""The encoder of e5 in PyTorch, and the reader on it: where an answer starts and ends, if at all.

Functions on named weights: BERT's encoder (Devlin et al., 2019; layer normalisation after each
part, GELU), with the embeddings as they come from the pack.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from typing import Any

from knowledge.neural.reader.vocabulary import dequantised
from knowledge.training.reader.pack import Pack

__all__ = ["Weights", "encode", "initial_weights", "mean_vector", "read_chunks", "torch"]

torch: Any = importlib.import_module("torch")
"""PyTorch, of the extra ``train``; untyped here, since it is not installed for the checks."""

Tensor = Any
Weights = dict[str, Tensor]

_SPREAD = 0.02  # BERT's standard deviation of fresh weights


def initial_weights(
    pack: Pack, numbers: list[int], layers: tuple[int, ...], positions: int
) -> Weights:
    """Return the reader's weights before training: the pack's for the pieces of ``numbers`` and
    the encoder's ``layers`` in that order, fresh heads."""
    tensors = {name: torch.from_numpy(array.copy()) for name, array in pack.tensors.items()}
    hidden = tensors["emb.ln.w"].numel()
    weights: Weights = {
        "emb.word": torch.from_numpy(dequantised(pack.words[numbers])),
        "emb.pos": tensors["emb.pos"].view(-1, hidden)[:positions].clone()
        + tensors["emb.type"].view(-1, hidden)[0],
        "emb.ln.w": tensors["emb.ln.w"],
        "emb.ln.b": tensors["emb.ln.b"],
    }
    for to, layer in enumerate(layers):
        old, new = f"l{layer}.", f"l{to}."
        for part in ("w", "b"):
            weights[f"{new}qkv.{part}"] = torch.cat(
                [tensors[f"{old}{name}.{part}"] for name in "qkv"]
            )
            for name in ("ao", "aln", "fi", "fo", "oln"):
                weights[f"{new}{name}.{part}"] = tensors[f"{old}{name}.{part}"]
    generator = torch.Generator().manual_seed(7)
    weights["span.w"] = torch.randn(2, hidden, generator=generator) * _SPREAD
    weights["span.b"] = torch.zeros(2)
    weights["pool.w"] = torch.randn(hidden, hidden, generator=generator) * _SPREAD
    weights["pool.b"] = torch.zeros(hidden)
    weights["answerable.w"] = torch.randn(1, hidden, generator=generator) * _SPREAD
    weights["answerable.b"] = torch.zeros(1)
    return weights


def _normal(weights: Mapping[str, Tensor], name: str, x: Tensor, epsilon: float) -> Tensor:
    return torch.nn.functional.layer_norm(
        x, x.shape[-1:], weights[f"{name}.w"], weights[f"{name}.b"], epsilon
    )


def _linear(weights: Mapping[str, Tensor], name: str, x: Tensor) -> Tensor:
    return torch.nn.functional.linear(x, weights[f"{name}.w"], weights[f"{name}.b"])


def encode(
    weights: Mapping[str, Tensor],
    numbers: Tensor,
    mask: Tensor,
    *,
    heads: int,
    epsilon: float,
    frozen: int = 0,
    dropout: float = 0.0,
) -> Tensor:
    """Return the last layer's states (texts × pieces × hidden) for piece ``numbers``, of which
    ``mask`` tells the true ones. The embeddings and ``frozen`` layers keep no gradient."""
    functional = torch.nn.functional
    with torch.set_grad_enabled(False):
        x = weights["emb.word"][numbers] + weights["emb.pos"][: numbers.shape[1]]
        x = _normal(weights, "emb.ln", x, epsilon)
    batch, length, hidden = x.shape
    bias = torch.zeros(batch, 1, 1, length).masked_fill(~mask[:, None, None, :], -math.inf)
    layer = 0
    while f"l{layer}.qkv.w" in weights:
        with torch.set_grad_enabled(torch.is_grad_enabled() and layer >= frozen):
            rate = dropout if layer >= frozen else 0.0
            prefix = f"l{layer}."
            qkv = _linear(weights, f"{prefix}qkv", x)
            q, k, v = qkv.view(batch, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
            scores = q @ k.transpose(-1, -2) * (hidden // heads) ** -0.5
            mixed = (scores + bias.to(scores.dtype)).softmax(-1).to(v.dtype) @ v
            mixed = mixed.transpose(1, 2).reshape(batch, length, hidden)
            added = functional.dropout(_linear(weights, f"{prefix}ao", mixed), rate, rate > 0)
            x = _normal(weights, f"{prefix}aln", x + added, epsilon)
            inner = functional.gelu(_linear(weights, f"{prefix}fi", x))
            added = functional.dropout(_linear(weights, f"{prefix}fo", inner), rate, rate > 0)
            x = _normal(weights, f"{prefix}oln", x + added, epsilon)
        layer += 1
    return x


def mean_vector(states: Tensor, mask: Tensor) -> Tensor:
    """Return e5's vector of each text: the mean of its states, of length one."""
    kept = states * mask[:, :, None]
    return torch.nn.functional.normalize(kept.sum(1) / mask.sum(1, keepdim=True), dim=-1)


def read_chunks(weights: Mapping[str, Tensor], states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the logits of each piece as start and as end (texts × pieces), where the first piece
    stands for no answer, and the logit that the text answers (texts)."""
    starts, ends = _linear(weights, "span", states).unbind(-1)
    pooled = torch.tanh(_linear(weights, "pool", states[:, 0]))
    return starts, ends, _linear(weights, "answerable", pooled).squeeze(-1)
