"""Who and what the made-up accounts behind the integrations hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Employee:
    """A person of an integration."""

    key: str
    first_name: str
    last_name: str
    email: str
    """Empty where the account holds none."""
    hourly_rate: str


@dataclass(frozen=True)
class Customer:
    """A customer of an integration with projects and the tasks of each."""

    name: str
    address: str
    projects: Mapping[str, Sequence[str]]


EMPLOYEES = (
    Employee("1", "Nadia", "Fjord", "", "31.5"),
    Employee("2", "Tomás", "Ibarra", "tomas.ibarra@example.com", "28"),
    Employee("3", "Wen", "Zhao", "", "36.75"),
)
VENDORS = (Employee("4", "Harbour", "Cranes Ltd", "office@cranes.example.com", "54"),)
CUSTOMERS = (
    Customer(
        "Bank West",
        ";9876;;Pinehaven;Procurement Services\n GPO 1234 ",
        {"Brand Launch Event": ("AV Setup", "Interior Decoration", "Lighting")},
    ),
    Customer("Basket Case", ";;;; ", {}),
)
