"""Expert review: drawing evaluators, score sheets, aggregation, appointments. Pure rules."""

from service.domain.review.draw import Draw, DrawRules, Exclusion, PoolExpert, TooFewExperts, draw
from service.domain.review.edition import BandWords, Category, Edition, ScoredItem
from service.domain.review.schedule import Appointment, clashes
from service.domain.review.selection import Chosen, Entrant, SelectionLimits, Stop, choose
from service.domain.review.sheet import (
    ASKED_WORDS,
    COMBINATIONS,
    Divergence,
    ItemScore,
    Sheet,
    check_sheet,
    combine,
    count_trimmed,
    divergences,
    exact,
    field_of,
    read_sheet,
    shown,
    summed,
)

__all__ = [
    "ASKED_WORDS",
    "COMBINATIONS",
    "Appointment",
    "BandWords",
    "Category",
    "Chosen",
    "Divergence",
    "Draw",
    "DrawRules",
    "Edition",
    "Entrant",
    "Exclusion",
    "ItemScore",
    "PoolExpert",
    "ScoredItem",
    "SelectionLimits",
    "Sheet",
    "Stop",
    "TooFewExperts",
    "check_sheet",
    "choose",
    "clashes",
    "combine",
    "count_trimmed",
    "divergences",
    "draw",
    "exact",
    "field_of",
    "read_sheet",
    "shown",
    "summed",
]
