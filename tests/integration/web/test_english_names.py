"""English pages say in English what packages and common words have in it, though records keep it in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.casework.cases.start import start_case
from service.domain.text import Text
from service.store.rows import MailRow
from service.web.frame.page.in_english import named
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]
HAN = re.compile("[\u4e00-\u9fff]")


def main(page: str) -> str:
    inside = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside))


def test_case_task_list_and_history_are_english_and_stay_chinese_for_the_others(bench: Bench, browse: Browse) -> None:
    case = bench.submitted()
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
    me = browse("office")
    assert "Two days left" not in main(me.get("/inbox").text)
    opened = "".join(main(me.get(path).text) for path in re.findall(r'href="(/inbox/\d+)"', me.get("/inbox").text))
    assert (opened.count("还剩两天"), opened.count("去办理"), "Two days left" in opened) == (2, 2, False)


def test_clauses_of_one_article_and_what_follows_are_said_in_english(browse: Browse) -> None:
    with browse("office").app.test_request_context(headers={"Cookie": "laurel_language=en"}):
        assert named("信用良好。 没有相关违法、违规、违纪行为。") == (
            "Its credit is good. No breach of law, rules or discipline in these matters."
        )
        assert named("提交后向社会公示5个工作日，次日起算。").endswith("for 5 working days, from the day after.")
        assert named("信用良好。 没有译文的句子。") == "信用良好。 没有译文的句子。"
        two = "近三年没有重大质量、安全、环境污染等事故。 信用良好。"
        assert named(two) == f"{named(two.split()[0])} Its credit is good.", "no shape takes both for one sentence"
        assert named("系统、公众") == "system, the public"
        assert named("系统、甲公司") == "系统、甲公司", "a list is English or as it was written"
        assert named("甲公司：评分") == "甲公司: Scoring"
        letter = "经审核，甲公司、乙公司和丙公司符合条件，现予公布，资料评审和现场评审的结果列在后面：评分"
        assert named(letter) == letter, "one word alone makes no letter English"
        assert named("审核推荐（测试市 · 资格审查）").endswith("(Testville · Qualification)")


def test_a_name_that_an_english_sentence_quotes_is_said_in_english_too(browse: Browse) -> None:
    with browse("office").app.test_request_context(headers={"Cookie": "laurel_language=en"}):
        said = Text("“内部公示期满”最早在5月来。", "“内部公示期满” comes in May at the earliest.")
        assert named(said) == "“end of the internal notice” comes in May at the earliest."
    with browse("office").app.test_request_context():
        assert named(said) == said.zh


def test_a_drawn_diagram_has_its_names_in_the_language_of_the_reader(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    office = browse("office")
    address = f"/cases/{case}/diagram.bpmn"
    chinese = office.get(address).text
    office.get("/language?to=en")
    english = office.get(address).text
    names = [re.findall(r'<bpmn:[^>]* name="([^"]+)"', one) for one in (chinese, english)]
    assert len(names[0]) == len(names[1]) > 3
    assert sum(HAN.search(name) is None for name in names[1]) > sum(HAN.search(name) is None for name in names[0])


def test_my_data_say_place_and_language_in_words(bench: Bench, browse: Browse) -> None:
    del bench
    office = browse("office")
    office.get("/language?to=en")
    page = main(office.get("/account/data").text)
    assert "中文" in page
    assert "Testville" in page
    assert "testville" not in page
