"""Add a form to a draft: an empty one, or a copy of another."""

from __future__ import annotations

import re
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog.made_id import made_id
from service.catalog.source.json import as_json_file, parse_json
from service.catalog.tree import Places
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@guarded("draft.edit")
def new_form(desk: Desk, actor: Actor, draft: int, ident: str, title: str, like: str = "") -> Saved:
    """Add form ``ident`` with ``title`` to the city of a draft, as a copy of the form at path ``like`` where given.

    Without ``ident`` one is made from the title.

    Raises:
        Invalid: the name cannot be one, or the title is empty.
        Conflict: the city has a form of that name.
        NotFound: there is no form to copy.
    """
    if ident and not _NAME.fullmatch(ident):
        raise Invalid(
            Text(
                f"表单标识“{ident[:60]}”不能使用：请用小写字母开头的字母、数字和下划线，如 site_check。",
                f"“{ident[:60]}” cannot name a form: use small letters, digits and underscores, such as site_check.",
            )
        )
    if not title.strip():
        raise Invalid(Text("请填写表单名称。", "Say how the form is called."))
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    city, award = tree.package.key.split("/")
    forms = Places(tree.files, city, award).forms()
    ident = ident or made_id(title, forms, "form")
    path, known = f"forms/{city}/{ident}.json", forms.get(ident)
    if known is not None and not known.startswith("forms/shared/"):
        raise Conflict(
            Text(
                f"已有名为“{ident}”的表单（{known}），请换一个标识。",
                f"There is a form “{ident}” ({known}): choose another name.",
            )
        )
    if like and like not in tree.files:
        raise NotFound(Text(f"没有可以照抄的表单“{like}”。", f"There is no form “{like}” to copy."))
    schema: dict[str, Any] = parse_json(tree.filled[like], like) if like else {"type": "default", "components": []}
    properties = {**schema.get("properties", {}), "title": title.strip()}
    made = {**schema, "id": ident, "schemaVersion": 19, "properties": properties}
    ordered = {key: made[key] for key in ("type", "id", "schemaVersion", "properties", "components")} | made
    return save_file(desk, actor, draft, path, as_json_file(ordered), None, "新建")
