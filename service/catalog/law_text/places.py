"""How many places each tier has, by the words of a regulation; what is recommended or added is no place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.catalog.law_text.numbers import NUMERAL, whole
from service.catalog.law_text.preset import sentences, squeezed

_COUNTER = "(?:个(?!工作日|月|年)|家|名|项)"
_NAME = r"[“「\"]?(?P<name>[\u4e00-\u9fff]{1,12}?(?<![获授颁评领])奖)[”」\"]?"
_BETWEEN = "(?:每[届次年]|获奖|授奖|评选|组织|单位|企业|个人|名额|总数|数量|原则上|一般|均|各|的)*"
_MOST = "(?:不得?超过|不得?多于|不得?高于|最多|至多|控制在)(?:为|评选|评出|授予)?"
_SIGNS = (
    re.compile(rf"{_NAME}{_BETWEEN}{_MOST}{NUMERAL}{_COUNTER}"),
    re.compile(rf"{_NAME}{_BETWEEN}{NUMERAL}{_COUNTER}(?:组织|单位|企业)?(?:以内|之内|以下|及以下)"),
    re.compile(rf"{_NAME}{_BETWEEN}以{NUMERAL}{_COUNTER}为限"),
    re.compile(
        rf"(?:^|[设、，和及：])(?:设立|评选|评出|授予)?(?:和|及)?(?P<name>[\u4e00-\u9fff]{{1,10}}?(?<![获授颁评领])奖)(?:各|为)?"
        rf"{NUMERAL}{_COUNTER}(?=[、，。；和及]|$)"
    ),
)
"""“质量奖每届不超过3个”, “银奖4个以内”, and “设金奖3名、银奖5名”, where the number is the bound without a word for it."""
_WHOLE_AWARD = re.compile(
    rf"(?:^|，)(?P<name>[\u4e00-\u9fff]{{2,12}}(?<![获授颁评领])奖)[^。；]{{0,60}}?(?:获奖|授奖|名额|总数)[^，。；]{{0,8}}{_MOST}{NUMERAL}{_COUNTER}"
)
"""“质量奖每2年评审一届，获奖组织每届不超过3个”: the places of an award that has no tiers."""
_UNNAMED = re.compile(
    rf"(?:^|，)(?:本市|全市|全县|全区|全州)?每[届次年](?:评选|评出)?的?(?:获奖|授奖)(?:组织|单位|企业|名额|总数|数量|的)*{_MOST}{NUMERAL}{_COUNTER}"
)
"""“每届获奖组织不超过3个”, where the sentence does not name the award."""
_PART = re.compile("其中[：:，,]?")
_BRACKET, _CLOSED = re.compile(r"[（(]\s*$"), re.compile("[）)]")
_APART = re.compile("、|以及|[和与及]")
_ONE_NAME = re.compile(r"[“「\"]?(?P<name>[\u4e00-\u9fff]{1,12}?(?<![获授颁评领])奖)")
_COUNTED = re.compile(rf"[^，。；、]*?{NUMERAL}{_COUNTER}[^，。；、]*")
_OTHERS = re.compile("评审|专家|委员|成员|条件|材料|工作|项目|阶段|环节|奖(?:励|金)|总数|合计|共计")
"""What is no place although it stands beside them: people who act, things, the whole of the places."""
_NO_PLACE = re.compile("推荐|提名(?!奖)|申报|初选|入围|候选|增加|追加|增设|增补|调剂|调整|另行|专家|委员")
_EACH = re.compile("每[届次年]")
_BEFORE_A_NAME = re.compile("^(?:每届|每次|每年|其中|设(?!计|备|施)立?|授予|评选|评出|表彰|获得|各|将|和|及|以及|，)+")


def tiers_of(passages: Iterable[tuple[str, str]], award: str = "") -> tuple[tuple[str, int, str], ...]:
    """Return the tiers that the text gives places to: name, places and article, in the order of the text.

    A tier whose places are said in two ways is left out. Places of which the text does not say of what are those of ``award``
    as a whole, where it is given and the text names no tier.
    """
    kept = [(article, squeezed(text)) for article, text in passages]
    return _told(kept, _SIGNS) or _told(kept, (_WHOLE_AWARD,)) or (_of_whole(kept, award) if award.strip() else ())


def _of_whole(passages: list[tuple[str, str]], award: str) -> tuple[tuple[str, int, str], ...]:
    found = [
        (award.strip(), whole(hit["n"]), article)
        for article, text in passages
        for sentence in sentences(text)
        for hit in _UNNAMED.finditer(sentence)
    ]
    return tuple(found[:1]) if len({places for _, places, _ in found}) == 1 else ()


def places_unread(passages: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    """Return what stands beside the places of tiers and was read as no tier: article, words and number (个人不超过2名)."""
    kept = [(article, squeezed(text)) for article, text in passages]
    found: list[tuple[str, str, int]] = []
    for article, text in kept:
        for sentence in sentences(text):
            taken = set(_hits(sentence, _SIGNS))
            parts = _PART.search(sentence)
            if parts is not None:  # the whole is said by its parts, where these are the tiers
                taken |= {at for at in _all_hits(sentence, _SIGNS) if at < parts.start()}
            for hit in _COUNTED.finditer(sentence) if taken else ():
                said = hit[0]
                if hit.start("n") not in taken and not _OTHERS.search(said) and not _NO_PLACE.search(said):
                    found.append((article, said, whole(hit["n"])))
    return tuple(dict.fromkeys(found))


def _told(passages: list[tuple[str, str]], signs: tuple[re.Pattern[str], ...]) -> tuple[tuple[str, int, str], ...]:
    tiers: dict[str, tuple[str, int, str]] = {}
    doubtful: set[str] = set()
    for article, text in passages:
        for name, places in _in_order(text, signs):
            known = tiers.setdefault(name, (name, places, article))
            doubtful |= {name} if known[1] != places else set()
    return tuple(tier for name, tier in tiers.items() if name not in doubtful)


def _in_order(text: str, signs: tuple[re.Pattern[str], ...]) -> Iterator[tuple[str, int]]:
    """Yield name and places as they follow each other in a passage."""
    for sentence in sentences(text):
        for hit in _hits(sentence, signs).values():
            names = _each_named(sentence[: hit.start("n")]) or [hit["name"]]
            told = [(_BEFORE_A_NAME.sub("", name), whole(hit["n"])) for name in names]
            yield from (one for one in told if len(one[0]) > 1)


def _hits(sentence: str, signs: tuple[re.Pattern[str], ...]) -> dict[int, re.Match[str]]:
    """Return where tiers get their places, by where the number stands, each place once."""
    return _without_parts(sentence, _all_hits(sentence, signs))


def _all_hits(sentence: str, signs: tuple[re.Pattern[str], ...]) -> dict[int, re.Match[str]]:
    found: dict[int, re.Match[str]] = {}
    for sign in signs:
        for hit in sign.finditer(sentence):
            if not _is_no_place(sentence, hit):
                found.setdefault(hit.start("n"), hit)
    return dict(sorted(found.items()))


def _each_named(before: str) -> list[str]:
    """Return the tiers that each have the number that stands behind ``before``: 质量奖、提名奖各; none where it is one's alone."""
    row, each, rest = re.split("[，：]", before)[-1].rpartition("各")
    if not each or re.search(NUMERAL + _COUNTER, rest):
        return []
    hits = (_ONE_NAME.search(_BEFORE_A_NAME.sub("", piece)) for piece in _APART.split(row))
    return [hit["name"] for hit in hits if hit is not None]


