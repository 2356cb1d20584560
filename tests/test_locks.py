"""Both lock files hold the same versions, and the one for production a hash of every file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PRODUCTION = ("convert", "picture", "postgres")
"""The extras of a bot in production."""


def entries(name: str) -> list[str]:
    """Return the requirements of a lock file, each in one line with its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line.strip())
    return [line for line in lines if not line.lstrip().startswith("#")]


def pinned(name: str) -> set[tuple[str, str]]:
    """Return each package of a lock file with its version, or versions by environment."""
    found: set[tuple[str, str]] = set()
    for entry in entries(name):
        one = Requirement(entry.split("--hash")[0])
        (specifier,) = one.specifier
        assert specifier.operator == "==", entry
        found.add((canonicalize_name(one.name), specifier.version))
    return found


def test_production_gets_the_versions_that_are_tested() -> None:
    assert pinned("requirements.production.lock") <= pinned("requirements.lock")


def test_every_file_for_production_has_a_hash() -> None:
    for entry in entries("requirements.production.lock"):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_production_has_all_that_the_bot_and_its_extras_ask_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(one for e in PRODUCTION for one in project["project"]["optional-dependencies"][e]),
        *project["dependency-groups"]["build"],
    ]
    locked = {name for name, _ in pinned("requirements.production.lock")}
    assert {canonicalize_name(Requirement(one).name) for one in asked} <= locked
