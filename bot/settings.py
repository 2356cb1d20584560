"""Settings: environment variables and a ``.env`` file, checked once at start."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from knowledge.base import BUNDLED_ARTICLES

__all__ = ["DATA_DIRECTORY", "LogLevel", "Settings", "SettingsError", "load_settings"]

DATA_DIRECTORY = Path(platformdirs.user_data_dir("sourcier", appauthor=False))

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

_API_VERSION = "v10"


class SettingsError(Exception):
    """Some settings are wrong. ``str(error)`` is one sentence for each mistake, one a line."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class Settings(BaseSettings):
    """Everything an operator can set. Each field is read from the variable named by its alias.

    ``database`` is derived from ``articles`` and can be deleted at any time; ``state`` is what the
    bot must remember, so that the two are never the same file.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    api_url: str | None = Field(default=None, validation_alias="DISCORD_API_URL")
    database: Path = Field(
        default=DATA_DIRECTORY / "knowledge.db", validation_alias="SOURCIER_DATABASE"
    )
    articles: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(BUNDLED_ARTICLES,), validation_alias="SOURCIER_ARTICLES"
    )
    semantic: bool = Field(default=True, validation_alias="SOURCIER_SEMANTIC")
    state: Path = Field(default=DATA_DIRECTORY / "state.db", validation_alias="SOURCIER_STATE")
    log_level: LogLevel = Field(default="INFO", validation_alias="SOURCIER_LOG_LEVEL")

    @field_validator("token")
    @classmethod
    def _check_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None:
            return None
        value = token.get_secret_value().strip()
        if value.lower().startswith(("bot ", "bearer ")):
            raise ValueError("must be the token alone, without “Bot” in front of it")
        if not value or re.search(r"[^!-~]", value):
            raise ValueError("must be one word without spaces: copy the token again")
        return SecretStr(value)

    @field_validator("api_url")
    @classmethod
    def _complete_url(cls, url: str | None) -> str | None:
        """Return the address that routes are appended to, with the version that we speak."""
        if url is None:
            return None
        url = url.strip().rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(
                "must be an http or https address such as http://localhost:8080/api/v10"
            )
        if parts.query or parts.fragment:
            raise ValueError("must not have a query or a fragment (nothing after “?” or “#”)")
        version = re.search(r"/(v\d+)$", parts.path)
        if version is None:
            return f"{url}/{_API_VERSION}" if parts.path else f"{url}/api/{_API_VERSION}"
        if version[1] != _API_VERSION:
            raise ValueError(f"must end in {_API_VERSION}, the version of Discord's API in use")
        return url

    @field_validator("articles", mode="before")
    @classmethod
    def _split_articles(cls, value: object) -> object:
        """Accept one path, several joined as in ``PATH``, or a sequence of paths."""
        if isinstance(value, str):
            return tuple(part for part in value.split(os.pathsep) if part)
        return (value,) if isinstance(value, Path) else value

    @field_validator("articles")
    @classmethod
    def _check_articles(cls, articles: tuple[Path, ...]) -> tuple[Path, ...]:
        expanded = tuple(path.expanduser() for path in articles)
        if not expanded:
            raise ValueError("must name at least one file or directory")
        for path in expanded:
            if not path.exists():
                raise ValueError(f"names {path}, which does not exist")
        return expanded

    @field_validator("database", "state")
    @classmethod
    def _check_file(cls, path: Path) -> Path:
        expanded = path.expanduser()
        if expanded.is_dir():
            raise ValueError(f"must be a file, but {expanded} is a directory")
        parent = next(folder for folder in expanded.absolute().parents if folder.exists())
        if not parent.is_dir():
            raise ValueError(f"cannot be {expanded}: {parent} is not a directory")
        if not os.access(parent, os.W_OK):
            raise ValueError(f"cannot be {expanded}: {parent} is not writable")
        return expanded

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.strip().upper() if isinstance(value, str) else value


def _variables() -> dict[str, str]:
    """Return the environment variable of each field."""
    return {
        name: str(field.validation_alias or name) for name, field in Settings.model_fields.items()
    }


def _mistakes(error: ValidationError) -> list[str]:
    variables = _variables()
    aliases = set(variables.values())
    sentences: list[str] = []
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        where = str(detail["loc"][0]) if detail["loc"] else ""
        variable = where if where in aliases else variables.get(where, where)
        reason = detail["msg"].removeprefix("Value error, ")
        if detail["type"].startswith("bool_"):
            reason = "must be on or off"
        if detail["type"] == "literal_error":
            reason = "must be one of DEBUG, INFO, WARNING and ERROR"
        sentences.append(f"{variable} {reason[0].lower()}{reason[1:]}.".replace("..", "."))
    return sentences


def _misspelled(names: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each name with our prefix that is no setting."""
    known = sorted(_variables().values())
    sentences: list[str] = []
    for name in sorted(names):
        if name.upper().startswith("SOURCIER_") and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.8)
            hint = f": did you mean {close[0]}?" if close else "; see .env.example for the list."
            sentences.append(f"{name} is not a setting{hint}")
    return sentences


def load_settings(**overrides: object) -> Settings:
    """Read the settings; an override that is not ``None`` wins over environment and file.

    Raises SettingsError.
    """
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    mistakes = _misspelled(os.environ)
    try:
        mistakes += _misspelled(dotenv_values(".env"))
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError(_mistakes(error) + mistakes) from None
    except UnicodeDecodeError:
        raise SettingsError([".env must be a UTF-8 text file.", *mistakes]) from None
    if settings.database.absolute() == settings.state.absolute():
        mistakes.insert(0, "SOURCIER_DATABASE and SOURCIER_STATE must be two different files.")
    if mistakes:
        raise SettingsError(mistakes)
    return settings
