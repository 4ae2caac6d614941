"""A small OpenID Connect provider by Authlib's server part, which really checks PKCE; and a small CAS server."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode
from flask import Flask, Response, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from tests.support.waiting import ended

CLIENT, SECRET = "laurel", "a-secret-of-the-tests"


class OneClient(ClientMixin):
    """The program, as it is registered."""

    def __init__(self, back: str) -> None:
        self.back = back

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code that was handed out; it serves once."""

    code: str
    user: dict[str, Any]
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@cache
def _first_key() -> RSAKey:
    return _new_key()


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})


@dataclass
class Provider:
    """The provider: ``people`` by login, ``now`` its clock; ``forged`` claims take the place of true ones in ID tokens."""

    back: str
    now: Callable[[], float]
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    forged: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    issuer: str = ""
    key: RSAKey = field(init=False)
    signing: RSAKey | None = None

    def __post_init__(self) -> None:
        self.key = _first_key()

    def rotate(self) -> None:
        """Sign with another key from now on, the only one that is published."""
        self.key = _new_key()

    def signed(self, claims: dict[str, Any]) -> str:
        now = int(self.now())
        true = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **claims}
        header = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(header, {**true, **self.forged}, self.signing or self.key, ["RS256"])


def application(provider: Provider) -> Flask:
    """Return the provider as a web application."""
    app = Flask("provider")
    app.config["PROPAGATE_EXCEPTIONS"] = True
    client = OneClient(provider.back)
    server = AuthorizationServer(app, query_client=lambda _: client, save_token=lambda *_: None)

    class Grant(AuthorizationCodeGrant):
        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            provider.codes[code] = Code(
                code, request.user, request.payload.redirect_uri, request.payload.scope,
                asked.get("nonce", ""), asked.get("code_challenge", ""), asked.get("code_challenge_method", ""),
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
            return authorization_code.user

    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def encode_id_token(self, token: Any, request: Any) -> str:
            return provider.signed({"nonce": request.authorization_code.nonce, **request.user})

    server.register_grant(Grant, [Tokens(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def configuration() -> dict[str, Any]:
        provider.asked.append("configuration")
        names = {"authorization": "authorize", "token": "token", "end_session": "end"}
        found = {f"{name}_endpoint": f"{provider.issuer}/{path}" for name, path in names.items()}
        return {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys", **found}

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        provider.asked.append("keys")
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize() -> Any:
        """Let in whom the argument ``who`` names: it stands for whatever a provider asks of people."""
        user = provider.people[request.args.get("who", "")]
        return server.create_authorization_response(grant=server.get_consent_grant(end_user=user), grant_user=user)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app


@dataclass
class Cas:
    """A CAS server: ``people`` by login with their attributes; ``answer`` takes the place of a true one."""

    people: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    tickets: dict[str, tuple[str, str]] = field(default_factory=dict)
    answer: str = ""
    issuer: str = ""


def cas_application(cas: Cas) -> Flask:
    """Return the CAS server as a web application."""
    app = Flask("cas")

    @app.get("/login")
    def login() -> Any:
        service, ticket = request.args["service"], f"ST-{secrets.token_hex(8)}"
        cas.tickets[ticket] = (request.args["who"], service)
        return redirect(f"{service}{'&' if '?' in service else '?'}{urlencode({'ticket': ticket})}")

    @app.get("/p3/serviceValidate")
    def validate() -> Response:
        who, service = cas.tickets.pop(request.args["ticket"], ("", ""))
        space = 'xmlns:cas="http://www.yale.edu/tp/cas"'
        if cas.answer:
            return Response(cas.answer, mimetype="application/xml")
        if not who or service != request.args["service"]:
            failure = '<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>'
            return Response(f"<cas:serviceResponse {space}>{failure}</cas:serviceResponse>", mimetype="application/xml")
        told = "".join(f"<cas:{n}>{v}</cas:{n}>" for n, all_ in cas.people[who].items() for v in all_)
        inside = f"<cas:user>{who}</cas:user><cas:attributes>{told}</cas:attributes>"
        success = f"<cas:authenticationSuccess>{inside}</cas:authenticationSuccess>"
        return Response(f"<cas:serviceResponse {space}>{success}</cas:serviceResponse>", mimetype="application/xml")

    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve ``app`` on this machine; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        ended(thread)


@contextmanager
def provider_running(back: str, now: Callable[[], float] = time.time) -> Iterator[Provider]:
    """Run an OpenID Connect provider that knows the program at ``back``."""
    provider = Provider(back, now)
    with served(application(provider)) as address:
        provider.issuer = address
        yield provider


@contextmanager
def cas_running() -> Iterator[Cas]:
    """Run a CAS server."""
    cas = Cas()
    with served(cas_application(cas)) as address:
        cas.issuer = address
        yield cas
