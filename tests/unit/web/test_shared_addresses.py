"""Applications of tests share what their addresses are compiled to; a rule that one of them has alone stays its own."""

from flask import Flask

from tests.support.compiled_once import SharedAddresses


def with_rules(*rules: str) -> Flask:
    app = Flask(__name__)
    for rule in rules:
        app.add_url_rule(rule, rule, lambda **places: str(places))
    return app


def answers(app: Flask, path: str) -> int:
    return app.test_client().get(path).status_code


def test_applications_with_the_same_rules_share_their_addresses() -> None:
    one, other = with_rules("/a/<int:n>"), with_rules("/a/<int:n>")
    assert isinstance(one.url_map, SharedAddresses)
    assert (answers(one, "/a/1"), answers(other, "/a/1"), answers(other, "/a/x")) == (200, 200, 404)
    assert one.url_map._matcher is other.url_map._matcher


def test_a_rule_added_later_is_that_application_s_alone() -> None:
    one, other = with_rules("/a"), with_rules("/a")
    assert (answers(one, "/a"), answers(other, "/a")) == (200, 200)
    one._got_first_request = False  # Flask takes no rule after a request
    one.add_url_rule("/b", "b", lambda: "b")
    assert (answers(one, "/b"), answers(one, "/a"), answers(other, "/b")) == (200, 200, 404)


def test_rules_of_the_same_address_with_other_methods_are_told_apart() -> None:
    one, other = Flask(__name__), Flask(__name__)
    one.add_url_rule("/a", "a", lambda: "a")
    other.add_url_rule("/a", "a", lambda: "a", methods=["POST"])
    assert (answers(one, "/a"), answers(other, "/a")) == (200, 405)
