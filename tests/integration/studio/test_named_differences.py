"""What two sides say differently is told with names in the reader's language."""

from __future__ import annotations

from pathlib import Path

from service.casework.studio.drafts.named_differences import named_conflicts, named_difference
from service.catalog import load_catalog
from service.catalog.merge import FieldConflict, MergeConflict
from service.catalog.merge.differences import (
    FieldDifference,
    FileDifference,
    PieceChange,
    RecordDifference,
    file_differences,
)
from service.catalog.pieces.piece_kinds import document_name
from service.domain.text import Text

MINIATURE = Path(__file__).parents[2] / "data" / "miniature"


def test_roles_are_named_in_the_language_of_the_reader() -> None:
    package = load_catalog(MINIATURE).package("lakeside/star_award")
    role = next(one for one in package.jurisdiction.roles.values() if one.name != one.name_en)
    field = FieldDifference("role", Text("角色", "Role"), role.id, "nobody_knows")
    record = RecordDifference("e", Text("环节", "Step"), PieceChange.CHANGED, (field,))
    found = FileDifference("x.bpmn", PieceChange.CHANGED, (record,))
    [chinese] = named_difference(found, package, package, lambda said: said.zh).records[0].fields
    [english] = named_difference(found, package, package, lambda said: said.en).records[0].fields
    assert (chinese.left, chinese.right) == (role.name, "nobody_knows")
    assert (english.left, english.right) == (role.name_en, "nobody_knows")


def test_what_an_element_says_by_ids_is_told_by_names() -> None:
    """Bodies, letters handed to operations, elements that flows lead to: on pages, in the merge dialog and after a save alike."""
    package = load_catalog(MINIATURE).package("lakeside/star_award")
    path = f"processes/{package.key}/application.bpmn"
    element = next(e for e in package.diagrams[path].elements.values() if e.name and e.id != e.name)
    body, letter = package.jurisdiction.bodies[0], next(iter(package.documents))
    said = {
        "body": (body.id, body.name),
        "targetRef": (element.id, element.name),
        "operation.template": (f'"{letter}"', f"“{document_name(package, letter)}”"),
    }
    differing = tuple(FieldDifference(name, Text(name, name), None, key) for name, (key, _) in said.items())
    record = RecordDifference(element.id, Text("环节", "Step"), PieceChange.CHANGED, differing)
    found = FileDifference(path, PieceChange.CHANGED, (record,))
    told = named_difference(found, package, package, lambda words: words.zh).records[0].fields
    assert [one.right for one in told] == [name for _, name in said.values()]
    fields = tuple(FieldConflict(name, Text(name, name), None, key, "?") for name, (key, _) in said.items())
    met = MergeConflict("c", element.id, Text("环节", "Step"), fields)
    [shown] = named_conflicts((met,), path, package, lambda words: words.zh)
    assert [one.ours for one in shown.fields] == [name for _, name in said.values()]


def test_what_a_new_file_is_called_by_programs_is_not_told() -> None:
    package = load_catalog(MINIATURE).package("lakeside/star_award")
    letter, table = "processes/lakeside/star_award/documents/new.yaml", "processes/lakeside/star_award/new.dmn"
    made = {
        letter: "id: xin_wen_shu\ntitle: 新文书\nparagraphs: [正文]\n".encode(),
        table: package.files["processes/lakeside/star_award/eligibility.dmn"],
    }
    told = [named_difference(each, package, package, lambda said: said.zh) for each in file_differences({}, made)]
    assert [each.change for each in told] == [PieceChange.ADDED, PieceChange.ADDED]
    said = [
        (record.subject.zh, field.label.zh, field.right)
        for each in told
        for record in each.records
        for field in record.fields
    ]
    assert "新文书" in {right for _, _, right in said}
    assert [
        words
        for one in said
        for words in one
        if words and ("xin_wen_shu" in words or "namespace" in words or words == "“id”")
    ] == []
