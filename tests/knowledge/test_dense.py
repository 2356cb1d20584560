"""Meaning beside words: with an encoder of the tests' own and, where installed, the real one."""

import hashlib
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.model import ReindexProgress, ReindexStage, Support
from knowledge.neural import Encoder, Encoders, load_encoders

np = pytest.importorskip("numpy", reason="the extra “semantic” is not installed")

MEANINGS = [{"chat", "cat", "félin"}, {"chien", "dog", "canidé"}, {"pétrole", "oil", "brut"}]


class Glossary:
    """An encoder that knows three meanings, and counts what it is given."""

    dimension = 8

    def __init__(self, model: str = "glossary/1") -> None:
        self.model = model
        self.encoded: list[str] = []

    def _vector(self, text: str) -> bytes:
        words = set(text.lower().replace(".", " ").replace("?", " ").split())
        noise = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        values = [float(bool(words & meaning)) for meaning in MEANINGS]
        values += [noise[i] / 2_560 for i in range(self.dimension - len(values))]
        length = sum(value * value for value in values) ** 0.5 or 1.0
        return struct.pack(f"<{self.dimension}f", *(value / length for value in values))

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        return [self._vector(text) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> list[bytes]:
        self.encoded += texts
        return [self._vector(text) for text in texts]


def markdown(*paragraphs: str) -> str:
    return "---\ntitle: Bêtes\nlanguage: fr\n---\n\n" + "\n\n".join(paragraphs) + "\n"


Open = Callable[..., KnowledgeBase]


@pytest.fixture
def open_base(tmp_path: Path) -> Iterator[Open]:
    """Return a function that indexes an article of the given paragraphs."""
    opened: list[KnowledgeBase] = []

    def open_it(
        passages: Encoder | None, *paragraphs: str, likeness: Encoder | None = None
    ) -> KnowledgeBase:
        if paragraphs:
            (tmp_path / "a.md").write_text(markdown(*paragraphs), encoding="utf-8")
        encoders = Encoders(passages, likeness)
        base = KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "a.md"], encoders)
        opened.append(base)
        return base

    yield open_it
    for base in opened:
        base.close()


def first(base: KnowledgeBase, question: str) -> int | None:
    citations = base.ask(question).citations
    return citations[0].paragraph if citations else None


def test_a_passage_is_found_by_its_meaning(open_base: Open) -> None:
    base = open_base(Glossary(), "Le chien court.", "Le chat dort.", "Le brut coule.")
    assert first(base, "Where does the félin sleep?") == 2
    assert first(base, "oil") == 3


def test_words_still_count(open_base: Open) -> None:
    base = open_base(Glossary(), "Le chat dort au soleil.", "Le chat dort sous la neige.")
    assert first(base, "Le chat sous la neige ?") == 2


def test_the_sentence_that_means_it_is_quoted(open_base: Open) -> None:
    filler = "Rien de plus ne se passe ici depuis fort longtemps, dit-on partout au village. " * 3
    base = open_base(Glossary(), f"Le chien court. {filler}Un félin dort.", "Le pétrole coule.")
    citation = base.ask("cat").citations[0]
    assert "Un félin dort." in citation.snippet


def test_without_an_encoder_everything_works_by_words(open_base: Open) -> None:
    base = open_base(None, "Le chien court.", "Le chat dort.")
    assert first(base, "chat") == 2
    assert first(base, "cat") is None


def test_a_reindex_encodes_only_new_text(open_base: Open) -> None:
    encoder = Glossary()
    base = open_base(encoder, "Le chien court.", "Le chat dort.")
    encoder.encoded.clear()
    base.reindex(rebuild=True)
    assert encoder.encoded == []
    open_base(encoder, "Le chien court.", "Le chat dort.", "Le brut coule.")
    base.reindex()
    assert encoder.encoded == ["Bêtes. Le brut coule.", "Le brut coule."]
    assert first(base, "oil") == 3


def test_vectors_are_made_before_an_index_that_has_them_changes(
    open_base: Open, tmp_path: Path
) -> None:
    base = open_base(Glossary(), "Le chat dort.")
    (tmp_path / "a.md").write_text(markdown("Le chien court.", "Le brut coule."), encoding="utf-8")
    seen: list[tuple[ReindexStage, str | None]] = []

    def look(moment: ReindexProgress) -> None:
        citations = base.ask("cat").citations
        seen.append((moment.stage, citations[0].text if citations else None))

    base.reindex(progress=look)
    assert [stage for stage, _ in seen] == [ReindexStage.ENCODING, ReindexStage.READING]
    assert seen[0][1] == seen[1][1] == "Le chat dort."  # the old index, whole, by its meaning
    assert first(base, "oil") == 2


def test_an_index_without_vectors_gets_them_when_a_model_is_there(open_base: Open) -> None:
    open_base(None, "Le chien court.", "Le chat dort.").close()
    assert first(open_base(Glossary()), "cat") == 2


