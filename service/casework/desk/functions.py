"""Every function an expression of a package may call."""

from __future__ import annotations

from service.domain.calendar.feel_functions import TIME_FUNCTIONS
from service.domain.feel import BUILTINS, FunctionSet

FUNCTIONS: FunctionSet = BUILTINS.extended(TIME_FUNCTIONS)
"""The standard's functions and those of statutory time."""
