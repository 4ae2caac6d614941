"""API routes that tell what is known of the parts of a draft: forms, documents, shared pieces, parameters; new tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from service.casework.studio.parameters.change_parameter import drop_parameter
from service.casework.studio.parameters.view_parameters import ParameterLine, view_parameter, view_parameters
from service.casework.studio.pieces.save_table import add_table
from service.casework.studio.pieces.shared_pieces import view_content, view_shared
from service.casework.studio.pieces.study_document import list_documents, study_document
from service.casework.studio.pieces.study_form import list_forms, study_form
from service.catalog.parameters.subjects import subject_of
from service.web.api.arguments import needed
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import studies as schemas
from service.web.api.schemas.drafts import PackageFileOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, path = "/drafts/<int:draft>", "draft.view", {"path": needed("the file")}
    parameter = f"{one}/parameters/<parameter>"
    for operation, work in (
        (ApiOperation("GET", f"{one}/forms", see, "List forms", schemas.ListedPiecesOut), draft_forms),
        (ApiOperation("GET", f"{one}/form", see, "See what is known of a form", schemas.FormStudyOut, None, path), draft_form),
        (ApiOperation("GET", f"{one}/documents", see, "List documents", schemas.ListedPiecesOut), draft_documents),
        (ApiOperation("GET", f"{one}/document", see, "See what is known of a document", schemas.DocumentStudyOut, None, path), draft_document),
        (ApiOperation("POST", f"{one}/tables", "draft.edit", "Add a decision table", PackageFileOut, schemas.NewTableIn), add_draft_table),
        (ApiOperation("GET", f"{one}/shared/piece", see, "See a shared piece and its copies", schemas.SharedStudyOut, None, path), draft_shared_piece),
        (ApiOperation("GET", f"{one}/parameters", see, "List parameters", schemas.DraftParametersOut, None, {"q": "words"}), draft_parameters),
        (ApiOperation("GET", parameter, see, "See a parameter", schemas.DraftParameterOut), draft_parameter),
        (ApiOperation("DELETE", parameter, "draft.edit", "Remove a parameter that nothing reads", None), remove_draft_parameter),
    ):  # fmt: skip
        add_route(api, operation, work)


def draft_forms(draft: int) -> dict[str, Any]:
    """List."""
    return {"pieces": list_forms(the_desk(), the_actor(), draft)}


def draft_form(draft: int) -> dict[str, Any]:
    """See a form."""
    found = study_form(the_desk(), the_actor(), draft, _path())
    readers = [{**asdict(user), "field": field} for field, user in found.readers]
    patterns = [pattern.name for pattern in found.patterns]
    return {"form": found.line, "users": found.users, "readers": readers, "patterns": patterns, "made": found.made}


def draft_documents(draft: int) -> dict[str, Any]:
    """List."""
    return {"pieces": list_documents(the_desk(), the_actor(), draft)}


def draft_document(draft: int) -> dict[str, Any]:
    """See a document."""
    found = study_document(the_desk(), the_actor(), draft, _path())
    return {"ident": found.ident, "said": dict(found.said), "users": found.users, "layouts": found.layouts}


def add_draft_table(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Add."""
    saved = add_table(the_desk(), the_actor(), draft, body["ident"], body["name"])
    return {**asdict(saved), "content": None if saved.content is None else saved.content.decode()}


def draft_shared_piece(draft: int) -> dict[str, Any]:
    """See a shared piece."""
    found = view_shared(the_desk(), the_actor(), draft, _path())
    content = view_content(the_desk(), the_actor(), draft, _path()).decode("utf-8", "replace")
    copies = [
        {
            "key": copy.use.key,
            "city": copy.use.city,
            "same": copy.same,
            "differs": [record.subject for record in copy.difference.records] if copy.difference else [],
        }
        for copy in found.copies
    ]
    return {"piece": found.line, "content": content, "copies": copies, "drafts": [row.id for row in found.drafts]}


def draft_parameters(draft: int) -> dict[str, Any]:
    """List."""
    table = view_parameters(the_desk(), the_actor(), draft, request.args.get("q", ""))
    return {"parameters": [_parameter(line) for _, lines in table.chapters for line in lines]}


def draft_parameter(draft: int, parameter: str) -> dict[str, Any]:
    """See one."""
    return _parameter(view_parameter(the_desk(), the_actor(), draft, parameter)[1])


def remove_draft_parameter(draft: int, parameter: str) -> None:
    """Remove."""
    drop_parameter(the_desk(), the_actor(), draft, parameter)


def _parameter(line: ParameterLine) -> dict[str, Any]:
    found = line.parameter
    return {
        "id": found.id,
        "name": found.name,
        "chapter": subject_of(found).id,
        "unit": found.unit.value,
        "values": [{"since": since, "value": words} for since, words in line.values],
        "bounds": line.bounds,
        "clauses": found.clauses,
        "readers": [user.name for user in line.readers],
        "read_at": line.readers,
        "by_program": line.by_program,
    }


def _path() -> str:
    return request.args.get("path", "")
