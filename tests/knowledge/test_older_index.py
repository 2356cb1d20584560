"""An index of an older version is brought up to date whatever opens it, and loses nothing."""

import json
import random
import signal
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from killing import forking
from sqlite_utils import Database

from knowledge.base import KnowledgeBase
from knowledge.index import open_for_writing
from knowledge.index.connection import MIGRATIONS, is_current
from knowledge.index.schema import migrate, migrations
from knowledge.index.terms import are_terms_whole
from knowledge.index.vectors import in_8_bits
from knowledge.model import Fact, IndexPart, ReindexProgress, ReindexStage

_FACT = "- kind: claim\n  statement: {fr: Le félin NAME naquit}\n  quote: Le chat NAME\n"
_FIRST_MIGRATION = "m009_postings"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles with a date, a fact by hand and a golden question each."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for at in range(12):
        name = f"chat{at}"
        text = (
            f"---\ntitle: {name}\nlanguage: fr\n---\n\n"
            f"Le chat {name} est né le {at + 1} mai 2020.\n\n## Repas\n\nIl mange {name} fois.\n"
        )
        asked = {"id": "q", "question": f"Quand est né {name} ?", "lang": "fr", "kind": "fact"}
        question = json.dumps({**asked, "gold": [f"Le chat {name}"]})
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        (folder / f"{name}.facts.yaml").write_text(_FACT.replace("NAME", name), encoding="utf-8")
        (folder / f"{name}.questions.jsonl").write_text(question + "\n", encoding="utf-8")
    return folder


_COPIED = """
INSERT INTO articles SELECT id, slug, file, content_hash, 11, title, titles, language, source, url,
    published, reference_date FROM new.articles;
INSERT INTO sections SELECT article, position, title, above FROM new.sections;
INSERT INTO paragraphs
    SELECT id, article, number, section, passage, text, length, '[]' FROM new.paragraphs;
INSERT INTO passages_fts (rowid, body, context, words)
    SELECT id, text, '', text FROM new.paragraphs;
INSERT INTO facts SELECT f.id, p.article, p.id, f.fact, f.kind, f.origin, f.start, f."end",
    f.date_start, f.date_end, f.details, '', '' FROM new.facts AS f
    JOIN new.paragraphs AS p ON p.id = f.paragraph;
INSERT INTO questions SELECT article, position, details FROM new.questions;
UPDATE build SET index_version = 1, engine_version = 11, built_at = '2026-01-01T00:00:00+00:00',
    passages = (SELECT count(*) FROM paragraphs), mean_length = 5, languages = '["fr"]';
"""


def facts_of(base: KnowledgeBase) -> list[Fact]:
    return sorted(base.facts(limit=1_000).facts, key=lambda fact: fact.id)


def older(database: Path, folder: Path) -> list[Fact]:
    """Make an index with the tables of before ``_FIRST_MIGRATION``; return the facts it has."""
    new = database.with_name("new.db")
    with KnowledgeBase.open(new, [folder]) as base:
        facts = facts_of(base)
    with closing(sqlite3.connect(database)) as connection:
        migrations.apply(Database(connection, execute_plugins=False), stop_before=_FIRST_MIGRATION)
        connection.execute("ATTACH ? AS new", [str(new)])
        connection.executescript(_COPIED)
    return facts


def test_a_reindex_of_an_index_that_nobody_opened_keeps_what_it_cannot_read(
    tmp_path: Path, folder: Path
) -> None:
    facts = older(tmp_path / "k.db", folder)
    (folder / "chat3.md").write_text("no title", encoding="utf-8")
    with KnowledgeBase(tmp_path / "k.db", [folder]) as base:
        report = base.reindex()
        assert base.ask("Quand est né chat3 ?").citations[0].article == "chat3"
        assert facts_of(base) == facts
    assert (len(report.kept), report.changes, report.facts.total) == (12, (), 0)


def test_golden_questions_are_asked_of_the_older_index(tmp_path: Path, folder: Path) -> None:
    older(tmp_path / "k.db", folder)
    path = folder / "chat4.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Il mange", "Il boit"), "utf-8")
    with KnowledgeBase(tmp_path / "k.db", [folder]) as base:
        report = base.reindex()
    assert report.changed == ("chat4",)
    assert [change.slug for change in report.changes] == ["chat4"]
    assert report.golden is not None
    assert report.golden.before.hits == report.golden.after.hits == 12


_OPENS = """
print("begun", flush=True)
KnowledgeBase.open(Path(sys.argv[1]), []).close()
print("opened", flush=True)
import time
time.sleep(60)
"""


