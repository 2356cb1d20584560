"""Settings: environment variables and a ``.env`` file, checked once at start."""

from __future__ import annotations

import difflib
import io
import ipaddress
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

import platformdirs
from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.database_url import DatabaseUrl, read_place
from bot.shards import Shards, parse_shards
from knowledge import BUNDLED_ARTICLES

__all__ = [
    "DATA_DIRECTORY",
    "ListenAddress",
    "LogFormat",
    "LogLevel",
    "Settings",
    "SettingsError",
    "load_settings",
]

DATA_DIRECTORY = Path(platformdirs.user_data_dir("sourcier", appauthor=False))

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["text", "json"]

MAX_THREADS = 256
MAX_PROCESSES = 64

_API_VERSION = "v10"


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """An address of this machine (IPv4 or IPv6) and a port to listen at."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this machine can connect to it."""
        return ipaddress.ip_address(self.host).is_loopback

    @classmethod
    def read(cls, written: str) -> ListenAddress:
        """Return what ``ADDRESS:PORT`` says. Raises ValueError.

        No name but ``localhost`` is taken: to look another one up would ask another machine.
        """
        parts = urlsplit(f"//{written.strip()}")
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        if not parts.port or parts.path or parts.query or parts.fragment or parts.username:
            raise ValueError(written)
        return cls(str(ipaddress.ip_address(host)), parts.port)


