"""The README speaks of what is there."""

import re
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_two_commands_install_and_run_and_test() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    commands = [block.strip() for block in blocks]
    assert all("\n" not in command for command in commands)
    assert [command.rsplit("/", 1)[-1] for command in commands] == ["sourcier", "pytest"]


def test_every_command_of_the_program_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    names = re.findall(r"^    (\w+) {2,}", capsys.readouterr().out, re.MULTILINE)
    assert len(names) == 14
    for name in names:
        assert re.search(rf"`(?:sourcier )?{name}\b", README), name


def test_every_setting_is_named() -> None:
    for field in Settings.model_fields.values():
        assert f"`{field.validation_alias}`" in README


def test_links_into_the_repository_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    inside = [target for target in targets if not target.startswith("http")]
    assert inside
    for target in inside:
        assert (ROOT / target).exists(), target


def test_no_place_was_left_to_be_filled_in() -> None:
    for cell in re.findall(r"\| ([^|\n]+) (?=\|)", README):
        assert not re.fullmatch(r"[A-Z]{4,}", cell.strip("* ")), cell
    assert not re.search(r"^[A-Z]{4,}$", README, re.MULTILINE)
