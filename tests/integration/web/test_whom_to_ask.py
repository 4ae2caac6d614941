"""Whom the public asks stands on notices, their documents, the portal and feeds once the city has set it."""

from __future__ import annotations

import io
import re
import zipfile

from service.casework.definitions.settings import change_setting
from service.casework.tasks.complete import complete_task
from service.catalog import build_catalog
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import read_tree
from service.domain.calendar import local_date
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import KEY, MINIATURE, PARAMETERS, make_lakeside

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
            [notice] = tx.notices.select(case_id=case)
            notes.append([row.content["note"] for row in tx.documents.select(case_id=case) if row.template == "posted"])
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
