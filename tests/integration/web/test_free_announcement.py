"""An announcement that no procedure asks for: anybody opens it on the portal with its files, and no other file."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from service.casework.notices.recall import recall_notice
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.store import Store
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season_until


def _remove_file(stage: PlayState, notice: int, upload: str) -> None:
    with stage.desk.store.write() as tx:
        tx.uploads.remove(upload, stage.clock.now())


def _recall(stage: PlayState, notice: int, upload: str) -> None:
    recall_notice(stage.desk, stage.cast.actor("office"), notice, "表格有误")


@pytest.mark.parametrize(("take_away", "linked"), [(_remove_file, True), (_recall, False)])
def test_anybody_opens_the_files_of_an_announcement(
    sqlite_url: str,
    open_store: Callable[[str], Store],
    take_away: Callable[[PlayState, int, str], None],
    linked: bool,
) -> None:
    stage = season_until(
        "ganzhou/quality_award", "free_announcement", open_store(sqlite_url), "write_announcement", "公告一"
    )
    move = next(move for move in stage.scenario.moves if move.value == "write_announcement")
    DOERS[move.verb](stage, move, stage.cast.actor("office"))
    visitor = Browser(create_app(stage.desk, settings_for_tests()), SimpleNamespace(desk=stage.desk, people={}))  # type: ignore[arg-type]
    assert "关于征集评审专家的公告" in visitor.get("/portal").text
    with stage.desk.store.read() as tx:
        (notice,) = tx.notices.select()
    (file,) = notice.content["files"]
    at = f"/notices/{notice.id}/files/{file['id']}"
    assert f'<a href="{at}">报名表.pdf</a>' in visitor.get(f"/notices/{notice.id}").text
    assert visitor.get(at).data.startswith(b"%PDF")
    assert visitor.get(f"/uploads/{file['id']}").status_code != 200
    assert visitor.get(f"/notices/{notice.id}/files/another").status_code == 404
    take_away(stage, notice.id, file["id"])
    assert visitor.get(at).status_code == 404
    assert (f'href="{at}"' in visitor.get(f"/notices/{notice.id}").text) is linked
