"""Words of addresses that are no names: an operation at ``/clauses/split`` is never taken for one of a clause “split”.

An OpenAPI document puts an address that is written out before one with a place for a name, whatever the method. Without
this, a method that the address written out does not serve would reach the other operation.
"""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

TAKEN = ("split", "track")
"""Words that stand in an address where others have the name of a clause or of a place."""


class NameConverter(BaseConverter):
    """The place of a name in an address: any word but those `TAKEN`."""

    regex = rf"(?!(?:{'|'.join(TAKEN)})\Z)[^/]+"
    part_isolating = True


def know_names(api: Blueprint) -> None:
    """Let addresses of ``api`` say ``<name:clause>``."""

    @api.record
    def add(state: BlueprintSetupState) -> None:
        state.app.url_map.converters["name"] = NameConverter
