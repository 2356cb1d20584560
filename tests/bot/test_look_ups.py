"""Members look facts and passages up, and turn the pages."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from world import Shown, World, shown, write_article

from bot.features.lookups.findings import PAGE_SIZE
from bot.ui.containers import GREY
from knowledge import FactKind, FactOrigin, deduplicated

SLUG = "north-korea-russia-summit"


async def look(world: World, command: str, **options: Any) -> Shown:
    result = await world.member.slash(world.channel, command, **options)
    assert result.response is not None
    return shown(result.response)


async def click(world: World, message: Shown, label: str) -> Shown:
    id_ = message.button(label)
    result = await world.member.click(message.message, custom_id=id_)
    assert result.response is not None
    return shown(result.response)


async def listed(world: World, **options: Any) -> Shown:
    """Return the first page of a timeline's list, which may be behind the button of its picture."""
    timeline = await look(world, "timeline", **options)
    return await click(world, timeline, "As a list") if rows(timeline) == 0 else timeline


def rows(message: Shown) -> int:
    labels = [button["label"] for button in message.buttons.values()]
    return labels.count("In context")


def is_last(message: Shown) -> bool:
    return "Next" not in str(message.buttons) or bool(
        message.buttons[message.button("Next")].get("disabled")
    )


async def all_pages(world: World, message: Shown) -> list[Shown]:
    pages = [message]
    while not is_last(pages[-1]):
        pages.append(await click(world, pages[-1], "Next"))
    return pages


async def test_a_fact_that_was_chosen_is_shown_with_its_quotation_and_place(
    world: World, locale: list[str]
) -> None:
    (best, *_) = world.knowledge.facts("barils de pétrole", kind=FactKind.QUANTITY).facts
    fact = await look(world, "fact", text=best.id)
    assert fact.colour == GREY.value
    statement, quotation, locator = fact.texts
    assert statement.startswith(best.statements["en"][:20])
    assert quotation.startswith("> ")
    assert "**10" in quotation
    assert locator.startswith(("-# [", "-# 3 points"))
    assert f"¶\u00a0{best.paragraph}" in locator
    assert locator.endswith("written by hand")
    assert fact.labels == ["In context"]
    locale[0] = "fr"
    french = await look(world, "fact", text=best.id)
    assert french.texts[0].startswith(best.statements["fr"][:20])
    assert french.texts[2].endswith("rédigé à la main")


async def test_words_that_are_no_choice_list_the_best_facts_first(world: World) -> None:
    facts = await look(world, "fact", text="oil exports in july")
    assert "10 933" in facts.texts[2].replace("\u00a0", " ").replace("\u202f", " ")
    assert facts.texts[0].startswith("**Facts · oil exports in july**\n-# ")
    assert rows(facts) >= 1


async def test_every_curated_fact_is_found_by_either_statement_with_a_typo(world: World) -> None:
    from bot.features.lookups.findings import find
    from bot.ui.custom_ids.listing import Listing, LookUp, fitted

    curated = world.knowledge.facts(origin=FactOrigin.CURATED, limit=1_000).facts
    assert len(curated) > 60
    for fact in curated:
        for statement in fact.statements.values():
            longest = max(re.findall(r"[^\W\d_]+", statement), key=len)
            typo = statement.replace(longest, longest[:2] + longest[3:], 1)
            found = find(world.knowledge, Listing(LookUp.FACT, fitted(typo)))
            facts = [one.id for row in found.rows if row.fact for one in (row.fact, *row.others)]
            assert fact.id in facts, typo


async def test_facts_of_one_passage_are_shown_together_the_best_first(world: World) -> None:
    from bot.features.lookups.findings import find
    from bot.ui.custom_ids.listing import Listing, LookUp

    found = find(world.knowledge, Listing(LookUp.FACT, "maïs"))
    passages = [row.citation.passage for row in found.rows]
    assert len(set(passages)) == len(passages)
    first = found.rows[0]
    assert first.fact is not None
    assert first.others
    assert {one.passage for one in first.others} == {first.fact.passage}
    page = await look(world, "fact", text="maïs")
    assert page.texts[1].count("\n") >= 1
    assert rows(page) == len(found.rows)


