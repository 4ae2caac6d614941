"""Two people change the same draft on pages that are forms: what meets is kept on both sides, what does not is joined."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.settle_save import list_held
from service.casework.studio.drafts.share_draft import share_draft
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]
LIMIT = {
    "name": "受理决定期限",
    "unit": "working_days",
    "clauses": "LS-4",
    "source": "stated",
    "maximum": "10",
    "confirm": "yes",
}


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "两人同改")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


def opened(browser: Browser, address: str) -> dict[str, str]:
    """Return at which revision a page says that it was shown."""
    found = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)
    assert found, address
    return {"revision": found[1]}


def value(town: Lakeside, draft: int, ident: str = "decision_working_days") -> object:
    return package_of(town.desk, draft).award.parameters[ident].values[0].value


def test_a_stale_parameter_is_kept_beside_the_other_and_chosen(town: Lakeside, browse: Browse, draft: int) -> None:
    one, other, here = browse("designer"), browse("checker"), f"/studio/drafts/{draft}/parameters/decision_working_days"
    seen = opened(other, here)
    assert one.post(here, {**LIMIT, **opened(one, here), "value": "7"}).status_code == 302
    stale = other.post(here, {**LIMIT, **seen, "value": "8"})
    assert stale.status_code == 409
    assert "两份都保留着" in html.unescape(stale.text)
    assert value(town, draft) == 7
    (held,) = list_held(town.desk, town.checker, draft)
    assert [field.ours for each in held.conflicts for field in each.fields if "8" in str(field.ours)]
    assert f"/studio/drafts/{draft}/choices" in other.get(here).text


def test_a_stale_page_about_something_else_is_joined(town: Lakeside, browse: Browse, draft: int) -> None:
    one, other, base = browse("designer"), browse("checker"), f"/studio/drafts/{draft}/parameters"
    seen = opened(other, f"{base}/notice_working_days")
    limit = {**LIMIT, **opened(one, f"{base}/decision_working_days"), "value": "7"}
    assert one.post(f"{base}/decision_working_days", limit).status_code == 302
    years = {"name": "成立年限", "unit": "years", "clauses": "LS-3", "source": "stated", "minimum": "3", "value": "4"}
    assert other.post(f"{base}/min_years", {**years, **seen, "confirm": "yes"}).status_code == 302
    assert (value(town, draft), value(town, draft, "min_years")) == (7, 4)


def test_a_stale_entry_of_the_place_and_a_stale_clause_are_refused_too(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    one, other, base = browse("designer"), browse("checker"), f"/studio/drafts/{draft}"
    role = f"{base}/basics/roles/entry?id=office"
    seen, typed = opened(other, role), {"id": "office", "name_en": "Office"}
    assert one.post(f"{base}/basics/roles/entry", {**typed, **opened(one, role), "name": "评审办"}).status_code == 302
    assert other.post(f"{base}/basics/roles/entry", {**typed, **seen, "name": "秘书处"}).status_code == 409
    assert package_of(town.desk, draft).jurisdiction.roles["office"].name == "评审办"
    clause = f"{base}/clauses?clause=LS-7"
    seen = opened(other, clause)
    said = {"article": "第七条", "kind": "fee", "outside": "预算由财政部门另行安排。"}
    change = f"{base}/clauses/LS-7"
    assert one.post(change, {**said, **opened(one, clause), "summary": "经费列入预算。"}).status_code == 302
    assert other.post(change, {**said, **seen, "summary": "经费列入财政。"}).status_code == 409
    assert package_of(town.desk, draft).law.clauses["LS-7"].summary == "经费列入预算。"
    assert len(list_held(town.desk, town.checker, draft)) == 2
