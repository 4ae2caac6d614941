"""Background work is named in words, whatever kind it is of and however older records name it."""

from __future__ import annotations

import pytest

from service.casework.desk.channels import WITHIN
from service.casework.due import run_item
from service.casework.due.rare_work import RARE
from service.domain.wording.work_names import WORK_NAMES, without_keys, work_name


def test_every_kind_of_work_has_a_name() -> None:
    outside = {channel.name for channel in WITHIN if channel.name != "inbox"}
    assert {*run_item._KINDS, *RARE, *outside} == set(WORK_NAMES)
    assert work_name("another").zh == "一项后台工作"


@pytest.mark.parametrize(
    ("told", "shown", "key"),
    [
        ("“document:151:167:mail”没有办成。", "“制发文书”没有办成。", "document:151:167:mail"),
        ("王建国重试：后台工作“timer”执行了 8 次都没有成功", "王建国重试：后台工作“期限届满后的处理”执行了 8 次都没有成功", "timer"),
        ("“制发文书”没有办成。", "“制发文书”没有办成。", ""),
        ("“QMS 证书”已核对。", "“QMS 证书”已核对。", ""),
    ],
)  # fmt: skip
def test_a_key_in_an_older_record_becomes_the_name(told: str, shown: str, key: str) -> None:
    assert without_keys(told) == (shown, key)
