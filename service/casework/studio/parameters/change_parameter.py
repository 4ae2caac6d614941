"""Add, change and remove parameters of a draft: proposed with what follows, then written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import DraftTree, extend_draft_tree, hash_of, tree_for_entry, tree_of
from service.casework.studio.drafts.save_file import FileChange, save_file, text_of
from service.casework.studio.parameters.view_parameters import parameter_of
from service.catalog import Basis, Package, Parameter, Unit
from service.catalog.coverage.parameter_readers import is_interpreted
from service.catalog.differences.differences import FileDifference, file_difference
from service.catalog.made_id import made_id
from service.catalog.parameters.parameter_entries import (
    add_parameter,
    change_parameter,
    dated_values,
    is_exact,
    remove_parameter,
    set_value,
)
from service.catalog.parameters.parameters import DatedValue
from service.catalog.parameters.units import in_shares
from service.catalog.settings.settings import read_value, why_unlawful
from service.catalog.source.freeze import thaw
from service.catalog.uses.piece_users import PieceUser, reading_place, users_of_parameters
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.domain.wording.numbers import counted
from service.store import Transaction


class ParameterRefused(Invalid):
    """What was typed of a parameter is refused; ``field`` is the one of `TypedParameter` to change.

    ``others`` are further fields that are refused too, each with its own message.
    """

    def __init__(self, message: Text, field: str, others: Sequence[ParameterRefused] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.others = tuple(others)


def unit_of(typed: str) -> Unit:
    """Return a unit; raises Invalid for none."""
    try:
        return Unit(typed)
    except ValueError:
        raise Invalid(Text("请选择单位。", "Choose a unit.")) from None


def require_name(name: str) -> str:
    """Return a name without blanks around it; raises Invalid where there is none."""
    if not name.strip():
        raise Invalid(Text("请填写参数名称。", "Enter the name of the parameter."))
    return name.strip()


def id_of(package: Package, name: str) -> str:
    """Return an id for a parameter called ``name`` that ``package`` has not; raises Invalid for no name."""
    return made_id(require_name(name), package.award.parameters, "parameter")


def value_of(ident: str, name: str, unit: Unit, typed: str, choices: Sequence[str] = ()) -> Any:
    """Return the value that was typed of a new parameter; raises Invalid for what the unit does not allow."""
    return read_value(Parameter(ident, Text(name, name), unit, Basis.STATED, (), (), choices=tuple(choices)), typed)


def day_typed(typed: str) -> date | None:
    """Return the day that was typed, None for none; raises ParameterRefused for what is no day."""
    if not typed.strip():
        return None
    try:
        return read_day(typed)
    except ValueError:
        raise ParameterRefused(
            Text(f"“{typed}”不是日期，请写成例如 2027-01-01。", f"“{typed}” is no day: write it like 2027-01-01."),
            "since",
        ) from None


def require_readable(tree: DraftTree, changed: Package, path: str) -> None:
    """Raise Invalid with the first thing that cannot be read now and could before."""
    old_problems = set(tree.package.problems)
    fresh = next((p for p in changed.problems if p.file == path and p not in old_problems), None)
    if fresh is not None:
        raise Invalid(Text(f"{fresh.message.zh}{fresh.remedy.zh}", f"{fresh.message.en} {fresh.remedy.en}"))


def require_lawful(package: Package, old: Parameter | None, parameter: Parameter) -> None:
    """Raise Invalid unless the law allows every value.

    What was written before tells what is usual, and no value that another one has followed is in the way: what an
    amendment shortens from a day on was longer before.
    """
    judged = replace(parameter, values=(*old.values, *parameter.values)) if old else parameter
    refusals = (why_unlawful(package, judged, thaw(dated.value)) for dated in _list_judged_values(old, parameter))
    refusal = next((message for message in refusals if message is not None), None)
    if refusal is not None:
        raise ParameterRefused(refusal, "value")


def _list_judged_values(old: Parameter | None, parameter: Parameter) -> list[DatedValue]:
    """Return the values that a change makes, and the last one; with other bounds all that today's wording judges."""
    if old is None or (old.minimum, old.maximum) != (parameter.minimum, parameter.maximum):
        return list(parameter.judged)
    return [dated for dated in parameter.judged if dated not in old.values or dated is parameter.values[-1]]


