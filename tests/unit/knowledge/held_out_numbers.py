"""Sentences with numbers that are nobody's: held out, so that nothing in masking was fitted to them.

Whoever changes masking looks at `nobodys_numbers` while doing so, and here only at how many are wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

SEED: Final = 20_261_129
EACH: Final = 20
"""Sentences of every kind."""


def _mod10(digits: str) -> str:
    """With the check digit that references of payments and numbers of organisations have."""
    weighted = (int(each) * (2 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits)))
    return digits + str(-sum(sum(divmod(value, 10)) for value in weighted) % 10)


def _ean(digits: str) -> str:
    weighted = (int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits)))
    return digits + str(-sum(weighted) % 10)


def _digits(dice: Random, length: int) -> str:
    return str(dice.randint(1, 9)) + "".join(str(dice.randint(0, 9)) for _ in range(length - 1))


def _day(dice: Random) -> date:
    return date(2015, 1, 1) + timedelta(days=dice.randint(0, 4700))


def _short_period(dice: Random) -> str:
    first = _day(dice)
    last = first + timedelta(days=dice.randint(10, 130))
    return f"Vikariatet löper {first:%y%m%d}{dice.choice('–-')}{last:%m%d} enligt beslutet."


def _long_period(dice: Random) -> str:
    first = _day(dice)
    last = first + timedelta(days=dice.randint(10, 700))
    form = dice.choice(("%Y-%m-%d", "%Y%m%d", "%y%m%d"))
    return f"Avtalet gäller {first.strftime(form)}{dice.choice(('–', '-', ' – ', ' till '))}{last.strftime(form)}."


def _moment(dice: Random) -> str:
    form = dice.choice(("%Y-%m-%d {} %H:%M", "%Y-%m-%d %H%M", "%y%m%d-%H%M", "%Y%m%d_%H%M%S", "%Y%m%dT%H%M%SZ"))
    text = f"{_day(dice):%Y-%m-%d}"
    hour, minute = dice.randint(0, 23), dice.randint(0, 59)
    moment = form.replace("{}", "kl.").replace("%H", f"{hour:02}").replace("%M", f"{minute:02}").replace("%S", "07")
    return f"Säkerhetskopian är från {date.fromisoformat(text).strftime(moment)}."


def _hours(dice: Random) -> str:
    opens, noon, shuts = dice.randint(6, 10), 12, dice.randint(15, 19)
    form = dice.choice(
        ("{:02}–{} 13–{}", "{:02}.00–{}.00, 13.00–{}.30", "{:02}-{} och 13-{}", "{:02}:15-{}:00 13:00-{}:45")
    )
    return f"Medborgarkontoret har öppet {form.format(opens, noon, shuts)} på vardagar."


def _ledger(dice: Random) -> str:
    accounts = [_digits(dice, 4) for _ in range(dice.randint(2, 4))]
    form = dice.choice((", ", "-", " och ", " "))
    return f"Kostnaden bokförs på konto {form.join(accounts)} hos förvaltningen."


def _coded(dice: Random) -> str:
    parts = (_digits(dice, length) for length in dice.choice(((5, 3, 4), (4, 5, 4), (2, 4, 6), (6, 4, 3))))
    return f"Använd kodsträngen {dice.choice('-. ').join(parts)} när du attesterar."


def _organisation(dice: Random) -> str:
    number = _mod10(
        f"{dice.choice((2, 5, 7, 8, 9))}{dice.randint(0, 9)}{dice.randint(20, 99)}{dice.randint(0, 99999):05}"
    )
    form = dice.choice(("{}-{}", "{}{}", "16{}-{}", "SE{}{}01", "{} {}", "{}–{}"))
    return f"Leverantören har organisationsnummer {form.format(number[:6], number[6:])}."


def _case(dice: Random) -> str:
    board = dice.choice(("KS", "BUN", "SN", "MBN", "KSAU", "VÅN"))
    year, serial = dice.randint(2012, 2026), dice.randint(1, 4000)
    form = dice.choice(
        (
            "{b} {y}/{s}",
            "{b} {y}/{s:05}",
            "{b}-{y}-{s:05}",
            "{y}-{s:06}",
            "{b}{y}.{s}",
            "dnr {y}:{s:04}",
            "{b} {y}/{s:05}-{x}",
        )
    )
    return f"Handlingen finns i ärende {form.format(b=board, y=year, s=serial, x=dice.randint(1, 40))}."


def _invoice(dice: Random) -> str:
    word = dice.choice(("faktura", "fakturanummer", "kreditfaktura", "order", "inköpsorder", "beställning"))
    zeros = dice.choice(("", "", "00", "0"))
    return f"Enligt {word} {zeros}{_digits(dice, dice.randint(6, 12))} är licenserna betalda."


def _reference(dice: Random) -> str:
    number = _mod10(_digits(dice, dice.randint(6, 18)))
    spaced = " ".join(number[place : place + 5] for place in range(0, len(number), 5))
    return f"Ange OCR {dice.choice((number, number, spaced))} vid betalning."


def _goods(dice: Random) -> str:
    number = _ean(dice.choice(("73", "40", "50", "57", "87", "0")) + _digits(dice, 10))[-13:]
    return f"Läsplattan har EAN {number} i avropet."


def _place(dice: Random) -> str:
    north, east = dice.uniform(55.4, 69), dice.uniform(11, 24)
    form = dice.choice(
        (f"{north:.5f}, {east:.5f}", f"N {north * 111_000:.0f} E {east * 30_000:.0f}", f"{north:.6f} {east:.6f}")
    )
    return f"Sensorn står vid {form} intill badplatsen."


def _law(dice: Random) -> str:
    year = dice.randint(1949, 2025)
    form = dice.choice(("lagen ({}:{})", "SFS {}:{}", "SOU {}:{}", "prop. {}:{}", "förordning ({}:{})", "SKOLFS {}:{}"))
    law = form.format(year, dice.randint(1, 1900))
    return f"Det framgår av {law}, {dice.randint(1, 12)} kap. {dice.randint(1, 40)} §."


def _union(dice: Random) -> str:
    year = dice.randint(1995, 2025)
    form = dice.choice(("förordning (EU) {}/{}", "direktiv {}/{}/EU", "(EU) nr {1}/{0}", "beslut {}/{}"))
    act = form.format(year, dice.randint(1, 2900))
    return f"Kraven kommer ur {act}, artikel {dice.randint(1, 99)}.{dice.randint(1, 9)}."


def _amount(dice: Random) -> str:
    whole = dice.choice((dice.randint(1_000, 99_999), dice.randint(100_000, 9_999_999_999)))
    thin = dice.choice((" ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", ".", ""))
    text = f"{whole:,}".replace(",", thin)
    return f"Investeringen kostar {text}{dice.choice(('', ',50', ',00'))} {dice.choice(('kr', 'kronor', 'SEK'))} i år."


def _book(dice: Random) -> str:
    number = _ean(f"97891{_digits(dice, 7)}")
    parted = f"{number[:3]}-{number[3:5]}-{number[5:9]}-{number[9:12]}-{number[12]}"
    return f"Handboken har ISBN {dice.choice((number, parted))}."


def _machine(dice: Random) -> str:
    parts = ".".join(str(dice.randint(0, 255)) for _ in range(4))
    return (
        f"Servern {parts} kör version {dice.randint(1, 30)}.{dice.randint(0, 12)}.{dice.randint(0, 9999)} sedan i går."
    )


def _serial(dice: Random) -> str:
    form = dice.choice(("SN{}-{}", "{}/{}", "inv.nr {}-{}", "PO{}{}", "{}-{}-A"))
    return f"Datorn är märkt {form.format(_digits(dice, dice.randint(4, 7)), _digits(dice, dice.randint(3, 5)))}."


def _property(dice: Random) -> str:
    name = f"Åsen {dice.randint(1, 30)}:{dice.randint(1, 999)}"
    return f"Bygglovet rör {name}, {dice.randint(100, 999)} {dice.randint(10, 99)} Tanum."


def _shares(dice: Random) -> str:
    shares = ", ".join(f"{dice.randint(0, 99)},{dice.randint(0, 9)}" for _ in range(5))
    return f"Andelarna är {shares} procent av {dice.randint(900, 60_000)} svar."


def _counts(dice: Random) -> str:
    return "Antalet ärenden per år var " + " ".join(str(dice.randint(10, 99)) for _ in range(dice.randint(5, 12))) + "."


def _years(dice: Random) -> str:
    first = dice.randint(1990, 2020)
    sign = dice.choice((" ", "-", "/", ", "))
    return f"Uppföljningen gjordes {sign.join(str(first + 2 * step) for step in range(dice.randint(2, 5)))} i nämnden."


def _code(dice: Random) -> str:
    word, length = dice.choice(
        (("skolenhetskod", 8), ("kommunkod", 4), ("CFAR-nummer", 8), ("diarieplan", 3), ("SNI", 5))
    )
    return f"Enheten har {word} {_digits(dice, length)}."


def _paragraph(dice: Random) -> str:
    paragraph = f"§ {dice.randint(1, 300)}/{dice.randint(2018, 2026)}"
    return f"Se {paragraph} i protokoll {_day(dice):%y%m%d}, sid {dice.randint(1, 90)}."


def _short(dice: Random) -> str:
    number = dice.choice(("112", "1177", "113 13", "114 14", "116 117"))
    return f"Ring {number}, inte växeln, om rum {_digits(dice, 4)} brinner."


def _hash(dice: Random) -> str:
    return f"Bilagan har kontrollsumman {dice.getrandbits(128):032x} i arkivet."


_KINDS: Final[tuple[Callable[[Random], str], ...]] = (
    *(
        _short_period,
        _long_period,
        _moment,
        _hours,
        _ledger,
        _coded,
        _organisation,
        _case,
        _invoice,
        _reference,
        _goods,
    ),
    *(_place, _law, _union, _amount, _book, _machine, _serial, _property, _shares, _counts, _years, _code, _paragraph),
    *(_short, _hash),
)


def held_out() -> Iterator[str]:
    """The same sentences every time."""
    dice = Random(SEED)
    for _ in range(EACH):
        for kind in _KINDS:
            yield kind(dice)
