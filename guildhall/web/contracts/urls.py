"""Addresses of contracts and what is below them. A verb is a thing of its own: a delivery, an approval."""

from django.urls import path

from guildhall.web.contracts import (
    billing,
    cases,
    contesting,
    deliveries,
    endings,
    feedback,
    files,
    milestones,
    refunds,
    rooms,
    work,
)

app_name = "contracts"

urlpatterns = [
    path("work", work.show_work, name="work"),
    path("contracts/<uuid:contract_id>", rooms.show_room, name="room"),
    path("contracts/<uuid:contract_id>/messages", rooms.say_something, name="messages"),
    path("contracts/<uuid:contract_id>/terms", rooms.show_terms, name="terms"),
    path("contracts/<uuid:contract_id>/billing", billing.refer, name="billing"),
    path("contracts/<uuid:contract_id>/ending", endings.end, name="ending"),
    path("contracts/<uuid:contract_id>/feedback", feedback.speak, name="feedback"),
    path("milestones/<uuid:milestone_id>/funding", milestones.fund, name="funding"),
    path("milestones/<uuid:milestone_id>/delivery", deliveries.deliver, name="delivery"),
    path("milestones/<uuid:milestone_id>/changes", deliveries.ask, name="changes"),
    path("milestones/<uuid:milestone_id>/approval", deliveries.approve, name="approval"),
    path("milestones/<uuid:milestone_id>/refund", refunds.propose, name="refund"),
    path("refunds/<uuid:refund_id>", refunds.show_refund, name="refund_asked"),
    path("refunds/<uuid:refund_id>/withdrawal", refunds.withdraw, name="refund_withdrawal"),
    path("milestones/<uuid:milestone_id>/case", contesting.contest, name="contesting"),
    path("cases", cases.show_cases, name="cases"),
    path("cases/<uuid:case_id>", cases.show_case, name="case"),
    path("cases/<uuid:case_id>/messages", cases.say_something, name="case_messages"),
    path("cases/<uuid:case_id>/contentions", contesting.widen, name="contentions"),
    path("cases/<uuid:case_id>/offers", contesting.offer, name="offers"),
    path("offers/<uuid:offer_id>/acceptance", contesting.accept, name="offer_acceptance"),
    path("cases/<uuid:case_id>/withdrawal", contesting.withdraw, name="case_withdrawal"),
    path("cases/<uuid:case_id>/taking", cases.take, name="taking"),
    path("cases/<uuid:case_id>/ruling", cases.rule, name="ruling"),
    path("files/<uuid:file_id>", files.serve, name="file"),
]
