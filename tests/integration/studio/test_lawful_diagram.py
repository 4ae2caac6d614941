"""A number beyond the law is refused where it is drawn, with the article, as in tables and parameters."""

from __future__ import annotations

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.domain.errors import Invalid
from tests.support.lakeside import DIAGRAM, KEY, Lakeside


def test_a_diagram_says_no_number_beyond_the_law(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "受理期限")
    opened = open_file(town.desk, town.designer, draft, DIAGRAM)

    def drawn(days: int) -> bytes:
        text = opened.content.decode().replace("workdays(param.decision_working_days)", f"workdays({days})")
        assert text != opened.content.decode()
        return text.encode()

    with pytest.raises(Invalid, match=r"这张图没有保存。.*超出第四条的界限：“受理决定期限”不得多于10。.*其他改动还在"):
        save_file(town.desk, town.designer, draft, DIAGRAM, drawn(30), opened.hash)
    assert open_file(town.desk, town.designer, draft, DIAGRAM).content == opened.content
    assert save_file(town.desk, town.designer, draft, DIAGRAM, drawn(6), opened.hash).content == drawn(6)
