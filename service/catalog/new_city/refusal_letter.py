"""The letter by which an application is refused in a new place."""

from __future__ import annotations

from typing import Any

from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.rows import flow_row


def refusal_letter(outline: CityOutline) -> dict[str, Any]:
    """Return the letter that says which conditions are not met, each with its article where one is cited."""
    return {
        "id": "refusal",
        "title": "不予受理告知书",
        "number": "告〔{year}〕{sequence}号",
        "addressee": "{subject.name}：",
        "paragraphs": [
            "你单位的申报经审查不予受理，理由如下：",
            flow_row(
                {
                    "each": 'findings[result = "not_met"]',
                    "as": "f",
                    "text": '{index}．{f.text}{if f.article = "" then "" else "（依据" + f.article + "）"}',
                }
            ),
            "{decide.reason}",
        ],
        "signature": outline.office,
    }
