"""The manual of the bot has every command and every setting of a server, by the names in use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from world import World, shown

from bot.server_settings import ServerSettings

MANUAL = (Path(__file__).parents[2] / "bot" / "README.md").read_text(encoding="utf-8")
_SUBCOMMAND, _MENU_OF_MESSAGE = 1, 3
_OPTION_OF_ALL = "private"
_FURTHER = re.compile(r"-\d+$")
"""The end of the name of an option that there are several of."""


def cells() -> list[str]:
    """Return the first cells of all tables."""
    return re.findall(r"^\| ([^|\n]+) \|", MANUAL, re.MULTILINE)


def names(command: dict[str, Any], path: str = "/") -> Iterator[tuple[str, str, list[str]]]:
    """Yield a command with its subcommands: in English, in French, and what it asks for."""
    options = command.get("options", [])
    under = [option for option in options if option["type"] == _SUBCOMMAND]
    for one in under:
        yield from names(one, f"{path}{command['name']} ")
    if not under:
        asked = [option["name"] for option in options if option["name"] != _OPTION_OF_ALL]
        yield f"{path}{command['name']}", command["name_localizations"]["fr"], asked


async def test_every_command_is_named_in_both_languages_with_its_options(world: World) -> None:
    for command in world.sent("PUT", "/commands")[-1]:
        if command.get("type") == _MENU_OF_MESSAGE:
            assert f"**{command['name']}**" in MANUAL
            assert f"*{command['name_localizations']['fr']}*" in MANUAL
            continue
        for english, french, options in names(command):
            told = [cell for cell in cells() if re.search(rf"`{english}\b(?!-)", cell)]
            assert told, english
            cell = told[0]
            assert re.search(rf"`/?{french}\b", cell), (english, french)
            for option in (one for one in options if not _FURTHER.search(one)):
                assert re.search(rf"[ `]{option}(?:`|:)", cell), (english, option)


async def test_every_setting_of_a_server_is_named_as_in_its_panel(world: World) -> None:
    result = await world.admin.slash(world.channel, "settings")
    assert result.response is not None
    first = shown(result.response)
    (other,) = [
        id_ for id_, button in first.buttons.items() if button["label"].startswith("Places")
    ]
    second = shown((await world.admin.click(first.message, custom_id=other)).response)
    texts = f"{first.text}\n{second.text}"
    labels = re.findall(r"^\*\*(.+?)\.?\*\*", texts, re.MULTILINE)
    labels = [label for label in labels if label != "Settings of this server"]
    assert len(labels) == len(ServerSettings.model_fields)
    for label in labels:
        assert label in cells(), label
