"""Admins give their server articles of its own, and take them back."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import discord
import pytest
from documents import paragraph, pdf
from simcord import SetupError
from world import Shown, World, eventually, press, shown, write_article

from bot.i18n.localisation import CATALOGUE
from bot.i18n.refusals import Refused
from bot.services import upload_files, uploads
from bot.services.reindexing import ReindexStopped
from bot.state import StateError, article_room
from knowledge import IndexUnavailable, Refusal, ReindexInProgress, ReindexReport

APART = "knowledge.corpus.conversion.apart"

pytestmark = pytest.mark.usefixtures("files_read_once")

TEXT = b"""# The quokkas of Rottnest

On 3 May 2021 Professor Ada Quill counted 4,711 quokkas on Rottnest Island.

## Food

Quokkas eat grass and leaves.
"""
NEWER = TEXT.replace(b"4,711", b"5,822")
QUESTION = "How many quokkas did Ada Quill count?"
FILE = ("quokkas.md", TEXT)
TITLE = "The quokkas of Rottnest"


async def articles(world: World, command: str, **options: object) -> Shown:
    result = await world.admin.slash(world.channel, f"articles {command}", **options)
    assert result.response is not None
    return shown(result.response)


async def add(world: World, file: tuple[str, bytes] = FILE) -> Shown:
    return await press(world, await articles(world, "add", file=file), "Index it")


async def told(world: World) -> str:
    return (await world.ask(QUESTION)).text.replace("*", "")


def refusals(world: World) -> None:
    """Look at the errors of commands that were refused in words."""
    assert world.env.errors
    for error in world.env.errors:
        assert isinstance(getattr(error, "original", error), Refused)


async def test_an_article_is_shown_before_it_is_used(world: World) -> None:
    preview = await articles(world, "add", file=FILE)
    assert preview.ephemeral
    assert preview.texts[0] == (
        f"**{TITLE}**\n-# sections: 1 · paragraphs: 2 · facts found: 4 · language: en"
    )
    assert preview.texts[1].startswith("> On 3 May 2021 Professor Ada Quill counted")
    assert "**Sections**\n-# • Food" in preview.text
    assert "-# • figure · 4,711 quokkas" in preview.text
    assert "4,711" not in await told(world)
    done = await press(world, preview, "Index it")
    assert done.text == f"“{TITLE}” is in use: ask about it.\n-# paragraphs: 2"
    assert "4,711" in await told(world)


async def test_the_same_in_french(world: World, locale: list[str]) -> None:
    locale[0] = "fr"
    preview = await articles(world, "add", file=FILE)
    assert "paragraphes\u00a0: 2 · faits trouvés\u00a0: 4" in preview.texts[0]
    assert "-# • chiffre · 4,711 quokkas" in preview.text
    done = await press(world, preview, "Indexer")
    assert done.text.startswith(f"«\u00a0{TITLE}\u00a0» est en service")
    listed = await articles(world, "list")
    assert "**Articles\u00a0: 1 de ce serveur, 1 pour tout le monde**" in listed.text
    asked = await articles(world, "remove", article=TITLE)
    assert asked.text == f"Retirer «\u00a0{TITLE}\u00a0»\u00a0? Plus aucune réponse n’en viendra."
    removed = await press(world, asked, "Retirer")
    assert "a été retiré" in removed.text
    assert "de nouveau en service" in (await press(world, removed, "Défaire")).text
    refused = await articles(world, "add", file=("quokkas.docx", TEXT))
    assert refused.text.startswith("Je ne prends pas les fichiers de ce type.")
    refusals(world)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("quokkas.txt", TEXT.replace(b"# ", b"").replace(b"#", b"")),
        ("quokkas.html", b"<h1>Quokkas</h1><p>Ada Quill counted 4,711 quokkas.</p>"),
        ("quokkas.pdf", pdf(paragraph(700, "Ada Quill counted 4,711", "quokkas in 2021."))),
    ],
)
async def test_files_of_other_kinds_are_taken(world: World, name: str, data: bytes) -> None:
    assert "is in use" in (await add(world, (name, data))).text
    assert "4,711" in await told(world)


async def test_a_title_that_is_given_is_the_article_s(world: World) -> None:
    preview = await articles(world, "add", file=FILE, title="My *own* title")
    assert preview.texts[0].startswith("**My \\*own\\* title**")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (pdf(paragraph(700, "Text."), encrypted=True), "opens with a password only"),
        (pdf([]), "The pages of this PDF are pictures"),
    ],
)
async def test_a_pdf_that_is_locked_or_scanned_is_refused_in_words(
    world: World, document: bytes, said: str
) -> None:
    assert said in (await articles(world, "add", file=("quokkas.pdf", document))).text
    refusals(world)


async def test_nothing_is_used_that_was_cancelled(world: World) -> None:
    preview = await articles(world, "add", file=FILE)
    assert (await press(world, preview, "Cancel")).text == "Nothing was changed."
    assert world.state.articles.of(int(world.guild.id)) == ()
    kept = preview.button("Index it")
    late = await world.admin.click(await _with_button(world, kept), custom_id=kept)
    assert "changed in the meantime" in shown(late.response).text


async def test_what_waits_to_be_confirmed_survives_a_restart(world: World) -> None:
    preview = await articles(world, "add", file=FILE)
    await world.restart()
    done = await press(world, preview, "Index it")
    assert "is in use" in done.text
    await world.restart()
    assert "4,711" in await told(world)
    assert "not in use any more" in (await press(world, done, "Undo")).text
    assert "4,711" not in await told(world)


async def test_an_article_is_replaced_and_the_replacement_undone(world: World) -> None:
    await add(world)
    preview = await articles(world, "replace", article=TITLE, file=("newer.md", NEWER))
    assert f"-# It is to replace “{TITLE}”." in preview.texts[0]
    done = await press(world, preview, "Index it")
    assert "in the place of what was there" in done.text
    assert "5,822" in await told(world)
    assert "4,711" not in await told(world)
    back = await press(world, done, "Undo")
    assert back.text == f"Undone: “{TITLE}” is in use again."
    assert "4,711" in await told(world)
    assert "5,822" not in await told(world)


async def test_an_article_is_removed_when_that_is_confirmed_and_brought_back(world: World) -> None:
    await add(world)
    asked = await articles(world, "remove", article=TITLE)
    assert asked.ephemeral
    assert "4,711" in await told(world)
    kept = await press(world, asked, "Keep it")
    assert kept.text == "Nothing was changed."
    removed = await press(world, await articles(world, "remove", article=TITLE), "Remove it")
    assert removed.text == f"“{TITLE}” has been removed.\n-# For 30 days it can be had back."
    assert "4,711" not in await told(world)
    await press(world, removed, "Undo")
    assert "4,711" in await told(world)


async def test_an_undo_that_comes_too_late_changes_nothing(world: World) -> None:
    done = await add(world)
    preview = await articles(world, "replace", article=TITLE, file=("newer.md", NEWER))
    await press(world, preview, "Index it")
    undo = next(iter(done.buttons))
    late = await world.admin.click(await _with_button(world, undo), custom_id=undo)
    assert "changed in the meantime" in shown(late.response).text
    assert "5,822" in await told(world)


async def _with_button(world: World, custom_id: str, channel: Any = None) -> Any:
    """Return a message of the bot with a button that somebody may have kept, or forged."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="kept", custom_id=custom_id)))
    view.stop()
    place = channel or world.channel
    found = world.bot.get_channel(int(place.id))
    assert isinstance(found, discord.TextChannel)
    await found.send(view=view)
    return place.history()[-1]


