"""The record scope: the names that tables, texts, first values and barriers read, each loaded on first use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median_low
from typing import Any

from service.casework.scope.named_members import logins_of, members_of
from service.casework.subjects.case_subjects import subject_ids, subjects_of_panel
from service.casework.subjects.register_facts import (
    conferred_in,
    register_of,
    running_applications,
    sanctions_below,
)
from service.catalog import Package
from service.catalog.applications import application_kinds
from service.domain.review import Category, Edition, ItemScore, Sheet, field_of, shown
from service.sdk import ChildView
from service.store import Transaction
from service.store.models import CaseRow, PanelMemberRow, PanelRow, SheetRow, StageScoreRow


class Overlay(Mapping[str, Any]):
    """Names laid over a scope without copying it."""

    def __init__(self, extra: Mapping[str, Any], below: Mapping[str, Any]) -> None:
        self._extra, self._below = extra, below

    def __getitem__(self, name: str) -> Any:
        return self._extra[name] if name in self._extra else self._below[name]

    def __contains__(self, name: object) -> bool:
        return name in self._extra or name in self._below

    def get(self, name: str, otherwise: object = None) -> Any:
        """Return the value of ``name``, without raising on the way."""
        return self._extra[name] if name in self._extra else self._below.get(name, otherwise)

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._extra), **dict.fromkeys(self._below)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


class LazyScope(Mapping[str, Any]):
    """Values by name, some of which are read from the store on first use."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values
        self._late: dict[str, Callable[[], Any]] = {}

    def set(self, name: str, value: object) -> None:
        """Set the value of ``name``."""
        self._values[name] = value

    def read(self, name: str, reader: Callable[[], Any]) -> None:
        """Read the value of ``name`` by ``reader`` on first use."""
        self._late[name] = reader

    def __getitem__(self, name: str) -> Any:
        if name not in self._values and name in self._late:
            self._values[name] = self._late[name]()
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in self._late

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._values), **dict.fromkeys(self._late)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def case_facts(case: CaseRow) -> dict[str, Any]:
    """Return the facts of ``case`` as expressions see them under ``case`` (or its process's name in a child)."""
    return {
        **case.facts,
        "id": case.id,
        "number": case.number,
        "title": case.title,
        "process": case.process,
        "status": case.status,
        "outcome": case.outcome,
        "started_at": case.started_at.isoformat(),
    }


def objection_kinds(package: Package) -> tuple[str, ...]:
    """Return the kinds of cases by which the public objects to an application, or (they hold) to a result; a report of misuse is none."""
    applications = {kind.key for kind in application_kinds(package)}
    kinds = (kind for kind in package.award.processes.values() if kind.public)
    return tuple(kind.key for kind in kinds if kind.parent in applications or kind.holds)


def holding_kinds(package: Package) -> tuple[str, ...]:
    """Return the kinds of cases that hold the case above while they are live: objections, and what the award says of."""
    return tuple(kind.key for kind in package.award.processes.values() if kind.holding)


def case_views(
    tx: Transaction,
    rows: Sequence[CaseRow],
    objecting: Sequence[str] = (),
    holding: Sequence[str] = (),
    below: Sequence[CaseRow] | None = None,
) -> list[ChildView]:
    """Return cases as children; where kinds ``objecting`` are named, each with its cases of them.

    How many are open counts those of the kinds ``holding``, objections among them: ``below``, where they were read already.
    """
    if below is None:
        below = tx.cases.select(parent_id=[r.id for r in rows], process=holding) if objecting and rows else []
    waiting = Counter(each.parent_id for each in below if each.status != "ended")
    lodged: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for each in below:
        if each.process not in objecting:
            continue
        lodged[each.parent_id].append({**each.facts, "id": each.id, "status": each.status, "outcome": each.outcome})
    bodies = tx.bodies.by_id([r.subject_id for r in rows if r.subject_id is not None])
    return [
        ChildView(
            r.id,
            r.process,
            r.title,
            r.number,
            r.status,
            r.outcome,
            {}
            if r.subject_id is None
            else {
                "id": r.subject_id,
                "name": bodies[r.subject_id].name,
                "key": bodies[r.subject_id].key,
            },
            {**r.facts, "open_objections": waiting[r.id], "objection_cases": lodged[r.id]} if objecting else r.facts,
        )
        for r in rows
    ]


