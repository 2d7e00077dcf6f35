"""Who asks: the header ``x-rh-identity``, base64 of JSON, that the platform in front of us sets."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

import orjson

from evistore.clusters.routes.bodies import members, text
from evistore.clusters.routes.call import Caller
from evistore.kernel.errors import Forbidden, Rejected

HEADER = b"x-rh-identity"
MISSING = "Missing auth token"
MALFORMED = "Malformed authentication token"
_DIGITS = re.compile(r"[0-9]+")
_MOST = 2**32


def caller(header: bytes | None) -> Caller:
    """Whom the value of the header names.

    Raises:
        Forbidden: ``identity-missing``, ``identity-malformed``, or ``identity-incomplete``: it names no organisation.
    """
    if not header:
        raise Forbidden(MISSING, code="identity-missing")
    try:
        identity = members(members(orjson.loads(base64.b64decode(header, validate=True))).get("identity"))
        account, user = text(identity.get("account_number")), members(identity.get("user"))
        name, email, number = (text(user.get(one)) for one in ("username", "email", "user_id"))
        org_id = _organization(identity.get("org_id"))
    except (binascii.Error, orjson.JSONDecodeError, Rejected, ValueError) as error:
        raise Forbidden(MALFORMED, code="identity-malformed") from error
    if org_id == 0:
        raise Forbidden(
            f"error retrieving requester org_id from token. account_number [{account}], "
            f"user data [{{Username:{name} Email:{email} UserID:{number}}}]",
            code="identity-incomplete",
        )
    return Caller(org_id, number or "0")


def _organization(value: Any) -> int:
    """The number in a text of digits, 0 where there is none; a ValueError where it is something else."""
    if value is None:
        return 0
    if not isinstance(value, str) or not _DIGITS.fullmatch(value) or len(value) > 100 or int(value) >= _MOST:  # noqa: PLR2004
        raise ValueError("no organisation")
    return int(value)
