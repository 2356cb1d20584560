"""Several files at once and archives: each is told by its name, and all are confirmed together."""

from __future__ import annotations

import asyncio
import io
import threading
import zipfile
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from test_library import NEWER, TEXT, TITLE, articles, press, refusals, told
from world import Shown, World, eventually, shown

from bot.features.uploads import upload_reading
from bot.interactions.progress_message import ProgressMessage
from bot.services import uploads

pytestmark = pytest.mark.usefixtures("files_read_once")

WOMBATS = b"# Wombats\n\nWombats dig burrows of 30 metres.\n"
FACTS = "- {kind: claim, statement: {en: Burrows}, quote: burrows of 30 metres}\n"
GONE = FACTS.replace("30 metres", "90 miles")
QUESTION = '{"id": "count", "question": "How many quokkas did Quill count?", "gold": ["4,711"]}\n'


def packed(**files: bytes | str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


def plain(message: Shown) -> str:
    return message.text.replace("\\", "")


def titles(world: World) -> list[str]:
    return [one.title for one in world.state.articles.of(int(world.guild.id))]


def edits(world: World) -> list[str]:
    """Return what the bot has shown in the place of its answers, in order."""
    bodies = world.sent("PATCH", "/messages/@original")
    return [_first_text(body["components"]) for body in bodies if body.get("components")]


def _first_text(components: list[dict[str, Any]]) -> str:
    for one in components:
        if "content" in one:
            return one["content"]
        if found := _first_text(one.get("components", [])):
            return found
    return ""


async def test_files_sent_together_are_told_by_name_and_confirmed_together(world: World) -> None:
    page = await articles(
        world,
        "add",
        **{
            "file": ("quokkas.md", TEXT),
            "file-2": ("wombats.md", WOMBATS),
            "file-3": ("wombats.facts.yaml", (FACTS + GONE).encode()),
            "file-4": ("*photo*.png", b"\x89PNG"),
            "file-5": ("again.md", TEXT),
            "file-6": ("alone.questions.jsonl", b""),
        },
    )
    assert page.ephemeral
    assert page.text.startswith("**Files that I can take: 2 of 5**")
    assert "❌ **\\*photo\\*.png**\n-# I do not take files of this kind." in page.text
    assert f"❌ **again.md**\n-# This is here already, word for word: “{TITLE}”" in page.text
    assert "❌ **alone.questions.jsonl**\n-# There is no article beside it" in page.text
    assert f"✅ **{TITLE}** · quokkas.md\n-# sections: 1 · paragraphs: 2" in page.text
    assert "⚠️ wombats.facts.yaml, line 2: fact 2 was left out: its quote does" in plain(page)
    assert "4,711" not in await told(world)
    await world.restart()
    done = await press(world, page, "Index them")
    assert done.text.startswith("Articles in use: 2. Ask about them.")
    assert f"• {TITLE}" in done.text
    assert "4,711" in await told(world)
    fact = await world.member.slash(world.channel, "fact", text="Burrows")
    assert "burrows of 30 metres" in shown(fact.response).text.replace("*", "")
    await world.restart()
    assert (await press(world, done, "Undo")).text == "Undone: 2 articles are not in use any more."
    assert titles(world) == []
    assert "4,711" not in await told(world)


async def test_the_files_of_an_archive_are_told_by_name(world: World, locale: list[str]) -> None:
    locale[0] = "fr"
    archive = packed(
        quokkas__md=TEXT, wombats__md=WOMBATS, x__exe=b"MZ", wrong__md="---\na: [\n---\n"
    )
    page = await articles(world, "add", file=("all.zip", archive), title="Mine")
    assert page.text.startswith("**Fichiers que je peux prendre\u00a0: 2 sur 4**")
    assert "J’ai laissé le titre de côté" in page.text
    assert "❌ **x.exe**" in page.text
    assert "❌ **wrong.md**\n-# Je ne peux pas en faire un article" in page.text
    done = await press(world, page, "Tout indexer")
    assert done.text.startswith("Articles en service\u00a0: 2.")
    assert titles(world) == [TITLE, "Wombats"]


async def test_what_is_long_has_pages_that_outlive_a_restart(world: World) -> None:
    files = {
        f"q{number:02}__md": f"# Title {number:02}\n\nText {number}.\n" for number in range(30)
    }
    page = await articles(world, "add", file=("all.zip", packed(**files)))
    texts = [page.text]
    await world.restart()
    while not page.buttons[page.button("Next")].get("disabled"):
        page = await press(world, page, "Next")
        texts.append(page.text)
    assert len(texts) > 1
    assert all(f"q{number:02}.md" in "\n".join(texts) for number in range(30))
    await press(world, page, "Index them")
    assert len(titles(world)) == 30


async def test_long_pages_are_written_beside_the_event_loop(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[str] = set()
    write = upload_reading.files_pages

    def noted(*args: Any, **options: Any) -> list[list[str]]:
        threads.add(threading.current_thread().name)
        return write(*args, **options)

    monkeypatch.setattr(upload_reading, "files_pages", noted)
    await articles(world, "add", **{"file": ("a.md", WOMBATS), "file-2": ("b.md", TEXT)})
    assert threads
    assert threading.current_thread().name not in threads


async def test_all_problems_of_one_file_are_told(world: World) -> None:
    wrong = "- {kind: rumour}\n" * 3
    page = await articles(
        world,
        "add",
        **{"file": ("a.md", WOMBATS), "file-2": ("a.facts.yaml", wrong.encode())},
    )
    assert "for 3 reasons:" in page.text
    for number in (1, 2, 3):
        assert f"• a.facts.yaml, fact {number} (line {number}): there is no kind" in plain(page)
    assert not page.buttons
    long = "\n\n".join(["x" * 20_001] * 45)
    page = await articles(world, "add", file=("b.md", f"# B\n\n{long}\n".encode()))
    assert "for 45 reasons:" in page.text
    texts = [plain(page)]
    while not page.buttons[page.button("Next")].get("disabled"):
        page = await press(world, page, "Next")
        texts.append(plain(page))
    assert "\n".join(texts).count("has a paragraph of more than 20,000 characters") == 45


async def test_what_is_wrong_with_one_file_is_told_of_it_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = discord.Attachment.read

    async def fetched(self: discord.Attachment) -> bytes:
        if self.filename == "gone.md":
            response: Any = SimpleNamespace(status=404, reason="Not Found")
            raise discord.NotFound(response, "it was deleted")
        return await read(self)

    monkeypatch.setattr(discord.Attachment, "read", fetched)
    page = await articles(
        world,
        "add",
        **{
            "file": ("gone.md", TEXT),
            "file-2": ("all.zip", packed(quokkas__md=TEXT)),
            "file-3": ("all.facts.yaml", FACTS.encode()),
            "file-4": ("wombats.md", WOMBATS),
            "file-5": ("wombats.facts.yaml", b"#" * 1_000_001),
            "file-6": ("wombats.questions.jsonl", b"\n"),
            "file-7": ("WOMBATS.questions.jsonl", b"\n"),
            "file-8": ("newer.md", NEWER),
        },
    )
    assert page.text.startswith("**Files that I can take: 3 of 7**")
    assert "❌ **gone.md**\n-# Discord did not hand me the file" in page.text
    assert "❌ **all.facts.yaml**\n-# There is no article beside it" in page.text
    assert "❌ **wombats.facts.yaml**\n-# The file is too large: I take at most 1 MB" in page.text
    assert "❌ **WOMBATS.questions.jsonl**\n-# There is no article beside it" in page.text
    assert f"✅ **{TITLE}** · quokkas.md" in page.text
    assert "✅ **Wombats** · wombats.md" in page.text
    assert page.text.count("There is an article with this title already") == 1, "of newer.md"


async def test_files_of_an_archive_that_find_no_room_are_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.article_checks.MAX_ARTICLES", 1)
    archive = packed(quokkas__md=TEXT, wombats__md=WOMBATS)
    page = await articles(world, "add", file=("all.zip", archive))
    assert "Files that I can take: 1 of 2" in page.text
    assert "❌ **wombats.md**\n-# There is no room for it" in page.text
    await press(world, page, "Index it")
    assert titles(world) == [TITLE]


async def test_an_archive_that_is_refused_is_in_words(world: World) -> None:
    many = packed(**{f"f{number}__md": "" for number in range(201)})
    said = await articles(world, "add", file=("all.zip", many))
    assert said.text == "There are more than 200 files in this archive. Send it in parts."
    refusals(world)


async def test_an_old_offer_is_not_confirmed_twice_and_can_be_cancelled(world: World) -> None:
    archive = packed(quokkas__md=TEXT, wombats__md=WOMBATS)
    page = await articles(world, "add", file=("all.zip", archive))
    again = await articles(world, "add", file=("all.zip", archive))
    await press(world, page, "Index them")
    said = await press(world, again, "Index them")
    assert "here already, word for word" in said.text
    assert titles(world) == [TITLE, "Wombats"]
    other = await articles(
        world, "add", file=("b.zip", packed(a__md="# A\n\nA.", b__md="# B\n\nB."))
    )
    assert (await press(world, other, "Cancel")).text == "Nothing was changed."
    assert titles(world) == [TITLE, "Wombats"]


async def test_what_is_read_for_too_long_is_told_and_the_rest_is_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "READING_SECONDS", -1.0)
    said = await articles(world, "add", **{"file": ("a.md", WOMBATS), "file-2": ("b.md", TEXT)})
    assert said.text.count("Reading this file takes too long.") == 2


# What a newer version changes


async def replaced(world: World) -> Shown:
    """Return what is shown before an article with a golden question is replaced."""
    archive = packed(
        quokkas__md=TEXT,
        quokkas__questions__jsonl=QUESTION,
        quokkas__facts__yaml=(
            "- {kind: claim, statement: {en: Food}, quote: Quokkas eat grass and leaves}\n"
        ),
    )
    await press(world, await articles(world, "add", file=("all.zip", archive)), "Index it")
    newer = NEWER.replace(b"grass and leaves", b"nuts") + b"\nThey sleep by day.\n"
    return await articles(world, "replace", article=TITLE, file=("newer.md", newer))


async def test_a_replacement_shows_what_changes_and_what_golden_questions_would_say(
    world: World,
) -> None:
    preview = await replaced(world)
    text = plain(preview)
    assert f"-# It is to replace “{TITLE}”." in text
    assert "changed" in text
    assert "Paragraphs: 1 added, 2 changed" in text
    assert "✏️ ¶\u00a01 · " in text
    assert "5,822" in text
    assert "➕ ¶\u00a03 · They sleep by day." in text
    assert "question “count” was left out: its gold does not occur in the article" in text
    assert "fact 1 was left out: its quote does not occur in the article" in text
    assert "4,711" in await told(world), "nothing is in use yet"
    done = await press(world, preview, "Index it")
    assert "in the place of what was there" in done.text
    assert "5,822" in await told(world)
    kept = world.state.articles.of(int(world.guild.id))[0]
    text_kept = world.state.articles.text(int(world.guild.id), kept.id)
    assert text_kept is not None
    assert text_kept.questions == QUESTION, "they stay, and are told until somebody mends them"


async def test_golden_questions_that_would_fail_are_named(world: World) -> None:
    question = {"id": "cats", "question": "How many cats are there?", "gold": []}
    archive = packed(quokkas__md=TEXT, quokkas__questions__jsonl=f"{question}\n".replace("'", '"'))
    await press(world, await articles(world, "add", file=("all.zip", archive)), "Index it")
    newer = TEXT + b"\nThere are 12 cats on the island.\n"
    preview = await articles(world, "replace", article=TITLE, file=("newer.md", newer))
    assert "(before: " in preview.text
    assert "**Got worse: 1**\n❌ How many cats are there?" in preview.text
    assert preview.colour == 0xF0A92E
    assert "Undone" in (await press(world, await press(world, preview, "Index it"), "Undo")).text, (
        "whoever has seen it may confirm it"
    )


async def test_what_is_exported_has_what_is_beside_it(world: World) -> None:
    archive = packed(quokkas__md=TEXT, quokkas__questions__jsonl=QUESTION)
    await press(world, await articles(world, "add", file=("all.zip", archive)), "Index it")
    result = await world.admin.slash(world.channel, "articles export", article=TITLE)
    assert result.response is not None
    slug = "the-quokkas-of-rottnest.1"
    names = [file.filename for file in result.response.attachments]
    assert names == [f"{slug}.md", f"{slug}.questions.jsonl"]


async def test_several_articles_take_the_place_of_none(world: World) -> None:
    await press(world, await articles(world, "add", file=("quokkas.md", TEXT)), "Index it")
    archive = packed(a__md=NEWER, b__md=WOMBATS)
    said = await articles(world, "replace", article=TITLE, file=("two.zip", archive))
    assert said.text == "In the place of an article I take one: this has 2."
    refusals(world)


async def test_of_several_files_in_the_place_of_one_nothing_is_said_to_be_kept(
    world: World,
) -> None:
    await press(world, await articles(world, "add", file=("quokkas.md", TEXT)), "Index it")
    archive = packed(a__md=NEWER, b__exe="MZ")
    page = await articles(world, "replace", article=TITLE, file=("two.zip", archive))
    assert "-# In the place of an article I take one: this has 2." in page.text
    assert "❌ **b.exe**" in page.text
    assert "Nothing is in use yet" not in page.text
    assert "with this title already" not in page.text
    assert not page.buttons


# How far it is


async def test_every_step_is_told_while_it_lasts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_of: list[str] = []
    tell = ProgressMessage.tell

    def noted(self: ProgressMessage, text: str) -> None:
        told_of.append(text)
        tell(self, text)

    monkeypatch.setattr(ProgressMessage, "tell", noted)
    monkeypatch.setattr("bot.services.reindexing._CALL_SECONDS", -1.0)
    await press(world, await articles(world, "add", file=("quokkas.md", TEXT)), "Index it")
    clicked = [
        _first_text(body["data"]["components"]) for body in world.sent("POST", "/callback")[1:]
    ]
    assert clicked == ["Indexing…"]
    assert told_of[:2] == ["Fetching “quokkas.md”…", "Reading “quokkas.md”…"]
    assert told_of[2].startswith("Reading the articles: ")
    told_of.clear()
    preview = await articles(world, "replace", article=TITLE, file=("newer.md", NEWER))
    assert told_of[2] == "Finding out what changes…"
    assert told_of[-1].startswith("Asking the golden questions: ")
    assert edits(world)[-1].startswith(f"**{TITLE}**"), "nothing comes after what was asked for"
    await press(world, preview, "Index it")
    assert edits(world)[-1].startswith(f"“{TITLE}” is in use")


async def test_progress_is_shown_at_once_and_nothing_of_it_comes_after_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.interactions.progress_message.PAUSE_SECONDS", 0.0)
    begun: list[str] = []
    seen: list[str] = []
    go_on = asyncio.Event()

    class Interaction:
        async def edit_original_response(self, view: Any) -> None:
            begun.append(_first_text(view.to_components()))
            await go_on.wait()
            seen.append(begun[-1])

    interaction: Any = Interaction()
    async with ProgressMessage(interaction) as progress:
        go_on.set()
        progress.tell("one")
        await eventually(lambda: seen == ["one"])
        progress.tell("one")
        progress.tell("two")
        await eventually(lambda: seen == ["one", "two"])
        go_on.clear()
        progress.tell("three")
        await eventually(lambda: begun[-1] == "three")
        progress.tell("four")
        asyncio.get_running_loop().call_soon(go_on.set)
    assert seen == ["one", "two", "three"], "what was on its way has arrived"
    for _ in range(10):
        await asyncio.sleep(0)
    assert begun == seen
