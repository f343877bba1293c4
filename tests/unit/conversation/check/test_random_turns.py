"""Thousands of turns in any order, typed and pressed: nothing breaks, nothing that was said to be kept is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

import pytest

from bot.conversation.card import Button, Buttons, CardReply, DoneReply, Field, Fold, Select
from bot.conversation.replies import Reply
from bot.maturity.routing import items_of, missing, open_items
from bot.maturity.session import Phase, Session
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_store import MemoryCheckStore
from tests.fakes.check_talk import TEXTS, Client, conversation, open_round, store_with
from tests.fakes.instruments import instrument
from tests.fakes.reminders import RemindedStore

INSTRUMENT = instrument()
WORDS = (
    *("mognadskoll", "gruppsvar", "starta", "fortsätt", "paus", "tillbaka", "avbryt", "ändra", "ändra fråga 1"),
    *("ändra fråga 9", "ändra kommun", "ändra roll", "sammanfattning", "mina svar", "skicka in", "ja", "nej"),
    *("vad betyder nivåerna", "kommentar: något", "integritet", "hej", "hjälp", "tack", "1", "2", "4", "6", "17"),
    *("påminn mig", "påminn mig inte"),
    *("delvis etablerad", "vet ej", "ej aktuellt", "hoppa över", "1 och 2", "inget av detta", "uddevalla"),
    *("övergripande", "it-nära", "socialtjänst", "SML-IT, IT-nära, IT", "vi har väl lite sådär på gång"),
    *("vad menas med portföljstyrning?", "blåbärspaj", "811218-9876", "x" * 3000, "", "!!!"),
)
SEEDS = range(80)
TURNS = 60


class Wanderer:
    """Presses and types whatever comes to mind, old cards included, now and then as another process or device."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.store: MemoryCheckStore = RemindedStore(open_round())
        self.advice = FakeAdvice()
        fyren = [conversation(self.store, self.advice) for _ in range(2)]
        self.clients = [Client(each, chat=f"chat-{n}", address=f"chat-{n}") for n, each in enumerate(fyren)]
        self.old: list[tuple[str, CardReply]] = []

    async def step(self) -> tuple[Session | None, Session | None, list[Reply]]:
        """One turn: the session before and after, and what was said."""
        client = self.rng.choice(self.clients)
        if self.rng.random() < 0.02:
            client.fyren = conversation(self.store, self.advice)
        before = self.session
        buttons = list(self._buttons(client))
        if self.rng.random() < 0.45:
            replies = await client.say(self._likely(before))
        elif buttons and self.rng.random() < 0.6:
            message, button, card = self.rng.choice(buttons)
            self.old.append((message, card))
            client.cards.setdefault(message, card)
            replies = await client.press(button.title, card=message, **self._inputs(card))
        else:
            replies = await client.say(self.rng.choice(WORDS))
        return before, self.session, replies

    def _likely(self, session: Session | None) -> str:
        """What somebody would type who wants to get on."""
        if session is None:
            return self.rng.choice(["mognadskoll", "starta", "starta"])
        if session.paused:
            return "fortsätt"
        if session.pending is not None:
            return self.rng.choice(["ja", "nej", "nej"])
        likely: dict[Phase, tuple[str, ...]] = {
            Phase.BACKGROUND: ("Uddevalla, övergripande, socialtjänst", "SML-IT, IT-nära, IT", "fortsätt"),
            Phase.ITEMS: (*"123456", "vet ej", "1 och 2", "vi har väl lite sådär på gång", "vad är det?"),
            Phase.SUMMARY: ("skicka in", "fortsätt", "ändra fråga 2"),
            Phase.SUBMITTED: ("ändra fråga 1", "mina svar", "ändra roll"),
        }
        return self.rng.choice(likely[session.phase])

    @property
    def session(self) -> Session | None:
        """The session of the person, the group's left aside."""
        return next((draft.session for key, draft in self.store.drafts.items() if key[2] == "individual"), None)

    def _buttons(self, client: Client) -> Iterator[tuple[str, Button, CardReply]]:
        shown = [*client.cards.items(), *self.old[-3:]]
        for message, card in shown:
            for block in card.blocks:
                if isinstance(block, Buttons):
                    yield from ((message, button, card) for button in block.buttons)

    def _inputs(self, card: CardReply) -> dict[str, str]:
        filled: dict[str, str] = {}
        for block in card.blocks:
            for each in (block, *(block.blocks if isinstance(block, Fold) else ())):
                if isinstance(each, Select):
                    values = [value for value, _ in each.options]
                    count = self.rng.randint(0, 3) if each.many else self.rng.randint(0, 1)
                    filled[each.id] = ",".join(self.rng.sample(values, min(count, len(values))))
                elif isinstance(each, Field) and self.rng.random() < 0.3:
                    filled[each.id] = self.rng.choice(["en kommentar", "", "y" * 4000, "811218-9876"])
        return filled


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
async def test_any_order_of_turns_keeps_its_promises_and_leads_to_the_end(seed: int) -> None:
    wanderer = Wanderer(seed)
    apology = TEXTS.say("error.apology", "sv", reference="0000")[:30]
    for _ in range(TURNS):
        before, now, replies = await wanderer.step()
        assert replies, "silence"
        assert not any(getattr(reply, "text", "").startswith(apology) for reply in replies), "something broke"
        if now is not None:
            _what_is_said_to_be_kept_is_kept(now, replies)
            _is_sound(now)
        if before is not None and now is not None and before.id == now.id:
            _nothing_goes_by_itself(before, now)
    await _to_the_end(wanderer)


