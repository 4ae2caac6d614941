"""Change what the register of a draft says of one clause."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import hash_of, tree_for_entry
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.save_files import text_of
from service.catalog.law_text.register import LATER, REASONS, leave_for_later
from service.catalog.law_text.register import change_clause as changed
from service.domain.errors import Invalid
from service.domain.text import Text

_ALWAYS = ("article", "summary")
_MAY = ("kind", "text", *REASONS)


@guarded("draft.edit")
def change_clause(
    desk: Desk, actor: Actor, draft: int, ident: str, said: Mapping[str, str], opened: int | None = None
) -> None:
    """Write ``said`` (article, kind, summary, text, informative, outside, words_only, later) of clause ``ident``.

    ``opened`` is the revision of the draft at which it was shown, None for the newest.

    ``later`` is the reason, one for all such clauses, why the draft may be published before the clause is carried out.
    Raises Invalid where place or summary are empty, or two reasons are given why nothing needs to be done, and DraftConflict
    as `save_file`.
    """
    if any(not said.get(key, "x").strip() for key in _ALWAYS):
        raise Invalid(Text("出处和要旨不能为空。", "Place and summary cannot be empty."))
    reasons = [key for key in (*REASONS, LATER) if said.get(key, "").strip()]
    if len(reasons) > 1:
        raise Invalid(
            Text(
                "“说明性”“流程之外”“文字体现”“留待以后”只能写一个理由。",
                "Give one reason only: informative, outside, words only or left for later.",
            )
        )
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_for_entry(desk, tx, draft, opened, lambda tree: tree.package.law.clauses.get(ident))
    path = f"processes/{row.package.partition('/')[0]}/law.yaml"
    wanted = {key: said[key].strip() or None for key in (*_ALWAYS, *_MAY) if key in said}
    after = changed(text_of(tree, path), ident, wanted)
    if "later" in said:
        after = leave_for_later(after, ident, said["later"].strip() or None)
    save_file(desk, actor, draft, path, after.encode(), hash_of(tree.opened(path)), f"修改条款 {ident}")
