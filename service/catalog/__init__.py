"""Process packages: what running cases need of them."""

from service.catalog.award import Action, Award, ProcessInfo
from service.catalog.bpmn.model import (
    Diagram,
    Element,
    Kind,
)
from service.catalog.catalog import Catalog, build_catalog, load_catalog, load_package
from service.catalog.documents.documents import DocumentTemplate, Tabled
from service.catalog.jurisdiction import Body, BodyKind, Jurisdiction
from service.catalog.law.law import Clause, Law
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, DatedValue, Parameter, Unit
from service.catalog.problems import Problem, Severity, errors_of

__all__ = [
    "Action",
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
    "Jurisdiction",
    "Kind",
    "Law",
    "Package",
    "Parameter",
    "Problem",
    "ProcessInfo",
    "Severity",
    "Tabled",
    "Unit",
    "build_catalog",
    "errors_of",
    "load_catalog",
    "load_package",
]
