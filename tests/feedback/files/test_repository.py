"""Stories of a file: chosen, sent, seen, forgotten."""

import pytest

from feedback.db.errors import UnknownDialogue
from feedback.files.check import FileRefused
from feedback.files.repository import MOST_OF_A_DIALOGUE, Files, NewFile, TooManyFiles, UnknownFile
from feedback.files.virus_scan import VirusScan
from feedback.privacy.erasure import Erasure
from feedback.privacy.retention import Keep, forget_old
from tests.factories import NOW, days, hours, make_store, open_dialogue
from tests.feedback.files.pictures import PDF, picture


@pytest.fixture
def talk(database):
    """A dialogue of Anna's."""
    return open_dialogue(make_store(database), shopper_id="anna").dialogue_id


def chosen(talk: str, file_id: str = "f1", content: bytes = PDF, **changes: str) -> NewFile:
    """A file that the shopper chose."""
    return NewFile(file_id, talk, changes.pop("name", "bill.pdf"), content, "shopper")


class TestKeeping:
    def test_a_file_goes_with_its_turn(self, database, talk):
        """
        A chosen file is nobody's until a turn names it; naming it twice changes nothing.
        """
        files = Files(database)
        files.keep(chosen(talk), NOW)
        before = files.sent_in(talk)

        files.attach(talk, "m1", ["f1", "f1"])
        files.attach(talk, "m1", ["f1"])

        assert ({}, ["bill.pdf"]) == (before, [one.name for one in files.sent_in(talk)["m1"]])

    def test_it_is_opened_whole_and_small(self, database, talk):
        """
        A picture has a thumbnail, a PDF has none.
        """
        files = Files(database)
        files.keep(chosen(talk, "f1", picture(size=(900, 900))), NOW)
        files.keep(chosen(talk, "f2"), NOW)

        whole, small = files.open("f1"), files.open("f1", thumbnail=True)
        assert whole is not None
        assert small is not None
        assert len(small.content) < len(whole.content)
        assert None is files.open("f2", thumbnail=True)
        assert None is files.open("f3")

    def test_another_dialogue_cannot_send_it(self, database, talk):
        """
        Neither a stranger's dialogue, nor a second turn, nor a made-up id gets a file.
        """
        files = Files(database)
        files.keep(chosen(talk), NOW)
        other = open_dialogue(make_store(database), shopper_id="bo").dialogue_id

        with pytest.raises(UnknownFile):
            files.attach(other, "m1", ["f1"])
        files.attach(talk, "m1", ["f1"])
        with pytest.raises(UnknownFile):
            files.attach(talk, "m2", ["f1"])
        with pytest.raises(UnknownFile):
            files.attach(talk, "m2", ["\udcff"])

    def test_the_same_file_again_is_one(self, database, talk):
        """
        Slack tells everything twice; the file's id names it.
        """
        files = Files(database)
        first, second = (files.keep(chosen(talk, name=name), NOW) for name in ("a.pdf", "b.pdf"))

        assert first == second

    def test_there_is_a_limit(self, database, talk):
        """
        One more than a dialogue may hold is refused with what to do.
        """
        files = Files(database)
        for number in range(MOST_OF_A_DIALOGUE):
            files.keep(chosen(talk, f"f{number}"), NOW)

        with pytest.raises(TooManyFiles, match="at most 40"):
            files.keep(chosen(talk, "one more"), NOW)

    def test_a_dialogue_that_is_gone_keeps_nothing(self, database):
        """
        A file of no dialogue has no owner.
        """
        with pytest.raises(UnknownDialogue):
            Files(database).keep(chosen("gone"), NOW)

    def test_staff_send_with_the_turn_at_once(self, database, talk):
        """
        A colleague's file names its turn as it is kept.
        """
        files = Files(database)
        files.keep(NewFile("f1", talk, "label.pdf", PDF, "staff", client_id="s1"), NOW)

        assert ["staff"] == [one.sender for one in files.sent_in(talk)["s1"]]


class TestForgetting:
    def test_it_goes_with_the_shopper(self, database, talk):
        """
        Whoever is shown their data gets the file; whoever is forgotten leaves none.
        """
        files = Files(database)
        files.keep(chosen(talk, content=picture()), NOW)

        shown = Erasure(database).export("anna")
        Erasure(database).erase_shopper("anna", NOW)

        assert shown is not None
        assert ["_9j_"] == [one["content"][:4] for one in shown["files"]]  # a JPEG, in base64
        assert None is files.open("f1")

    def test_it_goes_with_age(self, database, talk):
        """
        After its time it is deleted though its dialogue is kept; what was never sent, after a day.
        """
        files = Files(database)
        files.keep(chosen(talk, "sent"), NOW)
        files.attach(talk, "m1", ["sent"])
        files.keep(chosen(talk, "unsent"), NOW)

        first = forget_old(database, NOW + hours(25), Keep())["files"]
        second = forget_old(database, NOW + days(91), Keep())["files"]

        assert (1, 1) == (first, second)
        assert None is files.open("sent")


class TestVirusScan:
    def test_a_clean_file_is_kept_and_an_infected_one_is_not(self, database, talk):
        """
        The owner's command reads the file and says 0 or 1.
        """
        files = Files(database, VirusScan("grep -vq EICAR"))
        files.keep(chosen(talk, "clean"), NOW)

        infected = chosen(talk, "infected", b"%PDF- EICAR")
        with pytest.raises(FileRefused) as refusal:
            files.keep(infected, NOW)
        assert ("file-unsafe", None) == (refusal.value.kind, files.open("infected"))

    @pytest.mark.parametrize("command", ["no-such-scanner", "sh -c 'exit 2'"])
    def test_a_scanner_that_fails_lets_nothing_through(self, database, talk, command):
        """
        A file that nobody looked at is not kept.
        """
        with pytest.raises(FileRefused) as refusal:
            Files(database, VirusScan(command)).keep(chosen(talk), NOW)
        assert "file-unchecked" == refusal.value.kind
