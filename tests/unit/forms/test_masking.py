from __future__ import annotations

import pytest

from service.domain.forms import masked
from tests.support.tables import rows


@pytest.mark.parametrize(("value", "shown"), rows("forms", "masked"))
def test_personal_values_are_masked(value: object, shown: str) -> None:
    assert masked(value) == shown
