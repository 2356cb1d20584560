"""The encoder of e5 in PyTorch, as the retriever, and with heads as the reader.

Functions on named weights: BERT's encoder (Devlin et al., 2019; layer normalisation after each
part, GELU) over words' embeddings, which come from the vocabulary and are not trained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.neural.vocabulary import Vocabulary
from knowledge.training.encoders.arithmetic import Tensor, simulated_linear, torch
from knowledge.training.encoders.pack import Pack

__all__ = [
    "LINEAR", "Inputs", "Network", "encoder_of", "inputs_of", "mean_vector", "read", "states",
    "with_heads", "words_of",
]  # fmt: skip

LINEAR = ("qkv", "ao", "fi", "fo")
"""The matrices of a layer: attention's inputs and output, the inner layer's input and output."""

_FILL = 1  # the token that fills a batch
_STEP = 16  # tokens that the lengths of batches differ by: many lengths cost a graphics processor
_SPREAD = 0.02  # BERT's standard deviation of fresh weights


@dataclass(frozen=True, slots=True)
class Network:
    """An encoder's weights by name (``l3.qkv.w``: outputs × inputs), and what they do not tell."""

    weights: Mapping[str, Tensor]
    heads: int
    epsilon: float

    @property
    def layers(self) -> int:
        """How many there are."""
        return sum(name.endswith(".qkv.w") for name in self.weights)

    def replaced(self, weights: Mapping[str, Tensor]) -> Network:
        """Return the same network with other weights."""
        return Network(weights, self.heads, self.epsilon)


@dataclass(frozen=True, slots=True)
class Inputs:
    """A batch: words' embeddings (texts × tokens × hidden), and which tokens are true ones."""

    words: Tensor
    mask: Tensor


def encoder_of(pack: Pack, layers: int, positions: int, device: str) -> Network:
    """Return the encoder of the pack's first ``layers`` as it is, in 32 bits."""

    def tensor(name: str) -> Tensor:
        return torch.from_numpy(pack.tensors[name].copy())

    placed = tensor("emb.pos").view(-1, pack.hidden)[:positions]
    weights = {
        "emb.pos": placed + tensor("emb.type").view(-1, pack.hidden)[0],
        "emb.ln.w": tensor("emb.ln.w"),
        "emb.ln.b": tensor("emb.ln.b"),
    }
    for layer in range(layers):
        for part in ("w", "b"):
            name = f"l{layer}."
            weights[f"{name}qkv.{part}"] = torch.cat([tensor(f"{name}{x}.{part}") for x in "qkv"])
            for other in ("ao", "aln", "fi", "fo", "oln"):
                weights[f"{name}{other}.{part}"] = tensor(f"{name}{other}.{part}")
    on_device = {name: weight.to(device) for name, weight in weights.items()}
    return Network(on_device, pack.heads, pack.epsilon)


def with_heads(network: Network, seed: int) -> Network:
    """Return the network with fresh heads for where an answer starts and ends, and whether there
    is one."""
    generator = torch.Generator().manual_seed(seed)
    device, hidden = network.weights["emb.ln.w"].device, network.weights["emb.ln.w"].numel()
    heads: dict[str, Tensor] = {}
    for name, outputs in (("span", 2), ("pool", hidden), ("answerable", 1)):
        fresh = torch.randn(outputs, hidden, generator=generator) * _SPREAD
        heads[f"{name}.w"] = fresh.to(device)
        heads[f"{name}.b"] = torch.zeros(outputs, device=device)
    return network.replaced({**network.weights, **heads})


def words_of(vocabulary: Vocabulary, device: str) -> Tensor:
    """Return the embeddings of all tokens by number."""
    return torch.from_numpy(vocabulary.embeddings(range(len(vocabulary.pieces)))).to(device)


def inputs_of(words: Tensor, rows: Sequence[Sequence[int]]) -> Inputs:
    """Return a batch of texts, given as numbers of tokens."""
    longest = -(-max(map(len, rows)) // _STEP) * _STEP
    numbers = np.full((len(rows), longest), _FILL)
    mask = np.zeros(numbers.shape, dtype=np.bool_)
    for at, row in enumerate(rows):
        numbers[at, : len(row)] = row
        mask[at, : len(row)] = True
    on_device = [torch.from_numpy(array).to(words.device) for array in (numbers, mask)]
    return Inputs(words[on_device[0]], on_device[1])


def states(
    network: Network, inputs: Inputs, *, dropout: float = 0.0, is_simulated: bool = False
) -> Tensor:
    """Return the last layer's states (texts × tokens × hidden); ``is_simulated``: as 8-bit
    matrices give them."""
    functional = torch.nn.functional
    weights, mask = network.weights, inputs.mask

    def linear(name: str, x: Tensor) -> Tensor:
        weight, bias = weights[f"{name}.w"], weights[f"{name}.b"]
        if is_simulated:
            return simulated_linear(x, mask, weight, bias)
        return functional.linear(x, weight, bias)

    def normal(name: str, x: Tensor) -> Tensor:
        weight, bias = weights[f"{name}.w"], weights[f"{name}.b"]
        return functional.layer_norm(x, x.shape[-1:], weight, bias, network.epsilon)

    def dropped(x: Tensor) -> Tensor:
        return functional.dropout(x, dropout) if dropout else x

    batch, length, hidden = inputs.words.shape
    x = dropped(normal("emb.ln", inputs.words + weights["emb.pos"][:length]))
    for layer in range(network.layers):
        name = f"l{layer}."
        parts = linear(f"{name}qkv", x).view(batch, length, 3, network.heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        joined = mixed.transpose(1, 2).reshape(batch, length, hidden)
        x = normal(f"{name}aln", x + dropped(linear(f"{name}ao", joined)))
        inner = functional.gelu(linear(f"{name}fi", x))
        x = normal(f"{name}oln", x + dropped(linear(f"{name}fo", inner)))
    return x


def mean_vector(found: Tensor, mask: Tensor) -> Tensor:
    """Return the vector of each text: the mean of its ``states``, of length one."""
    kept = found.float() * mask[:, :, None]
    return torch.nn.functional.normalize(kept.sum(1) / mask.sum(1, keepdim=True), dim=-1)


def read(network: Network, found: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return, of ``states``, the logits of each token as start and as end (texts × tokens), where
    the first token stands for no answer, and the logit that the text answers (texts)."""
    functional = torch.nn.functional
    weights, found = network.weights, found.float()
    starts, ends = functional.linear(found, weights["span.w"], weights["span.b"]).unbind(-1)
    pooled = torch.tanh(functional.linear(found[:, 0], weights["pool.w"], weights["pool.b"]))
    logit = functional.linear(pooled, weights["answerable.w"], weights["answerable.b"])
    return starts, ends, logit.squeeze(-1)
