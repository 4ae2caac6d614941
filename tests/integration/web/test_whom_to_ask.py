"""Whom the public asks stands on notices, their documents, the portal and feeds once the city has set it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from service.casework.definitions.change_setting import change_setting
from service.casework.reading.contacts import names_telephone, said_beside
from service.casework.tasks.complete import complete_task
from service.catalog import build_catalog
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import read_tree
from service.domain.calendar import local_date
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, MINIATURE, PARAMETERS, make_lakeside

CONTACT = """
  inquiry_contact:
    name: 咨询电话和地址
    name_en: Telephone and address
    unit: text
    source: default
    question: 由本地填写。
    value: null
"""
TEMPLATE = (
    "id: posted\ntitle: '{posted.title}'\nnumber: '湖奖示〔{year}〕{sequence}号'\nparagraphs: ['{posted.text}']\n"
)
WORDS = "电话 0991-0000100，示范路1号"
POST = '<spiffworkflow:parameter id="draft" type="context" value="notice" />'
ISSUED = f'{POST}\n            <spiffworkflow:parameter id="template" type="string" value="&quot;posted&quot;" />'

DECISION = {"decision": "accept"}


def test_a_contact_that_is_set_stands_wherever_the_public_reads(sqlite_store: Store) -> None:
    files = dict(read_tree(MINIATURE))
    files[PARAMETERS] = files[PARAMETERS].rstrip() + CONTACT.encode()
    shared = "processes/shared/notice.bpmn"
    files[shared] = files[shared].decode().replace(POST, ISSUED).encode()
    files[f"processes/{KEY}/documents/posted.yaml"] = TEMPLATE.encode()
    town = make_lakeside(sqlite_store)
    town.deploy(with_proofs(build_catalog(files).package(KEY), files))

    def posted(name: str) -> int:
        case = town.start(name)
        with town.desk.store.read() as tx:
            [task] = tx.tasks.open_of_case(case)
        complete_task(town.desk, town.office, task.id, task.version, DECISION)
        with town.desk.store.read() as tx:
            [notice] = tx.notices.of_case(case)
            notes.append([row.content["note"] for row in tx.documents.of_case(case) if row.template == "posted"])
        return notice.id

    notes: list[object] = []
    first, app = posted("first"), make_app(town)  # type: ignore[arg-type]
    visitor, admin = Browser(app, town), Browser(app, town, "admin")  # type: ignore[arg-type]
    places = (f"/notices/{first}", "/portal/lakeside", "/portal/lakeside/notices.atom", "/portal/lakeside/notices.ics")
    assert ["咨询" in visitor.get(place).text.split("<footer")[0] for place in places] == [False] * 4
    file = visitor.get(f"{places[0]}/document.docx").data
    missing = [f"/law/{KEY}/settings/inquiry_contact" in admin.get(place).text for place in places[:2]]
    assert missing == [True, True]
    assert admin.get(f"/law/{KEY}/settings/inquiry_contact").status_code == 200
    change_setting(town.desk, town.admin, KEY, "inquiry_contact", WORDS, local_date(town.clock.now()), "办公室告知")
    shown = [visitor.get(place).text.replace("\r\n ", "").replace("\\,", ",") for place in places]
    assert '<a href="tel:09910000100">0991-0000100</a>' in shown[0]
    assert [WORDS in re.sub(r"</?a\b[^>]*>", "", text) for text in shown] == [True] * 4
    register = {place: visitor.get(f"/register?city={place}").text for place in ("lakeside", "")}
    assert "发现冒用、伪造称号、证书和奖牌的，请告知" in register["lakeside"], (
        "who sees a false title reads whom to tell"
    )
    assert WORDS in re.sub(r"</?a\b[^>]*>", "", register["lakeside"])
    assert "请告知" not in register[""], "every city has an office of its own"
    assert "settings/inquiry_contact" not in admin.get(places[0]).text
    assert visitor.get(f"{places[0]}/document.docx").data == file, "the file stays as posted, so its hash stays true"
    second = f"/notices/{posted('second')}/document.docx"
    with zipfile.ZipFile(io.BytesIO(visitor.get(second).data)) as archive:
        assert WORDS in archive.read("word/document.xml").decode(), "the file says what was set on the day of posting"
    assert notes == [[[]], [[f"咨询电话和地址：{WORDS}"]]]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("请联系办公室：质量科 0991-0000000。", True),
        ("手机13800000000", True),
        ("编号乌质奖示〔2026〕12号，统一社会信用代码91650100MA7800008H，2026年3月2日", False),
        ("得分0.612-0.700", False),
    ],
)
def test_a_notice_that_names_a_telephone_gets_no_second_one(words: str, named: bool) -> None:
    assert names_telephone(words) is named


OWN = "请拨打办公室电话0991-7654321。"
ADDRESS = "示范路1号"


def test_a_notice_that_names_a_telephone_has_the_address_below_it(sqlite_store: Store) -> None:
    files = dict(read_tree(MINIATURE))
    files[PARAMETERS] = files[PARAMETERS].rstrip() + CONTACT.replace("value: null", f"value: {WORDS}").encode()
    shared = "processes/shared/notice.bpmn"
    files[shared] = files[shared].decode().replace(POST, ISSUED).encode()
    files[f"processes/{KEY}/documents/posted.yaml"] = TEMPLATE.encode()
    drafted = files[DIAGRAM].decode()
    files[DIAGRAM] = drafted.replace("现予公示", f"现予公示，{OWN}").encode()
    assert files[DIAGRAM] != drafted.encode()
    town = make_lakeside(sqlite_store)
    town.deploy(with_proofs(build_catalog(files).package(KEY), files))
    case = town.start("first")
    with town.desk.store.read() as tx:
        [task] = tx.tasks.open_of_case(case)
    complete_task(town.desk, town.office, task.id, task.version, DECISION)
    with town.desk.store.read() as tx:
        [notice] = tx.notices.of_case(case)
        [letter] = [row.content["note"] for row in tx.documents.of_case(case) if row.template == "posted"]
    visitor = Browser(make_app(town), town)  # type: ignore[arg-type]
    shown = re.sub(r"<[^>]+>", "", visitor.get(f"/notices/{notice.id}").text.split("<footer")[0])
    assert "0991-7654321" in shown
    assert "0991-0000100" not in shown, "one telephone on a notice"
    assert ADDRESS in shown
    assert letter == [f"咨询地址：{ADDRESS}"]
    with zipfile.ZipFile(io.BytesIO(visitor.get(f"/notices/{notice.id}/document.docx").data)) as archive:
        written = archive.read("word/document.xml").decode()
    assert ADDRESS in written
    assert "0991-0000100" not in written


@pytest.mark.parametrize(
    ("contact", "below"),
    [
        ("电话 0991-0000100，示范路1号", "示范路1号"),
        ("示范路1号（电话：0991-0000100）", "示范路1号"),
        ("示范路1号2楼 0991-0000100、0000101", "示范路1号2楼"),
        ("质量科；联系电话：0991-0000100转8003；示范路1号", "质量科，示范路1号"),
        ("咨询电话：质量科 13800000000", "质量科"),
        ("电话 0991-0000100", ""),
        ("市民中心二楼203室", "市民中心二楼203室"),
        ("市电话局路1号", "市电话局路1号"),
        ("办公楼，电话 0991-0000100", ""),
        ("", ""),
    ],
)
def test_below_a_telephone_stands_the_address_alone(contact: str, below: str) -> None:
    assert said_beside("请到办公楼，或拨打0991-7654321。", contact) == below
    assert said_beside("没有写电话。", contact) == contact
