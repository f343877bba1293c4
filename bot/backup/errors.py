"""The exceptions of the backup package.

BackupError             a backup could not be made, read or put back
├── BackupDamaged       the file is not what was written
├── BackupUnsuitable    it cannot be put back here; `reason` is a key of the catalogue, `backup.unsuitable.*`
└── NothingToBackUp     there is no database yet

What a database does not do is a bot.storage.errors.StorageError.
"""

from __future__ import annotations


class BackupError(Exception):
    """A backup could not be made, read or put back."""


class BackupDamaged(BackupError):
    """The file is not what was written."""


class BackupUnsuitable(BackupError):
    """It cannot be put back here. `values` are for the text of `reason`."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class NothingToBackUp(BackupError):
    """There is no database yet."""
