"""What a text says of how is voted: of whom the votes are a share, and whether the ballot is secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.catalog.law_text.majority_said import without_panels
from service.catalog.law_text.preset import Preset, ReadValue, one_of, sentences, short

_SHARE = re.compile("半数|[二三四五六七八九十]分之|百分之|[0-9]+(?:[.][0-9]+)?[%％]|[1-9]/[2-9]")
_AGREEING = re.compile("票|同意|赞成|通过|当选")
_OF = (
    ("members_on_roll", re.compile("全体|应到|总数|全部|所有(?:委员|成员)")),
    ("members_present", re.compile("出席|到会|与会|参会|实到|参加会议")),
    ("votes_cast", re.compile("有效票|有效选票|收回|投票(?:人数|总数|数)|参加(?:投票|表决)")),
)
_SECRET = re.compile("无记名|不记名|秘密(?:投票|表决)")
_OPEN = re.compile("(?<!无)(?<!不)(?<!非)记名(?:方式)?(?:投票|表决)|实名(?:投票|表决)|举手表决|公开(?:投票|表决)")


def vote_said(passages: Sequence[tuple[str, str]]) -> dict[str, Preset]:
    """Return ``base`` and ``secret`` as far as the text says them in one way."""
    return {key: read.preset for key, read in vote_read(passages).items() if read.preset is not None}


def vote_read(passages: Sequence[tuple[str, str]]) -> dict[str, ReadValue]:
    """Return ``base`` (of whom the votes are a share) and ``secret`` (true, false), with what each might be."""
    found: dict[str, list[Preset]] = {}
    for at, (article, said) in enumerate(passages):
        for sentence in sentences(without_panels(said)):
            for key, value in _told(sentence):
                found.setdefault(key, []).append(Preset(value, article, at, said=short(sentence)))
    return {key: one_of(presets) for key, presets in found.items()}


def _told(sentence: str) -> Iterator[tuple[str, str]]:
    for part in re.split("[，,、]", sentence):
        share = _SHARE.search(part)
        if share is not None and _AGREEING.search(part):
            bases = [base for base, words in _OF if words.search(part[: share.start()])]
            if len(bases) == 1:
                yield "base", bases[0]
    if _SECRET.search(sentence):
        yield "secret", "true"
    if _OPEN.search(sentence):
        yield "secret", "false"
