"""Training the retriever: a question's vector comes near that of what answers it, and away from
those of everything else in the batch.

A batch is whole articles, so that what a question is told apart from are, before all, the other
paragraphs of its own article (Karpukhin et al., "Dense Passage Retrieval", 2020,
arXiv:2004.04906). What results is drawn back a quarter of the way to the original, which keeps
what e5 knows of languages and subjects that are not trained on.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import Span
from knowledge.neural.reader.chunks import MAX_CHUNK, chunks
from knowledge.neural.tokenizer import SubwordTokenizer
from knowledge.neural.vocabulary import END, START
from knowledge.text.sentences import sentences
from knowledge.training.encoders.arithmetic import Tensor, torch
from knowledge.training.encoders.articles import Article, Question
from knowledge.training.encoders.drawing import holding, remembering
from knowledge.training.encoders.learning import Learner, Rates, between, in_16_bits
from knowledge.training.encoders.network import Network, inputs_of, mean_vector, states

__all__ = [
    "Batch", "RetrieverRecipe", "article_batches", "contrastive_loss", "drawn_batch", "parted",
    "train_retriever",
]  # fmt: skip

_SENTENCE = 0.45
"""How often what answers is given as a sentence alone, not as a piece of its paragraph."""
_LENGTHS = (320, MAX_CHUNK, MAX_CHUNK)
_LONGEST = 160  # tokens of a text
_GROUPS, _LEAST_AT_ONCE = 8, 32
"""Parts by length in which a batch is run at most, and texts of one at least."""
_PARAGRAPHS = 6
"""Paragraphs of an article at most: longer ones are taken for several."""
_RATES = Rates(6e-5)
_TOLD_EVERY = 10


@dataclass(frozen=True, slots=True)
class RetrieverRecipe:
    """How the retriever is trained. ``articles``: in a batch; ``kept``: the share of the way from
    the original to the trained weights that is gone."""

    steps: int = 800
    articles: int = 40
    rates: Rates = _RATES
    temperature: float = 0.02
    dropout: float = 0.12
    kept: float = 0.75
    seed: int = 11


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and passages. ``right``: the number of the passage that answers each question;
    ``ignored``: those of other passages that answer it, too."""

    questions: tuple[str, ...]
    passages: tuple[str, ...]
    right: tuple[int, ...]
    ignored: tuple[frozenset[int], ...]


def parted(articles: Sequence[Article]) -> list[Article]:
    """Return the articles that have answered questions, those only, long articles in parts."""
    found: list[Article] = []
    for one in articles:
        for first in range(0, len(one.paragraphs), _PARAGRAPHS):
            questions = tuple(
                Question(asked.text, asked.language, asked.paragraph - first, asked.answer, "")
                for asked in one.questions
                if asked.answer is not None and 0 <= asked.paragraph - first < _PARAGRAPHS
            )
            paragraphs = one.paragraphs[first : first + _PARAGRAPHS]
            if questions:
                found.append(Article(one.source, one.language, one.title, paragraphs, questions))
    return found


def article_batches(
    articles: Sequence[Article], size: int, rng: random.Random
) -> Iterator[list[Article]]:
    """Yield batches without end; all articles come once before one comes again."""
    waiting: list[Article] = []
    while True:
        if len(waiting) < size:
            waiting += rng.sample(articles, len(articles))
        yield waiting[:size]
        del waiting[:size]


