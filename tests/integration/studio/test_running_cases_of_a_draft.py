"""A draft says whether it applies to running cases, on its page and by call; where it says nothing, who stays is told why."""

from __future__ import annotations

from datetime import date

import pytest

from service.casework.queries.law.view_moves import preview_amendment
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.open_draft import open_draft, share_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.publication.publish_draft import count_scenarios, publish_draft, view_publication
from service.casework.studio.publication.review_draft import TypedAmendment, review_draft, state_amendment, submit_draft
from service.casework.studio.scenarios.run_scenarios import run_scenarios
from service.domain.errors import Conflict, Invalid
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, LAW, PARAMETERS, Lakeside
from tests.support.studio_work import carry_on


def opened(town: Lakeside, path: str = PARAMETERS, old: str = "value: 10", new: str = "value: 9") -> int:
    draft = open_draft(town.desk, town.designer, KEY, "修订")
    share_draft(town.desk, town.designer, draft, shared=True)
    found = open_file(town.desk, town.designer, draft, path)
    text = found.content.decode()
    assert old in text
    save_file(town.desk, town.designer, draft, path, text.replace(old, new, 1).encode(), found.hash)
    return draft


def published(town: Lakeside, draft: int) -> str:
    submit_draft(town.desk, town.designer, draft, "修订。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    return publish_draft(town.desk, town.admin, draft)


def test_what_becomes_of_running_cases_is_asked_before_it_is_submitted(town: Lakeside, browse: Browse) -> None:
    town.start("first")
    draft = opened(town)
    assert view_publication(town.desk, town.designer, draft).amendment.wanted
    before = browse("designer").get(f"/studio/drafts/{draft}/publish").text
    assert "还没有写明在办办件怎么办" in before
    carry_on(town.desk)
    before = browse("designer").get(f"/studio/drafts/{draft}/publish").text
    drafted = view_publication(town.desk, town.designer, draft)
    assert drafted.running is not None
    [(_, reach)] = drafted.running.reaches
    assert drafted.running.package.version[:8] not in before, "nothing of that version can be withdrawn yet"
    assert all(words in reach.why.zh for words in ("请在发布以前写明", "在下一版中写明"))
    assert (reach.why.zh in before, "提交复核</button>" in before) == (False, False), (
        "asked once, and not to be submitted until said"
    )
    assert "日发布的版本" in before, "the version of running cases is told by its day"
    refused = browse("designer").post(f"/studio/drafts/{draft}/publish", {"do": "submit", "note": "办理期限改为九日。"})
    assert (refused.status_code, "请先在“在办办件”中写明它们怎么办" in refused.text) == (422, True)
    assert "办理期限改为九日。" in refused.text
    state_amendment(town.desk, town.designer, draft, TypedAmendment(False))
    published(town, draft)


@pytest.mark.parametrize("first", [None, TypedAmendment(False, note="在办的按原规定办完。")], ids=["silent", "kept"])
def test_what_a_version_left_unsaid_the_next_one_says(
    town: Lakeside, browse: Browse, first: TypedAmendment | None
) -> None:
    draft = opened(town)
    if first:
        state_amendment(town.desk, town.designer, draft, first)
    submit_draft(town.desk, town.designer, draft, "修订。")
    town.start("first")  # no case ran when it was asked
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    publish_draft(town.desk, town.admin, draft)
    [(_, reach)] = preview_amendment(town.desk, town.admin, KEY).reaches
    assert (reach.allowed, "发布的第2个版本改了条款" in reach.why.zh) == (False, first is None)
    if first is None:
        assert "在新草稿的“复核与发布”中写明" in browse("admin").get(f"/law/{KEY}/running").text
    again = opened(town, old="value: 9", new="value: 8")
    state_amendment(town.desk, town.designer, again, TypedAmendment(True, ("LS-4",), note="补充规定"))
    published(town, again)
    [(_, reach)] = preview_amendment(town.desk, town.admin, KEY).reaches
    assert (reach.allowed, reach.clauses) == ((True, ("LS-4",)) if first is None else (False, ()))


def test_the_word_of_the_version_before_is_no_word_of_this_one(town: Lakeside) -> None:
    draft = opened(town)
    said = TypedAmendment(True, ("LS-4",), date(2026, 1, 1), "修改决定")
    state_amendment(town.desk, town.designer, draft, said)
    published(town, draft)
    again = opened(town, old="value: 9", new="value: 8")
    assert view_publication(town.desk, town.designer, again).amendment.wanted
    with pytest.raises(Invalid, match="和上一版写的完全一样"):
        state_amendment(town.desk, town.designer, again, said)
    state_amendment(town.desk, town.designer, again, TypedAmendment(False, note="在办的按原规定办完。"))
    assert not view_publication(town.desk, town.designer, again).amendment.wanted
    with pytest.raises(Invalid, match="没有“LS-99”"):
        state_amendment(town.desk, town.designer, again, TypedAmendment(True, ("LS-99",)))
    submit_draft(town.desk, town.designer, again, "修订。")
    with pytest.raises(Conflict):
        state_amendment(town.desk, town.designer, again, TypedAmendment(False))


def test_what_was_played_stays_played_and_what_is_said_stands_in_the_lines_of_running_cases(town: Lakeside) -> None:
    town.start("first")
    draft = opened(town)
    run_scenarios(town.desk, town.designer, draft)
    carry_on(town.desk)
    before = count_scenarios(town.desk, town.designer, draft)
    assert (before.all > 1, before.waiting) == (True, 0)
    state_amendment(town.desk, town.designer, draft, TypedAmendment(False, note="按《修改决定》第三条。"))
    check_draft(town.desk, town.designer, draft)
    found = view_publication(town.desk, town.designer, draft)
    assert (found.scenarios.met, found.scenarios.unmet, found.scenarios.waiting) == (before.met, before.unmet, 0)
    assert found.running is not None
    [(_, reach)] = found.running.reaches
    assert not reach.allowed
    assert "没有写明" not in reach.why.zh
    assert "这一版写明：在办的按启动时的版本办完" in reach.why.zh
    assert "按《修改决定》第三条" in reach.why.zh
    submit_draft(town.desk, town.designer, draft, "修订。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="同意。")
    with town.desk.store.read() as tx:
        [reviewed] = [event for event in tx.package_events.select(package=KEY) if event.action == "approved"]
    assert "没有做过推演" not in reviewed.text
    assert "unplayed" not in reviewed.data["scenarios"].values()


def test_a_drawing_alone_needs_no_word(town: Lakeside) -> None:
    draft = opened(town, f"processes/{KEY}/application.bpmn", "决定是否受理", "受理与否")
    assert not view_publication(town.desk, town.designer, draft).amendment.wanted
    assert LAW not in view_publication(town.desk, town.designer, draft).compared.files


def test_what_is_said_on_the_page_lets_running_cases_move(town: Lakeside, browse: Browse) -> None:
    town.start("first")
    draft, designer = opened(town), browse("designer")
    page = f"/studio/drafts/{draft}/publish"
    refused = designer.post(page, {"do": "running", "applies": "yes", "note": "修改决定〔2026〕1号"})
    assert refused.status_code == 422
    assert "请选出作此规定的条款" in refused.text
    assert refused.text.count("修改决定〔2026〕1号") == 1, "what was typed stays, in the form that it was typed into"
    said = {"applies": "yes", "note": "修改决定〔2026〕1号", "clauses": ["LS-4"]}
    assert designer.post(page, {"do": "running", **said}).status_code == 302
    assert "适用于在办办件" in designer.get(page).text
    published(town, draft)
    [(_, reach)] = preview_amendment(town.desk, town.admin, KEY).reaches
    print(reach.why.zh)
    assert (reach.allowed, reach.clauses) == (True, ("LS-4",))
