"""An announcement that no procedure asks for: anybody opens it on the portal with its files, and no other file."""

from collections.abc import Callable
from types import SimpleNamespace

from service.casework.simulate.stage.verbs import DOERS
from service.store import Store
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season_until


def test_anybody_opens_the_files_of_an_announcement(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
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
    page = visitor.get(f"/notices/{notice.id}").text
    assert f'<a href="/notices/{notice.id}/files/{file["id"]}">报名表.pdf</a>' in page
    assert visitor.get(f"/notices/{notice.id}/files/{file['id']}").data.startswith(b"%PDF")
    assert visitor.get(f"/uploads/{file['id']}").status_code != 200
    assert visitor.get(f"/notices/{notice.id}/files/another").status_code == 404
    with stage.desk.store.write() as tx:
        tx.uploads.remove(file["id"], stage.clock.now())
    assert visitor.get(f"/notices/{notice.id}/files/{file['id']}").status_code == 404