def drawn_batch(articles: Sequence[Article], rng: random.Random) -> Batch:
    """Return the questions on the articles, with what answers each, and a piece of every paragraph
    in which nothing does."""
    numbers: dict[tuple[int, int, str], int] = {}
    asked: list[tuple[str, int, int, int]] = []
    for at, article in enumerate(articles):
        for question in article.questions:
            paragraph = article.paragraphs[question.paragraph]
            text = (
                paragraph
                if question.answer is None
                else _answering(paragraph, question.answer, rng)
            )
            key = (at, question.paragraph, text)
            asked.append(
                (question.text, at, question.paragraph, numbers.setdefault(key, len(numbers)))
            )
        taken = {paragraph for of, paragraph, _ in numbers if of == at}
        for paragraph, text in enumerate(article.paragraphs):
            if paragraph not in taken:
                piece = rng.choice(chunks(text, rng.choice(_LENGTHS)))
                numbers.setdefault((at, paragraph, piece.of(text)), len(numbers))
    same: dict[tuple[int, int], set[int]] = {}
    for (at, paragraph, _), number in numbers.items():
        same.setdefault((at, paragraph), set()).add(number)
    return Batch(
        tuple(text for text, *_ in asked),
        tuple(text for _, _, text in numbers),
        tuple(right for *_, right in asked),
        tuple(frozenset(same[at, paragraph] - {right}) for _, at, paragraph, right in asked),
    )


def contrastive_loss(
    questions: Tensor, passages: Tensor, batch: Batch, temperature: float
) -> Tensor:
    """Return the cross-entropy of the right passage among all, by the cosine of the vectors."""
    scores = questions @ passages.T / temperature
    ignored = torch.zeros(scores.shape, dtype=torch.bool)
    for row, columns in enumerate(batch.ignored):
        ignored[row, list(columns)] = True
    scores = scores.masked_fill(ignored.to(scores.device), float("-inf"))
    right = torch.tensor(batch.right, device=scores.device)
    return torch.nn.functional.cross_entropy(scores, right)


def train_retriever(
    original: Network,
    words: Tensor,
    tokenizer: SubwordTokenizer,
    articles: Sequence[Article],
    recipe: RetrieverRecipe,
    say: Callable[[str], None],
) -> Network:
    """Return the network trained on the articles; ``say`` is told how it goes."""
    rng = random.Random(recipe.seed)  # noqa: S311 - reproducible, not secret
    torch.manual_seed(recipe.seed)
    device = words.device.type
    cut = remembering(tokenizer)
    learner = Learner(original, recipe.rates)
    parts = article_batches(parted(articles), recipe.articles, rng)
    losses: list[Tensor] = []

    def vectors(role: str, texts: Sequence[str]) -> Tensor:
        rows = [[START, *cut(f"{role}: {text}")[0][: _LONGEST - 2], END] for text in texts]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        found: list[Tensor] = []
        for part in _groups(order):
            inputs = inputs_of(words, [rows[at] for at in part])
            with in_16_bits(device):
                last = states(learner.network, inputs, dropout=recipe.dropout)
            found.append(mean_vector(last, inputs.mask))
        back = sorted(range(len(order)), key=lambda at: order[at])
        return torch.cat(found)[back]

    for step in range(recipe.steps):
        batch = drawn_batch(next(parts), rng)
        questions, passages = vectors("query", batch.questions), vectors("passage", batch.passages)
        loss = contrastive_loss(questions, passages, batch, recipe.temperature)
        learner.step(loss, (step + 1) / recipe.steps)
        losses.append(loss.detach())
        if len(losses) == _TOLD_EVERY or step + 1 == recipe.steps:
            mean = float(torch.stack(losses).mean())
            say(
                f"retriever: step {step + 1} of {recipe.steps}, {len(batch.questions)} questions, "
                f"{len(batch.passages)} passages, loss {mean:.3f}"
            )
            losses.clear()
    return between(original, learner.network, recipe.kept)


def _groups(ordered: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield what is run at once of texts in the order of their lengths: little is then filled."""
    size = max(_LEAST_AT_ONCE, -(-len(ordered) // _GROUPS))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def _answering(paragraph: str, answer: Span, rng: random.Random) -> str:
    """Return the sentence with the answer, or a piece of the paragraph that holds it."""
    if rng.random() < _SENTENCE:
        for sentence in sentences(paragraph):
            if sentence.start <= answer.start and answer.end <= sentence.end:
                return sentence.of(paragraph)
    held = holding(paragraph, answer, rng.choice(_LENGTHS)) or holding(paragraph, answer, MAX_CHUNK)
    return rng.choice(held).of(paragraph) if held else paragraph