FORGED = ("aa/2", "ac/2", "ar/1", "au/1-0")
"""Buttons that change something where article 1 is in use and 2 is waiting to be confirmed."""


async def test_a_member_s_click_changes_nothing(world: World) -> None:
    await add(world)
    offered = await articles(world, "add", file=("newer.md", NEWER))
    assert offered.button("Index it") == FORGED[0]
    for forged in (*FORGED, "al/0"):
        result = await world.member.click(await _with_button(world, forged), custom_id=forged)
        refusal = shown(result.response)
        assert refusal.ephemeral
        assert refusal.text.startswith("Only members who can manage the server, or have the role")
        assert [one.id for one in world.state.articles.of(int(world.guild.id))] == [1]
        assert world.state.articles.find(int(world.guild.id), 2) is not None


async def test_an_admin_of_another_server_changes_nothing(world: World) -> None:
    await add(world)
    await articles(world, "add", file=("newer.md", NEWER))
    guild = world.env.create_guild("Elsewhere")
    role = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    other = guild.add_member(world.env.create_user("mallory"), roles=[role])
    channel = guild.create_text_channel("questions")
    server = int(world.guild.id)
    for forged in FORGED:
        message = await _with_button(world, forged, channel)
        result = await other.click(message, custom_id=forged)
        assert "4,711" not in shown(result.response).text
        assert [one.id for one in world.state.articles.of(server)] == [1]
        assert world.state.articles.find(server, 2) is not None
    listed = await other.slash(channel, "articles list")
    assert TITLE not in shown(listed.response).text


