"""What a text states in figures: shares, amounts with their unit, dates, places in acts, numbered names."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from knowledge.composing.numerals import in_digits


class Stated(NamedTuple):
    """One figure: what sort it is (`percent`, `date`, `article`, a unit ...), its value, and its place in `read`."""

    kind: str
    value: str
    start: int


_MONTHS = {
    name: number
    for number, names in enumerate(
        ("januari january", "februari february", "mars march", "april", "maj may", "juni june", "juli july",
         "augusti august", "september", "oktober october", "november", "december"), start=1
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_N = r"\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?:,\d+)?(?!\d)|\d+(?:[.,:]\d+)*(?:e[+-]?\d+)?"
_LIST = (
    rf"(?P<n>(?<!\d)(?:19|20)\d\d(?=\s+(?:till|to|mot)\s)|(?:{_N})"
    rf"(?:\s*(?:,|[-–—]|och|eller|and|or|to|till|samt|respektive|resp\.?|mot)\s*(?:{_N}))*)"
)
_PLACES = {
    "article": r"artikel\w*|artiklar\w*|articles?|art\.", "chapter": r"kapitel|kap\.?|chapters?",
    "page": r"sid(?:a|an|or|orna)?\.?|pages?", "annex": r"bilag\w+|annex\w*", "point": r"punkt\w*|points?",
    "figure": r"figur\w*|figures?", "table": r"tabell\w*|tables?", "section": r"avsnitt\w*|sections?",
    "recital": r"skäl|recitals?", "level": r"nivå\w*|level", "phase": r"fas|phase|steg|step",
}  # fmt: skip
_UNITS = {
    "hour": r"timm\w+|hours?|tim\b", "day": r"dag\w*|dygn\w*|days?",
    "week": r"veck\w+|weeks?",
    "months": r"månad\w*|months?",
    "years": r"år(?:en|et|s)?\b|years?", "minute": r"minut\w*|minutes?",
    "krona": r"kr\b|kronor\w*|sek\b",
    "euro": r"euro\w*|eur\b|€",
    "million": r"miljon\w*|millions?|mnkr|mkr|mn\b",
    "billion": r"miljard\w*|billions?|mdkr",
    "points": r"procentenhet\w*|percentage\s+points?|pp\b", "municipality": r"kommun\w*|municipalit\w+",
    "person": r"person\w*|people|invånare|inhabitants", "permille": r"‰|promille",
}  # fmt: skip
_UNIT = "|".join(f"(?P<u_{name}>{form})" for name, form in _UNITS.items())
_PATTERN = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)"
    rf"|\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th|:?e|:?a)?\s+(?:of\s+)?(?P<m1>{_MONTH})\b(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+(?P<y2>\d{{4}}))?"
    rf"|\b(?P<m3>{_MONTH})\b(?:\s+(?P<y3>\d{{4}}))?"
    rf"|(?P<reference>\b\d{{4}}[/:]\d+\b|\b\d+/\d{{4}}\b)"
    rf"|(?P<fraction>\b\d+\s?[⁄/]\s?\d+\b|\b\d+\s+(?:av|of|i|in|out of)\s+(?:de\s+|the\s+)?\d+\b)"
    rf"|\b(?P<place>{'|'.join(f'(?:{form})' for form in _PLACES.values())})\s*(?P<pn>(?:{_N})(?:\(\d+\))*"
    rf"(?:\s*(?:,|[-–—]|och|eller|and|or|to|till)\s*(?:{_N}))*|[IVX]+\b)"
    rf"|(?P<many>\d+(?:\s?[a-z])?(?:\s*(?:,|och|and|[-–—])\s*\d+(?:\s?[a-z]\b)?)+)\s*§+"
    rf"|(?P<s1>\d+)\s*(?P<sa>[a-z])?\s*§|§+\s*(?P<s2>\d+)(?:\s*(?P<sb>[a-z])\b)?|(?P<ch>\d+)\s*kap\b"
    rf"|(?P<code>\b(?:(?-i:[A-Za-zÅÄÖåäö]*[A-ZÅÄÖ]{{2}}[A-Za-zÅÄÖåäö]*|[a-zåäö]+[A-ZÅÄÖ]+)|nis|eidas)[\s-]?\d{{1,2}}\b(?![.,:]?\d|\s*%|\s*(?:{'|'.join(_UNITS.values())}|procent|percent|pct)))"
    rf"|(?:(?P<before>\bsek|\beur|€)\s?)?{_LIST}\s*(?:(?P<percent>%|procent\b|percent\b|per\s+cent\b|pct\b)|{_UNIT})?"
    rf"(?:\s*(?P<after>euro\w*|eur\b|€|kronor\b|kr\b|sek\b))?",
    re.IGNORECASE,
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_WITHOUT_DIGITS = re.compile(
    rf"\b(?:{_MONTH})\b|\b(?:{'|'.join(f'(?:{form})' for form in _PLACES.values())})\s*[IVX]+\b", re.IGNORECASE
)
"""What the pattern finds in a text without digits; most clauses have neither, and this is told sooner."""
_NUMBER = re.compile(_N, re.IGNORECASE)
_SHARES = (
    ("1/2", r"hälften|halva|half"), ("1/3", r"(?:en\s+)?tredjedel\w*|(?:a|one)\s+third"),
    ("2/3", r"(?:två|2)\s+tredjedelar|two\s+thirds"),
    ("1/4", r"(?:en\s+)?(?:fjärdedel|kvart(?!al))\w*|(?:a|one)\s+quarter"),
    ("3/4", r"(?:tre|3)\s+fjärdedelar|three\s+quarters"),
    ("1/5", r"(?:en\s+)?femtedel\w*|(?:a|one)\s+fifth"), ("1/10", r"(?:en\s+)?tiondel\w*|(?:a|one)\s+tenth"),
    ("x2", r"dubbelt|dubbla\w*|fördubbl\w+|twice|doubled?"), ("x3", r"tredubbl\w+|tripled?"),
)  # fmt: skip
_SHARE = re.compile(
    r"|".join(rf"(?P<s{n}>\b(?:{form})\b)" for n, (_, form) in reversed(tuple(enumerate(_SHARES)))), re.IGNORECASE
)
_ORDINALS = re.compile(
    r"\b(?P<w>andra|tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde|tionde|second|third|fourth|fifth|sixth|seventh|"
    r"eighth|ninth|tenth)\b(?=\s+(?:kvartal\w*|quarter|upplag\w+|edition|plats\w*|place|led\w*|generation\w*|steg\w*|step|år\w*|year))",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?P<var>var|vart|every)\s+(?P<w>andra|annan|annat|tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde|tionde|other|second|"
    r"third|fourth|fifth|sixth)\s+(?P<unit>timme|dag|vecka|månad|år|hour|day|week|month|year)\b",
    re.IGNORECASE,
)
"""`var sjätte månad` is every 6 months."""
_ONE_IN = re.compile(
    r"\b(?:var|vart|varje|every)\s+(?P<w>tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde|tionde|third|fourth|fifth|sixth|"
    r"seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)
"""`vart femte svar` is a fifth of them."""
_ORDER = ("andra annan annat other second", "tredje third", "fjärde fourth", "femte fifth", "sjätte sixth",
          "sjunde seventh", "åttonde eighth", "nionde ninth", "tionde tenth")  # fmt: skip
_ROMAN = re.compile(r"\b(?:X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|VI{0,3}|I{2,3})\b")
_ONE = re.compile(
    r"\b(?:en|ett|one)\b(?=\s+(?:procent|percent|timm|hour|dag\b|day|veck|week|månad|month|miljon|million|miljard|"
    r"billion|av\s+\d|in\s+\d))",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def read(text: str) -> str:
    """The text in the form in which the places of its figures are counted."""
    every = _EVERY.sub(lambda match: f"{match['var']} {_ordinal(match['w'])} {match['unit']}", text)
    every = _ONE_IN.sub(lambda match: f" =1⁄{_ordinal(match['w'])} ", every)
    shares = _SHARE.sub(lambda match: f" ={_share(match)} ", every)
    return _ONE.sub("1", in_digits(shares))


def _share(match: re.Match[str]) -> str:
    return _SHARES[int(str(match.lastgroup)[1:])][0].replace("/", "⁄")


_READ_SHARE = re.compile(r"=(\d+⁄\d+|x\d)")


@lru_cache(maxsize=4096)
def stated(text: str) -> tuple[Stated, ...]:
    """Every figure of a text, in no special order."""
    clean = read(text)
    found = [Stated("share", match[1], match.start()) for match in _READ_SHARE.finditer(clean)]
    found += [Stated("ordinal", _ordinal(match["w"]), match.start()) for match in _ORDINALS.finditer(clean)]
    found += [Stated("roman", match.group(), match.start()) for match in _ROMAN.finditer(clean) if len(match[0]) > 1]
    rest = _READ_SHARE.sub(lambda match: " " * len(match.group()), clean)
    if not _DIGIT.search(rest) and not _WITHOUT_DIGITS.search(rest):
        return tuple(dict.fromkeys(found))
    for match in _PATTERN.finditer(rest):
        found += [Stated(kind, value, match.start()) for kind, value in _of(match)]
    return tuple(dict.fromkeys(found))


def _ordinal(word: str) -> str:
    return str(next(n for n, words in enumerate(_ORDER, start=2) if word.lower() in words.split()))


def _of(match: re.Match[str]) -> list[tuple[str, str]]:
    group = match.groupdict()
    if group["iso"]:
        year, month, day = group["iso"].split("-")
        return [("date", f"{int(month)}-{int(day)}"), ("month", str(int(month))), ("year", year)]
    for n in "123":
        if group[f"m{n}"]:
            return _date(group[f"m{n}"], group.get(f"d{n}"), group[f"y{n}"], match.group())
    if group["reference"]:
        return [("reference", group["reference"])]
    if group["fraction"]:
        one, two = re.findall(r"\d+", group["fraction"])
        return [("share", f"{one}⁄{two}")]
    if group["place"]:
        kind = next(kind for kind, form in _PLACES.items() if re.fullmatch(form, group["place"], re.IGNORECASE))
        values = group["pn"].replace("(", ".").replace(")", "")
        return [(kind, _plain(value)) for value in _NUMBER.findall(values)] or [(kind, values.upper())]
    if group["many"]:
        return [("paragraph", re.sub(r"\s", "", one)) for one in re.findall(r"\d+(?:\s?[a-z]\b)?", group["many"])]
    if group["s1"] or group["s2"]:
        letter = group["sa"] or group["sb"] or ""
        return [("paragraph", f"{group['s1'] or group['s2']}{letter}")]
    if group["ch"]:
        return [("chapter", group["ch"])]
    if group["code"]:
        code = re.sub(r"[\s-]", "", group["code"]).lower()
        letters = code.rstrip("0123456789")
        name = group["code"].rstrip("0123456789 -")
        if len(name) >= 2 and (any(c.isupper() for c in name[1:]) or letters in ("nis", "eidas")):
            return [("code", code)]
        return [_bare(_plain(code[len(letters) :]))]
    unit = "percent" if group["percent"] else next((name for name in _UNITS if group[f"u_{name}"]), "")
    values = [_plain(value) for value in _NUMBER.findall(group["n"])]
    money = _CURRENCIES.get(((group["before"] or group["after"] or "").lower() or "-")[0], "")
    if unit in _LARGE:
        # `10 miljoner kronor` is `10 000 000 kronor`; a list such as `5 och 10 miljoner` is of millions throughout.
        money = money or ("krona" if "kr" in group[f"u_{unit}"].lower() else "number")
        return [(money, _times(value, _LARGE[unit])) for value in values]
    kind = unit or money
    # In `58 procent 2023 och 66 procent 2025`, a year stands before the next figure and is none of its kind.
    return [
        (kind, value) if kind and (len(values) == 1 or not _YEAR.fullmatch(value)) else _bare(value) for value in values
    ]


_YEAR = re.compile(r"(?:19|20)\d\d")
_CURRENCIES = {"s": "krona", "k": "krona", "e": "euro", "€": "euro"}
"""The sort of money, by the first letter of its word."""
_LARGE = {"million": 10**6, "billion": 10**9}


def _times(value: str, scale: int) -> str:
    try:
        return f"{(Decimal(value) * scale).normalize():f}"
    except InvalidOperation:  # `26.2.1 miljoner` is no amount; it is held by its letters
        return value


def _date(month: str, day: str | None, year: str | None, whole: str) -> list[tuple[str, str]]:
    number = str(_MONTHS[month.lower()])
    if day is None and year is None and (month.lower() in ("may", "march") or not whole):
        return []
    found = [("month", number)]
    if day is not None:
        found.append(("date", f"{number}-{int(day)}"))
    if year is not None:
        found.append(("year", year))
    return found


def _bare(value: str) -> tuple[str, str]:
    return ("year" if _YEAR.fullmatch(value) else "number", value)


def _plain(value: str) -> str:
    """Without thousands spaces, with a decimal point, scientific notation written out."""
    value = re.sub(r"[ \u00a0\u202f]", "", value)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", value):
        value = value.replace(".", "")
    value = value.replace(",", ".")
    if "e" in value.lower():
        return f"{float(value):g}" if len(value) < 40 else "0"
    return value.rstrip(".").lstrip("0") or "0"


OF_AMOUNTS = frozenset((*_UNITS, "percent", "share", "number", "date", "reference"))
"""Kinds of figures that say how much or when; two of them in a sentence are said of two things."""
