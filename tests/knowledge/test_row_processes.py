"""Very many new articles are read by several processes, and the index is as one would make it."""

import json
import logging
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waiting import ON_LINUX, eventually

from knowledge.corpus.article_files import read_markdown
from knowledge.index import open_for_reading, open_for_writing
from knowledge.indexing import reindexing, row_processes
from knowledge.indexing.reindexing import bring_up_to_date, reindex
from knowledge.indexing.row_messages import packed, sendable, unpacked
from knowledge.indexing.row_processes import STEPS_BACK, RowProcesses
from knowledge.indexing.rows import rows_of
from knowledge.model import ReindexProgress, ReindexReport
from knowledge.model.errors import KnowledgeError

ARTICLES = 60
"""Of two paragraphs each, among what else there is."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nearly all facts for later, and send four paragraphs at a time."""
    monkeypatch.setattr(reindexing, "FOUND_AT_ONCE", 4)
    monkeypatch.setattr(row_processes, "_BATCH", 4)


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """Articles of several languages and shapes, some of which cannot be read or may not be."""
    folder = tmp_path / "articles"
    folder.mkdir()
    lines = []
    for at in range(ARTICLES):
        language, text = [
            (
                "fr",
                f"Le chat n° {at} est né le 3 août 2021 à Paris.\n\nIl dort — et mange {at} kg.",
            ),
            ("en", f"Dr. Smith said “{at} cats sleep”.\n\nQ. Who?\n\nThe U.S. President, in May."),
            ("ja", f"猫は{at}匹います。東京で眠る。\n\n彼は来た。"),
        ][at % 3]
        lines.append({"id": f"bulk{at:02}", "title": f"Bulk {at}", "lang": language, "text": text})
    lines.insert(20, {"id": "draft", "title": "Draft", "text": "No.", "draft": True})
    lines.insert(30, {"id": "wrong", "title": "Wrong"})
    lines.insert(40, dict(lines[0]))  # the name is taken
    bulk = "".join(f"{json.dumps(line)}\n" for line in lines)
    (folder / "bulk.jsonl").write_text(bulk, encoding="utf-8")
    (folder / "shaped.md").write_text(
        "---\ntitle: Le sommet\ntitles: {en: The summit}\nlanguage: fr\n---\n\n"
        "Une phrase au début.\n\n## Qui est venu ?\n\n- Kim\n- Poutine\n\n| a | b |\n|---|---|\n"
        "| 1 | 2 |\n\n### Plus bas\n\nLe président a dit non.\n",
        encoding="utf-8",
    )
    curated = "- kind: claim\n  statement: {fr: Il refusa, en: He refused}\n  quote: a dit non\n"
    (folder / "shaped.facts.yaml").write_text(curated, encoding="utf-8")
    (folder / "without.md").write_text("# Without\n\nFacts beside it are wrong.\n")
    (folder / "without.facts.yaml").write_text("- nothing\n")
    return [folder]


