"""Process packages: loading, checking, versions and clause coverage.

What only checking, drawing and coverage need is loaded on first use: running cases do without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from service.catalog.award import Action, Award, ProcessInfo, Tier
from service.catalog.bpmn.model import (
    Diagram,
    Element,
    Flow,
    Kind,
    Lane,
    MultiInstance,
    OperationCall,
    Timer,
    TimerKind,
    Trigger,
)
from service.catalog.catalog import Catalog, build_catalog, load_catalog, load_package
from service.catalog.documents.documents import DocumentTemplate, Repeated, Tabled
from service.catalog.jurisdiction import Body, BodyKind, Jurisdiction, LawInForce, Role
from service.catalog.law.law import Amendment, Clause, Law, Remark
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, DatedValue, Parameter, Unit
from service.catalog.problems import Problem, Severity, errors_of
from service.catalog.stages import Stage
from service.catalog.tables.tables import TableDescription

if TYPE_CHECKING:
    from service.catalog.check import check_catalog, check_package, check_path
    from service.catalog.coverage.coverage import remarks_of
    from service.catalog.formula_places import places_of_formulas
    from service.catalog.source.formatting import change_yaml, for_editor, format_file

_LATER = {
    "check_catalog": "service.catalog.check",
    "check_package": "service.catalog.check",
    "check_path": "service.catalog.check",
    "places_of_formulas": "service.catalog.formula_places",
    "remarks_of": "service.catalog.coverage.coverage",
    "for_editor": "service.catalog.source.formatting",
    "change_yaml": "service.catalog.source.formatting",
    "format_file": "service.catalog.source.formatting",
}

__all__ = [
    "Action",
    "Amendment",
    "Award",
    "Basis",
    "Body",
    "BodyKind",
    "Catalog",
    "Clause",
    "DatedValue",
    "Diagram",
    "DocumentTemplate",
    "Element",
    "Flow",
    "Jurisdiction",
    "Kind",
    "Lane",
    "Law",
    "LawInForce",
    "MultiInstance",
    "OperationCall",
    "Package",
    "Parameter",
    "Problem",
    "ProcessInfo",
    "Remark",
    "Repeated",
    "Role",
    "Severity",
    "Stage",
    "TableDescription",
    "Tabled",
    "Tier",
    "Timer",
    "TimerKind",
    "Trigger",
    "Unit",
    "build_catalog",
    "change_yaml",
    "check_catalog",
    "check_package",
    "check_path",
    "errors_of",
    "for_editor",
    "format_file",
    "load_catalog",
    "load_package",
    "places_of_formulas",
    "remarks_of",
]


def __getattr__(name: str) -> Any:
    """Return what is loaded late; raises AttributeError for a name that is not of this package."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