async def test_a_short_word_is_no_other_word_with_typos(world: World) -> None:
    for command, option in (("fact", "text"), ("who", "person"), ("sources", "source")):
        page = await look(world, command, **{option: "maïs"})
        assert "Maison" not in page.text


async def test_a_kind_narrows_facts(world: World) -> None:
    facts = await look(world, "fact", text="Vostochny", kind="place")
    assert "cosmodrome" in facts.text
    assert all("13 September 2023" not in text for text in facts.texts)


async def test_nothing_found_is_said(world: World) -> None:
    nothing = await look(world, "fact", text="zwieback xylophone")
    assert nothing.texts == (
        "**Facts · zwieback xylophone**\nThe articles have nothing of the kind.",
    )
    assert nothing.labels == []


async def test_an_id_that_is_gone_is_looked_up_as_words(world: World) -> None:
    gone = await look(world, "fact", text="AAAAAAAAAAAA")
    assert "nothing of the kind" in gone.text


@pytest.mark.parametrize(
    ("command", "kind", "heading"),
    [
        ("who", FactKind.PERSON, "People"),
        ("numbers", FactKind.QUANTITY, "Figures"),
        ("quotes", FactKind.QUOTE, "Quotations"),
        ("sources", FactKind.SOURCE, "Sources"),
    ],
)
async def test_a_look_up_without_words_lists_all_of_its_kind_once(
    world: World, command: str, kind: FactKind, heading: str
) -> None:
    expected = deduplicated(world.knowledge.facts(kind=kind, limit=1_000).facts)
    pages = await all_pages(world, await look(world, command))
    assert pages[0].texts[0].startswith(f"**{heading}**\n-# ")
    assert max(map(rows, pages)) == PAGE_SIZE
    quotations = [text for page in pages for text in page.texts if text.startswith("> ")]
    assert len(quotations) == sum(map(rows, pages)) <= len(expected)
    assert len(set(quotations)) == len(quotations), "none is repeated"
    assert all("**" in quotation for quotation in quotations)
    shown_text = "\n".join(page.text for page in pages).replace("\\", "")
    for fact in expected:
        said = (fact.statements.get("en", fact.text), str(fact.value))
        assert any(one[:40] in shown_text for one in said), "none is left out"


async def test_who_takes_a_name_or_a_role(world: World) -> None:
    by_name = await look(world, "who", person="Pak Thae Song")
    assert rows(by_name) == 1
    by_role = await look(world, "who", person="commandant de la marine")
    assert "Kim Myeong Sik" in by_role.texts[2]


async def test_quotes_of_a_speaker_are_his_alone(world: World) -> None:
    quotes = await look(world, "quotes", speaker="Vladimir Poutine")
    assert rows(quotes) == 1
    assert quotes.texts[1].startswith("**Vladimir Poutine** · ")
    assert "entrées dans la meilleure période" in quotes.texts[2]


@pytest.mark.parametrize("speaker", ["Poutine", "putin", "vladimir", "Poutin"])
async def test_a_part_of_a_name_is_enough_typos_allowed(world: World, speaker: str) -> None:
    quotes = await look(world, "quotes", speaker=speaker)
    assert rows(quotes) == 1
    assert quotes.texts[1].startswith("**Vladimir Poutine** · ")


async def test_who_lists_all_of_a_name(world: World) -> None:
    people = await look(world, "who", person="kim")
    assert rows(people) == 2
    assert "Kim Jong Un is the supreme leader" in people.text
    assert "Kim Myeong Sik is the navy commander" in people.text


async def test_sources_tell_who_reported(world: World) -> None:
    sources = await look(world, "sources", source="Reuters")
    assert rows(sources) == 1
    assert sources.texts[1].startswith("**Reuters** · ")


