"""All built-in functions of the standard, except those that read a clock or draw random numbers."""

from __future__ import annotations

from service.domain.feel.functions import FunctionSet
from service.domain.feel.functions_context import CONTEXTS, LOGIC
from service.domain.feel.functions_list import LISTS
from service.domain.feel.functions_numeric import NUMERIC, STATISTICS
from service.domain.feel.functions_range import RANGES
from service.domain.feel.functions_string import CONVERSIONS, PATTERNS, STRINGS
from service.domain.feel.functions_temporal import TEMPORAL

BUILTINS = FunctionSet(
    [*NUMERIC, *STATISTICS, *STRINGS, *PATTERNS, *LISTS, *CONTEXTS, *RANGES, *TEMPORAL, *LOGIC, *CONVERSIONS]
)
