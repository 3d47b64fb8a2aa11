"""A running installation of the version before becomes one of this version."""
