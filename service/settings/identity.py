"""Where people sign in outside of the program: an OpenID Connect provider or a CAS server, and what it may say of them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from service.domain.text import Text
from service.settings.group_roles import GroupRole, group_roles_in
from service.settings.reading import SECRET_LENGTH, BadSetting, is_web_address, place


@dataclass(frozen=True, slots=True)
class OidcPlace:
    """An OpenID Connect provider.

    ``groups`` is the claim that names a person's groups, ``second_factor`` the values of ``acr`` or ``amr`` that vouch
    for a second factor, ``roles`` what groups stand for.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    groups: str = "groups"
    scope: str = "openid profile"
    second_factor: frozenset[str] = frozenset()
    roles: tuple[GroupRole, ...] = ()


@dataclass(frozen=True, slots=True)
class CasPlace:
    """A CAS 3.0 server; ``groups`` is the attribute that names groups, ``second_factor`` values of authnContextClass."""

    url: str
    groups: str = "memberOf"
    second_factor: frozenset[str] = frozenset()
    roles: tuple[GroupRole, ...] = ()


def identity_in(environment: Mapping[str, str]) -> OidcPlace | CasPlace | None:
    """Return where people sign in outside, None where they do not; raises BadSetting."""
    oidc, cas = (environment.get(name, "").strip().rstrip("/") for name in ("LAUREL_OIDC_ISSUER", "LAUREL_CAS_URL"))
    if oidc and cas:
        raise BadSetting(
            Text(
                "LAUREL_OIDC_ISSUER 和 LAUREL_CAS_URL 只能设置一个。",
                "Set one of LAUREL_OIDC_ISSUER and LAUREL_CAS_URL.",
            )
        )
    if oidc:
        return _oidc(environment)
    return _cas(environment, cas) if cas else None


def _oidc(environment: Mapping[str, str]) -> OidcPlace:
    issuer = environment["LAUREL_OIDC_ISSUER"].strip()  # compared as written: a closing stroke is part of it
    _demand_safe("LAUREL_OIDC_ISSUER", issuer)
    client, secret = (environment.get(f"LAUREL_OIDC_{name}", "").strip() for name in ("CLIENT", "SECRET"))
    if not client or len(secret) < SECRET_LENGTH:
        raise BadSetting(
            Text(
                f"设置了 LAUREL_OIDC_ISSUER，还须设置 LAUREL_OIDC_CLIENT 和不少于 {SECRET_LENGTH} 个字符的 LAUREL_OIDC_SECRET。",
                "LAUREL_OIDC_ISSUER is set; LAUREL_OIDC_CLIENT and LAUREL_OIDC_SECRET of"
                f" {SECRET_LENGTH} characters or more must be too.",
            )
        )
    scope = environment.get("LAUREL_OIDC_SCOPE", "").split()
    return OidcPlace(
        issuer,
        client,
        secret,
        environment.get("LAUREL_OIDC_GROUPS", "").strip() or "groups",
        " ".join(dict.fromkeys(["openid", *(scope or ["profile"])])),
        _values(environment, "LAUREL_OIDC_SECOND_FACTOR"),
        group_roles_in(place(environment, "LAUREL_OIDC_ROLES"), "LAUREL_OIDC_ROLES"),
    )


def _cas(environment: Mapping[str, str], url: str) -> CasPlace:
    _demand_safe("LAUREL_CAS_URL", url)
    return CasPlace(
        url,
        environment.get("LAUREL_CAS_GROUPS", "").strip() or "memberOf",
        _values(environment, "LAUREL_CAS_SECOND_FACTOR"),
        group_roles_in(place(environment, "LAUREL_CAS_ROLES"), "LAUREL_CAS_ROLES"),
    )


def _values(environment: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(word.strip() for word in environment.get(name, "").split(",") if word.strip())


def _demand_safe(name: str, url: str) -> None:
    """Raise BadSetting unless what the provider says arrives unchanged: by HTTPS, or from this machine."""
    if is_web_address(url, ("https",)) or (is_web_address(url, ("http",)) and _is_here(urlsplit(url).hostname or "")):
        return
    raise BadSetting(
        Text(
            f"{name} 应为 https:// 开头的网址（只有本机的可用 http://），不带用户名、空格和汉字。",
            f"{name} must begin with https:// (http:// for this machine alone), without a user or blanks.",
        )
    )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
