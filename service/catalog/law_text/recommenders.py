"""Who recommends applications by the words of a regulation, and how many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.catalog.law_text.numbers import NUMERAL, whole

_JUDGED = "(?:在[^，。；]{1,14}内)?(?:负责|按要求|依法)?(?:进行)?(?:审核|初审|审查|择优|把关|同意|签署意见)*后?，?并?(?:择优)?"
_SAID = (
    re.compile(rf"(?:由|经)(?P<who>[^，。；：由经]{{2,40}}?){_JUDGED}推荐"),
    re.compile(r"(?P<who>各?[^，。；：由经的]{2,30}?(?:局|委|会|部门|政府|单位))负责[^。；]{0,24}?推荐"),
)
_PLACES = re.compile(rf"推荐[^。；]{{0,16}}?(?:不超过|不得超过|不多于|最多){NUMERAL}(?:个|家|名|项)")
_PARTED = re.compile("(?:、|或者|或|以及|和|及)(?![^（]*）)")
_BEFORE = re.compile("^(?:其|申报者|申报组织|各自?|所在地?的?|所属的?|本)+")
_NO_AUTHORITY = re.compile("专家|评审|委员会|本人|社会|公众|自我|候选|名单")
_LAST = re.compile("(?:局|委|会|部门|政府|单位|办公室|管委会|机关|机构)$")


def recommenders_of(passages: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the authorities that recommend, each with the article; none where the text names none."""
    found: dict[str, str] = {}
    for article, text in passages:
        for name in _named(text):
            found.setdefault(name, article)
    return tuple(found.items())


def places_to_recommend(passages: Iterable[tuple[str, str]]) -> int | None:
    """Return how many each of them may recommend; None where the text does not say, or says several numbers."""
    numbers = {whole(hit["n"]) for _, text in passages for hit in _PLACES.finditer(text)}
    return numbers.pop() if len(numbers) == 1 else None


def _named(text: str) -> Iterator[str]:
    for pattern in _SAID:
        hit = pattern.search(text)
        if hit is None or _NO_AUTHORITY.search(hit["who"]):
            continue
        names = [_BEFORE.sub("", part.strip()) for part in _PARTED.split(hit["who"])]
        if all(_LAST.search(name) for name in names):
            yield from names
            return
