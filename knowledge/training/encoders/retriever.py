"""Training the retriever: a question's vector comes near that of what answers it, and away from
those of everything else in the batch.

A batch is whole articles, so that what a question is told apart from are, before all, the other
paragraphs of its own article (Karpukhin et al., "Dense Passage Retrieval", 2020,
arXiv:2004.04906). What results is drawn back a quarter of the way to the original, which keeps
what e5 knows of languages and subjects that are not trained on. Then it learns to give the same
vectors with the 8-bit matrices of the exported network, by its own exact ones (Jacob et al., 2018,
arXiv:1712.05877, with what it was as its teacher).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.indexing.chunks import above, said_beside
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
    "settle", "settling_loss", "train_retriever",
]  # fmt: skip

_SENTENCE = 0.45
"""How often what answers is given as a sentence alone, not as a piece of its paragraph."""
_TITLED = 0.6
"""How often an article's passages stand under its title and headings, as in an index."""
_LENGTHS = (320, MAX_CHUNK, MAX_CHUNK)
_LONGEST = 160  # tokens of a text
_GROUPS, _LEAST_AT_ONCE = 4, 64
"""Parts by length in which a batch is run at most, and texts of one at least."""
_PARAGRAPHS = 6
"""Paragraphs of an article at most: longer ones are taken for several."""
_RATES, _SETTLING_RATES = Rates(6e-5), Rates(3e-5, average=0.98)
_TOLD_EVERY = 10
_TURNED = 10.0  # what a vector's turn counts beside what is told apart by it


@dataclass(frozen=True, slots=True)
class RetrieverRecipe:
    """How the retriever is trained. ``articles``: in a batch; ``kept``: the share of the way from
    the original to the trained weights that is gone; ``settling``: steps that 8-bit matrices are
    learned in, with ``settled`` articles in a batch."""

    steps: int = 860
    articles: int = 40
    rates: Rates = _RATES
    temperature: float = 0.02
    dropout: float = 0.12
    kept: float = 0.75
    settling: int = 210
    settled: int = 12
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
            if questions:
                part = slice(first, first + _PARAGRAPHS)
                found.append(
                    replace(
                        one,
                        paragraphs=one.paragraphs[part],
                        headings=one.headings[part],
                        questions=questions,
                    )
                )
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
        is_titled = bool(article.title) and rng.random() < _TITLED
        for question in article.questions:
            text = _passage(article, question.paragraph, question.answer, rng, is_titled=is_titled)
            key = (at, question.paragraph, text)
            asked.append(
                (question.text, at, question.paragraph, numbers.setdefault(key, len(numbers)))
            )
        taken = {paragraph for of, paragraph, _ in numbers if of == at}
        for paragraph in range(len(article.paragraphs)):
            if paragraph not in taken:
                piece = _passage(article, paragraph, None, rng, is_titled=is_titled)
                numbers.setdefault((at, paragraph, piece), len(numbers))
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
    learner = Learner(original, recipe.rates)
    parts = article_batches(parted(articles), recipe.articles, rng)
    encode = _Encoding(words, tokenizer)
    told = _Told(say, recipe.steps)
    for step in range(recipe.steps):
        batch = drawn_batch(next(parts), rng)
        found = encode.both(learner.network, batch, dropout=recipe.dropout)
        loss = contrastive_loss(*found, batch, recipe.temperature)
        learner.step(loss, (step + 1) / recipe.steps)
        told.add(loss)
    trained = between(original, learner.network, recipe.kept)
    return settle(trained, words, tokenizer, articles, recipe, say)