def child_facts(child: ChildView) -> dict[str, Any]:
    """Return a child as barriers and lists see it: its facts and id, process, title, number, status, outcome, subject."""
    return {
        **child.facts,
        "id": child.id,
        "process": child.process,
        "title": child.title,
        "number": child.number,
        "status": child.status,
        "outcome": child.outcome,
        "subject": dict(child.subject),
    }


def valid_sheets(tx: Transaction, case_id: int, stage: str) -> list[SheetRow]:
    """Return the own sheets of a stage that count: the newest of each member who sent one."""
    rows = [s for s in tx.sheets.select(case_id=case_id, stage=stage) if s.state == "valid" and s.kind == "own"]
    return list({row.person_id: row for row in rows}.values())


def sheet_of(edition: Edition, row: SheetRow) -> Sheet:
    """Return a recorded sheet as the rules use it."""
    return Sheet(
        edition,
        {
            item: ItemScore(score.get("percent"), score.get("strengths") or "", score.get("improvements") or "")
            for item, score in row.scores.items()
        },
    )


def reviews_of(tx: Transaction, package: Package, case: CaseRow) -> dict[str, Any]:
    """Return every stage of a case by name: points, members, conflicts to decide, and the draft of a consensus.

    A stage holds ``group`` (where one panel serves several applications), ``points`` (number or null) and the ``full``
    marks, ``how``, ``divergent``, ``categories`` (name, points), ``members`` (name, leader, state), ``applicants`` (id, name) and
    ``consensus`` and ``opinion``, the first values of the leader's sheet and of the panel's opinion.
    """
    panels = tx.panels.of_case(case.id)
    members = tx.panel_members.select(panel_id=[p.id for p in panels])
    names = tx.people.named({m.person_id for m in members})
    results = {r.stage: r for r in tx.stage_scores.select(case_id=case.id)}
    return {
        p.stage: _build_stage(
            tx, package, case, p, [m for m in members if m.panel_id == p.id], names, results.get(p.stage)
        )
        for p in panels
    }


def choice_of_experts(tx: Transaction, jurisdiction: str) -> list[dict[str, str]]:
    """Return every expert who is not barred, as options of a form with their names: value is the person's row number."""
    rows = [row for row in tx.experts.select(jurisdiction=jurisdiction) if row.status == "active"]
    names = tx.people.named([row.person_id for row in rows])
    return [
        {
            "label": f"{names[row.person_id]}（{row.employer}；{'、'.join(row.sectors) or '综合'}）",
            "value": str(row.person_id),
            "name": names[row.person_id],
        }
        for row in rows
    ]


def _build_stage(
    tx: Transaction,
    package: Package,
    case: CaseRow,
    panel: PanelRow,
    members: Sequence[PanelMemberRow],
    names: dict[int, str],
    result: StageScoreRow | None,
) -> dict[str, Any]:
    bodies = tx.bodies.by_id(subjects_of_panel(tx, panel.id))
    rows = valid_sheets(tx, case.id, panel.stage)
    return {
        "stage": panel.stage,
        "panel": panel.id,
        "points": float(shown(result.points)) if result else None,
        "full": float(shown(result.details["full"])) if result and "full" in result.details else None,
        "how": result.how if result else None,
        "divergent": result.details.get("divergent", []) if result else [],
        "categories": _list_categories(package, rows, result),
        "members": [
            {
                "person": m.person_id,
                "name": names.get(m.person_id, ""),
                "leader": m.person_id == panel.leader_id,
                "state": m.state,
            }
            for m in members
        ],
        "applicants": [{"label": b.name, "value": str(b.id)} for b in bodies.values()],
        "ties": panel.settings.get("ties", []),
        "consensus": _build_consensus(
            package, rows, names, int((result.details if result else {}).get("divergence", 100))
        ),
        "opinion": _build_opinion(package, rows),
    }


