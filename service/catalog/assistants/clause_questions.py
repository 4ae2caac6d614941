"""What an assistant asks besides the value of a clause: who acts, what is asked back, which time limit each phase has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.assistants.appeal_drawing import APPEAL_QUESTIONS
from service.catalog.assistants.carried_drawing import CARRIED_QUESTIONS
from service.catalog.assistants.expert_bars import EXPERT_QUESTIONS
from service.catalog.assistants.limit_days import START_QUESTION
from service.catalog.assistants.notice_drawing import NOTICE_QUESTIONS
from service.catalog.assistants.part_times import MOST_PARTS, WHEN, YEAR_BEGINS
from service.catalog.assistants.points_tie_drawing import POINTS_TIE_QUESTIONS
from service.catalog.assistants.review_questions import BALLOT_QUESTIONS, CUT_OFF_QUESTIONS, WEIGHT_QUESTIONS
from service.catalog.assistants.suspension_drawing import SUSPENSION_QUESTIONS
from service.catalog.assistants.term_drawing import TERM_QUESTIONS
from service.catalog.assistants.tie_drawing import TIE_QUESTIONS
from service.catalog.clause_kinds.bar_conditions import BAR_QUESTIONS
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.clause_kinds.clause_question import PERIOD_HINT, AnswerKind, ClauseQuestion, unsaid_hint
from service.catalog.clause_kinds.phase_days import demand_phase_days
from service.catalog.jurisdiction import Jurisdiction
from service.catalog.new_city.call_pieces import CONTENT
from service.catalog.new_city.correction_pieces import LATE
from service.catalog.new_city.first_recommendation import RECOMMENDATION_QUESTIONS
from service.catalog.new_city.grounds import USUAL
from service.catalog.parameters.month_days import month_day
from service.domain.errors import Invalid
from service.domain.text import Text

GOVERNMENT = "government"
_MOST = 3650
_WHOLE = 100

QUESTIONS: Mapping[AssistKind, tuple[ClauseQuestion, ...]] = {
    AssistKind.TIME_LIMIT: (START_QUESTION,),
    AssistKind.NOTICE: NOTICE_QUESTIONS,
    AssistKind.BAR: BAR_QUESTIONS,
    AssistKind.PRIZE: (
        ClauseQuestion(
            "parts",
            Text("分期（每期的比例和时间，不填就一次付清）", "Parts (share and time of each; none: paid at once)"),
            AnswerKind.PARTS,
        ),
        ClauseQuestion(
            "pay_days",
            Text("到期后几日内拨付（自然日）", "Paid within so many calendar days"),
            AnswerKind.NUMBER,
            hint=Text("条文没有规定的空着", "Leave it empty where the text says nothing"),
        ),
    ),
    AssistKind.OBJECTION_WINDOW: (
        ClauseQuestion(
            "hold",
            Text("异议没有办结时等待的", "Who waits while an objection is open"),
            AnswerKind.CHOICE,
            "concerned",
            (
                ("concerned", Text("只是被异议的组织", "only whom it concerns")),
                ("all", Text("全部获选的组织", "everybody who was elected")),
            ),
            Text("条文写“相关组织中止”的，选只是被异议的组织", "Where the text suspends those concerned: only them"),
        ),
        ClauseQuestion(
            "counted",
            Text("上面的期限", "The time limit above"),
            AnswerKind.CHOICE,
            "receipt",
            (
                ("receipt", Text("自收到异议起，核查到答复一并计算", "runs from receipt to the answer")),
                ("acceptance", Text("自受理异议起，核查到答复一并计算", "runs from acceptance to the answer")),
                ("step", Text("只是最后答复的期限", "is that of the last step, the answer")),
            ),
        ),
        ClauseQuestion("acceptance", Text("决定是否受理（工作日）", "To decide on acceptance (working days)"), AnswerKind.PERIOD, hint=PERIOD_HINT),
        ClauseQuestion("forwarding", Text("转交核查（工作日）", "To forward it (working days)"), AnswerKind.PERIOD, hint=PERIOD_HINT),
        ClauseQuestion("investigation", Text("核查（工作日）", "To investigate (working days)"), AnswerKind.PERIOD, hint=PERIOD_HINT),
        ClauseQuestion("finding", Text("作出处理意见（工作日）", "To find on it (working days)"), AnswerKind.PERIOD, hint=PERIOD_HINT),
        ClauseQuestion("completion", Text("补正材料（工作日）", "To complete it (working days)"), AnswerKind.PERIOD, hint=PERIOD_HINT),
        ClauseQuestion("extension", Text("情况复杂的可以延长（工作日）", "May be extended by (working days)"), AnswerKind.NUMBER),
        ClauseQuestion("extended_by", Text("由谁批准延长", "Who grants the extension"), AnswerKind.ROLE, "chair"),
    ),
    AssistKind.CYCLE: (
        ClauseQuestion(
            "last_round_year", Text("在本程序以外评选的上一届是哪一年", "Year of the last round that was not held in the program"),
            AnswerKind.NUMBER,
            hint=Text(
                "在本程序里评选过的各届自动计入，不必填写；没有评选过的空着",
                "Rounds held in the program count by themselves; empty where there was none",
            ),
        ),
    ),
    AssistKind.RECOMMENDATION: RECOMMENDATION_QUESTIONS,
    AssistKind.FURTHER_RECOMMENDATION: (
        ClauseQuestion("authority", Text("由哪个上级单位推荐", "Which authority above recommends"), AnswerKind.WORDS),
        ClauseQuestion(
            "places", Text("它最多推荐几个", "How many it may recommend at most"), AnswerKind.NUMBER,
            hint=Text("条文没有规定的空着：不限", "Empty where the text says nothing: no limit"),
        ),
    ),
    AssistKind.GROUP_PLACES: (
        ClauseQuestion(
            "group", Text("哪个行业（规模）", "Which industry or size"), AnswerKind.WORDS,
            hint=Text(
                "照条文填写，例如“制造业”；申报表中会加一栏。几个行业各有名额的，一个一个地填",
                "As the text says it; the application gets a field. Several groups are entered one by one",
            ),
        ),
        ClauseQuestion(
            "equals", Text("末位得票相同的", "Equal votes at the last place"), AnswerKind.CHOICE, options=(
                ("vacant", Text("都不入选，名额空缺", "none of them, the place stays vacant")),
                ("ballot", Text("由委员会再投一次", "the committee votes again")),
            ), optional=True,
        ),
    ),
    AssistKind.TERM: TERM_QUESTIONS,
    AssistKind.APPEAL: APPEAL_QUESTIONS,
    AssistKind.TIE: TIE_QUESTIONS,
    AssistKind.POINTS_TIE: POINTS_TIE_QUESTIONS,
    AssistKind.SUSPENSION: SUSPENSION_QUESTIONS,
    AssistKind.CARRIED: CARRIED_QUESTIONS,
    AssistKind.EXPERT_BAR: EXPERT_QUESTIONS,
    AssistKind.CUT_OFF: CUT_OFF_QUESTIONS,
    AssistKind.MAJORITY: BALLOT_QUESTIONS,
    AssistKind.WEIGHTS: WEIGHT_QUESTIONS,
    AssistKind.CALL: (
        ClauseQuestion(
            "day", Text("每年几月几日发布（月-日，例如 03-01）", "On which day of the year (month-day, such as 03-01)"), AnswerKind.DAY,
            hint=Text(
                "条文没有规定哪一天的空着：启动届次时就发布；已经画上等待的不变",
                "Empty where the text names none: as soon as a round is opened; a wait that is drawn stays",
            ),
            optional=True,
        ),
        ClauseQuestion("channels", Text("在哪里发布", "Where it is made known"), AnswerKind.WORDS, "政府网站"),
        ClauseQuestion(
            "content", Text("除起止时间外还写明", "What it says besides the days"), AnswerKind.WORDS, CONTENT,
            hint=Text("例如条件、材料和要求：写在申报通知（公告）的正文里，以后在“参数”中修改", "Conditions, files: in the notice; later among the parameters"),
        ),
    ),
    AssistKind.CORRECTION: (
        ClauseQuestion("rounds", Text("可以补正几次", "How many times"), AnswerKind.NUMBER, hint=unsaid_hint(1)),
        ClauseQuestion(
            "late", Text("逾期没有补正的", "What is not corrected in time"), AnswerKind.CHOICE, "abandoned", tuple(LATE.items()),
        ),
    ),
    AssistKind.REVOCATION: (
        ClauseQuestion(
            "ground", Text("撤销的事由", "Ground of the revocation"), AnswerKind.WORDS, USUAL,
            hint=Text("几个事由、后果一样的，用“；”分开：撤销时选其中一个", "Several with the same bar: ； between them, one is chosen"),
        ),
        ClauseQuestion("proposer", Text("由谁提请", "Who proposes"), AnswerKind.ROLE, "office"),
        ClauseQuestion("decider", Text("由谁决定", "Who decides"), AnswerKind.ROLE, GOVERNMENT),
        ClauseQuestion(
            "within_years", Text("事由应当在获奖后几年以内", "The ground lies within so many years after the award"),
            AnswerKind.NUMBER, hint=Text("条文没有规定的空着：任何时候都可以撤销", "Empty where the text says nothing: at any time"),
        ),
        ClauseQuestion(
            "inquiry_days", Text("调查核实（工作日）", "To find the facts (working days)"), AnswerKind.NUMBER,
            hint=Text("自知悉之日起；条文没有规定的空着", "From when it is known; empty where the text says nothing"),
        ),
        ClauseQuestion(
            "hearing_days", Text("获奖组织陈述申辩（工作日）", "The winner is heard for (working days)"), AnswerKind.NUMBER,
            hint=unsaid_hint(5, Text("作出不利决定以前都要听取；", "Always, before a decision against it. ")),
        ),
        ClauseQuestion(
            "recover",
            Text("收回", "Taken back"),
            AnswerKind.SEVERAL,
            "certificate plaque prize",
            (
                ("certificate", Text("证书", "certificate")),
                ("plaque", Text("奖牌", "plaque")),
                ("prize", Text("已经拨付的奖金", "the prize as far as it was paid")),
            ),
        ),
        ClauseQuestion("recovery_days", Text("几日内退回", "Returned within so many days"), AnswerKind.NUMBER, hint=unsaid_hint(30)),
        ClauseQuestion(
            "recovery_unit",
            Text("退回期限按", "Days of the return are"),
            AnswerKind.CHOICE,
            "calendar_days",
            (("calendar_days", Text("自然日", "calendar days")), ("working_days", Text("工作日", "working days"))),
        ),
    ),
    AssistKind.REPORTS: (
        ClauseQuestion(
            "due", Text("每年在几月几日前提交（月-日）", "Due each year on (month-day)"), AnswerKind.DAY,
            hint=Text("按条文填写；条文没有写日期的，由本地定一个", "As the text says; where it names no day, the place chooses one"),
        ),
        ClauseQuestion(
            "correction_days", Text("逾期的责令几日内改正（自然日）", "Ordered to correct within (calendar days)"),
            AnswerKind.NUMBER, hint=unsaid_hint(20),
        ),
        ClauseQuestion("review_days", Text("审核（工作日）", "To review it (working days)"), AnswerKind.NUMBER),
    ),
}  # fmt: skip


def read_answers(kind: AssistKind, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what was answered to the questions of ``kind``; raises Invalid, naming the question, for what is no answer."""
    return {question.id: _read(question, typed) for question in QUESTIONS.get(kind, ())}