def test_a_bot_may_start_before_its_vectors_are_there(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(markdown("Le chien court.", "Le chat dort."), encoding="utf-8")
    encoder = Glossary()
    sources = [tmp_path / "a.md"]
    with KnowledgeBase.open(tmp_path / "k.db", sources, Encoders(encoder), encode=False) as base:
        assert encoder.encoded == []
        assert first(base, "chat") == 2
        assert first(base, "cat") is None
        base.reindex()
        assert first(base, "cat") == 2


def test_another_model_replaces_the_vectors(open_base: Open) -> None:
    open_base(Glossary(), "Le chien court.", "Le chat dort.").close()
    other = Glossary("glossary/2")
    base = open_base(other)
    assert len(other.encoded) == 4
    assert first(base, "cat") == 2


def test_an_index_with_vectors_works_without_the_model(open_base: Open) -> None:
    open_base(Glossary(), "Le chien court.", "Le chat dort.").close()
    base = open_base(None)
    assert first(base, "chat") == 2
    assert first(base, "cat") is None


def test_a_large_index_compares_what_words_have_found(
    open_base: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.retrieval.dense.MAX_COMPARED", 3)
    base = open_base(Glossary(), "Le chat dort au soleil.", "Le félin dort ?", "Le brut coule.")
    assert first(base, "dort cat") in (1, 2)
    assert first(base, "oil") is None  # no word leads there


@pytest.mark.parametrize("question", ["", "\x00", "\ud800", "🙂", "x" * 10_000, "?"])
def test_any_question_can_be_compared(open_base: Open, question: str) -> None:
    base = open_base(Glossary(), "Le chat dort.")
    assert base.ask(question).question == question


def test_a_word_of_like_meaning_is_found_where_it_stands(open_base: Open) -> None:
    base = open_base(None, "Le chien court.", "Un félin dort.", likeness=Glossary())
    answer = base.ask("cat")
    assert answer.citations[0].paragraph == 2
    assert answer.evidence is not None
    assert [(w.word, w.support) for w in answer.evidence.words] == [("cat", Support.SIMILAR)]


def test_the_word_itself_counts_more_than_one_of_like_meaning(open_base: Open) -> None:
    base = open_base(None, "Un félin dort.", "Un chat dort.", likeness=Glossary())
    assert first(base, "chat") == 2


def test_a_number_has_nothing_like_it(open_base: Open) -> None:
    base = open_base(None, "Il y a 12 chats.", "Il y a 13 chiens.", likeness=Glossary())
    assert first(base, "13") == 2


def test_both_models_work_together(open_base: Open) -> None:
    passages, likeness = Glossary("passages/1"), Glossary("likeness/1")
    base = open_base(passages, "Le chien court.", "Un félin dort.", likeness=likeness)
    assert base.status().embedded == "passages/1 + likeness/1"
    assert "Bêtes. Le chien court." in passages.encoded
    assert "félin" in likeness.encoded
    assert "Bêtes. Le chien court." not in likeness.encoded
    assert first(base, "cat") == 2


def test_a_paragraph_may_read_like_a_sentence_elsewhere(open_base: Open) -> None:
    both = {"passages": Glossary("passages/1"), "likeness": Glossary("likeness/1")}
    base = open_base(both["passages"], "chat dort.", "Bêtes. chat dort.", likeness=both["likeness"])
    assert first(base, "cat") in (1, 2)


@pytest.fixture(scope="module")
def real() -> Encoders:
    return load_encoders()


def real_encoder(real: Encoders, name: str) -> Encoder:
    encoder = real.passages if name == "passages" else real.likeness
    if encoder is None:
        pytest.skip(f"the model of {name} is not installed")
    return encoder


def cosine(first_vector: bytes, second_vector: bytes) -> float:
    return float(np.frombuffer(first_vector, "<f4") @ np.frombuffer(second_vector, "<f4"))


@pytest.mark.parametrize("name", ["passages", "likeness"])
def test_the_real_models_know_the_same_thing_in_other_languages(real: Encoders, name: str) -> None:
    encoder = real_encoder(real, name)
    texts = ["Le chat dort sur le canapé.", "Le cours du pétrole monte."]
    near, far = encoder.encode_passages(texts)
    for question in [
        "Where is the cat sleeping?",
        "고양이는 어디에서 자나요?",
        "¿Dónde duerme el gato?",
    ]:
        [query] = encoder.encode_queries([question])
        assert len(query) == 4 * encoder.dimension
        assert cosine(query, near) > cosine(query, far)


def test_the_real_model_of_likeness_knows_words_in_other_languages(real: Encoders) -> None:
    encoder = real_encoder(real, "likeness")
    barrels, wine = encoder.encode_queries(["barrels", "wine"])
    words = encoder.encode_passages(["barils", "farine", "accord"])
    assert cosine(barrels, words[0]) > 0.7
    assert max(cosine(wine, word) for word in words) < 0.6


@pytest.mark.parametrize("text", ["", "\x00", "\ud800 x", "🙂", "mot " * 5_000])
@pytest.mark.parametrize("name", ["passages", "likeness"])
def test_the_real_models_take_any_text(real: Encoders, name: str, text: str) -> None:
    one, two = real_encoder(real, name).encode_queries([text, text])
    assert cosine(one, two) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", ["passages", "likeness"])
def test_nobody_waits_for_the_rest_of_a_long_message(real: Encoders, name: str) -> None:
    text = "mot " * 1_000
    whole, beginning = real_encoder(real, name).encode_queries([text, text[:300]])
    assert whole == beginning
