"""`/docs`: the OpenAPI document to read and to try, drawn by files of our own."""

import gzip
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from services.platform.http.page_headers import page_headers

DOCS = "/docs"
_FOLDER = files("services.platform.http") / "swagger"
_TYPES = {"css": "text/css", "js": "text/javascript"}
_PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<link rel="stylesheet" href="{{ docs }}/swagger-ui.css">
<div id="document"></div>
<script src="{{ docs }}/swagger-ui-bundle.js"></script>
<script src="{{ docs }}/start.js"></script>
</html>""")


def router(title: str) -> APIRouter:
    """The page and its three files."""
    routes = APIRouter(include_in_schema=False)
    page = _PAGE.render(title=title, docs=DOCS)

    @routes.get(DOCS)
    async def docs() -> Response:
        return HTMLResponse(page, headers=page_headers())

    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        _add(routes, name)
    return routes


def packed(name: str) -> bytes:
    """One of the files, in gzip."""
    if name == "start.js":
        return gzip.compress((_FOLDER / name).read_bytes(), mtime=0)
    return (_FOLDER / f"{name}.gz").read_bytes()


def _add(routes: APIRouter, name: str) -> None:
    body = packed(name)
    media_type = f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8"

    async def give(request: Request) -> Response:
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = page_headers() | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            return Response(body, media_type=media_type, headers=headers)
        return Response(gzip.decompress(body), media_type=media_type, headers=page_headers())

    routes.add_api_route(f"{DOCS}/{name}", give, methods=["GET"], response_class=Response)
