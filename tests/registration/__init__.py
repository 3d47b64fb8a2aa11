"""Registration: what may be recorded, and how."""
