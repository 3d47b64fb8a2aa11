"""Reports over HTTP: figures, what they counted, a device's tally, work lists, and the page."""

from fastapi import APIRouter

from services.reporting import facts_api, page_api, reader_api, reports_api, tally_api
from services.reporting.deps import Deps
from services.reporting.worklists import api as worklists


def routers(deps: Deps) -> list[APIRouter]:
    """All routes of reporting."""
    return [
        reader_api.router(deps),
        reports_api.router(deps),
        facts_api.router(deps),
        tally_api.router(deps),
        worklists.router(deps),
        page_api.router(deps.page),
    ]
