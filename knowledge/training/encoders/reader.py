"""Training the reader: where the answer to a question starts and ends in a text, if it has one.

In its second half it calculates as the exported network will, with 8-bit matrices (Jacob et
al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
Inference", 2018, arXiv:1712.05877). What results is a moving average of the weights (Izmailov et
al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018, arXiv:1803.05407).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.training.encoders.arithmetic import Tensor, torch
from knowledge.training.encoders.drawing import Drawn, Examples, batches
from knowledge.training.encoders.learning import Learner, Rates, in_16_bits
from knowledge.training.encoders.network import Network, inputs_of, read, states, with_heads

__all__ = ["ReaderRecipe", "loss_of", "train_reader"]

_RATES = Rates(2.8e-4)
_TOLD_EVERY = 20


@dataclass(frozen=True, slots=True)
class ReaderRecipe:
    """How the reader is trained. ``batch``: examples a step; ``exact``: the share of the run that
    is calculated in floats, before 8-bit matrices are simulated."""

    epochs: int = 10
    batch: int = 256
    rates: Rates = _RATES
    dropout: float = 0.12
    exact: float = 0.5
    seed: int = 11


def loss_of(
    network: Network,
    words: Tensor,
    batch: Sequence[Drawn],
    *,
    dropout: float = 0.0,
    is_simulated: bool = False,
) -> Tensor:
    """Return the mean of the cross-entropies of start and end, plus that of whether there is an
    answer."""
    functional = torch.nn.functional
    device = words.device
    inputs = inputs_of(words, [example.numbers for example in batch])
    with in_16_bits(device.type):
        found = states(network, inputs, dropout=dropout, is_simulated=is_simulated)
    starts, ends, answerable = read(network, found)
    closed = np.ones(tuple(inputs.mask.shape), dtype=np.bool_)
    closed[:, 0] = False
    for row, example in enumerate(batch):
        closed[row, example.first : len(example.numbers) - 1] = False
    closed = torch.from_numpy(closed).to(device)
    start = torch.tensor([example.start for example in batch], device=device)
    end = torch.tensor([example.end for example in batch], device=device)
    return (
        functional.cross_entropy(starts.masked_fill(closed, float("-inf")), start) / 2
        + functional.cross_entropy(ends.masked_fill(closed, float("-inf")), end) / 2
        + functional.binary_cross_entropy_with_logits(answerable, (start > 0).float())
    )


def train_reader(
    encoder: Network,
    words: Tensor,
    examples: Examples,
    recipe: ReaderRecipe,
    say: Callable[[str], None],
) -> Network:
    """Return the encoder with heads, trained; ``say`` is told how it goes."""
    rng = random.Random(recipe.seed)  # noqa: S311 - reproducible, not secret
    torch.manual_seed(recipe.seed)
    learner = Learner(with_heads(encoder, recipe.seed), recipe.rates)
    for epoch in range(recipe.epochs):
        drawn = examples.epoch(recipe.seed, epoch)
        answered = sum(example.start > 0 for example in drawn) / len(drawn)
        say(f"reader: epoch {epoch + 1}, {len(drawn)} examples, {answered:.2f} of them answered")
        steps = -(-len(drawn) // recipe.batch)
        losses: list[Tensor] = []
        for step, batch in enumerate(batches(drawn, recipe.batch, rng), 1):
            progress = (epoch + step / steps) / recipe.epochs
            loss = loss_of(
                learner.network,
                words,
                batch,
                dropout=recipe.dropout,
                is_simulated=progress > recipe.exact,
            )
            learner.step(loss, progress)
            losses.append(loss.detach())
            if len(losses) == _TOLD_EVERY or step == steps:
                mean = float(torch.stack(losses).mean())
                say(f"reader: epoch {epoch + 1}, step {step} of {steps}, loss {mean:.3f}")
                losses.clear()
    return learner.averaged()
