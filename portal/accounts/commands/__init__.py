"""What people do with accounts; one module per matter."""

from portal.accounts.commands.committees import Seat, end_seat, link_member, seat_member
from portal.accounts.commands.founding import found_office
from portal.accounts.commands.grants import Order, confirm_grant, propose_grant, revoke_grant
from portal.accounts.commands.interests import declare_interest, end_interest
from portal.accounts.commands.own import change_password, close_account, write_person
from portal.accounts.commands.registering import (
    Names,
    ask_account,
    ask_reset,
    finish_account,
    reset_password,
)
from portal.accounts.commands.residence import (
    ask_residence,
    confirm_residence,
    end_residence,
    refuse_residence,
)
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
    "Names",
    "Order",
    "Seat",
    "ask_account",
    "ask_reset",
    "ask_residence",
    "begin_session",
    "change_password",
    "close_account",
    "confirm_grant",
    "confirm_residence",
    "declare_interest",
    "end_interest",
    "end_other_sessions",
    "end_residence",
    "end_seat",
    "end_session",
    "finish_account",
    "found_office",
    "link_member",
    "propose_grant",
    "refuse_residence",
    "reset_password",
    "revoke_grant",
    "seat_member",
    "sign_in",
    "sign_out",
    "write_person",
]
