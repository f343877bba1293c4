"""`python -m bot` is the `fyren` command."""

import sys

from bot.cli import main

sys.exit(main())
