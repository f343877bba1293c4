"""The process in which a report is set: `python -m bot.exports.report.worker`.

The report comes as JSON on standard input; the PDF goes to the original standard output. It reaches no network and
reads no file but the template; what typesetting costs in memory is spent here and not in the service.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Final

import typst
from pydantic import ValidationError

from bot.exports.report.blocks import PRINTABLE, Printable

MEMORY: Final = 1024
"""Megabytes of data that the process may have; it uses about 150."""
TEMPLATE: Final = Path(__file__).parent / "template.typ"


def main() -> int:
    """Set one report."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY << 20, MEMORY << 20))
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get into the answer
    try:
        pdf = set_report(PRINTABLE.validate_json(sys.stdin.buffer.read()))
    except (typst.TypstError, ValidationError) as error:
        sys.stderr.write(f"{getattr(error, 'message', '') or type(error).__name__}\n")
        return 1
    with os.fdopen(answer, "wb") as out:
        out.write(pdf)
    return 0


def set_report(report: Printable) -> bytes:
    """The PDF of a report. Raises typst.TypstError, also where it would not be accessible."""
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        sys_inputs={"document": PRINTABLE.dump_json(report).decode()},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=report.dated)
    assert isinstance(made, bytes)  # noqa: S101 - only pictures come as one a page
    return made


if __name__ == "__main__":
    sys.exit(main())
