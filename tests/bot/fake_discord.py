"""As much of Discord as a client needs to start: a few routes and a gateway, on this machine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

__all__ = ["FakeDiscord", "fake_discord"]

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
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)

    async def write_to_the_bot(self, message: int, content: str) -> None:
        """Let a member send the bot a direct message with this id."""
        said = {**_message(message), "author": _MEMBER, "content": content}
        for socket in self._sockets:
            await socket.send_json({"op": 0, "t": "MESSAGE_CREATE", "s": message, "d": said})

    def reply_to(self, message: int) -> str:
        """Return what the bot has sent in reply to a message so far, as JSON; else nothing."""
        replies = [one for one in self.sent if one["message_reference"]["message_id"] == message]
        return "".join(json.dumps(one["components"]) for one in replies)

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
        self._sockets.append(socket)
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
                ready = {
                    "v": 10,
                    "user": _BOT,
                    "shard": [shard, count],
                    "guilds": [],
                    "session_id": "session",
                    "resume_gateway_url": self.url.replace("http", "ws") + "/gateway",
                    "application": {"id": "1", "flags": 0},
                }
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
        self._sockets.remove(socket)
        self.closed.append(socket.close_code)
        return socket


@asynccontextmanager
async def fake_discord(token: str) -> AsyncIterator[FakeDiscord]:
    """Serve a Discord on a free port of this machine."""
    server = FakeDiscord(token)
    app = web.Application()
    app.router.add_get("/gateway/", server._gateway)
    app.router.add_get("/gateway", server._gateway)
    app.router.add_route("*", "/api/v10/{rest:.*}", server._rest)
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
