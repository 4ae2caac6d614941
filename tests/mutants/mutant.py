"""A mutant: one change of a package, and the package with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from types import MappingProxyType
from typing import Any

from lxml import etree

from service.catalog.package import Package
from service.domain.files.safe_xml import read_xml
from service.domain.text import Text
from tests.mutants.taken_out import taken_out

Edit = Callable[[Any], Any]
"""Changes a node of XML or a schema in place, or returns what stands instead of a template or value."""


class MutatedPiece(Enum):
    """What an edit is made in."""

    ELEMENT = "element or flow taken out of a diagram"
    XML = "node of a diagram or table"
    FORM = "schema of a form"
    TEMPLATE = "template of a document"
    PARAMETER = "value of a parameter"


_IN_FILES = (MutatedPiece.ELEMENT, MutatedPiece.XML, MutatedPiece.FORM)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: ``told`` says it to a lawyer, ``edit`` makes it in ``target`` (a path or an id), at ``node`` in XML.

    A ``neutral`` one changes what is said, asked or told, and not the way a case takes: several can be tried in one play.
    A scenario can notice only where it passes one of ``passes`` ("process/element", any where empty), gets a document of
    the template ``document`` (where given), leaves parameter ``parameter`` as it is, and is refused at a form of
    ``refused_at`` (where given). What mentions one of ``words`` is tried first.
    """

    id: str
    clauses: tuple[str, ...]
    told: Text
    piece: MutatedPiece
    target: str
    edit: Edit | None
    node: str = ""
    neutral: bool = False
    passes: frozenset[str] = frozenset()
    document: str = ""
    parameter: str = ""
    refused_at: str = ""
    words: tuple[str, ...] = ()


def changed(package: Package, group: Iterable[Mutant]) -> Package:
    """Return the package with the changes of ``group``; where diagrams change, it is another version for the engine.

    Raises LaurelError where the package cannot be read with them.
    """
    made = list(group)
    files = {
        path: _edited(package.files[path], [m for m in made if m.target == path])
        for path in {m.target for m in made if m.piece in _IN_FILES}
    }
    if files:
        drawn = any(path.endswith(".bpmn") for path in files)
        version = f"{package.version[:12]}-{next(_NUMBER)}" if drawn else package.version
        package = Package.from_files({**package.files, **files}, package.operations, version)
    documents, award = dict(package.parts.documents), package.parts.award
    parameters = dict(award.parameters)
    for mutant in made:
        if mutant.piece is MutatedPiece.TEMPLATE and mutant.edit:
            documents[mutant.target] = mutant.edit(documents[mutant.target])
        elif mutant.piece is MutatedPiece.PARAMETER and mutant.edit:
            parameters[mutant.target] = mutant.edit(parameters[mutant.target])
    award = replace(award, parameters=MappingProxyType(parameters))
    return replace(package, parts=replace(package.parts, documents=MappingProxyType(documents), award=award))


_NUMBER = count(1)


def _edited(content: bytes, group: Sequence[Mutant]) -> bytes:
    """Return a file with the edits of ``group``; a node without an edit is taken out."""
    if group[0].piece is MutatedPiece.FORM:
        schema = json.loads(content)
        for mutant in group:
            if mutant.edit:
                mutant.edit(schema)
        return json.dumps(schema, ensure_ascii=False).encode()
    for mutant in group:
        content = taken_out(content, mutant.node) if mutant.piece is MutatedPiece.ELEMENT else content
    root = read_xml(content, remove_comments=True)
    for mutant in (m for m in group if m.piece is MutatedPiece.XML):
        node = next(n for n in root.iter("*") if n.get("id") == mutant.node)
        if mutant.edit:
            mutant.edit(node)
        else:
            node.getparent().remove(node)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
