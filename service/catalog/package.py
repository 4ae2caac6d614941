"""A process package: one version of one award, read once and shared by all its cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from service.catalog.award import Award, ProcessInfo
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.documents.documents import DocumentTemplate
from service.catalog.forms.forms import parse_form
from service.catalog.jurisdiction import Jurisdiction
from service.catalog.law.clause_slots import bind_clauses, bind_everywhere
from service.catalog.law.law import Law
from service.catalog.law.proof import Proof
from service.catalog.parts import Parts, read_parts
from service.catalog.problems import Problem
from service.catalog.scoring.scoring import edition_of, file_of, load_edition, score_schema
from service.catalog.stages import Stage, outer_process, stages_of
from service.catalog.tables.tables import TableDescription
from service.catalog.tree import Files, Places, award_keys
from service.catalog.version import called_operations, version_of
from service.domain.errors import Invalid, NotFound
from service.domain.review import Edition
from service.domain.text import Text
from service.sdk.operations import Operation, operations

Piece = TypeVar("Piece")

Derived = TypeVar("Derived")


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """One version of an award; immutable, so threads share it.

    ``key`` is "jurisdiction/award", ``version`` the hash of the closure ``files``, ``problems`` what
    went wrong while reading (``check_package`` finds the rest), ``proving`` what its scenarios prove, where they were read,
    or what finds that (`proofs`): they are no part of the version. ``before`` are the files of the version that a draft
    stands on, for the names of what is gone since: no part of the version either.
    """

    key: str
    version: str
    files: Files
    parts: Parts
    processes: Mapping[str, Diagram]
    operations: Mapping[str, Operation]
    proving: tuple[Proof, ...] | Callable[[], tuple[Proof, ...]] = ()
    before: Files = field(default_factory=dict, repr=False)
    _bound: dict[tuple[str, tuple[str, ...], tuple[str, ...], str], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False
    )
    _derived: dict[object, Any] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def from_files(
        cls,
        files: Files,
        available_operations: Mapping[str, Operation] | None = None,
        version: str | None = None,
        proofs: tuple[Proof, ...] = (),
        before: Files | None = None,
    ) -> Package:
        """Build the package whose closure is ``files``.

        ``available_operations`` are the operations (all registered ones when absent); ``version`` is kept for a
        stored package, whose operations may have moved on. Raises Invalid without award.yaml.
        """
        keys = award_keys(files)
        if len(keys) != 1:
            raise Invalid(
                Text(
                    f"程序包应恰好含有一个 award.yaml，实有 {len(keys)} 个。",
                    f"A package holds exactly one award.yaml; this one holds {len(keys)}.",
                )
            )
        jurisdiction, award = keys[0]
        available_operations = operations() if available_operations is None else available_operations
        parts = read_parts(files, jurisdiction, award)
        called = called_operations(parts.diagrams.values(), available_operations)
        return cls(
            f"{jurisdiction}/{award}",
            version or version_of(files, called),
            MappingProxyType(dict(files)),
            parts,
            MappingProxyType({diagram.process_id: diagram for diagram in parts.diagrams.values()}),
            available_operations,
            proofs,
            before or {},
        )

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """What the scenarios prove, found when first asked for."""
        proof_source = self.proving
        return proof_source if isinstance(proof_source, tuple) else self.derived("proofs", proof_source)

    def proved_by(self, proving: tuple[Proof, ...] | Callable[[], tuple[Proof, ...]]) -> Package:
        """Return the same version with what its scenarios prove; what else was derived of it is taken along."""
        proved = replace(self, proving=proving)
        proved._derived.update(self._derived)
        proved._derived.pop("proofs", None)
        return proved

    def derived(self, what: object, work_out: Callable[[], Derived]) -> Derived:
        """Return what ``work_out`` makes of this version, known as ``what``: a version never changes, so once."""
        result: Derived | None = self._derived.get(what)
        if result is None:
            result = self._derived[what] = work_out()
        return result

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The jurisdiction."""
        return self.parts.jurisdiction

    @property
    def award(self) -> Award:
        """The award."""
        return self.parts.award

    @property
    def law(self) -> Law:
        """The clause register."""
        return self.parts.law

    @property
    def diagrams(self) -> Mapping[str, Diagram]:
        """The diagrams by path, shared ones included."""
        return self.parts.diagrams

    @property
    def award_file(self) -> str:
        """The path of award.yaml."""
        return self._package_places.award_file

    @property
    def parameters_file(self) -> str:
        """The path of the file that declares the parameters."""
        return self._package_places.parameters_file

    @property
    def plan_file(self) -> str:
        """The path of plan.yaml, which an award may lack."""
        return self._package_places.plan_file

    @property
    def _package_places(self) -> Places:
        return Places(self.files, *self.key.split("/"))

    @property
    def diagram_files(self) -> dict[str, bytes]:
        """The BPMN files by path."""
        return {path: data for path, data in self.files.items() if path.endswith(".bpmn")}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What went wrong while reading."""
        return self.parts.problems

    @property
    def forms(self) -> Mapping[str, str]:
        """The paths of the forms by id."""
        return self.parts.forms

    @property
    def documents(self) -> Mapping[str, DocumentTemplate]:
        """The document templates by id."""
        return self.parts.documents

    @property
    def tables(self) -> Mapping[str, TableDescription]:
        """The decision tables by decision id and by file name."""
        return self.parts.tables

    def process(self, key: str) -> ProcessInfo:
        """Return the kind of case ``key``; raises NotFound."""
        return _get_piece(self.award.processes, key, "办件种类", "kind of case")

    def diagram(self, process_id: str) -> Diagram:
        """Return the diagram of a BPMN process; raises NotFound."""
        return _get_piece(self.processes, process_id, "流程", "process")

    def element(self, process_id: str, element_id: str) -> Element:
        """Return an element; raises NotFound."""
        return _get_piece(self.diagram(process_id).elements, element_id, "图形", "element")

    def clauses_of(self, element: Element, call_path: tuple[str, ...], root: str) -> tuple[str, ...]:
        """Return the clauses an element carries out, its slots bound.

        ``call_path`` holds the ids of the call activities that lead to the element's process, outermost
        first; ``root`` is the process id in which the first stands: two diagrams may give calls the same id.
        """
        if not element.clauses:
            return ()
        key = (element.process_id, element.clauses, call_path, root)
        bound = self._bound.get(key)
        if bound is None:
            bound = self._bound[key] = bind_clauses(self.processes, *key)
        return bound

    def clauses_anywhere(self, element: Element, root: str = "") -> tuple[str, ...]:
        """Return the clauses an element carries out wherever it is called, in the process ``root`` where one is said."""
        if not element.clauses:
            return ()
        cache_key = (element.process_id, element.clauses, root)
        return self.derived(("anywhere", *cache_key), lambda: bind_everywhere(self.processes, *cache_key))

    def role_of(self, element: Element) -> str:
        """Return the role that acts here, bindings resolved; "" when the element names none."""
        return self.jurisdiction.bind(element.role)

    def stages(self, process: str | None = None) -> tuple[Stage, ...]:
        """Return the stages of a kind of case: its diagram's call activities along the main path.

        Without ``process`` the kind that organisations start (``application``) is taken.
        """
        key = process or outer_process(self.award.processes)
        return self.derived(("stages", key), lambda: stages_of(self.diagram(self.process(key).process)))

    def form(self, ident: str) -> dict[str, Any]:
        """Return the schema of a form as a fresh dict; raises NotFound or FormMistake.

        ``score/<edition>`` and ``consensus/<edition>`` are made from the scoring edition.
        """
        if (edition := edition_of(ident)) is not None:
            return score_schema(ident, self.edition(edition))
        path = _get_piece(self.parts.forms, ident, "表单", "form")
        return parse_form(self.files[path], path)

    def form_properties(self, ident: str) -> Mapping[str, Any]:
        """Return what a form says of itself beside its fields, read once; raises NotFound or FormMistake."""
        read = self.derived(("form properties", ident), lambda: self.form(ident).get("properties") or {})
        return MappingProxyType(read)

    def form_source(self, ident: str) -> bytes:
        """Return the file from which ``form`` makes the schema: the form's own, or that of the scoring edition."""
        edition = edition_of(ident)
        pieces, name = (self.parts.forms, ident) if edition is None else (self.parts.scoring, file_of(edition))
        return self.files[_get_piece(pieces, name, "表单", "form")]

    def edition(self, ident: str) -> Edition:
        """Return a scoring edition; raises NotFound or EditionMistake."""
        path = _get_piece(self.parts.scoring, file_of(ident), "评分标准", "scoring edition")
        return load_edition(self.files[path], path, ident)

    def has_form(self, ident: str) -> bool:
        """Tell whether a form can be found; FEEL in braces is decided when the task begins."""
        edition = edition_of(ident)
        if edition is None:
            return ident in self.parts.forms
        return file_of(edition) in self.parts.scoring or ("{" in edition and bool(self.parts.scoring))

    def document(self, ident: str) -> DocumentTemplate:
        """Return a document template; raises NotFound."""
        return _get_piece(self.parts.documents, ident, "文书模板", "document")

    def layout(self, name: str) -> bytes | None:
        """Return the package's own layout file ``name`` (with its ending), None where the bundled one serves."""
        path = self.derived("layouts", self._package_places.layouts).get(name)
        return self.files[path] if path is not None else None

    def table(self, ident: str) -> TableDescription:
        """Return a decision table by decision id or file name; raises NotFound."""
        return _get_piece(self.parts.tables, ident, "决策表", "table")

    def parameters_on(self, day: date) -> dict[str, Any]:
        """Return every parameter's value on ``day``, for a round to freeze."""
        return {ident: parameter.value_on(day) for ident, parameter in self.award.parameters.items()}


def _get_piece(pieces: Mapping[str, Piece], ident: str, zh: str, en: str) -> Piece:
    try:
        return pieces[ident]
    except KeyError:
        raise NotFound(Text(f"程序包中没有{zh}“{ident}”。", f"The package has no {en} “{ident}”.")) from None
