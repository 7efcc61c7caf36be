"""Community development plans (แผนพัฒนาชุมชน): written by a community's leaders, signed by its committee, handed in.

Words: a *plan* is one community's for one cycle; its *items* are what it asks for, with *budget lines*; a *signature*
(endorsement) binds to the SHA-256 of what the plan says; a *submission* is an immutable *edition*; a *return* asks the
community to mend something by a day.

Looks back on places, accounts, notifications, comments, cycles and forums (an item may grow from a forum's issue).
Screening and everything after it look at plans, never the other way round.
"""
