"""Both spellings of JPEG are taken where one is; an uploaded file is called by its field."""

import pytest

from service.catalog.form_fields.upload_labels import label_of_upload
from service.domain.forms import compile_form
from service.domain.forms.model import Input
from tests.support.bundled import bundled


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        (".jpg", {".jpg", ".jpeg"}),
        (".pdf,.JPEG", {".pdf", ".jpg", ".jpeg"}),
        (".pdf", {".pdf"}),
    ],
)
def test_both_spellings_of_jpeg_are_taken(accept: str, taken: set[str]) -> None:
    schema = {"components": [{"type": "upload", "id": "x", "key": "k", "label": "照片", "accept": accept}]}
    [node] = compile_form(schema).nodes
    assert isinstance(node, Input)
    assert set(node.upload.accept) == taken


def test_a_file_is_called_by_the_field_it_was_put_into() -> None:
    package = bundled().package("urumqi/quality_award")
    licence = label_of_upload(package, "application", "application", "evidence.licence")
    assert licence is not None
    assert "营业执照" in licence.zh
    assert label_of_upload(package, "application", "application", "nowhere.of.any.form") is None


def test_forms_may_call_one_field_differently() -> None:
    package = bundled().package("urumqi/quality_award")
    lodged = label_of_upload(package, "objection", None, "evidence")
    ground = label_of_upload(package, "revocation", "revocation_ground", "evidence")
    assert [said and said.zh for said in (lodged, ground)] == ["证明材料", "证据材料"]
