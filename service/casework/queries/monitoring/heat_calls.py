"""Heat of call activities: the cases in each, since when, against the time limit at its edge; and how long it took before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.heat_limits import StepLimit, limits_of
from service.casework.queries.monitoring.heat_line import DAY, HeatLine, Spread, in_days, ranks, spread
from service.casework.queries.monitoring.monitored import Monitored
from service.store import NEWEST, Called, Place, Transaction


def call_lines(desk: Desk, tx: Transaction, chosen: Monitored, place: Place, days: int) -> tuple[list[HeatLine], bool]:
    """Return a line for each call activity that cases stand in or left in the period; and whether only the newest count.

    None is late: a limit that ends on a named day is another for every case, and what lapses ends the call.
    """
    now = desk.clock.now()
    here = tx.calls.standing(place)
    since = tx.calls.since(place, {element: ranks(count) for element, count in here.items()})
    left = tx.calls.left(place, now - DAY * days)
    past: dict[str, list[Called]] = defaultdict(list)
    for one in left:
        past[one.element].append(one)
    limits = call_limits(desk, tx, chosen, place)
    elements, lines = chosen.package.diagram(chosen.process).elements, []
    for ident in {**here, **past}:
        limit, taken = limits.get(ident), [one.left_at - one.since for one in past[ident] if one.left_at]
        lines.append(
            HeatLine(
                ident,
                (elements[ident].name if ident in elements else "") or ident,
                0,
                0,
                Spread(*(in_days(now - at) for at in since[ident])) if ident in here else None,
                len(taken),
                0,
                spread(taken),
                limit.days if limit else None,
                limit.articles if limit else (),
                here=here.get(ident, 0),
                inside=here.get(ident, 0),
                called=True,
            )
        )
    return lines, len(left) == NEWEST


def call_limits(desk: Desk, tx: Transaction, chosen: Monitored, place: Place) -> Mapping[str, StepLimit]:
    """Return the limit of each call activity: the timer at its edge that rests on an article, as it runs now.

    Of several the shortest counts.
    """
    elements = chosen.package.diagram(chosen.process).elements.values()
    calls = {element.id for element in elements if element.called}
    edges = {e.id: e.attached_to for e in elements if e.attached_to in calls and e.timer is not None}
    found: dict[str, StepLimit] = {}
    for ident, limit in limits_of(desk, tx, chosen, place, (), {}, list(edges)).items():
        call = edges.get(ident)
        if call and limit.articles and (call not in found or limit.days < found[call].days):
            found[call] = limit
    return found
