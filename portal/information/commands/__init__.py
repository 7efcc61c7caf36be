"""Publishing documents, monthly summaries and pages of services; taking in what other rooms published."""

from __future__ import annotations

from portal.information.commands.documents import DocumentData, gather, publish_document
from portal.information.commands.serving import ServiceData, add_service, revise_service
from portal.information.commands.summaries import publish_summary

__all__ = [
    "DocumentData",
    "ServiceData",
    "add_service",
    "gather",
    "publish_document",
    "publish_summary",
    "revise_service",
]
