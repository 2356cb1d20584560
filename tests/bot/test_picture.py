"""The timeline as a picture."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from world import World, eventually, shown

from bot.cli.main import main
from bot.extras import is_installed
from bot.features.lookups.timeline_picture import MAX_EVENTS, NAME, draw_timeline
from bot.i18n.localisation import CATALOGUE
from bot.interactions import pictures
from bot.interactions.acknowledging import PATIENCE_SECONDS
from bot.services.drawing import timeline as picture
from bot.services.drawing.canvas import Canvas, font_path
from bot.services.drawing.drawer import Drawer, DrawingFailed
from knowledge import Fact, KnowledgeBase

ENGLISH, FRENCH = CATALOGUE.languages["en"], CATALOGUE.languages["fr"]
drawing = pytest.mark.skipif(
    not is_installed("picture"), reason="the extra “picture” is not installed"
)


def size(png: bytes | None) -> tuple[int, int]:
    assert png is not None
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.fixture
def dated(knowledge: KnowledgeBase) -> Sequence[Fact]:
    return knowledge.timeline()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float, str]]:
    """What is written into pictures, with its place."""
    texts: list[tuple[float, float, str]] = []
    write = Canvas.write

    def noted(canvas: Canvas, x: float, y: float, text: str, *args: Any, **more: Any) -> None:
        texts.append((x, y, text))
        write(canvas, x, y, text, *args, **more)

    monkeypatch.setattr(Canvas, "write", noted)
    return texts


@drawing
def test_a_picture_is_about_as_wide_as_it_is_high(dated: Sequence[Fact]) -> None:
    png = draw_timeline(dated, ENGLISH)
    width, height = size(png)
    assert width == 1_600
    assert 0.8 < width / height < 1.5
    assert len(png or b"") < 2_000_000
    assert size(draw_timeline(dated[:5], ENGLISH))[0] == 800


@drawing
def test_dates_and_statements_are_in_the_language(
    dated: Sequence[Fact], written: list[tuple[float, float, str]]
) -> None:
    draw_timeline(dated, FRENCH)
    texts = [text for _, _, text in written]
    assert texts[0] == "Chronologie"
    assert "avril 2019" in texts
    assert "13 septembre 2023 *" in texts
    assert texts[-1] == "* année d’après la date de l’article"
    written.clear()
    draw_timeline(dated, ENGLISH)
    texts = [text for _, _, text in written]
    assert texts[0] == "Timeline"
    assert "April 2019" in texts
    assert {text.split()[0] for text in dated[0].statements["en"].splitlines()} & {
        text.split()[0] for text in texts
    }


@drawing
def test_lines_do_not_overlap_and_events_left_out_are_told(
    dated: Sequence[Fact], written: list[tuple[float, float, str]]
) -> None:
    many = [replace(dated[0], statement="word " * 200, statements={})] * (MAX_EVENTS + 15)
    _, height = size(draw_timeline(many, ENGLISH))
    assert height < 3_000
    for left in (picture._LEFT, picture._COLUMN + picture._LEFT):
        heights = [y for x, y, _ in written if x == left]
        gaps = [after - before for before, after in pairwise(heights)]
        assert min(gaps) >= picture._LINE
    assert [text for _, _, text in written].count("2014") == MAX_EVENTS
    assert sum(text.endswith(" […]") for _, _, text in written) == MAX_EVENTS
    assert written[-1][2] == "the first 25 of 40 events"


HOSTILE = [
    "$\\frac{1}{0}$ costs $5 and $6",
    "\\input{/etc/passwd} $\\unknown$ {}{{ % & _ ^",
    "$" * 300,
    "\N{RIGHT-TO-LEFT OVERRIDE}\x00\x07\x1b[31m\N{ZERO WIDTH JOINER}",
    "漢字 \N{GRINNING FACE} ﷽ שלום",
    "x" * 5_000,
    "a\nb\tc\u2028d",
    "",
    " ",
]


@drawing
@pytest.mark.parametrize("text", HOSTILE)
def test_what_articles_say_is_drawn_as_it_is(
    dated: Sequence[Fact], written: list[tuple[float, float, str]], text: str
) -> None:
    fact = replace(dated[0], statement=text, statements={})
    assert size(draw_timeline([fact], ENGLISH))[0] == 800
    assert all(len(line) < 150 for _, _, line in written)
    if text.startswith("$\\frac"):
        assert text in [line for _, _, line in written]


@drawing
def test_lines_end_within_the_picture(dated: Sequence[Fact]) -> None:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(font_path(bold=False))
    for text in ("W" * 900, "word " * 90, "i" * 399, *(fact.statement for fact in dated)):
        lines = picture._wrapped(text, "[…]", font)
        assert 1 <= len(lines) <= 3
        for line in lines:
            assert picture._width(line, font) <= picture._RIGHT - picture._LEFT


@drawing
def test_nothing_dated_makes_no_picture() -> None:
    assert draw_timeline([], ENGLISH) is None


@drawing
async def test_a_timeline_is_its_picture_and_lists_it_to_whoever_asks(world: World) -> None:
    result = await world.member.slash(world.channel, "timeline", **{"from": "2022"})
    timeline: Any = result.response
    assert [file["filename"] for file in attachments(timeline)] == [NAME]
    assert shown(timeline).texts == ("**Timeline · 1 January 2022 – …**",)
    assert shown(timeline).labels == ["As a list"]
    await world.restart()
    clicked = await world.admin.click(timeline, custom_id=shown(timeline).button("As a list"))
    assert clicked.response is not None
    entries = shown(clicked.response)
    assert entries.ephemeral
    assert entries.texts[0].startswith("**Timeline · 1 January 2022 – …**\n-# 1–3 of ")
    assert attachments(clicked.response) == []
    turned = await world.admin.click(clicked.response, custom_id=entries.button("Next"))
    assert "-# 4–6 of " in shown(turned.response).texts[0]


@drawing
async def test_a_timeline_does_not_wait_for_a_slow_picture(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def slow(*_: object) -> bytes:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(world.bot.services.pictures, "picture", slow)
    with world.hurried():
        result = await world.member.slash(world.channel, "timeline")
        await eventually(begun.is_set)
        world.let_pass(PATIENCE_SECONDS)
        await eventually(lambda: result.deferred)
        world.let_pass(pictures.PATIENCE_SECONDS)
        await eventually(lambda: world.sent("PATCH", "/@original"))
    edited = str(world.sent("PATCH", "/@original")[-1])
    assert "1–3" in edited
    assert "Without its picture: too many" in edited


def attachments(message: Any) -> list[Any]:
    return [
        one if isinstance(one, dict) else {"filename": one.filename} for one in message.attachments
    ]


@drawing
async def test_a_picture_that_fails_leaves_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: object) -> bytes:
        raise DrawingFailed("no memory")

    monkeypatch.setattr(Drawer, "draw", failing)
    result = await world.member.slash(world.channel, "timeline")
    assert result.response is not None
    assert attachments(result.response) == []
    assert "Without its picture, which could not be drawn." in shown(result.response).text
    assert "could not be drawn: no memory" in caplog.text


async def test_without_the_extra_the_timeline_is_text(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.features.lookups.list_pages.is_installed", lambda _: False)
    result = await world.member.slash(world.channel, "timeline")
    assert result.response is not None
    assert attachments(result.response) == []
    assert shown(result.response).texts[0].startswith("**Timeline**")


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("SOURCIER_STATE", str(tmp_path / "cli-state.db"))
    return ["timeline", "--database", str(tmp_path / "cli.db")]


@drawing
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_command_writes_a_file(command: list[str], tmp_path: Path, language: str) -> None:
    file = tmp_path / "drawn.PNG"
    assert main([*command, "--output", str(file), "--language", language]) == 0
    assert size(file.read_bytes())[0] == 1600


def test_without_the_extra_the_command_says_how_to_install_it(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("bot.cli.queries.is_installed", lambda _: False)
    assert main([*command, "--output", str(tmp_path / "a.png")]) == 1
    assert 'pip install -e ".[picture]"' in capsys.readouterr().err


@drawing
@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        (["--output", "a.jpg"], 2, "does not end in .png"),
        (["--output", "a.png", "--json"], 2, "either --json or --output"),
        (["--language", "fr"], 2, "--language is for --output"),
        (["--from", "2023", "--to", "2022"], 2, "--from is after --to"),
        (["--output", "a.png", "--language", "xx"], 1, "There are: en, fr."),
        (["--output", "a.png", "--to", "1900"], 1, "nothing to draw"),
        (["--output", "no/such/folder/a.png"], 1, "cannot be written"),
    ],
)
def test_what_the_command_cannot_do_is_told(
    command: list[str], capsys: pytest.CaptureFixture[str], more: list[str], code: int, told: str
) -> None:
    assert main([*command, *more]) == code
    assert told in capsys.readouterr().err
