"""The words that are to go: what people typed into personal or secret fields of a case, wherever they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.archives.gather import Masks
from service.casework.desk.desk import Desk
from service.casework.subjects.case_subjects import INDIVIDUAL, ORGANISATION
from service.domain.errors import LaurelError
from service.domain.forms import FieldInfo
from service.domain.proof.audit_chain import ERASED
from service.domain.retention import INTERNAL, PERSONAL, SECRET
from service.domain.values.value_at import texts_at
from service.store import Transaction
from service.store.models import BodyRow, CaseRow

_SHORTEST, _SHORTEST_NUMBER = 2, 5
"""Shorter ones stand everywhere without meaning a person; they go from their own field alone."""

_SHORTEST_ABOVE = 3
"""Shorter ones drop no document of a case above, unless they were typed where a person is named."""

_ORDINARY = frozenset(
    (
        *(
            "没有",
            "暂无",
            "不详",
            "未知",
            "未填",
            "保密",
            "其他",
            "其它",
            "同上",
            "同前",
            "略过",
            "无此项",
            "不适用",
            "不公开",
        ),
        *(
            "见附件",
            "详见附件",
            "见材料",
            "已提交",
            "已补充",
            "不清楚",
            "不知道",
            "可以",
            "同意",
            "不同意",
            "汉族",
            "中国",
        ),
        *(
            "本人",
            "本单位",
            "本公司",
            "我单位",
            "我公司",
            "员工",
            "职工",
            "先生",
            "女士",
            "法人",
            "经理",
            "总经理",
            "董事长",
        ),
        *("主任", "科长", "处长", "局长", "none", "None", "unknown", "yes", "Yes", "no", "No"),
    )
)
"""Answers that tell of nobody; they go from their own field alone."""


@dataclass(frozen=True, slots=True)
class ErasedWords:
    """What goes by value (``masks``), and by its place in the forms (``paths`` by form; None: all of a form).

    A document of the case goes where one of ``own`` stands in it, one of a case above where one of ``above`` does.
    """

    masks: Masks
    own: Masks
    above: Masks
    paths: Mapping[str, Collection[str] | None]

    def blank(self, form: str, data: Any) -> Any:
        """Return the values of a form without those of its fields that go."""
        paths = self.paths.get(form, ())
        if paths is None:
            return {}
        for path in paths:
            data = _remove_at_path(data, path.replace("[]", "").split("."))
        return data


def words_of(desk: Desk, tx: Transaction, case: CaseRow, root: CaseRow, parts: Collection[str]) -> ErasedWords:
    """Return the words of a case that go with these classes of data.

    What is also part of the name of an organisation or authority stays, as that is public, and so does what the award's
    own forms, diagrams and documents say: such a word tells of nobody.
    """
    fields = _Fields(desk, tx, case, parts)
    paths: dict[str, set[str] | None] = {}
    values, persons = set[str](), set[str]()
    for row in tx.forms.of_case(case.id, taken_back=True):
        going = fields.of(row.form)
        paths[row.form] = None if going is None else {info.path for info in going}
        for info in going or ():
            typed = {text.strip() for text in texts_at(row.data, info.path)}
            values |= typed
            persons |= typed if info.person else set()
    if PERSONAL in parts:
        persons |= {word for body in individuals_of(tx, case) for word in (body.name, body.key)}
    files = uploads_of(tx, case, parts)
    uploads, named = {ident for ident, *_ in files}, {name for _, name, _, _ in files}
    package = desk.packages.get(case.definition, tx)
    names = [body.name for body in tx.cases.bodies_in_tree(root.id, ORGANISATION)]
    names += [body.name for body in package.jurisdiction.bodies]
    public = "\n".join((*names, *(whole.decode(errors="ignore") for whole in package.files.values())))

    def select_telling(words: Iterable[str]) -> set[str]:
        return {word for word in words if _is_long_enough(word) and word not in public} - _ORDINARY - {ERASED}

    typed = values | persons
    lines = select_telling(_collect_lines(typed | named) - uploads)
    above = {
        line
        for line in select_telling(_collect_lines(typed) - uploads)
        if len(line) >= _SHORTEST_ABOVE or line in persons
    }
    masks = Masks([], select_telling((typed | named) - uploads), shown=lambda _: ERASED)
    return ErasedWords(masks, Masks([], lines), Masks([], above), paths)


class _Fields:
    """The fields that go, by form: of every version under which the case ran."""

    def __init__(self, desk: Desk, tx: Transaction, case: CaseRow, parts: Collection[str]) -> None:
        self._desk, self._tx, self._parts = desk, tx, parts
        self._versions = dict.fromkeys((case.definition, *sorted(tx.moves.pick("from_version", case_id=case.id))))

    def of(self, form: str) -> list[FieldInfo] | None:
        """Return the fields of a form that go; None where no version has the form any more, so that all of it goes."""
        field_lists = list(self._iterate_field_lists(form))
        if not field_lists:
            return None if PERSONAL in self._parts or SECRET in self._parts else []
        return [info for fields in field_lists for info in fields if self._is_to_erase(info)]

    def _iterate_field_lists(self, form: str) -> Iterator[Sequence[FieldInfo]]:
        for version in self._versions:
            try:
                yield self._desk.packages.form(self._desk.packages.get(version, self._tx), form).fields()
            except LaurelError:
                continue  # this version has no such form

    def _is_to_erase(self, info: FieldInfo) -> bool:
        return (info.personal and PERSONAL in self._parts) or (info.secret is not None and SECRET in self._parts)


def _collect_lines(values: Iterable[str]) -> set[str]:
    return {line.strip() for value in values for line in value.splitlines()}


def individuals_of(tx: Transaction, case: CaseRow) -> list[BodyRow]:
    """Return the individuals that take part in a case and are not on the register, where their names are public."""
    bodies = {body.id: body for party_bodies in tx.cases.parties(case.id).values() for body in party_bodies}
    if case.subject_id is not None:
        bodies[case.subject_id] = tx.bodies.get(case.subject_id)
    people = [body for body in bodies.values() if body.kind == INDIVIDUAL]
    return [body for body in people if not tx.awards.list_of_body(body.id) and not tx.sanctions.select(body_id=body.id)]


def uploads_of(tx: Transaction, case: CaseRow, parts: Collection[str]) -> Sequence[tuple[str, str, str, str | None]]:
    """Return id, name, SHA-256 and secret of the uploads that go: all with personal data, marked ones with secrets.

    Those that were never submitted go with the drafts.
    """
    uploads, unsent = tx.erasures.uploads(case.id), tx.erasures.unsent_uploads(case.id)
    if PERSONAL in parts or INTERNAL in parts:
        return [*uploads, *unsent]
    return [*(upload for upload in uploads if upload[3] is not None), *unsent] if SECRET in parts else []


def _is_long_enough(value: str) -> bool:
    return len(value) >= (_SHORTEST_NUMBER if value.isdigit() else _SHORTEST)


def _remove_at_path(value: Any, path: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_remove_at_path(row, path) for row in value] if path else []
    if not path or not isinstance(value, Mapping):
        return None
    return {name: _remove_at_path(inner, path[1:]) if name == path[0] else inner for name, inner in value.items()}
