"""The share of votes and the attendance that a text asks of a vote: told apart by what those are asked to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from service.catalog.law_text.attendance import attending
from service.catalog.law_text.numbers import LawNumber, only_one
from service.catalog.law_text.preset import squeezed
from service.catalog.law_text.tiers_said import TierSaid, tiers_said
from service.catalog.parameters.parameters import Unit

_OF_PANEL = re.compile("(?:评审组|专家组|评审小组|考评组|评审专家组)(?!长)[^。；]*")
_SENTENCE = re.compile("[^。；]+[。；]?")
_COMMITTEE = re.compile("委员|评委会|领导小组")
_BALLOTS = re.compile("票(?:数|率)?[^，]{0,4}$|票(?:数|率)?(?:超过|达到|不足|未达到?|不少于|不低于)[^，]{1,14}$")
_ATTEND, _AGREE = re.compile("出席|到会|参加|参会"), re.compile("同意|赞成|通过|票")
_ATTENDING = re.compile(
    "(?:出席|到会|参会|参加会议)[^，。；票]{0,8}(?:不得?少于|不得?低于|超过|达到?|占)[^，。；票]{0,8}$"
)
"""How many attend, before the share: 到会委员超过三分之二方可开会."""
_MAY = re.compile("(?:方可|方能|才可以?|才能|始得|可以?).*")
"""What may be done once so many attend: to vote is not to agree."""


def without_panels(text: str) -> str:
    """Return ``text`` without the sentences on how a panel of experts agrees: that is no vote of the committee."""
    kept = (
        said[0]
        for said in _SENTENCE.finditer(squeezed(text))
        if not _OF_PANEL.search(said[0]) or _COMMITTEE.search(said[0])
    )
    return "".join(kept)


def majority_said(numbers: Sequence[LawNumber]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the threshold as ``value`` and the attendance as ``second``, as somebody would type them, and their words."""
    present = only_one([n for n in numbers if n.unit is Unit.FRACTION and _is_present(n)])
    agreeing = only_one(_agreeing(numbers))
    found, words = {}, {}
    if agreeing is not None:
        found["value"] = _threshold(agreeing)
        words["value"] = f"{'过' if agreeing.before.endswith('过') else ''}{agreeing.words}"
    heads = attending(numbers)
    if present is not None and heads is None:
        found["second"] = f"{'> ' if present.over else ''}{Fraction(present.value)}"
        words["second"] = present.words
    elif heads is not None and present is None:
        found["second"], words["second"] = heads.value, heads.words
    return found, words


def thresholds_said(numbers: Sequence[LawNumber], text: str) -> tuple[TierSaid, ...]:
    """Return the threshold of each tier, as somebody would type it; nothing where the text gives one, or one to all.

    A prize may stand before its share or behind it (三分之二以上同意的，列为金奖候选).
    """
    return tuple(
        TierSaid(one.name, replace(one.number, value=_threshold(one.number), unit=Unit.TEXT))
        for one in tiers_said(_agreeing(numbers), _without_attendance(numbers, squeezed(text)))
    )


def _without_attendance(numbers: Sequence[LawNumber], text: str) -> str:
    """Return ``text`` without the shares that attend: the same words may stand there and in the votes."""
    agreeing, end = _agreeing(numbers), 0
    for share in (n for n in numbers if n.unit is Unit.FRACTION):
        start = text.find(share.words, end)
        if start >= 0:
            end = start + len(share.words)
            text = text if share in agreeing else f"{text[:start]}{'所' * len(share.words)}{text[end:]}"
    return text


def _agreeing(numbers: Sequence[LawNumber]) -> list[LawNumber]:
    """Return the shares of votes that something takes."""
    shares = [n for n in numbers if n.unit is Unit.FRACTION and not _is_present(n)]
    return [n for n in shares if _AGREE.search(n.after) or _BALLOTS.search(n.before)]


def _threshold(share: LawNumber) -> str:
    return f"{'>' if share.over else '>='} {Fraction(share.value)}"


def _is_present(share: LawNumber) -> bool:
    """Tell whether so many attend, by the words behind the share or those before it."""
    opens = _MAY.search(share.after) is not None
    after = _MAY.sub("", share.after)
    if _AGREE.search(after):
        return False
    return _ATTEND.search(after) is not None or (
        _ATTENDING.search(share.before) is not None and (opens or not after.strip("以上之的"))
    )
