"""The pages of the office: every one opens, refuses others, and does what its buttons say."""

from fractions import Fraction

import pytest

from service.casework.queries.people.experts import list_experts
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, SCORED, STAGE, ReviewBench, sheet


@pytest.fixture
def office(here: ReviewBench) -> Browser:
    here.play(DECLARED, SCORED)
    here.actor("office")
    here.actor("甲")
    return Browser(create_app(here.desk, settings_for_tests()), here, "office")  # type: ignore[arg-type]


def test_every_page_opens_in_both_languages(here: ReviewBench, office: Browser) -> None:
    case = here.case()
    for language in ("zh", "en"):
        office.get(f"/language?to={language}")
        for path in ("/experts", "/experts?q=专家", "/experts/1", f"/cases/{case}/draws", f"/cases/{case}/panel", f"/cases/{case}/dossier",
                     "/appointments", "/appointments.ics", f"/cases/{case}/appointments.ics", f"/cases/{case}"):  # fmt: skip
            assert office.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/experts", "/experts/1", "/cases/2/draws", "/cases/2/panel", "/cases/2/dossier"])
def test_the_applicant_is_refused(here: ReviewBench, office: Browser, path: str) -> None:
    assert Browser(office.app, here, "甲").get(path).status_code == 403  # type: ignore[arg-type]
    assert Browser(office.app, here, None).get(path).status_code in (302, 401)  # type: ignore[arg-type]


def test_the_office_adds_trains_suspends_and_restores_an_expert(here: ReviewBench, office: Browser) -> None:
    new = {"jurisdiction": "riverton", "login": "zhao.liu", "name": "赵六", "employer": "某大学", "education": "doctor",
           "practising_since": "2001-07-01", "sectors": "机械、化工", "term_from": "2026-01-01"}  # fmt: skip
    assert office.post("/experts", {**new, "practising_since": "很久以前"}).status_code == 422
    answer = office.post("/experts", new)
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert office.post("/experts", new).status_code == 409
    assert office.post(f"{page}/trainings", {"title": "评审员培训", "held_on": "2025-05-01"}).status_code == 302
    assert office.post(f"{page}/status", {"status": "suspended", "reason": "", "version": "1"}).status_code == 422
    assert office.post(f"{page}/status", {"status": "suspended", "reason": "调查中", "version": "1"}).status_code == 302
    assert office.post(f"{page}/status", {"status": "active", "reason": "查清", "version": "1"}).status_code == 409
    line = next(x for x in list_experts(here.desk, here.actor("office")).lines if x.name == "赵六")
    assert line.barred is not None
    assert "调查中" in line.barred.zh
    assert office.post(f"{page}/status", {"status": "active", "reason": "查清", "version": "2"}).status_code == 302
    assert "调查中" in office.get(page).text


def test_an_expert_cannot_keep_the_register(here: ReviewBench, office: Browser) -> None:
    here.people["expert"] = here.active()[0]
    expert = Browser(office.app, here, "expert")  # type: ignore[arg-type]
    assert expert.get("/experts").status_code == 403
    assert expert.post("/experts/1/status", {"status": "active", "reason": "x", "version": "1"}).status_code == 403


def posted(values: dict[str, dict[str, str]], **more: str) -> dict[str, str]:
    """Return a sheet as a browser sends it."""
    return {f"{item}.{name}": value for item, row in values.items() for name, value in row.items()} | {
        "do": "submit",
        **more,
    }


@pytest.fixture
def scoring(here: ReviewBench) -> tuple[ReviewBench, Browser, int]:
    """Evaluators about to score: the browser of the first of them, and their task."""
    here.play(DECLARED)
    task = here.tasks("score")[0]
    here.people["expert"] = int(task.assignee_id or 0)
    return here, Browser(create_app(here.desk, settings_for_tests()), here, "expert"), task.id  # type: ignore[arg-type]


