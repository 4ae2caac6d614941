"""One bench per test."""

from __future__ import annotations

import pytest

from tests.unit.engine.diagrams import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
