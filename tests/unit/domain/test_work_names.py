"""Background work is named in words, whatever kind it is of."""

from __future__ import annotations

from service.casework.desk.channels import WITHIN
from service.casework.due import run_item
from service.casework.due.rare_work import RARE
from service.domain.wording.work_names import WORK_NAMES, work_name


def test_every_kind_of_work_has_a_name() -> None:
    outside = {channel.name for channel in WITHIN if channel.name != "inbox"}
    assert {*run_item._KINDS, *RARE, *outside} == set(WORK_NAMES)
    assert work_name("another").zh == "一项后台工作"
