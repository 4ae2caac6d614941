from random import Random

import pytest


@pytest.fixture
def chance() -> Random:
    """Chance that repeats itself."""
    return Random(20260302)
