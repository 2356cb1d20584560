"""The log as JSON: one object a line, whatever happens, and never the token."""

from __future__ import annotations

import json
import logging
import signal
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_discord import fake_discord
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from test_running import RUN, TOKEN, ended, indexed, online, process

from bot.app.logs import configure_logging

__all__ = ["indexed"]

LOG = logging.getLogger("bot.somewhere")


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level, sys.excepthook = handlers, level, hook
    logging.captureWarnings(False)
    for name in ("bot", "knowledge", "discord"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def records(err: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in err.splitlines()]


def test_a_record_is_an_object_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", SecretStr(TOKEN), "json")
    LOG.debug("not asked for")
    LOG.warning("café “%s”\n{}", TOKEN)
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError:
        LOG.exception("it failed")
    err = capsys.readouterr().err
    assert TOKEN not in err
    first, second = records(err)
    assert list(first) == ["time", "level", "logger", "message"]
    assert (first["level"], first["logger"]) == ("WARNING", "bot.somewhere")
    assert first["message"] == "café “[token]”\n{}"
    at = datetime.fromisoformat(first["time"])
    assert first["time"].endswith("Z")
    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(hours=1)
    assert second["message"] == "it failed"
    assert second["exception"].startswith("Traceback (most recent call last):\n")
    assert second["exception"].endswith("RuntimeError: [token]")


@given(st.text())
def test_no_text_breaks_a_line(text: str) -> None:
    record = logging.LogRecord("bot", logging.INFO, "", 0, "%s", (text,), None)
    configure_logging("INFO", None, "json")
    formatter = logging.getLogger().handlers[0].formatter
    assert formatter is not None
    line = formatter.format(record)
    assert "\n" not in line
    assert "\r" not in line
    assert json.loads(line)["message"] == text


def test_warnings_and_what_ends_the_program_are_records_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", SecretStr(TOKEN), "json")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old-fashioned", UserWarning, stacklevel=1)
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    warned, last = records(capsys.readouterr().err)
    assert "UserWarning: old-fashioned" in warned["message"]
    assert last["level"] == "CRITICAL"
    assert last["exception"].endswith("RuntimeError: [token]")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
async def test_a_bot_logs_nothing_but_json_from_its_first_start_to_its_end(
    tmp_path: Path,
) -> None:
    asked_for = {"SOURCIER_LOG_FORMAT": "json", "SOURCIER_LOG_LEVEL": "DEBUG"}
    async with online(tmp_path, **asked_for) as (_, started, log):
        started.send_signal(signal.SIGTERM)
        code, out, rest = await ended(started)
    assert (code, out) == (0, "")
    told = records(log + rest)
    assert any(one["message"].startswith("Index version") for one in told)
    assert any(one["message"].startswith("Connected as") for one in told)
    assert TOKEN not in log + rest


@pytest.mark.usefixtures("indexed")
async def test_why_a_bot_does_not_start_is_a_record(tmp_path: Path) -> None:
    async with (
        fake_discord("another") as server,
        process(
            RUN,
            tmp_path,
            DISCORD_TOKEN=TOKEN,
            DISCORD_API_URL=server.url,
            SOURCIER_LOG_FORMAT="json",
        ) as started,
    ):
        code, _, err = await ended(started)
    assert code == 1
    last = records(err)[-1]
    assert last["level"] == "CRITICAL"
    assert last["message"].startswith("Discord refused the token in DISCORD_TOKEN.")
    async with process(RUN, tmp_path, SOURCIER_LOG_FORMAT="json") as started:
        code, _, err = await ended(started)
    assert code == 1
    (only,) = records(err)
    assert only["message"].startswith("DISCORD_TOKEN is not set.")
