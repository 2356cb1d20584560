"""Postings: what they hold after changes, and the scores that come of them."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from bases import MakeBase
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from knowledge.base import BUNDLED_ARTICLES, KnowledgeBase
from knowledge.entities import analysed
from knowledge.entities.analysis import index_terms
from knowledge.index import BLOCK, STRETCH, IndexReader, open_for_reading, terms
from knowledge.index.postings import IN_BODY, PostingChanges, Postings, merged
from knowledge.index.schema import migrations
from knowledge.index.terms import TermWriter, are_terms_whole
from knowledge.model.errors import IndexLost
from knowledge.questions.query import Query, read_query
from knowledge.retrieval.bm25 import Bm25, PassageScores, idf, idf_weight
from knowledge.retrieval.lexical import Scoring, look_into, most_bonus
from knowledge.text.spelling import Speller

ROWIDS = st.sampled_from([0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7])
TERMS = st.sampled_from(["a", "b", "é", "@russia"])
CHANGES = st.lists(st.tuples(ROWIDS, TERMS, st.integers(0, 255)))


@given(st.lists(CHANGES, max_size=4))
def test_the_last_change_counts_and_what_is_gone_is_gone(rounds: list[list[tuple]]) -> None:
    stored: dict[tuple[int, str], Postings] = {}
    expected: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for changes in rounds:
        waiting = PostingChanges()
        for rowid, term, code in changes:
            block, place = divmod(rowid, BLOCK)
            if code:
                waiting.put(rowid, {term: code})
                expected[block, term][place] = code
            else:
                waiting.take(rowid, [term])
                expected[block, term].pop(place, None)
        for block, term, own in waiting.by_term():
            left = merged(stored.pop((block, term), None), own)
            if left is not None:
                stored[block, term] = Postings.unpacked(left.packed())
    held = {
        key: dict(zip(one.places.tolist(), one.codes.tolist(), strict=True))
        for key, one in stored.items()
    }
    assert held == {key: own for key, own in expected.items() if own}
    for one in stored.values():
        assert one.places.tolist() == sorted(one.places.tolist())


def test_bytes_that_are_no_postings_are_told() -> None:
    for packed in (b"", b"ab", b"abcd"):
        with pytest.raises(ValueError, match="cut short"):
            Postings.unpacked(packed)


ARTICLES = {
    "a": "---\ntitle: La mer\nlanguage: fr\n---\n\nLa mer monte. La mer est salée.\n\n## Le port"
    "\n\nLe port de Paris dort.\n",
    "b": "---\ntitle: Le chat\nlanguage: fr\n---\n\nUn chat voit la mer.\n",
    "c": "---\ntitle: Le chien\nlanguage: fr\n---\n\nUn chien voit le port, la Russie et l'été.\n",
}


def counted(base: KnowledgeBase) -> list[tuple]:
    """Return the counts of all words, whose postings agree with them."""
    with closing(sqlite3.connect(base.database)) as connection:
        assert are_terms_whole(connection)
        return connection.execute("SELECT * FROM words ORDER BY word").fetchall()


def test_changed_and_removed_articles_leave_what_a_new_index_has(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(**ARTICLES)
    fresh = counted(base)
    folder = tmp_path / "articles"
    (folder / "a.md").write_text(ARTICLES["a"].replace("mer", "forêt"), encoding="utf-8")
    (folder / "b.md").unlink()
    base.reindex()
    assert base.ask("forêt").citations
    assert not base.ask("chat").citations
    for name, text in ARTICLES.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    base.reindex()
    assert counted(base) == fresh
    base.reindex(rebuild=True)
    assert counted(base) == fresh


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    folder = tmp_path_factory.mktemp("postings")
    for name, text in ARTICLES.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    KnowledgeBase.open(folder / "knowledge.db", [folder, BUNDLED_ARTICLES]).close()
    with closing(open_for_reading(folder / "knowledge.db")) as reader:
        yield reader


def by_the_formula(query: Query, reader: IndexReader, constants: Bm25) -> dict[int, float]:
    """Return what each passage scores, from its stored text and its headings."""
    statistics = reader.statistics()
    scores: dict[int, float] = {}
    for passage in reader.passages(range(1, statistics.passages + 1)):
        own = index_terms(analysed(passage.text, passage.language)).terms
        title = set(index_terms(analysed(passage.title, passage.language)).terms)
        body = Counter(term for term in own if term not in title)
        share = passage.length / statistics.mean_length
        norm = 1 - constants.b + constants.b * share
        for term in query.terms:
            best = 0.0
            for form in term.forms:
                frequency = body[form.term] / norm
                frequency += constants.context * (form.term in passage.context)
                saturated = frequency * (constants.k1 + 1) / (frequency + constants.k1)
                best = max(best, form.weight * idf(form, statistics.passages) * saturated)
            scores[passage.rowid] = scores.get(passage.rowid, 0.0) + term.weight * best
    return scores


def test_scores_are_those_of_the_formula(reader: IndexReader) -> None:
    words = [word for word, _ in reader.vocabulary()]
    chance = random.Random(1)
    for _ in range(50):
        text = " ".join([*chance.sample(words, 6), "mer", "Kremlin", "Corée du Nord"])
        query = read_query(text, "fr", ("fr",), reader.term_counts, Speller.of(()).suggest)
        scores = PassageScores(query, reader, reader.statistics(), Bm25())
        expected = by_the_formula(query, reader, Bm25())
        found = scores.of(list(expected))
        assert found == pytest.approx(expected, rel=1e-5)
        best = scores.best(5)
        assert len(best) == min(5, sum(score > 0 for score in expected.values()))
        assert [found[rowid] for rowid in best] == sorted(found.values(), reverse=True)[: len(best)]


def test_what_a_passage_gains_by_its_sentences_is_bounded_by_the_words_it_has(
    reader: IndexReader,
) -> None:
    statistics, scoring = reader.statistics(), Scoring()
    rowids = range(1, statistics.passages + 1)
    for text in (
        "Combien de ports la mer a-t-elle à Paris ?",
        "Quand Kim Jong-un a-t-il rencontré Vladimir Poutine en Russie ?",
        "le port de la mer",
    ):
        query = read_query(text, "fr", ("fr",), reader.term_counts, Speller.of(()).suggest)
        scores = PassageScores(query, reader, statistics, Bm25())
        before = scores.of(rowids)
        worth = scores.worth(rowids)
        bonus = most_bonus(query, scoring)
        for one in look_into(query, reader.passages(rowids), before, statistics, scoring):
            own = one.passage.rowid
            has = [t for t in query.terms if any(form.term in one.terms for form in t.forms)]
            assert worth[own] == pytest.approx(
                sum(idf_weight(term, statistics.passages) for term in has)
            )
            assert one.score <= before[own] + 1.0001 * bonus * worth[own]


def test_passages_far_apart_are_scored_as_near_ones_are(tmp_path: Path) -> None:
    rowids = [3, BLOCK - 1, 2 * BLOCK + 5, STRETCH - 1, STRETCH, 2 * STRETCH + BLOCK + 7]
    path = tmp_path / "knowledge.db"
    KnowledgeBase.open(path, [BUNDLED_ARTICLES]).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM lengths")
        for block in {rowid // BLOCK for rowid in rowids}:
            places = [rowid % BLOCK for rowid in rowids if rowid // BLOCK == block]
            own = Postings(np.array(places, np.uint16), np.full(len(places), IN_BODY | 1, np.uint8))
            lengths = np.zeros(places[-1] + 1, np.uint16)
            lengths[places] = 9
            connection.execute("INSERT INTO postings VALUES (?, 'zzqq', ?)", [block, own.packed()])
            connection.execute("INSERT INTO lengths VALUES (?, ?)", [block, lengths.tobytes()])
        connection.execute("INSERT INTO words VALUES ('zzqq', ?, 0, ?)", [len(rowids)] * 2)
        connection.execute("UPDATE build SET passages = 9, mean_length = 9")
    with closing(open_for_reading(path)) as reader:
        query = read_query("zzqq", None, (), reader.term_counts, Speller.of(()).suggest)
        scores = PassageScores(query, reader, reader.statistics(), Bm25())
        assert scores.best(4) == rowids[:4], "of equal ones the first"
        assert scores.best(9) == rowids
        again = PassageScores(query, reader, reader.statistics(), Bm25()).of([*rowids, 4, BLOCK])
        worth = pytest.approx(idf(query.terms[0].forms[0], 9))
        assert [again[rowid] for rowid in rowids] == [worth] * len(rowids)
        assert again[4] == again[BLOCK] == 0.0


def test_postings_of_paragraphs_that_are_not_there_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.db"
    KnowledgeBase.open(path, [BUNDLED_ARTICLES]).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE lengths SET lengths = substr(lengths, 1, 2)")
    with closing(open_for_reading(path)) as reader:
        [(word, _), *_] = reader.vocabulary()
        with pytest.raises(IndexLost, match="not there"):
            list(reader.postings([word], reader.statistics().state))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE lengths SET lengths = CAST(lengths || x'20' AS BLOB)", "multiple of element size"),
        (f"UPDATE lengths SET lengths = zeroblob({2 * BLOCK + 2})", "than a block has"),
        ("UPDATE lengths SET lengths = 'ab'", "bytes-like"),
        ("UPDATE postings SET entries = 'abc'", "bytes-like"),
    ],
)
def test_lengths_and_postings_that_cannot_be_read_are_damage(
    tmp_path: Path, damage: str, told: str
) -> None:
    path = tmp_path / "knowledge.db"
    KnowledgeBase.open(path, [BUNDLED_ARTICLES]).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO lengths VALUES (1, x'0100')")
        connection.execute(damage)
    with KnowledgeBase(path, []) as base, pytest.raises(IndexLost, match=told):
        base.ask("Combien de barils ?")


def test_a_question_of_unknown_words_has_no_passage(reader: IndexReader) -> None:
    query = read_query("zzqqx", "fr", ("fr",), reader.term_counts, Speller.of(()).suggest)
    scores = PassageScores(query, reader, reader.statistics(), Bm25())
    assert scores.best(5) == []
    assert scores.of([1]) == {1: 0.0}


def test_an_index_with_sqlites_full_text_is_made_anew_from_its_own_text(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.db"
    with closing(sqlite3.connect(path)) as connection:
        db = Database(connection, execute_plugins=False)
        migrations.apply(db, stop_before="m009_postings")
        with connection:
            connection.executescript(
                """
                INSERT INTO articles VALUES
                    (1, 'a', 'a.md', '', 11, 'Le chat', '{}', 'fr', NULL, NULL, NULL, NULL);
                INSERT INTO paragraphs VALUES (1, 1, 1, NULL, 'p', 'Les chats dorment.', 2, '[]');
                INSERT INTO passages_fts (rowid, body, context, words)
                    VALUES (1, 'chat dorment dorm', 'chat', 'chats dorment chat');
                INSERT INTO term_counts VALUES ('chat', 1, 2);
                UPDATE build SET index_version = 1, engine_version = 11, passages = 1;
                """
            )
    with KnowledgeBase.open(path, [tmp_path / "no-articles"]) as base:
        assert base.ask("Le chat dort ?").citations[0].text == "Les chats dorment."
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert names.isdisjoint({"passages_fts", "terms", "term_counts", "vocabulary"})
        assert are_terms_whole(connection)


def test_what_is_taken_out_does_not_all_wait_in_memory(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a=ARTICLES["a"])
    alone = counted(base)
    make_base(**ARTICLES).reindex()
    waiting: list[int] = []
    write: Callable[[TermWriter], None] = TermWriter._write_terms

    def watched(writer: TermWriter) -> None:
        waiting.append(len(writer._postings))
        write(writer)

    monkeypatch.setattr(TermWriter, "_write_terms", watched)
    monkeypatch.setattr(terms, "_MAX_CHANGES", 1)
    for name in ("b", "c"):
        (tmp_path / "articles" / f"{name}.md").unlink()
    assert base.reindex().removed == ("b", "c")
    assert len([count for count in waiting if count]) == 2
    assert counted(base) == alone


def test_blocks_that_nothing_is_in_any_more_are_gone(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=ARTICLES["a"], b="---\ntitle: Le la\nlanguage: fr\n---\n\nElle y est.\n")
    fresh = counted(base)
    for block in (1, 2):
        with sqlite3.connect(base.database) as connection:  # far on, as after very many changes
            connection.execute(
                "UPDATE paragraphs SET id = ? WHERE id = (SELECT max(id) FROM paragraphs)",
                [block * BLOCK + BLOCK - 2],
            )
        connection.close()
        base.reindex(rebuild=True)
        assert counted(base) == fresh
        assert {c.article for c in base.ask("le port de la mer").citations} == {"a"}
    with closing(sqlite3.connect(base.database)) as connection:
        blocks = connection.execute("SELECT block FROM lengths ORDER BY block").fetchall()
        used = connection.execute("SELECT DISTINCT id / 65536 FROM paragraphs").fetchall()
    assert blocks == sorted(used)


def test_an_index_without_any_word_stays_as_it_is(make_base: MakeBase) -> None:
    base = make_base(a="---\ntitle: Le la\nlanguage: fr\n---\n\nElle y est.\n")
    assert counted(base) == []
    assert base.reindex().index_version == 1
    assert base.ask("Elle y est ?").citations == ()
