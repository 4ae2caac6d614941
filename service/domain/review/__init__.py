"""Expert review: drawing evaluators, score sheets, aggregation, appointments. Pure rules."""

from service.domain.review.draw import Draw, DrawRules, Exclusion, PoolExpert, TooFewExperts, draw, ticket
from service.domain.review.edition import BandWords, Category, Edition, ScoredItem
from service.domain.review.schedule import Appointment, Clash, clashes
from service.domain.review.selection import Chosen, Entrant, SelectionLimits, Stop, choose
from service.domain.review.sheet import (
    ASKED_WORDS,
    Divergence,
    ItemScore,
    ScoreError,
    Sheet,
    check_sheet,
    combine,
    divergences,
    exact,
    field_of,
    read_sheet,
    shown,
    summed,
    weighted,
)

__all__ = [
    "ASKED_WORDS",
    "Appointment",
    "BandWords",
    "Category",
    "Chosen",
    "Clash",
    "Divergence",
    "Draw",
    "DrawRules",
    "Edition",
    "Entrant",
    "Exclusion",
    "ItemScore",
    "PoolExpert",
    "ScoreError",
    "ScoredItem",
    "SelectionLimits",
    "Sheet",
    "Stop",
    "TooFewExperts",
    "check_sheet",
    "choose",
    "clashes",
    "combine",
    "divergences",
    "draw",
    "exact",
    "field_of",
    "read_sheet",
    "shown",
    "summed",
    "ticket",
    "weighted",
]
