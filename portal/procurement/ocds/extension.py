"""The extension that defines what the standard has no place for: extension.json, a patch of the release schema, codes.

Its own lists of codes come from where the codes are used, so that they cannot differ. Text is Thai and English, since the
files are read without our pages.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from portal.procurement.models import StepKind
from portal.procurement.rules import Rule

PATH = "/opendata/ocds/extension/"
README = "README.md"


def metadata(url: str) -> dict[str, Any]:
    """The extension.json. ``url`` is the portal's public address."""
    return {
        "name": {
            "en": "Procurement of Bangkok's districts in the open",
            "th": "การจัดซื้อจัดจ้างของสำนักงานเขตอย่างเปิดเผย",
        },
        "description": {
            "en": "The median price, the projects of the annual plan that are bought for, the number in the national e-GP "
            "system, citizens who observe steps, and rules that were overridden with a reason.",
            "th": "ราคากลาง โครงการในแผนปฏิบัติราชการประจำปี เลขที่โครงการในระบบ e-GP การสังเกตการณ์ของประชาชนในแต่ละขั้นตอน "
            "และการดำเนินการต่อเมื่อระบบเตือนพร้อมเหตุผล",
        },
        "documentationUrl": {"en": f"{url}/en/opendata", "th": f"{url}/opendata"},
        "compatibility": ["1.1"],
        "codelists": list(CODELISTS),
        "schemas": ["release-schema.json"],
        "dependencies": [],
    }


def _text(title: str, description: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "description": description, "type": ["string", "null"], **more}


def _array_of(title: str, description: str, definition: str) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "type": "array",
        "items": {"$ref": f"#/definitions/{definition}"},
        "uniqueItems": True,
    }


def _one(title: str, description: str, definition: str) -> dict[str, Any]:
    return {"title": title, "description": description, "$ref": f"#/definitions/{definition}"}


def _definition(
    title: str, description: str, required: list[str], properties: dict[str, Any]
) -> dict[str, Any]:
    made = {
        "title": title,
        "description": description,
        "type": "object",
        "properties": properties,
        "minProperties": 1,
    }
    return {**made, "required": required} if required else made


_ID = {
    "title": "ID",
    "description": "An identifier that is unique within its array.",
    "type": "string",
    "minLength": 1,
    "versionId": True,
}
_DATE = {"format": "date-time"}

SCHEMA: Mapping[str, Any] = {
    "definitions": {
        "Planning": {
            "properties": {
                "projects": _array_of(
                    "Projects",
                    "The projects of a district's annual plan that are bought for. One process can buy for many.",
                    "PlannedProject",
                )
            }
        },
        "Tender": {
            "properties": {
                "medianPrice": _one(
                    "Median price",
                    "The median price (ราคากลาง) that an office must work out and publish before it invites bids.",
                    "MedianPrice",
                ),
                "eGP": _one(
                    "e-GP project",
                    "The project of the national e-GP system that this process is.",
                    "EGPProject",
                ),
            }
        },
        "Milestone": {
            "properties": {
                "period": _one("Period", "From the first to the last day of a step that lasts.", "Period"),
                "committeeSize": {
                    "title": "Committee size",
                    "description": "How many people sit in the committee that was appointed for the step or acted in it.",
                    "type": ["integer", "null"],
                    "minimum": 1,
                },
                "observation": _one(
                    "Observation", "Whether citizens may attend this step as observers.", "Observation"
                ),
                "ruleOverrides": _array_of(
                    "Rule overrides",
                    "Rules of law that a planned or recorded day did not keep, each with the reason given and who signed.",
                    "RuleOverride",
                ),
            }
        },
        "PlannedProject": _definition(
            "Planned project",
            "A project of a district's annual plan.",
            ["id"],
            {
                "id": _ID,
                "title": _text("Title", "The name of the project."),
                "code": _text("Code", "The project's code in the city's budget."),
                "fiscalYear": {
                    "title": "Fiscal year",
                    "description": "The year (CE) in which the fiscal year of the plan ends, on 30 September.",
                    "type": ["integer", "null"],
                },
                "uri": _text("URI", "The project's page.", format="uri"),
            },
        ),
        "MedianPrice": _definition(
            "Median price",
            "The median price and the day of its publication.",
            [],
            {
                "value": _one("Value", "The median price.", "Value"),
                "datePublished": _text("Date published", "The day on which it was published.", **_DATE),
            },
        ),
        "EGPProject": _definition(
            "e-GP project",
            "A project of the national e-GP system.",
            [],
            {
                "projectNumber": _text("Project number", "The number of the project in e-GP."),
                "uri": _text("URI", "The project's page in e-GP.", format="uri"),
            },
        ),
        "Observation": _definition(
            "Observation",
            "Citizens may sign up to observe a step; their reports and the official answers are on the portal.",
            [],
            {
                "isOpen": {
                    "title": "Is open",
                    "description": "Whether citizens may attend.",
                    "type": ["boolean", "null"],
                },
                "places": {
                    "title": "Places",
                    "description": "How many observers there is room for.",
                    "type": ["integer", "null"],
                    "minimum": 0,
                },
                "location": _text("Location", "Where to come."),
                "attended": {
                    "title": "Attended",
                    "description": "How many citizens came, as far as it was recorded when the release was published.",
                    "type": ["integer", "null"],
                    "minimum": 0,
                },
            },
        ),
        "RuleOverride": _definition(
            "Rule override",
            "A rule warned and an officer went on.",
            ["id"],
            {
                "id": _ID,
                "rule": _text(
                    "Rule",
                    "The rule, a code of overrideRule.csv.",
                    codelist="overrideRule.csv",
                    openCodelist=False,
                )
                | {"enum": [*sorted(rule.value for rule in Rule), None]},
                "rationale": _text("Rationale", "The reason that was given."),
                "signer": _text("Signer", "The post, or post and name, that signed for it."),
                "date": _text("Date", "When it was entered.", **_DATE),
            },
        ),
    }
}

