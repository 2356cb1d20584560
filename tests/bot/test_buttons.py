"""More, In context, and turning pages: now, after a restart, and after a reindex."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from world import Shown, World, shown, write_article

from bot.features.articles.passage_buttons import ContextButton
from knowledge import Verdict

QUESTION = "Qui a rencontré Poutine en Russie ?"


@pytest.fixture(autouse=True)
def answered(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.ANSWERED)


async def click(world: World, message: Shown, label: str) -> Shown:
    id_ = message.button(label)
    result = await world.member.click(message.message, custom_id=id_)
    assert result.response is not None
    return shown(result.response)


def numbers(message: Shown) -> list[int]:
    """Return the numbers of the paragraphs that are shown, below the heading."""
    return [int(n) for text in message.texts[1:] for n in re.findall(r"¶\u00a0(\d+)", text)]


async def test_more_shows_the_next_passages_to_the_clicker_alone(world: World) -> None:
    answer = await world.ask(QUESTION)
    expected = world.knowledge.ask(QUESTION).citations
    more = await click(world, answer, "More")
    assert more.ephemeral
    assert numbers(more) == [citation.paragraph for citation in expected[1:]]
    assert more.texts[0] == "**Closest passages**"
    assert "**" in "\n".join(more.texts[1:])
    assert more.labels == ["In context"] * (len(expected) - 1)


async def test_in_context_shows_the_paragraph_between_its_neighbours(world: World) -> None:
    answer = await world.ask("Combien de barils de pétrole en juillet ?")
    best = world.knowledge.ask("Combien de barils de pétrole en juillet ?").citations[0]
    context = await click(world, answer, "In context")
    assert context.ephemeral
    assert numbers(context) == [best.paragraph - 1, best.paragraph, best.paragraph + 1]
    bold = re.findall(r"\*\*(.+?)\*\*", "\n".join(context.texts[1:]))
    assert bold == [mark.of(best.snippet) for mark in best.highlights]
    assert "\n-# ¶\u00a08–10 / 23" in context.texts[0]


async def test_the_passages_of_more_have_a_context_too(world: World) -> None:
    answer = await world.ask(QUESTION)
    second = world.knowledge.ask(QUESTION).citations[1]
    more = await click(world, answer, "More")
    context = await click(world, more, "In context")
    assert second.paragraph in numbers(context)
    assert context.ephemeral


async def test_the_pages_of_an_article_can_be_turned_to_both_ends(world: World) -> None:
    answer = await world.ask("Combien de barils de pétrole en juillet ?")
    slug = world.knowledge.ask("Combien de barils de pétrole en juillet ?").citations[0].article
    total = len(world.knowledge.article(slug).paragraphs)
    page = await click(world, answer, "In context")
    seen = numbers(page)
    while not page.buttons[page.button("Next")].get("disabled"):
        page = await click(world, page, "Next")
        assert numbers(page)[0] <= seen[-1] + 1
        seen += numbers(page)
    assert seen[-1] == total
    while not page.buttons[page.button("Previous")].get("disabled"):
        page = await click(world, page, "Previous")
        seen += numbers(page)
    assert set(seen) == set(range(1, total + 1))
    assert page.ephemeral
    assert world.sent("POST", "/callback")[-1]["type"] == 7


async def test_the_snippet_is_marked_again_when_its_page_comes_back(world: World) -> None:
    answer = await world.ask("Combien de barils de pétrole en juillet ?")
    page = await click(world, answer, "In context")
    onward = await click(world, page, "Next")
    assert "**" not in "\n".join(onward.texts[1:])
    back = await click(world, onward, "Previous")
    assert back.texts[1:] == page.texts[1:]


async def test_buttons_work_after_a_restart(world: World) -> None:
    answer = await world.ask(QUESTION)
    more = await click(world, answer, "More")
    context = await click(world, answer, "In context")
    await world.restart()
    assert (await click(world, answer, "More")).texts == more.texts
    assert (await click(world, answer, "In context")).texts == context.texts
    assert (await click(world, context, "Next")).ephemeral


async def test_nothing_is_kept_for_a_button(world: World) -> None:
    answer = await world.ask("Combien de barils de pétrole en juillet ?")
    store = world.bot._connection._view_store
    assert not store._views
    assert not store._synced_message_views
    for id_ in answer.buttons:
        assert len(id_) <= 100
        has_words = re.search("baril|pétrole|juillet", id_, re.IGNORECASE) is not None
        assert has_words is (id_ == answer.button("Why?"))


async def test_why_tells_the_words_the_sureness_and_the_runner_up(world: World) -> None:
    question = "Combien de barils de licornes en juillet pour le Kremlin ?"
    second = world.knowledge.ask(question).citations[1]
    answer = await world.ask(question)
    why = await click(world, answer, "Why?")
    assert why.ephemeral
    assert "does not have: **licornes**" in why.text
    assert "has: **barils**, **juillet**" in why.text
    assert "under another name: **Kremlin**" in why.text
    assert re.search(r"Of 100 answers this sure, about \d+ are right", why.text)
    assert f"¶\u00a0{second.paragraph}" in why.text
    context = await click(world, why, "In context")
    assert second.paragraph in numbers(context)


async def test_why_speaks_the_language_of_who_clicks(world: World, locale: list[str]) -> None:
    answer = await world.ask("Combien de barils de licornes en juillet ?")
    locale[0] = "fr"
    why = await click(world, answer, "Why?")
    assert "absents du passage\u00a0: **licornes**" in why.text
    assert [button["label"] for button in why.buttons.values()] == ["Contexte"]


@pytest.mark.parametrize("verdict", [Verdict.UNCERTAIN, Verdict.UNANSWERED])
async def test_doubt_can_be_asked_about_too(
    world: World, judged: Callable[[Verdict], None], verdict: Verdict
) -> None:
    judged(verdict)
    answer = await world.ask("Combien de barils de licornes en juillet ?")
    assert answer.labels[-1] == "👎"
    await world.restart()
    assert "licornes" in (await click(world, answer, "Why?")).text


async def test_why_says_where_the_runner_up_has_gone(world: World, articles: Path) -> None:
    write_article(articles, "quokkas", "Quokkas live on an island.", "Quokkas eat grass.")
    world.knowledge.reindex()
    answer = await world.ask("Where do quokkas live on islands?")
    write_article(articles, "quokkas", "Quokkas live on an island.")
    world.knowledge.reindex()
    why = await click(world, answer, "Why?")
    assert "changed or removed" in why.text
    assert why.buttons == {}


async def test_why_shows_hostile_words_as_they_are(world: World) -> None:
    answer = await world.ask("barils en juillet @everyone [x](https://evil.example) `pétrole`")
    why = await click(world, answer, "Why?")
    assert "everyone" in why.text
    words = next(text for text in why.texts if "everyone" in text)
    assert not re.search(r"@|`|\]\(|https?:", words)


async def test_buttons_work_in_a_direct_message(world: World) -> None:
    await world.member.send_dm(QUESTION)
    answer = shown(world.member.user.dm_channel.history()[-1])
    result = await world.member.user.click(answer.message, custom_id=answer.button("Voir plus"))
    assert "¶" in shown(result.response).text


async def test_the_clicker_s_language_is_used(world: World, locale: list[str]) -> None:
    answer = await world.ask(QUESTION)
    locale[0] = "fr"
    context = await click(world, answer, "In context")
    assert [b["label"] for b in context.buttons.values()] == ["Précédent", "Suivant"]


async def test_an_article_may_repeat_itself(
    world: World, articles: Path, judged: Callable[[Verdict], None]
) -> None:
    write_article(articles, "quokkas", *["Quokkas live on Rottnest Island."] * 4, "The end.")
    world.knowledge.reindex()
    judged(Verdict.UNCERTAIN)
    answer = await world.ask("Where do quokkas live?")
    page = await click(world, answer, "In context")
    seen = numbers(page)
    while not page.buttons[page.button("Next")].get("disabled"):
        page = await click(world, page, "Next")
        seen += numbers(page)
    assert seen[-1] == 5


@pytest.mark.parametrize(
    "payload", ["", "nonsense", "abc:", "é:AAAAA", "a:AAAAA/", "a;AAAAA", "." * 90]
)
@pytest.mark.parametrize("kind", ["mo", "cx", "pg", "ol", "lu", "wy"])
async def test_a_button_that_cannot_be_read_says_so(world: World, kind: str, payload: str) -> None:
    answer = await world.ask(QUESTION)
    stored = world.env.backend.get_message(world.channel.id, answer.message.id)
    row = next(one["components"] for one in stored.components[0]["components"] if one["type"] == 1)
    row[0]["custom_id"] = f"{kind}/{payload}"
    result = await world.member.click(answer.message, custom_id=f"{kind}/{payload}")
    assert "older version" in shown(result.response).text
    assert shown(result.response).ephemeral


async def test_an_error_behind_a_button_is_told_with_a_reference(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(passage: str) -> None:
        raise RuntimeError("the secret reason")

    answer = await world.ask(QUESTION)
    monkeypatch.setattr(world.knowledge, "passage", broken)
    failed = await click(world, answer, "In context")
    assert failed.ephemeral
    (reference,) = re.findall(r"Reference ([0-9A-F]{6})", failed.text)
    assert "secret" not in failed.text
    assert f"Error {reference} in button {ContextButton.__name__}" in caplog.text
    assert "the secret reason" in caplog.text
