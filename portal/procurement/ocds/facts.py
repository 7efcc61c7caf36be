"""The facts a release is written from: values alone, all of them public. Amounts in satang, days are Bangkok days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.procurement.models import Category, Method, ProcessState, StepKind


@dataclass(frozen=True)
class Publisher:
    """Who publishes: ``url`` is the portal's public address, without a slash at its end."""

    url: str


@dataclass(frozen=True)
class Buyer:
    """The district office. ``code`` is the district's DOPA code; ``agency_code`` the budget agency's, empty where it
    was only inferred. ``agency`` names another agency that buys instead."""

    code: str
    name: str
    agency_code: str
    agency: str = ""


@dataclass(frozen=True)
class Project:
    """What is bought for: a project of an annual plan."""

    id: int
    title: str
    code: str
    fiscal_year: int


@dataclass(frozen=True)
class Went:
    """A rule warned and somebody went on: ``rule`` is its code, ``signer`` a post."""

    id: int
    rule: str
    reason: str
    signer: str
    at: dt.datetime


@dataclass(frozen=True)
class Passed:
    """A step as it stands. One that its method does not have is not among the facts at all; ``skip_reason`` is of one
    that was left out later."""

    kind: StepKind
    title: str
    planned_on: dt.date | None = None
    actual_on: dt.date | None = None
    ends_on: dt.date | None = None
    meets_at: dt.datetime | None = None
    place: str = ""
    skip_reason: str = ""
    committee_size: int | None = None
    observer_places: int = 0
    observers_came: int = 0
    went_on: tuple[Went, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A published document; ``media_type`` is that of its file, or of the page with its text."""

    id: int
    step: StepKind
    document_type: str
    title: str
    published_at: dt.datetime
    media_type: str = "text/html"


@dataclass(frozen=True)
class Offer:
    """Somebody who offered; known once the bids were opened."""

    id: int
    name: str
    amount: int | None = None


@dataclass(frozen=True)
class Awarded:
    """Who won a lot. ``announced_on`` is None while the winner is chosen and not yet announced."""

    id: int
    supplier: str
    amount: int
    announced_on: dt.date | None
    lot: str = ""


@dataclass(frozen=True)
class Amended:
    """A contract was amended: what it held before, and after."""

    number: int
    signed_on: dt.date
    reason: str
    old_amount: int
    new_amount: int
    old_ends_on: dt.date | None = None
    new_ends_on: dt.date | None = None


@dataclass(frozen=True)
class Instalment:
    """A part of a contract: due, delivered, accepted by a committee, paid."""

    id: int
    number: int
    what: str
    amount: int
    due_on: dt.date | None = None
    delivered_on: dt.date | None = None
    accepted_on: dt.date | None = None
    committee_size: int | None = None
    paid_on: dt.date | None = None
    paid: int | None = None


@dataclass(frozen=True)
class Signed:
    """A contract of an award; ``signed_on`` is None while it is drawn up and not yet signed."""

    id: int
    award_id: int
    number: str
    amount: int
    signed_on: dt.date | None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    cancelled_on: dt.date | None = None
    cancel_reason: str = ""
    amendments: tuple[Amended, ...] = ()
    instalments: tuple[Instalment, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything of one process. ``is_sealed``: its bids are not opened, so nothing about them is said."""

    process_id: int
    ocid: str
    title: str
    method: Method
    method_details: str
    category: Category
    budget: int
    buyer: Buyer
    description: str = ""
    median_price: int | None = None
    state: ProcessState = ProcessState.RUNNING
    cancel_reason: str = ""
    egp_number: str = ""
    egp_url: str = ""
    is_sealed: bool = False
    number_of_tenderers: int | None = None
    projects: tuple[Project, ...] = ()
    steps: tuple[Passed, ...] = ()
    papers: tuple[Paper, ...] = ()
    offers: tuple[Offer, ...] = ()
    awards: tuple[Awarded, ...] = ()
    contracts: tuple[Signed, ...] = ()

    def step(self, kind: StepKind) -> Passed | None:
        """The step of a kind, if the process has it."""
        return next((one for one in self.steps if one.kind is kind), None)

    def is_done(self, kind: StepKind) -> bool:
        """The step has happened."""
        step = self.step(kind)
        return step is not None and step.actual_on is not None
