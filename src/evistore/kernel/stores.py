"""Where an export goes: a folder that is there whole or not at all, or a bucket of an S3 service.

Both take streams: a file of any size costs the memory of a few parts.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from evistore.kernel.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config, S3Store

    from evistore.kernel.settings import Settings

_PART = 16 * 1024 * 1024  # bytes; S3 takes up to 10,000 of them
_PARTS_AT_ONCE = 2
_BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")


class Store(Protocol):
    """What takes files by name. Nobody relies on any of them before the one that was written last."""

    def write(self, name: str, content: Iterable[bytes]) -> None:
        """Keep *content* as *name*, in the place of what has that name."""
        ...


@contextmanager
def store(where: str, settings: Settings, *, last: str) -> Generator[Store]:
    """The place *where*: ``s3://bucket/prefix``, or a folder that does not exist yet or is empty.

    A folder gets its name when the block ends; an exception leaves nothing behind. In a bucket the file *last*, which says what belongs together,
    says that nothing does until it is written.

    Raises:
        Misconfigured: ``folder-taken``, ``folder-refuses``, ``bucket-refuses``, ``s3-missing``, ``s3-address``.
        Unavailable: ``bucket-away``.
    """
    if where.startswith("s3:"):
        yield _bucket(where, settings, last)
    else:
        with _folder(Path(where)) as made:
            yield made


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, content: Iterable[bytes]) -> None:
        with (self._path / name).open("wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def _folder(path: Path) -> Generator[_Folder]:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Misconfigured(f"{path} is there already and not an empty folder", code="folder-taken")
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.absolute().parent))
        try:
            yield _Folder(new)
            new.chmod(0o777 & ~_umask())
            new.rename(path)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror or error}", code="folder-refuses") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class _Bucket:
    def __init__(self, store: S3Store, last: str) -> None:
        self._store, self._last = store, last

    def begin(self) -> None:
        """Say that nothing there belongs together; this also finds out whether we may write."""
        self.write(self._last, [b'{"complete": false}\n'])

    def write(self, name: str, content: Iterable[bytes]) -> None:
        import obstore  # noqa: PLC0415

        with _told():
            obstore.put(
                self._store, name, _parts(content), use_multipart=True, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE
            )


def _bucket(where: str, settings: Settings, last: str) -> _Bucket:
    found = _BUCKET.fullmatch(where)
    if found is None:
        raise Misconfigured(f"{where} is no s3://bucket/prefix", code="s3-address")
    try:
        from obstore.store import S3Store  # noqa: PLC0415
    except ImportError:
        raise Misconfigured("S3 is not installed: install evistore[s3]", code="s3-missing") from None
    client: ClientConfig = {"allow_http": settings.s3_endpoint.startswith("http://"), "timeout": "5 minutes"}
    with _told():
        made = S3Store(
            found[1],
            prefix=(found[2] or "").strip("/") or None,
            config=_config(settings),
            client_options=client,
            retry_config={"max_retries": 5},
        )
    bucket = _Bucket(made, last)
    bucket.begin()
    return bucket


def _config(settings: Settings) -> S3Config:
    """What is set here; the rest obstore takes from the ``AWS_…`` variables, a web identity or the machine."""
    config: S3Config = {}
    if settings.s3_endpoint:
        config["endpoint"] = settings.s3_endpoint
    if settings.s3_region:
        config["region"] = settings.s3_region
    if settings.s3_access_key_id:
        config["access_key_id"] = settings.s3_access_key_id.get_secret_value()
    if settings.s3_secret_access_key:
        config["secret_access_key"] = settings.s3_secret_access_key.get_secret_value()
    return config


def _parts(content: Iterable[bytes]) -> Iterator[bytes]:
    """The content in pieces that are worth a call into the library."""
    parts, size = list[bytes](), 0
    for part in content:
        parts.append(part)
        size += len(part)
        if size >= _PART // 16:
            yield b"".join(parts)
            parts, size = [], 0
    if parts:
        yield b"".join(parts)


@contextmanager
def _told() -> Generator[None]:
    """Turn refusals of the service into faults. Their text names the request, never a credential."""
    from obstore.exceptions import BaseError, GenericError, PermissionDeniedError, UnauthenticatedError  # noqa: PLC0415

    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError, FileNotFoundError) as error:
        raise Misconfigured(f"the bucket refuses: {_said(error)}", code="bucket-refuses") from None
    except GenericError as error:
        raise Unavailable(f"the bucket does not answer: {_said(error)}", code="bucket-away") from None
    except BaseError as error:
        raise Misconfigured(f"the bucket refuses: {_said(error)}", code="bucket-refuses") from None


def _said(error: BaseException) -> str:
    """What the service answered, by its own code where it gave one."""
    text = str(error).partition("\n\nDebug source")[0]
    code = re.search(r"<Code>(\w+)</Code>", text)
    return code[1] if code else text.partition(":")[2].strip()[:200] or text[:200]
