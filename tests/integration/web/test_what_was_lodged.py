"""Who acts on what the public lodged reads it where the form is, on a telephone too: not behind a switch or a link."""

from __future__ import annotations

import re

from service.store import Store
from tests.integration.web.test_why_it_ended import page
from tests.support.half_seasons import season_until


def test_who_investigates_reads_the_objection_above_the_report(sqlite_store: Store) -> None:
    stage = season_until("ganzhou/quality_award", "objection_holds", sqlite_store, "investigate_elsewhere", "异甲")
    (task,) = [one for one in stage.open_tasks("异甲") if one.element == "investigate_elsewhere"]
    with stage.desk.store.read() as tx:
        lodged = next(row for row in tx.forms.of_case(task.case_id) if row.form.endswith("objection"))
    shown = page(stage, "department@emergency", f"/tasks/{task.id}")
    above, _, below = shown.partition("查明的事实")
    assert re.sub(r"\s+", " ", lodged.data["content"]) in above
    assert below
    assert lodged.data["name"] not in shown, "who may not know the objector learns nothing here either"
    said, who, hidden = (above.index(words) for words in ("异议的事实和理由", "提出人的信息", "姓名或单位名称"))
    assert said < who < hidden, "who says it comes after what"
