"""Places of tiers beyond those that the words of a cited clause give: “质量奖每届不超过3个”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.law_text.places import tiers_of
from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter
from service.domain.text import Text


def more_than_quoted(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why rows of {tier, places} give a tier more places than its clause, None where none does."""
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) and "tier" in row for row in value):
        return None
    cited = [package.law.clauses[ident] for ident in parameter.clauses if ident in package.law.clauses]
    said = {
        name: (most, article)
        for name, most, article in tiers_of((clause.article, clause.text or clause.summary) for clause in cited)
    }
    names = {tier.id: tier.name for tier in package.award.tiers}
    for row in value:
        name, places = names.get(str(row["tier"]), ""), row.get("places")
        most, article = said.get(name, (None, ""))
        if most is not None and isinstance(places, int) and places > most:
            return Text(
                f"“{name}”的名额不能是{places}：{article}写明不超过{most}个。请填写不超过{most}的数。",
                f"“{name}” cannot have {places} places: {article} says at most {most}. Enter at most {most}.",
            )
    return None
