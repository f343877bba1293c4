"""The survey of the status report as data: items, distributions, known errors, and how they read in Swedish.

Every sentence names its subject, because answers quote sentences one by one. Shares are worded as shares of answers or
ticks, as they are, and never as shares of municipalities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.datafile import Fields, read
from knowledge.model import Bar, Figure, Unit

_LONGEST = 230
"""Characters of a sentence; longer ones are hard to take in and to quote."""


class Form(StrEnum):
    """How an item was put to people; REFERENCE is a figure from another study."""

    QUESTION = "question"
    STATEMENT = "statement"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer option. `percent` is as printed (None: not printed), `corrected` what is probably meant instead.

    `says` continues the item's claim ("portföljstyrningen i kommunen är" + "ostrukturerad"); `level` describes the
    level in our own words.
    """

    code: str
    label: str
    says: str
    percent: float | None
    corrected: float | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Combined:
    """A share that the report prints for several options together, and the sentence that says so."""

    codes: tuple[str, ...]
    percent: float
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the survey, or one reference figure from another study.

    `source` is the report's title; `answers` are questions that the item answers, in readers' words, searched only.
    """

    id: str
    number: str | None
    section: str
    topic: str
    pages: tuple[int, ...]
    area: str
    form: Form
    question: str
    unit: Unit
    claim: str = ""
    link: str = ""
    subject: str = ""
    group: str = ""
    municipalities: int | None = None
    respondents: int | None = None
    respondents_inferred: bool = False
    scale: str = ""
    options: tuple[Option, ...] = ()
    combined: tuple[Combined, ...] = ()
    extra: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    source: str = ""
    answers: tuple[str, ...] = ()

    @property
    def figure_label(self) -> str:
        """`Figur 3`, or nothing for items without a figure."""
        return f"Figur {self.number}" if self.number else ""

    @property
    def figure(self) -> Figure | None:
        """The distribution as a figure; None where the report prints fewer than two shares."""
        if self.number is None or sum(option.percent is not None for option in self.options) < 2:
            return None
        return Figure(
            number=self.number,
            question=self.question,
            unit=self.unit,
            bars=tuple(_bars(self)),
            id=self.id,
            title=self.topic,
            source=self.source,
            pages=self.pages,
        )

    @property
    def text(self) -> str:
        """The item in Swedish sentences: findings or distribution first, then question, unit and who answered."""
        return " ".join((*self.findings, *_distribution(self), *self.extra, *_background(self)))


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey file."""

    document: str
    title: str
    source: str
    as_of: str | None
    aliases: tuple[str, ...]
    items: tuple[Item, ...]


def load(path: Path) -> Survey:
    """Read a survey file. Raises LibraryInvalid naming file and field."""
    top = read(path)
    top.only("survey", "items")
    head = top.inner("survey")
    head.only("document", "title", "source", "as_of", "aliases")
    title = head.text("title")
    items = tuple(_item(fields, title) for fields in top.each("items"))
    seen: set[str] = set()
    for fields, item in zip(top.each("items"), items, strict=True):
        if item.id in seen:
            raise fields.fail("id", f"{item.id!r} occurs twice")
        seen.add(item.id)
    return Survey(
        document=head.text("document"),
        title=title,
        source=head.optional_text("source"),
        as_of=head.date("as_of"),
        aliases=head.texts("aliases"),
        items=items,
    )


def _item(fields: Fields, source: str) -> Item:
    fields.only(
        *("id", "figure", "section", "topic", "pages", "area", "form", "question", "unit", "claim", "link", "subject"),
        *("group", "municipalities", "respondents", "respondents_inferred", "scale", "options", "combined", "extra"),
        *("findings", "errors", "answers"),
    )
    item = Item(
        id=fields.text("id"),
        number=fields.optional_text("figure") or None,
        section=fields.text("section"),
        topic=fields.text("topic"),
        pages=fields.wholes("pages"),
        area=fields.text("area"),
        form=fields.one_of("form", Form),
        question=fields.text("question"),
        unit=fields.one_of("unit", Unit),
        claim=fields.optional_text("claim"),
        link=fields.optional_text("link"),
        subject=fields.optional_text("subject"),
        group=fields.optional_text("group"),
        municipalities=fields.whole("municipalities"),
        respondents=fields.whole("respondents"),
        respondents_inferred=fields.flag("respondents_inferred"),
        scale=fields.optional_text("scale"),
        options=tuple(_option(option) for option in fields.each("options")),
        combined=tuple(_combined(group) for group in fields.each("combined")),
        extra=fields.texts("extra"),
        findings=fields.texts("findings"),
        errors=fields.texts("errors"),
        source=source,
        answers=fields.texts("answers"),
    )
    if not item.findings and not item.options:
        raise fields.fail("options", "an item needs options or findings")
    if item.options and not item.findings and not (item.subject if item.unit is Unit.TICK else item.claim):
        raise fields.fail("subject" if item.unit is Unit.TICK else "claim", "needed to word the distribution")
    return item


def _option(fields: Fields) -> Option:
    fields.only("code", "label", "says", "percent", "corrected", "level")
    if "percent" not in fields.values:
        raise fields.fail("percent", "missing; write null where the report prints no number")
    return Option(
        code=fields.text("code"),
        label=fields.text("label"),
        says=fields.text("says"),
        percent=fields.percent("percent"),
        corrected=fields.percent("corrected"),
        level=fields.optional_text("level"),
    )


