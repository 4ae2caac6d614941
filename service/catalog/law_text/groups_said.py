"""What a clause gives to each of several groups of one award: 制造业不超过3家、服务业不超过2家; 组织不超过3个、个人不超过2个."""

from __future__ import annotations

import re

from service.catalog.law_text.numbers import numbers_in
from service.catalog.law_text.tiers_said import TierSaid
from service.catalog.parameters.parameters import Unit

_WORDS = "(?:组织|单位|领域|名额|获奖|每届|的)*各?(?:不得?超过|不得?多于|不得?高于|最多|至多|为)?$"
_GROUP = re.compile(f"(?P<group>[\u4e00-\u9fff]{{1,12}}(?:业|企业)|组织|个人|团队|班组){_WORDS}")
_JOINED = re.compile("(?<=业)(?:和|与|及|以及)")
"""What joins the groups that each have the same number: 农业和建筑业各不超过一个."""
_BEFORE = re.compile("^.*(?:奖|其中|每届|授予|评选|表彰|获奖)(?:的|中)?")


def groups_said(text: str) -> tuple[TierSaid, ...]:
    """Return the number of each group that ``text`` names before it; nothing where it names less than two, or one twice."""
    found: dict[str, TierSaid] = {}
    for number in numbers_in(text):
        named = _GROUP.search(number.before) if number.unit is Unit.COUNT else None
        name = _BEFORE.sub("", named["group"]) if named is not None else ""
        names = _JOINED.split(name) if named is not None and "各" in number.before else [name]
        if not all(names):
            continue
        if not found.keys().isdisjoint(names):
            return ()
        found |= {one: TierSaid(one, number) for one in names}
    return tuple(found.values()) if len(found) > 1 else ()
