"""Why a case comes out otherwise: the clauses of the place at which the ways of two plays part."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.casework.simulate.seasons.season_difference import Otherwise, SeasonDifference
from service.casework.simulate.seasons.season_record import Passage, SeasonRecord
from service.catalog import Package


@dataclass(frozen=True, slots=True)
class _Parting:
    """Where the way of a case parts: from what was passed last in both; it ``stops`` where nothing follows it after."""

    last: tuple[Passage, ...]
    at: str
    stops: bool


def with_causes(
    found: tuple[SeasonDifference, ...], before: SeasonRecord, after: SeasonRecord, package: Package, *, stopped: bool
) -> tuple[SeasonDifference, ...]:
    """Return the differences, those without a clause with that of their cause.

    Where the season ``stopped`` at a step that was not done, what is missing behind it was not come to, rather than lost.
    """
    partings = {nick: one for nick in before.ends if (one := _parting(before, after, nick))}
    first = min(partings.values(), key=lambda one: one.at, default=None)
    moved = next((d.clauses for d in _in_order(found) if d.clauses), ())
    everywhere = moved or (_clauses(package, first) if first else ())

    def told(one: SeasonDifference) -> SeasonDifference:
        own = partings.get(one.case)
        clauses = one.clauses or (_clauses(package, own) if own and not own.stops else ()) or everywhere
        late = stopped and _is_not_reached(one, before, after)
        return replace(one, clauses=clauses, otherwise=Otherwise.NOT_REACHED if late else one.otherwise)

    return tuple(told(one) for one in found)


def _in_order(found: tuple[SeasonDifference, ...]) -> list[SeasonDifference]:
    """Return the days that move, the first to end first."""
    moved = [d for d in found if d.otherwise is Otherwise.DAY]
    return sorted(moved, key=lambda d: d.before.rpartition("/")[2])


def _parting(before: SeasonRecord, after: SeasonRecord, nick: str) -> _Parting | None:
    ours, theirs = (tuple(p for p in season.passages if p.case == nick) for season in (before, after))
    same = 0
    while same < min(len(ours), len(theirs)) and _place(ours[same]) == _place(theirs[same]):
        same += 1
    if same == len(ours) == len(theirs):
        return None
    rest = ours[same:] or theirs[same:]
    return _Parting(ours[:same], rest[0].at, same == len(theirs))


def _place(passage: Passage) -> tuple[str, str]:
    return passage.process, passage.element


def _clauses(package: Package, parting: _Parting) -> tuple[str, ...]:
    """Return the clauses of the place passed last that has any."""
    for passage in reversed(parting.last):
        diagram = package.processes.get(passage.process)
        element = diagram.elements.get(passage.element) if diagram else None
        cited = package.clauses_anywhere(element) if element is not None else ()
        if cited:
            return cited
    return ()


def _is_not_reached(one: SeasonDifference, before: SeasonRecord, after: SeasonRecord) -> bool:
    """Tell whether a thing is missing only because its case still goes on where the season stopped."""
    if one.otherwise is Otherwise.REVOKED:  # long after its application ended
        return not one.after
    was, now = before.ends.get(one.case), after.ends.get(one.case)
    if was is None or was.ended is None:
        return one.otherwise is Otherwise.ONLY_BEFORE and (now is None or now.ended is None)
    missing = one.otherwise in (Otherwise.END, Otherwise.ONLY_BEFORE) or (
        one.otherwise is Otherwise.WINNER and not one.after
    )
    return missing and (now is None or now.ended is None)
