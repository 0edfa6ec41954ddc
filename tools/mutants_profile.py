"""A pytest plugin for mutation testing: Hypothesis tries the same few examples each time, and keeps no notes.

mutmut runs every test several times in one process, for which Hypothesis would fail a test that is a method.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutants",
    derandomize=True,
    max_examples=20,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)
settings.load_profile("mutants")
