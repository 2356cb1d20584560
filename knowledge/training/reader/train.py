"""Trains the reader: ``python -m knowledge.training.reader.train --help``.

Goes on from the run's last checkpoint where there is one, so that a run may take several days'
spare time. What is measured, and kept for the artefact, is a moving average of the weights: with
it a run can be left at any step without having to lower its rate of learning first (Izmailov et
al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018).
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.model import Span
from knowledge.neural.reader.chunks import MAX_CHUNK, chunks
from knowledge.neural.reader.decoding import likeliest_spans
from knowledge.neural.reader.inputs import EncodedPair, encode_pair
from knowledge.neural.reader.protocol import SpanPrediction
from knowledge.neural.reader.tokenizer import SubwordTokenizer
from knowledge.training.reader.data import Example, prepare, read_examples, write_examples
from knowledge.training.reader.glossary import found_pairs, glossed
from knowledge.training.reader.measure import development, figures, table
from knowledge.training.reader.network import (
    Weights,
    encode,
    initial_weights,
    read_chunks,
    torch,
)
from knowledge.training.reader.pack import Pack, installed_pack, read_pack
from knowledge.training.reader.rules import (
    Stock,
    chatter,
    heading,
    mixed,
    noisy,
    shifted,
    surrounded,
    without_answer,
)
from knowledge.training.reader.vocabulary import chosen, words_of

__all__ = ["Configuration", "main"]

_FILL = 1
_POSITIONS = 320


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a run is made with. ``layers``: e5's layers in use; ``frozen``: how many of the lower
    ones stay as they are; ``rate``: of learning, in the last layer, times ``decay`` for each layer
    below, times ``head_factor`` in the heads; ``average``: the share of the moving average that a
    step leaves."""

    layers: tuple[int, ...] = tuple(range(12))
    frozen: int = 4
    batch: int = 16
    rate: float = 1e-4
    decay: float = 0.9
    head_factor: float = 5.0
    warm_up: int = 80
    dropout: float = 0.1
    average: float = 0.998
    seed: int = 11


@dataclass(slots=True)
class State:
    """Where a run stands. ``epoch`` and ``batch`` tell which examples come next."""

    weights: Weights
    average: Weights
    optimiser: Any
    step: int = 0
    epoch: int = 0
    batch: int = 0
    losses: list[float] = field(default_factory=list[float])


@dataclass(frozen=True, slots=True)
class Drawn:
    """An example as an epoch has it: numbers of its pieces, the piece where the window begins, and
    the pieces where the answer starts and ends (0: none)."""

    numbers: list[int]
    first: int
    start: int
    end: int


# How often an example of a source is drawn in an epoch, on average.
_SHARES = {
    "piaf": 0.8, "piaf-neighbour": 0.35, "piaf-stranger": 0.15, "near-miss-high": 1.8,
    "near-miss-low": 1.0, "paraphrase": 1.5, "squad": 0.8, "squad-adversarial": 0.85,
    "squad-neighbour": 0.15, "xquad": 1.3, "xquad-neighbour": 0.6, "xquad-adversarial": 2.2,
}  # fmt: skip
_SWAPPED, _CUT, _MIXED, _SURROUNDED = 0.14, 0.1, 0.06, 0.08
# Passages that have nothing to do with the question, by the languages of passage and question's
# set: all pairs that also have answers.
_STRANGERS = {"fr": ("fr",), "en": ("en", "es"), "es": ("es",)}
_STRANGER = 0.05
_GLOSSED = {"fr": 0.2, "en": 0.1, "es": 0.1}  # questions put word for word


