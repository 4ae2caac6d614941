"""Decision tables of DMN 1.5, with the state of every row where facts are missing."""

from service.domain.decisions.columns import (
    Aggregation,
    HitPolicy,
    InputColumn,
    Output,
    RowResult,
    TableResult,
    TableRule,
)
from service.domain.decisions.errors import DecisionModelError, HitPolicyViolated, TableProblem
from service.domain.decisions.read_dmn import read_tables
from service.domain.decisions.table import DecisionTable

__all__ = [
    "Aggregation",
    "DecisionModelError",
    "DecisionTable",
    "HitPolicy",
    "HitPolicyViolated",
    "InputColumn",
    "Output",
    "RowResult",
    "TableProblem",
    "TableResult",
    "TableRule",
    "read_tables",
]