async def test_the_timeline_is_in_order_and_marks_inferred_years(
    world: World, locale: list[str]
) -> None:
    pages = await all_pages(world, await listed(world))
    leads = [
        text for page in pages for text in page.texts[1:] if re.match(r"\*\*[^*]*\d{4}\*\*", text)
    ]
    expected = world.knowledge.timeline()
    assert len(leads) == len(expected)
    assert leads[0].startswith("**2014** · ")
    years = [int(re.findall(r"\d{4}", lead)[0]) for lead in leads]
    assert years == sorted(years)
    text = "\n".join(page.text for page in pages)
    inferred = sum(fact.is_year_inferred for fact in expected)
    assert text.count("year taken from the article’s date") == inferred > 0


async def test_a_timeline_quotes_the_same_words_once(world: World, articles: Path) -> None:
    text = "The pool was closed in 1901, in 1902, in 1903, in 1904 and in 1905 by its owners."
    write_article(articles, "pool", text)
    world.knowledge.reindex()
    pages = await all_pages(world, await listed(world))
    assert sum(page.text.count("The pool was closed") for page in pages) == 1
    quotations = [
        line.replace("*", "")
        for page in pages
        for text in page.texts
        for line in text.splitlines()
        if line.startswith("> ")
    ]
    assert len(set(quotations)) == len(quotations), "on whatever page they stand"
    assert sum(map(rows, pages)) > sum(page.text.count("\n> ") for page in pages)


async def test_what_has_one_of_two_words_is_no_answer_beside_what_has_both(world: World) -> None:
    page = await look(world, "fact", text="Poutine dîner")
    assert "raviolis" in page.text
    for other in ("Zhang Guoqing", "president of Russia"):
        assert other not in page.text


async def test_the_timeline_begins_and_ends_where_it_is_told_to(world: World) -> None:
    some = await listed(world, **{"from": "juillet 2022", "to": "2022"})
    assert some.texts[0].startswith("**Timeline · 1 July 2022 – 31 December 2022**")
    assert "**July 2022** · " in some.text
    open_ended = await listed(world, to="2014")
    assert open_ended.texts[0].startswith("**Timeline · … – 31 December 2014**")
    assert rows(open_ended) == 1


@pytest.mark.parametrize("written", ["soon", "13 septembre", "2023-02-30", "@everyone"])
async def test_days_that_cannot_be_read_are_told_what_to_write(world: World, written: str) -> None:
    told = await look(world, "timeline", **{"from": written})
    assert told.ephemeral
    assert "2023-07-27, 2023-07, 2023" in told.text
    assert "@everyone" not in told.text.replace("\\@", "")


async def test_a_timeline_backwards_is_told(world: World) -> None:
    told = await look(world, "timeline", **{"from": "2023", "to": "2022"})
    assert told.ephemeral
    assert "before it begins" in told.text


async def test_search_lists_passages_in_pages(world: World) -> None:
    total = world.knowledge.search("Corée du Nord").total
    first = await look(world, "search", words="Corée du Nord")
    assert first.texts[0] == f"**Passages · Corée du Nord**\n-# 1–3 of {total}"
    pages = await all_pages(world, first)
    assert any("**Corée du Nord**" in page.text for page in pages)
    assert sum(map(rows, pages)) == total
    back = pages[-1]
    for _ in pages[1:]:
        back = await click(world, back, "Previous")
    assert back.texts == first.texts


async def test_a_look_up_can_be_private(world: World) -> None:
    private = await look(world, "who", private=True)
    assert private.ephemeral
    assert world.channel.history(viewer=world.admin) == []


async def test_every_row_has_its_context(world: World) -> None:
    numbers = await look(world, "numbers")
    assert rows(numbers) == PAGE_SIZE
    for id_, button in numbers.buttons.items():
        if button["label"] == "In context":
            result = await world.member.click(numbers.message, custom_id=id_)
            context = shown(result.response)
            assert context.ephemeral
            assert "**" in "\n".join(context.texts[1:])