@dataclass(frozen=True, slots=True)
class Source:
    """What epochs are drawn from. ``words``: those of each language in the other one."""

    examples: Sequence[Example]
    stock: Stock
    words: Mapping[str, Mapping[str, str]]
    pieces: SubwordTokenizer

    def drawn(self, seed: int, epoch: int) -> list[Drawn]:
        """Return an epoch's examples, the same for the same seed and epoch."""
        rng = random.Random(f"{seed}/{epoch}")  # noqa: S311 - reproducible, not secret
        passages = {
            language: [one for one in self.examples if one.language == language]
            for language in _STRANGERS
        }
        found: list[Drawn] = []
        for original in self.examples:
            share = _SHARES[original.source]
            times = int(share) + (rng.random() < share % 1)
            found += [self._draw(original, rng) for _ in range(times)]
            if rng.random() < _STRANGER:
                other = rng.choice(passages[rng.choice(_STRANGERS[original.language])])
                if other.article != original.article:
                    found.append(self._draw(_stranger(original, other.passage, rng), rng))
            if original.answer is not None:
                if rng.random() < _SWAPPED and (swapped := self.stock.swapped(original, rng)):
                    found.append(self._draw(swapped, rng))
                if rng.random() < _CUT and (cut := without_answer(original)):
                    found.append(self._draw(cut, rng))
        rng.shuffle(found)
        return found

    def _draw(self, example: Example, rng: random.Random) -> Drawn:
        window = self._window(example, rng)
        question = example.question
        language = "fr" if example.language == "fr" else "en"
        if rng.random() < _GLOSSED[example.language]:
            question = glossed(question, language, self.words[language], rng)
            language = "en" if language == "fr" else "fr"
        elif rng.random() < _MIXED:
            question = mixed(question, language)
        question = noisy(question, language, rng)
        if rng.random() < _SURROUNDED:
            question = surrounded(question, language, rng)
        laid = encode_pair(self.pieces, question, window.of(example.passage))
        return _placed(laid, shifted(example.answer, window))

    def _window(self, example: Example, rng: random.Random) -> Span:
        """Return one that holds the answer; without any, mostly the one nearest to the words of
        the question."""
        for most in (rng.choice((240, 320, MAX_CHUNK, MAX_CHUNK)), MAX_CHUNK):
            spans = chunks(example.passage, most)
            holding = [span for span in spans if shifted(example.answer, span) is not None]
            if holding:
                return rng.choice(holding)
        if rng.random() < 0.3:
            return rng.choice(spans)
        asked = set(self.pieces(example.question.lower())[0])
        return max(
            spans,
            key=lambda span: len(asked & set(self.pieces(span.of(example.passage).lower())[0])),
        )


def _stranger(original: Example, passage: str, rng: random.Random) -> Example:
    """Return an example of what does not belong together: at times with no question, or with
    nothing to read."""
    question = original.question
    if rng.random() < 0.15:
        question = chatter("fr" if original.language == "fr" else "en", rng)
    if rng.random() < 0.2:
        passage = heading(passage, rng)
    return replace(original, question=question, passage=passage, answer=None)


def _placed(laid: EncodedPair, answer: Span | None) -> Drawn:
    inside = [
        laid.first + i
        for i, span in enumerate(laid.spans)
        if answer is not None
        and span is not None
        and span.start < answer.end
        and answer.start < span.end
    ]
    start, end = (inside[0], inside[-1]) if inside else (0, 0)
    return Drawn(laid.numbers, laid.first, start, end)


def batches(examples: Sequence[Drawn], size: int, rng: random.Random) -> list[list[Drawn]]:
    """Return batches of examples of about one length, in random order."""
    found: list[list[Drawn]] = []
    for at in range(0, len(examples), size * 40):
        part = sorted(examples[at : at + size * 40], key=lambda e: len(e.numbers))
        found += [part[i : i + size] for i in range(0, len(part), size)]
    rng.shuffle(found)
    return found


def tensors(batch: Sequence[Drawn]) -> tuple[Any, Any, Any]:
    """Return piece numbers, which of them are true, and which an answer may hold."""
    length = max(len(example.numbers) for example in batch)
    numbers = torch.full((len(batch), length), _FILL)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    allowed = torch.zeros(len(batch), length, dtype=torch.bool)
    for row, example in enumerate(batch):
        size = len(example.numbers)
        numbers[row, :size] = torch.tensor(example.numbers)
        mask[row, :size] = True
        allowed[row, example.first : size - 1] = True
    allowed[:, 0] = True
    return numbers, mask, allowed


def loss_of(
    weights: Weights, batch: Sequence[Drawn], configuration: Configuration, pack: Pack
) -> Any:  # noqa: ANN401 - PyTorch is untyped here
    """Return the loss: half the cross-entropies of start and end, and that of answerable."""
    functional = torch.nn.functional
    numbers, mask, allowed = tensors(batch)
    with torch.autocast("cpu", torch.bfloat16):
        states = encode(
            weights,
            numbers,
            mask,
            heads=pack.heads,
            epsilon=pack.epsilon,
            frozen=configuration.frozen,
            dropout=configuration.dropout,
        )
    starts, ends, answerable = read_chunks(weights, states.float())
    closed = ~allowed
    start = torch.tensor([example.start for example in batch])
    end = torch.tensor([example.end for example in batch])
    return (
        functional.cross_entropy(starts.masked_fill(closed, -1e4), start) / 2
        + functional.cross_entropy(ends.masked_fill(closed, -1e4), end) / 2
        + functional.binary_cross_entropy_with_logits(answerable, (start > 0).float())
    )


def _layer_of(name: str, layers: int) -> int:
    if name.startswith("l"):
        return int(name[1 : name.index(".")])
    return -1 if name.startswith("emb") else layers


