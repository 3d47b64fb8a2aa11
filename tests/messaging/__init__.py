"""An event's travel, piece by piece."""