async def test_pages_are_turned_after_a_restart(world: World) -> None:
    first = await look(world, "numbers")
    second = await click(world, first, "Next")
    await world.restart()
    assert (await click(world, second, "Previous")).texts == first.texts
    assert world.sent("POST", "/callback")[-1]["type"] == 7


async def test_pages_are_of_what_there_is_after_a_reindex(world: World, articles: Path) -> None:
    lines = [f"Quokka number {n} digs a burrow." for n in range(12)]
    write_article(articles, "quokkas", *lines)
    world.knowledge.reindex()
    first = await look(world, "search", words="quokka")
    assert first.texts[0].endswith("-# 1–3 of 12")
    second = await click(world, first, "Next")
    write_article(articles, "quokkas", *lines[:6])
    world.knowledge.reindex()
    last = await click(world, second, "Next")
    assert last.texts[0].endswith("-# 4–6 of 6")
    (articles / "quokkas.md").unlink()
    world.knowledge.reindex()
    assert "nothing of the kind" in (await click(world, last, "Previous")).text


async def test_pages_are_in_the_language_of_who_turns_them(world: World, locale: list[str]) -> None:
    first = await listed(world)
    locale[0] = "fr"
    second = await click(world, first, "Next")
    assert second.texts[0].startswith("**Chronologie**\n-# 4–6 sur ")
    assert "avril 2019" in (await click(world, second, "Précédent")).text


async def test_somebody_else_s_page_is_not_turned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await look(world, "numbers")
    asker = SimpleNamespace(user=discord.Object(world.member.user.id))
    metadata = property(lambda _: asker, lambda _, __: None)
    monkeypatch.setattr(discord.Message, "interaction_metadata", metadata)
    own = await click(world, first, "Next")
    result = await world.admin.click(first.message, custom_id=own.button("Next"))
    assert result.response is not None
    assert shown(result.response).ephemeral
    assert world.sent("POST", "/callback")[-1]["type"] == 4


async def test_long_words_are_cut_before_they_are_looked_up(world: World) -> None:
    words = "Russie Corée " * 20
    first = await look(world, "search", words=words)
    assert "no room for all your words" in first.texts[0]
    assert words.strip() not in first.texts[0]
    second = await click(world, first, "Next")
    assert second.texts[0].splitlines()[0] == first.texts[0].splitlines()[0]
    assert all(len(id_) <= 100 for id_ in second.buttons)


HOSTILE = "@everyone <@1> [x](https://evil.example) **b** `c` \u202e\x00 \U0001f998" * 3


@pytest.mark.parametrize(
    ("command", "option"),
    [("fact", "text"), ("who", "person"), ("quotes", "speaker"), ("search", "words")],
)
async def test_hostile_words_do_nothing(world: World, command: str, option: str) -> None:
    result = await look(world, command, **{option: HOSTILE[:300]})
    for sign in ("@everyone", "<@", "](https", "`"):
        assert not re.search(rf"(?<!\\){re.escape(sign)}", result.texts[0]), sign


async def test_a_page_of_long_titles_and_signs_fits(world: World, articles: Path) -> None:
    signs = "*_~" * 60
    write_article(
        articles,
        "stars",
        f"## {signs}{signs}",
        *[f"Wombat {n} {'*_' * 140} and so on for long, {signs}." for n in range(6)],
        title=(signs * 3)[:290],
        url="https://example.org/" + "x" * 250,
    )
    world.knowledge.reindex()
    page = await look(world, "search", words="wombat")
    assert rows(page) == PAGE_SIZE
    assert page.text.count("[…]") >= PAGE_SIZE
    assert page.text.count("**Wombat**") == PAGE_SIZE


async def test_the_preview_names_commands_that_there_are_and_where_the_others_stand(
    world: World,
) -> None:
    from bot.app.preview import _WELCOME

    named = set(re.findall(r"\*\*/(\w+)\*\*", _WELCOME))
    commands = world.bot.tree.get_commands(type=discord.AppCommandType.chat_input)
    assert named <= {command.name for command in commands}
    assert "help" in named
