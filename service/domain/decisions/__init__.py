"""Decision tables of DMN 1.5, with the state of every row where facts are missing."""

from service.domain.decisions.columns import (
    RowResult,
)
from service.domain.decisions.errors import DecisionModelError, HitPolicyViolated
from service.domain.decisions.read_dmn import read_tables
from service.domain.decisions.table import DecisionTable

__all__ = [
    "DecisionModelError",
    "DecisionTable",
    "HitPolicyViolated",
    "RowResult",
    "read_tables",
]
