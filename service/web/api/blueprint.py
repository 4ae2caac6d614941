"""The blueprint of the API with all its routes."""

from __future__ import annotations

from flask import Blueprint

from service.web.api import (
    ballots,
    calendar,
    case_acts,
    cases,
    definitions,
    drafts,
    drafts_assistants,
    drafts_basics,
    drafts_cities,
    drafts_compare,
    drafts_diagrams,
    drafts_folders,
    drafts_formulas,
    drafts_law,
    drafts_life,
    drafts_pieces,
    drafts_recording,
    drafts_seasons,
    drafts_simulation,
    drafts_studies,
    drafts_tables,
    drafts_versions,
    epochs,
    experts,
    interventions,
    monitor,
    moves,
    notices,
    objections,
    people,
    register,
    session,
    task_acts,
    tasks,
)
from service.web.api.openapi import describe

API = Blueprint("api", __name__, url_prefix="/api/v1")

for part in (
    session,
    cases,
    case_acts,
    tasks,
    task_acts,
    ballots,
    monitor,
    notices,
    objections,
    people,
    register,
    experts,
    definitions,
    drafts,
    drafts_assistants,
    drafts_basics,
    drafts_cities,
    drafts_compare,
    drafts_diagrams,
    drafts_folders,
    drafts_formulas,
    drafts_law,
    drafts_life,
    drafts_pieces,
    drafts_recording,
    drafts_seasons,
    drafts_simulation,
    drafts_studies,
    drafts_tables,
    drafts_versions,
    calendar,
    epochs,
    interventions,
    moves,
):
    part.register(API)
describe(API)
