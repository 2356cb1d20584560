"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# No timing decides a test: a busy machine is slow, not wrong.
settings.register_profile("sourcier", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sourcier")
