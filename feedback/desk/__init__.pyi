from .accounts import (
    LONGEST_NAME as LONGEST_NAME,
    LONGEST_PASSWORD as LONGEST_PASSWORD,
    SHORTEST_PASSWORD as SHORTEST_PASSWORD,
    Accounts as Accounts,
    BadAccount as BadAccount,
    Seat as Seat,
    check_shared as check_shared,
    login_of as login_of,
)
from .action_cards import ActionCards as ActionCards
from .actions import Desk as Desk
from .alarms import OUTBOX_SECONDS as OUTBOX_SECONDS, Watchman as Watchman
from .answer_times import (
    AnswerTimes as AnswerTimes,
    StaffAnswers as StaffAnswers,
    read_staff_answers as read_staff_answers,
)
from .assignments import Assignments as Assignments
from .audit import Audit as Audit, Deed as Deed
from .card_lists import (
    CARD_LISTS as CARD_LISTS,
    CardList as CardList,
    CardLists as CardLists,
    cards_in as cards_in,
)
from .card_lock import Staff as Staff
from .card_outbox import CardDrawings as CardDrawings, queued_revision as queued_revision
from .card_view import CardView as CardView, ShopperFacts as ShopperFacts
from .cards import note_thumb as note_thumb, note_undelivered as note_undelivered
from .conversations import Conversations as Conversations, ListedConversation as ListedConversation
from .corrections import Corrections as Corrections
from .dialogue_hooks import DeskHooks as DeskHooks
from .file_outbox import FileOutbox as FileOutbox
from .gauges import Gauges as Gauges, read_gauges as read_gauges
from .inbox import MAX_ATTEMPTS as MAX_ATTEMPTS, Inbox as Inbox, Incoming as Incoming
from .notes import InternalNotes as InternalNotes, thread_note_id as thread_note_id
from .office_hours import OfficeHours as OfficeHours, read_office_hours as read_office_hours
from .outbox import Claimed as Claimed, Outbox as Outbox
from .outbox_routes import Route as Route, Waiting as Waiting
from .outgoing import SAID as SAID
from .own_words import read_own_words as read_own_words
from .passwords import is_easy as is_easy
from .presence import Colleague as Colleague, Presences as Presences
from .queue import (
    DeskQueue as DeskQueue,
    RecentAnswer as RecentAnswer,
    WaitingDialogue as WaitingDialogue,
)
from .reminders import Reminders as Reminders
from .review_sheets import Item as Item, Sheets as Sheets, SheetView as SheetView
from .search import (
    FoundTurn as FoundTurn,
    FoundWords as FoundWords,
    find_words as find_words,
)
from .targets import (
    USUAL_TARGETS as USUAL_TARGETS,
    AnswerTargets as AnswerTargets,
    Standing as Standing,
    WaitsFor as WaitsFor,
    standing as standing,
)
from .waits import WaitsNow as WaitsNow, waits_now as waits_now
