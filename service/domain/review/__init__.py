"""Expert review: drawing evaluators, score sheets, aggregation, appointments. Pure rules."""

from service.domain.review.aggregate import Divergence, Ranked, StageScore, combine, cut, divergences, rank
from service.domain.review.draw import Candidate, Draw, DrawRules, Exclusion, draw
from service.domain.review.edition import Category, Edition, Item
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
    "check_sheet",
    "clashes",
    "combine",
    "cut",
    "divergences",
    "draw",
    "rank",
]