def _list_categories(package: Package, rows: Sequence[SheetRow], result: StageScoreRow | None) -> list[dict[str, Any]]:
    """Return the categories that were scored, by name, with the points of each."""
    points = result.details.get("categories", {}) if result else {}
    named = package.edition(rows[0].edition).categories if rows else ()
    return [{"name": c.name, "points": float(shown(points[c.id]))} for c in named if c.id in points]


def _build_opinion(package: Package, rows: Sequence[SheetRow]) -> dict[str, Any]:
    """Return the first values of the panel's opinion: a row for each category, with all comments together."""
    named = package.edition(rows[0].edition).categories if rows else ()
    words = ("strengths", "improvements")
    return {"parts": [{"part": c.name, **{key: _join_category(rows, c, key) for key in words}} for c in named]}


def _join_category(rows: Sequence[SheetRow], category: Category, key: str) -> str | None:
    return _join_comments([(row.scores.get(item.id) or {}).get(key) for item in category.items for row in rows])


def _build_consensus(package: Package, rows: Sequence[SheetRow], names: dict[int, str], limit: int) -> dict[str, Any]:
    """Return the first values of a consensus sheet: the points of each, their median, all comments together."""
    if not rows:
        return {}
    edition = package.edition(rows[0].edition)
    return {field_of(item): _build_consensus_item(rows, names, item, limit) for item in edition.items}


def _build_consensus_item(rows: Sequence[SheetRow], names: dict[int, str], item: str, limit: int) -> dict[str, Any]:
    scores = [(names.get(row.person_id, ""), row.scores.get(item) or {}) for row in rows]
    percents = [int(s["percent"]) for _, s in scores if s.get("percent") is not None]
    return {
        "given": "；".join(f"{name} {s.get('percent')}%" for name, s in scores if s.get("percent") is not None),
        "percent": str(median_low(percents)) if percents else None,
        "strengths": _join_comments([s.get("strengths") for _, s in scores]),
        "improvements": _join_comments([s.get("improvements") for _, s in scores]),
        "divergent": bool(percents) and max(percents) - min(percents) > limit,
    }


def _join_comments(words: Sequence[object]) -> str | None:
    comments = dict.fromkeys(str(w).strip() for w in words if w and str(w).strip())
    return "\n".join(comments)[:2000] or None


