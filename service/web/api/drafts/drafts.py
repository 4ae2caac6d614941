"""API routes of drafts: the studio's own scripts use them too."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import DraftView, open_file, view_draft
from service.casework.studio.pieces.remove_piece import remove_piece
from service.catalog import Problem
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.web.api.arguments import needed
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.drafts import (
    DraftFilesOut,
    DraftProblemsOut,
    PackageDraftIn,
    PackageFileIn,
    PackageFileOut,
)
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.failures import incident_of


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/drafts/<int:draft>"
    path = {"path": needed("the file, such as processes/CITY/AWARD/round.bpmn")}
    routes = (
        (
            ApiOperation("POST", "/drafts", "draft.edit", "Open a draft of a package", DraftFilesOut, PackageDraftIn),
            add_draft,
        ),
        (
            ApiOperation("GET", f"{one}/file", "draft.view", "Get a file of a draft", PackageFileOut, None, path),
            draft_file,
        ),
        (
            ApiOperation("PUT", f"{one}/file", "draft.edit", "Save or remove a file", PackageFileOut, PackageFileIn),
            put_draft_file,
        ),
        (ApiOperation("GET", f"{one}/problems", "draft.view", "Check a draft", DraftProblemsOut), draft_problems),
    )
    for route, work in routes:
        add_route(api, route, work)


def add_draft(body: dict[str, Any]) -> dict[str, Any]:
    """Open one."""
    return draft_files(open_draft(the_desk(), the_actor(), body["package"], body["title"]))


def draft_files(draft: int) -> dict[str, Any]:
    """List its files."""
    return _described(view_draft(the_desk(), the_actor(), draft))


def draft_file(draft: int) -> dict[str, Any]:
    """Get a file."""
    found = open_file(the_desk(), the_actor(), draft, request.args.get("path", ""))
    return {**asdict(found), "content": found.content.decode("utf-8", "replace"), "merged": False}


def put_draft_file(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Save a file."""
    path, base, note = body["path"], body["base"], body["note"]
    if body["content"] is None:
        saved = remove_piece(the_desk(), the_actor(), draft, path, base or "", note, give_way=body["give_way"])
    else:
        ancestor = None if body["ancestor"] is None else body["ancestor"].encode()
        saved = save_file(the_desk(), the_actor(), draft, path, body["content"].encode(), base, note, ancestor)
    text = None if saved.content is None else saved.content.decode()
    return {**asdict(saved), "content": text, **(_told(draft) if body["check"] else {})}


def _told(draft: int) -> dict[str, Any]:
    """Return the problems with the answer to a save, which stands whether they can be told or not: else why they are not."""
    try:
        told = draft_problems(draft)
    except LaurelError as error:
        return {"untold": error.message}
    except Exception as error:  # whatever a check raises must not hide that the file is saved
        number = incident_of(error)
        return {
            "untold": Text(
                f"已保存，但检查没有做完：系统出现异常。请再改一次或稍后重试；如仍不行，请致电办公室并告知编号 {number}。",
                f"Saved, but the check did not come to its end: something went wrong on our side. Change something again or "
                f"try later; if it fails again, call the office and quote {number}.",
            )
        }
    return {"problems": told["problems"], "whole": told["whole"]}


def draft_problems(draft: int) -> dict[str, Any]:
    """Check."""
    checked = check_draft(the_desk(), the_actor(), draft)
    problems = [problem_json(problem) for problem in checked.problems]
    return {"revision": checked.revision, "problems": problems, "whole": checked.whole}


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return what is wrong as programs get it."""
    place = {"file": problem.file, "element": problem.element or None, "place": problem.place, "line": problem.line}
    said = {"message": problem.message, "remedy": problem.remedy}
    return {"rule": problem.rule, "severity": problem.severity.value, **place, **said}


def _described(view: DraftView) -> dict[str, Any]:
    row = view.row
    files = [{**asdict(f), "kind": f.kind.value, "origin": f.origin.value} for f in view.files]
    return {
        "id": row.id,
        "package": row.package,
        "title": row.title,
        "base": row.base,
        "author": row.author,
        "shared": row.shared,
        "state": row.state,
        "revision": view.revision,
        "changed_at": row.changed_at,
        "files": files,
    }