def settle(
    exact: Network,
    words: Tensor,
    tokenizer: SubwordTokenizer,
    articles: Sequence[Article],
    recipe: RetrieverRecipe,
    say: Callable[[str], None],
) -> Network:
    """Return the network that with 8-bit matrices gives the vectors which ``exact`` gives with
    floats, and tells passages apart as that does."""
    rng = random.Random(recipe.seed)  # noqa: S311 - reproducible, not secret
    learner = Learner(exact, _SETTLING_RATES)
    parts = article_batches(parted(articles), recipe.settled, rng)
    encode = _Encoding(words, tokenizer)
    told = _Told(say, recipe.settling)
    for step in range(recipe.settling):
        batch = drawn_batch(next(parts), rng)
        with torch.no_grad():
            right = encode.both(exact, batch)
        found = encode.both(learner.network, batch, is_simulated=True)
        loss = settling_loss(found, right, recipe.temperature)
        learner.step(loss, (step + 1) / recipe.settling)
        told.add(loss)
    return learner.averaged() if recipe.settling else exact


def settling_loss(
    found: tuple[Tensor, Tensor], right: tuple[Tensor, Tensor], temperature: float
) -> Tensor:
    """Return how far vectors of questions and of passages are from the right ones: by themselves,
    and in how likely each passage is for each question."""
    scores, rightly = (one[0] @ one[1].T / temperature for one in (found, right))
    apart = torch.nn.functional.kl_div(
        scores.log_softmax(-1), rightly.log_softmax(-1), reduction="batchmean", log_target=True
    )
    turned = sum(
        (1 - (one * other).sum(-1)).mean() for one, other in zip(found, right, strict=True)
    )
    return apart + _TURNED * turned


class _Encoding:
    """Gives the vectors of a batch's questions and passages, and cuts each text but once."""

    def __init__(self, words: Tensor, tokenizer: SubwordTokenizer) -> None:
        self._words = words
        self._cut = remembering(tokenizer)

    def both(
        self, network: Network, batch: Batch, *, dropout: float = 0.0, is_simulated: bool = False
    ) -> tuple[Tensor, Tensor]:
        """Return the vectors of the questions and of the passages."""

        def vectors(role: str, texts: Sequence[str]) -> Tensor:
            rows = [
                [START, *self._cut(f"{role}: {text}")[0][: _LONGEST - 2], END] for text in texts
            ]
            order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
            found: list[Tensor] = []
            for part in _groups(order):
                inputs = inputs_of(self._words, [rows[at] for at in part])
                with in_16_bits(self._words.device.type):
                    last = states(network, inputs, dropout=dropout, is_simulated=is_simulated)
                found.append(mean_vector(last, inputs.mask))
            back = sorted(range(len(order)), key=lambda at: order[at])
            return torch.cat(found)[back]

        return vectors("query", batch.questions), vectors("passage", batch.passages)


class _Told:
    """Says the mean loss of every few steps."""

    def __init__(self, say: Callable[[str], None], steps: int) -> None:
        self._say, self._steps, self._step = say, steps, 0
        self._losses: list[Tensor] = []

    def add(self, loss: Tensor) -> None:
        """Take the loss of the next step."""
        self._step += 1
        self._losses.append(loss.detach())
        if len(self._losses) == _TOLD_EVERY or self._step == self._steps:
            mean = float(torch.stack(self._losses).mean())
            self._say(f"retriever: step {self._step} of {self._steps}, loss {mean:.4f}")
            self._losses.clear()


def _groups(ordered: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield what is run at once of texts in the order of their lengths: little is then filled."""
    size = max(_LEAST_AT_ONCE, -(-len(ordered) // _GROUPS))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def _passage(
    article: Article, paragraph: int, answer: Span | None, rng: random.Random, *, is_titled: bool
) -> str:
    """Return a piece or a sentence of a paragraph, that with the answer where there is one, under
    title and headings as an index has it."""
    text = article.paragraphs[paragraph]
    before = above(article.title, article.headings[paragraph]) if is_titled else ""
    if answer is None:
        return before + rng.choice(chunks(text, rng.choice(_LENGTHS))).of(text)
    if rng.random() < _SENTENCE:
        for sentence in sentences(text):
            if sentence.start <= answer.start and answer.end <= sentence.end:
                return before + said_beside(text, sentence) + sentence.of(text)
    held = holding(text, answer, rng.choice(_LENGTHS)) or holding(text, answer, MAX_CHUNK)
    return before + (rng.choice(held).of(text) if held else text)
