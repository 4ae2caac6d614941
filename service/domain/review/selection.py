"""Selection after scoring: floors, bonus points, cut-off, places, ties and alternates. Exact arithmetic throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Stop(StrEnum):
    """Why an applicant does not go on."""

    FLOOR = "floor"
    CUT_OFF = "cut_off"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Entrant:
    """An applicant with its total, bonus points included, and its points by stage.

    ``finer`` parts equal totals, higher first, and gives different places; ``edge`` parts them only for the last place.
    """

    applicant: int
    points: Fraction
    stages: Mapping[str, Fraction] = field(default_factory=dict)
    finer: tuple[Fraction, ...] = ()
    edge: tuple[Fraction, ...] = ()

    @property
    def key(self) -> tuple[Fraction, tuple[Fraction, ...], tuple[Fraction, ...]]:
        """What decides about the last place."""
        return self.points, self.finer, self.edge


@dataclass(frozen=True, slots=True)
class SelectionLimits:
    """``floors``: least points by stage; ``at_least``: least total; ``places`` and, behind them, ``reserve`` alternates.

    ``shared``: equals at the last place all go on; otherwise none of them.
    """

    floors: Mapping[str, Fraction] = field(default_factory=dict)
    at_least: Fraction | None = None
    places: int | None = None
    reserve: int = 0
    shared: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """An applicant's ``place`` and whether it goes on; ``alternate`` numbers those next in line from 1.

    ``missed`` is the first stage whose floor was not reached.
    """

    applicant: int
    points: Fraction
    place: int
    stop: Stop | None
    missed: str = ""
    alternate: int | None = None


def choose(entrants: Sequence[Entrant], limits: SelectionLimits) -> list[Chosen]:
    """Rank entrants, highest first, and say who goes on; equal points share a place and the next is skipped.

    A stage without a score counts 0. Who misses a floor or the total keeps the place but takes none of ``places``.
    """
    ordered = sorted(entrants, key=lambda e: e.applicant)
    ordered.sort(key=lambda e: e.key, reverse=True)
    fit = [e for e in ordered if _missed(e, limits) == "" and _enough(e, limits)]
    going = {e.applicant for e in _going(fit, limits)}
    waiting = [e.applicant for e in fit if e.applicant not in going][: limits.reserve]
    return [
        Chosen(
            e.applicant,
            e.points,
            1 + sum((o.points, o.finer) > (e.points, e.finer) for o in ordered),
            None if e.applicant in going else _stop(e, limits),
            _missed(e, limits),
            waiting.index(e.applicant) + 1 if e.applicant in waiting else None,
        )
        for e in ordered
    ]


def _missed(entrant: Entrant, limits: SelectionLimits) -> str:
    zero = Fraction(0)
    return next((stage for stage, floor in limits.floors.items() if entrant.stages.get(stage, zero) < floor), "")


def _enough(entrant: Entrant, limits: SelectionLimits) -> bool:
    return limits.at_least is None or entrant.points >= limits.at_least


def _stop(entrant: Entrant, limits: SelectionLimits) -> Stop:
    if _missed(entrant, limits):
        return Stop.FLOOR
    return Stop.PLACES if _enough(entrant, limits) else Stop.CUT_OFF


def _going(fit: Sequence[Entrant], limits: SelectionLimits) -> Sequence[Entrant]:
    places = limits.places
    if places is None or len(fit) <= places:
        return fit
    if places < 1:
        return []
    last = fit[places - 1].key
    if fit[places].key != last:
        return fit[:places]
    return [e for e in fit if e.key > last or (limits.shared and e.key == last)]
