"""What a proposal writes, in sentences: of two long values only what differs."""

from __future__ import annotations

from service.catalog import Catalog
from service.catalog.merge.text_marks import StretchKind
from service.catalog.written_words import written_words
from tests.unit.catalog.conftest import PARAMETERS, Change

OLD = "candidates are those whose points are at least six hundred and whose kind is large, ordered by points, then by"


def test_of_two_long_values_only_what_differs_is_told(changed: Change, catalog: Catalog) -> None:
    package = catalog.package("lakeside/star_award")
    old, new = (changed(PARAMETERS, "Time to decide", f"{OLD} {end}") for end in ("name", "kind"))
    [sentence] = [one for file in written_words(package, old, new) for one in file.sentences]
    [(_, stretches)] = sentence.marked
    assert [(one.mark, one.text) for one in stretches if one.mark in (StretchKind.GONE, StretchKind.COMES)] == [
        (StretchKind.GONE, "name"),
        (StretchKind.COMES, "kind"),
    ]
    assert "then by name 改为 " in sentence.text.zh
    assert sentence.text.zh.endswith("then by kind")
    assert "candidates" not in sentence.text.zh