def _without_parts(sentence: str, hits: dict[int, re.Match[str]]) -> dict[int, re.Match[str]]:
    """Return the places of tiers without what is said twice: a part of others (其中), or the whole where all its parts are said.

    Without brackets what follows in the sentence may be a further part: only what is no less than the whole is surely none.
    """
    lead = _PART.search(sentence)
    whole_one = next((at for at in reversed(hits) if lead is not None and at < lead.start()), None)
    if lead is None or whole_one is None:
        return hits
    most, bracketed = whole(hits[whole_one]["n"]), _BRACKET.search(sentence[: lead.start()]) is not None
    closed = _CLOSED.search(sentence, lead.end()) if bracketed else None
    parts = [at for at in hits if at > lead.end() and (closed is None or at < closed.start())]
    if sum(whole(hits[at]["n"]) for at in parts) == most:
        return {at: hit for at, hit in hits.items() if at != whole_one}
    others = () if bracketed else [at for at in parts[1:] if whole(hits[at]["n"]) >= most]
    return {at: hit for at, hit in hits.items() if at not in parts or at in others}


def _is_no_place(sentence: str, hit: re.Match[str]) -> bool:
    """Tell whether the words before a number say that so many are recommended, added, or something else than given."""
    before = sentence[: hit.start("n")]
    last = max((each.start() for each in _EACH.finditer(before)), default=0)
    return bool(_NO_PLACE.search(before[last:])) or bool(re.search("增加|追加|增设|推荐", before[hit.start() :]))
