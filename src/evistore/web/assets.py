"""The files that every page needs: style sheet, script, icon. Their names change with their content, so browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from fastapi import APIRouter, Response

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = ("style.css", "charts.css", "script.js", "icon.svg")


class _Asset:
    """One file."""

    def __init__(self, name: str) -> None:
        self.content = files("evistore.web").joinpath("static", name).read_bytes()
        stem, _, kind = name.partition(".")
        self.media_type = _KINDS[kind]
        self.path = f"/static/{stem}-{hashlib.sha256(self.content).hexdigest()[:12]}.{kind}"


_ASSETS = {name: _Asset(name) for name in _FILES}
PATHS = {name: asset.path for name, asset in _ASSETS.items()}
"""Where each file is served."""


def router() -> APIRouter:
    """The routes of all files."""
    routes = APIRouter(include_in_schema=False)
    for asset in _ASSETS.values():
        routes.add_api_route(asset.path, _door(asset), methods=["GET", "HEAD"])
    return routes


def _door(asset: _Asset):  # noqa: ANN202  # a closure that only the router sees
    def get_asset() -> Response:
        return Response(asset.content, media_type=asset.media_type, headers=_FOREVER)

    return get_asset
