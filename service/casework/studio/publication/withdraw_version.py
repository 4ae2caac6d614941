"""Withdraw the current version of a package: new cases use the one before."""

from __future__ import annotations

from service.casework.access.actor import ADMINISTRATOR, DESIGNER, SECURITY_ADMINISTRATOR, Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.definitions.publish import begin_version, places_in_force, record_event
from service.casework.desk.desk import Desk
from service.casework.people.tell_person import tell_person
from service.casework.reading.published import WITHDRAWN, version_name
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow

_TOLD = (DESIGNER, SECURITY_ADMINISTRATOR, ADMINISTRATOR, "office")


@guarded("draft.publish")
def withdraw_version(desk: Desk, actor: Actor, key: str, version: str, reason: str) -> tuple[CaseRow, ...]:
    """Let new cases of package ``key`` use the version before ``version``; returns the running cases that keep it.

    Raises:
        NotFound: nothing is published under ``key``.
        Conflict: ``version`` is not the current one, or there is none before it.
        Invalid: no reason is given.
        NotAllowed: the person does not design or administer the jurisdiction.
    """
    jurisdiction, _, award = key.partition("/")
    GUARDS["draft.publish"].demand(actor, jurisdiction)
    if not reason.strip():
        raise Invalid(Text("请写明撤回的理由，会记入发布记录。", "Say why; the reason goes on record."))
    with desk.store.write() as tx:
        current = tx.definitions.current(key)
        if current is None:
            raise NotFound(Text(f"“{key}”尚未发布。", f"“{key}” is not published."))
        if current.version != version:
            name = version_name(tx, key, current.version)
            raise Conflict(
                Text(
                    f"现行的已是{name.zh}，不是您要撤回的那一版，请刷新页面。",
                    f"In force is {name.en}, not the one that you would withdraw: reload the page.",
                )
            )
        if current.base is None:
            raise Conflict(
                Text(
                    "这是第一个版本，没有可以退回的版本。请另行修改后发布。",
                    "This is the first version: there is none to go back to. Publish a corrected one.",
                )
            )
        before, now = desk.packages.get(current.base, tx), desk.clock.now()
        begin_version(tx, before, now, places_in_force(desk, tx, before))
        running = tuple(r for r in tx.cases.running_under(jurisdiction, award) if r.definition == version)
        gone, instead = (version_name(tx, key, each).zh for each in (version, before.version))
        text = f"撤回{gone}，新办件改用{instead}：{reason.strip()[:200]}"
        data = {"version": version, "instead": before.version, "running": len(running)}
        record_event(tx, actor, now, key, WITHDRAWN, text, current.draft_id, data)
        _tell_others(desk, tx, actor, jurisdiction, before.award.text, text)
    return running


def _tell_others(desk: Desk, tx: Transaction, actor: Actor, place: str, award: Text, text: str) -> None:
    """Tell who designs, administers and applies the law of the place: one person alone withdraws, and others must see it."""
    now = desk.clock.now()
    held = [tx.people.people_with(where, role, None, now) for role in _TOLD for where in (place, "*")]
    others = {person.id: person for people in held for person in people if person.id != actor.person_id}
    subject = f"{award.zh}：现行版本已撤回 / The current version of {award.en} was withdrawn"
    said = (
        f"{actor.name}{text}\n如果不应撤回，请另行发布；理由不实的，请告诉审计管理员。\n"
        f"{actor.name} withdrew the current version of {award.en}: new cases use the one before. If that is wrong, publish"
        " another, and tell the audit administrator."
    )
    for person in others.values():
        tell_person(desk, tx, person, subject, said, "withdrawn")
