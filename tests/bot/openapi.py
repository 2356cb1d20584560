"""Checks what the bot sends against Discord's own description of its API (OpenAPI 3.1)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator
from simcord import HttpLogEntry

__all__ = ["DiscordApi"]


# discord.py sends these; Discord documents them in prose but not in the OpenAPI document.
_OLDER = {"^(nsfw|tts)$": {"type": "boolean"}}


def _closed(schema: Any) -> Any:
    """Forbid properties that an object schema does not name: a misspelt one is an error."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
        closed["patternProperties"] = _OLDER
    return closed


class DiscordApi:
    """The routes of an OpenAPI document, and the schema of what may be sent to each."""

    def __init__(self, document: Path) -> None:
        api: dict[str, Any] = json.loads(document.read_text(encoding="utf-8"))
        # Discord takes numbers for snowflakes as well, and discord.py sends them.
        api["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        self._components = _closed(api["components"])
        # Literal routes first: “/messages/@original” is not “/messages/{message_id}”.
        self._paths: dict[str, dict[str, Any]] = api["paths"]
        self._patterns = [
            (template, re.compile(re.sub(r"\{\w+\}", "[^/]+", template)))
            for template in sorted(self._paths, key=lambda template: template.count("{"))
        ]

    def _route(self, method: str, path: str) -> tuple[str, str] | None:
        for template, pattern in self._patterns:
            if method.lower() in self._paths[template] and pattern.fullmatch(path):
                return template, method.lower()
        return None

    @cache  # noqa: B019 - one of them lives for a whole test run
    def _validator(self, template: str, method: str) -> Draft202012Validator | None:
        operation = self._paths[template][method]
        if "requestBody" not in operation:
            return None
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        return Draft202012Validator({**schema, "components": self._components})

    def problems(self, request: HttpLogEntry) -> list[str]:
        """Return what is wrong with a request, nothing where all is well."""
        path = re.sub(r"(?<=/)simcord_\w+", "token", request.path)
        return self._problems_of(request.method, path, json.dumps(request.json))

    @cache  # noqa: B019 - most tests send the same commands, and much else again and again
    def _problems_of(self, method: str, path: str, body: str) -> list[str]:
        place = f"{method} {path}"
        route = self._route(method, path)
        if route is None:
            return [f"{place}: no such route"]
        sent = json.loads(body)
        if sent is None:
            return []
        validator = self._validator(*route)
        if validator is None:
            return [f"{place}: takes no body"]
        return [
            f"{place}: {error.instance_path}: {error.message[:500]}"
            for error in validator.iter_errors(sent)
        ]