async def test_a_malformed_button_is_told_in_words(world: World) -> None:
    wrong = ("aa/", "aa/x", "aa/-1", "aa/99999999999999999999", "au/1", "au/--", "al/²", "au/0-0")
    for payload in wrong:
        result = await world.admin.click(await _with_button(world, payload), custom_id=payload)
        text = shown(result.response).text
        assert "older version" in text or "changed in the meantime" in text, payload


async def test_a_member_has_no_such_command(world: World) -> None:
    with pytest.raises(SetupError):
        await world.member.slash(world.channel, "articles list")


async def test_the_role_of_the_settings_may_manage_articles(world: World) -> None:
    server = int(world.guild.id)
    editors = world.guild.create_role("Editors")
    editor = world.guild.add_member(world.env.create_user("dominique"), roles=[editors])
    command = world.env.backend.find_command("articles", None)
    assert command is not None
    world.guild.set_command_permissions(int(command["id"]), {editor: True})
    result = await editor.slash(world.channel, "articles list")
    refusal = shown(result.response)
    assert refusal.ephemeral
    assert "the role that /settings names" in refusal.text
    refusals(world)
    await world.bot.services.server_settings.change(server, managers=int(editors.id))
    result = await editor.slash(world.channel, "articles add", file=FILE)
    preview = shown(result.response)
    await editor.click(preview.message, custom_id=preview.button("Index it"))
    assert "4,711" in await told(world)


async def test_the_list_has_pages_and_says_whose_an_article_is(
    world: World, articles: Path
) -> None:
    none = shown((await world.admin.slash(world.channel, "articles list")).response)
    assert "**Articles: 0 of this server, 1 for everybody**" in none.text
    assert "no article of its own yet" in none.text
    for number in range(14):
        write_article(articles, f"common{number:02}", "Text.", title=f"Common *{number:02}*")
    world.knowledge.reindex()
    await add(world)
    first = shown((await world.admin.slash(world.channel, "articles list")).response)
    assert first.ephemeral
    assert re.search(rf"{TITLE}\n-# this server’s · paragraphs: 2 · since <t:\d+:d>", first.text)
    assert "everybody’s · paragraphs: 1" in first.text
    assert "Common \\*09\\*" in first.text
    assert "Common \\*13\\*" not in first.text
    second = await press(world, first, "Next")
    assert "Common \\*13\\*" in second.text
    assert TITLE in (await press(world, second, "Previous")).text


async def test_an_article_is_given_back_as_a_file(world: World) -> None:
    await add(world)
    result = await world.admin.slash(world.channel, "articles export", article=TITLE)
    assert result.response is not None
    assert result.response.ephemeral
    (file,) = result.response.attachments
    assert file.filename == "the-quokkas-of-rottnest.1.md"
    assert await file.read() == TEXT


