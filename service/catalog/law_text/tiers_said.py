"""What a clause gives to each of several tiers: 质量奖不超过5家、提名奖不超过10家; 质量奖奖励50万元，提名奖奖励20万元."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.catalog.law_text.numbers import LawNumber

_WHOM = "(?:组织|单位|企业|个人|团队|班组|项目)"
_TIER = re.compile(rf"[\u4e00-\u9fff]{{1,14}}?(?<![获授颁评领])奖(?!励|金|项|牌|杯|状)(?:的?{_WHOM})?|(?<!每){_WHOM}")
_BEFORE_A_NAME = re.compile(
    "^(?:对于?|每[届次年]|其中|授予|授|评选|评出|表彰|奖励|给予|设立?|产生|确定|获得?|荣获|被|为|的|各|将|和|及|以及|或者?|市级|县级|本届)+"
)
_WHOSE = re.compile(rf"(?:获奖)?的?{_WHOM}$")
_ALL = re.compile("总数|总额|合计|共计|总计|其中|各$|各(?:不|为|奖)|均")


@dataclass(frozen=True, slots=True)
class TierSaid:
    """What the text gives to the tier that it calls ``name``: the number, with its words."""

    name: str
    number: LawNumber

    @property
    def value(self) -> str:
        """The number as somebody types it."""
        return self.number.value


def tiers_said(numbers: Sequence[LawNumber]) -> tuple[TierSaid, ...]:
    """Return what is said for each tier; nothing unless every one of ``numbers`` is said of a tier of its own.

    Nothing for less than two, for a whole and its parts (其中) and for what is said of several tiers at once (各).
    """
    found: dict[str, TierSaid] = {}
    last = ""
    for number in numbers:
        before = number.before.rpartition(last)[2] if last else number.before
        name = _named(before)
        if not name or name in found or number.part or _ALL.search(before):
            return ()
        found[name], last = TierSaid(name, number), number.words
    return tuple(found.values()) if len(found) > 1 else ()


def tier_called(name: str, tiers: Iterable[tuple[str, str]]) -> str:
    """Return which of ``tiers`` (id, name) a text calls ``name``: 提名奖 is 市长质量奖提名奖; "" for none, or several."""
    known: Mapping[str, str] = dict(tiers)
    for said in dict.fromkeys((name, _WHOSE.sub("", name))):
        for alike in (
            [ident for ident, whole in known.items() if whole == said],
            [ident for ident, whole in known.items() if said and (whole.endswith(said) or said.endswith(whole))],
        ):
            if len(alike) == 1:
                return alike[0]
    return ""


def _named(before: str) -> str:
    """Return what the words before a number call the tier that it is of, "" where they name none, or several."""
    names = [_BEFORE_A_NAME.sub("", hit[0]) for hit in _TIER.finditer(before)]
    kept = [name for name in names if name]
    return (
        kept[0] if len(kept) == 1 else _WHOSE.sub("", kept[0]) if len(kept) == 2 and _WHOSE.fullmatch(kept[1]) else ""
    )
