"""No clause comes to be cited without an expectation that proves it."""

from __future__ import annotations

import pytest

import handlers
from tests.scenarios.unproved import PROJECT, kept, unproved
from tests.support.bundled import bundled

handlers.load()
CITIES = sorted({award.parts[-3] for award in (PROJECT / "processes").glob("*/*/award.yaml")})


@pytest.mark.parametrize("city", CITIES)
def test_no_clause_more_is_unproved(city: str) -> None:
    """Write ``proves`` on an expectation that fails without it, or say in law.yaml why it is words only."""
    known = kept(city)
    assert [clause for clause in unproved(bundled(), city) if clause not in known] == []
