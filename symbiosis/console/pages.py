"""The files of the console over HTTP: packed once, with a tag each, under a policy that lets nothing else in."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

STATIC: Final = "static"
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_MEDIA: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_SHORTEST_PACKED: Final = 512
_CHECK_AGAIN: Final = "no-cache"
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Page:
    """A file as it is sent: plain, packed where that is shorter, with its media type and tag."""

    plain: bytes
    packed: bytes | None
    media: str
    tag: str
    keeping: str


def console_routes(documents: Mapping[str, str]) -> list[BaseRoute]:
    """Return the routes of the console: `/`, its files, and the id of every trusted document by its name."""
    ids = _page(orjson.dumps(dict(sorted(documents.items()))), ".json", _CHECK_AGAIN)

    async def operations(request: Request) -> Response:
        return _answer(request, ids)

    async def page(request: Request) -> Response:
        found = _pages().get(request.path_params.get("path", "index.html"))
        if found is None:
            return PlainTextResponse("There is no such page; the console is at /.\n", 404)
        return _answer(request, found)

    return [
        Route("/", page, methods=["GET"]),
        Route("/console/operations.json", operations, methods=["GET"]),
        Route("/console/{path:path}", page, methods=["GET"]),
    ]


def _answer(request: Request, page: Page) -> Response:
    """Return a page, or 304 where the browser has it already."""
    headers = {
        "content-security-policy": CONTENT_POLICY,
        "cross-origin-opener-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": page.keeping,
        "vary": "Accept-Encoding",
        "etag": page.tag,
    }
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if page.tag in known:
        return Response(status_code=304, headers=headers)
    takes_packed = "gzip" in request.headers.get("accept-encoding", "")
    if page.packed is None or not takes_packed:
        return Response(page.plain, headers=headers, media_type=page.media)
    return Response(page.packed, headers=headers | {"content-encoding": "gzip"}, media_type=page.media)


@cache
def _pages() -> dict[str, Page]:
    """Return every file of the console by its path, and the communes' outlines; other paths lead nowhere."""
    outlines = files("symbiosis.ingest").joinpath("data", "communes.geojson").read_bytes()
    return {
        **dict(_walked(files("symbiosis.console").joinpath(STATIC), "")),
        "data/communes.geojson": _page(outlines, ".geojson", _CHECK_AGAIN),
    }


def _walked(folder: Traversable, prefix: str) -> list[tuple[str, Page]]:
    found: list[tuple[str, Page]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{prefix}{entry.name}"
        ending = f".{entry.name.rpartition('.')[2]}"
        if entry.is_dir():
            found += _walked(entry, f"{path}/")
        elif ending in _MEDIA:
            keeping = _FOR_EVER if path.startswith("vendor/") and path.count("/") > 1 else _CHECK_AGAIN
            found.append((path, _page(entry.read_bytes(), ending, keeping)))
    return found


def _page(plain: bytes, ending: str, keeping: str) -> Page:
    packed = gzip.compress(plain, 9, mtime=0) if len(plain) >= _SHORTEST_PACKED and ending != ".png" else None
    tag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return Page(plain, packed, _MEDIA[ending], tag, keeping)
