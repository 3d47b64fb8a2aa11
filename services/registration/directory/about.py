"""What this registration is, for a client that has not signed in."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.platform.clock import Clock
from services.registration.subjects.reading import API

VERSION = "v1"


class About(BaseModel):
    """Nothing in it is about anybody."""

    demo: bool = Field(description="Sample figures: the header `Demo-Now` sets a request's clock")
    version: str
    servertime: datetime


def router(clock: Clock, *, demo: bool) -> APIRouter:
    """`/about`, open to all."""
    routes = APIRouter(prefix=API, tags=["directory"])

    @routes.get("/about")
    async def about() -> About:
        """Whether a client may play here, and the server's time for a phone's clock."""
        return About(demo=demo, version=VERSION, servertime=clock())

    return routes
