"""The blueprint of the API with all its routes."""

from __future__ import annotations

from flask import Blueprint

from service.web.api import (
    amendments,
    board,
    case_acts,
    cases,
    definitions,
    dossiers,
    experts,
    health,
    incidents,
    inside,
    interventions,
    lists,
    monitor,
    moves,
    notices,
    objections,
    office_acts,
    people,
    register,
    search,
    session,
    signs,
    task_acts,
    tasks,
)
from service.web.api.drafts import basics as drafts_basics
from service.web.api.drafts import compare as drafts_compare
from service.web.api.drafts import diagrams as drafts_diagrams
from service.web.api.drafts import drafts
from service.web.api.drafts import formulas as drafts_formulas
from service.web.api.drafts import life as drafts_life
from service.web.api.drafts import tables as drafts_tables
from service.web.api.drafts import versions as drafts_versions
from service.web.api.openapi import describe

API = Blueprint("api", __name__, url_prefix="/api/v1")

for part in (
    session,
    cases,
    search,
    case_acts,
    board,
    signs,
    tasks,
    task_acts,
    office_acts,
    monitor,
    notices,
    objections,
    people,
    register,
    experts,
    definitions,
    dossiers,
    drafts,
    drafts_basics,
    drafts_compare,
    drafts_diagrams,
    drafts_formulas,
    drafts_life,
    drafts_tables,
    drafts_versions,
    health,
    incidents,
    inside,
    interventions,
    lists,
    moves,
    amendments,
):
    part.register(API)
describe(API)
