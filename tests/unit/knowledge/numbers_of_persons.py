"""Personal identity numbers that are made up, in every form in which people write them."""

from __future__ import annotations

from datetime import date

DASHES = ("-", "–", "—", "−", "‑", "－", "⁃")
SPACES = (" ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\n")


def with_check_digit(nine: str) -> str:
    """SKV 704: every other digit doubled, the digits of all added up to a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(nine)):
        value = int(digit) * (2 - place % 2)
        total += value // 10 + value % 10
    return nine + str(-total % 10)


def number(born: date, serial: int, *, coordination: bool = False) -> tuple[str, str, str]:
    """Century, date and the four last digits."""
    short = f"{born:%y%m}{born.day + 60 * coordination:02}"
    return f"{born.year // 100}", short, with_check_digit(f"{short}{serial:03}")[6:]


def mistyped(last: str) -> str:
    """The last four digits with the first one wrong."""
    return f"{(int(last[0]) + 1) % 10}{last[1:]}"


def forms(century: str, day: str, last: str) -> list[str]:
    """A number with its check digit, and the temporary ones of that day."""
    y, m, d = day[:2], day[2:4], day[4:]
    found = [f"{long}{day}{sign}{last}" for long in ("", century) for sign in ("", "+", *DASHES, *SPACES)]
    found += [f"{long}{day}{space}{sign}{space}{last}" for long in ("", century) for space in SPACES for sign in "-–"]
    found += [
        *(f"{century}{y}{sep}{m}{sep}{d}-{last}" for sep in "-. /"),
        *(f"{y}{sep}{m}{sep}{d}-{last}" for sep in "-. /"),
        *(f"{long}{y}{sep}{m}{sep}{d}{last}" for long in ("", century) for sep in "-./"),
        f"{day}{last[0]} {last[1:]}",
        f"{century}{day}{last[:2]} {last[2:]}",
        f"{century} {y} {m} {d} {last}",
        f"{century} {day}-{last}",
        f"{century}{y} {m}{d} {last}",
        f"{y} {m} {d} {last}",
        f"{y} {m} {d} {last[:2]} {last[2:]}",
        " ".join(day + last),
        f"{day}-{last[:2]} {last[2:]}",
        f"{day}-{last[:3]} {last[3]}",
        f"{day}-{last[:3]}-{last[3]}",
        f"{day}.{last}",
        f"{day}- {last}",
        f"{day}-{' '.join(last)}",
    ]
    whole = f"{day}-{last}"
    found += [
        f"{day}\u200b-{last}",
        f"{day}\u00ad{last}",
        f"{day[:3]}\u2060{day[3:]}-{last}",
        "".join(f"{each}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for each in day + last),
        f"{day}\N{HANGUL FILLER}{last}",
        *(
            "".join(chr(zero + int(each)) if each.isdigit() else each for each in whole)
            for zero in (0xFF10, 0x660, 0x966, 0x1D7CE)
        ),
    ]
    tails = (f"T{last[1:]}", f"TF{last[2:]}", f"t{last[1:]}", f"tf{last[2:]}", f"TF {last[2:]}")
    found += [f"{long}{day}{sign}{tail}" for long in ("", century) for sign in ("", "-", "–", "−") for tail in tails]
    found += [f"{century}{y}-{m}-{d}-TF{last[2:]}", f"{day} TF{last[2:]}", f"{century}{day}-R{last[1:]}"]
    return found
