"""What a clause gives to each of several tiers: 质量奖不超过5家、提名奖不超过10家; 质量奖奖励50万元，提名奖奖励20万元."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.catalog.law_text.numbers import LawNumber

_WHOM = "(?:组织|单位|企业|个人|团队|班组|项目)"
_TIER = re.compile(
    rf"[\u4e00-\u9fff]{{1,14}}?(?<![获授颁评领])奖(?:(?:提名|创新|优秀|入围|鼓励|组织|个人)奖)?(?!励|金|项|牌|杯|状)(?:的?{_WHOM})?"
    rf"|(?<!每){_WHOM}"
)
"""A name, one that goes on from another (质量奖提名奖), or whom it is given to alone."""
_BEFORE_A_NAME = re.compile(
    "^(?:对于?|已经?|曾经?|凡|过|每[届次年]|其中|授予|授|评选|评出|表彰|奖励|给予|设立?|产生|确定|获得?|荣获|被|为|的|各|将|和|及|以及|或者?|市级|县级|本届)+"
)
_WHOSE = re.compile(rf"(?:获奖)?的?{_WHOM}$")
_ALL = re.compile("总数|总额|合计|共计|总计|其中|均")
_EACH, _IN_TURN = "各", "分别"
_SENTENCE = re.compile("[。；;]")
_BEHIND = re.compile(
    '(?:列为|授予|作为|定为|确定为|列入|进入|入围|推荐为|评为|提名为)[“"]?([一-鿿]{1,14}?奖(?:(?:提名|创新|优秀|入围|鼓励)奖)?)(?!励|金|项)'
)
"""A tier that follows its number: 达到700分的，列为质量奖候选组织."""
_PARTED = re.compile(rf"(?P<prize>.*?奖)??(?:获奖)?[的（(]?(?P<whom>{_WHOM})(?P<own>奖?)[）)]?")
"""A prize and whom it is given to: 质量奖的组织, 质量奖组织奖, 质量奖（组织）; or whom alone."""


@dataclass(frozen=True, slots=True)
class TierSaid:
    """What the text gives to the tier that it calls ``name``: the number, with its words."""

    name: str
    number: LawNumber

    @property
    def value(self) -> str:
        """The number as somebody types it."""
        return self.number.value


def tiers_said(numbers: Sequence[LawNumber], text: str) -> tuple[TierSaid, ...]:
    """Return what ``text`` says for each tier; nothing unless every one of its ``numbers`` is said of a tier of its own.

    Nothing for less than two, and for a whole and its parts (其中). One number may be that of several (金奖、银奖各3名), and
    several follow the names in their order (质量奖、提名奖分别奖励50万元、20万元). Each prize may give organisations and persons a
    number of their own (质量奖组织50万元、个人10万元；提名奖组织20万元、个人5万元), one prize alone too (质量奖组织3个、个人2个).
    The name may follow its number instead (达到700分的列为质量奖候选).
    """
    named = _by_name(numbers)
    parted = [_PARTED.fullmatch(said.name) for said in named]
    alone = [one is not None and not one["prize"] for one in parted]
    if any(alone) and not all(alone):  # one prize, and whom else it is given to
        crossed = _by_prize_and_whom(numbers, text)
        return crossed if crossed or any(len(tiers_named(number.before)) > 1 for number in numbers) else named
    return named or _by_prize_and_whom(numbers, text) or _by_name_behind(numbers, text)


def _by_name(numbers: Sequence[LawNumber]) -> tuple[TierSaid, ...]:
    found: dict[str, TierSaid] = {}
    turns = _in_turn(numbers)
    last = ""
    for number in numbers:
        before = number.before.rpartition(last)[2] if last else number.before
        names = turns.get(number) or _each_of(number, last) or [_named(before)]
        if not all(names) or not found.keys().isdisjoint(names) or number.part or _ALL.search(before):
            return ()
        found |= {name: TierSaid(name, number) for name in names}
        last = number.words
    return tuple(found.values()) if len(found) > 1 else ()


def _by_prize_and_whom(numbers: Sequence[LawNumber], text: str) -> tuple[TierSaid, ...]:
    """Return the number of each prize and whom it is given to; the prize stands before the first of them.

    Nothing where every prize has one number: then the prizes are the tiers.
    """
    found: dict[str, TierSaid] = {}
    prizes: dict[str, None] = {}
    end = 0
    for number in numbers:
        start = text.find(number.words, end)
        between = text[end:start]
        names = tiers_named(between)
        parted = _PARTED.fullmatch(names[-1]) if names else None
        if start < 0 or parted is None or len(names) > 2 or number.part or _ALL.search(between):
            return ()
        above = [parted["prize"]] if parted["prize"] else names[:-1]
        prize = above[0] if above else next(reversed(prizes), "")
        name = f"{prize}{'' if parted['own'] else '的'}{parted['whom']}{parted['own']}"
        if not prize or _EACH in between.rpartition(names[-1])[0] or _IN_TURN in between or name in found:
            return ()
        prizes.setdefault(prize)
        found[name] = TierSaid(name, number)
        end = start + len(number.words)
    return tuple(found.values()) if len(found) > len(prizes) else ()


def _by_name_behind(numbers: Sequence[LawNumber], text: str) -> tuple[TierSaid, ...]:
    """Return the number of each tier that is named behind it, before the next number."""
    found: dict[str, TierSaid] = {}
    starts: list[tuple[int, int]] = []
    for number in numbers:
        start = text.find(number.words, starts[-1][1] if starts else 0)
        if start < 0 or number.part:
            return ()
        starts.append((start, start + len(number.words)))
    nexts = [*(start for start, _ in starts[1:]), len(text)]
    for number, (_, end), after in zip(numbers, starts, nexts[: len(starts)], strict=True):
        named = _BEHIND.findall(_SENTENCE.split(text[end:after])[0])
        if len(named) != 1 or named[0] in found:
            return ()
        found[named[0]] = TierSaid(named[0], number)
    return tuple(found.values()) if len(found) > 1 else ()


def _in_turn(numbers: Sequence[LawNumber]) -> dict[LawNumber, list[str]]:
    """Return the name of each number that follows several names in their order: as many numbers as names."""
    rows: dict[str, list[LawNumber]] = {}
    for number in numbers:
        if _IN_TURN in number.row:
            rows.setdefault(number.row.partition(_IN_TURN)[0], []).append(number)
    pairs = ((tiers_named(head), counted) for head, counted in rows.items())
    return {
        number: [name]
        for names, counted in pairs
        if len(names) == len(counted) > 1
        for name, number in zip(names, counted, strict=True)
    }


def _each_of(number: LawNumber, last: str) -> list[str]:
    """Return the names of those that each have the number, none for a number of one alone; ``last`` are the words of the one before."""
    head, each, rest = number.row.rpartition(_EACH)
    return tiers_named(head) if each and not (last and last in rest) else []


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
    return _of_prize_and_whom(name, known)


def _of_prize_and_whom(name: str, known: Mapping[str, str]) -> str:
    """Return the tier that says the same prize and whom otherwise: 质量奖的组织 is 市长质量奖（组织）.

    Whom alone (个人) is the one tier that is given to them.
    """
    said = _PARTED.fullmatch(name)
    if said is None:
        return ""
    parted = {ident: _PARTED.fullmatch(whole) for ident, whole in known.items()}
    alike = [
        ident
        for ident, one in parted.items()
        if one and one["whom"] == said["whom"] and (one["prize"] or "").endswith(said["prize"] or "")
    ]
    return alike[0] if len(alike) == 1 else ""


def _named(before: str) -> str:
    """Return what the words before a number call the tier that it is of, "" where they name none, or several."""
    kept = tiers_named(before)
    return (
        kept[0] if len(kept) == 1 else _WHOSE.sub("", kept[0]) if len(kept) == 2 and _WHOSE.fullmatch(kept[1]) else ""
    )


def tiers_named(said: str) -> list[str]:
    """Return what ``said`` calls tiers, one after another."""
    names = [_BEFORE_A_NAME.sub("", hit[0]) for hit in _TIER.finditer(said)]
    return [name for name in names if name]
