"""Begin a scenario in a draft: a title and a first day; steps and expectations are put in afterwards."""

from __future__ import annotations

import re
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.scenarios.scenario_text import ScenarioDraft, scenario_text
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog.made_id import made_id
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@guarded("draft.edit")
def new_scenario(desk: Desk, actor: Actor, draft: int, title: str, start: date, name: str = "") -> Saved:
    """Add a scenario called ``title`` that begins on ``start``; without ``name`` its file is named after the title.

    Raises:
        Invalid: the title is empty, or the name cannot be one.
        Conflict: there is a scenario of that name, or the draft cannot be changed.
    """
    if not title.strip():
        raise Invalid(Text("请给情景起一个名字。", "Give the scenario a title."))
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    folder = f"processes/{tree.package.key}/scenarios/"
    taken = {path.removeprefix(folder).removesuffix(".yaml") for path in tree.filled if path.startswith(folder)}
    wanted = name.strip() or made_id(title, taken, "scenario")
    if not _NAME.fullmatch(wanted):
        raise Invalid(
            Text(
                f"编号“{wanted[:60]}”不能使用：请用小写字母开头的字母、数字和下划线。",
                f"“{wanted[:60]}” is no id: use small letters, digits and underscores, a letter first.",
            )
        )
    if wanted in taken:
        raise Conflict(
            Text(f"已有编号为“{wanted}”的情景，请换一个。", f"There is a scenario “{wanted}”: choose another id.")
        )
    path = f"{folder}{wanted}.yaml"
    return save_file(
        desk, actor, draft, path, scenario_text(ScenarioDraft(title.strip()[:200], start, {}), path), None, "新建"
    )
