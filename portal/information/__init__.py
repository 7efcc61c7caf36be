"""The information centre of the Official Information Act B.E. 2540: what the office publishes, found by class and month.

Words: an *entry* is one published document in the catalogue, with its class of section 7 or 9 and its days of display; a
*summary* is the monthly summary of purchases of a district (สขร.1) as it was published; a *service* is a page that says
what a public service asks for, its steps and how long they take. Looks back at the rooms before it and takes from them
what they have published; nothing is in the catalogue that a visitor could not read at its own place.
"""
