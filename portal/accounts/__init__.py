"""People and what they may do: accounts, sessions, grants of roles, committee seats, residence, declared interests.

Words: a *grant* (คำสั่งมอบหมาย) is a role in one place, proposed by one person and confirmed by another; a *seat* is a
place on a community committee (กรรมการชุมชน) for a term and makes its holder a leader there; *residence* is where a
person says they live, and counts once the district's registry confirmed it; a *session* is one signed-in browser.

Neighbours: looks back at ``places`` (districts, communities) and ``rulebook`` (how large a committee should be). Every
later room asks it who somebody is and who holds which duty.
"""
