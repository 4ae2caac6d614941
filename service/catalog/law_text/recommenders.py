"""Who recommends applications by the words of a regulation, and how many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.catalog.law_text.numbers import numbers_in, whole
from service.catalog.law_text.preset import sentences, squeezed
from service.catalog.parameters.parameters import Unit

_JUDGED = "(?:在[^，。；]{1,14}内)?(?:负责|按要求|依法)?(?:进行)?(?:审核|初审|复核|复审|汇总|审查|择优|把关|同意|签署意见)*后?，?并?(?:择优|签署|提出|出具)?"
_AUTHORITY = "(?:局|委|会|部门|政府|单位|机关|机构)"
_SAID = (
    re.compile(rf"(?:由|经)(?P<who>[^，。；：由经]{{2,40}}?){_JUDGED}推荐"),
    re.compile(rf"(?:^|，)(?P<who>各?[^，。；：由经]{{2,50}}?{_AUTHORITY})(?:分别|各自)?负责[^。；]{{0,40}}?推荐"),
    re.compile(rf"向(?P<who>[^，。；：由经]{{2,40}}?{_AUTHORITY})(?:提交|报送|递交|提出)[^。；]{{0,40}}?推荐意见"),
    re.compile(
        rf"(?:^|，)(?P<who>各?[^，。；：由经]{{2,40}}?{_AUTHORITY})(?:应当|应|可以|须|负责|自|在|于|对|按)[^。；]{{0,40}}?"
        "(?:(?:提出|出具|签署|形成)(?:审核)?推荐意见|出具审核意见[^。；]{0,20}(?:推荐意见|申报材料))"
    ),
)
"""Who recommends: “由…审核推荐”, “…负责…推荐”, “…提出推荐意见”, “…出具审核意见，与申报材料一并…”."""
_COUNTED = re.compile("推荐")
_OTHER_COUNT = re.compile("专家|委员|人选|增加|追加|另行")
_OF_EACH_KIND = re.compile("奖[^，。；]{0,6}[、和及][^，。；]{1,10}奖[^，。；]{0,4}各")
"""“推荐组织奖、个人奖各不超过2个”: so many of each kind, not in all."""
_EACH_ITS_OWN = re.compile(
    rf"(?:^|[，：:])(?P<who>[^，。；：:、由经]{{2,20}}?(?:区|县|市|旗|镇|乡|街道|{_AUTHORITY}))(?:可以?|最多|至多)?推荐(?:名额)?"
    r"(?:不得?超过|不得?多于|至多|最多|为)?(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})(?:个|家|名)"
)
"""“东区推荐不超过5个，西区推荐不超过4个”."""
_ALIKE = re.compile(
    r"(?:^|(?<=[，：:]))(?P<who>[^，。；：:由经]{1,10}?(?:区|县|市|旗)(?:(?:、|和|及)[^，。；：:、由经]{1,10}?(?:区|县|市|旗))+)各(?:自|可以?|最多|至多)?推荐(?:名额)?"
    r"(?:不得?超过|不得?多于|至多|最多|为)?(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})(?:个|家|名)，?"
)
"""“青浦县、石门县各推荐不超过四个”: each of them so many."""
_LISTED = re.compile("、|和|及")
_OF_DISTRICTS = re.compile(
    rf"(?:各?(?:县（[区市]）|[区市]（县）|县\(区\)|区\(县\)|县区|区县))(?P<office>[^，。；、]{{2,16}}?{_AUTHORITY})"
)
"""What authority it is in each district: 县（区）市场监督管理局."""
_PARTED = re.compile("(?:、|或者|或|以及|和|及)(?![^（]*）)")
_BEFORE = re.compile("^(?:其|申报者|申报组织|各自?|所在地?的?|所属的?|本)+")
_NO_AUTHORITY = re.compile("专家|评审|委员会|本人|社会公众|公众|自我|候选|名单|组织")
_LAST = re.compile("(?:局|委|会|部门|政府|单位|办公室|管委会|机关|机构)$")
_VAGUE = re.compile("^(?:有关|相关)(?:部门|单位|机构)$")


def recommenders_of(passages: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the authorities that recommend, each with the article; none where the text names none.

    What a later passage calls by less of the name (行业协会 after 市有关行业协会) is the same.
    """
    found: dict[str, str] = {}
    for article, text in passages:
        for name in _named(squeezed(text)):
            known = any(old.endswith(name) for old in found) or (_VAGUE.match(name) and found)
            if not known:
                found[name] = article
    return tuple(found.items())


def each_its_own(passages: Iterable[tuple[str, str]]) -> tuple[tuple[str, int, str], ...]:
    """Return those to whom the text gives each a number of its own, with the article; none where fewer than two have one.

    Where it names districts and says which office of theirs recommends, that office of each district is meant.
    """
    kept = [(article, squeezed(text)) for article, text in passages]
    found: dict[str, tuple[int, str]] = {}
    for article, text in kept:
        for sentence in sentences(text):
            for hit in _ALIKE.finditer(sentence):
                for who in _LISTED.split(hit["who"]):
                    found.setdefault(who, (whole(hit["n"]), article))
            for hit in _EACH_ITS_OWN.finditer(_ALIKE.sub("", sentence)):
                found.setdefault(hit["who"], (whole(hit["n"]), article))
    if len(found) < 2:
        return ()
    beside = [text for article, text in kept if any(article == where for _, where in found.values())]
    offices = _offices(beside) or _offices(text for _, text in kept)
    office = next(iter(offices)) if len(offices) == 1 else ""
    return tuple(
        (who if _LAST.search(who) else f"{who}{office}", number, article) for who, (number, article) in found.items()
    )


def _offices(texts: Iterable[str]) -> set[str]:
    """Return the authorities that each district has by its own, as the texts call them."""
    return {hit["office"] for text in texts for hit in _OF_DISTRICTS.finditer(text)}


def recommends(text: str) -> bool:
    """Tell whether a passage says who recommends, or how many."""
    return bool(list(_named(squeezed(text))) or list(_numbers(text)))


def places_to_recommend(passages: Iterable[tuple[str, str]]) -> int | None:
    """Return how many each of them may recommend; None where the text does not say, or says several numbers."""
    numbers = places_said(passages)
    return numbers[0] if len(numbers) == 1 else None


def places_said(passages: Iterable[tuple[str, str]]) -> tuple[int, ...]:
    """Return the numbers that the text gives for how many each of them may recommend, in its order."""
    return tuple(dict.fromkeys(number for _, text in passages for number in _numbers(text)))


def _numbers(text: str) -> Iterator[int]:
    for sentence in sentences(squeezed(text)):
        for part in re.split("[，,]", sentence):
            at = _COUNTED.search(part)
            if at is not None and not _OTHER_COUNT.search(part) and not _OF_EACH_KIND.search(part):
                said = (n for n in numbers_in(part[at.start() :]) if n.unit is Unit.COUNT and n.bound == "maximum")
                yield from (int(n.value) for n in said)


def _named(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        for pattern in _SAID:
            for hit in pattern.finditer(sentence):
                names = [_BEFORE.sub("", part.strip()) for part in _PARTED.split(hit["who"])]
                if not _NO_AUTHORITY.search(hit["who"]) and all(_LAST.search(name) for name in names):
                    yield from names
                    return
