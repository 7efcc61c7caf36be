"""The keeper of the keys, for tests that need one."""

import pytest

from portal.voting import keykeeper


@pytest.fixture
def keys(tmp_path):
    """A keeper in this process; taken away at the end."""
    keykeeper.use(f"folder:{tmp_path / 'keys'}")
    yield keykeeper.keeper()
    keykeeper.use("")
