"""A name that reads otherwise than it is: signs that turn the writing around are taken nowhere."""

from __future__ import annotations

import io

import pytest

from service.domain.wording.signs import TurnedWriting, require_plain_direction
from tests.support.browsers import Browse

TURNED = "甲公司\u202excod.exe"


@pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_each_sign_is_told_with_its_place_and_is_not_repeated(sign: str) -> None:
    with pytest.raises(TurnedWriting) as told:
        require_plain_direction(f"张{sign}三")
    assert f"“张▮三”中▮处有一个看不见的、会改变文字方向的控制字符（U+{ord(sign):04X}）" in told.value.message.zh
    assert sign not in told.value.message.zh + told.value.message.en


def test_uyghur_with_its_own_marks_is_plain(browse: Browse) -> None:
    words = "شىنجاڭ\u200f (ئۈرۈمچى)\u200e؛ \u061c١٢"
    require_plain_direction(words)
    assert browse("admin").get("/people", query_string={"q": words}).status_code == 200


def test_pages_programs_and_tables_refuse_it(browse: Browse) -> None:
    admin = browse("admin")
    page = admin.post("/people/new", {"login": "li.na", "name": TURNED})
    assert (page.status_code, "改变文字方向" in page.text) == (422, True)
    told = admin.send("POST", "/api/v1/organisations", {"name": TURNED, "code": "91650100MA77000001"})
    assert (told.status_code, "U+202E" in told.json["detail_en"]) == (422, True)
    assert admin.get(f"/people?q={TURNED}").status_code == 422
    table = f"登录名,姓名\nli.na,{TURNED}\n".encode()
    sent = {"file": (io.BytesIO(table), "people.csv")}
    looked = admin.post("/lists/people", sent, content_type="multipart/form-data")
    assert (looked.status_code, "改变文字方向" in looked.text) == (422, True)
