"""Every claim has teeth: each of its asserts fails once something computed is wrong."""

import pytest

import chapter
import claims


@pytest.mark.parametrize("path", chapter.paths(), ids=lambda path: path.stem)
def test_claims_have_teeth(path):
    faults = claims.faults(chapter.read(path))
    assert not faults, "\n  ".join(["", *faults])
