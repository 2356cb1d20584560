"""Meaning beside words: with an encoder of the tests' own, and with the real one."""

import hashlib
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database

from knowledge.base import KnowledgeBase
from knowledge.index.schema import migrations
from knowledge.index.vectors import in_8_bits, stacked
from knowledge.model import ReindexProgress, ReindexStage
from knowledge.neural import Encoder, load_encoder
from knowledge.neural.onnx_encoder import OnnxEncoder

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
        vector = np.array(values) / (np.linalg.norm(values) or 1.0)
        return vector.astype("<f2").tobytes()

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        return [self._vector(text) for text in texts]

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[bytes]:
        self.encoded += texts
        if progress is not None:
            progress(len(texts))
        return [self._vector(text) for text in texts]


def markdown(*paragraphs: str) -> str:
    return "---\ntitle: Bêtes\nlanguage: fr\n---\n\n" + "\n\n".join(paragraphs) + "\n"


Open = Callable[..., KnowledgeBase]


@pytest.fixture
def open_base(tmp_path: Path) -> Iterator[Open]:
    """Return a function that indexes an article of the given paragraphs."""
    opened: list[KnowledgeBase] = []

    def open_it(encoder: Encoder | None, *paragraphs: str) -> KnowledgeBase:
        if paragraphs:
            (tmp_path / "a.md").write_text(markdown(*paragraphs), encoding="utf-8")
        base = KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "a.md"], encoder)
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
    assert encoder.encoded == ["Bêtes. Le brut coule."]  # the paragraph is its one sentence
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
    with KnowledgeBase.open(tmp_path / "k.db", sources, encoder, encode=False) as base:
        assert encoder.encoded == []
        assert first(base, "chat") == 2
        assert first(base, "cat") is None
        base.reindex()
        assert first(base, "cat") == 2


def test_another_model_replaces_the_vectors(open_base: Open) -> None:
    open_base(Glossary(), "Le chien court.", "Le chat dort.").close()
    other = Glossary("glossary/2")
    base = open_base(other)
    assert len(other.encoded) == 2
    assert first(base, "cat") == 2


def test_an_index_with_vectors_works_without_the_model(open_base: Open) -> None:
    open_base(Glossary(), "Le chien court.", "Le chat dort.").close()
    base = open_base(None)
    assert first(base, "chat") == 2
    assert first(base, "cat") is None


