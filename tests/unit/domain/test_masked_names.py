"""Names of people tell them apart and do not say who they are."""

from __future__ import annotations

import pytest

from service.domain.wording.masked_names import masked_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李", "李*"),
        ("李四", "李*"),
        ("王建国", "王**"),
        ("欧阳修文", "欧阳**"),
        ("阿卜杜·买买提", "阿**·***"),
        ("Anna Li", "A. ***"),
    ],
)
def test_a_name_keeps_its_beginning_alone(name: str, shown: str) -> None:
    assert masked_name(name) == shown
