"""What is offered while a member types."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from world import World, eventually, shown, write_article

from bot.ui.custom_ids.reasons import units
from knowledge import FactKind, FactOrigin, IndexUnavailable, ReindexProgress

OPTIONS = [
    ("fact", "text"),
    ("who", "text"),
    ("numbers", "text"),
    ("quotes", "speaker"),
    ("sources", "text"),
    ("article", "name"),
]


async def typed(world: World, command: str, option: str, text: str, **filled: Any) -> list[Any]:
    name = {"who": "person", "sources": "source", "article": "title"}.get(command, option)
    return await world.member.autocomplete(world.channel, command, name, text, **filled)


async def test_facts_are_offered_by_their_statement_with_their_id(
    world: World, locale: list[str]
) -> None:
    english = await typed(world, "fact", "text", "oil exp")
    best = world.knowledge.fact(english[0]["value"])
    assert best is not None
    assert english[0]["name"] == best.statements["en"][:100]
    locale[0] = "fr"
    french = await typed(world, "fact", "text", "exportations de petrol")
    assert best.statements["fr"] in [choice["name"] for choice in french]


async def test_the_kind_that_was_chosen_narrows_facts(world: World) -> None:
    choices = await typed(world, "fact", "text", "kim", kind="person")
    kinds = {world.knowledge.fact(choice["value"]).kind for choice in choices}  # type: ignore[union-attr]
    assert kinds == {FactKind.PERSON}


async def test_every_curated_fact_is_offered_for_its_statement(world: World) -> None:
    from bot.features.lookups.fact_choices import fact_choices
    from bot.i18n.localisation import CATALOGUE
    from bot.interactions.autocomplete import MAX_CHOICES

    for fact in world.knowledge.facts(origin=FactOrigin.CURATED, limit=1_000).facts:
        for code, statement in fact.statements.items():
            language = CATALOGUE.languages[code]
            choices = fact_choices(world.knowledge, statement[:60], None, language)[:MAX_CHOICES]
            assert fact.id in [choice.value for choice in choices], statement


async def test_names_are_offered_once_and_typos_forgiven(world: World) -> None:
    people = await typed(world, "who", "text", "")
    names = [choice["value"] for choice in people]
    assert len(set(names)) == len(names) >= 6
    assert "Kim Jong Un · guide suprême nord-coréen" in [choice["name"] for choice in people]
    speakers = await typed(world, "quotes", "speaker", "vladimir potine")
    assert speakers[0]["value"] == "Vladimir Poutine"
    sources = await typed(world, "sources", "text", "reutres")
    assert sources[0]["value"] == "Reuters"


async def test_articles_are_offered_by_title_with_their_slug(world: World, articles: Path) -> None:
    write_article(articles, "quokkas", "They eat grass.", title="The Quokkas of Rottnest")
    world.knowledge.reindex()
    every = await typed(world, "article", "name", "")
    assert {choice["value"] for choice in every} == {"quokkas", "north-korea-russia-summit"}
    (choice,) = await typed(world, "article", "name", "quoka")
    assert choice == {"name": "The Quokkas of Rottnest", "value": "quokkas"} | choice


async def test_an_article_is_offered_and_found_by_its_title_in_any_language(
    world: World, locale: list[str]
) -> None:
    for language, title in (
        ("en-US", "3 Takeaways From the North Korea-Russia Summit"),
        ("fr", "3 points à retenir du sommet Corée du Nord-Russie"),
    ):
        locale[0] = language
        for text in ("takeaways from", "points a retenir"):
            (choice,) = await typed(world, "article", "name", text)
            assert choice == {"name": title, "value": "north-korea-russia-summit"} | choice
        shown_ = await world.member.slash(world.channel, "article", title=title.lower())
        assert "¶\u00a01" in shown(shown_.response).text


@pytest.mark.parametrize(("command", "option"), OPTIONS)
@pytest.mark.parametrize("text", ["", "@everyone", "\x00\u202e" * 40, "🦘" * 300, "(", "a" * 3_000])
async def test_any_text_gets_choices_that_discord_takes(
    world: World, command: str, option: str, text: str
) -> None:
    choices = await typed(world, command, option, text)
    assert len(choices) <= 25
    for choice in choices:
        assert 1 <= units(choice["name"]) <= 100
        assert 1 <= units(choice["value"]) <= 100


async def test_long_names_are_cut_with_a_mark(world: World, articles: Path) -> None:
    write_article(articles, "long", "Text.", title="🦘" * 90)
    world.knowledge.reindex()
    choices = await typed(world, "article", "name", "long")
    (name,) = [choice["name"] for choice in choices if choice["value"] == "long"]
    assert name.endswith("…")
    assert units(name) <= 100


async def test_choices_come_from_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [await typed(world, command, option, "ki") for command, option in OPTIONS]

    def broken(*_: Any) -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr(world.knowledge._index.readers, "snapshot", broken)
    after = [await typed(world, command, option, "ki") for command, option in OPTIONS]
    assert after == before
    assert before[0] != []


@pytest.mark.parametrize(("command", "option"), OPTIONS)
async def test_an_index_that_fails_gives_no_error(
    world: World, monkeypatch: pytest.MonkeyPatch, command: str, option: str
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr(world.knowledge, "suggest", broken)
    monkeypatch.setattr(world.knowledge, "articles", broken)
    assert await typed(world, command, option, "kim") == []


async def test_choices_are_offered_while_the_index_is_rebuilt(world: World, articles: Path) -> None:
    write_article(articles, "wombats", "Wombats dig burrows.")
    reached, go_on = threading.Event(), threading.Event()

    def wait(_: ReindexProgress) -> None:
        reached.set()
        go_on.wait(20)

    job = threading.Thread(target=world.knowledge.reindex, kwargs={"progress": wait})
    job.start()
    try:
        await eventually(reached.is_set)
        for command, option in OPTIONS:
            assert await typed(world, command, option, "") != []
    finally:
        go_on.set()
        job.join()
