"""Process packages: what running cases need of them."""

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
    "errors_of",
    "load_catalog",
    "load_package",
]
