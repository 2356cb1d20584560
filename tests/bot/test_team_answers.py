"""What was asked in vain is answered by the team, in an article of the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from simcord import InteractionResult
from test_library import _with_button
from world import Shown, World, press, shown

from bot.services import team_article
from bot.services.team_article import TeamAnswer, answer_to, with_answer
from bot.state.article_versions import KeptArticle
from knowledge import Verdict

QUESTION = "What is the wifi password?"
ANSWER = (
    "The wifi password is *quokka-42*.\n\n# It is on the door, too: <@1> [x](https://x.example)"
)


@pytest.fixture
async def asked(world: World) -> World:
    """A server that keeps questions, where one was asked in two ways, and another once."""
    await world.bot.services.server_settings.change(world.guild.id, keep_unanswered=True)
    today = datetime.now(UTC).date()
    for question in (QUESTION, QUESTION, "whats the wifi pasword", "Who cooked?"):
        world.state.unanswered.note(int(world.guild.id), question, today)
    return world


def questions(world: World) -> list[str]:
    kept = world.state.unanswered.of(int(world.guild.id), datetime.now(UTC).date())
    return [one.question for one in kept]


def article(world: World) -> KeptArticle | None:
    own = world.state.articles.of(int(world.guild.id))
    return next((one for one in own if one.slug == team_article.SLUG), None)


def text(world: World) -> str:
    kept = article(world)
    assert kept is not None
    found = world.state.articles.text(int(world.guild.id), kept.id)
    assert found is not None
    return found.markdown


async def listed(world: World, actor: Any = None) -> Shown:
    result = await (actor or world.admin).slash(world.channel, "unanswered")
    assert result.response is not None
    return shown(result.response)


async def opened(world: World, page: Shown | None = None) -> InteractionResult:
    """Press *Write an answer* at the first question."""
    page = page or await listed(world)
    return await world.admin.click(page.message, custom_id=page.button("Write an answer"))


async def write(world: World, answer: str = ANSWER, question: str = QUESTION) -> Shown:
    form = await opened(world)
    sent = await world.admin.submit_modal(form, {"question": question, "answer": answer})
    assert sent.response is not None
    return shown(sent.response)


async def reply(world: World, question: str = QUESTION) -> str:
    return (await world.ask(question)).text.replace("*", "").replace("\\", "")


async def test_what_is_off_shows_what_it_would_and_is_switched_on_with_one_press(
    world: World, locale: list[str]
) -> None:
    page = await listed(world)
    assert "None are kept on this server" in page.text
    assert "**4\u00a0×** When is the library open on Sundays?" in page.text
    await world.restart()
    on = await press(world, page, "Keep unanswered questions")
    assert "So far none." in on.text
    assert (await world.bot.services.server_settings.of(world.guild.id)).keep_unanswered
    locale[0] = "fr"
    await world.bot.services.server_settings.change(world.guild.id, keep_unanswered=False)
    assert "À quelle heure ouvre la bibliothèque" in (await listed(world)).text


async def test_an_answer_becomes_an_article_and_is_found_at_once(asked: World) -> None:
    page, in_vain = await listed(asked), questions(asked)
    await asked.restart()
    form = await opened(asked, page)
    assert form.modal is not None
    assert QUESTION in str(form.modal), "the question is there already"
    await asked.restart()
    sent = await asked.admin.submit_modal(form, {"question": QUESTION, "answer": ANSWER})
    done = shown(sent.response)
    assert done.ephemeral
    assert "in use, in “Answers of the team”" in done.text
    assert questions(asked) == ["Who cooked?"], "with all that ask the same"
    assert "The wifi password is quokka-42." in await reply(asked)
    day = datetime.now(UTC).strftime("%-d %B %Y")
    assert f"— alex, {day}" in text(asked)
    assert "It is on the door, too: <@1> [x](https://x.example)" in await whole(asked)
    knowledge = await asked.bot.services.bases.knowledge_for(int(asked.guild.id))
    events = [one for one in knowledge.timeline() if one.article == team_article.SLUG]
    assert events == [], "the day on which it was written is none"
    back = await press(asked, done, "Back to the list")
    assert "Who cooked?" in back.text
    assert "wifi" not in back.text
    undo = done.button("Undo")
    await asked.admin.click(await _with_button(asked, undo), custom_id=undo)
    assert article(asked) is None
    assert questions(asked) == in_vain, "what nothing answers is on the list again"
    assert "quokka-42" not in await reply(asked)


async def whole(world: World) -> str:
    knowledge = await world.bot.services.bases.knowledge_for(int(world.guild.id))
    paragraphs = knowledge.article(team_article.SLUG).paragraphs
    return "\n".join(paragraph.text for paragraph in paragraphs)


async def test_a_second_answer_replaces_the_first_once_that_is_confirmed(asked: World) -> None:
    await write(asked)
    await write(asked, "Nobody knows who cooked.", "Who cooked?")
    asked.state.unanswered.note(int(asked.guild.id), QUESTION, datetime.now(UTC).date())
    again = await write(asked, "It is *wombat-7* now.", "what is the WIFI password")
    assert "has an answer already. Replace it?" in again.text
    assert "quokka-42" in again.text
    assert "wombat-7" in again.text
    assert "quokka-42" in await reply(asked), "nothing is in use yet"
    kept = await press(asked, again, "Keep it")
    assert kept.text == "Nothing was changed."
    again = await write(asked, "It is *wombat-7* now.", "what is the WIFI password")
    await asked.restart()
    done = await press(asked, again, "Replace it")
    assert "in use" in done.text
    assert questions(asked) == []
    said = await whole(asked)
    assert "wombat-7" in said
    assert "quokka-42" not in said
    assert "Nobody knows who cooked." in said
    await press(asked, done, "Undo")
    assert "quokka-42" in await whole(asked)


async def test_a_confirmation_that_comes_too_late_loses_no_other_answer(asked: World) -> None:
    await write(asked)
    asked.state.unanswered.note(int(asked.guild.id), QUESTION, datetime.now(UTC).date())
    again = await write(asked, "It is wombat-7 now.")
    await write(asked, "Nobody knows.", "Who cooked?")
    late = await press(asked, again, "Replace it")
    assert "changed in the meantime" in late.text
    assert "Nobody knows." in await whole(asked)


async def test_of_two_answers_sent_at_once_the_later_has_to_be_confirmed(
    asked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = asked.bot.services.articles
    rewrite = articles.rewrite

    async def overtaken(server: int, slug: str, title: str, write: Any, *_: Any) -> Any:
        sooner = partial(with_answer, title=title, answer=answer(QUESTION, "It is quokka-42."))
        await rewrite(server, slug, title, sooner)
        return await rewrite(server, slug, title, write)

    monkeypatch.setattr(articles, "rewrite", overtaken)
    asking = await write(asked, "It is wombat-7.")
    assert "has an answer already. Replace it?" in asking.text
    assert "quokka-42" in asking.text
    assert "quokka-42" in await whole(asked)
    assert "wombat-7" not in await whole(asked)


async def test_an_upload_of_the_same_title_is_another_article(asked: World) -> None:
    await write(asked)
    for title in ("Team answers", "Answers of the team"):
        file = ("x.md", f"# {title}\n\nOther words: {title}.\n".encode())
        result = await asked.admin.slash(asked.channel, "articles add", file=file)
        await press(asked, shown(result.response), "Index it")
    assert len(asked.state.articles.of(int(asked.guild.id))) == 3
    assert "quokka-42" in await whole(asked)


async def test_it_is_in_the_server_s_language(asked: World, locale: list[str]) -> None:
    await asked.bot.services.server_settings.change(asked.guild.id, language="fr")
    await write(asked)
    kept = article(asked)
    assert kept is not None
    assert kept.title == "Réponses de l’équipe"
    assert "— alex, le " in text(asked)


async def test_only_those_who_manage_the_articles_write_and_see_questions(asked: World) -> None:
    page = await listed(asked)
    button = page.button("Write an answer")
    form = await opened(asked, page)
    editors = asked.guild.create_role("Editors")
    editor = asked.guild.add_member(asked.env.create_user("dominique"), roles=[editors])
    for forged in (button, "ur/1/0/1", "uk/on", "ua/0"):
        result = await editor.click(await _with_button(asked, forged), custom_id=forged)
        refused = shown(result.response)
        assert refused.text.startswith("Only members who can manage the server")
        assert result.modal is None
    await asked.bot.services.server_settings.change(asked.guild.id, managers=int(editors.id))
    result = await editor.click(await _with_button(asked, button), custom_id=button)
    assert result.modal is not None
    command = asked.env.backend.find_command("unanswered", None)
    assert command is not None
    asked.guild.set_command_permissions(int(command["id"]), {editor: True})
    seen = await listed(asked, editor)
    assert QUESTION in seen.text
    assert "Clear…" not in seen.labels, "that is for admins"
    asked.managers._role.permissions = 0
    sent = await asked.admin.submit_modal(form, {"question": QUESTION, "answer": ANSWER})
    assert shown(sent.response).text.startswith("Only members who can manage the server")
    assert article(asked) is None


async def test_what_is_gone_or_empty_or_forged_is_told_in_words(asked: World) -> None:
    page = await listed(asked)
    blank = await write(asked, "  \n ")
    assert "Nothing was changed." in blank.text
    asked.state.unanswered.clear(int(asked.guild.id))
    gone = await opened(asked, page)
    assert "not in the list any more" in shown(gone.response).text
    for payload in ("ur/", "ur/1/2", "ur/x/1/2", "ur/1/1/99999999999999999999"):
        result = await asked.admin.click(await _with_button(asked, payload), custom_id=payload)
        assert "older version" in shown(result.response).text
    assert article(asked) is None


async def test_an_answer_that_finds_no_room_changes_nothing(
    asked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.state.article_room.MAX_CHARACTERS", 10)
    assert "There is no room for it" in (await write(asked)).text
    monkeypatch.setattr("bot.features.unanswered.answer_form.MAX_TEXT", 10)
    assert "too much text" in (await write(asked)).text
    assert article(asked) is None
    assert len(questions(asked)) == 3


async def test_the_bot_s_own_question_marks_are_none_of_a_member(
    asked: World, judged: Callable[[Verdict], None]
) -> None:
    """Who asked is nowhere in the article: the name is that of who answered."""
    await asked.ask("Who was there?")
    await write(asked)
    assert "camille" not in text(asked)
    assert str(asked.member.id) not in text(asked)


def answer(question: str, said: str) -> TeamAnswer:
    return TeamAnswer(question, said, "— Alex, today")


def test_headings_of_an_answer_are_no_headings_of_the_article() -> None:
    whole = with_answer(None, "Title", answer("One?", "first\n\n## Two?\n\n---\ntitle: x\n---"))
    whole = with_answer(whole, "Title", answer("## *Two*?", "second"))
    assert answer_to(whole, "One?") == "first\n\n## Two?\n\n---\ntitle: x\n---\n— Alex, today"
    assert answer_to(whole, "two") == "second\n— Alex, today"
    whole = with_answer(whole, "Title", answer("ONE", "third"))
    assert answer_to(whole, "One?") == "third\n— Alex, today"
    assert answer_to(whole, "Two?") == "second\n— Alex, today"
    assert answer_to(whole, "Three?") is None
    assert whole.startswith("---\ntitle: Title\n---\n\n## ONE\n")


def test_an_article_that_somebody_else_wrote_keeps_its_words() -> None:
    mine = "# Mine\n\nBefore.\n\n## A?\n\nOld.\n\n## B?\n\nStays.\n"
    assert with_answer(mine, "", answer("a", "New.")) == (
        "# Mine\n\nBefore.\n\n## a\n\nNew.\\\n— Alex, today\n\n## B?\n\nStays.\n"
    )


def test_questions_without_a_letter_are_told_apart() -> None:
    whole = with_answer(None, "Title", answer("???", "first"))
    assert answer_to(whole, "🙂") is None
    whole = with_answer(whole, "Title", answer("🙂", "second"))
    assert answer_to(whole, "???") == "first\n— Alex, today"
    assert answer_to(whole, "🙂") == "second\n— Alex, today"
