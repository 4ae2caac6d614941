from __future__ import annotations

import pytest

from service.domain.forms import masked


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13800000000", "138****0000"),
        ("010-12345678", "010****5678"),
        ("1234567", "12****67"),
        ("41010119800101123X", "410****123X"),
        ("someone@example.cn", "s***@example.cn"),
        ("张三", "张*"),
        ("欧阳修文", "欧***"),
        ("新疆乌鲁木齐市某路 1 号", "新疆****"),
        (1980, "****"),
        (None, ""),
        ("", ""),
    ],
)
def test_personal_values_are_masked(value: object, shown: str) -> None:
    assert masked(value) == shown
