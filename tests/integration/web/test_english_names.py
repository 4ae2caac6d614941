"""English pages say in English what packages and common words have in it, though records keep it in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from service.store.rows import MailRow
from service.web.frame.in_english import named
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


def main(page: str) -> str:
    inside = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside))


def test_case_task_list_and_history_are_english_and_stay_chinese_for_the_others(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01", "contact": "张三"})
    office = browse("office")
    chinese = [main(office.get(path).text) for path in (f"/cases/{case}", "/tasks")]
    office.get("/language?to=en")
    english = [main(office.get(path).text) for path in (f"/cases/{case}", "/tasks")]
    print(english)
    assert "提交“" in chinese[0]
    assert "submitted “" in english[0]
    assert "提交" not in english[0]
    assert re.search("第.{1,3}条", chinese[1])
    assert "Art. " in english[0]
    assert not re.search("第.{1,3}条", "".join(english))
    offered = re.findall(
        r"<option[^>]*>([^<]+)",
        office.get("/tasks?scope=visible").text.partition('name="step"')[2].partition("</select>")[0],
    )
    assert re.fullmatch(r"[ -~]+ \(1\)", offered[1]), offered


def test_a_reminder_is_said_once_and_leads_to_its_task(bench: Bench, browse: Browse) -> None:
    now, office = bench.clock.now(), bench.people["office"]
    for key, text in (("new", "还剩两天\n/tasks/7"), ("earlier", "还剩两天\nTwo days left\n/tasks/7")):
        with bench.desk.store.write() as tx:
            tx.mail.queue_many(
                [MailRow(person_id=office, subject="还剩两天", text=text, effect_key=key, queued_at=now)]
            )
    page = main(browse("office").get("/inbox").text)
    assert (page.count("还剩两天"), page.count("去办理"), "Two days left" in page) == (2, 2, False)


def test_clauses_of_one_article_and_what_follows_are_said_in_english(browse: Browse) -> None:
    with browse("office").app.test_request_context(headers={"Cookie": "laurel_language=en"}):
        assert named("信用良好。 没有相关违法、违规、违纪行为。") == (
            "Its credit is good. No breach of law, rules or discipline in these matters."
        )
        assert named("提交后向社会公示5个工作日，次日起算。").endswith("for 5 working days, from the day after.")
        assert named("信用良好。 没有译文的句子。") == "信用良好。 没有译文的句子。"