class RecordScope(Mapping[str, Any]):
    """The names of processes/README.md "record scope", each read from the store on first use.

    ``case`` and ``param`` are always there; ``extra`` values (the token's variables, a list's
    row) win over everything else.
    """

    def __init__(
        self,
        tx: Transaction,
        package: Package,
        case: CaseRow,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._tx, self._package = tx, package
        self.read_anew(case)
        self._known.update(extra or {})
        self._readers = _readers_of(package, case.process)

    def read_anew(self, case: CaseRow) -> None:
        """Drop every value that was read, ``extra`` ones too; the case is ``case`` from now on."""
        self._case = case
        self._known: dict[str, Any] = {"case": case_facts(case), "param": case.parameters}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._read_name(name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._readers or (isinstance(name, str) and name in self["forms"])

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._known), **dict.fromkeys(self._readers), **dict.fromkeys(self["forms"])})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def with_extra(self, extra: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return this scope with ``extra`` names laid over it; what was read stays read."""
        return Overlay(extra, self)

    def forget(self, *names: str) -> None:
        """Drop the cached values of ``names`` and of every form; they are read again on next use."""
        keep = {"case", "param"}
        for name in [n for n in self._known if n in names or (n not in self._readers and n not in keep)]:
            del self._known[name]

    def _read_name(self, name: str) -> Any:
        if name in self._readers:
            return self._readers[name](self)
        submissions = self["forms"].get(name)
        if not submissions:
            raise KeyError(name)
        return submissions[-1]

    def _read_forms(self) -> dict[str, list[dict[str, Any]]]:
        forms_by_name: dict[str, list[dict[str, Any]]] = {}
        for row in self._tx.forms.of_case(self._case.id):
            forms_by_name.setdefault(row.form, []).append(
                {**row.data, "_at": row.at.isoformat(), "_body": row.body_id, "_element": row.element}
            )
        return forms_by_name

    def _read_opinions(self) -> list[dict[str, Any]]:
        bodies = {b.id: b for b in self._tx.bodies.list_active(self._case.jurisdiction) if b.kind == "department"}
        return [
            {
                **item,
                "form": form,
                "department": bodies[item["_body"]].key,
                "department_name": bodies[item["_body"]].name,
            }
            for form, items in self["forms"].items()
            for item in items
            if item["_body"] in bodies
        ]

    def _read_findings(self) -> list[dict[str, Any]]:
        clause = self._package.law.clause
        return [
            {
                "ground": f.ground,
                "result": f.result,
                "text": f.text,
                "clauses": list(f.clauses),
                "article": "、".join(dict.fromkeys(clause(c).article for c in f.clauses)),
                "decided_by": f.decided_by,
                "supplied_by": f.supplied_by,
                **f.details,
            }
            for f in self._tx.findings.select(case_id=self._case.id, current=True)
        ]

    def _read_notices(self) -> list[dict[str, Any]]:
        return [
            {
                "id": n.id,
                "kind": n.kind,
                "title": n.title,
                "state": n.state,
                "first_day": n.first_day.isoformat(),
                "last_day": n.last_day.isoformat(),
                "objections": n.objections,
            }
            for n in self._tx.notices.select(case_id=self._case.id)
        ]

    def _read_documents(self) -> list[dict[str, Any]]:
        return [
            {
                "id": d.id,
                "template": d.template,
                "title": d.title,
                "number": d.content.get("number"),
                "issued_at": d.issued_at.isoformat(),
            }
            for d in self._tx.documents.select(case_id=self._case.id)
        ]

    def _read_children(self) -> list[dict[str, Any]]:
        children, package = self._tx.cases.select(parent_id=self._case.id), self._package
        return self._list_children(children, objection_kinds(package), holding_kinds(package))

    def _read_siblings(self) -> list[dict[str, Any]]:
        self._tx.turns.count_beside(self._case)
        if self._case.parent_id is None:
            return self._list_children(self._select_rounds(self._case))
        return self._list_children(self._tx.cases.select(parent_id=self._case.parent_id, process=self._case.process))

    def _read_cases_beside(self) -> list[dict[str, Any]]:
        if self._case.parent_id is None:
            return []
        self._tx.turns.count_beside(self._case)
        rows = self._tx.cases.select(parent_id=self._case.parent_id)
        if self._case.subject_id is None:
            rows += self._select_below_other_rounds(self._tx.cases.get(self._case.parent_id))
        return self._list_children(rows)

    def _select_below_other_rounds(self, above: CaseRow) -> list[CaseRow]:
        """Return what lies below the other rounds and concerns no organisation: what was found there counts in each."""
        if above.parent_id is not None:
            return []
        rounds = self._select_rounds(above)
        return self._tx.cases.select(parent_id=[r.id for r in rounds if r.id != above.id], subject_id=None)

    def _select_rounds(self, one: CaseRow) -> list[CaseRow]:
        return self._tx.cases.select(
            parent_id=None, jurisdiction=one.jurisdiction, award=one.award, process=one.process
        )

    def _read_all_rounds(self) -> list[dict[str, Any]]:
        top = self._case
        while top.parent_id is not None:
            top = self._get_case_above(top.parent_id)
        return [child_facts(c) for c in case_views(self._tx, self._select_rounds(top))]

    def _list_children(
        self, rows: Sequence[CaseRow], objecting: Sequence[str] = (), holding: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        others = [row for row in rows if row.id != self._case.id]
        return [child_facts(c) for c in case_views(self._tx, others, objecting, holding)]

    def _get_case_above(self, case_id: int) -> CaseRow:
        return self._tx.cases.get(case_id)

    def _read_register(self) -> Mapping[str, Any]:
        tx, case, subjects = self._tx, self._case, subject_ids(self._case)
        register = LazyScope(register_of(tx, subjects, case) if subjects else conferred_in(tx, case))
        if subjects:
            kinds = [kind.key for kind in application_kinds(self._package)]
            register.read("applications", lambda: running_applications(tx, case, kinds))
        else:
            register.read("sanctions", lambda: sanctions_below(tx, case))
        return register

    def _read_subject(self) -> dict[str, Any] | None:
        if self._case.subject_id is None:
            return None
        body = self._tx.bodies.get(self._case.subject_id)
        return {
            **body.details,
            "id": body.id,
            "key": body.key,
            "kind": str(body.kind),
            "name": body.name,
            "name_en": body.name_en,
        }

    def _read_parties(self) -> dict[str, Any]:
        bound = self._tx.cases.parties(self._case.id)
        return {
            role: {"key": bodies[0].key, "name": bodies[0].name, "name_en": bodies[0].name_en}
            for role, bodies in bound.items()
        }

    def _read_bodies(self) -> list[dict[str, Any]]:
        place = self._package.jurisdiction
        numbers = {row.key: row.id for row in self._tx.bodies.list_active(self._case.jurisdiction)}
        people = self._tx.people.by_logins(logins_of(place.bodies))
        return [
            {
                "id": numbers.get(b.id),
                "key": b.id,
                "name": b.name,
                "name_en": b.name_en,
                "kind": str(b.kind),
                "roles": list(b.roles),
                "members": members_of(b, people),
            }
            for b in place.bodies
        ]

    def _read_tiers(self) -> list[dict[str, Any]]:
        return [{"id": t.id, "name": t.name, "name_en": t.name_en} for t in self._package.award.tiers]

    def _read_reviews(self) -> dict[str, Any]:
        return reviews_of(self._tx, self._package, self._case)

    def _read_experts(self) -> list[dict[str, str]]:
        return choice_of_experts(self._tx, self._case.jurisdiction)

    def _read_parent(self) -> dict[str, Any] | None:
        if self._case.parent_id is None:
            return None
        return case_facts(self._get_case_above(self._case.parent_id))

    def _read_grandparent(self) -> dict[str, Any] | None:
        parent = self._get_case_above(self._case.parent_id) if self._case.parent_id is not None else None
        if parent is None or parent.parent_id is None:
            return None
        return case_facts(self._get_case_above(parent.parent_id))


_Readers = Mapping[str, Callable[[RecordScope], Any]]

_READERS: _Readers = {
    "forms": RecordScope._read_forms,
    "opinions": RecordScope._read_opinions,
    "findings": RecordScope._read_findings,
    "notices": RecordScope._read_notices,
    "documents": RecordScope._read_documents,
    "children": RecordScope._read_children,
    "siblings": RecordScope._read_siblings,
    "beside": RecordScope._read_cases_beside,
    "all_rounds": RecordScope._read_all_rounds,
    "register": RecordScope._read_register,
    "subject": RecordScope._read_subject,
    "parties": RecordScope._read_parties,
    "reviews": RecordScope._read_reviews,
    "experts": RecordScope._read_experts,
    "bodies": RecordScope._read_bodies,
    "tiers": RecordScope._read_tiers,
}
"""What reads each name; not bound to a scope, which would hold itself by them and wait for the collector of garbage."""


def _readers_of(package: Package, process: str) -> _Readers:
    """Return what reads the names in a kind of case, those of the cases above it included."""
    return package.derived(("readers of names", process), lambda: _with_those_above(package, process))


def _with_those_above(package: Package, process: str) -> _Readers:
    parent = package.award.processes[process].parent
    above = package.award.processes[parent].parent if parent else None
    readers: _Readers = {**_READERS, **({parent: RecordScope._read_parent} if parent else {})}
    return {**readers, above: readers.get(above, RecordScope._read_grandparent)} if above else readers
