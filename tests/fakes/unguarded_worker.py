"""The real worker on a kind of machine on which it cannot give up the network."""

from __future__ import annotations

import platform
import sys

from ingest.worker import main

if __name__ == "__main__":
    platform.machine = lambda: "vax"
    sys.exit(main(sys.argv[1:]))
