"""A draft goes to a second person, is published, begins on its day, and can be withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import PackageRefused, deploy_package
from service.casework.due.run_item import run_item
from service.casework.queries.own_place.inbox import list_messages
from service.casework.studio.drafts import check_draft
from service.casework.studio.drafts.open_draft import (
    discard_draft,
    list_discarded,
    open_draft,
    rename_draft,
    restore_draft,
    share_draft,
    take_over_draft,
)
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import list_drafts, open_file, view_draft
from service.casework.studio.publication.publish_draft import publish_draft, withdraw_version
from service.casework.studio.publication.review_draft import review_draft, submit_draft, take_back_draft
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, LAW, PARAMETERS, Lakeside, amended_package
from tests.support.studio_work import carry_on


def change(town: Lakeside, draft: int, path: str, old: str, new: str, actor: object = None) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    text = opened.content.decode()
    assert old in text
    content = text.replace(old, new).encode()
    save_file(town.desk, actor or town.designer, draft, path, content, opened.hash)  # type: ignore[arg-type]


@pytest.fixture
def draft(town: Lakeside) -> int:
    """A shared draft with one change by the designer."""
    ident = open_draft(town.desk, town.designer, KEY, "湖滨改称湖畔")
    share_draft(town.desk, town.designer, ident, shared=True)
    change(town, ident, LAW, "湖滨", "湖畔")
    return ident


def current(town: Lakeside) -> str:
    with town.desk.store.read() as tx:
        row = tx.definitions.current(KEY)
    assert row is not None
    return row.version


def version_of(town: Lakeside, case: int) -> str:
    with town.desk.store.read() as tx:
        return tx.cases.get(case).definition


def approved(town: Lakeside, draft: int) -> None:
    submit_draft(town.desk, town.designer, draft, "更名。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")


def events(town: Lakeside) -> list[str]:
    with town.desk.store.read() as tx:
        rows = tx.package_events.select(package=KEY)
    return [row.action for row in rows]


def test_new_cases_use_what_was_published_and_old_ones_keep_theirs(town: Lakeside, draft: int) -> None:
    old, before = town.start("first"), current(town)
    approved(town, draft)
    version = publish_draft(town.desk, town.designer, draft)
    assert current(town) == version != before
    new = town.start("second")
    assert (version_of(town, old), version_of(town, new)) == (before, version)
    assert events(town) == ["shared", "submitted", "approved", "published"]
    assert view_draft(town.desk, town.checker, draft).row.state == "published"
    again = open_draft(town.desk, town.designer, KEY, "下一次")
    assert open_file(town.desk, town.designer, again, LAW).content.decode().count("湖畔")


def test_a_withdrawn_version_gives_way_to_the_one_before_and_its_cases_are_listed(town: Lakeside, draft: int) -> None:
    before = current(town)
    approved(town, draft)
    version = publish_draft(town.desk, town.designer, draft)
    running = town.start("first")
    with pytest.raises(Invalid):
        withdraw_version(town.desk, town.designer, KEY, version, " ")
    with pytest.raises(Conflict):
        withdraw_version(town.desk, town.designer, KEY, before, "弄错了")
    listed = withdraw_version(town.desk, town.designer, KEY, version, "表单有误")
    assert [row.id for row in listed] == [running]
    assert current(town) == before
    assert version_of(town, town.start("second")) == before
    assert version_of(town, running) == version
    with pytest.raises(Conflict):
        withdraw_version(town.desk, town.designer, KEY, before, "第一个版本")
    assert events(town)[-1] == "withdrawn"
    (told, _published, submitted) = list_messages(town.desk, town.checker)[0]
    assert ("现行版本已撤回" in told.subject, "表单有误" in told.text) == (True, True)
    assert ("等您复核" in submitted.subject, "更名。" in submitted.text) == (True, True)
    assert (submitted.text.splitlines()[-1]) == f"/studio/drafts/{draft}/publish"
    (reviewed,) = list_messages(town.desk, town.designer)[0]
    assert "复核通过了草稿" in reviewed.subject, "of the withdrawal, who did it knows"


def test_who_reviews_does_not_wait_for_a_check(
    town: Lakeside, draft: int, browse: Callable[[str | None], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the check found as the draft was handed in stands on the page, in a process that knows nothing of it."""
    here = f"/studio/drafts/{draft}"
    assert 'aria-current="step"><strong>检查问题' in browse("designer").get(here).text, "nobody has checked it yet"
    submit_draft(town.desk, town.designer, draft, "更名。")
    check_draft._MEMORIES[town.desk.store].clear()
    monkeypatch.setattr(check_draft, "problems_of", None)
    assert "错误 0 处，提示 0 处" in browse("checker").get(f"{here}/publish").text
    assert 'aria-current="step"><strong>复核与发布' in browse("checker").get(here).text