def acting_roles(place: Jurisdiction) -> tuple[tuple[str, Text], ...]:
    """Return the roles that a body of the place holds; the government too, which is added where it is chosen."""
    held = {role for body in place.bodies for role in body.roles}
    found = [(role.id, role.text) for role in place.roles.values() if not role.subject and role.id in held]
    if GOVERNMENT not in dict(found):
        found.append((GOVERNMENT, Text("人民政府（新增）", "the government (added)")))
    return tuple(found)


def _read(question: ClauseQuestion, typed: Mapping[str, str]) -> Any:
    if question.asked is AnswerKind.PARTS:
        return _parts(typed)
    said = typed.get(question.id, question.default).strip()
    if question.asked is AnswerKind.NUMBER:
        said = said.rstrip("%％") if question.id == "third" else said
        return _number(question.title, said) if said else None
    if question.asked is AnswerKind.PERIOD:
        return demand_phase_days(question.title, said) if said else None
    if question.optional and not said:
        if question.asked is AnswerKind.CHOICE and question.id in typed:  # shown, and left open
            raise _unanswered(question)
        return None
    if question.asked is AnswerKind.DAY and (said or question.id not in typed):
        return _day(question.title, said) if said else None
    if question.asked is AnswerKind.SEVERAL:
        chosen = [key for key, _ in question.options if key in said.split()]
        if not chosen:
            raise _unanswered(question)
        return chosen
    if not said or (question.asked is AnswerKind.CHOICE and said not in dict(question.options)):
        raise _unanswered(question)
    return said


