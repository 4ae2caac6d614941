"""Whatever is new gets its id from its name: a lawyer types no Latin letters."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.start_city import copy_started, free_city_id
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.parameters.change_parameter import TypedParameter, save_parameter
from service.casework.studio.pieces.new_diagram import new_diagram
from service.casework.studio.pieces.new_form import new_form
from service.casework.studio.pieces.save_table import add_table
from service.casework.studio.pieces.study_document import new_document
from service.catalog.new_city.copied import CopiedCity
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

Browse = Callable[..., Browser]


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "名称")


def test_forms_tables_documents_diagrams_and_parameters_are_named_after_their_chinese_name(
    town: Lakeside, draft: int
) -> None:
    desk, who = town.desk, town.designer
    for number in ("", "_2"):
        assert new_form(desk, who, draft, "", "现场核查").path == f"forms/lakeside/xian_chang_he_cha{number}.json"
        assert add_table(desk, who, draft, "", "奖金档次").path.endswith(f"/jiang_jin_dang_ci{number}.dmn")
        assert new_document(desk, who, draft, "", "告知书").path.endswith(f"/documents/gao_zhi_shu{number}.yaml")
        assert new_diagram(desk, who, draft, "", "复审", "office").path.endswith(f"/fu_shen{number}.bpmn")
        typed = TypedParameter("", "答复期限", "working_days", "LS-4", value="5")
        assert save_parameter(desk, who, draft, typed, new=True) == f"da_fu_qi_xian{number}"
    assert package_of(desk, draft).award.parameters["da_fu_qi_xian_2"].text.zh == "答复期限"


def test_the_pages_ask_for_a_name_alone_and_keep_an_id_that_is_typed(
    browse: Browse, town: Lakeside, draft: int
) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}"
    for page, sent, path in (
        ("forms", {"title": "现场核查"}, "forms/lakeside/xian_chang_he_cha.json"),
        ("forms", {"title": "现场核查", "ident": "site_check"}, "forms/lakeside/site_check.json"),
        ("documents", {"title": "告知书"}, f"processes/{KEY}/documents/gao_zhi_shu.yaml"),
        ("tables", {"name": "奖金档次"}, f"processes/{KEY}/jiang_jin_dang_ci.dmn"),
        ("diagrams/new", {"title": "复审", "role": "office"}, f"processes/{KEY}/fu_shen.bpmn"),
    ):
        assert designer.post(f"{here}/{page}", sent).status_code == 302
        assert open_file(town.desk, town.designer, draft, path).content
    content = open_file(town.desk, town.designer, draft, DIAGRAM).content
    looked = designer.post(
        f"{here}/diagrams/import", {"file": (BytesIO(content), "第二次 复审.bpmn")}, content_type="multipart/form-data"
    )
    assert f"processes/{KEY}/di_er_ci_fu_shen.bpmn" in looked.text


def test_a_city_gets_an_id_that_no_other_has(town: Lakeside) -> None:
    made = free_city_id(town.desk, town.designer, "兰山县")
    assert made == "lanshan"
    copy_started(town.desk, town.designer, KEY, CopiedCity(made, "兰山县", "", "LS"))
    assert free_city_id(town.desk, town.designer, "兰山市") == "lanshan_2"
