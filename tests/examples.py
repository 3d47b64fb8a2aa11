"""How many examples a property is tried on: profiles of Hypothesis, and the share that each draws.

TUNGNGO_TEST_PROFILE chooses one: `check` for a first answer within a minute, `ci` for what a change
must pass, `nightly` for a night.
"""

import os

import hypothesis

PERCENT = {"check": 10, "ci": 100, "nightly": 1_000}
"""Of the examples that a test asks for; it asks for a hundred where it says nothing."""


def load_profile() -> None:
    """The one that the environment names. Raises: KeyError for a name that there is not."""
    name = os.environ.get("TUNGNGO_TEST_PROFILE") or "ci"
    hypothesis.settings.register_profile(name, deadline=None, max_examples=PERCENT[name])
    hypothesis.settings.load_profile(name)


def examples(asked: int) -> int:
    """As many as the profile draws of so many."""
    return max(1, asked * hypothesis.settings().max_examples // 100)
