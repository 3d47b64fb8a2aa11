"""What is run first by several workers is there."""

import pytest

from deploy.local.places import ROOT
from tests.order import LONGEST


@pytest.mark.parametrize("path", LONGEST)
def test_what_is_begun_first_exists(path: str) -> None:
    assert (ROOT / path).exists()
