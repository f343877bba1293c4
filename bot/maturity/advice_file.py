"""Reads the advice for an instrument: `advice/<id of the instrument>.yaml`, whose first lines explain the format.

The advice is held against the instrument when the service starts: it is on items and options that are there, and on
every level and option of an item exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Instrument, Item, Kind
from bot.maturity.instrument_nodes import Fields, Value, compose
from bot.maturity.recommendations import Advice, AdviceFile, Gap, ItemAdvice, Quote, Unknown

FOLDER = Path(__file__).parent / "advice"
"""The folder of the advice that comes with Fyren."""

_LEVELS = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SHARED = ("challenge", "sources", "initiatives")
_TEXTS = ("title", "text")


def load_advice(instrument: Instrument, *folders: Path) -> AdviceFile | None:
    """The advice for an instrument, from the first of these folders (else Fyren's own) that has a file of its name.

    None where no folder has one. Blocks. Raises DataInvalid.
    """
    for path in (folder / f"{instrument.id}.yaml" for folder in folders or (FOLDER,)):
        try:
            return parse_advice(path.read_text(encoding="utf-8-sig"), path.name, instrument)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise DataInvalid(path.name, 1, "the file cannot be read as text in UTF-8") from error
    return None


def parse_advice(text: str, name: str, instrument: Instrument) -> AdviceFile:
    """The advice in a file's text; `name` is the file's name, for errors. Raises DataInvalid."""
    top = compose(text, name).fields("instrument", "unknown", "items")
    if top["instrument"].identifier() != instrument.id:
        raise top["instrument"].fail(f"the file is named after the instrument {instrument.id!r}; name it here too")
    unknown = top["unknown"].fields("weighs", *_TEXTS)
    records = top["items"].records("item", optional=(*_SHARED, "bands", "chosen", "missing"))
    return AdviceFile(
        instrument=instrument.id,
        unknown=Unknown(unknown["weighs"].whole(0, 100), unknown["title"].wording(), unknown["text"].wording()),
        items={item_id: _item(fields, _known(fields["item"], instrument)) for item_id, fields in records},
    )


def _known(value: Value, instrument: Instrument) -> Item:
    item = instrument.item(value.identifier())
    if item is None:
        raise value.fail(f"the instrument {instrument.id!r} has no item {value.text()!r}")
    return item


def _item(fields: Fields, item: Item) -> ItemAdvice:
    bands, chosen, missing = fields.get("bands"), fields.get("chosen"), fields.get("missing")
    if item.kind is Kind.LEVEL and bands and not chosen and not missing:
        return ItemAdvice(item.id, levels=_levels(bands, fields, item))
    if item.kind is Kind.CHOICES and not bands and bool(chosen) != bool(missing):
        return ItemAdvice(item.id, gaps=_gaps(chosen or missing, fields, item, missing=bool(missing)))
    raise fields.fail("advice on levels stands under bands, on several choices under either chosen or missing")


def _levels(value: Value, item_fields: Fields, item: Item) -> dict[str, Advice]:
    """The advice by code; bands come in the order of the scale and cover all of it."""
    advice: dict[str, Advice] = {}
    for band in value.entries():
        fields = band.fields("levels", *_TEXTS, optional=_SHARED)
        given = fields["levels"].matching(_LEVELS, "a band; write the first and last level, such as 0-1, or one level")
        first, _, last = given.partition("-")
        if int(first) != len(advice):
            raise fields["levels"].fail(f"the next band begins with level {len(advice)}, so that no level is left out")
        if not int(first) <= int(last or first) < len(item.options):
            raise fields["levels"].fail(f"the item {item.id!r} has the levels 0 to {len(item.options) - 1}")
        told = _advice(fields, item_fields)
        advice |= {item.options[level].code: told for level in range(int(first), int(last or first) + 1)}
    if len(advice) != len(item.options):
        raise value.fail(f"the item {item.id!r} has {len(item.options)} levels, and {len(advice)} have advice")
    return advice


def _gaps(value: Value | None, item_fields: Fields, item: Item, *, missing: bool) -> tuple[Gap, ...]:
    """The advice by groups of options; every option but those that go with no other is in one of them."""
    wanted = [option.code for option in item.options if not option.exclusive]
    gaps: list[Gap] = []
    for entry in value.entries() if value else ():
        fields = entry.fields("options", "weighs", *_TEXTS, optional=_SHARED)
        codes = frozenset(_codes(fields["options"], wanted))
        weighs = fields["weighs"].whole(0, 100)
        gaps.append(Gap(codes, weighs, missing, _advice(fields, item_fields)))
    if wanted and value:
        left = ", ".join(wanted)
        raise value.fail(f"there is no advice on these options of {item.id!r}: {left}")
    return tuple(gaps)


def _codes(value: Value, wanted: list[str]) -> Iterator[str]:
    """The codes of a group, taken off those that are wanted."""
    for entry in value.entries():
        code = entry.identifier()
        if code not in wanted:
            raise entry.fail(f"{code!r} is no option that still needs advice")
        wanted.remove(code)
        yield code


def _advice(fields: Fields, item_fields: Fields) -> Advice:
    """A text with what stands beside it, or else with what stands at its item."""

    def own_or_shared(name: str) -> Value | None:
        return fields.get(name) or item_fields.get(name)

    challenge, sources, initiatives = map(own_or_shared, _SHARED)
    if challenge is None or sources is None:
        raise fields.fail("challenge and sources are needed, here or at the item")
    return Advice(
        challenge=challenge.matching(_CHALLENGE, "the name of a challenge; write U01 to U21, or a name of its own"),
        title=fields["title"].wording(),
        text=fields["text"].wording(),
        sources=_quotes(sources, 2),
        initiatives=_quotes(initiatives, 3) if initiatives else (),
    )


def _quotes(value: Value, most: int) -> tuple[Quote, ...]:
    entries: Sequence[Value] = value.entries()
    if len(entries) > most:
        raise value.fail(f"at most {most} sentences, so that they are read")
    read = [entry.fields("document", "quote") for entry in entries]
    return tuple(Quote(fields["document"].identifier(), fields["quote"].text()) for fields in read)
