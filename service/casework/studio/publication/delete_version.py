"""Delete a published version that nothing was ever done under."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.queries.law.versions import version_lines
from service.casework.reading.published import version_name
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.domain.wording.numbers import counted
from service.store import Transaction


@guarded("draft.publish")
def delete_version(desk: Desk, actor: Actor, key: str, version: str) -> None:
    """Remove ``version`` of package ``key`` for good; what it was made from stays in its draft.

    Raises:
        NotFound: there is no such version.
        Conflict: it is in use: the current one, one that a case began under, or the ground of a draft or another version.
        NotAllowed: the person does not design or administer the jurisdiction.
    """
    GUARDS["draft.publish"].demand(actor, key.partition("/")[0])
    with desk.store.write() as tx:
        if all(row.version != version for row in tx.definitions.versions(key)):
            raise NotFound(Text(f"“{key}”没有版本“{version[:12]}”。", f"“{key}” has no version “{version[:12]}”."))
        use, name = _use_of(tx, key, version), version_name(tx, key, version)
        if use is not None:
            raise Conflict(
                Text(
                    f"{name.zh}正在使用，不能删除：{use.zh}。不再用于新办件的，请撤回。",
                    f"It is in use and cannot be deleted ({name.en}): {use.en}. Withdraw it if new cases should not use it.",
                )
            )
        tx.definitions.remove(version)
        text = f"删除没有使用过的版本：{name.zh}。"
        record_event(tx, actor, desk.clock.now(), key, "deleted", text, None, {"version": version})


def _use_of(tx: Transaction, key: str, version: str) -> Text | None:
    """Return what a version is used for, None where nothing is."""
    rows = tx.definitions.versions(key)
    if any(row.version == version and row.current for row in rows):
        return Text("它是现行版本", "it is the current version")
    line = next(one for one in version_lines(tx, key) if one.version == version)
    if line.running or line.ended:
        return Text(
            f"按它在办 {line.running} 件、已办结 {line.ended} 件",
            f"{counted(line.running, 'case runs', 'cases run')} under it, {line.ended} ended under it",
        )
    if any(row.base == version for row in rows):
        return Text("后来的版本以它为基础，撤回时要用到", "a later version is based on it and goes back to it")
    drafts = [d for d in (*tx.package_drafts.alive(), *tx.package_drafts.discarded()) if d.package == key]
    if any(d.base == version or (d.details or {}).get("version") == version for d in drafts):
        return Text("有草稿以它为基础，或者等待按它发布", "a draft stands on it or waits to begin as it")
    return None
