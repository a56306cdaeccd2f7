"""What must always hold of profiles."""

from guildhall.kernel.registry import register_check

register_check(
    "talent.announced",
    formula="every profile was announced by an event of its person, and as it stands now (P4)",
    count="SELECT count(*) FROM talent_profile",
    broken="""
        SELECT 'profile ' || profile.handle,
               'last announced as ' || coalesce(event.facts ->> 'handle', 'nothing')
        FROM talent_profile profile
        LEFT JOIN LATERAL (
            SELECT facts FROM kernel_event
            WHERE subject_id = profile.person_id AND name = 'profile.saved'
            ORDER BY at DESC, id DESC LIMIT 1
        ) event ON true
        WHERE event.facts ->> 'handle' IS DISTINCT FROM profile.handle
    """,
)
