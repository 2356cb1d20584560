"""What holds for all tests."""

from collections.abc import Iterator
from pathlib import Path

import network_guard
import pytest
from hypothesis import HealthCheck, settings

# No timing decides a test: a busy machine is slow, not wrong.
settings.register_profile("sourcier", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sourcier")

network_guard.install()


@pytest.fixture(autouse=True)
def _nothing_leaves_the_machine() -> Iterator[None]:
    """Fail a test in which anything but this machine was looked up or connected to."""
    network_guard.attempts.clear()
    yield
    assert not network_guard.attempts


@pytest.fixture
def among_foreign_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a folder with modules that have the names of ours and of Python's, and end whoever
    imports them."""
    for package in ("bot", "knowledge"):
        (tmp_path / package).mkdir()
    for name in ("bot/__init__.py", "knowledge/__init__.py", "random.py"):
        (tmp_path / name).write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
