"""The catalogue for machines: datasets and their distributions in the words of DCAT 3, as JSON-LD."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from portal.core import address
from portal.opendata.models import CITY, Download, Form
from portal.opendata.queries import Extent
from portal.opendata.writing import file_name
from portal.procurement.ocds import extension

Json = dict[str, Any]
Address = Callable[..., str]
STANDARD = "https://standard.open-contracting.org/1.1/"
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "gz": "application/gzip",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TITLES = {
    Form.RELEASES: "Every release (JSON, packed by gzip)",
    Form.RECORDS: "Records with compiled releases (JSON, packed by gzip)",
    Form.TABLES: "Compiled releases as tables (CSV in a ZIP)",
}


def catalogue(
    extents: Mapping[int, Extent],
    files: Mapping[tuple[str, Form], Download],
    places: Iterable[Any],
    plans: Iterable[Any],
    ideas: Iterable[Any],
    absolute: Address,
    licence: str,
) -> Json:
    """All of it. ``absolute(endpoint, language, **values)`` gives addresses, ``licence`` is that of all."""
    names = {place.id: place for place in places}
    datasets = [
        *(
            _procurement(place, extents[place], names.get(place), files, absolute)
            for place in sorted(extents)
        ),
        *(_plan(row, absolute) for row in plans),
        *(_ideas(row, absolute) for row in ideas),
    ]
    for part in [*datasets, *(one for made in datasets for one in made["distribution"])]:
        part["dct:license"] = licence
    return {
        "@context": {
            "@vocab": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
        },
        "@type": "Catalog",
        "@id": absolute("opendata.catalog", "th"),
        "dct:title": _words("ข้อมูลเปิดของระบบร่วมงบ", "Open data of Ruamngop"),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": "กรุงเทพมหานคร"},
        "dct:license": licence,
        "dataset": datasets,
    }


def _words(thai: str, english: str) -> list[Json]:
    return [{"@language": "th", "@value": thai}, {"@language": "en", "@value": english}]


def _dataset(
    key: str, title: list[Json], updated: dt.datetime | None, distributions: Sequence[Json], **more: Any
) -> Json:
    made = {
        "@type": "Dataset",
        "@id": f"{address.public()}/opendata#{key}",
        "dct:identifier": key,
        "dct:title": title,
        "distribution": list(distributions),
        **more,
    }
    return made if updated is None else {**made, "dct:modified": updated.isoformat()}


def _distribution(title: str, url: str, kind: str, **more: Any) -> Json:
    return {
        "@type": "Distribution",
        "dct:title": title,
        "downloadURL": url,
        "mediaType": MEDIA[kind],
        **more,
    }


def _procurement(
    place: int, extent: Extent, names: Any, files: Mapping[tuple[str, Form], Download], absolute: Address
) -> Json:
    scope, query = (str(place), {"district": place}) if place else (CITY, {})
    distributions = [
        _distribution(
            "Releases, a hundred at a time (JSON)", absolute("opendata.releases", "th", **query), "json"
        ),
        _distribution(
            "Records, twenty at a time (JSON)", absolute("opendata.records", "th", **query), "json"
        ),
    ]
    for form in Form:
        file = files.get((scope, form))
        if file is not None:
            name = file_name(form, scope)
            distributions.append(
                _distribution(
                    _TITLES[form],
                    absolute("opendata.download", "th", name=name),
                    name.rpartition(".")[2],
                    byteSize=file.size,
                    **{
                        "dct:modified": file.made_at.isoformat(),
                        "spdx:checksum": {"spdx:algorithm": "sha256", "spdx:checksumValue": file.sha256},
                    },
                )
            )
    return _dataset(
        f"procurement-{scope}",
        _words(
            f"การจัดซื้อจัดจ้าง {names.name_th if names else 'ทั้งกรุงเทพมหานคร'}",
            f"Procurement of {names.name_en if names else 'all districts of Bangkok'}",
        ),
        extent.newest_at,
        distributions,
        **{"dct:conformsTo": [STANDARD, f"{address.public()}{extension.PATH}extension.json"]},
    )


def _plan(row: Any, absolute: Address) -> Json:
    forms = (("actionplan.csv", "csv"), ("actionplan.xlsx", "xlsx"), ("actionplan.json", "json"))
    return _dataset(
        f"action-plan-{row.district_id}-{row.fiscal_year}",
        _words(
            f"แผนปฏิบัติราชการประจำปี พ.ศ. {row.fiscal_year} {row.name_th}",
            f"Annual action plan {row.fiscal_year} (BE) of {row.name_en}",
        ),
        row.changed_at,
        [
            _distribution(kind.upper(), absolute(endpoint, "th", plan_id=row.id), kind)
            for endpoint, kind in forms
        ],
    )


def _ideas(row: Any, absolute: Address) -> Json:
    forms = (("dossier.district_ideas_csv", "csv"), ("dossier.district_ideas_json", "json"))
    return _dataset(
        f"ideas-{row.district_id}",
        _words(
            f"เส้นทางของข้อเสนอชุมชน {row.name_th}", f"What became of the communities' ideas in {row.name_en}"
        ),
        None,
        [
            _distribution(kind.upper(), absolute(endpoint, "th", code=row.district_id), kind)
            for endpoint, kind in forms
        ],
    )