async def test_own_articles_are_offered_while_an_admin_types(world: World) -> None:
    await add(world)
    await add(world, ("wombats.txt", b"Wombats of Tasmania\n\nWombats dig burrows."))
    for command in ("replace", "remove", "export"):
        choices = await world.admin.autocomplete(
            world.channel, f"articles {command}", "article", "qUOk"
        )
        assert choices == [{"name": TITLE, "value": "the-quokkas-of-rottnest.1"}]
    refused = await articles(world, "remove", article="north-korea-russia-summit")
    assert "no such article of its own" in refused.text
    refusals(world)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "quokkas.docx",
            TEXT,
            "I do not take files of this kind. I take: .md, .markdown, .txt, .html",
        ),
        ("quokkas", TEXT, "I do not take files of this kind."),
        ("quokkas.md", b" \n ", "There is no text in this file."),
        ("quokkas.txt", b"\x00\x01\x02\xff" * 50, "This is not text that I can read."),
        ("quokkas.pdf", b"%PDF-1.7 and then nothing", "it is damaged, or not what its name says"),
        ("quokkas.html", b"<nav>Home</nav>", "There is no text in this file."),
        ("quokkas.md", b"---\ntitle: [\n---\nText.", "I cannot take this as an article: line 3"),
        ("quokkas.md", b"# Title alone", "has no paragraph"),
        ("quokkas.txt", b"words " * 200_000, "There is too much text in this file"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_in_words(
    world: World, name: str, data: bytes, said: str
) -> None:
    refused = await articles(world, "add", file=(name, data))
    assert refused.ephemeral
    assert said in refused.text
    refusals(world)


@pytest.mark.parametrize("code", sorted(CATALOGUE.languages))
@pytest.mark.parametrize("reason", list(Refusal))
async def test_every_reason_is_in_every_language(
    monkeypatch: pytest.MonkeyPatch, reason: Refusal, code: str
) -> None:
    said = json.dumps({"refusal": reason, "detail": "line 3: *odd*"}).encode()
    monkeypatch.setattr(f"{APART}._said_by", lambda *_: said)
    with pytest.raises(Refused) as caught:
        uploads.read_upload("x.pdf", b"", None)
    sentence = caught.value.sentence(CATALOGUE.languages[code])
    assert not re.search(r"[{}]", sentence)
    if reason is Refusal.MISSING_EXTRA:
        assert ".md, .markdown, .txt" in sentence
        assert "[convert]" in sentence
    if reason is Refusal.INVALID:
        assert "line 3\\: \\*odd\\*" in sentence


async def test_a_file_that_is_too_large_is_not_even_fetched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetched(_: discord.Attachment) -> bytes:
        raise AssertionError

    monkeypatch.setattr(discord.Attachment, "read", fetched)
    large = b"x" * (upload_files.MAX_BYTES + 1)
    refused = await articles(world, "add", file=("quokkas.md", large))
    assert refused.text == "The file is too large: I take at most 8 MB."
    refusals(world)


async def test_a_file_that_is_larger_than_discord_said_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def more(_: discord.Attachment) -> bytes:
        return b"x" * (upload_files.MAX_BYTES + 1)

    monkeypatch.setattr(discord.Attachment, "read", more)
    refused = await articles(world, "add", file=FILE)
    assert refused.text == "The file is too large: I take at most 8 MB."
    refusals(world)


async def test_a_file_that_takes_too_long_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{APART}.CONVERTING_SECONDS", 0.01)
    refused = await articles(
        world, "add", file=("quokkas.md", TEXT + b"\nThey are slow to read.\n")
    )
    assert refused.text.startswith("Reading this file takes too long.")
    refusals(world)


async def test_hostile_words_of_a_file_are_shown_as_they_are(world: World) -> None:
    text = (
        "# @everyone **[x](https://evil.example)**\n\n<@1> `code` # head\n\n## <#2> ~~a~~\n\nText."
    )
    preview = await articles(world, "add", file=("x.md", text.encode()))
    assert "@everyone" not in preview.text.replace("\\@", "")
    assert "](https" not in preview.text
    assert "<@1>" not in preview.text
    done = await press(world, preview, "Index it")
    assert "](https" not in done.text
    for body in world.sent("POST", "/callback") + world.sent("PATCH", "/@original"):
        allowed = (body.get("data") or body).get("allowed_mentions")
        assert allowed in (None, {"parse": []}) or allowed["parse"] == []


@pytest.mark.parametrize(
    ("error", "told_in"),
    [
        (IndexUnavailable("the disk is full"), "the log"),
        (StateError("the disk is full"), "the log"),
        (ReindexStopped(), "Discord"),
    ],
)
async def test_an_index_that_cannot_be_written_changes_nothing(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    told_in: str,
) -> None:
    await add(world)
    preview = await articles(world, "replace", article=TITLE, file=("newer.md", NEWER))
    base = world.bot.services.bases.of(int(world.guild.id))

    def broken(**_: Any) -> ReindexReport:
        raise error

    monkeypatch.setattr(base, "reindex", broken)
    failed = await press(world, preview, "Index it")
    assert failed.text == "Nothing was changed."
    assert ("the disk is full" in caplog.text) == (told_in == "the log")
    monkeypatch.undo()
    assert [one.id for one in world.state.articles.of(int(world.guild.id))] == [1]
    assert "4,711" in await told(world)


@pytest.mark.parametrize("code", ["en-US", "fr"])
async def test_what_was_changed_is_not_said_to_be_unchanged_where_the_telling_fails(
    world: World, monkeypatch: pytest.MonkeyPatch, locale: list[str], code: str
) -> None:
    locale[0] = code
    preview = await articles(world, "add", file=FILE)

    async def broken(*_: object) -> None:
        raise IndexUnavailable("the disk is gone")

    monkeypatch.setattr("bot.features.uploads.upload_buttons.overview_of", broken)
    done = await press(world, preview, "Index it")
    assert ("/articles liste" if code == "fr" else "/articles list") in done.text
    assert len(world.state.articles.of(int(world.guild.id))) == 1
    assert "4,711" in await told(world)


async def test_an_article_that_the_index_cannot_take_is_not_in_use(
    world: World, articles: Path
) -> None:
    write_article(articles, "the-quokkas-of-rottnest.1", "Text.")
    world.knowledge.reindex()
    refused = await add(world)
    assert refused.text.startswith("I cannot take this as an article: its name")
    assert world.state.articles.of(int(world.guild.id)) == ()
    assert await world.bot.services.bases.knowledge_for(int(world.guild.id)) is world.knowledge


async def test_a_change_waits_for_a_reindex_that_is_running(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(world)
    preview = await articles(world, "replace", article=TITLE, file=("newer.md", NEWER))
    base = world.bot.services.bases.of(int(world.guild.id))
    reindex, refused = base.reindex, [ReindexInProgress("running")]

    def busy(**options: Any) -> ReindexReport:
        if refused:
            raise refused.pop()
        return reindex(**options)

    monkeypatch.setattr(base, "reindex", busy)
    monkeypatch.setattr("bot.services.article_service._LOOK_AGAIN_SECONDS", 0.0)
    assert "is in use" in (await press(world, preview, "Index it")).text
    assert not refused
    assert "5,822" in await told(world)


async def test_members_are_answered_while_an_upload_is_indexed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(world)
    preview = await articles(world, "replace", article=TITLE, file=("newer.md", NEWER))
    base = world.bot.services.bases.of(int(world.guild.id))
    opened, begun = threading.Event(), threading.Event()
    reindex = base.reindex

    def held(**options: Any) -> ReindexReport:
        begun.set()
        assert opened.wait(20)
        return reindex(**options)

    monkeypatch.setattr(base, "reindex", held)
    with world.hurried():
        await world.admin.click(preview.message, custom_id=preview.button("Index it"))
        asked = await world.member.slash(world.channel, "ask", question=QUESTION)
        await eventually(lambda: begun.is_set() and asked.response)
        assert "4,711" in shown(asked.response).text.replace("*", "")
        opened.set()
    await world.env.settle()
    assert "5,822" in await told(world)


async def test_a_change_of_the_common_articles_reaches_every_server(
    world: World, articles: Path
) -> None:
    await add(world)
    write_article(articles, "wombats", "Wombats dig burrows at night.")
    await world.admin.slash(world.channel, "reindex")
    assert "burrows" in (await world.ask("What do wombats dig?")).text
    assert "4,711" in await told(world)


async def test_a_server_s_index_that_was_deleted_is_made_again_at_start(world: World) -> None:
    await add(world)
    await world.env.settle()
    database = world.bot.services.bases.of(int(world.guild.id)).database
    await world.bot.close()
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    await world.restart()
    assert "4,711" in await told(world)


async def test_a_server_keeps_no_more_than_it_may(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article_room, "MAX_ARTICLES", 1)
    await add(world)
    refused = await add(world, ("wombats.txt", b"Wombats\n\nWombats dig burrows."))
    assert refused.text.startswith("There is no room for it")
    assert len(world.state.articles.of(int(world.guild.id))) == 1
