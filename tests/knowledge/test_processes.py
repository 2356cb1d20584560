"""Processes that share an index answer as it does, whatever becomes of them."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from obedient_reader import FAIL, HOLD, KILL, ObedientReader, unreadable
from waiting import ON_LINUX, PATIENCE_SECONDS, eventually

from knowledge import (
    Answer,
    AnsweringFailed,
    AnsweringProcesses,
    IndexUnavailable,
    KnowledgeBase,
    ReaderUse,
    Strictness,
)
from knowledge.index import ReaderPool
from knowledge.model.errors import IndexLost
from knowledge.processes.messages import Question

QUESTION = "Combien de tonnes de blé la Russie a-t-elle livrées en mai ?"

ARTICLE = """---
title: Le sommet
language: fr
---

La Russie a livré 400 tonnes de blé en mai, et 40 tonnes de maïs en juin.

Le sommet a duré deux jours dans le port de Vladivostok.

Le ministre a quitté la ville avec trois conseillers.
"""


@dataclass(frozen=True)
class Shared:
    """An index without a reader, processes that have one, and the folder where that is told."""

    base: KnowledgeBase
    processes: AnsweringProcesses
    folder: Path

    @property
    def pids(self) -> list[int]:
        return [one.pid for one in self.processes._ready]

    def ask(self, question: str, **options: Any) -> Answer:
        return self.processes.ask(self.base, question, **options)

    def held(self) -> int:
        """Return the process that is held at a question."""
        numbers = eventually(lambda: [int(one.name) for one in self.folder.glob("[0-9]*")])
        (self.folder / str(numbers[0])).unlink()
        return numbers[0]

    def release(self) -> None:
        (self.folder / "released").touch()


@contextmanager
def sharing(folder: Path, count: int = 2, **options: Any) -> Iterator[Shared]:
    articles = folder / "articles"
    articles.mkdir()
    (articles / "sommet.md").write_text(ARTICLE, encoding="utf-8")
    told = folder / "told"
    told.mkdir()
    options = {"load_reader": partial(ObedientReader, told), **options}
    with (
        KnowledgeBase.open(folder / "knowledge.db", [articles]) as base,
        AnsweringProcesses(count, base.database, **options) as processes,
    ):
        yield Shared(base, processes, told)


@pytest.fixture(scope="module")
def shared_by_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with sharing(tmp_path_factory.mktemp("shared"), steps_back=3) as shared:
        yield shared


@pytest.fixture
def shared(shared_by_all: Shared) -> Shared:
    """Two processes that are ready, whatever a test before has done to them."""
    assert shared_by_all.processes.wait_until_ready(PATIENCE_SECONDS)
    (shared_by_all.folder / "released").unlink(missing_ok=True)
    return shared_by_all


def told(word: str) -> str:
    """Return a question that has a word for the reader."""
    return f"Combien de tonnes de blé la Russie a-t-elle livrées en mai {word} ?"


def comparable(answer: Answer) -> Answer:
    """Return an answer without what tells who has answered, and how fast."""
    parts = tuple(map(comparable, answer.parts))
    return replace(answer, elapsed_ms=0.0, reading_ms=0.0, reader=None, parts=parts)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        (QUESTION, {}),
        ("et de maïs en juin ?", {"follows": QUESTION}),
        ("Combien de temps a duré le sommet, et qui a quitté la ville ?", {}),
        ("de quoi parle l'article ?", {}),
        ("Bonjour !", {}),
        ("Wie viele Tonnen Weizen?", {"limit": 1, "strictness": Strictness.STRICT}),
        ("", {}),
    ],
)
def test_a_process_answers_as_the_index_does(
    shared: Shared, question: str, options: dict[str, Any]
) -> None:
    assert comparable(shared.ask(question, **options)) == comparable(
        shared.base.ask(question, **options)
    )


def test_it_is_a_process_that_answers(shared: Shared) -> None:
    assert shared.ask(QUESTION).reader is ReaderUse.SKIPPED
    assert shared.base.ask(QUESTION).reader is None


def test_as_many_questions_as_processes_are_answered_at_once_and_others_wait(
    shared: Shared,
) -> None:
    with ThreadPoolExecutor(3) as askers:
        asked = [askers.submit(shared.ask, told(HOLD)) for _ in range(3)]
        assert {shared.held(), shared.held()} == set(shared.pids)
        use = shared.processes.use()
        assert (use.answering, use.free, use.starting) == (2, 0, 0)
        shared.release()
        assert [one.result().reader for one in asked] == [ReaderUse.SKIPPED] * 3
    assert shared.processes.use().free == 2


def test_a_reindex_is_seen_by_every_process_once_it_is_committed(shared: Shared) -> None:
    (articles,) = shared.base.sources
    (articles / "port.md").write_text("# Le port\n\nLe phare mesure 87 mètres.\n", encoding="utf-8")
    asked = Question(shared.base.database, "Combien mesure le fare ?", None, 5, Strictness.BALANCED)
    processes = [*shared.processes._ready]
    for process in processes:
        assert all("phare" not in one.text for one in process.answer(asked).citations)
    shared.base.reindex()
    for process in processes:
        assert process.answer(asked).citations[0].text == "Le phare mesure 87 mètres."
    (articles / "port.md").unlink()
    shared.base.reindex()
    for process in processes:
        assert all("phare" not in one.text for one in process.answer(asked).citations)


def test_a_fault_costs_its_question_alone_and_is_told_to_programmers(shared: Shared) -> None:
    before = shared.pids
    with pytest.raises(AnsweringFailed, match="RuntimeError: a fault of the reader"):
        shared.ask(told(FAIL))
    assert shared.ask(QUESTION).citations
    assert shared.pids == before


def test_a_process_that_is_killed_at_a_question_leaves_it_to_another(
    shared: Shared, caplog: pytest.LogCaptureFixture
) -> None:
    ended = shared.processes.use().ended
    with ThreadPoolExecutor(1) as asker:
        asked = asker.submit(shared.ask, told(HOLD))
        first = shared.held()
        os.kill(first, signal.SIGKILL)
        assert shared.held() != first
        shared.release()
        assert asked.result().reader is ReaderUse.SKIPPED
    assert shared.processes.wait_until_ready(PATIENCE_SECONDS)
    assert first not in shared.pids
    assert shared.processes.use().ended == ended + 1
    assert "has ended (exit code -9)" in caplog.text


def test_a_question_that_ends_every_process_is_not_risked_in_this_one(shared: Shared) -> None:
    before = set(shared.pids)
    with pytest.raises(AnsweringFailed, match="2 processes have ended over a question"):
        shared.ask(told(KILL))
    assert shared.processes.wait_until_ready(PATIENCE_SECONDS)
    assert not before & set(shared.pids)
    assert shared.ask(QUESTION).reader is ReaderUse.SKIPPED


def test_no_question_is_lost_while_processes_are_killed(shared: Shared) -> None:
    ending = threading.Event()
    answered = [0] * 4

    def go_on(asker: int) -> None:
        while not ending.is_set():
            assert "400 tonnes" in shared.ask(QUESTION).citations[0].text
            answered[asker] += 1

    def all_go_on() -> None:
        before = [*answered]
        assert not [one for one in asking if one.done()]
        eventually(lambda: all(now > then for now, then in zip(answered, before, strict=True)))

    with ThreadPoolExecutor(len(answered)) as askers:
        asking = [askers.submit(go_on, asker) for asker in range(len(answered))]
        try:
            for _ in range(2):
                all_go_on()
                victim = eventually(lambda: shared.pids[:1])[0]
                os.kill(victim, signal.SIGKILL)
                eventually(lambda gone=victim: gone not in shared.pids)
            all_go_on()
        finally:
            ending.set()
        assert [one.result() for one in asking] == [None] * len(answered)


@ON_LINUX
def test_it_stands_back_and_no_signal_of_a_terminal_ends_it(shared: Shared) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    before = shared.pids
    for pid in before:
        assert os.getpriority(os.PRIO_PROCESS, pid) == own + 3
        assert int(Path(f"/proc/{pid}/oom_score_adj").read_text()) >= 500
        assert os.getpgid(pid) != os.getpgid(0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, number)
    assert shared.ask(QUESTION).reader is ReaderUse.SKIPPED
    assert shared.pids == before


@ON_LINUX
def test_another_index_is_opened_when_it_is_asked_and_let_go_of(
    shared: Shared, tmp_path: Path
) -> None:
    def is_open(pid: int) -> bool:
        opened: list[Path] = []
        for one in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                opened.append(one.readlink())
        return database in opened

    database = tmp_path / "other.db"
    (tmp_path / "lune.md").write_text("# Lune\n\nLa lune a 4 phases.\n", encoding="utf-8")
    with KnowledgeBase.open(database, [tmp_path / "lune.md"]) as other:
        for _ in range(4):  # by the process that has it open, though both are free
            answer = shared.processes.ask(other, "Combien de phases a la lune ?")
            assert answer.citations[0].text == "La lune a 4 phases."
            assert answer.reader is ReaderUse.SKIPPED
        assert sum(map(is_open, shared.pids)) == 1
        shared.processes.close_index(database)
        eventually(lambda: not any(map(is_open, shared.pids)))
        assert shared.processes.ask(other, "Combien de phases a la lune ?").citations


def test_what_the_engine_raises_is_raised_as_it_is(tmp_path: Path) -> None:
    with sharing(tmp_path, 1) as shared:
        assert shared.processes.wait_until_ready(PATIENCE_SECONDS)
        database = shared.base.database
        database.rename(tmp_path / "away.db")
        with pytest.raises(IndexLost, match="There is no index at"):
            shared.ask(QUESTION)
        assert shared.base.seems_lost, "so that whoever keeps the index makes it again"
        database.mkdir()
        with pytest.raises(IndexUnavailable, match="is no file") as caught:
            shared.ask(QUESTION)
        assert caught.value.lasts
        database.rmdir()
        shutil.copy(tmp_path / "away.db", database)
        assert shared.ask(QUESTION).reader is ReaderUse.SKIPPED


def test_a_question_that_takes_too_long_ends_its_process(tmp_path: Path) -> None:
    with sharing(tmp_path, 1, question_seconds=0.5) as shared:
        assert shared.processes.wait_until_ready(PATIENCE_SECONDS)
        (first,) = shared.pids
        with pytest.raises(AnsweringFailed, match="2 processes have ended over a question"):
            shared.ask(told(HOLD))
        assert first not in shared.pids


def test_a_question_waits_for_the_process_that_takes_the_place_of_the_one_it_has_ended(
    tmp_path: Path,
) -> None:
    with sharing(tmp_path, 1) as shared, ThreadPoolExecutor(1) as asker:
        assert shared.processes.wait_until_ready(PATIENCE_SECONDS)
        asked = asker.submit(shared.ask, told(HOLD))
        first = shared.held()
        os.kill(first, signal.SIGKILL)
        assert shared.held() != first
        shared.release()
        assert asked.result().reader is ReaderUse.SKIPPED


def test_a_question_that_has_ended_a_process_is_not_risked_where_none_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.processes.pool._RETRY_SECONDS", 0.01)
    with sharing(tmp_path, 1) as shared:
        assert shared.processes.wait_until_ready(PATIENCE_SECONDS)
        with pytest.raises(AnsweringFailed, match="is not back"):
            shared.ask(told(KILL))


def test_while_none_can_start_this_process_answers_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with sharing(tmp_path, 1, load_reader=unreadable) as shared:
        assert shared.ask(QUESTION).reader is None
        eventually(lambda: "another one is started in 1 s" in caplog.text)
        assert "RuntimeError: no such model" in caplog.text
        use = shared.processes.use()
        assert (use.answering, use.free, use.starting) == (0, 0, 1)
        assert use.ended >= 1
        assert not shared.processes.wait_until_ready(0)
    assert shared.processes.use().free == 0


def test_the_log_says_how_one_has_ended_before_it_was_ready(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with sharing(tmp_path, 1, load_encoder=partial(os._exit, 3)):
        eventually(lambda: "has ended (exit code 3)" in caplog.text)


def test_what_lies_where_the_program_was_started_is_no_module_of_theirs(
    tmp_path: Path, among_foreign_modules: None
) -> None:
    with sharing(tmp_path, 1) as shared:
        eventually(lambda: shared.processes.use().free or shared.processes.use().ended)
        assert shared.processes.use().ended == 0


def test_what_they_are_at_when_they_are_closed_is_answered_in_this_one(tmp_path: Path) -> None:
    with sharing(tmp_path, 3) as shared, ThreadPoolExecutor(1) as asker:
        assert shared.processes.wait_until_ready(PATIENCE_SECONDS)
        asked = asker.submit(shared.ask, told(HOLD))
        held = shared.held()
        # It is ended first, so that others are there yet when its question is left.
        shared.processes._begun.sort(key=lambda process: process.pid != held)
        shared.processes.close()
        assert asked.result().citations
        assert asked.result().reader is None
        assert shared.ask(QUESTION).reader is None


def test_what_another_process_indexes_is_seen_whatever_was_opened_at_once(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "sommet.md").write_text(ARTICLE, encoding="utf-8")
    database = tmp_path / "knowledge.db"
    KnowledgeBase.open(database, [articles]).close()
    readers = ReaderPool(database)
    # The second is looked at, to see whether it is an index, while the first is open.
    with readers.snapshot() as (_, before), readers.snapshot():
        pass
    (articles / "port.md").write_text("# Le port\n\nLe phare brille.\n", encoding="utf-8")
    reindex = "import sys; from pathlib import Path; from knowledge import KnowledgeBase; "
    reindex += "KnowledgeBase.open(Path(sys.argv[1]), [Path(sys.argv[2])]).reindex()"
    command = [sys.executable, "-c", reindex, str(database), str(articles)]
    subprocess.run(command, check=True)
    with readers.snapshot() as (_, after):
        assert after.passages == before.passages + 1
    readers.close()
