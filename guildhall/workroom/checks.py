"""What must always hold of conversations and deliveries."""

from guildhall.kernel.registry import register_check

register_check(
    "workroom.deliveries",
    formula="each delivery has a file, or a note with items; a milestone's versions have no gap",
    count="SELECT count(*) FROM workroom_delivery",
    broken="""
        SELECT delivery.id::text, 'neither a file nor a note with items'
          FROM workroom_delivery delivery
         WHERE NOT (delivery.note <> '' AND cardinality(delivery.items) > 0)
           AND NOT EXISTS (SELECT FROM workroom_attachment attachment
                             JOIN workroom_message message ON message.id = attachment.message_id
                            WHERE message.delivery_id = delivery.id AND message.kind = 'delivered')
        UNION ALL
        SELECT milestone_id::text, count(*) || ' versions, the last is ' || max(version)
          FROM workroom_delivery GROUP BY milestone_id
        HAVING count(*) <> max(version) OR count(*) <> count(DISTINCT version)
    """,
)
register_check(
    "workroom.delivered",
    formula="a milestone is as delivered as the versions in its workroom, the last of them at its instant",
    count="SELECT count(*) FROM contracts_milestone WHERE delivered_at IS NOT NULL",
    broken="""
        SELECT milestone.id::text, milestone.state || ', delivered '
               || coalesce(milestone.delivered_at::text, 'never')
               || ', last version ' || coalesce(last.at::text, 'none')
          FROM contracts_milestone milestone
          FULL JOIN (SELECT DISTINCT ON (milestone_id) milestone_id, at FROM workroom_delivery
                      ORDER BY milestone_id, version DESC) last ON last.milestone_id = milestone.id
         WHERE milestone.delivered_at IS DISTINCT FROM last.at
            OR (milestone.state IN ('delivered', 'changes_asked') AND last.at IS NULL)
    """,
)
register_check(
    "workroom.members",
    formula="whoever speaks in a conversation is in it, and its members may open its files",
    count="SELECT count(*) FROM workroom_message",
    broken="""
        SELECT message.id::text, 'said by somebody who is not in the conversation'
          FROM workroom_message message
         WHERE NOT EXISTS (SELECT FROM workroom_member member
                            WHERE member.conversation_id = message.conversation_id
                              AND member.person_id = message.by_id)
        UNION ALL
        SELECT attachment.id::text, 'a member cannot open the file'
          FROM workroom_attachment attachment
          JOIN workroom_message message ON message.id = attachment.message_id
          JOIN workroom_member member ON member.conversation_id = message.conversation_id
           AND member.left_at IS NULL
          JOIN files_storedfile file ON file.id = attachment.file_id
         WHERE file.owner <> member.person_id
           AND NOT EXISTS (SELECT FROM files_access access
                            WHERE access.file_id = file.id AND access."to" = member.person_id
                              AND access.ended_at IS NULL)
    """,
)
