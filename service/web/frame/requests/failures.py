"""Every failure becomes a page (or problem+json) with a sentence; never a stack trace."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from service.casework.access.actor import APPLICANT_KINDS
from service.casework.access.case_access import NotDeclared
from service.casework.access.guards import GUARDS, SignInNeeded
from service.casework.access.sign_in_proof import OneTimePassword, ProofNeeded
from service.casework.cases.readable_file import FileStopped
from service.casework.people.means.second_factor import SecondFactorToSetUp
from service.domain.errors import LaurelError, NotFound, NotReady
from service.domain.text import Text
from service.store.errors import FULL, Stale, StorageFull
from service.web.frame.requests.cookies import SAFE, StaleForm, csrf_token
from service.web.frame.requests.current import language, t, the_actor, wants_json
from service.web.frame.requests.guarding import ask_for_proof, is_script_request
from service.web.frame.requests.refusals import PASSING, note_refusal, status_of
from service.web.frame.requests.request_checks import request_number
from service.web.frame.requests.request_pace import TooManyRequests
from service.web.frame.requests.sign_in import CARRIED_FORM_LIMIT, UNCARRIED_PATHS, ask_to_sign_in

_SECRETS = frozenset({"password", "old", "new", "again", "code", "laurel_proof", "laurel_proof_by_key"})
"""Names of fields that nobody wants to stand in a page; a form with one of them is filled in again."""


@dataclass(frozen=True, slots=True)
class CarriedForm:
    """The ``fields`` of a posted form and the address that they go to."""

    target: str
    fields: tuple[tuple[str, str], ...]


def refused_texts(status: int) -> list[str]:
    """Return the words typed into the posted form that was refused with ``status``, to be copied; secrets, codes and numbers are none."""
    if request.method in SAFE or status not in (403, 404, 409, 422) or request.path.startswith(UNCARRIED_PATHS):
        return []
    typed = [
        value.strip()
        for name, value in request.form.items(multi=True)
        if name not in _SECRETS and not name.startswith("password")
    ]
    return [value for value in typed if not value.isascii() or any(sign.isspace() for sign in value)]


def carried_form(status: int, code: str) -> CarriedForm | None:
    """Return the form of this request where a failure of ``status`` and ``code`` left it undone; None where there is none to send again.

    A form that lost its mark gets the new one only where the browser vouches that a page of ours sent it: from
    elsewhere it would be somebody else's form under the person's button.
    """
    stale = code == StaleForm.code
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.method in SAFE or not (status >= 500 or status == 429 or (stale and ours)):
        return None
    try:
        files, posted = request.files, list(request.form.items(multi=True))
    except OSError:  # the disk had no room for what was sent: it did not arrive
        return None
    too_much = sum(len(value) for _, value in posted) > CARRIED_FORM_LIMIT
    if too_much or not posted or any(file.filename for file in files.values()) or _SECRETS & {n for n, _ in posted}:
        return None
    fields = [(name, csrf_token() if stale and name == "csrf_token" else value) for name, value in posted]
    if stale and "csrf_token" not in request.form:
        fields.append(("csrf_token", csrf_token()))
    return CarriedForm(request.full_path.rstrip("?"), tuple(fields))


LOG = logging.getLogger("laurel.web")
_WITHIN_DRAFT = re.compile(r"(/studio/drafts/[0-9]+)/.")
_ACT_OF_TASK = re.compile(r"(/tasks/[0-9]+)/.")
_FILE = re.compile(r"/uploads/[^/]+")


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failure says: ``code`` for programs, ``incident`` for the hotline when the program is at fault."""

    status: int
    code: str
    title: Text
    message: Text
    remedy: Text | None = None
    incident: str | None = None
    members: Mapping[str, Any] = field(default_factory=dict)


