"""What is read of a ``.zip``, and what an archive that means harm can take."""

from __future__ import annotations

import io
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pytest

from knowledge.corpus.conversion import (
    ArchiveReading,
    ConversionRefused,
    Refusal,
    describe_archive_apart,
)
from knowledge.corpus.conversion import archive as module
from knowledge.corpus.conversion.archive import Archive
from knowledge.corpus.conversion.limits import MEMORY_BYTES

TEXT = "# Quokkas\n\nAda Quill counted 4,711 quokkas on Rottnest.\n"
STALE = "- {kind: claim, statement: {en: x}, quote: nowhere}\n"


def packed(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def told(reading: ArchiveReading) -> dict[str, str]:
    """Return of each file its title, or the reason against it."""
    return {
        name: one.reason.value if isinstance(one, ConversionRefused) else one["title"]
        for name, one in zip(reading.files, reading.told, strict=True)
    }


def test_what_stands_beside_an_article_is_found_however_its_place_is_written() -> None:
    facts = STALE.replace("nowhere", "'4,711 quokkas'")
    data = packed(
        {"./notes/a.md": TEXT, "./notes/a.facts.yaml": facts, "notes//a.FACTS.yaml": facts}
    )
    reading = describe_archive_apart(data)
    assert told(reading) == {"./notes/a.md": "Quokkas", "notes//a.FACTS.yaml": "orphan"}
    article = reading.told[0]
    assert not isinstance(article, ConversionRefused)
    assert article["facts_file"] == facts


def test_every_file_is_told_by_its_name() -> None:
    data = packed(
        {
            "notes/a.md": TEXT,
            "notes/a.facts.yaml": STALE + STALE.replace("nowhere", "'4,711 quokkas'"),
            "notes/a.questions.jsonl": '{"id": "n", "question": "How many?", "gold": ["4,711"]}\n',
            "b.txt": "Wombats\n\nWombats dig burrows.",
            "other/a.md": TEXT.replace("Quokkas", "Others"),
            "photo.png": b"\x89PNG",
            "more.zip": packed({"c.md": TEXT}),
            "disguised.md": packed({"c.md": TEXT}),
            ".secret.md": TEXT,
            "b.facts.yml.facts.yaml": STALE,
            "../up.md": TEXT,
            "/etc/root.md": TEXT,
            "C:windows.md": TEXT,
            "empty.md": "",
            "__MACOSX/._a.md": b"\0",
            "notes/.DS_Store": b"\0",
        }
    )
    reading = describe_archive_apart(data)
    assert told(reading) == {
        "notes/a.md": "Quokkas",
        "b.txt": "Wombats",
        "other/a.md": "Others",
        "disguised.md": "encoding",
        "empty.md": "empty",
        "photo.png": "kind",
        "more.zip": "nested",
        ".secret.md": "hidden",
        "../up.md": "path",
        "/etc/root.md": "path",
        "C:windows.md": "path",
        "b.facts.yml.facts.yaml": "orphan",
    }
    first = reading.told[0]
    assert isinstance(first, dict)
    (note,) = first["notes"]
    assert note.startswith("a.facts.yaml, line 1: fact 1 was left out: its quote does not occur")
    assert first["questions_file"].startswith('{"id": "n"')
    assert first["facts_file"].startswith(STALE)


def test_all_that_is_wrong_with_a_file_is_told_at_once() -> None:
    long = "x" * 20_001
    data = packed(
        {
            "a.md": f"# A\n\n{long}\n\nText.\n\n{long}\n",
            "b.md": TEXT,
            "b.facts.yaml": "- {kind: rumour}\n- {kind: claim}\n",
            "b.questions.jsonl": "no\n",
        }
    )
    details = [
        one.detail.splitlines()
        for one in describe_archive_apart(data).told
        if isinstance(one, ConversionRefused)
    ]
    assert [[line.partition(" has")[0] for line in details[0]]] == [["line 3:", "line 7:"]]
    assert [line.split(":")[0] for line in details[1]] == [
        "b.facts.yaml, fact 1 (line 1)",
        "b.facts.yaml, fact 2 (line 2)",
        "b.questions.jsonl, line 1",
    ]


def symbolic_link() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo("link.md")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return data.getvalue()


def locked() -> bytes:
    """Return an archive whose file says that it is encrypted."""
    data = bytearray(packed({"a.md": TEXT}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def lying() -> bytes:
    """Return an archive whose file says that it has ten bytes, and has a million."""
    data = bytearray(packed({"a.md": TEXT + "x " * 500_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + place
        data[start : start + 4] = (10).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (symbolic_link, "link"),
        (locked, "locked"),
        (lying, "damaged"),
        (lambda: packed({"a.md": TEXT + "x" * 8_000_000}), "large"),
        (lambda: packed({"a.md": TEXT}, zipfile.ZIP_BZIP2), "damaged"),
        (lambda: packed({"a.md": TEXT}, zipfile.ZIP_LZMA), "damaged"),
    ],
)
def test_a_file_that_means_harm_costs_itself_alone(made: Callable[[], bytes], reason: str) -> None:
    assert list(told(describe_archive_apart(made())).values()) == [reason]


MANY = {f"{n}.md": TEXT for n in range(201)}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.DAMAGED),
        (b"PK\x03\x04 and nothing", Refusal.DAMAGED),
        (packed({}), Refusal.EMPTY),
        (packed(MANY), Refusal.TOO_MANY),
        (packed({f"{n}.md": "x" * 6_000_000 for n in range(9)}), Refusal.TOO_LARGE),
    ],
)
def test_an_archive_that_is_none_or_too_large_is_refused(data: bytes, reason: Refusal) -> None:
    with pytest.raises(ConversionRefused) as refused:
        describe_archive_apart(data)
    assert refused.value.reason is reason


def test_what_is_no_article_counts_for_no_byte() -> None:
    files: dict[str, str | bytes] = {f"{n}.png": b"x" * 6_000_000 for n in range(9)}
    assert told(describe_archive_apart(packed({**files, "a.md": TEXT})))["a.md"] == "Quokkas"


def test_the_bytes_are_counted_while_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb is stopped after the first bytes too many, whatever it says of itself."""
    monkeypatch.setattr(module, "MAX_UNPACKED_BYTES", 100_000)
    unpacked: list[int] = []
    chunks = Archive._chunks

    def counted(self: Archive, info: zipfile.ZipInfo) -> Iterator[bytes]:
        for chunk in chunks(self, info):
            unpacked.append(len(chunk))
            yield chunk

    monkeypatch.setattr(Archive, "_chunks", counted)
    with pytest.raises(ConversionRefused):
        Archive(packed({"a.md": b"x" * 50_000_000}))
    assert sum(unpacked) <= 100_000 + 64 * 1024


_CHILDREN_S_MEMORY = """
import resource, sys
from knowledge.corpus.conversion.apart import ConversionRefused, describe_archive_apart
try:
    describe_archive_apart(sys.stdin.buffer.read())
except ConversionRefused as refused:
    print(refused.reason.value, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="how much a process took is told there")
def test_many_names_take_no_more_memory_than_a_process_may() -> None:
    data = packed({f"{n:05}": b"" for n in range(90_000)}, zipfile.ZIP_STORED)
    # In a program of its own, which has no other children.
    done = subprocess.run(
        [sys.executable, "-c", _CHILDREN_S_MEMORY], input=data, capture_output=True, check=True
    )
    reason, used = done.stdout.decode().split()
    assert Refusal(reason) in (Refusal.TOO_MANY, Refusal.TOO_SLOW)
    assert int(used) * 1024 <= MEMORY_BYTES


def test_what_one_process_does_not_get_done_another_goes_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file that ends its process is told, and those after it are read."""
    deep = ">" * 3_000_000 + "x"
    data = packed({"a.md": TEXT, "deep.md": deep, "b.md": TEXT.replace("Quokkas", "B")})
    first, found = 0, []
    while first < 3:
        reading = describe_archive_apart(data, first=first)
        assert reading.files == ("a.md", "deep.md", "b.md")
        found += [
            one.reason if isinstance(one, ConversionRefused) else one["title"]
            for one in reading.told
        ]
        first += len(reading.told)
    assert (found[0], found[2]) == ("Quokkas", "B")
    assert isinstance(found[1], Refusal)


def test_a_title_is_for_an_article_that_is_alone() -> None:
    alone = packed({"a.md": TEXT, "a.facts.yaml": "", "x.png": b"x"})
    assert told(describe_archive_apart(alone, "Mine"))["a.md"] == "Mine"
    two = packed({"a.md": TEXT, "b.md": TEXT})
    assert set(told(describe_archive_apart(two, "Mine")).values()) == {"Quokkas"}


def test_how_far_it_is_is_told_meanwhile() -> None:
    done: list[int] = []
    files: dict[str, str | bytes] = {f"{n}.md": TEXT * 200 for n in range(40)}
    reading = describe_archive_apart(packed(files), progress=done.append)
    assert len(reading.told) == 40
    assert done == sorted(done)
    assert all(0 <= one <= 40 for one in done)
