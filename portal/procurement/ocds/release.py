"""The whole published state of a process, in the shape of a release without its head (ocid, id, date, tag).

Where each step has its place follows the order of the standard: what comes before the invitation is planning, up to the
signature tender and award, afterwards the contract. A document or milestone that belongs to an award or a contract is
said once there is one. Names in lists never move between sections, so that releases can be merged.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.procurement.models import Method, ProcessState, StepKind, is_of_whole
from portal.procurement.ocds import milestones
from portal.procurement.ocds.facts import (
    Amended,
    Awarded,
    Buyer,
    Facts,
    Offer,
    Paper,
    Publisher,
    Signed,
)
from portal.procurement.ocds.terms import Json, agency_id, begin_of, company_id, instant, period, said, value

LANGUAGE = "th"
INITIATION = "tender"

PLANNING = frozenset(
    {
        StepKind.PROCUREMENT_PLAN,
        StepKind.COMMITTEE,
        StepKind.MEDIAN_PRICE,
        StepKind.PURCHASE_REQUEST,
    }
)
AWARDING = frozenset({StepKind.AWARD, StepKind.APPEAL})
FULFILLING = frozenset({StepKind.DELIVERY, StepKind.ACCEPTANCE, StepKind.PAYMENT, StepKind.MONTHLY_SUMMARY})
CONTRACTING = frozenset({StepKind.CONTRACT, StepKind.CONTRACT_ESSENTIALS})
TENDERING = frozenset(StepKind) - PLANNING - AWARDING - FULFILLING - CONTRACTING


def state(facts: Facts, publisher: Publisher) -> Json:
    """What is known of a process now: every section a release can have."""
    return said(
        initiationType=INITIATION,
        language=LANGUAGE,
        parties=_parties(facts),
        buyer=_reference(facts.buyer),
        planning=_planning(facts, publisher),
        tender=_tender(facts, publisher),
        awards=[_award(facts, award, publisher) for award in _awards(facts)],
        contracts=[_contract(facts, contract, publisher) for contract in _contracts(facts)],
    )


# -- who --------------------------------------------------------------------------------------------------------------


def _reference(buyer: Buyer) -> Json:
    if buyer.agency:
        return {"id": agency_id(buyer.agency), "name": buyer.agency}
    return {"id": f"TH-DOPA-{buyer.code}", "name": buyer.name}


def _company(name: str) -> Json:
    return {"id": company_id(name), "name": name}


def _parties(facts: Facts) -> list[Json]:
    """Everybody, once, with every role."""
    is_paid = any(part.paid for contract in _contracts(facts) for part in contract.instalments)
    office = {
        **_reference(facts.buyer),
        **({} if facts.buyer.agency else _identifiers(facts.buyer)),
        "address": {"region": "กรุงเทพมหานคร", "countryName": "ประเทศไทย"},
        "roles": ["buyer", "procuringEntity", *(["payer"] if is_paid else [])],
    }
    roles: dict[str, set[str]] = {}
    names: dict[str, str] = {}

    def plays(name: str, role: str) -> None:
        names.setdefault(company_id(name), name)
        roles.setdefault(company_id(name), set()).add(role)

    for offer in _offers(facts):
        plays(offer.name, "tenderer")
    for award in _awards(facts):
        plays(award.supplier, "supplier")
    for contract in _contracts(facts):
        if any(part.paid for part in contract.instalments):
            plays(_award_of(facts, contract).supplier, "payee")
    return [
        office,
        *({"id": one, "name": names[one], "roles": sorted(roles[one])} for one in names),
    ]


def _identifiers(buyer: Buyer) -> Json:
    """A district office by its district's DOPA code and, where that is sure, the city's code of the budget agency."""
    return said(
        identifier={"scheme": "TH-DOPA", "id": buyer.code, "legalName": buyer.name},
        additionalIdentifiers=(
            [{"scheme": "TH-BMA", "id": buyer.agency_code, "legalName": buyer.name}]
            if buyer.agency_code
            else []
        ),
    )


# -- planning ---------------------------------------------------------------------------------------------------------


def _planning(facts: Facts, publisher: Publisher) -> Json:
    projects = [
        said(
            id=str(one.id),
            title=one.title,
            code=one.code,
            fiscalYear=one.fiscal_year - 543,
            uri=f"{publisher.url}/actionplan/projects/{one.id}",
        )
        for one in facts.projects
    ]
    first = projects[0] if projects else {}
    return said(
        rationale=facts.description,
        budget=said(
            amount=value(facts.budget),
            project=first.get("title") if len(projects) == 1 else "",
            projectID=first.get("code", "") if len(projects) == 1 else "",
            uri=first.get("uri") if len(projects) == 1 else "",
        ),
        projects=projects,
        documents=_documents(facts, PLANNING, publisher),
        milestones=milestones.of_steps(facts, PLANNING),
    )


# -- tender -----------------------------------------------------------------------------------------------------------


def _tender(facts: Facts, publisher: Publisher) -> Json:
    invitation = facts.step(StepKind.INVITATION)
    median = facts.step(StepKind.MEDIAN_PRICE)
    offers = _offers(facts)
    count = None if facts.is_sealed else facts.number_of_tenderers or len(offers) or None
    return said(
        id=f"{facts.ocid}-tender",
        title=facts.title,
        description=facts.description,
        status=_tender_status(facts),
        procuringEntity=_reference(facts.buyer),
        value=(
            value(facts.median_price)
            if facts.median_price is not None and is_of_whole(facts.median_price, facts.budget)
            else None
        ),
        medianPrice=(
            said(
                value=value(facts.median_price),
                datePublished=begin_of(median.actual_on) if median and median.actual_on else None,
            )
            if facts.median_price is not None
            else None
        ),
        eGP=said(projectNumber=facts.egp_number, uri=facts.egp_url),
        procurementMethod=facts.method.value,
        procurementMethodDetails=facts.method_details,
        mainProcurementCategory=facts.category.value,
        submissionMethod=["electronicSubmission"] if facts.method is Method.OPEN else [],
        tenderPeriod=(
            period(invitation.actual_on or invitation.planned_on, invitation.ends_on) if invitation else None
        ),
        numberOfTenderers=count,
        tenderers=list({company_id(offer.name): _company(offer.name) for offer in offers}.values()),
        documents=_documents(facts, TENDERING, publisher),
        milestones=milestones.of_steps(facts, TENDERING | AWARDING | {StepKind.CONTRACT}),
        amendments=(
            [{"id": "cancellation", "rationale": facts.cancel_reason}]
            if facts.state is ProcessState.CANCELLED and not _is_signed(facts)
            else []
        ),
    )


def _tender_status(facts: Facts) -> str:
    if facts.state is ProcessState.CANCELLED and not _is_signed(facts):
        return "cancelled"
    if any(award.announced_on for award in _awards(facts)) or facts.is_done(StepKind.AWARD):
        return "complete"
    if facts.is_done(StepKind.INVITATION):
        return "active"
    if facts.step(StepKind.INVITATION) is None and facts.is_done(StepKind.PURCHASE_REQUEST):
        return "active"  # one supplier is asked directly: there is no invitation
    if facts.is_done(StepKind.PURCHASE_REQUEST) or facts.is_done(StepKind.DRAFT_TOR):
        return "planned"
    return "planning"


def _offers(facts: Facts) -> Sequence[Offer]:
    """Nobody's name is said before the bids are opened."""
    return () if facts.is_sealed else facts.offers


