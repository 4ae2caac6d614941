"""The steps of a first season in which authorities recommend its two applicants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.recommendation_pieces import ROLE
from service.catalog.new_city.steps import CityStep


def chosen(outline: CityOutline) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each of the two applicants says of who recommends it: nothing where there is one authority alone."""
    if not _asked(outline) or len(outline.recommenders) == 1:
        return {}, {}
    return {"recommender": outline.recommenders[0].id}, {"recommender": outline.recommenders[1].id}


def second_recommended(outline: CityOutline) -> bool:
    """Tell whether the second applicant is recommended: not where both need the one place of one authority."""
    return not _asked(outline) or len(outline.recommenders) > 1 or outline.recommenders[0].places != 1


def recommending(outline: CityOutline) -> Iterator[dict[str, Any]]:
    """Yield the steps by which both are recommended, or the second is not."""
    if not _asked(outline):
        return
    units = [outline.recommenders[0].id, outline.recommenders[min(1, len(outline.recommenders) - 1)].id]
    for nick, unit, yes in zip(("甲", "乙"), units, (True, second_recommended(outline)), strict=True):
        said = {
            "decision": "recommend" if yes else "refuse",
            "opinion": "经审核，材料属实。" if yes else "推荐名额已经用完。",
        }
        yield {"as": f"{ROLE}@{unit}", "case": nick, "complete": "recommend", "with": said}


def _asked(outline: CityOutline) -> bool:
    return CityStep.RECOMMENDATION in outline.steps
