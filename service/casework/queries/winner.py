"""The public page of an organisation that was awarded: its awards, the notices that name it, sanctions made public by law."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.portal import NoticeView, notice_as_posted
from service.casework.queries.register import AwardLine, SanctionLine, award_lines, public_sanctions
from service.casework.reading.published import published
from service.casework.reading.results import names
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import words_to_find

_NOTICES = 20
"""The newest notices that name it."""


@dataclass(frozen=True, slots=True)
class WinnerView:
    """An organisation on record with ``awards`` newest first, ended ones too; ``name`` is what it is called today."""

    id: int
    name: str
    awards: tuple[AwardLine, ...]
    notices: tuple[NoticeView, ...]
    sanctions: tuple[SanctionLine, ...]


@guarded("register.view")
def view_winner(desk: Desk, actor: Actor, body_id: int) -> WinnerView:
    """Return what is public of an organisation that holds an award, or held one; raises NotFound for any other."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        rows = tx.register.awards(body_id)
        if not rows:
            raise NotFound(Text("获奖名录中没有这个组织。", "This organisation is not in the register of awards."))
        known = published(desk, tx)
        name = tx.people.bodies_by_id({body_id})[body_id].name
        places = list(dict.fromkeys(row.jurisdiction for row in rows))
        naming = [row for row in tx.notices.found(words_to_find(name), places, _NOTICES) if names(row, name)]
        return WinnerView(
            body_id,
            name,
            award_lines(tx, known, rows),
            tuple(notice_as_posted(desk, known, row) for row in naming),
            tuple(one for place in places for one in public_sanctions(desk, tx, known, place, body_id)),
        )