def _combined(fields: Fields) -> Combined:
    fields.only("codes", "percent", "text")
    percent = fields.percent("percent")
    if percent is None:
        raise fields.fail("percent", "missing")
    return Combined(fields.texts("codes"), percent, fields.text("text"))


def _bars(item: Item) -> Iterator[Bar]:
    """One bar an option; options whose shares the report prints only together are one bar."""
    options = {option.code: option for option in item.options}
    together = [
        group
        for group in item.combined
        if all(code in options and options[code].percent is None for code in group.codes)
    ]
    group_of = {code: group for group in together for code in group.codes}
    for option in item.options:
        group = group_of.get(option.code)
        if group is None:
            yield Bar(option.label, option.percent, option.corrected)
        elif option.code == group.codes[0]:
            yield Bar(" + ".join(options[code].label for code in group.codes), group.percent)


def percent_text(value: float) -> str:
    """`5.5` as `5,5`, `17.0` as `17`."""
    return f"{value:g}".replace(".", ",")


def _distribution(item: Item) -> list[str]:
    """Sentences that state every printed share once."""
    if item.findings or not item.options:
        return []
    where = f" (figur {item.number})" if item.number else ""
    known = [option for option in item.options if option.code != "dk"]
    stated = [option for option in known if option.percent]
    sentences: list[str] = []
    sentences += [_shares(item, group) + where + "." for group in _grouped(item, stated)]
    sentences += [group.text for group in item.combined]
    sentences += [
        f"På frågan om {_inside(item.topic)} svarade {percent_text(option.percent)} procent att de inte vet{where}."
        for option in item.options
        if option.code == "dk" and option.percent
    ]
    none = [option.says for option in known if option.percent == 0]
    if none:
        sentences.append(_nobody(item, none) + where + ".")
    together = {code for group in item.combined for code in group.codes}
    unprinted = [option for option in known if option.percent is None and option.code not in together]
    if unprinted:
        sentences.append(_not_printed(item, unprinted))
    return sentences


def _grouped(item: Item, options: Sequence[Option]) -> list[Sequence[Option]]:
    """Equal groups of options, as few as fit into sentences of a readable length."""
    count = 1
    while options:
        size = -(-len(options) // count)
        groups = [options[start : start + size] for start in range(0, len(options), size)]
        if size == 1 or max(len(_shares(item, group)) for group in groups) <= _LONGEST:
            return groups
        count += 1
    return []


def _shares(item: Item, options: Sequence[Option]) -> str:
    shares = [f"{percent_text(option.percent or 0)} procent" for option in options]
    if item.unit is Unit.TICK:
        parts = [f"{share} {option.says}" for share, option in zip(shares, options, strict=True)]
        return f"Av alla kryss om {item.subject} i enkäten 2024 gällde {_listed(parts)}"
    first = f"I enkäten 2024 svarade {shares[0]} att {item.claim} {options[0].says}"
    link = f" {item.link} " if item.link else " "
    rest = [f"{share}{link}{option.says}" for share, option in zip(shares[1:], options[1:], strict=True)]
    return _listed([first, *rest])


def _nobody(item: Item, says: Sequence[str]) -> str:
    if item.unit is Unit.TICK:
        return f"Inget kryss om {item.subject} gällde {_listed(says, 'eller')}"
    return f"Ingen svarade att {item.claim} {_listed(says, 'eller')}"


def _not_printed(item: Item, options: Sequence[Option]) -> str:
    what = _listed([option.says for option in options])
    several = len(options) > 1
    level = "" if item.unit is Unit.TICK else ("nivåerna " if several else "nivån ")
    return f"Rapporten trycker {'inga' if several else 'inget'} tal för {level}{what} i {item.figure_label.lower()}."


def _background(item: Item) -> list[str]:
    """What was asked, of whom, and what the shares are shares of."""
    if item.form is Form.REFERENCE:
        return []
    name = f"i {item.figure_label.lower()} " if item.number else ""
    kind = "Påståendet" if item.form is Form.STATEMENT else "Enkätfrågan"
    sentences = [f"{kind} {name}löd: ”{item.question}”."]
    about = _inside(item.topic)
    if item.group:
        what = "påstående" if item.form is Form.STATEMENT else "fråga"
        sentences.append(f"Enkätens {what} om {about} gick till {item.group}.")
    if item.municipalities:
        sentences.append(f"Personer i {item.municipalities} kommuner svarade om {about}.")
    if item.figure is not None:
        shares = "kryss i en fråga med flera val" if item.unit is Unit.TICK else "svar"
        sentences.append(f"Andelarna i {item.figure_label.lower()} gäller {shares}, inte kommuner.")
    if item.respondents and item.respondents_inferred and item.figure is not None:
        number = item.respondents
        sentences.append(f"Rapporten anger inte hur många som svarade om {about}, men talen passar med {number} svar.")
    elif item.respondents and not item.respondents_inferred:
        sentences.append(f"{item.respondents} personer svarade om {about}.")
    return sentences


def _inside(topic: str) -> str:
    """A topic as it reads inside a sentence: small first letter, unless it starts with an abbreviation."""
    return topic if topic[1:2].isupper() or topic[1:2] == "-" else topic[:1].lower() + topic[1:]


def _listed(parts: Sequence[str], last: str = "och") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
