"""What Discord is told about the commands, and when."""

from __future__ import annotations

import re
from typing import Any

import pytest
from stored import file_of
from world import World

from bot.features.ask.phrases import PHRASES
from bot.i18n.localisation import CATALOGUE
from bot.state import State
from knowledge import FactKind


def told(world: World) -> list[dict[str, Any]]:
    return world.sent("PUT", "/commands")[-1]


ADMINS = (
    *("articles", "feedback", "insights", "reindex", "selftest", "settings", "status"),
    "unanswered",
)
MESSAGES = ("Ask this", "Check in the articles", "Delete this answer")
"""Commands in the menu of a message, whose names are shown as they are written."""
FOR_ONE = ("forget-me", "help", "privacy")
"""Commands whose answers only whoever gave them ever sees."""


async def test_commands_are_told_once_and_not_at_every_start(world: World) -> None:
    assert len(world.sent("PUT", "/commands")) == 1
    await world.restart()
    await world.restart()
    assert len(world.sent("PUT", "/commands")) == 1


async def test_commands_are_told_again_when_a_translation_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    french = PHRASES.commands(CATALOGUE.languages["fr"])
    monkeypatch.setitem(french, "ask.description", "Interroger les articles")
    await world.restart()
    assert len(world.sent("PUT", "/commands")) == 2
    assert "Interroger les articles" in str(told(world))


async def test_commands_are_told_again_when_the_state_is_lost(world: World) -> None:
    file_of(world.state).unlink()
    await world.restart()
    assert len(world.sent("PUT", "/commands")) == 2


async def test_commands_that_discord_refused_are_told_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    file_of(world.state).unlink()
    world.env.inject_error("PUT", "/applications/*/commands", status=429)
    await world.restart()
    assert "did not accept the commands" in caplog.text
    assert (await world.ask("Combien de barils de pétrole en juillet ?")).text
    await world.restart()
    assert len(world.sent("PUT", "/commands")) == 3
    assert State(world.state.place).commands.fingerprint(world.env.backend.application_id)


async def test_all_but_the_admin_s_can_be_installed_and_used_everywhere(world: World) -> None:
    commands = {command["name"]: command for command in told(world)}
    admins = [commands.pop(name) for name in ADMINS]
    for_one = [commands.pop(name) for name in (*FOR_ONE, *MESSAGES)]
    assert sorted(commands) == [
        *("article", "ask", "check", "fact", "numbers", "quotes", "search", "sources"),
        *("timeline", "who"),
    ]
    for command in [*commands.values(), *for_one]:
        assert sorted(command["integration_types"]) == [0, 1]
        assert sorted(command["contexts"]) == [0, 1, 2]
        assert command["default_member_permissions"] is None
    assert all(command["options"][-1]["name"] == "private" for command in commands.values())
    for command in admins:
        assert command["integration_types"] == [0]
        assert command["contexts"] == [0]
        assert int(command["default_member_permissions"]) == 1 << 5


def texts(node: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    own = [
        (kind, {"": node[kind], **node[f"{kind}_localizations"]})
        for kind in ("name", "description")
        if kind in node  # what is in a message's menu has a name alone
    ]
    return own + [text for option in node.get("options", []) for text in texts(option)]


async def test_kinds_of_facts_are_named_in_every_language(world: World) -> None:
    (fact,) = [command for command in told(world) if command["name"] == "fact"]
    (kinds,) = [option["choices"] for option in fact["options"] if "choices" in option]
    assert [kind["value"] for kind in kinds] == [kind.value for kind in FactKind]
    names = [kind["name_localizations"]["fr"] for kind in kinds]
    assert names[:3] == ["date", "chiffre", "personne"]
    assert len(set(names)) == len(kinds)


async def test_names_and_descriptions_are_told_in_every_language(world: World) -> None:
    locales = {name for language in CATALOGUE.languages.values() for name in language.locales}
    for command in told(world):
        for kind, translations in texts(command):
            assert set(translations) == {"", *locales}
            assert translations["en-US"] == translations["en-GB"] == translations[""]
            for text in translations.values():
                if kind == "name" and command["name"] in MESSAGES:
                    assert 1 <= len(text) <= 32
                elif kind == "name":
                    assert re.fullmatch(r"[-_'\w]{1,32}", text)
                    assert text == text.lower()
                else:
                    assert 1 <= len(text) <= 100
    (ask,) = [command for command in told(world) if command["name"] == "ask"]
    assert ask["name_localizations"]["fr"] == "demander"


async def test_no_two_commands_share_a_name_in_a_language(world: World) -> None:
    for locale in ("en-US", "fr"):
        names = [command["name_localizations"][locale] for command in told(world)]
        assert len(set(names)) == len(names)


async def test_a_command_is_at_most_8000_characters(world: World) -> None:
    for command in told(world):
        assert sum(max(map(len, found.values())) for _, found in texts(command)) <= 8_000


async def test_there_is_no_privileged_intent(world: World) -> None:
    intents = world.bot.intents
    assert not any((intents.message_content, intents.members, intents.presences))
