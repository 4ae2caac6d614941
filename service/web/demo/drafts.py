"""The drafts of the demonstration, from people.yaml: opened when the season ends, and handed to a second person."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.studio.draft_tree import hash_of
from service.casework.studio.open_draft import open_draft
from service.casework.studio.save_file import save_file
from service.casework.studio.submit_draft import submit_draft
from service.catalog import Package, change_yaml
from service.domain.errors import LaurelError

LOG = logging.getLogger("laurel.demo")


def open_written(desk: Desk, by: Actor, package: Package, written: Mapping[str, Any]) -> None:
    """Open a draft of ``package`` in which one parameter has another value, and submit it where a ``note`` is written.

    ``written`` names the ``title``, the ``parameter`` and its ``value``.
    """
    path = package.parameters_file
    before = package.files[path]
    place = ("parameters", str(written["parameter"]))
    text = change_yaml(before.decode(), (*place, "value"), written["value"], path)
    try:
        draft = open_draft(desk, by, package.key, str(written["title"]))
        save_file(desk, by, draft, path, text.encode(), hash_of(before))
        if written.get("note"):
            submit_draft(desk, by, draft, str(written["note"]))
    except LaurelError as refusal:
        # A city may be redrawn before its people are rewritten: the rest of it is still worth showing.
        LOG.warning("草稿没有办成：%s", refusal.message.zh)
