"""The blueprint of the API with all its routes."""

from __future__ import annotations

from flask import Blueprint

from service.web.api import (
    amendments,
    archives,
    ballots,
    board,
    book,
    calendar,
    case_acts,
    cases,
    definitions,
    deputies,
    dossiers,
    experts,
    file_pages,
    health,
    hold,
    incidents,
    inside,
    interventions,
    lists,
    monitor,
    moves,
    notices,
    objections,
    office_acts,
    own_choices,
    people,
    person_data,
    ratings,
    reasons,
    records,
    register,
    registrations,
    retention,
    rights_requests,
    search,
    self_checks,
    session,
    signs,
    sittings,
    task_acts,
    tasks,
)
from service.web.api.drafts import assistants as drafts_assistants
from service.web.api.drafts import basics as drafts_basics
from service.web.api.drafts import cities as drafts_cities
from service.web.api.drafts import compare as drafts_compare
from service.web.api.drafts import diagrams as drafts_diagrams
from service.web.api.drafts import drafts
from service.web.api.drafts import folders as drafts_folders
from service.web.api.drafts import formulas as drafts_formulas
from service.web.api.drafts import law as drafts_law
from service.web.api.drafts import life as drafts_life
from service.web.api.drafts import pieces as drafts_pieces
from service.web.api.drafts import recording as drafts_recording
from service.web.api.drafts import seasons as drafts_seasons
from service.web.api.drafts import simulation as drafts_simulation
from service.web.api.drafts import studies as drafts_studies
from service.web.api.drafts import tables as drafts_tables
from service.web.api.drafts import versions as drafts_versions
from service.web.api.openapi import describe
from service.web.api.own_words import know_names

API = Blueprint("api", __name__, url_prefix="/api/v1")
know_names(API)

for part in (
    session,
    cases,
    search,
    case_acts,
    board,
    book,
    signs,
    tasks,
    task_acts,
    office_acts,
    ratings,
    file_pages,
    sittings,
    ballots,
    monitor,
    notices,
    objections,
    self_checks,
    people,
    person_data,
    deputies,
    own_choices,
    registrations,
    rights_requests,
    register,
    experts,
    definitions,
    dossiers,
    reasons,
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
    archives,
    retention,
    calendar,
    health,
    hold,
    incidents,
    inside,
    interventions,
    lists,
    records,
    moves,
    amendments,
):
    part.register(API)
describe(API)
