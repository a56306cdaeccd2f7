"""What must always hold of skills."""

from guildhall.kernel.registry import register_check

register_check(
    "skills.named",
    formula="every skill is found by at least one name",
    count="SELECT count(*) FROM skills_skill",
    broken="""
        SELECT 'skill ' || skill.slug, 'has no name'
        FROM skills_skill skill
        WHERE NOT EXISTS (SELECT FROM skills_skillname name WHERE name.skill_id = skill.id)
    """,
)