def test_a_page_answers_before_a_draft_is_checked_and_says_what_was_found_before(
    town: Lakeside, draft: int, browse: Callable[[str | None], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check runs beside; what it found is there in a process that knows nothing of it, and stays there with its age."""
    here, checks = f"/studio/drafts/{draft}", check_draft.problems_of
    monkeypatch.setattr(check_draft, "problems_of", None)
    designer = browse("designer")
    shown = [designer.get(f"{here}/{page}").text for page in ("problems", "publish")]
    assert ["正在检查最新的修改" in page for page in shown] == [True, True]
    assert ("没有问题" in shown[0], 'value="submit"' in shown[1]) == (False, False)
    monkeypatch.setattr(check_draft, "problems_of", checks)
    carry_on(town.desk)
    monkeypatch.setattr(check_draft, "problems_of", None)
    check_draft._MEMORIES[town.desk.store].clear()
    assert "正在检查" not in designer.get(f"{here}/problems").text
    assert "错误 0 处，提示 0 处" in designer.get(f"{here}/publish").text
    change(town, draft, PARAMETERS, "unit: working_days", "unit: fortnights")
    assert all(words in designer.get(f"{here}/problems").text for words in ("最近 1 次修改以前", "正在检查最新的修改"))
    monkeypatch.setattr(check_draft, "problems_of", checks)
    carry_on(town.desk)
    check_draft._MEMORIES[town.desk.store].clear()
    assert "fortnights" in designer.get(f"{here}/problems").text


def test_who_submits_reads_who_reviews_and_the_day_in_words(
    town: Lakeside, draft: int, browse: Callable[[str | None], Browser]
) -> None:
    browser, here = browse("designer"), f"/studio/drafts/{draft}/publish"
    browser.post(here, {"do": "submit", "note": "更名。"})
    assert f"等待复核：由{town.checker.name}" in browser.get(here).text
    assert "复核中" in browser.get("/studio").text
    checker = browse("checker")
    drafts = checker.get("/studio").text
    assert ("等您复核" in drafts, f'href="{here}"' in drafts, "复核中" in drafts) == (True, True, False)
    refused = checker.post(f"{here}/review", {"do": "approve", "seen": ""}, page=here)
    assert (refused.status_code >= 400, 'class="fine"' in refused.text) == (True, False), "no tick beside a refusal"
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    first = local_date(town.desk.clock.now()) + timedelta(days=9)
    publish_draft(town.desk, town.designer, draft, first)
    assert f"已排定自{format_full_day(first).zh}（" in browser.get(here).text
    assert f"自 {first}" not in browser.get(here).text


def test_who_changed_something_does_not_review_it(town: Lakeside, draft: int) -> None:
    take_over_draft(town.desk, town.checker, draft)
    change(town, draft, LAW, "湖畔", "湖心", town.checker)
    take_over_draft(town.desk, town.designer, draft)
    submit_draft(town.desk, town.designer, draft, "更名。")
    for author in (town.designer, town.checker):
        with pytest.raises(NotAllowed):
            review_draft(town.desk, author, draft, approved=True, reason="情景另行核对。")
    with pytest.raises(Conflict):
        publish_draft(town.desk, town.designer, draft)
    review_draft(town.desk, town.office, draft, approved=True, reason="情景另行核对。")
    with pytest.raises(NotAllowed):
        publish_draft(town.desk, town.office, draft)
    assert publish_draft(town.desk, town.admin, draft) == current(town)


def test_a_draft_under_review_is_not_changed_and_comes_back_with_a_reason(town: Lakeside, draft: int) -> None:
    submit_draft(town.desk, town.designer, draft, "更名。")
    with pytest.raises(Conflict):
        change(town, draft, LAW, "湖畔", "湖心")
    with pytest.raises(Invalid):
        review_draft(town.desk, town.checker, draft, approved=False, reason=" ")
    review_draft(town.desk, town.checker, draft, approved=False, reason="请改回湖滨。")
    row = view_draft(town.desk, town.designer, draft).row
    assert row.state == "open"
    assert row.details["reviewed"]["reason"] == "请改回湖滨。"
    change(town, draft, LAW, "湖畔", "湖心")
    submit_draft(town.desk, town.designer, draft, "改为湖心。")
    take_back_draft(town.desk, town.designer, draft)
    assert view_draft(town.desk, town.designer, draft).editable


def test_what_was_submitted_again_meanwhile_is_not_approved_unseen(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    submit_draft(town.desk, town.designer, draft, "更名。")
    checker, here = browse("checker"), f"/studio/drafts/{draft}/publish"
    seen = re.search(r'name="seen" value="(\w+)"', checker.get(here).text)
    assert seen
    take_back_draft(town.desk, town.designer, draft)
    change(town, draft, LAW, "湖畔", "湖心")
    opinion = {"seen": seen[1], "do": "approve", "reason": "第一份我看过"}
    gone = checker.post(f"{here}/review", opinion)
    assert (gone.status_code, "data-typed" in gone.text, "第一份我看过" in gone.text) == (409, True, True)
    submit_draft(town.desk, town.designer, draft, "再次更名。")
    refused = checker.post(f"{here}/review", opinion)
    assert (refused.status_code, "重新提交了" in refused.text, "第一份我看过" in refused.text) == (409, True, True)
    assert "data-typed" not in refused.text
    again = re.search(r'name="seen" value="(\w+)"', refused.text)
    assert again
    assert checker.post(f"{here}/review", {**opinion, "seen": again[1]}).status_code == 302


def test_an_outdated_draft_is_returned_and_not_approved(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    submit_draft(town.desk, town.designer, draft, "更名。")
    town.deploy(amended_package({LAW: [("湖滨", "湖东")]}))
    checker, here = browse("checker"), f"/studio/drafts/{draft}/publish"
    page = checker.get(here).text
    offered = [
        "请退回，由作者并入现行版本" in page,
        "请并入现行版本，再提交复核。</textarea>" in page,
        'value="approve"' in page,
    ]
    assert (offered, "查看并并入" in page) == ([True, True, False], False)
    with pytest.raises(Conflict, match="请退回，由作者并入现行版本"):
        review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    returned = checker.post(
        f"{here}/review", {"do": "return", "seen": seen[1], "reason": "请并入现行版本。"}, page=here
    )
    assert (returned.status_code, "查看并并入" in browse("designer").get(here).text) == (302, True)


def test_what_was_approved_before_another_version_began_is_not_offered_for_publication(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    approved(town, draft)
    browser, here = browse("designer"), f"/studio/drafts/{draft}/publish"
    assert 'value="publish"' in browser.get(here).text
    town.deploy(amended_package({LAW: [("湖滨", "湖东")]}))
    page = browser.get(here).text
    assert ('value="publish"' in page, "取回或者退回以后，由作者并入" in page, "取回修改" in page) == (
        False,
        True,
        True,
    )


def test_who_reviews_again_reads_what_was_changed_since_the_return(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    designer, checker, here = browse("designer"), browse("checker"), f"/studio/drafts/{draft}/publish"
    submit_draft(town.desk, town.designer, draft, "更名。")
    assert "data-since-return" not in checker.get(here).text, "never returned"
    review_draft(town.desk, town.checker, draft, approved=False, reason="请改为湖心。")
    assert "自上次退回以来没有修改" in designer.get(here).text, "told before it is submitted again"
    submit_draft(town.desk, town.designer, draft, "更名。")
    assert "自上次退回以来没有修改" in checker.get(here).text
    take_back_draft(town.desk, town.designer, draft)
    change(town, draft, LAW, "湖畔", "湖心")
    submit_draft(town.desk, town.designer, draft, "改为湖心。")
    assert "请改为湖心" in checker.get(here).text.partition("data-since-return")[2].partition("</p>")[0]
    assert f'href="/studio/drafts/{draft}/compare?left=r1"' in checker.get(here).text
    compared = checker.get(f"/studio/drafts/{draft}/compare?left=r1").text
    assert '<option value="r1" selected>' in compared
    assert ("<del>畔</del>" in compared, "<ins>心</ins>" in compared) == (True, True)


def test_the_next_step_after_a_publication_is_shown_to_who_may_take_it(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    town.start("first")
    approved(town, draft)
    publish_draft(town.desk, town.designer, draft)
    here, link = f"/studio/drafts/{draft}/publish", f'href="/law/{KEY}/running"'
    shown = {login: browse(login).get(here).text for login in ("designer", "admin")}
    assert (link in shown["designer"], "由办公室和管理员逐件查看" in shown["designer"]) == (False, True)
    assert link in shown["admin"]
    assert browse("admin").get(f"/law/{KEY}/running").status_code == 200


def test_who_applies_the_law_is_told_of_a_new_version(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    approved(town, draft)
    version = publish_draft(town.desk, town.designer, draft)
    newest = list_messages(town.desk, town.office)[0][0]
    day = format_full_day(local_date(town.clock.now())).zh
    assert (f"新版本自{day}起生效" in newest.subject, "designer发布了“湖滨改称湖畔”" in newest.text) == (True, True)
    assert f'href="/law/{KEY}/versions/{version}"' in browse("office").get(f"/inbox/{newest.id}").text
    assert not any("新版本" in message.subject for message in list_messages(town.desk, town.designer)[0])


def test_a_request_to_review_is_read_where_the_draft_was_opened(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    submit_draft(town.desk, town.designer, draft, "更名。")
    checker = browse("checker")

    def unread() -> list[bool]:
        return [message.fresh for message in list_messages(town.desk, town.checker)[0] if "等您复核" in message.subject]

    checker.get(f"/studio/drafts/{draft}")
    assert unread() == [True]
    checker.get(f"/studio/drafts/{draft}/publish")
    assert unread() == [False]


def test_a_draft_gets_another_title(town: Lakeside, draft: int, browse: Callable[..., Browser]) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}"
    assert designer.post(here, {"do": "rename", "title": " 湖滨改称湖心 "}).status_code == 302
    assert view_draft(town.desk, town.designer, draft).row.title == "湖滨改称湖心"
    assert events(town)[-1] == "renamed"
    refused = designer.post(here, {"do": "rename", "title": "长" * 201})
    assert ("草稿名称最多 200 字" in refused.text, f'value="{"长" * 201}"' in refused.text) == (True, True)
    submit_draft(town.desk, town.designer, draft, "更名。")
    with pytest.raises(Conflict):
        rename_draft(town.desk, town.designer, draft, "复核中")


def test_an_approval_is_void_once_the_draft_is_taken_back(town: Lakeside, draft: int) -> None:
    approved(town, draft)
    take_back_draft(town.desk, town.designer, draft)
    with pytest.raises(Conflict):
        publish_draft(town.desk, town.designer, draft)


def test_a_wrong_diagram_is_refused_with_element_and_remedy(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    change(town, draft, DIAGRAM, 'name="role" value="', 'name="role" value="nobody_')
    with pytest.raises(PackageRefused) as refused:
        submit_draft(town.desk, town.designer, draft, "更名。")
    first = refused.value.problems[0]
    assert first.element
    assert first.remedy.zh
    page = browse("designer").post(f"/studio/drafts/{draft}/publish", {"do": "submit", "note": "更名。"}).text
    (banner,) = re.findall(r"草稿有 \d+ 处错误，没有提交复核[^<]*", page)
    assert first.message.zh in page
    assert (DIAGRAM in banner, first.element in banner, KEY in banner) == (False, False, False)
    assert view_draft(town.desk, town.designer, draft).row.state == "open"


def test_nothing_changed_and_no_note_are_refused(town: Lakeside) -> None:
    ident = open_draft(town.desk, town.designer, KEY, "空")
    with pytest.raises(Conflict):
        submit_draft(town.desk, town.designer, ident, "无。")
    with pytest.raises(Invalid):
        submit_draft(town.desk, town.designer, ident, " ")


def run_publications(town: Lakeside) -> None:
    while True:
        with town.desk.store.write() as tx:
            item = tx.work.claim(town.clock.now(), "test")
        if item is None:
            return
        run_item(town.desk, SYSTEM, item)


def later(town: Lakeside, days: int) -> None:
    town.clock.move_to(town.clock.now() + timedelta(days=days))


def test_a_version_begins_on_its_day(town: Lakeside, draft: int) -> None:
    before = current(town)
    approved(town, draft)
    today = local_date(town.clock.now())
    with pytest.raises(Invalid):
        publish_draft(town.desk, town.designer, draft, today - timedelta(days=1))
    version = publish_draft(town.desk, town.designer, draft, today + timedelta(days=3))
    assert current(town) == before
    run_publications(town)
    assert current(town) == before
    studied = Browser(make_app(town), town, "admin")
    for place in ("versions", f"versions/{version}"):
        told = studied.get(f"/law/{KEY}/{place}").text
        assert "还没有生效" in told
    later(town, 3)
    run_publications(town)
    assert current(town) == version
    assert view_draft(town.desk, town.checker, draft).row.state == "published"
    assert events(town)[-1] == "begun"


def test_no_version_begins_while_work_is_on_hold(town: Lakeside, draft: int) -> None:
    """A clock that is months ahead began it for good, before its day."""
    approved(town, draft)
    before, now = current(town), town.clock.now()
    version = publish_draft(town.desk, town.designer, draft, local_date(now) + timedelta(days=30))
    later(town, 60)
    with town.desk.store.write() as tx:
        tx.operation.hold_for_clock(now, town.clock.now())
    run_publications(town)
    assert current(town) == before
    with town.desk.store.write() as tx:
        assert tx.operation.end_hold(1)
    run_publications(town)
    assert current(town) == version


def test_a_version_does_not_begin_over_another_one(town: Lakeside, draft: int) -> None:
    approved(town, draft)
    publish_draft(town.desk, town.designer, draft, date(2026, 3, 10))
    other = town.deploy(amended_package({LAW: [("湖滨", "湖东")]}))
    later(town, 10)
    run_publications(town)
    assert current(town) == other.version
    assert events(town)[-1] == "publication_missed"
    with pytest.raises(Conflict):
        publish_draft(town.desk, town.designer, draft)


def test_a_draft_taken_back_does_not_begin(town: Lakeside, draft: int) -> None:
    before = current(town)
    approved(town, draft)
    publish_draft(town.desk, town.designer, draft, date(2026, 3, 10))
    take_back_draft(town.desk, town.designer, draft)
    later(town, 10)
    run_publications(town)
    assert current(town) == before


def test_a_discarded_draft_is_gone_until_an_administrator_restores_it(town: Lakeside, draft: int) -> None:
    with pytest.raises(NotAllowed):
        discard_draft(town.desk, town.checker, draft)
    discard_draft(town.desk, town.designer, draft)
    assert all(not place.drafts for place in list_drafts(town.desk, town.designer))
    with pytest.raises(Conflict):
        change(town, draft, LAW, "湖畔", "湖心")
    assert [row.id for row in list_discarded(town.desk, town.admin).lines] == [draft]
    with pytest.raises(NotAllowed):
        restore_draft(town.desk, town.designer, draft)
    restore_draft(town.desk, town.admin, draft)
    assert view_draft(town.desk, town.designer, draft).editable
    with pytest.raises(Conflict):
        restore_draft(town.desk, town.admin, draft)


def test_only_its_author_shares_a_draft(town: Lakeside, draft: int) -> None:
    with pytest.raises(NotAllowed):
        share_draft(town.desk, town.checker, draft, shared=False)
    share_draft(town.desk, town.designer, draft, shared=False)
    with pytest.raises(NotFound):
        view_draft(town.desk, town.checker, draft)
    with pytest.raises(LaurelError):
        review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")


def test_a_folder_does_not_overwrite_what_the_studio_published(town: Lakeside, draft: int) -> None:
    approved(town, draft)
    version = publish_draft(town.desk, town.designer, draft)
    other = amended_package({LAW: [("湖滨", "湖东")]})
    with pytest.raises(Conflict) as refused:
        deploy_package(town.desk, SYSTEM, other)
    for sentence in (refused.value.message.zh, refused.value.message.en):
        assert version[:8] in sentence
        assert other.version[:8] in sentence
        assert "--take-over" in sentence
    assert current(town) == version
    deploy_package(town.desk, SYSTEM, other, base=version)
    assert current(town) == other.version


def test_a_folder_made_from_a_version_of_the_studio_is_not_overwritten_either(town: Lakeside, draft: int) -> None:
    approved(town, draft)
    version = publish_draft(town.desk, town.designer, draft)
    merged, other = amended_package({LAW: [("湖滨", "湖畔东")]}), amended_package({LAW: [("湖滨", "湖西")]})
    deploy_package(town.desk, SYSTEM, merged, base=version)
    with pytest.raises(Conflict, match="含有设计页面的修改"):
        deploy_package(town.desk, SYSTEM, other)
    assert current(town) == merged.version
    deploy_package(town.desk, SYSTEM, other, take_over=True)
    assert current(town) == other.version
    deploy_package(town.desk, SYSTEM, amended_package({LAW: [("湖滨", "湖南")]}))  # the folder has taken over


def test_an_outdated_folder_does_not_bring_a_replaced_version_back(town: Lakeside) -> None:
    with town.desk.store.read() as tx:
        row = tx.definitions.current(KEY)
        assert row is not None
        first = town.desk.packages.get(row.version, tx)
    newer = town.deploy(amended_package({LAW: [("湖滨", "湖东")]}))
    with pytest.raises(Conflict) as refused:
        deploy_package(town.desk, SYSTEM, first)
    for sentence in (refused.value.message.zh, refused.value.message.en):
        assert newer.version[:8] in sentence
        assert "--take-over" in sentence
    assert current(town) == newer.version
    deploy_package(town.desk, SYSTEM, first, take_over=True)
    assert (current(town), events(town)[-1]) == (first.version, "taken_over")
    with pytest.raises(Conflict, match="发布过的版本"):
        town.deploy(newer)
    deploy_package(town.desk, SYSTEM, newer, base=first.version)
    assert (current(town), events(town)[-1]) == (newer.version, "republished")
    recorded = len(events(town))
    deploy_package(town.desk, SYSTEM, amended_package({LAW: [("湖滨", "湖北")]}), base=newer.version)
    assert len(events(town)) == recorded, "a new version needs no such record"


def test_a_withdrawn_version_does_not_come_back_with_a_folder(town: Lakeside, draft: int) -> None:
    before = current(town)
    approved(town, draft)
    version = publish_draft(town.desk, town.designer, draft)
    with town.desk.store.read() as tx:
        bad = town.desk.packages.get(version, tx)
    withdraw_version(town.desk, town.designer, KEY, version, "弄错了")
    with pytest.raises(Conflict, match="发布过的版本"):
        deploy_package(town.desk, SYSTEM, bad)
    assert current(town) == before


def test_an_approval_although_scenarios_were_not_played_says_why(town: Lakeside, draft: int) -> None:
    submit_draft(town.desk, town.designer, draft, "改名")
    with pytest.raises(Invalid, match="没有在本版上运行"):
        review_draft(town.desk, town.checker, draft, approved=True, reason=" ")