def test_a_kill_while_it_is_migrated_loses_nothing(tmp_path: Path, folder: Path) -> None:
    database = tmp_path / "k.db"
    moments = random.Random(9)
    facts = older(tmp_path / "before.db", folder)
    before = (tmp_path / "before.db").read_bytes()
    with forking(_OPENS, database) as opener:
        for _ in range(10):
            for path in tmp_path.glob("k.db*"):
                path.unlink()
            database.write_bytes(before)
            opener.begin()
            assert opener.said() == "begun"
            opener.kill(after=moments.uniform(0, 0.15))
            with KnowledgeBase.open(database, []) as base:
                assert facts_of(base) == facts
                assert len(base.questions()) == 12
                assert base.ask("Quand est né chat7 ?").citations[0].article == "chat7"
            with closing(sqlite3.connect(database)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert are_terms_whole(connection)


@pytest.mark.parametrize("migration", ["m010_compact", "m011_small_vectors"])
def test_a_kill_between_two_migrations_loses_nothing(
    tmp_path: Path, folder: Path, migration: str
) -> None:
    database = tmp_path / "k.db"
    facts = older(database, folder)
    with closing(sqlite3.connect(database)) as connection:
        migrations.apply(Database(connection, execute_plugins=False), stop_before=migration)
    with KnowledgeBase.open(database, []) as base:
        assert facts_of(base) == facts
        assert base.ask("Quand est né chat7 ?").citations[0].article == "chat7"
    with KnowledgeBase.open(database, [folder]) as base:
        assert base.reindex().changes == ()


def with_old_vectors(database: Path, folder: Path, count: int) -> None:
    """Make an index of before vectors were small, whole but for its terms."""
    older(database, folder)
    with closing(sqlite3.connect(database)) as connection, connection:
        migrations.apply(
            Database(connection, execute_plugins=False), stop_before="m011_small_vectors"
        )
        vector = np.linspace(-1, 1, 384).astype("<f2").tobytes()
        keys = [sha256(str(at).encode()).digest() for at in range(count)]
        connection.executemany(
            "INSERT INTO vectors VALUES ('m', ?, ?)", [(key, vector) for key in keys]
        )
        connection.executemany("INSERT INTO windows VALUES (1, ?, ?)", list(enumerate(keys)))
        connection.execute("UPDATE build SET encoding = 'm'")


def test_ctrl_c_ends_a_migration_and_the_next_start_makes_it_whole(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "k.db"
    with_old_vectors(database, folder, 500)
    packed = 0

    def pack_and_press(vector: bytes) -> bytes:
        nonlocal packed
        packed += 1
        if packed == 200:
            signal.raise_signal(signal.SIGINT)
        return in_8_bits(vector)

    with monkeypatch.context() as patched:
        patched.setattr("knowledge.index.schema.in_8_bits", pack_and_press)
        with pytest.raises(KeyboardInterrupt):
            open_for_writing(database)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*), max(typeof(key)) FROM vectors").fetchone() == (
            500,
            "blob",
        )
    open_for_writing(database).close()
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute(
            "SELECT count(*), max(typeof(key)), max(length(vector)) FROM vectors"
        ).fetchone() == (500, "integer", 384 + 4)
        assert connection.execute(
            "SELECT count(*) FROM windows AS w JOIN vectors AS v ON v.key = w.key"
        ).fetchone() == (500,)


def test_an_older_index_tells_each_step_of_what_is_made_of_it(tmp_path: Path, folder: Path) -> None:
    database = tmp_path / "k.db"
    older(database, folder)
    told: list[tuple[ReindexStage, int, int]] = []
    KnowledgeBase.open(
        database,
        [folder],
        progress=lambda moment: told.append((moment.stage, moment.done, moment.total)),
    ).close()
    steps = [(ReindexStage.MIGRATING, at, 4) for at in range(4)]
    articles = [(ReindexStage.READING, at + 1, 12) for at in range(12)]
    assert told == steps + articles


def test_what_stops_a_migration_between_its_steps_keeps_those_that_were_whole(
    tmp_path: Path, folder: Path
) -> None:
    database = tmp_path / "k.db"
    facts = older(database, folder)

    def stop_at_the_last(moment: ReindexProgress) -> None:
        if moment.done == 2:  # of four
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        KnowledgeBase.open(database, [], progress=stop_at_the_last)
    with closing(sqlite3.connect(database)) as connection:
        pending = migrations.pending(Database(connection, execute_plugins=False))
        assert [one.name for one in pending] == ["m011_small_vectors", "m012_changes"]
    with KnowledgeBase.open(database, []) as base:
        assert facts_of(base) == facts


def test_an_index_that_is_brought_up_to_date_gives_back_what_it_took_more(
    tmp_path: Path, folder: Path
) -> None:
    database = tmp_path / "k.db"
    with_old_vectors(database, folder, 2_000)  # of texts that are gone
    before = database.stat().st_size
    with KnowledgeBase.open(database, []) as base:
        size = base.size()
        assert size.saved_by_rebuild == 0
        assert size.parts[IndexPart.VECTORS] < 100_000
        assert base.ask("Quand est né chat7 ?").citations[0].article == "chat7"
    assert size.total == database.stat().st_size < before / 2


# Writes into a file that has no log yet, as every index is begun.
_BEGINS = """
import sqlite3, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.executemany("INSERT INTO vocabulary VALUES (?, 1)", ((f"{i}" * 50,) for i in range(999)))
print("written", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("opens", [True, False])
def test_a_kill_before_there_is_a_log_is_undone(
    tmp_path: Path, folder: Path, *, opens: bool
) -> None:
    database = tmp_path / "k.db"
    facts = older(database, folder)
    with forking(_BEGINS, database) as process:
        process.begin()
        assert process.said() == "written"
        process.kill()
    assert (tmp_path / "k.db-journal").exists()
    if opens:
        KnowledgeBase.open(database, []).close()
    with KnowledgeBase(database, [folder]) as base:
        assert base.reindex().changes == ()
        assert facts_of(base) == facts


def test_an_index_is_of_today_when_it_has_every_migration() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert not is_current(connection)
        pending = migrations.pending(Database(connection, execute_plugins=False))
        assert len(pending) == MIGRATIONS
        for one in pending[1:]:
            migrations.apply(Database(connection, execute_plugins=False), stop_before=one.name)
            assert not is_current(connection)
        migrate(connection)
        assert is_current(connection)
