from __future__ import annotations

from collections.abc import Mapping

from service.catalog import build_catalog
from service.catalog.names.message_names import message_names
from tests.unit.catalog.conftest import DIAGRAM


def test_a_message_is_called_by_what_sends_it_or_else_by_what_awaits_it(tree: Mapping[str, bytes]) -> None:
    drawn = tree[DIAGRAM].decode()
    event = '<bpmn:{0} id="{1}" name="{2}"><bpmn:messageEventDefinition id="d_{1}" messageRef="{3}" /></bpmn:{0}>'
    events = [
        event.format("intermediateCatchEvent", "wait_a", "等待退出", "m_a"),
        event.format("intermediateThrowEvent", "send_a", "报送退出", "m_a"),
        event.format("intermediateCatchEvent", "wait_b", "等待补正", "m_b"),
    ]
    messages = '<bpmn:message id="m_a" name="withdrawn" /><bpmn:message id="m_b" name="corrected" />'
    changed = drawn.replace("</bpmn:process>", f"{''.join(events)}</bpmn:process>{messages}", 1)
    package = build_catalog({**tree, DIAGRAM: changed.encode()}).package("lakeside/star_award")

    names = message_names(package)
    assert {key: name.zh for key, name in names.items() if key in ("withdrawn", "corrected")} == {
        "withdrawn": "报送退出",
        "corrected": "等待补正",
    }
