"""What runs where, now and at any moment before."""

from __future__ import annotations

import pytest

from evistore.delivery import services
from evistore.delivery.matrix import matrix
from evistore.kernel.database import Transaction
from fixtures.histories import DAY, moment, runs, store

A1, A2 = "pkg:oci/shop@1", "pkg:oci/shop@2"


def running(connection, **asked):
    found = services.running(Transaction(connection), **asked)
    return {(one.service_id, one.environment_id): one.artifact_id for one in found}


@pytest.fixture
def history(delivery):
    store(
        delivery,
        runs("shop", "prod", A1, "10:00"),
        runs("shop", "stage", A2, "10:30"),
        runs("shop", "prod", A2, "11:00", "upgraded"),
        runs("shop", "prod", A1, "12:00", "rolledback"),
        runs("cart", "prod", "pkg:oci/cart@1", "10:00"),
        runs("cart", "prod", None, "11:30", "removed"),
    )
    return delivery


def test_now_is_the_newest_event_of_each_place_and_removed_services_are_left_out(history):
    assert running(history) == {("shop", "prod"): A1, ("shop", "stage"): A2}
    assert history.execute(
        "SELECT service_id, environment_id, artifact_id, since FROM cdviz.services ORDER BY 2"
    ).fetchall() == [
        ("shop", "prod", A1, moment("12:00")),
        ("shop", "stage", A2, moment("10:30")),
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("09:59", {}),
        ("10:00", {("shop", "prod"): A1, ("cart", "prod"): "pkg:oci/cart@1"}),
        ("11:00", {("shop", "prod"): A2, ("shop", "stage"): A2, ("cart", "prod"): "pkg:oci/cart@1"}),
        ("11:59", {("shop", "prod"): A2, ("shop", "stage"): A2}),
        ("12:00", {("shop", "prod"): A1, ("shop", "stage"): A2}),
    ],
)
def test_at_a_moment_it_is_what_ran_then(history, at, expected):
    assert running(history, at=moment(at)) == expected


def test_one_service_and_one_environment_can_be_asked_for(history):
    assert running(history, service="shop", environment="stage") == {("shop", "stage"): A2}
    assert running(history, service="cart", at=moment("10:00")) == {("cart", "prod"): "pkg:oci/cart@1"}


def test_events_that_arrive_late_tell_the_past_and_not_the_present(history):
    store(history, runs("shop", "stage", A1, "09:00"))

    assert running(history, service="shop", environment="stage") == {("shop", "stage"): A2}
    assert running(history, service="shop", environment="stage", at=moment("09:30")) == {("shop", "stage"): A1}


def test_the_present_survives_retention(history):
    history.execute("DELETE FROM cdviz.cdevents_lake")
    history.execute("DELETE FROM cdviz.service_event")

    assert running(history) == {("shop", "prod"): A1, ("shop", "stage"): A2}


def test_a_service_drifts_when_its_environments_are_known_to_run_different_artifacts(history):
    store(history, runs("blog", "prod", None, "10:00"), runs("blog", "stage", "pkg:oci/blog@1", "10:00"))

    drifted = {one.service_id: one.drifted for one in services.grouped(services.running(Transaction(history)))}

    assert drifted == {"shop": True, "blog": False}


def test_the_matrix_marks_what_is_behind_and_orders_environments_on_their_way_to_production(history):
    store(history, runs("shop", "dev", A2, "13:00"))

    found = matrix(services.running(Transaction(history)))

    assert found.environments == ("dev", "stage", "prod")
    assert [(cell.version, cell.older) for cell in found.rows[0].cells] == [("2", False), ("2", False), ("1", True)]
    assert (found.total, found.drifted) == (1, 1)
    assert DAY in str(found.rows[0].cells[0].placement.since)


@pytest.mark.parametrize(
    ("artifact", "short"),
    [
        ("pkg:oci/shop@sha256%3A3c9d2deaedfae0b6356b?repository_url=registry.example.com/shop", "3c9d2dea"),
        ("pkg:oci/shop@sha256:3c9d2deaedfae0b6356b?tag=1.4.2", "1.4.2"),
        ("pkg:npm/%40scope/lib@1.0.0%2B5", "1.0.0+5"),
        ("pkg:npm/%40scope/library", "pkg:npm/%4…e/library"),
        ("shop-1.2.jar", "shop-1.2.jar"),
        ("registry.example.com/shop/some-very-long-name:7", "registry.e…ng-name:7"),
        (None, "unknown"),
        ("", "unknown"),
    ],
)
def test_an_artifact_has_a_short_form_for_a_cell(artifact, short):
    assert services.short(artifact) == short
