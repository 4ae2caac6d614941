"""A scoring edition as people type it: names, percentages, and its items one a line as in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.catalog.scoring.scoring import read_edition, without_unknown
from service.catalog.source.flow_style import flow_list, flow_row
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.domain.errors import Invalid
from service.domain.text import Text

FIELDS = ("name", "name_en", "edition", "total_points", "bands", "process", "results", "items")
"""What is typed."""
TYPES = ("process", "results")
_TYPED = ("id", "name", "points", "type", "items")
_PARTED = re.compile(r"[\t｜|]")
_WORDS = re.compile(r"[，、,\s]+")


def edition_fields(content: bytes) -> dict[str, str]:
    """Return the edition in ``content`` as typed."""
    document = load_yaml(content.decode())
    dimensions = document.get("dimensions") or {}
    return {
        "name": str(document.get("name") or document.get("edition") or ""),
        "name_en": str(document.get("name_en") or ""),
        "edition": str(document.get("edition") or ""),
        "total_points": str(document.get("total_points") or ""),
        "bands": " ".join(map(str, document.get("bands") or ())),
        **{kind: "，".join(map(str, dimensions.get(kind) or ())) for kind in TYPES},
        "items": "\n".join(_iterate_lines(document.get("categories") or ())),
    }


def write_edition(content: bytes, typed: Mapping[str, str], file: str, ident: str) -> bytes:
    """Return ``content``, b"" for a new file, saying what was typed.

    Raises Invalid where a line cannot be read, and EditionMistake where the points do not add up.
    """
    document = load_yaml(content.decode())
    before = edition_fields(content) if content else dict.fromkeys(FIELDS, "")
    for key in ("edition", "name", "name_en"):
        if typed[key].strip() != before[key]:
            document[key] = typed[key].strip()
    if typed["total_points"].strip() != before["total_points"]:
        document["total_points"] = _parse_number(typed["total_points"])
    if typed["bands"].split() != before["bands"].split():
        document["bands"] = flow_list([_parse_number(word) for word in _WORDS.split(typed["bands"].strip()) if word])
    if any(typed[kind].strip() != before[kind] for kind in TYPES):
        looked_at = {kind: [w.strip() for w in re.split("[，、,\n]", typed[kind]) if w.strip()] for kind in TYPES}
        document["dimensions"] = CommentedMap({kind: flow_list(words) for kind, words in looked_at.items() if words})
    if typed["items"].strip() != before["items"].strip():
        document["categories"] = CommentedSeq(
            _parse_categories(typed["items"], _collect_untyped_fields(document.get("categories") or ()))
        )
        without_unknown(
            document, [str(item["id"]) for category in document["categories"] for item in category["items"]]
        )
    written = dump_yaml(document).encode()
    read_edition(written, file, ident)
    return written


def _iterate_lines(categories: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for category in categories:
        kind = "结果" if category.get("type") == "results" else "过程"
        points = category.get("points", sum(item["points"] for item in category["items"]))
        yield f"{category['id']}｜{category['name']}｜{points}｜{kind}"
        for item in category["items"]:
            yield f"{item['id']}｜{item['name']}｜{item['points']}"


def _collect_untyped_fields(categories: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what categories and items say beyond what is typed, as their English names, by id and name."""
    every = [row for category in categories for row in (category, *category["items"])]
    return {
        (str(row["id"]), str(row["name"])): {key: value for key, value in row.items() if key not in _TYPED}
        for row in every
    }


def _parse_categories(text: str, besides: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[CommentedMap]:
    """Yield the categories: a line with four cells begins one, a line with three is an item of it."""
    current: CommentedMap | None = None
    for line in filter(str.strip, text.splitlines()):
        cells = [cell.strip() for cell in _PARTED.split(line.strip())]
        if len(cells) == 4 and cells[3] in ("过程", "结果"):
            if current is not None:
                yield current
            kind = "results" if cells[3] == "结果" else "process"
            current = flow_row(
                {
                    "id": cells[0],
                    "name": cells[1],
                    "points": _parse_number(cells[2]),
                    "type": kind,
                    **besides.get((cells[0], cells[1]), {}),
                    "items": flow_list([]),
                }
            )
        elif len(cells) == 3 and current is not None:
            current["items"].append(
                flow_row(
                    {
                        "id": cells[0],
                        "name": cells[1],
                        "points": _parse_number(cells[2]),
                        **besides.get((cells[0], cells[1]), {}),
                    }
                )
            )
        else:
            raise Invalid(
                Text(
                    f"“{line.strip()[:60]}”读不出来：类写“编号｜名称｜分值｜过程”或“…｜结果”，下面的条款写“编号｜名称｜分值”。",
                    f"“{line.strip()[:60]}” cannot be read: “id｜name｜points｜过程” or “…｜结果” begins a category,"
                    " its items are “id｜name｜points”.",
                )
            )
    if current is not None:
        yield current


def _parse_number(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text.strip()):
        raise Invalid(Text(f"“{text.strip()[:20]}”不是整数。", f"“{text.strip()[:20]}” is no whole number."))
    return int(text)
