"""The first forms of a place: which pattern each is made of, and what the place puts into its slots."""

from __future__ import annotations

from typing import Any

from service.catalog.new_city.call_rules import call_rules
from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.recommendation_pieces import recommender_field
from service.catalog.new_city.steps import CityStep

_ALWAYS = ("open_round", "apply", "decide")


def forms_of(outline: CityOutline) -> tuple[str, ...]:
    """Return the first forms of a place."""
    return (*_ALWAYS, "recommend") if CityStep.RECOMMENDATION in outline.steps else _ALWAYS


def form_of(outline: CityOutline, name: str) -> dict[str, Any]:
    """Return what form ``name`` says of its pattern."""
    step = {"open_round": "apply", "apply": "apply", "decide": "acceptance", "recommend": "recommendation"}[name]
    said: dict[str, Any] = {"from_pattern": f"start_{name}", "form": " ".join(outline.cited.get(step, ())) or None}
    if name == "apply":
        asked = outline.recommenders if CityStep.RECOMMENDATION in outline.steps else ()
        said |= {"category": _category(outline), "recommender": recommender_field(asked)}
    return said | (call_rules(outline) if name == "open_round" else {})


def _category(outline: CityOutline) -> dict[str, Any] | None:
    """Return the field in which one says which of the categories one applies for, none where tiers are ranks."""
    if CityStep.CATEGORIES not in outline.steps:
        return None
    return {
        "type": "radio",
        "id": "field_category",
        "key": "category",
        "label": "申报的奖项",
        "values": [{"label": tier.name, "value": tier.id} for tier in outline.tiers],
        "validate": {"required": True},
        "properties": {"label_en": "Category"},
    }
