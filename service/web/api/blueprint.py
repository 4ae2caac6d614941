"""The blueprint of the API with all its routes."""

from __future__ import annotations

from flask import Blueprint

from service.web.api import (
    cases,
    definitions,
    drafts,
    drafts_diagrams,
    drafts_formulas,
    drafts_law,
    drafts_life,
    drafts_pieces,
    drafts_simulation,
    drafts_tables,
    notices,
    session,
    tasks,
)
from service.web.api.openapi import describe

API = Blueprint("api", __name__, url_prefix="/api/v1")

for part in (
    session,
    cases,
    tasks,
    notices,
    definitions,
    drafts,
    drafts_diagrams,
    drafts_formulas,
    drafts_law,
    drafts_life,
    drafts_pieces,
    drafts_simulation,
    drafts_tables,
):
    part.register(API)
describe(API)
