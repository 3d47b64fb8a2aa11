"""Reports over HTTP: figures, what they counted, a device's tally, work lists, and the page."""

from fastapi import APIRouter

from services.reporting.http import facts as facts_api
from services.reporting.http import page as page_api
from services.reporting.http import reader as reader_api
from services.reporting.http import reports as reports_api
from services.reporting.http import tally as tally_api
from services.reporting.http.deps import Deps
from services.reporting.worklists import disputes_api, doubts_api


def routers(deps: Deps) -> list[APIRouter]:
    """All routes of reporting."""
    return [
        reader_api.router(deps),
        reports_api.router(deps),
        facts_api.router(deps),
        tally_api.router(deps),
        disputes_api.router(deps),
        doubts_api.router(deps),
        page_api.router(deps.page),
    ]
