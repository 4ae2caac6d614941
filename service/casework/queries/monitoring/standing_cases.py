"""How many cases stand at each element of a diagram: from the sums that are kept where these say as much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.casework.reading.repeated import may_repeat
from service.catalog import Package
from service.store import ElementCount, Place, Transaction

MANY = 5_000
"""So many waits are counted one by one for one diagram."""


@dataclass(frozen=True, slots=True)
class StandingCases:
    """Cases by element; at the elements in ``summed`` a case may be in the figure more than once."""

    count: Mapping[str, int]
    summed: frozenset[str] = frozenset()


def standing_cases(
    tx: Transaction, package: Package, place: Place, waits: Sequence[ElementCount], many: int = MANY
) -> StandingCases:
    """Return how many cases stand at each element where something waits; calls are not among these.

    A case may wait at an element several times: for a person and a day, in rounds, by branches. Elements where one can
    are counted one by one, those with the fewest first, until ``many`` waits are looked at; where the whole diagram has no
    more, all are. The others say what their waits sum up to.
    """
    doubtful = list(waits)
    if sum(map(_size, waits)) > many and not may_repeat(package, place.process_id):
        doubtful = [each for each in waits if sum(map(bool, (each.tasks, each.messages, each.timers))) > 1]
    exact, left = [], many
    for each in sorted(doubtful, key=_size):
        left -= _size(each)
        if left < 0:
            break
        exact.append(each.element)
    one_by_one = tx.calls.cases_at(place, exact) if exact else {}
    count = {each.element: each.here for each in waits if each.element not in exact}
    return StandingCases({**count, **one_by_one}, frozenset(each.element for each in doubtful) - set(exact))


def _size(waits: ElementCount) -> int:
    return waits.tasks + waits.messages + waits.timers
