"""Members read an article: its outline, a paragraph, from page to page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from world import Shown, World, shown, write_article

SLUG = "north-korea-russia-summit"


async def read(world: World, title: str, **options: Any) -> Shown:
    result = await world.member.slash(world.channel, "article", title=title, **options)
    assert result.response is not None
    return shown(result.response)


async def click(world: World, message: Shown, label: str) -> Shown:
    result = await world.member.click(message.message, custom_id=message.button(label))
    assert result.response is not None
    return shown(result.response)


async def test_an_outline_has_the_sections_with_their_paragraphs(
    world: World, locale: list[str]
) -> None:
    article = world.knowledge.article(SLUG)
    outline = await read(world, SLUG)
    assert article.title in outline.texts[0].replace("\\", "")
    assert f"paragraphs: {len(article.paragraphs)}" in outline.texts[0]
    assert outline.texts[1].startswith("**Beginning**\n-# ¶\u00a01")
    for section in article.sections:
        assert section.title in outline.text.replace("\\", "")
    ranges = [re.findall(r"\d+", line.split(" · ")[0]) for line in outline.text.split("-# ¶")[1:]]
    assert ranges[0][0] == "1"
    assert ranges[-1][-1] == str(len(article.paragraphs))
    locale[0] = "fr"
    assert (await read(world, SLUG)).texts[1].startswith("**Début**")


async def test_each_section_can_be_read(world: World) -> None:
    outline = await read(world, SLUG)
    assert set(outline.labels) == {"Read"}
    for id_, text in zip(outline.buttons, outline.texts[1:], strict=True):
        first = re.findall(r"¶\u00a0(\d+)", text)[0]
        result = await world.member.click(outline.message, custom_id=id_)
        page = shown(result.response)
        assert page.ephemeral
        assert f"-# ¶\u00a0{first}" in page.text


async def test_a_paragraph_is_jumped_to_and_read_on_from(world: World) -> None:
    page = await read(world, SLUG, paragraph=9)
    assert "-# ¶\u00a08–10 / 23" in page.texts[0]
    assert not page.ephemeral
    onward = await click(world, page, "Next")
    assert "¶\u00a011–13 / 23" in onward.texts[0]
    back = await click(world, onward, "Previous")
    assert back.texts == page.texts


async def test_a_paragraph_beyond_the_article_is_its_last(world: World) -> None:
    page = await read(world, SLUG, paragraph=1_000)
    assert "22–23 / 23" in page.texts[0]


async def test_a_title_that_is_no_choice_is_understood_where_it_is_clear(
    world: World, articles: Path
) -> None:
    write_article(articles, "quokkas", "They eat grass.", title="The Quokkas of Rottnest")
    write_article(articles, "quolls", "They eat meat.", title="The Quolls of Rottnest")
    world.knowledge.reindex()
    assert "grass" in (await read(world, "the quokkas of rottnest")).text
    told = await read(world, "of rottnest")
    assert "Choose a title" in told.text
    assert "The Quokkas of Rottnest" in told.text
    assert "The Quolls of Rottnest" in told.text
    assert "Choose a title" in (await read(world, "zwieback")).text


async def test_an_outline_can_be_private(world: World) -> None:
    assert (await read(world, SLUG, private=True)).ephemeral


async def test_a_long_outline_has_pages_that_outlive_a_restart_and_a_reindex(
    world: World, articles: Path
) -> None:
    parts = [text for n in range(20) for text in (f"## Part {n}", f"Text of part {n}.")]
    write_article(articles, "book", *parts)
    world.knowledge.reindex()
    first = await read(world, "book")
    assert "Part 7" in first.text
    assert "Part 8" not in first.text
    await world.restart()
    second = await click(world, first, "Next")
    assert "Part 8" in second.text
    write_article(articles, "book", "A foreword.", "## Part 0", "New words.", *parts[2:])
    world.knowledge.reindex()
    back = await click(world, second, "Previous")
    assert "A foreword" in back.text