# code: (title, description)
_DOCUMENTS = {
    "committeeOrder": ("Committee order", "The order that appoints a committee (คำสั่งแต่งตั้งคณะกรรมการ)."),
    "medianPrice": ("Median price", "The median price and its sources (ราคากลาง, form บก.)."),
    "purchaseRequest": ("Purchase request", "The report that asks to buy (รายงานขอซื้อขอจ้าง)."),
    "openingRecord": ("Opening record", "The record of the opening of bids (บันทึกการเปิดซอง)."),
    "monthlySummary": ("Monthly summary", "The monthly summary of what was bought (แบบ สขร.1)."),
    "amendment": ("Amendment", "The amendment of a contract (บันทึกแก้ไขสัญญา)."),
    "other": ("Other", "A document of another kind."),
}
_RULES = {
    Rule.ORDER: ("Order", "A step before this one was neither done nor left out."),
    Rule.DAYS_OUT_OF_ORDER: ("Days out of order", "The day does not fit the day of another step."),
    Rule.DIRECT_LIMIT: ("Direct limit", "The budget is above the limit of the specific method."),
    Rule.COMMITTEE_SMALL: ("Small committee", "The committee has fewer members than the law asks for."),
    Rule.DRAFT_MISSING: ("Draft missing", "The draft terms were not open to remarks where they must be."),
    Rule.DRAFT_SHORT: ("Draft short", "The draft terms were open to remarks for too few working days."),
    Rule.DRAFT_CHANGED: ("Changed draft short", "Changed draft terms were shown for too few working days."),
    Rule.DRAFT_OPEN: ("Draft still open", "Suppliers were invited while the draft was open to remarks."),
    Rule.INVITATION_SHORT: ("Invitation short", "The invitation lasted too few working days for the budget."),
    Rule.BIDS_EARLY: ("Bids early", "Bids were opened before the invitation had ended."),
    Rule.APPEAL_SHORT: ("Appeals short", "There were too few working days for appeals."),
    Rule.APPEAL_MISSING: ("Appeals missing", "The days for appeals were left out."),
    Rule.SIGNED_EARLY: ("Signed early", "The contract was signed before the days for appeals had ended."),
}
CODELISTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "+documentType.csv": _DOCUMENTS,
    "overrideRule.csv": {rule.value: words for rule, words in _RULES.items()},
}


def codelist(name: str) -> str:
    """One list of codes as CSV. Raises KeyError for a name that is not of :data:`CODELISTS`."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    is_addition = name.startswith("+")
    table.writerow(["Code", "Title", "Description", *(["Extension"] if is_addition else [])])
    for code, words in CODELISTS[name].items():
        table.writerow([code, *words, *(["procurement"] if is_addition else [])])
    return out.getvalue()


def readme(url: str) -> str:
    """What the extension adds, for a person who reads its folder."""
    lines = [
        "# Procurement of Bangkok's districts in the open",
        "",
        "An extension of the Open Contracting Data Standard 1.1 for releases and records of",
        f"{url}{PATH}extension.json.",
        "",
    ]
    for name, definition in SCHEMA["definitions"].items():
        lines += [f"## {name}", ""]
        lines += [
            f"- `{field}`: {schema.get('description', '')}"
            for field, schema in definition["properties"].items()
        ]
        lines.append("")
    lines += [
        "The `code` of a milestone is one of: " + ", ".join(f"`{kind.value}`" for kind in StepKind) + ".",
        "",
    ]
    return "\n".join(lines)
