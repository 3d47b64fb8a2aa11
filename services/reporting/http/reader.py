"""`/reader`: who looks, and at which wards, so that a page can say whose figures it shows."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.platform.access.auth import ANONYMOUS, Reader
from services.platform.access.readers import Matter
from services.platform.http.app import problem_responses
from services.reporting.definitions.wards import (
    STANDARD,
    WardRef,
    in_order,
    shown_as,
    unit_of,
    ward_ref,
)
from services.reporting.http.deps import BASE, Deps


class Reading(BaseModel):
    """What a reader's figures are of."""

    role: str = Field(examples=["ward"])
    anonymous: bool = Field(description="Nobody has signed in, and nobody needs to")
    wards: list[WardRef] | None = Field(description="Null: the whole city")


def router(deps: Deps) -> APIRouter:
    """One route."""
    routes = APIRouter(prefix=BASE, tags=["reports"])

    @routes.get("/reader", operation_id="reader", responses=problem_responses(401, 403))
    async def reading(
        reader: Annotated[Reader, Depends(deps.reader(Matter.FIGURES))],
    ) -> Reading:
        """Who looks, and at which wards."""
        return Reading(role=reader.role, anonymous=reader == ANONYMOUS, wards=_wards(reader))

    return routes


def _wards(reader: Reader) -> list[WardRef] | None:
    if reader.wards is None:
        return None
    units = [unit for code in reader.wards if (unit := unit_of(code))]
    return [ward_ref(key) for key in in_order({shown_as(unit.key, STANDARD) for unit in units})]