def _what_is_said_to_be_kept_is_kept(now: Session, replies: list[Reply]) -> None:
    topics = {item.topic.sv: item.id for item in INSTRUMENT.items}
    for reply in replies:
        if isinstance(reply, DoneReply) and reply.text.startswith("✓ Fråga"):
            topic = reply.text.partition(" · ")[2].partition(":")[0]
            button = next((each for each in reply.buttons), None)
            if button is not None and button.action.data["draft"] == now.id:
                assert topics[topic] in now.answers


def _is_sound(now: Session) -> None:
    asked = {item.id for item in items_of(now, INSTRUMENT)}
    assert set(now.answers) <= asked
    if now.phase is Phase.ITEMS:
        assert now.at in asked
    if now.phase is Phase.SUBMITTED:
        assert not open_items(now, INSTRUMENT)


def _nothing_goes_by_itself(before: Session, now: Session) -> None:
    for item, given in before.answers.items():
        assert item in now.answers or now.aside.get(item) == given


async def _to_the_end(wanderer: Wanderer) -> None:
    """Somebody who only does what the newest card asks gets through."""
    client = Client(conversation(wanderer.store, wanderer.advice), chat="last")
    await client.say("mognadskoll")
    for _ in range(40):
        session = wanderer.session
        if session is not None and session.phase is Phase.SUBMITTED and not session.pending:
            return
        await _sensible(client, session)
    raise AssertionError(f"no way forward from {wanderer.session}")


async def _sensible(client: Client, session: Session | None) -> None:
    if session is None:
        await client.press("Jag har läst, starta")
    elif session.paused:
        await client.say("fortsätt")
    elif session.pending is not None:
        await client.say("ja" if session.pending.kind != "erase" else "nej")
    elif session.phase is Phase.BACKGROUND:
        background = session.background
        if missing(background, INSTRUMENT):
            await client.press("Fortsätt", organisation="uddevalla", roles="ledning", operation="social")
        else:
            await client.say("fortsätt")
    elif session.phase is Phase.ITEMS:
        await client.say("vet ej")
    elif open_items(session, INSTRUMENT):
        await client.say("fortsätt")
    else:
        await client.say("skicka in")


async def test_the_wanderers_get_about() -> None:
    """What the test above asserts would mean little if nobody ever got far."""
    phases: set[Phase] = set()
    pending: set[str] = set()
    for seed in SEEDS[:30]:
        wanderer = Wanderer(seed)
        for _ in range(TURNS):
            _, now, _ = await wanderer.step()
            if now is not None:
                phases.add(now.phase)
                pending |= {now.pending.kind} if now.pending else set()
    assert phases == set(Phase)
    assert pending == {"proposal", "edit", "cascade", "erase", "words"}


async def test_turns_of_one_person_on_two_devices_at_once_are_all_kept() -> None:
    store, advice = store_with(), FakeAdvice()
    clients = [Client(conversation(store, advice), chat=f"chat-{n}") for n in range(2)]
    await clients[0].say("mognadskoll")
    await clients[0].press("Jag har läst, starta")
    await clients[0].say("Uddevalla, övergripande, socialtjänst")
    await clients[1].say("fortsätt")
    cards = [client.newest for client in clients]
    await asyncio.gather(
        clients[0].press("3. Utvecklingsfas", card=cards[0]), clients[1].press("3. Utvecklingsfas", card=cards[1])
    )
    [draft] = store.drafts.values()
    assert draft.session.answers["portfolj"].codes == ("2",)
    assert draft.session.pending is None
