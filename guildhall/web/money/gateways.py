"""The door at which processors leave their notices."""

from http import HTTPStatus

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guildhall.edge.request import HallRequest
from guildhall.payments.actions import receive_notice
from guildhall.payments.gateways import BadNotice, GatewaySilent, gateway_for


@csrf_exempt  # a processor signs its words; it has no session that could be abused
@require_POST
def hear_notice(request: HallRequest, rail: str) -> JsonResponse:
    """Take a notice; the answer says no more than that it was taken."""
    signature = request.headers.get(gateway_for(rail).signature_header, "")
    try:
        receive_notice(rail=rail, body=request.body, signature=signature, at=request.at)
    except GatewaySilent:  # it had to be asked about its own word; it will say it again
        return JsonResponse({"taken": False}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    except BadNotice as refusal:
        return JsonResponse({"taken": False, "detail": refusal.sentence}, status=refusal.status)
    return JsonResponse({"taken": True})
