"""A database of the operator's own, with roles of its own, on the run's server."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict


@dataclass(frozen=True)
class OwnDatabase:
    """What the operator knows of it."""

    admin_url: str
    name: str
    host: str
    port: str

    @property
    def owner(self) -> str:
        return f"{self.name}_owner"

    @property
    def hall(self) -> str:
        return f"{self.name}_hall"

    def url(self, role: str, password: str = "a-word-of-its-own") -> str:  # noqa: S107 - for this run
        port = f"&port={self.port}" if self.port else ""
        return f"postgresql://{role}:{password}@/{self.name}?host={self.host}{port}"

    @property
    def one_url(self) -> dict[str, str]:
        return {"GUILDHALL_DATABASE_URL": self.url(self.owner)}

    @property
    def two_urls(self) -> dict[str, str]:
        return {
            "GUILDHALL_DATABASE_URL": self.url(self.hall),
            "GUILDHALL_MIGRATION_DATABASE_URL": self.url(self.owner),
        }

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(self.owner), autocommit=True) as line:
            return line.execute(question.encode()).fetchall()

    def tell(self, *statements: str) -> None:
        with psycopg.connect(self.url(self.owner), autocommit=True) as line:
            for statement in statements:
                line.execute(statement.encode())


@contextmanager
def own_database(server: str) -> Iterator[OwnDatabase]:
    """An empty one, that is gone afterwards."""
    facts = conninfo_to_dict(server)
    name = f"own_{secrets.token_hex(4)}"
    made = OwnDatabase(server, name, str(facts.get("host", "")), str(facts.get("port", "") or ""))
    with psycopg.connect(server, autocommit=True) as admin:
        for role in (made.owner, made.hall):
            statement = "CREATE ROLE {} LOGIN PASSWORD 'a-word-of-its-own'"
            admin.execute(sql.SQL(statement).format(sql.Identifier(role)))
        names = {"name": sql.Identifier(name), "owner": sql.Identifier(made.owner)}
        admin.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**names))
        try:
            yield made
        finally:
            admin.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))
            for role in (made.hall, made.owner):
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
