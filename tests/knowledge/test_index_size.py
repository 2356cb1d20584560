"""How large an index is, by its pages, or, where SQLite cannot tell of these, by its rows."""

import sqlite3
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.index import IndexReader, open_for_reading
from knowledge.index.sizes import SizeReader
from knowledge.model import IndexPart, MeasuredBy

_ARTICLES = {
    f"a{at}": f"# Article {at}\n\n"
    + "\n\n".join(f"Le {n + 1} mai 2020, la maison {at} {n} fut peinte en bleu." for n in range(9))
    for at in range(40)
}


def _reader(make_base: MakeBase) -> IndexReader:
    base = make_base(**_ARTICLES)
    return open_for_reading(base.database)


def _has_dbstat() -> bool:
    options = sqlite3.connect(":memory:").execute("PRAGMA compile_options").fetchall()
    return ("ENABLE_DBSTAT_VTAB",) in options


@pytest.mark.skipif(not _has_dbstat(), reason="SQLite was compiled without dbstat")
def test_the_parts_and_what_is_free_are_the_file(make_base: MakeBase) -> None:
    reader = _reader(make_base)
    size = reader.size()
    reader.close()
    assert size.measured_by is MeasuredBy.PAGES
    assert sum(size.parts.values()) + size.free == size.total
    assert all(size.parts.values())
    assert size.lacking_vectors == 360


def test_rows_are_measured_by_what_is_in_them(make_base: MakeBase) -> None:
    reader = _reader(make_base)
    found = reader.bytes_by_lengths()
    texts = sum(
        len(paragraph.text.encode())
        for at in range(40)
        for paragraph in reader.article(f"a{at}").paragraphs
    )
    size = reader.size()
    reader.close()
    assert texts < found[IndexPart.TEXTS] < 4 * texts
    assert found[IndexPart.POSTINGS] > 3 * 360 * 4  # four of its words, 3 bytes each
    assert 0 < sum(found.values()) < size.total
    assert found[IndexPart.VECTORS] == 0


class _WithoutDbstat(SizeReader):
    def bytes_by_pages(self) -> dict[IndexPart, int]:
        self._execute("SELECT * FROM dbstat_of_another_name")
        raise AssertionError("there is such a table")


def test_without_dbstat_rows_are_measured(make_base: MakeBase, tmp_path: Path) -> None:
    with_it = _reader(make_base)
    without = _WithoutDbstat(with_it._connection, tmp_path / "knowledge.db")
    assert without.size().measured_by is MeasuredBy.LENGTHS
    assert without.size().parts == {**dict.fromkeys(IndexPart, 0), **with_it.bytes_by_lengths()}
    with_it.close()
