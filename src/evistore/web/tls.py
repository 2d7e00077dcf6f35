"""TLS of the server itself, where no proxy ends it."""

from __future__ import annotations

import ssl
from contextlib import suppress
from pathlib import Path

from evistore.kernel.errors import Misconfigured
from evistore.kernel.settings import Settings


class Certificate:
    """A certificate with its key, in files that may be replaced while the server runs: who connects afterwards sees the new one."""

    def __init__(self, certificate: Path, key: Path | None) -> None:
        """Read both; *key* is ``None`` where it stands in the file of the *certificate*, which also holds what links it to its authority.

        Raises:
            Misconfigured: ``http-tls``; they cannot be read, do not belong together, or the key has a password.
        """
        self._files = certificate, key or certificate
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.sni_callback = self._greeted
        self._seen = self._stand()
        try:
            self._load()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise Misconfigured(f"{' and '.join(sorted({*map(str, self._files)}))}: {why}", code="http-tls") from error

    @classmethod
    def of(cls, settings: Settings) -> Certificate | None:
        """That of *settings*; ``None`` where they name none.

        Raises:
            Misconfigured: ``http-tls``.
        """
        if settings.http_tls_certificate is None:
            if settings.http_tls_key is not None:
                raise Misconfigured("EVISTORE_HTTP_TLS_KEY is given without a certificate", code="http-tls")
            return None
        return cls(settings.http_tls_certificate, settings.http_tls_key)

    def _load(self) -> None:
        # Two that do not belong together would leave the one that is served with without any.
        for context in (ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), self.context):
            context.load_cert_chain(*self._files, password=lambda: "")  # else a terminal would be asked

    def _stand(self) -> list[tuple[int, int]]:
        """What changes when the files do."""
        try:
            return [(found.st_mtime_ns, found.st_ino) for found in (one.stat() for one in self._files)]
        except OSError:
            return []

    def _greeted(self, _connection: object, _name: str | None, _context: ssl.SSLContext) -> None:
        """Somebody begins a handshake, for which it is too late; the next one gets what stands there now."""
        standing = self._stand()
        if standing and standing != self._seen:
            with suppress(OSError, ValueError):  # one of the two is there already, the other not yet
                self._load()
                self._seen = standing
