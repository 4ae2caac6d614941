"""The pages of the office: every one opens, refuses others, and does what its buttons say."""

import pytest

from service.casework.queries.experts import list_experts
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, SCORED, ReviewBench


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
