"""`shopclerk check`: the OpenID Connect provider of the desk's login."""

import httpx

from bot.http import SSO_PATH
from shopclerk.commands.checks.finding import Finding
from shopclerk.settings import Settings

SECONDS = 10.0
DOCUMENT = "/.well-known/openid-configuration"


def look_at_sso(settings: Settings) -> list[Finding]:
    """Nothing where no provider is set."""
    if settings.oidc_issuer is None:
        return []
    if not settings.oidc_owners and not settings.oidc_staff:
        text = "nobody may sit there; name addresses or @domain in SHOPCLERK_OIDC_OWNERS"
        return [Finding("desk login", False, text)]
    address = settings.oidc_issuer + DOCUMENT
    try:
        told = httpx.get(address, timeout=SECONDS).raise_for_status().json()
        issuer, _ = str(told["issuer"]), told["authorization_endpoint"]
    except httpx.HTTPError as failure:
        return [Finding("desk login", False, f"{address}: {failure}")]
    except (ValueError, KeyError, TypeError):
        return [Finding("desk login", False, f"{address} is no OpenID Connect document")]
    if issuer.rstrip("/") != settings.oidc_issuer:
        text = f"the provider calls itself {issuer}; set SHOPCLERK_OIDC_ISSUER to that"
        return [Finding("desk login", False, text)]
    back = f"{settings.public_url}{SSO_PATH}/back"
    return [Finding("desk login", True, f"{issuer}; it has to allow the redirect to {back}")]
