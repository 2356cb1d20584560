"""A kill at any moment leaves one whole index, where facts follow the words in a second pass, too.

``PARAGRAPHS=4000 KILLS=60`` tries it as often with an index of that size, and as many facts at once
as there are in earnest.
"""

import json
import os
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from killing import Forked, forking

from knowledge.base import KnowledgeBase
from knowledge.index.terms import are_terms_whole
from knowledge.model import FactKind

_KILLS = int(os.environ.get("KILLS", "9"))
_PARAGRAPHS = int(os.environ.get("PARAGRAPHS", "400"))
_EACH = 10
_ARTICLES = _PARAGRAPHS // _EACH
_AT_ONCE = _PARAGRAPHS // 2
_VERSIONS = ("rouge", "bleue")

# Opens an index, which builds it or brings it up to date, and then takes the articles of the other
# version. Each moment is told.
_WORK = """
from knowledge.indexing import facts, reindexing
reindexing.FOUND_AT_ONCE = int(sys.argv[4])
facts._BLOCK = 5

def tell(moment):
    print(moment.stage.value, flush=True)

base = KnowledgeBase.open(Path(sys.argv[1]), [Path(sys.argv[2])], progress=tell)
print("opened", flush=True)
base.reindex([Path(sys.argv[3])], progress=tell)
print("done", flush=True)
import time
time.sleep(600)
"""
_MOMENTS = {"reading": _ARTICLES, "facts": _ARTICLES // 2 // 5, "opened": 1, "done": 1}
"""What a process tells, and how often while an index is built."""


def _write(path: Path, version: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for at in range(_ARTICLES):
            text = "\n\n".join(
                f"La maison {at} {n} est {version} depuis le {n + 1} mai 2020."
                for n in range(_EACH)
            )
            row = {"id": f"maison{at}", "title": f"Maison {at}", "text": text, "lang": "fr"}
            file.write(json.dumps(row) + "\n")


def _wait(process: Forked, chance: random.Random) -> str:
    """Wait until the process is at a random moment; return what it was at."""
    (aim,) = chance.choices(list(_MOMENTS), weights=[4, 4, 1, 1])
    before = chance.randrange(_MOMENTS[aim])
    while (said := process.said()) != "done":
        if said == aim:
            before -= 1
            if before < 0:
                break
    return said


def _check_rows(database: Path) -> bool:
    """Check what a kill left; return whether there is an index already."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert are_terms_whole(connection)
        (version,) = connection.execute("SELECT index_version FROM build").fetchone()
        texts = [text for (text,) in connection.execute("SELECT text FROM paragraphs")]
        lacking = connection.execute(
            "SELECT p.id, a.lacks_facts, count(f.id) FROM paragraphs AS p "
            "JOIN articles AS a ON a.id = p.article "
            "LEFT JOIN facts AS f ON f.paragraph = p.id AND f.kind = 'date' GROUP BY p.id"
        ).fetchall()
    if not version:
        assert not texts
        return False
    colours = Counter(text.split()[5] for text in texts)
    assert list(colours.values()) == [_PARAGRAPHS], "two versions at once, or a part of one"
    assert all(facts == (0 if lacks else 1) for _, lacks, facts in lacking)
    return True


def _check_answers(database: Path, source: Path) -> None:
    with KnowledgeBase.open(database, [source]) as base:
        assert base.facts(kind=FactKind.DATE).total == _PARAGRAPHS
        assert base.facts("3 mai 2020").facts
        assert base.ask("Depuis quand la maison 7 4 est-elle peinte ?").citations
    assert _check_rows(database)


def test_a_kill_at_any_moment_leaves_one_whole_index(tmp_path: Path) -> None:
    sources = [tmp_path / f"{version}.jsonl" for version in _VERSIONS]
    for source, version in zip(sources, _VERSIONS, strict=True):
        _write(source, version)
    database = tmp_path / "knowledge.db"
    chance = random.Random(16)
    killed: Counter[str] = Counter()
    with forking(_WORK, database, *sources, _AT_ONCE) as process:
        for kill in range(_KILLS):
            if kill % 3 == 0:  # built
                for path in tmp_path.glob("knowledge.db*"):
                    path.unlink()
            elif kill % 3 == 1 and _check_rows(database):  # brought up to date
                with closing(sqlite3.connect(database)) as connection, connection:
                    connection.execute("UPDATE articles SET engine_version = 0")
                    connection.execute("UPDATE build SET engine_version = 0")
            process.begin()
            killed[_wait(process, chance)] += 1
            process.kill(after=chance.uniform(0, 0.05))
            if _check_rows(database) and kill % 3:
                _check_answers(database, sources[0])
    assert {"reading", "facts"} <= set(killed), killed
    _check_answers(database, sources[0])
