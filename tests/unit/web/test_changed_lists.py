"""What a correction changed in a list: only what came or went is marked."""

from datetime import date

from service.domain.forms import compile_form
from service.web.forms.changes import ChangedEntry, changed_fields
from service.web.forms.look import FormUrls, Look

FORM = compile_form(
    {
        "type": "default",
        "id": "paper",
        "schemaVersion": 19,
        "components": [{"type": "upload", "id": "proof", "key": "proof", "label": "证明"}],
    }
)


def _file(name: str) -> dict[str, object]:
    return {"id": name, "name": name, "size": 2048}


def test_a_file_that_was_kept_is_not_marked_as_gone() -> None:
    before, after = {"proof": [_file("甲.pdf"), _file("乙.pdf")]}, {"proof": [_file("甲.pdf"), _file("丙.pdf")]}
    (change,) = changed_fields(FORM, before, after, Look(today=date(2026, 3, 2)))
    assert [one.differs for one in change.removed or ()] == [False, True]
    assert [one.differs for one in change.added or ()] == [False, True]
    assert "甲.pdf" in (change.added or ())[0].words


def test_another_file_of_the_same_name_is_a_change() -> None:
    before, after = {"proof": [_file("甲.pdf")]}, {"proof": [{**_file("甲.pdf"), "id": "scanned-again"}]}
    (change,) = changed_fields(FORM, before, after, Look(today=date(2026, 3, 2), urls=FormUrls(file="/uploads/{id}")))
    assert change.removed == (ChangedEntry("甲.pdf (2 KB)", True, "/uploads/甲.pdf"),)
    assert change.added == (ChangedEntry("甲.pdf (2 KB)（已换成另一份文件）", True, "/uploads/scanned-again"),)
    assert changed_fields(FORM, before, {"proof": [_file("甲.pdf")]}, Look(today=date(2026, 3, 2))) == []
