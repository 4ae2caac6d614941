"""Process packages: loading, checking, versions and clause coverage."""

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
from service.catalog.check import check_catalog, check_package, check_path
from service.catalog.coverage import Citation, Coverage, coverage
from service.catalog.documents import DocumentTemplate, Repeated, Tabled
from service.catalog.formula_places import places_of_formulas
from service.catalog.jurisdiction import Body, BodyKind, Jurisdiction, LawInForce, Role
from service.catalog.law import Amendment, Clause, Law, Remark
from service.catalog.package import Package
from service.catalog.parameters import Basis, DatedValue, Parameter, Unit
from service.catalog.problems import Problem, Severity, errors_of
from service.catalog.remarks import remarks_of
from service.catalog.source.format_xml import for_editor
from service.catalog.source.format_yaml import change_yaml
from service.catalog.source.formatting import format_file
from service.catalog.stages import Stage
from service.catalog.tables import DecisionModel

__all__ = [
    "Action",
    "Amendment",
    "Award",
    "Basis",
    "Body",
    "BodyKind",
    "Catalog",
    "Citation",
    "Clause",
    "Coverage",
    "DatedValue",
    "DecisionModel",
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
    "coverage",
    "errors_of",
    "for_editor",
    "format_file",
    "load_catalog",
    "load_package",
    "places_of_formulas",
    "remarks_of",
]