def test_a_member_sees_the_distance_to_the_panel_when_it_is_closed_and_not_before(here: ReviewBench) -> None:
    here.play(DECLARED, "{case: 甲, each: score, percent: [60, 65, 70]}")
    with here.desk.store.read() as tx:
        own = [s for s in tx.panels.sheets([here.case()], STAGE) if s.kind == "own"]
    lowest, middle, _ = sorted(own, key=lambda s: Fraction(s.points))
    here.people |= {"low": lowest.person_id, "middle": middle.person_id}
    here.actor("office")
    app, dossier = create_app(here.desk, settings_for_tests()), f"/cases/{here.case()}/dossier"
    low, mid, office = (Browser(app, here, name) for name in ("low", "middle", "office"))  # type: ignore[arg-type]
    assert "在本评审组的评审结束后显示在这里" in low.get(dossier).text
    with here.desk.store.write() as tx:
        tx.panels.update(here.panel()[0].id, state="closed")
    page = low.get(dossier).text
    assert "我与评审组中位数的差距：总分 600.00，中位数 650.00（−50.00）" in page
    assert (
        page.count(">-5<")
        == page.count('class="distance-bar"')
        == len(here.stage.package.edition("gbt19580-2012").items)
    )
    assert "各条款都与中位数相同" in mid.get(dossier).text
    assert "评审组中位数" not in office.get(dossier).text


@pytest.mark.parametrize("percent", ["63", "105", "-5", "很好"])
def test_a_score_out_of_band_is_refused_on_the_page_with_everything_else_kept(
    scoring: tuple[ReviewBench, Browser, int], percent: str
) -> None:
    bench, expert, task = scoring
    answer = expert.post(
        f"/tasks/{task}",
        posted(sheet(bench, 60, i_4_1_2={"percent": percent, "strengths": "有方法", "improvements": "无"})),
    )
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert "有方法" in answer.text
    with bench.desk.store.read() as tx:
        assert tx.panels.sheets([bench.case()], STAGE) == []


def test_a_sheet_sent_by_two_people_counts_once_and_the_second_is_told(here: ReviewBench) -> None:
    here.play(DECLARED, SCORED)
    (task,) = here.tasks("agree_scores")
    leader = int(task.assignee_id or 0)
    with here.desk.store.write() as tx:
        tx.tasks.update(task.id, task.version, personal=False, assignee_id=None)
    here.people |= {"one": leader, "two": next(p for p in here.active() if p != leader)}
    app = create_app(here.desk, settings_for_tests())
    agreed = {item: {**row, "reason": "已议定"} for item, row in sheet(here, 55).items()}
    sent = posted(agreed, version=str(task.version + 1))
    one, two = (Browser(app, here, name) for name in ("one", "two"))  # type: ignore[arg-type]
    assert one.post(f"/tasks/{task.id}", sent).status_code == 302
    again = two.post(f"/tasks/{task.id}", sent)
    assert again.status_code in (403, 409)
    with here.desk.store.read() as tx:
        kept = [(s.person_id, s.state) for s in tx.panels.sheets([here.case()], STAGE) if s.kind == "consensus"]
    assert kept[0] == (leader, "valid")
    assert all(state != "valid" for _, state in kept[1:])


def test_replacing_until_it_pleases_is_refused_without_reason_and_every_draw_stays_on_record(
    here: ReviewBench, office: Browser
) -> None:
    panel, members = here.panel()
    replace = f"/cases/{here.case()}/panel/{panel.id}/replace"
    first = str(members[0].person_id)
    assert office.post(replace, {"person": first, "reason": " "}).status_code == 422
    by_program = {"person_id": members[0].person_id, "reason": "因病住院"}
    drawn = office.send("POST", f"/api/v1/cases/{here.case()}/panels/{panel.id}/replace", by_program)
    assert drawn.status_code == 200, drawn.text
    again = office.post(replace, {"person": first, "reason": "换个满意的"})
    assert (again.status_code, "不在该评审组" in again.text) == (422, True)
    draws = office.get(f"/cases/{here.case()}/draws").text
    assert draws.count("已按记录重新计算，结果一致") == 2
    assert "因病住院" in draws
    assert office.post(f"/cases/{here.case()}/draws").status_code == 405


def test_the_register_does_not_tell_whose_login_name_it_is(here: ReviewBench, office: Browser) -> None:
    """Login names are often telephone numbers: the register must not turn them into names."""
    with here.desk.store.read() as tx:
        other = tx.people.person(here.people["甲"])
    new = {"jurisdiction": "riverton", "login": other.login, "name": "试探", "employer": "某大学", "education": "doctor",
           "practising_since": "2001-07-01", "sectors": "机械", "term_from": "2026-01-01"}  # fmt: skip
    answer = office.post("/experts", new)
    assert (answer.status_code, "请核对姓名" in answer.text) == (409, True)
    assert f"属于{other.name}" not in answer.text
