"""OpenID Connect Core 1.0 by Authlib: authorization code with PKCE (RFC 7636), ID tokens verified by the provider's keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import orjson
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from service.domain.text import Text
from service.identity.asking import SECONDS, configure_session, describe_silence, fetch_provider_answer
from service.identity.port import Errand, NotVouched, ProviderUnreachable, Vouched
from service.settings import OidcPlace

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures that are taken: by a private key of the provider alone, never the client's secret, never none."""

LEEWAY = 60
"""Seconds by which the provider's clock may differ."""

_FRESH = 3600.0
_REST = 10.0
"""Seconds for which a provider that did not answer is not asked again, so that visitors keep no thread waiting."""
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    basic: bool
    names_itself: bool


@dataclass(slots=True)
class OpenIdProvider:
    """One provider; what it says of itself is read again after an hour, its keys when one is not known."""

    place: OidcPlace
    _read: tuple[float, Metadata] | None = field(default=None, init=False)
    _trouble: tuple[float, ProviderUnreachable] | None = field(default=None, init=False)
    _keys: KeySet | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    @property
    def issuer(self) -> str:
        """The address of the provider, as its tokens name it."""
        return self.place.issuer

    def begin(self, errand: Errand, back: str, *, anew: bool) -> str:
        """Return the address of the provider's sign-in with state, nonce and the challenge of the verifier."""
        metadata = self._get_metadata()
        more = {"prompt": "login"} if anew else {}
        address, _ = self._open_client(metadata, back).create_authorization_url(
            metadata.authorization, state=errand.state, code_verifier=errand.verifier, nonce=errand.nonce, **more
        )
        return str(address)

    def finish(self, errand: Errand, back: str, answer: Mapping[str, str], now: datetime) -> Vouched:
        """Change the code for tokens, verify the ID token and return what it says."""
        metadata, code = self._get_metadata(), answer.get("code", "")
        issuer = answer.get("iss", "")
        if answer.get("state") != errand.state or not code:
            raise NotVouched(answer.get("error", "no code, or another state")[:80])
        if (metadata.names_itself or issuer) and issuer != self.place.issuer:  # RFC 9207
            raise NotVouched("the answer names another issuer")
        client = self._open_client(metadata, back)
        token = self._fetch_token(client, metadata, code, errand.verifier)
        claims = self._verify_claims(metadata, token, errand.nonce, now)
        return self._read_vouched(claims, self._fetch_userinfo(client, metadata, claims))

    def farewell(self, back: str) -> str | None:
        """Return the address of RP-Initiated Logout 1.0; the provider asks the person, for no ID token is kept here."""
        try:
            end = self._get_metadata().end_session
        except ProviderUnreachable:
            return None
        if not end:
            return None
        return f"{end}{'&' if '?' in end else '?'}" + urlencode(
            {"client_id": self.place.client, "post_logout_redirect_uri": back}
        )

    def describe(self) -> Text:
        """Read configuration and keys anew."""
        with self._lock:
            self._read = self._trouble = None
        self._load_keys(self._get_metadata())
        return Text(f"{self.issuer}，可以读取配置和密钥", f"{self.issuer}, configuration and keys can be read")

    def _open_client(self, metadata: Metadata, back: str) -> OAuth2Session:
        client = OAuth2Session(
            self.place.client,
            self.place.secret,
            token_endpoint_auth_method="client_secret_basic" if metadata.basic else "client_secret_post",
            scope=self.place.scope,
            redirect_uri=back,
            code_challenge_method="S256",
        )
        configure_session(client)
        return client

    def _fetch_token(self, client: OAuth2Session, metadata: Metadata, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            answer = client.fetch_token(
                metadata.token, code=code, code_verifier=verifier, timeout=SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise ProviderUnreachable(metadata.token, describe_silence(error)) from error
        except (AuthlibBaseError, ValueError) as error:
            raise NotVouched(f"no token: {getattr(error, 'error', type(error).__name__)}"[:80]) from error
        return dict(answer)

    def _verify_claims(self, metadata: Metadata, token: Mapping[str, Any], nonce: str, now: datetime) -> CodeIDToken:
        signed = token.get("id_token")
        if not isinstance(signed, str):
            raise NotVouched("no ID token")
        try:
            opened = self._decode_token(metadata, signed)
            claims = CodeIDToken(
                opened.claims,
                opened.header,
                {
                    "iss": {"essential": True, "value": self.place.issuer},
                    "aud": {"essential": True, "value": self.place.client},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self.place.client, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise NotVouched(f"ID token: {type(error).__name__} {error}"[:120]) from error
        return claims

    def _decode_token(self, metadata: Metadata, signed: str) -> jwt.Token:
        """Return the verified token; a key that is not known may be a new one, so the keys are read once more."""
        with self._lock:
            keys = self._keys
        try:
            return jwt.decode(signed, keys or self._load_keys(metadata), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, BadSignatureError):
            if keys is None:
                raise
            return jwt.decode(signed, self._load_keys(metadata), algorithms=ALGORITHMS)

    def _load_keys(self, metadata: Metadata) -> KeySet:
        answer = _parse_object(
            fetch_provider_answer(configure_session(requests.Session()), metadata.keys), metadata.keys
        )
        try:
            keys = KeySet.import_key_set({"keys": [k for k in answer.get("keys", []) if k.get("kty") != "oct"]})
        except (JoseError, ValueError, TypeError, AttributeError) as error:
            raise ProviderUnreachable(metadata.keys, Text("公布的密钥不能使用", type(error).__name__)) from error
        with self._lock:
            self._keys = keys
        return keys

    def _fetch_userinfo(
        self, client: OAuth2Session, metadata: Metadata, claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return what the UserInfo endpoint says, asked where the ID token leaves the name out."""
        if not metadata.userinfo or "name" in claims:
            return {}
        answer = _parse_object(fetch_provider_answer(client, metadata.userinfo), metadata.userinfo)
        if answer.get("sub") != claims.get("sub"):
            raise NotVouched("UserInfo is about somebody else")
        return answer

    def _read_vouched(self, claims: Mapping[str, Any], more: Mapping[str, Any]) -> Vouched:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise NotVouched("no subject")
        name = claims.get("name") or more.get("name") or ""
        factors = {*_to_word_list(claims.get("acr")), *_to_word_list(claims.get("amr"))}
        strong = not factors.isdisjoint(self.place.second_factor)
        return Vouched(self.place.issuer, subject, str(name)[:80], strong)

    def _get_metadata(self) -> Metadata:
        with self._lock:
            if self._read is not None and monotonic() - self._read[0] < _FRESH:
                return self._read[1]
            if self._trouble is not None and monotonic() - self._trouble[0] < _REST:
                raise ProviderUnreachable(self._trouble[1].place, self._trouble[1].why)
        url = f"{self.place.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            metadata = self._check_metadata(
                _parse_object(fetch_provider_answer(configure_session(requests.Session()), url), url), url
            )
        except ProviderUnreachable as trouble:
            with self._lock:
                self._trouble = (monotonic(), trouble)
            raise
        with self._lock:
            self._read, self._trouble = (monotonic(), metadata), None
        return metadata

    def _check_metadata(self, answer: Mapping[str, Any], url: str) -> Metadata:
        if answer.get("issuer") != self.place.issuer:
            raise ProviderUnreachable(
                url, Text(f"其中的 issuer 不是 {self.place.issuer}", f"issuer is not {self.place.issuer}")
            )
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
        addresses = [str(answer.get(name) or "") for name in names]
        begins = ("https://",) if self.place.issuer.startswith("https://") else ("https://", "http://")
        if not all(addresses[:3]) or not all(a.startswith(begins) for a in addresses if a):
            raise ProviderUnreachable(url, Text("缺少地址，或者不是 https", "addresses are missing, or not https"))
        ways = _to_word_list(answer.get("token_endpoint_auth_methods_supported")) or ["client_secret_basic"]
        names_itself = answer.get("authorization_response_iss_parameter_supported") is True
        authorization, token, keys, userinfo, end_session = addresses
        return Metadata(
            authorization,
            token,
            keys,
            userinfo,
            end_session,
            basic="client_secret_basic" in ways,
            names_itself=names_itself,
        )


def _parse_object(body: bytes, url: str) -> dict[str, Any]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        raise ProviderUnreachable(url.partition("?")[0], Text("应答不是 JSON 对象", "no JSON object"))
    return answer


def _to_word_list(value: object) -> list[str]:
    """Return a claim that may be one text or a list of texts as a list."""
    if isinstance(value, str):
        return [value]
    return [word for word in value if isinstance(word, str)] if isinstance(value, Iterable) else []