_TITLES = {
    400: Text("请求没有被接受", "The request was not accepted"),
    401: Text("请先登录", "Please sign in"),
    403: Text("这里不由您办理", "This is not yours to do"),
    404: Text("没有找到", "Not found"),
    405: Text("此处不能这样操作", "This cannot be done here"),
    409: Text("内容已被他人更改", "Another person changed this"),
    413: Text("文件太大", "The file is too large"),
    422: Text("内容需要改正", "Something needs correcting"),
    429: Text("尝试次数过多", "Too many attempts"),
    503: Text("系统暂时不能办理", "The system cannot serve this now"),
    507: Text("服务器空间不足", "The server's disk is full"),
}
_TITLE_OF_CODE = {
    FileStopped.code: Text("附件已停止流转", "The file is out of circulation"),
    NotReady.code: Text("文书正在制作", "The document is being made"),
    NotDeclared.code: Text("材料还没有向您开放", "These papers are not open to you yet"),
    "metrics_token": Text("请出示令牌", "Please show the token"),
    "step_up_needed": Text("请再次确认本人", "Please prove again who you are"),
    StaleForm.code: Text("页面已经过期", "This page is out of date"),
}
_OURS = Text("系统出现异常", "Something went wrong on our side")
_HTTP = {
    400: Text("请求的内容不完整，请返回后重试。", "The request was incomplete. Go back and try again."),
    404: Text(
        "没有这个页面，可能地址有误，或者内容已移走。", "There is no such page: the address is wrong or it has moved."
    ),
    405: Text("请从页面上的按钮进行操作。", "Use the buttons of the page."),
    413: Text(
        "文件超过服务器允许的大小，没有接收。请压缩或拆分后再传。",
        "The file is larger than the server takes. Make it smaller or split it.",
    ),
}
_REMEDIES = {
    403: Text(
        "请办理其他事项；认为角色登记有误的，请联系管理员核实。",
        "Go on with something else; if what you hold is wrong, ask an administrator.",
    ),
    404: Text("请从下面的链接重新进入。", "Start again from the links below."),
    409: Text("请重新打开页面，查看最新内容后再办理。", "Open the page again, look at what is there now, then go on."),
    503: Text(
        "已提交的内容不会丢失。请过几分钟再试；如一直不能使用，请联系管理员。",
        "What was submitted is safe. Try again in a few minutes; if it lasts, call the administrator.",
    ),
}
_ENDED = Text(
    "登录已失效，请在新窗口登录后再回到本页，本页内容不会丢失。",
    "Your session has ended. Sign in in a new window and come back; nothing on this page is lost.",
)
_NOT_CAST = Text(
    "登录已失效，选票还没有投出。请登录后重新填写选票，核对后投出。",
    "Your session has ended and your paper is not cast. Sign in, mark it again, review it and cast it.",
)
_BROKEN = Text(
    "这一步没有完成，所填内容没有保存，之前提交的内容不受影响。",
    "This step was not done and nothing was saved; what was submitted before is untouched.",
)
_BROKEN_REMEDY = Text(
    "请再试一次；如仍不行，请致电办公室并告知下面的编号。",
    "Try once more; if it fails again, call the office and quote the number below.",
)

_NOT_NOW = Text("现在不能这样办", "This cannot be done now")
_NOT_NOW_REMEDY = Text(
    "请看上面的原因；办件如有变化，重新打开后再办理。",
    "The reason stands above; if the case has changed, open it again and go on.",
)


def register_failures(app: Flask) -> None:
    """Handle every exception of every route of ``app``."""
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(OneTimePassword, _password_to_change)
    app.register_error_handler(SecondFactorToSetUp, _factor_to_set_up)
    app.register_error_handler(ProofNeeded, _proof_needed)
    app.register_error_handler(LaurelError, _answer_refusal)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_broken)


def failure_of(error: LaurelError) -> Failure:
    """Return what a refusal says; one that is the installation's fault gets an incident number."""
    incident = None
    status, message = status_of(error), error.message
    if error.to_programs is not None and request.path.startswith("/api/"):
        message = error.to_programs
    if error.code in PASSING:
        LOG.info("%s: %s", error.code, error.message.zh)
    elif status >= 500:
        incident = secrets.token_hex(4)
        cause = str(error.__cause__ or error.__context__ or "").partition("\n")[0]
        LOG.error("incident %s: %s %s", incident, error.message.zh, cause)  # foreseen: where it arose says nothing
    if status == 409 and error.code not in (Stale.code, NotReady.code):
        return Failure(status, error.code, _NOT_NOW, message, _NOT_NOW_REMEDY, members=error.members)
    title = _TITLE_OF_CODE.get(error.code) or _TITLES.get(status, _OURS if status >= 500 else _TITLES[400])
    remedy = (
        None
        if error.code in (StaleForm.code, NotReady.code, FileStopped.code, NotDeclared.code)
        else _REMEDIES.get(status)
    )
    return Failure(status, error.code, title, message, remedy, incident, error.members)


def answer_failure(failure: Failure) -> Response:
    """Return ``failure`` as a page, or as problem+json (RFC 9457) for programs and scripts."""
    if wants_json():
        return build_problem_response(failure)
    if failure.status >= 500 or failure.code == TooManyRequests.code:
        g.broken = True  # the page is drawn without asking the database anything
    page = render_template(
        "errors/failure.html",
        failure=failure,
        ways_back=_ways_back(failure),
        number=request_number(),
        carried=carried_form(failure.status, failure.code),
        typed=refused_texts(failure.status) if failure.code != StaleForm.code else (),
    )
    return make_response(page, failure.status)


