"""What a scoring edition says to help who scores: what each item asks, what percentages mean; both are optional keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from service.domain.review import BandWords
from service.domain.text import Text

ASKS, BANDS = "asks", "band_words"
TYPES = ("process", "results")
_LONGEST = 120


def read_asks(data: Mapping[str, Any], items: Collection[str]) -> Mapping[str, Text]:
    """Return what items ask, by id; raises ValueError for an item that is none, and for words that are no two texts."""
    given = data.get(ASKS) or {}
    if not isinstance(given, Mapping):
        raise ValueError(f"{ASKS} 应为“条款: {{zh, en}}”")
    asks = {str(item): _text(said, f"{ASKS}: {item}") for item, said in given.items()}
    if unknown := sorted(asks.keys() - set(items)):
        raise ValueError(f"{ASKS}: {unknown[0]} 不是条款")
    return asks


def read_bands(data: Mapping[str, Any], bands: Sequence[int]) -> tuple[BandWords, ...]:
    """Return what percentages mean; raises ValueError unless each percentage that may be given is meant exactly once."""
    rows = data.get(BANDS) or []
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError(f"{BANDS} 应为列表")
    found = tuple(_band(row) for row in rows)
    if not found:
        return ()
    for one, other in pairwise(found):
        if other.first <= one.last:
            raise ValueError(f"{BANDS}: {one.first}–{one.last} 与 {other.first}–{other.last} 重叠或顺序不对")
    for band in bands:
        if not any(one.first <= band <= one.last for one in found):
            raise ValueError(f"{BANDS}: 缺少得分率 {band}% 的说明")
    return found


def without_unknown(document: dict[str, Any], items: Collection[str]) -> None:
    """Take what is said of items that are gone out of an edition as it stands in its file."""
    asks = document.get(ASKS) or {}
    for item in [one for one in asks if str(one) not in items]:
        del asks[item]


def _band(row: Mapping[str, Any]) -> BandWords:
    first, last = int(row["from"]), int(row["to"])
    said = dict(_read_row(row, f"{BANDS}: {first}–{last}"))
    if not 0 <= first <= last <= 100 or not said:
        raise ValueError(f"{BANDS}: {first}–{last} 应在0与100之间，并写明 process 或 results")
    return BandWords(first, last, said)


def _read_row(row: Mapping[str, Any], place: str) -> Iterator[tuple[str, Text]]:
    if unknown := sorted(map(str, row.keys() - {"from", "to", *TYPES})):
        raise ValueError(f"{place}: {unknown[0]}")
    yield from ((kind, _text(row[kind], f"{place}: {kind}")) for kind in TYPES if kind in row)


def _text(said: Any, place: str) -> Text:
    if (
        not isinstance(said, Mapping)
        or set(said) != {"zh", "en"}
        or not all(str(one or "").strip() for one in said.values())
    ):
        raise ValueError(f"{place} 应写明 zh 和 en")
    zh, en = str(said["zh"]).strip(), str(said["en"]).strip()
    if len(zh) > _LONGEST:
        raise ValueError(f"{place} 超过{_LONGEST}个字")
    return Text(zh, en)
