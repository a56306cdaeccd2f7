"""What must always hold of the hall as a whole: it looks at other packages and at the worker's signs."""

from django.apps import apps

from guildhall.kernel.models import Stateful
from guildhall.kernel.registry import register_check

_ALIVE = "(SELECT at FROM insights_sign WHERE name = 'worker')"

register_check(
    "E11.in_time",
    formula="silence has paid every delivery within 60 s of its instant (and the 15 s between two looks)",
    count="SELECT count(*) FROM contracts_milestone WHERE state = 'delivered'",
    # Measured by the worker's last sign of life: a hall that was closed overnight pays when it opens again.
    broken=f"""
        SELECT milestone.id::text, 'to be released ' || milestone.release_at || ', still held '
            || (hold."left" - hold.frozen) || ' at ' || {_ALIVE}
        FROM contracts_milestone milestone JOIN escrow_hold hold ON hold.id = milestone.hold_id
        WHERE milestone.state = 'delivered' AND hold."left" > hold.frozen
            AND milestone.release_at < {_ALIVE} - interval '75 seconds'
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "I5",
    formula="every deposit and refund ends within 24 h (and the hour in which the worker gives it up), or is"
    " listed as one whose outcome nobody knows",
    count="SELECT (SELECT count(*) FROM payments_deposit) + (SELECT count(*) FROM payments_depositrefund)",
    broken=f"""
        SELECT deposit.id::text, 'begun ' || deposit.started_at || ', without an end at ' || {_ALIVE}
        FROM payments_deposit deposit
        WHERE deposit.state = 'started' AND deposit.started_at < {_ALIVE} - interval '25 hours'
        UNION ALL
        SELECT refund.id::text, 'asked for ' || refund.requested_at || ', without an end at ' || {_ALIVE}
        FROM payments_depositrefund refund
        WHERE refund.state = 'requested' AND refund.requested_at < {_ALIVE} - interval '25 hours'
    """,  # noqa: S608 - put together from constants of this file
)


def _lives() -> str:
    """For everything that has a life: the states that its events tell of, and the one it is in."""
    return " UNION ALL ".join(
        f"""
        SELECT '{model.NOUN} ' || thing.id, thing.state, told.states,
            ARRAY{sorted(_first(model))}::text[], ARRAY{sorted(_last(model))}::text[]
        FROM {model._meta.db_table} thing
        LEFT JOIN (
            SELECT subject_id, array_agg(split_part(name, '.', 2)) AS states FROM kernel_event
            WHERE name IN ({", ".join(f"'{model.NOUN}.{state}'" for state in sorted(model.MOVES))})
            GROUP BY subject_id
        ) told ON told.subject_id = thing.id
        """  # noqa: S608 - names of our own tables and states
        for model in sorted(apps.get_models(), key=lambda model: model.__name__)
        if issubclass(model, Stateful)
    )


def _first(model: type[Stateful]) -> set[str]:
    return set(model.MOVES) - set().union(*model.MOVES.values())


def _last(model: type[Stateful]) -> set[str]:
    return {state for state, after in model.MOVES.items() if not after}


register_check(
    "E8.lives",
    formula="everything is in a state that an event brought it to, or its first; no last state was ever left",
    count="SELECT count(*) FROM kernel_event",
    broken=f"""
        SELECT name, 'is ' || state || ', its events tell of ' || coalesce(states::text, 'nothing')
        FROM ({_lives()}) AS life(name, state, states, first, last)
        WHERE NOT state = ANY (first || coalesce(states, '{{}}'))
            OR (states && last AND NOT state = ANY (last))
            OR (SELECT count(DISTINCT seen) FROM unnest(states) seen WHERE seen = ANY (last)) > 1
    """,  # noqa: S608 - put together from constants of this file
)
