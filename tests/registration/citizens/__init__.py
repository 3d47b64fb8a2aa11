"""Citizens: who is who, and how it is forgotten."""
