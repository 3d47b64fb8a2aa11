"""The error of a store or broker that could not say whether what was asked of it is done."""


class Unavailable(Exception):
    """Nobody knows what became of it; asking again is safe."""
