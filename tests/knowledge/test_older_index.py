"""An index of an older version is brought up to date whatever opens it, and loses nothing."""

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from killing import forking
from sqlite_utils import Database

from knowledge.base import KnowledgeBase
from knowledge.index.connection import LAST_MIGRATION, is_current
from knowledge.index.schema import migrate, migrations
from knowledge.index.terms import are_terms_whole
from knowledge.model import Fact

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


def test_the_last_migration_is_what_an_index_is_known_by() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert not is_current(connection)
        pending = migrations.pending(Database(connection, execute_plugins=False))
        assert pending[-1].name == LAST_MIGRATION
        for one in pending[1:]:
            migrations.apply(Database(connection, execute_plugins=False), stop_before=one.name)
            assert not is_current(connection)
        migrate(connection)
        assert is_current(connection)
