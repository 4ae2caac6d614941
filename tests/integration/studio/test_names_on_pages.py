"""The pages of a draft speak in names: where a problem lies, who must still be appointed, and the way back."""

from __future__ import annotations

import pytest

from service.casework.people.rights.seats import NewSeat, grant_seat
from service.casework.studio.drafts.open_draft import open_draft, share_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft, submit_draft
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

CITY = "processes/lakeside/jurisdiction.yaml"


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "名称与角色")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


def change(town: Lakeside, draft: int, path: str, old: str, new: str) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.decode().replace(old, new).encode(), opened.hash)


def test_a_publication_tells_which_roles_nobody_holds(town: Lakeside, browse: Browse, draft: int) -> None:
    change(town, draft, CITY, "roles: [office]", "roles: [office, clerk]")
    change(town, draft, CITY, "name_en: Office}", "name_en: Office}\n  clerk: {name: 登记员, name_en: Registrar}")
    change(town, draft, DIAGRAM, 'name="role" value="office"', 'name="role" value="clerk"')
    submit_draft(town.desk, town.designer, draft, "改由登记员办理。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="同意。")
    publish_draft(town.desk, town.designer, draft)
    page = f"/studio/drafts/{draft}/publish"
    said = browse("admin").get(page).text
    assert "登记员" in said.split("data-unheld")[1].split("</div>")[0]
    assert 'href="/people?place=lakeside">到“人员”里任命湖滨县的这些角色' in said
    said = browse("designer").get(page).text
    assert "请管理员在“人员”里任命" in said
    assert "到“人员”里任命" not in said
    with town.desk.store.write() as tx:
        office = tx.bodies.find(jurisdiction="lakeside", key="office")
        assert office is not None
        grant_seat(tx, town.people["checker"], NewSeat("lakeside", "clerk", office.id), town.clock.now())
    assert "data-unheld" not in browse("designer").get(page).text
