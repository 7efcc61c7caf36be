"""What the standard says of a package: its own schemas by jsonschema, and the Open Contracting Partnership's checks
(libcoveocds) with our extension, both without a network."""

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import patch

import jsonschema
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from referencing import Registry, Resource

from portal.procurement.ocds import extension

FOLDER = Path(__file__).parent / "ocds_standard"
BASE = "https://standard.open-contracting.org/schema/1__1__5/"


@cache
def schema(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _validator(name):
    known = ("release-schema", "versioned-release-validation-schema")
    registry = Registry().with_resources(
        [(f"{BASE}{one}.json", Resource.from_contents(schema(one))) for one in known]
    )
    return jsonschema.Draft4Validator(
        schema(name), registry=registry, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )


@cache
def _standard():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("standard/", "")
        for path in sorted(FOLDER.rglob("*.*")):
            archive.write(path, f"standard/schema/{path.relative_to(FOLDER)}")
    return packed.getvalue()


def our_extension(address):
    """The text of a file of the extension by its address, as the portal serves it."""
    url, _, name = address.partition(extension.PATH)
    if name == "extension.json":
        return json.dumps(extension.metadata(url))
    if name == "release-schema.json":
        return json.dumps(extension.SCHEMA)
    return extension.codelist(name.removeprefix("codelists/"))


def faults_of_schema(package):
    """What the standard's schemas find wrong with a package."""
    name = "record-package-schema" if "records" in package else "release-package-schema"
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in _validator(name).iter_errors(package)]


def faults(package, fetch=our_extension):
    """Everything that is wrong with a package, told as text; nothing when all is well."""
    found = faults_of_schema(package)
    config = LibCoveOCDSConfig()
    config.config.update({"context": "api", "standard_zip": _standard()})

    def get(address):
        text = json.dumps(schema(Path(address).stem)) if address.startswith(BASE) else fetch(address)
        return SimpleNamespace(
            content=text.encode(),
            status_code=200,
            raise_for_status=lambda: None,
            json=lambda: json.loads(text),
        )

    web = SimpleNamespace(get=get)
    with (
        TemporaryDirectory() as folder,
        patch("ocdsextensionregistry.extension_version.session", web),
        patch("jsonref.requests", web),
    ):
        told = ocds_json_output(folder, json_data=package, lib_cove_ocds_config=config)
    for kind in (
        "validation_errors",
        "additional_fields",
        "deprecated_fields",
        "additional_checks",
        "conformance_errors",
        "structure_warnings",
        "additional_closed_codelist_values",
        "additional_open_codelist_values",
        "json_deref_error",
    ):
        if told.get(kind):
            found.append(f"{kind}: {told[kind]}"[:2000])
    found += [f"invalid extension: {one}" for one in told["extensions"]["invalid_extensions"]]
    if not told["extensions"]["is_extended_schema"]:
        found.append("the extension was not applied")
    return found
