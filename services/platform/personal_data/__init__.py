"""A citizen's contact between services, sealed; and each store that an erasure asks."""
