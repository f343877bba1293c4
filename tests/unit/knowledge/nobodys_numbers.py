"""Numbers that are nobody's, to look at while masking is changed; `held_out_numbers` are those it is measured with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.unit.knowledge.numbers_of_persons import with_check_digit

ALONE = (
    *("112", "1177", "114 14", "GDPR artikel 32.1", "ISO 27001:2022", "kl. 08-17", "08.00–16.30", "v. 45 2026"),
    *("978-91-7000-150-1", "9789170001501", "0-306-40615-7", "192.168.10.12", "10 000–20 000 kr", "@Fyren hej"),
    *("åren 2016 2019 2022 2025", "perioden 2023-08-17 2023-08-11", "omgångarna 2013-2016-2019-2022"),
    *("konto 653355 i kontoplanen", "konto 4010, 4510 och 6212", "konto 5010–5099", "konto 6212 2025-03-01"),
    *("08-12 13-16", "08–12 13–17", "+2 450 000 kr", "+12 500 000 kronor", "faktura 0046123456", "order 0731234567"),
    *("perioden 230822–1203", "230822–1203", "230822-1203", "240115-0930", "dnr 850101-4444", "SFS 2018:218"),
    *("2024/1689", "KS 2024/1234", "2024-001234", "20240115-20240630", "2026-03-09 1430", "N 6580822 E 674032"),
    *("59.32932, 18.06858", "OCR 4532015112830366", "EAN 4006381333931", "ISBN 9789144115603", "mötet 240229-1315"),
)
"""Forms one by one."""


def nobodys() -> Iterator[str]:
    """Those and some hundred counted off, the same every time."""
    yield from ALONE
    for each in range(40):
        day = date(2020, 1, 31) + timedelta(days=61 * each)
        later = day + timedelta(days=97)
        company = with_check_digit(f"{556000 + each * 37}{(each * 71) % 1000:03}")
        yield from (
            f"{company[:6]}-{company[6:]}",
            f"212000-{1300 + each}",
            f"dnr KS 2024/{100 + each * 7}",
            f"SFS {1990 + each % 36}:{each * 31 + 1}",
            f"EU {2010 + each % 16}/{1000 + each * 23}",
            str(day),
            f"{each + 1} {100 + each * 13} {each * 23 % 1000:03} kr",
            f"{each * 2},{each % 10} procent av {1000 + each * 211} anställda",
            f"{2000 + each % 20}–{2030 + each % 9}",
            f"{day:%y%m%d}–{later:%y%m%d}",
            f"{day}–{later}",
            f"{day} kl. {each % 24:02}:{each:02}",
            f"faktura {20_000_000 + each * 7_654_321}",
            f"ordernummer {1_000_000_000 + each * 87_654_321}",
            f"OCR {with_check_digit(str(9_876_543_210 + each * 123_456_789))}",
            f"EAN 73{10_000_000_000 + each * 1_234_567}{each % 10}",
            f"{55 + each % 13}.{each * 2357 % 100_000:05}, {11 + each % 12}.{each * 7919 % 100_000:05}",
            f"10.{each}.{each * 6 % 256}.{each * 5}",
            f"projekt {each + 10}-{1000 + each * 17}-{each * 3 + 100}",
            f"{each + 100} {each + 10} Storstad",
        )
