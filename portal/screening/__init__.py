"""Screening: does an item fit the district's mission and the strategies, and what is decided about it?

Words: a *case* is the screening of one item; its *card* answers the criteria of the frozen rules edition; a *decision*
is proposed by one officer, confirmed by another, and public only once released; an *appeal* is the community's one
chance to have it looked at again by somebody who took no part.

Looks back on plans (items, their money and signatures), cycles (rules, windows), strategy (nodes) and accounts
(interests, names). Action plan, dossier and search read ``queries`` only, which never tell what is not released.
"""
