"""Uploads cost the machine little, other servers nothing, and are told where they are known."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from documents import paragraph, pdf
from test_library import articles, press
from world import Shown, World, eventually, shown, write_article

from bot.features.uploads import upload_reading
from bot.i18n.localisation import CATALOGUE
from bot.i18n.refusals import Refused
from bot.services import upload_files, uploads
from bot.services.uploads import Step, Upload, Uploads, read_upload
from knowledge import (
    UPLOAD_MEMORY_BYTES,
    UPLOAD_PROCESSOR_SECONDS,
    ArchiveReading,
    ConversionRefused,
    Refusal,
)

APART = "knowledge.corpus.conversion.apart"

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="nothing limits a process there")

TEXT = b"""# The quokkas of Rottnest

On 3 May 2021 Professor Ada Quill counted 4,711 quokkas on Rottnest Island.

## Food

Quokkas eat grass and leaves.
"""
OTHER = TEXT.replace(b"4,711", b"5,822")
TITLE = "The quokkas of Rottnest"
SLUG = "the-quokkas-of-rottnest"


async def add(world: World, name: str, data: bytes, **options: object) -> Shown:
    preview = await articles(world, "add", file=(name, data), **options)
    return await press(world, preview, "Index it")


def refusals(world: World) -> None:
    """Look at the errors of commands that were refused in words."""
    assert world.env.errors
    for error in world.env.errors:
        assert isinstance(getattr(error, "original", error), Refused)


# What a file may take


def flate(size: int) -> bytes:
    """Return so many spaces, packed."""
    packer, chunk = zlib.compressobj(9), b" " * 1_000_000
    packed = b"".join(packer.compress(chunk) for _ in range(size // len(chunk)))
    return packed + packer.flush()


def twice_packed() -> bytes:
    """Return a PDF of some kilobytes that unpacks to a gigabyte."""
    packed = zlib.compress(flate(1_000_000_000), 9)
    document = pdf([], packed=packed)
    return document.replace(b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]")


def heavy() -> bytes:
    """Return a PDF of some megabytes whose one page has millions of drawing operations."""
    drawn = b"".join(
        b"BT /F1 9 Tf %d %d Td (x%d) Tj ET\n" % (n % 600, n % 800, n) for n in range(900_000)
    )
    return pdf([], packed=zlib.compress(drawn, 9))


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "packed twice": ("x.pdf", twice_packed),
    "packed once": ("x.pdf", lambda: pdf([], packed=flate(1_000_000_000))),
    "millions of words": ("x.pdf", heavy),
    "nested": ("x.html", lambda: b"<div>" * 90_000 + b"x"),
    "nested quotations": ("x.md", lambda: b">" * 3_000_000 + b"x"),
    "nested brackets": ("x.md", lambda: b"[" * 900_000 + b"x"),
}


@POSIX
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_takes_no_more_than_its_share(kind: str, tmp_path: Path) -> None:
    """What the process took is told by the system; that it ended is the test's end."""
    name, made = HOSTILE[kind]
    (tmp_path / name).write_bytes(made())
    assert (tmp_path / name).stat().st_size <= upload_files.MAX_BYTES
    watched = (
        "import json, resource, sys\n"
        "from pathlib import Path\n"
        "from bot.i18n.refusals import Refused\n"
        "from bot.services import uploads\n"
        "from knowledge.corpus.conversion import apart\n"
        "apart.CONVERTING_SECONDS = 4.0\n"
        "path = Path(sys.argv[1])\n"
        "try:\n"
        "    said = uploads.read_upload(path.name, path.read_bytes(), None).title\n"
        "except Refused as refused:\n"
        "    said = refused.key\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([said, used.ru_maxrss * 1024, used.ru_utime + used.ru_stime]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched, str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    said, memory, processor = json.loads(done.stdout)
    assert said.startswith("refused_") or kind.startswith("nested")
    assert memory <= UPLOAD_MEMORY_BYTES
    assert processor <= UPLOAD_PROCESSOR_SECONDS + 2
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing is left"


def read_by(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another program than ours read files."""
    popen = subprocess.Popen

    def other(command: list[str], **options: Any) -> Any:
        return popen([sys.executable, "-c", program], **options)

    monkeypatch.setattr(subprocess, "Popen", other)


def test_a_reader_that_says_too_much_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(f"{APART}._MAX_SAID", 1_000_000)
    read_by("while True: print('x' * 10_000)", monkeypatch)
    with pytest.raises(Refused, match="refused_damaged"):
        read_upload("x.md", TEXT, None)
    assert not list(tmp_path.iterdir())


def test_a_reader_that_is_too_slow_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(f"{APART}.CONVERTING_SECONDS", 1.0)
    started: list[subprocess.Popen[Any]] = []
    popen = subprocess.Popen
    writing = (
        "import os, tempfile, time; tempfile.mkdtemp();"
        "print('here', file=open(os.path.join(tempfile.gettempdir(), 'x'), 'w')); time.sleep(600)"
    )

    def other(command: list[str], **options: Any) -> Any:
        started.append(popen([sys.executable, "-c", writing], **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", other)
    with pytest.raises(Refused, match="refused_too_slow"):
        read_upload("x.md", TEXT, None)
    assert started[0].returncode is not None, "it is no zombie"
    assert not list(tmp_path.iterdir())


@POSIX
@pytest.mark.parametrize(
    ("program", "key"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "refused_too_slow"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "refused_too_slow"),
        ("raise SystemExit(3)", "refused_damaged"),
        ("print('no JSON')", "refused_damaged"),
    ],
)
def test_a_reader_that_ends_otherwise_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, program: str, key: str
) -> None:
    read_by(program, monkeypatch)
    with pytest.raises(Refused, match=key):
        read_upload("x.md", TEXT, None)


def test_a_long_file_is_within_the_limits() -> None:
    sentence = "On 3 May 2021 Professor Ada Quill counted 4,711 quokkas on Rottnest Island. "
    text = "Quokkas\n\n" + "\n\n".join([sentence * 12] * 300)
    assert read_upload("x.txt", text.encode(), None).paragraphs == 300
    page = paragraph(760, *[sentence] * 40)
    assert read_upload("x.pdf", pdf(*[page] * 20), None).language == "en"


@POSIX
def test_the_process_that_reads_holds_itself_to_its_limits() -> None:
    program = (
        "import json, resource as r\n"
        "from knowledge.corpus.conversion.limits import hold_to_limits\n"
        "hold_to_limits()\n"
        "print(json.dumps([r.getrlimit(one)[0] for one in (r.RLIMIT_AS, r.RLIMIT_CPU)]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    limits = [UPLOAD_MEMORY_BYTES, UPLOAD_PROCESSOR_SECONDS]
    assert json.loads(done.stdout) == limits == [512 * 2**20, 20]


# Whose turn it is


class Gate:
    """Reads files when it is told to, and counts by what is in them."""

    def __init__(self) -> None:
        self.begun: list[bytes] = []
        self.opened = threading.Event()

    def read(self, name: str, data: bytes, title: str | None) -> Upload:
        self.begun.append(data)
        assert self.opened.wait(60)
        return Upload(
            markdown="# x\n\nText.",
            title=data.decode(),
            language="en",
            sections=(),
            paragraphs=1,
            beginning="Text.",
            words=data.decode(),
            facts=0,
            first_facts=(),
        )


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr(uploads, "read_upload", gate.read)

    async def fetched(file: Any) -> bytes:
        return str(file.filename).encode()

    monkeypatch.setattr(uploads, "fetch", fetched)
    return gate


class File:
    def __init__(self, filename: str) -> None:
        self.filename = filename


async def test_a_server_has_one_file_read_at_a_time_and_holds_up_no_other(gate: Gate) -> None:
    reading = Uploads()

    async def read(server: int, file: Any) -> Upload:
        (one,) = [one async for one in reading.read(server, [file], None)]
        assert one.upload is not None
        return one.upload

    def send(server: int, name: str) -> asyncio.Task[Upload]:
        return asyncio.create_task(read(server, File(name)))

    first = [send(1, f"a{number}") for number in range(5)]
    await eventually(lambda: gate.begun)
    other = send(2, "b")
    await eventually(lambda: len(gate.begun) == 2)
    assert sorted(gate.begun) == [b"a0", b"b"], "the first server's others wait"
    with pytest.raises(Refused, match="refused_busy"):
        await send(1, "a5")
    third = send(3, "c")
    await asyncio.sleep(0.05)
    assert len(gate.begun) == 2, "so many are read at once"
    gate.opened.set()
    assert (await other).title == "b"
    assert (await third).title == "c"
    assert [(await one).title for one in first] == [f"a{number}" for number in range(5)]
    assert gate.begun.index(b"c") <= 3, "servers take turns"


async def test_whoever_waits_for_the_files_of_others_is_told(gate: Gate) -> None:
    reading = Uploads()
    first: list[Step] = []
    second: list[Step] = []

    async def read(name: str, steps: list[Step]) -> None:
        file: Any = File(name)
        assert [one async for one in reading.read(1, [file], None, steps.append)]

    one = asyncio.create_task(read("a", first))
    await eventually(lambda: gate.begun)
    other = asyncio.create_task(read("b", second))
    await eventually(lambda: second)
    gate.opened.set()
    await asyncio.gather(one, other)
    assert [step.total for step in first] == [1, 1], "it had to wait for none"
    assert [step.total for step in second] == [0, 1, 1]
    said: list[str] = []
    progress: Any = SimpleNamespace(tell=said.append)
    for step in second:
        upload_reading._tell(progress, CATALOGUE.default, step)
    assert said[0].startswith("Other files are being read")
    assert said[1:] == ["Fetching “b”…", "Reading “b”…"]


@pytest.mark.usefixtures("gate")
async def test_reasons_against_many_files_hold_up_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = ConversionRefused(Refusal.INVALID, "one reason\nanother")
    said = ArchiveReading(("a.md", "b.md", "c.md"), (wrong, wrong, wrong))
    monkeypatch.setattr(uploads, "describe_archive_apart", lambda *_: said)
    archive: Any = File("all.zip")
    others: list[str] = []
    seen: list[int] = []
    async for one in Uploads().read(1, [archive], None):
        seen.append(len(others))
        asyncio.get_running_loop().call_soon(others.append, one.name)
    assert seen == [0, 1, 2]


# The same twice


@pytest.mark.usefixtures("files_read_once")
async def test_the_same_file_is_not_taken_twice(world: World) -> None:
    await add(world, "quokkas.md", TEXT)
    for name, data, options in (
        ("quokkas.md", TEXT, {}),
        ("other-name.md", TEXT, {}),
        ("quokkas.md", TEXT, {"title": "Another title"}),
        ("quokkas.txt", TEXT.replace(b"## Food\n\n", b"").replace(b"# ", b""), {}),
        ("quokkas.md", TEXT.replace(b"\n\n", b"\r\n\r\n\r\n"), {}),
    ):
        said = await articles(world, "add", file=(name, data), **options)
        assert said.text == (
            f"This is here already, word for word: “{TITLE}”. "
            "For another title, use /articles replace."
        )
        assert not said.buttons
    assert len(world.state.articles.of(int(world.guild.id))) == 1
    refusals(world)


async def test_what_everybody_has_is_not_taken_again(world: World, articles_of_all: Path) -> None:
    write_article(articles_of_all, "wombats", "Wombats dig burrows.", title="Wombats")
    world.knowledge.reindex()
    said = await articles(world, "add", file=("mine.txt", b"Mine\n\nWombats dig burrows."))
    assert "here already, word for word: “Wombats”" in said.text
    refusals(world)


@pytest.fixture
def articles_of_all(world: World) -> Path:
    return world.knowledge.database.parent / "articles"


@pytest.mark.usefixtures("files_read_once")
async def test_the_same_file_sent_twice_before_it_is_confirmed_is_taken_once(world: World) -> None:
    first = await articles(world, "add", file=("quokkas.md", TEXT))
    second = await articles(world, "add", file=("quokkas.md", TEXT), title="Other")
    await press(world, first, "Index it")
    said = await press(world, second, "Index it")
    assert "here already, word for word" in said.text
    assert len(world.state.articles.of(int(world.guild.id))) == 1


@pytest.mark.usefixtures("files_read_once")
async def test_an_article_is_replaced_by_other_words_or_another_title_alone(world: World) -> None:
    await add(world, "quokkas.md", TEXT)
    await add(world, "wombats.txt", b"Wombats\n\nWombats dig burrows.")
    same = await articles(world, "replace", article=TITLE, file=("x.md", TEXT))
    assert (
        same.text == f"“{TITLE}” says the same already, word for word: there is nothing to replace."
    )
    others = await articles(world, "replace", article="Wombats", file=("x.md", TEXT))
    assert "here already, word for word" in others.text
    refusals(world)
    file = ("x.md", TEXT)
    renamed = await articles(world, "replace", article=TITLE, file=file, title="Quokkas")
    await press(world, renamed, "Index it")
    titles = [one.title for one in world.state.articles.of(int(world.guild.id))]
    assert titles == ["Quokkas", "Wombats"]


@pytest.mark.usefixtures("files_read_once")
async def test_what_was_removed_may_be_sent_again(world: World) -> None:
    await add(world, "quokkas.md", TEXT)
    await press(world, await articles(world, "remove", article=TITLE), "Remove it")
    assert "is in use" in (await add(world, "quokkas.md", TEXT)).text


# Two of one title


@pytest.fixture
async def two(files_read_once: None, world: World) -> World:
    await add(world, "quokkas.md", TEXT)
    preview = await articles(world, "add", file=("quokkas.md", OTHER))
    assert "There is an article with this title already" in preview.text
    await press(world, preview, "Index it")
    return world


async def test_a_title_that_two_have_is_told_apart(two: World) -> None:
    for command in ("remove", "replace", "export"):
        options = {"file": ("x.md", b"# X\n\nX.")} if command == "replace" else {}
        for typed in (TITLE, TITLE.upper(), f" {TITLE} "):
            said = await articles(two, command, article=typed, **options)
            assert said.text.startswith("This server has several articles with this title.")
            assert f"- `{SLUG}.1` (<t:" in said.text
            assert f"- `{SLUG}.2` (<t:" in said.text
    refusals(two)


@pytest.mark.parametrize(("number", "left"), [(1, "5,822"), (2, "4,711")])
async def test_each_of_two_of_a_title_can_be_removed(two: World, number: int, left: str) -> None:
    choices = await two.admin.autocomplete(two.channel, "articles remove", "article", "quokkas")
    by_name = {choice["name"]: choice["value"] for choice in choices}
    assert by_name == {f"{SLUG}.{n} · {TITLE}": f"{SLUG}.{n}" for n in (1, 2)}
    chosen = by_name[f"{SLUG}.{number} · {TITLE}"]
    asked = await articles(two, "remove", article=chosen)
    assert "has been removed" in (await press(two, asked, "Remove it")).text
    answer = await two.ask("How many quokkas did Ada Quill count?")
    assert left in answer.text.replace("*", "")
    (one,) = await two.admin.autocomplete(two.channel, "articles remove", "article", "quokkas")
    assert one["name"] == TITLE, "what is alone needs no short name"


@pytest.mark.usefixtures("files_read_once")
async def test_a_second_click_does_not_take_the_way_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await articles(world, "add", file=("quokkas.md", TEXT))
    service, asked, pressed = world.bot.services.articles, [], []
    accept = service.accept

    async def one_after_the_other(*args: Any) -> Any:
        asked.append(args)
        if len(asked) > 1:
            await eventually(lambda: "is in use" in shown(pressed[0].response).text)
        return await accept(*args)

    monkeypatch.setattr(service, "accept", one_after_the_other)
    with world.hurried():
        for _ in range(2):
            click = world.admin.click(preview.message, custom_id=preview.button("Index it"))
            pressed.append(await click)
    await world.env.settle()
    done = shown(pressed[0].response)
    assert "is in use" in done.text
    await press(world, done, "Undo")
    assert world.state.articles.of(int(world.guild.id)) == ()
