"""Where the studio keeps what remedies name by its file and key: the page and the field, for who sees no files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.catalog.basics.sections import SECTIONS
from service.catalog.package import Package
from service.catalog.problems import Problem
from service.domain.text import Text

_Named = Sequence[tuple[re.Pattern[str], str]]


def _named(*pairs: tuple[str, str]) -> _Named:
    return tuple((re.compile(written), shown) for written, shown in pairs)


_FIELDS_ZH = _named(
    (r"（serviceTaskOperator）|（informative）|（outside）|（completionCondition）", ""),
    (r"决策编号（calledDecisionId）|calledDecisionId", "决策表"),
    (r"serviceTaskOperator", "服务操作"),
    (r"calledElement", "调用的流程"),
    (r"在 slots 属性中加上“(\w+)=条款编号”", r"选中这个调用，在右边的面板里为“\1”选条款"),
    (r"（通用流程图中写 slot:名称）", "（通用流程图中引用“各地的条款”）"),
    (r"改为 slot:名称，由各地在调用处绑定", "改为引用“各地的条款”，由各地在调用处选定"),
    (r"没有在流程的 variables 中声明", "没有列入“流程中用到的数据”"),
    (r"在 variables 中加上“(\w+): context”", r"在右边面板的“流程中用到的数据”中增加“\1”（一组值）"),
    (r"在 variables 中加上“(\w+): string”之类的声明", r"在右边面板的“流程中用到的数据”中增加“\1”（例如文字）"),
    (
        r"先用 values\.take、操作的结果变量（resultVariable）或者表单的 routes 给“(\w+)”值；可以没有的，在该图的 optional 中写明",
        r"先取值，或者把某个环节的“结果叫什么”写成“\1”，或者勾上表单中“后面的判断要用的字段”；可以没有的，写进“上级流程可以不给的数据”",
    ),
    (r"routes 中的", "“后面的判断要用的字段”中的"),
    (r"在取值（values\.take）中加上", "选中取值的环节，在它要取的值中加上"),
    (r"[；，](?:参)?见 processes/(?:shared/)?README\.md", ""),
    (r"参见 processes/README\.md", "请对照办理手册改正"),
    (r"中写“(\w+): …”，或从 choices 中去掉", r"中写明“\1”由谁担任，或从“可选值”中去掉"),
    (r"中写“(\w+): …”", r"中写明“\1”由谁担任"),
    (r"中写“(\w+): \{name: (\w+), [^}]*\}”", r"中加上“\2”，编号 \1，由申报组织担任"),
    (r"，或写 barrier", ""),
    (r"补上 question", "填写“条文留下的问题”"),
    (r"补上 choices", "填写“可选值”"),
    (r"补上 clauses，或删去 applies_to_running", "选择作此规定的条款，或者写明在办的按启动时的版本办完"),
    (r"补上 clauses", "选择“依据的条款”"),
    (r"补上 reason", "填写理由"),
    (r"或改为 source: default", "或者写明是“条文没有写明，本地选定”"),
    (r"从 not_modelled_yet 中删去", "清空“留待以后落实，理由”"),
    (r"删去 words_only，或者删去这里的编号", "清空“文字体现，理由”，或者去掉这里的条款"),
    (r"在 touches 中写上 ", "把它写进这一设置也会改变的条款："),
    (r"，或者改用系统自行执行的 key", ""),
    (
        r"在其 properties 写 purpose（用来做什么）或者 clauses（哪一条要求）",
        "填写“为什么收集”，或者选择要求它的条款",
    ),
    (
        r"在其 properties 写 personal: true；本来就对外公布的，写 personal: false 或者 purpose（用来做什么）",
        "勾选“个人信息”；本来就对外公布的，填写“为什么收集”",
    ),
    (r"；只作留存的，在其 properties 写 record 和理由", "；只作留存的，写明留存的理由"),
    (r"在 scoring/ 中加上 (\w+)\.yaml", r"在“评分标准”中加上 \1"),
    (r"在条款登记中写明", "在“条款”页写明"),
    (
        r"写 same_subject: true（上级办件的组织），或 one_per_subject: true（发起时选择组织）",
        "写明是上级办件的组织，或者发起时选择组织",
    ),
    (r"补上 start_refusal: \{zh: …, en: …\}", "填写“不能发起时的说明”"),
    (r"补上 subject_refusal: \{zh: …, en: …\}", "填写“不符合时的说明”"),
    (r"补上 \w+_refusal: \{zh: …, en: …\}", "写明不能办理时的说明"),
    (r"给出 attended：FEEL 文本，签到的人员编号", "填写签到的人员（公式，得出人员编号）"),
    (r"在 bodies 中让", "在“机构”中让"),
    (r"，并删去 <import>", ""),
    (r"设 isInterrupting=false", "改为不中断"),
    (r"先在那里用 case\.set 记为事实", "先在那里记为事实"),
    (r"下级办件的读 children", "下级办件的读“下级办件”"),
)
_FIELDS_EN = _named(
    (r"Add “(\w+)=clause id” to the property slots", r"Choose the call, and clauses for “\1” in the panel beside it"),
    (r"in a shared diagram slot:name", "in a shared diagram a clause of the place"),
    (
        r"Write slot:name and bind it where it is called",
        "Cite a clause of the place, which each place binds where it calls",
    ),
    (r"is not declared in the variables of the process", "is not among the data of the process"),
    (r"Declare it, for example “(\w+): \w+”", r"Add “\1” to the data of the process, in the panel"),
    (r"“(\w+)” in routes", r"“\1” of the fields that later decisions read"),
    (
        r"values\.take, a resultVariable or routes of a form; where it may be missing, name it under optional",
        "take it, make it the “Name of the result” of a step, or tick it under “Fields that later decisions read”; "
        "where it may be missing, name it under “What a caller may leave out”",
    ),
    (r" \(values\.take\)|; see processes/(?:shared/)?README\.md", ""),
    (r"Add question\.", "Enter what the text leaves open."),
    (r"Add choices\.", "Enter the choices."),
    (r"Add clauses, or write source: default\.", "Choose the clauses, or say that the place chose the value."),
    (
        r"Add clauses, or remove applies_to_running\.",
        "Choose the clauses that say so, or let running cases keep their version.",
    ),
    (r"Add clauses\.", "Choose the clauses."),
    (r"Add reason\.", "Enter the reason."),
    (r"Remove it from not_modelled_yet\.", "Empty “Left for later, because”."),
    (r"Remove words_only, or the id here\.", "Empty “Words only, because”, or take the clause away here."),
)


def in_fields(said: str, *, chinese: bool) -> str:
    """Return ``said`` with the fields of the studio where it names keys of files or attributes of diagrams."""
    for written, shown in _FIELDS_ZH if chinese else _FIELDS_EN:
        said = written.sub(shown, said)
    return said


_PAGES = {
    "award.yaml": Text("地方与奖项", "Place and award"),
    "jurisdiction.yaml": Text("地方与奖项", "Place and award"),
    "parameters.yaml": Text("参数", "Parameters"),
    "law.yaml": Text("条款", "Clauses"),
    "patterns.yaml": Text("流程图", "Diagrams"),
    "layer.yaml": Text("日历", "Calendar"),
}
_FACTS = Text("记录的事实", "Facts")
_FILES = "|".join(re.escape(name) for name in _PAGES)
_KEYS = "|".join(section.id for section in SECTIONS)
_ZH = re.compile(rf" ?(?:[\w/]+/)?\b({_FILES})(?: ?的 ?({_KEYS})(?:\.(\w+)(\.facts)?)?(?!\w))? ?", re.ASCII)
_EN = re.compile(rf"(?:(?:\bto|\bunder|\bin) )?(?:({_KEYS})(?:\.(\w+)(\.facts)?)? (?:of|in) )?(?:[\w/]+/)?({_FILES})")


def on_pages(package: Package, problem: Problem) -> Problem:
    """Return ``problem`` with pages and fields of the studio where its sentences name files and their keys."""
    return replace(
        problem,
        message=replace_with_page_names(package, problem.message),
        remedy=replace_with_page_names(package, problem.remedy),
    )


def replace_with_page_names(package: Package, text: Text) -> Text:
    """Return ``text`` with pages and fields of the studio where it names files and their keys."""
    zh = _ZH.sub(
        lambda match: "的".join(f"“{name.zh}”" for name in _build_page_path(package, *match.groups())), text.zh
    )
    en = _EN.sub(lambda match: _in_english(_build_page_path(package, match[4], *match.groups()[:3])), text.en)
    return Text(in_fields(zh, chinese=True), in_fields(en, chinese=False))


def _in_english(path: list[Text]) -> str:
    return f"on the page {', '.join(f'“{name.en}”' for name in path)}"


def _build_page_path(
    package: Package, file: str, section: str | None, entry: str | None, facts: str | None
) -> list[Text]:
    """Return the page, its section, the entry and the field, as far as they are said."""
    titles = {page_section.id: page_section.title for page_section in SECTIONS}
    names = [_PAGES[file]]
    names += [titles[section]] if section else []
    if entry:
        kind = package.award.processes.get(entry)
        names.append(kind.text if kind else Text(entry, entry))
    return names + ([_FACTS] if facts else [])
