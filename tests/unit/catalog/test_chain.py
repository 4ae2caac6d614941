"""The last useful day, computed through small diagrams with waits of whole days."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import pairwise

from service.catalog.bpmn.mainpath import main_path
from service.catalog.bpmn.read import read_diagram
from service.catalog.last_useful_day import ChainLink, last_useful_day
from service.catalog.law.fixed_ends import FixedEnd
from service.domain.calendar import end_of_day, local_date
from tests.unit.catalog.diagrams import HEAD, Sketch

TODAY = date(2026, 3, 2)


class Days:
    """``wait 3`` ends with the third day after, ``end 2026-03-10`` with that day; a condition is its own answer."""

    def instant(self, expression: str, at: datetime, unknown: frozenset[str]) -> datetime | None:
        word, _, said = expression.partition(" ")
        if word == "wait":
            return end_of_day(local_date(at) + timedelta(days=int(said)))
        return end_of_day(date.fromisoformat(said)) if word == "end" else None

    def holds(self, condition: str, unknown: frozenset[str]) -> bool | None:
        return {"yes": True, "no": False}.get(condition)


def drawn(*parts: str, ident: str = "p"):
    return read_diagram(
        f'{HEAD}<bpmn:process id="{ident}" isExecutable="true">{"".join(parts)}</bpmn:process></bpmn:definitions>'.encode(),
        f"{ident}.bpmn",
    )


def start(ident: str = "start") -> str:
    return f'<bpmn:startEvent id="{ident}" />'


def end(ident: str = "done", name: str = "已报送") -> str:
    return f'<bpmn:endEvent id="{ident}" name="{name}" />'


def task(ident: str, due: str = "") -> str:
    prop = f'<spiffworkflow:property name="due" value="{due}" />' if due else ""
    return (
        f'<bpmn:userTask id="{ident}" name="{ident}"><bpmn:extensionElements><spiffworkflow:properties>{prop}'
        f"</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>"
    )


def timer(ident: str, expression: str, host: str = "") -> str:
    tag = f'boundaryEvent attachedToRef="{host}"' if host else "intermediateCatchEvent"
    return (
        f'<bpmn:{tag} id="{ident}" name="{ident}"><bpmn:timerEventDefinition id="{ident}_t"><bpmn:timeDate>{expression}'
        f"</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:{tag.split()[0]}>"
    )


def gateway(ident: str, kind: str = "exclusiveGateway") -> str:
    return f'<bpmn:{kind} id="{ident}" />'


def flow(source: str, target: str, condition: str = "") -> str:
    said = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{said}</bpmn:sequenceFlow>'


def path(*idents: str) -> str:
    return "".join(flow(a, b) for a, b in pairwise(idents))


def waiting(timer_name: str = "wait", due: str = ""):
    """Something is filled in, five days go by, and it is sent."""
    parts = start(), task("fill"), timer(timer_name, "wait 5"), task("send", due), end()
    return drawn(*parts, path("start", "fill", timer_name, "send", "done"))


def found(diagram, element: str = "fill", closes: str = "", *others, today: date = TODAY, opened: date = TODAY):
    ends = (FixedEnd(end_of_day(date.fromisoformat(closes)), "截止"),) if closes else ()
    processes = {d.process_id: d for d in (diagram, *others)}
    return last_useful_day(processes, [ChainLink(diagram, element, ()), *outer(diagram, ends)], Days(), today, opened)


def outer(inner, ends):
    """Put the diagram into an activity whose timer runs."""
    around = drawn(
        start(),
        f'<bpmn:callActivity id="call" calledElement="{inner.process_id}" />',
        end(),
        path("start", "call", "done"),
        ident="outer",
    )
    return [ChainLink(around, "call", ends)] if ends else []


def test_a_wait_before_a_fixed_end_moves_the_last_useful_day_forward() -> None:
    notice = waiting("公示期满")
    useful = found(notice, "fill", "2026-03-20")
    assert useful is not None
    assert useful.day == date(2026, 3, 14)  # the notice ends with the 19th, the 20th is left for sending
    assert (useful.missed.wait.name, useful.missed.end.name) == ("公示期满", "截止")
    assert found(notice, "send", "2026-03-20").day == date(2026, 3, 20)


def test_a_day_that_is_over_is_still_named() -> None:
    notice = waiting()
    for today in (date(2026, 3, 18), date(2027, 6, 1), date(2037, 4, 21)):
        assert found(notice, "fill", "2026-03-20", today=today).day == date(2026, 3, 14), today


def test_a_day_that_was_long_over_when_the_task_was_opened_is_not_named() -> None:
    notice = drawn(start(), task("fill"), end(), path("start", "fill", "done"))
    assert found(notice, "fill", "2026-03-20", today=date(2037, 4, 21), opened=date(2037, 4, 20)) is None


def test_nothing_is_said_when_nothing_ahead_is_fixed() -> None:
    free = waiting(due="wait 3")
    assert found(free) is None


def test_a_later_task_with_a_day_of_its_own_counts_too() -> None:
    due = waiting(due="end 2026-03-20")
    assert found(due).day == date(2026, 3, 14)


def test_the_quickest_way_that_is_no_setback_counts() -> None:
    forked = drawn(
        start(), task("fill"), gateway("ask"), timer("long", "wait 9"), timer("short", "wait 2"), gateway("met"), task("send"), end(),
        end("out", "不予受理"), path("start", "fill", "ask", "long", "met", "send", "done"), path("ask", "short", "met"), flow("ask", "out"),
    )  # fmt: skip
    assert found(forked, "fill", "2026-03-20").day == date(2026, 3, 17)


def test_a_way_known_to_be_closed_is_not_counted_on() -> None:
    forked = drawn(
        start(), task("fill"), gateway("ask"), timer("long", "wait 9"), timer("short", "wait 2"), gateway("met"), task("send"), end(),
        path("start", "fill", "ask"), flow("ask", "long", "yes"), flow("ask", "short", "no"), path("long", "met", "send", "done"), path("short", "met"),
    )  # fmt: skip
    assert found(forked, "fill", "2026-03-20").day == date(2026, 3, 10)


def test_both_branches_of_a_parallel_gateway_take_their_time() -> None:
    both = drawn(
        start(), task("fill"), gateway("fork", "parallelGateway"), timer("a", "wait 2"), timer("b", "wait 6"), gateway("join", "parallelGateway"),
        task("send"), end(), path("start", "fill", "fork", "a", "join", "send", "done"), path("fork", "b", "join"),
    )  # fmt: skip
    assert found(both, "fill", "2026-03-20").day == date(2026, 3, 13)


def test_the_waits_of_a_called_diagram_and_its_own_timer_count() -> None:
    notice = drawn(
        start(), task("post"), timer("over", "wait 5"), end(), path("start", "post", "over", "done"), ident="notice"
    )
    whole = drawn(
        start(), task("fill"), '<bpmn:callActivity id="notice" calledElement="notice" />', timer("cut", "end 2026-03-20", "notice"), task("send"),
        end(), end("late", "逾期"), path("start", "fill", "notice", "send", "done"), path("cut", "late"),
    )  # fmt: skip
    assert found(whole, "fill", "", notice).day == date(2026, 3, 14)


def test_a_loop_is_gone_through_once() -> None:
    loop = drawn(
        start(), task("fill"), timer("wait", "wait 5"), gateway("ask"), task("send"), end(), path("start", "fill", "wait", "ask", "send", "done"),
        flow("ask", "fill"),
    )  # fmt: skip
    assert found(loop, "fill", "2026-03-20").day == date(2026, 3, 14)


def path_of(sketch: Sketch) -> tuple[str, ...]:
    return main_path(read_diagram(sketch.bpmn(), "x"))


def decision(good: str, bad: str, *, good_end: str = "结束", bad_end: str = "结束") -> Sketch:
    s = Sketch()
    s.node("start", "startEvent")
    s.node("ask", "exclusiveGateway", "是否推荐")
    s.node("bad", "callActivity", bad)
    s.node("bad_end", "endEvent", bad_end)
    s.node("good", "serviceTask", good)
    s.node("good_end", "endEvent", good_end)
    s.path("start", "ask")
    s.path("ask", "bad", "bad_end")
    s.path("ask", "good", "good_end")
    return s


def test_it_leads_to_an_end_that_is_no_setback_however_short_the_way() -> None:
    sketch = decision("出具推荐意见", "处理退件", good_end="已推荐", bad_end="不予推荐")
    assert path_of(sketch) == ("start", "ask", "good", "good_end")


def test_between_good_ends_the_way_through_more_stages_wins() -> None:
    assert path_of(decision("记录", "专家评审")) == ("start", "ask", "bad", "bad_end")


def test_the_flow_that_is_marked_goes_before_all_that_names_tell() -> None:
    sketch = decision("出具推荐意见", "处理退件", good_end="已推荐", bad_end="不予推荐")
    plain = sketch.bpmn().decode()
    flow = re.search(r'<bpmn:sequenceFlow [^>]*sourceRef="ask" targetRef="bad" />', plain)
    assert flow is not None
    marked = flow[0].removesuffix(" />") + (
        "><bpmn:extensionElements><spiffworkflow:properties>"
        '<spiffworkflow:property name="main" value="yes" />'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:sequenceFlow>"
    )
    assert main_path(read_diagram(plain.replace(flow[0], marked).encode(), "x")) == ("start", "ask", "bad", "bad_end")
