"""The check of what the bot sends must itself be able to fail."""

from __future__ import annotations

import pytest
from openapi import DiscordApi
from simcord import HttpLogEntry


@pytest.fixture
def api(discord_api: DiscordApi | None) -> DiscordApi:
    if discord_api is None:
        pytest.skip("DISCORD_OPENAPI is not set: no request was checked against Discord's API")
    return discord_api


def _post(body: object, path: str = "/channels/1/messages") -> HttpLogEntry:
    return HttpLogEntry("POST", path, {}, body, None)


def test_a_message_is_accepted(api: DiscordApi) -> None:
    assert api.problems(_post({"content": "hello", "tts": False})) == []


@pytest.mark.parametrize(
    "body",
    [
        {"content": 3},
        {"contents": "hello"},
        {"components": [{"type": 10}]},
        {"components": [{"type": 17, "components": [{"type": 10, "text": "hello"}]}]},
        {"components": [{"type": 17, "components": [{"type": 1, "components": []}]}]},
    ],
)
def test_a_wrong_body_is_refused(api: DiscordApi, body: object) -> None:
    assert api.problems(_post(body))


def test_an_unknown_route_is_refused(api: DiscordApi) -> None:
    assert api.problems(_post({}, "/channels/1/letters"))
