"""How often Python looks for garbage."""

import gc


def collect_rarely() -> None:
    """A batch makes many objects and no cycles: looking for those took a third of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
