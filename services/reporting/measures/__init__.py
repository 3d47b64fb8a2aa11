"""All that is counted: the measures that the modules of this folder declare, one a subject."""

from services.reporting.definitions.declared import declared
from services.reporting.definitions.measure import Measure

MEASURES = tuple(declared(__name__, Measure))
