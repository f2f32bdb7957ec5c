"""Files of Slack's messages: fetched with the bot's token and kept in the private store."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.messages import Message, SlackFile
from feedback.files import LARGEST, FileRefused, Files, NewFile, Sender, TooManyFiles

log = structlog.get_logger()

HOST: Final = "files.slack.com"
SIGN_IN: Final = "text/html"  # Slack's sign-in page, in the place of a file that it keeps from us
PATIENCE: Final = aiohttp.ClientTimeout(total=60)


class FetchedFile(NamedTuple):
    """A file of a message: its bytes, or why it can not be passed on."""

    file_id: str  # of ours: the same file of the same message again is the same
    name: str
    content: bytes = b""
    refused: str = ""  # a sentence for the staff


class SlackFiles:
    """Fetches the files of messages."""

    def __init__(self, client: AsyncWebClient) -> None:
        """Fetch with the token of `client`, from Slack's host for files or from `client`'s own."""
        self._client = client
        self._hosts = {HOST, urlsplit(str(client.base_url)).netloc}

    async def fetch(self, message: Message) -> list[FetchedFile]:
        """All files of a message, the refused ones with the reason.

        Raises:
            aiohttp.ClientError, TimeoutError: Slack did not answer; it is worth another try.
        """
        return [await self._fetch(message, file) for file in message.files]

    async def _fetch(self, message: Message, file: SlackFile) -> FetchedFile:
        named = f"{message.team}:{message.channel}:{message.ts}:{file.id}"
        fetched = FetchedFile("slack-" + hashlib.sha256(named.encode()).hexdigest(), file.name)
        if file.size > LARGEST:
            megabytes = f"{file.size / 1e6:.1f} MB"
            return fetched._replace(refused=f"It has {megabytes}; send one of at most 10 MB.")
        url = file.url or await self._ask_where(file.id)
        if urlsplit(url).netloc not in self._hosts:
            return fetched._replace(refused="It lies outside Slack; send the file itself.")
        content = await self._read(url)
        if content is None:
            return fetched._replace(refused="Slack does not hand it out; send it once more.")
        return fetched._replace(content=content)

    async def _ask_where(self, slack_id: str) -> str:
        """The address of a file that an event only names, as in channels shared with others."""
        try:
            told = await self._client.files_info(file=slack_id)
        except SlackApiError as refused:
            log.warning("slack.no_file", error=refused.response.get("error"))
            return ""
        file = told.get("file") or {}
        return str(file.get("url_private_download") or file.get("url_private") or "")

    async def _read(self, url: str) -> bytes | None:
        """The bytes, one more than may be at most; None where Slack keeps them from us."""
        headers = {"Authorization": f"Bearer {self._client.token}"}
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status >= 500 or answer.status == 429:
                answer.raise_for_status()
            if answer.status != 200 or answer.content_type == SIGN_IN:
                log.warning("slack.file_refused", status=answer.status)
                return None
            found = b""
            while len(found) <= LARGEST:
                part = await answer.content.read(LARGEST + 1 - len(found))
                if not part:
                    break
                found += part
            return found


def keep_files(
    files: Files,
    fetched: Sequence[FetchedFile],
    *,
    dialogue_id: str,
    client_id: str,
    sender: Sender,
    now: datetime,
) -> list[FetchedFile]:
    """Keep what was fetched with the turn `client_id`; what was not taken, with the reason."""
    refused = []
    for file in fetched:
        if file.refused:
            refused.append(file)
            continue
        new = NewFile(file.file_id, dialogue_id, file.name, file.content, sender, client_id)
        try:
            files.keep(new, now)
        except (FileRefused, TooManyFiles) as error:
            refused.append(file._replace(refused=str(error)))
    return refused


def names_of(files: Sequence[FetchedFile | SlackFile]) -> str:
    """What files are called, in the place of words that were not written."""
    return ", ".join(" ".join(file.name.split()) or "file" for file in files)
