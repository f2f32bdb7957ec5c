"""Slack users: the names shoppers read, and who may retrain or promote."""

import time
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from feedback.desk import Staff

log = structlog.get_logger()

KEPT_S: Final = 600.0  # a name or a group that changed is seen after ten minutes


class SlackUsers:
    """Looks people up, and remembers them for a while."""

    def __init__(self, client: AsyncWebClient, managers: tuple[str, ...]) -> None:
        """`managers` are ids of people (`U…`) and of user groups (`S…`)."""
        self._client = client
        self._managers = managers
        self._kept: dict[str, tuple[float, Any]] = {}

    async def staff(self, user: str, otherwise: str = "") -> Staff:
        """Somebody of the staff; `otherwise` is their name where Slack does not tell."""
        known = self._known(f"name:{user}")
        if known is None:
            try:
                profile: Any = (await self._client.users_info(user=user)).get("user") or {}
            except (SlackApiError, OSError) as refused:
                log.warning("slack.no_name", reason=type(refused).__name__)
                return Staff(user, otherwise or "a colleague")
            details = profile.get("profile") or {}
            # Display names are often handles; the shopper reads this one.
            shown = profile.get("real_name") or details.get("display_name") or profile.get("name")
            known = self._keep(f"name:{user}", str(shown or otherwise or "a colleague"))
        return Staff(user, known)

    async def may_manage(self, user: str) -> bool:
        """Whether this person may retrain, promote and roll back."""
        if user in self._managers:
            return True
        groups = [one for one in self._managers if one.startswith("S")]
        return any([user in await self._members(group) for group in groups])

    async def _members(self, group: str) -> tuple[str, ...]:
        known: tuple[str, ...] | None = self._known(f"group:{group}")
        if known is None:
            try:
                answer = await self._client.usergroups_users_list(usergroup=group)
            except (SlackApiError, OSError) as refused:
                log.warning("slack.no_group", group=group, reason=type(refused).__name__)
                return ()
            known = self._keep(f"group:{group}", tuple(answer.get("users") or ()))
        return known

    def _known(self, name: str) -> Any:
        at, value = self._kept.get(name, (0.0, None))
        return value if value is not None and time.monotonic() - at < KEPT_S else None

    def _keep(self, name: str, value: Any) -> Any:
        self._kept[name] = (time.monotonic(), value)
        return value
