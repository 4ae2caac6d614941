"""The drafts of the demonstration, from people.yaml: opened when the season ends, and handed to a second person."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_tree import hash_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.publication.state_amendment import TypedAmendment, state_amendment
from service.casework.studio.publication.submit_draft import submit_draft
from service.catalog import Package, change_yaml
from service.web.demo.tried import tried


def open_written(desk: Desk, by: Actor, package: Package, written: Mapping[str, Any]) -> None:
    """Open a draft of ``package`` in which one parameter has another value, and submit it where a ``note`` is written.

    ``written`` names the ``title``, the ``parameter`` and its ``value``.
    """
    tried("草稿", partial(_open, desk, by, package, written))


def _open(desk: Desk, by: Actor, package: Package, written: Mapping[str, Any]) -> None:
    path = package.parameters_file
    before = package.files[path]
    place = ("parameters", str(written["parameter"]))
    text = change_yaml(before.decode(), (*place, "value"), written["value"], path)
    draft = open_draft(desk, by, package.key, str(written["title"]))
    save_file(desk, by, draft, path, text.encode(), hash_of(before))
    if written.get("note"):
        state_amendment(desk, by, draft, TypedAmendment(applies=False))
        submit_draft(desk, by, draft, str(written["note"]))
