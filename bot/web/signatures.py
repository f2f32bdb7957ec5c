"""Checks who sent a webhook, over the raw bytes, before anything in them is read."""

import base64
import hashlib
import hmac

from bot.web.problems import Problem


def sign(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over `body`.

    >>> sign("secret", b"{}")
    'dzJZAsrKgS3CWXM6rNBGtzgXNyx3e42VtAJkdHRRbhM='
    """
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def check_signature(
    secret: str | None, body: bytes, signature: str | None, *, setting: str, header: str
) -> None:
    """Refuse a body that its sender did not sign with `secret`.

    Raises:
        Problem: no secret is set, no signature came, or it is another one.
    """
    if secret is None:
        raise Problem("not-configured", f"Set {setting} to the secret that signs this webhook.")
    if not signature:
        raise Problem(
            "bad-signature", f"{header} is missing; sign the raw body (HMAC-SHA256, base64)."
        )
    # Compared as bytes: `compare_digest` refuses text that is not ASCII.
    if not hmac.compare_digest(sign(secret, body).encode(), signature.strip().encode()):
        raise Problem(
            "bad-signature",
            f"{header} is another body's; sign the raw bytes with the secret in {setting}.",
        )
