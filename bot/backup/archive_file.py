"""The file of a backup: written beside its place and renamed when it is whole, read member by member."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import ValidationError

from bot.backup.contents import FORMAT, LIST, Contents, FileState
from bot.backup.errors import BackupDamaged, BackupError, BackupUnsuitable

_LONGEST_LIST = 64 * 2**20
_AT_ONCE = 2**20


def write_archive(target: Path, contents: Contents, members: Mapping[str, Path]) -> Contents:
    """Write `members` by name, and the list of them last; readable for its owner alone. Raises BackupError."""
    draft = target.with_name(f".{target.name}.part")
    try:
        with _new(draft) as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                files = {name: _add(archive, name, path) for name, path in sorted(members.items())}
                contents = contents.model_copy(update={"files": files})
                listed = contents.model_dump_json(indent=1).encode()
                head = tarfile.TarInfo(LIST)
                head.size, head.mode = len(listed), 0o600
                archive.addfile(head, io.BytesIO(listed))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise BackupError(f"{target} could not be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return contents


def read_archive(source: Path, folder: Path | None = None) -> Contents:
    """Check every member against the list, and put them into `folder`, if there is one.

    Raises BackupDamaged, BackupUnsuitable for what a newer version has written, and BackupError for a file that cannot
    be read.
    """
    found: dict[str, FileState] = {}
    listed: bytes | None = None
    try:
        with tarfile.open(source, mode="r:") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or not _is_inside(member.name) or member.name in found or listed is not None:
                    raise BackupDamaged(f"{source.name}: {member.name!r} is nothing that a backup holds")
                if member.name == LIST:
                    listed = content.read(_LONGEST_LIST)
                else:
                    found[member.name] = _take(content, folder / member.name if folder is not None else None)
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged(f"{source.name} is not a whole archive: {error}") from error
    except OSError as error:
        raise BackupError(f"{source} could not be read: {error}") from error
    if listed is None:
        raise BackupDamaged(f"{source.name} ends before its list")
    contents = _contents(source, listed)
    if found != contents.files:
        names = sorted(name for name in {*found, *contents.files} if found.get(name) != contents.files.get(name))
        raise BackupDamaged(f"{source.name}: {', '.join(names[:5])} differ from the list")
    return contents


def _contents(source: Path, listed: bytes) -> Contents:
    try:
        contents = Contents.model_validate_json(listed)
    except ValidationError as error:
        raise BackupDamaged(f"{source.name}: the list is not readable") from error
    if contents.format > FORMAT:
        raise BackupUnsuitable("newer", version=contents.version)
    return contents


def _add(archive: tarfile.TarFile, name: str, path: Path) -> FileState:
    with path.open("rb") as file:
        head = tarfile.TarInfo(name)
        # As it is now: what grows meanwhile is cut there, and a file that shrinks is an error of tarfile's.
        head.size, head.mode = os.fstat(file.fileno()).st_size, 0o600
        reading = _Hashing(file)
        archive.addfile(head, reading)
    return FileState(size=head.size, sha256=reading.digest.hexdigest())


class _Hashing(io.RawIOBase):
    """Reads a file for tarfile and works out the checksum of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        content = self._file.read(size)
        self.digest.update(content)
        return content


def _take(content: IO[bytes], target: Path | None) -> FileState:
    digest, size = hashlib.sha256(), 0
    with _written(target) as file:
        while part := content.read(_AT_ONCE):
            digest.update(part)
            size += len(part)
            if file is not None:
                file.write(part)
    return FileState(size=size, sha256=digest.hexdigest())


@contextmanager
def _written(target: Path | None) -> Iterator[IO[bytes] | None]:
    if target is None:
        yield None
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with _new(target) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\0" not in name and "\\" not in name


def _new(path: Path) -> IO[bytes]:
    """A file that was not there, for its owner alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
