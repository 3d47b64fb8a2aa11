"""Labels that measures of several subjects share; all others stand beside their measures."""

from services.events.codes import AgeBand, Group, Purpose, Service
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.teams import TeamFormed
from services.reporting.definitions.label import Label

WARD = Label("ward")
"""Every figure has it, and no measure declares it."""
NEIGHBOURHOOD = Label("neighbourhood", named_by=NeighbourhoodRegistered)
TEAM = Label("team", named_by=TeamFormed)
SERVICE = Label("service", Service)
GROUP = Label("group", Group, adds_up=False)
"""A citizen of two groups counts in both."""
AGE_BAND = Label("age_band", AgeBand)
PURPOSE = Label("purpose", Purpose)
AS_OF = Label("as_of")
"""For which day a denominator was told."""
