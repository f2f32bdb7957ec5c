"""Who is staff: members of the review channel, or those named; and what it costs to know."""

import asyncio
from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError

from bot.channels.slack.users import SlackUsers
from tests.slack_peer import ALICE, BOB, MIA, REVIEW, SUPPORT


class Directory:
    """Slack's lists of people; without the scope for a list it refuses."""

    def __init__(self, *, scopes=("groups:read", "usergroups:read")):
        self.members = [[BOB], [MIA]]  # two pages
        self.scopes = scopes
        self.asked = []

    async def conversations_members(self, *, channel, limit, cursor):
        self.asked.append(channel)
        self._check("groups:read")
        page = int(cursor or 0)
        more = str(page + 1) if page + 1 < len(self.members) else ""
        return {"members": self.members[page], "response_metadata": {"next_cursor": more}}

    async def usergroups_users_list(self, *, usergroup):
        self._check("usergroups:read")
        return {"users": [ALICE] if usergroup == "S1" else []}

    async def users_info(self, *, user, include_locale):
        return {"user": {"real_name": "Mia Moreau", "locale": "zh-CN"}}

    def _check(self, scope):
        if scope not in self.scopes:
            raise SlackApiError("refused", SimpleNamespace(get=lambda name: "missing_scope"))


def users_of(directory, *, staff=(), managers=(), review_channel=REVIEW):
    return SlackUsers(directory, managers=managers, staff=staff, review_channel=review_channel)


def is_staff(users, user, channel=""):
    return asyncio.run(users.is_staff(user, channel))


class TestWhoIsStaff:
    @pytest.mark.parametrize(("user", "expected"), [(BOB, True), (MIA, True), (ALICE, False)])
    def test_members_of_the_review_channel_are(self, user, expected):
        """However many pages their list has."""
        assert expected == is_staff(users_of(Directory()), user)

    def test_a_named_person_a_named_group_and_a_manager_are(self):
        """SHOPCLERK_STAFF and SHOPCLERK_MANAGERS, by person or by group."""
        for named in ({"staff": ("S1",)}, {"staff": (ALICE,)}, {"managers": ("S1",)}):
            assert is_staff(users_of(Directory(), **named), ALICE)

    def test_a_list_that_slack_refuses_is_not_asked_for_at_every_event(self):
        """Too many look-ups would be refused for ever; what Slack told before is gone by."""
        directory = Directory(scopes=())
        users = users_of(directory)
        seen = [is_staff(users, BOB, REVIEW) for _ in range(20)]

        assert [True] * 20 == seen
        assert [REVIEW] == directory.asked

    def test_nobody_is_where_nothing_is_set(self):
        """Without a review channel nobody sees the shop's inside by chance."""
        assert not is_staff(users_of(Directory(), review_channel=None), BOB)

    def test_who_was_let_into_the_channel_is_where_slack_does_not_list_it(self):
        """Until the new scope is granted, what is done in the channel counts."""
        users = users_of(Directory(scopes=()))

        assert is_staff(users, BOB, REVIEW)
        assert not is_staff(users, BOB, SUPPORT)
        assert not is_staff(users, BOB)

    def test_a_press_in_the_channel_by_somebody_who_is_not_in_it_does_not_count(self):
        """A public channel can be looked at by everybody."""
        assert not is_staff(users_of(Directory()), ALICE, REVIEW)

    def test_the_list_is_asked_for_once(self):
        """Not at every message of a shopper's."""
        directory = Directory()
        users = users_of(directory)
        for user in (BOB, ALICE, MIA, ALICE):
            is_staff(users, user)

        assert [REVIEW, REVIEW] == directory.asked


class TestLanguage:
    def test_is_the_one_the_person_reads_slack_in(self):
        """A shopper's home page is in it."""
        assert "zh" == asyncio.run(users_of(Directory()).locale(ALICE))