class Watched(RowProcesses):
    """Processes that are there when they are first wanted, however slow the machine."""

    used: list["Watched"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.used.append(self)
        self.started: list[int] = []
        self.niceness: list[int] = []
        self.received = 0

    def _start(self) -> None:
        super()._start()
        for maker in self._makers:
            eventually(lambda maker=maker: maker.has_time or maker.gone)
            self.started.append(maker.pid)
            if maker.gone is None and sys.platform == "linux":
                self.niceness.append(os.getpriority(os.PRIO_PROCESS, maker.pid))

    def _receive(self, batch: Any, coming: Any) -> None:
        super()._receive(batch, coming)
        self.received += 1


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[Watched]:
    """The processes of each reindex, once it has begun."""
    monkeypatch.setattr(Watched, "used", [], raising=False)
    monkeypatch.setattr(reindexing, "RowProcesses", Watched)
    return Watched.used


class Alike:
    """An encoder that is not asked for a vector yet."""

    model = "alike/1"
    dimension = 2


def built(
    database: Path, sources: list[Path], **options: Any
) -> tuple[ReindexReport, list[ReindexProgress]]:
    """Bring an index up to date; return what was done, and how that was told."""
    moments: list[ReindexProgress] = []
    with closing(open_for_writing(database)) as writer:
        report = reindex(writer, sources, progress=moments.append, **options)
    return replace(report, elapsed_ms=0), moments


def tables(database: Path) -> dict[str, list[Any]]:
    """Return all that an index holds, but for when it was made and which one it is."""
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found: dict[str, list[Any]] = {}
        for (name,) in names:
            if name.startswith("_"):  # which migrations were applied, and when
                continue
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            kept = ", ".join(f'"{one}"' for one in columns if one not in ("built_at", "identity"))
            found[name] = connection.execute(f"SELECT {kept} FROM {name}").fetchall()
        return found


def are_gone(processes: Watched) -> bool:
    """Whether none of the processes that were started is there any more."""
    return not any(is_there(pid) for pid in processes.started)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended, though nobody may have taken note of it."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("encoder", [None, Alike()], ids=["words", "words and chunks"])
def test_the_index_and_what_is_told_are_those_of_one_process(
    tmp_path: Path, sources: list[Path], watched: list[Watched], encoder: Any
) -> None:
    alone = built(tmp_path / "alone.db", sources, encoder=encoder, processes=1)
    together = built(tmp_path / "together.db", sources, encoder=encoder, processes=3)
    assert not watched[0].started
    assert len(watched[1].started) == 2
    assert watched[1].received > 0
    assert are_gone(watched[1])
    assert together == alone
    assert tables(tmp_path / "together.db") == tables(tmp_path / "alone.db")
    assert tables(tmp_path / "alone.db")["articles"]


def test_new_articles_among_known_and_changed_ones_are_told_in_order(
    tmp_path: Path, sources: list[Path], watched: list[Watched]
) -> None:
    reports = []
    for name, processes in (("alone.db", 1), ("together.db", 3)):
        shaped, bulk = sources[0] / "shaped.md", sources[0] / "bulk.jsonl"
        texts = [shaped.read_text(encoding="utf-8"), bulk.read_text(encoding="utf-8")]
        lines = texts[1].splitlines(keepends=True)
        bulk.write_text("".join(lines[::7]), encoding="utf-8")
        built(tmp_path / name, sources, processes=1)
        bulk.write_text(texts[1], encoding="utf-8")
        shaped.write_text(f"{texts[0]}\nEncore un mot.\n", encoding="utf-8")
        reports.append(built(tmp_path / name, sources, processes=processes))
        shaped.write_text(texts[0], encoding="utf-8")
    assert watched[-1].received > 0
    assert reports[0] == reports[1]
    assert reports[0][0].changed == ("shaped",)
    assert tables(tmp_path / "together.db") == tables(tmp_path / "alone.db")


def test_an_older_index_is_brought_up_to_date_by_several(
    tmp_path: Path, sources: list[Path], watched: list[Watched]
) -> None:
    for name, processes in (("alone.db", 1), ("together.db", 2)):
        built(tmp_path / name, sources, processes=1)
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.execute("UPDATE articles SET engine_version = engine_version - 1")
            connection.commit()
        with (
            closing(open_for_writing(tmp_path / name)) as writer,
            closing(open_for_reading(tmp_path / name)) as reader,
        ):
            bring_up_to_date(writer, reader, None, processes=processes)
    assert watched[-1].received > 0
    assert tables(tmp_path / "together.db") == tables(tmp_path / "alone.db")


def test_one_that_is_killed_costs_a_warning_and_nothing_else(
    tmp_path: Path, sources: list[Path], watched: list[Watched], caplog: pytest.LogCaptureFixture
) -> None:
    built(tmp_path / "alone.db", sources, processes=1)

    def kill(_: ReindexProgress) -> None:
        if watched[-1].started and not killed:
            killed.append(watched[-1].started[0])
            os.kill(killed[0], signal.SIGKILL)

    killed: list[int] = []
    with closing(open_for_writing(tmp_path / "together.db")) as writer:
        reindex(writer, sources, progress=kill, processes=3)
    assert killed
    assert are_gone(watched[-1])
    assert tables(tmp_path / "together.db") == tables(tmp_path / "alone.db")
    assert [one.levelno for one in caplog.records] == [logging.WARNING]
    assert "is done without: it has ended" in caplog.text


@pytest.mark.parametrize(
    ("module", "why"),
    [("failing_row_program", "a fault of the program"), ("no_such_module", "it has ended")],
)
def test_without_one_that_works_this_process_does_all_of_it(
    tmp_path: Path,
    sources: list[Path],
    watched: list[Watched],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    why: str,
) -> None:
    built(tmp_path / "alone.db", sources, processes=1)
    monkeypatch.setattr(row_processes, "_MODULE", module)
    built(tmp_path / "together.db", sources, processes=2)
    assert tables(tmp_path / "together.db") == tables(tmp_path / "alone.db")
    assert len(caplog.records) == 1
    assert why in caplog.text
    assert are_gone(watched[-1])


@ON_LINUX
def test_one_that_says_nothing_any_more_is_done_without(
    tmp_path: Path,
    sources: list[Path],
    watched: list[Watched],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built(tmp_path / "alone.db", sources, processes=1)
    monkeypatch.setattr(row_processes, "_PATIENCE_SECONDS", 0.1)

    def stop(_: ReindexProgress) -> None:
        if watched[-1].started and is_there(watched[-1].started[0]):
            os.kill(watched[-1].started[0], signal.SIGSTOP)

    with closing(open_for_writing(tmp_path / "together.db")) as writer:
        reindex(writer, sources, progress=stop, processes=2)
    assert tables(tmp_path / "together.db") == tables(tmp_path / "alone.db")
    assert "nothing was heard of it" in caplog.text
    assert are_gone(watched[-1])


def test_what_gives_a_reindex_up_ends_them_and_leaves_the_index(
    tmp_path: Path, sources: list[Path], watched: list[Watched]
) -> None:
    def interrupt(_: ReindexProgress) -> None:
        if watched[-1].started:
            raise KeyboardInterrupt

    with closing(open_for_writing(tmp_path / "k.db")) as writer:
        before = tables(tmp_path / "k.db")
        with pytest.raises(KeyboardInterrupt):
            reindex(writer, sources, progress=interrupt, processes=2)
        assert are_gone(watched[-1])
        assert tables(tmp_path / "k.db") == before


_KILLED = """
import sys, time
from contextlib import closing
from pathlib import Path
from knowledge.index import open_for_writing
from knowledge.indexing import reindexing, row_processes

class Told(row_processes.RowProcesses):
    def _start(self):
        super()._start()
        while not all(maker.has_time for maker in self._makers):
            time.sleep(0.01)
        print(*(maker.pid for maker in self._makers), flush=True)

    def _receive(self, *_):  # they have been sent articles
        print(flush=True)
        time.sleep(3600)

reindexing.FOUND_AT_ONCE = row_processes._BATCH = 4
reindexing.RowProcesses = Told
reindexing.reindex(open_for_writing(Path(sys.argv[1])), [Path(sys.argv[2])], processes=3)
"""


@ON_LINUX
def test_where_the_one_that_writes_is_killed_the_others_end_and_the_index_is_whole(
    tmp_path: Path, sources: list[Path]
) -> None:
    database = tmp_path / "k.db"
    built(database, [sources[0] / "shaped.md"], processes=1)
    before = tables(database)
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(database), str(sources[0])],
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        others = [int(pid) for pid in program.stdout.readline().split()]
        assert program.stdout.readline() == "\n"
        program.kill()
    assert len(others) == 2
    eventually(lambda: not any(map(is_running, others)))
    assert tables(database) == before


@ON_LINUX
def test_they_stand_back_once_there_is_an_index_that_can_be_asked(
    tmp_path: Path, sources: list[Path], watched: list[Watched]
) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    built(tmp_path / "first.db", sources, processes=2)
    built(tmp_path / "second.db", [sources[0] / "shaped.md"], processes=2)
    built(tmp_path / "second.db", sources, processes=2)
    assert watched[0].niceness == [own]
    assert watched[2].niceness == [min(own + STEPS_BACK, 19)]


def test_where_nothing_is_gained_none_is_started(
    tmp_path: Path, sources: list[Path], watched: list[Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_cores(_: int) -> set[int]:
        return {0, 1}

    def one_core(_: int) -> set[int]:
        return {0}

    monkeypatch.setattr(os, "sched_getaffinity", one_core, raising=False)
    built(tmp_path / "one core.db", sources)
    monkeypatch.setattr(os, "sched_getaffinity", two_cores)
    built(tmp_path / "few articles.db", [sources[0] / "shaped.md"])
    built(tmp_path / "rehearsed.db", sources, rehearsing=True)
    assert [one.started for one in watched] == [[], [], []]
    built(tmp_path / "two cores.db", sources)
    assert len(watched[-1].started) == 1


def test_an_error_in_an_article_costs_what_it_does_in_one_process(
    tmp_path: Path, sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that writes meets with it, too."""

    def fail(*_: Any, **__: Any) -> None:
        raise KnowledgeError("cannot be analysed")

    monkeypatch.setattr(row_processes, "_MODULE", "failing_row_program")
    monkeypatch.setattr(row_processes, "rows_of", fail)
    with closing(open_for_writing(tmp_path / "k.db")) as writer:
        with pytest.raises(KnowledgeError, match="cannot be analysed"):
            reindex(writer, sources, processes=2)
        assert writer.index_version() == 0


@given(st.text(min_size=1, max_size=300), st.booleans())
def test_rows_are_the_same_when_they_were_sent(text: str, with_chunks: bool) -> None:
    article, _ = read_markdown("a", f"# Titre\n\n## Où ?\n\nUn mot. {text}\n")
    rows = rows_of(article, Path("a.md"), with_facts=False, with_chunks=with_chunks)
    sent = pickle.loads(pickle.dumps((sendable(article), packed(rows))))
    assert unpacked(article, Path("a.md"), sent[1]) == rows
    assert rows_of(sent[0], Path("a.md"), with_facts=False, with_chunks=with_chunks) == rows
