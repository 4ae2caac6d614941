"""The names of the record scope that every case has, and what their rows hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from service.catalog.forms.forms import parse_form
from service.catalog.formula_names.names import FormulaName
from service.catalog.package import Package
from service.catalog.source.newest import by_file, of_newest
from service.domain.errors import LaurelError
from service.domain.feel.spans import Span
from service.domain.forms import compile_form
from service.domain.forms.describe import variable_types
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows, key_of, same_object
from service.domain.text import Text


def _build_name(name: str, kind: str, zh: str, en: str, *entries: FormulaName) -> FormulaName:
    return FormulaName(name, kind, Text(zh, en), entries)


_IDENT, _ROW = (
    _build_name("id", "string", "编号", "id"),
    _build_name("id", "number", "内部号", "the number inside the program"),
)
_NAMED = (
    _build_name("name", "string", "名称", "name"),
    _build_name("name_en", "string", "英文名称", "name in English"),
)
CASE_NAMES = (
    _build_name("id", "number", "办件内部号", "the case's number inside the program"),
    _build_name("number", "string", "编号", "its number, once it has one"),
    _build_name("title", "string", "标题", "title"),
    _build_name("process", "string", "办件种类", "kind of case"),
    _build_name("status", "string", "状态：running、ended 等", "running, ended and the like"),
    _build_name("outcome", "string", "结果", "outcome"),
    _build_name("started_at", "string", "开始时刻", "when it began"),
)
SUBMISSION_NAMES = (
    _build_name("_at", "string", "提交时刻", "when it was submitted"),
    _build_name("_body", "number", "提交单位的内部号", "the body that submitted it"),
    _build_name("_element", "string", "提交环节", "the step at which it was submitted"),
)
_RESULTS = (
    ("met", Text("符合", "met")), ("not_met", Text("不符合", "not met")), ("unknown", Text("未知", "unknown")),
)  # fmt: skip
_FINDING = (
    _build_name("ground", "string", "条件的编号", "the ground's id"),
    FormulaName(
        "result", "string", Text("met 符合、not_met 不符合、unknown 未知", "met, not_met or unknown"), choices=_RESULTS
    ),
    _build_name("text", "string", "认定的文字", "the finding in words"),
    _build_name("clauses", "list", "依据的条款", "the clauses it rests on"),
    _build_name("article", "string", "依据的条文", "the article"),
    _build_name("decided_by", "string", "由谁判断", "who decides"),
    _build_name("supplied_by", "string", "由谁补充", "who supplies what is missing"),
    _build_name("unknown", "list", "还缺的材料", "what is not known yet"), _build_name("evidence", "list", "佐证", "evidence"),
)  # fmt: skip
_NOTICE = (
    _build_name("id", "number", "编号", "id"), _build_name("kind", "string", "公示的种类", "kind of notice"),
    _build_name("title", "string", "标题", "title"), _build_name("state", "string", "状态", "state"),
    _build_name("first_day", "string", "首日", "first day"), _build_name("last_day", "string", "末日", "last day"),
    _build_name("objections", "number", "收到异议的件数", "how many objections came in"),
)  # fmt: skip
_DOCUMENT = (
    _build_name("id", "number", "编号", "id"), _build_name("template", "string", "文书模板", "template"),
    _build_name("title", "string", "标题", "title"), _build_name("number", "string", "文号", "number"),
    _build_name("issued_at", "string", "制发时刻", "when it was issued"),
)  # fmt: skip
_AWARD = (
    _build_name("id", "number", "编号", "id"), _build_name("award", "string", "奖项", "award"), _build_name("tier", "string", "类别", "tier"),
    _build_name("round", "number", "届次或年份", "round"), _build_name("decided_on", "string", "批准之日", "day of decision"),
    _build_name("revoked_on", "string", "撤销之日", "day of revocation"), _build_name("number", "string", "证书号", "number"),
    _build_name("details", "context", "其他记载", "what else is on record"), _build_name("holder", "string", "获奖组织", "holder"),
    _build_name("winner", "string", "授予时的名称，括号内为现在的", "its name when awarded, the present one in brackets"),
    _build_name("rounds_since", "number", "获奖以后到本届（含）有几届", "rounds since, this one included"),
    _build_name("rounds_since_revoked", "number", "撤销以后到本届（含）有几届", "rounds since the revocation, this one included"),
)  # fmt: skip
_SANCTION = (
    _build_name("ground", "string", "事由", "ground"), _build_name("effect", "string", "效果：ban 为不得申报", "effect; ban: may not apply"),
    _build_name("decided_on", "string", "决定之日", "day of decision"), _build_name("from_day", "string", "起始日", "first day"),
    _build_name("last_day", "string", "终止日", "last day"), _build_name("holder", "string", "对象", "whom it concerns"),
    _build_name("titles", "list", "受处理的组织持有或者持有过的奖项编号", "awards that the sanctioned organisation holds or held"),
    _build_name("application", "number", "届次中：所关的下级办件", "in a round: the case below that it concerns"),
)  # fmt: skip
_ON_RECORD = (
    _build_name("awards", "list", "获奖记录", "awards", *_AWARD), _build_name("sanctions", "list", "限制记录", "bars", *_SANCTION),
)  # fmt: skip
_RELATED = (
    *CASE_NAMES,
    _build_name("open_objections", "number", "在办的异议件数", "objections that are still open"),
    _build_name("objection_cases", "list", "提出过的异议件", "objections ever lodged",
        _build_name("id", "number", "编号", "id"), _build_name("status", "string", "状态", "status"), _build_name("outcome", "string", "结果", "outcome")),
)  # fmt: skip
RECORD_NAMES = (
    _build_name("forms", "context", "各表单的全部提交，先交的在前", "all submissions of each form, oldest first"),
    _build_name("findings", "list", "条件的认定", "findings on the grounds", *_FINDING),
    _build_name("notices", "list", "本办件的公示", "notices of this case", *_NOTICE),
    _build_name("opinions", "list", "各部门提交的意见", "what departments submitted",
        _build_name("form", "string", "表单", "form"), _build_name("department", "string", "部门", "department"),
        _build_name("department_name", "string", "部门名称", "the department's name"), *SUBMISSION_NAMES),
    _build_name("documents", "list", "制发的文书", "documents issued", *_DOCUMENT),
    _build_name("children", "list", "下级办件", "cases below this one", *_RELATED),
    _build_name("siblings", "list", "同级的同种办件", "other cases of this kind beside it", *_RELATED),
    _build_name("beside", "list", "同级的其他办件", "other cases beside it", *_RELATED),
    _build_name("all_rounds", "list", "本奖项的各届，先办的在前", "the rounds of the award, oldest first", *_RELATED),
    _build_name("register", "context", "登记在册的奖项和限制", "awards and bars on record",
        *_ON_RECORD, _build_name("doubtful", "list", "有待核对的记录", "records in doubt"),
        _build_name("applications", "list", "该组织另外在办的申报", "other live applications of the organisation",
            _build_name("id", "number", "办件号", "id"), _build_name("number", "string", "编号", "number"), _build_name("round", "string", "届次", "round")),
        _build_name("above", "context", "上级单位、所在单位的记录", "of the parent or the employer", *_ON_RECORD)),
    _build_name("subject", "context", "办件所关的组织或个人", "whom the case is about", _ROW, *_NAMED,
        _build_name("key", "string", "统一社会信用代码", "credit code"), _build_name("kind", "string", "种类", "kind"),
        _build_name("former_names", "list", "曾用名", "former names")),
    _build_name("parties", "context", "按角色的当事单位", "the bodies bound to the case, by role"),
    _build_name("reviews", "context", "按环节的专家评审", "expert reviews by stage"),
    _build_name("experts", "list", "专家库中可选的人", "experts to choose from",
        _build_name("label", "string", "姓名、单位和行业", "name, employer and sectors"), _build_name("value", "string", "编号", "id"),
        _build_name("name", "string", "姓名", "name")),
    _build_name("bodies", "list", "本地各单位", "the bodies of this place", _ROW, *_NAMED, _build_name("key", "string", "代码", "key"),
        _build_name("kind", "string", "种类", "kind"), _build_name("roles", "list", "角色", "roles"), _build_name("members", "list", "成员", "members")),
    _build_name("tiers", "list", "奖项类别", "tiers", _IDENT, *_NAMED),
)  # fmt: skip
OTHER_NAMES = (
    _build_name("reference_date", "date", "条件的计算基准日", "the day on which conditions are reckoned"),
    _build_name("starter", "string", "启动者的角色；公众为 public", "the role that starts it; public without an account"),
    _build_name("starter_body", "string", "启动者所在单位的代码；公众为空", "key of the body of who starts it; null of the public"),
    _build_name("earlier", "list", "申报者在同一届已经办结的同种办件", "ended cases of the kind and the round of who would start it", *_RELATED),
    _build_name("year", "number", "文号的年份", "year of the number"),
    _build_name("sequence", "number", "文号的序号", "running number"),
    _build_name("signature", "string", "落款", "signature"),
    _build_name("basis", "string", "依据的条文", "the articles it rests on"),
    _build_name("item", "Any", "当前的一项", "the item at hand"), _build_name("row", "Any", "当前的一行", "the row at hand"),
    _build_name("child", "context", "当前的下级办件", "the case below at hand", *_RELATED),
    _build_name("expert", "context", "当前的专家", "the expert at hand"), _build_name("person", "Any", "当前的人", "the person at hand"),
    _build_name("nrOfInstances", "number", "共有几项", "how many there are"),
    _build_name("nrOfActiveInstances", "number", "几项在办", "how many are open"),
    _build_name("nrOfCompletedInstances", "number", "几项已办", "how many are done"),
    _build_name("index", "number", "第几项", "its number in the list"),
    _build_name("this", "context", "本行", "this row"), _build_name("parent", "context", "上一层的值", "the values around"),
    _build_name("i", "number", "第几行", "number of the row"),
)  # fmt: skip
"""Names that some places have besides."""


def form_names(package: Package, ident: str) -> tuple[FormulaName, ...]:
    """Return the fields of a form; none for one that cannot be read yet."""
    return _of_form(package.files[package.forms[ident]], package.forms[ident])


@of_newest(by_file)
def _of_form(content: bytes, path: str) -> tuple[FormulaName, ...]:
    try:
        return tuple(_names(compile_form(parse_form(content, path)).nodes))
    except (LaurelError, ValueError):
        return ()


def _names(nodes: tuple[FormNode, ...]) -> Iterator[FormulaName]:
    types = variable_types(nodes)
    for node in same_object(nodes):
        key = key_of(node)
        if isinstance(node, Group | Rows):
            kind = "list" if isinstance(node, Rows) else "context"
            yield FormulaName(key, kind, node.label, tuple(_names(node.children)))
        else:
            input_field = node if isinstance(node, Input) else None
            yield FormulaName(
                key, types[key] if input_field else "Any", node.label, choices=_choices(input_field), span=span_of(input_field),
                most_signs=most_signs_of(input_field), is_box=is_box(input_field),
            )  # fmt: skip


def is_box(input_field: Input | None) -> bool:
    """Tell whether a field is a box that says false on a page where it is left alone, and nothing elsewhere."""
    if (
        input_field is None
        or input_field.type is not InputType.CHECKBOX
        or input_field.unticked_is_false
        or input_field.required
    ):
        return False
    return input_field.default is None and input_field.readonly is False and input_field.disabled is False


def span_of(input_field: Input | None) -> Span | None:
    """Return between what the numbers of a field lie, where the form itself says it."""
    if input_field is None or input_field.type is not InputType.NUMBER:
        return None
    least, most = (
        bound if isinstance(bound, Decimal) else None for bound in (input_field.minimum, input_field.maximum)
    )
    if least is None and most is None:
        return None
    return Span(Decimal("-Infinity") if least is None else least, Decimal("Infinity") if most is None else most)


def most_signs_of(input_field: Input | None) -> int | None:
    """Return how long the text of a field may be, where the form itself says it."""
    return input_field.max_length if input_field is not None and isinstance(input_field.max_length, int) else None


def _choices(input_field: Input | None) -> tuple[tuple[str, Text], ...]:
    """Return what a field offers, where the form itself says it."""
    offered = input_field.options if input_field is not None and isinstance(input_field.options, tuple) else ()
    return tuple((str(option.value), option.label) for option in offered)