def _optimiser(weights: Weights, configuration: Configuration) -> Any:  # noqa: ANN401
    layers = len(configuration.layers)
    groups: list[dict[str, Any]] = []
    for name, weight in weights.items():
        layer = _layer_of(name, layers)
        if layer < configuration.frozen:
            continue
        weight.requires_grad_(True)  # noqa: FBT003 - PyTorch's own signature
        rate = configuration.rate * (
            configuration.head_factor
            if layer == layers
            else configuration.decay ** (layers - 1 - layer)
        )
        is_matrix = weight.ndim > 1
        groups.append(
            {"params": [weight], "base": rate, "lr": 0.0, "weight_decay": 0.01 * is_matrix}
        )
    return torch.optim.AdamW(groups, foreach=False, fused=True)


def _fresh(pack: Pack, numbers: list[int], configuration: Configuration) -> State:
    weights = initial_weights(pack, numbers, configuration.layers, _POSITIONS)
    optimiser = _optimiser(weights, configuration)
    average = {name: weight.detach().clone() for name, weight in weights.items()}
    return State(weights, average, optimiser)


def _save(path: Path, state: State, configuration: Configuration) -> None:
    kept = {name for name in state.weights if not name.startswith("emb.word")}
    part = path.with_suffix(".part")
    torch.save(
        {
            "weights": {name: state.weights[name].detach() for name in kept},
            "average": {name: state.average[name] for name in kept},
            "optimiser": state.optimiser.state_dict(),
            "at": (state.step, state.epoch, state.batch),
            "configuration": asdict(configuration),
        },
        part,
    )
    part.replace(path)


def _restore(path: Path, state: State) -> None:
    saved = torch.load(path, weights_only=True)
    with torch.no_grad():
        for name, weight in saved["weights"].items():
            state.weights[name].copy_(weight)
            state.average[name].copy_(saved["average"][name])
    state.optimiser.load_state_dict(saved["optimiser"])
    state.step, state.epoch, state.batch = saved["at"]


def _step(state: State, batch: Sequence[Drawn], configuration: Configuration, pack: Pack) -> None:
    warm = min(1.0, (state.step + 1) / configuration.warm_up)
    for group in state.optimiser.param_groups:
        group["lr"] = group["base"] * warm
    torch.manual_seed(configuration.seed * 1_000_003 + state.step)
    loss = loss_of(state.weights, batch, configuration, pack)
    loss.backward()
    trained = [weight for weight in state.weights.values() if weight.requires_grad]
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    state.optimiser.step()
    state.optimiser.zero_grad(set_to_none=True)
    state.step += 1
    left = min(configuration.average, (1 + state.step) / (10 + state.step))
    with torch.no_grad():
        for name, weight in state.weights.items():
            if weight.requires_grad:
                state.average[name].lerp_(weight, 1 - left)
    state.losses.append(float(loss.detach()))


