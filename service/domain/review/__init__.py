"""Expert review: drawing evaluators, score sheets, aggregation, appointments. Pure rules."""

from service.domain.review.aggregate import Divergence, Ranked, StageScore, combine, cut, divergences, rank, weighted
from service.domain.review.draw import Candidate, Draw, DrawRules, Exclusion, TooFewExperts, draw, ticket
from service.domain.review.edition import Category, Edition, Item
from service.domain.review.on_form import exact, field_of, read_sheet, shown
from service.domain.review.schedule import Appointment, Clash, clashes
from service.domain.review.sheet import ItemScore, ScoreError, Sheet, check_sheet

__all__ = [
    "Appointment",
    "Candidate",
    "Category",
    "Clash",
    "Divergence",
    "Draw",
    "DrawRules",
    "Edition",
    "Exclusion",
    "Item",
    "ItemScore",
    "Ranked",
    "ScoreError",
    "Sheet",
    "StageScore",
    "TooFewExperts",
    "check_sheet",
    "clashes",
    "combine",
    "cut",
    "divergences",
    "draw",
    "exact",
    "field_of",
    "rank",
    "read_sheet",
    "shown",
    "ticket",
    "weighted",
]
