"""FEEL, the expression language of DMN 1.5: parsed once, compiled to closures, bounded, explainable."""

from service.domain.feel.builtins import BUILTINS
from service.domain.feel.errors import FeelLimitExceeded, FeelSyntaxError
from service.domain.feel.explain import Explanation
from service.domain.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from service.domain.feel.functions import FunctionSet
from service.domain.feel.inference import Inferred, TypeFault, TypeScope
from service.domain.feel.static_types import StaticType
from service.domain.feel.temporal import YearsMonths
from service.domain.feel.values import Function, Range
from service.domain.feel.watch import WatchedFunctions

__all__ = [
    "BUILTINS",
    "Explanation",
    "Expression",
    "FeelLimitExceeded",
    "FeelSyntaxError",
    "Function",
    "FunctionSet",
    "Inferred",
    "Range",
    "StaticType",
    "TypeFault",
    "TypeScope",
    "UnaryTests",
    "WatchedFunctions",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
]
