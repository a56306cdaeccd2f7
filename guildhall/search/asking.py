"""From typed words to a question the index understands, and where a list goes on."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from django.utils.translation import gettext as _
from tantivy import FieldType, Occur, Query, Schema

from guildhall.kernel.errors import Unfit
from guildhall.search.index import Plan, analyzer

_MOST_TOKENS: Final = 12
_LONG_ENOUGH: Final = 4  # for a letter to be wrong in it
_ANALYZER: Final = analyzer()


def asked_by_words(plan: Plan, words: str, *, skill: str, nearly: bool) -> Query | None:
    """Things that hold every word, somewhere; or that carry the skill which the words mean together.

    Args:
        plan: the index asked.
        words: as they were typed. Signs mean nothing, so no text is a wrong question.
        skill: the slug of the skill that the words as a whole stand for, or empty.
        nearly: let one letter of each longer word be wrong.
    """
    tokens = list(dict.fromkeys(_ANALYZER.analyze(words)))[:_MOST_TOKENS]
    asked = []
    if tokens:
        asked.append((Occur.Should, _all_words(plan, tokens, nearly=nearly)))
    if skill:
        carried = Query.term_query(plan.schema, "skill", skill, index_option="basic")
        asked.append((Occur.Should, Query.const_score_query(carried, 4.0)))
    return Query.boolean_query(asked) if asked else None


def _all_words(plan: Plan, tokens: Sequence[str], *, nearly: bool) -> Query:
    return Query.boolean_query([(Occur.Must, _anywhere(plan, token, nearly=nearly)) for token in tokens])


def _anywhere(plan: Plan, token: str, *, nearly: bool) -> Query:
    """Things that hold a word in any of their texts; where it stands, it weighs."""
    fields = []
    for name, weight in plan.text.items():
        if nearly and len(token) >= _LONG_ENOUGH:
            found = Query.fuzzy_term_query(plan.schema, name, token, distance=1)
        else:
            found = Query.term_query(plan.schema, name, token, index_option="freq")
        fields.append((Occur.Should, Query.boost_query(found, weight)))
    return Query.boolean_query(fields)


def all_of(narrow: Sequence[Query], *, scored: Query | None = None) -> Query:
    """Things that fit all of these; only `scored` weighs."""
    parts = [(Occur.Must, Query.const_score_query(each, 0.0)) for each in narrow]
    if scored is not None:
        parts.append((Occur.Must, scored))
    return Query.boolean_query(parts) if parts else Query.all_query()


def has_value(schema: Schema, name: str, least: int = 0, most: int | None = None) -> Query:
    """Things whose number lies in a range."""
    return Query.range_query(schema, name, FieldType.Unsigned, lower_bound=least, upper_bound=most)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: behind a key and the things already shown with it, or at a place.

    Args:
        sort: the order of the list it belongs to.
        key: the last key shown, in an order by column.
        seen: the things shown that carry this very key.
        place: how many of the best matches were shown.
        nearly: whether the list is of similar words.
    """

    sort: str
    key: int | None = None
    seen: tuple[UUID, ...] = ()
    place: int = 0
    nearly: bool = False

    @classmethod
    def read(cls, text: str, sort: str) -> Self:
        """Read a cursor that a page carried.

        Raises:
            Unfit: it is not one of ours, or of another order.
        """
        if not text:
            return cls(sort)
        try:
            said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            of, key, seen, place, nearly = said
            cursor = cls(of, key, tuple(UUID(each) for each in seen), place, bool(nearly))
            known = of == sort and (key is None or type(key) is int) and type(place) is int
            if not known or not 0 <= (key or 0) < 1 << 64 or not 0 <= place <= 1 << 20:
                raise ValueError(text)  # noqa: TRY301 - one sentence for all that is wrong with it
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise Unfit(
                _("That page of the list does not exist. Start from the first."), field="after"
            ) from error
        return cursor

    def after_rows(self, shown: Sequence[tuple[int, UUID]]) -> str:
        """The cursor behind these rows of an order by column."""
        last = shown[-1][0]
        seen = [subject for key, subject in shown if key == last]
        if last == self.key:
            seen = [*self.seen, *seen]
        return self._written(last, seen, 0)

    def at_place(self, shown: int) -> str:
        """The cursor behind so many of the best matches."""
        return self._written(None, [], shown)

    def _written(self, key: int | None, seen: Sequence[UUID], place: int) -> str:
        said = [self.sort, key, [str(each) for each in seen], place, int(self.nearly)]
        return base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode().rstrip("=")