# -- awards and contracts ---------------------------------------------------------------------------------------------


def _awards(facts: Facts) -> Sequence[Awarded]:
    return () if facts.is_sealed else facts.awards


def _contracts(facts: Facts) -> Sequence[Signed]:
    known = {award.id for award in _awards(facts)}
    return [contract for contract in facts.contracts if contract.award_id in known]


def _award_of(facts: Facts, contract: Signed) -> Awarded:
    return next(award for award in facts.awards if award.id == contract.award_id)


def _is_signed(facts: Facts) -> bool:
    return any(contract.signed_on for contract in _contracts(facts))


def _award_id(facts: Facts, award_id: int) -> str:
    return f"{facts.ocid}-award-{award_id}"


def _award(facts: Facts, award: Awarded, publisher: Publisher) -> Json:
    """One lot's winner; the documents of the announcement and of appeals stand with the first."""
    is_first = award.id == facts.awards[0].id
    is_called_off = facts.state is ProcessState.CANCELLED and not _is_signed(facts)
    return said(
        id=_award_id(facts, award.id),
        title=award.lot or facts.title,
        status="cancelled" if is_called_off else "active" if award.announced_on else "pending",
        date=begin_of(award.announced_on) if award.announced_on else None,
        value=value(award.amount),
        suppliers=[_company(award.supplier)],
        documents=_documents(facts, AWARDING, publisher) if is_first else [],
    )


