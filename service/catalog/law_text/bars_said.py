"""What a clause bars winners of each of several tiers for: 获得金奖的六年内不得再次申报，获得银奖的三年内不得再次申报银奖."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.catalog.law_text.numbers import LawNumber
from service.catalog.law_text.preset import sentences, squeezed
from service.catalog.law_text.rounds_said import barred_ever
from service.catalog.law_text.tiers_said import TierSaid, tiers_named
from service.catalog.parameters.parameters import Unit

_BEFORE_WHOM = re.compile("[，,；;。]")
_WHOM_ALONE = re.compile("组织|单位|企业|个人|团队|班组|项目")
_APPLIED_FOR = re.compile("(?:可以?|允许)[^，。；获]{0,6}申报[^，。；]*")
"""What winners may apply for all the same: 已获得银奖的，可以申报金奖，但三年内……."""
_MAY_ALL_THE_SAME = re.compile("(?:但是?)?(?:可以?|允许)[^，。；获]{0,6}申报[^，。；]{1,14}?奖")
_OF_THIS = re.compile(
    '^(?:之|以)?内?[^，。；]{0,6}(?:不得|不能|不再|不予)(?:再次?|重复|重新)?申报[“"]?(?P<tier>[一-鿿]{1,14}奖)'
)
_WON_BEHIND = re.compile(
    '^(?:之|以)?内?(?:已经?|曾经?)?(?:获得?|荣获|得)过?[“"]?(?P<tier>[一-鿿]{1,14}?奖(?:(?:提名|创新|优秀|入围|鼓励)奖)?)(?!励|金|项)'
)
_COUNTED = (Unit.YEARS, Unit.MONTHS)


def bars_said(numbers: Sequence[LawNumber], text: str) -> tuple[TierSaid, ...]:
    """Return the ``numbers`` of years or months, each with the tier whose winners it bars; nothing unless every one has its own.

    Who may never apply again has a sentence too (曾获特等奖的不再参评).

    The tier stands before its number, in its part of the sentence or the one before (获得金奖的，六年内), behind it
    (近五年内获得过金奖), or all stand before all numbers (获得金奖、银奖的，分别在6年、3年内).
    """
    kept = [number for number in numbers if number.unit in _COUNTED]
    never = _never(squeezed(text))
    left = squeezed(text)
    for one in never:
        left = left.replace(one.number.before, "", 1)
    said = list(_between(kept, left)) if len(kept) + len(never) > 1 else []
    if not said or len(said) != len(kept):
        return ()
    named = [_whose(before, after, first=n == 0) for n, (before, after) in enumerate(said)]
    together = _tiers(said[0][0]) if "分别" in said[0][0] else []
    names = together if len(together) == len(kept) else [one[0] if len(one) == 1 else "" for one in named]
    names = [*(one.name for one in never), *names]
    if not all(names) or len(set(names)) < len(names):
        return ()
    return (*never, *(TierSaid(name, number) for name, number in zip(names[len(never) :], kept, strict=True)))


def _never(text: str) -> tuple[TierSaid, ...]:
    """Return the tiers whose winners may never apply again, each in a sentence of its own: 曾获特等奖的组织不再参加评审."""
    found = []
    for sentence in sentences(text):
        words, named = barred_ever(sentence), _tiers(sentence)
        if words is not None and len(named) == 1:
            number = LawNumber("true", Unit.BOOLEAN, words, sentence, "", "", False)
            found.append(TierSaid(named[0], number))
    return tuple(found)


def tier_applied_for(number: LawNumber) -> dict[str, str]:
    """Return as ``applying`` for which tier alone its winners may not apply again (三年内不得再次申报银奖); nothing for any."""
    found = _OF_THIS.search(number.after)
    return {"applying": found["tier"]} if found is not None else {}


def bars_told(each: Sequence[TierSaid], text: str) -> tuple[str, ...]:
    """Return the words of exceptions that the bars ``each`` of tiers tell already: 但三年内, and what may be applied for."""
    but = [f"但{one.number.words}" for one in each if one.number.before.endswith("但")]
    free = [hit[0] for hit in _MAY_ALL_THE_SAME.finditer(squeezed(text))]
    return (*but, *(free if any(tier_applied_for(one.number) for one in each) else ()))


def _between(numbers: Sequence[LawNumber], text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before each number, from the one before, and behind it, up to the next."""
    spans, end = [], 0
    for number in numbers:
        start = text.find(number.words, end)
        if start < 0:
            return
        end = start + len(number.words)
        spans.append((start, end))
    starts = [*(start for start, _ in spans[1:]), len(text)]
    ends = [0, *(end for _, end in spans[:-1])]
    for (start, end), former, later in zip(spans, ends, starts, strict=True):
        yield text[former:start], text[end:later]


def _whose(before: str, after: str, *, first: bool) -> list[str]:
    """Return the tiers whose winners are spoken of: before the number, without the rest of what was said of the one before."""
    own = before if first else _BEFORE_WHOM.split(before, maxsplit=1)[-1] if _BEFORE_WHOM.search(before) else ""
    if found := _WON_BEHIND.search(after):
        return [found["tier"]]
    return _tiers(own)


def _tiers(said: str) -> list[str]:
    """Return the tiers that are named, without whom an award is given to."""
    won = _APPLIED_FOR.sub("", said)
    return list(dict.fromkeys(name for name in tiers_named(won) if not _WHOM_ALONE.fullmatch(name)))
