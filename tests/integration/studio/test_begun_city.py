"""A new city that is half typed: whoever leaves the pages finds it again, and clears it when they like."""

from __future__ import annotations

from tests.support.browsers import Browse

LAW = "第一条 质量奖每届不超过5个。\n第二条 拟奖名单公示5个工作日。\n"
FIRST = {
    "name": "云岭县", "award_name": "云岭县质量奖", "calendar": "cn", "office": "云岭县市场监督管理局",
    "committee": "云岭县质量奖评审委员会", "tiers": "质量奖 5", "law_title": "云岭县质量奖管理办法",
    "since": "2026-01-01", "prefix": "YL",
}  # fmt: skip
ROWS = {
    "row": ["1", "2"], "keep-1": "on", "keep-2": "on", "place-1": "第一条", "place-2": "第二条", "numbers-1": "1",
    "numbers-2": "2", "text-1": "质量奖每届不超过5个。",
    "text-2": "拟奖名单公示5个工作日，期间接受异议。",
}  # fmt: skip
CITED = {"cited-notice": "YL-2-1", "cited-vote": "YL-1-1"}
ASKED = {"founded_years": "3", "acceptance_days": "10", "vote_days": "5", "notice_days": "5"}


def test_pages_that_are_left_are_found_as_they_were(browse: Browse) -> None:
    designer = browse("designer")
    for page in ("/law", "/steps"):  # nothing was begun: the first page, not a refusal
        assert designer.get(f"/studio/new{page}", follow_redirects=True).text.count("新建一个地方的评奖流程") == 1
    assert "还在" not in designer.get("/studio/new").text
    typing = designer.post("/studio/new/kept?page=begin", {"name": "云岭", "text": "第一条 正在写"})
    assert typing.status_code == 200
    assert typing.json is not None
    assert typing.json["saved_at"]
    left = designer.get("/studio/new").text
    assert 'value="云岭"' in left
    assert "第一条 正在写" in left
    assert "上次填的“云岭”还在" in left
    assert "接着填" not in left
    assert "第二条" in designer.post("/studio/new/law", {**FIRST, "text": LAW}).text
    assert "拟奖名单公示5个工作日。" in designer.get("/studio/new/law").text
    third = designer.post("/studio/new/steps", {**FIRST, **ROWS}).text
    assert "期间接受异议" in designer.get("/studio/new/law").text  # as it was cut and mended, not as it was split
    assert "接着填第二步" in designer.get("/studio/new").text
    assert 'name="acceptance_days"' in third
    assert 'name="acceptance_days"' in designer.get("/studio/new/steps").text
    designer.post("/studio/new/kept?page=steps", {**FIRST, **ROWS, **CITED, "acceptance_days": "17"})
    again = designer.get("/studio/new/steps").text
    assert 'value="17"' in again
    assert 'value="YL-1-1" checked' in again
    assert "接着填第三步" in designer.get("/studio/new").text


def test_what_is_refused_is_kept_and_what_is_made_is_dropped(browse: Browse) -> None:
    designer = browse("designer")
    assert designer.post("/studio/new/law", {**FIRST, "office": "", "text": LAW}).status_code == 422
    assert "云岭县质量奖评审委员会" in designer.get("/studio/new").text
    designer.post("/studio/new/steps", {**FIRST, **ROWS})
    refused = designer.post("/studio/new", {**FIRST, **ROWS, **ASKED, **CITED, "tiers": "质量奖"})
    assert refused.status_code == 422
    assert 'value="YL-2-1" checked' in designer.get("/studio/new/steps").text
    made = designer.post("/studio/new", {**FIRST, **ROWS, **ASKED, **CITED})
    assert made.status_code == 302, made.text
    assert "还在" not in designer.get("/studio/new").text


def test_it_is_ones_own_and_cleared_at_will(browse: Browse) -> None:
    designer = browse("designer")
    designer.post("/studio/new/law", {**FIRST, "text": LAW})
    assert "云岭县" not in browse("checker").get("/studio/new").text
    assert designer.post("/studio/new/kept?page=elsewhere", {"name": "x"}).status_code == 404
    assert designer.post("/studio/new", {"do": "anew"}).status_code == 302
    assert "云岭县" not in designer.get("/studio/new").text
