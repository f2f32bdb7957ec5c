"""Slack users: their names and languages, who is staff, and who may retrain or promote."""

import time
from collections.abc import Collection
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.languages import normal_locale
from feedback.desk import Staff

log = structlog.get_logger()

KEPT_S: Final = 600.0  # a name or a group that changed is seen after ten minutes
NEWCOMER_S: Final = 15.0  # who is not in a list yet, or was not told, is looked for again after it
PAGE: Final = 200  # members in one answer of conversations.members
AWAY: Final = (SlackApiError, aiohttp.ClientError, OSError)  # Slack does not tell


class SlackUsers:
    """Looks people up, and remembers them for a while."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        managers: Collection[str],
        staff: Collection[str],
        review_channel: str | None,
    ) -> None:
        """`managers` and `staff` are ids of people (`U…`) and of user groups (`S…`)."""
        self._client = client
        self._managers = managers
        self._staff = staff
        self._review_channel = review_channel
        self._kept: dict[str, tuple[float, Any]] = {}

    async def staff(self, user: str, otherwise: str = "") -> Staff:
        """Somebody of the staff; `otherwise` is their name where Slack does not tell."""
        profile = await self._profile(user)
        details = profile.get("profile") or {}
        # Display names are often handles; the shopper reads this one.
        shown = profile.get("real_name") or details.get("display_name") or profile.get("name")
        return Staff(user, str(shown or otherwise or "a colleague"))

    async def locale(self, user: str) -> str | None:
        """The language this person reads Slack in; None where Slack does not tell."""
        told = (await self._profile(user)).get("locale")
        return normal_locale(str(told)) if told else None

    async def is_staff(self, user: str, channel: str = "") -> bool:
        """Whether this person may see the shop's inside.

        They are in the review channel, or are named by themselves or by a group. Where Slack does
        not tell who is in the review channel (a scope is missing), who acts in `channel` and it is
        that one was let in there.
        """
        if await self._named(user, self._staff) or await self.may_manage(user):
            return True
        if not self._review_channel:
            return False
        members = await self._list(f"members:{self._review_channel}", user)
        return channel == self._review_channel if members is None else user in members

    async def may_manage(self, user: str) -> bool:
        """Whether this person may retrain, promote and roll back."""
        return await self._named(user, self._managers)

    async def _named(self, user: str, ids: Collection[str]) -> bool:
        if user in ids:
            return True
        groups = [one for one in ids if one.startswith("S")]
        lists = [await self._list(f"group:{group}", user) or () for group in groups]
        return any(user in listed for listed in lists)

    async def _profile(self, user: str) -> dict[str, Any]:
        known: dict[str, Any] | None = self._known(f"profile:{user}")
        if known is not None or self._rests(f"profile:{user}"):
            return known or {}
        try:
            told: Any = await self._client.users_info(user=user, include_locale=True)
        except AWAY as refused:
            log.warning("slack.no_name", reason=type(refused).__name__)
            self._keep(f"away:profile:{user}", True)
            return {}
        found: dict[str, Any] = self._keep(f"profile:{user}", dict(told.get("user") or {}))
        return found

    async def _list(self, name: str, user: str) -> frozenset[str] | None:
        """Who is in a list ("members:C1", "group:S1"); None where Slack does not tell."""
        known: frozenset[str] | None = self._known(name)
        if known is not None and (user in known or self._known(name, NEWCOMER_S) is not None):
            return known
        if self._rests(name):
            return known
        kind, _, which = name.partition(":")
        read = self._channel_members if kind == "members" else self._group_members
        try:
            listed: frozenset[str] = self._keep(name, frozenset(await read(which)))
        except AWAY as refused:
            error = refused.response.get("error") if isinstance(refused, SlackApiError) else None
            log.warning("slack.no_list", name=name, reason=error or type(refused).__name__)
            self._keep(f"away:{name}", True)
            return known
        return listed

    async def _group_members(self, group: str) -> list[str]:
        answer: Any = await self._client.usergroups_users_list(usergroup=group)
        return list(answer.get("users") or ())

    async def _channel_members(self, channel: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            answer: Any = await self._client.conversations_members(
                channel=channel, limit=PAGE, cursor=cursor
            )
            found += answer.get("members") or ()
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found

    def _rests(self, name: str) -> bool:
        """Whether Slack did not tell it a moment ago: it is not asked at every event."""
        return self._known(f"away:{name}", NEWCOMER_S) is not None

    def _known(self, name: str, kept_s: float = KEPT_S) -> Any:
        at, value = self._kept.get(name, (0.0, None))
        return value if value is not None and time.monotonic() - at < kept_s else None

    def _keep(self, name: str, value: Any) -> Any:
        self._kept[name] = (time.monotonic(), value)
        return value
