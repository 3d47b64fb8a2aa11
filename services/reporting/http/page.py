"""`/`: one plain page that shows the system live, and what it has to be told."""

from importlib.resources import files
from urllib.parse import urlsplit

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.platform.http.page_headers import page_headers

_FOLDER = files("services.reporting") / "page"
_INDEX = "index.html"
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}


class PageConfig(BaseModel):
    """What the page cannot know by itself."""

    registration: str | None = None
    """Where staff sign in; null where nobody can."""
    notify: str | None = None
    """Where notify's console can be read; null where there is none."""
    demo: bool = False


def page_config(registration_public_url: str, notify_public_url: str, *, demo: bool) -> PageConfig:
    """From addresses as settings give them."""
    return PageConfig(
        registration=registration_public_url.rstrip("/") or None,
        notify=notify_public_url.rstrip("/") or None,
        demo=demo,
    )


def router(config: PageConfig) -> APIRouter:
    """The page's files are read once; the browser questions each time whether they changed."""
    routes = APIRouter(include_in_schema=False)
    asked = (urlsplit(url) for url in (config.registration, config.notify) if url)
    headers = page_headers(f"{url.scheme}://{url.netloc}" for url in asked if url.netloc)

    @routes.get("/page/config.json")
    async def page_config() -> PageConfig:
        return config

    for file in _FOLDER.iterdir():
        if media_type := _TYPES.get(file.name.rpartition(".")[2]):
            path = "/" if file.name == _INDEX else f"/page/{file.name}"
            _add(routes, path, file.read_bytes(), f"{media_type}; charset=utf-8", headers)
    return routes


def _add(
    routes: APIRouter, path: str, body: bytes, media_type: str, headers: dict[str, str]
) -> None:
    async def give() -> Response:
        return Response(body, media_type=media_type, headers=headers)

    routes.add_api_route(path, give, methods=["GET"], response_class=Response)
