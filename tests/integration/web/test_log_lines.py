"""Lines of the log name the request, case, task and work item, and no person."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from service.casework.access.actor import SYSTEM
from service.casework.archives.gather import Masks
from service.casework.desk.channels import Inbox
from service.casework.due.run_item import run_item
from service.domain.errors import Invalid
from service.domain.running.log_lines import JsonLines, PlainLines, about, without_people
from service.domain.text import Text
from service.jobs.channels import SmtpMail
from service.jobs.due_work import DueWork
from service.settings import BadSetting, Smtp, read_settings
from service.store import NewWork, Store
from service.store.models import MailRow, WorkItemRow
from service.web.frame.requests.current import SETTINGS
from tests.support.browsers import Browse
from tests.support.desks import Bench
from tests.support.half_seasons import season
from tests.support.smtp import MailServer


class Written:
    """What the log got: whole, and line by line."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Written]:
    """The log of the program, as it is written by a server."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(stream), root.level
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield Written(stream)
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_request_has_a_number_in_its_line_its_answer_and_its_failure(
    bench: Bench, browse: Browse, log: Written
) -> None:
    case = bench.started()
    answer = browse("office").get(f"/cases/{case}")
    [line] = [one for one in log.lines if one["logger"] == "laurel.request" and one["endpoint"] == "cases.case"]
    assert line["request"] == answer.headers["X-Request-ID"]
    assert (line["case"], line["status"], line["method"]) == (case, 200, "GET")
    missing = browse("office").get("/cases/999")
    assert missing.headers["X-Request-ID"] in missing.text
    told = browse("office").get("/api/v1/cases/999")
    assert told.json["request"] == told.headers["X-Request-ID"]


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "DELETE", "PUT"])
def test_a_method_that_is_not_served_stands_in_the_log(browse: Browse, log: Written, method: str) -> None:
    assert browse().client.open("/portal", method=method).status_code == 405
    [line] = [one for one in log.lines if one["logger"] == "laurel.request"]
    assert (line["method"], line["status"]) == (method, 405)
    assert line["request"]


def test_only_a_trusted_proxy_gives_the_number(app: Flask, browse: Browse) -> None:
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert browse().client.get("/portal", headers=given).headers["X-Request-ID"] != "from-the-proxy-1"
    app.extensions[SETTINGS] = replace(app.extensions[SETTINGS], trusted_proxy="127.0.0.1")
    assert browse().client.get("/portal", headers=given).headers["X-Request-ID"] == "from-the-proxy-1"
    wrong = {"X-Request-ID": "a b\t"}
    assert browse().client.get("/portal", headers=wrong).headers["X-Request-ID"] != "a b\t"


def test_the_address_asked_for_is_not_in_the_log(browse: Browse, log: Written) -> None:
    browse().get("/objections/receipt/SECRET-RECEIPT-CODE?code=SECRET-RECEIPT-CODE")
    assert "SECRET-RECEIPT-CODE" not in log.text


def test_a_failed_mail_names_its_work_item_and_not_whom_it_was_for(
    bench: Bench, mail_server: MailServer, log: Written
) -> None:
    mail_server.refuse = "550 no such user applicant@example.cn"
    smtp = SmtpMail(Smtp(mail_server.host, mail_server.port, "award@example.cn", "", "", starttls=False))
    desk, now = replace(bench.desk, channels=(Inbox(), smtp)), bench.clock.now()
    letter = MailRow(address="applicant@example.cn", subject="s", text="t", effect_key="letter", queued_at=now)
    with desk.store.write() as tx:
        tx.mail.queue_many([letter])
        tx.work.enqueue_many([NewWork("mail", None, "letter:mail", {"message": "letter"}, now)], now)
    DueWork(desk.store, lambda item: run_item(desk, SYSTEM, item), bench.clock.now, "test").run_some("mail", now)
    [line] = [one for one in log.lines if one["logger"].startswith("service.jobs")]
    assert line["kind"] == "mail"
    assert isinstance(line["work"], int)
    assert "applicant@example.cn" not in log.text
    assert "550" in log.text


def test_a_season_leaves_no_personal_value_in_the_log(sqlite_store: Store, log: Written) -> None:
    stage = season("yining/quality_award", "clean", sqlite_store, 4)
    logging.getLogger("test").info("the log is open")
    values: set[str] = set()
    with stage.desk.store.read() as tx:
        for case in range(1, 40):
            rows = tx.forms.of_case(case)
            masks = Masks([(stage.desk.packages.form(stage.package, row.form), row.data) for row in rows])
            values |= set(masks.values)
        people = tx.people.everybody()
    values |= {value for p in people for value in (p.email, p.telephone) if value}
    assert len(values) > 5
    assert "the log is open" in log.text
    said = json.dumps(
        [{**line, "at": ""} for line in log.lines], ensure_ascii=False
    )  # an age may be a second of the hour
    assert [value for value in values if value in said] == []


def test_what_a_line_is_about_stands_in_it_until_the_end_of_the_block(log: Written) -> None:
    with about(case=7, task=None), about(work=9):
        logging.getLogger("x").info("id 110101199003078515, tel 13912345678, a.b@example.cn, number 20260302001")
    logging.getLogger("x").info("after")
    first, second = log.lines
    assert (first["case"], first["work"], "task" in first) == (7, 9, False)
    assert first["message"] == "id ***, tel ***, ***, number 20260302001"
    assert "case" not in second
    plain = PlainLines("%(message)s").format(logging.makeLogRecord({"msg": "to a@example.cn"}))
    assert plain == "to ***"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("身份证号650102199001011234不符", "身份证号***不符"),
        ("身份证号41010119800101123X不符", "身份证号***不符"),
        ("电话13912345678", "电话***"),
        ("电话19912345678", "电话***"),
        ("手机号13912345678已使用", "手机号***已使用"),
        ("+8613912345678", "***"),
        ("Tel.13912345678", "Tel.***"),
        ("用了0.13912345678秒，第20260302001号，a13912345678b", "用了0.13912345678秒，第20260302001号，a13912345678b"),
    ],
)
def test_numbers_of_people_are_found_beside_chinese_words(said: str, written: str) -> None:
    assert without_people(said) == written


def test_a_failure_of_the_program_tells_type_and_place(log: Written) -> None:
    try:
        raise KeyError("applicant@example.cn")
    except KeyError:
        logging.getLogger("x").exception("it broke")
    [line] = log.lines
    assert line["error"] == "KeyError"
    assert "test_log_lines.py" in line["trace"]
    assert "applicant@example.cn" not in log.text


def test_what_failed_tells_type_and_place_in_the_log_and_its_words_in_the_item(bench: Bench, log: Written) -> None:
    bench.started()
    desk, now = bench.desk, bench.clock.now()
    name, wrong = "王小明", Text("王小明的材料不全。", "Wang Xiaoming's papers lack something.")

    def raising(item: WorkItemRow) -> None:
        try:
            raise LookupError(name)
        except LookupError as error:
            raise Invalid(wrong) from error

    with desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("barrier", None, "one", {}, now)], now)
    DueWork(desk.store, raising, bench.clock.now, "test").run_some("cases", now)
    [line] = [one for one in log.lines if one["logger"].startswith("service.jobs")]
    assert "Invalid: invalid" in line["message"]
    assert "LookupError" in line["message"]
    assert "in raising" in line["message"]
    assert name not in log.text
    assert "Wang" not in log.text
    with desk.store.read() as tx:
        item = tx.work.find(effect_key="one")
    assert item is not None
    assert "王小明的材料不全" in str(item.last_error)
    for formatter in (JsonLines(), PlainLines("%(message)s")):
        try:
            raise KeyError(name)
        except KeyError:
            record = logging.makeLogRecord({"msg": "it broke", "exc_info": sys.exc_info()})
        said = formatter.format(record)
        assert "KeyError" in said
        assert "test_log_lines.py" in said
        assert "王小明" not in said


def test_the_form_of_the_log_is_a_setting() -> None:
    assert read_settings({"LAUREL_LOG": "JSON"}).log == "json"
    with pytest.raises(BadSetting, match="LAUREL_LOG"):
        read_settings({"LAUREL_LOG": "xml"})