def _parts(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the parts of a prize as rows of a plan; none where no share is typed."""
    rows: list[dict[str, Any]] = []
    for number in range(1, MOST_PARTS + 1):
        share = typed.get(f"share_{number}", "").strip().rstrip("%％")
        if share:
            title = Text(f"第{number}期的比例", f"the share of part {number}")
            row: dict[str, Any] = {"share": _number(title, share, _WHOLE) / _WHOLE, "name": f"第{number}期"}
            rows.append(row | _when(number, typed))
    if rows and round(sum(row["share"] for row in rows) * _WHOLE) != _WHOLE:
        raise Invalid(Text("各期的比例加起来应当是100%。", "The shares of the parts should add up to 100%."))
    return rows


def _when(number: int, typed: Mapping[str, str]) -> dict[str, Any]:
    when, at = typed.get(f"when_{number}", "decision"), typed.get(f"at_{number}", "").strip()
    title = Text(f"第{number}期的时间", f"the time of part {number}")
    if when not in dict(WHEN):
        raise Invalid(
            Text(
                f"请选择“{title.zh}”：条文写的是什么时候、具备什么条件拨付。",
                f"Choose {title.en}: when, and on which condition, the clause has it paid.",
            )
        )
    if when == "years":
        return {"years": _number(title, at)}
    if when == "day":
        return {"years": 1, "on": _day(title, at)}
    if when == "report":
        return {"after": f"report_{_number(title, at or '1')}"}
    if when == "years_report":
        years, _, report = at.partition("/")
        return {"years": _number(title, years.strip()), "after": f"report_{_number(title, report.strip() or '1')}"}
    if when not in ("event", "years_event", "next_year_event"):
        return {}
    waited: dict[str, Any] = {"years": _number(title, at)} if when == "years_event" else {}
    waited |= {"years": 1, "on": YEAR_BEGINS} if when == "next_year_event" else {}
    return waited | {"after": f"confirmed_{number}"}


def _number(title: Text, said: str, most: int = _MOST) -> int:
    if not (said.isascii() and said.isdigit()) or not 0 < int(said) <= most:
        raise Invalid(
            Text(f"“{title.zh}”应填写1至{most}之间的整数。", f"“{title.en}” should be a whole number from 1 to {most}.")
        )
    return int(said)


def _day(title: Text, said: str) -> str:
    found = month_day(said)
    if found is None:
        raise Invalid(
            Text(
                f"“{title.zh}”应写成每年都有的一天，月-日，例如 04-30。",
                f"“{title.en}” should be a day that every year has, month-day, such as 04-30.",
            )
        )
    return found


def _unanswered(question: ClauseQuestion) -> Invalid:
    return Invalid(Text(f"请回答“{question.title.zh}”。", f"Answer “{question.title.en}”."))