class Run:
    """A run in its folder: ``train.jsonl``, ``held.jsonl``, ``vocabulary.json``,
    ``glossary.json``, ``last.pt`` and ``log.txt``."""

    def __init__(self, folder: Path, sets: Path, configuration: Configuration) -> None:
        self.folder, self.configuration = folder, configuration
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "held.jsonl").exists():
            found = list(prepare(sets))
            write_examples(folder / "train.jsonl", (e for held, e in found if not held))
            write_examples(folder / "held.jsonl", (e for held, e in found if held))
        self.examples = read_examples(folder / "train.jsonl")
        self.pack = read_pack(installed_pack())
        vocabulary = folder / "vocabulary.json"
        if not vocabulary.exists():
            texts = [text for e in self.examples for text in (e.question, e.passage)]
            vocabulary.write_text(json.dumps(chosen(self.pack, texts)), encoding="utf-8")
        self.numbers: list[int] = json.loads(vocabulary.read_text(encoding="utf-8"))
        self.pieces = words_of(self.pack, self.numbers).tokenizer()
        glossary = folder / "glossary.json"
        if not glossary.exists():
            glossary.write_text(json.dumps(found_pairs(self.examples)), encoding="utf-8")
        pairs: list[tuple[str, str]] = json.loads(glossary.read_text(encoding="utf-8"))
        words = {"fr": dict(pairs), "en": {english: french for french, english in pairs}}
        self.source = Source(self.examples, Stock(self.examples), words, self.pieces)
        self.state = _fresh(self.pack, self.numbers, configuration)
        if (folder / "last.pt").exists():
            _restore(folder / "last.pt", self.state)

    def say(self, text: str) -> None:
        """Write a line to the log."""
        line = f"{datetime.now(UTC):%F %T} {text}"
        with (self.folder / "log.txt").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def save(self) -> None:
        """Keep where the run stands."""
        _save(self.folder / "last.pt", self.state, self.configuration)

    def batches(self) -> Iterator[list[Drawn]]:
        """Yield the batches that come next, epoch after epoch."""
        configuration = self.configuration
        while True:
            epoch = self.state.epoch
            found = self.source.drawn(configuration.seed, epoch)
            rng = random.Random(f"{configuration.seed}/{epoch}/batches")  # noqa: S311
            ordered = batches(found, configuration.batch, rng)
            self.say(
                f"epoch {epoch}: {len(found)} examples, "
                f"{sum(e.start > 0 for e in found) / len(found):.2f} answered, "
                f"{sum(len(e.numbers) for e in found) / len(found):.0f} pieces each, "
                f"{len(ordered)} steps"
            )
            for at in range(self.state.batch, len(ordered)):
                yield ordered[at]
                self.state.batch = at + 1
            self.state.epoch, self.state.batch = epoch + 1, 0

    def train(self, seconds: float, sets: Path, *, save_every: float, measure_every: float) -> None:
        """Train for so long, or until SIGTERM; save and measure every so many seconds."""
        stopping: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
        begun = saved = measured = time.monotonic()
        processor = time.process_time()
        for batch in self.batches():
            now = time.monotonic()
            if stopping or now - begun > seconds:
                break
            _step(self.state, batch, self.configuration, self.pack)
            if self.state.step % 20 == 0:
                spent = time.process_time()
                self.say(
                    f"step {self.state.step} loss {sum(self.state.losses) / 20:.3f} "
                    f"processor {(spent - processor) / 20:.2f} s a step"
                )
                self.state.losses.clear()
                processor = spent
            if now - saved > save_every:
                self.save()
                saved = now
            if now - measured > measure_every:
                self.measure(sets)
                measured = time.monotonic()
                processor = time.process_time()
        self.save()
        self.say(f"stopped at step {self.state.step}")

    def measure(self, sets: Path, share: int = 6) -> dict[str, dict[str, float]]:
        """Measure the averaged weights on what is kept back, of each source one in ``share``, and
        on the development questions."""
        held = [
            example
            for at, example in enumerate(read_examples(self.folder / "held.jsonl"))
            if at % share == 0 or example.source.startswith(("near-miss", "para"))
        ]
        held += development(sets)
        found = figures(held, self.read(held))
        self.say(f"step {self.state.step} kept back:\n{table(found)}")
        return found

    def read(self, examples: Sequence[Example]) -> list[SpanPrediction]:
        """Read passages with the averaged weights; of a passage's windows the best counts."""
        asked: list[tuple[int, Span, EncodedPair]] = []
        for at, example in enumerate(examples):
            for window in chunks(example.passage):
                text = window.of(example.passage)
                asked.append((at, window, encode_pair(self.pieces, example.question, text)))
        asked.sort(key=lambda one: len(one[2].numbers))
        best: dict[int, SpanPrediction] = {}
        for begin in range(0, len(asked), 32):
            part = asked[begin : begin + 32]
            numbers, mask, _ = tensors([_placed(laid, None) for _, _, laid in part])
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                states = encode(
                    self.state.average, numbers, mask, heads=self.pack.heads,
                    epsilon=self.pack.epsilon,
                )  # fmt: skip
            with torch.no_grad():
                starts, ends, answerable = read_chunks(self.state.average, states.float())
            for row, (at, window, laid) in enumerate(part):
                kept = [0, *range(laid.first, len(laid.numbers) - 1)]
                found = likeliest_spans(
                    starts[row, kept].numpy(), ends[row, kept].numpy(), laid.spans
                )
                moved = tuple(candidate.moved(window.start) for candidate in found)
                one = SpanPrediction(float(answerable[row]), moved)
                if at not in best or one.score > best[at].score:
                    best[at] = one
        return [best[at] for at in range(len(examples))]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--sets", type=Path, required=True, help="the folder of the question sets")
    parser.add_argument("--run", type=Path, required=True, help="the folder of the run")
    parser.add_argument(
        "--minutes", type=float, default=60, help="how long to train; 0: measure only"
    )
    parser.add_argument("--save-every", type=float, default=10, help="minutes")
    parser.add_argument("--measure-every", type=float, default=25, help="minutes")
    parser.add_argument("--share", type=int, default=6, help="measure one in so many")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--next-epoch", action="store_true", help="leave the rest of this one")
    parser.add_argument("--say", default="", help="a line for the log")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    run = Run(given.run, given.sets, Configuration())
    if given.say:
        run.say(given.say)
    if given.next_epoch:
        run.state.epoch, run.state.batch = run.state.epoch + 1, 0
    if given.minutes <= 0:
        run.measure(given.sets, given.share)
        return
    run.train(
        given.minutes * 60,
        given.sets,
        save_every=given.save_every * 60,
        measure_every=given.measure_every * 60,
    )


if __name__ == "__main__":
    main()
