"""Settings: where they come from, and one clear sentence for each mistake."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.settings import DATA_DIRECTORY, Settings, SettingsError, load_settings
from knowledge import BUNDLED_ARTICLES

EXAMPLE = Path(__file__).parents[2] / ".env.example"
VARIABLES = {str(field.validation_alias) for field in Settings.model_fields.values()}
TOKEN = "MTIz.GAbcde.a-token_that-nobody-has"


def mistakes(**overrides: object) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(**overrides)
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return list(caught.value.mistakes)


def test_everything_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCIER_SEMANTIC")
    settings = load_settings()
    assert settings.token is None
    assert settings.api_url is None
    assert settings.database == DATA_DIRECTORY / "knowledge.db"
    assert settings.state == DATA_DIRECTORY / "state.db"
    assert settings.articles == (BUNDLED_ARTICLES,)
    assert settings.log_level == "INFO"
    assert settings.log_format == "text"
    assert settings.metrics is None
    assert settings.processes == 0


def test_the_environment_wins_over_the_file_and_an_override_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("SOURCIER_DATABASE=file.db\nSOURCIER_LOG_LEVEL=debug\n")
    assert load_settings().database == Path("file.db")
    assert load_settings().log_level == "DEBUG"
    monkeypatch.setenv("SOURCIER_DATABASE", "environment.db")
    assert load_settings().database == Path("environment.db")
    assert load_settings(database=Path("override.db")).database == Path("override.db")
    assert load_settings(database=None).database == Path("environment.db")


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


def test_several_places_may_hold_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").touch()
    (tmp_path / "b").mkdir()
    monkeypatch.setenv("SOURCIER_ARTICLES", f"a.md{os.pathsep}b")
    assert load_settings().articles == (Path("a.md"), Path("b"))
    assert load_settings(articles=Path("b")).articles == (Path("b"),)
    assert load_settings(articles=[Path("b"), Path("a.md")]).articles == (Path("b"), Path("a.md"))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://localhost:8080", "http://localhost:8080/api/v10"),
        ("http://localhost:8080/", "http://localhost:8080/api/v10"),
        ("https://proxy.example/api", "https://proxy.example/api/v10"),
        ("https://proxy.example/api/v10/", "https://proxy.example/api/v10"),
    ],
)
def test_the_address_of_the_api_is_completed(
    given: str, used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_API_URL", given)
    assert load_settings().api_url == used


@pytest.mark.parametrize(
    ("given", "host", "is_loopback", "written"),
    [
        ("127.0.0.1:9464", "127.0.0.1", True, "127.0.0.1:9464"),
        (" localhost:9464 ", "127.0.0.1", True, "127.0.0.1:9464"),
        ("[::1]:9464", "::1", True, "[::1]:9464"),
        ("0.0.0.0:9464", "0.0.0.0", False, "0.0.0.0:9464"),
        ("[::]:9464", "::", False, "[::]:9464"),
        ("192.0.2.1:9464", "192.0.2.1", False, "192.0.2.1:9464"),
    ],
)
def test_an_address_to_be_watched_at_is_read(
    given: str, host: str, is_loopback: bool, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCIER_METRICS", given)
    address = load_settings().metrics
    assert address is not None
    assert (address.host, address.port) == (host, 9464)
    assert address.is_loopback is is_loopback
    assert str(address) == written


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DISCORD_TOKEN", f"Bot {TOKEN}", "DISCORD_TOKEN must be the token alone"),
        ("DISCORD_TOKEN", f"{TOKEN} {TOKEN}", "DISCORD_TOKEN must be one word without spaces"),
        ("DISCORD_TOKEN", "0123456789abcdef", "DISCORD_TOKEN must be three parts joined by dots"),
        ("DISCORD_TOKEN", "a.b", "DISCORD_TOKEN must be three parts joined by dots"),
        ("DISCORD_TOKEN", "a..b", "DISCORD_TOKEN must be three parts joined by dots"),
        ("DISCORD_TOKN", TOKEN, "DISCORD_TOKN is not a setting: did you mean DISCORD_TOKEN?"),
        ("DISCORD_API_ULR", "x", "DISCORD_API_ULR is not a setting: did you mean DISCORD_API_URL?"),
        ("DISCORD_API_URL", "http://a.example:99999", "DISCORD_API_URL must be an http or https"),
        ("DISCORD_API_URL", "http://a.example:0", "DISCORD_API_URL must be an http or https"),
        ("DISCORD_API_URL", "http://[a", "DISCORD_API_URL must be an http or https address"),
        ("DISCORD_API_URL", "localhost:8080", "DISCORD_API_URL must be an http or https address"),
        ("DISCORD_API_URL", "http://a.example/api/v9", "DISCORD_API_URL must end in v10"),
        ("DISCORD_API_URL", "http://a.example/?q=1", "DISCORD_API_URL must not have a query"),
        ("SOURCIER_LOG_LEVEL", "loud", "SOURCIER_LOG_LEVEL must be one of DEBUG, INFO,"),
        ("SOURCIER_LOG_FORMAT", "xml", "SOURCIER_LOG_FORMAT must be text or json."),
        ("SOURCIER_METRICS", "9464", "SOURCIER_METRICS must be an IP address of this machine and"),
        ("SOURCIER_METRICS", ":9464", "SOURCIER_METRICS must be an IP address of this machine"),
        ("SOURCIER_METRICS", "127.0.0.1", "SOURCIER_METRICS must be an IP address of this machine"),
        ("SOURCIER_METRICS", "127.0.0.1:0", "SOURCIER_METRICS must be an IP address of this"),
        ("SOURCIER_METRICS", "127.0.0.1:99999", "SOURCIER_METRICS must be an IP address of this"),
        ("SOURCIER_METRICS", "::1:9464", "SOURCIER_METRICS must be an IP address of this machine"),
        ("SOURCIER_METRICS", "bot.example:9464", "SOURCIER_METRICS must be an IP address of this"),
        ("SOURCIER_METRICS", "http://127.0.0.1:9464/", "SOURCIER_METRICS must be an IP address of"),
        ("SOURCIER_METRICS", "a@127.0.0.1:9464", "SOURCIER_METRICS must be an IP address of this"),
        ("SOURCIER_THREADS", "0", "SOURCIER_THREADS must be a number from 1 to 256."),
        ("SOURCIER_THREADS", "257", "SOURCIER_THREADS must be a number from 1 to 256."),
        ("SOURCIER_THREADS", "all", "SOURCIER_THREADS must be a number from 1 to 256."),
        ("SOURCIER_PROCESSES", "-1", "SOURCIER_PROCESSES must be a number from 0 to 64."),
        ("SOURCIER_PROCESSES", "65", "SOURCIER_PROCESSES must be a number from 0 to 64."),
        ("SOURCIER_PROCESSES", "all", "SOURCIER_PROCESSES must be a number from 0 to 64."),
        ("SOURCIER_ARTICLES", os.pathsep, "SOURCIER_ARTICLES must name at least one"),
        ("SOURCIER_DATABASE", ".", "SOURCIER_DATABASE must be a file"),
        ("SOURCIER_DATABASE", "file/k.db", "SOURCIER_DATABASE cannot be file/k.db:"),
        ("SOURCIER_STATE", ".", "SOURCIER_STATE must be a file"),
        ("SOURCIER_DATABSE", "x.db", "SOURCIER_DATABSE is not a setting: did you mean SOURCIER_DA"),
        ("SOURCIER_COLOUR", "red", "SOURCIER_COLOUR is not a setting; see .env.example"),
    ],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_mistake_is_one_clear_sentence(
    name: str,
    value: str,
    sentence: str,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    if place == "environment":
        monkeypatch.setenv(name, value)
    else:
        (tmp_path / ".env").write_text(f"{name}='{value}'\n")
    (said,) = mistakes()
    assert said.startswith(sentence)
    assert said[-1] in ".?"
    assert TOKEN not in said


def test_every_mistake_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCIER_LOG_LEVEL", "loud")
    monkeypatch.setenv("DISCORD_TOKEN", "Bot x")
    monkeypatch.setenv("SOURCIER_DATABSE", "x")
    assert len(mistakes(database=Path())) == 4


def test_variables_of_other_programs_are_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_OPENAPI", "DISCORD_WEBHOOK_URL", "DISCORD_GUILD", "DISCORD_BOT_TOKEN"):
        monkeypatch.setenv(name, "x")
    assert load_settings() == Settings()


def test_what_only_the_running_bot_needs_is_not_asked_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    database = tmp_path / "knowledge.db"
    database.touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setenv("SOURCIER_STATE", "file/state.db")
    monkeypatch.setenv("SOURCIER_ARTICLES", "nowhere")
    assert load_settings(database=database).articles == (Path("nowhere"),)
    assert mistakes(database=tmp_path / "new.db")[0].endswith(f"{tmp_path} is not writable.")


@pytest.mark.parametrize("line", ["nonsense here", "DISCORD_TOKEN", "=x", "SOURCIER_STATE='x"])
def test_a_line_of_the_file_that_cannot_be_read_is_named(
    tmp_path: Path, line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text(f"# Settings\n\n{line}\nSOURCIER_LOG_LEVEL=debug\n")
    assert mistakes() == [".env, line 3: write NAME=value."]
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_a_directory_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert mistakes() == [".env cannot be read: Is a directory."]


def test_derived_and_precious_data_are_two_files() -> None:
    assert mistakes(database=Path("x.db"), state=Path("x.db")) == [
        "SOURCIER_DATABASE and SOURCIER_STATE must be two different files."
    ]


def test_a_file_that_is_not_text_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    assert mistakes() == [".env must be a UTF-8 text file."]


def test_the_token_is_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    settings = load_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)
    assert TOKEN not in settings.model_dump_json()


def test_the_example_lists_exactly_the_settings_each_with_a_comment() -> None:
    blocks = EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    names = []
    for block in blocks:
        *comment, setting = block.splitlines()
        assert comment
        assert all(line.startswith("# ") for line in comment)
        match = re.fullmatch(r"([A-Z_]+)=", setting)
        assert match
        names.append(match[1])
    assert sorted(names) == sorted(VARIABLES)
