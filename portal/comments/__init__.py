"""Comments: what people say to a thing, what an office answers, and what a moderator hides with a reason.

Words: a *remark* is one comment or a reply to one (one level deep); its *purpose* is decided by the thing it stands
on (talk, hearing, draft TOR); an *official reply* answers one or several remarks and is never changed, only corrected
by a newer one; *hidden* means the words are gone from the page while the fact and the reason stay.

The author may withdraw a remark until an office has answered it: an answered question stays readable beside its
answer. A withdrawn remark is one hidden by its author; nobody restores it.
Neighbours: topics (who sees the thing, who may speak now), notifications (news of replies and answers).
"""
