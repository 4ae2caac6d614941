"""The pages on which a draft is shared, chosen, compared, undone, reviewed, published and withdrawn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from service.casework.studio.drafts.draft_tree import hash_of, tree_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import DraftConflict, save_file
from service.casework.studio.drafts.share_draft import share_draft
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.submit_draft import submit_draft
from service.domain.errors import Invalid
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside

Browse = Callable[..., Browser]


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "决定改名")
    change(town, ident, "决定是否受理", "决定受理与否", DIAGRAM)
    return ident


def change(town: Lakeside, draft: int, old: str, new: str, path: str = LAW) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.decode().replace(old, new).encode(), opened.hash)


def test_a_draft_without_a_change_says_that_it_touches_no_case(town: Lakeside, browse: Browse) -> None:
    same = open_draft(town.desk, town.designer, KEY, "照旧")
    assert "草稿与现行版本相同，在办办件不受影响。" in browse("designer").get(f"/studio/drafts/{same}/publish").text


def test_what_is_in_order_and_the_clauses_to_tick_are_folded(town: Lakeside, browse: Browse) -> None:
    same = open_draft(town.desk, town.designer, KEY, "照旧")
    page = browse("designer").get(f"/studio/drafts/{same}/publish").text
    fine = page.partition('<details class="fine">')[2].partition("</details>")[0]
    assert "没有要看的：" in fine
    assert "草稿与现行版本相同" in fine
    assert "还没有在本版上运行" not in fine
    ticks = page.partition('name="clauses"')[0].rpartition("<details")[2]
    assert ticks.startswith(' class="passage"><summary>')


def test_a_review_before_any_run_gives_no_results_and_offers_the_run(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    page = browse("designer").get(f"/studio/drafts/{draft}/publish").text
    facts = re.sub(r"<[^>]+>|\s", "", page[page.index('<dl class="facts basis">') : page.index("</dl>")])
    assert "共3个，还没有在本版上运行，说不出结果现在全部运行" in facts
    assert "个相符" not in facts
    assert "共7条：0条由流程落实并在本版上证明；5条有情景证明、还没有在本版上运行；" in facts
    assert re.search(r"(?<!：)\b0条", facts) is None


def test_a_draft_is_shared_reviewed_published_and_withdrawn_on_its_pages(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    base = f"/studio/drafts/{draft}"
    designer, checker = browse("designer"), browse("checker")
    assert checker.get(f"{base}/publish").status_code == 404
    assert designer.post(f"{base}/share", {"shared": "1"}).status_code in (302, 303)
    refused = designer.post(f"{base}/publish/submit", {"note": " "})
    assert refused.status_code == 422
    assert "请写明改了什么" in refused.text
    designer.post(f"{base}/publish/submit", {"note": "名称更准确。"})
    assert "等待另一人评审" in designer.get(f"{base}/publish").text
    page = checker.get(f"{base}/publish")
    assert "名称更准确" in page.text
    assert "没有在办办件" in page.text
    returned = checker.post(f"{base}/publish/review", {"act": "return", "reason": ""})
    assert "退回须写明理由" in returned.text
    checker.post(f"{base}/publish/review", {"act": "approve", "reason": "同意。"})
    assert designer.post(f"{base}/publish/publish", {"from": "昨天"}).status_code == 422
    designer.post(f"{base}/publish/publish", {"from": ""})
    with town.desk.store.read() as tx:
        row = tx.definitions.current(KEY)
    assert row is not None
    assert row.draft_id == draft
    case = town.start("first")
    after = open_draft(town.desk, town.designer, KEY, "随后")
    gone = designer.post(f"{base}/publish/withdraw", {"version": row.version, "reason": "名称有误"})
    place = f"/law/{KEY}/versions/{row.version}"
    assert gone.location == place
    page = designer.get(place).text
    assert "按撤回版本办理的办件" in page
    assert "在办 1 件，继续按这一版办理" in page
    assert f"/cases/{case}" not in page  # who only draws sees no case
    assert "：名称有误" in page
    assert f'href="{place}"' in designer.get(f"{base}/publish").text
    assert f'href="/cases/{case}"' in browse("office").get(place).text
    newer = designer.send("POST", f"/api/v1/drafts/{after}/presence", {}).json["newer"]
    assert (newer["withdrawn"], newer["published_by"]) == (True, "系统")
    told = designer.get(f"/studio/drafts/{after}/compare").text
    assert "草稿所依据的版本已经撤回" in told
    assert "又发布了版本" not in told
    assert "并入草稿" in told


def test_history_shows_a_change_in_words_and_goes_back(town: Lakeside, browse: Browse, draft: int) -> None:
    base = f"/studio/drafts/{draft}"
    designer = browse("designer")
    assert "application.bpmn" in designer.get(f"{base}/history").text
    page = designer.get(f"{base}/history/1")
    assert "决定受理与否" in page.text
    assert "决定是否受理" in page.text
    designer.post(f"{base}/history/restore", {"revision": "0", "path": DIAGRAM})
    assert "决定是否受理" in open_file(town.desk, town.designer, draft, DIAGRAM).content.decode()
    assert designer.post(f"{base}/history/restore", {"revision": "x"}).status_code == 422


def test_two_sides_are_compared_in_words_and_on_both_diagrams(browse: Browse, draft: int) -> None:
    base = f"/studio/drafts/{draft}/compare"
    designer = browse("designer")
    page = designer.get(base)
    assert "决定受理与否" in page.text
    both = designer.get(f"{base}/diagram?path={DIAGRAM}")
    assert both.text.count("data-diagram-url") == 2
    assert "&#34;state&#34;:&#34;changed&#34;" in both.text
    for side in ("published", "draft", "r0"):
        file = designer.get(f"{base}/file?side={side}&path={DIAGRAM}")
        assert ("决定受理与否" in file.text) == (side == "draft")
    assert designer.get(f"{base}?left=nothing").status_code == 404


def test_a_long_list_of_files_tells_each_when_it_is_opened(town: Lakeside, browse: Browse, draft: int) -> None:
    base, designer = f"/studio/drafts/{draft}/compare", browse("designer")
    town_files = f"processes/{KEY}"
    for path, old, new in (
        (LAW, "湖滨", "湖畔"),
        (f"{town_files}/forms/apply.json", "主要事迹", "事迹"),
        (f"{town_files}/forms/decide.json", '"申报条件"', '"条件"'),
        (f"{town_files}/documents/refusal.yaml", "经审查", "经核查"),
        (f"{town_files}/eligibility.dmn", "string(", "string( "),
        (f"{town_files}/parameters.yaml", "name: 公示期", "name: 公示期限"),
        (DIAGRAM, 'name="clauses" value="LS-4"', 'name="clauses" value="LS-4 LS-5"'),
    ):
        change(town, draft, old, new, path)
    page = designer.get(base).text
    (found,) = re.findall(rf'data-words="([^"]+{DIAGRAM}[^"]*)"', page)
    assert "决定受理与否" not in page
    part = designer.get(found.replace("&amp;", "&")).text
    assert "<html" not in part
    assert "决定受理与否" in part
    assert "第五条" in part, "clauses are told by their articles"
    assert "LS-5" not in part
    assert "第五条" in designer.get(f"{base}/words?path={DIAGRAM}").text


def test_a_file_that_is_there_once_is_called_by_its_kind_alone(town: Lakeside, browse: Browse, draft: int) -> None:
    path = f"processes/{KEY}/parameters.yaml"
    change(town, draft, "name: 公示期", "name: 公示期限", path)
    change(town, draft, "湖滨", "湖畔", LAW)
    designer = browse("designer")
    review = designer.get(f"/studio/drafts/{draft}/publish").text
    assert "参数 <span" in review
    history = designer.get(f"/studio/drafts/{draft}/history").text
    for page in (review, history):
        assert not re.search(r"(参数|条款)[\s　]+(parameters|law)\b", page)
        assert "参数 参数" not in page


def test_what_meets_is_chosen_on_its_page(town: Lakeside, browse: Browse, draft: int) -> None:
    share_draft(town.desk, town.designer, draft, shared=True)
    opened = open_file(town.desk, town.checker, draft, LAW)
    change(town, draft, "湖滨", "湖畔")
    mine = opened.content.decode().replace("湖滨", "湖心").encode()
    with pytest.raises(DraftConflict) as met:
        save_file(town.desk, town.checker, draft, LAW, mine, opened.hash)
    checker, held = browse("checker"), met.value.held
    assert "逐处选择" in checker.get(f"/studio/drafts/{draft}").text
    page = checker.get(f"/studio/drafts/{draft}/choices")
    assert "湖心" in page.text
    assert "湖畔" in page.text
    assert 'value="ours" checked' not in page.text
    unchosen = checker.post(f"/studio/drafts/{draft}/choices/{held}", {"act": "save"})
    assert unchosen.status_code == 422
    assert "没有选定" in unchosen.text
    sides = {f"{held}:{each.id}": "ours" for each in met.value.conflicts}
    checker.post(f"/studio/drafts/{draft}/choices/{held}", {"act": "save", **sides})
    assert "湖心" in open_file(town.desk, town.checker, draft, LAW).content.decode()
    assert "没有待选择的修改" in checker.get(f"/studio/drafts/{draft}/choices").text


def test_a_discarded_draft_is_brought_back_by_an_administrator(browse: Browse, draft: int) -> None:
    designer = browse("designer")
    designer.post(f"/studio/drafts/{draft}/discard", {})
    assert "决定改名" not in designer.get("/studio").text
    admin = browse("admin")
    assert "决定改名" in admin.get("/studio").text
    admin.post(f"/studio/drafts/{draft}/bring-back", {})
    assert "决定改名" in designer.get("/studio").text


def test_every_act_is_a_call_of_the_interface(town: Lakeside, browse: Browse, draft: int) -> None:
    designer, checker, base = browse("designer"), browse("checker"), f"/api/v1/drafts/{draft}"
    assert designer.send("POST", f"{base}/sharing", {"shared": True}).get_json()["shared"] is True
    designer.send("POST", f"{base}/presence", {"path": LAW})
    (other,) = checker.send("POST", f"{base}/presence", {}).get_json()["others"]
    assert (other["name"], other["path"]) == ("designer", LAW)
    assert [r["path"] for r in designer.get(f"{base}/revisions").get_json()["revisions"]] == [DIAGRAM]
    assert designer.send("POST", f"{base}/restore", {"revision": 0}).get_json()["revision"] == 2
    assert designer.send("POST", f"{base}/restore", {"revision": 1}).get_json()["revision"] == 3
    assert designer.send("POST", f"{base}/submit", {"note": "更名。"}).get_json()["state"] == "review"
    assert designer.send("POST", f"{base}/take-back", {}).get_json()["state"] == "open"
    designer.send("POST", f"{base}/submit", {"note": "更名。"})
    assert designer.send("POST", f"{base}/review", {"approved": True}).status_code == 403
    assert (
        checker.send("POST", f"{base}/review", {"approved": True, "reason": "情景另行核对。"}).get_json()["state"]
        == "approved"
    )
    made = designer.send("POST", f"{base}/publish", {}).get_json()["version"]
    with town.desk.store.read() as tx:
        row = tx.definitions.current(KEY)
    assert row is not None
    assert row.version == made


def test_a_form_that_nothing_uses_yet_is_compared_too(town: Lakeside, browse: Browse, draft: int) -> None:
    part = {"type": "textarea", "id": "f", "key": "text", "label": "复核意见", "validate": {"required": True}}
    form = {"type": "default", "id": "second_look", "properties": {"title": "复核"}, "components": [part]}
    save_file(town.desk, town.designer, draft, "forms/lakeside/second_look.json", json.dumps(form).encode(), None)
    page = browse("designer").get(f"/studio/drafts/{draft}/compare").text
    assert "<strong>复核</strong>" in page
    assert "多行文本“复核意见”" in page
    both = browse("designer").get(f"/studio/drafts/{draft}/compare/diagram?path={DIAGRAM}").text
    assert both.count('data-linked="compare"') == 2


def test_an_approval_of_what_nobody_simulated_says_why(town: Lakeside, browse: Browse, draft: int) -> None:
    with town.desk.store.read() as tx:
        files = tree_of(town.desk, tx, draft).files
    for path in [path for path in files if "/scenarios/" in path]:
        save_file(town.desk, town.designer, draft, path, None, hash_of(files[path]))
    submit_draft(town.desk, town.designer, draft, "不留情景")
    assert "没有做过推演：草稿没有情景" in browse("checker").get(f"/studio/drafts/{draft}/publish").text
    with pytest.raises(Invalid, match="没有做过推演：草稿没有情景"):
        review_draft(town.desk, town.checker, draft, approved=True, reason=" ")
    review_draft(town.desk, town.checker, draft, approved=True, reason="只改名称")


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
        assert "草稿不能修改：已提交评审" in shown, page
        assert "<fieldset disabled>" in shown, page
        assert not re.search('name="do"|复制这个情景|预览改动和后果</button>|编辑</a>', shown), page
    places = ("diagrams", "tables", "forms", "documents", "basics", "parameters", "clauses", "scenarios", "transfer")
    for page in (*(f"{base}/{place}" for place in places), f"{base}/scenarios/view?path={scenario}"):
        assert "草稿不能修改：已提交评审" in designer.get(page).text, page
