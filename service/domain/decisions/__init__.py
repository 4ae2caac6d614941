"""Decision models and decision tables of DMN 1.5, with every row's standing where facts are missing."""

from service.domain.decisions.columns import Aggregation, HitPolicy, Input, Output, RowResult, Rule, TableResult
from service.domain.decisions.errors import DecisionModelError, HitPolicyViolated, Problem
from service.domain.decisions.model import Decision, DecisionModel
from service.domain.decisions.read_dmn import read_dmn
from service.domain.decisions.table import DecisionTable

__all__ = [
    "Aggregation",
    "Decision",
    "DecisionModel",
    "DecisionModelError",
    "DecisionTable",
    "HitPolicy",
    "HitPolicyViolated",
    "Input",
    "Output",
    "Problem",
    "RowResult",
    "Rule",
    "TableResult",
    "read_dmn",
]
