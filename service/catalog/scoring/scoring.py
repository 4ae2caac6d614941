"""Scoring editions (评分标准): items and points as data, and the score sheets made from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from service.catalog.source.yaml import YamlMistake, parse_yaml, to_plain_value
from service.domain.errors import Invalid
from service.domain.review import ASKED_WORDS, BandWords, Category, Edition, ScoredItem, field_of
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


SCORE, CONSENSUS = "score/", "consensus/"
"""Form ids beginning so are made from the edition named after the slash."""
SCORE_WORDS = "score_words"
"""Parameter by which a city asks for no words beside percentages; where it has none, the edition says whether it does."""
OUT_OF = "@"
"""Stands between an edition and the total on which it is read: ``gbt19580-2012@500``."""


class EditionMistake(Invalid):
    """The file is not a scoring edition."""

    code = "edition"


def edition_of(form: str) -> str | None:
    """Return the edition of which a form is the score sheet, None for every other form."""
    for prefix in (SCORE, CONSENSUS):
        if form.startswith(prefix):
            return form.removeprefix(prefix)
    return None


def read_edition(content: bytes, file: str, ident: str) -> Edition:
    """Read ``processes/scoring/<ident>.yaml``.

    Raises:
        EditionMistake: with what is wrong: no items, points that do not add up, percentages out of order.
    """
    try:
        data: Any = to_plain_value(parse_yaml(content, file))
        if not isinstance(data, Mapping):
            raise _build_mistake(file, "文件开头应为“键: 值”", "the file should start with “key: value”")
        edition = _build_edition(ident, data)
    except YamlMistake:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise _build_mistake(file, f"格式不对（{error}）", f"it is not an edition ({error})") from error
    total = data.get("total_points")
    if total is not None and edition.points != total:
        raise _build_mistake(
            file, f"各条款合计{edition.points}分，应为{total}分", f"items add up to {edition.points}, not {total}"
        )
    if len(edition.items) != sum(len(c.items) for c in edition.categories) or not edition.items:
        raise _build_mistake(file, "没有条款，或条款编号重复", "there are no items, or two have the same id")
    if list(edition.bands) != sorted(set(edition.bands)) or not edition.bands:
        raise _build_mistake(file, "bands 应为从小到大的得分率", "bands must be percentages in rising order")
    return edition


def file_of(ident: str) -> str:
    """Return the name of the file an edition is read from, whatever the total it is read on."""
    return ident.partition(OUT_OF)[0]


@lru_cache(maxsize=64)
def load_edition(content: bytes, file: str, ident: str) -> Edition:
    """Return what `read_edition` returns, on the total that ``ident`` names; the same file is read once.

    Raises:
        EditionMistake: also for a total that is no whole number above 0.
    """
    name, named, total = ident.partition(OUT_OF)
    edition = read_edition(content, file, name)
    if not named:
        return edition
    if not total.isdecimal() or int(total) < 1:
        raise _build_mistake(
            file, f"总分“{total}”应为大于0的整数", f"the total “{total}” must be a whole number above 0"
        )
    return replace(edition.out_of(int(total)), id=ident)


_WANTED = {
    "type": "text",
    "id": "wanted",
    "text": "".join(words.missing.zh for words in ASKED_WORDS),
    "properties": {"text_en": " ".join(words.missing.en for words in ASKED_WORDS)},
    "conditional": {"hide": f"=param.{SCORE_WORDS} = false"},
}
"""What the sheet asks for beside the percentages, said before it is filled in; not where a city asks for no words."""


def score_schema(form: str, edition: Edition) -> dict[str, Any]:
    """Return the form-js schema of a score sheet (``score/…``) or of a consensus sheet (``consensus/…``)."""
    together = form.startswith(CONSENSUS)
    components = [_build_category(c, edition, together) for c in edition.categories]
    title = f"{edition.name.zh} {'合议评分表' if together else '评分表'}"
    return {
        "schemaVersion": 19,
        "type": "default",
        "id": form,
        "components": [*([_WANTED] if edition.reasons else []), *components, _build_sums(edition)],
        "properties": {
            "title": title,
            "variables": "param",
            "title_en": f"{edition.name.en} {'consensus sheet' if together else 'score sheet'}",
        },
    }


def _build_edition(ident: str, data: Mapping[str, Any]) -> Edition:
    name = str(data.get("name") or data["edition"])
    categories, bands = tuple(_read_category(c) for c in data["categories"]), tuple(int(b) for b in data["bands"])
    return Edition(
        ident,
        Text(name, str(data.get("name_en") or data["edition"])),
        categories,
        bands,
        {kind: tuple(map(str, words)) for kind, words in (data.get("dimensions") or {}).items()},
        bool(data.get("reasons", True)),
        read_asks(data, [item.id for category in categories for item in category.items]),
        read_bands(data, bands),
    )


def _read_category(data: Mapping[str, Any]) -> Category:
    items = tuple(
        ScoredItem(str(i["id"]), str(i["name"]), int(i["points"]), str(i.get("name_en") or "")) for i in data["items"]
    )
    category = Category(
        str(data["id"]), str(data["name"]), str(data.get("type", "process")), items, str(data.get("name_en") or "")
    )
    if data.get("points") is not None and category.points != int(data["points"]):
        raise ValueError(f"{category.name}: {category.points} ≠ {data['points']}")
    return category


def _build_mistake(file: str, zh: str, en: str) -> EditionMistake:
    return EditionMistake(Text(f"{file}：{zh}。", f"{file}: {en}."))


def _build_category(category: Category, edition: Edition, together: bool) -> dict[str, Any]:
    words = [word.partition(" ") for word in edition.dimensions.get(category.type, ())]
    looked_at, in_english = "、".join(zh for zh, _, _ in words), ", ".join(en or zh for zh, _, en in words)
    group: dict[str, Any] = {
        "type": "group",
        "id": f"category_{field_of(category.id)}",
        "label": f"{category.id} {category.name}（{category.points}分）",
        "components": [_build_item(item, edition, together) for item in category.items],
        "properties": _label_en(category),
    }
    if not looked_at:
        return group
    english = {**_label_en(category), "description_en": f"Looked at: {in_english}"}
    return {**group, "description": f"评价维度：{looked_at}", "properties": english}


def _label_en(scored: Category | ScoredItem) -> dict[str, str]:
    return {"label_en": f"{scored.id} {scored.name_en} ({scored.points} points)"} if scored.name_en else {}


def _build_item(item: ScoredItem, edition: Edition, together: bool) -> dict[str, Any]:
    field = field_of(item.id)
    components = [
        *([_given(field), _divergent(field)] if together else []),
        _percent(field, edition),
        _build_computed_field(field, "points", "得分", "Points", f"if {field}.percent = null then null else number({field}.percent) * {item.points} / 100", 2),
        _build_words_field(field, "strengths", "优势", "Strengths", 6),
        _build_words_field(field, "improvements", "改进机会", "To improve", 6),
        *([_build_reason_field(field)] if together else []),
    ]  # fmt: skip
    rule = {
        "rule": f"{field}.divergent != true or {field}.reason != null",
        "ruleMessage": "各专家分歧较大，请写明合议理由。",
        "ruleMessage_en": "The evaluators are far apart here: give the reasons.",
    }
    return {
        "type": "group",
        "id": field,
        "path": field,
        "label": f"{item.id} {item.name}（{item.points}分）",
        "components": components,
        **({"description": edition.asks[item.id].zh} if item.id in edition.asks else {}),
        "properties": {
            **_label_en(item),
            **(rule if together else {}),
            **({"description_en": edition.asks[item.id].en} if item.id in edition.asks else {}),
        },
    }


def _percent(field: str, edition: Edition) -> dict[str, Any]:
    bands = bands_of(edition)
    return {
        "type": "select",
        "id": f"{field}_percent",
        "key": "percent",
        "label": "得分率",
        "description": bands.zh,
        "values": [{"label": f"{band}%", "value": str(band)} for band in edition.bands],
        "validate": {"required": True},
        "appearance": {"suffixAdorner": "%"},
        "layout": {"row": f"{field}_row", "columns": 2},
        "properties": {"label_en": "Percent", "description_en": bands.en, "typed": "true"},
    }


def bands_of(edition: Edition) -> Text:
    """Return which percentages may be given, such as 0–100，每档5."""
    if edition.step is None:
        every = [str(band) for band in edition.bands]
        return Text("、".join(every), ", ".join(every))
    reach = f"{edition.bands[0]}–{edition.bands[-1]}"
    return Text(f"{reach}，每档{edition.step}", f"{reach} in steps of {edition.step}")


def _build_computed_field(field: str, key: str, label: str, english: str, formula: str, columns: int) -> dict[str, Any]:
    return {
        "type": "expression",
        "id": f"{field}_{key}",
        "key": key,
        "expression": f"={formula}",
        "label": label,
        "layout": {"row": f"{field}_row", "columns": columns},
        "properties": {"label_en": english},
    }


def _build_words_field(field: str, key: str, label: str, english: str, columns: int) -> dict[str, Any]:
    return {
        "type": "textarea",
        "id": f"{field}_{key}",
        "key": key,
        "label": label,
        "validate": {"maxLength": 2000},
        "layout": {"row": f"{field}_{'reason' if columns == 16 else 'row'}", "columns": columns},
        "properties": {"label_en": english},
    }


def _build_reason_field(field: str) -> dict[str, Any]:
    words = _build_words_field(field, "reason", "合议理由", "Reasons", 16)
    return {**words, "conditional": {"hide": f"={field}.divergent != true"}}


def _given(field: str) -> dict[str, Any]:
    return {
        "type": "textfield",
        "id": f"{field}_given",
        "key": "given",
        "label": "各专家得分率",
        "readonly": True,
        "layout": {"row": f"{field}_given", "columns": 12},
        "properties": {"label_en": "Percent given by each"},
    }


def _divergent(field: str) -> dict[str, Any]:
    return {
        "type": "checkbox",
        "id": f"{field}_divergent",
        "key": "divergent",
        "label": "分歧较大，须合议",
        "readonly": True,
        "layout": {"row": f"{field}_given", "columns": 4},
        "properties": {"label_en": "Far apart: reasons are needed"},
    }


def _build_sums(edition: Edition) -> dict[str, Any]:
    fields = [
        _build_computed_field(f"sum_{field_of(c.id)}", "points", f"{c.name}（{c.points}）", f"{c.id} of {c.points}", _format_sum(c.items), 4)
        | {"key": f"sum_{field_of(c.id)}", "layout": {"row": f"sums_{n // 4}", "columns": 4}}
        for n, c in enumerate(edition.categories)
    ]  # fmt: skip
    every = [item for c in edition.categories for item in c.items]
    total = _build_computed_field(
        "total", "points", f"总分（满分{edition.points}）", f"Total of {edition.points}", _format_sum(every), 16
    )
    return {
        "type": "group",
        "id": "sums",
        "label": "合计",
        "components": [*fields, {**total, "id": "total", "key": "total", "layout": {"row": "total", "columns": 16}}],
        "properties": {"label_en": "Sums"},
    }


def _format_sum(items: Iterable[ScoredItem]) -> str:
    parts = [f"(if {field_of(i.id)}.percent = null then 0 else number({field_of(i.id)}.percent) * {i.points} / 100)" for i in items]  # fmt: skip
    return " + ".join(parts)