_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class TypedParameter:
    """A parameter as typed: every field a text; ``id`` "" of a new one is made from the name.

    ``since`` "" replaces the value, a day lets it hold from then on.
    """

    id: str
    name: str = ""
    unit: str = ""
    clauses: str = ""
    source: str = "stated"
    value: str = ""
    since: str = ""
    minimum: str = ""
    maximum: str = ""
    choices: str = ""
    question: str = ""
    name_en: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ParameterProposal:
    """What would be written of parameter ``id``; ``difference`` is None where nothing changes.

    ``readers`` are the places that read it, ``by_program`` whether the program itself does besides; ``running`` cases of
    the award keep the value that they began with.
    """

    id: str
    change: FileChange
    readers: tuple[PieceUser, ...]
    by_program: bool
    running: int
    difference: FileDifference | None
    before: Package
    after: Package


@guarded("draft.edit")
def propose_parameter(
    desk: Desk, actor: Actor, draft: int, typed: TypedParameter, new: bool = False, opened: int | None = None
) -> ParameterProposal:
    """Return what writing ``typed`` changes; raises Invalid, with the article, for a value that the law does not allow."""
    with desk.store.read() as tx:
        return _propose_change(desk, tx, actor, draft, typed, new, opened)


@guarded("draft.edit")
def save_parameter(
    desk: Desk, actor: Actor, draft: int, typed: TypedParameter, new: bool = False, opened: int | None = None
) -> str:
    """Write ``typed``, shown at revision ``opened``, into parameters.yaml and return its id; other entries keep their bytes.

    Raises as `propose_parameter`, and DraftConflict as `save_file`.
    """
    with desk.store.read() as tx:
        proposal = _propose_change(desk, tx, actor, draft, typed, new, opened)
    change = proposal.change
    base = hash_of(change.before.encode() or None)
    save_file(desk, actor, draft, change.path, change.after.encode(), base, f"参数 {proposal.id}")
    return proposal.id


@guarded("draft.edit")
def drop_parameter(desk: Desk, actor: Actor, draft: int, ident: str, opened: int | None = None) -> None:
    """Remove parameter ``ident`` as shown at revision ``opened``.

    Raises Conflict, naming the places, where something reads it, and DraftConflict as `save_file`.
    """
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        opened_tree = tree_for_entry(desk, tx, draft, opened, lambda tree: tree.package.award.parameters.get(ident))
    name = parameter_of(tree.package, ident).text
    readers = [reading_place(tree.package, user) for user in users_of_parameters(tree.package).get(ident, ())]
    if readers:
        more = f"等{len(readers)}处" if len(readers) > _MOST_NAMED else ""
        raise Conflict(
            Text(
                f"参数“{name.zh}”正在使用，不能移除：{'；'.join(readers[:_MOST_NAMED])}{more}。",
                f"Parameter “{name.en}” is read in {counted(len(readers), 'place')} and cannot be removed: {'; '.join(readers[:_MOST_NAMED])}.",
            )
        )
    path = tree.package.parameters_file
    after = remove_parameter(text_of(opened_tree, path), ident)
    save_file(desk, actor, draft, path, after.encode(), hash_of(opened_tree.opened(path)), f"移除参数 {ident}")


