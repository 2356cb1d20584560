"""Several questions of one message have a block each; what asks nothing gets a friendly line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from world import World, shown

from bot.i18n.localisation import CATALOGUE
from bot.ui.containers import AMBER, GREY

WHO = "Qui a rencontré Poutine ?"
BARRELS = "Combien de barils de pétrole en juillet ?"
CONTEXT, WHY, MORE = "Contexte", "Pourquoi\u00a0?", "Voir plus"
UNSAID = "Où est le xylophone zwieback ?"


def plain(text: str) -> str:
    return text.replace("**", "").replace("\\", "")


async def test_each_question_has_a_block_under_its_own_words(world: World) -> None:
    answer = await world.ask(f"{WHO} {BARRELS}")
    text = plain(answer.text)
    assert text.index(WHO) < text.index("¶") < text.index(BARRELS)
    assert "10 933" in text[text.index(BARRELS) :]
    assert answer.labels == [*[CONTEXT, WHY] * 2, MORE, "Poursuivre", "👍", "👎"]


async def test_its_buttons_work_after_a_restart(world: World) -> None:
    answer = await world.ask(f"{WHO} {BARRELS}")
    await world.restart()
    for label in ("In context", "Why?", "👍"):
        result = await world.member.click(answer.message, custom_id=answer.button(label))
        assert result.response is not None
        assert shown(result.response).ephemeral


async def test_what_the_articles_do_not_say_is_named(world: World) -> None:
    answer = await world.ask(f"{BARRELS} {UNSAID}")
    text = plain(answer.text)
    assert "10 933" in text
    assert text.index(UNSAID) < text.index("Les articles ne le disent pas")
    assert answer.colour == AMBER.value


async def test_where_nothing_of_it_is_said_no_passage_is_shown(world: World) -> None:
    answer = await world.ask(f"{UNSAID} Quel xylophone zwieback ?")
    assert answer.colour == GREY.value
    assert "¶" not in answer.text


async def test_questions_that_the_same_words_answer_share_a_block(world: World) -> None:
    answer = await world.ask(f"{BARRELS} Combien de barils de pétrole en juillet, au total ?")
    assert plain(answer.text).count("10 933") == 1
    assert answer.labels.count(CONTEXT) == 1


async def test_a_fourth_question_is_named(world: World) -> None:
    answer = await world.ask(f"{WHO} {BARRELS} {UNSAID} Où est Vostochny ?")
    assert plain(answer.texts[-1]).endswith("Où est Vostochny ?")


async def test_two_lines_are_two_questions(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {WHO[:-2]}\n{BARRELS}")
    assert world.last().labels.count(CONTEXT) == 2


async def test_each_question_that_was_asked_in_vain_is_kept(world: World) -> None:
    await world.bot.services.server_settings.change(world.guild.id, keep_unanswered=True)
    await world.ask(f"{BARRELS} {UNSAID} Quel banjo jouait-on ?")
    await world.bot.services.unanswered.finish()
    kept = world.state.unanswered.of(world.guild.id, datetime.now(UTC).date())
    assert {one.question for one in kept} == {UNSAID, "Quel banjo jouait-on ?"}


@pytest.mark.parametrize(
    "words", ["bonjour", "merci beaucoup !", "qui es-tu ?", "https://a.example/b"]
)
async def test_what_asks_nothing_gets_a_friendly_line_with_examples(
    world: World, words: str
) -> None:
    french, catalogue = CATALOGUE.languages["fr"], world.bot.services.catalogue
    for language in catalogue.languages.values():
        await world.bot.services.examples.of(world.knowledge, language, catalogue)
    await world.member.send(world.channel, f"{world.mention} {words}")
    said = world.last()
    assert said.text.startswith(("Avec plaisir", "Glad to help"))
    examples = await world.bot.services.examples.of(world.knowledge, french, catalogue)
    assert len(said.labels) == len(examples) == 3
    if said.text.startswith("Avec"):
        assert said.labels[:3] == list(examples)
    result = await world.member.click(said.message, label=said.labels[0])
    assert "¶" in shown(result.response).text


async def test_an_article_is_shown_in_brief_with_buttons_to_read_on(world: World) -> None:
    answer = await world.ask("what is it about?")
    article = world.knowledge.article(world.knowledge.articles()[0].slug)
    for section in article.sections:
        assert section.title in plain(answer.text)
    assert article.title in plain(answer.text)
    assert answer.labels.count("Read") == len(article.sections) + 1
    result = await world.member.click(answer.message, custom_id=answer.button("Read"))
    assert article.paragraphs[0].text[:40] in plain(shown(result.response).text)
