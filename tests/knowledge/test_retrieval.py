"""Spelling, candidates, scores."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bases import MakeBase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.index import IndexReader, open_for_reading
from knowledge.questions.query import read_query
from knowledge.retrieval.lexical import ScoredPassage, Scoring
from knowledge.retrieval.ranking import rank
from knowledge.retrieval.similarity import Similarity
from knowledge.text.spelling import Speller, allowed_typos

SPELLER = Speller.of(
    [("petrole", 3), ("patrole", 1), ("barils", 9), ("gouvernement", 2), ("2023", 5), ("kim", 8)]
)


def suggested(word: str) -> list[str]:
    return [suggestion.word for suggestion in SPELLER.suggest(word)]


@pytest.mark.parametrize(
    ("word", "typos"),
    [("mais", 0), ("russe", 1), ("petroles", 1), ("petrolier", 2), ("2023", 0), ("8e", 0)],
)
def test_longer_words_may_have_more_typos_and_numbers_none(word: str, typos: int) -> None:
    assert allowed_typos(word) == typos


def test_the_nearest_words_are_suggested_the_frequent_first() -> None:
    assert suggested("barlis") == ["barils"]
    assert suggested("pitrole") == ["petrole", "patrole"]
    assert suggested("gouvrenemnt") == ["gouvernement"]  # a swap and a gap
    assert suggested("kin") == suggested("20223") == suggested("chocolat") == []


def test_a_misspelt_function_word_is_not_taken_for_a_word_of_the_articles() -> None:
    assert Speller.of([("combine", 3)]).suggest("combein") == ()  # "combien"


def test_words_with_digits_are_never_corrected() -> None:
    assert Speller.of([("kn2023", 1), ("covid19", 1)]).suggest("kn2024") == ()
    assert allowed_typos("covid19") == 0


def test_a_function_word_as_near_does_not_hide_a_word_of_the_articles() -> None:
    assert [s.word for s in Speller.of([("voiture", 1)]).suggest("voitre")] == ["voiture"]


@pytest.mark.parametrize(("written", "is_found"), [("raproche", True), ("mzisonn", False)])
def test_a_misspelt_stem_has_no_more_typos_than_the_word_may(
    make_base: MakeBase, written: str, is_found: bool
) -> None:
    base = make_base(
        a="---\ntitle: T\nlanguage: fr\n---\n\nElles se sont rapprochées.\n\nLa maison dort.\n"
    )
    assert bool(base.ask(written).citations) is is_found


@given(st.text("abcdeé19", min_size=1, max_size=14), st.lists(st.text("abcde", min_size=1)))
def test_suggestions_are_within_the_typos_allowed(word: str, vocabulary: list[str]) -> None:
    for suggestion in Speller.of((known, 1) for known in vocabulary).suggest(word):
        assert suggestion.word in vocabulary
        assert OSA.distance(word, suggestion.word) == suggestion.typos <= allowed_typos(word)


@given(
    st.text("abcdeéжאあ", min_size=1, max_size=14),
    st.lists(st.text("abcdeéжאあ", min_size=1, max_size=14)),
    st.integers(0, 12),
)
def test_no_nearer_word_is_overlooked(written: str, vocabulary: list[str], at: int) -> None:
    vocabulary += [written[:at] + written[at + 1 :], written[:at] + "x" + written[at:]]
    known = [word for word in vocabulary if word]
    suggestions = Speller.of((word, 1) for word in known).suggest(written)
    distances = {word: OSA.distance(written, word) for word in known}
    nearest = min(distances.values(), default=99)
    if nearest > allowed_typos(written):
        assert suggestions == ()
    elif suggestions:  # else a function word is nearer
        best = sorted(
            (word for word in distances if distances[word] == nearest),
            key=lambda word: (word[0] != written[0], word),
        )
        assert [one.word for one in suggestions] == best[:3]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    """Two thousand paragraphs: all on trade, every hundredth on a ship, one on an albatross."""
    from knowledge.base import KnowledgeBase

    folder = tmp_path_factory.mktemp("many")
    with (folder / "many.jsonl").open("w", encoding="utf-8") as lines:
        for i in range(2_000):
            text = f"Le commerce numéro {i} est libre."
            text += " Un navire passe." if i % 100 == 0 else ""
            text += " Un albatros vole." if i == 1_234 else ""
            lines.write(json.dumps({"id": f"p{i}", "lang": "fr", "title": "", "text": text}) + "\n")
    KnowledgeBase.open(folder / "knowledge.db", [folder / "many.jsonl"]).close()
    reader = open_for_reading(folder / "knowledge.db")
    yield reader
    reader.close()


def ranked(reader: IndexReader, text: str, scoring: Scoring, limit: int) -> list[ScoredPassage]:
    suggest = Speller.of(reader.vocabulary()).suggest
    query = read_query(text, "fr", ("fr",), reader.term_counts, suggest)
    return rank(query, reader, reader.statistics(), scoring, limit, compare=None)


def test_every_word_counts_however_frequent(many: IndexReader) -> None:
    found = ranked(many, "commerce navire albatros", Scoring(candidates=2_000), 2_000)
    assert found[0].passage.article == "p1234"
    assert len(found) == 2_000


def test_no_more_candidates_are_looked_into_than_are_wanted(many: IndexReader) -> None:
    scoring = Scoring(candidates=50, chunks=10)
    assert len(ranked(many, "commerce", scoring, 5)) == 5
    assert len(ranked(many, "commerce", scoring, 60)) == 50


def test_a_word_counts_more_the_rarer_it_is(many: IndexReader) -> None:
    found = ranked(many, "navire albatros commerce", Scoring(), 3)
    assert found[0].passage.article == "p1234"
    values = {match.term.word: match.value for match in found[0].matches}
    assert values["albatros"] > values["commerce"]


def test_neighbouring_words_outrank_scattered_ones(make_base: MakeBase) -> None:
    base = make_base(
        a="---\ntitle: T\nlanguage: fr\n---\n\nLa flotte voit la mer, le nord et la Baltique.\n\n"
        "La mer Baltique voit le nord et la flotte.\n"
    )
    assert base.ask("la mer Baltique").citations[0].paragraph == 2


_INFLECTED = "Les {} restaient fermées. Des écoles furent grandes et neuves, et des maisons vertes."


@pytest.mark.parametrize("asked", ["école grande maison neuve", "ecole GRANDE maizon neuve"])
def test_of_many_with_all_words_the_one_that_spells_them_alike_is_found(
    make_base: MakeBase, asked: str
) -> None:
    alike = "Le mot restait fermé. Une école fut grande et neuve, et une maison verte."
    others = "\n\n".join(_INFLECTED.format(word) for word in ["portes", "salles", "rues"] * 10)
    base = make_base(a=f"# Ville\n\n{others}\n\n{alike}\n")
    assert base.ask(asked).citations[0].text == alike


def test_a_part_of_a_word_is_not_the_word(make_base: MakeBase) -> None:
    base = make_base(a="# T\n\nUn portable et des ports.\n\nUn portail et un port.\n")
    assert base.search("port").citations[0].text == "Un portail et un port."


_WORDS = ["navire", "commerce", "albatros", "libre", "passe"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    question=st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join),
    cosines=st.lists(st.floats(0.5, 0.9), min_size=30, max_size=30),
    limit=st.integers(1, 12),
)
def test_passages_that_are_not_looked_into_would_not_have_been_among_the_best(
    many: IndexReader, question: str, cosines: list[float], limit: int
) -> None:
    near = {
        rowid: Similarity(cosine, (cosine - 0.05, cosine + 0.05))
        for rowid, cosine in zip(range(1, 60, 2), cosines, strict=True)
    }
    query = read_query(question, "fr", ("fr",), many.term_counts, lambda _: ())

    def best(among: int) -> list[tuple[int, float]]:
        found = rank(query, many, many.statistics(), Scoring(candidates=30), among, lambda _: near)
        return [(one.passage.rowid, one.score) for one in found]

    assert best(limit) == best(1_000)[:limit]


def test_an_index_that_is_not_there_is_explained(tmp_path: Path) -> None:
    from knowledge.model.errors import IndexUnavailable

    with pytest.raises(IndexUnavailable, match="sourcier index"):
        open_for_reading(tmp_path / "none.db")


@pytest.mark.parametrize(
    ("asked", "paragraph"),
    [("five journeys", 1), ("5 voyages", 1), ("douze", 2), ("97 000", 3), ("97000", 3)],
)
def test_a_number_is_found_however_it_is_written(
    make_base: MakeBase, asked: str, paragraph: int
) -> None:
    text = "Il fit cinq voyages.\n\nIl en fit 12.\n\nQuatre-vingt-dix-sept mille personnes vinrent."
    base = make_base(a=f"---\ntitle: T\nlanguage: fr\n---\n\n{text}\n")
    assert base.ask(asked).citations[0].paragraph == paragraph
