"""Publish a sealed season: from then on anybody can fetch its bundle from the portal."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.sealing.seal import demand_office
from service.casework.soundness.season_bundles import demand_own_bundle
from service.casework.step.history import note
from service.domain.errors import Conflict
from service.domain.text import Text


@guarded("season.publish")
def publish_season(desk: Desk, actor: Actor, ident: int) -> None:
    """Publish bundle number ``ident``; it stays public.

    Raises:
        NotFound, NotAllowed: there is none, or it is not of the actor's office, or the actor is recused from a case of it.
        Conflict: it is public already, or a newer one of the round is there, or it is not the one that was sealed.
    """
    with desk.store.write() as tx:
        row = tx.sealed_seasons.lock(ident)
        root = tx.cases.lock(row.case_id)
        tell(row.title, place=row.jurisdiction, after={"season": ident})
        demand_office(actor, root, tuple(tx.cases.tree(root.id)))
        if row.published_at is not None:
            raise Conflict(
                Text(f"“{row.title}”的这份封存已经公布。", f"This bundle of “{row.title}” is public already.")
            )
        if tx.sealed_seasons.of_round(row.case_id)[0].id != ident:
            raise Conflict(
                Text(
                    f"“{row.title}”后来又封存过，请公布最新的一份。",
                    f"“{row.title}” was sealed again since: publish the newest bundle.",
                )
            )
        demand_own_bundle(desk, tx, row)
        tx.sealed_seasons.publish(ident, desk.clock.now(), actor.person_id)
        words = f"公布本届封存，内容摘要{row.content}"
        note(desk, tx, root.id, actor, "season_published", words, None, {"season": ident})
