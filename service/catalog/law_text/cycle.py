"""Every how many years an award is given by the words of a regulation: 每两年评选一次, 评选周期为三年."""

from __future__ import annotations

import re

from service.catalog.law_text.numbers import NUMERAL, whole

_GIVEN = "评选|评审|评定|评比|评|开展|组织|举办|举行|进行|授予|表彰|奖励"
YEARLY = "(?P<yearly>每年)(?:组织|开展)?(?:评选|评审|评定|评比|授予|表彰|举办)"
_SIGNS = (
    re.compile(rf"每(?:隔)?{NUMERAL}年(?:为)?(?:评|选|开|组|举|进|授|表|奖|一[届次评])"),
    re.compile(rf"(?:评选|评审|评定|授奖|奖励)(?:的)?周期(?:为|是)?{NUMERAL}年"),
    re.compile(rf"(?<![0-9一二两三四五六七八九十第后内满]){NUMERAL}年(?:{_GIVEN})?一(?:届|次|评)"),
    re.compile(rf"{YEARLY}(?:[1１一][次届])?"),
)
_OTHERWISE = re.compile("报告|复评|复查|复审|培训|检查|考核|修订|报送|评估")
"""What else is done every so many years."""


def cycle_years(text: str) -> tuple[int, str] | None:
    """Return every how many years the award is given, with the words; None where the text does not say, or says two things."""
    text = re.sub(r"\s+", "", text)
    found: dict[int, str] = {}
    for sentence in re.split("[。；]", text):
        for sign in _SIGNS:
            for hit in sign.finditer(sentence):
                if not _OTHERWISE.search(sentence[hit.start() : hit.end() + 6]):
                    said = hit.groupdict()
                    found.setdefault(1 if said.get("yearly") else whole(said["n"]), hit[0])
    return next(iter(found.items())) if len(found) == 1 else None
