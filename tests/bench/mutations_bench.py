"""Files of every format, 300 times damaged each: none may hang, and none may do anything but be read or refused.

`python -m tests.bench.mutations_bench [SECONDS]`: seconds that one file may take, 20 by default. The seed is fixed, so
that what is found can be looked at again; the suite does the same with fewer files.
"""

from __future__ import annotations

import logging
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from ingest.errors import DocumentRejected
from ingest.loaders.registry import all_loaders, load_file
from tests.contract.loaders import files
from tests.fakes import mail_files, office_files, web_files
from tests.fakes.mutations import mutated

SEED, COUNT, SECONDS = 2026, 300, 20


def _text(content: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


FORMATS: Mapping[str, Callable[[Path], Path]] = {
    "pdf": files.guideline_pdf,
    "docx": office_files.noted_docx,
    "pptx": office_files.guideline_pptx,
    "xlsx": office_files.guideline_xlsx,
    "odt": office_files.guideline_odt,
    "html": _text(next(iter(web_files.LAYOUTS.values()))(f"<p>{files.FIRST}</p>", files.TITLE).encode()),
    "eml": _text(mail_files.message(files.FIRST, f"<p>{files.LAST}</p>", attachments={"a.pdf": b"-"}).as_bytes()),
    "md": _text(f"---\ntitle: {files.TITLE}\n---\n# {files.TITLE}\n\n{files.FIRST}\n".encode()),
    "txt": _text(f"{files.TITLE}\n\n{files.FIRST}\n\n{files.LAST}\n".encode()),
}


def main(seconds: int) -> int:
    """Print a line for each format; 1 where a file took longer or did something else."""
    logging.disable()  # parsers tell of each piece of damage
    signal.signal(signal.SIGALRM, _too_long)
    wrong = 0
    with TemporaryDirectory() as folder:
        for ending, make in FORMATS.items():
            seed = make(Path(folder) / f"seed.{ending}").read_bytes()
            outcomes, slowest = _read_all(seed, Path(folder) / f"a.{ending}", seconds)
            wrong += outcomes["wrong"]
            told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
            print(f"{ending:5} {told}; slowest {slowest:.2f} s", flush=True)
    return 1 if wrong else 0


def _read_all(seed: bytes, path: Path, seconds: int) -> tuple[Counter[str], float]:
    chance, loaders = random.Random(SEED), all_loaders()
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(COUNT):
        path.write_bytes(mutated(seed, chance))
        begun = time.monotonic()
        signal.alarm(seconds)
        try:
            load_file(path, path.name, loaders)
            outcomes["read"] += 1
        except DocumentRejected as rejection:
            outcomes[str(rejection.reason)] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            outcomes["wrong"] += 1
            print(f"{path.name}, mutation {number}: {type(error).__name__}: {error}", flush=True)
        finally:
            signal.alarm(0)
        slowest = max(slowest, time.monotonic() - begun)
    return outcomes, slowest


def _too_long(number: int, frame: object) -> NoReturn:
    raise TimeoutError("takes too long")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
