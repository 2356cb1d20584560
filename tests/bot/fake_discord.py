"""As much of Discord as a client needs to start: a few routes and a gateway, on this machine."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

__all__ = ["FakeDiscord", "Interaction", "channel_of", "fake_discord"]

_BOT = {"id": "1", "username": "Sourcier", "discriminator": "0", "avatar": None, "bot": True}
_APPLICATION = {
    "id": "1",
    "name": "Sourcier",
    "description": "",
    "icon": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "flags": 0,
    "owner": {**_BOT, "id": "2", "bot": False},
}


_MEMBER = {**_BOT, "id": "3", "username": "camille", "bot": False}
_MEMBERSHIP = {
    "roles": [],
    "joined_at": "2026-01-01T00:00:00+00:00",
    "flags": 0,
    "deaf": False,
    "mute": False,
}
_ALL_PERMISSIONS = str(2**53 - 1)
_EPHEMERAL = 1 << 6
_ANNOUNCEMENTS = (5, 6)
"""Types of what is said to an interaction before its answer."""


def _message(identifier: int) -> dict[str, Any]:
    """Return a message of the bot in its direct channel with a member."""
    return {
        "id": str(identifier),
        "channel_id": "4",
        "type": 0,
        "author": _BOT,
        "content": "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
    }


def channel_of(server: int) -> int:
    """Return the id of the one channel that a server has."""
    return server + 1


def _channel(server: int) -> dict[str, Any]:
    return {
        "id": str(channel_of(server)),
        "guild_id": str(server),
        "type": 0,
        "name": "questions",
        "position": 0,
        "permission_overwrites": [],
    }


def _server(identifier: int) -> dict[str, Any]:
    """Return a server with a channel, as the gateway tells of it."""

    everyone = {
        "id": str(identifier),
        "name": "@everyone",
        "permissions": _ALL_PERMISSIONS,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "position": 0,
    }
    return {
        "id": str(identifier),
        "name": f"Server {identifier}",
        "owner_id": _MEMBER["id"],
        "member_count": 2,
        "preferred_locale": "en-US",
        "roles": [everyone],
        "channels": [_channel(identifier)],
        "members": [{**_MEMBERSHIP, "user": _BOT}],
    }


class Interaction:
    """What the bot has said to an interaction so far: the bodies of its requests, in order."""

    def __init__(self, identifier: int) -> None:
        self.id = identifier
        self.words: list[dict[str, Any]] = []
        self._answered = asyncio.Event()

    def hear(self, body: dict[str, Any]) -> None:
        """Take down what the bot says."""
        self.words.append(body)
        if body.get("type") not in _ANNOUNCEMENTS:
            self._answered.set()

    @property
    def is_private(self) -> bool:
        """Whether the first word was for whoever acted alone."""
        return bool(self.words[0].get("data", {}).get("flags", 0) & _EPHEMERAL)

    @property
    def text(self) -> str:
        """All that was said, as JSON."""
        return json.dumps(self.words, ensure_ascii=False)

    async def answer(self) -> Interaction:
        """Return this once the bot has said more than that an answer is on its way."""
        await self._answered.wait()
        return self


def _json(body: Any, status: int = 200) -> web.Response:
    # discord.py reads JSON only under Discord's own content type, which names no charset.
    headers = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


@dataclass
class FakeDiscord:
    """What the server was asked for. ``token`` is the only one that it lets in."""

    token: str
    url: str = ""
    requests: list[str] = field(default_factory=list)
    identified: list[str] = field(default_factory=list)
    shards: list[tuple[int, int]] = field(default_factory=list)
    closed: list[int | None] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    servers: list[int] = field(default_factory=list)
    _sockets: dict[web.WebSocketResponse, int | None] = field(default_factory=dict)
    _interactions: dict[int, Interaction] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(10**17))

    async def write_to_the_bot(self, message: int, content: str) -> None:
        """Let a member send the bot a direct message with this id."""
        said = {**_message(message), "author": _MEMBER, "content": content}
        for socket in self._sockets:
            await socket.send_json({"op": 0, "t": "MESSAGE_CREATE", "s": message, "d": said})

    def reply_to(self, message: int) -> str:
        """Return what the bot has sent in reply to a message so far, as JSON; else nothing."""
        replies = [one for one in self.sent if one["message_reference"]["message_id"] == message]
        return "".join(json.dumps(one["components"]) for one in replies)

    async def command(self, shard: int, server: int, name: str, **options: str) -> Interaction:
        """Let a member who may do all give a command on a server, which a shard is told of."""
        given = [{"name": one, "type": 3, "value": value} for one, value in options.items()]
        data = {"id": "5", "name": name, "type": 1, "options": given}
        return await self._interact(shard, server, {"type": 2, "data": data})

    async def click(self, shard: int, server: int, custom_id: str) -> Interaction:
        """Let one press a button of a message of the bot."""
        data = {"component_type": 2, "custom_id": custom_id}
        button = {"type": 2, "style": 2, "label": "Pressed", "custom_id": custom_id}
        message = {
            **_message(next(self._ids)),
            "channel_id": str(channel_of(server)),
            "components": [{"type": 1, "components": [button]}],
        }
        return await self._interact(shard, server, {"type": 3, "data": data, "message": message})

    async def _interact(self, shard: int, server: int, what: dict[str, Any]) -> Interaction:
        """Raises ConnectionError where the shard is not connected."""
        socket = next((one for one, of in self._sockets.items() if of == shard), None)
        if socket is None:
            raise ConnectionError(f"shard {shard} is not connected")
        made = Interaction(next(self._ids))
        self._interactions[made.id] = made
        channel = str(channel_of(server))
        user = {**_MEMBER, "id": str(next(self._ids))}  # whom no pace holds up
        said = {
            **what,
            "id": str(made.id),
            "application_id": _APPLICATION["id"],
            "token": f"of-{made.id}",
            "version": 1,
            "guild_id": str(server),
            "channel_id": channel,
            "channel": {**_channel(server), "permissions": _ALL_PERMISSIONS},
            "member": {**_MEMBERSHIP, "user": user, "permissions": _ALL_PERMISSIONS},
            "app_permissions": _ALL_PERMISSIONS,
            "locale": "en-US",
            "guild_locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(server)},
            "context": 0,
            "attachment_size_limit": 10_000_000,
        }
        await socket.send_json({"op": 0, "t": "INTERACTION_CREATE", "s": 1, "d": said})
        return made

    async def _to_interaction(self, request: web.Request) -> web.Response:
        """Take a first word, or what takes its place."""
        body = await request.json()
        identifier, token = request.match_info["id"], request.match_info["token"]
        made = self._interactions[int(token.rpartition("-")[2])]
        made.hear(body)
        if request.method == "POST" and request.path.endswith("/callback"):
            said = {"id": identifier, "type": 2, "response_message_id": str(next(self._ids))}
            return _json({"interaction": said})
        return _json(_message(next(self._ids)))

    async def _rest(self, request: web.Request) -> web.Response:
        self.requests.append(f"{request.method} {request.path}")
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        if request.path.endswith("/typing"):
            return web.Response(status=204)
        if request.method == "POST" and request.path.endswith("/messages"):
            self.sent.append(await request.json())
            return _json(_message(1_000 + len(self.sent)))
        answers: dict[str, Any] = {
            "/users/@me": _BOT,
            "/oauth2/applications/@me": _APPLICATION,
            "/applications/1/commands": [],
            "/gateway/bot": {
                "url": self.url.replace("http", "ws") + "/gateway",
                "shards": 1,
                "session_start_limit": {"total": 9, "remaining": 9, "max_concurrency": 1},
            },
        }
        return _json(answers[request.path.removeprefix("/api/v10")])

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets[socket] = None
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            body = message.json()
            if body["op"] == 1:
                await socket.send_json({"op": 11})
            elif body["op"] == 2:
                self.identified.append(body["d"]["token"])
                shard, count = body["d"]["shard"]
                self.shards.append((shard, count))
                servers = [one for one in self.servers if (one >> 22) % count == shard]
                ready = {
                    "v": 10,
                    "user": _BOT,
                    "shard": [shard, count],
                    "guilds": [{"id": str(one), "unavailable": True} for one in servers],
                    "session_id": "session",
                    "resume_gateway_url": self.url.replace("http", "ws") + "/gateway",
                    "application": {"id": "1", "flags": 0},
                }
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
                for one in servers:
                    there = {"op": 0, "t": "GUILD_CREATE", "s": 1, "d": _server(one)}
                    await socket.send_json(there)
                self._sockets[socket] = shard
        del self._sockets[socket]
        self.closed.append(socket.close_code)
        return socket


@asynccontextmanager
async def fake_discord(token: str) -> AsyncIterator[FakeDiscord]:
    """Serve a Discord on a free port of this machine."""
    server = FakeDiscord(token)
    app = web.Application()
    app.router.add_get("/gateway/", server._gateway)
    app.router.add_get("/gateway", server._gateway)
    api = "/api/v10"
    app.router.add_post(f"{api}/interactions/{{id}}/{{token}}/callback", server._to_interaction)
    app.router.add_route("*", f"{api}/webhooks/{{id}}/{{token}}", server._to_interaction)
    original = f"{api}/webhooks/{{id}}/{{token}}/messages/@original"
    app.router.add_route("*", original, server._to_interaction)
    app.router.add_route("*", f"{api}/{{rest:.*}}", server._rest)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
