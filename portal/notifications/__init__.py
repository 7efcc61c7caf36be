"""Notifications: who follows what, each person's inbox, and the mail that says the same.

Words: a *follow* is a person's wish for news of a topic; a *notice* is one piece of news in one inbox; *tell* writes
notices and mails. Neighbours: other rooms call ``commands.tell``; sentences of news are registered by the room that
makes the news (``queries.NEWS``). Following and reading are private and leave no entry in the ledger.
"""