def _contract(facts: Facts, contract: Signed, publisher: Publisher) -> Json:
    """One contract; the steps after the signature and their documents stand with the first."""
    is_first = contract.id == _contracts(facts)[0].id
    award = _award_of(facts, contract)
    return said(
        id=f"{facts.ocid}-contract-{contract.id}",
        awardID=_award_id(facts, contract.award_id),
        title=contract.number or award.lot or facts.title,
        status=_contract_status(facts, contract),
        period=period(contract.starts_on, contract.ends_on),
        value=value(contract.amount),
        dateSigned=begin_of(contract.signed_on) if contract.signed_on else None,
        documents=_documents(facts, CONTRACTING, publisher) if is_first else [],
        amendments=[*map(_amendment, contract.amendments), *_ending(facts, contract)],
        implementation=said(
            transactions=[
                {
                    "id": f"payment-{part.id}",
                    "date": begin_of(part.paid_on),
                    "value": value(part.paid),
                    "payer": _reference(facts.buyer),
                    "payee": _company(award.supplier),
                }
                for part in contract.instalments
                if part.paid_on is not None and part.paid
            ],
            milestones=[
                *map(milestones.of_instalment, contract.instalments),
                *(
                    milestones.of_steps(facts, FULFILLING | {StepKind.CONTRACT_ESSENTIALS})
                    if is_first
                    else []
                ),
            ],
            documents=_documents(facts, FULFILLING, publisher) if is_first else [],
        ),
    )


def _contract_status(facts: Facts, contract: Signed) -> str:
    is_over = contract.cancelled_on is not None or facts.state is ProcessState.CANCELLED
    if contract.signed_on is None:
        return "cancelled" if is_over else "pending"
    return "terminated" if is_over or facts.state is ProcessState.CLOSED else "active"


def _amendment(amended: Amended) -> Json:
    changes = []
    if amended.new_amount != amended.old_amount:
        changes.append(f"วงเงินจาก {amended.old_amount / 100:,.2f} เป็น {amended.new_amount / 100:,.2f} บาท")
    if amended.new_ends_on is not None and amended.new_ends_on != amended.old_ends_on:
        before = amended.old_ends_on.isoformat() if amended.old_ends_on else "-"
        changes.append(f"วันสิ้นสุดสัญญาจาก {before} เป็น {amended.new_ends_on.isoformat()}")
    return said(
        id=f"amendment-{amended.number}",
        date=begin_of(amended.signed_on),
        rationale=amended.reason,
        description="; ".join(changes),
    )


def _ending(facts: Facts, contract: Signed) -> list[Json]:
    """Why a signed contract came to its end before its time."""
    if contract.cancelled_on is not None:
        return [
            said(id="termination", date=begin_of(contract.cancelled_on), rationale=contract.cancel_reason)
        ]
    if facts.state is ProcessState.CANCELLED:
        return [said(id="termination", rationale=facts.cancel_reason)]
    return []


# -- documents --------------------------------------------------------------------------------------------------------


def _documents(facts: Facts, steps: frozenset[StepKind], publisher: Publisher) -> list[Json]:
    return [_document(paper, publisher) for paper in facts.papers if paper.step in steps]


def _document(paper: Paper, publisher: Publisher) -> Json:
    return {
        "id": f"document-{paper.id}",
        "documentType": paper.document_type,
        "title": paper.title,
        "url": f"{publisher.url}/procurement/documents/{paper.id}",
        "datePublished": instant(paper.published_at),
        "format": paper.media_type,
        "language": LANGUAGE,
    }
