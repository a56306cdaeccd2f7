"""The stories of the sample hall that need only a fixed price, each with its own sums."""

from datetime import timedelta
from functools import partial

from guildhall.demo import putting_by
from guildhall.demo.arrivals import Year
from guildhall.demo.stories import (
    bakery,
    brochure,
    city_jumper,
    newcomer,
    one_sunday,
    small_business,
    swimmer,
)

__all__ = ["tell_stories"]


def tell_stories(year: Year) -> None:
    """Plan the stories at their places in the year."""
    end = year.diary.end
    for days, story in (
        (152, city_jumper.tell),
        (90, putting_by.fund_exchanges),
        (75, small_business.tell),
        (64, newcomer.tell),
        (40, small_business.tell_of_the_corner_shop),
        (30, small_business.tell_of_the_stink_bomb),
        (26, brochure.tell),
        (10, putting_by.save_for_three_things),
        (4, swimmer.tell),
        (3, bakery.tell),
    ):
        year.diary.tell(end - timedelta(days=days), partial(story, year))
    sunday = one_sunday.sunday_afternoon(before=end - timedelta(days=60))
    year.diary.tell(sunday, partial(one_sunday.tell, year))
