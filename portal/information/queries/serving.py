"""Public services: the newest edition of each, and the editions of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.errors import NotFound
from portal.information.models import Service, ServiceEdition
from portal.places.models import District


def services(district_id: int | None = None) -> Sequence[Any]:
    """The services of a district (of all), by section and name: (Service, its newest ServiceEdition, name_th, name_en)."""
    newer = aliased(ServiceEdition)
    statement = (
        sa.select(Service, ServiceEdition, District.name_th, District.name_en)
        .join(ServiceEdition, ServiceEdition.service_id == Service.id)
        .join(District, District.id == Service.district_id)
        .where(
            ~sa.exists().where(
                newer.service_id == ServiceEdition.service_id, newer.number > ServiceEdition.number
            )
        )
        .order_by(District.id, ServiceEdition.section, ServiceEdition.name)
        .limit(500)
    )
    if district_id is not None:
        statement = statement.where(Service.district_id == district_id)
    return db.session().execute(statement).all()


def service(service_id: int) -> Any:
    """(Service, name_th, name_en) of one; raises NotFound."""
    row = (
        db.session()
        .execute(
            sa.select(Service, District.name_th, District.name_en)
            .join(District, District.id == Service.district_id)
            .where(Service.id == service_id)
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row


def service_editions(service_id: int) -> list[ServiceEdition]:
    """What a service's page says and said, newest first."""
    return list(
        db.session().scalars(
            sa.select(ServiceEdition)
            .where(ServiceEdition.service_id == service_id)
            .order_by(ServiceEdition.number.desc())
        )
    )
