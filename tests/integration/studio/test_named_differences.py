"""What two sides say differently is told with names in the reader's language."""

from __future__ import annotations

from pathlib import Path

from service.casework.studio.named_differences import named_difference
from service.catalog import load_catalog
from service.catalog.merge.differences import FieldDifference, FileDifference, PieceChange, RecordDifference
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
