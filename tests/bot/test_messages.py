"""The menu of a message: check it in the articles, ask it."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.actors import _dispatch_actor_interaction
from simcord.backend import serializers
from simcord.enums import AppCommandType, InteractionType
from world import Shown, World, shown

from bot.ui.containers import AMBER, GREEN, GREY

CHECK, ASK = "Check in the articles", "Ask this"
TRUE = "En juillet la Russie a exporté 10 933 barils de pétrole vers la Corée du Nord."
FALSE = "En juillet la Russie a exporté 12 000 barils de pétrole vers la Corée du Nord."


async def use(world: World, name: str, content: str, **options: Any) -> Shown:
    """Let the admin write a message, and the member use a command of its menu."""
    message = await world.admin.send(world.channel, content, **options)
    result = await world.member.context_menu(world.channel, name, message)
    assert result.response is not None
    return shown(result.response)


@pytest.mark.parametrize(
    ("claim", "colour", "heading"),
    [
        (TRUE, GREEN, "**Le passage le plus proche semble le dire**"),
        (FALSE, AMBER, "**Le passage le plus proche ne dit pas tout cela**"),
        (
            "La lune est faite de fromage, dit-on.",
            GREY,
            "**À ma connaissance, les articles ne le disent pas**",
        ),
    ],
)
async def test_a_claim_is_checked_in_its_own_language(
    world: World, claim: str, colour: Any, heading: str
) -> None:
    checked = await use(world, CHECK, claim)
    assert checked.ephemeral
    assert checked.colour == colour.value
    assert checked.text.startswith(heading)


async def test_a_check_names_what_is_missing_and_shows_the_nearest_passages(world: World) -> None:
    checked = await use(world, CHECK, FALSE)
    heading, *passages = checked.texts
    assert "il lui manque\u00a0: **12 000**" in heading
    assert "À vous de lire si c’est vrai" in heading
    assert "10 933" in passages[0].replace("\u00a0", " ").replace("\u202f", " ")
    assert checked.labels[-2:] == ["Pourquoi\u00a0?", "Partager"]
    assert len(passages) == 2 * checked.labels.count("Contexte")


async def test_a_check_speaks_english_too(world: World, locale: list[str]) -> None:
    locale[0] = "fr"
    checked = await use(
        world,
        CHECK,
        "The Russian exportations of pétrole totalled 12,000 barils in July, to Corée du Nord.",
    )
    assert checked.text.startswith("**The nearest passage does not say all of that**")
    assert "**12,000**" in checked.text


async def test_a_message_is_asked_for_oneself(world: World) -> None:
    answer = await use(world, ASK, "Combien de barils de pétrole en juillet ?")
    assert answer.ephemeral
    assert "10 933" in answer.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert answer.labels[-1] == "Partager"
    assert world.channel.history(viewer=world.admin)[-1].author.id == world.admin.id


async def test_what_is_shared_leads_to_the_message_that_was_asked(world: World) -> None:
    answer = await use(world, ASK, "Combien de barils de pétrole en juillet ?")
    asked = world.channel.history()[0]
    # Discord says which message a command was used on; SimCord names it otherwise.
    stored = world.env.backend.get_message(world.channel.id, answer.message.id)
    assert stored.interaction_metadata is not None
    stored.interaction_metadata["target_message_id"] = str(asked.id)
    result = await world.member.click(answer.message, custom_id=answer.button("Share"))
    (public,) = map(shown, result.followups)
    assert f"[à propos de ce message]({asked.jump_url})" in public.texts[0]


@pytest.mark.parametrize(
    ("locale_", "words"),
    [("en-US", "That has no words"), ("fr", "Il n’y a là aucun mot")],
)
@pytest.mark.parametrize("name", [CHECK, ASK])
@pytest.mark.parametrize("content", ["😂", "<:poutine:6> <@1> …"])
async def test_a_message_without_a_word_says_so(
    world: World, locale: list[str], name: str, content: str, locale_: str, words: str
) -> None:
    locale[0] = locale_
    told = await use(world, name, content)
    assert told.text.startswith(words)
    assert told.ephemeral
    assert told.labels == []


async def test_a_long_message_is_checked_within_discord_s_limits(world: World) -> None:
    said = world.knowledge.ask(TRUE).citations[0].text
    claim = f"{' '.join(f'mot{n}' for n in range(15))} {said} {'mot ' * 400}"[:2_000]
    checked = await use(world, CHECK, claim)
    assert "et " in checked.texts[0]
    assert " de plus" in checked.texts[0]


async def test_a_forwarded_message_is_read(world: World) -> None:
    source = await world.admin.send(world.channel, TRUE)
    forwarded = await world.admin.forward(source, world.channel)
    result = await world.member.context_menu(world.channel, CHECK, forwarded)
    assert shown(result.response).colour == GREEN.value


@pytest.mark.parametrize("name", [CHECK, ASK])
async def test_the_menu_works_in_a_direct_message(world: World, name: str) -> None:
    user, backend = world.member.user, world.env.backend
    await user.send_dm(TRUE)
    message = backend.get_message(user.dm_channel.id, user.dm_channel.history()[0].id)
    command = next(
        one
        for one in backend.visible_commands(
            user_id=user.id, channel_id=user.dm_channel.id, type=AppCommandType.MESSAGE
        )
        if one["name"] == name
    )
    data = {
        "id": command["id"],
        "name": name,
        "type": AppCommandType.MESSAGE,
        "target_id": str(message.id),
        "resolved": {
            "messages": {str(message.id): dict(serializers.message_payload(backend, message))}
        },
    }
    result = await _dispatch_actor_interaction(
        user, InteractionType.APPLICATION_COMMAND, user.dm_channel, data
    )
    answer = shown(result.response)
    assert answer.ephemeral
    assert "10 933" in answer.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Partager" not in answer.labels, "there is nobody to share with"


def test_the_menu_is_named_in_both_languages_and_everywhere(world: World) -> None:
    menu = {one["name"]: one for one in world.sent("PUT", "/commands")[0] if one["type"] == 3}
    french = {name: one["name_localizations"]["fr"] for name, one in menu.items()}
    assert french == {
        CHECK: "Vérifier dans les articles",
        ASK: "Poser cette question",
        "Delete this answer": "Supprimer cette réponse",
    }
    for one in menu.values():
        assert one["contexts"] == [0, 1, 2]
        assert one["integration_types"] == [0, 1]


async def check(world: World, text: str, **options: Any) -> Shown:
    """Let the member check a text without a message that says it."""
    result = await world.member.slash(world.channel, "check", text=text, **options)
    assert result.response is not None
    return shown(result.response)


async def test_a_text_is_checked_as_a_message_is(world: World) -> None:
    by_menu = await use(world, CHECK, FALSE)
    by_command = await check(world, FALSE, private=True)
    assert by_command.ephemeral
    assert by_command.text == by_menu.text
    assert by_command.colour == by_menu.colour


async def test_a_check_by_command_is_for_everybody_unless_it_is_asked_privately(
    world: World,
) -> None:
    assert not (await check(world, TRUE)).ephemeral


async def test_a_text_without_words_is_not_checked(world: World) -> None:
    assert "**" not in (await check(world, "?!")).text
