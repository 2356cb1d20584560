"""The benchmark of scale: its corpus is the same each time, and its figures are all there."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


OPTIONS = ("--paragraphs", "40", "--questions", "3", "--seconds", "0.2")


def python(*arguments: str) -> str:
    """Run Python in the folder of the benchmarks; return what it says."""
    command = [sys.executable, *arguments]
    folder = ROOT / "tests" / "benchmarks"
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def texts(folder: Path) -> list[str]:
    """Return the files of a corpus."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl"))]


def test_sourcier_and_its_peers_are_measured_alike(tmp_path: Path) -> None:
    figures, picture = tmp_path / "figures.json", tmp_path / "plot.png"
    said = python(
        ".", "scale", *OPTIONS, "--engines", "sourcier", "fts5", "--folder", str(tmp_path),
        "--json", str(figures), "--plot", str(picture),
    )  # fmt: skip
    assert "| 40 | sourcier |" in said
    found: list[dict[str, Any]] = json.loads(figures.read_text(encoding="utf-8"))
    assert [one["engine"] for one in found] == ["sourcier", "fts5"]
    for one in found:
        assert {"five", "typos", "rare", "frequent", "ten", "none", "real", "all"} == {
            *one["latency"]
        }
        assert one["latency"]["ten"]["found"] == 1.0
        assert min(one["index_seconds"], one["index_bytes"], one["resident_bytes"]) > 0
        assert one["many_askers"] > 0
    assert min(found[0]["one_asker_apart"], found[0]["many_askers_apart"]) > 0
    assert found[0]["one_changed"]["processor"] > 0
    assert found[0]["start"]["processor"] > 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_meaning_is_measured_by_vectors_that_are_made(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    said = python(
        ".", "scale", *OPTIONS, "--engines", "sourcier", "--with-made-vectors",
        "--folder", str(tmp_path), "--json", str(figures),
    )  # fmt: skip
    assert "| 40 | sourcier, meaning (made vectors) |" in said
    (found,) = json.loads(figures.read_text(encoding="utf-8"))
    assert found["models"] == "made"
    assert found["latency"]["all"]["p50"] > 0
    assert {one["found"] for one in found["latency"].values()} == {None}
    with closing(sqlite3.connect(tmp_path / "sourcier-40-made" / "knowledge.db")) as connection:
        made, lengths, model = connection.execute(
            "SELECT count(*), max(length(vector)), max(model) FROM vectors"
        ).fetchone()
        (missing,) = connection.execute(
            "SELECT count(*) FROM windows WHERE key NOT IN (SELECT key FROM vectors)"
        ).fetchone()
    assert (made > 80, lengths, model.endswith("+made"), missing) == (True, 388, True, 0)


def test_the_corpus_has_so_many_paragraphs_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write = "import sys; from pathlib import Path; from scale import corpus; "
        python("-c", write + "corpus.write(40, Path(sys.argv[1]))", str(tmp_path / name))
    (text,) = texts(tmp_path / "first")
    assert texts(tmp_path / "second") == [text]
    paragraphs = [json.loads(line)["text"].split("\n\n") for line in text.splitlines()]
    assert sum(map(len, paragraphs)) == 40
