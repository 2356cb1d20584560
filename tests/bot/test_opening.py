"""The knowledge base is the one that the settings ask for."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.app import opening
from bot.cli.main import main
from bot.settings import Settings, load_settings
from knowledge import (
    BUNDLED_ARTICLES,
    READING_SECONDS,
    ReaderUse,
    SpanPrediction,
)


class Alike:
    """An encoder to which everything means the same."""

    model, dimension = "alike/1", 4

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        return [struct.pack("<4e", 1, 0, 0, 0) for _ in texts]

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[bytes]:
        if progress is not None:
            progress(len(texts))
        return self.encode_queries(texts)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(opening, "load_encoder", lambda threads: Alike())
    monkeypatch.setenv("SOURCIER_SEMANTIC", "on")
    return load_settings(database=tmp_path / "knowledge.db")


def test_a_bot_has_its_vectors_before_it_is_online_for_the_first_time(settings: Settings) -> None:
    with opening.open_for_bot(settings) as knowledge:
        assert knowledge.status().embedded == Alike.model


def test_threads_bound_the_processes_that_index_too(settings: Settings) -> None:
    few = settings.model_copy(update={"threads": 1})
    assert opening.unopened_knowledge(few)._index.processes == 1
    with opening.open_knowledge(few) as knowledge:
        assert knowledge._index.processes == 1
        beside = knowledge.open_beside(few.database.with_name("beside.db"), few.articles)
        assert beside._index.processes == 1
        beside.close()


def test_a_first_start_that_was_cut_short_before_its_vectors_goes_on_with_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(opening, "load_encoder", lambda threads: None)
        opening.open_knowledge(settings).close()
    with opening.open_for_bot(settings) as knowledge:
        assert knowledge.status().embedded == Alike.model


@pytest.fixture
def behind(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose index lacks the second of two articles."""
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "wombats.txt").write_text("Wombats\n\nWombats dig burrows.\n")
    settings = settings.model_copy(update={"articles": (articles,)})
    opening.open_knowledge(settings).close()
    (articles / "quolls.txt").write_text("Quolls\n\nQuolls climb trees.\n")
    return settings


def test_a_bot_that_has_an_index_is_online_before_it_is_brought_up_to_date(
    behind: Settings,
) -> None:
    with opening.open_for_bot(behind) as knowledge:
        assert [one.slug for one in knowledge.articles()] == ["wombats"]
        knowledge.reindex()
        assert [one.slug for one in knowledge.articles()] == ["quolls", "wombats"]


def test_who_waits_for_it_gets_an_index_that_is_up_to_date(behind: Settings) -> None:
    with opening.open_for_bot(behind, wait=True) as knowledge:
        assert [one.slug for one in knowledge.articles()] == ["quolls", "wombats"]


def test_an_index_that_cannot_be_brought_up_to_date_is_served_as_it_is(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    article = tmp_path / "wombats.txt"
    article.write_text("Wombats\n\nWombats dig burrows.\n")
    settings = settings.model_copy(update={"articles": (article,)})
    opening.open_knowledge(settings).close()
    article.write_bytes(b"Wombats\n\n\xff\xfe\n")
    with opening.open_for_bot(settings, wait=True) as knowledge:
        assert [one.slug for one in knowledge.articles()] == ["wombats"]
    assert "is not UTF-8 text" in caplog.text


def test_every_other_face_has_them_at_once(settings: Settings) -> None:
    with opening.open_knowledge(settings) as knowledge:
        assert knowledge.status().embedded == Alike.model


def test_the_model_can_be_switched_off(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCIER_SEMANTIC", "off")
    with opening.open_knowledge(load_settings(database=settings.database)) as knowledge:
        assert knowledge.status().embedded is None


class Watch:
    """A reader that keeps how much time it was given."""

    model = "watch/1"
    languages = ("en", "fr")

    def __init__(self) -> None:
        self.seconds: list[float | None] = []

    def read(
        self, question: str, passages: Sequence[str], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        self.seconds.append(seconds)
        return [None] * len(passages)


def test_a_bot_reads_in_bounded_time_and_every_other_face_takes_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Watch()
    monkeypatch.setattr(opening, "load_reader", lambda **_: reader)
    with opening.open_knowledge(settings) as knowledge:
        assert knowledge.ask("Combien de barils ?").reader is None  # switched off
    monkeypatch.setenv("SOURCIER_READER", "on")
    settings = load_settings(database=settings.database)
    for face, seconds in (
        (opening.open_for_bot, READING_SECONDS),
        (opening.open_knowledge, None),
    ):
        with face(settings) as knowledge:
            reader.seconds.clear()
            assert knowledge.ask("Combien de barils ?").reader is ReaderUse.SKIPPED
            assert reader.seconds == [seconds]


def test_nothing_is_built_for_a_reindex_that_says_what_it_does(settings: Settings) -> None:
    with opening.unopened_knowledge(settings) as knowledge:
        assert not settings.database.exists()
        assert knowledge.reindex([BUNDLED_ARTICLES]).added


def test_the_command_line_says_why_the_first_time_takes_a_moment(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["search", "pétrole", "--json", "--database", str(settings.database)]
    assert main(arguments) == 0
    assert "for the first time" in capsys.readouterr().err
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""


def test_a_first_build_says_what_it_could_not_read(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "wombats.txt").write_text("Wombats\n\nWombats dig burrows.\n")
    (articles / "quolls.txt").write_bytes(b"Quolls\n\n\xff\xfe\n")
    settings = settings.model_copy(update={"articles": (articles,)})
    with opening.open_knowledge(settings) as knowledge:
        assert [one.slug for one in knowledge.articles()] == ["wombats"]
    assert "Not indexed: " in caplog.text
    assert "quolls.txt" in caplog.text
