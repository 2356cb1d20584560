"""What holds for all tests."""

from collections.abc import Iterator

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
