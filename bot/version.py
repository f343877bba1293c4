"""Which version of Fyren this is."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The installed version; `0` where the program runs from a folder without being installed."""
    try:
        return version("fyren")
    except PackageNotFoundError:
        return "0"
