"""How far a reviewer's own sheet lies from the middle of the panel, once the panel is closed: told, never corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from service.casework.reading.dossier import ReviewStage, SheetView
from service.domain.review import ScoredItem, shown

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class ItemDistance:
    """An item in percent of its points: what was given, the median of the panel, and how far above it that is."""

    item: ScoredItem
    own: int
    middle: Fraction
    apart: Fraction


@dataclass(frozen=True, slots=True)
class PanelDistance:
    """The items on which a reviewer is apart from the panel, the furthest first, and the totals in points."""

    items: tuple[ItemDistance, ...]
    own: str
    middle: str
    apart: Fraction
    sheets: int


def distance_of(stage: ReviewStage, person: int | None) -> PanelDistance | None:
    """Return the distance of ``person`` to the panel of a stage.

    None while the panel is open, so that nobody who has still to score, or to agree, is led by it; for who sent no
    sheet that counts; and where there is no other.
    """
    mine = next((view for view in stage.sheets if view.row.person_id == person), None)
    if stage.state != "closed" or mine is None or len(stage.sheets) < _FEWEST or stage.edition is None:
        return None
    middles = _middles(stage.sheets)
    items = [
        ItemDistance(item, score.percent, middles[item.id], score.percent - middles[item.id])
        for item in stage.edition.items.values()
        if (score := mine.sheet.scores.get(item.id)) is not None and score.percent is not None
    ]
    apart = sorted((one for one in items if one.apart), key=lambda one: -abs(one.apart))
    middle = Fraction(median(view.sheet.total for view in stage.sheets))
    return PanelDistance(tuple(apart), mine.total, shown(middle), mine.sheet.total - middle, len(stage.sheets))


def _middles(sheets: tuple[SheetView, ...]) -> Mapping[str, Fraction]:
    given: dict[str, list[int]] = {}
    for view in sheets:
        for item, score in view.sheet.scores.items():
            if score.percent is not None:
                given.setdefault(item, []).append(score.percent)
    return {item: Fraction(median(map(Fraction, percents))) for item, percents in given.items()}
