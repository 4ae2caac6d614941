"""Export of the register of awards, under the headings of the import of past winners."""

from __future__ import annotations

from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import Table
from service.casework.subjects.case_subjects import KINDS, format_body_code
from service.domain.spreadsheets.past_awards import past_award_columns
from service.store.models import AwardRow, BodyRow

_PAGE = 500


@guarded("register.view")
def export_awards(desk: Desk, actor: Actor, package_key: str) -> Table:
    """Return every award of a package on record, newest first; an individual's code is masked but for the office."""
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        city = package.jurisdiction.id
        office = actor.in_office(city)
        rows: list[AwardRow] = []
        before: tuple[date, int] | None = None
        while page := tx.awards.list_public(city, _PAGE, before):
            rows += [row for row in page if row.award == package.award.id]
            before = (page[-1].decided_on, page[-1].id)
        bodies = tx.bodies.by_id({row.body_id for row in rows})
    tiers = {tier.id: tier.name for tier in package.award.tiers}
    export_rows = [_build_row(row, bodies[row.body_id], tiers, office=office) for row in rows]
    return Table("获奖名录", past_award_columns(tuple(tiers.items())), export_rows)


def _build_row(row: AwardRow, body: BodyRow, tiers: dict[str, str], *, office: bool) -> list[object]:
    former = [str(n) for n in (body.details or {}).get("former_names", ())]
    code = body.key if office else format_body_code(body)
    prize = (row.details or {}).get("prize_yuan")
    return [
        body.name, code, dict(KINDS).get(body.kind), former, tiers.get(row.tier, row.tier), row.round, row.decided_on, row.number,
        int(prize) if prize else None, row.revoked_on,
    ]  # fmt: skip