def _propose_change(
    desk: Desk, tx: Transaction, actor: Actor, draft: int, typed: TypedParameter, new: bool, opened: int | None
) -> ParameterProposal:
    row = open_for_change(desk, tx, actor, draft)
    tree = tree_for_entry(desk, tx, draft, opened, lambda tree: tree.package.award.parameters.get(typed.id))
    if new and not typed.id:
        typed = replace(typed, id=id_of(tree.package, typed.name))
    old = None if new else parameter_of(tree.package, typed.id)
    path = tree.package.parameters_file
    before = text_of(tree, path)
    after = _write_parameter(before, tree.package, old, typed)
    changed = extend_draft_tree(desk, row.package, tree, {**tree.files, path: after.encode()}).package
    require_readable(tree, changed, path)
    parameter = parameter_of(changed, typed.id)
    require_lawful(changed, old, parameter)
    place, award = tree.package.jurisdiction.id, tree.package.award.id
    return ParameterProposal(
        typed.id,
        FileChange(path, before, after),
        users_of_parameters(tree.package).get(parameter.id, ()),
        is_interpreted(parameter),
        tx.cases.count_rows(jurisdiction=place, award=award, status__ne="ended"),
        file_difference(path, before.encode(), after.encode(), changed.award.parameter_names),
        tree.package,
        changed,
    )


def _write_parameter(text: str, package: Package, old: Parameter | None, typed: TypedParameter) -> str:
    """Return parameters.yaml with what was typed; keys that say what stood there already are left alone."""
    clauses = typed.clauses.replace("，", " ").replace(",", " ").replace("、", " ").split()
    unknown = next((clause for clause in clauses if clause not in package.law.clauses), None)
    if unknown:
        raise Invalid(Text(f"条款登记中没有“{unknown}”。", f"The register has no clause “{unknown}”."))
    unit, choices = unit_of(typed.unit), typed.choices.split()
    _require_fields(old, typed, unit, choices)
    if old is None:
        value = value_of(typed.id, typed.name, unit, typed.value, choices)
        fields: dict[str, Any] = {
            "name": require_name(typed.name),
            "name_en": (typed.name_en or "").strip() or None,
            "key": (typed.key or "").strip() or None,
            "unit": unit.value,
            "clauses": clauses,
            "source": typed.source,
            "minimum": _read_bound(typed.id, typed.name, unit, typed.minimum),
            "maximum": _read_bound(typed.id, typed.name, unit, typed.maximum),
            "choices": choices or None,
            "question": typed.question.strip() or None,
            "value": value,
        }
        if (since := day_typed(typed.since)) is not None:
            fields |= {"value": None, "values": dated_values(value, since)}
        return add_parameter(text, typed.id, fields)
    shares = in_shares(old, typed.value)
    if shares is not old:
        old, text = shares, change_parameter(text, old.id, {"unit": shares.unit.value})
    value = read_value(old, typed.value)
    if is_exact(text, old.id):
        _require_exact(package, old, typed, value)
    return _change_text(text, old, typed, clauses, value)


