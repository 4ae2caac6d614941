"""The list of a round's applicants, taken out."""

from __future__ import annotations

import pytest

from service.casework.simulate.stage.stage import PlayState
from service.casework.spreadsheets.applicants import export_applicants
from service.domain.errors import NotAllowed


def test_the_list_is_for_who_oversees_the_round(round_open: PlayState) -> None:
    here = round_open.case("届")
    title, columns, _ = export_applicants(round_open.desk, round_open.cast.actor("office"), here)
    assert (title, [c.title.zh for c in columns][:2]) == ("申报名单", ["申报组织", "统一社会信用代码"])
    for actor in (round_open.cast.actor("甲"), round_open.cast.actor("audit_unit@tianshan")):
        with pytest.raises(NotAllowed):
            export_applicants(round_open.desk, actor, here)
