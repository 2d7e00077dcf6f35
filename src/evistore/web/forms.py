"""The few forms that change something: their fields, and that they came from a page of ours.

Browsers say on their own where a request comes from (``Sec-Fetch-Site``, older ones ``Origin``); no page of another site can change that. What comes
without either comes from no browser, and holds no credentials that it was not given.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from evistore.kernel.errors import Forbidden, Rejected

_KIND = "application/x-www-form-urlencoded"
_MOST_FIELDS = 50


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form that a page of ours sent.

    Raises:
        Forbidden: ``cross-site``, a page of another site sent it.
        Rejected: ``request-invalid``, it is no form.
    """
    same_site(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in ("", _KIND):
        raise Rejected(f"a form comes as {_KIND}", code="request-invalid")
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError as error:
        raise Rejected("the form cannot be read", code="request-invalid") from error


def same_site(request: Request) -> None:
    """Refuse what a page of another site sent.

    Raises:
        Forbidden: ``cross-site``.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site == "same-origin" or (
        site is None and (origin is None or urlsplit(origin).netloc == request.headers.get("host"))
    ):
        return
    raise Forbidden("the request came from a page of another site", code="cross-site")
