"""Who asks the interface of a demonstration for programs, and values that exist there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask.testing import FlaskClient

from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import acting_as, open_session
from service.casework.studio.drafts.open_draft import share_draft
from service.web.frame.requests.current import DESK
from tests.support.contract import Described, Known

ROLES = {
    "visitor": "",
    "administrator": "admin",
    "office": "gz.gao",
    "designer": "designer",
    "member": "gz.feng",
    "expert": "yn.expert.1",
    "applicant": "org.02",
}
"""The login of one person of the demonstration for each role; a visitor has none."""

ROLES_BESIDE = {"authority": "tianshan.zhao", "supervisor": "gz.dai", "security": "security", "audit": "audit"}
"""Further roles that Schemathesis alone asks as; of the three administrators the demonstration has one, so it opens the others."""

PEOPLE = tuple(ROLES.values())
PACKAGE = "ganzhou/quality_award"
FILES = tuple(
    f"processes/ganzhou/{name}" for name in ("law.yaml", "quality_award/round.bpmn", "quality_award/parameters.yaml")
)
LAST = ("/api/v1/session",)
"""What takes away by what everybody asks: signing out."""

Heads = Mapping[str, Mapping[str, str]]


def headers_of_people(desk: Desk, hours: int = 24, people: Sequence[str] = PEOPLE) -> Heads:
    """Sign ``people`` in for ``hours``, everybody of ``ROLES`` if none are named; returns the headers by which each asks, by login."""
    found: dict[str, Mapping[str, str]] = {}
    for login in people:
        with desk.store.read() as tx:
            row = tx.people.by_login(login) if login else None
        found[login] = {"Authorization": f"Bearer {open_session(desk, row.id, hours)}"} if row else {}
    return found


def values(client: FlaskClient, heads: Heads, chosen: Sequence[Described]) -> Known:
    """Return values that exist, read by the interface itself; a draft is opened where an operation asks for one."""

    def read(login: str, path: str) -> Any:
        return client.get(f"/api/v1{path}", headers=heads[login]).get_json()

    packages = read("admin", "/definitions")["definitions"]
    actions = [
        a["id"]
        for case in read("gz.gao", "/cases")["cases"][:5]
        for a in read("gz.gao", f"/cases/{case['id']}/actions")["actions"]
    ]
    found: dict[str, list[Any]] = {
        "jurisdiction": ["ganzhou"], "award": ["quality_award"], "package": [PACKAGE], "left": [PACKAGE], "path": list(FILES),
        "version": [one["version"] for one in packages if one["key"] == PACKAGE], "process": ["round", "application"],
        "action": sorted(set(actions)) or ["withdraw"], "section": ["place", "roles"],
        "kind": ["suspend", "csv"], "case_id": [c["id"] for c in read("gz.gao", "/cases")["cases"][:3]],
        "task_id": [t["id"] for t in read("gz.gao", "/tasks?scope=visible")["tasks"][:3]],
        "notice_id": [n["id"] for n in read("", "/notices")["past"][:3]], "draft": [1], "person_id": [33, 34],
    }  # fmt: skip
    if any("{draft}" in one.path for one in chosen):
        sent = {"package": PACKAGE, "title": "试"}
        opened = client.post("/api/v1/drafts", json=sent, headers=heads["designer"]).get_json()
        desk = client.application.extensions[DESK]
        designer = acting_as(desk, ROLES["designer"])
        assert designer is not None
        share_draft(desk, designer, opened["id"], shared=True)
        found["draft"] = [opened["id"]]
    return found
