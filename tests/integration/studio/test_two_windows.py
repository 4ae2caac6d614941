"""Two windows of one person on pages that are forms: an entry saved since is not written over, others are saved."""

from __future__ import annotations

import html
import re

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import share_draft, take_over_draft
from tests.support.browsers import Browse, Browser
from tests.support.lakeside import Lakeside

LIMIT = {
    "name": "受理决定期限",
    "unit": "working_days",
    "clauses": "LS-4",
    "source": "stated",
    "maximum": "10",
    "confirm": "yes",
}


def opened(browser: Browser, address: str) -> dict[str, str]:
    """Return at which revision a page says that it was shown."""
    found = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)
    assert found, address
    return {"revision": found[1]}


def value(town: Lakeside, draft: int, ident: str = "decision_working_days") -> object:
    return package_of(town.desk, draft).award.parameters[ident].values[0].value


def test_a_parameter_that_was_saved_since_is_not_written_over(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, here = browse("designer"), f"/studio/drafts/{draft}/parameters/decision_working_days"
    seen = opened(browser, here)
    assert browser.post(here, {**LIMIT, **opened(browser, here), "value": "7"}).status_code == 302
    stale = browser.post(here, {**LIMIT, **seen, "value": "8", "name": "另一个窗口写的期限"})
    assert stale.status_code == 409
    assert "您在另一个窗口中又保存过" in html.unescape(stale.text)
    assert "另一个窗口写的期限" in html.unescape(stale.text), "what was typed can be copied"
    assert value(town, draft) == 7


def test_a_unit_that_there_is_not_is_refused_with_what_was_typed(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, here = browse("designer"), f"/studio/drafts/{draft}/parameters/decision_working_days"
    refused = browser.post(here, {**LIMIT, **opened(browser, here), "value": "7", "unit": "moons"})
    assert (refused.status_code, LIMIT["name"] in html.unescape(refused.text)) == (422, True)


def test_what_is_said_of_running_cases_is_not_written_over(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, here = browse("designer"), f"/studio/drafts/{draft}/publish"
    limit = f"/studio/drafts/{draft}/parameters/decision_working_days"
    assert browser.post(limit, {**LIMIT, **opened(browser, limit), "value": "7"}).status_code == 302
    seen = opened(browser, here)
    first = {**seen, "applies": "yes", "clauses": "LS-3", "note": "《修改决定》甲"}
    assert browser.post(here, {"do": "running", **first}).status_code == 302
    stale = browser.post(here, {"do": "running", **seen, "applies": "no", "note": "按原来的办"})
    assert (stale.status_code, "按原来的办" in stale.text) == (409, True)
    assert package_of(town.desk, draft).law.amendment.note.zh == "《修改决定》甲"


def test_going_back_does_not_undo_what_another_window_saved(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, base = browse("designer"), f"/studio/drafts/{draft}"
    for limit in ("7", "8"):
        page = f"{base}/parameters/decision_working_days"
        assert browser.post(page, {**LIMIT, **opened(browser, page), "value": limit}).status_code == 302
    back = {"revision": "0", "last": "1"}
    assert browser.post(f"{base}/history", back).status_code == 409
    assert value(town, draft) == 8
    found = re.search(r'name="last" value="(\d+)"', browser.get(f"{base}/history").text)
    assert found
    assert browser.post(f"{base}/history", {**back, "last": found[1]}).status_code == 302
    assert value(town, draft) == 10


def test_what_was_typed_stays_where_another_took_the_draft_over(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, base = browse("designer"), f"/studio/drafts/{draft}"
    limit = f"{base}/parameters/decision_working_days"
    assert browser.post(limit, {**LIMIT, **opened(browser, limit), "value": "7"}).status_code == 302
    share_draft(town.desk, town.designer, draft, shared=True)
    take_over_draft(town.desk, town.checker, draft)
    for form, act, field in (
        ("publish", "submit", "note"),
        ("publish", "running", "note"),
        ("clauses/LS-4", "", "summary"),
    ):
        refused = browser.post(f"{base}/{form}", {"do": act, field: "很久才写好的一段说明"})
        assert (refused.status_code, "data-typed" in refused.text) == (409, True), (form, act)
        assert "很久才写好的一段说明" in refused.text


def test_another_entry_of_the_same_file_is_saved_from_an_older_page(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, base = browse("designer"), f"/studio/drafts/{draft}/parameters"
    seen = opened(browser, f"{base}/notice_working_days")
    limit = {**LIMIT, **opened(browser, f"{base}/decision_working_days"), "value": "7"}
    assert browser.post(f"{base}/decision_working_days", limit).status_code == 302
    years = {"name": "成立年限", "unit": "years", "clauses": "LS-3", "source": "stated", "minimum": "3", "value": "4"}
    assert browser.post(f"{base}/min_years", {**years, **seen, "confirm": "yes"}).status_code == 302
    assert (value(town, draft), value(town, draft, "min_years")) == (7, 4)


def test_a_stale_entry_of_the_place_and_a_stale_clause_are_refused_too(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    browser, base = browse("designer"), f"/studio/drafts/{draft}"
    role, other = (f"{base}/basics/roles?id={ident}" for ident in ("office", "applicant"))
    seen, elsewhere = opened(browser, role), opened(browser, other)
    typed = {"id": "office", "name_en": "Office"}
    entry = f"{base}/basics/roles"
    assert browser.post(entry, {**typed, **seen, "name": "评审办"}).status_code == 302
    assert browser.post(entry, {**typed, **seen, "name": "秘书处"}).status_code == 409
    assert package_of(town.desk, draft).jurisdiction.roles["office"].name == "评审办"
    assert (
        browser.post(entry, {"id": "applicant", **elsewhere, "name": "申报单位", "subject": "true"}).status_code == 302
    )
    clause = f"{base}/clauses?clause=LS-7"
    seen = opened(browser, clause)
    texts = {"article": "第七条", "kind": "fee", "outside": "预算由财政部门另行安排。"}
    change = f"{base}/clauses/LS-7"
    assert browser.post(change, {**texts, **seen, "summary": "经费列入预算。"}).status_code == 302
    assert browser.post(change, {**texts, **seen, "summary": "经费列入财政。"}).status_code == 409
    assert package_of(town.desk, draft).law.clauses["LS-7"].summary == "经费列入预算。"


def test_what_is_moved_or_cited_from_an_older_page_is_refused_where_it_changed_since(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    browser, base = browse("designer"), f"/studio/drafts/{draft}"
    clerk = {"id": "clerk", "name": "经办人", "name_en": "Clerk", "new": "yes"}
    assert browser.post(f"{base}/basics/roles", clerk).status_code == 302
    seen = opened(browser, f"{base}/basics")
    roles = [*package_of(town.desk, draft).jurisdiction.roles]
    move = {"id": roles[0], "do": "down"}
    assert browser.post(f"{base}/basics/roles", {**move, **seen}).status_code == 302
    assert browser.post(f"{base}/basics/roles", {"id": roles[2], "do": "up", **seen}).status_code == 409
    assert [*package_of(town.desk, draft).jurisdiction.roles] == [roles[1], roles[0], *roles[2:]]
    page = f"{base}/clauses?clause=LS-6"
    seen = opened(browser, page)
    places = re.findall(r'<option value="([^"]+#[^"]+)"', browser.get(page).text)
    cite, clause = {**seen, "do": "cite"}, f"{base}/clauses/LS-6"
    assert browser.post(clause, {**cite, "element": html.unescape(places[0])}).status_code == 302
    assert browser.post(clause, {**cite, "element": html.unescape(places[0])}).status_code == 409
    assert browser.post(clause, {**cite, "element": html.unescape(places[1])}).status_code == 302
    assert browser.post(clause, {**seen, "do": "rebind", "other": "LS-4"}).status_code == 409
    now = opened(browser, page)
    assert browser.post(clause, {**now, "do": "rebind", "other": "LS-4"}).status_code == 302


def test_what_was_said_of_several_clauses_since_is_not_written_over(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, here = browse("designer"), f"/studio/drafts/{draft}/clauses"
    seen = opened(browser, here)
    said = {"clause": "LS-7", "answer": "outside", "reason": "预算由财政部门另行安排。"}
    assert browser.post(here, {**said, **opened(browser, here)}).status_code == 302
    stale = browser.post(here, {**said, **seen, "answer": "later", "reason": "另一个窗口写的理由"})
    assert (stale.status_code, "另一个窗口写的理由" in stale.text) == (409, True)
    law = package_of(town.desk, draft).law
    assert (law.clauses["LS-7"].outside, law.not_modelled_yet) == (said["reason"], frozenset())
    assert browser.post(here, {**said, **opened(browser, here), "answer": "later"}).status_code == 302
    stale = browser.post(f"{here}/LS-7", {**seen, "article": "第七条", "summary": "经费。", "later": ""})
    assert (stale.status_code, package_of(town.desk, draft).law.not_modelled_yet) == (409, {"LS-7"})


def test_an_entry_that_was_saved_since_is_not_removed(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, base = browse("designer"), f"/studio/drafts/{draft}"
    limit, clause, basics = f"{base}/parameters/kept_words", f"{base}/clauses/LS-7", f"{base}/basics"
    made = {"id": "kept_words", "name": "留存字数", "unit": "count", "clauses": "LS-4", "source": "default"}
    assert browser.post(f"{base}/parameters/new", {**made, "value": "7", "confirm": "yes"}).status_code == 302
    role = {"id": "clerk", "name": "经办人", "name_en": "Clerk"}
    assert browser.post(f"{basics}/roles", {**role, "new": "yes"}).status_code == 302
    seen = opened(browser, basics)
    assert seen == opened(browser, limit)
    changed = {**made, **seen, "value": "8", "confirm": "yes"}
    assert browser.post(limit, changed).status_code == 302
    assert browser.post(f"{basics}/roles", {**role, **seen, "name": "承办人"}).status_code == 302
    assert browser.post(clause, {**seen, "article": "第七条", "summary": "经费列入财政。"}).status_code == 302
    assert browser.post(limit, {"do": "remove", **seen}).status_code == 409
    assert browser.post(clause, {"do": "remove", **seen}).status_code == 409
    assert browser.post(f"{basics}/roles", {"do": "remove", **seen, "id": "clerk"}).status_code == 409
    package = package_of(town.desk, draft)
    assert (value(town, draft, "kept_words"), package.jurisdiction.roles["clerk"].name) == (8, "承办人")
    assert package.law.clauses["LS-7"].summary == "经费列入财政。"
    now = opened(browser, basics)
    assert browser.post(limit, {"do": "remove", **now}).status_code == 302
    assert browser.post(clause, {"do": "remove", **now}).status_code == 302
    assert browser.post(f"{basics}/roles", {"do": "remove", **now, "id": "clerk"}).status_code == 302
