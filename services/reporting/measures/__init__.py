"""All that is counted: the measures that the modules of this folder declare, one a subject."""

from services.reporting.declared import declared
from services.reporting.measure import Measure

MEASURES = tuple(declared(__name__, Measure))
