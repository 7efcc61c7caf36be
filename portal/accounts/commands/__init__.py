"""What people do with accounts; one module per matter."""

from portal.accounts.commands.signing import (
    Browser,
    begin_session,
    end_other_sessions,
    end_session,
    sign_in,
    sign_out,
)

__all__ = [
    "Browser",
    "begin_session",
    "end_other_sessions",
    "end_session",
    "sign_in",
    "sign_out",
]
