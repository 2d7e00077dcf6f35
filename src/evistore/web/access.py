"""Who may send: bearer tokens, and HMAC-SHA256 signatures over the body as it was sent.

Where both are configured either suffices: some senders can hold a token, others (webhooks of code hosts) can only sign. Everything is compared in
constant time, over digests, so that neither content nor length of a secret shows in the time an answer takes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers

from evistore.kernel.errors import Forbidden, Misconfigured
from evistore.kernel.settings import Settings

_SCHEME = "bearer "
_PREFIX = "sha256="


@dataclass(frozen=True, slots=True)
class Access:
    """The secrets of those who may send; with none of them anybody may."""

    tokens: Sequence[bytes] = ()
    secret: bytes | None = None
    token_header: str = "Authorization"  # noqa: S105  # the name of a header
    signature_header: str = "X-Hub-Signature-256"

    @classmethod
    def of(cls, settings: Settings) -> Access:
        """The access that *settings* ask for."""
        secret = settings.http_signature_secret.get_secret_value() if settings.http_signature_secret else ""
        return cls(
            tuple(_digest(token.get_secret_value()) for token in settings.http_tokens),
            secret.encode() or None,
            settings.http_token_header,
            settings.http_signature_header,
        )

    @property
    def open(self) -> bool:
        """Whether anybody may send."""
        return not self.tokens and self.secret is None

    def by_token(self, headers: Headers) -> bool:
        """Whether *headers* alone are enough; otherwise :meth:`by_signature` decides once the body is there.

        Raises:
            Forbidden: no body can mend this: the token is missing or wrong, and there is no signature to look at.
        """
        if self.open:
            return True
        token = headers.get(self.token_header)
        if token is not None and self._knows(token):
            return True
        if self.secret is None or self.signature_header not in headers:
            raise self._refusal(given=token is not None)
        return False

    def by_signature(self, headers: Headers, body: bytes) -> None:
        """Check the signature over *body*, the bytes as they came, before any decompression.

        Raises:
            Forbidden: it is not the signature of this body under our secret.
        """
        given = headers.get(self.signature_header, "").removeprefix(_PREFIX).lower()
        wanted = hmac.new(self.secret or b"", body, hashlib.sha256).hexdigest()
        if self.secret is None or not hmac.compare_digest(given.encode(), wanted.encode()):
            raise self._refusal(given=True)

    def _knows(self, header: str) -> bool:
        token = header[len(_SCHEME) :] if header[: len(_SCHEME)].lower() == _SCHEME else header
        digest = _digest(token.strip())
        return any([hmac.compare_digest(digest, known) for known in self.tokens])  # noqa: C419  # always all of them

    def _refusal(self, *, given: bool) -> Forbidden:
        if given:
            return Forbidden("the credentials are not accepted", code="credentials-wrong")
        return Forbidden("sending asks for a token or a signature", code="credentials-missing")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def check_exposure(settings: Settings) -> None:
    """Refuse to listen where strangers reach us and nothing is asked of them, or they could delete.

    Raises:
        Misconfigured: the address is beyond loopback, without token or signature or with operations for debugging, and ``http_open`` does not say
            that this is meant.
    """
    if settings.listens_on_loopback() or settings.http_open:
        return
    if settings.clusters_debug:
        raise Misconfigured(
            f"{settings.http_host} can be reached by others, and EVISTORE_CLUSTERS_DEBUG lets them delete: unset it, "
            "or set EVISTORE_HTTP_OPEN=true where something in front keeps them out",
            code="http-exposed",
        )
    if Access.of(settings).open:
        raise Misconfigured(
            f"{settings.http_host} can be reached by others: set EVISTORE_HTTP_TOKENS or EVISTORE_HTTP_SIGNATURE_SECRET, "
            "or EVISTORE_HTTP_OPEN=true where something in front asks for credentials",
            code="http-exposed",
        )