def build_problem_response(failure: Failure) -> Response:
    """Return ``failure`` as problem+json; ``message`` repeats ``detail`` for the scripts of our pages."""
    body = {
        "type": f"urn:laurel:problem:{failure.code}",
        "title": failure.title.pick(language()),
        "status": failure.status,
        "code": failure.code,
        "detail": failure.message.pick(language()),
        "message": failure.message.pick(language()),
        "detail_zh": failure.message.zh,
        "detail_en": failure.message.en,
        **({"incident": failure.incident} if failure.incident else {}),
        "request": request_number(),
        **failure.members,
    }
    answer = make_response(current_app.json.dumps(body), failure.status)
    answer.content_type = "application/problem+json"
    if failure.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, 15.5.2
    return answer


def _ways_back(failure: Failure) -> list[dict[str, str]]:
    """Return where somebody may go on: the draft, the task that changed meanwhile, or the first page.

    An applicant sends another file in place of one that is out of circulation.
    """
    actor, first = the_actor(), {"label": t("返回首页", "First page"), "href": "/"}
    if actor.person_id is None:
        return [first]
    file = _FILE.match(request.path) if failure.code == FileStopped.code else None
    if file and any(seat.body_kind in APPLICANT_KINDS for seat in actor.seats):
        return [{"label": t("更换附件", "Send another file"), "href": f"{file[0]}/replace"}]
    if not request.path.startswith("/studio") or not GUARDS["draft.view"].admits(actor):
        task = _ACT_OF_TASK.match(request.path) if failure.status == 409 else None
        seen = [{"label": t("查看这项待办", "Look at this task"), "href": task[1]}] if task else []
        if failure.code == NotDeclared.code and failure.members["task_id"]:
            seen = [{"label": t("申明利害关系", "Declare"), "href": f"/tasks/{failure.members['task_id']}"}]
        return [*seen, first]
    draft = _WITHIN_DRAFT.match(request.path)
    back = [{"label": t("回到这份草稿", "Back to the draft"), "href": draft[1]}] if draft else []
    return [*back, {"label": t("返回设计", "Back to the studio"), "href": "/studio"}]


def _sign_in_needed(error: SignInNeeded) -> Response:
    if wants_json():
        return build_problem_response(
            replace(failure_of(error), message=_ENDED if request.method != "GET" else error.message)
        )
    if request.method == "GET":
        return make_response(redirect(f"/sign-in?{urlencode({'next': request.full_path.rstrip('?')})}"))
    uncast = request.path.removeprefix(UNCARRIED_PATHS).isdecimal()
    return ask_to_sign_in(_NOT_CAST if uncast else error.message)


def _password_to_change(error: OneTimePassword) -> Response:
    if wants_json():
        return build_problem_response(failure_of(error))
    onward = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else ""
    return make_response(redirect(f"/password?{urlencode({'next': onward})}" if onward else "/password"))


def _factor_to_set_up(error: SecondFactorToSetUp) -> Response:
    if wants_json():
        return build_problem_response(failure_of(error))
    return make_response(redirect("/account/second-factor"))


def _proof_needed(error: ProofNeeded) -> Response:
    note_refusal(error)
    return build_problem_response(failure_of(error)) if is_script_request() else ask_for_proof(error)


def _answer_refusal(error: LaurelError) -> Response:
    note_refusal(error)
    return answer_failure(failure_of(error))


def _answer_http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    status = error.code or 500
    if status >= 500:
        return _answer_broken(error)
    message = _HTTP.get(status, _HTTP[400])
    if isinstance(error, MethodNotAllowed) and wants_json():
        served = ", ".join(sorted(error.valid_methods or ()))
        message = Text(
            f"此地址不接受 {request.method}，可用：{served}。",
            f"{request.method} is not served here; served: {served}.",
        )
    failure = Failure(
        status, _CODES.get(status, "http"), _TITLES.get(status, _TITLES[400]), message, _REMEDIES.get(status)
    )
    answer = answer_failure(failure)
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


_CODES = {404: NotFound.code, 405: "not_served", 413: "too_large"}
"""Codes of what the server refuses before an operation is reached."""


def _no_room(error: OSError) -> bool:
    """Return whether the volume is full where uploads arrive first; Python says of it that no folder can be used."""
    return error.errno in FULL or "usable temporary directory" in str(error)


def _answer_broken(error: Exception) -> Response:
    if isinstance(error, OSError) and _no_room(error):
        full = StorageFull()
        full.__cause__ = error
        return _answer_refusal(full)
    return answer_failure(Failure(500, "broken", _OURS, _BROKEN, _BROKEN_REMEDY, incident_of(error)))


def incident_of(error: Exception) -> str:
    """Write what nobody foresaw into the log and return the number under which it stands there."""
    incident = secrets.token_hex(4)
    LOG.error("incident %s: %s %s", incident, request.method, request.endpoint, exc_info=error)
    return incident
