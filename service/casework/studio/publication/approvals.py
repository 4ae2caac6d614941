"""What a reviewer approved stands under a keyed seal: nothing else is published, whoever writes the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from service.casework.people.seals.standing_approvals import stands
from service.casework.studio.drafts.draft_tree import DraftTree
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import RowSeals
from service.store.rows import PackageDraftRow

APPROVAL = "approval"
"""Name under which approvals are sealed."""
_SEAL = "seal"


class NotAsApproved(Conflict):
    """What a draft holds, or who approved it, is not what stands under the seal of its approval."""

    code = "not_as_approved"

    def __init__(self, row: PackageDraftRow) -> None:
        super().__init__(
            Text(
                f"草稿“{row.title}”（package_draft 表第{row.id}行）的内容、状态或者评审意见不是评审人在本系统中通过的那一份，没有发布。"
                "请取回草稿，核对后重新提交评审；没有人改动过的，请审计管理员查明是谁改动了数据库。",
                f"What the draft “{row.title}” (row {row.id} of table package_draft) holds, its state or its review is not what"
                " a reviewer approved in this program, and nothing was published. Take the draft back, look at it and submit it"
                " for review again; if nobody here changed it, the audit administrator finds out who changed the database.",
            )
        )


def sealed_approval(
    seals: RowSeals | None, row: PackageDraftRow, tree: DraftTree, said: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a decision on a draft as it is kept: that of an approval with its seal."""
    if seals is None or not said["approved"]:
        return dict(said)
    return {**said, _SEAL: seals.made(APPROVAL, _words(row, tree, said))}


def demand_approved(seals: RowSeals | None, row: PackageDraftRow, tree: DraftTree) -> None:
    """Raise NotAsApproved where a draft that counts as approved holds anything else than its reviewer approved."""
    if not stands(seals, row):
        raise NotAsApproved(row)
    said = dict((row.details or {}).get("reviewed") or {})
    seal = str(said.pop(_SEAL, ""))
    if seals is None or (not seal and not seals.asks_for(APPROVAL)):
        return
    if not said.get("approved") or not seals.was_made(APPROVAL, _words(row, tree, said), seal):
        raise NotAsApproved(row)


def _words(row: PackageDraftRow, tree: DraftTree, said: Mapping[str, Any]) -> list[object]:
    """Return what the seal of an approval binds: the draft, its revision, every file, who submitted and who approved it."""
    held = [(path, hashlib.sha256(content).hexdigest()) for path, content in sorted(tree.files.items())]
    submitted = (row.details or {}).get("submitted")
    return [row.id, row.package, row.base, tree.revision, tree.package.version, held, submitted, dict(said)]
