"""The pages on which a draft is shared, chosen, compared, undone, reviewed, published and withdrawn."""

from __future__ import annotations

import re

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.publication.publish_draft import view_publication
from service.casework.studio.publication.review_draft import submit_draft
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "决定改名")
    change(town, ident, "决定是否受理", "决定受理与否", DIAGRAM)
    return ident


def change(town: Lakeside, draft: int, old: str, new: str, path: str = LAW) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.decode().replace(old, new).encode(), opened.hash)


def test_what_is_under_review_is_shown_and_not_offered_for_change(town: Lakeside, browse: Browse, draft: int) -> None:
    base, designer = f"/studio/drafts/{draft}", browse("designer")
    scenario = next(f.path for f in view_draft(town.desk, town.designer, draft).files if f.kind.value == "scenario")
    pages = [f"{base}/scenarios/edit?path={scenario}", f"{base}/parameters/notice_working_days"]
    for page in pages:
        shown = designer.get(page).text
        assert "只读" not in shown, page
        assert "<fieldset>" in shown, page
    submit_draft(town.desk, town.designer, draft, "延长公示。")
    for page in pages:
        shown = designer.get(page).text
        assert "草稿已提交复核，不能修改" in shown, page
        assert "<fieldset disabled>" in shown, page
        assert not re.search('name="do"|复制这个情景|预览改动和后果</button>|编辑</a>', shown), page
    places = ("", "diagrams", "forms", "documents", "basics", "parameters", "clauses", "scenarios")
    for page in (*(f"{base}/{place}".rstrip("/") for place in places), f"{base}/scenarios/view?path={scenario}"):
        assert "草稿已提交复核，不能修改" in designer.get(page).text, page
    other = open_draft(town.desk, town.designer, KEY, "另一份")
    told = [view_publication(town.desk, town.designer, one).events for one in (draft, other)]
    assert [len(events) for events in told] == [1, 0], "what became of one draft is not told of another"
