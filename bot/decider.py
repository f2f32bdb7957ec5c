"""The decider: what the clerk says to a turn, out of all that could be said."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from bot.actions import ActionFlow
from bot.conversation import (
    AskedPart,
    ComposedAnswer,
    Composer,
    Decision,
    Explorer,
    IncomingMessage,
    MessageReader,
    OfferedChoice,
    Policy,
    act_of,
    asks_for_person,
    find_abuse,
    leaves_topic,
    neighbours_of,
    page_gone_on_with,
    page_that_names,
    pointed_at,
    puts_right,
)
from bot.knowledge import Knowledge, KnowledgeQuery, KnowledgeSource, ReplyBookSource
from bot.languages import is_foreign
from serving.ranker import Candidate, Ranking

log = structlog.get_logger()

UPSET: Final = 0.6  # of the act
NEVER: Final = 1.1  # a confidence that nothing has


class Decider:
    """Reads a turn, asks everything that can answer, and decides what is said."""

    def __init__(
        self,
        reply_book: ReplyBookSource,
        sources: Sequence[KnowledgeSource] = (),
        *,
        policy: Policy,
        explorer: Explorer | None = None,
        actions: ActionFlow | None = None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`sources` can answer besides the reply book.

        `actions` carries out what shoppers want done to orders; None: the shop has no back office.
        """
        self.cache = reply_book.cache
        self.knowledge = Knowledge(reply_book, *sources)
        self.reader = MessageReader(
            reply_book.cache, self.knowledge.mentions(reply_book.cache.words)
        )
        self.composer = Composer(self.knowledge, reply_book)
        self._policy = policy
        self._explorer = explorer or Explorer()
        self._actions = actions
        self._timer = timer

    def press(self, message: IncomingMessage, pressed: OfferedChoice) -> ComposedAnswer | None:
        """What a pressed button says; None where that is there no more."""
        if pressed.value is not None:
            return None if self._actions is None else self._actions.take(message, None, pressed)
        return self.composer.say(message, self.knowledge.named(pressed.key))

    def decide(self, message: IncomingMessage) -> ComposedAnswer:
        """What to say: what was pointed at or asked for before, else a ranked candidate."""
        said = self._by_rules(message)
        said = said if said is not None else self._by_ranking(message)
        return self._with_what_was_named(message, said)

    def _with_what_was_named(
        self, message: IncomingMessage, said: ComposedAnswer
    ) -> ComposedAnswer:
        """The product that a turn names is what "it" means next, whatever was said of it."""
        focus = said.memory.focus
        if said.products or "product" in said.details.asks:
            return said
        named = self.knowledge.product_named_in(message.query)
        if named is None or named == focus.product_id:
            return said
        focus = focus.naming(named)
        return replace(said, memory=replace(said.memory, focus=focus))

    def _by_rules(self, message: IncomingMessage) -> ComposedAnswer | None:
        """What needs no ranking; None where there is nothing of the kind."""
        if abuse := find_abuse(message.text):
            # Whatever else was asked: in every arm alike a person goes on from here.
            log.info("abuse.found", kind=abuse.kind)
            return self.composer.pass_on(message, "abuse")
        if (key := pointed_at(message, self._offered(message))) is not None:
            return self.composer.say_or_pass_on(message, self.knowledge.named(key))
        pending = message.memory.pending_reply_id
        if pending is not None and self.reader.answers_asking(message):
            return self.composer.say_or_pass_on(message, self.knowledge.named(pending))
        if message.memory.action is not None:
            return None
        if message.tells_only_code and self.composer.last_takes_details(message):
            return self.composer.pass_on(message, "promised")
        if message.tells_only_values and _waits_for_staff(message):
            return self.composer.pass_on(message, "promised")
        if message.forbids and not message.query.texts[0].strip():
            return self.composer.leave(message)
        return self._answer_all(message)

    def _by_ranking(self, message: IncomingMessage) -> ComposedAnswer:
        ranking, rank_ms = self._rank(message.query)
        if puts_right(ranking, message):
            ranking = self.knowledge.rank(self.reader.put_right(message))
        locale = message.query.locale
        decision = self._policy.decide(
            ranking, self.cache.person_reply_id(locale), self.cache.never_offered(locale)
        )
        if is_foreign(message.text):
            decision = Decision("handover", reason="no_fitting_reply")
        if asks_for_person(message):
            decision = Decision("handover", reason="asked_for_person")
        if self._actions is not None:
            wants_person = decision.reason == "asked_for_person"
            said = self._actions.take(message, ranking, wants_person=wants_person)
            if said is not None:
                return _beside(said, ranking, message, most=0).ranked(ranking, rank_ms)
        decision = self._by_what_was_told(message, ranking, decision)
        answer, propensity = self._fitting(message, ranking, decision)
        answer = _beside(answer, ranking, message, most=neighbours_of(self.cache.count()))
        if self._actions is not None:
            answer = self._actions.go_on(message, answer)
        return answer.ranked(ranking, rank_ms, propensity)

    def _by_what_was_told(
        self, message: IncomingMessage, ranking: Ranking, decision: Decision
    ) -> Decision:
        """What was told is not asked for again; who is upset gets a person, and no list."""
        if decision.kind not in ("answer", "choices"):
            return decision
        if (of_order := self.composer.instead_of_asking(message, ranking.candidates)) is not None:
            return Decision("answer", (of_order,))
        if (page := self._nearer_page(message, ranking)) is not None:
            return Decision("answer", (page,))
        if decision.kind == "answer":
            return self._in_context(message, ranking, decision)
        if message.tells_values and not self._looks_orders_up(message, ranking):
            return Decision("handover", reason="unsure")
        if ranking.acts.get("upset", 0.0) >= UPSET:
            return Decision("handover", reason="unsure")
        return decision

    def _in_context(
        self, message: IncomingMessage, ranking: Ranking, decision: Decision
    ) -> Decision:
        """Choices for a turn without a topic that the model seems to have read by itself."""
        if not leaves_topic(message, ranking):
            return decision
        alone = self.knowledge.rank(self.reader.alone(message))
        if alone.candidates[:1] != () and alone.candidates[0].key == ranking.candidates[0].key:
            hidden = self.cache.never_offered(message.query.locale)
            unsure = ranking._replace(answer_at=NEVER)
            person = self.cache.person_reply_id(message.query.locale)
            return self._policy.decide(unsure, person, hidden)
        return decision

    def _nearer_page(self, message: IncomingMessage, ranking: Ranking) -> Candidate | None:
        """The help page that answers nearer than the best reply."""
        if message.query.label is None or ranking.candidates[0].reply_id is None:
            return None
        named = page_that_names(message, ranking, self.knowledge, self.cache)
        return named or page_gone_on_with(message, self.reader.behind(message), self.knowledge)

    def _looks_orders_up(self, message: IncomingMessage, ranking: Ranking) -> bool:
        """Whether a reply that tells of an order came among the candidates."""
        return any(self.composer.speaks_of_order(message, each) for each in ranking.candidates)

    def _fitting(
        self, message: IncomingMessage, ranking: Ranking, decision: Decision
    ) -> tuple[ComposedAnswer, float]:
        """The answer to a decision, and the propensity of its candidate."""
        act = act_of(ranking, decision, message)
        if act is not None:
            return self._to_act(message, act), 1.0
        explorer = self._explorer_of(message)
        if decision.kind == "answer":
            drawn = explorer.draw(ranking)
            surest = ranking.candidates[0] == decision.candidates[0]
            candidate, propensity = drawn if surest else (decision.candidates[0], 1.0)
            said = self.composer.say_or_pass_on(message, candidate)
            again = candidate.reply_id is not None and candidate.key == message.memory.focus.topic
            if (
                again and said.kind == "answer" and message.dialogue.state == "waiting"
            ):  # it is said once
                return self.composer.pass_on(message, "unsure"), 1.0
            return said, propensity
        pending = message.memory.pending_reply_id
        asked_last = pending is not None and pending == message.memory.focus.topic
        if asked_last and decision.reason != "asked_for_person":
            return self.composer.insist(message, self.knowledge.named(pending or "")), 1.0
        if message.memory.focus.promised is not None and not self.reader.asks(message):
            return self.composer.pass_on(message, "promised"), 1.0
        offered = {each.key for each in decision.candidates} == {*message.memory.focus.offered}
        if decision.kind == "choices" and message.dialogue.state != "waiting" and not offered:
            return self.composer.offer(message, explorer.in_any_order(decision.candidates)), 1.0
        return self.composer.pass_on(message, decision.reason or "unsure"), 1.0

    def _explorer_of(self, message: IncomingMessage) -> Explorer:
        """Who draws among near-ties: never in the holdout."""
        return self._explorer if message.query.label else Explorer()

    def _to_act(self, message: IncomingMessage, act: str) -> ComposedAnswer:
        """The answer to what a turn does: the book's own words, or the clerk's."""
        if act == "deny":
            return self.composer.leave(message)
        reply_id = self.cache.small_talk(act, message.query.locale)
        said = reply_id and self.composer.say(message, self.knowledge.named(reply_id))
        return said or self.composer.small_talk(message, act)

    def _offered(self, message: IncomingMessage) -> dict[str, str]:
        """What was offered last, by key: what its button said."""
        offered = map(self.knowledge.named, message.memory.focus.offered)
        locale = message.query.locale
        return {each.key: self.knowledge.title(each, locale) for each in offered}

    def _answer_all(self, message: IncomingMessage) -> ComposedAnswer | None:
        """Answers several questions at once; None where there is one, or not each is sure.

        What one question speaks of is what "it" means in the next.
        """
        queries = self.reader.parts(message)
        if len(queries) < 2:
            return None
        started = self._timer()
        focus, said = message.memory.focus, {}
        for query in queries:
            ranking = self.knowledge.rank(replace(query, focus=focus))
            decision = self._policy.decide(ranking)
            if decision.kind != "answer":
                return None
            candidate, propensity = self._explorer_of(message).draw(ranking)
            if candidate.key not in said:  # once, whatever else asks for it
                asked = replace(query, focus=focus)
                said[candidate.key] = AskedPart(asked, candidate, ranking, propensity)
            if products := self.knowledge.products_of(candidate):
                focus = focus.showed(candidate.key, products)
        answer = self.composer.say_all(message, [*said.values()])
        if answer is None:
            return None
        first = next(each for each in said.values() if each.query.texts[0] == answer.parts[0].asked)
        rank_ms = (self._timer() - started) * 1_000
        return answer.ranked(first.ranking, rank_ms, first.propensity)

    def _rank(self, query: KnowledgeQuery) -> tuple[Ranking, float]:
        """The candidates of all sources, and how many milliseconds they took."""
        started = self._timer()
        ranking = self.knowledge.rank(query)
        return ranking, (self._timer() - started) * 1_000


def _beside(
    answer: ComposedAnswer, ranking: Ranking, message: IncomingMessage, *, most: int
) -> ComposedAnswer:
    """With the candidates next to it, where something new was said, asked or offered.

    `most` 0: what was said came of no candidate.
    """
    focus = answer.memory.focus
    if most and focus.topic == message.memory.focus.topic and answer.kind != "choices":
        return answer
    focus = focus.beside([each.key for each in ranking.candidates[:most]])
    return replace(answer, memory=replace(answer.memory, focus=focus))


def _waits_for_staff(message: IncomingMessage) -> bool:
    """Whether what is told is for a colleague: one was promised it, or is waited for."""
    return message.memory.focus.promised is not None or message.dialogue.state == "waiting"