def _require_fields(old: Parameter | None, typed: TypedParameter, unit: Unit, choices: Sequence[str]) -> None:
    """Raise ParameterRefused with every field that cannot be read, the first of them named."""
    refusals: list[ParameterRefused] = []

    def collect(field: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Invalid as error:
            refusals.append(ParameterRefused(error.message, field))
            return None

    if old is None:
        collect("value", lambda: value_of(typed.id, typed.name, unit, typed.value, choices))
    else:
        collect("value", lambda: read_value(in_shares(old, typed.value), typed.value))
    collect("since", lambda: day_typed(typed.since))
    low = collect("minimum", lambda: _read_side(old, typed, unit, "minimum", typed.minimum))
    high = collect("maximum", lambda: _read_side(old, typed, unit, "maximum", typed.maximum))
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        message = Text("下限大于上限，请改正其中一个。", "The minimum is above the maximum: correct one.")
        refusals.append(ParameterRefused(message, "minimum"))
    if refusals:
        first, *others = refusals
        raise ParameterRefused(first.message, first.field, others)


def _change_text(text: str, old: Parameter, typed: TypedParameter, clauses: list[str], value: Any) -> str:
    fields: dict[str, Any] = {}
    _add_if_different(fields, "name", typed.name.strip(), old.name)
    if typed.name_en is not None:
        _add_if_different(
            fields, "name_en", typed.name_en.strip() or None, old.name_en if old.name_en != old.name else None
        )
    if typed.key is not None:
        _add_if_different(fields, "key", typed.key.strip() or None, old.key or None)
    _add_if_different(fields, "clauses", clauses, list(old.clauses))
    _add_if_different(fields, "source", typed.source, old.source.value)
    _add_if_different(fields, "question", typed.question.strip() or None, old.question or None)
    low, high = _read_bounds(old, typed)
    exact = old.minimum is not None and old.minimum == old.maximum and is_exact(text, old.id)
    if exact and low == high:
        low, high = old.minimum, old.maximum  # one key says value and bounds; it follows the value
    _add_if_different(fields, "minimum", low, old.minimum)
    _add_if_different(fields, "maximum", high, old.maximum)
    if exact and {"minimum", "maximum"} & fields.keys():
        fields = {**fields, "minimum": low, "maximum": high, "exactly": None, "value": thaw(old.values[-1].value)}
    text = change_parameter(text, old.id, fields) if fields else text
    since = day_typed(typed.since)
    has_new_exact = (
        exact and since is not None and _read_bounds(old, typed) == (value, value)
    )  # the law says another number from a day on
    if since is not None or value != thaw(old.values[-1].value):
        text = set_value(text, old.id, value, since, amended=has_new_exact)
    if has_new_exact and not is_exact(text, old.id):
        text = change_parameter(text, old.id, {"minimum": value, "maximum": value})
    return text


def _require_exact(package: Package, old: Parameter, typed: TypedParameter, value: Any) -> None:
    """Raise Invalid for another value where the law says exactly one, unless both bounds are typed anew as that value."""
    bounds = set(_read_bounds(old, typed))
    if bounds != {value} and (refusal := why_unlawful(package, old, value)) is not None:
        raise ParameterRefused(refusal, "value")
    if len(bounds) == 1 and bounds.isdisjoint({None, value}):
        raise ParameterRefused(
            Text(
                f"“{old.name}”的取值、下限和上限须是同一个数：条文只写了一个数。请把三处填成一样。",
                f"The value, minimum and maximum of “{old.text.en}” are one number, as the law says one: enter it in all three.",
            ),
            "value",
        )


def _add_if_different(fields: dict[str, Any], key: str, wanted: Any, stands: Any) -> None:
    if wanted != stands:
        fields[key] = wanted


def _read_bounds(old: Parameter, typed: TypedParameter) -> tuple[Any, Any]:
    """Return the least and the most that were typed."""
    return (
        _read_side(old, typed, old.unit, "minimum", typed.minimum),
        _read_side(old, typed, old.unit, "maximum", typed.maximum),
    )


def _read_side(old: Parameter | None, typed: TypedParameter, unit: Unit, side: str, typed_bound: str) -> Any:
    """Return a bound that was typed; one that was left as it is shown stays what it is."""
    if old is None:
        return _read_bound(typed.id, typed.name, unit, typed_bound)
    if typed_bound.strip() == build_parameter_fields(old, "")[side]:
        return getattr(old, side)
    return _read_bound(old.id, old.name, unit, typed_bound)


def _read_bound(ident: str, name: str, unit: Unit, typed: str) -> Any:
    """Return a bound: a share or threshold of what is one, else a number, also of how many items."""
    counted = unit if unit in (Unit.FRACTION, Unit.TEXT) else Unit.COUNT
    return value_of(ident, name, counted, typed) if typed.strip() else None


def build_parameter_fields(parameter: Parameter, value: str) -> Mapping[str, str]:
    """Return the fields of the form for a parameter as it stands; ``value`` is its last value as typed."""
    return {
        "name": parameter.name,
        "name_en": parameter.name_en if parameter.name_en != parameter.name else "",
        "key": parameter.key,
        "unit": parameter.unit.value,
        "clauses": " ".join(parameter.clauses),
        "source": parameter.source.value,
        "value": value,
        "since": "",
        "minimum": "" if parameter.minimum is None else str(parameter.minimum),
        "maximum": "" if parameter.maximum is None else str(parameter.maximum),
        "choices": " ".join(str(choice) for choice in parameter.choices),
        "question": parameter.question,
    }