def _read_address(url: str) -> SplitResult | None:
    """Return the parts of a web address, ``None`` where it is none."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none, a bracket too many
        return None
    return parts if is_address else None


class SettingsError(Exception):
    """Some settings are wrong. ``str(error)`` is one sentence for each mistake, one a line."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class Settings(BaseSettings):
    """Everything an operator can set. Each field is read from the variable named by its alias.

    ``database`` is derived from ``articles`` and can be deleted at any time; ``state`` is what the
    bot must remember, in a file or in a PostgreSQL database, so that the two are never the same.
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
    reader: bool = Field(default=True, validation_alias="SOURCIER_READER")
    threads: int | None = Field(
        default=None, ge=1, le=MAX_THREADS, validation_alias="SOURCIER_THREADS"
    )
    processes: int = Field(default=0, ge=0, le=MAX_PROCESSES, validation_alias="SOURCIER_PROCESSES")
    state: Path | DatabaseUrl = Field(
        default=DATA_DIRECTORY / "state.db", validation_alias="SOURCIER_STATE"
    )
    log_level: LogLevel = Field(default="INFO", validation_alias="SOURCIER_LOG_LEVEL")
    shards: Annotated[Shards | None, NoDecode] = Field(
        default=None, validation_alias="SOURCIER_SHARDS"
    )
    log_format: LogFormat = Field(default="text", validation_alias="SOURCIER_LOG_FORMAT")
    metrics: Annotated[ListenAddress | None, NoDecode] = Field(
        default=None, validation_alias="SOURCIER_METRICS"
    )

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
        if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", value, re.ASCII):
            raise ValueError(
                "must be three parts joined by dots: copy it from the Bot page of your application"
            )
        return SecretStr(value)

    @field_validator("api_url")
    @classmethod
    def _complete_url(cls, url: str | None) -> str | None:
        """Return the address that routes are appended to, with the version that we speak."""
        if url is None:
            return None
        url = url.strip().rstrip("/")
        parts = _read_address(url)
        if parts is None:
            raise ValueError(
                "must be an http or https address such as http://localhost:8080/api/v10, "
                "with a port from 1 to 65535 if any"
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
        return expanded

    @field_validator("state", mode="before")
    @classmethod
    def _read_state(cls, value: object) -> object:
        """Accept a file or the address of a database."""
        return read_place(value) if isinstance(value, str) else value

    @field_validator("database", "state")
    @classmethod
    def _check_file(cls, path: Path | DatabaseUrl, info: ValidationInfo) -> Path | DatabaseUrl:
        """Refuse what can never be a file. The state is opened by nothing but the running bot."""
        if isinstance(path, DatabaseUrl):
            return path
        expanded = path.expanduser()
        if expanded.is_dir():
            raise ValueError(f"must be a file, but {expanded} is a directory")
        if info.field_name == "state" or expanded.exists():
            return expanded
        parent = next(folder for folder in expanded.absolute().parents if folder.exists())
        if not parent.is_dir():
            raise ValueError(f"cannot be {expanded}: {parent} is not a directory")
        if not os.access(parent, os.W_OK):
            raise ValueError(f"cannot be {expanded}: {parent} is not writable")
        return expanded

    @field_validator("shards", mode="before")
    @classmethod
    def _read_shards(cls, value: object) -> object:
        return parse_shards(value) if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("log_format", mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("metrics", mode="before")
    @classmethod
    def _read_listen_address(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return ListenAddress.read(value)
        except ValueError:
            raise ValueError(
                "must be an IP address of this machine and a port from 1 to 65535, such as "
                "127.0.0.1:9464 or [::1]:9464"
            ) from None


_NUMBERS = {
    "SOURCIER_PROCESSES": f"must be a number from 0 to {MAX_PROCESSES}",
    "SOURCIER_THREADS": f"must be a number from 1 to {MAX_THREADS}",
}
_CHOICES = {
    "SOURCIER_LOG_LEVEL": "must be one of DEBUG, INFO, WARNING and ERROR",
    "SOURCIER_LOG_FORMAT": "must be text or json",
}


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
        if detail["type"].startswith(("int_", "greater_", "less_")):
            reason = _NUMBERS[variable]
        if detail["type"] == "literal_error":
            reason = _CHOICES[variable]
        sentences.append(f"{variable} {reason[0].lower()}{reason[1:]}.".replace("..", "."))
    return sentences


def _misspelled(names: Iterable[str]) -> list[str]:
    """Return a sentence for each name that is no setting but was meant to be one.

    The prefix ``SOURCIER_`` is ours alone. Other programs have variables that begin with
    ``DISCORD_``, so that only a slip of the finger counts there.
    """
    known = sorted(_variables().values())
    sentences: list[str] = []
    for name in sorted(names):
        upper = name.upper()
        if upper in known:
            continue
        if upper.startswith("SOURCIER_"):
            close = difflib.get_close_matches(upper, known, n=1, cutoff=0.8)
            hint = f": did you mean {close[0]}?" if close else "; see .env.example for the list."
            sentences.append(f"{name} is not a setting{hint}")
        elif close := difflib.get_close_matches(upper, known, n=1, cutoff=0.88):
            sentences.append(f"{name} is not a setting: did you mean {close[0]}?")
    return sentences


def _names_in_file() -> list[str]:
    """Return the names that ``.env`` sets. Raises SettingsError where it cannot be read."""
    try:
        text = Path(".env").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise SettingsError([".env must be a UTF-8 text file."]) from None
    except OSError as error:
        raise SettingsError([f".env cannot be read: {error.strerror or error}."]) from None
    names: list[str] = []
    mistakes: list[str] = []
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            written = binding.original.string
            blank_lines = written[: len(written) - len(written.lstrip())].count("\n")
            mistakes.append(f".env, line {binding.original.line + blank_lines}: write NAME=value.")
        elif binding.key is not None:
            names.append(binding.key)
    if mistakes:
        raise SettingsError(mistakes)
    return names


def load_settings(**overrides: object) -> Settings:
    """Read the settings; an override that is not ``None`` wins over environment and file.

    Raises SettingsError.
    """
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    mistakes = _misspelled({*os.environ, *_names_in_file()})
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError(_mistakes(error) + mistakes) from None
    state = settings.state
    if isinstance(state, Path) and settings.database.absolute() == state.absolute():
        mistakes.insert(0, "SOURCIER_DATABASE and SOURCIER_STATE must be two different files.")
    if mistakes:
        raise SettingsError(mistakes)
    return settings
