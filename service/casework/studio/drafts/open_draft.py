"""Open a draft of a package: from what is published, or from files for a package that is not."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files, unpack_package
from service.catalog.tree import Files
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import DefinitionRow, PackageDraftRow

_LONGEST = 200


@guarded("draft.edit")
def open_draft(desk: Desk, actor: Actor, key: str, title: str) -> int:
    """Open a draft of the published package ``key`` ("jurisdiction/award") and return its id.

    Raises:
        NotFound: nothing is published under ``key``.
        Invalid: ``title`` is longer than 200 characters.
    """
    GUARDS["draft.edit"].demand(actor, key.partition("/")[0])
    with desk.store.write() as tx:
        current = tx.definitions.current(key)
        if current is None:
            raise NotFound(
                Text(f"“{key}”尚未发布，请从“新建”开始。", f"“{key}” is not published: begin with “New city”.")
            )
        version = tx.definitions.get(current.version)
        packed = tx.definitions.sources(current.version) or pack_files(files_published(desk, version))
        return add_draft(desk, tx, actor, key, title, packed, current.version)


def add_draft(desk: Desk, tx: Transaction, actor: Actor, key: str, title: str, sources: bytes, base: str | None) -> int:
    """Keep a new draft; ``sources`` are packed files. Raises Invalid for a title that is too long."""
    if len(title) > _LONGEST:
        raise Invalid(
            Text(f"草稿名称最多 {_LONGEST} 字，现有 {len(title)} 字。", f"A title has at most {_LONGEST} characters.")
        )
    now = desk.clock.now()
    assert actor.person_id is not None
    row = PackageDraftRow(
        package=key,
        title=title.strip() or key,
        base=base,
        sources=sources,
        person_id=actor.person_id,
        author=actor.name,
        created_at=now,
        changed_at=now,
    )
    return tx.package_drafts.insert(row)


def files_published(desk: Desk, version: DefinitionRow) -> Files:
    """Return the files of a version that was published without its sources: patterns filled, without scenarios."""
    return unpack_package(version.content, desk.operations, version.version).files
