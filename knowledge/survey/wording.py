"""How an item of the survey reads in Swedish sentences.

Every sentence names its subject, because answers quote sentences one by one. Shares are worded as shares of answers or
ticks, as they are, and never as shares of municipalities.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import Unit
from knowledge.survey.model import DONT_KNOW, Form, Item, Option

_LONGEST = 230
"""Characters of a sentence; longer ones are hard to take in and to quote."""


def text(item: Item) -> str:
    """The item in Swedish sentences: findings or distribution first, then question, unit and who answered."""
    return " ".join((*item.findings, *_distribution(item), *item.extra, *_background(item)))


def percent_text(value: float) -> str:
    """`5.5` as `5,5`, `17.0` as `17`."""
    return f"{value:g}".replace(".", ",")


def _distribution(item: Item) -> list[str]:
    """Sentences that state every printed share once."""
    if item.findings or not item.options:
        return []
    where = f" (figur {item.number})" if item.number else ""
    known = [option for option in item.options if option.code != DONT_KNOW]
    stated = [option for option in known if option.percent]
    sentences: list[str] = []
    sentences += [_shares(item, group) + where + "." for group in _grouped(item, stated)]
    sentences += [group.text for group in item.combined]
    sentences += [
        f"På frågan om {_inside(item.topic)} svarade {percent_text(option.percent)} procent att de inte vet{where}."
        for option in item.options
        if option.code == DONT_KNOW and option.percent
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
