"""Expectation ``file``: whether a person may open a file of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.queries.downloads.files import open_upload
from service.casework.simulate.scenarios.scenario import ScenarioMistake
from service.casework.simulate.stage.stage import PlayState
from service.domain.errors import NotAllowed, NotFound
from service.domain.text import Text


def files(stage: PlayState, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``file: 配方.pdf, reader: committee, opens: false``: who may open a submitted file; the access is recorded."""
    if "reader" not in row or "opens" not in row or "no" in row:
        raise ScenarioMistake(
            Text(
                f"期望 {dict(row)} 须写明由谁查看（reader）和能否打开（opens: true 或 false，不写 no）。",
                f"Expectation {dict(row)} must say who reads (reader) and whether it opens (opens: true or false, not no).",
            )
        )
    with stage.desk.store.read() as tx:
        handed_in = tx.uploads.of_case(stage.case(row["case"]))
    named = [upload for upload in handed_in if upload.name == row["file"]]
    return [
        {"file": upload.name, "reader": row["reader"], "opens": _opens(stage, str(row["reader"]), upload.id)}
        for upload in named
    ]


def _opens(stage: PlayState, reader: str, upload: str) -> bool:
    try:
        open_upload(stage.desk, stage.cast.actor(reader), upload).content.close()
    except (NotAllowed, NotFound):
        return False
    return True
