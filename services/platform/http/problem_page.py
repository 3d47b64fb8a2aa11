"""The page of codes: every problem a program may meet, in one list."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from services.platform.http.page_headers import page_headers
from services.platform.problems import known_kinds

_PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mã lỗi / Problem codes</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
dt{font-family:monospace;font-weight:700;margin-top:1.2rem}dd{margin:0}:target{background:#ff9}
</style>
<h1>Mã lỗi <small lang="en">Problem codes</small></h1>
<dl>{% for kind in kinds %}
<dt id="{{ kind.code }}">{{ kind.code }} · {{ kind.status }}{{ " · ↻" if kind.retryable }}</dt>
<dd>{{ kind.vi }}</dd><dd lang="en">{{ kind.en }}</dd>{% endfor %}
</dl></html>""")


def router() -> APIRouter:
    """`/problems`, to which each problem document's `type` leads."""
    routes = APIRouter(tags=["operation"])

    @routes.get("/problems", response_class=HTMLResponse)
    async def problems() -> HTMLResponse:
        page = _PAGE.render(kinds=sorted(known_kinds(), key=lambda kind: kind.code))
        return HTMLResponse(page, headers=page_headers(style="'unsafe-inline'"))

    return routes
