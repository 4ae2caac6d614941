"""Export of the register of awards, under the headings of the import of past winners."""

from __future__ import annotations

from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.subjects.individuals import KINDS, shown_code
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.spreadsheets.past_awards import COLUMNS as HEADINGS
from service.domain.text import Text
from service.store.rows import AwardRow, BodyRow

_NEEDED = ("name", "tier", "round", "decided_on")
_PAGE = 500


def award_columns(tiers: tuple[tuple[str, str], ...] = ()) -> tuple[Column, ...]:
    """Return the columns of a list of past winners; ``tiers`` are (id, name)."""
    return tuple(_column(key, names, tiers) for key, names in HEADINGS.items())


@guarded("register.view")
def export_awards(desk: Desk, actor: Actor, package_key: str) -> tuple[tuple[Column, ...], list[list[object]]]:
    """Return every award of a package on record, newest first; an individual's code is masked but for the office."""
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        city = package.jurisdiction.id
        office = actor.in_office(city)
        rows: list[AwardRow] = []
        before: tuple[date, int] | None = None
        while page := tx.register.public(city, _PAGE, before):
            rows += [row for row in page if row.award == package.award.id]
            before = (page[-1].decided_on, page[-1].id)
        bodies = tx.people.bodies_by_id({row.body_id for row in rows})
    tiers = {tier.id: tier.name for tier in package.award.tiers}
    found = [_row(row, bodies[row.body_id], tiers, office=office) for row in rows]
    return award_columns(tuple(tiers.items())), found


def _column(key: str, names: tuple[str, ...], tiers: tuple[tuple[str, str], ...]) -> Column:
    kinds = {
        "decided_on": CellKind.DAY,
        "revoked_on": CellKind.DAY,
        "prize_yuan": CellKind.NUMBER,
        "tier": CellKind.CHOICE,
        "kind": CellKind.CHOICE,
    }
    choices = {"tier": tiers, "kind": KINDS}.get(key, ())
    return Column(key, Text(names[0], names[-1]), key in _NEEDED, kinds.get(key, CellKind.TEXT), choices, names[1:])


def _row(row: AwardRow, body: BodyRow, tiers: dict[str, str], *, office: bool) -> list[object]:
    former = [str(n) for n in (body.details or {}).get("former_names", ())]
    code = body.key if office else shown_code(body)
    prize = (row.details or {}).get("prize_yuan")
    return [
        body.name, code, dict(KINDS).get(body.kind), former, tiers.get(row.tier, row.tier), row.round, row.decided_on, row.number,
        int(prize) if prize else None, row.revoked_on,
    ]  # fmt: skip