def test_a_large_index_is_searched_by_meaning_as_a_small_one_is(
    open_base: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.retrieval.dense.MAX_COMPARED", 3)
    base = open_base(Glossary(), "Le chat dort au soleil.", "Le félin dort ?", "Le brut coule.")
    assert first(base, "dort cat") in (1, 2)
    assert first(base, "oil") == 3  # no word leads there
    changed = markdown("Le brut coule.", "Le chien court.", "Le chat dort.")
    [source] = base.sources
    source.write_text(changed, encoding="utf-8")
    base.reindex()
    assert first(base, "oil") == 1
    assert first(base, "canidé") == 2


def test_while_vectors_join_a_large_index_it_is_asked_all_the_same(
    open_base: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.retrieval.dense.MAX_COMPARED", 3)
    fillers = [f"Phrase numéro {number}." for number in range(300)]
    open_base(None, "Le félin dort.", *fillers, "Le brut coule.").close()
    database, sources = tmp_path / "knowledge.db", [tmp_path / "a.md"]
    with KnowledgeBase.open(database, sources, Glossary(), encode=False) as base:
        asked: list[int | None] = []
        base.reindex(progress=lambda _: asked.append(first(base, "cat")))
        assert 1 in asked
        assert first(base, "cat") == 1


@pytest.mark.parametrize("question", ["", "\x00", "\ud800", "🙂", "x" * 10_000, "?"])
def test_any_question_can_be_compared(open_base: Open, question: str) -> None:
    base = open_base(Glossary(), "Le chat dort.")
    assert base.ask(question).question == question


def test_meaning_joins_part_by_part_and_goes_on_where_it_was_given_up(
    open_base: Open, tmp_path: Path
) -> None:
    fillers = [f"Phrase numéro {number}." for number in range(300)]
    open_base(None, "Le félin dort.", *fillers, "Le brut coule.").close()
    told: list[ReindexProgress] = []

    def give_up(moment: ReindexProgress) -> None:
        told.append(moment)
        if len(told) == 2:
            raise KeyboardInterrupt

    database, sources = tmp_path / "knowledge.db", [tmp_path / "a.md"]
    with pytest.raises(KeyboardInterrupt):
        KnowledgeBase.open(database, sources, Glossary(), progress=give_up)
    assert [moment.stage for moment in told] == [ReindexStage.ENCODING] * 2
    assert 0 < told[0].part < 1
    assert told[0].seconds_left is not None
    assert told[0].seconds_left > 0
    with KnowledgeBase.open(database, sources, Glossary(), encode=False) as base:
        assert base.lacks_vectors
        assert first(base, "cat") == 1
        assert first(base, "oil") != 302
        assert first(base, "brut") == 302  # by its word
    encoder = Glossary()
    base = open_base(encoder)
    assert 0 < len(encoder.encoded) < 100
    assert not base.lacks_vectors
    assert first(base, "oil") == 302


def test_passages_are_encoded_by_so_many_threads_which_stand_back_for_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = load_encoder(threads=1)
    assert encoder is not None
    texts = ["Le chat dort.", "Le chien court.", "Le brut coule."]
    seen: dict[int, int] = {}

    def note() -> None:
        thread = threading.get_native_id()
        seen[thread] = os.getpriority(os.PRIO_PROCESS, thread) if sys.platform == "linux" else 0

    note()
    [own] = seen.values()
    encode = OnnxEncoder._encode

    def watched(self: Any, row: Sequence[int]) -> bytes:
        note()
        return encode(self, row)

    monkeypatch.setattr(OnnxEncoder, "_encode", watched)
    seen.clear()
    assert len(encoder.encode_passages(texts)) == 3
    assert [*seen.values()] == [own], "one thread, and somebody waits for it"
    encoder.encode_queries(["Qui dort ?"])
    seen.clear()
    encoder.encode_passages(texts)
    assert len(seen) == 1
    if sys.platform == "linux":
        assert all(priority > own for priority in seen.values())
        assert os.getpriority(os.PRIO_PROCESS, 0) == own, "questions are as they were"


def test_an_index_of_two_models_loses_their_vectors_and_is_built_and_encoded_anew(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text(markdown("Le chien court.", "Le chat dort."), encoding="utf-8")
    database = tmp_path / "knowledge.db"
    before = Database(database)
    migrations.apply(before, stop_before="m007_one_encoder")
    before.table("vectors").insert({"model": "two models", "key": b"0", "vector": b"0" * 16})
    before.execute("UPDATE build SET embedded = 'two models'")
    before.conn.commit()
    before.close()
    with KnowledgeBase.open(database, [tmp_path / "a.md"], Glossary()) as base:
        assert first(base, "cat") == 2
        assert base.status().embedded == Glossary().model
    after = Database(database)
    assert not {"word_forms", "spellings"} & set(after.table_names())
    assert {row["model"] for row in after.table("vectors").rows} == {Glossary().model}
    after.close()


def test_an_older_index_keeps_its_vectors_and_curated_facts(tmp_path: Path) -> None:
    text, encoder = "Le chat dort.", Glossary()
    whole = f"Bêtes. {text}"  # its one sentence, too
    [vector] = encoder.encode_passages([whole])
    encoder.encoded.clear()
    key = hashlib.sha256(whole.encode()).digest()[:16]
    curated = {"statement": "Il dort", "statements": {"fr": "Il dort"}, "value": None}
    details = dict.fromkeys(["unit", "counted", "approx", "precision", "role", "speaker"])
    details |= {**curated, "aliases": ["Minet"], "is_year_inferred": False}
    database = tmp_path / "knowledge.db"
    old = Database(database)
    migrations.apply(old, stop_before="m010_compact")
    old.table("articles").insert(
        {
            "id": 1, "slug": "a", "file": "a.md", "content_hash": "x", "engine_version": 11,
            "title": "Bêtes", "titles": "{}", "language": "fr",
        }
    )  # fmt: skip
    old.table("paragraphs").insert(
        {
            "id": 7, "article": 1, "number": 1, "passage": "p", "text": text, "length": 2,
            "analysis": '[[[3,7,"chat"],[8,12,"dort"]],[]]',
        }
    )  # fmt: skip
    for position in (0, 1):
        old.table("windows").insert({"paragraph": 7, "position": position, "key": key})
    old.table("vectors").insert({"model": encoder.model, "key": key, "vector": vector})
    for origin, fact in (("curated", "by hand"), ("extracted", "by rules of old")):
        old.table("facts").insert(
            {
                "article": 1, "paragraph": 7, "fact": fact, "kind": "claim", "origin": origin,
                "start": 0, "end": 7, "details": json.dumps(details), "terms": "", "quoted": "",
            }
        )  # fmt: skip
    old.execute("UPDATE build SET index_version = 3, engine_version = 11, passages = 1")
    old.execute("UPDATE build SET embedded = ?, encoding = ?", [encoder.model] * 2)
    old.conn.commit()
    old.close()
    with KnowledgeBase.open(database, [], encoder) as base:
        assert encoder.encoded == ["Il dort"]  # what is new
        assert first(base, "cat") == 1
        [fact] = base.facts().facts
        assert (fact.id, fact.statement, fact.text) == ("by hand", "Il dort", "Le chat")
        assert (fact.aliases, fact.value, fact.statements) == (("Minet",), None, {"fr": "Il dort"})


def test_vectors_in_8_bits_hardly_differ() -> None:
    vectors = np.random.default_rng(5).normal(size=(200, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = [in_8_bits(vector.astype("<f2").tobytes()) for vector in vectors]
    assert {len(one) for one in packed} == {4 + 384}
    found = stacked(packed, 384)
    assert np.abs(found @ vectors.T - vectors @ vectors.T).max() < 0.005
    nothing = in_8_bits(bytes(2 * 384))
    assert not stacked([nothing], 384).any()
    assert stacked([], 384).shape == (0, 384)


def test_an_index_has_no_chunks_before_it_has_a_model(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(markdown("Le chien court.", "Le chat dort."), encoding="utf-8")
    database, sources = tmp_path / "k.db", [tmp_path / "a.md"]

    def chunks() -> int:
        index = Database(database)
        try:
            return index.table("windows").count
        finally:
            index.close()

    KnowledgeBase.open(database, sources).close()
    assert chunks() == 0
    with KnowledgeBase.open(database, sources, Glossary()) as base:
        assert chunks() == 4
        assert first(base, "cat") == 2
    with KnowledgeBase.open(database, sources) as base:
        base.reindex(rebuild=True)
        assert chunks() == 0


@pytest.fixture(scope="module")
def real() -> Encoder:
    encoder = load_encoder()
    assert encoder is not None
    return encoder


def cosine(first_vector: bytes, second_vector: bytes) -> float:
    one, two = (np.frombuffer(v, "<f2").astype(np.float32) for v in (first_vector, second_vector))
    return float(one @ two)


def test_the_real_encoder_knows_the_same_thing_in_other_languages(real: Encoder) -> None:
    texts = ["Le chat dort sur le canapé.", "Le cours du pétrole monte."]
    near, far = real.encode_passages(texts)
    for question in [
        "Where is the cat sleeping?",
        "고양이는 어디에서 자나요?",
        "¿Dónde duerme el gato?",
    ]:
        [query] = real.encode_queries([question])
        assert len(query) == 2 * real.dimension
        assert cosine(query, near) > cosine(query, far)


def test_a_text_has_the_same_vector_whatever_it_is_encoded_with(real: Encoder) -> None:
    texts = ["Un.", "Un chat dort.", "Deux chats dorment.", "Un chat dort.", "Trois " * 40]
    told: list[int] = []
    together = real.encode_passages(texts, told.append)
    alone = [real.encode_passages([text])[0] for text in texts]
    assert sum(told) == len(texts)
    for one, other in zip(together, alone, strict=True):
        assert cosine(one, other) == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize("text", ["", "\x00", "\ud800 x", "🙂", "mot " * 5_000])
def test_the_real_encoder_takes_any_text(real: Encoder, text: str) -> None:
    one, two = real.encode_queries([text, text])
    assert cosine(one, two) == pytest.approx(1, abs=2e-3)


def test_nobody_waits_for_the_rest_of_a_long_message(real: Encoder) -> None:
    text = "mot " * 1_000
    whole, beginning = real.encode_queries([text, text[:300]])
    assert whole == beginning


def test_what_an_encoding_raises_ends_it(real: Encoder) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        real.encode_passages([f"{'mot ' * (n % 50)}." for n in range(200)], stop)
