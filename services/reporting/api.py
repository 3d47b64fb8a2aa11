"""Reports over HTTP: figures, what they counted, a device's tally, and the page."""

from fastapi import APIRouter

from services.reporting import facts_api, page_api, reports_api, tally_api
from services.reporting.deps import Deps


def routers(deps: Deps) -> list[APIRouter]:
    """All routes of reporting."""
    return [
        reports_api.router(deps),
        facts_api.router(deps),
        tally_api.router(deps),
        page_api.router(deps.page),
    ]
