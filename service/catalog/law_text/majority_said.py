"""The share of votes and the attendance that a text asks of a vote: told apart by what those are asked to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from service.catalog.law_text.attendance import attending
from service.catalog.law_text.numbers import LawNumber, only_one
from service.catalog.law_text.preset import squeezed
from service.catalog.parameters import Unit

_OF_PANEL = re.compile("(?:评审组|专家组|评审小组|考评组|评审专家组)(?!长)[^。；]*")
_SENTENCE = re.compile("[^。；]+[。；]?")
_COMMITTEE = re.compile("委员|评委会|领导小组")
_BALLOTS = re.compile("票(?:数|率)?[^，]{0,4}$|票(?:数|率)?(?:超过|达到|不足|未达到?|不少于|不低于)[^，]{1,14}$")
_ATTEND, _AGREE = re.compile("出席|到会|参加|参会"), re.compile("同意|赞成|通过|票")


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
    shares = [n for n in numbers if n.unit is Unit.FRACTION]
    present = only_one([n for n in shares if _ATTEND.search(n.after) and not _AGREE.search(n.after)])
    agreeing = only_one([n for n in shares if _AGREE.search(n.after) or _BALLOTS.search(n.before)])
    found, words = {}, {}
    if agreeing is not None:
        found["value"] = f"{'>' if agreeing.over else '>='} {Fraction(agreeing.value)}"
        words["value"] = f"{'过' if agreeing.before.endswith('过') else ''}{agreeing.words}"
    heads = attending(numbers)
    if present is not None and heads is None:
        found["second"] = f"{'> ' if present.over else ''}{Fraction(present.value)}"
        words["second"] = present.words
    elif heads is not None and present is None:
        found["second"], words["second"] = heads.value, heads.words
    return found, words
