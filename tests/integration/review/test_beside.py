"""The papers of a case beside the form of a task: which are shown, to whom, and nothing typed is lost."""

import re

import pytest

from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, ReviewBench


@pytest.fixture
def expert(here: ReviewBench) -> tuple[ReviewBench, Browser, str]:
    here.play(DECLARED)
    task = here.tasks("score")[0]
    here.people["expert"] = int(task.assignee_id or 0)
    return here, Browser(create_app(here.desk, settings_for_tests()), here, "expert"), f"/tasks/{task.id}"  # type: ignore[arg-type]


def test_the_application_comes_first_and_others_after_it(expert: tuple[ReviewBench, Browser, str]) -> None:
    _, browser, task = expert
    plain = browser.get(f"{task}?beside=none").text
    assert 'id="beside"' not in plain
    assert f'href="{task}?beside=0"' in plain
    page = browser.get(task).text
    papers = re.findall(r'name="do" value="beside:(\d+)"', page)
    assert len(papers) >= 2
    assert re.search(rf'value="beside:{papers[0]}" formnovalidate aria-current="true"', page)
    assert "特色" in page  # what the applicant wrote
    assert re.search(
        rf'value="beside:{papers[1]}" formnovalidate aria-current', browser.get(f"{task}?beside={papers[1]}").text
    )
    assert browser.get(f"{task}?beside=²").status_code == 200


def test_another_paper_is_opened_without_scripts_and_what_was_typed_is_kept(
    expert: tuple[ReviewBench, Browser, str],
) -> None:
    _, browser, task = expert
    papers = re.findall(r'name="do" value="beside:(\d+)"', browser.get(f"{task}?beside=0").text)
    answer = browser.post(task, {"do": f"beside:{papers[1]}", "beside": papers[0], "i_4_1_2.percent": "60"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{task}?beside={papers[1]}")
    assert re.search(r'name="i_4_1_2.percent"[^>]*', browser.get(answer.headers["Location"]).text)
    assert '<input value="60"' in browser.get(answer.headers["Location"]).text
    saved = browser.post(task, {"do": "save", "beside": papers[0], "i_4_1_2.percent": "60"})
    assert saved.headers["Location"] == f"{task}?beside={papers[0]}"


def test_who_may_not_read_the_case_reads_no_paper_beside_a_task(expert: tuple[ReviewBench, Browser, str]) -> None:
    bench, browser, task = expert
    bench.actor("乙")
    assert Browser(browser.app, bench, "乙").get(f"{task}?beside=0").status_code == 403  # type: ignore[arg-type]
