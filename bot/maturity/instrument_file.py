"""Reads instruments: a YAML file each, whose first lines explain the format to whoever writes one.

A file that breaks a rule is refused with the line that breaks it, so that a mistake is found when the service starts
and not by the person who gets the question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Area, Condition, Instrument, Item, Kind, Operation, Option, Organisation, Role
from bot.maturity.instrument_nodes import Fields, Value, compose
from bot.maturity.instrument_options import distinct, read_options, titled, with_levels

MAIN = "fyrbodal-mognad"
"""The instrument that is asked where no other is named."""
INSTRUMENTS = Path(__file__).parent / "instruments"
"""The folder of the instruments that come with Fyren."""

LONGEST = 120
"""Minutes that an instrument may take."""

_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.(?:0|[1-9][0-9]{0,5})){0,3}")
_KINDS = tuple(Kind)


def load_folder(*folders: Path) -> Mapping[str, Instrument]:
    """The instruments of these folders by id, each in its highest version; a folder that is missing is empty.

    Raises DataInvalid where a file cannot be used, or two files have the same id and version.
    """
    newest: dict[str, Instrument] = {}
    files: dict[tuple[str, str], str] = {}
    for path in _files(folders):
        instrument = parse(_text(path), path.name)
        other = files.setdefault((instrument.id, instrument.version), str(path))
        if other != str(path):
            version = compose(instrument.source, path.name).pairs()["version"][1]
            raise version.fail(f"{other} has the id {instrument.id} and this version already; give it a new version")
        held = newest.get(instrument.id)
        if held is None or _number(held.version) < _number(instrument.version):
            newest[instrument.id] = instrument
    return newest


@lru_cache(maxsize=16)
def parse(text: str, name: str) -> Instrument:
    """The instrument in a file's text; `name` is the file's name, for errors. Raises DataInvalid.

    Those read last are kept: they take tenths of a second, a start asks for the same ones four times, and they are
    values that nobody changes.
    """
    top = compose(text, name).fields(
        *("id", "version", "title", "minutes", "areas", "items"),
        optional=("roles", "organisations", "operations", "scales"),
    )
    roles = _roles(top.get("roles"))
    areas = tuple(Area(area, fields["title"].wording()) for area, fields in top["areas"].records("id", "title"))
    return Instrument(
        id=top["id"].identifier(),
        version=top["version"].matching(_VERSION, "a version; write numbers with dots between them, such as 2026.1"),
        title=top["title"].wording(),
        minutes=top["minutes"].whole(1, LONGEST),
        areas=areas,
        items=_items(top["items"], areas, roles, _scales(top.get("scales"))),
        roles=roles,
        organisations=_organisations(top.get("organisations")),
        operations=_operations(top.get("operations")),
        source=text,
    )


def _roles(value: Value | None) -> tuple[Role, ...]:
    records = value.records("id", "title", optional=("help", "official")) if value else ()
    distinct(titled(fields) for _, fields in records)
    return tuple(
        Role(
            role,
            fields["title"].wording(),
            help=explained.wording() if (explained := fields.get("help")) else None,
            official=official.flag() if (official := fields.get("official")) else False,
        )
        for role, fields in records
    )


def _organisations(value: Value | None) -> tuple[Organisation, ...]:
    records = value.records("id", "title", optional=("municipalities",)) if value else ()
    distinct([fields["title"]] for _, fields in records)
    known = [organisation for organisation, fields in records if fields.get("municipalities") is None]
    organisations: list[Organisation] = []
    for organisation, fields in records:
        serves = fields.get("municipalities")
        municipalities = _references(serves, known, "municipality") if serves else (organisation,)
        if serves and len(municipalities) < 2:
            raise serves.fail("a shared organisation serves at least two municipalities; add one, or take this away")
        organisations.append(Organisation(organisation, fields["title"].text(), municipalities))
    return tuple(organisations)


def _operations(value: Value | None) -> tuple[Operation, ...]:
    records = value.records("id", "title") if value else ()
    distinct(titled(fields) for _, fields in records)
    return tuple(Operation(operation, fields["title"].wording()) for operation, fields in records)


def _scales(value: Value | None) -> dict[str, tuple[Option, ...]]:
    if value is None:
        return {}
    return {key.identifier(): read_options(options, Kind.LEVEL) for key, options in value.pairs().values()}


def _items(
    value: Value, areas: Collection[Area], roles: Collection[Role], scales: Mapping[str, tuple[Option, ...]]
) -> tuple[Item, ...]:
    area_ids, role_ids = [area.id for area in areas], [role.id for role in roles]
    earlier: dict[str, Item] = {}
    records = value.records(
        *("id", "area", "kind", "topic", "question"),
        optional=("scale", "options", "levels", "help", "roles", "when", "security", "baseline"),
    )
    for item_id, fields in records:
        explained, asked, when = fields.get("help"), fields.get("roles"), fields.get("when")
        security, baseline = fields.get("security"), fields.get("baseline")
        item = Item(
            id=item_id,
            area=_reference(fields["area"], area_ids, "area"),
            kind=(kind := fields["kind"].one_of(Kind, _KINDS)),
            topic=fields["topic"].wording(),
            question=fields["question"].wording(),
            options=_options(fields, kind, scales),
            help=explained.wording() if explained else None,
            roles=frozenset(_references(asked, role_ids, "role")) if asked else frozenset(),
            when=_condition(when, earlier) if when else None,
            security=security.flag() if security else False,
            baseline=baseline.identifier() if baseline else "",
        )
        if when and item.when:
            _check_reached(when, item, earlier[item.when.item])
        earlier[item_id] = item
    return tuple(earlier.values())


def _options(fields: Fields, kind: Kind, scales: Mapping[str, tuple[Option, ...]]) -> tuple[Option, ...]:
    scale, own, levels = fields.get("scale"), fields.get("options"), fields.get("levels")
    if levels and not scale:
        raise levels.fail("levels belong to a scale; write each sentence as `level` of its option instead")
    if kind is Kind.TEXT:
        if superfluous := scale or own:
            raise superfluous.fail(f"an item of the kind {kind} is answered in words; take its options away")
        return ()
    if scale and own:
        raise own.fail("the item has a scale already; take one of them away")
    if own:
        return read_options(own, kind)
    if scale is None:
        raise fields.fail(f"an item of the kind {kind} needs options, or a scale; add them")
    if kind is not Kind.LEVEL:
        raise scale.fail(f"a scale is for items of the kind {Kind.LEVEL}; give the item options of its own")
    return with_levels(scales[_reference(scale, list(scales), "scale")], levels)


def _condition(value: Value, earlier: Mapping[str, Item]) -> Condition:
    fields = value.fields("item", "codes")
    known = {item.id: [option.code for option in item.options] for item in earlier.values()}
    item = _reference(fields["item"], list(known), "earlier item")
    if not known[item]:
        raise fields["item"].fail(f"the item {item} is answered in words, on which nothing can depend")
    return Condition(item, frozenset(_references(fields["codes"], known[item], "option")))


def _check_reached(value: Value, item: Item, first: Item) -> None:
    if item.roles and first.roles and item.roles.isdisjoint(first.roles):
        raise value.fail(f"nobody is asked both {first.id} and this item; give them a role in common")


def _reference(value: Value, known: Collection[str], what: str) -> str:
    name = value.identifier()
    if name not in known:
        raise value.fail(f"there is no {what} {name!r}; there is {', '.join(known) or 'none'}")
    return name


def _references(value: Value, known: Collection[str], what: str) -> tuple[str, ...]:
    names: list[str] = []
    for entry in value.entries():
        name = _reference(entry, known, what)
        if name in names:
            raise entry.fail(f"{name!r} stands in the list already; take one of them away")
        names.append(name)
    return tuple(names)


def _files(folders: Collection[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.is_file())


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataInvalid(
            path.name, 1, f"the file cannot be read ({error.strerror}); look at its permissions"
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataInvalid(path.name, line, "the file is not UTF-8; save it anew as UTF-8") from error


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
