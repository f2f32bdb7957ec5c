"""Single sign-on at the desk, with the company's OpenID Connect provider.

Mounted at `/desk/sso` when a provider is set. Authlib does the protocol (authorization code with
PKCE, state, nonce, the ID token's signature and claims); who may sit here, the shop says by e-mail
address. What is remembered between leaving and coming back lies in a signed cookie of ten minutes
that reaches these two pages alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.desk.audit import note
from bot.desk.login import NOBODY, let_in
from bot.http import SSO_PATH, Problem, WebContext, address_of, context_of, problem_response, render

COOKIE: Final = "shopclerk_sso"
AWAY: Final = timedelta(minutes=10)  # to log in over there
PROVIDER_SECONDS: Final = 10.0

log = structlog.get_logger()


@dataclass(frozen=True)
class SingleSignOn:
    """An OpenID Connect provider, and who of those it vouches for may sit at the desk."""

    issuer: str  # without a slash at the end
    client_id: str
    client_secret: str
    cookie_key: str  # signs what is remembered while somebody logs in over there
    owners: tuple[str, ...] = ()  # e-mail addresses in small letters, or @domain for all of it
    staff: tuple[str, ...] = ()

    def role_of(self, email: str) -> str | None:
        """The role of an address; None: it may not sit at the desk.

        >>> provider = SingleSignOn("", "", "", "", owners=("mei@a.org",), staff=("@a.org",))
        >>> [provider.role_of(f"{who}.org") for who in ("mei@a", "ben@a", "ben@not-a")]
        ['owner', 'staff', None]
        """
        names = {email, f"@{email.rpartition('@')[2]}"}
        if names & set(self.owners):
            return "owner"
        return "staff" if names & set(self.staff) else None


class Person(NamedTuple):
    """Whom the provider vouches for."""

    email: str
    name: str


class NotVouchedFor(Exception):
    """The provider told nothing that lets somebody in; the message says what was missing."""


def build_sso(provider: SingleSignOn, context: WebContext) -> Starlette:
    """The two pages: out to the provider, and back from it."""
    client = OAuth().register(
        "provider",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "timeout": PROVIDER_SECONDS,
        },
    )
    back = f"{context.config.public_url}{SSO_PATH}/back"

    async def leave(request: Request) -> Response:
        """Send the browser to the provider."""
        answer: Response = await client.authorize_redirect(request, back)
        return answer

    async def come_back(request: Request) -> Response:
        """Take what the provider says, and let in whom the shop named."""
        claims = _claims(provider, await client.load_server_metadata())
        person = _person(await client.authorize_access_token(request, claims_options=claims))
        role = provider.role_of(person.email)
        cookie = role and await context.call(
            context.accounts.vouched_for,
            person.email,
            person.name,
            role,
            now=context.clock(),
            life=timedelta(hours=context.config.desk_hours),
        )
        if not cookie:
            await note(context, NOBODY, "log_in", outcome="refused", address=address_of(request))
            return _page(request, 403, "stranger", person.email)
        # No redirect: the desk's cookie is kept from whatever a foreign site began.
        answer = _page(request, 200, "in")
        await let_in(answer, cookie, context, address_of(request))
        return answer

    app = Starlette(
        routes=[Route("/", _guarded(leave)), Route("/back", _guarded(come_back))],
        middleware=[
            Middleware(
                SessionMiddleware,
                secret_key=provider.cookie_key,
                session_cookie=COOKIE,
                max_age=int(AWAY.total_seconds()),
                path=SSO_PATH,
                same_site="lax",  # it has to come along from the provider's page
                https_only=context.config.public_url.startswith("https://"),
            )
        ],
    )
    app.state.context = context
    return app


def _guarded(page: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """`page`, counted like any login, and with a sentence for whatever the provider does wrong."""

    async def guarded(request: Request) -> Response:
        try:
            await context_of(request).limited([("login", address_of(request))], lambda: None)
            answer: Response = await page(request)
        except Problem as problem:
            return problem_response(request, problem.kind, problem.detail, problem.headers)
        except httpx2.HTTPError as failure:
            log.warning("sso.provider_away", error=type(failure).__name__)
            return _page(request, 503, "away")
        except (AuthlibBaseError, JoseError, NotVouchedFor, ValueError, RuntimeError) as failure:
            # Its words may hold a token; its kind does not.
            log.warning("sso.refused", error=type(failure).__name__)
            return _page(request, 401, "refused")
        return answer

    return guarded


def _claims(provider: SingleSignOn, metadata: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What an ID token has to say: that it is for us alone, and from this provider alone.

    Raises:
        NotVouchedFor: another provider answers at the address.
    """
    issuer = str(metadata.get("issuer"))
    if issuer.rstrip("/") != provider.issuer:
        raise NotVouchedFor("another issuer")
    return {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
    }


def _person(token: dict[str, Any]) -> Person:
    """Whom an answered login is about.

    Raises:
        NotVouchedFor: no e-mail address, or one that the provider says is not proved.
    """
    told = token.get("userinfo") or {}
    email = str(told.get("email") or "").strip().lower()
    # Microsoft's leaves it out, and has its addresses from the company's own directory.
    if "@" not in email or told.get("email_verified", True) is not True:
        raise NotVouchedFor("no proved e-mail address")
    return Person(email, str(told.get("name") or email.partition("@")[0]))


def _page(request: Request, status: int, outcome: str, email: str = "") -> HTMLResponse:
    return HTMLResponse(render(request, "desk_sso.html", outcome=outcome, email=email), status)
