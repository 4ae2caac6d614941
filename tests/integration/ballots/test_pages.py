"""The pages of a ballot, as a browser without scripts sees them."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import orjson
import pytest
from flask import Flask

from service.casework.desk.premises import Premises
from service.casework.desk.sign_in_rules import SignInRules
from service.domain.ballots import Mark
from service.store import Store
from service.web.ballots.ballots import SENT
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import PASSWORD, Browser, give_password, make_app

Browse = Callable[[str], Browser]


@pytest.fixture
def hall(sqlite_url: str, open_store: Callable[[str], Store]) -> Hall:
    return make_hall(open_store(sqlite_url))


@pytest.fixture
def app(hall: Hall) -> Flask:
    return make_app(hall)  # type: ignore[arg-type]


@pytest.fixture
def browse(app: Flask, hall: Hall) -> Browse:
    return lambda login: Browser(app, hall, login)  # type: ignore[arg-type]


def marks(words: dict[str, str]) -> dict[str, str]:
    return {f"mark.{key}": SENT[Mark(mark)] for key, mark in words.items()}


def test_a_member_marks_reviews_casts_and_gets_a_receipt(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    member, page = browse("member1"), f"/ballots/{ballot}"
    shown = member.get(page).text
    assert "质量奖：逐个表决，名额 2 个；不选视为弃权。" in shown
    assert shown.count('type="radio"') == 9 + 3  # one for each candidate says that nothing is marked
    assert "style=" not in shown
    review = member.post(page, {**marks(paper("yyn")), "do": "review"}).text
    assert "投出后不能更改" in review
    assert hall.ballot(ballot).cast == 0
    assert "checked" in member.post(page, {**marks(paper("yyn")), "do": "edit"}).text
    assert member.post(page, {**marks(paper("yyn")), "do": "cast"}).status_code == 303
    shown = member.get(page).text
    receipt = re.search(r'<span class="code">([2-9A-Z]{4}-[2-9A-Z]{4})</span>', shown)
    assert receipt
    assert hall.ballot(ballot).cast == 1
    for number in range(2, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    shown = member.get(page).text
    assert ("已列入本页下方计入的回执号" in shown, f"<strong>{receipt[1]}</strong>" in shown) == (True, True)
    watched = browse("supervisor").get(page).text
    assert ("计入的回执号（9）" in watched, receipt[1] in watched, "<strong>" + receipt[1] in watched) == (
        True,
        True,
        False,
    )
    assert browse("supervisor").get(f"/api/v1{page}").json["receipts"].count(receipt[1]) == 1


def test_the_page_says_who_could_open_the_urn_while_it_is_open(hall: Hall, browse: Browse) -> None:
    """Before one's own paper is cast, after it, and to whom watches; not after the count, when nobody could any more."""
    _, ballot = hall.open()
    said, page = "本机的系统管理员（root）能够读取密钥，从而打开票箱", f"/ballots/{ballot}"
    assert said in browse("member1").get(page).text
    hall.cast(ballot, 1, paper("yyn"))
    for who in ("member1", "member2", "supervisor"):
        assert said in browse(who).get(page).text
    for number in range(2, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    assert (hall.ballot(ballot).state, said in browse("member1").get(page).text) == ("counted", False)


def test_the_task_leads_to_the_paper_and_is_gone_afterwards(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    member = browse("member1")
    listed = member.get("/tasks").text
    task = re.search(r'href="/tasks/(\d+)">投票：质量奖获奖建议名单', listed)
    assert task
    assert member.get(f"/tasks/{task[1]}").headers["Location"] == f"/ballots/{ballot}"
    hall.cast(ballot, 1, paper("yyn"))
    for who in ("member1", "teller1", "supervisor"):  # nobody's list says who is still to vote
        for scope in ("mine", "body", "visible"):
            assert "投票：质量奖获奖建议名单" not in browse(who).get(f"/tasks?scope={scope}").text


def test_a_second_paper_is_answered_with_the_receipt_of_the_first(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    member = browse("member1")
    member.post(f"/ballots/{ballot}", {**marks(paper("yyn")), "do": "cast"})
    again = member.post(f"/ballots/{ballot}", {**marks(paper("nnn")), "do": "cast"})
    assert (again.status_code, "已经投过票" in again.text, "回执号" in again.text) == (409, True, True)


def test_too_many_marks_are_kept_and_said(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open(unit="approval_up_to_quota")
    keys = ["quality:c1", "quality:c2", "quality:c3"]
    answer = browse("member1").post(f"/ballots/{ballot}", {**{f"mark.{key}": "yes" for key in keys}, "do": "review"})
    assert (answer.status_code, answer.text.count(" checked")) == (422, 3)
    assert "质量奖最多选2个，您选了3个" in answer.text
    assert "最多选 2 个；不选视为不同意。" in answer.text


def test_strangers_and_late_papers_are_refused(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    assert browse("stranger").get(f"/ballots/{ballot}").status_code == 403
    assert browse("stranger").post(f"/ballots/{ballot}", {"do": "cast"}).status_code == 403
    assert browse("supervisor").post(f"/ballots/{ballot}", {"do": "cast"}).status_code == 403
    hall.clock.move_to(hall.ballot(ballot).closes_at)
    late = browse("member1").post(f"/ballots/{ballot}", {**marks(paper("yyn")), "do": "cast"})
    assert (late.status_code, "已经截止" in late.text) == (409, True)


def test_a_paper_sent_after_the_session_ended_is_not_carried_along(hall: Hall, app: Flask, browse: Browse) -> None:
    _, ballot = hall.open()
    client = app.test_client()
    client.get("/portal")
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    answer = client.post(f"/ballots/{ballot}", data={"csrf_token": mark[1], **marks(paper("yyn")), "do": "cast"})
    assert answer.status_code == 401
    assert "quality:c1" not in answer.text


def test_an_old_sign_in_proves_itself_with_the_paper_that_is_kept_nowhere(hall: Hall) -> None:
    """The paper stands in the page that asks and goes on with the proof; from then on voting takes no step more."""
    hall.desk = replace(hall.desk, premises=Premises(sign_in=SignInRules(proof=timedelta(minutes=15))))
    _, ballot = hall.open()
    page, member = f"/ballots/{ballot}", Browser(make_app(hall), hall, "member1")  # type: ignore[arg-type]
    give_password(hall, "member1")  # type: ignore[arg-type]
    hall.clock.move_to(hall.clock.now() + timedelta(minutes=16))
    asked = [member.post(page, {**marks(paper(words)), "do": "review"}) for words in ("yyn", "nny")]
    assert len({(one.status_code, len(one.data)) for one in asked}) == 1, "the length tells no choice"
    assert 'name="mark.quality:c1" value="yes"' in asked[0].text
    with hall.desk.store.read() as tx:
        kept = tx.people.sessions.of_person(hall.people["member1"], hall.clock.now(), 9)
    assert "mark" not in str([one.details for one in kept])
    form = {**marks(paper("yyn")), "do": "review", "laurel_proof": PASSWORD}
    assert "投出后不能更改" in member.post(page, form).text
    assert member.post(page, {**marks(paper("yyn")), "do": "cast"}).status_code == 303
    assert hall.ballot(ballot).cast == 1


def test_two_tellers_enter_the_hall(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    sheet = {"member": ["1", "2"], "spoiled": "0"}
    for name, counts in {"c1": (2, 0, 0), "c2": (1, 1, 0), "c3": (0, 0, 2)}.items():
        sheet |= {f"quality:{name}.{m}": str(n) for m, n in zip(("yes", "no", "abstain"), counts, strict=True)}
    page = f"/ballots/{ballot}/hall"
    assert browse("teller1").get(page).status_code == 200
    assert (
        "须等办公室" in browse("supervisor").get(page).text
    )  # who watches sees who voted only to enter the other sheet
    assert browse("teller1").post(page, sheet).status_code == 303
    assert page in browse("supervisor").get(f"/ballots/{ballot}").text
    assert f"/ballots/{ballot}" in browse("supervisor").get(f"/cases/{hall.ballot(ballot).case_id}").text
    differing = browse("supervisor").post(page, {**sheet, "quality:c1.yes": "1", "quality:c1.no": "1"})
    assert (differing.status_code, "不一致：天山精密" in differing.text) == (409, True)
    assert browse("supervisor").post(page, {**sheet, "spoiled": "x"}).status_code == 422
    told = {"numbers": [1, 2], "marks": {"quality:c1": [2, 0, 0], "quality:c2": [1, 1, 0], "quality:c3": [0, 0, 2]}}
    by_program = browse("supervisor").send(
        "POST", f"/api/v1{page}", {**told, "marks": {**told["marks"], "quality:c1": [1, 1, 0]}}
    )
    assert (by_program.status_code, "不一致：天山精密" in by_program.text) == (409, True)
    assert browse("supervisor").send("POST", f"/api/v1{page}", told).json == {"counted": True}
    assert hall.ballot(ballot).cast == 2
    assert browse("member1").get(page).status_code in (200, 403)


def test_a_member_declares_a_recusal(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    member = browse("member1")
    member.post(f"/ballots/{ballot}/recusal", {"candidate": "c1", "reason": "配偶在该单位任职"})
    shown = member.get(f"/ballots/{ballot}").text
    assert "您须回避：配偶在该单位任职" in shown
    assert shown.count('type="radio"') == 6 + 2


def test_the_supervisor_repeats_the_count_from_a_copy(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    watch = browse("supervisor")
    assert "当选质量奖" in watch.get(f"/ballots/{ballot}").text
    assert "重新计票结果与公布结果一致" in watch.get(f"/ballots/{ballot}/repeat").text
    record = watch.get(f"/ballots/{ballot}/record.json").data
    copy = watch.post(f"/ballots/{ballot}/repeat", {"record": (io.BytesIO(record), "ballot.json")})
    assert "没有改动" in copy.text
    changed = orjson.loads(record) | {"title": "别的表决"}
    other = watch.post(f"/ballots/{ballot}/repeat", {"record": (io.BytesIO(orjson.dumps(changed)), "ballot.json")})
    assert "已被改动" in other.text
    for rubbish in (b"[]", b"{", b"{}"):
        answer = watch.post(f"/ballots/{ballot}/repeat", {"record": (io.BytesIO(rubbish), "x.json")})
        assert answer.status_code == 422


def test_the_office_closes_early_with_a_reason(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    office = browse("teller1")
    assert office.post(f"/ballots/{ballot}/close", {"reason": " "}).status_code == 422
    assert office.post(f"/ballots/{ballot}/close", {"reason": "其余请假"}).status_code == 303
    assert "已截止" in office.get(f"/ballots/{ballot}").text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "settings", [{}, {"unit": "whole_list", "places": 3}, {"open": True}, {"order": "one_ballot_for_both"}]
)
def test_every_page_opens_in_both_languages(
    hall: Hall, browse: Browse, language: str, settings: dict[str, object]
) -> None:
    _, ballot = hall.open(**settings)
    pages = [f"/ballots/{ballot}"]
    for who in ("member1", "teller1", "supervisor"):
        browser = browse(who)
        browser.get(f"/language?to={language}")
        assert [browser.get(p).status_code for p in pages] == [200]
    key = "mark.quality:*" if "unit" in settings else "mark.quality:c1"
    assert browse("member1").post(f"/ballots/{ballot}", {key: "yes", "do": "review"}).status_code == 200


def sent_by(page: str, ticked: dict[str, str]) -> dict[str, str]:
    """Return what a browser sends of the form that holds the marks, with ``ticked`` chosen."""
    form = next(f for f in re.findall(r"<form .*?</form>", page, re.S) if 'name="mark.' in f)
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said["type"] == "hidden" or (said["type"] == "radio" and re.search(r"\schecked\b", tag)):
            sent[said["name"]] = said["value"]
    return {**sent, **ticked}


@pytest.mark.parametrize(
    "papers",
    [
        ({}, paper("yyn"), paper("nn-"), paper("---"), paper("y.n")),
        ({"unit": "approval_up_to_quota"}, paper("yy."), paper("..."), paper("y..")),
    ],
)
def test_no_length_tells_a_choice(hall: Hall, browse: Browse, papers: tuple[dict[str, str], ...]) -> None:
    """From the empty paper to the receipt: what is sent and what comes back has one length for every choice."""
    settings, *choices = papers
    lengths = set()
    for number, choice in enumerate(choices, 1):
        _, ballot = hall.open(**settings)
        member, address = browse(f"member{number}"), f"/ballots/{ballot}"
        first = sent_by(member.get(address).text, marks(choice))
        review = member.client.post(address, data={**first, "do": "review"})
        assert review.status_code == 200
        nothing = choice == paper("---")  # what was left out altogether is said before it is cast, in as many bytes
        assert ("您没有作任何选择：投出后每一项都按弃权计" in review.text) == nothing
        second = sent_by(review.text, {})
        edit = member.client.post(address, data={**second, "do": "edit"})
        cast = member.client.post(address, data={**second, "do": "cast"})
        assert cast.status_code == 303
        names = len(member.login or "") + len(str(ballot))
        lengths.add(
            (
                len(urlencode(first)),
                len(review.data) - names,
                len(urlencode(second)),
                len(edit.data) - names,
                len(cast.data),
            )
        )
    assert len({one[:3] for one in lengths}) == 1, lengths
    assert len(lengths) == 1, lengths


def test_no_length_tells_a_choice_to_a_program_and_nobody_on_the_way_compresses_it(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    member, here = browse("member1"), f"/api/v1/ballots/{ballot}"
    sizes = set()
    for choice in ("yyn", "nn-", "---", "yny"):
        said = {key: SENT[Mark(mark)] for key, mark in paper(choice).items()}
        read = member.send("POST", f"{here}/check", {"paper": said})
        assert read.json["paper"] == paper(choice)
        assert "no-transform" in read.headers["Cache-Control"]
        sizes.add((len(orjson.dumps(said)), len(read.data)))
    assert len(sizes) == 1, sizes
    page = member.post(f"/ballots/{ballot}", data={**marks(paper("yyn")), "do": "review"})
    assert "no-transform" in page.headers["Cache-Control"]
    assert member.send("POST", f"{here}/vote", {"paper": said}).status_code == 200
    assert hall.ballot(ballot).cast == 1


def test_a_program_counts_again_from_the_record_and_from_a_changed_copy(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    here = f"/api/v1/ballots/{ballot}"
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    record = browse("member1").get(f"{here}/record").json["record"]
    again = browse("supervisor").send("POST", f"{here}/repeat", {"record": record})
    assert again.status_code == 200, again.text[:300]
    assert (again.json["same"], again.json["untouched"], again.json["receipts"]) == (True, True, True)
    slips = {**record["slips"], "quality:c1": [{**s, "mark": "no"} for s in record["slips"]["quality:c1"]]}
    changed = browse("supervisor").send("POST", f"{here}/repeat", {"record": {**record, "slips": slips}})
    assert (changed.json["same"], changed.json["untouched"]) == (False, False)
