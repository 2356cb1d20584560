"""Buttons on old messages, after the articles have changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from world import Shown, World, shown, write_article

from knowledge import Verdict

LIVE = "Quokkas live on Rottnest Island in Western Australia, together with some lizards."
EAT = "Quokkas eat grass and leaves at night, and they drink very little."
QUESTION = "Where do quokkas live, on which island?"


@pytest.fixture(autouse=True)
def answered(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.ANSWERED)


async def click(world: World, message: Shown, label: str) -> Shown:
    result = await world.member.click(message.message, custom_id=message.button(label))
    assert result.response is not None
    return shown(result.response)


@pytest.fixture
def rewritten(world: World, articles: Path) -> Callable[..., None]:
    """Write the paragraphs of an article about quokkas, and index them."""

    def write(*paragraphs: str) -> None:
        write_article(articles, "quokkas", *paragraphs)
        world.knowledge.reindex()

    write(LIVE, EAT)
    return write


async def test_an_unchanged_passage_is_shown_wherever_it_has_moved(
    world: World, rewritten: Callable[..., None]
) -> None:
    answer = await world.ask(QUESTION)
    rewritten("A new beginning.", "Another one.", EAT, LIVE)
    context = await click(world, answer, "In context")
    assert "¶\u00a03–4 / 4" in context.text
    assert "has been" not in context.text


@pytest.mark.usefixtures("rewritten")
@pytest.mark.parametrize(("built_at", "is_told"), [("2020-01-01", False), ("2090-01-01", True)])
async def test_an_unchanged_passage_of_an_older_message_is_told_to_be_so(
    world: World, monkeypatch: pytest.MonkeyPatch, built_at: str, is_told: bool
) -> None:
    answer = await world.ask(QUESTION)
    status = replace(world.knowledge.status(), built_at=f"{built_at}T00:00:00+00:00")
    monkeypatch.setattr(type(world.knowledge), "status", lambda _: status)
    context = await click(world, answer, "In context")
    assert ("unchanged since it was quoted" in context.texts[0]) == is_told


async def test_a_changed_passage_is_shown_as_it_was_and_as_it_is(
    world: World, rewritten: Callable[..., None]
) -> None:
    answer = await world.ask(QUESTION)
    rewritten("A new beginning.", LIVE.replace("Rottnest Island", "Bald Island"), EAT)
    change = await click(world, answer, "In context")
    assert change.ephemeral
    assert change.texts[0] == "**This passage has been changed since.**"
    then, now = change.texts[2], change.texts[4]
    assert then == answer.quotation
    assert "Rottnest Island" in then.replace("**", "")
    assert "Bald Island" in now
    assert "¶\u00a02" in change.texts[5]
    assert "Bald Island" in (await click(world, change, "In context")).text


async def test_a_removed_passage_is_shown_as_it_was(
    world: World, rewritten: Callable[..., None]
) -> None:
    answer = await world.ask(QUESTION)
    rewritten(EAT, "Nobody has ever seen one of them in a hurry.")
    change = await click(world, answer, "In context")
    assert change.texts[0] == "**This passage has been removed since.**"
    assert change.texts[2] == answer.quotation
    assert change.buttons == {}


async def test_a_removed_article_is_said_to_be_removed(
    world: World, articles: Path, rewritten: Callable[..., None]
) -> None:
    answer = await world.ask(QUESTION)
    (articles / "quokkas.md").unlink()
    world.knowledge.reindex()
    change = await click(world, answer, "In context")
    assert change.texts[0] == "**The article of this passage has been removed since.**"
    assert change.texts[2] == answer.quotation
    more = await click(world, answer, "More")
    assert "has been removed since" in more.text


async def test_it_is_said_in_the_language_of_who_clicks(
    world: World, rewritten: Callable[..., None], locale: list[str]
) -> None:
    answer = await world.ask(QUESTION)
    rewritten(LIVE.replace("Rottnest", "Bald"), EAT)
    locale[0] = "fr"
    change = await click(world, answer, "In context")
    assert change.texts[0] == "**Ce passage a été modifié depuis.**"
    assert "Tel qu’il est maintenant" in change.text


async def test_a_passage_that_was_not_shown_is_told_by_its_place(
    world: World, rewritten: Callable[..., None]
) -> None:
    answer = await world.ask(QUESTION)
    rewritten(LIVE, "Quokkas eat nothing but figs.")
    more = await click(world, answer, "More")
    assert "changed or removed since" in more.text
    assert "What is now paragraph 2 of the article" in more.text
    assert "nothing but figs" in more.text


async def test_what_moved_to_the_place_is_not_taken_for_what_stood_there(
    world: World, rewritten: Callable[..., None]
) -> None:
    lines = [f"Quokkas of kind number {n} live on the island." for n in range(5)]
    rewritten(*lines)
    question = "Where do quokkas live?"
    answer = await world.ask(question)
    second = world.knowledge.ask(question).citations[1]
    rewritten(*(line for line in lines if line != second.text))
    more = await click(world, answer, "More")
    assert more.text.count("changed or removed since") == 1
    assert second.text not in more.text


async def test_the_pages_of_a_changed_article_can_be_turned_on(
    world: World, rewritten: Callable[..., None]
) -> None:
    many = [f"Paragraph number {n} about wombats." for n in range(6)]
    rewritten(LIVE, *many)
    answer = await world.ask(QUESTION)
    context = await click(world, answer, "In context")
    rewritten("Another beginning.", *many)
    onward = await click(world, context, "Next")
    assert "number 2" in onward.text


async def test_a_button_from_before_places_says_what_it_can(
    world: World, rewritten: Callable[..., None]
) -> None:
    answer = await world.ask(QUESTION)
    passage = world.knowledge.ask(QUESTION).citations[0].passage
    stored = world.env.backend.get_message(world.channel.id, answer.message.id)
    where = next(one for one in stored.components[0]["components"] if one["type"] == 9)
    button = where["accessory"]
    assert button["custom_id"] == answer.button("In context")
    button["custom_id"] = f"cx/{passage}:AAAAK"
    rewritten(EAT)
    result = await world.member.click(answer.message, custom_id=button["custom_id"])
    told = shown(result.response)
    assert told.texts[0] == "**This passage has been changed or removed since.**"
    assert told.texts[2] == answer.quotation


async def test_a_row_of_a_list_knows_what_it_quoted(
    world: World, rewritten: Callable[..., None]
) -> None:
    rewritten("Rangers counted 1,200 quokkas on Rottnest Island in May 2023.", EAT)
    result = await world.member.slash(world.channel, "numbers", text="quokkas")
    row = shown(result.response)
    quotation = next(text for text in row.texts if text.startswith("> ") and "1,200" in text)
    rewritten("Rangers counted 1,300 quokkas on Rottnest Island in May 2023.", EAT)
    change = await click(world, row, "In context")
    assert change.texts[0] == "**This passage has been changed since.**"
    assert change.texts[2] == quotation
    assert "1,300" in change.texts[4]


async def test_where_nothing_was_quoted_the_place_alone_is_told(
    world: World, rewritten: Callable[..., None]
) -> None:
    result = await world.member.slash(world.channel, "article", title="quokkas")
    outline = shown(result.response)
    rewritten("Quokkas have been renamed.", EAT)
    change = await click(world, outline, "Read")
    assert change.texts[0] == "**This passage has been changed or removed since.**"
    assert change.texts[1] == "-# What is now paragraph 1 of the article"
    assert "renamed" in change.texts[2]
